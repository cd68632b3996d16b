"""A nomenclature as ``dsd/`` has its lists: a CSV of codes, a TOML that describes them, and where they come from.

The list extends the ICCS with the prefix ``ICCS``. The words of the columns in CAPITALS, annotations of that type, are those of
``dsd/FR_SSMSI``: ICCS, ICCS_RELATION, ICCS_NOTE; NATURE, DEFINED_BY, PUNISHED_BY and LEVEL are added here.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sdmx_gateway.nomenclatures.entries import Entry
from sdmx_gateway.nomenclatures.iccs import PREFIX
from sdmx_gateway.nomenclatures.layouts import LEVELS, Layout
from sdmx_gateway.nomenclatures.natures import nature_of
from sdmx_gateway.nomenclatures.tree import parent_in_list
from sdmx_gateway.structures.model import Agency, Text, Urn

_LEVEL_WORDS: Final = tuple(LEVELS.values())


@dataclass(frozen=True)
class Origin:
    """The file a list was made from.

    Attributes:
        name: its name.
        sha256: the digest of its bytes.
        form: the encoding or kind it was read as.
        day: when it was imported.
    """

    name: str
    sha256: str
    form: str
    day: date


def authored(
    layout: Layout, version: str, entries: Sequence[Entry], iccs: Urn, origins: Sequence[Origin], earlier_sources: str
) -> dict[str, str]:
    """The files of a list by their path in the folder of the agency; the TOML, which makes the others count, stands last.

    Args:
        layout: what is known of the nomenclature.
        version: the version of the list.
        entries: its entries.
        iccs: the list of the ICCS it extends.
        origins: the files it was made from, that of the nomenclature first.
        earlier_sources: what the page of sources says already.
    """
    sheet = f"codelists/{layout.id}/{layout.codelist}-{version}.csv"
    return {
        sheet: _csv(entries),
        f"SOURCES-{layout.id}.md": _sources(layout, version, len(entries), origins, earlier_sources),
        f"codelists-{layout.id}-{version}.toml": _toml(layout, version, sheet, iccs, origins),
    }


def agency_text(agency: Agency) -> str:
    """The ``agency.toml`` of an agency that is known elsewhere."""
    return f"id = {_string(agency.id)}\nname = {_table(agency.names)}\n"


def _csv(entries: Sequence[Entry]) -> str:
    rows = [{name: of(entry) or "" for name, of in _COLUMNS.items()} for entry in entries]
    kept = [name for name in _COLUMNS if name in _ALWAYS or any(row[name] for row in rows)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(kept)
    writer.writerows([row[name] for name in kept] for row in rows)
    return text.getvalue()


def _said(name: str) -> Callable[[Entry], str | None]:
    return lambda entry: entry.said.get(name)


def _nature(nth: int) -> Callable[[Entry], str | None]:
    def word(entry: Entry) -> str | None:
        found = nature_of(entry.said.get("nature", ""))
        return None if found is None else found[nth]

    return word


def _note(entry: Entry) -> str:
    among = () if entry.placement is None else entry.placement.among
    return ": ".join(part for part in (" / ".join(among), entry.said.get("note", "")) if part)


_COLUMNS: Final[Mapping[str, Callable[[Entry], str | None]]] = {
    "code": lambda entry: entry.code,
    "parent": parent_in_list,
    "name_fr": lambda entry: entry.label,
    "name_en": _said("label_en"),
    "description_fr": _said("description"),
    "LEVEL": lambda entry: None if entry.level is None else _LEVEL_WORDS[entry.level - 1],
    "NATURE": _nature(0),
    "NATURE_fr": _said("nature"),
    "NATURE_en": _nature(1),
    "DEFINED_BY": _said("defined_by"),
    "PUNISHED_BY": _said("punished_by"),
    "ICCS": lambda entry: None if entry.placement is None else entry.placement.code,
    "ICCS_RELATION": lambda entry: None if entry.placement is None else entry.placement.relation.value,
    "ICCS_NOTE": _note,
}
"""The columns of the CSV, and what an entry has in each."""
_ALWAYS: Final = ("code", "parent", "name_fr")


def _toml(layout: Layout, version: str, sheet: str, iccs: Urn, origins: Sequence[Origin]) -> str:
    first = origins[0]
    files = "; ".join(f"{origin.name}, sha256 {origin.sha256}" for origin in origins)
    lines = [
        f"# Written by sdmx-gateway structures import-offences on {first.day.isoformat()} from {_flat(first.name)}. A new edition is",
        "# another file beside this one.",
        "",
        f"[{layout.codelist}]",
        f"version = {_string(version)}",
        f"name = {_table(layout.names)}",
        f"description = {_table(layout.descriptions)}",
        f"source = {_string(f'{layout.source}: {files}')}",
        'status = "read"',
        *([f"licence = {_string(layout.licence)}"] if layout.licence else []),
        f"file = {_string(sheet)}",
        f"extends = [{{ codelist = {_string(iccs.short)}, prefix = {_string(PREFIX)} }}]",
    ]
    return "\n".join(lines) + "\n"


def _string(text: str) -> str:
    """A basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)


def _table(text: Text) -> str:
    return f"{{ {', '.join(f'{language} = {_string(said)}' for language, said in text)} }}"


def _sources(layout: Layout, version: str, number: int, origins: Iterable[Origin], earlier: str) -> str:
    """The page of sources with a row for each file of each version."""
    head = [
        f"# {layout.codelist}: where it comes from",
        "",
        f"{layout.source}; brought as a file and imported with `sdmx-gateway structures import-offences`. Labels, natures and",
        "provisions are those of the file; where an entry lies in the ICCS is what its columns or its table say.",
        "",
        "| version | file | sha256 | read as | imported | entries |",
        "|---|---|---|---|---|---|",
    ]
    kept = [line for line in earlier.splitlines() if line.startswith("| ") and line not in head]
    others = [line for line in kept if not line.startswith(f"| {version} |")]
    rows = [
        f"| {version} | {_cell(o.name)} | `{o.sha256}` | {o.form} | {o.day.isoformat()} | {number} |" for o in origins
    ]
    return "\n".join([*head, *others, *rows]) + "\n"


def _cell(text: str) -> str:
    return _flat(text).replace("|", "\\|")


def _flat(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())

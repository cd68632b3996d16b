"""The start of a module for an unknown delimited file: what can be seen is written down, what cannot is marked for a person.

Columns are matched with the dimensions of the target by their values (:mod:`.sighting`). Code tables are written with every text of the
column; where no code is sure the target is empty and the note names the likeliest with their scores. Each line that a person must
see to is marked ``TODO``, and ``mappings check`` finds fault with those lines alone: nothing is mapped by guesswork.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import polars as pl

from sdmx_gateway.errors import MappingError, SourceRejected, Where
from sdmx_gateway.mapping.module import FILE
from sdmx_gateway.mapping.sighting import SURE, Labels, Sighting, plain
from sdmx_gateway.mapping.toml_text import inline
from sdmx_gateway.sources import Delimited
from sdmx_gateway.sources.delimited import read_delimited
from sdmx_gateway.sources.raw_table import ROW
from sdmx_gateway.structures import Catalogue, Kind
from sdmx_gateway.structures.model import Codelist, Dataflow, DataStructure

TODO: Final = "TODO"
_SEPARATORS: Final = ";,\t|"
_ENCODINGS: Final = ("utf-8-sig", "cp1252")
_MOST_TEXTS: Final = 40_000
"""Distinct texts of a column looked at: there are not so many communes."""
_MOST_LABELS: Final = 2_000
"""Distinct texts of a column that are compared with labels one by one."""
_COUNTS: Final = ("nombre", "faits", "valeur", "value", "count", "nb", "effectif", "obs")
"""How headings call the figure itself, the likeliest first."""
_KNOWN: Final = {
    "OBS_STATUS": ('{ constant = "A" }', "normal, unless the file says otherwise: sentinels, or a lookup table"),
    "CONF_STATUS": ('{ constant = "F" }', "free for publication?"),
    "SOURCE_EDITION": ('{ from = "@edition" }', ""),
}


@dataclass(frozen=True)
class _Match:
    """A column found to hold the codes of a dimension: ``codes`` by text, ``prefix`` where a letter before each text is its code."""

    heading: str
    dimension: str
    codes: Mapping[str, str]
    prefix: str
    part: float

    @property
    def table(self) -> str:
        """Path of its code table in the module; none where a prefix says it all."""
        return f"codes/{self.dimension.lower()}.csv"

    @property
    def rule(self) -> str:
        """The rule proposed."""
        if self.prefix and self.part == 1:
            return inline({"from": logical(self.heading), "pattern": "(.+)", "to": self.prefix + "{1}"})
        return inline({"from": logical(self.heading), "codes": self.table, "ignore_case": True})


def propose_module(folder: Path, file: Path, dataflow: Dataflow, catalogue: Catalogue) -> list[Path]:
    """Write ``mapping.toml`` and code tables for a file, and say which files were written.

    Raises:
        MappingError: the folder has a module already, or the file cannot be read as delimited text.
    """
    if (folder / FILE).exists():
        raise MappingError(f"{folder} is a module already", where=Where(file=str(folder / FILE)))
    form, frame = _read(file)
    draft = _Draft(folder.name, file.name, form, frame, dataflow, catalogue)
    (folder / "codes").mkdir(parents=True, exist_ok=True)
    written = []
    for match in draft.matches:
        if "codes" in match.rule:
            path = folder / match.table
            path.write_text(draft.code_table(match), encoding="utf-8")
            written.append(path)
    spec = folder / FILE
    spec.write_text(draft.text(), encoding="utf-8")
    return [*written, spec]


def _read(file: Path) -> tuple[Delimited, pl.DataFrame]:
    """The file as text, with the separator its lines agree on."""
    data = file.read_bytes()
    lines = data[:65_536].decode("utf-8-sig", errors="replace").splitlines()[:20] or [""]
    separator = max(_SEPARATORS, key=lambda s: (min(line.count(s) for line in lines[:-1] or lines), lines[0].count(s)))
    form = Delimited(kind="delimited", separator=separator, encodings=_ENCODINGS)
    try:
        frame = read_delimited(data, form, file.name).drop(ROW)
    except SourceRejected as error:
        raise MappingError(f"{file.name} is not a delimited file that can be read", why=str(error)) from error
    sample = frame.select(pl.all().cast(pl.String)).head(_MOST_TEXTS)
    commas, points = (
        sum(int(sample[c].str.contains(rf"^-?\d+{s}\d+$").sum() or 0) for c in sample.columns) for s in (",", r"\.")
    )
    return form.model_copy(update={"decimal": "." if points > commas else ","}), frame


@dataclass(frozen=True)
class _Draft:
    """What is known of a module to be."""

    name: str
    file: str
    form: Delimited
    frame: pl.DataFrame
    dataflow: Dataflow
    catalogue: Catalogue

    @cached_property
    def structure(self) -> DataStructure:
        """The structure of the target."""
        return self.catalogue.structure_of(self.dataflow)

    @cached_property
    def seen(self) -> dict[str, Sighting]:
        """Every column, by its heading."""
        return {
            c: Sighting(c, tuple(t for t in self.frame[c].unique().drop_nulls().sort().head(_MOST_TEXTS) if t))
            for c in self.frame.columns
        }

    @cached_property
    def matches(self) -> list[_Match]:
        """The columns that hold codes or labels of the target's dimensions, each column and dimension once, the surest first."""
        found = [m for d in self.structure.key_dimensions for s in self.seen.values() if (m := self._match(d, s))]
        kept: dict[str, _Match] = {}
        for match in sorted(found, key=lambda m: (-m.part, m.dimension, m.heading)):
            if match.dimension not in kept and match.heading not in {m.heading for m in kept.values()}:
                kept[match.dimension] = match
        return list(kept.values())

    def _match(self, dimension: str, seen: Sighting) -> _Match | None:
        labels = self._labels(dimension)
        if labels is None or not seen.texts or seen.period is not None:
            return None
        prefix = labels.prefixed(seen.heading, seen.texts)
        if not prefix and (len(seen.texts) > _MOST_LABELS or seen.numbers(self.form.decimal) is not None):
            return None
        codes = labels.found(seen.texts, prefix)
        part = len(codes) / len(seen.texts)
        return _Match(seen.heading, dimension, codes, prefix, part) if part >= SURE else None

    def _labels(self, dimension: str) -> Labels | None:
        codelist = self.catalogue.codelist_of(self.structure.components[dimension])
        return None if codelist is None else Labels(codelist)

    def code_table(self, match: _Match) -> str:
        """The code table of a column: sure codes, and the likeliest ones of the others in the note."""
        labels = self._labels(match.dimension)
        assert labels is not None
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("source", "target", "relation", "note"))
        for text in self.seen[match.heading].texts:
            if text in match.codes:
                writer.writerow((_as_cell(text), match.codes[text], "exact", ""))
                continue
            near = ", ".join(f"{c.code} {c.score}" for c in labels.candidates(text))
            writer.writerow((_as_cell(text), "", "exact", f"{TODO}: {near or 'no label is near'}"))
        return stream.getvalue()

    @property
    def needed(self) -> list[str]:
        """The components that must be given."""
        mandatory = [a.id for a in self.structure.attributes if a.mandatory]
        return [*(d.id for d in self.structure.dimensions), *(m.id for m in self.structure.measures), *mandatory]

    def rules(self) -> tuple[dict[str, str], set[str]]:
        """The rules, by component, each with what a person must see to behind it; and the headings they take."""
        rules = {m.dimension: m.rule + _share(m) for m in self.matches}
        used = {match.heading for match in self.matches}
        times = [s for s in self.seen.values() if s.heading not in used and s.period]
        time = min(times, key=lambda s: not s.is_time, default=None)
        if time is not None:
            rules["TIME_PERIOD"] = inline({"from": logical(time.heading), "period": time.period})
            used.add(time.heading)
            if time.period == "any":
                rules.setdefault("FREQ", inline({"from": logical(time.heading), "frequency": True}))
            elif time.period == "year":
                rules.setdefault("FREQ", inline({"constant": "A"}))
        figure = self._figure(used)
        if figure is not None:
            rules["OBS_VALUE"] = self._number(figure)
            used.add(figure.heading)
        for component in self.needed:
            rule, remark = _KNOWN.get(component, (inline({"constant": TODO}), self._hint(component, used)))
            rules.setdefault(component, f"{rule}  # {TODO} {remark}" if remark else rule)
        return {c: rules[c] for c in (*self.needed, *rules)}, used

    def _figure(self, used: set[str]) -> Sighting | None:
        """The column that holds the figures: a number, called as figures are called."""
        numeric = [s for s in self.seen.values() if s.heading not in used and s.numbers(self.form.decimal)]
        ranks = {
            s.heading: next((i for i, w in enumerate(_COUNTS) if w in plain(s.heading).split()), len(_COUNTS))
            for s in numeric
        }
        return min(numeric, key=lambda s: ranks[s.heading], default=None)

    def _number(self, figure: Sighting) -> str:
        read = figure.numbers(self.form.decimal)
        assert read is not None
        kind, others = read
        if not others:
            return inline({"from": logical(figure.heading), "type": kind})
        rule = inline({"from": logical(figure.heading), "type": kind, "missing": list(others[:20])})
        return f"{rule}  # {TODO} are these absent figures? If they say why, use sentinels"

    def _hint(self, component: str, used: set[str]) -> str:
        """What a person may look at for a component nothing was found for."""
        free = [c for c in self.frame.columns if c not in used]
        return f"nothing was found for {component}: a constant, or one of {', '.join(free) or 'the columns above'}"

    def _looks_like(self, heading: str) -> str:
        """What a column that is not taken looks like, by every code list that is held."""
        seen = self.seen[heading]
        if seen.period:
            return "periods"
        if seen.numbers(self.form.decimal):
            return "numbers"
        if not seen.texts or len(seen.texts) > _MOST_LABELS:
            return f"{len(seen.texts)} distinct texts"
        lists = [a for a in self.catalogue.find(Kind.CODELIST, version="latest") if isinstance(a, Codelist)]
        parts = [(len(Labels(c).found(seen.texts)) / len(seen.texts), c.urn.short) for c in lists]
        best = max(parts, default=(0.0, ""))
        return (
            f"{best[0]:.0%} are codes or labels of {best[1]}"
            if best[0] >= SURE
            else f"{len(seen.texts)} distinct texts"
        )

    def _unused(self, used: set[str]) -> Iterator[str]:
        """Lines for the columns that are not taken."""
        for heading in (c for c in self.frame.columns if c not in used):
            entry = inline({"columns": [heading], "because": f"{TODO}: {self._looks_like(heading)}"})
            yield f"    {entry},  # {TODO} take it, or say why not"

    def text(self) -> str:
        """The draft as ``mapping.toml``."""
        rules, used = self.rules()
        columns = {logical(c): [c] for c in self.frame.columns if c in used}
        form = {
            "kind": "delimited",
            "separator": self.form.separator,
            "decimal": self.form.decimal,
            "encodings": [*_ENCODINGS],
        }
        unused = list(self._unused(used))
        lines = [
            f"# Started from {self.file}. Lines marked {TODO} are for you; sdmx-gateway mappings check says which are left.",
            "[module]",
            f"id = {inline(self.name.upper())}",
            f"name = {inline({'fr': self.name, 'en': self.name})}  # {TODO} what it is, in both languages",
            f"target = {inline(self.dataflow.urn.short)}",
            "",
            "[[source]]",
            f"family = {inline(self.name.replace('_', '-'))}",
            f"files = {inline([self.file])}  # {TODO} a pattern for every edition: base-*.csv",
            f"known_editions = {inline({self.file: {'edition': '1'}})}  # {TODO} or `edition`: how the name says it",
            f"format = {inline(form)}",
            f"columns = {inline(columns)}",
            *(["unused = [", *unused, "]"] if unused else []),
            "",
            "[components]",
            *(f"{component} = {rule}" for component, rule in rules.items()),
        ]
        return "\n".join(lines) + "\n"


def _share(match: _Match) -> str:
    return "" if match.part == 1 else f"  # {TODO} {match.part:.0%} of the texts were found: see {match.table}"


def _as_cell(text: str) -> str:
    return text.replace("*", r"\*")


def logical(column: str) -> str:
    """A heading as a name rules can use.

    >>> logical("Code.département")
    'code_departement'
    """
    return plain(column).replace(" ", "_") or "column"


__all__ = ["TODO", "logical", "propose_module"]

"""From the file of a nomenclature to the list it makes, compared with the one that is held and checked with everything around it.

Nothing is written here. The list is loaded as ``dsd/`` is, from a folder that is gone afterwards, so that what is compared and
checked is what will be loaded.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from sdmx_gateway.errors import MessageRejected, Problem, SourceRejected, UnknownArtefact, UsageError, Where
from sdmx_gateway.nomenclatures.authored import Origin, agency_text, authored
from sdmx_gateway.nomenclatures.edition import Edition, Outcome, edition, latest, too_low
from sdmx_gateway.nomenclatures.entries import Entry, Reader
from sdmx_gateway.nomenclatures.grid import content_of, grids
from sdmx_gateway.nomenclatures.layouts import Form, Layout
from sdmx_gateway.nomenclatures.notes import Notes, gathered
from sdmx_gateway.nomenclatures.table import Table, table_of
from sdmx_gateway.nomenclatures.tree import in_a_tree
from sdmx_gateway.structures import Catalogue, load_catalogue, load_folder
from sdmx_gateway.structures.model import Agency, AgencyScheme, Codelist
from sdmx_gateway.structures.urn import VERSION

AGENCY_FILE: Final = "agency.toml"
ICCS: Final = ("UNODC", "CL_ICCS")
"""The agency and the id of the list that is extended."""


@dataclass(frozen=True)
class Intent:
    """What is to become of a file.

    Attributes:
        layout: how it is laid out.
        folder: the ``dsd`` folder the list goes to.
        agency: whose list it is.
        version: the version it shall have; the one that has to follow when none is said.
        encoding: the encoding of the file; found out when none is said.
        sheet: the sheet that is meant, of a workbook.
        correspondence: a file that says where the entries lie in the ICCS.
    """

    layout: Layout
    folder: Path
    agency: str
    version: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    correspondence: Path | None = None


@dataclass(frozen=True)
class Prepared:
    """A list that can be kept.

    Attributes:
        edition: what it is to the list that is held.
        codelist: the list as it is loaded, of the version it gets.
        placed: how many of its codes lie somewhere in the ICCS.
        remarks: what is worth knowing of the file.
        folder: the ``dsd`` folder it goes to.
        files: its files by their path in the folder of the agency, in the order to put them there; none when nothing changed.
    """

    edition: Edition
    codelist: Codelist
    placed: int
    remarks: tuple[Problem, ...]
    folder: Path
    files: Mapping[str, str]


def prepared(
    path: Path, intent: Intent, folders: Iterable[Path], *, today: date, cache: Path | None = None
) -> Prepared:
    """The list a file makes.

    Args:
        path: the file.
        intent: what is to become of it.
        folders: the ``dsd`` folders in force; that of the intent may be another.
        today: the day it is imported.
        cache: where loaded structures are kept.

    Raises:
        SourceRejected: something in the file is wrong; carries every problem.
        UnknownArtefact: the ICCS is not held.
        UsageError: the agency is not known, or the version is none.
    """
    if intent.version is not None and not VERSION.fullmatch(intent.version):
        raise UsageError(f"{intent.version!r} is no version", remedy="write one such as 1.0 or 1.0.0")
    around = _with(folders, intent.folder)
    held = load_catalogue(around, cache=cache)
    iccs = latest(held, *ICCS)
    if iccs is None:
        raise UnknownArtefact(
            f"no {ICCS[0]}:{ICCS[1]} is held, which the list extends", remedy="add the shipped dsd folder"
        )
    notes = Notes()
    entries, origins = _read(path, intent, iccs, notes, today)
    _refuse(path, notes)
    home = intent.folder / intent.agency
    base = {} if (home / AGENCY_FILE).exists() else {AGENCY_FILE: agency_text(_agency(held, intent.agency))}
    page = home / f"SOURCES-{intent.layout.id}.md"
    earlier = page.read_text("utf-8") if page.exists() else ""

    def files(version: str) -> dict[str, str]:
        return base | authored(intent.layout, version, entries, iccs.urn, origins, earlier)

    coming = _alone(files("1.0"), intent)
    found = edition(coming, latest(held, intent.agency, intent.layout.codelist), intent.version)
    if (problem := too_low(found, coming, path.name)) is not None:
        raise SourceRejected(f"{path.name} needs a higher version", [problem])
    if found.outcome is not Outcome.UNCHANGED:
        _check(files(found.version), intent, around)
    return Prepared(
        edition=found,
        codelist=replace(coming, version=found.version),
        placed=sum(entry.placement is not None and entry.placement.code is not None for entry in entries),
        remarks=tuple(gathered(notes.remarks)),
        folder=intent.folder,
        files={} if found.outcome is Outcome.UNCHANGED else files(found.version),
    )


def _with(folders: Iterable[Path], folder: Path) -> tuple[Path, ...]:
    held = tuple(folders)
    known = {each.resolve() for each in held}
    return held if folder.resolve() in known or not folder.exists() else (*held, folder)


def _refuse(path: Path, notes: Notes) -> None:
    if notes.problems:
        raise SourceRejected(f"{path.name} cannot be imported", gathered(notes.problems))


def _read(
    path: Path, intent: Intent, iccs: Codelist, notes: Notes, today: date
) -> tuple[tuple[Entry, ...], tuple[Origin, ...]]:
    """The entries of the file, each where it lies, and the files they are from."""
    reader = Reader(intent.layout, iccs, notes)
    table, origin = _table(path, intent.layout.forms, intent, notes, today)
    entries = () if table is None else reader.entries(table)
    if intent.layout.is_nested:
        entries = in_a_tree(entries, iccs, notes)
    origins: tuple[Origin, ...] = (origin,)
    if intent.correspondence is not None:
        apart = replace(intent, sheet=None, encoding=None)
        other, second = _table(intent.correspondence, intent.layout.correspondence, apart, notes, today)
        places = {} if other is None else reader.placements(other, (entry.code for entry in entries))
        entries = tuple(replace(e, placement=places.get(e.code, e.placement)) for e in entries)
        origins = (origin, second)
    if table is not None and not any(entry.placement for entry in entries):
        what = "nothing says where the entries lie in the ICCS: they stand beside its codes, not under them"
        remedy = "bring the table that says it with --iccs, or add a column 'Code ICCS'"
        notes.remarks.append(Problem("not-placed", what, Where(file=path.name), remedy=remedy))
    return entries, origins


def _table(
    path: Path, forms: tuple[Form, ...], intent: Intent, notes: Notes, today: date
) -> tuple[Table | None, Origin]:
    data = content_of(path)
    found = grids(data, path.name, intent.encoding)
    table = table_of(found, forms, path.name, intent.sheet, notes)
    form = found[0].form if found else ""
    return table, Origin(path.name, hashlib.sha256(data).hexdigest(), form, today)


def _agency(held: Catalogue, agency: str) -> Agency:
    schemes = [artefact for artefact in held if isinstance(artefact, AgencyScheme) and artefact.agency == "SDMX"]
    known = {entry.id: entry for scheme in schemes for entry in scheme.items}
    if agency not in known:
        remedy = f"write its agency.toml first, or take one of {', '.join(sorted(known))}"
        raise UsageError(f"no agency {agency!r} is held", remedy=remedy)
    return known[agency]


def write(home: Path, files: Mapping[str, str]) -> None:
    """Write files by their path in the folder of an agency."""
    for name, text in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def _alone(files: Mapping[str, str], intent: Intent) -> Codelist:
    """The list as it is loaded, whatever is around it."""
    with tempfile.TemporaryDirectory() as aside:
        write(Path(aside) / intent.agency, _with_agency(files, intent))
        loaded = latest(load_folder(Path(aside)), intent.agency, intent.layout.codelist)
    assert loaded is not None
    return loaded


def _with_agency(files: Mapping[str, str], intent: Intent) -> dict[str, str]:
    """The files with the ``agency.toml`` that stands in the folder they go to."""
    there = intent.folder / intent.agency / AGENCY_FILE
    return dict(files) if AGENCY_FILE in files else {AGENCY_FILE: there.read_text("utf-8"), **files}


def _check(files: Mapping[str, str], intent: Intent, around: Sequence[Path]) -> None:
    """Return if the list loads with everything around it and holds together.

    Raises:
        MessageRejected: it does not.
    """
    with tempfile.TemporaryDirectory() as aside:
        write(Path(aside) / intent.agency, _with_agency(files, intent))
        together = load_catalogue([*around, Path(aside)])
    own = latest(together, intent.agency, intent.layout.codelist)
    assert own is not None
    problems = [problem for problem in together.check() if problem.where.key == str(own.urn)]
    if problems:
        raise MessageRejected(f"{own.urn.short} does not hold together", problems)

"""Loading ``dsd/``: what we author as TOML and CSV, and what others publish as SDMX-ML, one folder per agency.

The promise to whoever edits these files: all mistakes are told at once, each with its file, row and the nearest right
word, and a folder that has one is not loaded at all. ``docs/structures.md`` has an example of every form; which file is
read by what is the table in :mod:`.forms`.

What we author goes before what a foreign file brings under the same name, and a later folder's artefact stands in for an earlier
one's: so an office replaces a structure, a flow or a list that is shipped without touching what is shipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from sdmx_gateway.errors import MessageRejected, Problem, Where
from sdmx_gateway.structures.authored.cache import Cached, cached
from sdmx_gateway.structures.authored.collecting import not_collecting
from sdmx_gateway.structures.authored.foreign import not_superseded, read_foreign
from sdmx_gateway.structures.authored.forms import FIRST, THEN, Form
from sdmx_gateway.structures.authored.home import Home
from sdmx_gateway.structures.authored.notes import Notes
from sdmx_gateway.structures.authored.organisations import ORGANISATION_WORDS, organisation
from sdmx_gateway.structures.authored.references import check_references
from sdmx_gateway.structures.authored.toml_table import TomlFile
from sdmx_gateway.structures.catalogue import Catalogue
from sdmx_gateway.structures.model import Agency, AgencyScheme, Artefact, Text, Urn

AGENCY_WORDS: Final = (*ORGANISATION_WORDS, "parent")
FILES: Final = ("agency.toml", "rules*.toml", *(form.pattern for form in (*FIRST, *THEN)))
"""The TOML files of an agency's folder; rules are for the validation room."""
FOLDERS: Final = (
    "foreign",
    *dict.fromkeys(name for form in (*FIRST, *THEN) for name in (*form.folders, *form.sheets)),
)
"""The folders in an agency's folder."""
TOP_AGENCY: Final = "SDMX"  # the root of all agencies (SDMX 3.0 Section 5: from memory, to verify)
_AGENCY_SCHEME_NAME: Final = Text.of(fr="Agences", en="Agencies")


def load_folder(folder: Path) -> tuple[Artefact, ...]:
    """Every artefact under one authored folder, ``foreign/*.xml[.gz]`` included, agencies first.

    References to what another folder defines are left for :meth:`Catalogue.check`.

    Raises:
        MessageRejected: something in the folder is wrong; carries every problem with its file and row.
    """
    return _load([folder], across=False).artefacts


def load_catalogue(folders: Iterable[Path], *, cache: Path | None = None) -> Catalogue:
    """The artefacts of several authored folders, each able to refer to the others; raises like :func:`load_folder`.

    A reference that an authored file makes and nothing answers is a problem; one in a foreign file is not.

    Args:
        folders: the authored folders.
        cache: a folder of our own to keep what was loaded in, so that it is loaded again in a moment as long as no file
            changes; what is in it may be deleted at any time.
    """
    return load_catalogue_reporting(folders, cache=cache)[0]


def load_catalogue_reporting(
    folders: Iterable[Path], *, cache: Path | None = None
) -> tuple[Catalogue, tuple[Problem, ...]]:
    """Like :func:`load_catalogue`, with what had to be repaired or left out of the foreign files."""
    held = list(folders)
    with not_collecting():
        loaded = _load(held, across=True) if cache is None else cached(held, cache, lambda: _load(held, across=True))
        return Catalogue.of(loaded.artefacts), loaded.problems


def _load(folders: list[Path], *, across: bool) -> Cached:
    notes, left_out = Notes(), Notes()
    homes = [replace(home, folder=place) for place, folder in enumerate(folders) for home in _homes(folder, notes)]
    ours: dict[Urn, Artefact] = {}
    held: dict[Urn, Artefact] = {}
    _read(FIRST, homes, (ours, held), notes)
    foreign = read_foreign(homes, ours.values(), notes, left_out)
    held |= {artefact.urn: artefact for artefact in foreign if artefact.urn not in ours}
    _read(THEN, homes, (ours, held), notes)
    for home in homes:
        _check_files(home, notes)
    agencies = {scheme.urn: scheme for scheme in _agency_schemes(homes, foreign)}
    everything = (*agencies.values(), *ours.values(), *not_superseded(foreign, {**ours, **agencies}, left_out))
    if across:
        check_references(Catalogue(held | agencies), notes)
    if notes.problems:
        raise MessageRejected(f"{', '.join(map(str, folders))} cannot be loaded", notes.problems)
    return Cached(everything, tuple(left_out.problems))


def _read(
    forms: Iterable[Form], homes: Iterable[Home], into: tuple[dict[Urn, Artefact], dict[Urn, Artefact]], notes: Notes
) -> None:
    """Read files form by form, for one may name what an earlier one has; of two folders the later one's artefact stays."""
    ours, held = into
    of_folder: dict[Urn, int] = {}
    for form in forms:
        for home in homes:
            notes.folder = home.folder
            for file in home.files(form.pattern, notes):
                for artefact in form.read(file, home, held):
                    if of_folder.setdefault(artefact.urn, home.folder) <= home.folder:
                        of_folder[artefact.urn] = home.folder
                        ours[artefact.urn] = held[artefact.urn] = artefact


def _homes(folder: Path, notes: Notes) -> Iterator[Home]:
    if not folder.is_dir():
        notes.add("missing-file", f"{folder} is no folder", Where(file=str(folder)))
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.name.startswith((".", "_")):
            home = _home(path, f"{folder.name}/{path.name}", notes)
            if home is not None:
                yield home


def _home(path: Path, name: str, notes: Notes) -> Home | None:
    if not (path / "agency.toml").is_file():
        remedy = "write id and name of the agency there"
        notes.add("missing-file", "the folder has no agency.toml", Where(file=f"{name}/agency.toml"), remedy=remedy)
        return None
    file = TomlFile.read(path / "agency.toml", f"{name}/agency.toml", notes)
    if file is None:
        return None
    table = file.root(AGENCY_WORDS)
    entry, parent = organisation(table, Agency), table.text("parent") or TOP_AGENCY
    if entry is None:
        return Home(path, name, path.name, Agency(id=path.name), parent)
    agency = entry.id if parent == TOP_AGENCY else f"{parent}.{entry.id}"
    if agency != path.name:
        what = f"the agency is {agency!r}, its folder {path.name!r}"
        notes.add("wrong-value", what, table.where("id"), remedy="name both alike")
    return Home(path, name, path.name, entry, parent)


def _check_files(home: Home, notes: Notes) -> None:
    """Every file of an agency's folder must be one that somebody reads: a misspelt name would lose its content."""
    for path in sorted(path for path in home.path.iterdir() if path.is_dir() and path.name not in FOLDERS):
        if any(file.suffix in {".toml", ".csv", ".xml", ".gz"} for file in path.iterdir()):
            where = Where(file=f"{home.name}/{path.name}")
            notes.add("unknown-word", f"nothing in {path.name} is read", where, near=FOLDERS, wanted=path.name)
    for path in sorted(home.path.glob("*.toml")):
        if not any(path.match(pattern) for pattern in FILES):
            where = Where(file=f"{home.name}/{path.name}")
            notes.add("unknown-word", f"{path.name} is read by nothing", where, near=FILES, wanted=path.name)
    for form in (*FIRST, *THEN):
        for path in sorted(path for folder in form.sheets for path in home.path.glob(f"{folder}/*.csv")):
            name = f"{home.name}/{path.relative_to(home.path).as_posix()}"
            if name not in notes.used:
                remedy = f"describe {path.stem} in {form.pattern}, or remove the file"
                notes.add("unknown-word", "nothing uses this file", Where(file=name), remedy=remedy)


def _agency_schemes(homes: list[Home], foreign: list[Artefact]) -> list[AgencyScheme]:
    """One scheme per parent agency: what our folders say of an agency goes before what foreign files do."""
    found: dict[str, dict[str, Agency]] = {}
    names: dict[str, Text] = {}
    for home in homes:
        found.setdefault(home.parent, {}).setdefault(home.entry.id, home.entry)
    for scheme in foreign:
        if isinstance(scheme, AgencyScheme):
            names.setdefault(scheme.agency, scheme.names)
            for agency in scheme.items:
                found.setdefault(scheme.agency, {}).setdefault(agency.id, agency)
    return [
        AgencyScheme(
            agency=parent,
            id="AGENCIES",
            version="1.0",
            names=names.get(parent) or _AGENCY_SCHEME_NAME,
            items=tuple(agencies.values()),
        )
        for parent, agencies in found.items()
    ]

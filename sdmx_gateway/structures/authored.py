"""Loading ``dsd/``: what we author as TOML and CSV, and what others publish as SDMX-ML, one folder per agency.

The promise to whoever edits these files: all mistakes are told at once, each with its file, row and the nearest right
word, and a folder that has one is not loaded at all. The layout of an agency's folder::

    agency.toml              id, name, and its parent agency when that is not SDMX
    codelists*.toml          [CL_X] version, name, source, status, and what else LIST_WORDS allows
    codelists/CL_X.csv       code, parent, name_fr, name_en, description_fr … ; further columns in CAPITALS are annotations
    concepts*.toml           [SCHEME] version, name; [SCHEME.concept.ID] name, codelist or type, annotations
    structures/ID.toml       [structure], [[dimension]], [[measure]], [[attribute]], [[group]], [[dataflow]]
    dataflows*.toml          [[dataflow]] with its structure, for structures that are defined elsewhere
    rules*.toml              validation rules, read by the validation room
    foreign/*.xml[.gz]       SDMX-ML structure messages as their agency publishes them

What we author goes before what a foreign file brings under the same name.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sdmx_gateway.errors import MessageRejected, Problem, Where
from sdmx_gateway.structures.authored_codelists import read_codelists
from sdmx_gateway.structures.authored_concepts import read_concept_schemes
from sdmx_gateway.structures.authored_structures import read_dataflows, read_structure
from sdmx_gateway.structures.catalogue import Catalogue
from sdmx_gateway.structures.model import (
    Agency,
    AgencyScheme,
    Artefact,
    Codelist,
    Concept,
    ConceptScheme,
    Kind,
    Text,
    Urn,
)
from sdmx_gateway.structures.sdmx_ml_read import read_structures_reporting
from sdmx_gateway.structures.toml_table import Notes, Table, TomlFile

AGENCY_WORDS: Final = ("id", "name", "description", "parent", "annotations")
FILES: Final = ("agency.toml", "codelists*.toml", "concepts*.toml", "dataflows*.toml", "rules*.toml")
"""The TOML files of an agency's folder; rules are for the validation room."""
TOP_AGENCY: Final = "SDMX"  # the root of all agencies (SDMX 3.0 Section 5: from memory, to verify)
_AGENCY_SCHEME_NAME: Final = Text.of(fr="Agences", en="Agencies")


def load_folder(folder: Path) -> tuple[Artefact, ...]:
    """Every artefact under one authored folder, ``foreign/*.xml[.gz]`` included, agencies first.

    References to what another folder defines are left for :meth:`Catalogue.check`.

    Raises:
        MessageRejected: something in the folder is wrong; carries every problem with its file and row.
    """
    return _load([folder], across=False)[0]


def load_catalogue(folders: Iterable[Path]) -> Catalogue:
    """The artefacts of several authored folders, each able to refer to the others; raises like :func:`load_folder`.

    A reference that an authored file makes and nothing answers is a problem; one in a foreign file is not.
    """
    return load_catalogue_reporting(folders)[0]


def load_catalogue_reporting(folders: Iterable[Path]) -> tuple[Catalogue, tuple[Problem, ...]]:
    """Like :func:`load_catalogue`, with what had to be repaired or left out of the foreign files."""
    artefacts, left_out = _load(list(folders), across=True)
    return Catalogue.of(artefacts), left_out


@dataclass(frozen=True)
class _Home:
    """The folder of one agency: where it is, what messages call it, and the agency it says it is."""

    path: Path
    name: str
    agency: str
    entry: Agency
    parent: str

    def files(self, pattern: str, notes: Notes) -> Iterator[TomlFile]:
        """The TOML files of that pattern that parse, by name."""
        for path in sorted(self.path.glob(pattern)):
            file = TomlFile.read(path, f"{self.name}/{path.relative_to(self.path).as_posix()}", notes)
            if file is not None:
                yield file


def _load(folders: list[Path], *, across: bool) -> tuple[tuple[Artefact, ...], tuple[Problem, ...]]:
    notes, left_out = Notes(), Notes()
    homes = [home for folder in folders for home in _homes(folder, notes)]
    lists: list[Artefact] = []
    schemes: list[ConceptScheme] = []
    for home in homes:
        for file in home.files("codelists*.toml", notes):
            lists += read_codelists(file, home.agency, home.path)
        for file in home.files("concepts*.toml", notes):
            schemes += read_concept_schemes(file, home.agency)
    foreign = _foreign(homes, schemes, notes, left_out)
    concepts = dict(_concepts([*schemes, *foreign]))
    structures: list[Artefact] = []
    for home in homes:
        _check_files(home, notes)
        for file in home.files("dataflows*.toml", notes):
            structures += read_dataflows(file, home.agency)
        for file in home.files("structures/*.toml", notes):
            structures += read_structure(file, home.agency, concepts)
    agencies = _agency_schemes(homes, foreign)
    ours = [*agencies, *lists, *schemes, *structures]
    everything = (*ours, *_not_superseded(foreign, ours, left_out))
    if across:
        _check_references(everything, notes)
    if notes.problems:
        raise MessageRejected(f"{', '.join(map(str, folders))} cannot be loaded", notes.problems)
    return everything, tuple(left_out.problems)


def _homes(folder: Path, notes: Notes) -> Iterator[_Home]:
    if not folder.is_dir():
        notes.add("missing-file", f"{folder} is no folder", Where(file=str(folder)))
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.name.startswith((".", "_")):
            home = _home(path, f"{folder.name}/{path.name}", notes)
            if home is not None:
                yield home


def _home(path: Path, name: str, notes: Notes) -> _Home | None:
    if not (path / "agency.toml").is_file():
        remedy = "write id and name of the agency there"
        notes.add("missing-file", "the folder has no agency.toml", Where(file=f"{name}/agency.toml"), remedy=remedy)
        return None
    file = TomlFile.read(path / "agency.toml", f"{name}/agency.toml", notes)
    if file is None:
        return None
    table = Table.of(file, "", file.values, AGENCY_WORDS)
    own_id, parent = table.identifier(), table.text("parent") or TOP_AGENCY
    names = table.texts("name", required=True)
    agency = path.name if own_id is None else own_id if parent == TOP_AGENCY else f"{parent}.{own_id}"
    if agency != path.name:
        notes.add(
            "wrong-value",
            f"the agency is {agency!r}, its folder {path.name!r}",
            table.where("id"),
            remedy="name both alike",
        )
    entry = Agency(
        id=own_id or path.name,
        names=names,
        descriptions=table.texts("description"),
        annotations=tuple(table.annotations()),
    )
    return _Home(path, name, path.name, entry, parent)


def _check_files(home: _Home, notes: Notes) -> None:
    """Every file of an agency's folder must be one that somebody reads: a misspelt name would lose its content."""
    for path in sorted(home.path.glob("*.toml")):
        if not any(path.match(pattern) for pattern in FILES):
            where = Where(file=f"{home.name}/{path.name}")
            notes.add("unknown-word", f"{path.name} is read by nothing", where, near=FILES, wanted=path.name)
    for path in sorted(home.path.glob("codelists/*.csv")):
        name = f"{home.name}/codelists/{path.name}"
        if name not in notes.used:
            remedy = f"describe [{path.stem}] in codelists.toml, or remove the file"
            notes.add("unknown-word", "no code list uses this file", Where(file=name), remedy=remedy)


def _agency_schemes(homes: list[_Home], foreign: list[Artefact]) -> list[AgencyScheme]:
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


def _foreign(homes: list[_Home], schemes: list[ConceptScheme], notes: Notes, left_out: Notes) -> list[Artefact]:
    """The artefacts of every ``foreign/*.xml[.gz]``; later files may use the concepts of earlier ones."""
    found: list[Artefact] = []
    for home in homes:
        for path in sorted([*home.path.glob("foreign/*.xml"), *home.path.glob("foreign/*.xml.gz")]):
            name = f"{home.name}/foreign/{path.name}"
            try:
                known = [*schemes, *(a for a in found if isinstance(a, ConceptScheme))]
                artefacts, problems = read_structures_reporting(_bytes(path), known=known)
            except MessageRejected as error:
                notes.problems += _placed(error.problems, name)
            except (OSError, EOFError, zlib.error) as error:
                notes.add("unreadable-file", f"not gzip: {error}", Where(file=name))
            else:
                found += artefacts
                left_out.problems += _placed(problems, name)
    return found


def _not_superseded(foreign: Iterable[Artefact], ours: Iterable[Artefact], left_out: Notes) -> Iterator[Artefact]:
    """The foreign artefacts that none of ours replaces; what ours lacks of those it does is told."""
    by_urn = {artefact.urn: artefact for artefact in ours}
    for artefact in foreign:
        own = by_urn.get(artefact.urn)
        if own is None:
            yield artefact
        elif (
            isinstance(own, Codelist)
            and isinstance(artefact, Codelist)
            and (lost := set(artefact.by_id) - set(own.by_id))
        ):
            text = f"a foreign {artefact.urn.short} is replaced by ours, which lacks {', '.join(sorted(lost))}"
            left_out.add("superseded", text, Where(key=str(artefact.urn)))


def _bytes(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def _placed(problems: Iterable[Problem], name: str) -> list[Problem]:
    return [replace(problem, where=replace(problem.where, file=name)) for problem in problems]


def _concepts(artefacts: Iterable[Artefact]) -> Iterator[tuple[Urn, Concept]]:
    for scheme in artefacts:
        if isinstance(scheme, ConceptScheme):
            for concept in scheme.items:
                yield Urn(Kind.CONCEPT_SCHEME, scheme.agency, scheme.id, scheme.version, concept.id), concept


def _check_references(artefacts: Iterable[Artefact], notes: Notes) -> None:
    """Every reference an authored file makes must be answered by what was loaded."""
    held = {artefact.urn: artefact for artefact in artefacts}
    for where, target in notes.references:
        found = held.get(target.maintainable)
        if found is None:
            near = [urn.short for urn in held if urn.kind is target.kind]
            wanted = target.maintainable.short
        elif isinstance(found, ConceptScheme) and target.item is not None and target.item not in found:
            near, wanted = list(found.by_id), target.item
        else:
            continue
        notes.add("unresolved-reference", f"{target.short} is not held", where, near=near, wanted=wanted)

"""Which file of an agency's folder is read by what: one table, in the order of reading.

A reader is given the file, the folder it is in, and what the forms before it brought: structures look at concepts, hierarchies
at the lists they grow from, constraints at the structures they are about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from sdmx_gateway.structures.authored.agreements import read_agreements
from sdmx_gateway.structures.authored.categories import read_categories
from sdmx_gateway.structures.authored.codelists import read_codelists, read_value_lists
from sdmx_gateway.structures.authored.concepts import read_concept_schemes
from sdmx_gateway.structures.authored.constraints import read_constraints
from sdmx_gateway.structures.authored.hierarchies import read_hierarchies
from sdmx_gateway.structures.authored.home import Home
from sdmx_gateway.structures.authored.maps import read_representation_maps
from sdmx_gateway.structures.authored.metadata import read_metadata_structure
from sdmx_gateway.structures.authored.notes import Held
from sdmx_gateway.structures.authored.organisations import read_organisations
from sdmx_gateway.structures.authored.structure_maps import read_structure_maps
from sdmx_gateway.structures.authored.structures import read_dataflows, read_structure
from sdmx_gateway.structures.authored.toml_table import TomlFile
from sdmx_gateway.structures.model import Artefact

Reader = Callable[[TomlFile, Home, Held], Iterable[Artefact]]


@dataclass(frozen=True)
class Form:
    """The files of a pattern, what reads them, and the folders of the tables (CSV) they name."""

    pattern: str
    read: Reader
    sheets: tuple[str, ...] = ()

    @property
    def folders(self) -> tuple[str, ...]:
        """The folder of the files, when they have one of their own."""
        return (self.pattern.split("/")[0],) if "/" in self.pattern else ()


def _alone(read: Callable[[TomlFile, Home], Iterable[Artefact]]) -> Reader:
    """A reader that looks at nothing else."""
    return lambda file, home, _held: read(file, home)


def _maps(file: TomlFile, home: Home, held: Held) -> Iterable[Artefact]:
    del held
    root = file.root(("representation_map", "structure_map"))
    yield from read_representation_maps(root, home)
    yield from read_structure_maps(root, home)


FIRST: Final = (
    Form("codelists*.toml", _alone(read_codelists), ("codelists",)),
    Form("valuelists*.toml", _alone(read_value_lists), ("valuelists",)),
    Form("concepts*.toml", _alone(read_concept_schemes)),
    Form("organisations*.toml", _alone(read_organisations)),
)
"""Read before what others publish, which may take values from our concepts."""
THEN: Final = (
    Form("dataflows*.toml", _alone(read_dataflows)),
    Form("structures/*.toml", read_structure),
    Form("metadata/*.toml", read_metadata_structure),
    Form("categories*.toml", _alone(read_categories), ("categories", "categorisations")),
    Form("agreements*.toml", _alone(read_agreements)),
    Form("hierarchies*.toml", read_hierarchies, ("hierarchies",)),
    Form("maps*.toml", _maps, ("maps",)),
    Form("constraints*.toml", read_constraints),
)
"""Read after it."""

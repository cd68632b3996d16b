"""What is translated together: rules look here for what an artefact refers to, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from sdmx_gateway.structures import versions
from sdmx_gateway.structures.codec.form import OF_3_0, Form
from sdmx_gateway.structures.model import Artefact
from sdmx_gateway.structures.urn import Urn

A = TypeVar("A", bound=Artefact)


@dataclass(frozen=True, eq=False)
class Batch:
    """The artefacts that are translated together, as they were, and the form they are to be written in."""

    artefacts: tuple[Artefact, ...]
    form: Form

    @cached_property
    def by_urn(self) -> Mapping[Urn, Artefact]:
        """Each by its URN."""
        return {artefact.urn: artefact for artefact in self.artefacts}

    def find(self, urn: Urn | None, expected: type[A]) -> A | None:
        """The artefact of that URN, if it is among them and of that class."""
        found = None if urn is None else self.by_urn.get(urn)
        return found if isinstance(found, expected) else None

    def meant(self, urn: Urn, expected: type[A]) -> A | None:
        """Like :meth:`find`; of a reference that leaves its version open the highest of those among them that it admits."""
        held = {a.version: a for a in self.of(expected) if (a.KIND, a.agency, a.id) == (urn.kind, urn.agency, urn.id)}
        version = versions.latest(urn.version, held)
        return None if version is None else held[version]

    def of(self, expected: type[A]) -> tuple[A, ...]:
        """Those of a class."""
        return tuple(artefact for artefact in self.artefacts if isinstance(artefact, expected))


def generation(form: Form) -> str:
    """What the information model of a form is called."""
    if form.is_of_2_1:
        return "SDMX 2.1"
    return "SDMX 3.0" if form in OF_3_0 else "SDMX 3.1"

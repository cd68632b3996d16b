"""How much of an artefact an answer gives (SDMX REST 1.5 and 2.2, parameter ``detail``).

A stub is the artefact's identification and names, marked as an external reference; a complete stub has everything that is no
item and no component besides. ``Allstubs`` makes stubs of all, ``referencestubs`` of what is only referred to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Final, TypeVar

from sdmx_gateway.structures.model import Artefact, Maintainable

A = TypeVar("A", bound=Artefact)


class Detail(StrEnum):
    """What is wanted of each artefact."""

    FULL = "full"
    RAW = "raw"
    ALL_STUBS = "allstubs"
    REFERENCE_STUBS = "referencestubs"
    ALL_COMPLETE_STUBS = "allcompletestubs"
    REFERENCE_COMPLETE_STUBS = "referencecompletestubs"
    REFERENCE_PARTIAL = "referencepartial"


_COMPLETE: Final = tuple(field.name for field in fields(Maintainable) if field.name != "is_external_reference")


def stub(artefact: A) -> A:
    """Its identification and names."""
    return _only(artefact, ("agency", "id", "version", "names"))


def complete_stub(artefact: A) -> A:
    """Everything about it but what it holds."""
    return _only(artefact, _COMPLETE)


def _only(artefact: A, names: tuple[str, ...]) -> A:
    kept = {name: getattr(artefact, name) for name in names}
    return type(artefact)(**kept, is_external_reference=True)


OF_MATCHED: Final[Mapping[Detail, Callable[[Artefact], Artefact]]] = {
    Detail.ALL_STUBS: stub,
    Detail.ALL_COMPLETE_STUBS: complete_stub,
}
"""What becomes of the artefacts a query asks for; of no other word anything."""
OF_REFERENCED: Final[Mapping[Detail, Callable[[Artefact], Artefact]]] = {
    **OF_MATCHED,
    Detail.REFERENCE_STUBS: stub,
    Detail.REFERENCE_COMPLETE_STUBS: complete_stub,
}
"""What becomes of those given beside them."""

"""What the checks ask of whoever holds artefacts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from typing import Final, Protocol

from sdmx_gateway.structures.model import (
    Artefact,
    CategoryScheme,
    Codelist,
    DataStructure,
    Hierarchy,
    ItemScheme,
    MetadataStructure,
    Process,
    ReportingTaxonomy,
    Urn,
    ValueList,
)

NEAR: Final = 0.75
"""How alike the name of an artefact must be to be suggested; those of one kind share their agency and version."""
_MANY: Final = 1_000
"""In a longer list only names of the same beginning are compared."""
_NAMED: Final = 8
"""So many of what is wrong are named in one sentence."""
_NESTED: Final = ("categories", "codes", "attributes", "steps")


class Holding(Protocol):
    """Whoever holds artefacts and knows which of them a reference means."""

    def __iter__(self) -> Iterator[Artefact]:
        """Every artefact."""
        ...

    def bound(self, urn: Urn) -> Artefact | None:
        """The artefact a reference means; ``None`` when it is not held."""
        ...

    def enumeration(self, urn: Urn) -> Codelist:
        """What values may be taken from, with every code it has."""
        ...


def item_ids(artefact: Artefact, held: Holding) -> Collection[str] | None:
    """The ids of what lies in an artefact, as references name it; ``None`` when all of them cannot be known.

    Raises:
        StructureError: lists that it extends are not held, or extend each other.
    """
    if getattr(artefact, "is_partial", False) or artefact.is_external_reference:
        return None
    if getattr(artefact, "extensions", ()):
        return held.enumeration(artefact.urn).by_id
    if isinstance(artefact, ItemScheme):
        return artefact.by_id
    if isinstance(artefact, ValueList):
        return {item.id for item in artefact.items}
    if isinstance(artefact, CategoryScheme | ReportingTaxonomy):
        return set(_paths(artefact.categories))
    if isinstance(artefact, Hierarchy):
        return set(_paths(artefact.codes)) | set(level_ids(artefact))
    if isinstance(artefact, Process):
        return set(_paths(artefact.steps))
    if isinstance(artefact, MetadataStructure):
        return None if artefact.reports else set(_paths(artefact.attributes))
    if isinstance(artefact, DataStructure):
        return {*artefact.components, *(group.id for group in artefact.groups), *_DESCRIPTORS}
    return None


_DESCRIPTORS: Final = ("DimensionDescriptor", "MeasureDescriptor", "AttributeDescriptor")


def _paths(values: Iterable[object], above: str = "") -> Iterator[str]:
    """The ids of everything in a tree, each with those it lies under."""
    for value in values:
        path = f"{above}{getattr(value, 'id', '')}"
        yield path
        for name in _NESTED:
            yield from _paths(getattr(value, name, ()), f"{path}.")


def level_ids(hierarchy: Hierarchy) -> Iterator[str]:
    """The ids of the levels of a hierarchy, from the top."""
    level = hierarchy.level
    while level is not None:
        yield level.id
        level = level.below


def nearest(wanted: str, known: Iterable[str]) -> str:
    """A remedy that gives the nearest name there is; empty when none is near."""
    names = list(known)
    if len(names) > _MANY:
        names = [name for name in names if name[:1] == wanted[:1]][:_MANY]
    near = get_close_matches(wanted, names, n=1)
    return f"nearest: {near[0]}" if near else ""


def named(values: Collection[str]) -> str:
    """What is wrong, one after the other, cut after a few.

    >>> named([str(number) for number in range(10)])
    "'0', '1', '2', '3', '4', '5', '6', '7' and 2 more"
    """
    first = list(values)[:_NAMED]
    more = len(values) - len(first)
    return ", ".join(map(repr, first)) + (f" and {more} more" if more else "")

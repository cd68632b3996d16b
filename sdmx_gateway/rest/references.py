"""The artefacts a structure query means, and those it wants beside them.

``references`` of SDMX REST: ``children`` are what an artefact refers to, ``parents`` what refers to it, ``descendants``
and ``ancestors`` the same at any depth; ``parentsandsiblings`` adds the children of the parents, ``all`` is that and the
descendants. The name of a resource keeps, of everything related at any depth, what is of that resource (REST 1.5.0 and
2.2.2, parameter ``references``; that the depth is unbounded for a named resource is our reading).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from sdmx_gateway.rest.query import StructureQuery
from sdmx_gateway.rest.resources import HELD
from sdmx_gateway.structures import Catalogue, Urn
from sdmx_gateway.structures.model import Artefact, Item, ItemScheme


def resolve(catalogue: Catalogue, query: StructureQuery) -> tuple[Artefact, ...]:
    """Every artefact of the answer, each once: those that match, then those beside them, in the order they are reached.

    An item scheme asked for in part holds the wanted items only and says so (``is_partial``); the parent of an item is
    left out with the item that was it.
    """
    matched = catalogue.find(query.kind, query.agency, query.id, query.version)
    found: dict[Urn, Artefact] = {artefact.urn: artefact for artefact in matched}
    for artefact in matched:
        for word in query.references:
            for other in related(catalogue, artefact, word):
                found.setdefault(other.urn, other)
    if query.items:
        found |= {artefact.urn: _part(artefact, frozenset(query.items)) for artefact in matched}
    return tuple(found.values())


def related(catalogue: Catalogue, artefact: Artefact, word: str) -> tuple[Artefact, ...]:
    """What one word of ``references`` means for one artefact, nearest first; nothing for a resource that is not held."""
    if word in HELD:
        everything = (*catalogue.descendants(artefact), *_ancestors(catalogue, artefact))
        return tuple(other for other in everything if other.KIND is HELD[word])
    return tuple(_RELATIONS[word](catalogue, artefact)) if word in _RELATIONS else ()


def _ancestors(catalogue: Catalogue, artefact: Artefact) -> tuple[Artefact, ...]:
    found: dict[Urn, Artefact] = {}
    waiting = [artefact]
    while waiting:
        for parent in catalogue.parents(waiting.pop(0)):
            if parent.urn not in found and parent.urn != artefact.urn:
                found[parent.urn] = parent
                waiting.append(parent)
    return tuple(found.values())


def _parents_and_siblings(catalogue: Catalogue, artefact: Artefact) -> tuple[Artefact, ...]:
    parents = catalogue.parents(artefact)
    return (*parents, *(sibling for parent in parents for sibling in catalogue.children(parent)))


_RELATIONS: Final[Mapping[str, Callable[[Catalogue, Artefact], Iterable[Artefact]]]] = {
    "none": lambda _catalogue, _artefact: (),
    "children": Catalogue.children,
    "parents": Catalogue.parents,
    "descendants": Catalogue.descendants,
    "ancestors": _ancestors,
    "parentsandsiblings": _parents_and_siblings,
    "all": lambda catalogue, artefact: (
        *catalogue.descendants(artefact),
        *_parents_and_siblings(catalogue, artefact),
    ),
}


def _part(artefact: Artefact, wanted: frozenset[str]) -> Artefact:
    if not isinstance(artefact, ItemScheme):
        return artefact
    kept: tuple[Item, ...] = tuple(item for item in artefact.items if item.id in wanted)
    if len(kept) == len(artefact.items):
        return artefact
    items = tuple(item if item.parent in wanted else replace(item, parent=None) for item in kept)
    return replace(artefact, items=items, is_partial=True)  # type: ignore[arg-type]  # items of the scheme itself

"""The artefacts a structure query means, those it wants beside them, and how much of each.

``references`` of SDMX REST: ``children`` are what an artefact refers to, ``parents`` what refers to it, ``descendants``
and ``ancestors`` the same at any depth; ``parentsandsiblings`` adds the children of the parents, ``all`` is that and the
descendants. The name of a resource keeps, of everything related at any depth, what is of that resource (REST 1.5.0 and
2.2.2, parameter ``references``; that the depth is unbounded for a named resource is our reading). Every artefact refers to the
scheme its agency is in (2.2, ``doc/structures.md``, table of first-level artefacts).

Unless they are asked for raw, code lists come with every code they have, and what they extend is no reference of theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sdmx_gateway.rest.query import StructureQuery
from sdmx_gateway.rest.resources import RESOURCES, Resource, resource_named
from sdmx_gateway.structures import Catalogue, Urn
from sdmx_gateway.structures.detail import OF_MATCHED, OF_REFERENCED, Detail
from sdmx_gateway.structures.model import (
    AgencyScheme,
    Artefact,
    CategoryScheme,
    HierarchicalCodelist,
    ItemScheme,
    Kind,
    ReportingTaxonomy,
    ValueList,
)
from sdmx_gateway.structures.partial import categories_of, items_of, partial, taxonomy_of
from sdmx_gateway.structures.references import references


@dataclass(frozen=True)
class Resolved:
    """What answers a query: what was asked for, and what is given beside it."""

    matched: tuple[Artefact, ...]
    beside: tuple[Artefact, ...] = ()

    @property
    def artefacts(self) -> tuple[Artefact, ...]:
        """All of it, each once, in the order it was reached."""
        return (*self.matched, *self.beside)


def resolve(catalogue: Catalogue, query: StructureQuery, *, at: datetime | None = None) -> Resolved:
    """What answers a query.

    An item scheme asked for in part holds the wanted items only and says so (``is_partial``); the parent of an item is left out
    with the item that was it, but categories come with those they lie under.

    Args:
        catalogue: the artefacts there are.
        query: what is asked for.
        at: when, for constraints that are valid for a time.
    """
    resource = resource_named(query.resource)
    found = catalogue.find(resource.kinds, query.agency, query.id, query.version)
    is_raw = query.detail is Detail.RAW
    whole = found if is_raw or not query.items else tuple(map(catalogue.resolved, found))
    wanted = (_part(artefact, query.items) for artefact in whole if _has_role(artefact, resource))
    matched = tuple(artefact for artefact in wanted if artefact is not None)
    walk = _Walk(catalogue, is_raw=is_raw, items=frozenset(query.items))
    beside: dict[Urn, Artefact] = {}
    for artefact in matched:
        for word in query.references:
            for other in walk.related(artefact, word):
                beside.setdefault(other.urn, other)
    for artefact in matched:
        beside.pop(artefact.urn, None)
    return _detailed(catalogue, Resolved(matched, tuple(beside.values())), query.detail, at)


def _has_role(artefact: Artefact, resource: Resource) -> bool:
    return resource.role is None or getattr(artefact, "role", None) is resource.role


def _detailed(catalogue: Catalogue, found: Resolved, detail: Detail, at: datetime | None) -> Resolved:
    if detail is Detail.RAW:
        return found
    of_matched = OF_MATCHED.get(detail, catalogue.resolved)
    matched = tuple(map(of_matched, found.matched))
    beside = tuple(map(OF_REFERENCED.get(detail, catalogue.resolved), found.beside))
    if detail is Detail.REFERENCE_PARTIAL:
        beside = partial(catalogue, found.matched, beside, at)
    return Resolved(matched, beside)


class _Walk:
    """Going from artefact to artefact, as a query wants it."""

    def __init__(self, catalogue: Catalogue, *, is_raw: bool, items: frozenset[str]) -> None:
        self._catalogue = catalogue
        self._is_raw = is_raw
        self._items = items
        schemes = (a for a in catalogue.find(Kind.AGENCY_SCHEME) if isinstance(a, AgencyScheme))
        self._agencies = {_full_id(scheme, item.id): scheme for scheme in schemes for item in scheme.items}

    def related(self, artefact: Artefact, word: str) -> tuple[Artefact, ...]:
        """What one word of ``references`` means for one artefact, nearest first; nothing for what is not held."""
        if word in RESOURCES:
            resource = RESOURCES[word]
            everything = (*self.descendants(artefact), *self.ancestors(artefact))
            return tuple(a for a in everything if a.KIND in resource.kinds and _has_role(a, resource))
        return tuple(_RELATIONS[word](self, artefact)) if word in _RELATIONS else ()

    def children(self, artefact: Artefact) -> tuple[Artefact, ...]:
        extends = not self._is_raw and bool(getattr(artefact, "extensions", ()))
        found = () if extends else self._catalogue.children(artefact)
        agency = self._agencies.get(artefact.agency)
        return found if agency is None or agency.urn == artefact.urn else (*found, agency)

    def parents(self, artefact: Artefact) -> tuple[Artefact, ...]:
        found = self._catalogue.parents(artefact)
        if self._items and getattr(artefact, "is_partial", False):
            found = tuple(parent for parent in found if self._refers_to_some(parent, artefact))
        if not isinstance(artefact, AgencyScheme):
            return found
        own = (a for a in self._catalogue if self._agencies.get(a.agency) is artefact and a is not artefact)
        return (*found, *own)

    def descendants(self, artefact: Artefact) -> tuple[Artefact, ...]:
        return _reached(artefact, self.children)

    def ancestors(self, artefact: Artefact) -> tuple[Artefact, ...]:
        return _reached(artefact, self.parents)

    def parents_and_siblings(self, artefact: Artefact) -> tuple[Artefact, ...]:
        parents = self.parents(artefact)
        return (*parents, *(sibling for parent in parents for sibling in self.children(parent)))

    def _refers_to_some(self, parent: Artefact, scheme: Artefact) -> bool:
        """Whether an artefact refers to the scheme as a whole, or to one of the items that are wanted."""
        named = (target for _, target in references(parent) if self._catalogue.bound(target) is not None)
        of_scheme = [target for target in named if (target.kind, target.id) == (scheme.KIND, scheme.id)]
        return any(target.item is None or target.item in self._items for target in of_scheme)


def _full_id(scheme: AgencyScheme, ident: str) -> str:
    return ident if scheme.agency == "SDMX" else f"{scheme.agency}.{ident}"


def _reached(artefact: Artefact, step: Callable[[Artefact], Iterable[Artefact]]) -> tuple[Artefact, ...]:
    """Everything that is reached by steps, nearest first, without where one starts."""
    found: dict[Urn, Artefact] = {}
    waiting = [artefact]
    for here in waiting:
        for other in step(here):
            if other.urn not in found and other.urn != artefact.urn:
                found[other.urn] = other
                waiting.append(other)
    return tuple(found.values())


_RELATIONS: Final[Mapping[str, Callable[[_Walk, Artefact], Iterable[Artefact]]]] = {
    "none": lambda _walk, _artefact: (),
    "children": _Walk.children,
    "parents": _Walk.parents,
    "descendants": _Walk.descendants,
    "ancestors": _Walk.ancestors,
    "parentsandsiblings": _Walk.parents_and_siblings,
    "all": lambda walk, artefact: (*walk.descendants(artefact), *walk.parents_and_siblings(artefact)),
}


def _part(artefact: Artefact, items: tuple[str, ...]) -> Artefact | None:
    """The artefact with only these of its items; ``None`` when it has none of them."""
    if not items:
        return artefact
    wanted = frozenset(items)
    if isinstance(artefact, CategoryScheme):
        tree = categories_of(artefact, wanted)
        return tree if tree.categories else None
    if isinstance(artefact, ReportingTaxonomy):
        taxonomy = taxonomy_of(artefact, wanted)
        return taxonomy if taxonomy.categories else None
    if isinstance(artefact, ItemScheme):
        return items_of(artefact, wanted) if wanted & frozenset(artefact.by_id) else None
    return _part_of_others(artefact, wanted)


def _part_of_others(artefact: Artefact, wanted: frozenset[str]) -> Artefact | None:
    """Of a value list some values, of a hierarchical code list some hierarchies; neither can say that it is partial."""
    if not isinstance(artefact, ValueList | HierarchicalCodelist):
        return None
    name = "items" if isinstance(artefact, ValueList) else "hierarchies"
    members: tuple[Any, ...] = getattr(artefact, name)
    kept = tuple(member for member in members if member.id in wanted)
    changes: dict[str, Any] = {name: kept}
    return replace(artefact, **changes) if kept else None

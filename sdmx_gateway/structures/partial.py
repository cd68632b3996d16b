"""Item schemes with only the items that are used by what comes with them (SDMX REST, ``detail=referencepartial``).

SDMX REST 2.2, ``doc/structures.md``, "Applicability and meaning of references": of a concept scheme the concepts of the structures that
are given, of a code list the codes that constraints leave, of an agency scheme the agencies of everything given, and so on for
providers and categories. A scheme that something refers to as a whole, or of which nothing is named, stays whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar

from sdmx_gateway.structures.constraint import narrowed
from sdmx_gateway.structures.model import (
    AgencyScheme,
    Artefact,
    Category,
    CategoryScheme,
    Codelist,
    Dataflow,
    DataStructure,
    GeographicCodelist,
    GeoGridCodelist,
    ItemScheme,
    ProvisionAgreement,
    ReportingCategory,
    ReportingTaxonomy,
    RepresentationMap,
    Urn,
)
from sdmx_gateway.structures.references import references
from sdmx_gateway.structures.selection import part_of

Narrowing = Dataflow | ProvisionAgreement | DataStructure
_TOP: Final = "SDMX"
C = TypeVar("C", Category, ReportingCategory)


class Narrows(Protocol):
    """A catalogue, as far as partial lists need it."""

    def bound(self, urn: Urn) -> Artefact | None:
        """The artefact a reference means."""
        ...

    def lists_of(self, of: Narrowing, at: datetime | None = None) -> Mapping[str, Codelist]:
        """The codes each coded component may have."""
        ...


def partial(
    held: Narrows, matched: Sequence[Artefact], beside: Iterable[Artefact], at: datetime | None
) -> tuple[Artefact, ...]:
    """What is given beside the artefacts asked for, each item scheme with the items that are used.

    Args:
        held: where references lead, and what constraints leave.
        matched: the artefacts asked for; they stay as they are.
        beside: those given beside them.
        at: when constraints have to be valid; at any time if not given.
    """
    others = tuple(beside)
    given = (*matched, *others)
    used = _used(held, given)
    agencies = frozenset(artefact.agency for artefact in given)
    codes = _codes(held, matched, at)
    return tuple(_part(artefact, used.get(artefact.urn), codes.get(artefact.urn), agencies) for artefact in others)


def _used(held: Narrows, artefacts: Iterable[Artefact]) -> Mapping[Urn, frozenset[str] | None]:
    """The items of each scheme that are referred to; ``None`` when it is as a whole."""
    found: dict[Urn, set[str] | None] = {}
    for artefact in artefacts:
        named = dict.fromkeys(target for _, target in references(artefact))
        for target in (*named, *_mapped(artefact)):
            scheme = held.bound(target)
            if scheme is None or scheme.urn == artefact.urn:
                continue
            if target.item is None:
                if not _is_list(scheme):
                    found[scheme.urn] = None
            elif (items := found.setdefault(scheme.urn, set())) is not None:
                items.add(target.item)
    return {urn: None if items is None else frozenset(items) for urn, items in found.items()}


def _is_list(artefact: Artefact) -> bool:
    return isinstance(artefact, Codelist | GeographicCodelist | GeoGridCodelist)


def _mapped(artefact: Artefact) -> Iterable[Urn]:
    """The codes a map names without their URN."""
    if not isinstance(artefact, RepresentationMap):
        return
    for place, space in enumerate(artefact.sources):
        if space.codelist is not None:
            yield from (replace(space.codelist, item=row.sources[place].value) for row in artefact.mappings)
    for place, space in enumerate(artefact.targets):
        if space.codelist is not None:
            rows = (row.targets[place] for row in artefact.mappings if place < len(row.targets))
            yield from (replace(space.codelist, item=target) for target in rows)


def _codes(held: Narrows, matched: Iterable[Artefact], at: datetime | None) -> Mapping[Urn, frozenset[str]]:
    """The codes of each list that constraints leave to the components that take them, over all that is asked for."""
    found: dict[Urn, frozenset[str]] = {}
    for artefact in matched:
        if isinstance(artefact, Dataflow | ProvisionAgreement | DataStructure):
            for codelist in held.lists_of(artefact, at).values():
                found[codelist.urn] = found.get(codelist.urn, frozenset()) | frozenset(codelist.by_id)
    return found


def _part(
    artefact: Artefact, used: frozenset[str] | None, codes: frozenset[str] | None, agencies: frozenset[str]
) -> Artefact:
    if isinstance(artefact, AgencyScheme):
        prefix = "" if artefact.agency == _TOP else f"{artefact.agency}."
        return items_of(artefact, frozenset(item.id for item in artefact.items if f"{prefix}{item.id}" in agencies))
    if isinstance(artefact, Codelist) and codes is not None:
        return artefact if artefact.extensions else narrowed(artefact, codes | (used or frozenset()))
    if not used:
        return artefact
    if isinstance(artefact, CategoryScheme):
        return categories_of(artefact, used)
    if isinstance(artefact, ReportingTaxonomy):
        return taxonomy_of(artefact, used)
    return items_of(artefact, used) if isinstance(artefact, ItemScheme) else artefact


def items_of(scheme: Artefact, ids: frozenset[str]) -> Artefact:
    """A scheme with only these of its items, marked as partial; itself when these are all it has."""
    assert isinstance(scheme, ItemScheme)
    if ids >= frozenset(scheme.by_id):
        return scheme
    changes: dict[str, Any] = {"items": part_of(scheme.items, ids), "is_partial": True}
    return replace(scheme, **changes)


def categories_of(scheme: CategoryScheme, paths: frozenset[str]) -> CategoryScheme:
    """A category scheme with only these categories and those they lie under, marked as partial.

    >>> tree = CategoryScheme(agency="A", id="C", categories=(Category(id="X", categories=(Category(id="Y"), Category(id="Z"))),))
    >>> [category.id for category in categories_of(tree, frozenset({"X.Z"})).categories[0].categories]
    ['Z']
    """
    return replace(scheme, categories=_kept(scheme.categories, paths), is_partial=True)


def taxonomy_of(scheme: ReportingTaxonomy, paths: frozenset[str]) -> ReportingTaxonomy:
    """A reporting taxonomy with only these categories and those they lie under, marked as partial."""
    return replace(scheme, categories=_kept(scheme.categories, paths), is_partial=True)


def _kept(categories: tuple[C, ...], paths: frozenset[str], above: str = "") -> tuple[C, ...]:
    kept: list[C] = []
    for category in categories:
        path = f"{above}{category.id}"
        if path in paths or any(other.startswith(f"{path}.") for other in paths):
            inner: Any = _kept(category.categories, paths, f"{path}.")
            kept.append(replace(category, categories=inner))
    return tuple(kept)

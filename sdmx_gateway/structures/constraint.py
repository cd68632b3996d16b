"""Which codes a component may have in a dataflow, when constraints on structure, flow and agreement are taken together.

SDMX 3.1 Section 6 (technical notes), cascading of constraints: what is attached lower narrows what is attached higher, so that the
codes allowed are those every constraint allows. Within a constraint: an included region allows, for each component it names,
the values it names; an excluded region takes values away where it names one component only (an excluded combination of
several takes no code away). Included keys allow the values they have. What exists (``Actual``) allows nothing and forbids
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import cast

from sdmx_gateway.structures.model import (
    Code,
    Codelist,
    ContentConstraint,
    CubeRegion,
    DataConstraint,
    DataKeySet,
    Item,
    ItemScheme,
    MemberSelection,
    Role,
)
from sdmx_gateway.structures.selection import part_of, selected
from sdmx_gateway.structures.urn import Urn

Constraint = DataConstraint | ContentConstraint


def in_force(
    constraints: Iterable[Constraint], artefacts: Iterable[Urn], at: datetime | None
) -> tuple[Constraint, ...]:
    """The constraints that allow something for any of the artefacts, at an instant if one is given."""
    wanted = frozenset(artefacts)
    return tuple(
        constraint
        for constraint in constraints
        if constraint.role is Role.ALLOWED
        and constraint.attachment is not None
        and not wanted.isdisjoint(constraint.attachment.artefacts)
        and _is_valid(constraint, at)
    )


def _is_valid(constraint: Constraint, at: datetime | None) -> bool:
    if at is None:
        return True
    begins, ends = constraint.valid_from, constraint.valid_to
    return (begins is None or _comparable(begins, at) <= at) and (ends is None or at < _comparable(ends, at))


def _comparable(moment: datetime, at: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=at.tzinfo)


def allowed(constraints: Iterable[Constraint], lists: Mapping[str, Codelist]) -> dict[str, frozenset[str]]:
    """For each component its constraints speak of, the codes they allow.

    Args:
        constraints: those in force.
        lists: the code list of each coded component, with every code it has.

    Returns:
        Ids of codes by component; a component that is missing may have any code of its list.
    """
    found: dict[str, frozenset[str]] = {}
    for constraint in constraints:
        for component, codes in _said(constraint, lists):
            before = found.get(component)
            found[component] = codes if before is None else before & codes
    return found


def _said(constraint: Constraint, lists: Mapping[str, Codelist]) -> Iterator[tuple[str, frozenset[str]]]:
    for region in constraint.regions:
        yield from _of_region(region, lists)
    for keys in constraint.key_sets:
        yield from _of_keys(keys, lists)


def _of_region(region: CubeRegion, lists: Mapping[str, Codelist]) -> Iterator[tuple[str, frozenset[str]]]:
    selections = [s for s in (*region.keys, *region.components) if s.values and s.component in lists]
    if not region.is_included and len(region.keys) + len(region.components) > 1:
        return
    for selection in selections:
        codelist = lists[selection.component]
        named = _named(selection, codelist)
        meant = named if selection.is_included is region.is_included else frozenset(codelist.by_id) - named
        yield selection.component, meant


def _of_keys(keys: DataKeySet, lists: Mapping[str, Codelist]) -> Iterator[tuple[str, frozenset[str]]]:
    if not keys.is_included:
        return
    for component, codelist in lists.items():
        named = [[s for s in (*key.keys, *key.components) if s.component == component] for key in keys.keys]
        if named and all(named):
            yield component, frozenset().union(*(_named(s, codelist) for each in named for s in each))


def _named(selection: MemberSelection, codelist: Codelist) -> frozenset[str]:
    return selected(cast("ItemScheme[Item]", codelist), selection.values)


def narrowed(codelist: Codelist, codes: frozenset[str] | None) -> Codelist:
    """The list with only these codes, marked as partial; itself when all of it is allowed."""
    if codes is None or codes >= frozenset(codelist.by_id):
        return codelist
    kept = cast("tuple[Code, ...]", part_of(codelist.items, codes))
    return replace(codelist, items=kept, is_partial=True)

"""Whether artefacts hold together: every reference found, every tree a tree, every structure one that can hold data.

What the model's own types cannot forbid is looked for here: a name that nothing answers to, an item listed twice, a
parent that is not there, a circle of parents, a relationship to a dimension that does not exist. All of it at once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.structures.dialects import TIME_DIMENSION
from sdmx_gateway.structures.model import (
    AgencyScheme,
    Artefact,
    Attachment,
    Codelist,
    ConceptScheme,
    DataStructure,
    Item,
    Urn,
)
from sdmx_gateway.structures.references import references

Scheme = AgencyScheme | Codelist | ConceptScheme

_NEAR: Final = 0.75  # names of one kind share their agency and version: nearer than usual is asked for
_ID: Final = re.compile(r"[A-Za-z0-9_@$\-]+")
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_\-]*")
_NESTED_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_\-]*(\.[A-Za-z][A-Za-z0-9_\-]*)*")


def check(by_urn: Mapping[Urn, Artefact]) -> tuple[Problem, ...]:
    """Every way these artefacts do not hold together; ``where.key`` is the URN of the artefact to mend."""
    problems: list[Problem] = []
    for urn, artefact in by_urn.items():
        where = Where(key=str(urn))
        problems += _unresolved(artefact, by_urn, where)
        problems += wrong_ids(artefact, where)
        if not artefact.names:
            problems.append(Problem("missing-name", f"{urn.short} has no name", where, remedy="name it in fr and en"))
        if isinstance(artefact, DataStructure):
            problems += structure_problems(artefact, where)
        elif isinstance(artefact, Scheme):
            problems += _items(artefact, where)
    return tuple(problems)


def wrong_ids(artefact: Artefact, where: Where) -> Iterator[Problem]:
    """Every id that SDMX would refuse.

    Ids of agencies, code lists, concepts and components must be names (NCNameIDType), those of codes, structures, flows
    and groups need not (IDType): SDMXCommonReferences.xsd and SDMXStructure*.xsd of 2.1, 3.0 and 3.1 agree.
    """
    name, any_id = _NAME.fullmatch, _ID.fullmatch
    yield from _refused([artefact.agency], _NESTED_NAME.fullmatch, "agency", where)
    listed = isinstance(artefact, Codelist | ConceptScheme)
    yield from _refused([artefact.id], name if listed else any_id, artefact.KIND.value, where)
    if isinstance(artefact, DataStructure):
        yield from _refused(artefact.components, name, "component", where)
        yield from _refused([group.id for group in artefact.groups], any_id, "group", where)
    elif isinstance(artefact, Scheme):
        free = isinstance(artefact, Codelist)
        yield from _refused([item.id for item in artefact.items], any_id if free else name, "item", where)


def _refused(ids: Iterable[str], fits: Callable[[str], object], what: str, where: Where) -> Iterator[Problem]:
    for wrong in ids:
        if not fits(wrong):
            remedy = (
                "letters, digits, _ and - only, a letter first"
                if fits != _ID.fullmatch
                else "letters, digits, _ @ $ - only"
            )
            yield Problem("wrong-id", f"{wrong!r} cannot be the id of a {what}", where, remedy=remedy, value=wrong)


def _unresolved(artefact: Artefact, by_urn: Mapping[Urn, Artefact], where: Where) -> Iterator[Problem]:
    seen: set[Urn] = set()
    for owner, target in references(artefact):
        if target in seen:
            continue
        seen.add(target)
        held = by_urn.get(target.maintainable)
        if held is None:
            names = [urn.short for urn in by_urn if urn.kind is target.kind]
            yield _missing(
                f"{owner} refers to {target.short}, which is not held", where, target.maintainable.short, names
            )
        elif target.item is not None and isinstance(held, Scheme) and target.item not in held:
            text = f"{owner} refers to {target.item!r}, which {held.urn.short} does not have"
            yield _missing(text, where, target.item, held.by_id)


def _missing(what: str, where: Where, wanted: str, known: Iterable[str]) -> Problem:
    near = get_close_matches(wanted, list(known), n=1, cutoff=_NEAR)
    return Problem("unresolved-reference", what, where, remedy=f"nearest: {near[0]}" if near else "", value=wanted)


def _items(scheme: Scheme, where: Where) -> Iterator[Problem]:
    for item_id in _repeated(item.id for item in scheme.items):
        yield Problem("duplicate-item", f"{item_id!r} is listed more than once", where, value=item_id)
    for item in scheme.items:
        if item.parent is not None and item.parent not in scheme and not scheme.is_partial:
            near = get_close_matches(item.parent, list(scheme.by_id), n=1)
            yield Problem(
                "orphan-item",
                f"{item.id!r} lies under {item.parent!r}, which the list does not have",
                where,
                remedy=f"nearest: {near[0]}" if near else "",
                value=item.parent,
            )
    for circle in circles(scheme.by_id):
        yield Problem("parent-cycle", f"{' → '.join(circle)} lie under each other", where, value=circle[0])


def circles(by_id: Mapping[str, Item]) -> Iterator[tuple[str, ...]]:
    """Each circle of parents once, its first id repeated at the end."""
    settled: set[str] = set()
    for start in by_id:
        path: dict[str, None] = {}
        here: str | None = start
        while here is not None and here in by_id and here not in settled and here not in path:
            path[here] = None
            here = by_id[here].parent
        if here is not None and here in path:
            walked = tuple(path)
            yield (*walked[walked.index(here) :], here)
        settled.update(path)


def structure_problems(structure: DataStructure, where: Where) -> Iterator[Problem]:
    """What does not hold together in a structure itself, every problem put at ``where``."""
    everything = (*structure.dimensions, *structure.measures, *structure.attributes)
    for component_id in _repeated([c.id for c in everything] + [group.id for group in structure.groups]):
        yield Problem("duplicate-component", f"{component_id!r} is defined more than once", where, value=component_id)
    if not structure.key_dimensions:
        yield Problem("no-dimension", f"{structure.urn.short} has no dimension but time", where)
    times = [index for index, dimension in enumerate(structure.dimensions) if dimension.is_time]
    if times and times != [len(structure.dimensions) - 1]:
        yield Problem(
            "misplaced-time",
            f"{structure.urn.short}: the time dimension is not the last one, or there are several",
            where,
            remedy="keep one time dimension, after all others",
        )
    for dimension in structure.dimensions:
        if dimension.is_time != (dimension.id == TIME_DIMENSION):
            what = f"{dimension.id} is{'' if dimension.is_time else ' not'} the time dimension, which is always {TIME_DIMENSION}"
            yield Problem("misplaced-time", what, where, remedy="write time = true in that dimension and no other")
    yield from _attachments(structure, where)


def _attachments(structure: DataStructure, where: Where) -> Iterator[Problem]:
    dimensions = {dimension.id for dimension in structure.dimensions}
    groups = {group.id for group in structure.groups}
    named = [(f"group {group.id}", name) for group in structure.groups for name in group.dimensions]
    for attribute in structure.attributes:
        relationship = attribute.relationship
        named += [(attribute.id, name) for name in relationship.dimensions]
        if relationship.attachment is Attachment.GROUP and relationship.group not in groups:
            text = f"{attribute.id} is attached to group {relationship.group!r}, which does not exist"
            yield _missing(text, where, relationship.group or "", groups)
        if relationship.attachment is Attachment.DIMENSIONS and not relationship.dimensions:
            yield Problem("no-dimension", f"{attribute.id} is attached to dimensions and names none", where)
    for owner, name in named:
        if name not in dimensions:
            yield _missing(f"{owner} names dimension {name!r}, which does not exist", where, name, dimensions)


def _repeated(ids: Iterable[str]) -> list[str]:
    return [item_id for item_id, count in Counter(ids).items() if count > 1]

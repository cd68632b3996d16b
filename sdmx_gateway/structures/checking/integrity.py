"""Whether artefacts hold together: every reference found, every tree a tree, every structure one that can hold data.

What the model's own types cannot forbid is looked for here: a name that nothing answers to, an item listed twice, a
parent that is not there, a circle of parents, a relationship to a dimension that does not exist. What constraints, extensions,
hierarchies and maps name is looked for by :mod:`.constraints` and :mod:`.content`. All of it at once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, Final

from sdmx_gateway.errors import Problem, StructureError, Where
from sdmx_gateway.structures.checking.constraints import constraint_problems
from sdmx_gateway.structures.checking.content import content_problems
from sdmx_gateway.structures.checking.holding import NEAR, Holding, item_ids, named, nearest
from sdmx_gateway.structures.codec.artefacts.data_structure import TIME_DIMENSION
from sdmx_gateway.structures.model import (
    AgencyScheme,
    Artefact,
    Attachment,
    CategoryScheme,
    Codelist,
    ConceptScheme,
    ContentConstraint,
    DataConstraint,
    DataStructure,
    Item,
    ItemScheme,
    Kind,
    ReportingTaxonomy,
    Urn,
    ValueList,
)
from sdmx_gateway.structures.references import references
from sdmx_gateway.structures.urn import ANY

_ID: Final = re.compile(r"[A-Za-z0-9_@$\-]+")
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_\-]*")
_NESTED_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_\-]*(\.[A-Za-z][A-Za-z0-9_\-]*)*")


def check(held: Holding) -> tuple[Problem, ...]:
    """Every way the artefacts that are held do not hold together; ``where.key`` is the URN of the artefact to mend.

    What is only a reference to an artefact elsewhere is taken as it is.
    """
    problems: list[Problem] = []
    for artefact in held:
        if artefact.is_external_reference:
            continue
        where = Where(key=str(artefact.urn))
        problems += _unresolved(artefact, held, where)
        problems += wrong_ids(artefact, where)
        if not artefact.names:
            what = f"{artefact.urn.short} has no name"
            problems.append(Problem("missing-name", what, where, remedy="name it in fr and en"))
        problems += _own_problems(artefact, where)
        problems += content_problems(artefact, held)
        if isinstance(artefact, DataConstraint | ContentConstraint):
            problems += constraint_problems(artefact, held)
    return tuple(problems)


def _own_problems(artefact: Artefact, where: Where) -> Iterator[Problem]:
    """What does not hold together inside an artefact."""
    if isinstance(artefact, DataStructure):
        yield from structure_problems(artefact, where)
    elif isinstance(artefact, ItemScheme):
        yield from _items(artefact, where)
    elif isinstance(artefact, ValueList):
        yield from _listed_twice((item.id for item in artefact.items), where)
    elif isinstance(artefact, CategoryScheme | ReportingTaxonomy):
        yield from _siblings(artefact.categories, where)


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
    elif isinstance(artefact, AgencyScheme | Codelist | ConceptScheme):
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


def _unresolved(artefact: Artefact, held: Holding, where: Where) -> Iterator[Problem]:
    """References that nothing answers to, one problem for all items that one artefact lacks."""
    wanted: dict[tuple[Kind, str, str, str], dict[str | None, str]] = {}
    for owner, target in references(artefact):
        if ANY not in (target.agency, target.id):
            name = (target.kind, target.agency, target.id, target.version)
            wanted.setdefault(name, {}).setdefault(target.item, owner)
    for name, items in wanted.items():
        urn = Urn(*name)
        found = held.bound(urn)
        if found is not None:
            yield from _missing_items(found, {item: owner for item, owner in items.items() if item}, held, where)
            continue
        names = [other.urn.short for other in held if other.KIND is urn.kind]
        for item, owner in items.items():
            what = f"{owner} refers to {replace(urn, item=item).short}, which is not held"
            yield _missing(what, where, urn.short, names)


def _missing_items(found: Artefact, wanted: Mapping[str, str], held: Holding, where: Where) -> Iterator[Problem]:
    """``wanted``: each item that is referred to, and who refers to it."""
    try:
        known = item_ids(found, held) if wanted else None
    except StructureError:
        return  # lists that are extended are not held, which is told where they are
    missing = [] if known is None else [item for item in wanted if item not in known]
    if not missing or known is None:
        return
    what = f"{wanted[missing[0]]} refers to {missing[0]!r}, which {found.urn.short} does not have"
    if len(missing) > 1:
        what = f"it refers to {named(missing)}, which {found.urn.short} does not have"
    yield Problem("unresolved-reference", what, where, remedy=nearest(missing[0], known), value=missing[0])


def _missing(what: str, where: Where, wanted: str, known: Iterable[str]) -> Problem:
    near = get_close_matches(wanted, list(known), n=1, cutoff=NEAR)
    return Problem("unresolved-reference", what, where, remedy=f"nearest: {near[0]}" if near else "", value=wanted)


def _items(scheme: ItemScheme[Any], where: Where) -> Iterator[Problem]:
    yield from _listed_twice((item.id for item in scheme.items), where)
    for item in scheme.items:
        if item.parent is not None and item.parent not in scheme and not _is_open(scheme):
            yield Problem(
                "orphan-item",
                f"{item.id!r} lies under {item.parent!r}, which the list does not have",
                where,
                remedy=nearest(item.parent, scheme.by_id),
                value=item.parent,
            )
    for circle in circles(scheme.by_id):
        yield Problem("parent-cycle", f"{' → '.join(circle)} lie under each other", where, value=circle[0])


def _listed_twice(ids: Iterable[str], where: Where) -> Iterator[Problem]:
    for item_id in _repeated(ids):
        yield Problem("duplicate-item", f"{item_id!r} is listed more than once", where, value=item_id)


def _siblings(categories: Iterable[Any], where: Where) -> Iterator[Problem]:
    """Categories of one name under one parent."""
    held = list(categories)
    yield from _listed_twice((category.id for category in held), where)
    for category in held:
        yield from _siblings(category.categories, where)


def _is_open(scheme: ItemScheme[Any]) -> bool:
    """Whether the scheme may have items that it does not list itself."""
    return scheme.is_partial or bool(getattr(scheme, "extensions", ()))


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

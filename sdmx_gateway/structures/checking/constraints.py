"""Whether constraints speak of what there is: components their structures have, codes their lists have.

What a constraint is attached to leads to the structures it is about; an attachment that is not held is told with the other
references (:mod:`.integrity`), and what it leads to is then not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, cast

from sdmx_gateway.errors import Problem, StructureError, Where
from sdmx_gateway.structures.checking.holding import Holding, named, nearest
from sdmx_gateway.structures.model import (
    Artefact,
    Codelist,
    ContentConstraint,
    CubeRegion,
    DataConstraint,
    Dataflow,
    DataKey,
    DataStructure,
    Item,
    ItemScheme,
    MemberSelection,
    ProvisionAgreement,
    SelectedCode,
    Urn,
)
from sdmx_gateway.structures.selection import WILDCARD, selected

Constraint = DataConstraint | ContentConstraint
_STEPS: Final = 3
"""From an agreement to its flow, from the flow to its structure."""


def constraint_problems(constraint: Constraint, held: Holding) -> Iterator[Problem]:
    """Every component and every code the constraint names in vain, each sentence naming all of one sort."""
    where = Where(key=str(constraint.urn))
    selections = list(_selections(constraint))
    for structure in _structures(constraint, held):
        yield from _components(constraint, structure, where)
        yield from _codes(selections, structure, held, where)


def _selections(constraint: Constraint) -> Iterator[MemberSelection]:
    for region in constraint.regions:
        yield from (*region.keys, *region.components)
    for keys in constraint.key_sets:
        for key in keys.keys:
            yield from (*key.keys, *key.components)


def _structures(constraint: Constraint, held: Holding) -> Iterator[DataStructure]:
    """The structures of all it is attached to, each once."""
    attached = constraint.attachment.artefacts if constraint.attachment else ()
    found = {structure.urn: structure for urn in attached if (structure := structure_at(urn, held)) is not None}
    yield from found.values()


def structure_at(urn: Urn | None, held: Holding) -> DataStructure | None:
    """The data structure a reference leads to, through an agreement and a flow if need be."""
    for _ in range(_STEPS):
        if urn is None:
            return None
        artefact: Artefact | None = held.bound(urn)
        if isinstance(artefact, DataStructure):
            return artefact
        urn = _next(artefact)
    return None


def _next(artefact: Artefact | None) -> Urn | None:
    if isinstance(artefact, ProvisionAgreement):
        return artefact.flow
    return artefact.structure if isinstance(artefact, Dataflow) else None


def _components(constraint: Constraint, structure: DataStructure, where: Where) -> Iterator[Problem]:
    dimensions = {dimension.id for dimension in structure.dimensions}
    others = {*structure.components, *(usage.metadata_attribute for usage in structure.metadata_usages)}
    keys_named = (key for keys in constraint.key_sets for key in keys.keys)
    parts: list[CubeRegion | DataKey] = [*constraint.regions, *keys_named]
    keys = dict.fromkeys(s.component for part in parts for s in part.keys if s.component not in dimensions)
    components = dict.fromkeys(s.component for part in parts for s in part.components if s.component not in others)
    for wrong, known, what in ((keys, dimensions, "dimension"), (components, others, "component")):
        for name in wrong:
            yield Problem(
                "unresolved-reference",
                f"it constrains {name!r}, which is no {what} of {structure.urn.short}",
                where,
                remedy=nearest(name, known) or f"one of {', '.join(sorted(known))}",
                value=name,
            )


def _codes(
    selections: Iterable[MemberSelection], structure: DataStructure, held: Holding, where: Where
) -> Iterator[Problem]:
    wrong: dict[str, dict[str, None]] = {}
    lists: dict[str, Codelist | None] = {}
    for selection in selections:
        name = selection.component
        if name not in structure.components:
            continue
        if name not in lists:
            lists[name] = _list_of(structure, name, held)
        codelist = lists[name]
        if codelist is not None:
            missing = _missing(selection, codelist, _prefixes(structure, selection, held))
            wrong.setdefault(name, {}).update(dict.fromkeys(missing))
    for name, codes in wrong.items():
        codelist = lists[name]
        if codes and codelist is not None:
            yield _no_codes(name, list(codes), codelist, where)


def _no_codes(component: str, codes: list[str], codelist: Codelist, where: Where) -> Problem:
    are = "is no code" if len(codes) == 1 else "are no codes"
    what = f"{component}: {named(codes)} {are} of {codelist.urn.short}"
    return Problem("unresolved-reference", what, where, remedy=nearest(codes[0], codelist.by_id), value=codes[0])


def _list_of(structure: DataStructure, component: str, held: Holding) -> Codelist | None:
    """The codes of a component; ``None`` when it has none, or which they are is not known."""
    urn = structure.components[component].representation.codelist
    if urn is None or held.bound(urn) is None:
        return None
    try:
        codelist = held.enumeration(urn)
    except StructureError:
        return None
    return None if codelist.is_partial else codelist


def _prefixes(structure: DataStructure, selection: MemberSelection, held: Holding) -> tuple[str, ...]:
    """What may stand before a value for it to be a code: prefixes of extensions, if it is named without."""
    urn = structure.components[selection.component].representation.codelist
    source = None if urn is None or not selection.remove_prefix else held.bound(urn)
    extensions: tuple[object, ...] = getattr(source, "extensions", ())
    return ("", *(prefix for each in extensions if (prefix := getattr(each, "prefix", None))))


def _missing(selection: MemberSelection, codelist: Codelist, prefixes: tuple[str, ...]) -> Iterator[str]:
    known: Mapping[str, object] = codelist.by_id
    for said in selection.values:
        if WILDCARD in said.value:
            wishes = [SelectedCode(f"{prefix}{said.value}") for prefix in prefixes]
            if not selected(cast("ItemScheme[Item]", codelist), wishes):
                yield said.value
        elif not any(f"{prefix}{said.value}" in known for prefix in prefixes):
            yield said.value

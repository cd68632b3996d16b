"""Data structures, from SDMX 3 to 2.1 and the other way.

SDMX 3.0 Section 6, §11.2: metadata attributes can be created as data attributes; components in several languages, several values and
sentinel values are not supported; the primary measure has the role PRIMARY and is OBS_VALUE. Several measures, or none, would be a measure
dimension or attributes that nobody named, and a measure dimension would be a code list that nobody made, or another key: such structures
stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, TypeVar

from sdmx_gateway.errors import Problem
from sdmx_gateway.structures.model import (
    Attribute,
    Component,
    DataStructure,
    DataType,
    MetadataAttribute,
    MetadataAttributeUsage,
    MetadataStructure,
)
from sdmx_gateway.structures.translation.batch import Batch
from sdmx_gateway.structures.translation.outcome import Outcome, lost, stays, told

PRIMARY: Final = "PRIMARY"
"""The role of the primary measure (Section 6, §9.5), which SDMX 2.1 has no need to name."""

C = TypeVar("C", bound=Component)


def of_old_data_structure(structure: DataStructure, batch: Batch) -> Outcome:  # noqa: ARG001
    """The structure as SDMX 3 can have it: as it is, unless it has a measure dimension."""
    measured = [dimension.id for dimension in structure.dimensions if dimension.representation.is_of_concepts]
    if not measured:
        return Outcome(artefacts=(structure,))
    why = f"the values of {measured[0]} are concepts (a measure dimension), which SDMX 3 does not have"
    remedy = "make it a dimension of a code list, with the role MEASURE; or each of its concepts a measure"
    return stays(structure, why, remedy)


def of_data_structure(structure: DataStructure, batch: Batch) -> Outcome:
    """The structure as SDMX 2.1 can have it."""
    found = {each.id: each for each in _flat(_attributes(structure, batch))}
    reasons = list(dict.fromkeys(_reasons(structure, found)))
    if reasons:
        return stays(structure, "; ".join(reasons))
    added = tuple(_attribute(usage, found[usage.metadata_attribute]) for usage in structure.metadata_usages)
    new = replace(
        structure,
        dimensions=_in_one_language(structure.dimensions),
        measures=tuple(replace(measure, roles=()) for measure in _in_one_language(structure.measures)),
        attributes=(*_in_one_language(structure.attributes), *added),
        metadata=None,
        metadata_usages=(),
    )
    return Outcome(artefacts=(new if new != structure else structure,), notes=tuple(_notes(structure)))


def _notes(structure: DataStructure) -> Iterator[Problem]:
    own = [each for each in structure.components.values() if not each.representation.is_inherited]
    several = [component.id for component in own if component.representation.is_multilingual]
    if several:
        yield lost(structure.urn, f"SDMX 2.1 has data in one language only: {', '.join(several)}")
    single = [component.id for component in own if component.representation.is_multilingual is False]
    if single:
        yield told(
            structure.urn, f"data of SDMX 2.1 are in one language, which is not said again of {', '.join(single)}"
        )
    for measure in structure.measures:
        others = [role.short for role in measure.roles if role.item != PRIMARY]
        if others:
            yield lost(structure.urn, f"SDMX 2.1 does not say the role of a measure: {', '.join(others)}")
        elif measure.roles:
            yield told(
                structure.urn, f"the one measure of SDMX 2.1 is the primary one: {measure.id} needs no role to say so"
            )
    if structure.metadata_usages:
        named = ", ".join(usage.metadata_attribute for usage in structure.metadata_usages)
        yield lost(structure.urn, f"metadata attributes become attributes like others: {named}")
    elif structure.metadata is not None:
        yield lost(structure.urn, f"SDMX 2.1 does not name the metadata structure, {structure.metadata.short}")


def _reasons(structure: DataStructure, found: dict[str, MetadataAttribute]) -> Iterator[str]:
    taken = set(structure.components)
    for usage in structure.metadata_usages:
        attribute = found.get(usage.metadata_attribute)
        name = usage.metadata_attribute
        if attribute is None:
            yield f"{name} is an attribute of a metadata structure that is not translated with it"
        elif name in taken:
            yield f"{name} is a metadata attribute and a component, and SDMX 2.1 would have two components of that id"
        elif attribute.max_occurs != 1 or attribute.representation.data_type is DataType.XHTML:
            yield f"{name} has several values, or text with markup, which attributes of SDMX 2.1 cannot have"


def _attributes(structure: DataStructure, batch: Batch) -> tuple[MetadataAttribute, ...]:
    held = batch.find(structure.metadata, MetadataStructure)
    return () if held is None else held.attributes


def _flat(attributes: Iterable[MetadataAttribute]) -> Iterator[MetadataAttribute]:
    for attribute in attributes:
        yield attribute
        yield from _flat(attribute.attributes)


def _attribute(usage: MetadataAttributeUsage, attribute: MetadataAttribute) -> Attribute:
    representation = replace(attribute.representation, is_multilingual=None, sentinels=())
    return Attribute(
        id=usage.metadata_attribute,
        concept=attribute.concept,
        representation=representation,
        relationship=usage.relationship,
        annotations=(*usage.annotations, *attribute.annotations),
    )


def _in_one_language(components: tuple[C, ...]) -> tuple[C, ...]:
    """The components without a word on languages, which those of SDMX 2.1 do not have (SimpleComponentTextFormatType)."""
    return tuple(
        component
        if component.representation.is_multilingual is None or component.representation.is_inherited
        else replace(component, representation=replace(component.representation, is_multilingual=None))
        for component in components
    )

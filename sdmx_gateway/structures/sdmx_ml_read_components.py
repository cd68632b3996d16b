"""Reading the components of a data structure, whichever version spells them.

Components come out resolved: the values they say, else their concept's core representation, else text; the time
dimension always takes observational time periods. A measure dimension of SDMX 2.1 is read as a dimension of text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, TypedDict

from sdmx_gateway.structures.dialects import DIALECTS, PRIMARY_MEASURE, TIME_DIMENSION
from sdmx_gateway.structures.model import (
    Annotation,
    Attachment,
    Attribute,
    DataType,
    Dimension,
    Group,
    Kind,
    Measure,
    Relationship,
    Representation,
    Urn,
)
from sdmx_gateway.structures.reading import (
    Reading,
    children,
    first,
    name_of,
    read_annotations,
    read_local,
    read_reference,
    read_representation,
    whole,
)
from sdmx_gateway.structures.xml_guard import Element

Cores = Mapping[Urn, Representation]

_ATTACHMENTS: Final[Mapping[str, Attachment]] = {
    **{element: attachment for dialect in DIALECTS.values() for attachment, element in dialect.attachments.items()},
    "AttachmentGroup": Attachment.GROUP,
}
_DIMENSIONS: Final = ("Dimension", "TimeDimension", "MeasureDimension")
_ATTRIBUTES: Final = ("Attribute", "ReportingYearStartDay")
_MEASURES: Final = ("PrimaryMeasure", "Measure")
_LISTS: Final = {"DimensionList": _DIMENSIONS, "AttributeList": _ATTRIBUTES, "MeasureList": _MEASURES}
_DEFAULT_IDS: Final = {"TimeDimension": TIME_DIMENSION, "PrimaryMeasure": PRIMARY_MEASURE}
_READ_PARTS: Final = frozenset({"Annotations", "ConceptIdentity", "LocalRepresentation", "AttributeRelationship"})
_TIME: Final = Representation(data_type=DataType.OBSERVATIONAL_TIME_PERIOD)
_MANDATORY: Final = frozenset({"Mandatory", "mandatory"})


class Components(TypedDict):
    """The components of a structure, as keyword arguments of its class."""

    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...]
    attributes: tuple[Attribute, ...]
    groups: tuple[Group, ...]


class _Parts(TypedDict):
    """What every component has, as keyword arguments of its class."""

    id: str
    concept: Urn
    representation: Representation
    annotations: tuple[Annotation, ...]


def read_components(structure: Element, cores: Cores, reading: Reading) -> Components:
    """The components of a ``DataStructure`` element; whatever cannot be read is an error in ``reading``.

    Args:
        structure: the element.
        cores: core representations, by the URN of their concept.
        reading: the account of the message.
    """
    lists: dict[str, list[Element]] = {name: [] for name in _LISTS}
    groups: list[Element] = []
    for holder in children(structure, "DataStructureComponents"):
        groups += children(holder, "Group")
        for found in children(holder, *_LISTS):
            for component in children(found):
                if name_of(component) in _LISTS[name_of(found)]:
                    lists[name_of(found)].append(component)
                elif name_of(component) != "Annotations":
                    reading.left_out(component, name_of(component))
    dimensions = sorted(lists["DimensionList"], key=_position(lists["DimensionList"]).__getitem__)
    return {
        "dimensions": tuple(_dimensions(dimensions, cores, reading)),
        "measures": tuple(_measures(lists["MeasureList"], cores, reading)),
        "attributes": tuple(_attributes(lists["AttributeList"], cores, reading)),
        "groups": tuple(_groups(groups, reading)),
    }


def _position(dimensions: list[Element]) -> dict[Element, tuple[bool, int]]:
    """Where each dimension goes: time last, the others by their positions if all have one, else as they come."""
    said = [whole(element.get("position")) for element in dimensions if name_of(element) != "TimeDimension"]
    by_position = None not in said and len(set(said)) == len(said)
    return {
        element: (name_of(element) == "TimeDimension", whole(element.get("position")) or 0 if by_position else index)
        for index, element in enumerate(dimensions)
    }


def _dimensions(elements: list[Element], cores: Cores, reading: Reading) -> Iterator[Dimension]:
    for element in elements:
        parts = _parts(element, cores, reading)
        if parts is None:
            continue
        is_time = name_of(element) == "TimeDimension"
        if is_time:
            parts["representation"] = _TIME
        elif parts["representation"].max_occurs != 1:
            reading.repaired(f"dimension {parts['id']} cannot have several values", element)
            parts["representation"] = replace(parts["representation"], max_occurs=1)
        yield Dimension(**parts, is_time=is_time)


def _measures(elements: list[Element], cores: Cores, reading: Reading) -> Iterator[Measure]:
    for element in elements:
        parts = _parts(element, cores, reading)
        if parts is not None:
            yield Measure(**parts, mandatory=_is_mandatory(element))


def _attributes(elements: list[Element], cores: Cores, reading: Reading) -> Iterator[Attribute]:
    for element in elements:
        parts, relationship = _parts(element, cores, reading), _relationship(element, reading)
        if parts is not None and relationship is not None:
            yield Attribute(**parts, relationship=relationship, mandatory=_is_mandatory(element))


def _is_mandatory(element: Element) -> bool:
    return element.get("assignmentStatus", element.get("usage")) in _MANDATORY


def _parts(element: Element, cores: Cores, reading: Reading) -> _Parts | None:
    identity = first(element, "ConceptIdentity")
    if identity is None:
        reading.wrong("no-concept", f"{name_of(element)} {element.get('id', '')} has no concept", element)
        return None
    concept = read_reference(identity, Kind.CONCEPT_SCHEME, reading)
    if concept is None:
        return None
    if concept.kind is not Kind.CONCEPT_SCHEME or not concept.item:
        reading.wrong("wrong-reference", f"{concept.short} is no concept", identity)
        return None
    component_id = element.get("id") or _DEFAULT_IDS.get(name_of(element), concept.item)
    for part in children(element):
        if name_of(part) not in _READ_PARTS:
            reading.left_out(element, name_of(part))
    own = read_representation(first(element, "LocalRepresentation"), reading)
    return {
        "id": component_id,
        "concept": concept,
        "representation": own or cores.get(concept) or Representation(),
        "annotations": read_annotations(element, reading),
    }


def _relationship(attribute: Element, reading: Reading) -> Relationship | None:
    holder = first(attribute, "AttributeRelationship")
    targets = [] if holder is None else [child for child in children(holder) if name_of(child) in _ATTACHMENTS]
    if not targets:
        reading.wrong("no-relationship", f"attribute {attribute.get('id')} says not what it is attached to", attribute)
        return None
    attachment = _ATTACHMENTS[name_of(targets[0])]
    if attachment is Attachment.GROUP:
        return Relationship(attachment, group=read_local(targets[0]))
    if attachment is not Attachment.DIMENSIONS:
        return Relationship(attachment)
    for target in targets:
        if name_of(target) == "AttachmentGroup" or target.get("optional") == "true":
            reading.left_out(target, "AttachmentGroup" if target.get("optional") is None else "optional")
    dimensions = tuple(read_local(target) for target in targets if name_of(target) == "Dimension")
    return Relationship(attachment, dimensions=dimensions)


def _groups(elements: list[Element], reading: Reading) -> Iterator[Group]:
    for element in elements:
        names = [
            read_local(ref)
            for part in children(element, "GroupDimension")
            for ref in children(part, "DimensionReference")
        ]
        if not element.get("id") or not names:
            reading.left_out(element, "Group")
            continue
        yield Group(element.get("id", ""), tuple(names))

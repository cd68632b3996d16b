"""Writing the components of a data structure: dimensions, groups, attributes, measures, in the order schemas want."""

from __future__ import annotations

from sdmx_gateway.structures.dialects import PRIMARY_MEASURE, Dialect
from sdmx_gateway.structures.model import Attachment, Attribute, Component, DataStructure, Dimension, Measure
from sdmx_gateway.structures.xml_parts import (
    STRUCTURE,
    Element,
    child,
    write_annotations,
    write_local,
    write_reference,
    write_representation,
)


def write_components(element: Element, dialect: Dialect, structure: DataStructure) -> None:
    """The ``DataStructureComponents`` of a structure."""
    components = child(element, dialect, STRUCTURE, "DataStructureComponents")
    dimensions = child(components, dialect, STRUCTURE, "DimensionList", id="DimensionDescriptor")
    for position, dimension in enumerate(structure.dimensions, 1):
        _write_dimension(dimensions, dialect, dimension, position)
    for group in structure.groups:
        group_element = child(components, dialect, STRUCTURE, "Group", id=group.id)
        for name in group.dimensions:
            holder = child(group_element, dialect, STRUCTURE, "GroupDimension")
            write_local(child(holder, dialect, STRUCTURE, "DimensionReference"), dialect, name)
    if structure.attributes:
        attributes = child(components, dialect, STRUCTURE, "AttributeList", id="AttributeDescriptor")
        for attribute in structure.attributes:
            _write_attribute(attributes, dialect, attribute)
    if structure.measures:
        measures = child(components, dialect, STRUCTURE, "MeasureList", id="MeasureDescriptor")
        for measure in structure.measures:
            _write_measure(measures, dialect, measure)


def _write_component(parent: Element, dialect: Dialect, name: str, component: Component) -> Element:
    element = child(parent, dialect, STRUCTURE, name, id=component.id)
    write_annotations(element, dialect, component.annotations)
    write_reference(child(element, dialect, STRUCTURE, "ConceptIdentity"), dialect, component.concept)
    write_representation(element, dialect, "LocalRepresentation", component.representation)
    return element


def _write_dimension(parent: Element, dialect: Dialect, dimension: Dimension, position: int) -> None:
    element = _write_component(parent, dialect, "TimeDimension" if dimension.is_time else "Dimension", dimension)
    if not dimension.is_time:  # the 3.x schemas forbid a position on the time dimension, which is always last
        element.set("position", str(position))


def _write_measure(parent: Element, dialect: Dialect, measure: Measure) -> None:
    element = _write_component(parent, dialect, dialect.measure, measure)
    if dialect.measure_usage:
        _set_usage(element, dialect, mandatory=measure.mandatory)


def _write_attribute(parent: Element, dialect: Dialect, attribute: Attribute) -> None:
    element = _write_component(parent, dialect, "Attribute", attribute)
    _set_usage(element, dialect, mandatory=attribute.mandatory)
    relationship = attribute.relationship
    holder = child(element, dialect, STRUCTURE, "AttributeRelationship")
    name = dialect.attachments[relationship.attachment]
    targets: tuple[str, ...] = relationship.dimensions
    if relationship.attachment is Attachment.GROUP:
        targets = (relationship.group or "",)
    elif relationship.attachment is Attachment.OBSERVATION and not dialect.references_are_urns:
        targets = (PRIMARY_MEASURE,)
    elif relationship.attachment is not Attachment.DIMENSIONS:
        child(holder, dialect, STRUCTURE, name)
        return
    for target in targets:
        write_local(child(holder, dialect, STRUCTURE, name), dialect, target)


def _set_usage(element: Element, dialect: Dialect, *, mandatory: bool) -> None:
    name, yes, no = dialect.usage
    element.set(name, yes if mandatory else no)

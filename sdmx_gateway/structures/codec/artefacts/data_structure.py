"""Data structures and dataflows (SDMXStructureDataStructure, -Dataflow)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sdmx_gateway.structures.codec.artefacts import formats
from sdmx_gateway.structures.codec.artefacts.common import (
    ANNOTATIONS,
    IDENTIFIABLE,
    LINKS,
    LINKS_ONLY,
    NAMED_IDENTIFIABLE,
    maintainable,
)
from sdmx_gateway.structures.codec.artefacts.relationship import PRIMARY_MEASURE, RELATIONSHIP
from sdmx_gateway.structures.codec.artefacts.values import (
    CODES,
    CODES_OR_VALUES,
    TIME,
    Values,
    always,
    by_generation,
    lists_by_generation,
    only,
)
from sdmx_gateway.structures.codec.description import Description
from sdmx_gateway.structures.codec.form import EVERY, JSON, JSON_2, OF_2_1, OF_3, OF_3_1, Form
from sdmx_gateway.structures.codec.nested import Box, Nested, Variant
from sdmx_gateway.structures.codec.references import Local, Reference
from sdmx_gateway.structures.codec.scalar import BOOLEAN, NAME, WHOLE, worded
from sdmx_gateway.structures.codec.singles import Attr, Implied
from sdmx_gateway.structures.model import data_structure as m
from sdmx_gateway.structures.model.data_structure import Attachment, Relationship
from sdmx_gateway.structures.model.representation import DataType, Representation
from sdmx_gateway.structures.urn import Kind

TIME_DIMENSION: Final = "TIME_PERIOD"  # fixed id of the time dimension, all versions (TimeDimensionType)
YEAR_START: Final = "REPORTING_YEAR_START_DAY"  # fixed id (2.1 ReportingYearStartDayType)
MONTH_DAY: Final = Representation(data_type=DataType.MONTH_DAY)
CONCEPT: Final = Reference(
    field="concept", name="ConceptIdentity", json="conceptIdentity", kinds=(Kind.CONCEPT_SCHEME,), item=True
)
ROLES: Final = Reference(
    field="roles", name="ConceptRole", json="conceptRoles", kinds=(Kind.CONCEPT_SCHEME,), item=True, many=True
)
INHERITED: Final = Representation(is_inherited=True)
_LOCAL: Final = Values(
    field="representation",
    name="LocalRepresentation",
    json="localRepresentation",
    always=True,
    taken=always(formats.SIMPLE),
    lists=only(*CODES),
)
_OF_DIMENSION: Final = replace(_LOCAL, taken=by_generation(formats.SIMPLE, formats.DIMENSION))
_OF_TIME: Final = replace(_LOCAL, taken=always(formats.TIME), lists=only(), default=TIME, fixed=EVERY)
_OF_MEASURE_DIMENSION: Final = replace(
    _LOCAL, taken=always(None), lists=only(Kind.CONCEPT_SCHEME), coded=None, fixed=EVERY
)
_OF_MEASURE: Final = replace(
    _LOCAL,
    taken=by_generation(formats.SIMPLE, formats.BASIC),
    lists=lists_by_generation(CODES, CODES_OR_VALUES),
    occurs=True,
)
_OF_YEAR_START: Final = replace(_LOCAL, taken=always(formats.MONTH_DAY), lists=only(), default=MONTH_DAY, fixed=EVERY)
_COMPONENT: Final = (*NAMED_IDENTIFIABLE, CONCEPT)
_USAGE: Final = worded({"mandatory": True, "optional": False})
_STATUS: Final = worded({"Mandatory": True, "Conditional": False})
USAGE: Final = Attr(field="mandatory", name="usage", json="usage", scalar=_USAGE, always=True, forms=OF_3)
STATUS: Final = Attr(
    field="mandatory",
    name="assignmentStatus",
    json="assignmentStatus",
    scalar=_STATUS,
    always=True,
    forms=OF_2_1,
    reads=OF_3,
)


def called_by_concept(values: Mapping[str, Any]) -> tuple[Any, str | None]:
    """The id of a component that says none: its concept's (ComponentType, SDMXStructureBase.xsd)."""
    concept = values.get("concept")
    return (None if concept is None else concept.item), None


def _observation(values: Mapping[str, Any]) -> tuple[Any, str | None]:
    named = values.get("id", values.get("metadata_attribute", "an attribute"))
    what = f"{named} does not say what it is attached to, and is read as attached to the observation"
    return Relationship(Attachment.OBSERVATION), what


_CALLED: Final = {"id": called_by_concept}
_DIMENSION: Final = Description(
    m.Dimension, (*_COMPONENT, _OF_DIMENSION, ROLES, Implied(field="is_time")), fallbacks=_CALLED
)
_TIME: Final = Description(m.Dimension, (*_COMPONENT, _OF_TIME, Implied(field="is_time")), fallbacks=_CALLED)
_MEASURE_DIMENSION: Final = Description(
    m.Dimension, (*_COMPONENT, _OF_MEASURE_DIMENSION, ROLES, Implied(field="is_time")), fallbacks=_CALLED
)
_MEASURE: Final = Description(m.Measure, (*_COMPONENT, _OF_MEASURE, ROLES, USAGE), fallbacks=_CALLED)
_PRIMARY_MEASURE: Final = Description(m.Measure, (*_COMPONENT, _OF_MEASURE))
"""SDMX 2.1 says neither the role of a measure nor whether it is mandatory."""
_ATTRIBUTE: Final = Description(
    m.Attribute,
    (
        *_COMPONENT,
        _OF_MEASURE,
        ROLES,
        RELATIONSHIP,
        Local(
            field="measures",
            name="Measure",
            json="measureRelationship",
            many=True,
            outer="MeasureRelationship",
            one_outer=True,
            forms=OF_3,
            scalar=NAME,
        ),
        USAGE,
        STATUS,
    ),
    fallbacks={**_CALLED, "relationship": _observation},
)
_YEAR_START: Final = Description(
    m.Attribute,
    (*_COMPONENT, _OF_YEAR_START, RELATIONSHIP, STATUS),
    fallbacks={"relationship": _observation},
)


def _one_link(usage: m.MetadataAttributeUsage, form: Form) -> Iterator[str]:
    if form.is_xml and len(usage.links) > 1:
        yield "it has several links, of which SDMX-ML takes one"


_METADATA_USAGE: Final = Description(
    m.MetadataAttributeUsage,
    (
        ANNOTATIONS,
        LINKS_ONLY,
        Local(
            field="metadata_attribute",
            name="MetadataAttributeReference",
            json="metadataAttributeReference",
            scalar=NAME,
        ),
        RELATIONSHIP,
    ),
    rules=(_one_link,),
    fallbacks={"relationship": _observation},
)


def _of_something(group: m.Group, form: Form) -> Iterator[str]:  # noqa: ARG001
    if bool(group.dimensions) is (group.attachment_constraint is not None):
        yield "a group is of dimensions or of an attachment constraint"


_GROUP: Final = Description(
    m.Group,
    (
        *IDENTIFIABLE[:-1],
        replace(LINKS, forms=JSON),
        Local(
            field="dimensions",
            name="DimensionReference",
            json="groupDimensions",
            many=True,
            outer="GroupDimension",
            scalar=NAME,
        ),
        Reference(
            field="attachment_constraint",
            name="AttachmentConstraint",
            json="attachmentConstraint",
            kinds=(Kind.ATTACHMENT_CONSTRAINT,),
            forms=OF_2_1,
        ),
    ),
    rules=(_of_something,),
)


@dataclass(frozen=True, kw_only=True)
class Dimensions(Nested):
    """Dimensions, which say their position; time, which is last, says none."""

    def mark(self, put: Callable[[str, str], object], variant: Variant, position: int) -> None:
        """Say the position of a dimension."""
        if variant.name != "TimeDimension":
            put("position", str(position))

    def placed(self, take: Callable[[str], Any]) -> Any:
        """The position a dimension gives for itself; ``None`` when it is none."""
        take("type")  # in SDMX 2.1 the element or the list says it already
        said = take("position")
        place = None if said is None else WHOLE.from_json(said)
        return place if place and place > 0 else None

    def ordered(self, found: list[tuple[Any, Any]]) -> Iterable[Any]:
        """By position if every dimension but time has one of its own, else as they come; time last."""
        held = [(place, value) for place, value in found if value is not None]
        places = [place for place, value in held if not value.is_time]
        if None not in places and len(set(places)) == len(places):
            held.sort(key=lambda entry: (entry[1].is_time, entry[0] or 0))
        else:
            held.sort(key=lambda entry: entry[1].is_time)
        return (value for _, value in held)


_TIME_PRESET: Final = {"is_time": True, "id": TIME_DIMENSION, "representation": TIME}
_INHERITS: Final = {"representation": INHERITED}
_JSON_1: Final = frozenset({Form.JSON_1_0})


def _is_time(dimension: Any) -> bool:
    return bool(dimension.is_time)


def _is_measure_dimension(dimension: Any) -> bool:
    return bool(dimension.representation.is_of_concepts)


def _is_year_start(attribute: Any) -> bool:
    return bool(attribute.id == YEAR_START and attribute.representation == MONTH_DAY and not attribute.roles)


def _is_other(dimension: Any) -> bool:
    return not _is_measure_dimension(dimension)


DIMENSIONS: Final = Dimensions(
    field="dimensions",
    variants=(
        Variant("TimeDimension", "timeDimension", _TIME, _is_time, _TIME_PRESET, EVERY - _JSON_1, single=True),
        Variant("TimeDimension", "timeDimensions", _TIME, _is_time, _TIME_PRESET, _JSON_1, reads=JSON_2),
        Variant("MeasureDimension", "measureDimensions", _MEASURE_DIMENSION, _is_measure_dimension, _INHERITS, OF_2_1),
        Variant("Dimension", "dimensions", _DIMENSION, _is_other, _INHERITS),
    ),
    many=True,
)
MEASURES: Final = Nested(
    field="measures",
    variants=(
        Variant(
            "PrimaryMeasure",
            "primaryMeasure",
            _PRIMARY_MEASURE,
            lambda measure: measure.id == PRIMARY_MEASURE,
            {"id": PRIMARY_MEASURE, **_INHERITS},
            OF_2_1,
            single=True,
            reads=JSON_2,
        ),
        Variant("Measure", "measures", _MEASURE, preset=_INHERITS, forms=OF_3),
    ),
    many=True,
)
ATTRIBUTES: Final = Nested(
    field="attributes",
    variants=(
        Variant(
            "ReportingYearStartDay",
            "reportingYearStartDays",
            _YEAR_START,
            _is_year_start,
            {"id": YEAR_START, "representation": MONTH_DAY},
            OF_2_1,
        ),
        Variant("Attribute", "attributes", _ATTRIBUTE, preset=_INHERITS),
    ),
    many=True,
)


def _in_2_1(structure: m.DataStructure, form: Form) -> Iterator[str]:
    """SDMX 2.1 wants exactly one measure of every structure that has components."""
    named = [measure.id for measure in structure.measures]
    has_components = structure.dimensions or structure.attributes or structure.groups or named
    if form.is_of_2_1 and has_components and named != [PRIMARY_MEASURE]:
        shown = ", ".join(named) or "none"
        yield f"SDMX 2.1 has exactly one measure, {PRIMARY_MEASURE}; this one has {shown}"
    if form is Form.ML_2_1 and sum(map(_is_measure_dimension, structure.dimensions)) > 1:
        yield f"{form} has one measure dimension at most"


def _with_dimensions(structure: m.DataStructure, form: Form) -> Iterator[str]:
    named = (structure.measures, structure.attributes, structure.groups, structure.metadata_usages)
    if any(named) and not structure.dimensions:
        yield f"{form} wants dimensions in a structure that has components"


DATA_STRUCTURE: Final = Description(
    m.DataStructure,
    (
        *maintainable(),
        Attr(field="is_evolving", name="evolvingStructure", json="evolvingStructure", scalar=BOOLEAN, forms=OF_3_1),
        Box(
            name="DataStructureComponents",
            json="dataStructureComponents",
            parts=(
                Box(
                    name="DimensionList",
                    json="dimensionList",
                    parts=(DIMENSIONS,),
                    fixed={"id": "DimensionDescriptor"},
                ),
                Nested(field="groups", variants=(Variant("Group", "groups", _GROUP),), many=True),
                Box(
                    name="AttributeList",
                    json="attributeList",
                    parts=(
                        ATTRIBUTES,
                        Nested(
                            field="metadata_usages",
                            variants=(Variant("MetadataAttributeUsage", "metadataAttributeUsages", _METADATA_USAGE),),
                            many=True,
                            forms=OF_3,
                        ),
                    ),
                    fixed={"id": "AttributeDescriptor"},
                ),
                Box(name="MeasureList", json="measureList", parts=(MEASURES,), fixed={"id": "MeasureDescriptor"}),
            ),
        ),
        Reference(
            field="metadata", name="Metadata", json="metadata", kinds=(Kind.METADATA_STRUCTURE,), item=False, forms=OF_3
        ),
    ),
    rules=(_in_2_1, _with_dimensions),
)
DATAFLOW: Final = Description(
    m.Dataflow,
    (
        *maintainable(),
        Reference(field="structure", name="Structure", json="structure", kinds=(Kind.DATA_STRUCTURE,), item=False),
        Local(
            field="dimensions",
            name="Dimension",
            json="dimensionConstraint",
            many=True,
            outer="DimensionConstraint",
            one_outer=True,
            forms=OF_3_1,
            scalar=NAME,
        ),
    ),
)

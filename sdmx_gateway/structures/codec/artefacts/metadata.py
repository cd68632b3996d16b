"""Metadata structures, metadata flows and agreements (SDMXStructureMetadataStructure, -Metadataflow, -ProvisionAgreement)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from sdmx_gateway.errors import Problem
from sdmx_gateway.structures.codec.artefacts import formats
from sdmx_gateway.structures.codec.artefacts.common import IDENTIFIABLE, NAMED_IDENTIFIABLE, maintainable
from sdmx_gateway.structures.codec.artefacts.data_structure import CONCEPT, called_by_concept
from sdmx_gateway.structures.codec.artefacts.values import CODES, TIME, UNBOUNDED, Values, always, only
from sdmx_gateway.structures.codec.description import Description
from sdmx_gateway.structures.codec.form import EVERY, JSON_2, OF_2_1, OF_3, XML, XML_3, Form
from sdmx_gateway.structures.codec.nested import Box, Nested, Variant
from sdmx_gateway.structures.codec.node import JsonNode, XmlNode
from sdmx_gateway.structures.codec.references import Local, Reference
from sdmx_gateway.structures.codec.rules import no_two
from sdmx_gateway.structures.codec.scalar import BOOLEAN, NATURAL, POSITIVE, STRING
from sdmx_gateway.structures.codec.singles import Attr, Implied, unfit
from sdmx_gateway.structures.model import metadata as m
from sdmx_gateway.structures.model.metadata import TargetKind
from sdmx_gateway.structures.model.representation import DataType, Representation
from sdmx_gateway.structures.urn import Kind
from sdmx_gateway.structures.xml_guard import Element


@dataclass(frozen=True, kw_only=True)
class Occurrences(Attr):
    """How often at most; ``None`` is written as unbounded."""

    def to_xml(self, parent: Element, value: Any, form: Form) -> None:  # noqa: ARG002
        """Set the attribute."""
        parent.set(self.name, UNBOUNDED if value is None else str(value))

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """The number, or none."""
        if node.attributes.get(self.name) == UNBOUNDED:
            node.attribute(self.name)
            values[self.field] = None
        else:
            super().from_xml(node, values)

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:  # noqa: ARG002
        """Set the member."""
        members[self.json] = UNBOUNDED if value is None else value

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """The number, or none."""
        if node.members.get(self.json) == UNBOUNDED:
            node.take(self.json)
            values[self.field] = None
        else:
            super().from_json(node, values)

    def losses(self, value: Any, form: Form, path: str) -> Iterator[Problem]:
        """A number below 1, or with more digits than are read."""
        if value is not None and not POSITIVE.fits(value, form):
            yield unfit(value, self.field, POSITIVE.name, path)


METADATA_ATTRIBUTE: Final[Description] = Description(
    m.MetadataAttribute,
    (
        *NAMED_IDENTIFIABLE,
        Attr(field="min_occurs", name="minOccurs", json="minOccurs", scalar=NATURAL),
        Occurrences(field="max_occurs", name="maxOccurs", json="maxOccurs", scalar=NATURAL),
        Attr(field="is_presentational", name="isPresentational", json="isPresentational", scalar=BOOLEAN),
        CONCEPT,
        Values(
            field="representation",
            name="LocalRepresentation",
            json="localRepresentation",
            always=True,
            taken=always(formats.BASIC),
            lists=only(*CODES),
        ),
        Nested(
            field="attributes",
            variants=(Variant("MetadataAttribute", "metadataAttributes", lambda: METADATA_ATTRIBUTE),),
            many=True,
        ),
    ),
    fallbacks={"id": called_by_concept},
    rules=(no_two("attributes"),),
)


@dataclass(frozen=True)
class _Target:
    """What a kind of target object is like: its fixed id, its values, what they may be taken from."""

    own_id: str | None
    values: Representation
    lists: tuple[Kind, ...] = ()


_SCHEMES: Final = (
    Kind.CODELIST, Kind.AGENCY_SCHEME, Kind.CATEGORY_SCHEME, Kind.CONCEPT_SCHEME, Kind.DATA_CONSUMER_SCHEME,
    Kind.DATA_PROVIDER_SCHEME, Kind.ORGANISATION_UNIT_SCHEME, Kind.REPORTING_TAXONOMY,
)  # fmt: skip
"""ItemSchemeTypeCodelistType, SDMXCommonReferences.xsd of 2.1, VTL apart."""
_TARGETS: Final = {
    TargetKind.KEY: _Target("DIMENSION_DESCRIPTOR_VALUES_TARGET", Representation(data_type=DataType.KEY_VALUES)),
    TargetKind.DATA_SET: _Target("DATA_SET_TARGET", Representation(data_type=DataType.DATA_SET_REFERENCE)),
    TargetKind.CONSTRAINT: _Target(
        "CONSTRAINT_CONTENT_TARGET", Representation(data_type=DataType.ATTACHMENT_CONSTRAINT_REFERENCE)
    ),
    TargetKind.REPORT_PERIOD: _Target("REPORT_PERIOD_TARGET", TIME),
    TargetKind.OBJECT: _Target(None, Representation(data_type=DataType.IDENTIFIABLE_REFERENCE), _SCHEMES),
}
OBJECT_TYPES: Final = frozenset(
    {
        "Any", "Agency", "AgencyScheme", "AttachmentConstraint", "Attribute", "AttributeDescriptor", "Categorisation",
        "Category", "CategorySchemeMap", "CategoryScheme", "Code", "CodeMap", "Codelist", "CodelistMap",
        "ComponentMap", "Concept", "ConceptMap", "ConceptScheme", "ConceptSchemeMap", "Constraint",
        "ConstraintTarget", "ContentConstraint", "Dataflow", "DataConsumer", "DataConsumerScheme", "DataProvider",
        "DataProviderScheme", "DataSetTarget", "DataStructure", "Dimension", "DimensionDescriptor",
        "DimensionDescriptorValuesTarget", "GroupDimensionDescriptor", "HierarchicalCode", "HierarchicalCodelist",
        "Hierarchy", "HybridCodelistMap", "HybridCodeMap", "IdentifiableObjectTarget", "Level", "MeasureDescriptor",
        "MeasureDimension", "Metadataflow", "MetadataAttribute", "MetadataSet", "MetadataStructure", "MetadataTarget",
        "Organisation", "OrganisationMap", "OrganisationScheme", "OrganisationSchemeMap", "OrganisationUnit",
        "OrganisationUnitScheme", "PrimaryMeasure", "Process", "ProcessStep", "ProvisionAgreement",
        "ReportingCategory", "ReportingCategoryMap", "ReportingTaxonomy", "ReportingTaxonomyMap",
        "ReportingYearStartDay", "ReportPeriodTarget", "ReportStructure", "StructureMap", "StructureSet",
        "TimeDimension", "Transition",
    }
)  # fmt: skip
"""The classes an object may be of that is reported on (ObjectTypeCodelistType; VTL is missing in SDMX-JSON 1.0)."""


def _object_type(text: str, form: Form) -> bool:  # noqa: ARG001
    return text in OBJECT_TYPES


def _target(kind: TargetKind) -> Variant:
    json = f"{kind.value[0].lower()}{kind.value[1:]}s"
    like = _TARGETS[kind]
    taken = formats.TIME if kind is TargetKind.REPORT_PERIOD else formats.target(like.values.data_type)
    object_type = Attr(
        field="object_type",
        name="objectType",
        json="objectType",
        scalar=STRING.where("a class of SDMX 2.1", _object_type),
        needed=OF_2_1,
    )

    def is_fixed(target: m.TargetObject, form: Form) -> Iterator[str]:  # noqa: ARG001
        if like.own_id is not None and target.id != like.own_id:
            yield f"a {kind.value} is always called {like.own_id}"

    description = Description(
        m.TargetObject,
        (
            *NAMED_IDENTIFIABLE,
            Implied(field="kind"),
            *((object_type,) if kind is TargetKind.OBJECT else ()),
            Values(
                field="representation",
                name="LocalRepresentation",
                json="localRepresentation",
                taken=always(taken),
                lists=only(*like.lists),
                coded=None,
                default=like.values,
                fixed=EVERY,
            ),
        ),
        rules=(is_fixed,),
    )
    preset = {"kind": kind, "representation": like.values, **({} if like.own_id is None else {"id": like.own_id})}
    return Variant(kind.value, json, description, lambda target: target.kind is kind, preset)


METADATA_TARGET: Final = Description(
    m.MetadataTarget,
    (
        *IDENTIFIABLE,
        Nested(
            field="objects",
            variants=tuple(_target(kind) for kind in TargetKind),
            many=True,
            needed=frozenset({Form.ML_2_1}),
        ),
    ),
    rules=(no_two("objects"),),
)
_ATTRIBUTES: Final = Nested(
    field="attributes", variants=(Variant("MetadataAttribute", "metadataAttributes", METADATA_ATTRIBUTE),), many=True
)
REPORT_STRUCTURE: Final = Description(
    m.ReportStructure,
    (
        *IDENTIFIABLE,
        replace(_ATTRIBUTES, needed=OF_2_1),
        Local(field="targets", name="MetadataTarget", json="metadataTargets", many=True, needed=OF_2_1),
    ),
    rules=(no_two("attributes"),),
)


def _both_or_neither(structure: m.MetadataStructure, form: Form) -> Iterator[str]:
    if form.is_of_2_1 and bool(structure.targets) is not bool(structure.reports):
        yield f"{form} wants targets and report structures, or neither"


METADATA_STRUCTURE: Final = Description(
    m.MetadataStructure,
    (
        *maintainable(),
        Box(
            name="MetadataStructureComponents",
            json="metadataStructureComponents",
            parts=(
                Box(
                    name="MetadataAttributeList",
                    json="metadataAttributeList",
                    parts=(_ATTRIBUTES,),
                    fixed={"id": "MetadataAttributeDescriptor"},
                    forms=OF_3,
                ),
                Nested(
                    field="targets",
                    variants=(Variant("MetadataTarget", "metadataTargets", METADATA_TARGET),),
                    many=True,
                    forms=OF_2_1,
                ),
                Nested(
                    field="reports",
                    variants=(Variant("ReportStructure", "reportStructures", REPORT_STRUCTURE),),
                    many=True,
                    forms=OF_2_1,
                ),
            ),
        ),
    ),
    rules=(_both_or_neither, no_two("attributes", "targets", "reports")),
)
TARGETS: Final = Reference(field="targets", name="Target", json="targets", many=True, forms=OF_3, is_pattern=True)
METADATAFLOW: Final = Description(
    m.Metadataflow,
    (
        *maintainable(),
        Reference(field="structure", name="Structure", json="structure", kinds=(Kind.METADATA_STRUCTURE,), item=False),
        replace(TARGETS, needed=XML_3),
    ),
)
_EVER: Final = EVERY - JSON_2
"""The forms in which an agreement cannot lack what it is about (nor be a stub)."""
PROVISION_AGREEMENT: Final = Description(
    m.ProvisionAgreement,
    (
        *maintainable(),
        Reference(
            field="flow", name="Dataflow", json="dataflow", kinds=(Kind.DATAFLOW,), item=False, forms=OF_3, needed=_EVER
        ),
        Reference(
            field="flow",
            name="StructureUsage",
            json="structureUsage",
            kinds=(Kind.DATAFLOW, Kind.METADATAFLOW),
            item=False,
            forms=OF_2_1,
            needed=_EVER,
        ),
        Reference(
            field="provider",
            name="DataProvider",
            json="dataProvider",
            kinds=(Kind.DATA_PROVIDER_SCHEME,),
            item=True,
            needed=_EVER,
        ),
    ),
)
METADATA_PROVISION_AGREEMENT: Final = Description(
    m.MetadataProvisionAgreement,
    (
        *maintainable(),
        Reference(
            field="flow",
            name="Metadataflow",
            json="metadataflow",
            kinds=(Kind.METADATAFLOW,),
            item=False,
            needed=XML,
        ),
        Reference(
            field="provider",
            name="MetadataProvider",
            json="metadataProvider",
            kinds=(Kind.METADATA_PROVIDER_SCHEME,),
            item=True,
            needed=XML,
        ),
        TARGETS,
    ),
)

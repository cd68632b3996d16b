"""Which names a form can refer to: the classes, versions and ids that may stand in a reference.

SDMX 3: the patterns of UrnTypeBase and of the reference types in SDMXCommonReferences.xsd, and of ``urn`` and the reference
types of sdmx-json-structure-schema.json. SDMX 2.1: RefBaseType and ObjectTypeCodelistType; SDMX-JSON 1.0 takes any URN.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from sdmx_gateway.structures.codec.form import NUMBERS, SEMANTIC, Form
from sdmx_gateway.structures.urn import ANY, ID, NESTED_ID, NESTED_NAME, Kind, Urn

_NUMBER: Final = r"(0|[1-9]\d*)"
_OPEN: Final = re.compile(
    rf"{_NUMBER}\+\.{_NUMBER}\.{_NUMBER}|{_NUMBER}\.{_NUMBER}\+\.{_NUMBER}|{_NUMBER}\.{_NUMBER}\.{_NUMBER}\+", re.ASCII
)
"""A version that leaves it open which one is meant (VersionReferenceType): ``+`` behind one of three numbers."""
_IN_3: Final = frozenset(
    {
        "base.Agency", "base.AgencyScheme", "base.DataConsumer", "base.DataConsumerScheme", "base.DataProvider",
        "base.DataProviderScheme", "base.MetadataProvider", "base.MetadataProviderScheme", "base.OrganisationUnit",
        "base.OrganisationUnitScheme", "categoryscheme.Categorisation", "categoryscheme.Category",
        "categoryscheme.CategoryScheme", "categoryscheme.ReportingCategory", "categoryscheme.ReportingTaxonomy",
        "codelist.Code", "codelist.Codelist", "codelist.HierarchicalCode", "codelist.Hierarchy",
        "codelist.HierarchyAssociation", "codelist.Level", "codelist.ValueList", "conceptscheme.Concept",
        "conceptscheme.ConceptScheme", "datastructure.AttributeDescriptor", "datastructure.DataAttribute",
        "datastructure.Dataflow", "datastructure.DataStructure", "datastructure.Dimension",
        "datastructure.DimensionDescriptor", "datastructure.GroupDimensionDescriptor", "datastructure.Measure",
        "datastructure.MeasureDescriptor", "datastructure.TimeDimension", "metadatastructure.MetadataAttribute",
        "metadatastructure.Metadataflow", "metadatastructure.MetadataStructure", "process.Process",
        "process.ProcessStep", "process.Transition", "registry.DataConstraint", "registry.MetadataConstraint",
        "registry.MetadataProvisionAgreement", "registry.ProvisionAgreement", "structuremapping.CategorySchemeMap",
        "structuremapping.ConceptSchemeMap", "structuremapping.DatePatternMap", "structuremapping.EpochMap",
        "structuremapping.FrequencyFormatMapping", "structuremapping.OrganisationSchemeMap",
        "structuremapping.ReportingTaxonomyMap", "structuremapping.RepresentationMap",
        "structuremapping.StructureMap", "transformation.CustomType", "transformation.CustomTypeScheme",
        "transformation.NamePersonalisation", "transformation.NamePersonalisationScheme", "transformation.Ruleset",
        "transformation.RulesetScheme", "transformation.Transformation", "transformation.TransformationScheme",
        "transformation.UserDefinedOperator", "transformation.UserDefinedOperatorScheme",
        "transformation.VtlCodelistMapping", "transformation.VtlConceptMapping", "transformation.VtlDataflowMapping",
        "transformation.VtlMappingScheme",
    }
)  # fmt: skip
_ONLY_IN_2_1: Final = frozenset(
    {Kind.HIERARCHICAL_CODELIST, Kind.STRUCTURE_SET, Kind.CONTENT_CONSTRAINT, Kind.ATTACHMENT_CONSTRAINT}
)
_XML_ONLY: Final = frozenset({"metadatastructure.MetadataSet"})
_NOT_IN_2_1: Final = frozenset(
    {
        Kind.METADATA_PROVIDER_SCHEME, Kind.GEOGRAPHIC_CODELIST, Kind.GEO_GRID_CODELIST, Kind.VALUE_LIST, Kind.HIERARCHY,
        Kind.HIERARCHY_ASSOCIATION, Kind.METADATA_PROVISION_AGREEMENT, Kind.DATA_CONSTRAINT, Kind.METADATA_CONSTRAINT,
        Kind.STRUCTURE_MAP, Kind.REPRESENTATION_MAP, Kind.CONCEPT_SCHEME_MAP, Kind.CATEGORY_SCHEME_MAP,
        Kind.ORGANISATION_SCHEME_MAP, Kind.REPORTING_TAXONOMY_MAP,
    }
)  # fmt: skip
_CLASSES_2_1: Final = frozenset(
    {
        "Agency", "AgencyScheme", "AttachmentConstraint", "Attribute", "AttributeDescriptor", "Categorisation",
        "Category", "CategorySchemeMap", "CategoryScheme", "Code", "CodeMap", "Codelist", "CodelistMap",
        "ComponentMap", "Concept", "ConceptMap", "ConceptScheme", "ConceptSchemeMap", "ContentConstraint",
        "CustomType", "CustomTypeScheme", "Dataflow", "DataConsumer", "DataConsumerScheme", "DataProvider",
        "DataProviderScheme", "DataSetTarget", "DataStructure", "Dimension", "DimensionDescriptor",
        "DimensionDescriptorValuesTarget", "GroupDimensionDescriptor", "HierarchicalCode", "HierarchicalCodelist",
        "Hierarchy", "HybridCodelistMap", "HybridCodeMap", "IdentifiableObjectTarget", "Level", "MeasureDescriptor",
        "MeasureDimension", "Metadataflow", "MetadataAttribute", "MetadataSet", "MetadataStructure", "MetadataTarget",
        "NamePersonalisation", "NamePersonalisationScheme", "OrganisationMap", "OrganisationSchemeMap",
        "OrganisationUnit", "OrganisationUnitScheme", "PrimaryMeasure", "Process", "ProcessStep",
        "ProvisionAgreement", "ReportingCategory", "ReportingCategoryMap", "ReportingTaxonomy",
        "ReportingTaxonomyMap", "ReportingYearStartDay", "ReportPeriodTarget", "ReportStructure", "Ruleset",
        "RulesetScheme", "StructureMap", "StructureSet", "TimeDimension", "Transformation", "TransformationScheme",
        "Transition", "UserDefinedOperator", "UserDefinedOperatorScheme", "VtlMapping", "VtlMappingScheme",
    }
)  # fmt: skip
_FIXED: Final = {
    Kind.AGENCY_SCHEME: "AGENCIES",
    Kind.DATA_PROVIDER_SCHEME: "DATA_PROVIDERS",
    Kind.DATA_CONSUMER_SCHEME: "DATA_CONSUMERS",
    Kind.METADATA_PROVIDER_SCHEME: "METADATA_PROVIDERS",
}
"""The id each of these schemes always has; its version is always 1.0."""


def fixed_id(kind: Kind) -> str | None:
    """The id every scheme of a kind has, if they all have the same."""
    return _FIXED.get(kind)


@lru_cache(maxsize=8192)
def why_not(urn: Urn, form: Form, *, is_pattern: bool = False, is_any: bool = False) -> str | None:
    """Why a form cannot refer to what a URN names; ``None`` when it can.

    Args:
        urn: the reference.
        form: the form it is to be written in.
        is_pattern: whether ``*`` may stand for any agency, id or version there (WildcardUrnType).
        is_any: whether anything may be referred to there, by which SDMX-JSON 2.0 means any class but that of value lists.
    """
    if urn.item is not None and urn.class_name not in urn.kind.item_classes:
        return f"a {urn.kind.value} has no {urn.item_class or 'items'}"
    if form.is_of_2_1:
        return _why_not_in_2_1(urn, form)
    named = f"{urn.kind.package}.{urn.class_name}"
    if urn.kind in _ONLY_IN_2_1 or (named not in _IN_3 and not (form.is_xml and named in _XML_ONLY)):
        return f"it has no references to a {urn.class_name}"
    if form is Form.JSON_2_0 and urn.kind is Kind.VALUE_LIST and (is_pattern or is_any):
        return "its schema has no ValueList there"
    starred = ANY if is_pattern else ""
    if not (urn.agency == starred or NESTED_NAME.fullmatch(urn.agency)) or not (
        urn.id == starred or ID.fullmatch(urn.id)
    ):
        return "the agency or the id is none"
    if urn.version != starred and not (SEMANTIC.fullmatch(urn.version) or _OPEN.fullmatch(urn.version)):
        return f"the version {urn.version} is none there"
    fixed = _FIXED.get(urn.kind)
    if fixed is not None and (urn.id, urn.version) != (fixed, "1.0") and not (is_pattern and urn.item is None):
        return f"it is always {fixed}(1.0)"
    return None if urn.item is None or _is_item(urn.item, starred) else "the item's id is none"


def _is_item(item: str, starred: str) -> bool:
    return NESTED_ID.fullmatch(item) is not None or (bool(starred) and set(item.split(".")) == {ANY})


def _why_not_in_2_1(urn: Urn, form: Form) -> str | None:
    if urn.is_open:
        return "it leaves open what it means"
    if not NESTED_NAME.fullmatch(urn.agency) or not ID.fullmatch(urn.id) or not NUMBERS.fullmatch(urn.version):
        return "the agency, the id or the version is none there"
    if urn.item is not None and not NESTED_ID.fullmatch(urn.item):
        return "the item's id is none"
    if urn.kind in _NOT_IN_2_1 or (form.is_xml and urn.class_name not in _CLASSES_2_1):
        return f"it has no references to a {urn.class_name}"
    return None

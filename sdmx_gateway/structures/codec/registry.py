"""Where each kind of artefact stands in a message: one table, in the order the schemas of SDMX 3 want."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sdmx_gateway.structures.codec.artefacts import (
    constraints,
    data_structure,
    hierarchies,
    maps,
    metadata,
    organisations,
    process,
    schemes,
    structure_set,
    vtl,
)
from sdmx_gateway.structures.codec.description import Description
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.urn import Kind


@dataclass(frozen=True)
class Shelf:
    """Where artefacts of a kind stand.

    Attributes:
        kind: the kind.
        of: its description.
        container: the element around them in SDMX-ML 3.0 and 3.1; empty: they do not exist there.
        container_2_1: the one in SDMX-ML 2.1; empty: likewise.
        json: the member in SDMX-JSON 2.0 and 2.1.
        json_1: the member in SDMX-JSON 1.0.
    """

    kind: Kind
    of: Description
    container: str
    container_2_1: str
    json: str
    json_1: str

    def place(self, form: Form) -> str:
        """The container, or the member, in a form; empty when the form does not have the kind."""
        if form.is_xml:
            return self.container_2_1 if form.is_of_2_1 else self.container
        return self.json_1 if form.is_of_2_1 else self.json


def _member(plural: str) -> str:
    return f"{plural[0].lower()}{plural[1:]}"


def _shelf(kind: Kind, of: Description, plural: str, old: str = "", *, json_1: bool = True) -> Shelf:
    """A kind of SDMX 3; ``old``: its container in SDMX 2.1, if it has one."""
    member = _member(plural)
    return Shelf(kind, of, plural, old, member, member if old and json_1 else "")


def _vtl(kind: Kind, of: Description, plural: str, old: str) -> Shelf:
    return _shelf(kind, of, plural, old, json_1=False)


def _old(kind: Kind, of: Description, container: str, json_1: str) -> Shelf:
    """A kind of SDMX 2.1 only."""
    return Shelf(kind, of, "", container, "", json_1)


_ORGANISATIONS: Final = "OrganisationSchemes"
SHELVES: Final = (
    _shelf(Kind.AGENCY_SCHEME, organisations.AGENCIES, "AgencySchemes", _ORGANISATIONS),
    _shelf(Kind.CATEGORISATION, schemes.CATEGORISATION, "Categorisations", "Categorisations"),
    _shelf(Kind.CATEGORY_SCHEME_MAP, maps.CATEGORY_SCHEME_MAP, "CategorySchemeMaps"),
    _shelf(Kind.CATEGORY_SCHEME, schemes.CATEGORY_SCHEME, "CategorySchemes", "CategorySchemes"),
    _shelf(Kind.CODELIST, schemes.CODELIST, "Codelists", "Codelists"),
    _shelf(Kind.CONCEPT_SCHEME_MAP, maps.CONCEPT_SCHEME_MAP, "ConceptSchemeMaps"),
    _shelf(Kind.CONCEPT_SCHEME, schemes.CONCEPT_SCHEME, "ConceptSchemes", "Concepts"),
    _vtl(Kind.CUSTOM_TYPE_SCHEME, vtl.CUSTOM_TYPE_SCHEME, "CustomTypeSchemes", "CustomTypes"),
    _shelf(Kind.DATA_CONSTRAINT, constraints.DATA_CONSTRAINT, "DataConstraints"),
    _shelf(Kind.DATA_CONSUMER_SCHEME, organisations.DATA_CONSUMERS, "DataConsumerSchemes", _ORGANISATIONS),
    _shelf(Kind.DATAFLOW, data_structure.DATAFLOW, "Dataflows", "Dataflows"),
    _shelf(Kind.DATA_PROVIDER_SCHEME, organisations.DATA_PROVIDERS, "DataProviderSchemes", _ORGANISATIONS),
    _shelf(Kind.DATA_STRUCTURE, data_structure.DATA_STRUCTURE, "DataStructures", "DataStructures"),
    _shelf(Kind.GEOGRAPHIC_CODELIST, schemes.GEOGRAPHIC_CODELIST, "GeographicCodelists"),
    _shelf(Kind.GEO_GRID_CODELIST, schemes.GEO_GRID_CODELIST, "GeoGridCodelists"),
    _shelf(Kind.HIERARCHY, hierarchies.HIERARCHY, "Hierarchies"),
    _shelf(Kind.HIERARCHY_ASSOCIATION, hierarchies.HIERARCHY_ASSOCIATION, "HierarchyAssociations"),
    _shelf(Kind.METADATA_CONSTRAINT, constraints.METADATA_CONSTRAINT, "MetadataConstraints"),
    _shelf(Kind.METADATAFLOW, metadata.METADATAFLOW, "Metadataflows", "Metadataflows"),
    _shelf(Kind.METADATA_PROVIDER_SCHEME, organisations.METADATA_PROVIDERS, "MetadataProviderSchemes"),
    _shelf(Kind.METADATA_PROVISION_AGREEMENT, metadata.METADATA_PROVISION_AGREEMENT, "MetadataProvisionAgreements"),
    _shelf(Kind.METADATA_STRUCTURE, metadata.METADATA_STRUCTURE, "MetadataStructures", "MetadataStructures"),
    _vtl(Kind.NAME_PERSONALISATION_SCHEME, vtl.NAME_SCHEME, "NamePersonalisationSchemes", "NamePersonalisations"),
    _shelf(Kind.ORGANISATION_SCHEME_MAP, maps.ORGANISATION_SCHEME_MAP, "OrganisationSchemeMaps"),
    _shelf(Kind.ORGANISATION_UNIT_SCHEME, organisations.ORGANISATION_UNITS, "OrganisationUnitSchemes", _ORGANISATIONS),
    _shelf(Kind.PROCESS, process.PROCESS, "Processes", "Processes"),
    _shelf(Kind.PROVISION_AGREEMENT, metadata.PROVISION_AGREEMENT, "ProvisionAgreements", "ProvisionAgreements"),
    _shelf(Kind.REPORTING_TAXONOMY, schemes.REPORTING_TAXONOMY, "ReportingTaxonomies", "ReportingTaxonomies"),
    _shelf(Kind.REPORTING_TAXONOMY_MAP, maps.REPORTING_TAXONOMY_MAP, "ReportingTaxonomyMaps"),
    _shelf(Kind.REPRESENTATION_MAP, maps.REPRESENTATION_MAP, "RepresentationMaps"),
    _vtl(Kind.RULESET_SCHEME, vtl.RULESET_SCHEME, "RulesetSchemes", "Rulesets"),
    _shelf(Kind.STRUCTURE_MAP, maps.STRUCTURE_MAP, "StructureMaps"),
    _vtl(Kind.TRANSFORMATION_SCHEME, vtl.TRANSFORMATION_SCHEME, "TransformationSchemes", "Transformations"),
    _vtl(Kind.USER_DEFINED_OPERATOR_SCHEME, vtl.OPERATOR_SCHEME, "UserDefinedOperatorSchemes", "UserDefinedOperators"),
    _shelf(Kind.VALUE_LIST, schemes.VALUE_LIST, "ValueLists"),
    _vtl(Kind.VTL_MAPPING_SCHEME, vtl.VTL_MAPPING_SCHEME, "VtlMappingSchemes", "VtlMappings"),
    _old(
        Kind.HIERARCHICAL_CODELIST, hierarchies.HIERARCHICAL_CODELIST, "HierarchicalCodelists", "hierarchicalCodelists"
    ),
    _old(Kind.STRUCTURE_SET, structure_set.STRUCTURE_SET, "StructureSets", "structureSets"),
    _old(Kind.ATTACHMENT_CONSTRAINT, constraints.ATTACHMENT_CONSTRAINT, "Constraints", "attachmentConstraints"),
    _old(Kind.CONTENT_CONSTRAINT, constraints.CONTENT_CONSTRAINT, "Constraints", "contentConstraints"),
)
BY_KIND: Final[Mapping[Kind, Shelf]] = {shelf.kind: shelf for shelf in SHELVES}
_ORDER_2_1: Final = (
    "OrganisationSchemes", "Dataflows", "Metadataflows", "CategorySchemes", "Categorisations", "Codelists",
    "HierarchicalCodelists", "Concepts", "MetadataStructures", "DataStructures", "StructureSets", "ReportingTaxonomies",
    "Processes", "Constraints", "ProvisionAgreements", "CustomTypes", "VtlMappings", "NamePersonalisations", "Rulesets",
    "Transformations", "UserDefinedOperators",
)  # fmt: skip
"""The containers of SDMX-ML 2.1 in the order of SDMXStructure.xsd."""


def containers(form: Form) -> Mapping[str, tuple[Kind, ...]]:
    """The containers, or members, of a form in the order they are written, with the kinds each may hold."""
    found: dict[str, tuple[Kind, ...]] = {}
    for shelf in SHELVES:
        place = shelf.place(form)
        if place:
            found[place] = (*found.get(place, ()), shelf.kind)
    if form is Form.ML_2_1:
        return {name: found[name] for name in _ORDER_2_1}
    return found


def exists(kind: Kind, form: Form) -> bool:
    """Whether a form has artefacts of a kind."""
    return kind in BY_KIND and bool(BY_KIND[kind].place(form))

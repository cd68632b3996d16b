"""The resources of the two SDMX REST standards, and which of them the gateway holds.

A resource of the standard that is not held is *not implemented* (501), never *not found* (404); a word that is no
resource at all is a mistake (400). Names as in the OpenAPI definitions of REST 1.5.0 (paths) and 2.2.2
(``structureType``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sdmx_gateway.structures.model import Kind

HELD: Final[Mapping[str, Kind]] = {
    "agencyscheme": Kind.AGENCY_SCHEME,
    "codelist": Kind.CODELIST,
    "conceptscheme": Kind.CONCEPT_SCHEME,
    "dataflow": Kind.DATAFLOW,
    "datastructure": Kind.DATA_STRUCTURE,
}
"""Resource names in the paths of both versions."""

RESOURCE_OF: Final[Mapping[Kind, str]] = {kind: name for name, kind in HELD.items()}

ITEM_SCHEMES: Final = frozenset({Kind.AGENCY_SCHEME, Kind.CODELIST, Kind.CONCEPT_SCHEME})
"""The kinds whose items may be asked for one by one."""

_SHARED = frozenset(
    {
        "categorisation",
        "categoryscheme",
        "customtypescheme",
        "dataconsumerscheme",
        "dataproviderscheme",
        "metadataflow",
        "metadatastructure",
        "namepersonalisationscheme",
        "organisationunitscheme",
        "process",
        "provisionagreement",
        "reportingtaxonomy",
        "rulesetscheme",
        "transformationscheme",
        "userdefinedoperatorscheme",
        "vtlmappingscheme",
    }
)
NOT_HELD_V1: Final = _SHARED | frozenset(
    {
        "actualconstraint",
        "allowedconstraint",
        "attachmentconstraint",
        "contentconstraint",
        "hierarchicalcodelist",
        "namealiasscheme",
        "organisationscheme",
        "structureset",
    }
)
NOT_HELD_V2: Final = _SHARED | frozenset(
    {
        "categoryschememap",
        "conceptschememap",
        "dataconstraint",
        "hierarchy",
        "hierarchyassociation",
        "metadataconstraint",
        "metadataproviderscheme",
        "metadataprovisionagreement",
        "organisationschememap",
        "reportingtaxonomymap",
        "representationmap",
        "structuremap",
        "valuelist",
    }
)

OTHER_SERVICES_V1: Final = frozenset({"availableconstraint", "metadata", "schema"})
OTHER_SERVICES_V2: Final = frozenset({"availability", "metadata", "registration", "schema"})
"""Services of the standard beside data and structures; none is offered yet."""

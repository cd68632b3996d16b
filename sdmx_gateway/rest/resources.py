"""The resources of the two SDMX REST standards, and the kinds of artefacts each stands for.

Names as in the OpenAPI definitions of REST 1.5.0 (paths) and 2.2.2 (``structureType``), and in their documentation. What one
standard calls otherwise than the other is one resource here with what it means in both: a content constraint of SDMX 2.1 and a
data constraint of SDMX 3 are asked for by either grammar, and become what the format of the answer has. What neither holds is
*not implemented* (501), never *not found* (404); a word that is no resource at all is a mistake (400).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sdmx_gateway.structures.model import Kind, Role

V1: Final = "v1"
V2: Final = "v2"
BOTH: Final = frozenset({V1, V2})


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource: what it is called in an address, and which artefacts it means.

    Attributes:
        name: its name in addresses.
        kinds: the kinds of artefacts it means.
        grammars: the versions of REST that have it.
        role: of constraints, the role they must have; any if none is given.
        has_items: whether items may be asked for one by one.
    """

    name: str
    kinds: tuple[Kind, ...]
    grammars: frozenset[str] = BOTH
    role: Role | None = None
    has_items: bool = False


_CODELISTS: Final = (Kind.CODELIST, Kind.GEOGRAPHIC_CODELIST, Kind.GEO_GRID_CODELIST)
_ORGANISATIONS: Final = (
    Kind.AGENCY_SCHEME, Kind.DATA_PROVIDER_SCHEME, Kind.DATA_CONSUMER_SCHEME, Kind.METADATA_PROVIDER_SCHEME,
    Kind.ORGANISATION_UNIT_SCHEME,
)  # fmt: skip
_DATA_CONSTRAINTS: Final = (Kind.DATA_CONSTRAINT, Kind.CONTENT_CONSTRAINT)
_CONSTRAINTS: Final = (Kind.CONTENT_CONSTRAINT, Kind.DATA_CONSTRAINT, Kind.METADATA_CONSTRAINT)
_HIERARCHIES: Final = (Kind.HIERARCHY, Kind.HIERARCHICAL_CODELIST)
_SCHEME_MAPS: Final = (
    Kind.CONCEPT_SCHEME_MAP, Kind.CATEGORY_SCHEME_MAP, Kind.ORGANISATION_SCHEME_MAP, Kind.REPORTING_TAXONOMY_MAP,
)  # fmt: skip
_MAPS: Final = (Kind.STRUCTURE_SET, Kind.STRUCTURE_MAP, Kind.REPRESENTATION_MAP, *_SCHEME_MAPS)


def _scheme(name: str, *kinds: Kind, grammars: frozenset[str] = BOTH) -> Resource:
    return Resource(name, kinds, grammars, has_items=True)


def _of_v1(name: str, kinds: tuple[Kind, ...], role: Role | None = None, *, has_items: bool = False) -> Resource:
    return Resource(name, kinds, frozenset({V1}), role, has_items)


def _of_v2(name: str, *kinds: Kind, has_items: bool = False) -> Resource:
    return Resource(name, kinds, frozenset({V2}), has_items=has_items)


_ALL: Final = (
    _scheme("agencyscheme", Kind.AGENCY_SCHEME),
    Resource("categorisation", (Kind.CATEGORISATION,)),
    _scheme("categoryscheme", Kind.CATEGORY_SCHEME),
    _scheme("codelist", *_CODELISTS),
    _scheme("conceptscheme", Kind.CONCEPT_SCHEME),
    _scheme("customtypescheme", Kind.CUSTOM_TYPE_SCHEME),
    _scheme("dataconsumerscheme", Kind.DATA_CONSUMER_SCHEME),
    Resource("dataflow", (Kind.DATAFLOW,)),
    _scheme("dataproviderscheme", Kind.DATA_PROVIDER_SCHEME),
    Resource("datastructure", (Kind.DATA_STRUCTURE,)),
    Resource("metadataflow", (Kind.METADATAFLOW,)),
    Resource("metadatastructure", (Kind.METADATA_STRUCTURE,)),
    _scheme("namepersonalisationscheme", Kind.NAME_PERSONALISATION_SCHEME),
    _scheme("organisationunitscheme", Kind.ORGANISATION_UNIT_SCHEME),
    Resource("process", (Kind.PROCESS,)),
    Resource("provisionagreement", (Kind.PROVISION_AGREEMENT,)),
    _scheme("reportingtaxonomy", Kind.REPORTING_TAXONOMY),
    _scheme("rulesetscheme", Kind.RULESET_SCHEME),
    _scheme("transformationscheme", Kind.TRANSFORMATION_SCHEME),
    _scheme("userdefinedoperatorscheme", Kind.USER_DEFINED_OPERATOR_SCHEME),
    _scheme("vtlmappingscheme", Kind.VTL_MAPPING_SCHEME),
    _of_v1("contentconstraint", _CONSTRAINTS),
    _of_v1("actualconstraint", _CONSTRAINTS, Role.ACTUAL),
    _of_v1("allowedconstraint", _CONSTRAINTS, Role.ALLOWED),
    _of_v1("attachmentconstraint", (Kind.ATTACHMENT_CONSTRAINT,)),
    _of_v1("hierarchicalcodelist", (Kind.HIERARCHICAL_CODELIST, Kind.HIERARCHY), has_items=True),
    _of_v1("organisationscheme", _ORGANISATIONS, has_items=True),
    _of_v1("structureset", _MAPS),
    _of_v2("dataconstraint", *_DATA_CONSTRAINTS),
    _of_v2("metadataconstraint", Kind.METADATA_CONSTRAINT),
    _of_v2("hierarchy", *_HIERARCHIES),
    _of_v2("hierarchyassociation", Kind.HIERARCHY_ASSOCIATION),
    _of_v2("metadataproviderscheme", Kind.METADATA_PROVIDER_SCHEME, has_items=True),
    _of_v2("metadataprovisionagreement", Kind.METADATA_PROVISION_AGREEMENT),
    _of_v2("representationmap", Kind.REPRESENTATION_MAP),
    _of_v2("structuremap", Kind.STRUCTURE_MAP, Kind.STRUCTURE_SET),
    *(_of_v2(kind.value.lower(), kind) for kind in _SCHEME_MAPS),
    _of_v2("valuelist", Kind.VALUE_LIST, has_items=True),
)
RESOURCES: Final[Mapping[str, Resource]] = {resource.name: resource for resource in _ALL}
"""Every resource that is held, by its name."""

ANYTHING: Final = Resource("*", tuple(kind for kind in Kind if kind is not Kind.METADATA_SET), has_items=True)
"""Every kind of structure: ``*`` in REST 2, ``structure`` in REST 1. Metadata sets are not structures."""

HELD_V1: Final = frozenset(resource.name for resource in _ALL if V1 in resource.grammars)
HELD_V2: Final = frozenset(resource.name for resource in _ALL if V2 in resource.grammars)
NOT_HELD_V1: Final = frozenset({"namealiasscheme"})
"""A resource of the OpenAPI definition of REST 1.5.0 whose artefacts the information model of SDMX 2.1 does not have."""
REFERENCED_V2: Final = frozenset({"structureset", "namealiasscheme"})
"""Words ``references`` of REST 2.2.2 takes beside its resources, left over from REST 1."""

OTHER_SERVICES_V1: Final = frozenset({"availableconstraint", "metadata", "schema"})
OTHER_SERVICES_V2: Final = frozenset({"availability", "metadata", "registration", "schema"})
"""Services of the standard beside data and structures; none is offered yet."""


def resource_named(name: str) -> Resource:
    """The resource of a name that was read; anything at all when the name is ``*``."""
    return RESOURCES.get(name, ANYTHING)

"""Constraints of every kind (SDMXStructureConstraint; in 2.1 what is inside them is of SDMXCommon)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from sdmx_gateway.structures.codec.artefacts.attachments import OF_2_1_KINDS, attachment, of_one
from sdmx_gateway.structures.codec.artefacts.common import ANNOTATIONS, maintainable
from sdmx_gateway.structures.codec.artefacts.selections import (
    COMPONENT_VALUES,
    CUBE_KEY,
    DATA_KEY,
    METADATA_COMPONENT,
    METADATA_KEY_VALUE,
    TARGET_KEY,
    VALIDITY,
    values_of,
)
from sdmx_gateway.structures.codec.description import COMMON, NOWHERE, Description
from sdmx_gateway.structures.codec.form import EVERY, JSON_2, OF_2_1, OF_3, OF_3_0, OF_3_1, Form
from sdmx_gateway.structures.codec.nested import Nested, Variant
from sdmx_gateway.structures.codec.scalar import BOOLEAN, ID, NATURAL, WRITTEN_MOMENT, one_of
from sdmx_gateway.structures.codec.singles import Attr, Leaf
from sdmx_gateway.structures.model import constraints as m
from sdmx_gateway.structures.urn import Kind

_JSON_1: Final = frozenset({Form.JSON_1_0})
_NOTES: Final = replace(ANNOTATIONS, forms=OF_3)
_INCLUDE: Final = (
    Attr(field="is_included", name="include", json="include", scalar=BOOLEAN, forms=EVERY - _JSON_1, always=True),
    Attr(field="is_included", name="include", json="isIncluded", scalar=BOOLEAN, forms=_JSON_1, reads=JSON_2),
)
CUBE_REGION: Final = Description(
    m.CubeRegion,
    (
        _NOTES,
        *_INCLUDE,
        Nested(field="keys", variants=(Variant("KeyValue", "keyValues", CUBE_KEY),), many=True, old_space=COMMON),
        values_of(COMPONENT_VALUES),
    ),
)
_IS_INCLUDED: Final = Attr(field="is_included", name="isIncluded", json="isIncluded", scalar=BOOLEAN, always=True)
KEY_SET: Final = Description(
    m.DataKeySet,
    (
        _IS_INCLUDED,
        Nested(field="keys", variants=(Variant("Key", "keys", DATA_KEY),), many=True, needed=EVERY),
    ),
)
METADATA_KEY: Final = Description(
    m.MetadataKey,
    (
        Attr(field="report", name="report", json="report", scalar=ID),
        Attr(field="target", name="metadataTarget", json="metadataTarget", scalar=ID),
        Nested(
            field="keys",
            variants=(Variant("KeyValue", "keyValues", METADATA_KEY_VALUE),),
            many=True,
            old_space=COMMON,
            needed=OF_2_1,
        ),
    ),
)
METADATA_KEY_SET: Final = Description(
    m.MetadataKeySet,
    (
        _IS_INCLUDED,
        Nested(field="keys", variants=(Variant("Key", "keys", METADATA_KEY),), many=True, needed=OF_2_1),
    ),
)
METADATA_REGION: Final = Description(
    m.MetadataTargetRegion,
    (
        replace(ANNOTATIONS, forms=JSON_2),
        Attr(field="is_included", name="include", json="include", scalar=BOOLEAN),
        *VALIDITY,
        Attr(field="report", name="report", json="report", forms=OF_2_1, scalar=ID, needed=OF_2_1),
        Attr(field="target", name="metadataTarget", json="metadataTarget", forms=OF_2_1, scalar=ID, needed=OF_2_1),
        Nested(
            field="keys",
            variants=(Variant("KeyValue", "keyValues", TARGET_KEY),),
            many=True,
            forms=OF_2_1,
            old_space=COMMON,
        ),
        values_of(METADATA_COMPONENT),
    ),
)
CALENDAR: Final = Description(
    m.ReleaseCalendar,
    (
        Leaf(field="periodicity", name="Periodicity", json="periodicity"),
        Leaf(field="offset", name="Offset", json="offset"),
        Leaf(field="tolerance", name="Tolerance", json="tolerance"),
    ),
)
PERIOD: Final = Description(
    m.ReferencePeriod,
    (
        Attr(field="start", name="startTime", json="startTime", scalar=WRITTEN_MOMENT),
        Attr(field="end", name="endTime", json="endTime", scalar=WRITTEN_MOMENT),
    ),
)
_CALENDAR: Final = Nested(
    field="calendar", variants=(Variant("ReleaseCalendar", "releaseCalendar", CALENDAR),), forms=EVERY - OF_3_1
)


def _is_allowed(role: Any, form: Form) -> bool:  # noqa: ARG001
    return role is m.Role.ALLOWED


_ROLES: Final = one_of(m.Role)
_TYPE: Final = Attr(field="role", name="type", json="type", scalar=_ROLES, forms=NOWHERE, reads=OF_3)
_ROLE: Final = Attr(field="role", name="role", json="role", scalar=_ROLES, always=True, forms=OF_3_0)
_KEY_SETS: Final = Nested(field="key_sets", variants=(Variant("DataKeySet", "dataKeySets", KEY_SET),), many=True)
_METADATA_KEY_SETS: Final = Nested(
    field="metadata_key_sets",
    variants=(Variant("MetadataKeySet", "metadataKeySets", METADATA_KEY_SET),),
    many=True,
)
_REGIONS: Final = Nested(field="regions", variants=(Variant("CubeRegion", "cubeRegions", CUBE_REGION),), many=True)


def _two_regions(constraint: Any, form: Form) -> Iterator[str]:
    """From SDMX 3 on one region may be included and one excluded (…RegionInclusion, SDMXStructure.xsd)."""
    if not form.is_of_2_1 and len({region.is_included for region in constraint.regions}) < len(constraint.regions):
        yield f"{form} takes one region that is included and one that is not, at most"


DATA_CONSTRAINT: Final = Description(
    m.DataConstraint,
    (
        *maintainable(),
        _ROLE,
        _TYPE,
        attachment(
            Kind.DATA_PROVIDER_SCHEME, Kind.DATA_STRUCTURE, Kind.DATAFLOW, Kind.PROVISION_AGREEMENT, single=False
        ),
        _CALENDAR,
        _KEY_SETS,
        _REGIONS,
    ),
    rules=(_two_regions,),
)
METADATA_CONSTRAINT: Final = Description(
    m.MetadataConstraint,
    (
        *maintainable(),
        replace(_ROLE, scalar=_ROLES.where("Allowed", _is_allowed)),
        attachment(
            Kind.METADATA_PROVIDER_SCHEME,
            Kind.METADATA_SET,
            Kind.METADATA_STRUCTURE,
            Kind.METADATAFLOW,
            Kind.METADATA_PROVISION_AGREEMENT,
            single=False,
        ),
        _CALENDAR,
        Nested(
            field="regions",
            variants=(Variant("MetadataTargetRegion", "metadataTargetRegions", METADATA_REGION),),
            many=True,
        ),
    ),
    rules=(_two_regions,),
)
CONTENT_CONSTRAINT: Final = Description(
    m.ContentConstraint,
    (
        *maintainable(),
        Attr(field="role", name="type", json="type", scalar=_ROLES, always=True),
        attachment(Kind.DATA_PROVIDER_SCHEME, *OF_2_1_KINDS, single=True, old=True),
        _KEY_SETS,
        _METADATA_KEY_SETS,
        _REGIONS,
        Nested(
            field="metadata_regions",
            variants=(Variant("MetadataTargetRegion", "metadataTargetRegions", METADATA_REGION),),
            many=True,
        ),
        _CALENDAR,
        Nested(field="period", variants=(Variant("ReferencePeriod", "referencePeriod", PERIOD),)),
    ),
)
ATTACHMENT_CONSTRAINT: Final = Description(
    m.AttachmentConstraint,
    (
        *maintainable(),
        attachment(*OF_2_1_KINDS, single=False, queryable=False, old=True),
        _KEY_SETS,
        _METADATA_KEY_SETS,
    ),
)
AVAILABILITY: Final = Description(
    m.AvailabilityConstraint,
    (
        ANNOTATIONS,
        Attr(field="series", name="seriesCount", json="seriesCount", scalar=NATURAL),
        Attr(field="observations", name="obsCount", json="obsCount", scalar=NATURAL),
        of_one(Kind.DATA_STRUCTURE, Kind.DATAFLOW, Kind.PROVISION_AGREEMENT),
        Nested(field="region", variants=(Variant("CubeRegion", "cubeRegion", CUBE_REGION),)),
    ),
)
"""What data there is (SDMX 3.1): an answer, which stands in no list of artefacts."""

"""Metadata sets as SDMX 2.1 has them, to be read: reports, each with its target (SDMXMetadataGeneric.xsd of 2.1; SDMX-JSON 1.0)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sdmx_gateway.structures.codec.artefacts.common import ANNOTATIONS, LINKS_ONLY, NAMES
from sdmx_gateway.structures.codec.artefacts.registrations import ACTION
from sdmx_gateway.structures.codec.artefacts.reported import GENERIC, JSON_1, REPORTED
from sdmx_gateway.structures.codec.artefacts.selections import DATA_KEY, SET_REFERENCE
from sdmx_gateway.structures.codec.description import Description
from sdmx_gateway.structures.codec.nested import Nested, Variant
from sdmx_gateway.structures.codec.references import Reference
from sdmx_gateway.structures.codec.scalar import MOMENT
from sdmx_gateway.structures.codec.singles import Attr, Leaf
from sdmx_gateway.structures.model.base import Annotable, Link, Text
from sdmx_gateway.structures.model.constraints import DataKey, SetReference
from sdmx_gateway.structures.model.metadata import ReportedAttribute
from sdmx_gateway.structures.urn import Kind, Urn


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetValue:
    """One part of what a report is about: an artefact or an item, a key, a data set, or a period."""

    id: str
    object: Urn | None = None
    key: DataKey | None = None
    data_set: SetReference | None = None
    period: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTarget:
    """What a report is about."""

    id: str
    values: tuple[TargetValue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Annotable):
    """What is reported of one target."""

    id: str
    target: ReportTarget
    attributes: tuple[ReportedAttribute, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedSet(Annotable):
    """A metadata set of SDMX 2.1; ``structure`` is what the message calls the structure it is of."""

    names: Text = Text()
    provider: Urn | None = None
    reports: tuple[Report, ...] = ()
    links: tuple[Link, ...] = ()
    structure: str | None = None
    set_id: str | None = None
    action: str | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    reporting_begin: str | None = None
    reporting_end: str | None = None
    publication_year: str | None = None
    publication_period: str | None = None


_TARGET_VALUE: Final = Description(
    TargetValue,
    (
        Attr(field="id", name="id", json="id"),
        Reference(field="object", name="ObjectReference", json="object"),
        Reference(
            field="object",
            name="ConstraintContentReference",
            json="constraintContent",
            kinds=(Kind.ATTACHMENT_CONSTRAINT, Kind.CONTENT_CONSTRAINT),
        ),
        Nested(field="key", variants=(Variant("DataKey", "dataKey", DATA_KEY),)),
        Nested(field="data_set", variants=(Variant("DataSetReference", "dataSet", SET_REFERENCE),)),
        Leaf(field="period", name="ReportPeriod", json="reportPeriod"),
    ),
)
_TARGET: Final = Description(
    ReportTarget,
    (
        Attr(field="id", name="id", json="id"),
        Nested(field="values", variants=(Variant("ReferenceValue", "referenceValues", _TARGET_VALUE),), many=True),
    ),
)
REPORT: Final = Description(
    Report,
    (
        Attr(field="id", name="id", json="id"),
        ANNOTATIONS,
        Nested(field="target", variants=(Variant("Target", "target", _TARGET),)),
        Nested(
            field="attributes",
            variants=(Variant("ReportedAttribute", "reportedAttributes", REPORTED),),
            many=True,
            within="AttributeSet",
            within_json="attributeSet",
            space=GENERIC,
        ),
    ),
)
REPORTED_SET: Final = Description(
    ReportedSet,
    (
        ANNOTATIONS,
        replace(LINKS_ONLY, forms=JSON_1),
        NAMES,
        Attr(field="structure", name="structureRef", json=""),
        Attr(field="set_id", name="setID", json="id"),
        Attr(field="action", name="action", json="action", scalar=ACTION),
        Attr(field="valid_from", name="validFromDate", json="validFrom", scalar=MOMENT),
        Attr(field="valid_to", name="validToDate", json="validTo", scalar=MOMENT),
        Attr(field="reporting_begin", name="reportingBeginDate", json="reportingBegin"),
        Attr(field="reporting_end", name="reportingEndDate", json="reportingEnd"),
        Attr(field="publication_year", name="publicationYear", json="publicationYear"),
        Attr(field="publication_period", name="publicationPeriod", json="publicationPeriod"),
        Reference(
            field="provider", name="DataProvider", json="dataProvider", kinds=(Kind.DATA_PROVIDER_SCHEME,), item=True
        ),
        Nested(field="reports", variants=(Variant("Report", "reports", REPORT),), many=True),
    ),
)
"""Read only: what is written is a metadata set of SDMX 3."""

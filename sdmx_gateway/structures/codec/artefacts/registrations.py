"""Registrations, as a registry is sent and answers them (SDMXRegistryBase.xsd, SDMXRegistryRegistration.xsd of 2.1, 3.0, 3.1).

SDMX-JSON has no registry interface: everything here is for SDMX-ML.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sdmx_gateway.errors import Problem
from sdmx_gateway.structures.codec.artefacts.attachments import QUERYABLE
from sdmx_gateway.structures.codec.description import COMMON, Description, Part, add
from sdmx_gateway.structures.codec.form import XML_3, Form
from sdmx_gateway.structures.codec.nested import Nested, Variant
from sdmx_gateway.structures.codec.node import JsonNode, XmlNode
from sdmx_gateway.structures.codec.references import Reference
from sdmx_gateway.structures.codec.scalar import ADDRESS, BOOLEAN, ID, MOMENT, one_of
from sdmx_gateway.structures.codec.singles import Attr, Leaf, Texts
from sdmx_gateway.structures.model import registration as m
from sdmx_gateway.structures.urn import Kind
from sdmx_gateway.structures.xml_guard import Element

REGISTRY: Final = "registry"
"""The part of the namespace the elements of the registry interface are in."""
ML_2_1: Final = frozenset({Form.ML_2_1})


def _is_action(action: Any, form: Form) -> bool:
    return action in set(m.Action) and (action != m.Action.MERGE or form is Form.ML_3_1)


ACTION: Final = one_of(m.Action).where(f"one of {', '.join(m.Action)} (the first in SDMX-ML 3.1 only)", _is_action)


def _leads_somewhere(source: m.DataSource, form: Form) -> Iterator[str]:  # noqa: ARG001
    if source.simple is None and source.queryable is None:
        yield "its source is neither simple nor queryable"


DATA_SOURCE: Final = Description(
    m.DataSource,
    (
        Leaf(field="simple", name="SimpleDataSource", json="", scalar=ADDRESS, space=REGISTRY),
        Nested(field="queryable", variants=(Variant("QueryableDataSource", "", QUERYABLE),), space=REGISTRY),
    ),
    rules=(_leads_somewhere,),
)


def _flag(field: str, name: str) -> Attr:
    return Attr(field=field, name=name, json="", scalar=BOOLEAN)


REGISTRATION: Final = Description(
    m.Registration,
    (
        Attr(field="id", name="id", json="", scalar=ID),
        Attr(field="valid_from", name="validFrom", json="", scalar=MOMENT),
        Attr(field="valid_to", name="validTo", json="", scalar=MOMENT),
        Attr(field="last_updated", name="lastUpdated", json="", scalar=MOMENT),
        _flag("index_time_series", "indexTimeSeries"),
        _flag("index_data_set", "indexDataSet"),
        _flag("index_attributes", "indexAttributes"),
        _flag("index_reporting_period", "indexReportingPeriod"),
        Reference(
            field="agreement",
            name="ProvisionAgreement",
            json="",
            kinds=(Kind.PROVISION_AGREEMENT,),
            item=False,
            space=REGISTRY,
        ),
        Nested(field="source", variants=(Variant("Datasource", "", DATA_SOURCE),), space=REGISTRY),
    ),
)
_REGISTRATION: Final = Nested(
    field="registration", variants=(Variant("Registration", "", REGISTRATION),), space=REGISTRY
)


def _says_something(text: m.StatusText, form: Form) -> Iterator[str]:  # noqa: ARG001
    if not text.text:
        yield "a message of the registry has no text"


STATUS_TEXT: Final = Description(
    m.StatusText,
    (
        Attr(field="code", name="code", json=""),
        Texts(field="text", name="Text", json="", best="", space=COMMON),
    ),
    rules=(_says_something,),
)
REGISTRY_STATUS: Final = Description(
    m.RegistryStatus,
    (
        Attr(field="status", name="status", json="", scalar=one_of(m.Status)),
        Nested(field="texts", variants=(Variant("MessageText", "", STATUS_TEXT),), many=True, space=REGISTRY),
    ),
)
_STATUS: Final = Nested(field="status", variants=(Variant("StatusMessage", "", REGISTRY_STATUS),), space=REGISTRY)


def _at_least_one(message: Any, form: Form) -> Iterator[str]:  # noqa: ARG001
    if not (message.requests if isinstance(message, m.RegistrationsSubmitted) else message.statuses):
        yield "it is about no registration"


REQUEST: Final = Description(
    m.RegistrationRequest,
    (Attr(field="action", name="action", json="", scalar=ACTION), _REGISTRATION),
)
SUBMITTED: Final = Description(
    m.RegistrationsSubmitted,
    (Nested(field="requests", variants=(Variant("RegistrationRequest", "", REQUEST),), many=True, space=REGISTRY),),
    rules=(_at_least_one,),
)
REGISTRATION_STATUS: Final = Description(m.RegistrationStatus, (_REGISTRATION, _STATUS))
ACKNOWLEDGED: Final = Description(
    m.RegistrationsAcknowledged,
    (
        Nested(
            field="statuses",
            variants=(Variant("RegistrationStatus", "", REGISTRATION_STATUS),),
            many=True,
            space=REGISTRY,
        ),
    ),
    rules=(_at_least_one,),
)
_RESULT_PARTS: Final[tuple[Part, ...]] = (
    _REGISTRATION,
    Reference(
        field="constraints",
        name="ContentConstraint",
        json="",
        kinds=(Kind.CONTENT_CONSTRAINT,),
        many=True,
        item=False,
        space=REGISTRY,
        forms=ML_2_1,
    ),
    Reference(
        field="constraints",
        name="Constraint",
        json="",
        kinds=(Kind.DATA_CONSTRAINT, Kind.METADATA_CONSTRAINT),
        many=True,
        item=False,
        space=REGISTRY,
        forms=XML_3,
    ),
)
_RESULT: Final = Description(m.RegistrationResult, _RESULT_PARTS)
_RESULT_NAMES: Final = {False: "DataResult", True: "MetadataResult"}


@dataclass(frozen=True, kw_only=True)
class OfDataOrMetadata(Part):
    """The element around what was found, whose name says whether it is metadata."""

    field: str = ""

    def fields(self, form: Form) -> Iterator[str]:
        """Those of the parts inside, and the one its name says."""
        yield "is_metadata"
        for part in _RESULT_PARTS:
            yield from part.fields(form)

    def to_xml(self, parent: Element, value: Any, form: Form) -> None:
        """The element with what is in it."""
        _RESULT.write_xml(add(parent, form, REGISTRY, _RESULT_NAMES[value.is_metadata]), value, form)

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """What the first of the two says; there is never more than one."""
        for is_metadata, name in _RESULT_NAMES.items():
            inner = node.first(name)
            if inner is None or "registration" in values:
                continue
            values["is_metadata"] = is_metadata
            for part, _ in _RESULT.plan(node.account.form):
                part.from_xml(inner, values)
            inner.close()

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:
        """Nothing: SDMX-JSON has no registry interface."""

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """Nothing: likewise."""

    def losses(self, value: Any, form: Form, path: str) -> Iterator[Problem]:
        """Those of the parts inside."""
        yield from _RESULT.losses_of_parts(value, form, path)


RESULT: Final = Description(
    m.RegistrationResult,
    (
        Attr(field="is_exact", name="timeSeriesMatch", json="", scalar=BOOLEAN),
        OfDataOrMetadata(),
    ),
)
FOUND: Final = Description(
    m.RegistrationsFound,
    (
        _STATUS,
        Nested(field="results", variants=(Variant("QueryResult", "", RESULT),), many=True, space=REGISTRY),
    ),
)
MESSAGES: Final[Mapping[str, Description]] = {
    "SubmitRegistrationsRequest": SUBMITTED,
    "SubmitRegistrationsResponse": ACKNOWLEDGED,
    "QueryRegistrationResponse": FOUND,
}
"""The messages about registrations that are read and written, by the element that holds them."""

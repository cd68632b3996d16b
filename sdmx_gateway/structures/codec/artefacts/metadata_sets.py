"""Metadata sets as SDMX 3 has them: artefacts, of a metadata flow or an agreement (MetadataSetType, SDMXMetadataGeneric.xsd)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sdmx_gateway.errors import Problem
from sdmx_gateway.structures.codec import lexical
from sdmx_gateway.structures.codec.artefacts.common import maintainable
from sdmx_gateway.structures.codec.artefacts.registrations import ACTION
from sdmx_gateway.structures.codec.artefacts.reported import GENERIC, REPORTED
from sdmx_gateway.structures.codec.description import Description, Part
from sdmx_gateway.structures.codec.form import JSON_2, OF_3, SEMANTIC, XML_3, Form
from sdmx_gateway.structures.codec.nested import Nested, Variant
from sdmx_gateway.structures.codec.node import JsonNode, XmlNode
from sdmx_gateway.structures.codec.references import DEFAULT_VERSION, Reference
from sdmx_gateway.structures.codec.scalar import PERIOD, STRING
from sdmx_gateway.structures.codec.singles import Attr
from sdmx_gateway.structures.model import metadata as m
from sdmx_gateway.structures.urn import Kind, Urn
from sdmx_gateway.structures.xml_guard import Element

_REPORTING: Final = re.compile(r"\d{4}-[ASTQMWD]\d", re.ASCII)
_YEAR: Final = re.compile(r"\d{4}(Z|[+\-](0\d|1[0-3]):[0-5]\d|[+\-]14:00)?", re.ASCII)


def is_basic_period(value: Any, form: Form) -> bool:
    """BasicTimePeriodType: a year, a month, a day or a moment."""
    return lexical.is_standard_period(value, form) and _REPORTING.match(value) is None


def _is_year(value: Any, form: Form) -> bool:  # noqa: ARG001
    return _YEAR.fullmatch(value) is not None and value[:4] != "0000"


def _is_version(value: Any, form: Form) -> bool:
    """VersionType; in metadata messages of SDMX-JSON three numbers, or nothing, which is 1.0."""
    if SEMANTIC.fullmatch(value) is None:
        return False
    return form.is_xml or value == DEFAULT_VERSION or len(value.partition("-")[0].split(".")) == len(("1", "0", "0"))


BASIC_PERIOD: Final = STRING.where("a year, a month, a day or a moment", is_basic_period)
YEAR: Final = STRING.where("a year of four digits", _is_year)
VERSION: Final = STRING.where("a version (in metadata messages of SDMX-JSON 1.0, or of three numbers)", _is_version)
_FLOWS: Final[Mapping[Kind, Reference]] = {
    kind: Reference(field="flow", name=kind.value, json=json, kinds=(kind,), item=False, space=GENERIC)
    for kind, json in (
        (Kind.METADATAFLOW, "metadataflow"),
        (Kind.METADATA_PROVISION_AGREEMENT, "metadataProvisionAgreement"),
    )
}


@dataclass(frozen=True, kw_only=True)
class FlowOrAgreement(Part):
    """What a set is of: an element, or a member, for each of the two."""

    def to_xml(self, parent: Element, value: Urn, form: Form) -> None:
        """The element of its kind."""
        _FLOWS[value.kind].to_xml(parent, value, form)

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """Whichever there is; were there both, the agreement, which is of the flow."""
        for reference in _FLOWS.values():
            reference.from_xml(node, values)

    def to_json(self, members: dict[str, Any], value: Urn, form: Form) -> None:
        """The member of its kind."""
        _FLOWS[value.kind].to_json(members, value, form)

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """Whichever there is."""
        for reference in _FLOWS.values():
            reference.from_json(node, values)

    def losses(self, value: Urn, form: Form, path: str) -> Iterator[Problem]:
        """A reference to anything else, or one the form cannot make."""
        yield from _FLOWS.get(value.kind, _FLOWS[Kind.METADATAFLOW]).losses(value, form, path)


def _is_whole(held: m.MetadataSet, form: Form) -> Iterator[str]:
    """Where there is a report at all, all of it; in SDMX-JSON always."""
    if not held.names:
        yield f"{form} wants a name"
    parts = {"what it is of": held.flow, "what it is about": held.targets, "what is reported": held.attributes}
    missing = [what for what, said in parts.items() if not said]
    if missing and (len(missing) < len(parts) or not form.is_xml):
        yield f"{form} wants to know {' and '.join(missing)}"


def _links(held: m.MetadataSet, form: Form) -> Iterator[str]:
    if form in JSON_2:
        for link in held.links:
            if link.urn is not None and ".codelist.ValueList=" in link.urn:
                yield "a link names a value list, which the schema of metadata messages misspells"


_TARGETS: Final = Reference(
    field="targets", name="Target", json="targets", many=True, is_pattern=True, space=GENERIC, forms=XML_3
)
METADATA_SET: Final = Description(
    m.MetadataSet,
    (
        *maintainable(version=frozenset()),
        Attr(field="version", name="version", json="version", scalar=VERSION, always=True, forms=XML_3),
        Attr(field="version", name="version", json="version", scalar=VERSION, forms=JSON_2),
        Attr(field="action", name="action", json="action", scalar=ACTION, forms=OF_3),
        Attr(
            field="reporting_begin", name="reportingBeginDate", json="reportingBegin", scalar=BASIC_PERIOD, forms=OF_3
        ),
        Attr(field="reporting_end", name="reportingEndDate", json="reportingEnd", scalar=BASIC_PERIOD, forms=OF_3),
        Attr(field="publication_year", name="publicationYear", json="publicationYear", scalar=YEAR, forms=OF_3),
        Attr(field="publication_period", name="publicationPeriod", json="publicationPeriod", scalar=PERIOD, forms=OF_3),
        FlowOrAgreement(field="flow", forms=OF_3),
        _TARGETS,
        replace(_TARGETS, is_pattern=False, refuses={Kind.VALUE_LIST: JSON_2}, forms=JSON_2),
        Nested(
            field="attributes",
            variants=(Variant("Attribute", "attributes", REPORTED),),
            many=True,
            space=GENERIC,
            forms=OF_3,
        ),
    ),
    rules=(_is_whole, _links),
)

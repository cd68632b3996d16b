"""Reference metadata in SDMX-ML: written in 3.0 and 3.1, read in 2.1 too (GenericMetadataType, SDMXMessage.xsd)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from sdmx_gateway.errors import MessageRejected, Problem, StructureError
from sdmx_gateway.structures.codec.account import Account, Place
from sdmx_gateway.structures.codec.artefacts.metadata_sets import METADATA_SET
from sdmx_gateway.structures.codec.artefacts.registrations import ACTION
from sdmx_gateway.structures.codec.artefacts.reported import GENERIC, MAX_NESTING
from sdmx_gateway.structures.codec.artefacts.reports import REPORTED_SET
from sdmx_gateway.structures.codec.description import COMMON, MESSAGE, add
from sdmx_gateway.structures.codec.form import XML, Form
from sdmx_gateway.structures.codec.frame import begun, finished, form_of, named, place_of
from sdmx_gateway.structures.codec.node import XmlNode, name_of, row_of
from sdmx_gateway.structures.codec.references import DEFAULT_VERSION, read_reference
from sdmx_gateway.structures.codec.report_reading import Sent, sets_of
from sdmx_gateway.structures.header import Header
from sdmx_gateway.structures.model.metadata import MetadataSet
from sdmx_gateway.structures.urn import Kind, Urn
from sdmx_gateway.structures.xml_guard import Element, parse_guarded

_ROOT: Final = "GenericMetadata"
_REFERENCES: Final[Mapping[str, Kind]] = {
    "StructureUsage": Kind.METADATAFLOW,
    "ProvisionAgreement": Kind.PROVISION_AGREEMENT,
    "ProvisionAgrement": Kind.PROVISION_AGREEMENT,
    "Structure": Kind.METADATA_STRUCTURE,
}
"""How the header names what sets are of; the third is how the schema of 2.1 spells it."""
_ATTRIBUTES: Final = frozenset({"Attribute", "ReportedAttribute"})


def write_message(sets: Iterable[MetadataSet], structures: Iterable[Urn], form: Form, header: Header) -> bytes:
    """The sets as a message in UTF-8.

    Args:
        sets: what it holds.
        structures: the metadata flows or structures the header names; at least one.
        form: SDMX-ML 3.0 or 3.1.
        header: who sends it.

    Raises:
        StructureError: the header cannot carry an id.
    """
    root = begun(form, _ROOT, header, md=GENERIC)
    for number, structure in enumerate(structures, 1):
        element = add(root[0], form, MESSAGE, "Structure")
        element.set("structureID", f"S{number}")
        name = "StructureUsage" if structure.kind is Kind.METADATAFLOW else "Structure"
        add(element, form, COMMON, name).text = str(structure)
    for each in sets:
        element = add(root, form, MESSAGE, "MetadataSet")
        METADATA_SET.write_xml(element, each, form)
        element.set("urn", str(each.urn))
    return finished(root)


def read_message(data: bytes) -> tuple[list[MetadataSet], Account]:
    """The sets of a message in its order, and the account of the reading.

    Raises:
        MessageRejected: it is no XML that may be read, or no metadata message of a version that is read.
    """
    root = parse_guarded(data)
    form = form_of(root, (_ROOT,))
    if form is None:
        what = f"it is {str(root.tag)!r}, no generic metadata message of {', '.join(sorted(XML))}"
        raise _rejected("not-a-metadata-message", what, row_of(root))
    _check_nesting(root)
    account = Account(form)
    sent = _sent(root, account)
    elements = [child for child in root if name_of(child) == "MetadataSet"]
    if form is Form.ML_2_1:
        return list(_of_2_1(elements, sent, account)), account
    found = [_set(element, sent, account) for element in elements]
    return [each for each in found if each is not None], account


def _check_nesting(root: Element) -> None:
    depths = {root: 0}
    for element in root.iterdescendants():
        above = element.getparent()
        depth = 0 if above is None else depths[above]
        depths[element] = depth + (name_of(element) in _ATTRIBUTES)
        if depths[element] > MAX_NESTING:
            raise _rejected("too-deep", f"its attributes are nested deeper than {MAX_NESTING}", row_of(element))


def _sent(root: Element, account: Account) -> Sent:
    """What the header says of the sets; the structures in 2.1 only, from 3.0 on each set says its own."""
    header = next((XmlNode(child, account) for child in root if name_of(child) == "Header"), None)
    if header is None:
        return Sent()
    sender, action, set_id = (header.first(name) for name in ("Sender", "DataSetAction", "DataSetID"))
    is_old = account.form is Form.ML_2_1
    provider = header.first("DataProvider") if is_old else None
    return Sent(
        sender=None if sender is None else sender.attribute("id"),
        provider=None if provider is None else read_reference(provider, (Kind.DATA_PROVIDER_SCHEME,)),
        structures=dict(_structures(header)) if is_old else {},
        action=None if action is None else ACTION.read(action.text),
        set_id=None if set_id is None else set_id.text.strip(),
    )


def _structures(header: XmlNode) -> Iterator[tuple[str, Urn]]:
    for element in header.take("Structure"):
        node = header.inside(element)
        for child in element:
            kind = _REFERENCES.get(name_of(child))
            urn = None if kind is None else read_reference(header.inside(child), (kind,))
            if urn is not None:
                yield node.attribute("structureID") or "", urn


def _set(element: Element, sent: Sent, account: Account) -> MetadataSet | None:
    urn = named(Kind.METADATA_SET, _identification(element), account, row_of(element))
    if urn is None:
        return None
    node = XmlNode(element, account, place_of(urn).owner)
    node.attributes |= {"agencyID": urn.agency, "id": urn.id, "version": urn.version}
    found: MetadataSet | None = METADATA_SET.read_xml(node)
    if found is not None and found.action is None and sent.action is not None:
        return replace(found, action=sent.action)
    return found


def _identification(element: Element) -> tuple[str | None, str | None, str]:
    """Agency, id and version, from the attributes, else from the URN."""
    agency, own_id, version = (element.get(name) for name in ("agencyID", "id", "version"))
    if (agency is None or own_id is None) and "urn" in element.attrib:
        try:
            urn = Urn.parse(element.get("urn", ""))
        except StructureError:
            return agency, own_id, version or DEFAULT_VERSION
        agency, own_id, version = agency or urn.agency, own_id or urn.id, version or urn.version
    return agency, own_id, version or DEFAULT_VERSION


def _of_2_1(elements: Iterable[Element], sent: Sent, account: Account) -> Iterator[MetadataSet]:
    taken: set[Urn] = set()
    for element in elements:
        old = REPORTED_SET.read_xml(XmlNode(element, account))
        if old is not None:
            yield from sets_of(old, sent, taken, account)


def _rejected(code: str, what: str, row: int | None) -> MessageRejected:
    return MessageRejected("the message cannot be read", [Problem(code, what, Place(row).where())])

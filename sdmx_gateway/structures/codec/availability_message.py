"""Availability constraints in structure messages of SDMX 3.1: the answers to availability queries, which stand in a list of their own.

``AvailabilityConstraints`` in SDMXStructure.xsd, ``availabilityConstraints`` in sdmx-json-structure-schema.json.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sdmx_gateway.structures.codec.account import Account, Place
from sdmx_gateway.structures.codec.artefacts.constraints import AVAILABILITY
from sdmx_gateway.structures.codec.description import MESSAGE, STRUCTURE, add
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.codec.frame import begun, finished, form_of, json_message
from sdmx_gateway.structures.codec.node import JsonNode, XmlNode, name_of
from sdmx_gateway.structures.header import Header
from sdmx_gateway.structures.json_guard import is_json
from sdmx_gateway.structures.json_guard import parse_guarded as parse_json
from sdmx_gateway.structures.model import AvailabilityConstraint
from sdmx_gateway.structures.xml_guard import parse_guarded as parse_xml

_ELEMENT: Final = "AvailabilityConstraint"
_CONTAINER: Final = "AvailabilityConstraints"
_MEMBER: Final = "availabilityConstraints"
_SCHEMA: Final = "https://json.sdmx.org/2.1/sdmx-json-structure-schema.json"

Answers = list[AvailabilityConstraint]


def write_xml(answers: Iterable[AvailabilityConstraint], header: Header) -> bytes:
    """The answers as a structure message of SDMX-ML 3.1.

    Raises:
        StructureError: the header cannot carry an id.
    """
    form = Form.ML_3_1
    root = begun(form, "Structure", header, str=STRUCTURE)
    container = add(add(root, form, MESSAGE, "Structures"), form, STRUCTURE, _CONTAINER)
    for each in answers:
        AVAILABILITY.write_xml(add(container, form, STRUCTURE, _ELEMENT), each, form)
    return finished(root)


def write_json(answers: Iterable[AvailabilityConstraint], header: Header) -> bytes:
    """The answers as a structure message of SDMX-JSON 2.1.

    Raises:
        StructureError: the header cannot carry an id.
    """
    written = [AVAILABILITY.write_json(each, Form.JSON_2_1) for each in answers]
    return json_message({_MEMBER: written} if written else {}, header, _SCHEMA, at_root=True)


def read_message(data: bytes) -> tuple[Answers, Account] | None:
    """The answers of a message with the account of the reading; ``None`` when it has no list of them.

    Raises:
        MessageRejected: it is no XML or JSON that may be read.
    """
    return _read_json(data) if is_json(data) else _read_xml(data)


def _read_xml(data: bytes) -> tuple[Answers, Account] | None:
    root = parse_xml(data)
    form = form_of(root, ("Structure",))
    containers = [
        container
        for structures in root
        if name_of(structures) == "Structures"
        for container in structures
        if name_of(container) == _CONTAINER
    ]
    if form is None or not containers:
        return None
    account = Account(form)
    found = [AVAILABILITY.read_xml(XmlNode(element, account)) for container in containers for element in container]
    return [each for each in found if each is not None], account


def _read_json(data: bytes) -> tuple[Answers, Account] | None:
    message = parse_json(data)
    body = message.get("data")
    listed = body.get(_MEMBER) if isinstance(body, dict) else None
    if not isinstance(listed, list):
        return None
    account = Account(Form.JSON_2_1)
    found = [_answer(members, account, f"{_MEMBER}[{number}]") for number, members in enumerate(listed)]
    return [each for each in found if each is not None], account


def _answer(members: Any, account: Account, path: str) -> AvailabilityConstraint | None:
    if not isinstance(members, dict):
        account.wrong("wrong-value", f"an availability constraint is {members!r}, which is no object", Place(path=path))
        return None
    found: AvailabilityConstraint | None = AVAILABILITY.read_json(JsonNode(members, account, path=path))
    return found

"""What is around the payload of a message: root, header, indentation, identification (SDMXMessage.xsd; ``meta`` of SDMX-JSON)."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from lxml import etree

from sdmx_gateway.errors import StructureError
from sdmx_gateway.structures.codec.account import Account, Place
from sdmx_gateway.structures.codec.description import COMMON, MESSAGE, add, tag
from sdmx_gateway.structures.codec.form import NAMESPACE, XML, Form
from sdmx_gateway.structures.codec.node import name_of
from sdmx_gateway.structures.header import Header
from sdmx_gateway.structures.urn import Kind, Urn
from sdmx_gateway.structures.xml_guard import Element

_ID: Final = re.compile(r"[A-Za-z0-9_@$\-]+")
_SPACES: Final = {NAMESPACE.format(version=form.space, part=MESSAGE): form for form in XML}
_VERBATIM: Final = "StructuredText"
"""The element in which blanks count."""


def begun(form: Form, name: str, header: Header, **spaces: str) -> Element:
    """The root of a message with its header.

    Args:
        form: what it is written in.
        name: of the root.
        header: who sends it.
        spaces: the parts of the namespace its payload is in, by prefix.

    Raises:
        StructureError: the header cannot carry an id.
    """
    parts = {"mes": MESSAGE, **spaces, "com": COMMON}
    names = {prefix: NAMESPACE.format(version=form.space, part=part) for prefix, part in parts.items()}
    root = etree.Element(tag(form, MESSAGE, name), nsmap=names)
    write_header(root, form, header)
    return root


def write_header(root: Element, form: Form, header: Header) -> None:
    """The header, as every message has it.

    Raises:
        StructureError: it cannot carry an id.
    """
    check_header(header)
    element = add(root, form, MESSAGE, "Header")
    add(element, form, MESSAGE, "ID").text = header.id
    add(element, form, MESSAGE, "Test").text = "true" if header.test else "false"
    add(element, form, MESSAGE, "Prepared").text = header.prepared.isoformat(timespec="seconds")
    add(element, form, MESSAGE, "Sender").set("id", header.sender)
    if header.receiver is not None:
        add(element, form, MESSAGE, "Receiver").set("id", header.receiver)


def check_header(header: Header) -> None:
    """Return if a message can carry the header's ids (IDType); raises StructureError otherwise."""
    parts = {"id": header.id, "sender": header.sender, "receiver": header.receiver or "_"}
    wrong = [f"{name} {value!r}" for name, value in parts.items() if not _ID.fullmatch(value)]
    if wrong:
        raise StructureError(f"the header cannot carry {', '.join(wrong)}", remedy="letters, digits, _ @ $ - only")


def finished(root: Element) -> bytes:
    """The message in UTF-8, indented but where blanks count."""
    _indent(root, "\n")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def _indent(element: Element, line: str) -> None:
    if len(element) == 0 or name_of(element) == _VERBATIM:
        return
    element.text = f"{line}  "
    for child in element:
        _indent(child, f"{line}  ")
        child.tail = f"{line}  "
    element[-1].tail = line


def form_of(root: Element, names: Collection[str]) -> Form | None:
    """The form of a message whose root has one of these names; ``None`` when it is none."""
    space, _, name = str(root.tag).removeprefix("{").rpartition("}")
    return _SPACES.get(space) if name in names else None


def json_message(data: Mapping[str, Any], header: Header, schema: str, *, at_root: bool) -> bytes:
    """A message of SDMX-JSON in UTF-8.

    Args:
        data: the payload.
        header: who sends it.
        schema: the address of the schema it is valid against.
        at_root: whether it names the schema at the root, as from SDMX-JSON 2.1 on.

    Raises:
        StructureError: the header cannot carry an id.
    """
    check_header(header)
    meta: dict[str, Any] = {} if at_root else {"schema": schema}
    meta |= {
        "id": header.id,
        "test": header.test,
        "prepared": header.prepared.isoformat(timespec="seconds"),
        "sender": {"id": header.sender},
    }
    if header.receiver is not None:
        meta["receivers"] = [{"id": header.receiver}]
    message = {**({"$schema": schema} if at_root else {}), "meta": meta, "data": data}
    return json.dumps(message, ensure_ascii=False, indent=1).encode()


def place_of(named: Urn, row: int | None = None) -> Place:
    """Where in a message the artefact of that name is."""
    return Place(row, f"{named.agency}:{named.id}({named.version})")


def named(
    kind: Kind, said: tuple[Any, Any, Any], account: Account, row: int | None = None, path: str = ""
) -> Urn | None:
    """What an artefact is called by agency, id and version; ``None``, with an error in the account, when it has no name."""
    agency, own_id, version = said
    if agency is None or own_id is None:
        what = f"{kind.value} {agency or '?'}:{own_id or '?'} has no agency or no id"
        account.wrong("no-identification", what, Place(row, path=path))
        return None
    try:
        return Urn(kind, str(agency), str(own_id), str(version))
    except StructureError as error:
        account.wrong("wrong-id", error.what, Place(row, path=path))
        return None

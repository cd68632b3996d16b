"""Structure messages in SDMX-JSON: the frame around artefacts, written and read (sdmx-json-structure-schema.json)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sdmx_gateway.errors import MessageRejected, Problem, StructureError, Where
from sdmx_gateway.structures.codec.account import Account, Place
from sdmx_gateway.structures.codec.artefacts.common import SELF
from sdmx_gateway.structures.codec.form import JSON, Form
from sdmx_gateway.structures.codec.frame import check_header, named, place_of
from sdmx_gateway.structures.codec.language import usual
from sdmx_gateway.structures.codec.lexical import LANGUAGE
from sdmx_gateway.structures.codec.node import JsonNode
from sdmx_gateway.structures.codec.referable import why_not
from sdmx_gateway.structures.codec.references import DEFAULT_VERSION
from sdmx_gateway.structures.codec.registry import BY_KIND, containers
from sdmx_gateway.structures.codec.singles import DEFAULT_LANGUAGE
from sdmx_gateway.structures.header import Header
from sdmx_gateway.structures.json_guard import parse_guarded
from sdmx_gateway.structures.model import Artefact
from sdmx_gateway.structures.urn import Kind, Urn

_SCHEMA: Final = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/{}/structure-message/tools/schemas/{}/sdmx-json-structure-schema.json"
_SCHEMAS: Final[Mapping[Form, str]] = {
    Form.JSON_1_0: _SCHEMA.format("v1.0", "1.0"),
    Form.JSON_2_0: _SCHEMA.format("v2.0.0", "2.0.0"),
    Form.JSON_2_1: "https://json.sdmx.org/2.1/sdmx-json-structure-schema.json",
}
"""The addresses of the schemas: where the standard keeps them at the tag of each version, and of 2.1 the one it calls itself by."""


def write_message(artefacts: Iterable[Artefact], form: Form, header: Header) -> bytes:
    """The artefacts, each of a kind the form has, as a message in UTF-8: a line for each artefact's head and each item.

    Raises:
        StructureError: the header cannot carry an id.
    """
    check_header(header)
    held = list(artefacts)
    lists = []
    for name, kinds in containers(form).items():
        inside = [_lines(_written(artefact, form)) for artefact in held if artefact.KIND in kinds]
        if inside:
            lists.append(f"{json.dumps(name)}: [\n" + ",\n".join(inside) + "\n]")
    schema = f'"$schema": {json.dumps(_SCHEMAS[form])},\n' if form is Form.JSON_2_1 else ""
    meta = json.dumps(_meta(form, header), ensure_ascii=False)
    return f'{{{schema}"meta": {meta},\n"data": {{\n{_COMMA.join(lists)}\n}}}}\n'.encode()


_COMMA: Final = ",\n"
_WRITE: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def _written(artefact: Artefact, form: Form) -> dict[str, Any]:
    """The artefact with a link to itself, which says its URN (and where there is more about it)."""
    members: dict[str, Any] = BY_KIND[artefact.KIND].of.write_json(artefact, form)
    if why_not(artefact.urn, form, is_any=True) is None:
        links = members.get("links", [])
        own, others = (
            ({"rel": SELF}, links) if artefact.uri is None else ({"rel": SELF, "uri": artefact.uri}, links[1:])
        )
        members["links"] = [own | {"urn": str(artefact.urn)}, *others]
    return members


def _lines(members: Mapping[str, Any]) -> str:
    """An object with each list of objects on lines of their own; what is inside them on one line each."""
    written = []
    for name, value in members.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            said = "[\n" + _COMMA.join(map(_WRITE, value)) + "\n]"
        else:
            said = _WRITE(value)
        written.append(f"{_WRITE(name)}: {said}")
    return "{" + _COMMA.join(written) + "}"


def _meta(form: Form, header: Header) -> dict[str, Any]:
    meta: dict[str, Any] = {} if form is Form.JSON_2_1 else {"schema": _SCHEMAS[form]}
    meta |= {
        "id": header.id,
        "test": header.test,
        "prepared": header.prepared.isoformat(timespec="seconds"),
        "sender": {"id": header.sender},
    }
    if header.receiver is not None:
        meta["receivers"] = [{"id": header.receiver}]
    return meta


def read_message(data: bytes) -> tuple[list[Artefact], Account]:
    """The artefacts of a message, kind by kind, and the account of the reading.

    Raises:
        MessageRejected: it is no JSON that may be read, or no structure message.
    """
    message = parse_guarded(data)
    body = message.get("data", message)
    is_empty = body == {} and body is not message
    if not isinstance(body, dict) or not (is_empty or _members(body)):
        raise _rejected("not-a-structure-message", "it is no SDMX-JSON structure message: no member holds artefacts")
    account = Account(_form(message, body), _language(message))
    return [a for a in _artefacts(body, account) if a is not None], account


def _names(body: Mapping[str, Any]) -> set[str]:
    """The names of all members, at any depth."""
    names: set[str] = set()
    layer: list[Any] = [body]
    while layer:
        inside: list[Any] = []
        for each in layer:
            if isinstance(each, dict):
                names.update(each)
                inside += each.values()
            else:
                inside += each
        layer = [each for each in inside if isinstance(each, dict | list)]
    return names


_BY_LOWER: Final[Mapping[str, str]] = {name.lower(): name for form in JSON for name in containers(form)}
"""The members that hold artefacts, by their names in small letters: drafts had ``valuelists``."""


def _members(body: Mapping[str, Any]) -> set[str]:
    return {name for name in body if name.lower() in _BY_LOWER and isinstance(body[name], list)}


_VERSION: Final = re.compile(r"/v?(1\.0|2\.0|2\.1)(\.\d+)*(/|-)")
_ONLY_IN_1: Final = frozenset(
    {"textFormat", "primaryMeasure", "assignmentStatus", "includedCodelists", "textType", "structureUsage"}
)
_ONLY_IN_2: Final = frozenset(
    {
        "format",
        "measures",
        "usage",
        "observation",
        "metadataAttributeList",
        "hasFormalLevels",
        "dataType",
        "targets",
        "dataflow",
    }
)
_LISTS_OF_1: Final = frozenset(containers(Form.JSON_1_0))
_LISTS_OF_2: Final = frozenset(containers(Form.JSON_2_0))
_ONLY_IN_2_1: Final = frozenset(
    {"isPartialLanguage", "evolvingStructure", "dimensionConstraint", "availabilityConstraints"}
)


def _form(message: Mapping[str, Any], body: Mapping[str, Any]) -> Form:
    """The version: what the schema it names says, unless everything in it is of another; else what its members give away."""
    names = _names(body)
    meta = message.get("meta")
    said = f"{message.get('$schema', '')} {meta.get('schema', '') if isinstance(meta, dict) else ''}"
    found = _VERSION.search(said)
    lists = {_BY_LOWER.get(name.lower(), name) for name in body}
    old = len(names & _ONLY_IN_1) + len(lists & _LISTS_OF_1 - _LISTS_OF_2)
    new = len(names & _ONLY_IN_2) + len(lists & _LISTS_OF_2 - _LISTS_OF_1)
    if found is not None and not (found[1] == "1.0" and new > old) and not (found[1] != "1.0" and old and not new):
        return Form(f"sdmx-json-{found[1]}")
    if names & _ONLY_IN_2_1:
        return Form.JSON_2_1
    return Form.JSON_1_0 if old > new or (old == new == 0 and "isFinal" in names) else Form.JSON_2_0


def _language(message: Mapping[str, Any]) -> str:
    """The main language of a message, which texts are in that say none."""
    meta = message.get("meta")
    said = meta.get("contentLanguages", meta.get("content-languages")) if isinstance(meta, dict) else None
    first = said[0] if isinstance(said, list) and said else said
    return (usual(first) if isinstance(first, str) and LANGUAGE.fullmatch(first) else None) or DEFAULT_LANGUAGE


def _artefacts(body: Mapping[str, Any], account: Account) -> Iterator[Artefact | None]:
    places = containers(account.form)
    for name, listed in body.items():
        kinds = places.get(_BY_LOWER.get(name.lower(), name)) or _kinds(name)
        if kinds is None:
            if isinstance(listed, list) and listed:
                account.skipped(f"{name} are not held", Place(path=name))
            continue
        for number, members in enumerate(listed if isinstance(listed, list) else []):
            yield _artefact(members, kinds[0], account, f"{name}[{number}]")


def _kinds(name: str) -> tuple[Kind, ...] | None:
    """The kind of artefacts in a member that only other versions have."""
    return next((found for form in JSON if (found := containers(form).get(_BY_LOWER.get(name.lower(), name)))), None)


def _artefact(members: Any, kind: Kind, account: Account, path: str) -> Artefact | None:
    if not isinstance(members, dict):
        account.wrong("wrong-value", f"a {kind.value} is {members!r}, which is no object", Place(path=path))
        return None
    urn = named(kind, _identification(members), account, path=path)
    if urn is None:
        return None
    node = JsonNode({**members, "agencyID": urn.agency, "id": urn.id}, account, place_of(urn).owner)
    known = len(account.errors)
    artefact: Artefact | None = BY_KIND[kind].of.read_json(node, version=str(urn.version))
    return None if account.skips(f"{kind.value} {urn.agency}:{urn.id}", place_of(urn), since=known) else artefact


def _identification(members: Mapping[str, Any]) -> tuple[str | None, str | None, str]:
    """Agency, id and version, from the members, else from the URN of the link to itself."""
    agency, own_id, version = (members.get(name) for name in ("agencyID", "id", "version"))
    if not (agency and own_id and version):
        links = members.get("links")
        urns = [link.get("urn") for link in links if isinstance(link, dict)] if isinstance(links, list) else []
        for text in (members.get("urn"), *urns):
            try:
                urn = Urn.parse(str(text))
            except StructureError:
                continue
            agency, own_id, version = agency or urn.agency, own_id or urn.id, version or urn.version
            break
    return agency and str(agency), own_id and str(own_id), str(version or DEFAULT_VERSION)


def _rejected(code: str, what: str, *, row: int | None = None) -> MessageRejected:
    return MessageRejected("the message cannot be read", [Problem(code, what, Where(row=row))])

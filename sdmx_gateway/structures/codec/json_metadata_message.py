"""Reference metadata in SDMX-JSON: written in 2.0 and 2.1, read in 1.0 too (sdmx-json-metadata-schema.json)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sdmx_gateway.errors import MessageRejected, Problem
from sdmx_gateway.structures.codec import frame
from sdmx_gateway.structures.codec.account import Account, Place
from sdmx_gateway.structures.codec.artefacts.metadata_sets import METADATA_SET
from sdmx_gateway.structures.codec.artefacts.reports import REPORTED_SET
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.codec.node import JsonNode
from sdmx_gateway.structures.codec.references import DEFAULT_VERSION
from sdmx_gateway.structures.codec.report_reading import Sent, sets_of
from sdmx_gateway.structures.header import Header
from sdmx_gateway.structures.json_guard import parse_guarded
from sdmx_gateway.structures.model.metadata import MetadataSet
from sdmx_gateway.structures.urn import Kind, Urn

SCHEMAS: Final[Mapping[Form, str]] = {
    Form.JSON_2_0: "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/metadata-message/tools/schemas/2.0.0/"
    "sdmx-json-metadata-schema.json",
    Form.JSON_2_1: "https://json.sdmx.org/2.1/sdmx-json-metadata-schema.json",
}
_SETS: Final = "metadataSets"


def write_message(sets: Iterable[MetadataSet], form: Form, header: Header) -> bytes:
    """The sets as a message in UTF-8.

    Raises:
        StructureError: the header cannot carry an id.
    """
    data = {_SETS: [METADATA_SET.write_json(each, form) for each in sets]}
    return frame.json_message(data, header, SCHEMAS[form], at_root=form is Form.JSON_2_1)


def read_message(data: bytes) -> tuple[list[MetadataSet], Account]:
    """The sets of a message in its order, and the account of the reading.

    Raises:
        MessageRejected: it is no JSON that may be read, or no metadata message.
    """
    message = parse_guarded(data)
    body = message.get("data")
    listed = body.get(_SETS) if isinstance(body, dict) else None
    if not isinstance(listed, list):
        problem = Problem("not-a-metadata-message", f"it is no SDMX-JSON metadata message: it has no {_SETS}")
        raise MessageRejected("the message cannot be read", [problem])
    meta = message.get("meta")
    account = Account(_form(message, listed), _language(meta))
    return list(_sets(listed, _sent(meta), account)), account


def _form(message: Mapping[str, Any], listed: Iterable[Any]) -> Form:
    """The version: 1.0 when a set has reports, else what the schema it names says; messages of 2.0 name one of 1.0 too."""
    if any(isinstance(each, dict) and "reports" in each for each in listed):
        return Form.JSON_1_0
    meta = message.get("meta")
    said = (message.get("$schema"), meta.get("schema") if isinstance(meta, dict) else None)
    return Form.JSON_2_1 if any("2.1" in each for each in said if isinstance(each, str)) else Form.JSON_2_0


def _language(meta: Any) -> str:
    """The first language of the message, in which texts are that do not say theirs."""
    languages = meta.get("contentLanguages") if isinstance(meta, dict) else None
    first = languages[0] if isinstance(languages, list) and languages else None
    return first if isinstance(first, str) else Account.language


def _sent(meta: Any) -> Sent:
    sender = meta.get("sender") if isinstance(meta, dict) else None
    own_id = sender.get("id") if isinstance(sender, dict) else None
    return Sent(sender=own_id if isinstance(own_id, str) else None)


def _sets(listed: Iterable[Any], sent: Sent, account: Account) -> Iterator[MetadataSet]:
    taken: set[Urn] = set()
    for number, members in enumerate(listed):
        path = f"metadataSets[{number}]"
        if not isinstance(members, dict):
            account.wrong("wrong-value", f"a metadata set is {members!r}, which is no object", Place(path=path))
        elif account.form is Form.JSON_1_0:
            old = REPORTED_SET.read_json(JsonNode(members, account, path=path))
            if old is not None:
                yield from sets_of(old, sent, taken, account)
        else:
            found = _set(members, account, path)
            if found is not None:
                yield found


def _set(members: Mapping[str, Any], account: Account, path: str) -> MetadataSet | None:
    said = (members.get("agencyID"), members.get("id"), members.get("version") or DEFAULT_VERSION)
    urn = frame.named(Kind.METADATA_SET, said, account, path=path)
    if urn is None:
        return None
    found: MetadataSet | None = METADATA_SET.read_json(JsonNode(members, account, frame.place_of(urn).owner))
    return found

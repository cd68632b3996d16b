"""An error as an SDMX message: SDMX-ML 2.1 or 3.0, or SDMX-JSON 2.0, whichever the partner asked for.

SDMX-ML: ``message:Error`` (SDMXMessage.xsd, ErrorType). SDMX-JSON: ``errors`` of the data message (SDMX-JSON 2.0 data
schema, statusMessage); it is the same in the structure message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lxml import etree
from starlette.responses import JSONResponse, Response

from sdmx_gateway.errors import Problem
from sdmx_gateway.web.problems import Status, sentence

_NAMESPACES: Final[Mapping[str, str]] = {
    "v1": "http://www.sdmx.org/resources/sdmxml/schemas/v2_1",
    "v2": "http://www.sdmx.org/resources/sdmxml/schemas/v3_0",
}
_XML_TYPES: Final[Mapping[str, str]] = {
    "v1": "application/vnd.sdmx.structure+xml;version=2.1",
    "v2": "application/vnd.sdmx.structure+xml;version=3.0.0",
}
_JSON_TYPE: Final = "application/vnd.sdmx.data+json;version=2.0.0"
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong with a request: its status and every problem."""

    status: Status
    problems: Sequence[Problem]


def respond(failure: Failure, version: str, *, json: bool, sender: str, now: datetime) -> Response:
    """The answer to a request of ``/sdmx/v1`` or ``/sdmx/v2`` that failed.

    Args:
        failure: what went wrong.
        version: ``v1`` or ``v2``.
        json: whether SDMX-JSON was asked for (``v2`` only), instead of SDMX-ML.
        sender: id of the sender, for the header of SDMX-JSON.
        now: when.

    """
    if json and version == "v2":
        return _as_json(failure, sender, now)
    return Response(_as_xml(failure, version), failure.status.http, media_type=_XML_TYPES[version])


def _as_xml(failure: Failure, version: str) -> bytes:
    base = _NAMESPACES[version]
    root = etree.Element(f"{{{base}/message}}Error", nsmap={"mes": f"{base}/message", "com": f"{base}/common"})
    for problem in failure.problems:
        message = etree.SubElement(root, f"{{{base}/message}}ErrorMessage", code=str(failure.status.sdmx))
        text = etree.SubElement(message, f"{{{base}/common}}Text", {_XML_LANG: "en"})
        text.text = _writable(f"{failure.status.title}: {sentence(problem)}")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _writable(text: str) -> str:
    """The text without the characters XML 1.0 has no place for (§2.2)."""
    return "".join(
        c if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff" and c < "\ufffe") else "\ufffd" for c in text
    )


def _as_json(failure: Failure, sender: str, now: datetime) -> Response:
    errors = [
        {"code": failure.status.sdmx, "title": failure.status.title, "detail": sentence(problem)}
        for problem in failure.problems
    ]
    meta = {"id": f"ERROR_{now:%Y%m%d%H%M%S}", "prepared": now.isoformat(), "sender": {"id": sender}}
    return JSONResponse({"meta": meta, "errors": errors}, failure.status.http, media_type=_JSON_TYPE)

"""The one door XML from outside comes through.

A message is data, never instructions: no document type, hence no entities; no network; no text, depth or attribute
count beyond a named limit. A DOCTYPE is refused before the parser sees it, and so is every encoding in which one could
be hidden from that look (W3C XML 1.0 §2.8, §4.3.3). libxml2's own limits (depth 256, 10 MB of text in one node) stay on.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from lxml import etree

from sdmx_gateway.errors import MessageRejected, Problem, Where

MAX_BYTES: Final = 128 * 1024 * 1024
"""Largest message read, in bytes: some hundred times the largest structure message known."""
MAX_ATTRIBUTES: Final = 64
"""Most attributes on one element of a structure message."""

_ENCODINGS: Final = frozenset(
    {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "iso-8859-15", "windows-1252"}
)
_DECLARED: Final = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._\-]+)["']""")
_PROLOGUE: Final = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_DOCTYPE: Final = b"<!DOCTYPE"

Element = etree._Element  # noqa: SLF001  (the class lxml has no public name for)


def parse_guarded(data: bytes) -> Element:
    """The root of a message, comments and processing instructions left out.

    Raises:
        MessageRejected: it is too long, in an encoding that is not read, has a DOCTYPE, is not well-formed, or has an
            element with too many attributes; with the line where that is known.
    """
    if len(data) > MAX_BYTES:
        raise _rejected("too-long", f"{len(data)} bytes are more than {MAX_BYTES}")
    plain = _as_utf8(data)
    if plain[_prologue_end(plain) :].startswith(_DOCTYPE):
        remedy = "send the message without a document type"
        raise _rejected("doctype", "it has a DOCTYPE, which SDMX-ML never needs", remedy=remedy)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(plain, parser)
    except etree.XMLSyntaxError as error:
        raise _rejected("not-well-formed", f"it is not well-formed: {error.msg}", row=error.lineno) from error
    crowded = root.xpath(f"//*[count(@*) > {MAX_ATTRIBUTES}]")
    if isinstance(crowded, list) and crowded:
        row = getattr(crowded[0], "sourceline", None)
        raise _rejected("too-many-attributes", f"an element has more than {MAX_ATTRIBUTES} attributes", row=row)
    return root


def _as_utf8(data: bytes) -> bytes:
    """The message without its BOM; a UTF-16 one, which must have a BOM, recoded."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise _rejected("wrong-encoding", "it is in UTF-32", remedy="send UTF-8")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            text = data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise _rejected("wrong-encoding", f"it is not the UTF-16 it says: {error.reason}") from error
        return re.sub(r"""(<\?xml[^>]*?)\s+encoding\s*=\s*["'][^"']*["']""", r"\1", text, count=1).lstrip().encode()
    if b"\0" in data[:4]:
        raise _rejected("wrong-encoding", "it is in UTF-16 or UTF-32 without a BOM", remedy="send UTF-8")
    plain = data.removeprefix(codecs.BOM_UTF8).lstrip()
    declared = _DECLARED.match(plain)
    if declared is not None and declared[1].decode().lower() not in _ENCODINGS:
        raise _rejected("wrong-encoding", f"encoding {declared[1].decode()} is not read", remedy="send UTF-8")
    return plain


def _prologue_end(plain: bytes) -> int:
    match = _PROLOGUE.match(plain)
    return match.end() if match else 0


def _rejected(code: str, what: str, *, row: int | None = None, remedy: str = "") -> MessageRejected:
    return MessageRejected("the message cannot be read", [Problem(code, what, Where(row=row), remedy=remedy)])

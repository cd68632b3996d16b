"""The one door XML from outside comes through.

A message is data, never instructions: no document type, hence no entities; no network; no text, depth, number of tags or
of attributes beyond a named limit. A DOCTYPE is refused before the parser sees it, and so is every encoding in which one could
be hidden from that look (W3C XML 1.0 §2.8, §4.3.3). libxml2's own limits (depth 256, 10 MB of text in one node) stay on.
All looks taken before the parser's take time in proportion to the length of the message: no expression that is used can try
the same bytes twice.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from lxml import etree

from sdmx_gateway.errors import MessageRejected, Problem, Where

MAX_BYTES: Final = 128 * 1024 * 1024
"""Largest message read, in bytes: some hundred times the largest structure message known."""
MAX_TAGS: Final = 4_000_000
"""Most tags, comments and processing instructions: an empty element of four bytes becomes 250 in memory, and a message of
MAX_BYTES that says something in its elements has fewer."""
MAX_ATTRIBUTES: Final = 64
"""Most attributes on one element of a structure message."""
MAX_ATTRIBUTE_LENGTH: Final = 64 * 1024
"""Longest attribute, in characters: ids, dates, addresses and patterns, of which none known has a tenth of it."""

_ENCODINGS: Final = frozenset(
    {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "iso-8859-15", "windows-1252"}
)
_DECLARED: Final = re.compile(rb"""<\?xml[^>]*?encoding\s*+=\s*+["']([A-Za-z0-9._\-]+)["']""")
_DECLARED_IN_UTF_16: Final = re.compile(r"""(\s*+<\?xml[^>]*?)\sencoding\s*+=\s*+["'][^"'>]*+["']""")
_PROLOGUE: Final = re.compile(rb"(?:\s++|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_DOCTYPE: Final = b"<!DOCTYPE"
_SHOWN: Final = 40

Element = etree._Element  # noqa: SLF001  (the class lxml has no public name for)


def parse_guarded(data: bytes) -> Element:
    """The root of a message, comments and processing instructions left out.

    Raises:
        MessageRejected: it is too long, in an encoding that is not read, has a DOCTYPE or too many tags, is not well-formed,
            or has an element with too many attributes or too long a one; with the line.
    """
    if len(data) > MAX_BYTES:
        raise _rejected("too-long", f"{len(data)} bytes are more than {MAX_BYTES}")
    plain = _as_utf8(data)
    begins = _prologue_end(plain)
    if plain.startswith(_DOCTYPE, begins):
        remedy = "send the message without a document type"
        what = "it has a DOCTYPE, which SDMX-ML never needs"
        raise _rejected("doctype", what, row=_row_at(plain, begins), remedy=remedy)
    if plain.count(b"<") > MAX_TAGS:
        row = _row_at(plain, _place_of(b"<", plain, MAX_TAGS + 1))
        raise _rejected("too-many-elements", f"it has more than {MAX_TAGS} tags and comments", row=row)
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
    _check_attributes(root)
    return root


def _check_attributes(root: Element) -> None:
    row = _row_of_first(root, f"count(@*) > {MAX_ATTRIBUTES}")
    if row is not None:
        raise _rejected("too-many-attributes", f"an element has more than {MAX_ATTRIBUTES} attributes", row=row)
    row = _row_of_first(root, f"@*[string-length() > {MAX_ATTRIBUTE_LENGTH}]")
    if row is not None:
        raise _rejected("too-long", f"an attribute has more than {MAX_ATTRIBUTE_LENGTH} characters", row=row)


def _row_of_first(root: Element, wrong: str) -> int | None:
    """The line of the first element of which an expression is true."""
    found = root.xpath(f"descendant-or-self::*[{wrong}]")
    return getattr(found[0], "sourceline", None) if isinstance(found, list) and found else None


def _row_at(data: bytes, place: int) -> int:
    """The line a byte is on."""
    return data.count(b"\n", 0, place) + 1


def _place_of(sought: bytes, data: bytes, times: int) -> int:
    """Where what is sought, a single byte, stands for the nth time: by halves, so that little is looked at twice."""
    low, high, before = 0, len(data), 0
    while high - low > 1:
        middle = (low + high) // 2
        found = before + data.count(sought, low, middle)
        low, high, before = (low, middle, before) if found >= times else (middle, high, found)
    return low


def _as_utf8(data: bytes) -> bytes:
    """The message without its BOM; a UTF-16 one, which must have a BOM, recoded."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise _rejected("wrong-encoding", "it is in UTF-32", row=1, remedy="send UTF-8")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            text = data.decode("utf-16")
        except UnicodeDecodeError as error:
            row = data[: error.start].decode("utf-16", "ignore").count("\n") + 1
            raise _rejected("wrong-encoding", f"it is not the UTF-16 it says: {error.reason}", row=row) from error
        return _begun(_undeclared(text.lstrip("\ufeff")).encode())
    if b"\0" in data[:4]:
        raise _rejected("wrong-encoding", "it is in UTF-16 or UTF-32 without a BOM", row=1, remedy="send UTF-8")
    plain = _begun(data.removeprefix(codecs.BOM_UTF8))
    declared = _DECLARED.match(plain)
    if declared is not None and declared[1].decode().lower() not in _ENCODINGS:
        name = declared[1].decode()[:_SHOWN]
        raise _rejected("wrong-encoding", f"encoding {name} is not read", row=1, remedy="send UTF-8")
    return plain


def _undeclared(text: str) -> str:
    """A message that was in UTF-16, without the words that say so."""
    declared = _DECLARED_IN_UTF_16.match(text)
    return text if declared is None else declared[1] + text[declared.end() :]


def _begun(plain: bytes) -> bytes:
    """A message that begins with its declaration: blanks before it, which XML forbids, stand behind, so that lines are the same."""
    begun = plain.lstrip()
    end = begun.find(b">") + 1
    blanks = plain[: len(plain) - len(begun)]
    return begun[:end] + blanks + begun[end:] if blanks and begun.startswith(b"<?xml") else plain


def _prologue_end(plain: bytes) -> int:
    match = _PROLOGUE.match(plain)
    return match.end() if match else 0


def _rejected(code: str, what: str, *, row: int | None = None, remedy: str = "") -> MessageRejected:
    return MessageRejected("the message cannot be read", [Problem(code, what, Where(row=row), remedy=remedy)])

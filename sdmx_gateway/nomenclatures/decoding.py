"""From bytes to text, in an encoding that is proved or told, never hoped for.

The list of NATINF has been published in Latin-1 and in CP850, and programs save it as UTF-8. UTF-8 proves itself; between the
others the characters decide, as :mod:`.french_text` has them. Where they do not, the file is refused with how each encoding
would read it, and ``--encoding`` says which is meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sdmx_gateway.errors import Problem, SourceRejected, Where
from sdmx_gateway.nomenclatures.french_text import FITTING, UNFITTING, share_of_strange, strange

ENCODINGS: Final[Mapping[str, str]] = {
    "utf-8": "utf-8-sig",
    "utf-16": "utf-16",
    "cp1252": "cp1252",
    "latin-1": "latin-1",
    "latin-9": "iso8859-15",
    "cp850": "cp850",
    "mac-roman": "mac_roman",
}
"""The encodings that may be named, and what Python calls them."""
_TOLD_APART: Final = ("cp1252", "cp850")
"""Encodings of one byte a character that the characters tell apart; text in Latin-1 is text in CP1252."""
_UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_SHOWN: Final = 3


@dataclass(frozen=True)
class Decoded:
    """A text, and the encoding it was in."""

    text: str
    encoding: str


def decoded(data: bytes, name: str, encoding: str | None = None) -> Decoded:
    """The text of a file.

    Args:
        data: its bytes.
        name: what messages call it.
        encoding: one of :data:`ENCODINGS`; found out when none is said.

    Raises:
        SourceRejected: it is not text in that encoding, or which it is in cannot be told.
    """
    if not data:
        raise SourceRejected(f"{name} is empty", [Problem("empty-file", "the file has no byte", Where(file=name))])
    if encoding is not None:
        return _as_told(data, name, encoding)
    if data.startswith(_UTF_16_MARKS):
        return _as_told(data, name, "utf-16")
    text = _text(data, "utf-8")
    return Decoded(text, "utf-8") if text is not None else _told_apart(data, name)


def _text(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(ENCODINGS[encoding])
    except UnicodeDecodeError:
        return None


def _as_told(data: bytes, name: str, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(ENCODINGS[encoding]), encoding)
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        problem = Problem(
            "undecodable",
            f"byte {error.start} is not text in {encoding}: {error.reason}",
            Where(file=name, row=row),
            remedy=f"leave --encoding out, or name another: {', '.join(ENCODINGS)}",
        )
        raise SourceRejected(f"{name} cannot be read as text", [problem]) from error


def _told_apart(data: bytes, name: str) -> Decoded:
    read = {encoding: text for encoding in _TOLD_APART if (text := _text(data, encoding)) is not None}
    shares = {encoding: share_of_strange(text) for encoding, text in read.items()}
    fitting = [encoding for encoding, share in shares.items() if share <= FITTING]
    others = [encoding for encoding, share in shares.items() if share <= UNFITTING and encoding not in fitting]
    if len(fitting) == 1 and not others:
        return Decoded(read[fitting[0]], fitting[0])
    ways = "; ".join(f"{encoding} reads {_sample(text)}" for encoding, text in read.items())
    problem = Problem(
        "ambiguous-encoding",
        "the encoding cannot be told from the text",
        Where(file=name),
        why=f"it is not UTF-8; {ways}" if ways else "it is neither UTF-8 nor CP1252 nor CP850",
        remedy=f"save it as UTF-8, or say --encoding, one of {', '.join(ENCODINGS)}",
    )
    raise SourceRejected(f"{name} cannot be read as text", [problem])


def _sample(text: str) -> str:
    """The first words that would show a wrong encoding."""
    words = dict.fromkeys(word.strip(';,"') for word in text.split() if not word.isascii())
    first = sorted(words, key=lambda word: not strange(word))[:_SHOWN]
    return ", ".join(repr(word) for word in first)

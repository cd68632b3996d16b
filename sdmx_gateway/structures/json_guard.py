"""The one door JSON from outside comes through, as :mod:`.xml_guard` is for XML.

No text longer, nothing deeper and not more objects than a named limit; no name twice in one object, of which readers would take
this one or that; no half of a character (RFC 8259 §4 and §8.2 leave open what these two mean, RFC 7493 §2 forbids them).

The parser of the standard library tells where a message stops being JSON, and nothing of where it was when it was asked for
a number or an object. So what it is refused for is looked for a second time, by a walk over the words of the message.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sdmx_gateway.errors import MessageRejected, Problem, Where
from sdmx_gateway.structures.xml_guard import MAX_BYTES

MAX_DEPTH: Final = 64
"""Deepest nesting of objects and lists that is read; libxml2 allows 256 elements, which JSON needs fewer of."""
MAX_OBJECTS: Final = 4_000_000
"""Most objects and lists: an empty one of three bytes becomes 72 in memory, and a message of MAX_BYTES that says something in
them has fewer."""
MAX_TEXT: Final = 10_000_000
"""Longest text, as it is written; libxml2 has the same limit."""
MAX_DIGITS: Final = 1_000
"""Most digits of a number: a double has 17, and Python takes the square of their count to read them."""
MAX_EXPONENT: Final = 400
"""Largest power of ten a number is read with: more than a double has, and little enough to be written out."""
_WORD: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{}:,]|[^\s"\[\]{}:,]++', re.DOTALL)
"""A text with its quotes (one that is not closed goes on to the end, so that none is looked at twice), a mark, or anything else."""
_TEXT_OR_BRACKET: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_ESCAPE: Final = re.compile(
    r"\\(?:u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|(u[dD][89a-fA-F][0-9A-Fa-f]{2})|.)", re.DOTALL
)
"""An escaped character: one of two halves, half a one, or any other."""
_MAYBE_HALF: Final = re.compile(r"\\u[dD][89A-Fa-f]")
_NUMBER: Final = re.compile(r"-?[0-9][0-9.eE+\-]*")
_UNSIZED: Final = frozenset({"NaN", "Infinity", "-Infinity"})
_BEGINS: Final = re.compile(rb"[\xef\xbb\xbf\xff\xfe\0\s]*+[\[{]")
"""A brace or a bracket, behind blanks and what marks UTF-8, UTF-16 or UTF-32."""
_SHOWN: Final = 40


def parse_guarded(data: bytes) -> dict[str, Any]:
    """The object a message is, its numbers with a point as decimals.

    Raises:
        MessageRejected: it is too long or too deep, not in UTF-8, no JSON object, or has a name twice in an object, half a
            character or a number that is none; with the line.
    """
    if len(data) > MAX_BYTES:
        raise _rejected("too-long", f"{len(data)} bytes are more than {MAX_BYTES}")
    text = _decoded(data)
    _check_size(text)
    _check_halves(text)
    try:
        message = json.loads(
            text, parse_float=_number, parse_int=_whole, parse_constant=_refused, object_pairs_hook=_object
        )
    except json.JSONDecodeError as error:
        what = f"it is not JSON: {error.msg}, column {error.colno}"
        raise _rejected("not-well-formed", what, row=error.lineno) from error
    except (ValueError, RecursionError) as error:
        what, place = next(_wrong_words(text), (str(error), None))
        row = None if place is None else _row_at(text, place)
        raise _rejected("not-well-formed", f"it is not JSON: {what}", row=row) from error
    if not isinstance(message, dict):
        what = f"it is a {type(message).__name__}, no object, and so no SDMX-JSON message"
        raise _rejected("not-well-formed", what, row=1)
    return message


def is_json(data: bytes) -> bool:
    """Whether a message begins as JSON does, in whatever encoding.

    >>> is_json(b' {"meta": {}}'), is_json('{"meta": {}}'.encode("utf-16")), is_json(b"<Structure/>")
    (True, True, False)
    """
    return _BEGINS.match(data) is not None


def _decoded(data: bytes) -> str:
    if b"\0" in data[:4]:
        raise _rejected("wrong-encoding", "it is in UTF-16 or UTF-32", row=1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise _rejected("wrong-encoding", f"it is not UTF-8: {error.reason}", row=row) from error


def _check_size(text: str) -> None:
    """Return if no text is too long, nothing lies too deep, and there are not too many objects."""
    opened = total = 0
    for found in _TEXT_OR_BRACKET.finditer(text):
        word = found[0]
        if word in "[{":
            opened += 1
            total += 1
            if opened > MAX_DEPTH:
                what = f"it is nested deeper than {MAX_DEPTH}"
                raise _rejected("too-deep", what, row=_row_at(text, found.start()))
            if total > MAX_OBJECTS:
                what = f"it has more than {MAX_OBJECTS} objects and lists"
                raise _rejected("too-many-elements", what, row=_row_at(text, found.start()))
        elif word in "]}":
            opened -= 1
        elif len(word) > MAX_TEXT:
            what = f"a text of {len(word)} characters is longer than {MAX_TEXT}"
            raise _rejected("too-long", what, row=_row_at(text, found.start()))


def _check_halves(text: str) -> None:
    """Return if every escaped half of a character (a surrogate) is followed, or preceded, by its other half."""
    if _MAYBE_HALF.search(text) is None:
        return
    for found in _ESCAPE.finditer(text):
        if found[1] is not None:
            what = f"it is not JSON: \\{found[1]} is half a character, a surrogate without its other half"
            raise _rejected("not-well-formed", what, row=_row_at(text, found.start()))


def _row_at(text: str, place: int) -> int:
    """The line a character is on."""
    return text.count("\n", 0, place) + 1


def _number(text: str) -> Decimal:
    if len(text) > MAX_DIGITS:
        raise ValueError(f"a number of {len(text)} digits is beyond those that are read")
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"{text[:_SHOWN]} is no number") from error
    if abs(number.adjusted()) > MAX_EXPONENT:
        raise ValueError(f"{text[:_SHOWN]} is beyond the numbers that are read")
    return number


def _whole(text: str) -> int:
    if len(text) > MAX_EXPONENT:
        _number(text)
    return int(text)


def _refused(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("an object has a member twice")
    return members


def _wrong_words(text: str) -> Iterator[tuple[str, int]]:
    """What is said in a message that is JSON in form and not read, with its place: numbers, and names that come twice."""
    taken: list[set[str]] = []
    key: str | None = None
    for found in _WORD.finditer(text):
        word = found[0]
        if word in "{[":
            taken.append(set())
        elif word in "}]":
            taken.pop()
        elif word == ":" and key is not None:
            if key in taken[-1]:
                yield f"an object has the member {key[:_SHOWN]} twice", found.start()
            taken[-1].add(key)
        elif word in _UNSIZED or _NUMBER.fullmatch(word):
            try:
                (_refused if word in _UNSIZED else _number)(word)
            except ValueError as error:
                yield str(error), found.start()
        key = json.loads(word) if word[0] == '"' else None


def _rejected(code: str, what: str, *, row: int | None = None) -> MessageRejected:
    return MessageRejected("the message cannot be read", [Problem(code, what, Where(row=row))])

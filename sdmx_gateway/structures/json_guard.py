"""The one door JSON from outside comes through, as :mod:`.xml_guard` is for XML: no text longer or deeper than a named limit."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sdmx_gateway.errors import MessageRejected, Problem, Where
from sdmx_gateway.structures.xml_guard import MAX_BYTES

MAX_DEPTH: Final = 64
"""Deepest nesting of objects and lists that is read; libxml2 allows 256 elements, which JSON needs fewer of."""
MAX_EXPONENT: Final = 400
"""Largest power of ten a number is read with: more than a double has, and little enough to be written out."""
_TEXTS: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
"""A text with its quotes; one that is not closed goes on to the end, so that none is looked at twice."""
_SHOWN: Final = 40
_BRACKETS: Final = re.compile(r"[\[{]|[\]}]")


def parse_guarded(data: bytes) -> dict[str, Any]:
    """The object a message is, its numbers with a point as decimals.

    Raises:
        MessageRejected: it is too long or too deep, not in UTF-8, or no JSON object; with the line where that is known.
    """
    if len(data) > MAX_BYTES:
        raise _rejected("too-long", f"{len(data)} bytes are more than {MAX_BYTES}")
    try:
        text = data.decode("utf-8-sig")
        if _depth(text) > MAX_DEPTH:
            raise _rejected("too-deep", f"it is nested deeper than {MAX_DEPTH}")
        message = json.loads(text, parse_float=_number, parse_constant=_refused)
    except UnicodeDecodeError as error:
        raise _rejected("wrong-encoding", f"it is not UTF-8: {error.reason}") from error
    except json.JSONDecodeError as error:
        raise _rejected("not-well-formed", f"it is not JSON: {error.msg}", row=error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise _rejected("not-well-formed", f"it is not JSON: {error}") from error
    if not isinstance(message, dict):
        raise _rejected("not-well-formed", f"it is a {type(message).__name__}, no object, and so no SDMX-JSON message")
    return message


def _depth(text: str) -> int:
    """How deep objects and lists lie in each other, by a look at the brackets outside of texts."""
    opened = deepest = 0
    for bracket in _BRACKETS.finditer(_TEXTS.sub("", text)):
        opened += 1 if bracket[0] in "[{" else -1
        deepest = max(deepest, opened)
    return deepest


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"{text[:_SHOWN]} is no number") from error
    if abs(number.adjusted()) > MAX_EXPONENT:
        raise ValueError(f"{text[:_SHOWN]} is beyond the numbers that are read")
    return number


def _refused(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _rejected(code: str, what: str, *, row: int | None = None) -> MessageRejected:
    return MessageRejected("the message cannot be read", [Problem(code, what, Where(row=row))])

"""An SDMX-JSON message parsed around its observations, which stay text.

Series and observations are cut out of the text where the grammar proves them, and the rest, which is of the size of the structure, is
left to Python's parser. The holes are spelt ``NaN`` and ``Infinity``: words JSON does not have and the parser asks about, in the order
they stand in. A name in its quotes, a colon and a brace cannot stand inside a text, whose quotes are escaped; so what is cut out is
always a whole member. A message that is not as regular as that is parsed as a whole, and what is wrong in it is told with its place.
"""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.formats.json_grammar import OBSERVATIONS, SERIES
from sdmx_gateway.formats.json_members import Fraction, rejected

BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Bulk:
    """The member ``series`` or ``observations`` of a data set as it is spelt, proven by the grammar.

    Attributes:
        text: a column of one row.
    """

    text: pl.Series


_HOLES: Final = (("NaN", '"series":NaN', SERIES), ("Infinity", '"observations":Infinity', OBSERVATIONS))


def parse_around(data: bytes) -> Any:
    """The message, with a :class:`Bulk` wherever series or observations are regular; ``None`` if it is no JSON for certain.

    Raises:
        MessageRejected: it is not UTF-8.
    """
    rest = pl.Series("text", [_utf8(data)])
    cut_out: dict[str, deque[pl.Series]] = {}
    for word, hole, grammar in _HOLES:
        found = rest.str.extract_all(grammar).explode().drop_nulls()
        cut_out[word] = deque(found.slice(n, 1) for n in range(len(found)))
        rest = rest.str.replace_all(grammar, hole) if len(found) else rest
    try:
        message = json.loads(
            rest.item(), parse_float=Fraction, parse_constant=lambda word: Bulk(cut_out[word].popleft())
        )
    except (ValueError, LookupError, RecursionError):
        return None
    return None if any(cut_out.values()) else message


def parse_whole(data: bytes) -> Any:
    """The whole message as Python values.

    Raises:
        MessageRejected: it is no JSON text; the place is told.
    """
    try:
        return json.loads(_utf8(data), parse_float=Fraction, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        what = f"{error.msg}, column {error.colno}"
        raise rejected(Problem("not-well-formed", what, Where(row=error.lineno))) from error
    except (ValueError, RecursionError) as error:
        raise rejected(Problem("not-well-formed", f"the message is no JSON text: {error}")) from error


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is no JSON number")


def _utf8(data: bytes) -> str:
    data = data.removeprefix(BOM)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        what = f"the byte 0x{data[error.start]:02X} is not UTF-8"
        problem = Problem("not-utf-8", what, Where(row=row), remedy="save the file as UTF-8")
        raise rejected(problem) from error

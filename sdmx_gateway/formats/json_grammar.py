"""How the observations of an SDMX-JSON message are spelt, as regular expressions of polars.

A data set is as deep as the standard lets it be and no deeper (SDMX-JSON 2.0.0, data message schema: dataSet), so that a regular
expression can prove an object of series or of observations to be JSON (RFC 8259) in full: every bracket, number and escape.
The proof runs at some 500 MB/s. What is proven can be cut up by simpler expressions.

Two things that JSON allows are left out on purpose: values within values, and halves of surrogate pairs, which are no characters.
"""

from __future__ import annotations

from typing import Final

_BLANK = r"[ \t\n\r]*"
_CHARACTER = r'[^"\\\x00-\x1f]'
_UNIT = r"u(?:[0-9a-cefA-CEF][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2})"
_PAIR = r"u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_STRING = rf'"(?:{_CHARACTER}|\\(?:["\\/bfnrt]|{_UNIT}|{_PAIR}))*"'
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_SCALAR = f"(?:{_STRING}|{_NUMBER}|true|false|null)"
_KEY = r'"[0-9:]*"'


def _between(opening: str, item: str, closing: str) -> str:
    several = rf"{item}{_BLANK}(?:,{_BLANK}{item}{_BLANK})*"
    return rf"{opening}{_BLANK}(?:{several})?{closing}"


def _named(name: str, value: str) -> str:
    return rf"{name}{_BLANK}:{_BLANK}{value}"


def _object(item: str) -> str:
    return _between(r"\{", item, r"\}")


_ARRAY = _between(r"\[", _SCALAR, r"\]")

OBSERVATIONS: Final = _named('"observations"', _object(_named(_KEY, _ARRAY)))
"""The member ``observations``, of a data set or of a series, with its name."""

_OTHERS = _named('"(?:attributes|annotations)"', _ARRAY)

SERIES: Final = _named('"series"', _object(_named(_KEY, _object(f"(?:{OBSERVATIONS}|{_OTHERS})"))))
"""The member ``series`` of a data set, with its name."""

PIECE: Final = r'"[^"]*"\s*:\s*(?:\{|\[(?:[^"\]]|"(?:[^"\\]|\\.)*")*\])|\}'
"""In what is proven: a name and the bracket it opens, a name and a whole array, or the end of an object."""

CELL: Final = r'"(?:[^"\\]|\\.)*"|[^\s,:\[\]"]+'
"""In a proven array: one value."""

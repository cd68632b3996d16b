"""Members of parsed JSON objects, fetched by name and kind; what is not there is told by its path in the message."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

import polars as pl

from sdmx_gateway.errors import MessageRejected, Problem

T = TypeVar("T")

_KINDS: Final[Mapping[type, str]] = {dict: "object", list: "array", str: "text", int: "whole number"}


def rejected(problem: Problem) -> MessageRejected:
    """The error for a message that cannot be read at all."""
    return MessageRejected("this SDMX-JSON message cannot be read", [problem])


def wrong_form(what: str) -> MessageRejected:
    """The error for JSON that is no SDMX-JSON 2.0 data message."""
    return rejected(Problem("wrong-form", f"the message is not as SDMX-JSON 2.0 has it: {what}"))


def member(of: Mapping[str, Any], name: str, kind: type[T], path: str, default: T | None = None) -> T:
    """A member of the object at a path of the message; ``null`` is an absent one.

    >>> member({"dataSets": []}, "dataSets", list, "data")
    []

    Raises:
        MessageRejected: it is of another kind, or it is absent and there is no default.
    """
    value = of.get(name)
    if value is None and default is not None:
        return default
    return checked(value, kind, f"{path}.{name}" if path else name)


def checked(value: Any, kind: type[T], path: str) -> T:
    """The value at a path, which must be of a kind.

    Raises:
        MessageRejected: it is not.
    """
    if value is None:
        raise wrong_form(f"{path} is missing")
    if not isinstance(value, kind):
        raise wrong_form(f"{path} is no {_KINDS[kind]}")
    return value


class Fraction(float):
    """A number with a fraction or an exponent, with its spelling, which a float does not keep.

    >>> Fraction("2.50").spelt
    '2.50'
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.spelt = text


def as_json(value: Any) -> str:
    """A parsed value as JSON text again.

    Raises:
        MessageRejected: its values are nested too deeply.
    """
    if isinstance(value, Fraction):
        return value.spelt
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError as error:
        raise wrong_form("a value is nested too deeply") from error


def texts(values: Iterable[str | None], path: str) -> pl.Series:
    """Python texts as a column.

    Raises:
        MessageRejected: one holds half of a surrogate pair, which JSON can spell and UTF-8 cannot.
    """
    try:
        return pl.Series(list(values), dtype=pl.String)
    except UnicodeEncodeError as error:
        half = f"U+{ord(error.object[error.start]):04X}"
        raise wrong_form(f"{path} holds half of a surrogate pair, {half}, which is no character") from error

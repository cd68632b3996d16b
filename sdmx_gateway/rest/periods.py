"""Periods as spans of days, so that a year, a quarter and a month compare by when they are.

Gregorian and reporting periods of SDMX (SDMX 3.0 Section 6 "Time and Time Format"; SDMX 2.1 Section 6 §4.2), with the
reporting year taken to start on 1 January. Time ranges (``2020-01-01/P1Y``) are not understood and have no span.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sdmx_gateway.rest.query import Operator


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last day of a period."""

    start: date
    end: date


def _months(year: int, first: int, length: int) -> Span:
    last = first + length - 1
    return Span(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def _day(year: int, number: int) -> Span:
    day = date(year, 1, 1) + timedelta(days=number - 1)
    if day.year != year or number < 1:
        raise ValueError(number)
    return Span(day, day)


def _week(year: int, number: int) -> Span:
    monday = date.fromisocalendar(year, number, 1)
    return Span(monday, monday + timedelta(days=6))


_PARTS: Final[Mapping[str, Callable[[int, int], Span]]] = {
    "A": lambda year, n: _months(year, 12 * n - 11, 12),
    "S": lambda year, n: _months(year, 6 * n - 5, 6),
    "T": lambda year, n: _months(year, 4 * n - 3, 4),
    "Q": lambda year, n: _months(year, 3 * n - 2, 3),
    "M": lambda year, n: _months(year, n, 1),
    "W": _week,
    "D": _day,
}
_REPORTING = re.compile(r"(\d{4})-?([ASTQMWD])(\d{1,3})")
_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(T[\d:.]+(Z|[+\-]\d{2}:\d{2})?)?")


def span(period: str) -> Span | None:
    """The days a period covers; ``None`` when it is no period. A dateTime is the day it falls on.

    >>> span("2024-Q3")
    Span(start=datetime.date(2024, 7, 1), end=datetime.date(2024, 9, 30))
    """
    try:
        if match := _REPORTING.fullmatch(period):
            return _PARTS[match[2]](int(match[1]), int(match[3]))
        if match := _MONTH.fullmatch(period):
            return _months(int(match[1]), int(match[2]), 1)
        if match := _DATE.fullmatch(period):
            day = date.fromisoformat(match[1])
            return Span(day, day)
        return _months(int(period), 1, 12) if _YEAR.fullmatch(period) else None
    except ValueError:
        return None


COMPARISONS: Final[Mapping[Operator, Callable[[Span, Span], bool]]] = {
    Operator.EQ: lambda one, other: one == other,
    Operator.NE: lambda one, other: one != other,
    Operator.LT: lambda one, other: one.end < other.start,
    Operator.LE: lambda one, other: one.end <= other.end,
    Operator.GT: lambda one, other: one.start > other.end,
    Operator.GE: lambda one, other: one.start >= other.start,
}
"""Whether an observation's span stands to a given one as the operator says (REST 1.5 §4.4: bounds are inclusive, and a
quarter counts between 2020-01 and 2020-03)."""

"""Reference periods: years, quarters and months, as the calendar counts them.

A period knows which days it covers, what comes next, and its three spellings: the SDMX one of messages
(``2024``, ``2024-Q3``, ``2024-09``), the reporting one some messages use (``2024-A1``, ``2024-M09``), and the four
digits of an EDAMIS occurrence name. Clocks and time zones are for :mod:`sdmx_gateway.transmission.calendar`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Self

from sdmx_gateway.errors import UsageError


class Frequency(StrEnum):
    """How often a period comes round, in codes of SDMX:CL_FREQ(2.0)."""

    ANNUAL = "A"
    QUARTERLY = "Q"
    MONTHLY = "M"


_PER_YEAR: Final[Mapping[Frequency, int]] = {Frequency.ANNUAL: 1, Frequency.QUARTERLY: 4, Frequency.MONTHLY: 12}
_NAMES: Final[Mapping[Frequency, str]] = {
    Frequency.ANNUAL: "year, such as 2024",
    Frequency.QUARTERLY: "quarter, such as 2024-Q3",
    Frequency.MONTHLY: "month, such as 2024-09",
}
# SDMX 3.0 Section 6, §4.2: Gregorian (2024, 2024-09) and reporting (2024-A1, 2024-Q3, 2024-M09) periods.
_SPELLINGS: Final[Mapping[Frequency, re.Pattern[str]]] = {
    Frequency.ANNUAL: re.compile(r"(?P<year>[12][0-9]{3})(?:-A(?P<number>1))?"),
    Frequency.QUARTERLY: re.compile(r"(?P<year>[12][0-9]{3})-Q(?P<number>[1-4])"),
    Frequency.MONTHLY: re.compile(r"(?P<year>[12][0-9]{3})-M?(?P<number>0[1-9]|1[0-2])"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """One reference period.

    Attributes:
        frequency: how long it is.
        year: Gregorian year, 1000 to 2999.
        number: which quarter (1-4) or month (1-12) of the year; 1 for a year.

    >>> period = Period.parse("2024-Q3", Frequency.QUARTERLY)
    >>> period.first_day.isoformat(), period.last_day.isoformat(), str(period.next)
    ('2024-07-01', '2024-09-30', '2024-Q4')
    """

    frequency: Frequency
    year: int
    number: int = 1

    def __post_init__(self) -> None:
        if not (1000 <= self.year <= 2999 and 1 <= self.number <= _PER_YEAR[self.frequency]):
            raise UsageError(f"{self.year}, number {self.number}, is not a {_NAMES[self.frequency]}")

    @classmethod
    def parse(cls, text: str, frequency: Frequency) -> Self:
        """Read a period in its SDMX or reporting spelling.

        Raises:
            UsageError: the text is not a period of this frequency.
        """
        match = _SPELLINGS[frequency].fullmatch(text)
        if match is None:
            raise UsageError(f"{text!r} is not a {_NAMES[frequency]}")
        return cls(frequency, int(match["year"]), int(match["number"] or 1))

    @property
    def first_day(self) -> date:
        """The first day it covers."""
        months = 12 // _PER_YEAR[self.frequency]
        return date(self.year, (self.number - 1) * months + 1, 1)

    @property
    def day_after(self) -> date:
        """The first day it no longer covers: always the first of a month."""
        return months_later(self.first_day, 12 // _PER_YEAR[self.frequency])

    @property
    def last_day(self) -> date:
        """The last day it covers."""
        return self.day_after - timedelta(days=1)

    @property
    def next(self) -> Period:
        """The period that follows it."""
        carry, number = divmod(self.number, _PER_YEAR[self.frequency])
        return Period(self.frequency, self.year + carry, number + 1)

    @property
    def in_occurrence(self) -> str:
        """Its four digits in an EDAMIS occurrence name, after the year: ``0000`` for a year.

        Source: EDAMIS dataset naming convention (cros.ec.europa.eu, "How to respect the dataset naming convention")
        for ``0000``; ``0006`` for June is seen in names in use; ``0001`` to ``0004`` for quarters is from memory,
        to verify.
        """
        return "0000" if self.frequency is Frequency.ANNUAL else f"{self.number:04d}"

    def __str__(self) -> str:
        match self.frequency:
            case Frequency.ANNUAL:
                return f"{self.year}"
            case Frequency.QUARTERLY:
                return f"{self.year}-Q{self.number}"
            case Frequency.MONTHLY:
                return f"{self.year}-{self.number:02d}"


def months_later(first_of_month: date, months: int) -> date:
    """The first of the month that comes so many months after a first of the month."""
    years, month = divmod(first_of_month.month - 1 + months, 12)
    return date(first_of_month.year + years, month + 1, 1)

"""Structural checks of the time dimension: an SDMX period, in the form of its frequency.

SDMX writes one month in two ways, ``2016-01`` and ``2016-M01``, and a year in two, ``2016`` and ``2016-A1`` (SDMX 3.0
Section 6, "Reporting Time Period"). Both are periods; only the first is what this gateway's datasets hold, so that one
month has one key.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

from sdmx_gateway.validation import struval
from sdmx_gateway.validation.outcome import Outcome, Subject

FREQUENCY: Final = "FREQ"
"""Id of the frequency dimension, in capitals; some agencies write it in lower case."""

_MONTH, _DAY = r"(0[1-9]|1[0-2])", r"(0[1-9]|[12]\d|3[01])"
_WEEK, _YEAR_DAY = r"(0[1-9]|[1-4]\d|5[0-3])", r"(00[1-9]|0[1-9]\d|[12]\d\d|3[0-5]\d|36[0-6])"
_TIME = r"T([01]\d|2[0-4]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"
_DATE = rf"\d{{4}}-{_MONTH}-{_DAY}"
_DURATION = r"P(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?"

OBSERVATIONAL_TIME_PERIOD: Final = (
    rf"^(\d{{4}}|\d{{4}}-{_MONTH}|{_DATE}({_TIME})?"
    rf"|\d{{4}}-(A1|S[12]|T[1-3]|Q[1-4]|M{_MONTH}|W{_WEEK}|D{_YEAR_DAY})"
    rf"|{_DATE}({_TIME})?/{_DURATION})$"
)
"""SDMXCommon.xsd, ObservationalTimePeriodType: Gregorian, reporting, instant and range periods."""

FORMS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "A": (r"^\d{4}$", "2016"),
        "S": (r"^\d{4}-S[12]$", "2016-S1"),
        "Q": (r"^\d{4}-Q[1-4]$", "2016-Q1"),
        "M": (rf"^\d{{4}}-{_MONTH}$", "2016-01"),
        "W": (rf"^\d{{4}}-W{_WEEK}$", "2016-W01"),
        "D": (rf"^{_DATE}$", "2016-01-31"),
        "B": (rf"^{_DATE}$", "2016-01-29"),
        "H": (rf"^{_DATE}{_TIME}$", "2016-01-31T09:00:00"),
        "N": (rf"^{_DATE}{_TIME}$", "2016-01-31T09:30:00"),
    }
)
"""The form of a period by frequency (SDMX:CL_FREQ(2.0)), with an example."""


def time_period_form(subject: Subject) -> Outcome:
    """Periods that are none: not of the grammar, or a day no calendar has."""
    if subject.time is None:
        return Outcome.nothing("time-period-malformed")
    wrong = _distinct(subject).filter(~is_period("@value"))
    failures = _lines(subject, wrong.select("@value").unique(), ["@value"], struval.INVALID_VALUE)
    return Outcome.of(failures, checked=subject.frame.height, wording="time-period-malformed")


def time_period_frequency(subject: Subject) -> Outcome:
    """Periods that are not in the form of their observation's frequency; other frequencies are not judged."""
    if subject.time is None or _frequency(subject) is None:
        return Outcome.nothing("time-period-not-of-frequency")
    pairs = _distinct(subject).filter(is_period("@value"))
    wrong = [
        pairs.filter((pl.col("@frequency") == frequency) & ~pl.col("@value").str.contains(form)).with_columns(
            pl.lit(example).alias("@expected")
        )
        for frequency, (form, example) in FORMS.items()
    ]
    failures = _lines(subject, pl.concat(wrong), ["@frequency", "@value"], struval.INVALID_DATE)
    return Outcome.of(failures, checked=subject.frame.height, wording="time-period-not-of-frequency")


def is_period(column: str) -> pl.Expr:
    """Whether a text is an SDMX observational time period."""
    date = pl.col(column).str.extract(rf"^({_DATE})")
    in_calendar = date.is_null() | date.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    return pl.col(column).str.contains(OBSERVATIONAL_TIME_PERIOD) & in_calendar


def _frequency(subject: Subject) -> str | None:
    return next((name for name in subject.keys if name.upper() == FREQUENCY), None)


def _named(subject: Subject) -> list[pl.Expr]:
    name = _frequency(subject)
    frequency = pl.col(name) if name else pl.lit(None, dtype=pl.String)
    return [frequency.alias("@frequency"), pl.col(subject.time or "").alias("@value")]


def _distinct(subject: Subject) -> pl.DataFrame:
    """The pairs of frequency and period that occur; absent and empty periods are another check's matter."""
    return subject.frame.select(_named(subject)).unique().filter(pl.col("@value") != "")


def _lines(subject: Subject, wrong: pl.DataFrame, on: list[str], code: str) -> pl.DataFrame:
    if wrong.is_empty():
        return pl.DataFrame()
    firsts = (
        subject.frame.with_columns(_named(subject))
        .join(wrong.select(on), on=on, how="semi")
        .select(*subject.place(), *on)
        .group_by(on, maintain_order=True)
        .agg(pl.first("@key", "@period"), pl.len().alias("@count"))
    )
    return (
        firsts.join(wrong, on=on)
        .with_columns(pl.lit(subject.time).alias("@column"), pl.lit(code).alias("@struval"))
        .sort(["@count", "@value"], descending=[True, False])
    )

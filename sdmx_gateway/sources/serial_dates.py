"""Days as spreadsheets count them: whole numbers since the end of 1899 (ECMA-376 Part 1 §18.17.4.1, the 1900 date base system)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import polars as pl

EPOCH: Final = date(1899, 12, 30)
"""Day 0, so that every day since 1 March 1900 is right; the day 29 February 1900 of the standard never was."""
FIRST, LAST = 61, 73_050
"""1 March 1900 and 31 December 2099: a number outside is left as it is."""


def day(text: str) -> str:
    """A day for a serial number, any other text as it is.

    >>> day("44774"), day("2022")
    ('2022-08-01', '1905-07-14')
    """
    number = text.removesuffix(".0")
    if number.isdecimal() and FIRST <= int(number) <= LAST:
        return (EPOCH + timedelta(days=int(number))).isoformat()
    return text


def dates(text: pl.Expr) -> pl.Expr:
    """A column of serial numbers as days, texts that are none as they are."""
    number = text.str.strip_chars().str.extract(r"^(\d{2,5})(?:\.0+)?$").cast(pl.Int32, strict=False)
    days = pl.lit(EPOCH) + pl.duration(days=number)
    return pl.when(number.is_between(FIRST, LAST)).then(days.cast(pl.Date).cast(pl.String)).otherwise(text)

"""A source against itself: a figure it gives twice, as a count and as a rate, must be the same both times.

A slip of the pen in one cell passes every other check; where the producer publishes the rate beside the count, it cannot.
"""

from __future__ import annotations

import polars as pl

from sdmx_gateway.errors import Problem
from sdmx_gateway.mapping import numbers
from sdmx_gateway.mapping.coded import Distinct
from sdmx_gateway.mapping.spec import Rate
from sdmx_gateway.mapping.table import SourceTable, faults, source_column


def inconsistent(table: SourceTable, frame: pl.DataFrame, rates: tuple[Rate, ...]) -> list[Problem]:
    """Rows of a working frame whose count, base and rate do not agree, each distinct triple once with its place.

    Rows that lack one of the three say nothing; so does a table without one of the columns.
    """
    return [problem for rate in rates for problem in _of(table, frame, rate)]


def _of(table: SourceTable, frame: pl.DataFrame, rate: Rate) -> list[Problem]:
    columns = (rate.count, rate.base, rate.rate)
    if any(source_column(column) not in frame.columns for column in columns):
        return []
    figures = pl.DataFrame([_number(table, frame, column).alias(column) for column in columns])
    count, base, said = (pl.col(column) for column in columns)
    apart = (count / base * rate.times - said).abs() > rate.within
    wrong = figures.select((apart & (base > 0)).fill_null(value=False)).to_series()
    for column, texts in rate.where.items():
        wrong &= frame[source_column(column)].is_in(list(texts)).fill_null(value=False)
    for column, texts in rate.not_for.items():
        wrong &= ~frame[source_column(column)].is_in(list(texts)).fill_null(value=False)
    return faults(
        frame,
        wrong,
        columns,
        code="inconsistent-rate",
        what=f"{{value}}: {rate.count} / {rate.base} × {rate.times:g} is not {rate.rate}",
        remedy="one of the three is wrong: compare them with the published file",
    )


def _number(table: SourceTable, frame: pl.DataFrame, column: str) -> pl.Series:
    name = source_column(column)
    if frame.schema[name].is_numeric():
        return frame[name].cast(pl.Float64)
    distinct = Distinct.of(frame, [name])
    return distinct.spread(numbers.float_of(numbers.decimal_numbers(distinct.values[name], decimal=table.decimal)))

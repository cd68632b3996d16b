"""A series over its periods: values out of line with their neighbours, and periods that are missing in between.

Both look at one dataset only, where history has nothing to compare: a slip in the newest year, a row that went to another series.
"""

from __future__ import annotations

import polars as pl

from sdmx_gateway.validation.outcome import Outcome, Subject
from sdmx_gateway.validation.periods import FREQUENCY
from sdmx_gateway.validation.rules import SpikeAtMost, Unbroken
from sdmx_gateway.validation.selection import values


def spike_at_most(rule: SpikeAtMost, subject: Subject) -> Outcome:
    """Values more than ``times`` the greater of their neighbours in the series, neighbours below ``floor`` counting as it.

    A series of one period has no neighbour and is not checked.
    """
    if subject.time is None:
        return Outcome.nothing("spike-at-most")
    series = subject.others([subject.time])
    frame = values(rule, subject).filter(pl.col("@value").is_not_null()).sort(*series, subject.time)
    around = frame.with_columns(
        pl.col("@value").shift(1).over(series).alias("@before"), pl.col("@value").shift(-1).over(series).alias("@after")
    ).filter(pl.any_horizontal(pl.col("@before", "@after").is_not_null()))
    near = pl.max_horizontal("@before", "@after").cast(pl.Float64)
    failures = (
        around.with_columns(near.alias("@expected"))
        .filter(pl.col("@value") > rule.times * pl.max_horizontal("@expected", pl.lit(float(rule.floor))))
        .sort(pl.col("@value") / pl.max_horizontal("@expected", pl.lit(1.0)), descending=True, maintain_order=True)
        .select(*subject.place(), pl.lit(subject.measure).alias("@column"), "@value", "@expected")
    )
    return Outcome.of(failures, checked=around.height, wording="spike-at-most")


def unbroken(rule: Unbroken, subject: Subject) -> Outcome:
    """Series without each of the dataset's periods of their frequency from their first to their last, and those of too few periods."""
    if subject.time is None:
        return Outcome.nothing("unbroken")
    series = subject.others([subject.time])
    frequency = next((name for name in series if name.upper() == FREQUENCY), None)
    by = [frequency] if frequency is not None else []
    frame = values(rule, subject)
    order = frame.select(*by, subject.time).unique().sort(*by, subject.time)
    position = pl.int_range(pl.len()).over(by) if by else pl.int_range(pl.len())
    placed = frame.join(order.with_columns(position.alias("@position")), on=[*by, subject.time], nulls_equal=True)
    spans = placed.group_by(series, maintain_order=True).agg(
        pl.len().alias("@present"),
        (pl.col("@position").max() - pl.col("@position").min() + 1).alias("@span"),
        pl.col(subject.time).min().alias("@first"),
        pl.col(subject.time).max().alias("@last"),
    )
    failures = (
        spans.filter((pl.col("@present") < pl.col("@span")) | (pl.col("@present") < rule.at_least))
        .with_columns((pl.col("@span") - pl.col("@present")).cast(pl.Int64).alias("@lacking"))
        .sort("@lacking", descending=True, maintain_order=True)
        .select(subject.place(series)[0], "@present", "@lacking", "@first", "@last")
    )
    return Outcome.of(failures, checked=spans.height, wording="unbroken")

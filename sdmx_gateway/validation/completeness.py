"""Whether every combination that ought to be there is."""

from __future__ import annotations

from math import prod

import polars as pl

from sdmx_gateway.validation.outcome import Outcome, Subject
from sdmx_gateway.validation.rules import CompleteGrid
from sdmx_gateway.validation.selection import codes_for, selected

MAX_GRID = 20_000_000
"""Combinations a grid may have; four times a year of 35,000 communes × 15 offences × 10 years."""


def complete_grid(rule: CompleteGrid, subject: Subject) -> Outcome:
    """The combinations that are missing, each with the periods it is missing for; most periods first.

    An observation without a value is there: what it lacks is its value, and it says so itself. A grid larger than
    :data:`MAX_GRID` is not built, and the report says so.
    """
    frame = selected(subject.frame, rule)
    codes = {name: _codes(rule, name, subject, frame) for name in rule.dimensions}
    if subject.time is not None:
        codes[subject.time] = frame[subject.time].drop_nulls().unique().sort().to_list()
    size = prod(len(values) for values in codes.values())
    if size > MAX_GRID:
        return Outcome.nothing("complete-grid", "grid-too-large")
    grid = pl.DataFrame({"@": [0]})
    for name, values in codes.items():
        grid = grid.join(pl.DataFrame({name: values}, schema={name: pl.String}), how="cross")
    missing = grid.drop("@").join(frame.select(list(codes)).unique(), on=list(codes), how="anti")
    return Outcome.of(_lines(rule, subject, missing), checked=size, wording="complete-grid")


def _codes(rule: CompleteGrid, name: str, subject: Subject, frame: pl.DataFrame) -> list[str]:
    codelist = subject.catalogue.codelist_of(subject.structure.components[name])
    if name in rule.from_codelist and codelist is not None:
        return codes_for(rule, name, codelist.by_id)
    return frame[name].drop_nulls().unique().sort().to_list()


def _lines(rule: CompleteGrid, subject: Subject, missing: pl.DataFrame) -> pl.DataFrame:
    names = list(rule.dimensions)
    time = pl.col(subject.time) if subject.time is not None else pl.lit(None, dtype=pl.String)
    shown = pl.concat_str([pl.lit(f"{name}=") + pl.col(name) for name in names], separator=" ")
    return (
        missing.group_by(names)
        .agg(pl.len().alias("@count"), time.min().alias("@first"), time.max().alias("@last"))
        .sort(["@count", *names], descending=[True, *(False for _ in names)])
        .select(
            subject.place(names)[0],
            pl.when(pl.col("@first") == pl.col("@last")).then("@first").alias("@period"),
            shown.alias("@combination"),
            "@count",
            pl.col("@first").fill_null("-"),
            pl.col("@last").fill_null("-"),
        )
    )

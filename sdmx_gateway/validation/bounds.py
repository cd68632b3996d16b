"""Bounds on values: a part is at most its whole, a count is not negative."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from sdmx_gateway.validation.outcome import Outcome, Subject
from sdmx_gateway.validation.rules import AtMost, NotNegative
from sdmx_gateway.validation.selection import ALL, values


def at_most(rule: AtMost, subject: Subject) -> Outcome:
    """Parts above their whole; a part whose whole is absent or has no value is skipped."""
    frame = values(rule, subject).filter(pl.col("@value").is_not_null())
    others = [*subject.others(rule.part), ALL]
    parts = frame.filter(_is(rule.part))
    wholes = frame.filter(_is(rule.whole)).select(*others, pl.col("@value").alias("@whole"))
    both = parts.join(wholes, on=others, nulls_equal=True)
    failures = (
        both.filter(pl.col("@value") > pl.col("@whole") + rule.tolerance)
        .sort(pl.col("@value") - pl.col("@whole"), descending=True, maintain_order=True)
        .select(
            *subject.place(),
            pl.lit(subject.measure).alias("@column"),
            "@value",
            pl.col("@whole").alias("@expected"),
            pl.lit(_shown(rule.part)).alias("@part"),
            pl.lit(_shown(rule.whole)).alias("@of"),
        )
    )
    return Outcome.of(failures, checked=both.height, wording="at-most", skipped=parts.height - both.height)


def not_negative(rule: NotNegative, subject: Subject) -> Outcome:
    """Values below zero."""
    frame = values(rule, subject).filter(pl.col("@value").is_not_null())
    failures = (
        frame.filter(pl.col("@value") < 0)
        .sort("@value", maintain_order=True)
        .select(*subject.place(), pl.lit(subject.measure).alias("@column"), "@value")
    )
    return Outcome.of(failures, checked=frame.height, wording="not-negative")


def _is(codes: Mapping[str, str]) -> pl.Expr:
    return pl.all_horizontal(pl.col(name) == code for name, code in codes.items())


def _shown(codes: Mapping[str, str]) -> str:
    return " ".join(f"{name}={code}" for name, code in codes.items())

"""A dataset against the previous release of its dataflow: large revisions, and observations that are gone."""

from __future__ import annotations

import polars as pl

from sdmx_gateway.validation.outcome import Outcome, Subject, known
from sdmx_gateway.validation.rules import RevisionAtMost, Withdrawn
from sdmx_gateway.validation.selection import selected, values

NO_PREVIOUS = "no-previous"


def revision_at_most(rule: RevisionAtMost, subject: Subject) -> Outcome:
    """Values that moved by more than the rule's percentage since the previous release; largest relative move first."""
    if subject.previous is None:
        return Outcome.nothing("revision-at-most", NO_PREVIOUS)
    before = subject.previous.frame.select(*subject.keys, known(subject.measure).alias("@before"))
    now = values(rule, subject)
    both = now.join(before, on=list(subject.keys)).drop_nulls(["@value", "@before"])
    change = (pl.col("@value") - pl.col("@before")).cast(pl.Float64)
    failing = (change.abs() * 100 > rule.percent * pl.col("@before").abs()) & (change.abs() >= rule.min_absolute)
    failures = (
        both.filter(failing)
        .with_columns((change * 100 / pl.col("@before").abs()).alias("@percent"))
        .sort(pl.col("@percent").abs(), descending=True, maintain_order=True)
        .select(
            *subject.place(),
            pl.lit(subject.measure).alias("@column"),
            "@value",
            pl.col("@before").alias("@expected"),
            "@percent",
        )
    )
    return Outcome.of(failures, checked=both.height, wording="revision-at-most")


def withdrawn(rule: Withdrawn, subject: Subject) -> Outcome:
    """Observations of the previous release that are gone, one line for each code of ``by``; most first."""
    if subject.previous is None:
        return Outcome.nothing("withdrawn", NO_PREVIOUS)
    before = selected(subject.previous.frame, rule)
    gone = before.join(subject.frame.select(subject.keys), on=list(subject.keys), how="anti")
    time = pl.col(subject.time) if subject.time is not None else pl.lit("-")
    failures = (
        gone.group_by(rule.by)
        .agg(pl.len().alias("@count"), time.min().alias("@first"), time.max().alias("@last"))
        .sort(["@count", rule.by], descending=[True, False])
        .select(
            subject.place([rule.by])[0],
            pl.when(pl.col("@first") == pl.col("@last")).then("@first").alias("@period"),
            pl.lit(rule.by).alias("@dimension"),
            pl.col(rule.by).alias("@code"),
            "@count",
            "@first",
            "@last",
        )
    )
    return Outcome.of(failures, checked=before.height, wording="withdrawn")

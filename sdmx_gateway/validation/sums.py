"""Totals against the sums of their parts: along a code list's tree, or from a list of parts.

A part that is absent counts as nothing along a tree (a département without gendarmerie has no gendarmerie figure); a part
that is there without a value makes the sum unknown, and the total is then skipped and counted as such: a secret figure
must not be taken for a zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sdmx_gateway.validation.outcome import Outcome, Subject
from sdmx_gateway.validation.rules import SumAlongHierarchy, SumAtLeastAlongHierarchy, TotalIsSum
from sdmx_gateway.validation.selection import ALL, is_pattern, matching, values
from sdmx_gateway.validation.tree import tree

FLOAT_NOISE = 1e-9
"""Relative difference two sums of the same decimals may show for being added in another order."""

_TOTALS = {"@parts": pl.UInt32, "@sum": pl.Float64, "@unknown": pl.UInt32}


def sum_along_hierarchy(rule: SumAlongHierarchy, subject: Subject) -> Outcome:
    """Values that are not the sum of their nearest present descendants."""
    compared = _along(rule, subject)
    return _outcome(rule, subject, compared, failing=_difference().abs() > _margin(rule), wording="sum-along-hierarchy")


def sum_at_least_along_hierarchy(rule: SumAtLeastAlongHierarchy, subject: Subject) -> Outcome:
    """Values above the sum of their nearest present descendants."""
    compared = _along(rule, subject)
    return _outcome(rule, subject, compared, failing=_difference() > _margin(rule), wording="sum-at-least")


def total_is_sum(rule: TotalIsSum, subject: Subject) -> Outcome:
    """Totals that are not the sum of their parts."""
    others = [*subject.others([rule.dimension]), ALL]
    frame = values(rule, subject)
    totals = frame.filter(pl.col(rule.dimension) == rule.total)
    compared = totals.join(_sums_of_parts(rule, frame, others), on=others, how="left", nulls_equal=True)
    required = [part for part in rule.parts if not is_pattern(part)]
    incomplete = (
        pl.col("@required").fill_null(0) < len(required) if rule.incomplete == "not_checked" else pl.lit(value=False)
    )
    compared = compared.with_columns(
        pl.when(incomplete | pl.col("@parts").is_null()).then(1).otherwise(pl.col("@unknown")).alias("@unknown"),
        pl.lit(None, dtype=pl.UInt32).alias("@of"),
    )
    return _outcome(rule, subject, compared, failing=_difference().abs() > _margin(rule), wording="total-is-sum")


def _sums_of_parts(rule: TotalIsSum, frame: pl.DataFrame, others: list[str]) -> pl.DataFrame:
    column = rule.dimension
    parts = matching(column, [*rule.parts, *rule.optional_parts]) & (pl.col(column) != rule.total)
    if rule.excluded:
        parts &= ~matching(column, rule.excluded)
    required = pl.col(column).is_in([part for part in rule.parts if not is_pattern(part)])
    return frame.filter(parts).group_by(others).agg(*_totals(pl.col("@value")), required.sum().alias("@required"))


def _totals(value: pl.Expr) -> list[pl.Expr]:
    return [
        pl.len().cast(pl.UInt32).alias("@parts"),
        value.cast(pl.Float64).sum().alias("@sum"),
        value.null_count().cast(pl.UInt32).alias("@unknown"),
    ]


@dataclass(frozen=True)
class _Level:
    """The cells of one depth: ``@cell``, ``@node``, ``@row`` (null where only the sum of the children is known), and sums."""

    frame: pl.DataFrame

    @property
    def compared(self) -> pl.DataFrame:
        """The cells that are present and have present descendants."""
        return self.frame.filter(pl.col("@row").is_not_null() & pl.col("@parts").is_not_null()).select(
            "@row", "@node", *_TOTALS
        )

    def summed(self, nodes: pl.DataFrame) -> pl.DataFrame:
        """What these cells add up to in their parents: their value, or where they have none what their own parts make."""
        own_parts = pl.when(pl.col("@unknown") == 0).then(pl.col("@sum"))
        return (
            self.frame.join(nodes.select("@node", "@parent"), on="@node")
            .filter(pl.col("@parent").is_not_null())
            .with_columns(pl.coalesce(pl.col("@value").cast(pl.Float64), own_parts).alias("@effective"))
            .group_by("@cell", pl.col("@parent").alias("@node"))
            .agg(_totals(pl.col("@effective")))
        )


def _along(rule: SumAlongHierarchy | SumAtLeastAlongHierarchy, subject: Subject) -> pl.DataFrame:
    """Every present value that has present descendants, with their sum: keys, ``@value`` and the columns of sums."""
    codelist = subject.catalogue.codelist_of(subject.structure.components[rule.dimension])
    if codelist is None:
        raise AssertionError(f"{rule.dimension} is not coded, which fitting has ruled out")
    nodes = tree(codelist)
    frame = values(rule, subject)
    others = [*subject.others([rule.dimension]), ALL]
    cells = (
        frame.select(
            rule.dimension,
            "@value",
            pl.struct(others).rank("dense").cast(pl.UInt32).alias("@cell"),
        )
        .with_row_index("@row")
        .join(nodes.select("@code", "@node", "@depth"), left_on=rule.dimension, right_on="@code")
    )
    compared = _climb(cells, nodes)
    of = nodes.select("@node", "@of")
    rows = frame.with_row_index("@row")
    return rows.join(compared, on="@row").join(of, on="@node").drop("@row", "@node")


def _climb(cells: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """From the deepest codes to the roots: what is present against what its descendants add up to."""
    empty = pl.DataFrame(schema={"@cell": pl.UInt32, "@node": pl.UInt32, **_TOTALS})
    below, compared = empty, []
    deepest = nodes["@depth"].max()
    for depth in range(int(str(deepest)) if deepest is not None else -1, -1, -1):
        here = cells.filter(pl.col("@depth") == depth).select("@cell", "@node", "@row", "@value")
        level = _Level(here.join(below, on=["@cell", "@node"], how="full", coalesce=True))
        compared.append(level.compared)
        below = level.summed(nodes)
    return (
        pl.concat(compared)
        if compared
        else _Level(empty.with_columns(pl.lit(0, dtype=pl.UInt32).alias("@row"))).compared
    )


def _difference() -> pl.Expr:
    return pl.col("@value") - pl.col("@sum")


def _margin(rule: SumAlongHierarchy | SumAtLeastAlongHierarchy | TotalIsSum) -> pl.Expr:
    rounding = rule.rounded_to / 2 * (pl.col("@parts") + 1)
    return rule.tolerance + rounding + FLOAT_NOISE * pl.max_horizontal(pl.col("@value").abs(), pl.col("@sum").abs())


def _outcome(
    rule: SumAlongHierarchy | SumAtLeastAlongHierarchy | TotalIsSum,
    subject: Subject,
    compared: pl.DataFrame,
    *,
    failing: pl.Expr,
    wording: str,
) -> Outcome:
    decided = compared.filter(pl.col("@value").is_not_null() & (pl.col("@unknown") == 0))
    failures = (
        decided.filter(failing)
        .sort(_difference().abs(), descending=True, maintain_order=True)
        .select(
            *subject.place(),
            pl.lit(subject.measure).alias("@column"),
            pl.lit(rule.dimension).alias("@dimension"),
            pl.col(rule.dimension).alias("@code"),
            "@value",
            pl.col("@sum").alias("@expected"),
            _difference().alias("@difference"),
            "@parts",
            pl.coalesce("@of", "@parts").alias("@of"),
        )
    )
    return Outcome.of(failures, checked=decided.height, wording=wording, skipped=compared.height - decided.height)

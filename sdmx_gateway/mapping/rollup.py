"""Aggregates along the tree of a code list: the région of its départements, the country of its régions."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.mapping.coded import coded, texts_of, together
from sdmx_gateway.mapping.combine import PARTS, added_up
from sdmx_gateway.mapping.spec import Rollup, matches
from sdmx_gateway.mapping.table import MOST_LINES, VALUE, fitting
from sdmx_gateway.observations import KEY_SEPARATOR
from sdmx_gateway.structures.model import Codelist, DataStructure


def ancestry(codelist: Codelist, rollup: Rollup, present: Iterable[str]) -> pl.DataFrame:
    """Pairs of ``base`` and ``ancestor`` codes (``String``) for the base codes that are present."""
    base, wanted = re.compile(matches(rollup.base)), re.compile(matches(rollup.to))
    pairs = [
        (code, ancestor)
        for code in sorted(present)
        if base.fullmatch(code) and code in codelist
        for ancestor in codelist.ancestors(code)
        if wanted.fullmatch(ancestor)
    ]
    return pl.DataFrame(pairs, schema={"base": pl.String, "ancestor": pl.String}, orient="row")


def roll_up(
    frame: pl.DataFrame, rollup: Rollup, codelist: Codelist, structure: DataStructure
) -> tuple[pl.DataFrame, list[Problem]]:
    """The frame (one row per key) with the declared aggregates added, and what there is to tell of those already there.

    An aggregate the source gives itself is kept; where all its parts are there too and it is not their sum, that is told.
    """
    dimension = rollup.dimension
    keys = [d.id for d in structure.dimensions]
    adds_up = [~pl.col(component).is_in(list(codes)) for component, codes in rollup.not_for.items()]
    held = frame[dimension]
    pairs = ancestry(codelist, rollup, texts_of(held))
    ancestors = pairs.with_columns(
        pl.col("base").cast(pl.Enum(texts_of(held))), coded(pairs["ancestor"]).alias("ancestor")
    )
    parts = (
        fitting(frame, adds_up)
        .join(ancestors, left_on=dimension, right_on="base", how="inner")
        .drop(dimension)
        .rename({"ancestor": dimension})
        .select(frame.columns)
        .with_columns(pl.lit(1, pl.UInt32).alias(PARTS))
    )
    if parts.is_empty():
        return frame, []
    sums = added_up(parts, structure)
    known = together([frame.select(keys), sums.select(keys)])
    published, made_keys = known.head(frame.height), known.tail(sums.height)
    is_known = made_keys.with_row_index("__row").join(published, on=keys, how="semi")["__row"].sort()
    notes = _apart(frame, sums[is_known], rollup, structure, pairs) if is_known.len() else []
    rows = pl.int_range(sums.height, eager=True, dtype=pl.UInt32)
    made = sums[rows.filter(~rows.is_in(is_known.implode()))]
    return (together([frame, made.select(frame.columns)]).sort(keys) if made.height else frame), notes


def undeclared(frame: pl.DataFrame, rollup: Rollup, where: Where) -> list[Problem]:
    """Codes of which it is not said whether they add up, where the roll-up says it of each code."""
    problems = []
    for component, codes in rollup.adds_up.items():
        present = frame[component].unique().drop_nulls().cast(pl.String).sort()
        problems += [
            Problem(
                "undeclared-additivity",
                f"it is not said whether {component} {code} adds up over {rollup.dimension}",
                where,
                value=code,
                rows=int((frame[component] == code).sum()),
                remedy=f"add it to adds_up.{component}, or to not_for.{component} with the reason",
            )
            for code in present
            if code not in codes and code not in rollup.not_for.get(component, ())
        ]
    return problems


def _apart(
    frame: pl.DataFrame, sums: pl.DataFrame, rollup: Rollup, structure: DataStructure, pairs: pl.DataFrame
) -> list[Problem]:
    """Published aggregates that are not the sum of their parts, where every part the file has anywhere is there."""
    keys = [d.id for d in structure.dimensions]
    dimension = rollup.dimension
    expected = pairs.group_by("ancestor").agg(pl.len().alias("__expected"))
    both = (
        _plain(sums, keys)
        .join(_plain(frame, keys), on=keys, suffix=".published")
        .join(expected, left_on=dimension, right_on="ancestor")
    )
    difference = (pl.col(VALUE).cast(pl.Float64) - pl.col(f"{VALUE}.published").cast(pl.Float64)).alias("__difference")
    apart = (
        both.with_columns(difference)
        .filter((pl.col(PARTS) >= pl.col("__expected")) & (pl.col("__difference").abs() > rollup.tolerance))
        .sort(pl.col("__difference").abs(), *keys, descending=[True, *([False] * len(keys))])
    )
    notes = [
        Problem(
            "does-not-add-up",
            f"{row[dimension]} is published as {row[f'{VALUE}.published']}, and its {row[PARTS]} parts make {row[VALUE]}",
            Where(key=KEY_SEPARATOR.join(str(row[k]) for k in keys)),
            why=rollup.because,
            remedy=f"if it does not add up, declare it in not_for of the roll-up over {dimension}",
        )
        for row in apart.head(MOST_LINES).rows(named=True)
    ]
    if apart.height > MOST_LINES:
        notes.append(Problem("does-not-add-up", f"and {apart.height - MOST_LINES} more", rows=apart.height))
    return notes


def _plain(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    return frame.select(*(pl.col(key).cast(pl.String) for key in keys), VALUE, PARTS)

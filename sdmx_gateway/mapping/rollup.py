"""Aggregates along the tree of a code list: the région of its départements, the country of its régions."""

from __future__ import annotations

import re

import polars as pl

from sdmx_gateway.mapping.combine import PARTS, summing
from sdmx_gateway.mapping.spec import Rollup, matches
from sdmx_gateway.mapping.table import fitting
from sdmx_gateway.structures.model import Codelist, DataStructure


def ancestry(codelist: Codelist, rollup: Rollup, present: set[str]) -> pl.DataFrame:
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


def roll_up(frame: pl.DataFrame, rollup: Rollup, codelist: Codelist, structure: DataStructure) -> pl.DataFrame:
    """The frame (one row per key) with the declared aggregates added; those already there are kept as they are."""
    dimension = rollup.dimension
    keys = [d.id for d in structure.dimensions]
    adds_up = [~pl.col(component).is_in(list(codes)) for component, codes in rollup.not_for.items()]
    pairs = ancestry(codelist, rollup, set(frame[dimension].unique()))
    sums = (
        fitting(frame, adds_up)
        .join(pairs, left_on=dimension, right_on="base", how="inner")
        .drop(dimension)
        .rename({"ancestor": dimension})
        .group_by(keys, maintain_order=True)
        .agg(*summing(frame.columns, structure), pl.col(PARTS).sum())
    )
    made = sums.join(frame.select(keys), on=keys, how="anti")
    return pl.concat([frame, made.select(frame.columns)])

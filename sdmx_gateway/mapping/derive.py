"""Arithmetic between series: a code of a dimension as the sum, the difference or the ratio of others, wherever all of them are there.

Figures of different units never meet: the unit is part of the key, or must be the same, unless the derivation says which new unit its
result has and why its parts may differ.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.mapping.coded import constant, together
from sdmx_gateway.mapping.combine import added_up
from sdmx_gateway.mapping.numbers import float_of
from sdmx_gateway.mapping.spec import Derive, matches
from sdmx_gateway.mapping.table import VALUE, fitting
from sdmx_gateway.structures.model import DataStructure

UNITS: Final = ("COUNT_UNIT", "UNIT", "UNIT_MEASURE", "UNIT_MULT")
"""Components that say what is counted."""


def derive(
    frame: pl.DataFrame, declared: Derive, structure: DataStructure, where: Where
) -> tuple[pl.DataFrame, list[Problem]]:
    """The frame (one row per key) with the derived figures added; a key that is there already is kept as it is.

    A figure is derived where every part has a row; it is absent where one of them is.
    """
    keys = [d.id for d in structure.dimensions]
    chosen = fitting(frame, [_fits(pl.col(name), patterns) for name, patterns in declared.where.items()])
    chosen = chosen.filter(pl.col(declared.component).is_in(list(declared.parts)))
    if chosen.is_empty():
        return frame, []
    mixed = _mixed(chosen, declared, keys, where)
    if mixed:
        return frame, mixed
    part = chosen[declared.component]
    renamed = chosen.with_columns(constant(declared.target).alias(declared.component))
    renamed = renamed.with_columns(
        constant(code).alias(name) for name, code in declared.set.items() if name in frame.columns
    )
    there = (
        renamed.select(keys)
        .with_columns(part.alias("__part"))
        .group_by(keys)
        .agg(pl.col("__part").n_unique().alias("__parts"))
    )
    whole = there.filter(pl.col("__parts") == len(declared.parts)).select(keys)
    rows = renamed.with_columns(part.alias("__part")).join(whole, on=keys, how="semi")
    made = _ratio(rows, declared, structure) if declared.ratio else _sum(rows, declared, structure)
    if made.is_empty():
        return frame, []
    known = together([frame.select(keys), made.select(keys)])
    new = known.tail(made.height).with_row_index("__row").join(known.head(frame.height), on=keys, how="anti")["__row"]
    return together([frame, made.select(frame.columns)[new.sort()]]).sort(keys), []


def _sum(rows: pl.DataFrame, declared: Derive, structure: DataStructure) -> pl.DataFrame:
    taken = pl.col("__part") != declared.parts[0]
    value = pl.when(taken).then(-pl.col(VALUE)).otherwise(pl.col(VALUE)) if declared.difference else pl.col(VALUE)
    return added_up(rows.with_columns(value.alias(VALUE)).drop("__part"), structure)


def _ratio(rows: pl.DataFrame, declared: Derive, structure: DataStructure) -> pl.DataFrame:
    """The first part divided by the second; absent where the second is nought."""
    keys = [d.id for d in structure.dimensions]
    above, below = (rows.filter(pl.col("__part") == part).select(*keys, VALUE) for part in declared.ratio)
    both = above.join(below, on=keys, suffix=".below")
    over, under = (float_of(both[name]) for name in (VALUE, f"{VALUE}.below"))
    ratio = (
        (over * declared.times / under)
        .to_frame("ratio")
        .select(pl.when(pl.col("ratio").is_finite()).then("ratio"))["ratio"]
    )
    ratio = ratio if declared.decimals is None else ratio.round(declared.decimals)
    rest = added_up(rows.drop("__part"), structure).drop(VALUE)
    return rest.join(both.select(keys).with_columns(ratio.alias(VALUE)), on=keys)


def _mixed(chosen: pl.DataFrame, declared: Derive, keys: list[str], where: Where) -> list[Problem]:
    """Whether the parts are there in different units alone: nothing could be derived, and nobody would know why."""
    units = [name for name in UNITS if name in chosen.columns and name not in declared.mixes]
    problems = []
    for unit in units:
        others = [k for k in keys if k not in {declared.component, unit, *declared.mixes}]
        seen = chosen.group_by(others).agg(
            pl.col(declared.component).n_unique().alias("__parts"), pl.col(unit).unique().alias("__units")
        )
        pairs = chosen.group_by(*others, unit).agg(pl.col(declared.component).n_unique().alias("__same"))
        most = pairs.group_by(others).agg(pl.col("__same").max())
        apart = seen.join(most, on=others).filter(
            (pl.col("__parts") == len(declared.parts)) & (pl.col("__same") < len(declared.parts))
        )
        if apart.height:
            found = sorted({str(text) for texts in apart["__units"] for text in texts})
            problems.append(
                Problem(
                    "mixed-unit",
                    f"{declared.component} {declared.target} would be made of figures of different {unit}: {', '.join(found)}",
                    where,
                    why="figures of different units are never added or divided by accident",
                    remedy=f'give the result its own {unit} in `set`, and the reason in `mixes = {{ {unit} = "…" }}`',
                    rows=apart.height,
                )
            )
    return problems


def _fits(column: pl.Expr, patterns: tuple[str, ...]) -> pl.Expr:
    return column.cast(pl.String).str.contains(matches(patterns))


__all__ = ["UNITS", "derive"]

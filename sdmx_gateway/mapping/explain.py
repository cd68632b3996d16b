"""Where a figure comes from: the source rows behind one observation, with their places."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sdmx_gateway.errors import UsageError, Where
from sdmx_gateway.mapping.convert import Conversion
from sdmx_gateway.mapping.rollup import ancestry
from sdmx_gateway.mapping.spec import RELATIONS
from sdmx_gateway.mapping.table import RELATION, SOURCE, VALUE, place_of
from sdmx_gateway.observations import KEY_SEPARATOR, series_key
from sdmx_gateway.sources.raw_table import FILE
from sdmx_gateway.structures import Catalogue


@dataclass(frozen=True)
class Contribution:
    """One source row behind a figure: its mapped key and value, its place, what it said, and how well it fits."""

    key: str
    value: float | int | None
    where: Where
    said: dict[str, str]
    relation: str
    note: str | None


@dataclass(frozen=True)
class Explanation:
    """The life of one figure. ``summed_over`` are the dimensions whose code is an aggregate made here."""

    dataflow: str
    key: str
    period: str
    value: float | int | None
    attributes: dict[str, str]
    summed_over: tuple[str, ...]
    contributions: tuple[Contribution, ...]


def explain(conversion: Conversion, key: str, period: str, *, catalogue: Catalogue) -> Explanation:
    """What made the observation at ``key`` (codes joined by dots, in the structure's order) and ``period``.

    Raises:
        UsageError: the key does not have as many codes as the structure has dimensions, or there is no such observation.

    """
    dataset = conversion.dataset
    structure = dataset.structure
    codes = key.split(KEY_SEPARATOR)
    if len(codes) != len(structure.key_dimensions):
        order = KEY_SEPARATOR.join(structure.key_dimensions)
        raise UsageError(f"the key has {len(codes)} positions, {order} has {len(structure.key_dimensions)}")
    asked = dict(zip(structure.key_dimensions, codes, strict=True))
    found = dataset.frame.filter(pl.col("TIME_PERIOD") == period, *(pl.col(d) == c for d, c in asked.items()))
    if found.is_empty():
        raise UsageError(f"{dataset.dataflow.urn.short} has no observation at {key} for {period}")
    rows, summed = _behind(conversion, asked, catalogue)
    rows = (
        rows.filter(pl.col("TIME_PERIOD") == period)
        .with_columns(series_key(structure))
        .sort(VALUE, descending=True, nulls_last=True)
    )
    observation = found.row(0, named=True)
    return Explanation(
        dataflow=dataset.dataflow.urn.short,
        key=key,
        period=period,
        value=observation[VALUE],
        attributes={a.id: str(observation[a.id]) for a in structure.attributes if observation[a.id] is not None},
        summed_over=summed,
        contributions=tuple(_contribution(row) for row in rows.rows(named=True)),
    )


def _behind(
    conversion: Conversion, asked: dict[str, str], catalogue: Catalogue
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    rows = conversion.contributions
    structure = conversion.dataset.structure
    rollups = {rollup.dimension: rollup for rollup in conversion.module.spec.rollup}
    summed = []
    for dimension, code in asked.items():
        direct = rows.filter(pl.col(dimension) == code)
        codelist = catalogue.codelist_of(structure.components[dimension])
        if direct.is_empty() and dimension in rollups and codelist is not None:
            pairs = ancestry(codelist, rollups[dimension], set(rows[dimension].unique()))
            rows = rows.filter(pl.col(dimension).is_in(pairs.filter(pl.col("ancestor") == code)["base"].implode()))
            summed.append(dimension)
        else:
            rows = direct
    return rows, tuple(summed)


def _contribution(row: dict[str, object]) -> Contribution:
    ranks = [int(str(row[c])) for c in row if c.startswith(RELATION) and row[c] is not None]
    notes = [str(row[c]) for c in row if c.startswith("note.") and row[c]]
    said = {c.removeprefix(SOURCE): str(v) for c, v in row.items() if c.startswith(SOURCE) and v is not None}
    value = row[VALUE]
    return Contribution(
        key=str(row["key"]),
        value=value if isinstance(value, int | float) else None,
        where=place_of(row, column="value" if FILE not in row else None),
        said=said,
        relation=RELATIONS[max(ranks, default=0)],
        note="; ".join(notes) or None,
    )

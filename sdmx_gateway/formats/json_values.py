"""Keys and cells of an SDMX-JSON message, understood: numbers looked up among the values of a component, texts unescaped.

What points nowhere is told with the keys it stands under, which can be searched for in the message.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.formats.json_columns import CELLS, KEY
from sdmx_gateway.formats.json_structure import Level, Listed

Told = Callable[[int], str]
"""What the nth row (from 0) is called when people are told of it."""


def understood(table: pl.DataFrame, level: Level, told: Told, problems: list[Problem]) -> list[pl.Series]:
    """The components of a level, one column each, as texts.

    Args:
        table: the columns ``KEY`` and ``CELLS``.
        level: which components they are of.
        told: names a row, for problems.
        problems: what is wrong is added here.
    """
    columns = []
    keys = _sound(table[KEY], level.dimensions, told, problems)
    if level.dimensions:
        parts = keys.str.split_exact(":", len(level.dimensions) - 1).struct.unnest()
        for listed, part in zip(level.dimensions, parts.iter_columns(), strict=True):
            columns.append(_looked_up(part, listed, told, problems))
    for n, listed in enumerate(level.cells):
        spelt = table.select(pl.col(CELLS).list.get(n, null_on_oob=True)).to_series()
        said = spelt.set(spelt == "null", None)
        columns.append(_looked_up(said, listed, told, problems))
    return columns


def _sound(keys: pl.Series, dimensions: Sequence[Listed], told: Told, problems: list[Problem]) -> pl.Series:
    """The keys that have a number for each dimension; the others are null."""
    count = pl.when(pl.col(KEY) == "").then(0).otherwise(pl.col(KEY).str.count_matches(":", literal=True) + 1)
    counts = keys.to_frame().select(count).to_series()
    wrong = counts != len(dimensions)
    if not wrong.any():
        return keys
    row = wrong.arg_true()[0]
    names = ", ".join(dimension.id for dimension in dimensions) or "none"
    what = f"{told(row)} has {counts[row]} numbers in its key, its dimensions are {names}"
    problems.append(Problem("wrong-form", what, rows=int(wrong.sum())))
    return keys.set(wrong, None)


def _looked_up(spelt: pl.Series, listed: Listed, told: Told, problems: list[Problem]) -> pl.Series:
    if listed.values is None:
        return _unquoted(spelt).alias(listed.id)
    numbers = spelt.cast(pl.UInt32, strict=False)
    nowhere = spelt.is_not_null() & (numbers.is_null() | (numbers >= len(listed.values)))
    if nowhere.any():
        row = nowhere.arg_true()[0]
        what = f"{listed.id} is {spelt[row]} in {told(row)}, and {len(listed.values)} values are listed for it, from 0"
        where = Where(column=listed.id)
        problems.append(Problem("wrong-form", what, where, value=spelt[row], rows=int(nowhere.sum())))
        numbers = numbers.set(nowhere, None)
    return listed.values.gather(numbers).alias(listed.id)


def _unquoted(spelt: pl.Series) -> pl.Series:
    """Values as they are spelt in JSON as texts: numbers as they are, strings without quotes and escapes."""
    if not spelt.str.starts_with('"').any():
        return spelt
    text = pl.col("t")
    plain = text.str.strip_prefix('"').str.strip_suffix('"')
    table = spelt.alias("t").to_frame()
    if not spelt.str.contains("\\", literal=True).any():
        return table.select(plain).to_series()
    escaped = text.str.contains("\\", literal=True)
    meant = pl.when(escaped).then(text).str.json_decode(pl.String)
    return table.select(pl.when(escaped).then(meant).otherwise(plain)).to_series()

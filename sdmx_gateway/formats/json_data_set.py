"""One data set of an SDMX-JSON message as a table of texts: what is said of it, of its series and of its observations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from sdmx_gateway.errors import Problem
from sdmx_gateway.formats.json_columns import CELLS, KEY, NTH, Cut, cut_observations, cut_series
from sdmx_gateway.formats.json_members import as_json, member, texts
from sdmx_gateway.formats.json_structure import Layout, Level
from sdmx_gateway.formats.json_text import Bulk
from sdmx_gateway.formats.json_values import understood

_CUTS: Final = {"series": cut_series, "observations": cut_observations}


def table_of(data_set: Mapping[str, Any], layout: Layout, path: str, problems: list[Problem]) -> pl.DataFrame:
    """The observations of a data set, one String column per component that the layout lists.

    Args:
        data_set: its series and observations are :class:`Bulk`.
        layout: what its numbers mean.
        path: where it stands in the message.
        problems: what is wrong with it is added here.

    Raises:
        MessageRejected: it is no data set.
    """
    whole = _whole(data_set, layout.data_set, path, problems)
    cuts = [cut(data_set[name]) for name, cut in _CUTS.items() if isinstance(data_set.get(name), Bulk)]
    nothing = cut_observations(Bulk(pl.Series([""])))
    return pl.concat(_observed(cut, layout, whole, path, problems) for cut in cuts or [nothing])


def _whole(data_set: Mapping[str, Any], level: Level, path: str, problems: list[Problem]) -> list[pl.Series]:
    """What is said of the data set, in columns of one row."""
    fixed = tuple(d for d in level.dimensions if d.values is not None and len(d.values))
    cells = [as_json(value) for value in member(data_set, "attributes", list, path, [])]
    spelt = texts(cells, f"{path}.attributes").implode() if cells else pl.Series([[]], dtype=pl.List(pl.String))
    table = pl.DataFrame({KEY: ":".join("0" for _ in fixed), CELLS: spelt})
    return understood(table, Level(fixed, level.cells), lambda _: path, problems)


def _observed(cut: Cut, layout: Layout, whole: list[pl.Series], path: str, problems: list[Problem]) -> pl.DataFrame:
    """The observations of one cut; what is said nearest to an observation counts."""
    series, observations = cut.series, cut.observations
    nth = observations[NTH]

    def told_series(row: int) -> str:
        return f"the series {series[KEY][row]!r} of {path}"

    def told(row: int) -> str:
        key = observations[KEY][row]
        return f"the observation {key!r} of " + (told_series(nth[row]) if series[KEY][nth[row]] else path)

    of_series = understood(series, layout.series, told_series, problems)
    columns: dict[str, pl.Series] = {}
    for column in (
        *(c.new_from_index(0, len(nth)) for c in whole),
        *(c.gather(nth) for c in of_series),
        *understood(observations, layout.observation, told, problems),
    ):
        farther = columns.get(column.name)
        columns[column.name] = column if farther is None else column.zip_with(column.is_not_null(), farther)
    return pl.DataFrame(columns)

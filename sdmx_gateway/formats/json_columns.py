"""Proven series and observations, cut up into columns: no Python value is made of any of them.

What stands in the text becomes three columns: the key of the series, the key of the observation, and its cells, each as it is spelt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from sdmx_gateway.formats.json_grammar import CELL, PIECE
from sdmx_gateway.formats.json_text import Bulk

NTH: Final = "\x1fnth"
"""The position of an observation's series among the series; no component can be called so."""
KEY: Final = "\x1fkey"
"""The numbers of dimension values, with colons between them."""
CELLS: Final = "\x1fcells"
"""The values of an array, as they are spelt."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What the text holds.

    Attributes:
        series: the columns ``KEY`` and ``CELLS`` (attributes; null where there are none).
        observations: the columns ``NTH``, ``KEY`` and ``CELLS``.
    """

    series: pl.DataFrame
    observations: pl.DataFrame


def cut_observations(bulk: Bulk) -> Cut:
    """The observations of a flat data set, all of one series that has no key."""
    arrays = _pieces(bulk).filter(pl.col("piece").str.ends_with("]"))
    observations = _split(arrays.with_columns(pl.lit(0, pl.UInt32).alias(NTH)))
    no_key = pl.DataFrame({KEY: [""], CELLS: [None]}, schema={KEY: pl.String, CELLS: pl.List(pl.String)})
    return Cut(no_key.head(observations.height), observations)


def cut_series(bulk: Bulk) -> Cut:
    """The series of a data set, and their observations."""
    piece, depth = pl.col("piece"), pl.col("depth")
    opens, closes = (piece.str.ends_with(brace).cast(pl.Int32) for brace in "{}")
    pieces = _pieces(bulk).with_columns(depth=(opens - closes).cum_sum(), is_array=piece.str.ends_with("]"))
    begins = (depth == 2) & piece.str.ends_with("{")
    pieces = pieces.with_columns(begins=begins, nth=begins.cast(pl.UInt32).cum_sum() - 1).rename({"nth": NTH})
    arrays = pieces.filter("is_array")
    attributes = _split(arrays.filter((depth == 2) & piece.str.starts_with('"attributes"'))).drop(KEY)
    keys = _split(pieces.filter("begins")).drop(CELLS)
    series = keys.join(attributes.unique(NTH, keep="last"), on=NTH, how="left", maintain_order="left")
    return Cut(series.drop(NTH), _split(arrays.filter(depth == 3)))


def _pieces(bulk: Bulk) -> pl.DataFrame:
    return pl.DataFrame({"piece": bulk.text.str.extract_all(PIECE).explode()})


def _split(pieces: pl.DataFrame) -> pl.DataFrame:
    """The name in each piece, and the values of its array."""
    parts = pieces.select(NTH, parts=pl.col("piece").str.splitn('"', 3)).unnest("parts")
    return parts.select(NTH, pl.col("field_1").alias(KEY), pl.col("field_2").str.extract_all(CELL).alias(CELLS))

"""Tables as Parquet bytes, in the layout the store promises.

Row groups of 10,000 rows with statistics, in the order of the key: a reader who asks for one series opens one or two
groups. Bytes are made in memory (about 2 per observation), so that what is hashed is what is written.
"""

from __future__ import annotations

import io
from typing import Final

import polars as pl

ROW_GROUP_SIZE: Final = 10_000
"""Rows in a group: answers one series of 1 M observations in about 1 ms, against 3 ms with ten times as many."""


def to_bytes(frame: pl.DataFrame) -> bytes:
    """The frame as a Parquet file, rows in the order given."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=True, row_group_size=ROW_GROUP_SIZE)
    return buffer.getvalue()


def from_bytes(data: bytes) -> pl.DataFrame:
    """The frame :func:`to_bytes` was given."""
    return pl.read_parquet(io.BytesIO(data))

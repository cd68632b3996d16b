"""Slices of a table as lines of bytes.

polars renders a column of text to UTF-8 lines some five times faster than Python joins it, and gives no Python object
for any row. Slicing keeps memory flat however long the message is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import BinaryIO, Final

import polars as pl

SLICE_ROWS: Final = 65_536
"""Rows rendered at a time: about 15 MB of text."""

FIRST: Final = "\x1ffirst"
"""Marks the row that opens a series; no component can be called so."""
LAST: Final = "\x1flast"
"""Marks the row that closes a series."""


def write_lines(text: pl.Series, sink: BinaryIO, *, end: str = "\n") -> None:
    """Write a String column, each text as it is, followed by ``end``."""
    buffer = BytesIO()
    text.to_frame().write_csv(buffer, include_header=False, quote_style="never", line_terminator=end)
    sink.write(buffer.getvalue())


def series_slices(frame: pl.DataFrame, dimensions: Sequence[str]) -> Iterator[pl.DataFrame]:
    """A sorted frame in slices, with two Boolean columns more: the rows that open and that close a series.

    Without dimensions there are no series and nothing is marked.
    """
    before = [pl.col(name) != pl.col(name).shift(1) for name in dimensions]
    after = [pl.col(name) != pl.col(name).shift(-1) for name in dimensions]
    first = pl.any_horizontal(before).fill_null(True) if before else pl.lit(False)
    last = pl.any_horizontal(after).fill_null(True) if after else pl.lit(False)
    return frame.with_columns(first.alias(FIRST), last.alias(LAST)).iter_slices(SLICE_ROWS)


def at_first(piece: pl.DataFrame, opening: pl.Expr) -> pl.Expr:
    """A text that stands on the rows that open a series and is empty on the others, computed for the former only."""
    opened = piece.filter(pl.col(FIRST)).select(opening.alias("opening"))["opening"]
    if opened.is_empty():
        return pl.lit("")
    nth = (pl.col(FIRST).cast(pl.Int64).cum_sum() - 1).clip(lower_bound=0)
    return pl.when(pl.col(FIRST)).then(pl.lit(opened).gather(nth)).otherwise(pl.lit(""))

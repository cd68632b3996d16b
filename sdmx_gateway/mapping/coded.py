"""Columns of text as codes into their distinct texts: what a rule says of a text is worked out once, however many rows hold it.

A national base of five million rows knows some thousand texts. A coded column is a polars ``Enum`` whose categories are sorted,
so that its codes sort, group and join as the texts do at a quarter of their size or less. Rules are applied to the distinct texts and
spread over the rows by a gather; no rule ever looks at a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

_LARGEST_TABLE: Final = 1 << 24
"""Combinations of texts up to which their places are kept in a table; beyond it they are joined."""
_LARGEST_KEY: Final = 1 << 62


def coded(column: pl.Series) -> pl.Series:
    """A column of text as an ``Enum`` of its sorted distinct texts; any other column as it is."""
    if column.dtype != pl.String:
        return column
    return column.cast(pl.Enum(column.unique().drop_nulls().sort()))


def all_coded(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame whose columns of text are coded, one after the other, so that no more than one is held twice."""
    return frame.with_columns(coded(column) for column in frame.iter_columns())


def texts_of(column: pl.Series) -> pl.Series:
    """The texts a coded column can hold, as ``String``, sorted."""
    return _texts(column if isinstance(column.dtype, pl.Enum) else coded(column))


def _texts(column: pl.Series) -> pl.Series:
    assert isinstance(column.dtype, pl.Enum)
    return column.dtype.categories


def constant(text: str) -> pl.Expr:
    """The same text in every row, coded."""
    return pl.lit(text, dtype=pl.Enum([text]))


@dataclass(frozen=True)
class Distinct:
    """The distinct combinations of some columns, and which of them each row has.

    Attributes:
        values: one row for each combination; coded columns as ``String``.
        index: for each row of the frame, its place in ``values``.

    """

    values: pl.DataFrame
    index: pl.Series

    @classmethod
    def of(cls, frame: pl.DataFrame, columns: Sequence[str]) -> Distinct:
        """The combinations of these columns of a frame whose texts are coded."""
        code, size = combined(frame, columns)
        if size > _LARGEST_TABLE:
            # First come: any order will do, for what is spread again does not depend on it.
            numbered = code.to_frame("code").with_row_index("at")
            first = numbered.group_by("code").agg(pl.col("at").min()).with_row_index("index")
            index = numbered.join(first.drop("at"), on="code", how="left", maintain_order="left")["index"]
            rows = first["at"]
        else:
            present = code.unique()
            places = pl.zeros(size, pl.UInt32, eager=True).scatter(
                present, pl.int_range(present.len(), dtype=pl.UInt32, eager=True)
            )
            index = places.gather(code)
            rows = pl.zeros(present.len(), pl.UInt32, eager=True).scatter(
                index, pl.int_range(frame.height, dtype=pl.UInt32, eager=True)
            )
        values = frame.select(columns)[rows].with_columns(pl.col(pl.Enum).cast(pl.String))
        return cls(values, index)

    def spread(self, values: pl.Series) -> pl.Series:
        """One value for each row from one for each combination; texts become coded."""
        return coded(values).gather(self.index)


def combined(frame: pl.DataFrame, columns: Sequence[str]) -> tuple[pl.Series, int]:
    """One number for each row that is equal where all the columns are, and sorts as they do, nulls last; and how many there may be."""
    total, size = pl.zeros(frame.height, pl.UInt64, eager=True), 1
    for name in columns:
        code, count = _code(frame[name])
        if size * count > _LARGEST_KEY:
            dense = total.rank("dense").cast(pl.UInt64) - 1
            total, size = dense, int(dense.max() or 0) + 1  # type: ignore[arg-type]
        total, size = total * count + code, size * count
    return total, size


def _code(column: pl.Series) -> tuple[pl.Series, int]:
    if isinstance(column.dtype, pl.Enum):
        code, count = column.to_physical(), len(column.dtype.categories)
    elif column.dtype == pl.Boolean:
        code, count = column.cast(pl.UInt8), 2
    else:
        column = coded(column) if column.dtype == pl.String else column
        code = column.rank("dense").cast(pl.UInt64) - 1
        count = int(code.max() or 0) + 1  # type: ignore[arg-type]
    return code.cast(pl.UInt64).fill_null(count), count + 1


def together(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Frames one below the other, a column that one lacks null there; texts of all in one coding, decimals at one scale."""
    if len(frames) == 1:
        return frames[0]
    names = dict.fromkeys(name for frame in frames for name in frame.columns)
    types = {name: _common(frame.schema[name] for frame in frames if name in frame.columns) for name in names}
    return pl.concat(
        [frame.select(_as(frame, name, types[name]) for name in names) for frame in frames],
        how="vertical",
        rechunk=False,
    )


def _as(frame: pl.DataFrame, name: str, wanted: pl.DataType) -> pl.Series:
    if name not in frame.columns:
        return pl.Series(name, [None], dtype=wanted).new_from_index(0, frame.height)
    column = frame[name]
    if not isinstance(wanted, pl.Enum) or not isinstance(column.dtype, pl.Enum):
        return column.cast(wanted)
    return recoded(column, wanted)


def recoded(column: pl.Series, wanted: pl.Enum) -> pl.Series:
    """A coded column in a wider coding, which has all its texts."""
    if column.dtype == wanted:
        return column
    return _texts(column).cast(wanted).gather(column.to_physical()).alias(column.name)


def _common(types: Iterable[pl.DataType]) -> pl.DataType:
    found = list(dict.fromkeys(types))
    enums = [t for t in found if isinstance(t, pl.Enum)]
    if enums and len(enums) == len(found):
        return pl.Enum(sorted({text for enum in enums for text in enum.categories}))
    if enums:
        return pl.String()
    decimals = [t for t in found if isinstance(t, pl.Decimal)]
    if decimals and pl.Float64() not in found:
        return pl.Decimal(38, max(t.scale for t in decimals))
    return pl.Float64() if len(found) > 1 else found[0]

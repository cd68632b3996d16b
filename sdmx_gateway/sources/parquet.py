"""Parquet files: the wanted columns as text, in the order of the file."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import polars as pl

from sdmx_gateway.errors import Problem, SourceRejected, Where
from sdmx_gateway.sources.block import Block, Found
from sdmx_gateway.sources.delimited import Keep
from sdmx_gateway.sources.opening import Opened
from sdmx_gateway.sources.raw_table import ROW
from sdmx_gateway.sources.row_faults import repeated

_T = TypeVar("_T")


def scan_parquet(opened: Opened, keep: Keep, *, repeats: bool) -> Found:
    """The wanted columns of a file; row 1 is the first record.

    Raises:
        SourceRejected: it is not there, no Parquet, or without a record.

    """
    lazy = _readable(opened, lambda: pl.scan_parquet(_source(opened)))
    schema = _readable(opened, lazy.collect_schema)
    headings = {str(i): heading for i, heading in enumerate(schema)}
    wanted = set(keep(headings))
    texts = [_as_text(pl.col(heading), schema[heading]).alias(c) for c, heading in headings.items() if c in wanted]
    frame = _readable(opened, lambda: lazy.select(texts).collect(engine="streaming"))
    if frame.is_empty():
        raise SourceRejected(
            f"{opened.name} has no data", [Problem("no-rows", "there is no record", Where(file=opened.name))]
        )
    frame = frame.with_row_index(ROW, offset=1)
    notes = [] if repeats else _repeated(opened, lazy)
    return Found((Block(frame, headings),), notes=tuple(notes))


def _as_text(column: pl.Expr, kind: pl.DataType) -> pl.Expr:
    return column if kind.is_nested() else column.cast(pl.String)


def _repeated(opened: Opened, lazy: pl.LazyFrame) -> list[Problem]:
    rows = _readable(opened, lambda: lazy.select(pl.struct(pl.all()).hash().alias("is")).collect(engine="streaming"))
    return repeated(rows.with_row_index(ROW, offset=1), opened.name)


def _source(opened: Opened) -> Path | io.BytesIO:
    return io.BytesIO(opened.whole()) if opened.is_packed else opened.path


def _readable(opened: Opened, read: Callable[[], _T]) -> _T:
    try:
        return read()
    except FileNotFoundError as error:
        problem = Problem("no-such-file", "there is no such file", Where(file=str(opened.path)))
        raise SourceRejected(f"{opened.path} is not there", [problem]) from error
    except (pl.exceptions.PolarsError, OSError) as error:
        problem = Problem(
            "not-parquet", f"the file is no Parquet: {error}", Where(file=opened.name), remedy="fetch the file again"
        )
        raise SourceRejected(f"{opened.name} cannot be opened", [problem]) from error

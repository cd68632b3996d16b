"""Crosstabs with labelled header rows: from one figure per cell to one record per figure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import polars as pl

from sdmx_gateway.errors import Problem
from sdmx_gateway.sources.block import Block, Found
from sdmx_gateway.sources.grid import AT, FILLED, Grid, left_over
from sdmx_gateway.sources.layout import Crosstab
from sdmx_gateway.sources.raw_table import CELL_COLUMN, ROW
from sdmx_gateway.sources.table import noted

_HEADER_SEARCH: Final = 30
"""A body starts within this many rows of the top of its sheet."""
_COLUMN: Final = "__column"
VALUE: Final = "value"


def read_crosstab(grid: Grid, crosstab: Crosstab) -> Found:
    """One row per cell of the body, under the crosstab's logical names, ``value`` and the places.

    Wholly empty columns without a heading are passed over, and so are blank rows.
    """
    start = _start(grid, crosstab)
    if start is None:
        what = f"no row starts with {crosstab.header!r} in the first {_HEADER_SEARCH} rows"
        return Found(faults=(Problem("missing-heading", what, grid.where()),))
    first = int(grid.cells[ROW][0])
    headers = {row: grid.texts(row) for row in range(first, start + 1)}
    leading, problems = _leading_columns(headers[start], crosstab, grid)
    labels = {logical: _header_row(headers, pattern) for logical, pattern in crosstab.columns.items()}
    problems += [
        Problem("missing-heading", f"no header row is labelled like {crosstab.columns[logical]!r}", grid.where())
        for logical, row in labels.items()
        if row is None and logical not in crosstab.optional
    ]
    if problems:
        return Found(faults=tuple(problems))
    found = {logical: headers[row] for logical, row in labels.items() if row is not None}
    first_data = max(leading.values()) + 1
    for logical in crosstab.fill:
        if logical in found:
            found[logical] = _filled(found[logical], first_data)
    frame, faults = _records(grid, crosstab, start, leading, found)
    heads = tuple(text for line in headers.values() for text in line[:first_data] if text)
    return Found((Block(frame, {}, row=start, heads=heads),), faults)


def _start(grid: Grid, crosstab: Crosstab) -> int | None:
    if not grid.columns:
        return None
    head = grid.cells.head(_HEADER_SEARCH)
    rows = head.filter(pl.col("0").str.strip_chars() == crosstab.header)[ROW]
    return int(rows[0]) if rows.len() else None


def _records(
    grid: Grid, crosstab: Crosstab, start: int, leading: Mapping[str, int], found: Mapping[str, list[str]]
) -> tuple[pl.DataFrame, tuple[Problem, ...]]:
    rows = grid.rows.filter((pl.col(ROW) > start) & ~noted(crosstab.notes))
    alone = rows.filter((pl.col(FILLED) == 1) & (pl.col(AT) == 0) & (len(grid.columns) > len(leading) + 1))
    problems = left_over(grid, alone, "stands alone in its row")
    body = grid.cells.join(rows, on=ROW, how="semi")
    heading = grid.texts(start)
    data = [
        column
        for column in grid.columns[max(leading.values()) + 1 :]
        if heading[int(column)] or body[column].null_count() < body.height
    ]
    named = body.rename({str(i): logical for logical, i in leading.items()})
    named = named.with_columns(pl.col(logical).forward_fill() for logical in crosstab.fill_down if logical in leading)
    long = named.unpivot(on=data, index=[ROW, *leading], variable_name=_COLUMN, value_name=VALUE)
    names = pl.DataFrame(
        {
            _COLUMN: data,
            CELL_COLUMN: [grid.letters(column) for column in data],
            **{logical: [texts[int(column)] for column in data] for logical, texts in found.items()},
        },
        schema_overrides={_COLUMN: pl.String, CELL_COLUMN: pl.String},
    )
    return long.join(names, on=_COLUMN, how="left", maintain_order="left").drop(_COLUMN), tuple(problems)


def _leading_columns(heading: list[str], crosstab: Crosstab, grid: Grid) -> tuple[dict[str, int], list[Problem]]:
    leading: dict[str, int] = {}
    problems = []
    for logical, pattern in crosstab.rows.items():
        found = [i for i, text in enumerate(heading) if re.fullmatch(pattern, text)]
        if found:
            leading[logical] = found[0]
        else:
            what, value = f"no column is headed like {pattern!r}", ", ".join(heading[:4])
            problems.append(Problem("missing-heading", what, grid.where(), value=value))
    return leading, problems


def _header_row(headers: Mapping[int, list[str]], pattern: str) -> int | None:
    rows = (row for row, texts in headers.items() if any(re.fullmatch(pattern, cell) for cell in texts[:2]))
    return next(rows, None)


def _filled(texts: list[str], start: int) -> list[str]:
    filled = texts[:start]
    for text in texts[start:]:
        filled.append(text or (filled[-1] if len(filled) > start else ""))
    return filled

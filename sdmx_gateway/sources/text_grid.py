"""Delimited text that was laid out for reading, as cells: titles, blank lines, lines of unequal length, notes."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from sdmx_gateway.errors import Problem, SourceRejected, Where
from sdmx_gateway.sources.form import Delimited
from sdmx_gateway.sources.grid import FIELDS, Grid
from sdmx_gateway.sources.opening import Opened
from sdmx_gateway.sources.raw_table import ROW
from sdmx_gateway.sources.row_faults import (
    LINE,
    LINE_FIELDS,
    OPEN_QUOTE,
    counted,
    garbled_lines,
    wrong_line,
    wrong_separator,
)
from sdmx_gateway.sources.text import GARBLED, in_first_encoding


def text_grid(opened: Opened, form: Delimited) -> Grid:
    """The cells of a text; the first line is row 1.

    Raises:
        SourceRejected: the bytes are no text, a quote is never closed, or the text has but one column.

    """
    data = opened.whole()

    def read(pieces: Iterator[str]) -> str:
        return "".join(pieces)

    text = in_first_encoding(lambda: [data] if data else [], form.encodings, opened.name, read)
    lines = pl.Series(LINE, text.removesuffix("\n").split("\n")).to_frame().with_row_index(ROW, offset=1)
    lines = counted(lines, form).with_columns(pl.col(LINE_FIELDS).alias(FIELDS))
    _refuse(lines, form, opened.name)
    width = int(lines[FIELDS].max() or 1)  # type: ignore[arg-type]
    cells = _cells(lines[LINE], width, form)
    grid = Grid.of(cells, opened.name)
    return Grid(grid.cells.with_columns(lines[FIELDS]), opened.name, ends_in_line=not text.endswith("\n"))


def _refuse(lines: pl.DataFrame, form: Delimited, name: str) -> None:
    is_open = lines.filter(pl.col(OPEN_QUOTE))
    last = lines.height
    problems: list[Problem] = [wrong_line(name, row, 0, is_last=row[ROW] == last) for row in is_open.head(5).to_dicts()]
    problems += garbled_lines([lines.filter(pl.col(LINE).str.contains(GARBLED))], name)
    if lines[FIELDS].max() == 1:
        problems += wrong_separator("".join(lines[LINE].head(30)), 1, form, Where(file=name, row=1))
    if problems:
        raise SourceRejected(f"{name} cannot be read as cells", problems)


def _cells(lines: pl.Series, width: int, form: Delimited) -> pl.DataFrame:
    if width == 1:
        return lines.to_frame()
    head = form.separator.join(map(str, range(width)))
    blank = (lines.str.strip_chars() == "").to_list()
    padded = lines.set(pl.Series(blank), form.separator) if any(blank) else lines
    return pl.read_csv(
        "\n".join([head, *padded.to_list()]).encode(),
        separator=form.separator,
        quote_char='"',
        infer_schema=False,
        empty_string_is_null=True,
    )

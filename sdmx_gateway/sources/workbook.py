"""Workbooks: which sheets are read, and the cells of each as text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import fastexcel
import polars as pl

from sdmx_gateway.errors import Problem, SourceRejected, Where
from sdmx_gateway.sources.block import Block, Found
from sdmx_gateway.sources.form import Workbook
from sdmx_gateway.sources.grid import FIELDS, Grid
from sdmx_gateway.sources.opening import check_expanded
from sdmx_gateway.sources.raw_table import ROW, SHEET
from sdmx_gateway.sources.sheet_cells import SheetCells, cells_of

_MIDNIGHT: Final = " 00:00:00"
_ERRORS: Final = ("#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")
"""How a spreadsheet shows that a cell could not be computed."""
_UNCOMPUTED: Final = "=\u2026"
"""What stands here for a formula without a value."""


def read_workbook(data: bytes, form: Workbook, name: str, read: Callable[[Grid], Found]) -> Found:
    """The tables ``read`` finds in each declared sheet, with what the sheet's name says (``@name``) and ``@sheet``.

    Raises:
        SourceRejected: it is no workbook, or too large a one.

    """
    check_expanded(data, name)
    try:
        book = fastexcel.read_excel(data)
    except fastexcel.FastExcelError as error:
        what = f"the file is not a workbook: {' '.join(str(error).split())}"
        problem = Problem("not-a-workbook", what, Where(file=name))
        raise SourceRejected(f"{name} cannot be opened", [problem]) from error
    matches = {sheet: re.fullmatch(form.sheets, sheet) for sheet in book.sheet_names}
    faults = _sheet_problems(matches, form, name)
    cells = cells_of(data)
    blocks: list[Block] = []
    notes: list[Problem] = []
    for sheet, match in matches.items():
        if match is None:
            continue
        grid = _with_failures(_grid(book, sheet, name), cells.get(sheet))
        found = read(grid)
        said = [pl.lit(sheet).alias(SHEET), *(pl.lit(v).alias(f"@{k}") for k, v in match.groupdict().items())]
        blocks += [replace(block, frame=block.frame.with_columns(said), sheet=sheet) for block in found.blocks]
        faults += [*found.faults, *_failed(grid)]
        notes += [*found.notes, *_numbers_as_text(grid, cells.get(sheet))]
    return Found(tuple(blocks), tuple(faults), tuple(notes))


def _grid(book: fastexcel.ExcelReader, sheet: str, name: str) -> Grid:
    loaded = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
    columns = loaded.available_columns()
    offset = min((column.absolute_index for column in columns), default=0)
    return Grid.of(_with_days(loaded.to_polars()), name, sheet=sheet, offset=offset)


def _with_days(cells: pl.DataFrame) -> pl.DataFrame:
    """Dates without a time of day, written as dates."""
    ends = cells.select(pl.all().str.ends_with(_MIDNIGHT).any())
    dated = [column for column, has in zip(cells.columns, ends.row(0), strict=True) if has] if cells.columns else []
    return cells.with_columns(pl.col(dated).str.replace(r"^(\d{4}-\d\d-\d\d) 00:00:00$", "$1")) if dated else cells


def _sheet_problems(matches: dict[str, re.Match[str] | None], form: Workbook, name: str) -> list[Problem]:
    ignored = {sheet.name for sheet in form.ignored_sheets}
    unknown = [sheet for sheet, match in matches.items() if match is None and sheet not in ignored]
    missing = [sheet for sheet in form.expected_sheets if sheet not in matches]
    problems = [
        Problem(
            "unknown-sheet",
            f"the sheet {sheet!r} is not declared",
            Where(file=name, sheet=sheet),
            value=sheet,
            remedy="extend `sheets`, or name it in `ignored_sheets` with the reason",
        )
        for sheet in unknown
    ]
    problems += [
        Problem(
            "missing-sheet",
            f"the sheet {sheet!r} is not there",
            Where(file=name),
            value=sheet,
            remedy="fetch the complete workbook",
        )
        for sheet in missing
    ]
    if not any(matches.values()):
        problems.append(Problem("missing-sheet", f"no sheet is named like {form.sheets}", Where(file=name)))
    return problems


def _with_failures(grid: Grid, cells: SheetCells | None) -> Grid:
    """The grid with the errors, and a sign for formulas never computed, in cells that else look empty."""
    if cells is None or not (cells.errors or cells.uncomputed):
        return grid
    shown = pl.DataFrame(
        [*cells.errors, *((place, _UNCOMPUTED) for place in cells.uncomputed)],
        {"place": pl.String, "text": pl.String},
        orient="row",
    )
    columns = {grid.letters(column): column for column in grid.columns}
    for (letters,), here in shown.group_by(pl.col("place").str.extract("^([A-Z]+)")):
        if letters in columns:
            column = columns[str(letters)]
            rows = here.select(pl.col("place").str.extract(r"(\d+)$").cast(pl.UInt32).alias(ROW), "text")
            texts = grid.cells.join(rows, on=ROW, how="left", maintain_order="left")["text"]
            grid = replace(grid, cells=grid.cells.with_columns(pl.coalesce(texts, column).alias(column)))
    return grid


def _failed(grid: Grid) -> list[Problem]:
    """Cells that hold an error in place of a value, and formulas that were never computed."""
    long = (
        grid.cells.drop(FIELDS, strict=False).unpivot(index=ROW).filter(pl.col("value").is_in([*_ERRORS, _UNCOMPUTED]))
    )
    problems = []
    for (text,), here in long.group_by("value", maintain_order=True):
        place = f"{grid.letters(here['variable'][0])}{here[ROW][0]}"
        problems.append(
            _uncomputed(grid, place, here.height)
            if text == _UNCOMPUTED
            else _error(grid, place, str(text), here.height)
        )
    return problems


def _error(grid: Grid, place: str, text: str, times: int) -> Problem:
    return Problem(
        "error-cell",
        f"the cell {place} holds the error {text}",
        grid.where(column=place),
        value=text,
        rows=times,
        remedy="mend the formula and save the workbook, or fetch it again",
    )


def _uncomputed(grid: Grid, place: str, times: int) -> Problem:
    return Problem(
        "formula-without-value",
        f"the cell {place} holds a formula that was never computed",
        grid.where(column=place),
        rows=times,
        why="the program that wrote the workbook did not keep the values of its formulas",
        remedy="open the workbook in a spreadsheet and save it",
    )


def _numbers_as_text(grid: Grid, cells: SheetCells | None) -> list[Problem]:
    if cells is None or not cells.numbers_as_text:
        return []
    return [
        Problem(
            "number-as-text",
            f"the cell {cells.numbers_as_text[0]} holds a number as text, in a column of numbers",
            grid.where(column=cells.numbers_as_text[0]),
            rows=len(cells.numbers_as_text),
            why="it is read as the number it shows",
        )
    ]

"""Workbooks whose sheets are crosstabs: from one figure per cell to one record per figure."""

from __future__ import annotations

import re
from typing import Final

import fastexcel
import polars as pl

from sdmx_gateway.errors import Problem, SourceRejected, Where
from sdmx_gateway.sources.family import Crosstab, Workbook
from sdmx_gateway.sources.raw_table import CELL_COLUMN, ROW, SHEET

_HEADER_SEARCH: Final = 30
"""A body starts within this many rows of the top of its sheet."""


def read_workbook(data: bytes, form: Workbook, crosstab: Crosstab, name: str) -> pl.DataFrame:
    """One row per cell of every sheet.

    Columns: the crosstab's logical columns and ``value`` (``String``), what the sheet's name says (``@name``), and the place
    (``@sheet``, ``@row``, ``@column``). Wholly empty columns without a heading are passed over.

    Raises:
        SourceRejected: not a workbook, a sheet that is missing or not declared, or a sheet without the declared headings.

    """
    try:
        book = fastexcel.read_excel(data)
    except fastexcel.FastExcelError as error:
        problem = Problem("not-a-workbook", f"the file is not a workbook: {error}", Where(file=name))
        raise SourceRejected(f"{name} cannot be opened", [problem]) from error
    matches = {sheet: re.fullmatch(form.sheets, sheet) for sheet in book.sheet_names}
    ignored = {sheet.name for sheet in form.ignored_sheets}
    problems = _sheet_problems(matches, form, ignored, name)
    tables = []
    for sheet, match in matches.items():
        if match is None:
            continue
        cells = book.load_sheet(sheet, header_row=None, dtypes="string").to_polars()
        try:
            table = _unpivot(cells, crosstab, name, sheet)
        except SourceRejected as error:
            problems.extend(error.problems)
            continue
        tables.append(
            table.with_columns(
                pl.lit(sheet).alias(SHEET), *(pl.lit(v).alias(f"@{k}") for k, v in match.groupdict().items())
            )
        )
    if problems:
        raise SourceRejected(f"{name} is not laid out as declared", problems)
    return pl.concat(tables, how="diagonal")


def _sheet_problems(
    matches: dict[str, re.Match[str] | None], form: Workbook, ignored: set[str], name: str
) -> list[Problem]:
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


def _unpivot(cells: pl.DataFrame, crosstab: Crosstab, name: str, sheet: str) -> pl.DataFrame:
    head = cells.head(_HEADER_SEARCH)
    starts = [i for i, cell in enumerate(head.to_series(0)) if cell is not None and cell.strip() == crosstab.header]
    if not starts:
        problem = Problem(
            "missing-heading",
            f"no row starts with {crosstab.header!r} in the first {_HEADER_SEARCH} rows",
            Where(file=name, sheet=sheet),
        )
        raise SourceRejected("no header", [problem])
    start = starts[0]
    heading = [(cell or "").strip() for cell in cells.row(start)]
    headers = [[(cell or "").strip() for cell in row] for row in head.head(start + 1).rows()]
    leading, problems = _leading_columns(heading, crosstab, name, sheet)
    labels = {logical: _header_row(headers, pattern) for logical, pattern in crosstab.columns.items()}
    problems += [
        Problem(
            "missing-heading",
            f"no header row is labelled like {crosstab.columns[logical]!r}",
            Where(file=name, sheet=sheet),
        )
        for logical, row in labels.items()
        if row is None and logical not in crosstab.optional
    ]
    if problems:
        raise SourceRejected("headings missing", problems)
    body = cells.slice(start + 1).with_row_index(ROW, offset=start + 2)
    columns = cells.columns
    data = [
        i
        for i in range(max(leading.values()) + 1, len(columns))
        if heading[i] or body[columns[i]].null_count() < body.height
    ]
    letters = {columns[i]: column_letters(i) for i in data}
    long = body.rename({columns[i]: logical for logical, i in leading.items()}).unpivot(
        on=[columns[i] for i in data], index=[ROW, *leading], variable_name="__column", value_name="value"
    )
    found = {logical: row for logical, row in labels.items() if row is not None}
    names = pl.DataFrame(
        {
            "__column": [columns[i] for i in data],
            CELL_COLUMN: list(letters.values()),
            **{logical: [headers[row][i] for i in data] for logical, row in found.items()},
        }
    )
    return long.join(names, on="__column", how="left", maintain_order="left").drop("__column")


def _leading_columns(
    heading: list[str], crosstab: Crosstab, name: str, sheet: str
) -> tuple[dict[str, int], list[Problem]]:
    leading: dict[str, int] = {}
    problems = []
    for logical, pattern in crosstab.rows.items():
        found = [i for i, text in enumerate(heading) if re.fullmatch(pattern, text)]
        if found:
            leading[logical] = found[0]
        else:
            problems.append(
                Problem(
                    "missing-heading",
                    f"no column is headed like {pattern!r}",
                    Where(file=name, sheet=sheet),
                    value=", ".join(heading[:4]),
                )
            )
    return leading, problems


def _header_row(headers: list[list[str]], pattern: str) -> int | None:
    rows = (i for i, row in enumerate(headers) if any(re.fullmatch(pattern, cell) for cell in row[:2]))
    return next(rows, None)


def column_letters(index: int) -> str:
    """The letters of a column, counted from 0.

    >>> column_letters(0), column_letters(26), column_letters(701)
    ('A', 'AA', 'ZZ')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters

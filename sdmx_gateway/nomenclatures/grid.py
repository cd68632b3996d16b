"""The cells of a spreadsheet as text, each row with its number: of delimited text, or of the sheets of a workbook.

Nothing is known here of what the cells mean. Workbooks (.xlsx, .xls, .ods …) are read by fastexcel like those of
:mod:`sdmx_gateway.sources.workbook`; in delimited text a cell may hold separators and line breaks when it stands in quotes.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import fastexcel

from sdmx_gateway.errors import Problem, SourceRejected, Where
from sdmx_gateway.nomenclatures.decoding import decoded
from sdmx_gateway.sources.sheet_cells import SheetCells, cells_of

WORKBOOKS: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
"""The endings of workbooks; everything else is delimited text."""
SEPARATORS: Final = (";", "\t", ",", "|")
_BREAK: Final = re.compile(r" *[\r\n\t]+ *")
MAX_BYTES: Final = 64 << 20
"""Longest file read, and largest a workbook may unpack to: the list of NATINF, the longest there is, has about 4 MB."""


@dataclass(frozen=True)
class Line:
    """A row: its number from 1, and its cells without spaces around them."""

    row: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """The rows of one sheet, or of a text split at one separator.

    Attributes:
        file: the name of the file.
        sheet: the name of the sheet, of a workbook.
        lines: its rows, empty ones left out.
        form: how it was read: the encoding of a text, ``workbook``.
        faults: what is wrong with how its rows are written.
    """

    file: str
    sheet: str | None
    lines: tuple[Line, ...]
    form: str
    faults: tuple[Problem, ...] = ()


def content_of(path: Path) -> bytes:
    """The bytes of a file that is not too long.

    Raises:
        SourceRejected: it is not there, cannot be read, or is too long.
    """
    where = Where(file=path.name)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        problem = Problem("no-such-file", "there is no such file", Where(file=str(path)))
        raise SourceRejected(f"{path} is not there", [problem]) from error
    except OSError as error:
        raise SourceRejected(f"{path.name} cannot be opened", [Problem("unreadable", str(error), where)]) from error
    if len(data) > MAX_BYTES:
        raise _too_large(path.name)
    return data


def grids(data: bytes, name: str, encoding: str | None = None) -> tuple[Grid, ...]:
    """What the cells of a file may be: one grid for each sheet, or for each separator a text could be split at.

    Raises:
        SourceRejected: it is no workbook, or no text in an encoding that is told or can be.
    """
    if Path(name).suffix.lower() in WORKBOOKS:
        return tuple(_sheets(data, name))
    text = decoded(data, name, encoding)
    plain = text.text.replace("\r\n", "\n").replace("\r", "\n")
    return tuple(_split(plain, separator, name, text.encoding) for separator in SEPARATORS if separator in plain)


def _sheets(data: bytes, name: str) -> Iterator[Grid]:
    try:
        _check_size(data, name)
        book, known = fastexcel.read_excel(data), cells_of(data)
        for sheet in book.sheet_names:
            cells = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string").to_polars()
            lines = (Line(row, tuple(_plain(cell) for cell in line)) for row, line in enumerate(cells.rows(), 1))
            faults = tuple(_not_computed(known.get(sheet), Where(file=name, sheet=sheet)))
            yield Grid(name, sheet, tuple(line for line in lines if any(line.cells)), "workbook", faults)
    except (fastexcel.FastExcelError, zipfile.BadZipFile) as error:
        problem = Problem("not-a-workbook", f"the file is not a workbook: {error}", Where(file=name))
        raise SourceRejected(f"{name} cannot be opened", [problem]) from error


def _not_computed(known: SheetCells | None, where: Where) -> Iterator[Problem]:
    """Cells whose value is an error or was never computed: they would be read as empty."""
    if known is None:
        return
    for place, text in known.errors:
        what = f"the cell {place} holds the error {text}"
        remedy = "mend the formula and save the workbook"
        yield Problem("error-cell", what, replace(where, column=place), remedy=remedy, value=text)
    for place in known.uncomputed:
        what = f"the cell {place} holds a formula that was never computed"
        remedy = "open the workbook in a spreadsheet and save it"
        yield Problem("formula-without-value", what, replace(where, column=place), remedy=remedy)


def _check_size(data: bytes, name: str) -> None:
    """Refuse what would unpack to more than is read; what is no archive is left to who reads workbooks."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
            raise _too_large(name)


def _too_large(name: str) -> SourceRejected:
    problem = Problem("too-large", f"the file has, or unpacks to, more than {MAX_BYTES >> 20} MB", Where(file=name))
    return SourceRejected(f"{name} is too large", [problem])


def _split(text: str, separator: str, name: str, encoding: str) -> Grid:
    """The rows of a text; what cannot be split any further ends it, and is told."""
    lines: list[Line] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    row = 1
    faults: tuple[Problem, ...] = ()
    try:
        for record in reader:
            cells = tuple(_plain(cell) for cell in record)
            if any(cells):
                lines.append(Line(row, cells))
            row = reader.line_num + 1
    except csv.Error as error:
        remedy = 'write a quote inside a cell twice: "", or save the file as a workbook'
        faults = (Problem("wrong-line", f"the quotes do not match: {error}", Where(file=name, row=row), remedy=remedy),)
    return Grid(name, None, tuple(lines), encoding, faults)


def _plain(cell: str | None) -> str:
    """A cell on one line."""
    return _BREAK.sub(" ", cell).strip() if cell else ""

"""The sheet of a file that has the columns of a layout, found by its headings, and its rows by the name of each column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sdmx_gateway.errors import Problem, SourceRejected, Where
from sdmx_gateway.nomenclatures.french_text import LOST, REPLACED, is_garbled, is_read_twice, strange
from sdmx_gateway.nomenclatures.grid import Grid, Line
from sdmx_gateway.nomenclatures.layouts import Form, folded
from sdmx_gateway.nomenclatures.notes import Notes, gathered
from sdmx_gateway.structures.xml_text import forbidden_character

HEADER_SEARCH: Final = 30
"""The headings stand within this many rows of the top."""
_SHOWN: Final = 5
_ERROR: Final = re.compile(r"#(REF!|DIV/0!|N/A|VALUE!|NAME\?|NUM!|NULL!)|Err:\d+")
"""How spreadsheets show that a cell could not be computed."""


@dataclass(frozen=True)
class Table:
    """The rows of a nomenclature.

    Attributes:
        grid: the sheet they are of.
        form: how it is laid out.
        header: the row of the headings.
        places: the index of each column by its name.
        lines: the rows below the headings.
    """

    grid: Grid
    form: Form
    header: Line
    places: Mapping[str, int]
    lines: tuple[Line, ...]

    def cell(self, line: Line, column: str) -> str:
        """A cell of a row; empty when there is no such column."""
        place = self.places.get(column)
        return "" if place is None or place >= len(line.cells) else line.cells[place]

    def where(self, line: Line, column: str) -> Where:
        """The place of a cell, its column as the file heads it."""
        heading = self.header.cells[self.places[column]] if column in self.places else None
        return Where(file=self.grid.file, sheet=self.grid.sheet, row=line.row, column=heading)


@dataclass(frozen=True)
class _Heading:
    """A row that may be the headings of a form: which of its columns it has."""

    grid: Grid
    form: Form
    nth: int
    places: Mapping[str, int]

    @property
    def missing(self) -> list[str]:
        return [column.headings[0] for column in self.form.required if column.name not in self.places]

    @property
    def fits(self) -> tuple[int, int]:
        return len(self.form.required) - len(self.missing), len(self.places)


def table_of(found: Sequence[Grid], forms: Iterable[Form], name: str, sheet: str | None, notes: Notes) -> Table | None:
    """The table of a file; ``None``, and problems, when no sheet or several have the headings that are asked for.

    Raises:
        SourceRejected: the file has no sheet of that name.
    """
    asked = [grid for grid in found if sheet is None or grid.sheet == sheet]
    if not asked and sheet is not None:
        names = ", ".join(str(grid.sheet) for grid in found if grid.sheet is not None)
        remedy = f"the sheets are {names}" if names else "leave --sheet out: the file has no sheets"
        problem = Problem("missing-sheet", f"the sheet {sheet!r} is not there", Where(file=name), remedy=remedy)
        raise SourceRejected(f"{name} has no such sheet", [problem])
    best = [heading for grid in asked if (heading := _heading(grid, forms)) is not None]
    whole = [heading for heading in best if not heading.missing]
    if not whole:
        garbled = next(filter(None, map(_garbled, asked)), None)
        notes.problems.append(garbled or _nothing_fits(best, asked, name))
        return None
    if len({heading.grid.sheet for heading in whole}) > 1:
        sheets = ", ".join(repr(heading.grid.sheet) for heading in whole)
        what, remedy = f"several sheets have these headings: {sheets}", "say which with --sheet"
        notes.problems.append(Problem("ambiguous-sheet", what, Where(file=name), remedy=remedy))
        return None
    return _table(max(whole, key=lambda heading: heading.fits), notes)


def _heading(grid: Grid, forms: Iterable[Form]) -> _Heading | None:
    """The row that has most headings of a form, the first of those that have as many."""
    rows = [_Heading(grid, f, nth, _places(line, f)) for f in forms for nth, line in _top(grid)]
    return max(rows, key=lambda heading: (not heading.missing, heading.fits), default=None)


def _top(grid: Grid) -> Iterator[tuple[int, Line]]:
    return ((nth, line) for nth, line in enumerate(grid.lines) if line.row <= HEADER_SEARCH)


def _places(line: Line, form: Form) -> dict[str, int]:
    known = [folded(cell) for cell in line.cells]
    found = ((column.name, [h for h in column.headings if h in known]) for column in form.columns)
    return {name: known.index(headings[0]) for name, headings in found if headings}


def _nothing_fits(best: Sequence[_Heading], asked: Sequence[Grid], name: str) -> Problem:
    nearest = max(best, key=lambda heading: heading.fits, default=None)
    if nearest is None:
        what = "nothing stands in the first rows" if asked else "the file has no cells"
        return Problem("missing-column", what, Where(file=name), remedy="see that it is the right file")
    line = nearest.grid.lines[nearest.nth]
    headings = "; ".join(cell for cell in line.cells if cell)
    missing = ", ".join(repr(heading) for heading in nearest.missing)
    return Problem(
        "missing-column",
        f"no column is headed {missing}, in any case and with or without accents",
        Where(file=name, sheet=nearest.grid.sheet, row=line.row),
        why=f"the nearest row has {headings}",
        remedy="see that it is the right file and layout; else head the column so, or see docs/structures.md",
        value=headings,
    )


def _table(heading: _Heading, notes: Notes) -> Table:
    grid, header = heading.grid, heading.grid.lines[heading.nth]
    lines = grid.lines[heading.nth + 1 :]
    table = Table(grid, heading.form, header, heading.places, lines)
    notes.problems += grid.faults
    notes.problems += _headings_twice(table)
    if not lines and not grid.faults:
        notes.problems.append(Problem("no-rows", "nothing stands below the headings", Where(file=grid.file)))
    notes.problems += _too_wide(table)
    notes.remarks += _not_read(table)
    _look_at_texts(table, notes)
    return table


def _headings_twice(table: Table) -> Iterator[Problem]:
    known = [folded(cell) for cell in table.header.cells]
    for column in table.form.columns:
        headed = [place for place, heading in enumerate(known) if heading in column.headings]
        same = [place for place in headed if known[place] == known[headed[0]]]
        if len(same) > 1:
            where = Where(file=table.grid.file, sheet=table.grid.sheet, row=table.header.row)
            what = f"{len(same)} columns are headed {table.header.cells[same[0]]!r}"
            yield Problem("duplicated-header", what, where, remedy="keep one of them, or head the others otherwise")


def _too_wide(table: Table) -> Iterator[Problem]:
    """Rows with a cell where there is no heading: in a text, a separator that should stand in quotes."""
    width = max(place for place, cell in enumerate(table.header.cells) if cell) + 1
    for line in table.lines:
        if any(line.cells[width:]):
            where = Where(file=table.grid.file, sheet=table.grid.sheet, row=line.row)
            what = f"the row goes on after the last heading: {next(cell for cell in line.cells[width:] if cell)!r}"
            remedy = "put a text with a separator in quotes, or head the column"
            yield Problem("wrong-line", what, where, remedy=remedy, value=" | ".join(line.cells))


def _not_read(table: Table) -> Iterator[Problem]:
    for place, cell in enumerate(table.header.cells):
        if cell and place not in table.places.values():
            where = Where(file=table.grid.file, sheet=table.grid.sheet, row=table.header.row, column=cell)
            yield Problem("unused-column", f"the column {cell!r} is not read", where, value=cell)


def _look_at_texts(table: Table, notes: Notes) -> None:
    """Tell what cannot be the text its author wrote; a whole sheet in a wrong encoding is told once."""
    if (problem := _garbled(table.grid)) is not None:
        notes.problems.append(problem)
        return
    problems: list[Problem] = []
    remarks: list[Problem] = []
    for line in table.lines:
        for name in table.places:
            cell = table.cell(line, name)
            problems += _broken(cell, table.where(line, name))
            remarks += _odd(cell, table.where(line, name))
    notes.problems += problems
    notes.remarks += gathered(remarks)


def _garbled(grid: Grid) -> Problem | None:
    text = "".join(cell for line in grid.lines for cell in line.cells)
    if not is_garbled(text):
        return None
    signs = ", ".join(repr(sign) for sign, _ in strange(text).most_common(_SHOWN))
    return Problem(
        "garbled-text",
        f"most accented letters are none of French: {signs}",
        Where(file=grid.file, sheet=grid.sheet),
        why=f"it was read as {grid.form}, or saved by a program that had misread it",
        remedy="say the right --encoding, or take the file as its office publishes it",
    )


def _broken(cell: str, where: Where) -> Iterator[Problem]:
    if _ERROR.fullmatch(cell):
        remedy = "mend the formula and save the file again"
        yield Problem("error-cell", f"the cell holds the error {cell}", where, remedy=remedy, value=cell)
    if (found := forbidden_character(cell)) is not None:
        yield Problem("forbidden-character", f"{cell!r} holds {found}, which XML cannot carry", where)
    if REPLACED in cell or is_read_twice(cell):
        why = "a program misread these bytes before the file was saved"
        remedy = "take the file as its office publishes it, or correct the text"
        yield Problem("garbled-text", f"{cell!r} is not what was written", where, why=why, remedy=remedy, value=cell)


def _odd(cell: str, where: Where) -> Iterator[Problem]:
    if cell.isascii():
        return
    if LOST in cell:
        what = f"{LOST} stands where a letter was lost when the file was written, Œ or another"
        yield Problem("lost-character", what, where, remedy="kept as it is; correct the file if it matters")
    for sign in strange(cell):
        if sign != REPLACED:
            what = f"{sign!r} (U+{ord(sign):04X}) is no sign of French"
            yield Problem("unusual-character", what, where, remedy="kept as it is; see that it is right", value=sign)

"""Cells in rows and columns, as a sheet has them: of a workbook, of a text laid out for reading, or of JSON records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.sources.letters import column_letters
from sdmx_gateway.sources.raw_table import ROW

FIRST: Final = "@first"
"""The first filled cell of a row, without the spaces around it."""
FILLED: Final = "@filled"
"""How many cells of a row are filled."""
AT: Final = "@at"
"""Which column the first filled cell stands in."""
FIELDS: Final = "@fields"
"""How many fields a line of text has; only where the cells were text."""


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet.

    ``cells`` has one ``String`` column ``"0"``, ``"1"`` … for each column (null where a cell is empty), ``@row``, and for text ``@fields``.

    Attributes:
        cells: the cells.
        name: file they are of.
        sheet: sheet they are of.
        offset: how many columns of the sheet stand before the first one here.
        ends_in_line: whether the text ends without a line end.

    """

    cells: pl.DataFrame
    name: str
    sheet: str | None = None
    offset: int = 0
    ends_in_line: bool = False

    @classmethod
    def of(
        cls, frame: pl.DataFrame, name: str, *, sheet: str | None = None, offset: int = 0, first_row: int = 1
    ) -> Grid:
        """The grid of a frame whose columns are text, by their order."""
        named = frame.rename({column: str(i) for i, column in enumerate(frame.columns)})
        filled = named.select(pl.when(pl.all().str.strip_chars() != "").then(pl.all()))
        return cls(filled.with_row_index(ROW, offset=first_row), name, sheet, offset)

    @property
    def columns(self) -> list[str]:
        """The columns that are cells."""
        return [column for column in self.cells.columns if not column.startswith("@")]

    @property
    def rows(self) -> pl.DataFrame:
        """What each row that is not blank is like: ``@row``, ``@first``, ``@filled``, ``@at``."""
        columns = self.columns
        if not columns:
            return pl.DataFrame(schema={ROW: pl.UInt32, FIRST: pl.String, FILLED: pl.UInt32, AT: pl.Int32})
        at = pl.coalesce(pl.when(pl.col(c).is_not_null()).then(pl.lit(int(c), dtype=pl.Int32)) for c in columns)
        return self.cells.select(
            ROW,
            pl.coalesce(columns).str.strip_chars().alias(FIRST),
            pl.sum_horizontal(pl.col(c).is_not_null().cast(pl.UInt32) for c in columns).alias(FILLED),
            at.alias(AT),
        ).filter(pl.col(FILLED) > 0)

    @property
    def last(self) -> int:
        """The number of the last row."""
        return int(self.cells[ROW][-1])

    def letters(self, column: str) -> str:
        """The letters of a column in its sheet."""
        return column_letters(self.offset + int(column))

    def texts(self, row: int) -> list[str]:
        """The cells of a row, without the spaces around them; empty ones as empty texts."""
        first = int(self.cells[ROW][0])
        return [(self.cells[column][row - first] or "").strip() for column in self.columns]

    def where(self, row: int | None = None, column: str | None = None) -> Where:
        """A place in the grid."""
        return Where(file=self.name, sheet=self.sheet, row=row, column=column)


def left_over(grid: Grid, rows: pl.DataFrame, what: str) -> list[Problem]:
    """Rows that are neither figures nor declared as anything else: one problem for all of a sheet."""
    if rows.is_empty():
        return []
    row, text = rows[ROW][0], rows[FIRST][0]
    return [
        Problem(
            "left-over-row",
            f"{text[:60]!r} {what}",
            grid.where(row),
            value=text,
            rows=rows.height,
            remedy="declare it under `notes` with the reason, or as a title or a section of the table",
        )
    ]

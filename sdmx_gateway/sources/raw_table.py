"""A national file as a table of text, every row knowing its place in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from sdmx_gateway.errors import Problem, Where

FILE: Final = "@file"
SHEET: Final = "@sheet"
ROW: Final = "@row"
CELL_COLUMN: Final = "@column"
PLACES: Final = (FILE, SHEET, ROW, CELL_COLUMN)


@dataclass(frozen=True)
class RawTable:
    """One file read.

    ``frame`` has the family's logical columns (``String``, as written; null where the file has nothing), one column ``@name`` for
    each thing the file or sheet name says (``@edition`` always), and the places: ``@file``, ``@row`` (``UInt32``, as an editor
    counts lines), for workbooks also ``@sheet`` and ``@column`` (letters).

    Attributes:
        name: file name, without its folder.
        sha256: digest of the file's bytes as they are.
        family: the family that claimed it.
        edition: the edition of the file.
        decimal: the decimal sign its numbers are written with.
        problems: what is wrong but does not keep the table from being read; it keeps it from being converted.
        notes: what is worth knowing, and keeps nobody from anything.

    """

    name: str
    sha256: str
    family: str
    edition: str
    decimal: str
    frame: pl.DataFrame
    says: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()

    def where(self, place: Mapping[str, object], *, column: str | None = None) -> Where:
        """The place of one row of ``frame``, given as a mapping of its columns."""
        row, sheet, letters = place.get(ROW), place.get(SHEET), place.get(CELL_COLUMN)
        return Where(
            file=self.name,
            sheet=str(sheet) if sheet is not None else None,
            row=int(str(row)) if row is not None else None,
            column=column if letters is None else f"{letters}{row}",
        )

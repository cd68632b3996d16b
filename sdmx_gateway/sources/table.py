"""Tables under blocks of headings, one or several in a grid: where each starts, what heads its columns, and which rows are its data.

Every row is accounted for: it is blank, a title, a declared note, a heading, a section or data. What is none of these is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import polars as pl

from sdmx_gateway.errors import Problem
from sdmx_gateway.sources.block import Block, Found
from sdmx_gateway.sources.declared import groups_of, whole
from sdmx_gateway.sources.grid import AT, FIELDS, FILLED, FIRST, Grid, left_over
from sdmx_gateway.sources.layout import Note, Table
from sdmx_gateway.sources.raw_table import ROW
from sdmx_gateway.sources.row_faults import doubled_headers, repeated

_TABLE: Final = "@table"
_SHOWN: Final = 5


def read_tables(grid: Grid, table: Table, *, repeats: bool) -> Found:
    """The tables of a grid.

    Args:
        grid: the cells.
        table: how they are laid out.
        repeats: whether a row may stand more than once in one table.

    """
    rows = grid.rows
    titles = rows.filter(_fits(table.title)) if table.title else rows.clear()
    rows = rows.join(titles, on=ROW, how="anti", maintain_order="left").filter(~noted(table.notes))
    if table.title and titles.is_empty():
        return Found(faults=(Problem("missing-heading", f"no row is titled like {table.title!r}", grid.where()),))
    starts: list[int | None] = [*(titles[ROW].to_list() if table.title else [None]), None]
    faults = left_over(grid, _between(rows, None, starts[0]), "stands before the first title") if table.title else []
    readings = [
        _Reading(grid, table, _between(rows, start, end), start, repeats=repeats) for start, end in pairwise(starts)
    ]
    blocks = [reading.read() for reading in readings]
    faults += [fault for reading in readings for fault in reading.faults]
    notes = tuple(note for reading in readings for note in reading.notes)
    return Found(tuple(block for block in blocks if block), tuple(faults), notes)


def _between(rows: pl.DataFrame, start: int | None, end: int | None) -> pl.DataFrame:
    after = rows if start is None else rows.filter(pl.col(ROW) > start)
    return after if end is None else after.filter(pl.col(ROW) < end)


def noted(notes: Iterable[Note]) -> pl.Expr:
    """Whether a row is a declared note: one filled cell, of a declared text."""
    texts = [_fits(note.pattern) for note in notes]
    return pl.any_horizontal(*texts) & (pl.col(FILLED) == 1) if texts else pl.lit(False)


def sayings(texts: pl.Expr, pattern: str) -> list[pl.Expr]:
    """What the named groups of a pattern say of a text, as columns ``@name``."""
    found = texts.str.extract_groups(whole(pattern))
    return [found.struct.field(name).alias(f"@{name}") for name in groups_of(pattern)]


def _fits(pattern: str) -> pl.Expr:
    return pl.col(FIRST).str.contains(whole(pattern))


@dataclass
class _Reading:
    """One table: its rows from the title, or the top, to the next title or the end."""

    grid: Grid
    table: Table
    rows: pl.DataFrame
    start: int | None
    repeats: bool
    faults: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def read(self) -> Block | None:
        """The table; ``None`` where it has no headings or no data."""
        top = self._top()
        if top is None:
            return None
        self.faults += left_over(self.grid, self.rows.filter(pl.col(ROW) < top), "stands above the headings")
        bottom = min(top + self.table.header_rows - 1, self.grid.last)
        lines = [self.grid.texts(row) for row in range(top, bottom + 1)]
        marked = self._sections(self.rows.filter(pl.col(ROW) > bottom))
        body = self.grid.cells.join(marked, on=ROW, how="semi", maintain_order="left")
        if body.is_empty():
            self.faults.append(Problem("no-rows", "nothing stands below the headings", self.grid.where(bottom)))
            return None
        self._check(body, lines)
        return self._block(top, bottom, lines, body, marked)

    def _check(self, body: pl.DataFrame, lines: Sequence[Sequence[str]]) -> None:
        self.faults += self._doubled(body, lines[-1])
        self.faults += self._wrong_lines(body, lines)
        if not self.repeats:
            rows = body.select(ROW, pl.struct(self.grid.columns).hash().alias("is"))
            self.notes += repeated(rows, self.grid.name, self.grid.sheet)

    def _block(
        self, top: int, bottom: int, lines: Sequence[Sequence[str]], body: pl.DataFrame, marked: pl.DataFrame
    ) -> Block:
        columns = [
            column
            for i, column in enumerate(self.grid.columns)
            if any(line[i] for line in lines) or body[column].null_count() < body.height
        ]
        headings = joined(lines, self.table.join)
        says = [column for column in marked.columns if column.startswith("@") and column not in {FIRST, FILLED, AT}]
        title = [self.grid.texts(self.start)] if self.start is not None else []
        return Block(
            body.select(ROW, *columns).join(marked.select(says), on=ROW, how="left", maintain_order="left"),
            {column: headings[int(column)] for column in columns},
            {column: self.grid.letters(column) for column in columns},
            bottom,
            self.grid.sheet,
            tuple(text for line in [*title, *self._above(top), *lines] for text in line if text),
        )

    def _top(self) -> int | None:
        tops = self.rows.filter(_fits(self.table.header)) if self.table.header else self.rows
        if not tops.is_empty():
            return int(tops[ROW][0])
        what = f"no row starts with a cell like {self.table.header!r}" if self.table.header else "nothing stands there"
        self.faults.append(Problem("missing-heading", what, self.grid.where(self.start)))
        return None

    def _above(self, top: int) -> list[list[str]]:
        first = int(self.grid.cells[ROW][0]) if self.start is None else self.start + 1
        return [self.grid.texts(row) for row in range(first, top)]

    def _sections(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows of data, with what the title and the last section above each says; rows of one cell are left over."""
        rows = rows.with_columns(self._titled())
        alone = (pl.col(FILLED) == 1) & (pl.col(AT) == pl.col(AT).min()) & (len(self.grid.columns) > 1)
        if self.table.sections is not None:
            heads = alone & _fits(self.table.sections)
            names = [f"@{name}" for name in groups_of(self.table.sections)]
            said = rows.with_columns(sayings(pl.when(heads).then(pl.col(FIRST)), self.table.sections))
            rows = said.with_columns(pl.col(names).forward_fill()).filter(~heads)
        self.faults += left_over(self.grid, rows.filter(alone), "stands alone in its row")
        return rows.filter(~alone)

    def _titled(self) -> list[pl.Expr]:
        if self.table.title is None or self.start is None or not groups_of(self.table.title):
            return []
        text = next(text for text in self.grid.texts(self.start) if text)
        said = pl.DataFrame({FIRST: [text]}).select(sayings(pl.col(FIRST), self.table.title))
        return [pl.lit(value, dtype=pl.String).alias(name) for name, value in said.row(0, named=True).items()]

    def _doubled(self, body: pl.DataFrame, heading: Sequence[str]) -> list[Problem]:
        same = pl.all_horizontal(
            pl.col(column).fill_null("").str.strip_chars() == text
            for column, text in zip(self.grid.columns, heading, strict=True)
        )
        return doubled_headers(body.filter(same)[ROW].to_list(), self.grid.name, self.grid.sheet)

    def _wrong_lines(self, body: pl.DataFrame, lines: Sequence[Sequence[str]]) -> list[Problem]:
        """Lines of text with fewer fields than the headings; cells of a workbook have no such fault."""
        if FIELDS not in body.columns or self.table.ragged or body.is_empty():
            return []
        fields = max(i + 1 for line in lines for i, text in enumerate(line) if text)
        short = body.filter(pl.col(FIELDS) < fields)
        return [
            Problem(
                "truncated" if row == self.grid.last and self.grid.ends_in_line else "wrong-line",
                f"{has} fields where the headings are {fields}",
                self.grid.where(row),
                rows=1,
                remedy="fetch the file again, or say `ragged = true` if short lines are meant",
            )
            for row, has in short.head(_SHOWN).select(ROW, FIELDS).iter_rows()
        ]


def joined(lines: Sequence[Sequence[str]], join: str) -> list[str]:
    """One heading for each column, from a block of rows: the upper ones reach to the right as far as cells are empty.

    >>> joined([["", "Étrangers", "", "Ensemble"], ["Âge", "2019", "2020", ""]], " / ")
    ['Âge', 'Étrangers / 2019', 'Étrangers / 2020', 'Ensemble']
    """
    filled = [list(_from_the_left(line)) for line in lines[:-1]] + [list(lines[-1])]
    own = [any(line[i] for line in lines) for i in range(len(lines[-1]))]
    return [join.join(dict.fromkeys(line[i] for line in filled if line[i])) if own[i] else "" for i in range(len(own))]


def _from_the_left(line: Sequence[str]) -> Iterator[str]:
    last = ""
    for text in line:
        last = text or last
        yield last

"""Where the figures stand in a sheet or a text that was laid out for reading: titles, blocks of headings, notes, and what is across."""

from __future__ import annotations

from typing import Any

from pydantic import Field, field_validator, model_validator

from sdmx_gateway.sources.declared import Declared, Pattern, Reason, groups_of


class Note(Declared):
    """Rows that say something and hold no figure, by the text of their only cell, and why they are passed over."""

    pattern: Pattern
    because: Reason


class Table(Declared):
    """Tables under a block of headings, one or several in a sheet or a text.

    Attributes:
        title: regular expression of the first filled cell of the row each table starts with; its named groups become ``@name``.
        header: regular expression of the first filled cell of the first row of headings; without it the first row left.
        header_rows: how many rows the headings take; they are joined from the top, empty cells of all but the last
            repeating the one to the left, as merged cells do.
        join: what the headings of one column are joined with.
        sections: regular expression of rows that head the rows below them; its named groups become ``@name``.
        fill_down: logical columns whose empty cells repeat the one above, as merged cells do.
        notes: rows above, between and below that hold no figure.
        ragged: whether rows of a text may have fewer fields than its headings.

    """

    title: Pattern | None = None
    header: Pattern | None = None
    header_rows: int = Field(default=1, ge=1, le=9)
    join: str = " / "
    sections: Pattern | None = None
    fill_down: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    ragged: bool = False

    @field_validator("sections")
    @classmethod
    def _has_groups(cls, pattern: str | None) -> str | None:
        if pattern is not None and not groups_of(pattern):
            raise ValueError("sections needs a named group, or it is a note")
        return pattern


class Crosstab(Declared):
    """A sheet with leading row headings, labelled header rows above, and one figure per cell.

    Attributes:
        header: first cell of the row that heads the body.
        rows: logical name to the regular expression of a leading column's heading.
        columns: logical name to the regular expression of the label of the header row that heads the data columns.
        optional: logical names of header rows that some sheets do not have.
        fill: logical names of header rows whose empty cells repeat the one to the left, as merged cells do.
        fill_down: logical names of leading columns whose empty cells repeat the one above.
        notes: rows below the body that hold no figure.

    """

    header: str
    rows: dict[str, Pattern]
    columns: dict[str, Pattern]
    optional: tuple[str, ...] = ()
    fill: tuple[str, ...] = ()
    fill_down: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


class Unpivot(Declared):
    """Columns that are values of something: each of their cells becomes a record.

    Attributes:
        headings: regular expression of the headings; its named groups become columns ``@name``.
        value: logical name of the figure.

    """

    headings: Pattern
    value: str = "value"

    @field_validator("headings")
    @classmethod
    def _has_groups(cls, pattern: str) -> str:
        if not groups_of(pattern):
            raise ValueError("headings needs a named group: what the column is the value of")
        return pattern


class Parts(Declared):
    """A cell that says several things: the groups of ``pattern`` become columns ``@name``, the one named as the column its text.

    A cell the pattern does not fit stays as it is.
    """

    of: str
    pattern: Pattern
    because: Reason

    @model_validator(mode="after")
    def _keeps_the_column(self) -> Parts:
        if self.of not in groups_of(self.pattern):
            raise ValueError(f"pattern needs a group named {self.of!r}: what stays of the cell")
        return self


class EditionFrom(Declared):
    """What the content says of itself. Exactly one of ``heading``, ``cell`` and ``maximum`` says where.

    Attributes:
        heading: regular expression of a heading; its named groups are what it says.
        cell: regular expression of a cell above or in the headings, in a workbook or a text with a ``table``; likewise.
        maximum: the column, logical or ``@name``, whose greatest text it is.
        says: what the greatest text says.

    """

    heading: Pattern | None = None
    cell: Pattern | None = None
    maximum: str | None = None
    says: str = "edition"

    @model_validator(mode="after")
    def _says_where(self) -> EditionFrom:
        given = [self.heading, self.cell, self.maximum]
        if sum(word is not None for word in given) != 1:
            raise ValueError("exactly one of heading, cell, maximum")
        pattern = self.heading or self.cell
        if pattern is not None and not groups_of(pattern):
            raise ValueError("a named group says what the text is: (?P<edition>…)")
        return self


def as_several(given: Any) -> Any:
    """One declaration as a list of one: ``edition_from = { … }`` and ``[{ … }]`` alike."""
    return (given,) if isinstance(given, dict) else given

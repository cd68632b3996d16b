"""What a module declares about a family of national files: how to recognise one, read it, and find its columns.

Columns are found by alias, never by position: producers rename and reorder them from one edition to the next.
"""

from __future__ import annotations

import re
from fnmatch import fnmatch
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator


class Declared(BaseModel):
    """A part of a declaration: frozen, and refusing words it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Unused(Declared):
    """Columns that are known and not taken, and why."""

    columns: tuple[str, ...]
    because: str = Field(min_length=3)


class IgnoredSheet(Declared):
    """A sheet that holds no figures, and why."""

    name: str
    because: str = Field(min_length=3)


class Delimited(Declared):
    """A text file of delimited fields, header first. ``encodings`` are tried in order, strictly."""

    kind: Literal["delimited"]
    separator: str = Field(default=";", min_length=1, max_length=1)
    decimal: Literal[",", "."] = ","
    encodings: tuple[str, ...] = ("utf-8-sig", "cp1252")


class Workbook(Declared):
    """A workbook; ``sheets`` is a regular expression on sheet names, whose named groups become columns ``@name``."""

    kind: Literal["workbook"]
    sheets: str
    ignored_sheets: tuple[IgnoredSheet, ...] = ()
    expected_sheets: tuple[str, ...] = ()
    decimal: Literal[",", "."] = "."

    @field_validator("sheets")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        return compiling(pattern)


class Crosstab(Declared):
    """How the sheets of a workbook are laid out: leading row headings, header rows above, one figure per cell.

    Attributes:
        header: first cell of the row that heads the body.
        rows: logical name to the regular expression of a leading column's heading.
        columns: logical name to the regular expression of the label of the header row that heads the data columns.
        optional: logical names of header rows that some sheets do not have.

    """

    header: str
    rows: dict[str, str]
    columns: dict[str, str]
    optional: tuple[str, ...] = ()

    @field_validator("rows", "columns")
    @classmethod
    def _compile(cls, patterns: dict[str, str]) -> dict[str, str]:
        return {name: compiling(pattern) for name, pattern in patterns.items()}


class SourceFamily(Declared):
    """One family of files, every edition of it.

    Attributes:
        family: name of the family.
        files: file-name patterns (``*`` and ``?``).
        edition: regular expression searched in the file name; its named groups become columns ``@name``.
        known_editions: groups of files whose name does not say them; a ``.gz`` ending does not matter.
        format: how the bytes are laid out.
        crosstab: how a workbook's sheets are laid out.
        columns: logical name to the spellings of its heading.
        optional: logical names that some editions do not have.
        unused: headings that are known and not taken.

    """

    family: str
    files: tuple[str, ...] = Field(min_length=1)
    edition: str | None = None
    known_editions: dict[str, dict[str, str]] = {}
    format: Annotated[Delimited | Workbook, Field(discriminator="kind")]
    crosstab: Crosstab | None = None
    columns: dict[str, tuple[str, ...]] = {}
    optional: tuple[str, ...] = ()
    unused: tuple[Unused, ...] = ()

    @field_validator("edition")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        return None if pattern is None else compiling(pattern)

    @model_validator(mode="after")
    def _layout_fits_format(self) -> SourceFamily:
        if isinstance(self.format, Workbook) != (self.crosstab is not None):
            raise ValueError("a workbook needs a crosstab, and only a workbook has one")
        if isinstance(self.format, Delimited) and not self.columns:
            raise ValueError("a delimited file needs columns")
        return self

    def claims(self, file_name: str) -> bool:
        """Whether a file of this name belongs to the family."""
        return any(fnmatch(file_name, pattern) for pattern in self.files)

    def edition_of(self, file_name: str) -> dict[str, str]:
        """What the file's name says, by group name; empty when it says nothing."""
        plain = file_name.removesuffix(".gz")
        if (known := self.known_editions.get(plain)) is not None:
            return known
        match = re.search(self.edition, plain) if self.edition else None
        return {name: text for name, text in match.groupdict().items() if text} if match else {}

    @property
    def logical_columns(self) -> tuple[str, ...]:
        """The names rules may take values from."""
        if self.crosstab is not None:
            return (*self.crosstab.rows, *self.crosstab.columns, "value")
        return tuple(self.columns)


def compiling(pattern: str) -> str:
    """The pattern, if it is a regular expression; ``ValueError`` otherwise."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error
    return pattern

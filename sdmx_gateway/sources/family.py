"""What a module declares about a family of national files: how to recognise one, read it, and find its columns.

Columns are found by alias, never by position: producers rename and reorder them from one edition to the next.
"""

from __future__ import annotations

import re
from fnmatch import fnmatch
from typing import Any, Final, Literal

from pydantic import Field, field_validator, model_validator

from sdmx_gateway.sources.declared import Declared, Pattern, Reason, compiling
from sdmx_gateway.sources.form import Delimited, Form, IgnoredSheet, Json, Workbook
from sdmx_gateway.sources.layout import Crosstab, EditionFrom, Parts, Table, Unpivot, as_several

PACKED: Final = (".gz", ".zip")
"""Endings of files that hold another one."""


class Unused(Declared):
    """Columns that are known and not taken, and why."""

    columns: tuple[str, ...]
    because: Reason


class SourceFamily(Declared):
    """One family of files, every edition of it.

    Attributes:
        family: name of the family.
        files: file-name patterns (``*`` and ``?``).
        edition: regular expression searched in the file name; its named groups become columns ``@name``.
        known_editions: groups of files whose name does not say them; an ending ``.gz`` or ``.zip`` does not matter.
        edition_from: what the content says of itself; where the name says it too, both must say the same.
        member: regular expression of the name of the file taken from a ``.zip``; without it there must be but one.
        format: how the bytes are laid out.
        crosstab: how sheets with labelled header rows are laid out.
        table: where tables stand in a sheet or a text that was laid out for reading.
        columns: logical name to the spellings of its heading.
        optional: logical names that some editions do not have.
        unused: headings that are known and not taken.
        unpivot: columns that are values of something: years, months, territories.
        parts: cells that say several things.
        repeated_rows: whether a row that stands again, letter for letter, is told, refused, or expected.

    """

    family: str
    files: tuple[str, ...] = Field(min_length=1)
    edition: Pattern | None = None
    known_editions: dict[str, dict[str, str]] = {}
    edition_from: tuple[EditionFrom, ...] = ()
    member: Pattern | None = None
    format: Form
    crosstab: Crosstab | None = None
    table: Table | None = None
    columns: dict[str, tuple[str, ...]] = {}
    optional: tuple[str, ...] = ()
    unused: tuple[Unused, ...] = ()
    unpivot: Unpivot | None = None
    parts: tuple[Parts, ...] = ()
    repeated_rows: Literal["told", "refused", "expected"] = "told"

    @field_validator("edition_from", mode="before")
    @classmethod
    def _several(cls, given: Any) -> Any:
        return as_several(given)

    @model_validator(mode="after")
    def _layout_fits_format(self) -> SourceFamily:
        laid_out = isinstance(self.format, Delimited | Workbook | Json)
        if self.crosstab is not None and self.table is not None:
            raise ValueError("a crosstab or a table, not both")
        if isinstance(self.format, Workbook) and self.crosstab is None and self.table is None:
            raise ValueError("a workbook needs a crosstab or a table")
        if not laid_out and (self.crosstab is not None or self.table is not None):
            raise ValueError("only delimited text, a workbook or JSON has a crosstab or a table")
        if self.crosstab is not None and (self.columns or self.unpivot is not None):
            raise ValueError("a crosstab has its columns itself: no columns, no unpivot beside it")
        if self.crosstab is None and not self.columns and self.unpivot is None:
            raise ValueError("columns, unless a crosstab or an unpivot gives them")
        return self

    @model_validator(mode="after")
    def _names_its_columns(self) -> SourceFamily:
        known = set(self.logical_columns)
        named = {
            "parts": [part.of for part in self.parts],
            "optional": self.optional,
            "table.fill_down": self.table.fill_down if self.table else (),
            "crosstab.fill": self.crosstab.fill if self.crosstab else (),
            "crosstab.fill_down": self.crosstab.fill_down if self.crosstab else (),
            "edition_from.maximum": [f.maximum for f in self.edition_from if f.maximum and f.maximum[0] != "@"],
            "serial_dates": [d for d in getattr(self.format, "serial_dates", ()) if d != "headings"],
        }
        wrong = [f"{word} names {name!r}" for word, names in named.items() for name in names if name not in known]
        if wrong:
            raise ValueError(f"{'; '.join(wrong)}: the columns are {', '.join(sorted(known))}")
        return self

    def claims(self, file_name: str) -> bool:
        """Whether a file of this name belongs to the family."""
        return any(fnmatch(file_name, pattern) for pattern in self.files)

    def edition_of(self, file_name: str) -> dict[str, str]:
        """What the file's name says, by group name; empty when it says nothing."""
        plain = unpacked_name(file_name)
        if (known := self.known_editions.get(plain)) is not None:
            return known
        match = re.search(self.edition, plain) if self.edition else None
        return {name: text for name, text in match.groupdict().items() if text} if match else {}

    @property
    def logical_columns(self) -> tuple[str, ...]:
        """The names rules may take values from."""
        if self.crosstab is not None:
            return (*self.crosstab.rows, *self.crosstab.columns, "value")
        return (*self.columns, *([self.unpivot.value] if self.unpivot else []))


def unpacked_name(file_name: str) -> str:
    """The name of a file without the ending that says it is packed.

    >>> unpacked_name("base-2024.csv.gz")
    'base-2024.csv'
    """
    for ending in PACKED:
        file_name = file_name.removesuffix(ending)
    return file_name


__all__ = [
    "PACKED",
    "Crosstab",
    "Declared",
    "Delimited",
    "IgnoredSheet",
    "Json",
    "SourceFamily",
    "Table",
    "Unpivot",
    "Unused",
    "Workbook",
    "compiling",
    "unpacked_name",
]

"""A CSV file as whoever keeps it sees it: rows under a header, read column by column, each mistake at its row and column.

Columns are looked at whole, and row by row only once something in them is wrong: seventy thousand codes are read in a tenth
of a second. The csv module reads them rather than polars: that is 10 ms slower for 35 000 rows, but it knows the row of a
mistake, and polars fills a row that is too short with nothing, without a word.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sdmx_gateway.errors import StructureError, Where
from sdmx_gateway.structures.authored.notes import Notes
from sdmx_gateway.structures.model import Annotation, Kind, Text, Urn
from sdmx_gateway.structures.xml_text import forbidden_character

_TEXT: Final = re.compile(r"(name|description)_([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)")
_NOTE: Final = re.compile(r"([A-Z][A-Z0-9_]*?)(?:_([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*))?")
_TEXTS: Final = ("name_fr", "name_en", "description_fr", "description_en")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2})?")


@dataclass(frozen=True)
class SheetForm:
    """What the columns of a sheet may be called.

    Attributes:
        required: those that must be there, the one that names a row first.
        known: others it may have.
        texts: whether ``name_fr``, ``description_en`` … are columns, in any language.
        notes: whether further columns in CAPITALS are annotations of that type.
        forbidden: annotations that would be mistaken for something else.
    """

    required: tuple[str, ...]
    known: tuple[str, ...] = ()
    texts: bool = False
    notes: bool = True
    forbidden: Mapping[str, str] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it is usual to have."""
        return (*self.required, *self.known, *(_TEXTS if self.texts else ()))


@dataclass(frozen=True)
class Sheet:
    """The columns of a CSV file by name, and the row of each of their cells."""

    name: str
    columns: Mapping[str, Sequence[str]]
    rows: Sequence[int]
    notes: Notes

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> Sequence[str]:
        """The cells of a column without spaces around them; empty ones when there is no such column."""
        cells = self.columns.get(name)
        return [""] * len(self) if cells is None else [cell.strip() for cell in cells]

    def where(self, nth: int, column: str | None = None) -> Where:
        """The place of the nth cell of a column."""
        return Where(file=self.name, row=self.rows[nth], column=column)

    def tell(self, code: str, what: str, nth: int, column: str, *, near: Iterable[str] = (), wanted: str = "") -> None:
        """Note a problem with the nth cell of a column."""
        self.notes.add(code, what, self.where(nth, column), near=near, wanted=wanted)

    def reference(self, nth: int, column: str, kind: Kind, text: str) -> Urn | None:
        """The reference ``AGENCY:ID(VERSION)`` of the nth cell, noted; ``None`` when it is none (a problem)."""
        try:
            urn = Urn.short_form(kind, text)
        except StructureError:
            self.tell("wrong-value", f"{text!r} is not of the form AGENCY:ID(VERSION)", nth, column)
            return None
        self.notes.refer(self.where(nth, column), urn)
        return urn

    def texts(self, what: str) -> Iterator[Text]:
        """Each row's text by language, of the columns ``<what>_<language>``."""
        found = [(m[2], c) for name, c in self.columns.items() if (m := _TEXT.fullmatch(name)) and m[1] == what]
        languages, columns = [language for language, _ in found], [cells for _, cells in found]
        if not columns:
            return iter([Text()] * len(self))
        return (
            Text(tuple((n, cell) for n, cell in zip(languages, row, strict=True) if cell))
            for row in zip(*columns, strict=True)
        )

    def annotations(self) -> Iterator[tuple[Annotation, ...]]:
        """Each row's annotations: ``TYPE`` is the title, ``TYPE_fr`` its text in a language."""
        kinds: dict[str, list[tuple[str | None, Sequence[str]]]] = {}
        for name, cells in self.columns.items():
            if match := _NOTE.fullmatch(name):
                kinds.setdefault(match[1], []).append((match[2], cells))
        if not kinds:
            return iter([()] * len(self))
        columns = [_notes(kind, parts) for kind, parts in kinds.items()]
        return (tuple(note for note in row if note is not None) for row in zip(*columns, strict=True))

    def moments(self, column: str) -> Iterator[datetime | None]:
        """Each cell as a date, ``2016-01-01``, or nothing; anything else is a problem."""
        for nth, cell in enumerate(self.column(column)):
            yield self._moment(nth, column, cell) if cell else None

    def _moment(self, nth: int, column: str, cell: str) -> datetime | None:
        with suppress(ValueError):
            if _DATE.fullmatch(cell):
                return datetime.fromisoformat(cell)
        self.tell("wrong-value", f"{cell!r} is not a date: 2016-01-01", nth, column)
        return None

    def check_words(self, column: str, words: Iterable[str]) -> None:
        """Note every cell that is neither empty nor one of these words."""
        known = tuple(words)
        for nth, cell in enumerate(self.column(column)):
            if cell and cell not in known:
                self.tell("unknown-word", f"{cell!r} is no {column}", nth, column, near=known, wanted=cell)

    def check_once(self, column: str, *further: str) -> None:
        """Note every row whose cells in these columns are those of an earlier one."""
        keys = list(zip(*map(self.column, (column, *further)), strict=True))
        if len(set(keys)) == len(keys):
            return
        first: dict[tuple[str, ...], int] = {}
        for nth, key in enumerate(keys):
            if first.setdefault(key, nth) != nth:
                what = f"{key[0]!r} is already on row {self.rows[first[key]]}"
                self.tell("duplicate-item", what, nth, column, wanted=key[0])


def _notes(kind: str, parts: Sequence[tuple[str | None, Sequence[str]]]) -> Iterator[Annotation | None]:
    """The annotations of one type: those of a single column are made without further ado, being so many."""
    languages = [language for language, _ in parts]
    if languages == [None]:
        return (Annotation(type=kind, title=cell) if cell else None for cell in parts[0][1])
    rows = zip(*(cells for _, cells in parts), strict=True)
    return (_note(kind, dict(zip(languages, row, strict=True))) for row in rows)


def _note(kind: str, said: Mapping[str | None, str]) -> Annotation | None:
    text = Text(tuple((language, cell) for language, cell in said.items() if language is not None and cell))
    title = said.get(None) or None
    return Annotation(type=kind, title=title, text=text) if title or text else None


def read_sheet(path: Path, name: str, form: SheetForm, notes: Notes) -> Sheet | None:
    """The sheet of a CSV file; ``None`` and a problem when it is no UTF-8, no CSV, or has not the columns it must."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except UnicodeDecodeError as error:
        what = f"not UTF-8: {error.reason} at byte {error.start}"
        notes.add("unreadable-file", what, Where(file=name), remedy="save as UTF-8")
        return None
    except csv.Error as error:
        notes.add("unreadable-file", f"not CSV: {error}", Where(file=name))
        return None
    if not records:
        remedy = f"start with {','.join(form.columns)}"
        notes.add("missing-word", "the file is empty", Where(file=name), remedy=remedy)
        return None
    header = tuple(cell.strip() for cell in records[0])
    if not _is_known(header, form, name, notes):
        return None
    kept = [(row, cells) for row, cells in enumerate(records[1:], 2) if any(cells)]
    if {len(cells) for _, cells in kept} - {len(header)}:
        kept = list(_whole(kept, len(header), name, notes))
    columns = list(zip(*(cells for _, cells in kept), strict=True)) or [()] * len(header)
    sheet = Sheet(name, dict(zip(header, columns, strict=True)), [row for row, _ in kept], notes)
    if forbidden_character(text) is not None:
        _tell_forbidden(sheet)
    return sheet


def _is_known(header: Sequence[str], form: SheetForm, name: str, notes: Notes) -> bool:
    before = len(notes.problems)
    forbidden = form.forbidden or {}
    for column in dict.fromkeys(header):
        where = Where(file=name, row=1, column=column)
        if header.count(column) > 1:
            notes.add("unknown-word", f"column {column!r} is there more than once", where)
        if column in forbidden:
            notes.add("unknown-word", f"column {column!r} {forbidden[column]}", where, remedy="name it otherwise")
        elif not _fits(column, form):
            notes.add("unknown-word", f"column {column!r} is not known", where, near=form.columns, wanted=column)
    for column in form.required:
        if column not in header:
            notes.add("missing-word", f"there is no column {column!r}", Where(file=name, row=1))
    return len(notes.problems) == before


def _fits(column: str, form: SheetForm) -> bool:
    return (
        column in (*form.required, *form.known)
        or (form.texts and _TEXT.fullmatch(column) is not None)
        or (form.notes and _NOTE.fullmatch(column) is not None)
    )


def _whole(
    rows: Iterable[tuple[int, list[str]]], width: int, name: str, notes: Notes
) -> Iterator[tuple[int, list[str]]]:
    for row, cells in rows:
        if len(cells) == width:
            yield row, cells
        else:
            what = f"{len(cells)} cells where the header has {width}"
            notes.add("wrong-row", what, Where(file=name, row=row), remedy='put a text with a comma in "quotes"')


def _tell_forbidden(sheet: Sheet) -> None:
    first = next(iter(sheet.columns))
    for column, cells in sheet.columns.items():
        for nth, cell in enumerate(cells):
            if (found := forbidden_character(cell)) is not None:
                what = f"{sheet.columns[first][nth]!r} holds {found}, which XML cannot carry"
                sheet.tell("forbidden-character", what, nth, column)

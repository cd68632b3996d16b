"""Code lists as they are authored: a table of their names in ``codelists*.toml``, their codes in a CSV file each.

A list is a spreadsheet to those who keep it: one row per code, a column per language, and any further column in
capitals is an annotation of that type. The order of rows is free: parents are put before their children here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from sdmx_gateway.errors import Where
from sdmx_gateway.structures.check import circles, wrong_ids
from sdmx_gateway.structures.dialects import PARENT_ANNOTATION
from sdmx_gateway.structures.model import Annotation, Code, Codelist, Text
from sdmx_gateway.structures.order import parents_first
from sdmx_gateway.structures.toml_table import Notes, Table, TomlFile
from sdmx_gateway.structures.xml_text import forbidden_character

LIST_WORDS: Final = ("version", "name", "description", "source", "status", "licence", "file", "partial", "annotations")
STATUSES: Final = ("read", "from memory: to verify", "ours")
_TEXT_COLUMN: Final = re.compile(r"(name|description)_([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)")
_ANNOTATION_COLUMN: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_CODE: Final = re.compile(r"[A-Za-z0-9_@$\-]+")
_KNOWN_COLUMNS: Final = ("code", "parent", "name_fr", "name_en", "description_fr", "description_en")


@dataclass(frozen=True)
class _Sheet:
    """The rows of a CSV file under their header, each with its row number."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]


def read_codelists(file: TomlFile, agency: str, folder: Path) -> list[Codelist]:
    """The code lists of one ``codelists*.toml``; ``folder`` is where the paths of their CSV files start."""
    tables = (file.table(list_id, values, LIST_WORDS) for list_id, values in file.values.items())
    return [_codelist(table, agency, folder) for table in tables if table is not None]


def _codelist(table: Table, agency: str, folder: Path) -> Codelist:
    is_partial = table.flag("partial")
    codelist = Codelist(
        agency=agency,
        id=table.header,
        version=table.version(),
        names=table.texts("name", required=True),
        descriptions=table.texts("description"),
        annotations=_provenance(table),
        items=_codes(folder, table, is_partial=is_partial),
        is_partial=is_partial,
    )
    table.notes.problems.extend(wrong_ids(codelist, table.where()))
    return codelist


def _provenance(table: Table) -> tuple[Annotation, ...]:
    """Where a list comes from, as annotations SOURCE, STATUS and LICENCE, then any others."""
    known = {
        "SOURCE": table.text("source", required=True),
        "STATUS": table.word("status", STATUSES),
        "LICENCE": table.text("licence"),
    }
    if "status" not in table.values:
        table.notes.add("missing-word", f"{table.header} has no 'status'", table.where(), near=STATUSES)
    own = (Annotation(type=name, title=value) for name, value in known.items() if value is not None)
    return (*own, *table.annotations())


def _codes(folder: Path, table: Table, *, is_partial: bool) -> tuple[Code, ...]:
    notes = table.notes
    relative = table.text("file") or f"codelists/{table.header}.csv"
    path, name = folder / relative, (PurePosixPath(table.file.name).parent / relative).as_posix()
    notes.used.add(name)
    if not path.is_file():
        known = sorted(file.name for file in path.parent.glob("*.csv"))
        notes.add("missing-file", f"{name} is not there", table.where(), near=known, wanted=path.name)
        return ()
    sheet = _sheet(path, name, notes)
    if sheet is None:
        return ()
    codes = {row: _code(sheet, row, cells, notes) for row, cells in sheet.rows}
    kept = {row: code for row, code in codes.items() if code is not None}
    _check_tree(sheet.name, kept, notes, is_partial=is_partial)
    return parents_first(tuple(kept.values()))


def _sheet(path: Path, name: str, notes: Notes) -> _Sheet | None:
    try:
        text = path.read_text(encoding="utf-8-sig")
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except UnicodeDecodeError as error:
        notes.add(
            "unreadable-file",
            f"not UTF-8: {error.reason} at byte {error.start}",
            Where(file=name),
            remedy="save as UTF-8",
        )
        return None
    except csv.Error as error:
        notes.add("unreadable-file", f"not CSV: {error}", Where(file=name))
        return None
    if not records or not _header_is_known(records[0], name, notes):
        if not records:
            notes.add(
                "missing-word", "the file is empty", Where(file=name), remedy="start with code,parent,name_fr,name_en"
            )
        return None
    header = tuple(records[0])
    rows = []
    for row, cells in enumerate(records[1:], 2):
        if not any(cells):
            continue
        if len(cells) == len(header):
            rows.append((row, dict(zip(header, cells, strict=True))))
        else:
            text = f"{len(cells)} cells where the header has {len(header)}"
            notes.add("wrong-row", text, Where(file=name, row=row), remedy='put a text with a comma in "quotes"')
    return _Sheet(name, header, tuple(rows))


def _header_is_known(header: list[str], name: str, notes: Notes) -> bool:
    before = len(notes.problems)
    for column in dict.fromkeys(header):
        where = Where(file=name, row=1, column=column)
        if header.count(column) > 1:
            notes.add("unknown-word", f"column {column!r} is there more than once", where)
        if column == PARENT_ANNOTATION:
            notes.add(
                "unknown-word", f"column {column!r} would be mistaken for the parent", where, remedy="name it otherwise"
            )
        if column not in ("code", "parent") and not (
            _TEXT_COLUMN.fullmatch(column) or _ANNOTATION_COLUMN.fullmatch(column)
        ):
            notes.add("unknown-word", f"column {column!r} is not known", where, near=_KNOWN_COLUMNS, wanted=column)
    if "code" not in header:
        notes.add("missing-word", "there is no column 'code'", Where(file=name, row=1))
    return len(notes.problems) == before


def _code(sheet: _Sheet, row: int, cells: Mapping[str, str], notes: Notes) -> Code | None:
    code, parent = cells["code"].strip(), cells.get("parent", "").strip()
    if not _CODE.fullmatch(code):
        where = Where(file=sheet.name, row=row, column="code")
        notes.add("wrong-value", f"{code!r} is not a code", where, remedy="letters, digits, _ @ $ - only")
        return None
    for column, cell in cells.items():
        if (forbidden := forbidden_character(cell)) is not None:
            where = Where(file=sheet.name, row=row, column=column)
            notes.add("forbidden-character", f"{code!r} holds {forbidden}, which XML cannot carry", where)
    names = _texts(cells, "name")
    if not names:
        notes.add("missing-word", f"{code!r} has no name", Where(file=sheet.name, row=row, column="name_fr"))
    annotations = (
        Annotation(type=c, title=cell) for c, cell in cells.items() if cell and _ANNOTATION_COLUMN.fullmatch(c)
    )
    return Code(
        id=code,
        names=names,
        descriptions=_texts(cells, "description"),
        parent=parent or None,
        annotations=tuple(annotations),
    )


def _texts(cells: Mapping[str, str], what: str) -> Text:
    pairs = ((match[2], cell) for c, cell in cells.items() if (match := _TEXT_COLUMN.fullmatch(c)) and match[1] == what)
    return Text(tuple((language, cell) for language, cell in pairs if cell))


def _check_tree(name: str, codes: Mapping[int, Code], notes: Notes, *, is_partial: bool) -> None:
    first: dict[str, int] = {}
    for row, code in codes.items():
        if first.setdefault(code.id, row) != row:
            where = Where(file=name, row=row, column="code")
            notes.add("duplicate-item", f"{code.id!r} is already on row {first[code.id]}", where, wanted=code.id)
    for row, code in codes.items():
        if code.parent is not None and code.parent not in first and not is_partial:
            where = Where(file=name, row=row, column="parent")
            text = f"{code.id!r} lies under {code.parent!r}, which the list does not have"
            notes.add("orphan-item", text, where, near=first, wanted=code.parent)
    for circle in circles({code.id: code for code in codes.values()}):
        where = Where(file=name, row=first[circle[0]], column="parent")
        notes.add("parent-cycle", f"{' → '.join(circle)} lie under each other", where, wanted=circle[0])

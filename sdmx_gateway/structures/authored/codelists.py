"""Code lists and value lists as they are authored: a table of their names in TOML, their codes in a CSV file each.

A list is a spreadsheet to those who keep it: one row per code, a column per language, and any further column in
capitals is an annotation of that type. The order of rows is free: parents are put before their children here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from sdmx_gateway.structures.authored.extensions import check_extensions, read_extensions
from sdmx_gateway.structures.authored.home import Home
from sdmx_gateway.structures.authored.parts import ARTEFACT_WORDS, maintained, require_provenance
from sdmx_gateway.structures.authored.sheet import Sheet, SheetForm
from sdmx_gateway.structures.authored.toml_table import Table, TomlFile
from sdmx_gateway.structures.authored.tree import check_tree
from sdmx_gateway.structures.checking.integrity import wrong_ids
from sdmx_gateway.structures.codec.express import PARENT_ANNOTATION
from sdmx_gateway.structures.model import Code, Codelist, CodelistExtension, ValueItem, ValueList
from sdmx_gateway.structures.order import parents_first
from sdmx_gateway.structures.urn import ID

LIST_WORDS: Final = (*ARTEFACT_WORDS, "file", "partial", "extends")
CODES: Final = SheetForm(
    required=("code",),
    known=("parent",),
    texts=True,
    forbidden={PARENT_ANNOTATION: "would be mistaken for the parent"},
)
VALUE_LIST_WORDS: Final = (*ARTEFACT_WORDS, "file")
VALUES: Final = SheetForm(required=("value",), texts=True)


def read_codelists(file: TomlFile, home: Home) -> list[Codelist]:
    """The code lists of one ``codelists*.toml``."""
    tables = (file.table(list_id, values, LIST_WORDS) for list_id, values in file.values.items())
    return [_codelist(table, home) for table in tables if table is not None]


def _codelist(table: Table, home: Home) -> Codelist:
    require_provenance(table)
    is_partial, extensions = table.flag("partial"), read_extensions(table)
    codelist = Codelist(
        agency=home.agency,
        id=table.header,
        **maintained(table),
        items=_codes(table, home, extensions, is_partial=is_partial),
        is_partial=is_partial,
        extensions=extensions,
    )
    table.notes.claim(codelist.urn, table.where())
    table.notes.problems.extend(wrong_ids(codelist, table.where()))
    return codelist


def _codes(
    table: Table, home: Home, extensions: tuple[CodelistExtension, ...], *, is_partial: bool
) -> tuple[Code, ...]:
    sheet = None
    if not extensions or "file" in table.values or (home.path / f"codelists/{table.header}.csv").exists():
        sheet = home.sheet(table, "file", f"codelists/{table.header}.csv", CODES)
    if extensions:
        table.notes.later.append(partial(check_extensions, table, extensions, sheet, is_partial))
    if sheet is None:
        return ()
    ids, parents = sheet.column("code"), sheet.column("parent")
    _check_codes(sheet, ids)
    sheet.check_once("code")
    check_tree(sheet, ids, parents, "the list", elsewhere=None if is_partial or extensions else ())
    names, descriptions = list(sheet.texts("name")), sheet.texts("description")
    if not all(names):
        _tell_nameless(sheet, ids, [bool(text) for text in names])
    columns = zip(ids, parents, names, descriptions, sheet.annotations(), strict=True)
    codes = (
        Code(id=code, parent=parent or None, names=name, descriptions=description, annotations=notes)
        for code, parent, name, description, notes in columns
        if ID.fullmatch(code)
    )
    return parents_first(tuple(codes))


def _check_codes(sheet: Sheet, ids: Sequence[str]) -> None:
    for nth, code in enumerate(ids):
        if not ID.fullmatch(code):
            where = sheet.where(nth, "code")
            sheet.notes.add("wrong-value", f"{code!r} is not a code", where, remedy="letters, digits, _ @ $ - only")


def _tell_nameless(sheet: Sheet, ids: Sequence[str], have_names: Sequence[bool]) -> None:
    for nth, (item_id, has_name) in enumerate(zip(ids, have_names, strict=True)):
        if not has_name:
            sheet.tell("missing-word", f"{item_id!r} has no name", nth, "name_fr")


def read_value_lists(file: TomlFile, home: Home) -> list[ValueList]:
    """The value lists of one ``valuelists*.toml``: values may be any text."""
    tables = (file.table(list_id, values, VALUE_LIST_WORDS) for list_id, values in file.values.items())
    return [_value_list(table, home) for table in tables if table is not None]


def _value_list(table: Table, home: Home) -> ValueList:
    require_provenance(table)
    listed = ValueList(agency=home.agency, id=table.header, **maintained(table), items=_values(table, home))
    table.notes.claim(listed.urn, table.where())
    table.notes.problems.extend(wrong_ids(listed, table.where()))
    return listed


def _values(table: Table, home: Home) -> tuple[ValueItem, ...]:
    sheet = home.sheet(table, "file", f"valuelists/{table.header}.csv", VALUES)
    if sheet is None:
        return ()
    ids = sheet.column("value")
    sheet.check_once("value")
    for nth, value in enumerate(ids):
        if not value:
            sheet.tell("missing-word", "the row has no value", nth, "value")
    columns = zip(ids, sheet.texts("name"), sheet.texts("description"), sheet.annotations(), strict=True)
    return tuple(
        ValueItem(id=value, names=name, descriptions=description, annotations=notes)
        for value, name, description, notes in columns
    )

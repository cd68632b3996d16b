"""Maps as they are authored, in ``maps*.toml``: of the codes of one list to those of another, and of structures.

The rows of a representation map say more than SDMX does: how the source lies to the target (``relation``) and why (``note``).
Both are kept as annotations of the mapping. A source that has no target is ``left_out``, and mapped to nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Final

from sdmx_gateway.errors import StructureError
from sdmx_gateway.structures.authored.home import Home
from sdmx_gateway.structures.authored.parts import MAP_WORDS, maintained
from sdmx_gateway.structures.authored.sheet import Sheet, SheetForm
from sdmx_gateway.structures.authored.toml_table import Table
from sdmx_gateway.structures.checking.holding import Holding, item_ids
from sdmx_gateway.structures.model import (
    Annotation,
    DataType,
    Kind,
    MappedSpace,
    MappedValue,
    RepresentationMap,
    Urn,
    ValueMapping,
)

WORDS: Final = (*MAP_WORDS, "id", "source", "target", "mappings")
SPACE_WORDS: Final = ("codelist", "valuelist", "type")
LEFT_OUT: Final = "left_out"
RELATIONS: Final = ("exact", "narrower", "broader", "partial", LEFT_OUT)
"""How the source lies to the target: the same, inside it, around it, across it, or to none."""
_COLUMNS: Final = ("source", "target", "relation", "note", "regex", "valid_from", "valid_to")
MAPPINGS: Final = SheetForm(
    required=("source", "target"),
    known=("relation", "note", "regex", "valid_from", "valid_to"),
    forbidden={"RELATION": "would be mistaken for relation", "NOTE": "would be mistaken for note"},
)


def read_representation_maps(root: Table, home: Home) -> Iterator[RepresentationMap]:
    """Every ``[[representation_map]]`` of a file."""
    for table in root.inner_tables("representation_map", WORDS):
        own_id, said = table.identifier(), maintained(table, comes_from=False)
        source, target = _space(table, "source"), _space(table, "target")
        if own_id is None or source is None or target is None:
            continue
        sheet = home.sheet(table, "mappings", f"maps/{own_id}.csv", MAPPINGS)
        found = RepresentationMap(
            agency=home.agency,
            id=own_id,
            **said,
            sources=(source,),
            targets=(target,),
            mappings=() if sheet is None else _mappings(sheet),
        )
        table.notes.claim(found.urn, table.where())
        if sheet is not None:
            for column, space in (("source", source), ("target", target)):
                if space.codelist is not None:
                    table.notes.later.append(partial(_check_codes, sheet, column, space.codelist))
        yield found


def _space(table: Table, key: str) -> MappedSpace | None:
    """What one side holds: ``"AGENCY:ID(VERSION)"`` of a code list, or ``{ valuelist = … }``, ``{ type = "String" }``."""
    if not isinstance(table.values.get(key), dict):
        urn = table.reference(key, Kind.CODELIST, required=True)
        return None if urn is None else MappedSpace(codelist=urn)
    inside = table.inner(key, SPACE_WORDS)
    word = None if inside is None else inside.one_of(SPACE_WORDS)
    if inside is None or word is None:
        return None
    if word == "type":
        data_type = inside.word("type", [each.value for each in DataType])
        return None if data_type is None else MappedSpace(data_type=DataType(data_type))
    urn = inside.reference(word, Kind.CODELIST if word == "codelist" else Kind.VALUE_LIST)
    return None if urn is None else MappedSpace(codelist=urn)


def _mappings(sheet: Sheet) -> tuple[ValueMapping, ...]:
    columns = [sheet.column(name) for name in _COLUMNS]
    _check(sheet)
    rows = zip(*columns, sheet.annotations(), strict=True)
    return tuple(
        ValueMapping(
            sources=(MappedValue(source, is_regex=True if regex else None),),
            targets=(target,) if target else (),
            valid_from=begins or None,
            valid_to=ends or None,
            annotations=(*_said("RELATION", relation), *_said("NOTE", note), *notes),
        )
        for source, target, relation, note, regex, begins, ends, notes in rows
    )


def _said(kind: str, text: str) -> tuple[Annotation, ...]:
    return (Annotation(type=kind, title=text),) if text else ()


def _check(sheet: Sheet) -> None:
    """Each row has a source, a target unless it is left out, words and dates that are some, and comes once."""
    deque(chain(sheet.moments("valid_from"), sheet.moments("valid_to")), maxlen=0)
    sheet.check_words("relation", RELATIONS)
    sheet.check_words("regex", ("true",))
    for nth, (source, target, relation) in enumerate(zip(*map(sheet.column, _COLUMNS[:3]), strict=True)):
        where = sheet.where(nth, "target")
        if not source:
            sheet.tell("missing-word", "the row has no source", nth, "source")
        if target and relation == LEFT_OUT:
            what = f"{source!r} is left out, and has a target"
            sheet.notes.add("wrong-value", what, where, remedy="take out the target, or write another relation")
        elif not target and relation != LEFT_OUT:
            remedy = f"write a target, or {LEFT_OUT} in relation"
            sheet.notes.add("missing-word", f"{source!r} has no target", where, remedy=remedy)
    sheet.check_once("source", "valid_from", "valid_to")


def _check_codes(sheet: Sheet, column: str, urn: Urn, held: Holding) -> None:
    """Note every code its list does not have; a part of a list may lack some, and a pattern is none."""
    found = held.bound(urn)
    try:
        known = None if found is None else item_ids(found, held)
    except StructureError:
        return  # a list it extends is not held, or extends it: told where that is written
    if known is None:
        return
    cells, regexes = sheet.column(column), sheet.column("regex")
    for nth, (cell, regex) in enumerate(zip(cells, regexes, strict=True)):
        if cell and cell not in known and not regex:
            what = f"{cell!r} is no code of {urn.short}"
            sheet.tell("unresolved-reference", what, nth, column, near=known, wanted=cell)

"""Hierarchies as they are authored, in ``hierarchies*.toml``: codes of one or several lists at their places, with levels.

The places are written in a CSV, or grow from the parents of a code list (``tree_of``): each level then says which codes are of
it, and a code lies under the nearest code above it that is of some level.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from sdmx_gateway.structures.authored.growth import grown
from sdmx_gateway.structures.authored.home import Home
from sdmx_gateway.structures.authored.notes import Held
from sdmx_gateway.structures.authored.parts import ARTEFACT_WORDS, NAME_WORDS, maintained, named
from sdmx_gateway.structures.authored.sheet import Sheet, SheetForm
from sdmx_gateway.structures.authored.toml_table import Table, TomlFile
from sdmx_gateway.structures.authored.tree import check_tree
from sdmx_gateway.structures.model import HierarchicalCode, Hierarchy, HierarchyAssociation, Kind, Level, Urn
from sdmx_gateway.structures.urn import ID

HIERARCHY_WORDS: Final = (*ARTEFACT_WORDS, "id", "levels", "formal_levels", "file", "codelist", "tree_of", "root")
LEVEL_WORDS: Final = ("id", *NAME_WORDS)
ASSOCIATION_WORDS: Final = (*ARTEFACT_WORDS, "id", "hierarchy", "codelist", "structure", "component", "dataflow")
PLACES: Final = SheetForm(required=("id",), known=("parent", "codelist", "code", "level", "valid_from", "valid_to"))

Codes = tuple[HierarchicalCode, ...]


def read_hierarchies(file: TomlFile, home: Home, held: Held) -> Iterator[Hierarchy | HierarchyAssociation]:
    """The hierarchies of one file, and what they are of use to; ``held`` has the lists that hierarchies grow from."""
    root = file.root(("hierarchy", "hierarchy_association"))
    for table in root.inner_tables("hierarchy", HIERARCHY_WORDS):
        own_id, said, grows = table.identifier(), maintained(table), "tree_of" in table.values
        tables = table.inner_tables("levels", (*LEVEL_WORDS, "codes") if grows else LEVEL_WORDS)
        levels = _levels(tables)
        if own_id is None:
            continue
        ids = [level.id for level in levels]
        codes = grown(table, tables, held) if grows else _placed(table, home, own_id, ids)
        hierarchy = Hierarchy(
            agency=home.agency,
            id=own_id,
            **said,
            codes=codes,
            level=_chained(levels),
            has_formal_levels=table.flag("formal_levels", default=bool(levels)),
        )
        table.notes.claim(hierarchy.urn, table.where())
        yield hierarchy
    for table in root.inner_tables("hierarchy_association", ASSOCIATION_WORDS):
        yield from _association(table, home)


def _levels(tables: Sequence[Table]) -> list[Level]:
    """The levels, from the top down."""
    found: dict[str, Level] = {}
    for table in tables:
        own_id, said = table.identifier(), named(table)
        if own_id is not None and own_id in found:
            table.notes.add("duplicate-item", f"level {own_id!r} is there twice", table.where("id"), wanted=own_id)
        elif own_id is not None:
            found[own_id] = Level(id=own_id, **said)
    return list(found.values())


def _chained(levels: Sequence[Level]) -> Level | None:
    below = None
    for level in reversed(levels):
        below = replace(level, below=below)
    return below


def _placed(table: Table, home: Home, own_id: str, levels: Sequence[str]) -> Codes:
    """The codes where the CSV puts them."""
    default = table.reference("codelist", Kind.CODELIST)
    sheet = home.sheet(table, "file", f"hierarchies/{own_id}.csv", PLACES)
    if sheet is None:
        return ()
    ids, parents = sheet.column("id"), sheet.column("parent")
    for nth, item_id in enumerate(ids):
        if not ID.fullmatch(item_id):
            sheet.tell("wrong-value", f"{item_id!r} is not an id", nth, "id")
    sheet.check_once("id")
    check_tree(sheet, ids, parents, "the hierarchy")
    _check_levels(sheet, levels)
    below: dict[str, list[HierarchicalCode]] = {}
    places = zip(
        ids,
        parents,
        _codes(sheet, ids, default),
        sheet.column("level"),
        sheet.moments("valid_from"),
        sheet.moments("valid_to"),
        sheet.annotations(),
        strict=True,
    )
    for item_id, parent, code, level, begins, ends, notes in places:
        place = HierarchicalCode(
            id=item_id, code=code, level=level or None, valid_from=begins, valid_to=ends, annotations=notes
        )
        below.setdefault(parent, []).append(place)
    return _under("", below)


def _under(parent: str, below: dict[str, list[HierarchicalCode]]) -> Codes:
    """The places under one, each with those under it; what is taken cannot come again, even from a circle."""
    return tuple(
        replace(place, codes=_under(place.id, below)) if place.id in below else place for place in below.pop(parent, ())
    )


def _codes(sheet: Sheet, ids: Sequence[str], default: Urn | None) -> Iterator[Urn | None]:
    """The code of each row: of the list it names, else of the usual one; under its own id when it names none."""
    lists: dict[str, Urn | None] = {"": default}
    for nth, (list_name, code) in enumerate(zip(sheet.column("codelist"), sheet.column("code"), strict=True)):
        if list_name not in lists:
            lists[list_name] = sheet.reference(nth, "codelist", Kind.CODELIST, list_name)
        codelist = lists[list_name]
        if codelist is None:
            if not list_name:
                sheet.tell("missing-word", f"{ids[nth]!r} is of no code list", nth, "codelist")
            yield None
        else:
            urn = Urn(codelist.kind, codelist.agency, codelist.id, codelist.version, code or ids[nth])
            sheet.notes.refer(sheet.where(nth, "code" if code else "id"), urn)
            yield urn


def _check_levels(sheet: Sheet, levels: Sequence[str]) -> None:
    for nth, level in enumerate(sheet.column("level")):
        if level and level not in levels:
            sheet.tell("unresolved-reference", f"{level!r} is no level", nth, "level", near=levels, wanted=level)


def _association(table: Table, home: Home) -> Iterator[HierarchyAssociation]:
    """That a hierarchy is of use to a code list, or to a component of a structure, perhaps in a dataflow only."""
    own_id, said = table.identifier(), maintained(table)
    hierarchy = table.reference("hierarchy", Kind.HIERARCHY, required=True)
    word = table.one_of(("codelist", "structure"))
    linked = None if word is None else _linked(table, word)
    if own_id is None or hierarchy is None or linked is None:
        return
    context = table.reference("dataflow", Kind.DATAFLOW)
    found = HierarchyAssociation(
        agency=home.agency, id=own_id, **said, hierarchy=hierarchy, linked=linked, context=context
    )
    table.notes.claim(found.urn, table.where())
    yield found


def _linked(table: Table, word: str) -> Urn | None:
    if word == "codelist":
        return table.reference(word, Kind.CODELIST, required=True)
    urn, component = table.reference(word, Kind.DATA_STRUCTURE, required=True), table.identifier("component")
    if urn is None or component is None:
        return None
    found = Urn(urn.kind, urn.agency, urn.id, urn.version, component)
    table.notes.refer(table.where("component"), found)
    return found

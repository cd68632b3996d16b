"""A hierarchy that grows from the parents of a code list, so that what the list says already is not written again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from sdmx_gateway.structures.authored.extensions import check_codes_named, codes_named
from sdmx_gateway.structures.authored.notes import Held
from sdmx_gateway.structures.authored.toml_table import Table
from sdmx_gateway.structures.model import Codelist, HierarchicalCode, Item, ItemScheme, Kind, Urn
from sdmx_gateway.structures.selection import selected


def grown(table: Table, levels: Sequence[Table], held: Held) -> tuple[HierarchicalCode, ...]:
    """The places of the codes of ``tree_of`` that are of a level, under ``root`` if one is named."""
    for word in ("file", "codelist"):
        if word in table.values:
            what = f"a hierarchy that grows from a list has no {word!r}"
            table.notes.add("wrong-value", what, table.where(word), remedy=f"take out {word} or tree_of")
    urn, root = table.reference("tree_of", Kind.CODELIST, required=True), table.text("root")
    codelist = None if urn is None else held.get(urn)
    if not isinstance(codelist, Codelist):
        return ()
    if root is not None and root not in codelist:
        what = f"{root!r} is no code of {codelist.urn.short}"
        table.notes.add("unresolved-reference", what, table.where("root"), near=codelist.by_id, wanted=root)
        return ()
    level_of = _levels_of(levels, codelist)
    return _places(codelist, level_of, root)


def _levels_of(levels: Sequence[Table], codelist: Codelist) -> dict[str, str]:
    """The level of each code that is of one; the first level that names a code has it."""
    scheme = cast("ItemScheme[Item]", codelist)
    found: dict[str, str] = {}
    for table in levels:
        named = codes_named(table, "codes")
        if "codes" not in table.values:
            what = f"level {table.values.get('id')!r} names no codes"
            table.notes.add("missing-word", what, table.where(), remedy='write codes = ["R%"]')
        check_codes_named(table, "codes", named, scheme)
        for code in selected(scheme, named):
            found.setdefault(code, str(table.values.get("id")))
    return found


def _places(codelist: Codelist, level_of: dict[str, str], root: str | None) -> tuple[HierarchicalCode, ...]:
    urn = codelist.urn
    above: dict[str, str | None] = {}
    below: dict[str | None, list[str]] = {}
    for code in codelist.items:  # parents come first
        nearest = code.parent if code.parent in level_of else above.get(code.parent or "")
        above[code.id] = nearest
        if code.id in level_of:
            below.setdefault(nearest, []).append(code.id)

    roots = [root] if root is not None and root in level_of else below.get(root, [])
    return tuple(_place(code, urn, level_of, below) for code in roots)


def _place(
    code: str, urn: Urn, level_of: Mapping[str, str], below: Mapping[str | None, Sequence[str]]
) -> HierarchicalCode:
    places = tuple(_place(inner, urn, level_of, below) for inner in below.get(code, ()))
    named = Urn(urn.kind, urn.agency, urn.id, urn.version, code)
    return HierarchicalCode(id=code, code=named, level=level_of[code], codes=places)

"""What a code list takes from others: ``extends = [{ codelist = "…", prefix = "…", include = […] }]``.

Codes are named as they are, with ``%`` for any characters, as SDMX has it (3.1 Section 6, §6.1.2), or with what lies under
them: ``{ code = "02", cascade = true }``, without the code itself ``cascade = "excluderoot"``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, cast

from sdmx_gateway.errors import StructureError, UnknownArtefact
from sdmx_gateway.structures.authored.sheet import Sheet
from sdmx_gateway.structures.authored.toml_table import Table
from sdmx_gateway.structures.authored.tree import check_tree
from sdmx_gateway.structures.checking.holding import Holding
from sdmx_gateway.structures.model import Cascade, CodelistExtension, Item, ItemScheme, Kind, SelectedCode
from sdmx_gateway.structures.selection import WILDCARD, Selected, selected

EXTENSION_WORDS: Final = ("codelist", "prefix", "include", "exclude")
CODE_WORDS: Final = ("code", "cascade")
CASCADES: Final[Mapping[object, Cascade]] = {
    True: Cascade.YES,
    False: Cascade.NO,
    "excluderoot": Cascade.EXCLUDE_ROOT,
}
"""What ``cascade`` may be."""
_PATTERN: Final = re.compile(r"[A-Za-z0-9_@$\-%]+")
_PREFIX: Final = re.compile(r"[A-Za-z0-9_@$\-]+")


def read_extensions(table: Table) -> tuple[CodelistExtension, ...]:
    """What ``extends`` says."""
    tables = table.inner_tables("extends", EXTENSION_WORDS)
    found = (_extension(entry) for entry in tables)
    return tuple(extension for extension in found if extension is not None)


def _extension(entry: Table) -> CodelistExtension | None:
    codelist, prefix = entry.reference("codelist", Kind.CODELIST, required=True), entry.text("prefix")
    inclusive, exclusive = codes_named(entry, "include"), codes_named(entry, "exclude")
    if prefix is not None and not _PREFIX.fullmatch(prefix):
        entry.misread("prefix", prefix, "the beginning of a code: letters, digits, _ @ $ - only")
    if "include" in entry.values and "exclude" in entry.values:
        entry.notes.add(
            "wrong-value", "include and exclude cannot both be given", entry.where("exclude"), remedy="keep one of them"
        )
    if codelist is None:
        return None
    return CodelistExtension(codelist=codelist, prefix=prefix, inclusive=inclusive, exclusive=exclusive)


def codes_named(table: Table, key: str) -> tuple[SelectedCode, ...]:
    """The codes a list names: ``"01"``, ``"01%"``, ``{ code = "02", cascade = true }``."""
    value = table.values.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or not value:
        table.misread(key, value, 'a list of codes: ["01", "02%"]')
        return ()
    return tuple(_named(table, key, value))


def _named(table: Table, key: str, values: list[object]) -> Iterator[SelectedCode]:
    for nth, said in enumerate(values):
        if isinstance(said, dict):
            entry = Table.of(table.file, f"{table.path}.{key}[{nth}]", said, CODE_WORDS)
            code, cascade = entry.text("code", required=True), cascade_of(entry)
        else:
            code, cascade = said if isinstance(said, str) else None, None
            if code is None:
                table.misread(key, said, 'a code: "01"')
        if code is not None and _is_pattern(table, key, code):
            yield SelectedCode(code, cascade)


def _is_pattern(table: Table, key: str, code: str) -> bool:
    if _PATTERN.fullmatch(code):
        return True
    remedy = (
        f"write {code.replace('*', WILDCARD)!r}" if "*" in code else "letters, digits, _ @ $ - and the wildcard % only"
    )
    table.notes.add("wrong-value", f"{key}: {code!r} is not a code", table.where(key), remedy=remedy)
    return False


def cascade_of(table: Table) -> Cascade | None:
    """What ``cascade`` says: whether what lies under a code is meant too."""
    value = table.values.get("cascade")
    if value is None:
        return None
    if not isinstance(value, bool) and value != "excluderoot":
        table.misread("cascade", value, 'true, false or "excluderoot"')
        return None
    return CASCADES[value]


def check_extensions(
    table: Table,
    extensions: tuple[CodelistExtension, ...],
    sheet: Sheet | None,
    is_partial: bool,
    held: Holding,
) -> None:
    """Note every code the lists do not have, and every parent that neither they nor the list itself have."""
    taken: set[str] = set()
    for nth, extension in enumerate(extensions):
        try:
            source = cast("ItemScheme[Item]", held.enumeration(extension.codelist))
        except UnknownArtefact:
            return  # told with the other references
        except StructureError as error:
            table.notes.add("parent-cycle", error.what, table.where(f"extends[{nth}]"), remedy=error.remedy)
            return
        for key, wishes in (("include", extension.inclusive), ("exclude", extension.exclusive)):
            check_codes_named(table, f"extends[{nth}].{key}", wishes, source)
        kept = selected(source, extension.inclusive) if extension.inclusive else frozenset(source.by_id)
        taken |= {f"{extension.prefix or ''}{code}" for code in kept - selected(source, extension.exclusive)}
    if sheet is not None:
        ids, parents = sheet.column("code"), sheet.column("parent")
        check_tree(sheet, ids, parents, "the list", elsewhere=None if is_partial else taken)


def check_codes_named(table: Table, key: str, wishes: Iterable[Selected], scheme: ItemScheme[Item]) -> None:
    """Note every code, and every pattern, that is none of the codes of a list; a part of a list may lack some."""
    for wish in wishes:
        known = selected(scheme, [SelectedCode(wish.value)]) if WILDCARD in wish.value else wish.value in scheme
        if not known and not scheme.is_partial:
            what = f"{wish.value!r} is no code of {scheme.urn.short}"
            table.notes.add("unresolved-reference", what, table.where(key), near=scheme.by_id, wanted=wish.value)

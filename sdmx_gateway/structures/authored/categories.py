"""Category schemes as they are authored: ``categories*.toml``, a CSV of categories, and a CSV of what belongs to them.

A category is called by its path, ``JUSTICE.COURTS``, as its URN has it; inside its sheet its id is enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from sdmx_gateway.structures.authored.home import Home
from sdmx_gateway.structures.authored.parts import ARTEFACT_WORDS, maintained
from sdmx_gateway.structures.authored.sheet import Sheet, SheetForm
from sdmx_gateway.structures.authored.toml_table import Table, TomlFile
from sdmx_gateway.structures.authored.tree import check_tree
from sdmx_gateway.structures.checking.integrity import wrong_ids
from sdmx_gateway.structures.model import Categorisation, Category, CategoryScheme, Kind, Text, Urn
from sdmx_gateway.structures.urn import ID

SCHEME_WORDS: Final = (*ARTEFACT_WORDS, "id", "partial", "categories", "categorisations")
CATEGORIES: Final = SheetForm(required=("id",), known=("parent",), texts=True)
CATEGORISATIONS: Final = SheetForm(required=("artefact", "category"), known=("kind", "id"), texts=True)
_NO_ID: Final = re.compile(r"[^A-Za-z0-9_@$\-]+")

Parts = CategoryScheme | Categorisation


def read_categories(file: TomlFile, home: Home) -> Iterator[Parts]:
    """The category schemes of one file, each with the categorisations under it."""
    for table in file.root(("category_scheme",)).inner_tables("category_scheme", SCHEME_WORDS):
        own_id, said = table.identifier(), maintained(table)
        if own_id is None:
            continue
        categories = _categories(home.sheet(table, "categories", f"categories/{own_id}.csv", CATEGORIES))
        scheme = CategoryScheme(
            agency=home.agency, id=own_id, **said, categories=categories, is_partial=table.flag("partial")
        )
        table.notes.claim(scheme.urn, table.where())
        table.notes.problems.extend(wrong_ids(scheme, table.where()))
        yield scheme
        usual = f"categorisations/{own_id}.csv"
        if "categorisations" in table.values or (home.path / usual).exists():
            yield from _categorisations(table, home, scheme, usual)


def _categories(sheet: Sheet | None) -> tuple[Category, ...]:
    if sheet is None:
        return ()
    ids, parents, names = sheet.column("id"), sheet.column("parent"), list(sheet.texts("name"))
    for nth, (category, name) in enumerate(zip(ids, names, strict=True)):
        if not ID.fullmatch(category):
            sheet.tell("wrong-value", f"{category!r} is not the id of a category", nth, "id")
        if not name:
            sheet.tell("missing-word", f"{category!r} has no name", nth, "name_fr")
    sheet.check_once("id")
    check_tree(sheet, ids, parents, "the scheme")
    columns = zip(ids, names, sheet.texts("description"), sheet.annotations(), strict=True)
    made = [Category(id=i, names=n, descriptions=d, annotations=a) for i, n, d, a in columns]
    below: dict[str, list[Category]] = {}
    for parent, each in zip(parents, made, strict=True):
        below.setdefault(parent, []).append(each)
    return _under("", below)


def _under(parent: str, below: dict[str, list[Category]]) -> tuple[Category, ...]:
    """The categories under one, each with those under it; what is taken cannot come again, even from a circle."""
    return tuple(replace(category, categories=_under(category.id, below)) for category in below.pop(parent, ()))


def _categorisations(table: Table, home: Home, scheme: CategoryScheme, usual: str) -> Iterator[Categorisation]:
    sheet = home.sheet(table, "categorisations", usual, CATEGORISATIONS)
    if sheet is None:
        return
    paths, urn = dict(category_paths(scheme)), scheme.urn
    texts = (sheet.texts("name"), sheet.texts("description"), sheet.annotations())
    rows = zip(_artefacts(sheet), sheet.column("category"), sheet.column("id"), *texts, strict=True)
    for nth, (source, path, own_id, names, descriptions, notes) in enumerate(rows):
        category = paths.get(path)
        if category is None:
            what = f"{path!r} is no category of {scheme.id}"
            sheet.tell("unresolved-reference", what, nth, "category", near=_near(path, paths), wanted=path)
        if source is None or category is None:
            continue
        found = Categorisation(
            agency=home.agency,
            id=own_id or _NO_ID.sub("_", f"{source.agency}_{source.id}_{source.version}.{path}"),
            names=names or Text(tuple((language, f"{source.short}, {name}") for language, name in category.names)),
            descriptions=descriptions,
            annotations=notes,
            source=source,
            target=Urn(urn.kind, urn.agency, urn.id, urn.version, path),
        )
        sheet.notes.claim(found.urn, sheet.where(nth))
        yield found


def _near(path: str, paths: Mapping[str, Category]) -> Sequence[str]:
    """The paths to suggest: those that end with the category named, else all."""
    last = path.rpartition(".")[2]
    return [known for known in paths if known.rpartition(".")[2] == last] or list(paths)


def _artefacts(sheet: Sheet) -> Iterator[Urn | None]:
    """What each row puts into a category: a dataflow when it names no kind."""
    known = {kind.value: kind for kind in Kind}
    for nth, (word, text) in enumerate(zip(sheet.column("kind"), sheet.column("artefact"), strict=True)):
        kind = known.get(word or Kind.DATAFLOW.value)
        if kind is None:
            sheet.tell("unknown-word", f"{word!r} is no kind of artefact", nth, "kind", near=known, wanted=word)
        yield None if kind is None else sheet.reference(nth, "artefact", kind, text)


def category_paths(scheme: CategoryScheme) -> Iterator[tuple[str, Category]]:
    """Each category of a scheme with its path, those above first."""
    waiting = [(category.id, category) for category in scheme.categories]
    while waiting:
        path, category = waiting.pop(0)
        yield path, category
        waiting = [(f"{path}.{inner.id}", inner) for inner in category.categories] + waiting

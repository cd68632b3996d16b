"""Code lists that extend others, with every code they have in the end.

SDMX 3.1 Section 6 (technical notes), §6.1: codes of the lists a list extends come first, in the order of the references; where
two have one id the later list's is taken, and the list's own above all. A prefix goes before the ids taken. What a list takes
may itself be taken from others. A code whose parent is not taken is at the top.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from sdmx_gateway.errors import StructureError
from sdmx_gateway.structures.model import Code, Codelist, CodelistExtension, Item, ItemScheme
from sdmx_gateway.structures.selection import part_of, selected
from sdmx_gateway.structures.urn import Urn

Lists = Callable[[Urn], Codelist]


def extended(codelist: Codelist, lists: Lists) -> Codelist:
    """The list with all its codes and no extension left; itself when it extends none.

    Args:
        codelist: the list.
        lists: finds the list a reference names, as it is held.

    Raises:
        StructureError: lists extend each other in a circle.
        UnknownArtefact: from ``lists``.
    """
    return _extended(codelist, lists, (codelist.urn,))


def _extended(codelist: Codelist, lists: Lists, above: tuple[Urn, ...]) -> Codelist:
    if not codelist.extensions:
        return codelist
    codes: dict[str, Code] = {}
    for extension in codelist.extensions:
        source = lists(extension.codelist)
        if source.urn in above:
            circle = " → ".join(urn.short for urn in (*above, source.urn))
            raise StructureError(f"code lists extend each other: {circle}", remedy="take one extension out")
        codes |= {code.id: code for code in taken(_extended(source, lists, (*above, source.urn)), extension)}
    codes |= codelist.by_id
    kept = frozenset(codes)
    items = cast("tuple[Code, ...]", part_of(codes.values(), kept))
    return replace(codelist, items=items, extensions=())


def taken(source: Codelist, extension: CodelistExtension) -> tuple[Code, ...]:
    """The codes an extension takes from a list that has all its own, as they are called in the list that takes them."""
    scheme = cast("ItemScheme[Item]", source)
    kept = selected(scheme, extension.inclusive) if extension.inclusive else frozenset(source.by_id)
    kept -= selected(scheme, extension.exclusive)
    codes = cast("tuple[Code, ...]", part_of(source.items, kept))
    prefix = extension.prefix
    if not prefix:
        return codes
    return tuple(
        replace(code, id=f"{prefix}{code.id}", parent=None if code.parent is None else f"{prefix}{code.parent}")
        for code in codes
    )

"""Codes that are selected by value, by pattern, or with what lies under them.

SDMX 3.1 Section 6 (technical notes), §6.1.2: ``%`` stands for any characters; cascading takes the codes below, with or without
the code itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, Protocol

from sdmx_gateway.structures.model import Cascade, Item, ItemScheme

WILDCARD: Final = "%"


class Selected(Protocol):
    """A value with a wish about what lies under it."""

    @property
    def value(self) -> str:
        """The value, or a pattern."""

    @property
    def cascade(self) -> Cascade | None:
        """Whether what lies under it is meant too."""


def selected(scheme: ItemScheme[Item], values: Iterable[Selected]) -> frozenset[str]:
    """The ids of the items that are meant; a value that matches none means none.

    >>> from sdmx_gateway.structures.model import Code, Codelist, SelectedCode
    >>> areas = Codelist(agency="A", id="CL", items=(Code(id="FR"), Code(id="D75", parent="FR"), Code(id="D93", parent="FR")))
    >>> sorted(selected(areas, [SelectedCode("D%")])), sorted(selected(areas, [SelectedCode("FR", Cascade.YES)]))
    (['D75', 'D93'], ['D75', 'D93', 'FR'])
    """
    below = _children(scheme)
    found: set[str] = set()
    for wish in values:
        roots = _matching(scheme, wish.value)
        if wish.cascade is not Cascade.EXCLUDE_ROOT:
            found |= roots
        if wish.cascade in {Cascade.YES, Cascade.EXCLUDE_ROOT}:
            found |= _descendants(roots, below)
    return frozenset(found)


def _matching(scheme: ItemScheme[Item], value: str) -> set[str]:
    if WILDCARD not in value:
        return {value} if value in scheme else set()
    pattern = re.compile(".*".join(re.escape(part) for part in value.split(WILDCARD)))
    return {item.id for item in scheme.items if pattern.fullmatch(item.id)}


def _children(scheme: ItemScheme[Item]) -> Mapping[str, list[str]]:
    below: dict[str, list[str]] = {}
    for item in scheme.items:
        if item.parent is not None:
            below.setdefault(item.parent, []).append(item.id)
    return below


def _descendants(roots: Iterable[str], below: Mapping[str, list[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        for child in below.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found


def part_of(items: Iterable[Item], kept: frozenset[str]) -> tuple[Item, ...]:
    """The items that are kept; one whose parent is not is at the top."""
    return tuple(
        item if item.parent is None or item.parent in kept else replace(item, parent=None)
        for item in items
        if item.id in kept
    )

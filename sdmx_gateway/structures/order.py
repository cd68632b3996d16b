"""Items in an order that can be read from top to bottom: a parent before what lies under it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from sdmx_gateway.structures.model import Item

I_ = TypeVar("I_", bound=Item)


def parents_first(items: Sequence[I_]) -> tuple[I_, ...]:
    """The same items, each moved no further than it must be to come after its parent.

    A parent that is not there, or that lies in a circle, moves nothing: that is for the checks to say.

    >>> [item.id for item in parents_first((Item(id="A1", parent="A"), Item(id="B"), Item(id="A")))]
    ['A', 'A1', 'B']
    """
    by_id = {item.id: item for item in items}
    placed: dict[int, I_] = {}
    for item in items:
        chain: dict[int, I_] = {}
        here: I_ | None = item
        while here is not None and id(here) not in placed and id(here) not in chain:
            chain[id(here)] = here
            here = by_id.get(here.parent) if here.parent is not None else None
        for waiting in reversed(chain.values()):
            placed[id(waiting)] = waiting
    return tuple(placed.values())

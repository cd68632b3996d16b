"""What an artefact is called, and says of itself, when it was inside another one before, or will be.

The rule for ids is ours: what lay alone in an artefact takes that artefact's id; one of several takes its own behind it,
``LIST_WORLD`` for WORLD in LIST, unless it begins with it already. Agency, version and validity are those of what held it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Final

from sdmx_gateway.errors import Problem
from sdmx_gateway.structures.model import Maintainable, Nameable
from sdmx_gateway.structures.translation.outcome import lost

_OWN: Final = ("names", "descriptions", "annotations", "links", "uri")
_CLASHING: Final = ("names", "descriptions", "uri")


def kept(artefact: Maintainable, **changes: Any) -> dict[str, Any]:
    """What every artefact says of itself, for another class to be made with."""
    return {field.name: getattr(artefact, field.name) for field in fields(Maintainable)} | changes


def qualified(outer: str, inner: str) -> str:
    """The id of one of several things that an artefact held.

    >>> qualified("GEO", "WORLD"), qualified("GEO", "GEO_EU")
    ('GEO_WORLD', 'GEO_EU')
    """
    return inner if inner == outer or inner.startswith(f"{outer}_") else f"{outer}_{inner}"


def freed(outer: Maintainable, inner: Nameable, *, alone: bool) -> dict[str, Any]:
    """What the artefact says of itself that ``inner`` becomes; ``alone``: there was nothing else in ``outer``."""
    if alone:
        return kept(
            outer,
            names=inner.names or outer.names,
            descriptions=inner.descriptions or outer.descriptions,
            annotations=(*outer.annotations, *inner.annotations),
            links=(*outer.links, *inner.links),
            uri=outer.uri or inner.uri,
        )
    own = {name: getattr(inner, name) for name in _OWN} | {"names": inner.names or outer.names}
    return kept(outer, id=qualified(outer.id, inner.id), **own)


def lost_of_outer(outer: Maintainable, inners: tuple[Nameable, ...]) -> Iterator[Problem]:
    """What the artefact that held them says of itself and none of them does."""
    wanted = _CLASHING if len(inners) == 1 else _OWN
    said = [name for name in wanted if getattr(outer, name) and all(_differs(name, outer, inner) for inner in inners)]
    if said:
        yield lost(outer.urn, f"its own {', '.join(said)} are dropped: those of what it held are kept")


def _differs(name: str, outer: Maintainable, inner: Nameable) -> bool:
    return getattr(inner, name) != getattr(outer, name) and bool(getattr(inner, name) or name not in _CLASHING)

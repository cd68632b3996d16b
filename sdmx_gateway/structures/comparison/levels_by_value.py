"""How much a change changes where it depends on the values, not only on the part that changes.

Sources as in :mod:`.words`. A constraint that allows more is a MINOR change, one that allows less a MAJOR one: which of the
two a value more or less is, depends on whether what is listed is meant or taken away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sdmx_gateway.structures.comparison.levels import Level, level_of_reference
from sdmx_gateway.structures.model import (
    Attribute,
    CubeRegion,
    DataKeySet,
    DataStructure,
    Dimension,
    Measure,
    MemberSelection,
    MetadataAttribute,
    MetadataKeySet,
    MetadataTargetRegion,
    Urn,
)

GROWING: Final = frozenset({("MemberSelection", "values"), ("DataKeySet", "keys"), ("MetadataKeySet", "keys")})
"""Lists with each member of which a constraint speaks of more."""
NARROWING: Final = frozenset(
    (of, name)
    for of in ("CubeRegion", "DataKey", "MetadataKey", "MetadataTargetRegion")
    for name in ("keys", "components")
)
"""Lists with each member of which a constraint speaks of less."""


def meant_in(old: Any, new: Any, is_meant: bool) -> bool:
    """Whether what these values list is allowed, given whether they are themselves."""
    if isinstance(new, CubeRegion | DataKeySet | MetadataKeySet | MetadataTargetRegion):
        return is_meant is new.is_included
    if isinstance(old, MemberSelection) and isinstance(new, MemberSelection):
        return is_meant is new.is_included
    return is_meant


def _is_more(of: Any, name: str, is_meant: bool) -> bool | None:
    """Whether one member more allows more; ``None`` where it is no list of a constraint's."""
    place = (type(of).__name__, name)
    if place in GROWING:
        return is_meant
    return not is_meant if place in NARROWING else None


def level_of_added(sides: tuple[Any, Any], name: str, member: Any, usual: Level, *, is_meant: bool) -> Level:
    """How much a member more changes: what must be there, or what restricts, breaks."""
    old, new = sides
    if isinstance(old, MemberSelection) and name == "values" and not old.values:
        return Level.MAJOR if is_meant else Level.MINOR  # it said before that the component is there, and no more
    more = _is_more(new, name, is_meant)
    if more is not None:
        return Level.MINOR if more else Level.MAJOR
    if isinstance(member, Dimension) and isinstance(old, DataStructure) and isinstance(new, DataStructure):
        return Level.MINOR if old.is_evolving and new.is_evolving else Level.MAJOR
    if isinstance(member, Attribute | Measure):
        return Level.MAJOR if member.mandatory else Level.MINOR
    if isinstance(member, MetadataAttribute):
        return Level.MAJOR if member.min_occurs else Level.MINOR
    return usual


def level_of_removed(old: Any, name: str, usual: Level, *, is_meant: bool = True) -> Level:
    """How much it changes that a member, or a value, goes."""
    more = _is_more(old, name, is_meant)
    if more is not None:
        return Level.MAJOR if more else Level.MINOR
    if isinstance(old, DataStructure) and name == "metadata":
        return Level.MAJOR if old.metadata_usages else Level.PATCH
    return usual


def _stricter(is_stricter: bool) -> Level:
    return Level.MAJOR if is_stricter else Level.MINOR


_ENDLESS: Final = float("inf")
_BY_FIELD: Final[Mapping[str, Callable[[Any, Any], Level]]] = {
    "mandatory": lambda before, after: _stricter(bool(after) and not before),
    "is_evolving": lambda before, after: _stricter(bool(after) and not before),
    "min_occurs": lambda before, after: _stricter(after > before),
    "max_occurs": lambda before, after: _stricter((after or _ENDLESS) < (before or _ENDLESS)),
}


def level_of_changed(name: str, before: Any, after: Any, usual: Level) -> Level:
    """How much another value changes; of a reference at most what is usual."""
    if isinstance(before, Urn) and isinstance(after, Urn):
        return min(usual, level_of_reference(before, after))
    return _BY_FIELD[name](before, after) if name in _BY_FIELD else usual

"""Going through an artefact and every value inside it, to say some of them otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final, TypeVar

from sdmx_gateway.structures.urn import Urn

V = TypeVar("V")
Visit = Callable[[Any, str], Any]

_FLAT: Final = frozenset({"str", "bool", "int", "datetime", "Decimal", "Text", "DataType", "None", "tuple", "..."})
_HOLDING: dict[type[Any], tuple[str, ...]] = {}


def rewritten(value: V, visit: Visit, owner: str) -> V:
    """The value with everything inside it, and then itself, as ``visit`` gives it; the same object where nothing changes.

    Args:
        value: an artefact, or a part of one.
        visit: is given each value and reference with the id of what it belongs to, the innermost first.
        owner: that id, for a value that has none itself.
    """
    if isinstance(value, tuple):
        changed = tuple(rewritten(each, visit, owner) for each in value)
        same = all(new is old for new, old in zip(changed, value, strict=True))
        return value if same else changed  # type: ignore[return-value]
    if isinstance(value, Urn):
        return visit(value, owner)  # type: ignore[no-any-return]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    own = getattr(value, "id", None) or getattr(value, "component", None) or owner
    changes: dict[str, Any] = {}
    for name in _holding(type(value)):
        before = getattr(value, name)
        after = rewritten(before, visit, own)
        if after is not before:
            changes[name] = after
    return visit(replace(value, **changes) if changes else value, own)  # type: ignore[no-any-return]


def _holding(of: type[Any]) -> tuple[str, ...]:
    """The fields of a class that may hold other values, or references."""
    found = _HOLDING.get(of)
    if found is None:
        found = _HOLDING[of] = tuple(field.name for field in fields(of) if not _words(str(field.type)) <= _FLAT)
    return found


def _words(annotation: str) -> set[str]:
    return set(annotation.replace("[", " ").replace("]", " ").replace(",", " ").replace("|", " ").split())

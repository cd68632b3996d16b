"""Frozen values as JSON and back, exactly: what the cache of loaded structures is made of.

JSON and a closed table of classes, rather than pickle: whatever lies in a cache, reading it can make values of the model and
nothing else. A value says its class under the empty key; texts by language, by far the most frequent, do without.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.structures import model
from sdmx_gateway.structures.model import Kind, Text, Urn

_CLASS: Final = ""
_OF: Final = "of"


def _classes() -> dict[str, type[Any]]:
    named = (getattr(model, name) for name in model.__all__)
    return {each.__name__: each for each in (*named, Problem, Where) if isinstance(each, type)}


_CLASSES: Final[Mapping[str, type[Any]]] = _classes()
_FIELDS: dict[type[Any], tuple[tuple[str, Any], ...]] = {}


def packed(value: Any, *, without: str = "") -> Any:
    """The value as JSON can hold it; ``without`` leaves out a field of it.

    >>> packed(Text.of(fr="Sexe")), unpacked(packed((Decimal("1.50"), None)))
    ({'fr': 'Sexe'}, (Decimal('1.50'), None))
    """
    if value is None or isinstance(value, bool | int | float) or type(value) is str:
        return value
    if isinstance(value, tuple):
        return [packed(each) for each in value]
    if isinstance(value, Text) and (by_language := _by_language(value)):
        return by_language
    name = type(value).__name__
    if name in _SPOKEN:
        return {_CLASS: name, _OF: _SPOKEN[name](value)}
    if isinstance(value, Enum):
        return {_CLASS: name, _OF: value.value}
    said: dict[str, Any] = {_CLASS: name}
    for field, default in _fields(type(value)):
        held = getattr(value, field) if field != without else default
        if held is not default and held != default:
            said[field] = packed(held)
    return said


def _by_language(text: Text) -> dict[str, str] | None:
    """A text as a table, if that says all of it: no language twice, and none that would pass for a class."""
    table = dict(text.pairs)
    return table if len(table) == len(text.pairs) and _CLASS not in table else None


def unpacked(data: Any) -> Any:
    """The value that was packed.

    Raises:
        KeyError, TypeError, ValueError: it was not packed by this module.
    """
    if isinstance(data, list):
        return tuple(map(unpacked, data))
    if not isinstance(data, dict):
        return data
    name = data.pop(_CLASS, None)
    if name is None:
        return Text(tuple(data.items()))
    made = _MADE.get(name)
    if made is not None:
        return made(data[_OF])
    return _CLASSES[name](**{field: unpacked(held) for field, held in data.items()})


def _fields(of: type[Any]) -> tuple[tuple[str, Any], ...]:
    """The fields of a class of the model with their defaults."""
    found = _FIELDS.get(of)
    if found is None:
        if of not in _CLASSES.values():
            raise TypeError(f"{of} is no class of the model")
        found = _FIELDS[of] = tuple((field.name, _default(field)) for field in fields(of) if field.init)
    return found


def _default(field: Any) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _urn(said: list[Any]) -> Urn:
    return Urn(Kind(said[0]), *said[1:])


_SPOKEN: Final[Mapping[str, Callable[[Any], Any]]] = {
    "Urn": lambda urn: [urn.kind.value, urn.agency, urn.id, urn.version, urn.item, urn.item_class],
    "Decimal": str,
    "datetime": datetime.isoformat,
}
"""Values that are said by one plain value, and how."""
_MADE: Final[Mapping[str, Callable[[Any], Any]]] = {
    "Urn": _urn,
    "Decimal": Decimal,
    "datetime": datetime.fromisoformat,
    **{name: each for name, each in _CLASSES.items() if issubclass(each, Enum)},
}
"""How they are made from it."""

"""Artefacts whose bulk arrives when it is first asked for: thirty-five thousand communes cost nothing until someone looks.

Such an artefact is an instance of a subclass that nobody sees: it knows everything but one field, and turns into an ordinary
instance of its class, equal to any other, once that field is read. Two threads that read it at once each make it; both are equal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from sdmx_gateway.structures.model import Artefact, Hierarchy, ItemScheme, RepresentationMap, ValueList

A = TypeVar("A", bound=Artefact)
BULK: Final[tuple[tuple[type[Artefact], str], ...]] = (
    (ItemScheme, "items"),
    (ValueList, "items"),
    (Hierarchy, "codes"),
    (RepresentationMap, "mappings"),
)
"""The field that can be large, of the classes that have one."""
_ARRIVE: Final = "_arrive"
_KNOWN: dict[type[Any], type[Any]] = {}


def bulk_of(artefact: Artefact) -> str | None:
    """The field of an artefact that can be large."""
    return next((field for of, field in BULK if isinstance(artefact, of)), None)


def deferred(artefact: A, field: str, arrive: Callable[[], Any]) -> A:
    """The artefact, with a field that ``arrive`` makes when it is first read.

    >>> from sdmx_gateway.structures.model import Code, Codelist
    >>> later = deferred(Codelist(agency="A", id="CL"), "items", lambda: (Code(id="X"),))
    >>> isinstance(later, Codelist), later == Codelist(agency="A", id="CL", items=(Code(id="X"),)), type(later) is Codelist
    (True, True, True)
    """
    of = type(artefact)
    waiting = _KNOWN.get(of)
    if waiting is None:
        members = {field: _Later(field, of), "__eq__": _equal, "__hash__": _hash, "__module__": of.__module__}
        waiting = _KNOWN[of] = type(of.__name__, (of,), members)
    made: A = object.__new__(waiting)
    held = vars(made)
    held.update(vars(artefact))
    del held[field]
    held[_ARRIVE] = arrive
    return made


class _Later:
    """A field that is not there yet; once it is, it is found before this."""

    def __init__(self, field: str, of: type[Any]) -> None:
        self._field = field
        self._of = of

    def __get__(self, artefact: Any, owner: type[Any]) -> Any:
        if artefact is None:
            return getattr(self._of, self._field)
        held = vars(artefact)
        arrive = held.get(_ARRIVE)
        if arrive is not None and self._field not in held:
            held[self._field] = arrive()
        _settle(artefact, self._of)
        return held[self._field]


def _settle(artefact: Any, of: type[Any]) -> None:
    """From now on an ordinary instance of its class."""
    vars(artefact).pop(_ARRIVE, None)
    object.__setattr__(artefact, "__class__", of)


def _settled(value: Any) -> Any:
    of = type(value)
    if of in _KNOWN.values():
        field = bulk_of(value)
        if field is not None:
            getattr(value, field)
        _settle(value, of.__mro__[1])
    return value


def _equal(one: Any, other: Any) -> bool:
    return one is other or _settled(one).__eq__(_settled(other)) is True


def _hash(one: Any) -> int:
    return hash(_settled(one))

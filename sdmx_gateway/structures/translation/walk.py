"""Going through an artefact and the values inside it, to say some of them otherwise.

Which fields may hold, at whatever depth, a value of the classes that are looked for is read off the types of the model, so that the
thirty-five thousand codes of a list are walked only where one of them may have something to say otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, get_args, get_type_hints

from sdmx_gateway.structures.urn import Urn

V = TypeVar("V")
Visit = Callable[[Any, str], Any]


class Walk:
    """The way through artefacts to every value of some classes.

    Args:
        wanted: the classes; those made of them are meant too.
    """

    def __init__(self, wanted: Iterable[type[Any]]) -> None:
        self._wanted = tuple(wanted)
        self._holding: dict[type[Any], tuple[str, ...]] = {}

    def rewritten(self, value: V, visit: Visit, owner: str) -> V:
        """The value with everything wanted inside it, and then itself, as ``visit`` gives it; the same object where nothing changes.

        Args:
            value: an artefact, or a part of one.
            visit: is given each value and reference on the way with the id of what it belongs to, the innermost first.
            owner: that id, for a value that has none itself.
        """
        if isinstance(value, tuple):
            changed = tuple([self.rewritten(each, visit, owner) for each in value])
            same = all(new is old for new, old in zip(changed, value, strict=True))
            return value if same else changed  # type: ignore[return-value]
        if isinstance(value, Urn):
            return visit(value, owner)  # type: ignore[no-any-return]
        if not is_dataclass(value) or isinstance(value, type):
            return value
        own = getattr(value, "id", None) or getattr(value, "component", None) or owner
        changes: dict[str, Any] = {}
        for name in self.holding(type(value)):
            before = getattr(value, name)
            if before is not None and before != ():
                after = self.rewritten(before, visit, own)
                if after is not before:
                    changes[name] = after
        return visit(replace(value, **changes) if changes else value, own)  # type: ignore[no-any-return]

    def holding(self, of: type[Any]) -> tuple[str, ...]:
        """The fields of a class that may hold a value that is wanted, at whatever depth.

        >>> from sdmx_gateway.structures.model import Code, Codelist, Hierarchy
        >>> Walk([Urn]).holding(Codelist), Walk([Code]).holding(Codelist), Walk([Urn]).holding(Hierarchy)
        (('extensions',), ('items',), ('codes', 'level'))
        """
        found = self._holding.get(of)
        if found is None:
            held = _held(of)
            found = self._holding[of] = tuple(name for name, classes in held if any(map(self._leads_to, classes)))
        return found

    def _leads_to(self, of: type[Any]) -> bool:
        return any(issubclass(each, self._wanted) for each in _reached(of))


def _held(of: type[Any]) -> Iterator[tuple[str, frozenset[type[Any]]]]:
    """Each field of a class with the classes its values may be of."""
    hints = get_type_hints(of)
    for field in fields(of):
        named = frozenset(_classes(hints[field.name], _members(of)))
        yield field.name, named | {below for each in named for below in _below(each)}


def _reached(of: type[Any]) -> frozenset[type[Any]]:
    """A class, and every class a value of it may hold at whatever depth."""
    found: set[type[Any]] = set()
    waiting = [of]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            if is_dataclass(each) and each is not Urn:
                waiting += [inner for _, classes in _held(each) for inner in classes]
    return frozenset(found)


def _below(of: type[Any]) -> Iterator[type[Any]]:
    for each in type.__subclasses__(of):
        yield each
        yield from _below(each)


def _members(of: type[Any]) -> tuple[Any, ...]:
    """What a class fills in for the type its base leaves open: ``Code`` for a code list."""
    return tuple(argument for base in getattr(of, "__orig_bases__", ()) for argument in get_args(base))


def _classes(hint: Any, members: tuple[Any, ...]) -> Iterator[type[Any]]:
    """The classes of the model a type speaks of."""
    if isinstance(hint, TypeVar):
        filled = [member for member in members if not isinstance(member, TypeVar)] or [hint.__bound__]
        for member in filled:
            yield from _classes(member, ())
    elif isinstance(hint, type) and is_dataclass(hint):
        yield hint
    for argument in get_args(hint):
        yield from _classes(argument, members)

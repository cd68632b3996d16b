"""What an artefact refers to, found by walking its value: the model says where references are, no second list of them does.

Which classes can hold a reference is read off their types, so that the thirty-five thousand codes of a list, which hold none, are
not walked. Maintenance agencies are names here, not references.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Final, TypeVar, get_args, get_type_hints

from sdmx_gateway.structures.model import Annotation, Artefact, Contact, IsoConcept, Link, SentinelValue, Text
from sdmx_gateway.structures.urn import Urn

_HOLD_NONE: Final = frozenset({Annotation, Link, Contact, Text, SentinelValue, IsoConcept})


def references(artefact: Artefact) -> Iterator[tuple[str, Urn]]:
    """Each reference the artefact makes: the id of the component, item or step that makes it, and what it names.

    A concept is named with its ``item``; a code list or a structure without. The same target may come several times. What the
    artefact itself refers to comes under its own id. What a component only inherits from its concept is the concept's.
    """
    yield from _inside(artefact, artefact.id)


def _inside(value: Any, owner: str) -> Iterator[tuple[str, Urn]]:
    if isinstance(value, Urn):
        yield owner, value
    elif isinstance(value, tuple):
        for each in value:
            yield from _inside(each, owner)
    elif is_dataclass(value) and not getattr(value, "is_inherited", False):
        own = getattr(value, "id", None) or owner
        for name in holders(type(value)):
            yield from _inside(getattr(value, name), own)


_HOLDERS: dict[type[Any], tuple[str, ...]] = {}


def holders(of: type[Any]) -> tuple[str, ...]:
    """The fields of a class that may hold references, at whatever depth.

    >>> from sdmx_gateway.structures.model import Codelist, ConceptScheme
    >>> holders(Codelist), holders(ConceptScheme)
    (('extensions',), ('items',))
    """
    found = _HOLDERS.get(of)
    if found is None:
        _HOLDERS[of] = ()  # a class that holds values of its own class holds no more for that
        hints, members = get_type_hints(of), _members(of)
        found = tuple(field.name for field in fields(of) if _may_refer(hints[field.name], members))
        nested = tuple(f.name for f in fields(of) if found and of in _classes(hints[f.name], members))
        found = _HOLDERS[of] = tuple(f.name for f in fields(of) if f.name in {*found, *nested})
    return found


def _members(of: type[Any]) -> tuple[Any, ...]:
    """What a class fills in for the type its base leaves open: ``Code`` for a code list."""
    return tuple(argument for base in getattr(of, "__orig_bases__", ()) for argument in get_args(base))


def _may_refer(hint: Any, members: tuple[Any, ...]) -> bool:
    return any(each is Urn or (is_dataclass(each) and bool(holders(each))) for each in _classes(hint, members))


def _classes(hint: Any, members: tuple[Any, ...]) -> Iterator[type[Any]]:
    """The classes a type speaks of."""
    if isinstance(hint, TypeVar):
        for member in members:
            if not isinstance(member, TypeVar):
                yield from _classes(member, ())
    elif isinstance(hint, type) and not get_args(hint) and hint not in _HOLD_NONE:
        yield hint
    for argument in get_args(hint):
        yield from _classes(argument, members)

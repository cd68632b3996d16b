"""What changed between two states of an artefact, in words, and how much.

A walk over the two values side by side: what the model holds is compared, whatever it is; what it is called and how much
it changes is in the tables of :mod:`.words`. Members of lists are told apart by name, so that one that moved is not one
removed and one added. Identification is not compared, nor what a component only has from its concept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final

from sdmx_gateway.errors import StructureError
from sdmx_gateway.structures.comparison.change import Action, At, Change, changed, reordered, spoken
from sdmx_gateway.structures.comparison.levels import Level, level_of_reference
from sdmx_gateway.structures.comparison.levels_by_value import (
    level_of_added,
    level_of_changed,
    level_of_removed,
    meant_in,
)
from sdmx_gateway.structures.comparison.nouns import Noun, noun
from sdmx_gateway.structures.comparison.values import NESTED, WHOLE, Node, members, nodes
from sdmx_gateway.structures.comparison.words import FACETS, NAME, Part, part
from sdmx_gateway.structures.model import Artefact, Item, Representation, Text, Urn

_IDENTITY: Final = frozenset({"id", "agency", "version"})
_SHORT_LIST: Final = 12
_ENDLESS: Final = "max_occurs"
"""The field in which nothing said means without end."""


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of two values: its words, and the values it is of."""

    old: Any
    new: Any
    name: str

    @property
    def part(self) -> Part:
        return part(type(self.old), self.name)


def compare(old: Artefact, new: Artefact) -> tuple[Change, ...]:
    """Everything that changed from one artefact to another of its kind; empty when they say the same.

    >>> from sdmx_gateway.structures.model import Code, Codelist
    >>> one = Codelist(agency="A", id="CL", version="1.0.0", items=(Code(id="F"), Code(id="M")))
    >>> [str(change) for change in compare(one, replace(one, items=(Code(id="F"), Code(id="X"))))]
    ['MAJOR code M removed', 'MINOR code X added']

    Raises:
        StructureError: they are of two kinds.
    """
    if old.KIND is not new.KIND:
        raise StructureError(f"a {old.KIND.value} and a {new.KIND.value} cannot be compared")
    return tuple(sorted(_fields_of(old, new, At()), key=lambda change: -change.level))


def _inside(old: Any, new: Any, at: At) -> Iterator[Change]:
    if type(old) is not type(new):
        yield changed(Level.MAJOR, at, Part("nature", "nature"), type(old).__name__, type(new).__name__)
        return
    yield from _fields_of(old, new, at)


def _fields_of(old: Any, new: Any, at: At) -> Iterator[Change]:
    of, nested = type(old), NESTED.get(type(old).__name__)
    for name in _compared(of):
        if name == nested:
            continue
        before, after = getattr(old, name), getattr(new, name)
        if before is not after and before != after:
            yield from _field(_Field(old, new, name), before, after, at)


_COMPARED: dict[type[Any], tuple[str, ...]] = {}


def _compared(of: type[Any]) -> tuple[str, ...]:
    found = _COMPARED.get(of)
    if found is None:
        found = _COMPARED[of] = tuple(f.name for f in fields(of) if f.name not in _IDENTITY or not hasattr(of, "names"))
    return found


def _field(field: _Field, before: Any, after: Any, at: At) -> Iterator[Change]:
    if isinstance(before, Text) and isinstance(after, Text):
        yield from _texts(field, before, after, at)
    elif isinstance(before, Representation) and isinstance(after, Representation):
        yield from _representations(before, after, at)
    elif isinstance(before, tuple) or type(before if before is not None else after).__name__ in NESTED:
        yield from _members(field, members(before), members(after), at)
    elif field.name == "parent" and isinstance(field.new, Item):
        yield _moved(at, before, after)
    elif _is_entered(before) and type(before) is type(after):
        yield from _inside(before, after, at.part(field.part))
    else:
        yield _single(field, before, after, at)


def _is_entered(value: Any) -> bool:
    return is_dataclass(value) and not isinstance(value, Urn) and type(value).__name__ not in WHOLE


def _single(field: _Field, before: Any, after: Any, at: At) -> Change:
    said = field.part
    if field.name == _ENDLESS:
        level = level_of_changed(field.name, before, after, said.changed)
        return changed(level, at, said, _or_endless(before), _or_endless(after))
    if before is None:
        return changed(said.added, at, said, before, after)
    if after is None:
        level = level_of_removed(field.old, field.name, said.removed)
        return changed(level, at, said, before, after)
    level = level_of_changed(field.name, before, after, said.changed)
    return changed(level, at, said, before, after)


def _or_endless(most: int | None) -> int | Text:
    return Text.of(fr="sans limite", en="no limit") if most is None else most


def _texts(field: _Field, before: Text, after: Text, at: At) -> Iterator[Change]:
    """Names and other texts, language by language."""
    action = {"names": Action.RENAMED, "descriptions": Action.REDESCRIBED}.get(field.name, Action.CHANGED)
    old, new = dict(before.pairs), dict(after.pairs)
    languages = [*old, *(language for language in new if language not in old)]
    different = [language for language in languages if old.get(language) != new.get(language)]
    said = NAME if field.name == "names" else field.part
    for language in different:
        inner = replace(said, fr=f"{said.fr} ({language})", en=f"{said.en} ({language})")
        yield changed(said.changed, at, inner, old.get(language), new.get(language), action=action)
    if not different:
        yield changed(Level.PATCH, at, said, tuple(old), tuple(new), action=action)


def _representations(before: Representation, after: Representation, at: At) -> Iterator[Change]:
    if before.is_inherited and after.is_inherited:
        return
    said = part(Representation, "representation")
    if replace(before, is_inherited=False) == replace(after, is_inherited=False):
        origin = Part("valeurs reprises du concept", "values taken from the concept")
        yield changed(Level.PATCH, at, origin, before.is_inherited, after.is_inherited)
        return
    if before.is_coded is not after.is_coded:
        yield changed(Level.MAJOR, at, said, before, after)
        return
    for name, facet in FACETS.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            level = _level_of_facet(name, old, new, after)
            old, new = (_or_endless(old), _or_endless(new)) if name == _ENDLESS else (old, new)
            yield changed(level, at, facet, old, new)


def _level_of_facet(name: str, before: Any, after: Any, values: Representation) -> Level:
    if isinstance(before, Urn) and isinstance(after, Urn):
        return level_of_reference(before, after)
    default = {field.name: field.default for field in fields(Representation)}[name]
    return Level.MINOR if values.is_coded and after == default else Level.MAJOR


def _members(field: _Field, before: tuple[Any, ...], after: tuple[Any, ...], at: At) -> Iterator[Change]:
    """Members of a list, or of a tree: added, removed, moved, in another order, and what changed inside each."""
    old, new = nodes(before), nodes(after)
    pairs = _paired(old, new)
    said, meant = field.part, meant_in(field.old, field.new, at.is_meant)
    for path, node in old.items():
        if path not in pairs:
            level = level_of_removed(field.old, field.name, said.removed, is_meant=meant)
            yield spoken(Action.REMOVED, level, at, _noun(node, said), path)
    left = set(pairs.values())
    for path, node in new.items():
        if path not in left:
            level = level_of_added((field.old, field.new), field.name, node.value, said.added, is_meant=meant)
            yield spoken(Action.ADDED, level, at, _noun(node, said), path)
    for path, other in pairs.items():
        one, two = old[path], new[other]
        inner = at.member(_noun(two, said), other, is_meant=meant)
        if pairs.get(path[:-1], ()) != other[:-1]:
            yield _moved(inner, ".".join(path[:-1]), ".".join(other[:-1]))
        yield from _member(field, one.value, two.value, inner)
    yield from _order(said, (old, new), pairs, at)


def _member(field: _Field, before: Any, after: Any, at: At) -> Iterator[Change]:
    if before is after or before == after:
        return
    if _is_entered(before):
        yield from _inside(before, after, at)
    else:
        yield changed(level_of_changed(field.name, before, after, field.part.changed), at, None, before, after)


def _paired(
    old: Mapping[tuple[str, ...], Node], new: Mapping[tuple[str, ...], Node]
) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Which member became which: those of one path, and of the others those whose name is the only one of its kind."""
    pairs = {path: path for path in old if path in new}
    if len(pairs) == len(old) or len(pairs) == len(new) or all(len(path) == 1 for path in (*old, *new)):
        return pairs
    gone, come = (
        _by_name(path for path in old if path not in pairs),
        _by_name(path for path in new if path not in pairs),
    )
    for name, paths in gone.items():
        if len(paths) == 1 and len(come.get(name, ())) == 1:
            pairs[paths[0]] = come[name][0]
    return pairs


def _by_name(paths: Iterator[tuple[str, ...]]) -> Mapping[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for path in paths:
        found.setdefault(path[-1], []).append(path)
    return found


Sides = tuple[Mapping[tuple[str, ...], Node], Mapping[tuple[str, ...], Node]]


def _order(said: Part, sides: Sides, pairs: Mapping[tuple[str, ...], tuple[str, ...]], at: At) -> Iterator[Change]:
    """Members of one list that stand in another order; each list of a tree is looked at."""
    stayed = {path: other for path, other in pairs.items() if pairs.get(path[:-1], ()) == other[:-1]}
    place = {path: number for number, path in enumerate(sides[1])}
    lists: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for path in sides[0]:
        if path in stayed:
            lists.setdefault(path[:-1], []).append(stayed[path])
    for above, others in lists.items():
        sequence = sorted(others, key=place.__getitem__)
        if sequence != others:
            many = noun(type(sides[0][(*above, others[0][-1])].value)) if _is_named(sides[0], above, others) else None
            names = [[path[-1] for path in paths] for paths in (others, sequence)]
            listed = names if len(others) <= _SHORT_LIST else None
            yield reordered(said.order, at, many or Noun(said.fr, said.en), listed)


def _is_named(side: Mapping[tuple[str, ...], Node], above: tuple[str, ...], others: list[tuple[str, ...]]) -> bool:
    found = side.get((*above, others[0][-1]))
    return found is not None and is_dataclass(found.value) and not isinstance(found.value, Urn)


def _noun(node: Node, said: Part) -> Noun:
    is_plain = not is_dataclass(node.value) or isinstance(node.value, Urn)
    return Noun(said.fr, said.en) if is_plain else noun(type(node.value))


def _moved(at: At, before: str | None, after: str | None) -> Change:
    def under(parent: str | None) -> tuple[str, str]:
        return (f"sous {parent}", f"under {parent}") if parent else ("au sommet", "at the top")

    old, new = under(before), under(after)
    return at.moved(Level.MAJOR, (old[0], new[0]), (old[1], new[1]))

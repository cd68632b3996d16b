"""One change of an artefact: where, what, how much, and the sentence that says it in French and in English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, Self

from sdmx_gateway.structures.comparison.levels import Level
from sdmx_gateway.structures.comparison.nouns import Noun
from sdmx_gateway.structures.comparison.values import shown
from sdmx_gateway.structures.comparison.words import Part
from sdmx_gateway.structures.model import Text

FEW: Final = 3
"""So many changes of one sort are told one by one; more are counted and listed."""
LISTED: Final = 10
"""So many ids are listed of those that are counted."""


class Action(StrEnum):
    """What became of a part of an artefact."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    REDESCRIBED = "redescribed"
    MOVED = "moved"
    REORDERED = "reordered"
    CHANGED = "changed"


_SAID: Final = {
    Action.ADDED: ("ajouté", "added"),
    Action.REMOVED: ("retiré", "removed"),
    Action.RENAMED: ("renommé", "renamed"),
    Action.REDESCRIBED: ("redécrit", "described otherwise"),
    Action.MOVED: ("déplacé", "moved"),
    Action.REORDERED: ("réordonné", "put in another order"),
    Action.CHANGED: ("modifié", "changed"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed.

    Attributes:
        level: how much it changes the artefact.
        action: what became of it.
        where: the id of the item or the component, those it lies in before it; empty: the artefact itself.
        words: what changed, a sentence in French and in English.
        noun: what it is one of, for counting; ``None`` of the artefact itself.
        aspect: which part of it changed, in French and in English, where only a part did.
    """

    level: Level
    action: Action
    where: str
    words: Text
    noun: Noun | None = None
    aspect: tuple[str, str] = ("", "")

    def __str__(self) -> str:
        return f"{self.level.name} {self.words.best('en')}"

    def as_dict(self) -> dict[str, Any]:
        """The change for ``--json``."""
        return {
            "level": self.level.name,
            "action": self.action.value,
            "where": self.where,
            "words": dict(self.words),
        }


@dataclass(frozen=True, slots=True)
class At:
    """Where in an artefact the walk is: the path of ids to it, and its name in both languages.

    ``is_meant``: what a constraint lists here is allowed, not taken away.
    """

    where: str = ""
    fr: str = ""
    en: str = ""
    noun: Noun | None = None
    is_meant: bool = True

    def part(self, said: Part) -> Self:
        """A part that is gone into."""
        return replace(self, fr=_joined(self.fr, said.fr), en=_joined(self.en, said.en))

    def member(self, noun: Noun, path: Sequence[str], *, is_meant: bool) -> Self:
        """A member of a list or a tree."""
        name = ".".join(path)
        where = f"{self.where}/{name}" if self.where else name
        fr, en = _joined(self.fr, f"{noun.fr} {name}"), _joined(self.en, f"{noun.en} {name}")
        return replace(self, where=where, fr=fr, en=en, noun=noun, is_meant=is_meant)

    def moved(self, level: Level, fr: tuple[str, str], en: tuple[str, str]) -> Change:
        """That it lies under another parent."""
        past = _participle(Action.MOVED, self.noun)
        words = Text.of(fr=f"{self.fr} {past[0]} : {fr[0]} → {fr[1]}", en=f"{self.en} {past[1]}: {en[0]} → {en[1]}")
        return Change(level, Action.MOVED, self.where, words, self.noun)


def _joined(outer: str, inner: str) -> str:
    return f"{outer}, {inner}" if outer else inner


def _participle(action: Action, noun: Noun | None, number: int = 1) -> tuple[str, str]:
    fr, en = _SAID[action]
    return fr + ("e" if noun is not None and noun.feminine else "") + ("s" if number > 1 else ""), en


def spoken(action: Action, level: Level, at: At, noun: Noun, path: Sequence[str]) -> Change:
    """That a member was added or removed."""
    inner = at.member(noun, path, is_meant=at.is_meant)
    fr, en = _participle(action, noun)
    return Change(level, action, inner.where, Text.of(fr=f"{inner.fr} {fr}", en=f"{inner.en} {en}"), noun)


def changed(
    level: Level, at: At, said: Part | None, before: Any, after: Any, *, action: Action = Action.CHANGED
) -> Change:
    """That a part has another value; ``said`` is absent where the member itself has."""
    old, new = shown(before), shown(after)
    if action is not Action.CHANGED:
        old, new = _quoted(*old, before), _quoted(*new, after)
    aspect = ("", "") if said is None else (said.fr, said.en)
    fr = f"{aspect[0]} {old[0]} → {new[0]}".strip()
    en = f"{aspect[1]} {old[1]} → {new[1]}".strip()
    words = Text.of(fr=f"{at.fr} : {fr}" if at.fr else fr, en=f"{at.en}: {en}" if at.en else en)
    return Change(level, action, at.where, words, at.noun, aspect)


def _quoted(fr: str, en: str, value: Any) -> tuple[str, str]:
    return (f"«\u202f{fr}\u202f»", f"“{en}”") if value else (fr, en)


def reordered(level: Level, at: At, noun: Noun, names: Sequence[Sequence[str]] | None) -> Change:
    """That members stand in another order; ``names``: in which, before and after, where it is worth listing."""
    fr, en = noun.count(2)
    past = _participle(Action.REORDERED, noun, 2)
    tail = " → ".join(", ".join(each) for each in names) if names else ""
    listed = (f" : {tail}", f": {tail}") if tail else ("", "")
    words = Text.of(fr=f"{_joined(at.fr, fr)} {past[0]}{listed[0]}", en=f"{_joined(at.en, en)} {past[1]}{listed[1]}")
    return Change(level, Action.REORDERED, at.where, words, at.noun, (fr, en))


def highest(changes: Iterable[Change]) -> Level | None:
    """How much the changes change together; ``None`` when there are none."""
    return max((change.level for change in changes), default=None)


def told(changes: Iterable[Change], language: str = "en") -> Iterator[tuple[Level, str]]:
    """The changes as lines, the most breaking first; many of one sort are counted, and the first listed."""
    groups: dict[tuple[object, ...], list[Change]] = {}
    for change in changes:
        groups.setdefault((-change.level, change.action, change.noun, change.aspect), []).append(change)
    for _, group in sorted(groups.items(), key=lambda entry: -entry[1][0].level):
        if len(group) <= FEW or group[0].noun is None:
            yield from ((change.level, change.words.best(language) or "") for change in group)
        else:
            yield group[0].level, _counted(group, language)


def _counted(group: Sequence[Change], language: str) -> str:
    first, number = group[0], len(group)
    at = 0 if language == "fr" else 1
    assert first.noun is not None
    ids = ", ".join(change.where for change in group[:LISTED])
    more = number - LISTED
    rest = "" if more <= 0 else (f" et {more} autres" if at == 0 else f" and {more} more")
    aspect = f" ({first.aspect[at]})" if first.aspect[at] else ""
    subject, past = first.noun.count(number)[at], _participle(first.action, first.noun, number)[at]
    return f"{number} {subject} {past}{aspect}{' :' if at == 0 else ':'} {ids}{rest}"

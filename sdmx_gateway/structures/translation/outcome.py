"""What a translation gives: artefacts, and a note for each thing that became another or did not come along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.structures.model import Artefact
from sdmx_gateway.structures.urn import Urn


@dataclass(frozen=True)
class Translation:
    """The artefacts of one generation as those of another.

    Attributes:
        artefacts: what they became; what no rule turns into something else is there as it was.
        notes: ``translated`` where the same is said in another way, ``lost-in-translation`` where less is said than before,
            ``not-translated`` where an artefact stays as it is although the other generation does not have it so;
            ``where.key`` is the URN of the artefact as it was.
        origins: of each of the artefacts the URN of what it was made of.
    """

    artefacts: tuple[Artefact, ...]
    notes: tuple[Problem, ...] = ()
    origins: tuple[Urn, ...] = field(default=(), compare=False)

    @property
    def losses(self) -> tuple[Problem, ...]:
        """The notes that tell of something the other generation does not say."""
        return tuple(note for note in self.notes if note.code == "lost-in-translation")

    @property
    def refusals(self) -> tuple[Problem, ...]:
        """The notes that tell why an artefact is not turned into one of the other generation."""
        return tuple(note for note in self.notes if note.code == "not-translated")

    def reasons(self, urn: Urn) -> tuple[Problem, ...]:
        """Why an artefact is not turned into one of the other generation, or says less there; ``urn`` as it was."""
        return self._reasons.get(str(urn), ())

    @cached_property
    def _reasons(self) -> Mapping[str | None, tuple[Problem, ...]]:
        found: dict[str | None, tuple[Problem, ...]] = {}
        for note in (*self.refusals, *self.losses):
            found[note.where.key] = (*found.get(note.where.key, ()), note)
        return found


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one artefact becomes.

    Attributes:
        artefacts: what it becomes; itself when it stays.
        notes: as in :class:`Translation`.
        renamed: what it was called, and what it held, with the names they go by now.
    """

    artefacts: tuple[Artefact, ...] = ()
    notes: tuple[Problem, ...] = ()
    renamed: tuple[tuple[Urn, Urn], ...] = ()


def told(urn: Urn, what: str, rows: int | None = None) -> Problem:
    """A note that something is said in another way; ``rows``: how many codes or rows are concerned."""
    return Problem("translated", what, Where(key=str(urn)), rows=rows)


def lost(urn: Urn, what: str, remedy: str = "") -> Problem:
    """A note that something is not said any more."""
    return Problem("lost-in-translation", what, Where(key=str(urn)), remedy=remedy)


def stays(artefact: Artefact, why: str, remedy: str = "") -> Outcome:
    """The artefact as it is, which cannot be written then, and why."""
    note = Problem("not-translated", why, Where(key=str(artefact.urn)), remedy=remedy)
    return Outcome(artefacts=(artefact,), notes=(note,))


def becomes(artefact: Artefact, new: Artefact, *notes: Problem) -> Outcome:
    """One artefact in the place of another, under which what refers to it finds it."""
    what = f"{artefact.KIND.value} {artefact.urn.short} becomes {new.KIND.value} {new.urn.short}"
    return Outcome(artefacts=(new,), notes=(told(artefact.urn, what), *notes), renamed=((artefact.urn, new.urn),))

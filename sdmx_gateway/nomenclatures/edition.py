"""A list beside the one that is held: the same, or what was added, withdrawn, relabelled, and the version that has to follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.structures.comparison.change import Change, highest
from sdmx_gateway.structures.comparison.changes import compare
from sdmx_gateway.structures.comparison.immutability import in_words
from sdmx_gateway.structures.comparison.levels import Level, level_between, next_version
from sdmx_gateway.structures.model import Artefact, Codelist
from sdmx_gateway.structures.urn import version_key

FIRST_VERSION = "1.0"
"""The version of the first edition when none is asked for."""


class Outcome(StrEnum):
    """What a file is to the list that is held."""

    NEW = "new"
    UNCHANGED = "unchanged"
    CHANGED = "changed"


@dataclass(frozen=True)
class Edition:
    """What a file is to the list that is held.

    Attributes:
        outcome: whether anything is new in it.
        held: the latest version that is held.
        changes: what changed since.
        version: the version the file gets; that of the list that is held when it says the same.
    """

    outcome: Outcome
    held: Codelist | None
    changes: tuple[Change, ...]
    version: str

    @property
    def level(self) -> Level | None:
        """How much changed."""
        return highest(self.changes)


def latest(held: Iterable[Artefact], agency: str, own_id: str) -> Codelist | None:
    """The latest version of a list that is held."""
    found = (a for a in held if isinstance(a, Codelist) and (a.agency, a.id) == (agency, own_id))
    return max(found, key=lambda codelist: version_key(codelist.version), default=None)


def edition(coming: Codelist, held: Codelist | None, asked: str | None) -> Edition:
    """What a list that comes is to the one that is held; where it was read from is not compared.

    Args:
        coming: the list of the file.
        held: the latest version that is held.
        asked: the version somebody wants it to have.
    """
    if held is None:
        return Edition(Outcome.NEW, None, (), asked or FIRST_VERSION)
    changes = compare(held, replace(coming, annotations=held.annotations))
    if not changes:
        return Edition(Outcome.UNCHANGED, held, (), held.version)
    return Edition(Outcome.CHANGED, held, changes, asked or next_version(held.version, _level(changes)))


def _level(changes: Iterable[Change]) -> Level:
    level = highest(changes)
    assert level is not None
    return level


def too_low(found: Edition, coming: Codelist, file: str) -> Problem | None:
    """The problem that the version asked for says less than what changed."""
    if found.held is None or found.outcome is not Outcome.CHANGED:
        return None
    level, said = _level(found.changes), level_between(found.held.version, found.version)
    wanted = next_version(found.held.version, level)
    if said is not None and said >= level:
        return None
    return Problem(
        "understated-version",
        f"version {found.version} says too little: since {found.held.urn.short} {in_words(found.changes)}",
        Where(file=file, key=str(replace(coming, version=found.version).urn)),
        why=f"that is a {level.name} change",
        remedy=f"give --version {wanted} or higher, or leave it out",
        value=wanted,
    )

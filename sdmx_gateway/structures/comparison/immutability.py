"""What was published under a version that does not change has not changed: looked for between two states of a catalogue.

SDMX 3.0 Section 6 (technical notes), §14.2: once an artefact of a version X.Y.Z has been released, that version must not be
modified; versions 0.Y.Z are for modelling, where everything may change, and one with an extension is a draft. In SDMX 2.1 the
word is ``isFinal``. Each breach is told with what changed, and with the version that would have been right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from sdmx_gateway.errors import Problem, StructureError, Where
from sdmx_gateway.structures import versions
from sdmx_gateway.structures.comparison.change import Change, highest, told
from sdmx_gateway.structures.comparison.changes import compare
from sdmx_gateway.structures.comparison.levels import Level, level_between, next_version
from sdmx_gateway.structures.model import Artefact, Kind, Urn
from sdmx_gateway.structures.urn import version_key

_TOLD: Final = 6
"""So many lines of what changed are given in one problem."""
UNVERSIONED: Final = frozenset(
    {
        Kind.AGENCY_SCHEME,
        Kind.DATA_PROVIDER_SCHEME,
        Kind.DATA_CONSUMER_SCHEME,
        Kind.METADATA_PROVIDER_SCHEME,
    }
)
"""Kinds whose version is always 1.0 and says nothing (SDMX 3.0 Section 6, §14: fixed versions)."""


def is_frozen(artefact: Artefact) -> bool:
    """Whether the artefact may never change again.

    >>> from sdmx_gateway.structures.model import Codelist
    >>> [is_frozen(Codelist(agency="A", id="CL", version=v)) for v in ("1.0.0", "1.0", "0.1.0", "1.0.0-draft")]
    [True, False, False, False]
    """
    if artefact.KIND in UNVERSIONED:
        return False
    return artefact.is_final or (versions.is_stable(artefact.version) and not artefact.version.startswith("0."))


def violations(before: Iterable[Artefact], after: Iterable[Artefact]) -> tuple[Problem, ...]:
    """Everything that may not have happened between two states; ``where.key`` is the URN of the artefact.

    Args:
        before: what was held, published or exported.
        after: what is held now.
    """
    was, now = {a.urn: a for a in before}, {a.urn: a for a in after}
    return (*_broken(was, now), *_understated(was, now))


def _broken(was: Mapping[Urn, Artefact], now: Mapping[Urn, Artefact]) -> Iterator[Problem]:
    for urn, old in was.items():
        if not is_frozen(old):
            continue
        new = now.get(urn)
        if new is None:
            yield Problem(
                "removed-stable",
                f"{urn.kind.value} {urn.short} was published for good and is gone",
                Where(key=str(urn)),
                why=_why(old),
                remedy="put it back; give it valid_to when it is out of use",
            )
        elif new is not old and not _is_part(old, new) and new != old and (problem := changed_for_good(old, new)):
            yield problem


def _is_part(old: Artefact, new: Artefact) -> bool:
    """Whether one of the two says less than it could: a stub, or some items of a list."""
    if old.is_external_reference or new.is_external_reference:
        return True
    return getattr(old, "is_partial", False) is not getattr(new, "is_partial", False)


def changed_for_good(old: Artefact, new: Artefact) -> Problem | None:
    """The problem that an artefact that may not change says something else now; ``None`` when it may, or does not."""
    changes = _changes(old, new) if is_frozen(old) else ()
    level = highest(changes)
    if level is None:
        return None
    urn = old.urn
    wanted = next_version(old.version, level)
    reason = next(text for _, text in told(c for c in changes if c.level is level))
    return Problem(
        "changed-stable",
        f"{urn.kind.value} {urn.short} was published for good and has changed: {in_words(changes)}",
        Where(key=str(urn)),
        why=_why(old),
        remedy=f"give the change version {wanted} ({level.name}: {reason}), and keep {old.version} as it was",
        value=wanted,
    )


def clash(pairs: Iterable[tuple[Artefact, Artefact]]) -> StructureError:
    """The error that different artefacts have one name: which, what differs, and of what may not change the version wanted.

    Args:
        pairs: what was held first, and what came under the same name.
    """
    held = {old.urn: (old, new) for old, new in pairs}
    told_of = [_refusal(old, new) for old, new in held.values()]
    return StructureError(
        f"different artefacts have one name: {', '.join(map(str, held))}",
        why="; ".join(what for what, _ in told_of),
        remedy="; ".join(dict.fromkeys(remedy for _, remedy in told_of)),
    )


def _refusal(old: Artefact, new: Artefact) -> tuple[str, str]:
    """What differs between two artefacts of one name, and what to do about it."""
    problem = changed_for_good(old, new)
    if problem is not None:
        return problem.what, problem.remedy
    changes = in_words(compare(old, new)) or "what a component takes from its concept"
    return f"{old.urn.short} is given twice: {changes}", "give one of them another version, or keep one only"


def _changes(old: Artefact, new: Artefact) -> tuple[Change, ...]:
    """What changed; whether a stable version is called final besides says nothing."""
    both = is_frozen(old) and is_frozen(new)
    return compare(old, replace(new, is_final=old.is_final) if both else new)


def in_words(changes: Iterable[Change], language: str = "en") -> str:
    """The changes in one sentence, the most breaking first, cut after a few."""
    lines = [text for _, text in told(changes, language)]
    more = len(lines) - _TOLD
    tail = {"fr": f" ; et {more} autres", "en": f"; and {more} more"} if more > 0 else {}
    separator = " ; " if language == "fr" else "; "
    return separator.join(lines[:_TOLD]) + tail.get(language, "")


def _why(artefact: Artefact) -> str:
    if artefact.is_final:
        return "it is final (isFinal), and others may hold it as it was"
    return f"version {artefact.version} is stable, and others may hold it as it was (SDMX 3.0 Section 6, §14.2)"


def _understated(was: Mapping[Urn, Artefact], now: Mapping[Urn, Artefact]) -> Iterator[Problem]:
    """New stable versions whose number says less than what changed since the one before."""
    held: dict[tuple[Kind, str, str], dict[str, Artefact]] = {}
    for artefact in (*now.values(), *was.values()):
        held.setdefault((artefact.KIND, artefact.agency, artefact.id), {})[artefact.version] = artefact
    for urn, new in now.items():
        if urn in was or not is_frozen(new):
            continue
        family = held[urn.kind, urn.agency, urn.id]
        earlier = [v for v, a in family.items() if is_frozen(a) and version_key(v) < version_key(new.version)]
        if not earlier:
            continue
        old = family[max(earlier, key=version_key)]
        level, said = highest(_changes(old, new)), level_between(old.version, new.version)
        if level is not None and said is not None and level > said:
            yield _too_low(old, new, level, said)


def _too_low(old: Artefact, new: Artefact, level: Level, said: Level) -> Problem:
    changes = [change for change in _changes(old, new) if change.level > said]
    wanted = next_version(old.version, level)
    return Problem(
        "understated-version",
        f"{new.KIND.value} {new.urn.short} says a {said.name} change since {old.version}, and it is a {level.name} one: "
        f"{in_words(changes)}",
        Where(key=str(new.urn)),
        why="who refers to it with a version left open would take it for compatible",
        remedy=f"give it version {wanted}",
        value=wanted,
    )

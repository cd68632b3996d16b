"""How much a change changes, in the words of semantic versioning, and the version that has to follow.

SDMX 3.0 Section 6 (technical notes), §14.2: PATCH where names, descriptions and annotations change only, MINOR where something is
added that breaks nothing, MAJOR where something is taken away or breaks. What that means for each part of each artefact is in
:mod:`.words`; what it means for a reference is here, after the SDMX Technical Working Group's guidelines (repository
sdmx-twg/semver, "Changing an artefact reference").
"""

from __future__ import annotations

from enum import IntEnum

from sdmx_gateway.structures.urn import Urn

_PARTS = 3


class Level(IntEnum):
    """How much a change changes; the greater, the more it breaks."""

    PATCH = 1
    MINOR = 2
    MAJOR = 3


def next_version(version: str, level: Level) -> str:
    """The version an artefact has to get when it changes that much.

    One of fewer than three numbers, of SDMX 2.1, keeps their count: a PATCH counts as a MINOR there (ours).

    >>> next_version("1.2.3", Level.MINOR), next_version("1.2.3", Level.PATCH), next_version("1.2", Level.PATCH)
    ('1.3.0', '1.2.4', '1.3')
    """
    numbers = _numbers(version)
    place = min(_PARTS - level, len(numbers) - 1)
    raised = [*numbers[:place], numbers[place] + 1, *(0 for _ in numbers[place + 1 :])]
    return ".".join(map(str, raised))


def level_between(old: str, new: str) -> Level | None:
    """How much the step from a version to a later one says has changed; ``None`` when it is no later one.

    >>> level_between("1.2.3", "1.3.0"), level_between("1.2.3", "1.2.3")
    (<Level.MINOR: 2>, None)
    """
    before, after = _padded(old), _padded(new)
    return None if after <= before else _first_difference(before, after)


def level_of_reference(old: Urn, new: Urn) -> Level:
    """How much an artefact changes when it refers to something else.

    Another agency, id or item is another thing. Another version counts as much as the two versions differ, downwards
    more; a version that is left open counts as much as it leaves open. What an open version means on either day is not looked up.

    >>> from sdmx_gateway.structures.urn import Kind
    >>> one = Urn(Kind.CODELIST, "A", "CL", "1.2.0")
    >>> level_of_reference(one, Urn(Kind.CODELIST, "A", "CL", "1.3.0")), level_of_reference(one, Urn(Kind.CODELIST, "A", "CL", "1+.2.0"))
    (<Level.MINOR: 2>, <Level.MAJOR: 3>)
    """
    same = (old.kind, old.agency, old.id, old.item) == (new.kind, new.agency, new.id, new.item)
    if not same:
        return Level.MAJOR
    level = _between_floors(old.version, new.version)
    if new.is_open:
        return max(level, _openness(new.version))
    return max(level, Level.MINOR) if old.is_open else level


def _between_floors(old: str, new: str) -> Level:
    before, after = _padded(old), _padded(new)
    if before == after:
        return Level.PATCH
    level = _first_difference(before, after)
    return Level.MAJOR if after < before and level is not Level.PATCH else level


def _openness(version: str) -> Level:
    """How much may come in through a version that is left open: as much as its first open number."""
    parts = version.partition("-")[0].split(".")
    place = next((at for at, part in enumerate(parts) if not part.isdigit()), 0)
    return Level(_PARTS - min(place, _PARTS - 1))


def _first_difference(before: tuple[int, ...], after: tuple[int, ...]) -> Level:
    place = next((at for at in range(_PARTS) if before[at] != after[at]), _PARTS - 1)
    return Level(_PARTS - place)


def _padded(version: str) -> tuple[int, ...]:
    return (*_numbers(version), 0, 0, 0)[:_PARTS]


def _numbers(version: str) -> tuple[int, ...]:
    parts = (part.rstrip("+*~") for part in version.partition("-")[0].split("."))
    return tuple(int(part) if part.isdigit() else 0 for part in parts)

"""Which versions a query asks for, in the words of SDMX REST.

SDMX REST 2.2, ``doc/querying_versions.md``: an exact version, ``*`` every one, ``~`` the latest, ``+`` the latest stable one, and
one of the three inside a version: ``1.2+.0`` the latest stable one of 1 from 1.2.0 on, ``2.~`` the latest of the form 2.y,
``1.0.2*`` every 1.0.z from 1.0.2 on. As many numbers as the word has the versions it means have, too. REST 1.5 says ``latest``.

One thing is ours: where an artefact has no semantic version at all, ``+`` means the highest it has that is no draft, for most
artefacts in the world still have versions of two numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sdmx_gateway.structures import versions
from sdmx_gateway.structures.urn import ANY, VERSION, version_key

_WORD: Final = re.compile(r"(\d*[+~*]|\d+)(\.(\d*[+~*]|\d+)){1,2}")
_OPERATORS: Final = "+~*"
_SEMANTIC: Final = 3


@dataclass(frozen=True, slots=True)
class VersionWord:
    """A version that is left open.

    Attributes:
        operator: ``+``, ``~`` or ``*``.
        floor: the lowest version meant.
        fixed: how many of its numbers are given.
    """

    operator: str
    floor: tuple[int, ...]
    fixed: int

    def admits(self, version: str) -> bool:
        """Whether it may mean a version."""
        numbers = tuple(int(part) for part in version.partition("-")[0].split("."))
        if len(numbers) != len(self.floor) or (self.operator == "+" and (versions.is_draft(version) or not numbers[0])):
            return False
        return numbers >= self.floor and numbers[: self.fixed] == self.floor[: self.fixed]


def parse(text: str) -> VersionWord | None:
    """The version a word leaves open; ``None`` when the standard has no such word.

    >>> parse("1.2+.0")
    VersionWord(operator='+', floor=(1, 2, 0), fixed=1)
    >>> parse("1.+.3"), parse("2.3+")
    (None, None)
    """
    parts = text.split(".")
    open_at = [place for place, part in enumerate(parts) if part[-1:] and part[-1] in _OPERATORS]
    if not _WORD.fullmatch(text) or len(open_at) != 1:
        return None
    place = open_at[0]
    operator, given = parts[place][-1], parts[place][:-1]
    later = parts[place + 1 :]
    if (not given and any(int(part) for part in later)) or (operator == "+" and len(parts) < _SEMANTIC):
        return None
    floor = tuple(int(part.rstrip(_OPERATORS) or 0) for part in parts)
    return VersionWord(operator, floor, place)


def remedy(text: str) -> str:
    """What to write instead of a word there is not.

    >>> remedy("~.2.3"), remedy("2.3+")
    ('write ~.0.0', 'write 2.3+.0')
    """
    parts = text.split(".")
    open_at = [place for place, part in enumerate(parts) if part[-1:] and part[-1] in _OPERATORS]
    if not _WORD.fullmatch(text) or len(open_at) != 1:
        return "write 1.0, ~ or *; + for the latest stable, 1.2+.0 for one from there on"
    if parts[open_at[0]][-1] == "+" and len(parts) < _SEMANTIC:
        return f"write {'.'.join([*parts, '0'])}"
    return f"write {'.'.join([*parts[: open_at[0] + 1], *('0' for _ in parts[open_at[0] + 1 :])])}"


def asked(word: str, held: Iterable[str]) -> tuple[str, ...]:
    """Of these versions of one artefact those a word asks for, in their order.

    >>> asked("1.2+.0", ["1.2.0", "1.10.1", "2.0.0", "1.11.0-draft"]), asked("1.*", ["1.0", "1.1", "1.0.0"])
    (('1.10.1',), ('1.0', '1.1'))
    >>> asked("+", ["1.0", "1.1", "2.0.0", "2.1.0-draft"]), asked("+", ["1.0", "1.1"])
    (('2.0.0',), ('1.1',))
    """
    there = tuple(held)
    if word == ANY or word in versions.LATEST or VERSION.fullmatch(word):
        return versions.meant(word, there)
    if word == versions.LATEST_STABLE:
        semantic = tuple(v for v in there if versions.is_stable(v) and not v.startswith("0."))
        return _highest(there, semantic) if semantic else versions.meant(word, there)
    meant = parse(word)
    admitted = () if meant is None else tuple(version for version in there if meant.admits(version))
    return admitted if meant is not None and meant.operator == ANY else _highest(there, admitted)


def _highest(held: tuple[str, ...], admitted: tuple[str, ...]) -> tuple[str, ...]:
    best = max(admitted, key=version_key, default=None)
    return tuple(version for version in held if version == best)

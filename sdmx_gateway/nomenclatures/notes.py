"""What reading a spreadsheet turns up: problems, for which it is refused, and remarks, which are only told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Final

from sdmx_gateway.errors import Problem

_NEAR: Final = 0.5
_SHOWN: Final = 6


@dataclass
class Notes:
    """What was found so far; nothing is refused before all is read."""

    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)


def gathered(found: Iterable[Problem]) -> list[Problem]:
    """The same with one entry, at its first place, for each thing that is said of several rows.

    >>> [(p.what, p.rows) for p in gathered([Problem("c", "x", value="1"), Problem("c", "x", value="1"), Problem("c", "y")])]
    [('x', 2), ('y', None)]
    """
    groups: dict[tuple[object, ...], list[Problem]] = {}
    for problem in found:
        said = (problem.code, problem.what, problem.why, problem.where.column, problem.value)
        groups.setdefault(said, []).append(problem)
    return [replace(group[0], rows=len(group)) if len(group) > 1 else group[0] for group in groups.values()]


def nearest(wanted: str, known: Iterable[str]) -> str:
    """The known words nearest to one that is not, as a remedy; the first of them all when none is near.

    >>> nearest("exat", ["exact", "narrower"])
    "did you mean 'exact'?"
    """
    words = list(dict.fromkeys(known))
    near = get_close_matches(wanted, words, n=1, cutoff=_NEAR)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(words[:_SHOWN])}"

"""What reading authored files turns up, told at its place: problems, references still to be answered, names that are taken.

Nothing is refused while reading: whoever edits the files is told everything at once. What can only be judged when all is
read (does the list have the code that is named?) waits in :attr:`Notes.later`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.structures.checking.holding import Holding
from sdmx_gateway.structures.model import Artefact, Concept, ConceptScheme, Urn

Held = Mapping[Urn, Artefact]
"""What is read so far, by URN."""
Later = Callable[[Holding], None]
"""A check that waits until everything is read."""
_NEAR: Final = 0.5
_SHOWN: Final = 12


@dataclass
class Notes:
    """What was found.

    Attributes:
        problems: everything that is wrong.
        references: what is referred to, and where.
        used: the tables (CSV) that something reads.
        later: checks that wait until everything is read.
        folder: the place of the folder that is being read among those loaded; a later folder's artefact stands in for an earlier one's.
    """

    problems: list[Problem] = field(default_factory=list)
    references: list[tuple[Where, Urn]] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    later: list[Later] = field(default_factory=list)
    folder: int = 0
    _taken: dict[tuple[int, Urn], Where] = field(default_factory=dict)

    def add(
        self, code: str, what: str, where: Where, *, near: Iterable[str] = (), wanted: str = "", remedy: str = ""
    ) -> None:
        """Note a problem; the word nearest to ``wanted`` among ``near`` becomes the remedy when there is one."""
        self.problems.append(Problem(code, what, where, remedy=remedy or hint(wanted, near), value=wanted or None))

    def refer(self, where: Where, target: Urn) -> None:
        """Note a reference, to be answered by what is loaded in the end."""
        self.references.append((where, target))

    def claim(self, urn: Urn, where: Where) -> None:
        """Note the name of an artefact; one that another place of the same folder has already is a problem."""
        first = self._taken.setdefault((self.folder, urn), where)
        if first != where:
            self.add("duplicate-artefact", f"{urn.short} is already written at {first}", where, wanted=urn.short)


def hint(wanted: str, near: Iterable[str]) -> str:
    """What to do about a word that is not known: the nearest there is, else the first of those there are.

    >>> hint("nmae", ["name", "version"]), hint("x", ["name", "version"])
    ("did you mean 'name'?", 'known: name, version')
    """
    known = list(dict.fromkeys(near))
    close = get_close_matches(wanted, known, n=1, cutoff=_NEAR)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"known: {', '.join(known[:_SHOWN])}" if known else ""


def concept_named(held: Held, urn: Urn) -> Concept | None:
    """The concept of that URN, where it is held."""
    scheme = held.get(urn.maintainable)
    return scheme.by_id.get(urn.item or "") if isinstance(scheme, ConceptScheme) else None

"""The account of one message that is read: what makes it be refused, what was repaired, what was left out.

Nothing is ever dropped in silence: a part no description knows is counted, and told once for each artefact it was found in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sdmx_gateway.errors import MessageRejected, Problem, Where
from sdmx_gateway.structures.codec.form import Form

MAX_ERRORS: Final = 1_000
"""Most reasons to refuse one message: more are told by nobody, and a message made of mistakes must not fill memory with them."""
MAX_WORDS: Final = 300
"""Longest sentence on what a message says; of what it quotes the beginning and the end are shown."""
_END: Final = 60


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a message something stands: its line, where known, the artefact it lies in, and in JSON the way to it."""

    row: int | None = None
    owner: str | None = None
    path: str = ""

    def where(self) -> Where:
        """The place, as problems carry it."""
        return Where(row=self.row, key=", ".join(part for part in (self.owner, self.path) if part) or None)


def shown(what: str) -> str:
    """A sentence that is not longer than one may be.

    >>> len(shown("x" * 1_000_000))
    300
    """
    return what if len(what) <= MAX_WORDS else f"{what[: MAX_WORDS - _END - 1]}…{what[-_END:]}"


@dataclass
class Account:
    """What came of reading a message.

    Attributes:
        form: what the message is written in.
        language: the language of texts that do not say theirs.
        errors: why the message must be refused.
        notes: what was repaired or skipped.
    """

    form: Form
    language: str = "en"
    errors: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    _foreign: list[Problem] = field(default_factory=list)
    _repaired: dict[tuple[str | None, str], list[int | None]] = field(default_factory=dict)
    _left_out: dict[tuple[str | None, str], int] = field(default_factory=dict)

    def wrong(self, code: str, what: str, place: Place) -> None:
        """Note a reason to refuse the message.

        Raises:
            MessageRejected: there are too many; they are given, with a last one that says so.
        """
        self.errors.append(Problem(code, shown(what), place.where()))
        if len(self.errors) == MAX_ERRORS:
            last = Problem(
                "too-many-mistakes", f"nothing is read behind the first {MAX_ERRORS} mistakes", place.where()
            )
            raise MessageRejected("the message cannot be read", [*self.errors, last])

    def foreign(self, what: str, place: Place) -> None:
        """Note a reference to something of no standard: a reason to refuse the message, unless its artefact can be skipped."""
        self.wrong("wrong-reference", what, place)
        self._foreign.append(self.errors[-1])

    def skips(self, label: str, place: Place, *, since: int) -> bool:
        """Whether what is wrong since then is that the artefact refers to something of no standard: it is told as skipped then."""
        found = self.errors[since:]
        if not found or any(problem not in self._foreign for problem in found):
            return False
        del self.errors[since:]
        self.skipped(f"{label}: {found[0].what}", place)
        return True

    def repaired(self, what: str, place: Place) -> None:
        """Note something read otherwise than it is written; the same in one artefact is told once, with its first line."""
        self._repaired.setdefault((place.owner, shown(what)), []).append(place.row)

    def skipped(self, what: str, place: Place) -> None:
        """Note an artefact that was not read."""
        self.notes.append(Problem("skipped-artefact", shown(what), place.where()))

    def left_out(self, name: str, place: Place) -> None:
        """Count a part of an artefact that the model does not hold."""
        key = (place.owner, shown(name))
        self._left_out[key] = self._left_out.get(key, 0) + 1

    def all_notes(self) -> tuple[Problem, ...]:
        """The notes, with one for each kind of repair, and of part left out, of an artefact."""
        repairs = (
            Problem("repaired", what, Where(row=rows[0], key=owner), rows=len(rows) if len(rows) > 1 else None)
            for (owner, what), rows in self._repaired.items()
        )
        parts = (
            Problem("left-out", f"{name} is not held", Where(key=owner), value=name, rows=count)
            for (owner, name), count in self._left_out.items()
        )
        return (*self.notes, *repairs, *parts)

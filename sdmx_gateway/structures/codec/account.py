"""The account of one message that is read: what makes it be refused, what was repaired, what was left out.

Nothing is ever dropped in silence: a part no description knows is counted, and told once for each artefact it was found in.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.structures.codec.form import Form


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a message something stands: its line, where known, and the artefact it lies in."""

    row: int | None = None
    owner: str | None = None

    def where(self) -> Where:
        """The place, as problems carry it."""
        return Where(row=self.row, key=self.owner)


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
    _repaired: dict[tuple[str | None, str], list[int | None]] = field(default_factory=dict)
    _left_out: dict[tuple[str | None, str], int] = field(default_factory=dict)

    def wrong(self, code: str, what: str, place: Place) -> None:
        """Note a reason to refuse the message."""
        self.errors.append(Problem(code, what, place.where()))

    def repaired(self, what: str, place: Place) -> None:
        """Note something read otherwise than it is written; the same in one artefact is told once, with its first line."""
        self._repaired.setdefault((place.owner, what), []).append(place.row)

    def skipped(self, what: str, place: Place) -> None:
        """Note an artefact that was not read."""
        self.notes.append(Problem("skipped-artefact", what, place.where()))

    def left_out(self, name: str, place: Place) -> None:
        """Count a part of an artefact that the model does not hold."""
        key = (place.owner, name)
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

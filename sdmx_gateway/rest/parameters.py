"""The values of query parameters, read into their types; what does not read is noted and takes its default."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, tzinfo

from sdmx_gateway.rest import limits
from sdmx_gateway.rest.periods import span
from sdmx_gateway.rest.reading import IDENTIFIER, Reading, nearest

_DATE_TIME_LENGTH = 40


class Parameters:
    """The parameters of one query by name, read through a :class:`Reading` that collects what is wrong."""

    def __init__(self, reading: Reading, known: Collection[str]) -> None:
        self._reading = reading
        self._values: Mapping[str, str] = reading.parameters(known)

    def _wrong(self, name: str, expected: str) -> None:
        value = self._values[name]
        self._reading.wrong("wrong-parameter", f"{name}={value[:80]} is not {expected}", where=name, value=value[:80])

    def count(self, name: str, *, least: int = 1) -> int | None:
        """A whole number from ``least`` to :data:`.limits.MAX_COUNT`."""
        text = self._values.get(name)
        if text is None:
            return None
        if text.isascii() and text.isdigit() and len(text) <= 10 and least <= int(text) <= limits.MAX_COUNT:
            return int(text)
        self._wrong(name, f"a whole number of at least {least}")
        return None

    def instant(self, name: str, *, zone: tzinfo) -> datetime | None:
        """An instant (xs:dateTime), aware; without an offset it is in ``zone``, the service's (REST 2.2)."""
        text = self._values.get(name)
        if text is None:
            return None
        try:
            read = datetime.fromisoformat(text[:_DATE_TIME_LENGTH])
        except ValueError:
            self._wrong(name, "a date and time such as 2025-02-01T00:00:00+01:00")
            return None
        return read if read.tzinfo else read.replace(tzinfo=zone)

    def period(self, name: str) -> str | None:
        """A Gregorian or reporting period, or a dateTime."""
        text = self._values.get(name)
        if text is not None and span(text) is None:
            self._wrong(name, "a period such as 2024, 2024-Q3, 2024-09 or 2024-09-30")
            return None
        return text

    def identifier(self, name: str) -> str | None:
        """The id of a component."""
        text = self._values.get(name)
        if text is not None and not IDENTIFIER.fullmatch(text):
            self._wrong(name, "an id")
            return None
        return text

    def identifiers(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """Ids separated by commas."""
        text = self._values.get(name)
        if text is None:
            return default
        names = tuple(text.split(","))
        if not all(map(IDENTIFIER.fullmatch, names)):
            self._wrong(name, "a list of ids separated by commas")
        return names

    def flag(self, name: str) -> bool:
        """``true`` or ``false``."""
        return self.word(name, ("false", "true")) == "true"

    def word(self, name: str, words: Collection[str], *, default: str = "") -> str:
        """One of these words; the mistaken one is noted with the nearest right one."""
        text = self._values.get(name, default)
        if text and text not in words:
            self._reading.wrong(
                "wrong-parameter", f"{name}={text[:80]} is unknown", where=name, remedy=nearest(text, words)
            )
        return text

    def words(self, name: str, words: Collection[str], *, default: str) -> tuple[str, ...]:
        """Some of these words, separated by commas."""
        names = tuple(self._values.get(name, default).split(","))
        for word in names:
            if word not in words:
                self._reading.wrong(
                    "wrong-parameter", f"{name}={word[:80]} is unknown", where=name, remedy=nearest(word, words)
                )
        return names

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __getitem__(self, name: str) -> str:
        return self._values[name]

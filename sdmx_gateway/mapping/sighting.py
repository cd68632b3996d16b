"""What can be seen of a column nobody has explained yet: a number, a period, or codes and labels of a code list.

Labels are compared blind to case, accents, hyphens and apostrophes: ``CÔTE-D'OR`` and ``Côte d’Or`` are one. What is not found is given
its likeliest codes with a score from 0 to 1, for a person to choose from.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import polars as pl

from sdmx_gateway.mapping.numbers import decimal_numbers, whole_numbers
from sdmx_gateway.mapping.periods import period
from sdmx_gateway.structures.model import Codelist

SURE: Final = 0.6
"""Part of a column's distinct texts that must be found for it to be taken for something."""
LIKELY: Final = 0.45
"""Score from which a code is named as a candidate."""
MOST_CANDIDATES: Final = 3
_TIMES: Final = ("an", "annee", "annees", "year", "time", "temps", "periode", "period", "mois", "trimestre", "date")
"""How headings call a period: without one of these, two digits are no year."""
_PREFIXES: Final = {"D": ("dep",), "R": ("reg",), "C": ("com", "codgeo", "insee")}
"""Letters our lists of areas put before the numbers of the Code officiel géographique, and what headings call them."""


def plain(text: str) -> str:
    """A label as it is compared: no case, accent, hyphen, apostrophe or double space.

    >>> plain("CÔTE-D'OR") == plain("Côte d’Or")
    True
    """
    letters = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


@dataclass(frozen=True)
class Candidate:
    """A code that may be meant, and how near its label is to the text: 1 is the same."""

    code: str
    score: float


class Labels:
    """The codes of a list by their ids and labels."""

    def __init__(self, codelist: Codelist) -> None:
        self.codelist = codelist

    @cached_property
    def by_label(self) -> Mapping[str, str]:
        """Code by compared label; an id goes before a label of another code."""
        labels = {plain(text): code.id for code in reversed(self.codelist.items) for _, text in code.names}
        return labels | {plain(code.id): code.id for code in self.codelist.items}

    def found(self, texts: Sequence[str], prefix: str = "") -> dict[str, str]:
        """The codes of the texts that are a code or a label."""
        if prefix:
            return {text: prefix + text for text in texts if prefix + text in self.codelist}
        return {text: self.by_label[p] for text in texts if (p := plain(text)) in self.by_label}

    def prefixed(self, heading: str, texts: Sequence[str]) -> str:
        """The letter that makes codes of most of the texts; where several do, the one the heading speaks of."""
        shares = {p: len(self.found(texts, p)) / len(texts) for p in _PREFIXES}
        best = [p for p, part in shares.items() if part >= SURE]
        named = [p for p in best if any(word in plain(heading) for word in _PREFIXES[p])]
        return (named or best or [""])[0] if len(named or best) <= 1 or named else ""

    def candidates(self, text: str) -> list[Candidate]:
        """The likeliest codes of a text that is none, best first."""
        words = plain(text)
        near = difflib.get_close_matches(words, self.by_label, n=2 * MOST_CANDIDATES, cutoff=LIKELY)
        ratios = ((label, difflib.SequenceMatcher(None, label, words).ratio()) for label in near)
        scored = [Candidate(self.by_label[label], round(ratio, 2)) for label, ratio in ratios]
        once = {candidate.code: candidate for candidate in reversed(scored)}
        return sorted(once.values(), key=lambda c: (-c.score, c.code))[:MOST_CANDIDATES]


@dataclass(frozen=True)
class Sighting:
    """A column as seen: its heading, its distinct texts, and what they look like."""

    heading: str
    texts: tuple[str, ...]

    @cached_property
    def _series(self) -> pl.Series:
        return pl.Series(self.texts, dtype=pl.String)

    @cached_property
    def period(self) -> str | None:
        """The grammar of its periods, if that is what most of it holds."""
        if self._part(period(self._series, "any")) >= SURE:
            return "any"
        is_year = self.is_called(_TIMES) and self._part(period(self._series, "year")) >= SURE
        return "year" if is_year else None

    def is_called(self, words: Sequence[str]) -> bool:
        """Whether the heading has one of these words."""
        return bool(set(words) & set(plain(self.heading).split()))

    @property
    def is_time(self) -> bool:
        """Whether the heading speaks of time."""
        return self.is_called(_TIMES)

    def numbers(self, decimal: str) -> tuple[str, tuple[str, ...]] | None:
        """``integer`` or ``decimal`` where most of it are numbers, with the texts that are none."""
        decimals = decimal_numbers(self._series, decimal=decimal)
        if self._part(decimals) < SURE:
            return None
        kind = (
            "integer"
            if whole_numbers(self._series, decimal=decimal).null_count() == decimals.null_count()
            else "decimal"
        )
        return kind, tuple(self._series.filter(decimals.is_null()))

    def _part(self, read: pl.Series) -> float:
        return 1 - read.null_count() / read.len() if read.len() else 0.0

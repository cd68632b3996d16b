"""One line of a validation report, and how grave it is.

A finding says four things: which rule, where, what was found against what was expected, and what to do. One line may
stand for many observations (``count``) and, where a report has been cut short, for many lines (``lines``), so that
nothing found is ever left uncounted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from sdmx_gateway.errors import Where
from sdmx_gateway.structures.model import Text


class Severity(StrEnum):
    """How grave a finding is, in the meaning of the ESS ("Business architecture for validation in the ESS").

    ``ERROR``: not acceptable. ``WARNING``: acceptable with a justification. ``INFO``: for the record.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst: the order a report lists them in."""
        return _RANKS[self]


_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a rule found.

    Attributes:
        rule: id of the rule, or of the structural check.
        level: ESS validation level: 0 file and structure, 1 within one dataset, 2 over time, 3 mirror, 4 between
            domains, 5 with other institutions.
        severity: how grave it is.
        text: what was found, in French and English.
        advice: what to do about it, in French and English.
        where: series key, period and column of the first observation concerned.
        value: the offending value, as written in SDMX.
        expected: the value or form that would have been right, where one is known.
        count: how many observations (or cells) the line stands for; 0 in a notice, which says only how a rule ran.
        lines: how many lines it stands for: 1, or more where a rule found more than a report lists.
        struval: ``error code/message id`` of Eurostat's STRUVAL where it has one, e.g. ``150/029``.

    """

    rule: str
    level: int
    severity: Severity
    text: Text
    advice: Text = Text()
    where: Where = field(default_factory=Where)
    value: str | None = None
    expected: str | None = None
    count: int = 1
    lines: int = 1
    struval: str | None = None

    @property
    def message(self) -> str:
        """What was found, in English."""
        return self.text.best("en") or ""

    @property
    def remedy(self) -> str:
        """What to do about it, in English."""
        return self.advice.best("en") or ""

    @property
    def is_notice(self) -> bool:
        """Whether the line says how a rule ran, rather than what it found."""
        return self.count == 0

    def as_dict(self) -> dict[str, Any]:
        """The finding for ``--json`` and for the record of a release: only what is known."""
        known = {
            "rule": self.rule,
            "level": self.level,
            "severity": self.severity.value,
            "message": self.message,
            "remedy": self.remedy or None,
            "where": self.where.as_dict(),
            "value": self.value,
            "expected": self.expected,
            "count": self.count,
            "lines": self.lines,
            "struval": self.struval,
            "text": dict(self.text),
            "advice": dict(self.advice),
        }
        return {name: value for name, value in known.items() if value is not None}

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> Self:
        """The finding an :meth:`as_dict` was made from."""
        return cls(
            rule=record["rule"],
            level=record["level"],
            severity=Severity(record["severity"]),
            text=Text.of(**record["text"]),
            advice=Text.of(**record["advice"]),
            where=Where(**record["where"]),
            value=record.get("value"),
            expected=record.get("expected"),
            count=record["count"],
            lines=record["lines"],
            struval=record.get("struval"),
        )

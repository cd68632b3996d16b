"""What a validation found: every rule that ran, every line it found, and the shapes others read it in.

A report is a value: it can be stored with a release as a dictionary and read back whole. It never hides what did not
run: a rule that met nothing to check is in ``checked`` with 0 and in ``findings`` as information; a structural check that
had no such component to look at is in ``checked`` with 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sdmx_gateway.structures.model import Text, Urn
from sdmx_gateway.validation.finding import Finding, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRun:
    """One rule as it was run.

    Attributes:
        rule: id of the rule, or of the structural check.
        kind: its kind (``sum_along_hierarchy`` …); ``structural`` for the checks every dataset undergoes.
        expression: the rule in one line of English, with its parameters.
        severity: of what it finds.
        level: ESS validation level.
        name: its name, in French and English.
        checked: how many comparisons were made.
        failed: how many of them failed.
        skipped: how many could not be made for want of a part.
        because: why the rule is so, in the words of its author.

    """

    rule: str
    kind: str
    expression: str
    severity: Severity
    level: int
    name: Text
    checked: int
    failed: int
    skipped: int = 0
    because: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The run for ``--json``."""
        return {
            "rule": self.rule,
            "kind": self.kind,
            "expression": self.expression,
            "severity": self.severity.value,
            "level": self.level,
            "name": dict(self.name),
            "checked": self.checked,
            "failed": self.failed,
            "skipped": self.skipped,
            "because": self.because,
        }

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> Self:
        """The run an :meth:`as_dict` was made from."""
        return cls(**record | {"severity": Severity(record["severity"]), "name": Text.of(**record["name"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The result of one validation of one dataset; ``findings`` are worst first.

    Attributes:
        dataflow: whose data were checked.
        observations: how many observations there were.
        checked: every rule that ran.
        findings: what they found; see :class:`Finding`.
        created: when, with its time zone.

    """

    dataflow: Urn
    observations: int
    checked: tuple[RuleRun, ...]
    findings: tuple[Finding, ...]
    created: datetime

    def lines(self, severity: Severity) -> int:
        """How many findings of this severity there are, those not listed included."""
        return sum(finding.lines for finding in self.findings if finding.severity is severity)

    def occurrences(self, severity: Severity) -> int:
        """How many observations the findings of this severity stand for."""
        return sum(finding.count for finding in self.findings if finding.severity is severity)

    @property
    def errors(self) -> int:
        """How many findings are not acceptable."""
        return self.lines(Severity.ERROR)

    @property
    def warnings(self) -> int:
        """How many findings need a justification."""
        return self.lines(Severity.WARNING)

    @property
    def infos(self) -> int:
        """How many findings are for the record."""
        return self.lines(Severity.INFO)

    @property
    def blocking(self) -> bool:
        """Whether the dataset may not be released as it is."""
        return self.errors > 0

    def as_dict(self) -> dict[str, Any]:
        """The whole report for ``--json`` and for the record of a release; plain JSON values."""
        return {
            "dataflow": str(self.dataflow),
            "created": self.created.isoformat(),
            "observations": self.observations,
            "blocking": self.blocking,
            "counts": {
                severity.value: {"lines": self.lines(severity), "occurrences": self.occurrences(severity)}
                for severity in Severity
            },
            "checked": [run.as_dict() for run in self.checked],
            "findings": [finding.as_dict() for finding in self.findings],
        }

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> Self:
        """The report an :meth:`as_dict` was made from: what a release keeps can be shown again."""
        return cls(
            dataflow=Urn.parse(record["dataflow"]),
            observations=record["observations"],
            checked=tuple(RuleRun.from_dict(run) for run in record["checked"]),
            findings=tuple(Finding.from_dict(finding) for finding in record["findings"]),
            created=datetime.fromisoformat(record["created"]),
        )

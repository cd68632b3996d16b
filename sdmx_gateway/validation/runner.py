"""Validation of one dataset: the structural checks, then its rules, into one report.

Nothing is repaired and nothing stops at the first error: a report says all there is to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from sdmx_gateway.errors import RulesRejected, UsageError
from sdmx_gateway.observations import Dataset
from sdmx_gateway.structures import Catalogue
from sdmx_gateway.validation.bounds import at_most, not_negative
from sdmx_gateway.validation.completeness import complete_grid
from sdmx_gateway.validation.course import spike_at_most, unbroken
from sdmx_gateway.validation.finding import Finding, Severity
from sdmx_gateway.validation.fitting import check_rules
from sdmx_gateway.validation.history import NO_PREVIOUS, revision_at_most, withdrawn
from sdmx_gateway.validation.lines import findings_of
from sdmx_gateway.validation.outcome import Outcome, Subject
from sdmx_gateway.validation.report import Report, RuleRun
from sdmx_gateway.validation.rules import Rule
from sdmx_gateway.validation.structural import LEVEL, STRUCTURAL, StructuralCheck
from sdmx_gateway.validation.sums import sum_along_hierarchy, sum_at_least_along_hierarchy, total_is_sum

STRUCTURAL_KIND: Final = "structural"

CHECKS: Final[Mapping[str, Callable[[Any, Subject], Outcome]]] = MappingProxyType(
    {
        "at_most": at_most,
        "complete_grid": complete_grid,
        "not_negative": not_negative,
        "revision_at_most": revision_at_most,
        "spike_at_most": spike_at_most,
        "sum_along_hierarchy": sum_along_hierarchy,
        "sum_at_least_along_hierarchy": sum_at_least_along_hierarchy,
        "total_is_sum": total_is_sum,
        "unbroken": unbroken,
        "withdrawn": withdrawn,
    }
)
"""The check of each kind of rule; the keys are those of :data:`.rules.MODELS`."""


def validate(
    dataset: Dataset, catalogue: Catalogue, rules: Sequence[Rule], *, now: datetime, previous: Dataset | None = None
) -> Report:
    """Everything the structural checks and these rules find in a dataset.

    Args:
        dataset: what is checked; it need not be sound.
        catalogue: the structures it is of.
        rules: of its dataflow.
        now: the time of the report, with its time zone.
        previous: the release it would replace; one of other dimensions is not compared, and the report says so.

    Raises:
        RulesRejected: a rule is of another dataflow, or speaks of a dimension or code that is not there.
        UsageError: ``now`` has no time zone.
        UnknownArtefact: the catalogue does not hold a code list the structure refers to.

    """
    if now.tzinfo is None:
        raise UsageError("the time of the report has no time zone")
    problems = check_rules(rules, dataset.dataflow.urn, structure=dataset.structure, catalogue=catalogue)
    if problems:
        raise RulesRejected(f"the rules of {dataset.dataflow.urn.short} do not fit its structure", problems)
    subject = Subject(dataset, catalogue, previous if _comparable(dataset, previous) else None, at=now)
    results = [*_structural(subject), *_content(rules, subject, other_structure=not _comparable(dataset, previous))]
    findings = [finding for _, found in results for finding in found]
    return Report(
        dataflow=dataset.dataflow.urn,
        observations=len(dataset),
        checked=tuple(run for run, _ in results),
        findings=tuple(sorted(findings, key=lambda finding: (finding.severity.rank, finding.is_notice))),
        created=now,
    )


def _comparable(dataset: Dataset, previous: Dataset | None) -> bool:
    if previous is None:
        return True
    ids = [[d.id for d in structure.dimensions] for structure in (dataset.structure, previous.structure)]
    return ids[0] == ids[1] and {m.id for m in dataset.structure.measures} <= set(previous.frame.columns)


Result = tuple[RuleRun, tuple[Finding, ...]]


def _structural(subject: Subject) -> Iterator[Result]:
    for check in STRUCTURAL:
        outcome = check.check(subject)
        run = _structural_run(check, outcome)
        found = findings_of(run, outcome)
        yield run, tuple(finding for finding in found if not finding.is_notice)


def _structural_run(check: StructuralCheck, outcome: Outcome) -> RuleRun:
    return RuleRun(
        rule=check.id,
        kind=STRUCTURAL_KIND,
        expression=check.formula,
        severity=Severity.ERROR,
        level=LEVEL,
        name=check.name,
        checked=outcome.checked,
        failed=outcome.failed,
    )


def _content(rules: Sequence[Rule], subject: Subject, *, other_structure: bool) -> Iterator[Result]:
    for rule in rules:
        outcome = CHECKS[rule.kind](rule, subject)
        if other_structure and outcome.not_run == NO_PREVIOUS:
            outcome = replace(outcome, not_run="previous-of-another-structure")
        run = RuleRun(
            rule=rule.id,
            kind=rule.kind,
            expression=rule.expression,
            severity=rule.severity,
            level=rule.level,
            name=rule.name,
            checked=outcome.checked,
            failed=outcome.failed,
            skipped=outcome.skipped,
            because=rule.because,
        )
        yield run, tuple(findings_of(run, outcome, remedy=rule.remedy))

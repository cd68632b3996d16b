"""From the outcome of a check to the lines of a report: the worst ones in full, the rest counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sdmx_gateway.errors import Where
from sdmx_gateway.structures.model import Text
from sdmx_gateway.validation.finding import Finding, Severity
from sdmx_gateway.validation.outcome import Outcome
from sdmx_gateway.validation.report import RuleRun
from sdmx_gateway.validation.wording import said, written

MAX_LINES = 20
"""Lines listed for one rule; the others are one line that counts them."""


def findings_of(run: RuleRun, outcome: Outcome, *, remedy: Text | None = None) -> Iterator[Finding]:
    """What a rule found: at most :data:`MAX_LINES` lines, one for the rest, and notices of what it could not check.

    Args:
        run: the rule as it ran.
        outcome: what its check gave.
        remedy: what to do, in place of what the kind of rule advises.

    """
    for row in outcome.failures.head(MAX_LINES).iter_rows(named=True):
        yield _line(run, outcome.wording, {name.removeprefix("@"): value for name, value in row.items()}, remedy)
    rest = outcome.failures.slice(MAX_LINES)
    if rest.height:
        count = int(rest["@count"].sum()) if "@count" in rest.columns else rest.height
        text = said("rest", {"lines": rest.height, "count": count}).text
        yield Finding(rule=run.rule, level=run.level, severity=run.severity, text=text, count=count, lines=rest.height)
    if outcome.skipped:
        yield _notice(run, "skipped", {"skipped": outcome.skipped})
    elif not outcome.checked and not outcome.failed:
        yield _notice(run, outcome.not_run, {})


def _line(run: RuleRun, wording: str, fields: dict[str, Any], remedy: Text | None) -> Finding:
    fields = {"count": 1, **fields}
    sentence = said(fields.get("wording") or wording, fields)
    return Finding(
        rule=run.rule,
        level=run.level,
        severity=run.severity,
        text=sentence.text,
        advice=remedy or sentence.advice,
        where=Where(key=fields.get("key"), period=fields.get("period"), column=fields.get("column")),
        value=written(fields.get("value")),
        expected=written(fields.get("expected")),
        count=fields["count"],
        struval=fields.get("struval"),
    )


def _notice(run: RuleRun, wording: str, fields: dict[str, Any]) -> Finding:
    sentence = said(wording, fields)
    return Finding(
        rule=run.rule,
        level=run.level,
        severity=Severity.INFO,
        text=sentence.text,
        advice=sentence.advice,
        count=0,
    )

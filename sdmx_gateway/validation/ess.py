"""The ESS validation report: a validation's result as other offices' tools read it.

Shape of the ESSnet ValiDat Integration's standard, JSON schema 1.0.0 (2017): an array of ``validation`` objects (one
rule met one value, or one set of values) and ``aggregation`` objects (a figure computed from those). The value of a
validation is ``"1"`` where the rule holds, ``"0"`` where it does not, ``"NA"`` where it could not be decided (from
memory, to verify). Data are named by four keys: population, reference period, unit, variable; ours are dataflow,
period, series key and component, with ``*`` for all.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sdmx_gateway.validation.finding import Finding, Severity

if TYPE_CHECKING:
    from sdmx_gateway.validation.report import Report, RuleRun

ACTOR: Final = "sdmx_gateway"
LANGUAGE: Final = "sdmx_gateway rules 1"
SEVERITIES: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "information"}
"""The standard's words for our severities."""

ALL: Final = "*"
HOLDS, FAILS, UNDECIDED = "1", "0", "NA"


def write(report: Report) -> str:
    """The report as JSON text, UTF-8 characters as they are, in the order the rules ran."""
    objects = [line for run in report.checked for line in _of_run(report, run)]
    return json.dumps(objects, ensure_ascii=False, indent=1)


def _of_run(report: Report, run: RuleRun) -> list[dict[str, Any]]:
    failures = [finding for finding in report.findings if finding.rule == run.rule and not finding.is_notice]
    if not failures:
        value = HOLDS if run.checked else UNDECIDED
        return [_validation(report, run, number=1, value=value, where=_where(report, None))]
    lines = [
        _validation(report, run, number=number, value=FAILS, where=_where(report, finding), finding=finding)
        for number, finding in enumerate(failures, 1)
    ]
    return [*lines, _aggregation(report, run)]


def _where(report: Report, finding: Finding | None) -> list[str]:
    place = finding.where if finding else None
    return [
        report.dataflow.short,
        (place and place.period) or ALL,
        (place and place.key) or ALL,
        (place and place.column) or ALL,
    ]


def _event(report: Report) -> dict[str, str]:
    return {"time": report.created.isoformat(timespec="milliseconds"), "actor": ACTOR, "trigger": report.dataflow.short}


def _validation(
    report: Report, run: RuleRun, *, number: int, value: str, where: list[str], finding: Finding | None = None
) -> dict[str, Any]:
    rule = {
        "language": LANGUAGE,
        "expression": run.expression,
        "severity": SEVERITIES[finding.severity if finding else run.severity],
        "description": run.name.best("en") or run.rule,
    }
    data: dict[str, Any] = {"source": where, "target": []}
    if finding:
        rule["explanation"] = finding.message
        data["description"] = f"{finding.count} observation{'s' if finding.count != 1 else ''}"
    return {
        "id": f"{run.rule}.{number}",
        "type": "validation",
        "event": _event(report),
        "rule": rule,
        "data": data,
        "value": value,
    }


def _aggregation(report: Report, run: RuleRun) -> dict[str, Any]:
    return {
        "id": f"{run.rule}.failed",
        "type": "aggregation",
        "event": _event(report),
        "aggregate": {
            "language": LANGUAGE,
            "expression": f"count({run.rule} fails)",
            "description": f"{run.failed} of {run.checked} comparisons failed",
        },
        "data": {"source": [report.dataflow.short, ALL, ALL, ALL], "target": []},
        "value": str(run.failed),
    }

"""One whole cycle: every module converted, validated and released, then what is owed prepared and delivered.

Modules fed from files go first, those fed from their releases after them. Editions are released oldest first, so that each is
recorded as a revision of the one before; an edition older than the newest released one is history and is passed over. A module
whose sources, rules and structures are those of its latest release is not even read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from sdmx_gateway.errors import FindingsBlock, GatewayError, Problem
from sdmx_gateway.gateway import Gateway
from sdmx_gateway.mapping import Conversion, Module
from sdmx_gateway.releases import Release
from sdmx_gateway.transmission import Delivery, Due, Plan, State
from sdmx_gateway.validation import Report

Outcome = Literal["released", "unchanged", "refused"]


@dataclass(frozen=True)
class EditionOutcome:
    """What became of one edition of one module.

    Attributes:
        module: ``group/module``.
        edition: the edition, empty for a module fed from other dataflows.
        outcome: released, unchanged, or refused.
        rows: source rows, cells or observations read.
        observations: observations in the release.
        errors: findings of severity error.
        warnings: findings of severity warning.
        left_out: what was left out: source, what, because, rows, share.
        coverage: part of the total by relation, 0 to 1.
        release: the release it led to, or that already held it.
        problems: why it was refused.
    """

    module: str
    edition: str
    outcome: Outcome
    rows: int = 0
    observations: int = 0
    errors: int = 0
    warnings: int = 0
    left_out: tuple[dict[str, Any], ...] = ()
    coverage: dict[str, float] = field(default_factory=dict)
    release: Release | None = None
    problems: tuple[Problem, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The outcome for ``--json``."""
        return {
            "module": self.module,
            "edition": self.edition,
            "outcome": self.outcome,
            "rows": self.rows,
            "observations": self.observations,
            "errors": self.errors,
            "warnings": self.warnings,
            "left_out": list(self.left_out),
            "coverage": self.coverage,
            "dataflow": self.release.dataflow.short if self.release else None,
            "release": self.release.number if self.release else None,
            "problems": [problem.as_dict() for problem in self.problems],
        }


def _silent(module: str, edition: str) -> None:
    del module, edition


def run_modules(gateway: Gateway, starting: Callable[[str, str], None] = _silent) -> Iterator[EditionOutcome]:
    """Convert, validate and release every module's files, yielding each edition's outcome as it is known.

    A module that is refused does not keep the others from running. ``starting`` is told what comes next.
    """
    modules = [gateway.module(name) for name in gateway.modules]
    for module in sorted(modules, key=lambda m: bool(m.spec.flows)):
        for edition, files in _pending(gateway, module):
            starting(module.name, edition)
            outcome = _run_edition(gateway, module, edition, files)
            yield outcome
            if outcome.outcome == "refused":
                break


def _pending(gateway: Gateway, module: Module) -> list[tuple[str, tuple[Path, ...]]]:
    """The editions still to look at, oldest first; the newest released one is looked at again, in case a rule changed."""
    if not module.spec.families:
        return [("", ())]
    latest = gateway.store.latest(module.spec.module.urn, embargoed=True)
    accumulates = module.spec.module.editions == "accumulate"
    known = (latest.edition or "") if latest and not accumulates else ""
    return [(edition, files) for edition, files in gateway.editions(module).items() if edition >= known]


def _run_edition(gateway: Gateway, module: Module, edition: str, files: tuple[Path, ...]) -> EditionOutcome:
    try:
        unchanged = _unchanged(gateway, module, files)
        if unchanged is not None:
            return unchanged
        conversion = gateway.convert(module, files)
        report = gateway.validate(conversion.dataset)
        release, is_new = gateway.publish(conversion, report)
    except GatewayError as error:
        errors = sum(f.severity == "error" for f in error.findings) if isinstance(error, FindingsBlock) else 0
        return EditionOutcome(module.name, edition, "refused", errors=errors, problems=error.problems)
    return _outcome(conversion, report, release, is_new=is_new)


def _unchanged(gateway: Gateway, module: Module, files: tuple[Path, ...]) -> EditionOutcome | None:
    latest = gateway.store.latest(module.spec.module.urn, embargoed=True)
    if latest is None:
        return None
    document = gateway.release_document(latest)
    if document["provenance"].get("fingerprint") != gateway.fingerprint(module, files):
        return None
    counts = document["report"]["counts"]
    return EditionOutcome(
        module.name,
        latest.edition or "",
        "unchanged",
        rows=sum(source["rows"] for source in document["provenance"]["sources"]),
        observations=latest.observations,
        errors=counts["error"]["lines"],
        warnings=counts["warning"]["lines"],
        release=latest,
    )


def _outcome(conversion: Conversion, report: Report, release: Release, *, is_new: bool) -> EditionOutcome:
    return EditionOutcome(
        module=conversion.module.name,
        edition=conversion.edition,
        outcome="released" if is_new else "unchanged",
        rows=conversion.rows,
        observations=len(conversion.dataset),
        errors=report.errors,
        warnings=report.warnings,
        left_out=tuple(item.as_dict() for item in conversion.left_out),
        coverage=conversion.shares,
        release=release,
    )


@dataclass(frozen=True)
class DeliveryOutcome:
    """What became of one thing owed: delivered, or why it waits."""

    due: Due
    delivery: Delivery | None
    destination: str
    waits: str

    def as_dict(self) -> dict[str, Any]:
        """The outcome for ``--json``."""
        return {
            **self.due.as_dict(),
            "delivery": self.delivery.as_dict() if self.delivery else None,
            "destination": self.destination or None,
            "waits": self.waits or None,
        }


def deliver_due(
    gateway: Gateway, *, channels: frozenset[str] | None = None, actor: str | None = None
) -> Iterator[DeliveryOutcome]:
    """Prepare what is due and released, approve it where one person may, send it; yields what became of each.

    Only obligations that go by one of ``channels`` are sent; the others wait, prepared. A sending that was cut short is finished.
    """
    for due in gateway.due():
        try:
            yield _deliver(gateway, due, channels, actor)
        except GatewayError as error:
            yield DeliveryOutcome(due, None, "", error.what)


def _deliver(gateway: Gateway, due: Due, channels: frozenset[str] | None, actor: str | None) -> DeliveryOutcome:
    if due.transmission is None and not due.ready:
        return DeliveryOutcome(due, None, "", due.next_step)
    transmission = due.transmission
    if due.ready or transmission is None:
        transmission = gateway.prepare(due.obligation.id, str(due.period), actor=actor)
    if channels is not None and due.obligation.channel not in channels:
        return DeliveryOutcome(due, None, "", f"prepared; goes by {due.obligation.channel}, send it by hand")
    if transmission.state is State.VALIDATED:
        if gateway.settings.second_person:
            return DeliveryOutcome(due, None, "", "prepared; approve (needs a second person)")
        transmission = gateway.approve(transmission.id, actor=actor, reason="one person suffices by configuration")
    if transmission.state not in _SENDABLE:
        return DeliveryOutcome(due, None, "", f"{transmission.state.value}: {due.next_step}")
    plan = gateway.send(transmission.id, actor=actor, dry_run=True)
    delivery = gateway.send(transmission.id, actor=actor)
    return DeliveryOutcome(
        due,
        delivery if isinstance(delivery, Delivery) else None,
        plan.destination if isinstance(plan, Plan) else "",
        "",
    )


_SENDABLE: Final = frozenset({State.APPROVED, State.SEALED, State.SENDING, State.UNKNOWN, State.SENT})

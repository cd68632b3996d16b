"""What the page shows, as values: worked out here, laid out in the template.

Counts before lists, worst first, and one thing to do before all. Everything comes from the façade; nothing is asked of
a release but its record, and of the one dataflow looked at alone, its last key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from sdmx_gateway.errors import UnknownArtefact
from sdmx_gateway.releases import Release
from sdmx_gateway.rest import DataQuery, StructureQuery, write
from sdmx_gateway.structures import Kind
from sdmx_gateway.structures.model import Dataflow
from sdmx_gateway.transmission import Delivery, Due, State, Transmission
from sdmx_gateway.web import limits, offers, steps
from sdmx_gateway.web.origin import Origin, origin_of
from sdmx_gateway.web.served import Served

SEVERITIES: Final = ("error", "warning", "info")
"""Worst first; the words of the validation report."""


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to go, relative to the page."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class FlowLine:
    """One dataflow: its latest release if it has one, what was found in it, and where its data are."""

    dataflow: Dataflow
    name: str
    release: Release | None
    findings: Mapping[str, int]
    report: str
    data: tuple[Link, ...]
    structure: str


@dataclass(frozen=True, slots=True)
class DueLine:
    """Something owed, the next step in the reader's language, the command that takes it, and where the cause is seen."""

    due: Due
    step: str
    command: str
    cause: str

    @property
    def waits(self) -> bool:
        """Whether nothing can be done here before other data come."""
        return self.due.transmission is None and not self.due.ready


@dataclass(frozen=True, slots=True)
class SentLine:
    """One transmission, its handing-over if there was one, and why it was refused, in the recipient's words."""

    transmission: Transmission
    delivery: Delivery | None
    why: str

    @property
    def row(self) -> str:
        """The name of its row in the page."""
        return steps.row_of(self.transmission)


@dataclass(frozen=True, slots=True)
class Overview:
    """All of the page. Lists may be cut to :data:`.limits.LISTED_RELEASES`; the counts are of everything."""

    flows: tuple[FlowLine, ...]
    unreleased: tuple[FlowLine, ...]
    releases: tuple[Release, ...]
    due: tuple[DueLine, ...]
    sent: tuple[SentLine, ...]
    counts: Mapping[str, int]
    names: Mapping[str, str]
    first: DueLine | FlowLine | None
    origin: Origin | None


def overview(gateway: Served, *, language: str, only: str | None = None) -> Overview:
    """What the page shows, of everything or of ``only`` one dataflow (``AGENCY:ID(VERSION)``).

    Raises:
        UnknownArtefact: there is no such dataflow.

    """
    known = _dataflows(gateway)
    flows = [flow for flow in known if only is None or flow.urn.short == only]
    if only is not None and not flows:
        raise _no_dataflow(only, known)
    names = {flow.urn.short: flow.names.best(language, "en") or flow.id for flow in known}
    releases = [release for release in gateway.releases() if only is None or release.dataflow.short == only]
    latest: dict[str, Release] = {}
    for release in releases:
        latest.setdefault(release.dataflow.short, release)
    owed = [line for line in gateway.due() if only is None or line.obligation.dataflow.short == only]
    due = [_due_line(gateway, line, latest.get(line.obligation.dataflow.short), language) for line in owed]
    sent = [line for line in _sent(gateway) if only is None or line.transmission.dataflow.short == only]
    lines = [_flow_line(gateway, flow, names[flow.urn.short], latest.get(flow.urn.short)) for flow in flows]
    released = sorted((line for line in lines if line.release), key=_worst_first)
    return Overview(
        flows=tuple(released),
        unreleased=tuple(line for line in lines if line.release is None),
        releases=tuple(releases[: limits.LISTED_RELEASES]),
        due=tuple(due[: limits.LISTED_RELEASES]),
        sent=tuple(sent[: limits.LISTED_RELEASES]),
        counts=_counts(lines, releases, owed, sent),
        names=names,
        first=_first(due, released),
        origin=origin_of(gateway, latest[only], language=language) if only in latest else None,
    )


def _dataflows(gateway: Served) -> list[Dataflow]:
    held = gateway.catalogue.find(Kind.DATAFLOW)
    return sorted((flow for flow in held if isinstance(flow, Dataflow)), key=lambda flow: flow.urn)


def _no_dataflow(name: str, known: Iterable[Dataflow]) -> UnknownArtefact:
    near = get_close_matches(name, [flow.urn.short for flow in known], n=3, cutoff=0.4)
    return UnknownArtefact(
        f"no dataflow is called {name[:200]}", remedy=f"nearest: {', '.join(near)}" if near else "see / for all of them"
    )


def _due_line(gateway: Served, line: Due, release: Release | None, language: str) -> DueLine:
    return DueLine(
        line,
        steps.in_words(line, release, language, second_person=gateway.settings.second_person),
        steps.command(line),
        steps.cause(line, release, language),
    )


def _first(due: Iterable[DueLine], flows: Iterable[FlowLine]) -> DueLine | FlowLine | None:
    """The one thing to do before all others: a failed transmission, an error let out, what can be done, what is waited for."""
    late = sorted(due, key=lambda line: not line.due.late)
    candidates: tuple[Iterable[DueLine | FlowLine], ...] = (
        (line for line in late if line.due.state in steps.TROUBLED),
        (line for line in flows if line.findings["error"]),
        (line for line in late if not line.waits),
        late,
    )
    return next((line for lines in candidates for line in lines), None)


def _sent(gateway: Served) -> list[SentLine]:
    """Every transmission: those somebody must look into first, then the newest first."""
    deliveries = {delivery.transmission: delivery for delivery in gateway.transmissions.deliveries()}
    prepared = reversed(gateway.transmissions.status())
    lines = [SentLine(each, deliveries.get(each.id), _why(gateway, each)) for each in prepared]
    return sorted(lines, key=lambda line: line.transmission.state not in steps.TROUBLED)


def _why(gateway: Served, transmission: Transmission) -> str:
    """Why a transmission was refused. What our own channel said of its failure may name folders, and stays in the ledger."""
    if transmission.state is not State.REFUSED:
        return ""
    entries = gateway.transmissions.ledger.entries(transmission.id)
    return next((str(entry.details["why"]) for entry in reversed(entries) if "why" in entry.details), "")


def _flow_line(gateway: Served, flow: Dataflow, name: str, release: Release | None) -> FlowLine:
    query = DataQuery(agency=flow.agency, id=flow.id, version=flow.version)
    structure = StructureQuery(
        resource="dataflow", agency=flow.agency, id=flow.id, version=flow.version, references=("descendants",)
    )
    address = f"sdmx/v2/{write('v2', query)}"
    return FlowLine(
        dataflow=flow,
        name=name,
        release=release,
        findings={} if release is None else _findings(gateway.release_document(release)),
        report="" if release is None else report_address(release),
        data=tuple(Link(_short_name(offer.name), f"{address}?format={offer.name}") for offer in offers.DATA["v2"]),
        structure=f"sdmx/v2/{write('v2', structure)}",
    )


def report_address(release: Release) -> str:
    """Where the findings of a release are, relative to the page."""
    flow = release.dataflow
    return f"findings/{flow.agency}/{flow.id}/{flow.version}/{release.number}"


def _short_name(name: str) -> str:
    return name.removeprefix("sdmx-").upper().replace("-", " ")


def _findings(document: Mapping[str, Any]) -> dict[str, int]:
    counts = document["report"].get("counts", {})
    return {severity: counts.get(severity, {}).get("lines", 0) for severity in SEVERITIES}


def _worst_first(line: FlowLine) -> tuple[int, int, str]:
    return -line.findings["error"], -line.findings["warning"], line.name.casefold()


def _counts(
    lines: Sequence[FlowLine], releases: Sequence[Release], due: Sequence[Due], sent: Sequence[SentLine]
) -> dict[str, int]:
    released = [line for line in lines if line.release is not None]
    return {
        "late": sum(line.late for line in due),
        "due": len(due),
        "error": sum(line.findings["error"] for line in released),
        "warning": sum(line.findings["warning"] for line in released),
        "released": len(released),
        "flows": len(lines),
        "releases": len(releases),
        "sent": len(sent),
        "observations": sum(line.release.observations for line in released if line.release),
    }

"""What the page shows, as values: worked out here, laid out in the template.

Counts before lists, worst first. Everything comes from the façade; nothing is asked of a release but its record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sdmx_gateway.releases import Release
from sdmx_gateway.rest import DataQuery, StructureQuery, write
from sdmx_gateway.structures import Kind
from sdmx_gateway.structures.model import Dataflow
from sdmx_gateway.transmission import Delivery, Due, Transmission
from sdmx_gateway.web import limits, offers
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
class SentLine:
    """One transmission, and its handing-over if there was one."""

    transmission: Transmission
    delivery: Delivery | None


@dataclass(frozen=True, slots=True)
class Overview:
    """All of the page. Lists may be cut to :data:`.limits.LISTED_RELEASES`; the counts are of everything."""

    flows: tuple[FlowLine, ...]
    unreleased: tuple[FlowLine, ...]
    releases: tuple[Release, ...]
    due: tuple[Due, ...]
    sent: tuple[SentLine, ...]
    counts: Mapping[str, int]
    names: Mapping[str, str]


def overview(gateway: Served, *, language: str, only: str | None = None) -> Overview:
    """What the page shows, of everything or of ``only`` one dataflow (``AGENCY:ID(VERSION)``)."""
    flows = [flow for flow in _dataflows(gateway) if only is None or flow.urn.short == only]
    names = {flow.urn.short: flow.names.best(language, "en") or flow.id for flow in flows}
    releases = [release for release in gateway.releases() if only is None or release.dataflow.short == only]
    due = [line for line in gateway.due() if only is None or line.obligation.dataflow.short == only]
    sent = [line for line in _sent(gateway) if only is None or line.transmission.dataflow.short == only]
    latest: dict[str, Release] = {}
    for release in releases:
        latest.setdefault(release.dataflow.short, release)
    lines = [_flow_line(gateway, flow, names[flow.urn.short], latest.get(flow.urn.short)) for flow in flows]
    return Overview(
        flows=tuple(sorted((line for line in lines if line.release), key=_worst_first)),
        unreleased=tuple(line for line in lines if line.release is None),
        releases=tuple(releases[: limits.LISTED_RELEASES]),
        due=tuple(due[: limits.LISTED_RELEASES]),
        sent=tuple(sent[: limits.LISTED_RELEASES]),
        counts=_counts(lines, releases, due, sent),
        names=names,
    )


def _dataflows(gateway: Served) -> list[Dataflow]:
    held = gateway.catalogue.find(Kind.DATAFLOW)
    return sorted((flow for flow in held if isinstance(flow, Dataflow)), key=lambda flow: flow.urn)


def _sent(gateway: Served) -> list[SentLine]:
    deliveries = {delivery.transmission: delivery for delivery in gateway.transmissions.deliveries()}
    prepared = gateway.transmissions.status()
    return [SentLine(transmission, deliveries.get(transmission.id)) for transmission in reversed(prepared)]


def _flow_line(gateway: Served, flow: Dataflow, name: str, release: Release | None) -> FlowLine:
    query = DataQuery(agency=flow.agency, id=flow.id, version=flow.version)
    structure = StructureQuery(
        kind=Kind.DATAFLOW, agency=flow.agency, id=flow.id, version=flow.version, references=("descendants",)
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

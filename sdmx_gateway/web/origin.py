"""Where the latest release of a dataflow comes from, as its record says it: the way from a figure towards its cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import polars as pl

from sdmx_gateway.observations import KEY_SEPARATOR
from sdmx_gateway.releases import Provenance, Release, SourceRecord
from sdmx_gateway.web import limits
from sdmx_gateway.web.served import Served


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One file that was read, or the release of a dataflow; ``href`` leads to the origin of that."""

    name: str
    release: str
    edition: str
    rows: int
    sha256: str
    href: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Module, sources, what was left out (:data:`.limits.LISTED_RELEASES` of it at most), and a command that walks one figure back."""

    module: str
    sources: tuple[SourceLine, ...]
    left_out: tuple[Mapping[str, Any], ...]
    left_out_count: int
    command: str


def origin_of(gateway: Served, release: Release, *, language: str) -> Origin:
    """The origin of a release."""
    provenance = Provenance.from_dict(gateway.release_document(release)["provenance"])
    heaviest = sorted(provenance.left_out, key=lambda item: -(item.get("share") or 0.0))
    return Origin(
        module=provenance.module,
        sources=tuple(_source(source, language) for source in provenance.sources),
        left_out=tuple(heaviest[: limits.LISTED_RELEASES]),
        left_out_count=len(heaviest),
        command=_command(gateway, release, provenance.module),
    )


def _source(source: SourceRecord, language: str) -> SourceLine:
    if source.release is None:
        return SourceLine(source.name, "", source.edition or "", source.rows, source.sha256, "")
    flow, _, number = source.release.rpartition(" release ")
    href = f"?dataflow={quote(flow)}&lang={language}#origin"
    return SourceLine(flow, number, source.edition or "", source.rows, source.sha256, href)


def _command(gateway: Served, release: Release, module: str) -> str:
    """What walks the last figure of a release back to its cells; empty when it has none."""
    dimensions = [d.id for d in gateway.catalogue.structure(release.structure).dimensions]
    last: pl.DataFrame = gateway.scan(release).select(dimensions).tail(1).collect()
    if last.is_empty():
        return ""
    (codes,) = last.rows(named=True)
    period = codes.pop("TIME_PERIOD", "")
    return f"sdmx-gateway mappings explain {module} --at '{KEY_SEPARATOR.join(codes.values())}' --period {period}"

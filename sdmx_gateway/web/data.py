"""Data queries answered: from the query to the release it means, the selection, and the bytes of a format."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, cast

import polars as pl
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from sdmx_gateway import formats
from sdmx_gateway.errors import OversizedQuery, QueryError, UnknownArtefact, UnknownRelease, UnsupportedQuery
from sdmx_gateway.observations import Dataset
from sdmx_gateway.releases import Release
from sdmx_gateway.rest import ALL_DIMENSIONS, Context, DataQuery, Offer, narrowed, negotiate, select
from sdmx_gateway.structures import Header, Kind
from sdmx_gateway.structures.model import Dataflow
from sdmx_gateway.web import limits, offers
from sdmx_gateway.web.conditional import entity_tag, http_date, is_unchanged
from sdmx_gateway.web.served import Served
from sdmx_gateway.web.service import Service

_FLAT: Final = ("sdmx-csv", "parquet")
"""Beginnings of the names of formats that have no packaging: one line is one observation, or one series."""

_KINDS: Final = {
    Context.DATAFLOW: (Kind.DATAFLOW,),
    Context.DATA_STRUCTURE: (Kind.DATA_STRUCTURE,),
    Context.ANY: (Kind.DATAFLOW, Kind.DATA_STRUCTURE),
}

_turns = threading.BoundedSemaphore(limits.MAX_ANSWERS_AT_ONCE)


def answer(service: Service, query: DataQuery, request: Request, version: str) -> Response:
    """The answer to a data query.

    Raises:
        QueryError: it does not fit the structure, means several dataflows, or asks for what is not offered.
        UnknownArtefact, UnknownRelease: there is no such dataflow, or nothing is released of it.

    """
    gateway = service.gateway
    offer = negotiate(
        offers.DATA[version], accept=request.headers.get("accept"), format_name=request.query_params.get("format")
    )
    _refuse_unoffered(query, offer)
    dataflow = dataflow_meant(gateway, query)
    release = _release(gateway, dataflow, query.as_of)
    asked = replace(query, as_of=None)  # the release says which instant was meant
    tag = entity_tag(release, release.digest, asked, offer.name, service.structures_digest)
    headers = {"ETag": tag, "Last-Modified": http_date(release.public_from), "Vary": "Accept"}
    if is_unchanged(request, tag, release.public_from):
        return Response(status_code=304, headers=headers)
    with _turn():
        dataset = _selected(gateway, dataflow, release, query)
        if not len(dataset):
            return _nothing(version, headers, f"{dataflow.urn.short} has no observation that fits")
        return _written(gateway, dataset, release, offer=offer, headers=headers)


def dataflow_meant(gateway: Served, query: DataQuery) -> Dataflow:
    """The one dataflow a query means; of several, the only one of which something is released.

    Raises:
        UnknownArtefact: there is none; near names are given.
        QueryError: there are several; they are named.

    """
    catalogue = gateway.catalogue
    named = (
        artefact
        for kind in _KINDS[query.context]
        for artefact in catalogue.find(kind, query.agency, query.id, query.version)
    )
    flows = {a.urn: a for b in named for a in (b, *catalogue.parents(b)) if isinstance(a, Dataflow)}
    if len(flows) > 1:
        flows = {urn: flow for urn, flow in flows.items() if gateway.latest_release(urn) is not None} or flows
    if not flows:
        raise _no_dataflow(gateway, query)
    if len(flows) > 1:
        known = ", ".join(sorted(urn.short for urn in flows))
        raise QueryError(f"the query means {len(flows)} dataflows", remedy=f"name one of {known}")
    return next(iter(flows.values()))


def _no_dataflow(gateway: Served, query: DataQuery) -> UnknownArtefact:
    known = [flow.urn.short for flow in gateway.catalogue.find(Kind.DATAFLOW)]
    asked = f"{query.agency}:{query.id}({query.version})"
    near = get_close_matches(asked, known, n=3, cutoff=0.4)
    remedy = f"nearest: {', '.join(near)}" if near else "see /sdmx/v2/structure/dataflow for what there is"
    return UnknownArtefact(f"no {query.context.value} is called {asked[:200]}", remedy=remedy)


def _refuse_unoffered(query: DataQuery, offer: Offer) -> None:
    refused = {
        "updatedAfter": query.updated_after is not None,
        "includeHistory": query.include_history,
    }
    if names := [name for name, asked in refused.items() if asked]:
        raise UnsupportedQuery(
            f"{' and '.join(names)} not offered yet", remedy="asOf gives the data as they stood at an instant"
        )
    packaged = query.dimension_at_observation in {None, "TIME_PERIOD", ALL_DIMENSIONS}
    if not packaged and not offer.name.startswith(_FLAT):
        raise UnsupportedQuery(
            f"{offer.name} is packaged as time series, or flat",
            remedy=f"dimensionAtObservation=TIME_PERIOD or {ALL_DIMENSIONS}",
        )
    if query.series_only and not offer.name.startswith(_FLAT):
        raise UnsupportedQuery(f"{offer.name} gives series with their observations only", remedy="ask for format=csv")


def _release(gateway: Served, dataflow: Dataflow, as_of: datetime | None) -> Release:
    """The release in force at an instant; an instant to come is now, so that no embargo is looked behind."""
    at = None if as_of is None else min(as_of, gateway.now())
    release = gateway.latest_release(dataflow.urn, at=at)
    if release is None:
        when = "yet" if at is None else f"by {at.isoformat()}"
        raise UnknownRelease(f"nothing was released of {dataflow.urn.short} {when}")
    return release


def _selected(gateway: Served, dataflow: Dataflow, release: Release, query: DataQuery) -> Dataset:
    structure = gateway.catalogue.structure(release.structure)
    frame = select(gateway.scan(release), structure, query)
    observations: pl.DataFrame = frame.head(limits.MAX_OBSERVATIONS + 1).collect()
    if observations.height > limits.MAX_OBSERVATIONS:
        raise OversizedQuery(
            f"the answer has more than {limits.MAX_OBSERVATIONS} observations",
            remedy="ask for some series by their key, or for a part by limit and offset",
        )
    return Dataset(dataflow, narrowed(structure, query), observations)


def _nothing(version: str, headers: dict[str, str], what: str) -> Response:
    """No observation: 404 in REST 1.5 (error 100), 204 in REST 2 ("empty but still healthy")."""
    if version == "v2":
        return Response(status_code=204, headers=headers)
    raise UnknownRelease(what)


def _written(gateway: Served, dataset: Dataset, release: Release, *, offer: Offer, headers: dict[str, str]) -> Response:
    sink = SpooledTemporaryFile(max_size=limits.MEMORY_PER_ANSWER)  # noqa: SIM115 - closed when it is sent
    header = Header(
        id=f"{dataset.dataflow.id}_{release.number}", prepared=release.published_at, sender=gateway.settings.sender
    )
    formats.write(dataset, offer.name, cast("BinaryIO", sink), header=header, catalogue=gateway.catalogue)
    size = sink.tell()
    sink.seek(0)
    extension = formats.FORMATS[offer.name].extension
    name = f"{dataset.dataflow.agency}_{dataset.dataflow.id}_{release.number}.{extension.lstrip('.')}"
    return StreamingResponse(
        _chunks(sink),
        headers={**headers, "Content-Length": str(size), "Content-Disposition": f'inline; filename="{name}"'},
        media_type=offer.media_type,
    )


def _chunks(sink: SpooledTemporaryFile[bytes]) -> Iterator[bytes]:
    with sink:
        while chunk := sink.read(limits.CHUNK):
            yield chunk


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=limits.MAX_WAIT_SECONDS):
        raise HTTPException(
            503, "too many answers are being worked out", headers={"Retry-After": str(limits.RETRY_AFTER_SECONDS)}
        )
    try:
        yield
    finally:
        _turns.release()

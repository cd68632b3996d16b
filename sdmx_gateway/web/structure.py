"""Structure queries answered: the artefacts a query means, in SDMX-ML or SDMX-JSON of any version.

Artefacts of another generation of SDMX than the format's are translated; a header tells how many say something else, or less, than
they do here. What cannot be said in the format is refused when it was asked for by its name, with every reason; of what is only one
of many, or only beside what was asked for, the rest is given, and a header names what was left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from sdmx_gateway.errors import NotAcceptable, Problem, StructureError, UnknownArtefact
from sdmx_gateway.rest import Offer, Resolved, StructureQuery, negotiate, resolve
from sdmx_gateway.rest.query import ANY
from sdmx_gateway.rest.resources import resource_named
from sdmx_gateway.structures import Header, Urn
from sdmx_gateway.structures.detail import Detail
from sdmx_gateway.structures.sayable import write_sayable
from sdmx_gateway.web import offers
from sdmx_gateway.web.conditional import entity_tag, is_unchanged
from sdmx_gateway.web.service import Service

TRANSLATED: Final = "SDMX-Translated"
"""Header: how many artefacts are given as another generation of SDMX has them, and how many of them say less there."""
LEFT_OUT: Final = "SDMX-Left-Out"
"""Header: the artefacts the format cannot say."""
_MAX_NAMED: Final = 20
"""Artefacts that are named in a header; more are counted."""


def answer(service: Service, query: StructureQuery, request: Request, version: str) -> Response:
    """The answer to a structure query.

    Raises:
        UnknownArtefact: nothing of that name is held.
        NotAcceptable: the format is not offered, or cannot say what was asked for.

    """
    offer = negotiate(
        offers.STRUCTURES[version], accept=request.headers.get("accept"), format_name=request.query_params.get("format")
    )
    gateway = service.gateway
    today = gateway.now().date() if query.detail is Detail.REFERENCE_PARTIAL else ""  # constraints are valid for a time
    tag = entity_tag(query, offer.name, service.structures_digest, today)
    headers = {"ETag": tag, "Vary": "Accept"}
    if is_unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    found = resolve(gateway.catalogue, query, at=gateway.now())
    if not found.matched:
        kind = "artefact" if query.resource == ANY else resource_named(query.resource).kinds[0].value
        raise UnknownArtefact(
            f"no {kind} is called {query.agency}:{query.id}({query.version})",
            remedy="leave parts out to see what there is",
        )
    header = Header(id=f"STRUCTURE_{tag[3:11]}", prepared=gateway.now(), sender=gateway.settings.sender)
    content, told = _written(found, query, offer, header)
    return Response(content, headers={**headers, **told}, media_type=offer.media_type)


def _written(found: Resolved, query: StructureQuery, offer: Offer, header: Header) -> tuple[bytes, Mapping[str, str]]:
    """The message, and the headers that tell what became of the artefacts in it."""
    try:
        said = write_sayable(found.artefacts, offer.name, header)
    except StructureError as error:
        raise NotAcceptable(f"{offer.name} cannot say this: {error.what}", why=error.why, remedy=_REMEDY) from error
    refused = {a.urn: said.refused[a.urn] for a in found.matched if a.urn in said.refused}
    by_name = ANY not in {query.agency, query.id}
    if refused and (by_name or len(refused) == len(found.matched)):
        raise _refusal(refused, offer)
    return said.message, {**_told(said.notes), **({LEFT_OUT: _names(said.refused)} if said.refused else {})}


_REMEDY: Final = "ask for a later version of the format, or by its name for one artefact at a time"


def _refusal(refused: Mapping[Urn, str], offer: Offer) -> NotAcceptable:
    names = _names(refused)
    why = "; ".join(f"{urn.short}: {reason}" for urn, reason in refused.items())
    return NotAcceptable(f"{offer.name} cannot say {names}", why=why, remedy=_REMEDY)


def _told(notes: Iterable[Problem]) -> Mapping[str, str]:
    """The header that tells of translations; none where nothing was translated."""
    told = list(notes)
    said = {note.where.key for note in told if note.code == "translated"}
    less = {note.where.key for note in told if note.code != "translated"}
    return {TRANSLATED: f"{len(said | less)}; less={len(less)}"} if told else {}


def _names(urns: Iterable[Urn]) -> str:
    names = [f"{urn.kind.value}={urn.short}" for urn in urns]
    more = len(names) - _MAX_NAMED
    return ", ".join(names[:_MAX_NAMED]) + (f" and {more} more" if more > 0 else "")

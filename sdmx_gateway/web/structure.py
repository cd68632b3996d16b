"""Structure queries answered: the artefacts a query means, in SDMX-ML."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sdmx_gateway.errors import NotAcceptable, StructureError, UnknownArtefact
from sdmx_gateway.rest import Offer, StructureQuery, negotiate, resolve
from sdmx_gateway.structures import Header, write_structures
from sdmx_gateway.structures.model import Artefact
from sdmx_gateway.web import offers
from sdmx_gateway.web.conditional import entity_tag, is_unchanged
from sdmx_gateway.web.served import Served
from sdmx_gateway.web.service import Service


def answer(service: Service, query: StructureQuery, request: Request, version: str) -> Response:
    """The answer to a structure query.

    Raises:
        UnknownArtefact: nothing of that name is held.
        NotAcceptable: the format is not offered, or its version cannot say what an artefact says.

    """
    offer = negotiate(
        offers.STRUCTURES[version], accept=request.headers.get("accept"), format_name=request.query_params.get("format")
    )
    tag = entity_tag(query, offer.name, service.structures_digest)
    headers = {"ETag": tag, "Vary": "Accept"}
    if is_unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    artefacts = resolve(service.gateway.catalogue, query)
    if not artefacts:
        kind = query.kind.value if query.kind else "artefact"
        raise UnknownArtefact(
            f"no {kind} is called {query.agency}:{query.id}({query.version})",
            remedy="leave parts out to see what there is",
        )
    content = _written(service.gateway, artefacts, offer, identity=tag[3:11])
    return Response(content, headers=headers, media_type=offer.media_type)


def _written(gateway: Served, artefacts: tuple[Artefact, ...], offer: Offer, *, identity: str) -> bytes:
    header = Header(id=f"STRUCTURE_{identity}", prepared=gateway.now(), sender=gateway.settings.sender)
    try:
        return write_structures(artefacts, offers.ML_VERSION[offer.name], header)
    except StructureError as error:
        raise NotAcceptable(
            f"{offer.name} cannot say this: {error.what}", why=error.why, remedy="ask for a later version of SDMX-ML"
        ) from error

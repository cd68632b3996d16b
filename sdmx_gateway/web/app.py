"""The web application: SDMX REST 1.5 under ``/sdmx/v1``, 2.2 under ``/sdmx/v2``, and a page for people under ``/``."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sdmx_gateway.errors import GatewayError
from sdmx_gateway.web import endpoints, page
from sdmx_gateway.web.conditional import entity_tag, is_unchanged
from sdmx_gateway.web.manners import Manners
from sdmx_gateway.web.served import Served
from sdmx_gateway.web.service import Service

SMALLEST_COMPRESSED: Final = 1_000
"""Bytes below which an answer is sent as it is."""

COMPRESSION: Final = 5
"""Level of gzip: the highest takes several times as long for a few percent."""

STATIC: Final[Mapping[str, str]] = {"page.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
"""The files of the pages, and their types; nothing else of the folder is served."""


def create_app(gateway: Served) -> Starlette:
    """The ASGI application that serves a gateway. It changes nothing."""
    app = Starlette(
        routes=[
            Route("/sdmx/{version}/{rest:path}", endpoints.sdmx),
            Route("/health", endpoints.health),
            Route("/ready", endpoints.ready),
            Route("/", page.overview),
            Route("/findings/{agency}/{id}/{version}/{number:int}", page.findings),
            Route("/static/{name}", static),
            Route("/favicon.ico", static),
        ],
        middleware=[
            Middleware(Manners),
            Middleware(GZipMiddleware, minimum_size=SMALLEST_COMPRESSED, compresslevel=COMPRESSION),
        ],
        exception_handlers={
            GatewayError: endpoints.on_gateway_error,
            HTTPException: endpoints.on_http_error,
            Exception: endpoints.on_failure,
        },
    )
    app.state.service = Service(gateway)
    return app


def static(request: Request) -> Response:
    """A file of the pages, out of :data:`STATIC`; browsers ask for ``/favicon.ico`` by themselves."""
    name = request.path_params.get("name", "icon.svg")
    if name not in STATIC:
        raise HTTPException(404, "there is no such file")
    content = (files("sdmx_gateway.web") / "static" / name).read_bytes()
    tag = entity_tag(content)
    if is_unchanged(request, tag):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(content, media_type=STATIC[name], headers={"ETag": tag})

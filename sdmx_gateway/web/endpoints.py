"""The SDMX endpoints, health, and the findings of a release: a request in, an answer out, errors as messages.

``/sdmx/v1/…`` and ``/sdmx/v2/…`` are one endpoint: the rest of the address is a grammar of its own, read by
:mod:`sdmx_gateway.rest`.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sdmx_gateway.errors import GatewayError, Problem
from sdmx_gateway.rest import DataQuery, limits, parse
from sdmx_gateway.web import data, messages, problems, structure
from sdmx_gateway.web.manners import HEADERS
from sdmx_gateway.web.messages import Failure
from sdmx_gateway.web.service import Service

VERSIONS: Final = frozenset({"v1", "v2"})

_log = logging.getLogger(__name__)


def sdmx(request: Request) -> Response:
    """Any query of either grammar."""
    service: Service = request.app.state.service
    version = request.path_params["version"]
    if version not in VERSIONS:
        raise HTTPException(404, f"there is no SDMX REST {version[:80]!r} here: write v1 or v2")
    query = parse(version, _target(request, version), zone=service.gateway.now().tzinfo or UTC)
    if isinstance(query, DataQuery):
        return data.answer(service, query, request, version)
    return structure.answer(service, query, request, version)


def _target(request: Request, version: str) -> str:
    """The part of the address behind ``/sdmx/v1/``, as it was sent.

    Raises:
        HTTPException: 414, it is too long.

    """
    path: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    _, _, behind = path.partition(f"/sdmx/{version}/".encode())
    query: bytes = request.scope["query_string"]
    target = behind.partition(b"?")[0] + b"?" + query
    if len(path) + len(query) > limits.MAX_TARGET_LENGTH:
        raise HTTPException(414, f"at most {limits.MAX_TARGET_LENGTH} characters are read")
    return target.decode("latin-1")


def health(_request: Request) -> Response:
    """Whether the process answers."""
    return JSONResponse({"status": "ok"})


def ready(request: Request) -> Response:
    """Whether it can answer queries: the catalogue of releases and the structures can be read."""
    service: Service = request.app.state.service
    try:
        releases, artefacts = len(service.gateway.releases()), len(service.gateway.catalogue)
    except (GatewayError, SQLAlchemyError, OSError):
        _log.exception("not ready")
        return JSONResponse({"status": "not ready"}, 503)
    return JSONResponse({"status": "ready", "releases": releases, "structures": artefacts})


def on_gateway_error(request: Request, error: Exception) -> Response:
    """An error of ours, as a message."""
    assert isinstance(error, GatewayError)
    status = problems.status_of(error)
    if status in {problems.INTERNAL, problems.UNAVAILABLE}:
        _log.error("%s: %s", request.url.path, error, exc_info=error)
    return _failed(request, Failure(status, problems.told(error)))


def on_http_error(request: Request, error: Exception) -> Response:
    """An error of the framework, or one raised with a status, as a message."""
    assert isinstance(error, HTTPException)
    status = problems.BY_HTTP.get(error.status_code, problems.Status(error.status_code, 1000, error.detail))
    problem = Problem("http", error.detail, remedy="see / for what is served" if error.status_code == 404 else "")
    answer = _failed(request, Failure(status, (problem,)))
    answer.headers.update(error.headers or {})
    return answer


def on_failure(request: Request, error: Exception) -> Response:
    """A failure nobody foresaw: logged, and told as a failure of ours."""
    _log.error("%s failed", request.url.path, exc_info=error)
    answer = _failed(request, Failure(problems.INTERNAL, (Problem("internal", "the gateway failed; it was logged"),)))
    answer.headers.update(HEADERS)  # this answer does not pass through Manners
    return answer


def _failed(request: Request, failure: Failure) -> Response:
    parts: Sequence[str] = request.url.path.split("/")
    version = parts[2] if len(parts) > 2 and parts[1] == "sdmx" and parts[2] in VERSIONS else None
    if version is None:
        return _plain(failure)
    service: Service = request.app.state.service
    asked = f"{request.query_params.get('format', '')} {request.headers.get('accept', '')}".lower()
    answer = messages.respond(
        failure,
        version,
        json="json" in asked,
        sender=service.gateway.settings.sender,
        now=service.gateway.now(),
    )
    answer.headers["Vary"] = "Accept"
    return answer


def _plain(failure: Failure) -> Response:
    lines = [failure.status.title, *map(problems.sentence, failure.problems)]
    return Response("\n".join(lines) + "\n", failure.status.http, media_type="text/plain; charset=utf-8")

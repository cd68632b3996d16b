"""Other agencies' SDMX services, through sdmx1's client, which knows the public ones."""

from __future__ import annotations

import httpx
import sdmx

from sdmx_gateway.errors import StructureError

TIMEOUT_SECONDS = 60
MAX_BYTES = 64 << 20
"""Largest structure message taken from a service."""


def fetch_structures(name: str, *, client: httpx.Client | None = None) -> bytes:
    """The structure message of a dataflow with all it refers to, as the service sends it.

    Args:
        name: ``SERVICE/DATAFLOW``; the service's id is one sdmx1 knows (``sdmx.list_sources()``).
        client: how to fetch; one of its own when none is given.

    Raises:
        StructureError: no such service, or it does not answer with a message.
    """
    service, _, dataflow = name.partition("/")
    if service not in sdmx.list_sources() or not dataflow:
        raise StructureError(
            f"{name!r} is neither a file nor SERVICE/DATAFLOW",
            remedy=f"services known: {', '.join(sdmx.list_sources())}",
        )
    request = sdmx.Client(service).dataflow(dataflow, params={"references": "all"}, dry_run=True)
    content = bytearray()
    try:
        with (
            client or httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False) as http,
            http.stream("GET", str(request.url), headers=dict(request.headers)) as response,
        ):
            response.raise_for_status()
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > MAX_BYTES:
                    raise StructureError(f"{service} answers with more than {MAX_BYTES:,} bytes")
    except httpx.HTTPError as error:
        raise StructureError(
            f"{service} did not answer: {error}", remedy="fetch the message otherwise, and import the file"
        ) from error
    return bytes(content)

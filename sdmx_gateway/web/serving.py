"""Running the application on Granian: one worker process, HTTP/1.1 and 2, limits on slow and oversized requests.

The gateway is built inside the worker, which starts afresh (``spawn``): neither a database connection nor the threads
of polars survive a fork. What builds it must therefore be picklable: ``functools.partial(Gateway, settings)`` is.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from starlette.applications import Starlette

from sdmx_gateway.web.app import create_app
from sdmx_gateway.web.served import Served

HEADER_TIMEOUT_MS: Final = 10_000
"""How long a client may take to send the headers of a request."""

MAX_HEADER_BYTES: Final = 64 * 1024
"""Buffer of one HTTP/1 connection: what request line and headers must fit in."""


def serve(build: Callable[[], Served], *, host: str, port: int) -> None:
    """Serve until interrupted.

    Args:
        build: makes the gateway; picklable, called once, in the process that answers.
        host: address to listen on.
        port: port to listen on.

    """
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "sdmx_gateway.web",
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        workers=1,
        websockets=False,
        log_access=False,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_TIMEOUT_MS, max_buffer_size=MAX_HEADER_BYTES),
    )
    server.serve(target_loader=partial(_application, build), wrap_loader=False)


def _application(build: Callable[[], Served], *_target: Any) -> Starlette:
    """The application, with everything loaded that its first answer would wait for, or fail on."""
    gateway = build()
    app = create_app(gateway)
    gateway.releases()
    app.state.service.structures_digest  # noqa: B018 - worked out once, and kept
    return app

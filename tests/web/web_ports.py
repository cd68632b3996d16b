"""Where a server of a test listens, and how long it may take to start."""

from __future__ import annotations

import socket

START_SECONDS = 30


def free_port() -> int:
    """A port of the loopback interface nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

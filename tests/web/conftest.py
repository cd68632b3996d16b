"""A real server on a free port of the loopback interface, serving a made-up office."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from web_ports import START_SECONDS, free_port
from web_samples import Office, furnish


@pytest.fixture(scope="session")
def made_up_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The office, furnished; not to be written to."""
    return furnish(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="session")
def address(made_up_office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server."""
    port, log = free_port(), tmp_path_factory.mktemp("server") / "log"
    script = Path(__file__).with_name("serve_office.py")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, str(script), str(made_up_office.folder), str(port)], stdout=output, stderr=output
        )
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(url):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the server did not start:\n{log.read_text()}")
            time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="session")
def client(address: str) -> Iterator[httpx.Client]:
    """A client of the server that asks for nothing in particular."""
    with httpx.Client(base_url=address, headers={"Accept-Encoding": "identity"}) as client:
        del client.headers["Accept"]
        yield client

"""A real server on a free port of the loopback interface, serving a made-up office."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from web_samples import Office, furnish
from web_server import serving


@pytest.fixture(scope="session")
def made_up_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The office, furnished; not to be written to."""
    return furnish(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="session")
def address(made_up_office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server."""
    script = str(Path(__file__).with_name("serve_office.py"))
    log = tmp_path_factory.mktemp("server") / "log"
    with serving(lambda port: [script, str(made_up_office.folder), str(port)], log) as url:
        yield url


@pytest.fixture(scope="session")
def client(address: str) -> Iterator[httpx.Client]:
    """A client of the server that asks for nothing in particular."""
    with httpx.Client(base_url=address, headers={"Accept-Encoding": "identity"}) as client:
        del client.headers["Accept"]
        yield client

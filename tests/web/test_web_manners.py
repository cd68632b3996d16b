"""Headers every answer has, health, and what a server does when it starts."""

from __future__ import annotations

import httpx
import pytest
from web_samples import AGENCY, Office, ask

from sdmx_gateway.errors import StoreError
from sdmx_gateway.web import data, limits

PATHS = [
    *("/", "/health", "/ready", "/static/page.css", "/sdmx/v2/structure/dataflow", "/nowhere", "/sdmx/v1/data/X"),
    f"/findings/{AGENCY}/CRIME/1.0/2",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_manners(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["access-control-allow-origin"] == "*"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "script-src" not in headers["content-security-policy"]


@pytest.mark.parametrize("path", PATHS)
def test_a_browser_may_ask_first(client: httpx.Client, path: str) -> None:
    answer = client.options(path, headers={"Origin": "https://example.org", "Access-Control-Request-Method": "GET"})
    assert answer.status_code == 204
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_the_server_says_that_it_is_there_and_ready(client: httpx.Client) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    assert client.get("/ready").json() == {"status": "ready", "releases": 2, "structures": 9}


class Broken(Office):
    """An office whose store cannot be reached."""

    def releases(self) -> tuple[()]:
        raise StoreError("the release catalogue cannot be read", why="/secret/folder is gone")

    def latest_release(self, *_: object, **__: object) -> None:
        raise ZeroDivisionError("a mistake of ours, with a secret in it")


@pytest.fixture
def broken(made_up_office: Office) -> Broken:
    return Broken(made_up_office.folder)


def test_a_server_without_its_store_is_alive_and_not_ready(broken: Broken) -> None:
    assert ask(broken, "/health").status_code == 200
    assert ask(broken, "/ready").status_code == 503


def test_a_failure_of_ours_tells_no_secret_and_keeps_its_manners(broken: Broken) -> None:
    for path, word in (("/", "cannot be read"), ("/sdmx/v1/data/CRIME", "it was logged")):
        answer = ask(broken, path)
        assert answer.status_code == 500
        assert word in answer.text
        assert "secret" not in answer.text
        assert answer.headers["access-control-allow-origin"] == "*"


def test_an_answer_over_the_limit_is_refused_with_advice(
    made_up_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_OBSERVATIONS", 24)
    assert ask(made_up_office, "/sdmx/v1/data/CRIME?format=csv").status_code == 200
    monkeypatch.setattr(limits, "MAX_OBSERVATIONS", 23)
    answer = ask(made_up_office, "/sdmx/v1/data/CRIME?format=csv")
    assert answer.status_code == 413
    assert "by their key" in answer.text


def test_when_every_turn_is_taken_a_client_is_told_to_come_back(
    made_up_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_WAIT_SECONDS", 0)
    turns = [data._turns.acquire(timeout=0) for _ in range(limits.MAX_ANSWERS_AT_ONCE)]
    try:
        answer = ask(made_up_office, "/sdmx/v1/data/CRIME")
    finally:
        data._turns.release(len(turns))
    assert all(turns)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == str(limits.RETRY_AFTER_SECONDS)
    assert ask(made_up_office, "/sdmx/v1/data/CRIME").status_code == 200

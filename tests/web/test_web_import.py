"""Structures fetched from a service, through sdmx1's client: from a real one, and from one that fails."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
import sdmx
from pytest_httpx import HTTPXMock, IteratorStream
from sdmx.source import sources
from web_samples import AGENCY, FLOW, STRUCTURE

from sdmx_gateway.errors import StructureError
from sdmx_gateway.sources import service
from sdmx_gateway.sources.service import fetch_structures
from sdmx_gateway.structures import read_structures


@pytest.fixture
def served(address: str) -> Iterator[str]:
    """The name of a service sdmx1 knows."""
    sdmx.add_source({"id": AGENCY, "name": "Made up", "url": f"{address}/sdmx/v1"})
    yield AGENCY
    del sources[AGENCY]


@pytest.fixture
def mocked() -> Iterator[str]:
    """The name of a service nobody answers for but the mock."""
    sdmx.add_source({"id": AGENCY, "name": "Made up", "url": "https://made-up.example/v1"})
    yield AGENCY
    del sources[AGENCY]


def test_a_flow_comes_with_its_structure_and_its_lists(served: str) -> None:
    found = {artefact.urn: artefact for artefact in read_structures(fetch_structures(f"{served}/{FLOW.id}"))}
    assert FLOW.urn in found
    assert STRUCTURE.urn in found
    assert {dimension.representation.codelist for dimension in STRUCTURE.dimensions if dimension.representation} <= {
        *found,
        None,
    }


@pytest.mark.parametrize("name", ["NOBODY/FLOW", "a_file_that_is_not_there.xml"])
def test_services_sdmx1_does_not_know_are_refused_with_those_it_does(name: str) -> None:
    with pytest.raises(StructureError) as caught:
        fetch_structures(name)
    assert "ESTAT" in str(caught.value.remedy)


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_service_that_answers_otherwise_is_told(mocked: str, httpx_mock: HTTPXMock, status: int) -> None:
    httpx_mock.add_response(status_code=status, headers={"Location": "https://elsewhere.example/"})
    with pytest.raises(StructureError, match=str(status)):
        fetch_structures(f"{mocked}/CRIME")


def test_a_service_that_does_not_answer_is_told(mocked: str, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_exception(httpx.ReadTimeout("too slow"))
    with pytest.raises(StructureError, match="too slow"):
        fetch_structures(f"{mocked}/CRIME")


def test_no_more_is_taken_than_the_limit(mocked: str, httpx_mock: HTTPXMock, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []

    def endless() -> Iterator[bytes]:
        for number in range(1_000):
            taken.append(number)
            yield b"x" * 1_024

    monkeypatch.setattr(service, "MAX_BYTES", 10_000)
    httpx_mock.add_response(stream=IteratorStream(endless()))
    with pytest.raises(StructureError, match="more than 10,000 bytes"):
        fetch_structures(f"{mocked}/CRIME")
    assert len(taken) <= 12

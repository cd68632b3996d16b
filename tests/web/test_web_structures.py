"""Structures over HTTP: in three versions of SDMX-ML, by either grammar."""

from __future__ import annotations

import httpx
import pytest
from web_samples import AGENCY, CATALOGUE, CODES, FLOW, STRUCTURE

from sdmx_gateway.structures import read_structures

CODELISTS = {f"CL_{name}" for name in CODES}
ML21 = "application/vnd.sdmx.structure+xml;version=2.1"
ML30 = "application/vnd.sdmx.structure+xml;version=3.0.0"
ML31 = "application/vnd.sdmx.structure+xml;version=3.1.0"


@pytest.mark.parametrize(
    ("path", "accept", "expected"),
    [
        ("/sdmx/v1/dataflow", None, ML21),
        ("/sdmx/v1/dataflow", "*/*", ML21),
        ("/sdmx/v1/dataflow", ML30, ML30),
        ("/sdmx/v2/structure/dataflow", None, ML30),
        ("/sdmx/v2/structure/dataflow", "application/xml", ML30),
        ("/sdmx/v2/structure/dataflow", "text/html,application/xml;q=0.9,*/*;q=0.8", ML30),
        ("/sdmx/v2/structure/dataflow", ML21, ML21),
        ("/sdmx/v2/structure/dataflow", ML31, ML31),
        ("/sdmx/v2/structure/dataflow", "application/vnd.sdmx.structure+xml;version=3.1", ML31),
        ("/sdmx/v2/structure/dataflow?format=sdmx-ml-3.1", None, ML31),
        ("/sdmx/v2/structure/dataflow?format=xml", ML21, ML30),
    ],
)
def test_the_version_of_an_answer(client: httpx.Client, path: str, accept: str | None, expected: str) -> None:
    answer = client.get(path, headers={} if accept is None else {"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == expected
    assert {artefact.urn for artefact in read_structures(answer.content)} == {
        FLOW.urn,
        CATALOGUE.find(id="CRIME_PLANNED")[0].urn,
    }


@pytest.mark.parametrize("version", ["sdmx-ml-2.1", "sdmx-ml-3.0", "sdmx-ml-3.1"])
def test_everything_held_is_given_as_it_is(client: httpx.Client, version: str) -> None:
    answer = client.get(f"/sdmx/v2/structure/*/*/*/*?format={version}")
    assert {a.urn: a for a in read_structures(answer.content)} == {a.urn: a for a in CATALOGUE}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"/sdmx/v1/datastructure/{AGENCY}/CRIME/1.0", {"CRIME"}),
        (
            f"/sdmx/v1/datastructure/{AGENCY}/CRIME?references=children",
            {"CRIME", "CONCEPTS", *CODELISTS},
        ),
        (f"/sdmx/v1/codelist/{AGENCY}/CL_FREQ+CL_OFFENCE", {"CL_FREQ", "CL_OFFENCE"}),
        ("/sdmx/v1/conceptscheme", {"CONCEPTS"}),
        ("/sdmx/v1/agencyscheme/SDMX", {"AGENCIES"}),
        (f"/sdmx/v2/structure/*/{AGENCY}/CRIME/~", {"CRIME"}),
    ],
)
def test_a_structure_query_brings(client: httpx.Client, path: str, expected: set[str]) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert {artefact.id for artefact in read_structures(answer.content)} == expected


def test_an_unchanged_structure_is_not_sent_twice(client: httpx.Client) -> None:
    path = f"/sdmx/v2/structure/datastructure/{AGENCY}/{STRUCTURE.id}"
    tag = client.get(path).headers["etag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(f"{path}?references=all").headers["etag"] != tag

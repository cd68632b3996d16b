"""Data over HTTP: the same observations by either grammar, in every format, with the manners of HTTP."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Mapping

import httpx
import pytest
from lxml import etree
from web_samples import AGENCY, CATALOGUE, CODES, observations

from sdmx_gateway import formats
from sdmx_gateway.observations import Dataset

DATA = f"/sdmx/v2/data/dataflow/{AGENCY}/CRIME/1.0"
CSV = "application/vnd.sdmx.data+csv;version=2.0.0"


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text)))


def read(answer: httpx.Response) -> Dataset:
    return formats.read(answer.content, CATALOGUE)


def series(answer: httpx.Response) -> set[str]:
    return {".".join(row[name] for name in ("FREQ", "REF_AREA", "OFFENCE")) for row in rows(answer)}


@pytest.mark.parametrize("name", [name for name, form in formats.FORMATS.items() if form.read is not None])
@pytest.mark.parametrize("path", [DATA, f"/sdmx/v1/data/{AGENCY},CRIME,1.0/all"])
def test_every_format_gives_the_same_observations_by_either_grammar(client: httpx.Client, path: str, name: str) -> None:
    answer = client.get(path, params={"format": name})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == formats.FORMATS[name].media_type
    assert read(answer).frame.equals(observations(revision=1).frame)


@pytest.mark.parametrize("name", list(formats.FORMATS))
def test_every_format_is_had_by_its_media_type(client: httpx.Client, name: str) -> None:
    media_type = formats.FORMATS[name].media_type
    answer = client.get(DATA, headers={"Accept": media_type})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert int(answer.headers["content-length"]) == len(answer.content)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"/sdmx/v1/data/{AGENCY},CRIME,1.0/A.D93.ROBBERY", {"A.D93.ROBBERY"}),
        ("/sdmx/v1/data/CRIME/A.D75+D93.ROBBERY", {"A.D75.ROBBERY", "A.D93.ROBBERY"}),
        ("/sdmx/v1/data/CRIME/A.D75%2BD93.ROBBERY", {"A.D75.ROBBERY", "A.D93.ROBBERY"}),
        (f"{DATA}/A.D93.ROBBERY,A.FR.ROBBERY", {"A.D93.ROBBERY", "A.FR.ROBBERY"}),
        (f"{DATA}/*?c[REF_AREA]=sw:D&c[OFFENCE]=ROBBERY", {"A.D75.ROBBERY", "A.D93.ROBBERY"}),
        (f"{DATA}?c%5BREF_AREA%5D=FR%2CD99&c%5BOFFENCE%5D=ROBBERY", {"A.FR.ROBBERY"}),
        (f"/sdmx/v2/data/datastructure/{AGENCY}/CRIME/1.0/A.FR.ROBBERY", {"A.FR.ROBBERY"}),
        ("/sdmx/v2/data/*/*/CRIME/*/A.FR.ROBBERY", {"A.FR.ROBBERY"}),
    ],
)
def test_a_query_takes_its_series(client: httpx.Client, path: str, expected: set[str]) -> None:
    answer = client.get(path, headers={"Accept": CSV})
    assert answer.status_code == 200, answer.text
    assert series(answer) == expected


def test_a_plus_in_the_query_string_is_not_a_space(client: httpx.Client, address: str) -> None:
    for text in ("ge:2022+le:2023", "ge:2022%2Ble:2023"):
        answer = client.get(f"{DATA}?c[TIME_PERIOD]={text}&format=csv")
        assert {row["TIME_PERIOD"] for row in rows(answer)} == {"2022", "2023"}


def test_periods_and_last_observations_of_the_older_grammar(client: httpx.Client) -> None:
    path = "/sdmx/v1/data/CRIME/A.FR.ROBBERY"
    answer = client.get(path, params={"startPeriod": "2021-12", "endPeriod": "2023", "format": "csv"})
    assert [row["TIME_PERIOD"] for row in rows(answer)] == ["2022", "2023"]
    answer = client.get(path, params={"lastNObservations": 1, "format": "csv"})
    assert [row["TIME_PERIOD"] for row in rows(answer)] == ["2024"]


def test_data_only_have_no_attributes(client: httpx.Client) -> None:
    answer = client.get("/sdmx/v1/data/CRIME?detail=dataonly&format=csv")
    assert not {"OBS_STATUS", "SOURCE_EDITION"} & set(rows(answer)[0])
    xml = etree.fromstring(client.get("/sdmx/v1/data/CRIME?detail=dataonly").content)
    assert not xml.xpath("//@OBS_STATUS")
    assert len(xml.xpath("//Obs")) == 24


def test_series_alone_are_given_where_the_format_can_say_them(client: httpx.Client) -> None:
    answer = client.get("/sdmx/v1/data/CRIME?detail=serieskeysonly&format=sdmx-csv-2.0")
    assert len(rows(answer)) == 6
    assert client.get("/sdmx/v1/data/CRIME?detail=serieskeysonly").status_code == 501


def test_a_flat_answer_has_no_series(client: httpx.Client) -> None:
    answer = client.get(f"{DATA}?dimensionAtObservation=AllDimensions&format=sdmx-ml-3.0")
    assert answer.status_code == 200, answer.text
    xml = etree.fromstring(answer.content)
    assert not xml.xpath("//Series")
    assert len(xml.xpath("//Obs")) == 24
    assert set(xml.xpath("//Obs/@REF_AREA")) == set(CODES["REF_AREA"])


def test_as_of_gives_what_stood_then(client: httpx.Client) -> None:
    query = {"format": "csv", "c[REF_AREA]": "D75", "c[OFFENCE]": "HOMICIDE", "c[TIME_PERIOD]": "2021"}
    values = {
        instant: rows(client.get(DATA, params={**query, **({"asOf": instant} if instant else {})}))[0]["OBS_VALUE"]
        for instant in ("2025-02-01T08:00:00Z", "2026-03-01T09:00:00+01:00", "2026-03-01T08:59:59+01:00", "")
    }
    assert list(values.values()) == ["201", "202", "201", "202"]


def test_an_embargo_is_not_looked_behind_by_asking_for_the_future(client: httpx.Client) -> None:
    for version, path in (("v1", "/sdmx/v1/data/CRIME"), ("v2", DATA)):
        answer = client.get(path, params={"asOf": "2030-01-01T00:00:00Z", "format": "csv"})
        assert {row["SOURCE_EDITION"] for row in rows(answer)} == {"édition 1"}, version


def test_before_the_first_release_there_is_nothing(client: httpx.Client) -> None:
    answer = client.get(DATA, params={"asOf": "2020-01-01T00:00:00Z"})
    assert answer.status_code == 404
    assert "nothing was released" in answer.text


def test_no_observation_is_204_in_the_newer_grammar_and_404_in_the_older(client: httpx.Client) -> None:
    newer = client.get(f"{DATA}/A.D99.ROBBERY")
    assert (newer.status_code, newer.content) == (204, b"")
    older = client.get("/sdmx/v1/data/CRIME/A.D99.ROBBERY")
    assert older.status_code == 404
    assert 'code="100"' in older.text


def test_an_unchanged_answer_is_not_sent_twice(client: httpx.Client) -> None:
    answer = client.get(DATA)
    tag, modified = answer.headers["etag"], answer.headers["last-modified"]
    assert modified == "Sun, 01 Mar 2026 08:00:00 GMT"
    for headers in ({"If-None-Match": tag}, {"If-None-Match": f'"x", {tag}'}, {"If-Modified-Since": modified}):
        again = client.get(DATA, headers=headers)
        assert (again.status_code, again.content) == (304, b""), headers
        assert again.headers["etag"] == tag


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"another"'},
        {"If-Modified-Since": "Sat, 28 Feb 2026 08:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
        {"If-None-Match": '"another"', "If-Modified-Since": "Sun, 01 Mar 2026 08:00:00 GMT"},
    ],
)
def test_a_changed_answer_is_sent(client: httpx.Client, headers: Mapping[str, str]) -> None:
    assert client.get(DATA, headers=headers).status_code == 200


def test_each_representation_has_a_tag_of_its_own(client: httpx.Client) -> None:
    queries = [{"format": name} for name in formats.FORMATS]
    queries += [{"format": "csv", "lastNObservations": "1"}, {"format": "csv", "asOf": "2025-06-01T00:00:00Z"}]
    tags = {client.get(DATA, params=query).headers["etag"] for query in queries}
    assert len(tags) == len(queries)


def test_an_instant_that_means_the_same_release_means_the_same_answer(client: httpx.Client) -> None:
    one, other = (client.get(DATA, params={"asOf": f"2025-0{month}-01T00:00:00Z"}) for month in (6, 7))
    assert one.headers["etag"] == other.headers["etag"]
    assert one.content == other.content


def test_head_says_what_get_would(client: httpx.Client) -> None:
    get, head = client.get(DATA), client.head(DATA)
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-type", "etag", "last-modified", "vary"):
        assert head.headers[name] == get.headers[name]


def test_a_large_answer_is_compressed_for_who_can_read_it(client: httpx.Client, address: str) -> None:
    with client.stream("GET", f"{DATA}?format=sdmx-ml-3.0", headers={"Accept-Encoding": "gzip"}) as answer:
        packed = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["vary"]
    assert "Accept," in answer.headers["vary"] + ","
    assert gzip.decompress(packed) == client.get(f"{DATA}?format=sdmx-ml-3.0").content

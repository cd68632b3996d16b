"""Which format an answer is given in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdmx_gateway.errors import NotAcceptable
from sdmx_gateway.rest import Offer, limits, negotiate

XML3 = "application/vnd.sdmx.data+xml;version=3.0.0"
XML21 = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"
CSV2 = "application/vnd.sdmx.data+csv;version=2.0.0"
CSV1 = "application/vnd.sdmx.data+csv;version=1.0.0"
JSON = "application/vnd.sdmx.data+json;version=2.0.0"
OFFERS = [
    Offer("sdmx-ml-3.0", XML3, ("xml",)),
    Offer("sdmx-ml-2.1", XML21, ("xml", "structurespecificdata")),
    Offer("sdmx-csv-2.0", CSV2, ("csv",)),
    Offer("sdmx-csv-1.0", CSV1, ("csv",)),
    Offer("sdmx-json-2.0", JSON, ("json",)),
]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "sdmx-ml-3.0"),
        ("", "sdmx-ml-3.0"),
        ("*/*", "sdmx-ml-3.0"),
        ("application/*", "sdmx-ml-3.0"),
        (XML21, "sdmx-ml-2.1"),
        (XML21.upper(), "sdmx-ml-2.1"),
        ("application/vnd.sdmx.structurespecificdata+xml; version=2.1", "sdmx-ml-2.1"),
        ('application/vnd.sdmx.data+csv;version="1.0.0"', "sdmx-csv-1.0"),
        ("application/vnd.sdmx.data+csv", "sdmx-csv-2.0"),
        ("application/vnd.sdmx.data+csv;version=1.0", "sdmx-csv-1.0"),
        ("application/vnd.sdmx.data+csv;version=1.0+.0", "sdmx-csv-1.0"),
        ("application/vnd.sdmx.data+csv;version=2+.0.0", "sdmx-csv-2.0"),
        ("application/vnd.sdmx.data+csv;version=*", "sdmx-csv-2.0"),
        ("application/vnd.sdmx.data+csv;version=2.0.0;labels=id", "sdmx-csv-2.0"),
        ("text/csv", "sdmx-csv-2.0"),
        ("application/json", "sdmx-json-2.0"),
        ("application/xml", "sdmx-ml-3.0"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "sdmx-ml-3.0"),
        (f"{CSV2};q=0.4, {JSON};q=0.9", "sdmx-json-2.0"),
        (f"{JSON}, {CSV2}", "sdmx-json-2.0"),
        (f"{CSV2}, {JSON}", "sdmx-csv-2.0"),
        (f"*/*, {JSON}", "sdmx-json-2.0"),
        (f"{XML3};q=0, application/xml", "sdmx-ml-2.1"),
        (f"*/*;q=0.1, {XML3};q=0, {XML21};q=0", "sdmx-csv-2.0"),
        ("application/unheard-of, text/csv;q=0.1", "sdmx-csv-2.0"),
        ("text/csv;q=nonsense", "sdmx-csv-2.0"),
    ],
)
def test_the_accept_header_chooses(accept: str | None, expected: str) -> None:
    assert negotiate(OFFERS, accept=accept).name == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sdmx-csv-1.0", "sdmx-csv-1.0"),
        ("csv", "sdmx-csv-2.0"),
        ("CSV", "sdmx-csv-2.0"),
        ("xml", "sdmx-ml-3.0"),
        ("structurespecificdata", "sdmx-ml-2.1"),
        (JSON, "sdmx-json-2.0"),
        (XML21.replace("+", " "), "sdmx-ml-2.1"),
    ],
)
def test_the_query_chooses_over_the_header(name: str, expected: str) -> None:
    assert negotiate(OFFERS, accept="text/csv", format_name=name).name == expected


@pytest.mark.parametrize(
    "accept",
    [
        "image/png",
        "application/vnd.sdmx.data+csv;version=9.0.0",
        "application/vnd.sdmx.data+csv;version=1.1+.0",
        "*/*;q=0",
        "x",
    ],
)
def test_a_refusal_lists_what_is_offered(accept: str) -> None:
    with pytest.raises(NotAcceptable) as caught:
        negotiate(OFFERS, accept=accept)
    assert "we offer these 5 types" in caught.value.remedy
    assert all(offer.media_type in caught.value.remedy for offer in OFFERS)


def test_an_unknown_friendly_name_is_refused() -> None:
    with pytest.raises(NotAcceptable, match="no format is called 'excel'"):
        negotiate(OFFERS, format_name="excel")


def test_media_ranges_over_the_limit_are_not_read() -> None:
    filler = ["application/x"] * (limits.MAX_MEDIA_RANGES - 1)
    assert negotiate(OFFERS, accept=",".join([*filler, "text/csv"])).name == "sdmx-csv-2.0"
    with pytest.raises(NotAcceptable):
        negotiate(OFFERS, accept=",".join([*filler, "application/x", "text/csv"]))
    with pytest.raises(NotAcceptable):
        negotiate(OFFERS, accept="x" * limits.MAX_ACCEPT_LENGTH + ",text/csv")


@given(st.text(max_size=100))
def test_no_header_breaks_the_choice(accept: str) -> None:
    try:
        outcome = negotiate(OFFERS, accept=accept).media_type
    except NotAcceptable as refusal:
        outcome = refusal.remedy
    assert outcome in {offer.media_type for offer in OFFERS} or "we offer" in outcome

"""Observations are the same however a message spells them, and come back from our own spelling as they went."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from json_samples import CATALOGUE, ONE, Row, Spelling, dataset, problems, spelt
from polars.testing import assert_frame_equal

from sdmx_gateway.errors import MessageRejected
from sdmx_gateway.formats.json_irregular import is_regular
from sdmx_gateway.formats.json_reader import read_json
from sdmx_gateway.formats.json_text import parse_around
from sdmx_gateway.formats.json_writer import write_json
from sdmx_gateway.structures import Header

HEADER = Header(id="TEST", prepared=datetime(2026, 11, 24, 9, 12, tzinfo=UTC), sender="FR9", receiver="ESTAT")
AWKWARD = (
    '"observations":',
    '"observations":{"0":[1]}',
    '\\"series\\":{"0:0":{"observations":{}}}',
    "\\",
    'ends with a quotation mark"',
    "ends with a backslash\\",
    "]},[{",
    "0:1",
    "null",
    "NaN",
    "Infinity",
    "\\u00e9",
    "\t\r\n",
    "\u2028\ufeff",
    "\N{GRINNING FACE}",
    "«\u00a0L’été\u00a0»",
)
texts = st.sampled_from(AWKWARD) | st.text(
    st.sampled_from('"\\{}[]:,/ u0é\n') | st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12
).filter(lambda t: not set(t) & {"\ufffe", "\uffff"})
integers = st.integers(-(2**63), 2**63 - 1)
floats = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def cubes(draw: st.DrawFn) -> list[Row]:
    """Some observations with different keys."""
    codes = st.lists(texts, min_size=1, max_size=3, unique=True)
    areas, sexes, titles = draw(codes), draw(codes), draw(st.lists(texts | st.none(), min_size=9, max_size=9))
    keys = st.tuples(st.sampled_from(range(len(areas))), st.sampled_from(range(len(sexes))), st.integers(2000, 2004))
    edition = draw(st.none() | texts)
    rows = []
    for area, sex, year in draw(st.lists(keys, max_size=8, unique=True)):
        row = {"AREA": areas[area], "SEX": sexes[sex], "TIME_PERIOD": str(year), "EDITION": edition}
        row |= {"OBS_VALUE": draw(st.none() | integers), "RATE": draw(st.none() | floats)}
        row |= {"SAID": draw(st.none() | texts), "TITLE": titles[3 * area + sex]}
        row |= {"STATUS": draw(st.sampled_from("AEP")), "REMARK": draw(st.none() | texts), "WEIGHT": draw(floats)}
        rows.append(row)
    return rows


spellings = st.builds(
    Spelling,
    flat=st.booleans(),
    literal=st.booleans(),
    short=st.booleans(),
    data_sets=st.integers(1, 3),
    indent=st.sampled_from([None, 0, 2]),
    ascii=st.booleans(),
    shuffled=st.none() | st.integers(0, 9),
)


@settings(max_examples=200, deadline=None)
@given(rows=cubes(), spelling=spellings)
def test_every_spelling_of_a_message_gives_the_same_observations(rows: list[Row], spelling: Spelling) -> None:
    data = spelt(rows, spelling)
    assert is_regular(parse_around(data))
    assert_frame_equal(read_json(data, CATALOGUE).frame, dataset(rows).frame, check_exact=True)


@settings(max_examples=200, deadline=None)
@given(rows=cubes(), missing=st.booleans())
def test_what_we_write_comes_back_as_it_went(rows: list[Row], missing: bool) -> None:
    given_out = dataset([row | ({"RATE": float("nan")} if missing else {}) for row in rows])
    sink = io.BytesIO()
    write_json(given_out, sink, HEADER, None)
    assert is_regular(parse_around(sink.getvalue()))
    assert_frame_equal(read_json(sink.getvalue(), CATALOGUE).frame, given_out.frame, check_exact=True)


@settings(max_examples=300, deadline=None)
@given(rows=cubes(), spelling=spellings, where=st.floats(0, 1), what=st.sampled_from('"\\{}[]:,0n \x01é'))
def test_a_message_with_one_character_changed_is_read_as_json_or_refused(
    rows: list[Row], spelling: Spelling, where: float, what: str
) -> None:
    text = spelt(rows, spelling).decode()
    at = int(where * (len(text) - 1))
    changed = text[:at] + what + text[at + 1 :]
    try:
        json.loads(changed)
        well_formed = True
    except ValueError:
        well_formed = False
    codes = {problem.code for problem in problems(changed.encode())}
    assert well_formed == ("not-well-formed" not in codes)


@pytest.mark.parametrize("flat", [True, False])
def test_a_message_without_observations_is_a_dataset_without_rows(flat: bool) -> None:
    again = read_json(spelt([], Spelling(flat=flat)), CATALOGUE)
    assert len(again) == 0
    assert_frame_equal(again.frame, dataset([]).frame)


@pytest.mark.parametrize(
    ("number", "rate"),
    [
        ("12.50", 12.5),
        ("1e-7", 1e-7),
        ("-2.5E+3", -2500.0),
        ("0.1000000000000000055511151231257827", 0.1),
        ('"NaN"', float("nan")),
        ('"#N/A"', float("nan")),
        ('"12.5"', 12.5),
        ("null", None),
        ('""', None),
    ],
)
def test_a_decimal_is_what_the_text_says(number: str, rate: float | None) -> None:
    read = read_json(_with_cells(f"[1,{number}]"), CATALOGUE).frame["RATE"]
    assert read.equals(pl.Series("RATE", [rate], dtype=pl.Float64), null_equal=True)


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63), 2**53 + 1])
def test_a_large_whole_number_is_exact(number: int) -> None:
    assert read_json(_with_cells(f"[{number}]"), CATALOGUE).frame["OBS_VALUE"].to_list() == [number]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (f"[{2**63}]", "OBS_VALUE '9223372036854775808' is not of type Integer"),
        ("[1.0]", "OBS_VALUE '1.0' is not of type Integer"),
        ("[true]", "OBS_VALUE 'true' is not of type Integer"),
        ("[1,1e400]", "RATE '1e400' is not of type Decimal"),
        ('[1,"about 3"]', "RATE 'about 3' is not of type Decimal"),
    ],
)
def test_a_value_that_is_not_of_its_type_is_told_with_its_key(cells: str, problem: str) -> None:
    with pytest.raises(MessageRejected) as caught:
        read_json(_with_cells(cells), CATALOGUE)
    (told,) = caught.value.problems
    assert (told.code, told.what, told.where.key, told.where.period) == ("wrong-value", problem, "D75.F", "2020")


def _with_cells(cells: str) -> bytes:
    """The message of one observation, its array spelt like this."""
    data = spelt([ONE], Spelling(flat=True))
    before: Any = json.dumps([1, 2.5, None, 0, None, None, 0]).encode()
    assert before in data
    return data.replace(before, cells.encode())

"""What is said of an SDMX-JSON message that is none, or not of what it should be."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from json_samples import FLOW, ONE, Spelling, parts, problems, spelt

from sdmx_gateway.formats.json_reader import MAX_DATA_SETS


def _dimension(structure: dict[str, Any], level: str, n: int) -> dict[str, Any]:
    found: dict[str, Any] = structure["dimensions"][level][n]
    return found


def _cells(message: dict[str, Any], cells: Any) -> None:
    message["data"]["dataSets"][0]["series"]["0:0"]["observations"]["0"] = cells


FORM = {
    "data is missing": lambda m, s, d: m.pop("data"),
    "data is no object": lambda m, s, d: m.update(data=[]),
    "data.structures is missing": lambda m, s, d: m["data"].pop("structures"),
    "data.structures[3] is missing": lambda m, s, d: d.update(structure=3),
    "data.structures[-1] is missing": lambda m, s, d: d.update(structure=-1),
    "data.structures[0] is no object": lambda m, s, d: m["data"].update(structures=[1]),
    "data.structures[0].dimensions is missing": lambda m, s, d: s.pop("dimensions"),
    "data.structures[0].dimensions.series[1].id is missing": lambda m, s, d: _dimension(s, "series", 1).pop("id"),
    "data.structures[0].dimensions.series lists AREA twice": lambda m, s, d: _dimension(s, "series", 1).update(id="AREA"),
    "data.structures[0].dimensions.series[0].values is no array": lambda m, s, d: _dimension(s, "series", 0).update(values={}),
    "attributes.series[0].values[0] is several values": lambda m, s, d: s["attributes"]["series"][0].update(values=[{"values": ["a"]}]),
    "dimensions.series[0].values holds half of a surrogate pair, U+D800": lambda m, s, d: _dimension(s, "series", 0).update(
        values=[{"value": "\ud800"}]
    ),
    "data.dataSets is no array": lambda m, s, d: m["data"].update(dataSets={}),
    "data.dataSets[0] is no object": lambda m, s, d: m["data"].update(dataSets=[1]),
    "data.dataSets[0].series is no object": lambda m, s, d: d.update(series=[1]),
    "data.dataSets[0].series['0:0'] is no object": lambda m, s, d: d.update(series={"0:0": 1}),
    "data.dataSets[0].series['0:0'].observations is no object": lambda m, s, d: d["series"]["0:0"].update(observations=[]),
    "data.dataSets[0].series['0:0'].observations['0'] is no array": lambda m, s, d: _cells(m, 1),
    "data.dataSets[0].series has the key 'D75:F', which is not of whole": lambda m, s, d: d.update(series={"D75:F": {}}),
    "data.dataSets[0].series['0:0'].observations has the key '-1'": lambda m, s, d: d["series"]["0:0"].update(observations={"-1": []}),
    "data.dataSets[0] holds half of a surrogate pair, U+DE00": lambda m, s, d: _cells(m, [1, None, "\ude00"]),
    "data.dataSets[0].attributes holds half of a surrogate pair": lambda m, s, d: d.update(attributes=["\ud800"]),
    "there are 1001 data sets in it": lambda m, s, d: m["data"].update(dataSets=[d] * (MAX_DATA_SETS + 1)),
    "AREA is 1 in the series '1:0' of data.dataSets[0], and 1 values are listed": lambda m, s, d: d.update(
        series={"1:0": d["series"]["0:0"]}
    ),
    "TIME_PERIOD is 7 in the observation '7' of the series '0:0' of data.dataSets[0]": lambda m, s, d: d["series"]["0:0"].update(
        observations={"7": [1]}
    ),
    "STATUS is 4294967296 in the observation '0' of the series '0:0'": lambda m, s, d: _cells(m, [1, 1, "", 2**32]),
    "STATUS is -1 in the observation '0' of the series '0:0'": lambda m, s, d: _cells(m, [1, 1, "", -1]),
    "STATUS is \"A\" in the observation '0' of the series '0:0'": lambda m, s, d: _cells(m, [1, 1, "", "A"]),
    "STATUS is true in the observation '0' of the series '0:0'": lambda m, s, d: _cells(m, [1, 1, "", True]),
    "TITLE is 3 in the series '0:0' of data.dataSets[0]": lambda m, s, d: d["series"]["0:0"].update(attributes=[3]),
    "EDITION is 3 in data.dataSets[0], and 1 values are listed": lambda m, s, d: d.update(attributes=[3]),
    "the series '0' of data.dataSets[0] has 1 numbers in its key, its dimensions are AREA, SEX": lambda m, s, d: d.update(
        series={"0": d["series"]["0:0"]}
    ),
    "the observation '0:0' of the series '0:0' of data.dataSets[0] has 2 numbers": lambda m, s, d: d["series"]["0:0"].update(
        observations={"0:0": [1]}
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FORM)
def test_what_is_not_in_its_place_is_told_with_its_place(what: str) -> None:
    message, structure, data_set = copy.deepcopy(parts())
    FORM[what](message, structure, data_set)
    told = problems(message)
    assert [problem.code for problem in told] == ["wrong-form"]
    assert what in told[0].what


def test_observations_outside_series_need_a_structure_without_series() -> None:
    message, _, data_set = parts()
    data_set["observations"] = data_set.pop("series")["0:0"]["observations"]
    (told,) = problems(message)
    assert "the series '' of data.dataSets[0] has 0 numbers in its key, its dimensions are AREA, SEX" in told.what


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("no-observations", lambda m, s, d: m["data"].update(dataSets=[])),
        ("unknown-dataflow", lambda m, s, d: s.pop("links")),
        ("unknown-dataflow", lambda m, s, d: s["links"][0].update(urn="urn:sdmx:nothing")),
        ("unsupported-action", lambda m, s, d: d.update(action="Delete")),
        ("unknown-component", lambda m, s, d: _dimension(s, "series", 0).update(id="PLACE")),
    ],
)
def test_what_the_message_is_of_must_be_known(code: str, change: Callable[..., Any]) -> None:
    message, structure, data_set = parts()
    change(message, structure, data_set)
    assert code in [problem.code for problem in problems(message)]


def test_data_sets_of_several_dataflows_are_refused() -> None:
    message, structure, data_set = parts()
    other = {**structure, "links": [{"rel": "dataflow", "urn": str(FLOW.urn).replace("CUBE", "OTHER")}]}
    message["data"]["structures"].append(other)
    message["data"]["dataSets"].append({**data_set, "structure": 1})
    assert [problem.code for problem in problems(message)] == ["several-dataflows"]


@pytest.mark.parametrize(
    ("before", "after", "further", "what"),
    [
        (b"2.5", b"NaN", None, "NaN is no JSON number"),
        (b"2.5", b"-Infinity", None, "-Infinity is no JSON number"),
        (b"2.5", b"02.5", 0, "delimiter"),
        (b"2.5", b"2.5,", 0, "Expecting value"),
        (b'"0:0": {', b'"0:0": {{', 0, "property name"),
        (b'"Append"', b'"App\x01end"', 0, "control character"),
        (b'"Append"', b'"App\\xend"', 0, "escape"),
        (b'"Append"', b'"App\xe9nd"', 0, "the byte 0xE9 is not UTF-8"),
        (b'"Append"', b"[" * 100_000, None, "recursion"),
    ],
)
def test_what_is_no_json_is_told_with_its_line(before: bytes, after: bytes, further: int | None, what: str) -> None:
    data = spelt([ONE], Spelling(indent=1))
    (told,) = problems(data.replace(before, after, 1))
    assert told.code in {"not-well-formed", "not-utf-8"}
    assert what in told.what
    assert told.where.row == (None if further is None else data[: data.index(before)].count(b"\n") + 1 + further)


def test_a_number_of_thousands_of_digits_is_refused_like_any_other() -> None:
    message, _, data_set = parts()
    content = data_set["series"]["0:0"]
    for own_member in ({}, {"x": {}}):
        data_set["series"] = {f"0:{'9' * 9999}": content | own_member}
        assert [problem.code for problem in problems(message)] == ["wrong-form"]


@pytest.mark.parametrize("depth", range(850, 1000, 10))
def test_values_nested_deeply_are_read_or_refused(depth: int) -> None:
    data = spelt([ONE], Spelling(flat=True)).replace(b"[1, 2.5, null", b"[1, 2.5, " + b"[" * depth + b"]" * depth)
    assert {problem.code for problem in problems(data)} <= {"not-well-formed", "wrong-form"}

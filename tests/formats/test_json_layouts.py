"""Messages as other people's software lays them out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from json_samples import CATALOGUE, ONE, Spelling, dataset, parts, problems, spelt

from sdmx_gateway.formats.json_irregular import is_regular
from sdmx_gateway.formats.json_reader import read_json
from sdmx_gateway.formats.json_text import parse_around

DATA = Path(__file__).parent / "data"


def test_a_message_pretty_printed_in_another_order_is_read() -> None:
    edition = '2025, "series":{"0":{}}'
    rows = [
        ONE | {"RATE": 2.5, "TITLE": "two", "EDITION": edition},
        ONE | {"TIME_PERIOD": "2021", "OBS_VALUE": 3, "RATE": None, "TITLE": "two", "STATUS": None, "EDITION": edition},
        ONE
        | {"AREA": "D13", "TIME_PERIOD": "2021", "OBS_VALUE": None, "RATE": float("nan"), "TITLE": None}
        | {"SAID": '« é "observations":{ »', "STATUS": None, "REMARK": "1.10", "WEIGHT": 7.0, "EDITION": edition},
        ONE
        | {"AREA": "D01", "SEX": "M", "TIME_PERIOD": "2022", "OBS_VALUE": 9, "RATE": 100.0, "REMARK": "x"}
        | {"SAID": "yes", "STATUS": "P", "TITLE": None, "EDITION": None},
    ]
    data = (DATA / "another_layout.json").read_bytes()
    for begun in (b"", b"\xef\xbb\xbf"):
        assert is_regular(parse_around(begun + data))
        assert read_json(begun + data, CATALOGUE).frame.equals(dataset(rows).frame)


Change = Callable[[dict[str, Any]], Any]


def _read(message: dict[str, Any]) -> list[dict[str, Any]]:
    return read_json(json.dumps(message).encode(), CATALOGUE).frame.to_dicts()


IRREGULAR: dict[str, Change] = {
    "a member of one's own in a series": lambda d: d["series"]["0:0"].update(metadata={"deep": [{"er": [1]}]}),
    "a text of one's own in a series": lambda d: d["series"]["0:0"].update({"title": "observations"}),
    "keys spelt with blanks": lambda d: d.update(series={" 0: 0": d["series"]["0:0"]}),
    "keys with zeros in front": lambda d: d.update(series={"00:0": d["series"]["0:0"]}),
    "no series but flat observations of nothing": lambda d: d.update(observations={}),
    "observations that are null": lambda d: d.update(observations=None),
    "a data set of one's own members": lambda d: d.update(x={"series": {"0": 1}, "observations": {"": []}}),
}


@pytest.mark.parametrize("how", IRREGULAR)
def test_what_is_no_matter_of_ours_is_passed_over(how: str) -> None:
    message, _, data_set = parts()
    expected = _read(message)
    IRREGULAR[how](data_set)
    assert _read(message) == expected


def test_keys_spelt_with_escapes_are_read() -> None:
    data = spelt([ONE], Spelling())
    assert read_json(data.replace(b'"0:0"', b'"\\u0030:0"'), CATALOGUE).frame.to_dicts() == [ONE]


def test_a_value_that_holds_values_is_its_own_json_text() -> None:
    message, _, data_set = parts()
    data_set["series"]["0:0"]["observations"]["0"][2] = {"fr": 'l"été', "en": ["summer", None, 1]}
    assert _read(message)[0]["SAID"] == '{"fr": "l\\"été", "en": ["summer", null, 1]}'


def test_a_number_keeps_its_spelling_where_it_is_a_text() -> None:
    message, structure, data_set = parts()
    structure["attributes"]["dataSet"] = [{"id": "EDITION"}]
    structure["attributes"]["series"] = [{"id": "TITLE", "values": [{"value": "SPELT"}]}]
    data_set["attributes"] = ["SPELT"]
    data_set["series"]["0:0"]["observations"]["0"][2] = "SPELT"
    data = json.dumps(message).replace('"SPELT"', "1.10")
    for regular in (True, False):
        again = data if regular else data.replace('{"attributes": [0],', '{"x": {}, "attributes": [0],')
        assert is_regular(parse_around(again.encode())) == regular
        (row,) = read_json(again.encode(), CATALOGUE).frame.to_dicts()
        assert [row[name] for name in ("EDITION", "TITLE", "SAID")] == ["1.10"] * 3


def test_what_is_said_nearest_to_the_observation_counts() -> None:
    message, structure, data_set = parts()
    structure["attributes"]["dataSet"].append({"id": "TITLE"})
    data_set["attributes"].append("of the whole")
    assert _read(message)[0]["TITLE"] == "t"
    data_set["series"]["0:0"]["attributes"] = [None]
    assert _read(message)[0]["TITLE"] == "of the whole"


def test_an_observation_that_is_there_twice_is_told_although_its_name_is_the_same() -> None:
    data = spelt([ONE], Spelling()).replace(b'"observations": {', b'"observations": {"0": [7], ')
    (told,) = problems(data)
    assert (told.code, told.where.key, told.where.period) == ("duplicate-observation", "D75.F", "2020")

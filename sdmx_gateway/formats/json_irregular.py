"""Data sets that are JSON and yet not spelt as the grammar has it, brought into that form.

Series with members of one's own, values within values, keys spelt with escapes: all that is read, one Python value at a
time. What is no data set at all is told with the keys of its series and its observation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sdmx_gateway.formats.json_members import Fraction, as_json, checked, member, texts, wrong_form
from sdmx_gateway.formats.json_text import Bulk


def is_regular(message: Any) -> bool:
    """Whether a message was parsed around all the series and observations of its data sets."""
    match message:
        case {"data": {"dataSets": [*data_sets]}}:
            found = [d.get(name) for d in data_sets if isinstance(d, dict) for name in ("series", "observations")]
            return all(value is None or isinstance(value, Bulk) for value in found)
    return False


def regular(message: dict[str, Any]) -> dict[str, Any]:
    """A message parsed as a whole, with the series and observations of its data sets as :class:`Bulk`.

    Raises:
        MessageRejected: a data set is not as SDMX-JSON 2.0 has it.
    """
    data = member(message, "data", dict, "")
    data_sets = member(data, "dataSets", list, "data")
    return {**message, "data": {**data, "dataSets": list(_data_sets(data_sets))}}


def _data_sets(data_sets: list[Any]) -> Iterator[dict[str, Any]]:
    for n, data_set in enumerate(data_sets):
        path = f"data.dataSets[{n}]"
        content = checked(data_set, dict, path)
        series = member(content, "series", dict, path, {})
        observations = member(content, "observations", dict, path, {})
        keyed = {_key(key, f"{path}.series"): _series(key, of_it, path) for key, of_it in series.items()}
        flat = _observations(observations, path)
        yield {
            **content,
            "series": _bulk("series", keyed, path),
            "observations": _bulk("observations", flat, path),
        }


def _bulk(name: str, content: dict[str, Any], path: str) -> Bulk:
    text = as_json({name: content})
    return Bulk(texts([text.removeprefix("{").removesuffix("}")], path))


def _series(key: str, content: Any, path: str) -> dict[str, Any]:
    path = f"{path}.series[{key!r}]"
    series = checked(content, dict, path)
    return {
        "attributes": [_cell(value) for value in member(series, "attributes", list, path, [])],
        "observations": _observations(member(series, "observations", dict, path, {}), path),
    }


def _observations(observations: dict[str, Any], path: str) -> dict[str, Any]:
    path = f"{path}.observations"
    return {
        _key(key, path): [_cell(value) for value in checked(cells, list, f"{path}[{key!r}]")]
        for key, cells in observations.items()
    }


def _key(key: str, path: str) -> str:
    numbers = [number.strip() for number in key.split(":")] if key else []
    if not all(number.isascii() and number.isdecimal() for number in numbers):
        raise wrong_form(f"{path} has the key {key!r}, which is not of whole numbers with colons between them")
    return ":".join(number.lstrip("0") or "0" for number in numbers)


def _cell(value: Any) -> Any:
    """A value; one that holds others becomes its own JSON text, and one with a fraction keeps its spelling."""
    return as_json(value) if isinstance(value, dict | list | Fraction) else value

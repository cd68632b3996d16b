"""SDMX-JSON 2.0 data messages, read into columns (SDMX-JSON 2.0.0, data message): series, or flat observations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from sdmx_gateway.errors import MessageRejected, Problem, Where
from sdmx_gateway.formats.assembly import assemble
from sdmx_gateway.formats.lexical import NOT_A_NUMBER
from sdmx_gateway.formats.references import Meaning, resolve
from sdmx_gateway.observations import Dataset, column_type
from sdmx_gateway.structures import Catalogue, Kind


def read_json(data: bytes, catalogue: Catalogue) -> Dataset:
    """Read an SDMX-JSON 2.0 data message.

    Raises:
        MessageRejected: it is none, or does not fit the dataflow it names.
    """
    message = _parsed(data)
    try:
        structures = message["data"]["structures"]
        data_sets = message["data"]["dataSets"]
        meaning = _meaning(structures[0], catalogue)
        columns = _columns(structures, data_sets)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        what = f"the message is not as SDMX-JSON 2.0 has it: {type(error).__name__} {error}"
        raise _rejected(Problem("wrong-form", what)) from error
    if isinstance(meaning, Problem):
        raise _rejected(meaning)
    unknown = [name for name in columns if name not in meaning.structure.components]
    problems = [
        Problem("unknown-component", f"{name} is no component of {meaning.structure.urn.short}", value=name)
        for name in unknown
    ]
    raw = pl.DataFrame([_series(name, values, meaning) for name, values in columns.items() if name not in unknown])
    return assemble(raw, meaning, problems, _nowhere)


def _nowhere(row: int) -> None:
    """JSON has no lines worth naming."""
    del row


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        what = f"{error.msg}, column {error.colno}"
        raise _rejected(Problem("not-well-formed", what, Where(row=error.lineno))) from error
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise _rejected(Problem("not-well-formed", f"the message is no JSON text: {error}")) from error


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is no JSON number")


def _rejected(problem: Problem) -> MessageRejected:
    return MessageRejected("this SDMX-JSON message cannot be read", [problem])


def _meaning(structure: Mapping[str, Any], catalogue: Catalogue) -> Meaning | Problem:
    links = {link.get("rel"): link.get("urn", "") for link in structure.get("links", [])}
    reference = links.get("dataflow") or links.get("datastructure") or ""
    if not reference:
        return Problem("unknown-dataflow", "the message links to no dataflow", remedy="add a link with rel dataflow")
    return resolve(reference, Kind.DATAFLOW, catalogue)


def _values(components: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Any]]]:
    return [(c["id"], [v.get("id", v.get("value")) for v in c.get("values", [])]) for c in components]


def _columns(structures: Sequence[Mapping[str, Any]], data_sets: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {}
    height = 0
    for data_set in data_sets:
        for row in _rows(structures[data_set.get("structure", 0)], data_set):
            for name, value in row:
                if name not in columns:
                    columns[name] = [None] * height
                columns[name].append(value)
            height += 1
            for values in columns.values():
                if len(values) < height:
                    values.append(None)
    return columns


def _rows(structure: Mapping[str, Any], data_set: Mapping[str, Any]) -> Iterator[list[tuple[str, Any]]]:
    dimensions, attributes = structure["dimensions"], structure.get("attributes", {})
    measures = [m["id"] for m in structure.get("measures", {}).get("observation", [{"id": "OBS_VALUE"}])]
    whole = [
        *_fixed(dimensions.get("dataSet", [])),
        *_numbered(attributes.get("dataSet", []), data_set.get("attributes", [])),
    ]
    of_series, at_observation = _values(dimensions.get("series", [])), _values(dimensions.get("observation", []))
    of_observation = _values(attributes.get("observation", []))
    series = data_set.get("series") or {"": {"observations": data_set.get("observations", {})}}
    for key, content in series.items():
        above = [
            *whole,
            *_keyed(of_series, key),
            *_numbered(attributes.get("series", []), content.get("attributes", [])),
        ]
        for place, cells in content.get("observations", {}).items():
            numbers = cells[len(measures) :]
            yield [
                *above,
                *_keyed(at_observation, place),
                *zip(measures, cells, strict=False),
                *(
                    (name, values[n])
                    for (name, values), n in zip(of_observation, numbers, strict=False)
                    if n is not None
                ),
            ]


def _keyed(components: list[tuple[str, list[Any]]], key: str) -> Iterable[tuple[str, Any]]:
    numbers = key.split(":") if key else []
    return ((name, values[int(n)]) for (name, values), n in zip(components, numbers, strict=True))


def _numbered(components: Sequence[Mapping[str, Any]], numbers: Sequence[int | None]) -> Iterable[tuple[str, Any]]:
    pairs = zip(_values(components), numbers, strict=False)
    return [(name, values[n]) for (name, values), n in pairs if n is not None]


def _fixed(components: Sequence[Mapping[str, Any]]) -> Iterable[tuple[str, Any]]:
    return [(name, values[0]) for name, values in _values(components) if values]


def _series(name: str, values: list[Any], meaning: Meaning) -> pl.Series:
    component = meaning.structure.components[name]
    if column_type(component).is_float():
        return pl.Series(
            name, [float("nan") if v == NOT_A_NUMBER else v for v in values], dtype=pl.Float64, strict=False
        )
    texts = [v if v is None or isinstance(v, str) else json.dumps(v) for v in values]
    return pl.Series(name, texts, dtype=pl.String)

"""A small structure with a component of every kind, and messages about it as other people's software spells them."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from sdmx_gateway.errors import MessageRejected, Problem
from sdmx_gateway.formats.json_reader import read_json
from sdmx_gateway.observations import Dataset
from sdmx_gateway.structures import Catalogue, Kind, Urn
from sdmx_gateway.structures.model import (
    Attachment,
    Attribute,
    Dataflow,
    DataStructure,
    DataType,
    Dimension,
    Measure,
    Relationship,
    Representation,
)

Row = dict[str, Any]
"""One observation: a value, or None, by component."""


def _of(name: str, data_type: DataType = DataType.STRING) -> dict[str, Any]:
    concept = Urn.parse(f"urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept=T:CS(1.0).{name}")
    return {"id": name, "concept": concept, "representation": Representation(data_type=data_type)}


_OBSERVED = Relationship(Attachment.OBSERVATION)
STRUCTURE = DataStructure(
    agency="T",
    id="CUBE",
    dimensions=(
        Dimension(**_of("AREA")),
        Dimension(**_of("SEX")),
        Dimension(**_of("TIME_PERIOD", DataType.OBSERVATIONAL_TIME_PERIOD), is_time=True),
    ),
    measures=(
        Measure(**_of("OBS_VALUE", DataType.INTEGER)),
        Measure(**_of("RATE", DataType.DECIMAL)),
        Measure(**_of("SAID")),
    ),
    attributes=(
        Attribute(**_of("EDITION"), relationship=Relationship(Attachment.DATASET)),
        Attribute(**_of("TITLE"), relationship=Relationship(Attachment.DIMENSIONS, ("AREA", "SEX"))),
        Attribute(**_of("STATUS"), relationship=_OBSERVED),
        Attribute(**_of("REMARK"), relationship=_OBSERVED),
        Attribute(**_of("WEIGHT", DataType.DOUBLE), relationship=_OBSERVED),
    ),
)
FLOW = Dataflow(agency="T", id="CUBE", structure=STRUCTURE.urn)
CATALOGUE = Catalogue.of([STRUCTURE, FLOW])
assert FLOW.urn.kind is Kind.DATAFLOW

SCHEMA = {name: pl.String() for name in STRUCTURE.components} | {
    "OBS_VALUE": pl.Int64(),
    "RATE": pl.Float64(),
    "WEIGHT": pl.Float64(),
}


ONE: Row = {"AREA": "D75", "SEX": "F", "TIME_PERIOD": "2020", "OBS_VALUE": 1, "RATE": 2.5, "SAID": None} | {
    "EDITION": "2025", "TITLE": "t", "STATUS": "A", "REMARK": None, "WEIGHT": None
}  # fmt: skip
"""An observation like any other."""


def dataset(rows: Sequence[Row]) -> Dataset:
    """The dataset of these observations."""
    return Dataset.of(FLOW, STRUCTURE, pl.DataFrame(list(rows), schema=SCHEMA))


@dataclass(frozen=True)
class Spelling:
    """How a message is spelt: all of this is the sender's choice.

    Attributes:
        flat: observations stand alone, not in series.
        literal: attributes of observations are written out, not numbered.
        short: absent values at the end of an array are left out.
        data_sets: how many data sets the observations are spread over.
        indent: of the pretty-printed text.
        ascii: other characters are escaped.
        shuffled: seed of the order of all members.
    """

    flat: bool = False
    literal: bool = False
    short: bool = False
    data_sets: int = 1
    indent: int | None = None
    ascii: bool = False
    shuffled: int | None = None


def spelt(rows: Sequence[Row], spelling: Spelling) -> bytes:
    """These observations as a message; those of one series have one title, all have one edition."""
    message = as_values(rows, spelling)
    if spelling.shuffled is not None:
        message = _shuffled(message, random.Random(spelling.shuffled))
    return json.dumps(message, indent=spelling.indent, ensure_ascii=spelling.ascii).encode()


def as_values(rows: Sequence[Row], spelling: Spelling) -> dict[str, Any]:
    """The message before it is text."""
    values = {name: list(dict.fromkeys(r[name] for r in rows if r[name] is not None)) for name in STRUCTURE.components}
    in_series = [] if spelling.flat else ["AREA", "SEX"]
    at_observation = [d.id for d in STRUCTURE.dimensions if d.id not in in_series]
    data_sets = [_data_set(rows[n :: spelling.data_sets], values, spelling) for n in range(spelling.data_sets)]

    def listed(names: Sequence[str], *, literal: bool = False) -> list[dict[str, Any]]:
        return [{"id": n} | ({} if literal else {"values": [{"value": v} for v in values[n]]}) for n in names]

    structure = {
        "links": [{"rel": "dataflow", "urn": str(FLOW.urn)}],
        "dimensions": {"series": listed(in_series), "observation": listed(at_observation)},
        "measures": {"observation": [{"id": m.id} for m in STRUCTURE.measures]},
        "attributes": {
            "dataSet": listed(["EDITION"]),
            "series": [] if spelling.flat else listed(["TITLE"]),
            "observation": listed(_observed(spelling), literal=spelling.literal),
        },
    }
    return {"data": {"structures": [structure], "dataSets": data_sets}}


def _observed(spelling: Spelling) -> list[str]:
    return ["STATUS", "REMARK", "WEIGHT", *(["TITLE"] if spelling.flat else [])]


def _data_set(rows: Sequence[Row], values: dict[str, list[Any]], spelling: Spelling) -> dict[str, Any]:
    def number(row: Row, name: str) -> int | None:
        return None if row[name] is None else values[name].index(row[name])

    def cells(row: Row) -> list[Any]:
        attributes = [row[n] if spelling.literal else number(row, n) for n in _observed(spelling)]
        found = [*(row[m.id] for m in STRUCTURE.measures), *attributes]
        while spelling.short and found and found[-1] is None:
            found.pop()
        return found

    def key(row: Row, names: Sequence[str]) -> str:
        return ":".join(str(number(row, name)) for name in names)

    whole = {"action": "Append", "attributes": [number(rows[0], "EDITION")] if rows else []}
    if spelling.flat:
        every = [d.id for d in STRUCTURE.dimensions]
        return {**whole, "observations": {key(row, every): cells(row) for row in rows}}
    series: dict[str, Any] = {}
    for row in rows:
        content = series.setdefault(
            key(row, ["AREA", "SEX"]), {"attributes": [number(row, "TITLE")], "observations": {}}
        )
        content["observations"][key(row, ["TIME_PERIOD"])] = cells(row)
    return {**whole, "series": series}


def _shuffled(value: Any, order: random.Random) -> Any:
    if isinstance(value, list):
        return [_shuffled(item, order) for item in value]
    if not isinstance(value, dict):
        return value
    members = list(value.items())
    order.shuffle(members)
    return {name: _shuffled(item, order) for name, item in members}


def parts() -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A message about :data:`ONE` in series, to be changed; its structure; its data set."""
    message = as_values([ONE], Spelling())
    return message, message["data"]["structures"][0], message["data"]["dataSets"][0]


def problems(data: bytes | dict[str, Any]) -> list[Problem]:
    """What the reader says against a message; nothing if it takes it."""
    text = data if isinstance(data, bytes) else json.dumps(data).encode()
    try:
        read_json(text, CATALOGUE)
    except MessageRejected as error:
        return list(error.problems)
    return []

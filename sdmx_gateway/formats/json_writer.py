"""SDMX-JSON 2.0 data messages, written by columns (SDMX-JSON 2.0.0, data message).

Codes and attribute values are numbered once, in the structure part; series and observations refer to them by number. The observations
part is rendered by polars expressions in slices, as the other formats are; only the structure part is made of Python values.
Attributes of groups are written with their series: the message has no place of their own for them that readers share.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, BinaryIO, Final

import polars as pl

from sdmx_gateway.formats.fit import Capacity, require
from sdmx_gateway.formats.levels import Levels, scope_of, settled
from sdmx_gateway.formats.lexical import NOT_A_NUMBER, spelt
from sdmx_gateway.formats.lines import FIRST, LAST, at_first, series_slices, write_lines
from sdmx_gateway.observations import Dataset
from sdmx_gateway.structures import Catalogue
from sdmx_gateway.structures.header import Header
from sdmx_gateway.structures.model import Attachment, Attribute, Component, DataStructure, Text

SCHEMA: Final = "https://json.sdmx.org/2.0.0/sdmx-json-data-schema.json"


def write_json(dataset: Dataset, sink: BinaryIO, header: Header, catalogue: Catalogue | None) -> None:
    """Write a dataset as an SDMX-JSON 2.0 message, UTF-8.

    Raises:
        DatasetRejected: SDMX-JSON 2.0 cannot carry it; nothing was written.
    """
    require(dataset, Capacity(many_measures=True, many_values=False), "SDMX-JSON 2.0")
    frame = settled(dataset.frame, dataset.structure)
    levels = _said(Levels.of(dataset.structure), frame)
    of_series = [*(a for _, attributes in levels.groups for a in attributes), *levels.series]
    numbers = _Numbers(frame, catalogue)
    message = {"meta": _meta(header), "data": {"structures": [_structure(dataset, levels, of_series, numbers)]}}
    head = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    attributes = [numbers.first(a.id) for a in levels.dataset]
    links = [{"urn": str(dataset.dataflow.urn), "rel": "dataflow"}]
    dataset_part = {
        "structure": 0,
        "action": "Replace",
        "links": links,
        **({"attributes": attributes} if attributes else {}),
    }
    opened = json.dumps(dataset_part, ensure_ascii=False, separators=(",", ":"))
    kind = "series" if levels.series_dimensions else "observations"
    sink.write(f'{head[:-2]},"dataSets":[{opened[:-1]},"{kind}":{{'.encode())
    _observations(frame, sink, levels, of_series, numbers, dataset)
    sink.write(b"}}]}}\n")


def _said(levels: Levels, frame: pl.DataFrame) -> Levels:
    """The levels without the attributes nothing is said of: the message may not list one without values."""

    def said(attributes: Iterable[Attribute]) -> tuple[Attribute, ...]:
        return tuple(a for a in attributes if frame[a.id].null_count() < frame.height)

    return replace(
        levels,
        dataset=said(levels.dataset),
        groups=tuple((group, said(attributes)) for group, attributes in levels.groups),
        series=said(levels.series),
        observation=said(levels.observation),
    )


def _meta(header: Header) -> dict[str, Any]:
    receivers = {"receivers": [{"id": header.receiver}]} if header.receiver else {}
    return {
        "schema": SCHEMA,
        "id": header.id,
        "test": header.test,
        "prepared": header.prepared.isoformat(),
        "contentLanguages": ["fr", "en"],
        "sender": {"id": header.sender},
        **receivers,
    }


class _Numbers:
    """The distinct values of each column, numbered in the order they are met."""

    def __init__(self, frame: pl.DataFrame, catalogue: Catalogue | None) -> None:
        self._frame = frame
        self._catalogue = catalogue
        self._values: dict[str, list[str]] = {}

    def of(self, name: str) -> list[str]:
        """The values of a column, by number; absent ones have none."""
        if name not in self._values:
            column = self._frame.select(spelt(pl.col(name), self._frame.schema[name]).alias(name))[name]
            self._values[name] = column.drop_nulls().unique(maintain_order=True).to_list()
        return self._values[name]

    def first(self, name: str) -> int | None:
        """The number of a column that has one value at most."""
        return 0 if self.of(name) else None

    def number(self, name: str) -> pl.Expr:
        """The number of each row's value as text; ``null`` where it has none."""
        numbers = {value: str(n) for n, value in enumerate(self.of(name))}
        text = spelt(pl.col(name), self._frame.schema[name])
        return text.replace_strict(numbers, default="null", return_dtype=pl.String) if numbers else pl.lit("null")

    def values(self, component: Component) -> list[dict[str, Any]]:
        """The numbered values as the structure part tells them: codes with their names, other values as they are."""
        codelist = self._catalogue.codelist_of(component) if self._catalogue is not None else None
        if codelist is None and not component.representation.is_coded:
            return [{"value": value} for value in self.of(component.id)]
        names = {
            code: codelist[code].names if codelist and code in codelist else Text() for code in self.of(component.id)
        }
        return [{"id": code, **_named(text)} for code, text in names.items()]


def _named(names: Text) -> dict[str, Any]:
    best = names.best("fr", "en")
    return {"name": best, "names": dict(names)} if best else {}


def _structure(dataset: Dataset, levels: Levels, of_series: list[Attribute], numbers: _Numbers) -> dict[str, Any]:
    structure = dataset.structure
    by_id = structure.components

    def told(attributes: Iterable[Attribute]) -> list[dict[str, Any]]:
        return [
            {"id": a.id, "name": a.id, "relationship": _relationship(a, dataset.structure), "values": numbers.values(a)}
            for a in attributes
        ]

    def dimensions(names: Iterable[str]) -> list[dict[str, Any]]:
        positions = {d.id: n for n, d in enumerate(structure.dimensions)}
        listed = []
        for name in names:
            component = by_id[name]
            values = numbers.values(component)
            if name == structure.time_dimension:
                values = [{"value": value} for value in numbers.of(name)]
            listed.append({"id": name, "name": name, "keyPosition": positions[name], "values": values})
        return listed

    return {
        "links": [
            {"urn": str(dataset.dataflow.urn), "rel": "dataflow"},
            {"urn": str(structure.urn), "rel": "datastructure"},
        ],
        "dataSets": [0],
        "dimensions": {
            "series": dimensions(levels.series_dimensions),
            "observation": dimensions(levels.observation_dimensions),
        },
        "measures": {"observation": [{"id": m.id, "name": m.id} for m in structure.measures]},
        "attributes": {
            "dataSet": told(levels.dataset),
            "series": told(of_series),
            "observation": told(levels.observation),
        },
    }


def _relationship(attribute: Attribute, structure: DataStructure) -> dict[str, Any]:
    """What an attribute is attached to, in the words of SDMX-JSON (attributeRelationship)."""
    scope = scope_of(attribute, structure)
    match attribute.relationship.attachment:
        case Attachment.DATASET:
            return {"dataflow": {}}
        case Attachment.OBSERVATION:
            return {"observation": {}}
        case Attachment.GROUP | Attachment.DIMENSIONS:
            return {"dimensions": list(scope)}


def _observations(
    frame: pl.DataFrame,
    sink: BinaryIO,
    levels: Levels,
    of_series: list[Attribute],
    numbers: _Numbers,
    dataset: Dataset,
) -> None:
    """The series and their observations; each row begins with a comma unless it is the first where it stands."""
    measures = [_measure(m.id, frame.schema[m.id]) for m in dataset.structure.measures]
    values = pl.concat_str([*measures, *(numbers.number(a.id) for a in levels.observation)], separator=",")
    place = pl.concat_str([numbers.number(d) for d in levels.observation_dimensions], separator=":")
    observation = pl.concat_str([pl.lit('"'), place, pl.lit('":['), values, pl.lit("]")])
    begun = False
    for piece in series_slices(frame, levels.series_dimensions):
        if levels.series_dimensions:
            key = pl.concat_str([numbers.number(d) for d in levels.series_dimensions], separator=":")
            told = pl.concat_str([numbers.number(a.id) for a in of_series], separator=",") if of_series else pl.lit("")
            attributes = pl.concat_str([pl.lit('"attributes":['), told, pl.lit("],")]) if of_series else pl.lit("")
            opening = pl.concat_str([pl.lit('"'), key, pl.lit('":{'), attributes, pl.lit('"observations":{')])
            closing = pl.when(pl.col(LAST)).then(pl.lit("}}")).otherwise(pl.lit(""))
            comma = pl.when(pl.col(FIRST)).then(pl.lit("")).otherwise(pl.lit(","))
            before = (
                pl.when(pl.col(FIRST) & (pl.int_range(pl.len()) + int(begun) > 0))
                .then(pl.lit(","))
                .otherwise(pl.lit(""))
            )
            line = pl.concat_str([before, at_first(piece, opening), comma, observation, closing])
        else:
            line = pl.concat_str(
                [pl.when(pl.int_range(pl.len()) + int(begun) > 0).then(pl.lit(",")).otherwise(pl.lit("")), observation]
            )
        write_lines(piece.select(line.alias("line")).to_series(), sink)
        begun = True


def _measure(name: str, dtype: pl.DataType) -> pl.Expr:
    if not dtype.is_numeric():
        return spelt(pl.col(name), dtype).map_batches(_quoted, return_dtype=pl.String).fill_null("null")
    text = spelt(pl.col(name), dtype)
    return pl.when(text == NOT_A_NUMBER).then(pl.lit('"NaN"')).otherwise(text).fill_null("null")


def _quoted(values: pl.Series) -> pl.Series:
    """Texts as JSON writes them, each distinct one spelt once."""
    known = values.drop_nulls().unique()
    spellings = [json.dumps(value, ensure_ascii=False) for value in known]
    return values.replace_strict(known, spellings, return_dtype=pl.String, default=None)

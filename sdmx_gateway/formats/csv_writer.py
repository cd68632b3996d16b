"""SDMX-CSV 1.0 and 2.0, written by columns; and 1.0 as Eurostat's transmission tools take it.

The dialects are a table. Columns stand in the order of the data structure (2.0 field guide, Columns; 1.0, Columns): dimensions, measures,
attributes. A null is an empty cell, but for Eurostat a value that is not sent is ``NaN``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Final

import polars as pl

from sdmx_gateway.errors import DatasetRejected, Problem
from sdmx_gateway.formats.action import CSV_LETTERS, Action
from sdmx_gateway.formats.fit import Capacity, require
from sdmx_gateway.formats.levels import settled
from sdmx_gateway.formats.lexical import NOT_A_NUMBER, spelt
from sdmx_gateway.formats.lines import SLICE_ROWS
from sdmx_gateway.observations import Dataset
from sdmx_gateway.structures.model import Attachment

SUB_SEPARATORS: Final = ";|~^¦"
"""What may stand between the values of one cell, the one the examples of the field guide use first."""


@dataclass(frozen=True, slots=True)
class CsvDialect:
    """One way to write SDMX-CSV.

    Attributes:
        version: ``1.0`` (DATAFLOW first) or ``2.0`` (STRUCTURE, STRUCTURE_ID, ACTION first).
        separator: between fields.
        absent_measure: what stands for a measure that is not sent.
        observation_first: whether attributes of the observation come before the others.
    """

    version: str
    separator: str = ","
    absent_measure: str | None = None
    observation_first: bool = False


CSV_DIALECTS: Final[Mapping[str, CsvDialect]] = {
    "sdmx-csv-1.0": CsvDialect("1.0"),
    # separator ;, NaN for a value not sent, order of columns: example files and manual of Eurostat's SDMX Converter
    "sdmx-csv-1.0-eurostat": CsvDialect("1.0", ";", absent_measure=NOT_A_NUMBER, observation_first=True),
    "sdmx-csv-2.0": CsvDialect("2.0"),
}


def write_csv(dataset: Dataset, sink: BinaryIO, *, dialect: CsvDialect, action: Action) -> None:
    """Write a dataset as SDMX-CSV: UTF-8 without a byte order mark, lines ended by LF, quotes only where needed.

    Raises:
        DatasetRejected: this version of SDMX-CSV cannot carry it; nothing was written.
    """
    since_2 = dialect.version != "1.0"
    require(dataset, Capacity(many_measures=since_2, many_values=since_2, levels=False), f"SDMX-CSV {dialect.version}")
    many = [name for name, dtype in dataset.frame.schema.items() if isinstance(dtype, pl.List)]
    within = _sub_separator(dataset, many, dialect) if many else None
    columns = [*_leading(dataset, dialect, within, action), *_components(dataset, dialect, many, within)]
    header = True
    for piece in _slices(settled(dataset.frame, dataset.structure)):
        buffer = BytesIO()
        piece.select(columns).write_csv(buffer, include_header=header, separator=dialect.separator)
        sink.write(buffer.getvalue())
        header = False


def _slices(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The frame in slices; one empty slice when it is empty, for the header's sake."""
    return frame.iter_slices(SLICE_ROWS) if frame.height else iter((frame,))


def _leading(dataset: Dataset, dialect: CsvDialect, within: str | None, action: Action) -> list[pl.Expr]:
    flow = pl.lit(dataset.dataflow.urn.short)
    if dialect.version == "1.0":
        return [flow.alias("DATAFLOW")]
    first = f"STRUCTURE[{within}]" if within else "STRUCTURE"
    letter = pl.lit(CSV_LETTERS[action]).alias("ACTION")
    return [pl.lit("dataflow").alias(first), flow.alias("STRUCTURE_ID"), letter]


def _components(dataset: Dataset, dialect: CsvDialect, many: list[str], within: str | None) -> Iterator[pl.Expr]:
    structure, schema = dataset.structure, dataset.frame.schema
    measures = {measure.id for measure in structure.measures}
    attributes = list(structure.attributes)
    if dialect.observation_first:
        attributes.sort(key=lambda a: a.relationship.attachment is not Attachment.OBSERVATION)
    for component in (*structure.dimensions, *structure.measures, *attributes):
        name = component.id
        if name in many:
            inner = schema[name].inner  # type: ignore[attr-defined]
            texts = pl.col(name).list.eval(spelt(pl.element(), inner))
            yield texts.list.join(within or "").alias(f"{name}[]")
        else:
            text = spelt(pl.col(name), schema[name])
            absent = dialect.absent_measure if name in measures else None
            yield (text if absent is None else text.fill_null(pl.lit(absent))).alias(name)


def _sub_separator(dataset: Dataset, many: list[str], dialect: CsvDialect) -> str:
    """The first sub-separator that no value holds (2.0 field guide, Multi-valued components)."""
    texts = [dataset.frame[name].list.explode().cast(pl.String) for name in many]
    for candidate in SUB_SEPARATORS:
        held = any(text.str.contains(candidate, literal=True).any() for text in texts)
        if candidate != dialect.separator and not held:
            return candidate
    raise DatasetRejected(
        f"{dataset.dataflow.urn.short} cannot be written as SDMX-CSV {dialect.version}",
        [
            Problem(
                "no-sub-separator",
                f"the values of {', '.join(many)} hold every one of {' '.join(SUB_SEPARATORS)}",
                why="nothing is left to stand between the values of one cell",
                remedy="choose SDMX-ML 3.0 or SDMX-JSON 2.0",
            )
        ],
    )

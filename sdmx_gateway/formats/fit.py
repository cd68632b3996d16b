"""Whether a format can carry a dataset: everything is known before the first byte is written.

Each check looks at whole columns and reports every offence; a writer that was let through can no longer fail for what
the data hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from sdmx_gateway.errors import DatasetRejected, Problem, Where
from sdmx_gateway.formats.characters import FORBIDDEN, FORBIDDEN_BYTES, name_of
from sdmx_gateway.formats.levels import Levels, scope_of
from sdmx_gateway.observations import Dataset, series_key
from sdmx_gateway.structures.model import Attribute, DataStructure

PRIMARY_MEASURE: Final = "OBS_VALUE"
_IN_LIST = "\x1f"


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a format can say.

    Attributes:
        many_measures: any measures, not exactly the one called ``OBS_VALUE`` (SDMX 2.1 knows no other).
        many_values: components with several values (since SDMX 3.0).
        levels: attributes are said once, at the level they are attached to, and must agree below it.
        text: values travel as text, so that control characters and infinity cannot.
    """

    many_measures: bool = True
    many_values: bool = True
    levels: bool = True
    text: bool = True


def require(dataset: Dataset, capacity: Capacity, format_name: str) -> None:
    """Let a dataset pass that a format of this capacity can carry.

    Raises:
        DatasetRejected: it cannot; every reason is listed.
    """
    problems = [*_structure(dataset.structure, capacity), *_keys(dataset)]
    if capacity.levels:
        problems += _varying(dataset)
    if capacity.text:
        problems += [p for column in dataset.frame.iter_columns() for p in _values(dataset, column)]
    if problems:
        raise DatasetRejected(f"{dataset.dataflow.urn.short} cannot be written as {format_name}", problems)


def _structure(structure: DataStructure, capacity: Capacity) -> Iterator[Problem]:
    Levels.of(structure)
    measures = [measure.id for measure in structure.measures]
    if not capacity.many_measures and measures != [PRIMARY_MEASURE]:
        yield Problem(
            "unsupported-measures",
            f"the measures are {', '.join(measures) or 'none'}",
            why=f"this format has exactly one, {PRIMARY_MEASURE}",
            remedy="choose a format of SDMX 3.0",
        )
    several = [c.id for c in structure.components.values() if c.representation.max_occurs != 1]
    for name in () if capacity.many_values else several:
        yield Problem(
            "unsupported-values",
            f"{name} may have several values",
            Where(column=name),
            why="this format has one value for each component",
            remedy="choose a format of SDMX 3.0",
        )


def _keys(dataset: Dataset) -> Iterator[Problem]:
    frame, structure = dataset.frame, dataset.structure
    names = [dimension.id for dimension in structure.dimensions]
    for name in names:
        if nulls := int((frame[name].fill_null("") == "").sum()):
            yield Problem("missing-dimension-value", f"{name} has no value", Where(column=name), rows=nulls)
    same = pl.all_horizontal(pl.col(name) == pl.col(name).shift(1) for name in names)
    repeated = frame.select(same.fill_null(False).alias("same"))["same"] if names else pl.Series([], dtype=pl.Boolean)
    if repeated.any():
        yield Problem(
            "duplicate-observation",
            "an observation is there twice",
            place(frame.filter(repeated).head(1), structure),
            rows=int(repeated.sum()),
        )


def _varying(dataset: Dataset) -> Iterator[Problem]:
    for attribute in dataset.structure.attributes:
        scope = scope_of(attribute, dataset.structure)
        if len(scope) < len(dataset.structure.dimensions):
            yield from _varying_within(dataset, attribute, scope)


def _varying_within(dataset: Dataset, attribute: Attribute, scope: tuple[str, ...]) -> Iterator[Problem]:
    column = dataset.frame[attribute.id]
    if column.null_count() == len(column):
        return
    value = pl.col(attribute.id)
    if isinstance(column.dtype, pl.List):
        value = value.cast(pl.List(pl.String)).list.join(_IN_LIST)
    bounds = (value.min().alias("least"), value.max().alias("most"))
    table = dataset.frame
    spread = table.group_by(scope, maintain_order=True).agg(bounds) if scope else table.select(bounds)
    different = spread.filter(pl.col("least") != pl.col("most"))
    if different.height:
        least, most = different.item(0, "least"), different.item(0, "most")
        at = ".".join(str(different.item(0, name)) for name in scope)
        yield Problem(
            "varying-attribute",
            f"{attribute.id} is both {least!r} and {most!r}",
            Where(column=attribute.id, key=at or None),
            why=f"it is attached to {', '.join(scope) or 'the dataset'} and must be one value there",
            remedy="give it one value, or attach it to the observation",
            rows=different.height,
        )


def _values(dataset: Dataset, column: pl.Series) -> Iterator[Problem]:
    rows = pl.int_range(len(column), eager=True).alias("row")
    flat = pl.DataFrame({"row": rows, "value": column})
    if isinstance(column.dtype, pl.List):
        flat = flat.filter(pl.col("value").list.len() > 0).explode("value")
        absent = pl.col("value").is_null() | (pl.col("value").cast(pl.String) == "")
        said_nothing = flat.filter(absent)
        if nulls := said_nothing.height:
            first = said_nothing.item(0, "row")
            what = f"{column.name} has an absent value among others"
            yield Problem("absent-among-values", what, _at(dataset, column.name, first), rows=nulls)
    if flat["value"].dtype == pl.String:
        wrong = flat.filter(pl.col("value").str.contains(FORBIDDEN))
        if wrong.height:
            yield _control(dataset, column.name, wrong)
    elif flat["value"].dtype.is_float():
        wrong = flat.filter(pl.col("value").is_infinite())
        if wrong.height:
            where = _at(dataset, column.name, wrong.item(0, "row"))
            yield Problem("infinite-value", f"{column.name} is infinite", where, rows=wrong.height)


def _control(dataset: Dataset, name: str, wrong: pl.DataFrame) -> Problem:
    text = str(wrong.item(0, "value"))
    found = re.search(FORBIDDEN_BYTES, text.encode())
    called = name_of(found.group().decode()) if found else "a forbidden character"
    return Problem(
        "control-character",
        f"{name} holds {called}",
        _at(dataset, name, wrong.item(0, "row")),
        why="XML cannot carry it, not even as a reference (XML 1.0, §2.2)",
        remedy="take it out of the source, or map it",
        value=text,
        rows=wrong.height,
    )


def _at(dataset: Dataset, column: str, row: int) -> Where:
    return place(dataset.frame.slice(row, 1), dataset.structure, column)


def place(row: pl.DataFrame, structure: DataStructure, column: str | None = None) -> Where:
    """Where a one-row frame is: its series key and period."""
    key = row.select(series_key(structure)).item() if structure.key_dimensions else None
    time = structure.time_dimension
    return Where(column=column, key=key, period=row.item(0, time) if time is not None else None)

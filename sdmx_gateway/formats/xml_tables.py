"""The parts of an SDMX-ML data set as tables, and the tables as one.

Components are attributes wherever they stand: on the observation, its series, a group, an attribute set or the data
set (SDMX 3.0 Section 3A Part IV). Each kind of element becomes a table; they meet by position and by partial key, and
what stands nearest to the observation wins. Cross-sectional and flat messages need no case of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import polars as pl

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.formats.xml_parts import Attributes, Complex, DataSetPart, KeyedPart
from sdmx_gateway.observations import column_type
from sdmx_gateway.structures.model import Component, DataStructure

_ROW = "\x1frow"  # no component can be called so


def table_of(part: DataSetPart, structure: DataStructure, problems: list[Problem]) -> pl.DataFrame:
    """The observations of a data set, in document order, with everything that is said of them elsewhere in it.

    One column per component met: String, or List of String where the structure allows several values.
    """
    rows = len(part.observations)
    table = _columns(part.observations, part.complex_observations, structure, problems)
    series = _columns(*_spread(part.series), structure, problems)
    table = _over(table, series.select(pl.all().gather(_series_of(part, rows))).drop(_ROW))
    for near in _partial(part.partial, structure, problems):
        table = near.join_to(table)
    whole = {name: value for name, value in part.attributes.items() if name in structure.components}
    table = _over(table, pl.DataFrame({n: pl.repeat(v, rows, pl.String, eager=True) for n, v in whole.items()}))
    problems += _idle_series(part, rows, structure)
    return table.drop(_ROW)


def _columns(
    elements: Sequence[Attributes], complex_: Mapping[int, Complex], structure: DataStructure, problems: list[Problem]
) -> pl.DataFrame:
    """One column for each component that any of the elements has, and the number of each element."""
    met = set(chain.from_iterable(elements)) | set(chain.from_iterable(complex_.values()))
    columns = [pl.int_range(len(elements), dtype=pl.UInt32, eager=True).alias(_ROW)]
    for name, component in structure.components.items():
        if name not in met:
            continue
        values = [element.get(name) for element in elements]
        said = {number: found[name] for number, found in complex_.items() if name in found}
        columns.append(_column(component, values, said, problems))
    return pl.DataFrame(columns)


def _column(
    component: Component, values: list[str | None], said: Mapping[int, list[str]], problems: list[Problem]
) -> pl.Series:
    if isinstance(column_type(component), pl.List):
        lists = [None if value is None else [value] for value in values]
        for number, found in said.items():
            lists[number] = found
        return pl.Series(component.id, lists, dtype=pl.List(pl.String))
    several = sum(len(found) > 1 for found in said.values())
    if several:
        why = "its data structure gives it one"
        what = f"{component.id} has several values"
        problems.append(Problem("unsupported-values", what, Where(column=component.id), why=why, rows=several))
    for number, found in said.items():
        values[number] = found[0] if found else None
    return pl.Series(component.id, values, dtype=pl.String)


def _spread(parts: Sequence[KeyedPart]) -> tuple[list[Attributes], dict[int, Complex]]:
    return [p.attributes for p in parts], {n: p.components for n, p in enumerate(parts) if p.components}


def _series_of(part: DataSetPart, rows: int) -> pl.Series:
    """The number of the series each observation is in; null for those before the first."""
    starts = pl.Series([series.start for series in part.series], dtype=pl.UInt32)
    numbers = pl.int_range(rows, dtype=pl.UInt32, eager=True)
    found = starts.search_sorted(numbers, side="right").cast(pl.Int64) - 1
    return found.set(found < 0, None).cast(pl.UInt32)


def _over(near: pl.DataFrame, far: pl.DataFrame) -> pl.DataFrame:
    """Two tables of the same rows as one: where both have a value, the near one's."""
    both = [pl.coalesce(near[name], far[name]).alias(name) for name in far.columns if name in near.columns]
    return near.with_columns(both).with_columns(far.select(name for name in far.columns if name not in near.columns))


class _PartialTable:
    """What groups and attribute sets of one partial key say: one row for each key."""

    def __init__(self, key: tuple[str, ...], table: pl.DataFrame) -> None:
        self.key, self.table = key, table

    def join_to(self, rows: pl.DataFrame) -> pl.DataFrame:
        if any(name not in rows.columns for name in self.key):
            return rows  # a dimension the observations lack is reported as missing
        if not self.key:
            said = self.table.select(pl.all().gather(pl.repeat(0, rows.height, dtype=pl.UInt32, eager=True)))
            return _over(rows, said)
        keys = rows.select(self.key)
        return _over(rows, keys.join(self.table, on=self.key, how="left", maintain_order="left").drop(self.key))


def _partial(parts: Sequence[KeyedPart], structure: DataStructure, problems: list[Problem]) -> Iterator[_PartialTable]:
    by_key: dict[tuple[str, ...], list[KeyedPart]] = {}
    dimensions = [dimension.id for dimension in structure.dimensions]
    for part in parts:
        by_key.setdefault(tuple(name for name in dimensions if name in part.attributes), []).append(part)
    for key, found in sorted(by_key.items(), key=lambda item: -len(item[0])):
        table = _columns(*_spread(found), structure, problems).drop(_ROW)
        said = [name for name in table.columns if name not in key]
        first = [pl.col(name).drop_nulls().first() for name in said]
        kinds = [pl.col(name).drop_nulls().n_unique().alias(f"\x1f{name}") for name in said]
        once = table.group_by(key, maintain_order=True).agg(*first, *kinds) if key else table.select(*first, *kinds)
        for name in said:
            contested = once.filter(pl.col(f"\x1f{name}") > 1)
            if contested.height:
                at = ".".join(contested.row(0)[: len(key)])
                what = f"{name} has several values for {', '.join(key) or 'the data set'}"
                problems.append(Problem("varying-attribute", what, Where(column=name, key=at or None)))
        yield _PartialTable(key, once.select(*key, *said))


def _idle_series(part: DataSetPart, rows: int, structure: DataStructure) -> Iterator[Problem]:
    """Attributes of series without observations: a table of observations has no place for them."""
    dimensions = {dimension.id for dimension in structure.dimensions}
    ends = [*(series.start for series in part.series[1:]), rows]
    idle = [s for s, end in zip(part.series, ends, strict=True) if s.start == end]
    lost = [s for s in idle if s.components or set(s.attributes) - dimensions]
    if lost:
        at = ".".join(lost[0].attributes.get(name, "") for name in structure.key_dimensions)
        what = "a series has attributes and no observation"
        yield Problem("attributes-without-observations", what, Where(key=at), rows=len(lost))

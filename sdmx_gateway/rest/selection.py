"""A data query applied to the observations of a release.

The order of application is that of REST 1.5 (§4.4, table of parameters): series and component filters, then periods,
then first and last observations of each series, then attributes and measures. Nothing is read here: the result is a
lazy frame, so that filters reach the file.

Codes a structure does not know are no mistake (they select nothing); positions and components it does not have are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import and_, or_
from typing import Final

import polars as pl

from sdmx_gateway.errors import Problem, QueryError, Where
from sdmx_gateway.rest import columns
from sdmx_gateway.rest.query import ALL_DIMENSIONS, DataQuery, Key
from sdmx_gateway.rest.reading import nearest
from sdmx_gateway.structures.model import Attachment, Attribute, DataStructure

_ATTRIBUTE_WORDS: Final[Mapping[str, frozenset[Attachment]]] = {
    "all": frozenset(Attachment),
    "dsd": frozenset(Attachment),
    "dataset": frozenset({Attachment.DATASET}),
    "series": frozenset({Attachment.GROUP, Attachment.DIMENSIONS}),
    "obs": frozenset({Attachment.OBSERVATION}),
    "msd": frozenset(),
    "none": frozenset(),
}
"""Words of ``attributes`` (REST 2.2), and the attachments they mean. No reference metadata is kept with data: ``msd``."""

_MEASURE_WORDS: Final = ("all", "none")


def select(frame: pl.LazyFrame, structure: DataStructure, query: DataQuery) -> pl.LazyFrame:
    """The observations a query asks for, with the columns of :func:`narrowed` of the structure, in the frame's order.

    Args:
        frame: observations of the structure, in the form of :mod:`sdmx_gateway.observations`, sorted by key and time.
        structure: what the frame's columns mean.
        query: what is asked for.

    Raises:
        QueryError: the query does not fit the structure; every reason is among its problems.

    """
    if problems := check(structure, query):
        raise QueryError(f"the query does not fit {structure.urn.short}", problems)
    for condition in _conditions(structure, query):
        frame = frame.filter(condition)
    frame = _ends_of_series(frame, structure, query)
    frame = frame.select(list(narrowed(structure, query).components))
    if query.series_only:
        frame = frame.unique(maintain_order=True)
    return frame.slice(query.offset, query.limit) if query.offset or query.limit else frame


def check(structure: DataStructure, query: DataQuery) -> tuple[Problem, ...]:
    """Everything in a query that the structure has no place for."""
    return (
        *(problem for key in query.keys for problem in _key_problems(structure, key, open_ended=query.open_ended)),
        *_filter_problems(structure, query),
        *_packaging_problems(structure, query),
        *_selected_problems("attributes", query.attributes, [a.id for a in structure.attributes], _ATTRIBUTE_WORDS),
        *_selected_problems("measures", query.measures, [m.id for m in structure.measures], _MEASURE_WORDS),
        *_period_problems(structure, query),
    )


def _key_problems(structure: DataStructure, key: Key, *, open_ended: bool) -> Iterator[Problem]:
    expected = structure.key_dimensions
    if len(key) == len(expected) or (open_ended and len(key) < len(expected)):
        return
    positions = f"{len(key)} position{'s' if len(key) != 1 else ''}"
    yield Problem(
        "wrong-key",
        f"key has {positions}, {'.'.join(expected)} has {len(expected)}",
        Where(column="key"),
        remedy="leave a position open for any code" if len(key) < len(expected) else "",
    )


def _filter_problems(structure: DataStructure, query: DataQuery) -> Iterator[Problem]:
    for wanted in query.filters:
        component = structure.components.get(wanted.component)
        if component is None:
            yield _unknown(wanted.component, f"c[{wanted.component}]", structure.components)
        else:
            yield from columns.problems_of(component, wanted)


def _packaging_problems(structure: DataStructure, query: DataQuery) -> Iterator[Problem]:
    wanted = query.dimension_at_observation
    dimensions = [dimension.id for dimension in structure.dimensions]
    if wanted is not None and wanted not in {*dimensions, ALL_DIMENSIONS}:
        yield _unknown(wanted, "dimensionAtObservation", [*dimensions, ALL_DIMENSIONS])


def _selected_problems(name: str, wanted: Iterable[str], ids: Iterable[str], words: Iterable[str]) -> Iterator[Problem]:
    known = {*ids, *words}
    return (_unknown(word, name, known) for word in wanted if word not in known)


def _period_problems(structure: DataStructure, query: DataQuery) -> Iterator[Problem]:
    if structure.time_dimension is None and (query.start_period or query.end_period):
        yield Problem(
            "unknown-component", f"{structure.urn.short} has no time dimension", Where(column="startPeriod, endPeriod")
        )


def _unknown(name: str, where: str, known: Iterable[str]) -> Problem:
    return Problem(
        "unknown-component",
        f"{where}: there is no {name[:80]!r}",
        Where(column=where),
        remedy=nearest(name, known),
        value=name,
    )


def _conditions(structure: DataStructure, query: DataQuery) -> Iterator[pl.Expr]:
    if query.keys and all(any(key) for key in query.keys):
        yield reduce(or_, (_matches(structure.key_dimensions, key) for key in query.keys))
    for component_filter in query.filters:
        yield columns.expression(structure.components[component_filter.component], component_filter)
    if structure.time_dimension and (query.start_period or query.end_period):
        yield columns.between(structure.time_dimension, query.start_period, query.end_period)


def _matches(dimensions: Sequence[str], key: Key) -> pl.Expr:
    """Whether a row is of a series the key means; the key names a code at one position at least."""
    parts = (
        pl.col(dimension) == codes[0] if len(codes) == 1 else pl.col(dimension).is_in(list(codes))
        for dimension, codes in zip(dimensions, key, strict=False)
        if codes
    )
    return reduce(and_, parts)


def _ends_of_series(frame: pl.LazyFrame, structure: DataStructure, query: DataQuery) -> pl.LazyFrame:
    if query.first is None and query.last is None:
        return frame
    keys = list(structure.key_dimensions)
    place = pl.int_range(pl.len())
    tests = []
    if query.first is not None:
        tests.append((place < query.first).over(keys) if keys else place < query.first)
    if query.last is not None:
        from_end = pl.len() - place <= query.last
        tests.append(from_end.over(keys) if keys else from_end)
    return frame.filter(reduce(or_, tests))


def narrowed(structure: DataStructure, query: DataQuery) -> DataStructure:
    """The structure with the measures and attributes a query asks for, and no others.

    Of series alone, without their observations, the time dimension and the attributes of observations are left out too.
    With ``AllDimensions`` at the observation, time is a dimension like any other: nothing is grouped into series. It
    keeps its name: it describes the answer, and is not for writing.
    """
    measures = () if query.series_only else structure.measures
    if not {"all", "none"} & set(query.measures):
        measures = tuple(m for m in measures if m.id in query.measures)
    attributes = tuple(a for a in structure.attributes if _is_wanted(a, query))
    dimensions = tuple(d for d in structure.dimensions if not (query.series_only and d.is_time))
    if query.dimension_at_observation == ALL_DIMENSIONS:
        dimensions = tuple(replace(dimension, is_time=False) for dimension in dimensions)
    return replace(structure, dimensions=dimensions, measures=measures, attributes=attributes)


def _is_wanted(attribute: Attribute, query: DataQuery) -> bool:
    attachment = attribute.relationship.attachment
    if query.series_only and attachment is Attachment.OBSERVATION:
        return False
    return attribute.id in query.attributes or any(
        attachment in _ATTRIBUTE_WORDS.get(word, frozenset()) for word in query.attributes
    )

"""The structural check that a dataset keeps within the data constraints of its structure and its flow.

A code may be in the list and yet not be meant in this flow: crim_gen_reg takes seven offences of the many its list has. A row is
permitted by a constraint when it is in one of its included regions, in none of its excluded ones, has one of its included keys and
none of its excluded ones; and it must be permitted by each constraint (SDMX 3.1 Section 6, technical notes, "Constraints").
A component without a value breaks nothing: that it must be there is another check.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import and_, or_
from typing import Final, cast

import polars as pl

from sdmx_gateway.structures.constraint import Constraint
from sdmx_gateway.structures.model import (
    Boundary,
    Codelist,
    CubeRegion,
    DataKey,
    Item,
    ItemScheme,
    MemberSelection,
    TimeRange,
)
from sdmx_gateway.structures.selection import selected
from sdmx_gateway.validation.outcome import Outcome, Subject
from sdmx_gateway.validation.values import by_value, lines_of

_YEAR: Final = 4
"""Characters of the year every SDMX period opens with."""


def not_permitted(subject: Subject) -> Outcome:
    """Values and combinations that a constraint on the flow or its structure rules out; one line for each, with the constraint."""
    constraints = subject.catalogue.constraints_on(subject.structure.urn, subject.dataset.dataflow.urn, at=subject.at)
    lines = [line for constraint in constraints for line in _against(subject, constraint)]
    return Outcome.of(lines_of(lines), checked=subject.frame.height * len(constraints), wording="value-not-permitted")


def _against(subject: Subject, constraint: Constraint) -> Iterator[pl.DataFrame]:
    included = [region for region in constraint.regions if region.is_included]
    if len(included) == 1:
        for selection in _selections(subject, included[0]):
            bad = ~_meant(subject, selection, "@value") & _is_known(subject, selection.component)
            yield _named(by_value(subject, selection.component, bad), constraint)
    elif included:
        yield _rows(subject, ~_any(_within(subject, region) for region in included), constraint)
    for region in constraint.regions:
        if not region.is_included and _selections(subject, region):
            yield _rows(subject, _within(subject, region), constraint)
    for keys in constraint.key_sets:
        has_one = _any(_within(subject, key) for key in keys.keys)
        yield _rows(subject, ~has_one if keys.is_included else has_one, constraint)


def _selections(subject: Subject, of: CubeRegion | DataKey) -> list[MemberSelection]:
    return [
        selection
        for selection in (*of.keys, *of.components)
        if selection.component in subject.frame.columns and (selection.values or selection.time_range)
    ]


def _within(subject: Subject, of: CubeRegion | DataKey) -> pl.Expr:
    """Whether each row has the values named; a component that is not there is as it is named."""
    return reduce(
        and_,
        (_meant_all(subject, selection) for selection in _selections(subject, of)),
        pl.lit(value=True),
    )


def _any(conditions: Iterable[pl.Expr]) -> pl.Expr:
    return reduce(or_, conditions, pl.lit(value=False))


def _meant_all(subject: Subject, selection: MemberSelection) -> pl.Expr:
    name = selection.component
    if isinstance(subject.frame.schema[name], pl.List):
        return pl.col(name).list.eval(_meant(subject, selection, "")).list.all().fill_null(value=True)
    return _meant(subject, selection, name).fill_null(value=True)


def _meant(subject: Subject, selection: MemberSelection, column: str) -> pl.Expr:
    """Whether a value is one of those selected; ``column`` empty for the elements of a list."""
    value = pl.col(column) if column else pl.element()
    if selection.time_range is not None:
        meant = _in_time(value, selection.time_range)
    else:
        component = subject.structure.components[selection.component]
        codelist = subject.catalogue.codelist_of(component)
        meant = value.cast(pl.String).is_in(_values(selection, codelist))
    return meant if selection.is_included else ~meant


def _is_known(subject: Subject, component: str) -> pl.Expr:
    """Whether ``@value`` is a code at all: one that is none is told by another check."""
    codelist = subject.catalogue.codelist_of(subject.structure.components[component])
    return pl.lit(value=True) if codelist is None else pl.col("@value").is_in(list(codelist.by_id))


def _values(selection: MemberSelection, codelist: Codelist | None) -> Sequence[str]:
    if codelist is None:
        return [each.value for each in selection.values]
    return sorted(selected(cast("ItemScheme[Item]", codelist), selection.values))


def _in_time(value: pl.Expr, span: TimeRange) -> pl.Expr:
    opens = [each for each in (span.start, span.after) if each is not None]
    closes = [each for each in (span.end, span.before) if each is not None]
    return reduce(
        and_,
        [*(_from(value, each) for each in opens), *(_until(value, each) for each in closes)],
        pl.lit(value=True),
    )


def _from(value: pl.Expr, boundary: Boundary) -> pl.Expr:
    """From a period on. Periods of another form than the boundary's are compared by their years."""
    period, cut = _comparable(value, boundary.period)
    return (period >= cut) if boundary.is_inclusive else (period > cut)


def _until(value: pl.Expr, boundary: Boundary) -> pl.Expr:
    period, cut = _comparable(value, boundary.period)
    return (period <= cut) if boundary.is_inclusive else (period < cut)


def _comparable(value: pl.Expr, boundary: str) -> tuple[pl.Expr, pl.Expr]:
    if len(boundary) == _YEAR:
        return value.str.slice(0, _YEAR), pl.lit(boundary)
    alike = value.str.len_chars() == len(boundary)
    length = pl.when(alike).then(len(boundary)).otherwise(_YEAR)
    return value.str.slice(0, length), pl.lit(boundary).str.slice(0, length)


def _rows(subject: Subject, bad: pl.Expr, constraint: Constraint) -> pl.DataFrame:
    """One line for all the rows that are bad, placed at the first; nothing when none is."""
    rows = subject.frame.filter(bad.fill_null(value=False))
    if rows.is_empty():
        return pl.DataFrame()
    place = rows.head(1).select(*subject.place(), pl.lit(rows.height).alias("@count"))
    return _named(place, constraint).with_columns(pl.lit("combination-not-permitted").alias("@wording"))


def _named(lines: pl.DataFrame, constraint: Constraint) -> pl.DataFrame:
    return lines.with_columns(pl.lit(constraint.urn.short).alias("@constraint")) if lines.height else lines

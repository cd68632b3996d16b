"""Conditions on components, as polars expressions over the columns of the observation table.

Dimensions and textual attributes compare as text, numbers as numbers, the time dimension by when its periods are
(:mod:`.periods`); of a multi-valued component any value may fit. What is absent is not equal to anything: it passes
``ne`` and ``nc``, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from operator import and_, or_
from typing import Final

import polars as pl

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.rest.periods import COMPARISONS, span
from sdmx_gateway.rest.query import Condition, Filter, Operator
from sdmx_gateway.structures.model import Component, DataType, Dimension

_TEXT: Final[Mapping[Operator, Callable[[pl.Expr, str], pl.Expr]]] = {
    Operator.CONTAINS: lambda column, value: column.str.contains(value, literal=True),
    Operator.LACKS: lambda column, value: ~column.str.contains(value, literal=True),
    Operator.STARTS: lambda column, value: column.str.starts_with(value),
    Operator.ENDS: lambda column, value: column.str.ends_with(value),
}
_ORDER: Final[Mapping[Operator, Callable[[pl.Expr, pl.Expr], pl.Expr]]] = {
    Operator.EQ: lambda column, value: column == value,
    Operator.NE: lambda column, value: column != value,
    Operator.LT: lambda column, value: column < value,
    Operator.LE: lambda column, value: column <= value,
    Operator.GT: lambda column, value: column > value,
    Operator.GE: lambda column, value: column >= value,
}
_PASSED_BY_ABSENCE = frozenset({Operator.NE, Operator.LACKS})


def problems_of(component: Component, wanted: Filter) -> list[Problem]:
    """What of a filter cannot be asked of this component: a period or a number that is none."""
    values = [condition for alternative in wanted.alternatives for condition in alternative]
    return [
        Problem(
            "wrong-filter",
            f"{condition.value!r} is not {expected}",
            Where(column=f"c[{wanted.component}]"),
            value=condition.value,
        )
        for condition in values
        if condition.operator in _ORDER and (expected := _expected(component, condition.value))
    ]


def _expected(component: Component, value: str) -> str:
    if _is_time(component):
        return "" if span(value) else "a period such as 2024, 2024-Q3 or 2024-09"
    if component.representation.is_coded:
        return ""
    if component.representation.data_type.is_numeric:
        return "" if _number(value) is not None else "a number"
    if component.representation.data_type is DataType.BOOLEAN:
        return "" if value in {"true", "false"} else "true or false"
    return ""


def expression(component: Component, wanted: Filter) -> pl.Expr:
    """Whether a row fits a filter; ``problems_of`` has found nothing."""
    single = [alternative[0] for alternative in wanted.alternatives if len(alternative) == 1]
    codes = [condition.value for condition in single if condition.operator is Operator.EQ]
    if len(codes) == len(wanted.alternatives) and _is_plain_text(component):
        return pl.col(component.id).is_in(codes).fill_null(value=False)
    alternatives = (_all_of(component, alternative) for alternative in wanted.alternatives)
    return reduce(or_, alternatives)


def between(component: str, earliest: str | None, latest: str | None) -> pl.Expr:
    """Whether a row's period starts within ``earliest`` or later, and ends within ``latest`` or earlier."""
    bounds = ((Operator.GE, earliest), (Operator.LE, latest))
    return reduce(and_, (_in_time(component, operator, value) for operator, value in bounds if value is not None))


def _all_of(component: Component, conditions: Sequence[Condition]) -> pl.Expr:
    return reduce(and_, (_one(component, condition) for condition in conditions))


def _one(component: Component, condition: Condition) -> pl.Expr:
    if _is_time(component) and condition.operator in COMPARISONS:
        return _in_time(component.id, condition.operator, condition.value)
    absent = condition.operator in _PASSED_BY_ABSENCE
    if component.representation.max_occurs != 1:
        test = _compared(component, pl.element(), condition)
        return pl.col(component.id).list.eval(test).list.any().fill_null(value=absent)
    return _compared(component, pl.col(component.id), condition).fill_null(value=absent)


def _compared(component: Component, column: pl.Expr, condition: Condition) -> pl.Expr:
    if condition.operator in _TEXT:
        return _TEXT[condition.operator](column.cast(pl.String), condition.value)
    return _ORDER[condition.operator](column, pl.lit(_typed(component, condition.value)))


def _typed(component: Component, value: str) -> str | float | int | bool | None:
    if component.representation.is_coded:
        return value
    if component.representation.data_type.is_numeric:
        return _number(value)
    return value == "true" if component.representation.data_type is DataType.BOOLEAN else value


def _number(text: str) -> int | float | None:
    try:
        return int(text) if text.lstrip("+-").isdecimal() else float(text)
    except ValueError:
        return None


def _is_time(component: Component) -> bool:
    return isinstance(component, Dimension) and component.is_time


def _is_plain_text(component: Component) -> bool:
    representation = component.representation
    if _is_time(component) or representation.max_occurs != 1:
        return False
    textual = not representation.data_type.is_numeric and representation.data_type is not DataType.BOOLEAN
    return representation.is_coded or textual


def _in_time(component: str, operator: Operator, value: str) -> pl.Expr:
    test = partial(_periods_that, operator=operator, value=value)
    return pl.col(component).map_batches(test, return_dtype=pl.Boolean(), is_elementwise=True)


def _periods_that(periods: pl.Series, *, operator: Operator, value: str) -> pl.Series:
    """Which periods of a column fit; only its distinct ones are looked at."""
    bound, compare = span(value), COMPARISONS[operator]
    assert bound is not None
    spans = {period: span(period) for period in periods.unique().drop_nulls()}
    fitting = [period for period, days in spans.items() if days is not None and compare(days, bound)]
    return periods.is_in(fitting)

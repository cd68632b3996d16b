"""The text of a component filter, ``c[COMPONENT]=…`` (REST 2.2, parameter ``c``).

A comma separates alternatives, a plus sign conditions that hold together and binds tighter; each condition may begin
with an operator and a colon, which says nothing about its neighbours: ``ne:A,B`` is *not A, or B*.
"""

from __future__ import annotations

from sdmx_gateway.rest.query import Condition, Filter, Operator
from sdmx_gateway.rest.reading import IDENTIFIER, Reading

_OPERATORS = {operator.value: operator for operator in Operator}


def parse(component: str, text: str, reading: Reading) -> Filter | None:
    """The filter a component's text says; ``None`` when it is wrong, which is noted.

    >>> parse("TIME_PERIOD", "ge:2020+le:2022", Reading("")).alternatives[0][1]
    Condition(operator=<Operator.LE: 'le'>, value='2022')
    """
    where = f"c[{component}]"
    if not IDENTIFIER.fullmatch(component):
        reading.wrong("wrong-filter", f"{component!r} is no component id", where=where, value=component)
        return None
    alternatives = [alternative.split("+") for alternative in text.split(",")]
    reading.count_codes(sum(map(len, alternatives)))
    parsed = tuple(tuple(_condition(part) for part in alternative) for alternative in alternatives)
    if any(not condition.value for alternative in parsed for condition in alternative):
        reading.wrong(
            "wrong-filter",
            f"{where}={text} has an empty value",
            where=where,
            remedy="write c[DIM]=A,B for several codes, c[TIME_PERIOD]=ge:2020+le:2022 for a range",
            value=text,
        )
        return None
    return Filter(component, parsed)


def _condition(text: str) -> Condition:
    prefix, colon, value = text.partition(":")
    operator = _OPERATORS.get(prefix) if colon else None
    return Condition(Operator.EQ, text) if operator is None else Condition(operator, value)


def write(wanted: Filter) -> str:
    """The text of a filter, as :func:`parse` reads it."""
    return ",".join("+".join(map(_text, alternative)) for alternative in wanted.alternatives)


def _text(condition: Condition) -> str:
    plain = condition.operator is Operator.EQ and _condition(condition.value) == condition
    return condition.value if plain else f"{condition.operator.value}:{condition.value}"

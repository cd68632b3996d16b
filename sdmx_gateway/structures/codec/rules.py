"""Rules many descriptions have: that no two values of a kind are called alike (the identity constraints of SDMXStructure*.xsd)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sdmx_gateway.structures.codec.description import Rule
from sdmx_gateway.structures.codec.form import EVERY, Form


def no_two(*fields: str, by: str = "id", forms: frozenset[Form] = EVERY) -> Rule:
    """That in each of these fields no two values have the same ``by``; one that is not said is like no other."""
    return none_twice(
        *(lambda value, name=name: [getattr(each, by) for each in getattr(value, name)] for name in fields), forms=forms
    )


def none_twice(*named: Callable[[Any], Iterable[str | None]], forms: frozenset[Form] = EVERY) -> Rule:
    """That in none of these lists of names, taken from a value, one comes twice."""

    def rule(value: Any, form: Form) -> Iterator[str]:
        if form not in forms:
            return
        for names in named:
            held = [name for name in names(value) if name is not None]
            if len(set(held)) != len(held):
                twice = ", ".join(repr(name) for name, times in Counter(held).items() if times > 1)
                yield f"{twice} is listed more than once"

    return rule

"""Which observations a rule is about: codes and patterns of codes, as expressions on columns.

``*`` stands for any characters, nothing else is special: ``D*`` is every code that opens with D.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import polars as pl

from sdmx_gateway.validation.outcome import Subject, known
from sdmx_gateway.validation.rules import Rule

ALL = "@all"
"""A column that is the same everywhere: what is left to join on when a rule takes the only dimension."""


def is_pattern(text: str) -> bool:
    """Whether it stands for more than itself.

    >>> is_pattern("D*"), is_pattern("D01")
    (True, False)
    """
    return "*" in text


def expression_of(patterns: Iterable[str]) -> str:
    """The regular expression that matches the whole of what any of these does, for Python and polars alike."""
    alternatives = (
        "".join(".*" if part == "*" else re.escape(part) for part in re.split(r"(\*)", text)) for text in patterns
    )
    return f"^(?:{'|'.join(alternatives)})$"


def matching(column: str, patterns: Sequence[str]) -> pl.Expr:
    """Whether each row's code is one of these; false where it has none."""
    if any(is_pattern(text) for text in patterns):
        return pl.col(column).str.contains(expression_of(patterns)).fill_null(value=False)
    return pl.col(column).is_in(list(patterns)).fill_null(value=False)


def selected(frame: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """The rows a rule is about."""
    return frame.filter(
        *(matching(name, codes) for name, codes in rule.only_for.items()),
        *(~matching(name, codes) for name, codes in rule.not_for.items()),
    )


def values(rule: Rule, subject: Subject) -> pl.DataFrame:
    """The rows a rule is about: the dimensions, ``@value`` (null where unknown), and :data:`ALL`."""
    value, constant = known(subject.measure).alias("@value"), pl.lit(0).alias(ALL)
    return selected(subject.frame, rule).select(*subject.keys, value, constant)


def codes_for(rule: Rule, dimension: str, codes: Iterable[str]) -> list[str]:
    """Of these codes of a dimension, those the rule is about, in order."""
    only, without = rule.only_for.get(dimension), rule.not_for.get(dimension, ())
    return [code for code in codes if (only is None or _is_like(code, only)) and not _is_like(code, without)]


def _is_like(code: str, patterns: Sequence[str]) -> bool:
    return bool(patterns) and re.match(expression_of(patterns), code) is not None

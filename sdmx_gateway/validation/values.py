"""Structural checks of the values of single columns: numbers, lengths, text types, characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import polars as pl

from sdmx_gateway.structures.model import Component, DataType
from sdmx_gateway.validation import struval
from sdmx_gateway.validation.outcome import Outcome, Subject

CONTROL_CHARACTERS: Final = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"
"""What no XML 1.0 document may contain (XML 1.0, production 2, Char)."""

TEXT_FORMS: Final = {
    DataType.ALPHANUMERIC: r"^[A-Za-z0-9]+$",
    DataType.DATE_TIME: r"^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$",
    DataType.URI: r"^\S*$",
}
"""Text types kept as text, with the form SDMX gives them (SDMXCommon.xsd, DataType; XML Schema dateTime, anyURI)."""


def by_value(subject: Subject, column: str, bad: pl.Expr) -> pl.DataFrame:
    """The distinct values of a column that are bad, each with where it is first and how often it is there.

    Args:
        subject: what is validated.
        column: a component's id; the values of a multi-valued one are judged one by one.
        bad: on column ``@value``; null values are not judged.

    Returns:
        ``@key``, ``@period``, ``@column``, ``@value``, ``@count``; nothing, without columns, when all is well.

    """
    values = subject.frame[column]
    distinct = (values.explode() if isinstance(values.dtype, pl.List) else values).unique().drop_nulls()
    wrong = distinct.to_frame("@value").filter(bad)
    if wrong.is_empty():
        return pl.DataFrame()
    rows = subject.frame.with_columns(pl.col(column).alias("@value"))
    rows = rows.explode("@value") if isinstance(values.dtype, pl.List) else rows
    return (
        rows.join(wrong, on="@value", how="semi")
        .select(*subject.place(), pl.lit(column).alias("@column"), "@value")
        .group_by("@value", maintain_order=True)
        .agg(pl.first("@key", "@period", "@column"), pl.len().alias("@count"))
        .select("@key", "@period", "@column", "@value", "@count")
    )


def lines_of(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The lines of several columns as one frame, those that stand for most first."""
    there = [frame for frame in frames if frame.height]
    if not there:
        return pl.DataFrame()
    return pl.concat(there, how="diagonal_relaxed").sort("@count", descending=True, maintain_order=True)


def not_finite(subject: Subject) -> Outcome:
    """Infinities, and NaN in attributes; NaN in a measure is "intentionally missing" (SDMX 3.0)."""
    measures = {measure.id for measure in subject.structure.measures}
    floats = [name for name, type_ in subject.frame.schema.items() if type_.is_float()]
    lines = []
    for name in floats:
        bad = pl.col("@value").is_infinite()
        lines.append(by_value(subject, name, bad if name in measures else bad | pl.col("@value").is_nan()))
    return _judged(subject, lines, "not-finite", struval.INVALID_VALUE)


def text_too_long(subject: Subject) -> Outcome:
    """Texts above their component's ``max_length``."""
    lines = []
    for component in _texts(subject):
        limit = component.representation.max_length
        if limit is not None:
            length = pl.col("@value").str.len_chars()
            lines.append(_with(by_value(subject, component.id, length > limit), length=length, limit=pl.lit(limit)))
    return _judged(subject, lines, "too-long", struval.INVALID_VALUE)


def text_type(subject: Subject) -> Outcome:
    """Texts that are not of their component's type."""
    lines = []
    for component in _texts(subject):
        type_ = component.representation.data_type
        if type_ in TEXT_FORMS:
            wrong = by_value(subject, component.id, ~pl.col("@value").str.contains(TEXT_FORMS[type_]))
            lines.append(_with(wrong, type=pl.lit(type_.value)))
    return _judged(subject, lines, "wrong-text-type", struval.INVALID_VALUE)


def forbidden_character(subject: Subject) -> Outcome:
    """Texts with a character that no XML document may contain."""
    bad = pl.col("@value").str.contains(CONTROL_CHARACTERS)
    lines = [by_value(subject, component.id, bad) for component in _texts(subject)]
    return _judged(subject, lines, "forbidden-character", struval.INVALID_CHARACTER)


def too_many_values(subject: Subject) -> Outcome:
    """Multi-valued components with more values than ``max_occurs``."""
    lines = []
    for component in subject.structure.components.values():
        limit = component.representation.max_occurs
        if limit is not None and limit > 1:
            lines.append(_over(subject, component.id, limit))
    return _judged(subject, lines, "too-many-values", struval.TOO_MANY_INSTANCES)


def _over(subject: Subject, name: str, limit: int) -> pl.DataFrame:
    return subject.frame.filter(pl.col(name).list.len() > limit).select(
        *subject.place(),
        pl.lit(name).alias("@column"),
        pl.col(name).list.len().alias("@length"),
        pl.lit(limit).alias("@limit"),
        pl.lit(1).alias("@count"),
    )


def _texts(subject: Subject) -> Iterator[Component]:
    """The components that are free text; codes are judged by their list, the time dimension by its grammar."""
    for component in subject.structure.components.values():
        representation = component.representation
        free = not representation.is_coded and component.id != subject.time
        if free and subject.frame.schema[component.id] in (pl.String, pl.List(pl.String)):
            yield component


def _with(lines: pl.DataFrame, **columns: pl.Expr) -> pl.DataFrame:
    return lines.with_columns(**{f"@{name}": column for name, column in columns.items()}) if lines.height else lines


def _judged(subject: Subject, lines: list[pl.DataFrame], wording: str, code: str) -> Outcome:
    found = lines_of(lines)
    found = found.with_columns(pl.lit(code).alias("@struval")) if found.height else found
    return Outcome.of(found, checked=subject.frame.height * len(lines), wording=wording)

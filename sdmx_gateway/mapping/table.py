"""One source table on its way to observations: the columns every step of the mapping shares, and how faults are told.

A working frame has the source's columns as ``src.<name>`` (places and sayings keep their ``@name``), each component given
so far under its id, and for each component that came through a code table ``rel.<id>`` (rank in ``RELATIONS``, ``Int8``) and
``note.<id>``. Its columns of text are coded (:mod:`sdmx_gateway.mapping.coded`).
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.mapping.coded import all_coded
from sdmx_gateway.mapping.spec import FileSource, FlowSource
from sdmx_gateway.sources.raw_table import CELL_COLUMN, FILE, PLACES, ROW, SHEET

SOURCE: Final = "src."
RELATION: Final = "rel."
NOTE: Final = "note."
VALUE: Final = "OBS_VALUE"
MISSING: Final = "@missing"
_ROWS: Final = "__rows"
_WEIGHT: Final = "__weight"
MOST_LINES: Final = 20
"""Distinct faulty values told one by one for each component; the rest are counted in one more line."""


@dataclass(frozen=True)
class SourceTable:
    """One input of a conversion, a file or a release of another dataflow.

    Attributes:
        name: file name, or ``AGENCY:FLOW(VERSION) release N``.
        sha256: digest of the file's bytes, or of the release's content.
        edition: the edition it belongs to.
        decimal: decimal sign of its numbers.
        frame: its rows; text for a file, coded as soon as it is here; typed components for a dataflow.
        declared: the source of the module that claims it.
        release: the release taken from, for a dataflow.
        problems: what reading it found.

    """

    name: str
    sha256: str
    edition: str
    decimal: str
    frame: pl.DataFrame
    declared: FileSource | FlowSource
    release: str | None = None
    problems: tuple[Problem, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.declared, FileSource):
            object.__setattr__(self, "frame", all_coded(self.frame))

    def working_frame(self) -> pl.DataFrame:
        """The frame with its columns marked as the source's, and where its rows are from."""
        if FILE not in self.frame.columns:
            named = self.frame.with_columns(pl.lit(self.name, dtype=pl.Enum([self.name])).alias(FILE))
            return named.rename({name: SOURCE + name for name in self.frame.columns if not name.startswith("@")})
        return self.frame.rename({name: SOURCE + name for name in self.frame.columns if not name.startswith("@")})


@dataclass(frozen=True)
class LeftOut:
    """Rows a module knows and does not take.

    Attributes:
        source: the table; empty where several are meant.
        what: which rows.
        because: why they are not taken.
        rows: how many.
        share: part of the table's total they carry, 0 to 1.
        by_period: rows and total by reference period; an empty period where it could not be told.

    """

    source: str
    what: str
    because: str
    rows: int
    share: float | None
    by_period: tuple[tuple[str, int, float], ...] = field(default=(), compare=False, repr=False)

    def as_dict(self) -> dict[str, object]:
        """The record kept with a release."""
        return {
            "source": self.source,
            "what": self.what,
            "because": self.because,
            "rows": self.rows,
            "share": self.share,
        }


def source_column(name: str) -> str:
    """The working column a rule's ``from`` means."""
    return name if name.startswith("@") else SOURCE + name


def fitting(frame: pl.DataFrame, conditions: Sequence[pl.Expr]) -> pl.DataFrame:
    """The rows that meet every condition; all of them when there is none."""
    return frame.filter(pl.all_horizontal(conditions)) if conditions else frame


def share(part: pl.DataFrame, whole: pl.DataFrame) -> float | None:
    """What part of the total of a table some of its rows carry; ``None`` when the table has no total."""
    if VALUE not in whole.columns:
        return None
    total = weight(whole)
    return weight(part) / total if total else None


def by_period(periods: pl.Series, rows: pl.DataFrame) -> tuple[tuple[str, int, float], ...]:
    """Rows and total of some rows by their periods, in the order of these."""
    value = rows[VALUE].abs() if VALUE in rows.columns else pl.Series([0]).new_from_index(0, rows.height)
    table = pl.DataFrame([periods.cast(pl.String).fill_null("").alias("period"), value.alias("value")])
    found = table.group_by("period").agg(pl.len(), pl.col("value").sum()).sort("period")
    return tuple((period, rows_of, float(total or 0)) for period, rows_of, total in found.iter_rows())


def weight(frame: pl.DataFrame) -> float:
    """The total of a table: its figures without their signs, added up exactly."""
    return float(frame[VALUE].drop_nulls().abs().sum() or 0)


def place_of(row: Mapping[str, object], *, column: str | None = None) -> Where:
    """Where a working row came from."""
    letters, number = row.get(CELL_COLUMN), row.get(ROW)
    return Where(
        file=str(row[FILE]) if FILE in row else None,
        sheet=str(row[SHEET]) if row.get(SHEET) is not None else None,
        row=int(str(number)) if number is not None else None,
        column=f"{letters}{number}" if letters is not None else column,
    )


def faults(
    frame: pl.DataFrame,
    faulty: pl.Expr | pl.Series,
    columns: tuple[str, ...],
    *,
    code: str,
    what: str,
    remedy: str,
    known: tuple[str, ...] = (),
) -> list[Problem]:
    """One problem for each distinct faulty value, the heaviest first, with its first place, its rows and its share.

    ``what`` may hold ``{value}``. ``known`` are the texts that would have been understood: the nearest is named.
    """
    working = [source_column(column) for column in columns]
    bad = frame.filter(faulty)
    if bad.is_empty():
        return []
    total = weight(frame) if VALUE in frame.columns else 0.0
    groups = _grouped(bad, working)
    problems = []
    for row in groups.head(MOST_LINES).rows(named=True):
        value = " / ".join("" if row[name] is None else str(row[name]) for name in working)
        near = difflib.get_close_matches(value, known, n=1, cutoff=0.4) if known else []
        problems.append(
            Problem(
                code,
                what.format(value=repr(value)),
                place_of(row, column=columns[0]),
                why=f"nearest known: {near[0]!r}" if near else "",
                remedy=remedy,
                value=value,
                rows=row[_ROWS],
                share=float(row[_WEIGHT] or 0) / total if total else None,
            )
        )
    if groups.height > MOST_LINES:
        rest = groups.height - MOST_LINES
        problems.append(
            Problem(
                code,
                f"and {rest} more distinct values of {', '.join(columns)}",
                rows=bad.height,
                share=share(bad, frame),
            )
        )
    return problems


def _grouped(bad: pl.DataFrame, working: list[str]) -> pl.DataFrame:
    """The distinct values of these columns, heaviest first, then as they come in the file, with the first place of each."""
    places = [name for name in PLACES if name in bad.columns and name not in working]
    figure = pl.col(VALUE).abs().sum() if VALUE in bad.columns else pl.lit(0)
    return (
        bad.group_by(working, maintain_order=True)
        .agg(pl.len().alias(_ROWS), figure.alias(_WEIGHT), *(pl.col(name).first() for name in places))
        .sort(_WEIGHT, descending=True, nulls_last=True, maintain_order=True)
    )

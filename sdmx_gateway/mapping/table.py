"""One source table on its way to observations: the columns every step of the mapping shares, and how faults are told.

A working frame has the source's columns as ``src.<name>`` (places and sayings keep their ``@name``), each component given
so far under its id, and for each component that came through a code table ``rel.<id>`` (rank in ``RELATIONS``, ``Int8``) and
``note.<id>``.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.mapping.spec import FileSource, FlowSource
from sdmx_gateway.sources.raw_table import CELL_COLUMN, FILE, ROW, SHEET

SOURCE: Final = "src."
RELATION: Final = "rel."
NOTE: Final = "note."
VALUE: Final = "OBS_VALUE"
MISSING: Final = "@missing"
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
        frame: its rows; text for a file, typed components for a dataflow.
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

    def working_frame(self) -> pl.DataFrame:
        """The frame with its columns marked as the source's."""
        return self.frame.rename({name: SOURCE + name for name in self.frame.columns if not name.startswith("@")})


@dataclass(frozen=True)
class LeftOut:
    """Rows a module knows and does not take: how many, what part of the table's total they carry, and why."""

    source: str
    what: str
    because: str
    rows: int
    share: float | None

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
    total = float(whole[VALUE].cast(pl.Float64).fill_null(0).abs().sum())
    return float(part[VALUE].cast(pl.Float64).fill_null(0).abs().sum()) / total if total else None


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
    faulty: pl.Expr,
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
    groups = bad.select(working).unique(maintain_order=True)
    problems = []
    for values in groups.head(MOST_LINES).rows():
        here = bad.filter(
            pl.all_horizontal(pl.col(c).eq_missing(pl.lit(v)) for c, v in zip(working, values, strict=True))
        )
        value = " / ".join("" if v is None else str(v) for v in values)
        near = difflib.get_close_matches(value, known, n=1, cutoff=0.4) if known else []
        hint = f"nearest known: {near[0]!r}" if near else ""
        problems.append(
            Problem(
                code,
                what.format(value=repr(value)),
                place_of(here.row(0, named=True), column=columns[0]),
                why=hint,
                remedy=remedy,
                value=value,
                rows=here.height,
                share=share(here, frame),
            )
        )
    problems.sort(key=lambda problem: -(problem.share or 0.0))
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

"""Headings and the columns they stand for: by alias, never by position; and what is made of the columns once they are known."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.sources.block import Block
from sdmx_gateway.sources.declared import groups_of, whole
from sdmx_gateway.sources.family import SourceFamily
from sdmx_gateway.sources.layout import Parts
from sdmx_gateway.sources.letters import column_letters
from sdmx_gateway.sources.raw_table import CELL_COLUMN
from sdmx_gateway.sources.serial_dates import dates

_COLUMN: Final = "__column"


@dataclass(frozen=True)
class Choice:
    """What the headings of one table give.

    Attributes:
        found: logical name to the column that gives it.
        across: columns that are values of something.
        unknown: headings nobody declared.
        missing: logical names no heading gives.
        doubled: headings that would give a logical column more than once.

    """

    found: Mapping[str, str]
    across: tuple[str, ...]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    doubled: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are wanted."""
        return (*self.found.values(), *self.across)

    @property
    def fits(self) -> bool:
        """Whether the headings are the family's."""
        return not (self.unknown or self.missing or self.doubled)


def choose(headings: Mapping[str, str], family: SourceFamily) -> Choice:
    """The columns of a table a family takes, by their headings."""
    by_heading = {heading: column for column, heading in reversed(list(headings.items()))}
    spelled = {
        logical: next((s for s in spellings if s in by_heading), None) for logical, spellings in family.columns.items()
    }
    found = {logical: by_heading[spelling] for logical, spelling in spelled.items() if spelling is not None}
    known = known_headings(family)
    across = tuple(
        column
        for column, heading in headings.items()
        if family.unpivot is not None and heading not in known and re.fullmatch(family.unpivot.headings, heading)
    )
    taken = {headings[column] for column in found.values()}
    return Choice(
        found=found,
        across=across,
        unknown=tuple(h for c, h in headings.items() if h not in known and c not in across),
        missing=(
            *(logical for logical in family.columns if logical not in found and logical not in family.optional),
            *((family.unpivot.value,) if family.unpivot and not across else ()),
        ),
        doubled=tuple(h for h, times in Counter(headings.values()).items() if times > 1 and h in taken),
    )


def known_headings(family: SourceFamily) -> set[str]:
    """Every spelling a family declares, taken or not."""
    known = {spelling for spellings in family.columns.values() for spelling in spellings}
    return known | {column for unused in family.unused for column in unused.columns}


def unknown_columns(choice: Choice, family: SourceFamily, where: Where, rows: int) -> list[Problem]:
    """Headings nobody declared: told, and no hindrance to reading the others."""
    return [
        Problem(
            "unknown-column",
            f"the column {heading!r} is not declared" if heading else "a column with figures has no heading",
            where,
            value=heading,
            rows=rows,
            remedy="add it to `columns` or, with the reason, to `unused` of the source "
            f"{family.family}{_nearest(heading, known_headings(family))}",
        )
        for heading in choice.unknown
    ]


def missing_columns(choice: Choice, family: SourceFamily, headings: Mapping[str, str], where: Where) -> list[Problem]:
    """Columns that cannot be read: no heading gives them, or more than one."""
    header = "; ".join(headings.values())[:200]
    return [
        *(
            Problem(
                "missing-column",
                f"no column for {logical!r}: {_wanted(logical, family)} is in the header",
                where,
                value=header,
                remedy=f"add the new spelling to columns.{logical} of the source {family.family}",
            )
            for logical in choice.missing
        ),
        *(
            Problem("duplicated-header", f"the heading {heading!r} stands more than once", where, value=heading)
            for heading in choice.doubled
        ),
    ]


def nested_columns(block: Block, choice: Choice, where: Where) -> list[Problem]:
    """Wanted columns whose cells are lists or records."""
    return [
        Problem(
            "nested-column",
            f"the column {block.headings[column]!r} holds lists or records",
            where,
            value=block.headings[column],
            remedy="name the member that is wanted, or lead `records` to the list",
        )
        for column in choice.columns
        if block.frame.schema[column].is_nested()
    ]


def logical(block: Block, choice: Choice, family: SourceFamily) -> pl.DataFrame:
    """The rows of a table under the family's logical names: merged cells filled, columns across made records, cells taken apart."""
    said = [column for column in block.frame.columns if column.startswith("@")]
    frame = block.frame.select(*said, *(pl.col(c).alias(name) for name, c in choice.found.items()), *choice.across)
    down = [name for name in (family.table.fill_down if family.table else ()) if name in choice.found]
    frame = frame.with_columns(pl.col(down).forward_fill()) if down else frame
    if family.unpivot is not None:
        frame = _across(frame, block, choice, family)
    return refined(frame, family)


def refined(frame: pl.DataFrame, family: SourceFamily) -> pl.DataFrame:
    """A frame of logical columns with days for serial numbers, and cells taken apart."""
    serial = [c for c in getattr(family.format, "serial_dates", ()) if c in frame.columns]
    frame = frame.with_columns(dates(pl.col(column)).alias(column) for column in serial) if serial else frame
    for part in family.parts:
        if part.of in frame.columns:
            frame = frame.with_columns(_taken_apart(part))
    return frame


def _across(frame: pl.DataFrame, block: Block, choice: Choice, family: SourceFamily) -> pl.DataFrame:
    assert family.unpivot is not None
    kept = [column for column in frame.columns if column not in choice.across]
    long = frame.unpivot(on=list(choice.across), index=kept, variable_name=_COLUMN, value_name=family.unpivot.value)
    said = pl.Series([block.headings[column] for column in choice.across], dtype=pl.String).str.extract_groups(
        whole(family.unpivot.headings)
    )
    names = pl.DataFrame(
        {
            _COLUMN: list(choice.across),
            CELL_COLUMN: [block.letters.get(column) or column_letters(int(column)) for column in choice.across],
            **{f"@{name}": said.struct.field(name) for name in groups_of(family.unpivot.headings)},
        }
    )
    return long.join(names, on=_COLUMN, how="left", maintain_order="left").drop(_COLUMN)


def _taken_apart(part: Parts) -> list[pl.Expr]:
    text = pl.col(part.of)
    found = text.str.extract_groups(whole(part.pattern))
    fits = text.str.contains(whole(part.pattern))
    return [
        pl.when(fits).then(found.struct.field(name)).otherwise(text).alias(name)
        if name == part.of
        else found.struct.field(name).alias(f"@{name}")
        for name in groups_of(part.pattern)
    ]


def _wanted(logical: str, family: SourceFamily) -> str:
    if family.unpivot is not None and logical == family.unpivot.value:
        return f"none like {family.unpivot.headings!r}"
    return f"none of {', '.join(map(repr, family.columns[logical]))}"


def _nearest(heading: str, known: set[str]) -> str:
    near = difflib.get_close_matches(heading, known, n=1, cutoff=0.7)
    return f" (it is near {near[0]!r})" if near else ""


__all__ = [
    "Choice",
    "choose",
    "known_headings",
    "logical",
    "missing_columns",
    "nested_columns",
    "refined",
    "unknown_columns",
]

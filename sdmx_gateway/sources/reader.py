"""From a path to a raw table: open the bytes, read them as the family declares, give the columns their logical names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from sdmx_gateway.errors import Problem, SourceRejected, Where
from sdmx_gateway.sources.block import Ask, Block, Found
from sdmx_gateway.sources.crosstab import read_crosstab
from sdmx_gateway.sources.delimited import Keep, scan_delimited
from sdmx_gateway.sources.family import SourceFamily
from sdmx_gateway.sources.form import HEADINGS, Delimited, Json, Parquet, Query, Workbook
from sdmx_gateway.sources.grid import Grid
from sdmx_gateway.sources.headings import (
    choose,
    known_headings,
    logical,
    missing_columns,
    nested_columns,
    refined,
    unknown_columns,
)
from sdmx_gateway.sources.json_records import as_cells, read_json
from sdmx_gateway.sources.opening import Opened
from sdmx_gateway.sources.parquet import scan_parquet
from sdmx_gateway.sources.raw_table import FILE, RawTable
from sdmx_gateway.sources.recognise import recognise
from sdmx_gateway.sources.row_faults import REPEATED
from sdmx_gateway.sources.sayings import EDITION, agreed, by_content
from sdmx_gateway.sources.serial_dates import day
from sdmx_gateway.sources.table import read_tables
from sdmx_gateway.sources.text_grid import text_grid
from sdmx_gateway.sources.workbook import read_workbook


def read_source(path: Path, family: SourceFamily, *, ask: Ask | None = None) -> RawTable:
    """The raw table of one file.

    Args:
        path: the file.
        family: the family it belongs to.
        ask: how a database is asked (:func:`sdmx_gateway.sources.query.asking`); needed where the family is a query.

    Raises:
        SourceRejected: the file cannot be read as its family declares; every problem found is in it.

    """
    opened = Opened(path, family.member)
    if isinstance(family.format, Query):
        found, digest = (ask or _not_asked)(opened, family.format)
    else:
        found, digest = found_in(opened, family), opened.sha256
    frame, problems = _frame(found, family, opened.name)
    says, disagreements = agreed(family, opened.name, by_content(family, found.blocks, frame))
    sayings = [pl.lit(text).alias(f"@{key}") for key, text in says.items()]
    refused = [note for note in found.notes if note.code == REPEATED and family.repeated_rows == "refused"]
    return RawTable(
        name=opened.name,
        sha256=digest,
        family=family.family,
        edition=says.get(EDITION, ""),
        decimal=family.format.decimal,
        frame=frame.with_columns(pl.lit(opened.name).alias(FILE), *sayings),
        says=says,
        problems=(*problems, *disagreements, *refused),
        notes=(*_recognised(opened.name, family), *(note for note in found.notes if note not in refused)),
    )


def sayings_of(path: Path, family: SourceFamily, *, ask: Ask | None = None) -> dict[str, str]:
    """What a file says of itself: by its name where that says the edition, else by reading it, if it can be read."""
    says = family.edition_of(path.name)
    if EDITION in says or not family.edition_from:
        return says
    try:
        return dict(read_source(path, family, ask=ask).says)
    except SourceRejected:
        return says


def found_in(opened: Opened, family: SourceFamily) -> Found:
    """What a file holds, before its columns have their logical names.

    Raises:
        SourceRejected: it cannot be opened or is not of the declared kind.

    """
    return _READERS[type(family.format)](opened, family)


def _delimited(opened: Opened, family: SourceFamily) -> Found:
    assert isinstance(family.format, Delimited)
    form = family.format
    if family.table is not None or family.crosstab is not None:
        return _laid_out(text_grid(opened, form), family)
    return _scanned(opened, family, lambda keep: scan_delimited(opened, form, keep, repeats=_may_repeat(family)))


def _workbook(opened: Opened, family: SourceFamily) -> Found:
    assert isinstance(family.format, Workbook)
    return read_workbook(opened.whole(), family.format, opened.name, lambda grid: _laid_out(grid, family))


def _json(opened: Opened, family: SourceFamily) -> Found:
    assert isinstance(family.format, Json)
    found = read_json(opened.whole(), family.format, opened.name)
    if family.table is None and family.crosstab is None:
        return found
    (block,) = found.blocks
    unused = {heading for unused in family.unused for heading in unused.columns}
    cells = as_cells(block).drop(column for column, heading in block.headings.items() if heading in unused)
    return _laid_out(Grid.of(cells, opened.name, first_row=0), family)


def _parquet(opened: Opened, family: SourceFamily) -> Found:
    return _scanned(opened, family, lambda keep: scan_parquet(opened, keep, repeats=_may_repeat(family)))


_READERS: Final[dict[type, Callable[[Opened, SourceFamily], Found]]] = {
    Delimited: _delimited,
    Workbook: _workbook,
    Json: _json,
    Parquet: _parquet,
}


def _not_asked(opened: Opened, form: Query) -> tuple[Found, str]:
    what = f"{form.url_from} is not asked: databases are not asked here"
    raise SourceRejected(f"{opened.name} cannot be read", [Problem("no-database", what, Where(file=opened.name))])


def _scanned(opened: Opened, family: SourceFamily, scan: Callable[[Keep], Found]) -> Found:
    """What a scan gives of the columns the family takes; where lines do not fit, missing columns are told with them."""
    seen: dict[str, str] = {}

    def keep(headings: Mapping[str, str]) -> tuple[str, ...]:
        seen.clear()
        seen.update(headings)
        return choose(headings, family).columns

    try:
        return scan(keep)
    except SourceRejected as error:
        where = Where(file=opened.name, row=1)
        missing = missing_columns(choose(seen, family), family, seen, where) if seen else []
        raise SourceRejected(error.what, [*missing, *error.problems]) from error


def _laid_out(grid: Grid, family: SourceFamily) -> Found:
    if family.crosstab is not None:
        return read_crosstab(grid, family.crosstab)
    assert family.table is not None
    return read_tables(grid, family.table, repeats=_may_repeat(family))


def _may_repeat(family: SourceFamily) -> bool:
    return family.repeated_rows == "expected"


def _frame(found: Found, family: SourceFamily, name: str) -> tuple[pl.DataFrame, list[Problem]]:
    """All tables under the logical names, and headings nobody declared.

    Raises:
        SourceRejected: a table is not as declared, or lacks columns.

    """
    faults, unknown, frames = list(found.faults), [], []
    for block in (_with_days(block, family) for block in found.blocks):
        if family.crosstab is not None:
            frames.append(refined(block.frame, family))
            continue
        where = Where(file=name, sheet=block.sheet, row=block.row)
        choice = choose(block.headings, family)
        unknown += unknown_columns(choice, family, where, block.frame.height)
        wrong = missing_columns(choice, family, block.headings, where) + nested_columns(block, choice, where)
        faults += wrong
        frames += [] if wrong else [logical(block, choice, family)]
    if faults:
        raise SourceRejected(f"{name} is not as {family.family} declares it", [*unknown, *faults])
    return pl.concat(frames, how="diagonal"), unknown


def _with_days(block: Block, family: SourceFamily) -> Block:
    if HEADINGS not in getattr(family.format, "serial_dates", ()):
        return block
    known = known_headings(family)
    days = {column: text if text in known else day(text) for column, text in block.headings.items()}
    return replace(block, headings=days)


def _recognised(name: str, family: SourceFamily) -> list[Problem]:
    if family.claims(name):
        return []
    what = f"the name says nothing: the file was recognised as {family.family} by its header"
    return [Problem("recognised-by-header", what, Where(file=name))]


__all__ = ["found_in", "read_source", "recognise", "sayings_of"]

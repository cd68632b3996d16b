"""Lookup tables: from components already given to one more, the first fitting line winning, an empty cell standing for any."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sdmx_gateway.errors import Problem
from sdmx_gateway.mapping.tabular import read_lines


@dataclass(frozen=True)
class LookupTable:
    """A lookup table.

    Attributes:
        keys: column names of the frame it is applied to.
        lines: cells, in the order of the keys, and target.
        numbers: where each line stands in the file.

    """

    keys: tuple[str, ...]
    lines: tuple[tuple[tuple[str, ...], str], ...]
    numbers: tuple[int, ...] = ()

    def expression(self, default: str | None) -> pl.Expr:
        """The target of the first line whose cells all fit; a cell may hold several values separated by ``|``."""
        result = pl.lit(default, dtype=pl.String)
        for cells, target in reversed(self.lines):
            fits = [
                pl.col(key).cast(pl.String).is_in(cell.split("|")).fill_null(value=False)
                for key, cell in zip(self.keys, cells, strict=True)
                if cell
            ]
            result = (
                pl.when(pl.all_horizontal(fits) if fits else pl.lit(value=True)).then(pl.lit(target)).otherwise(result)
            )
        return result


def read_lookup_table(path: Path) -> tuple[LookupTable | None, list[Problem]]:
    """The table: a CSV of component ids (``note`` is for the reader), then ``target``; with what is wrong in it."""
    read, problems = read_lines(path, unreadable="unreadable-lookup-table")
    if read is None:
        return None, problems
    if "target" not in read.header:
        what = f"the header is {','.join(read.header)!r}: `target` must be among its fields"
        return None, [Problem("wrong-lookup-table", what, read.where(1))]
    problems = [
        Problem("wrong-lookup-table", f"{len(row)} fields, not {len(read.header)}", read.where(number))
        for number, row in read.lines
        if len(row) != len(read.header)
    ]
    if problems:
        return None, problems
    at = [i for i, name in enumerate(read.header) if name not in {"target", "note"}]
    target = read.header.index("target")
    return (
        LookupTable(
            tuple(read.header[i] for i in at),
            tuple((tuple(row[i] for i in at), row[target]) for _, row in read.lines),
            tuple(number for number, _ in read.lines),
        ),
        [],
    )

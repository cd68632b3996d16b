"""Lookup tables: from components already given to one more, the first fitting line winning, an empty cell standing for any."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sdmx_gateway.errors import Problem, Where


@dataclass(frozen=True)
class LookupTable:
    """A lookup table: ``keys`` are column names of the frame it is applied to; ``lines`` are (cells, target)."""

    keys: tuple[str, ...]
    lines: tuple[tuple[tuple[str, ...], str], ...]

    def expression(self, default: str | None) -> pl.Expr:
        """The target of the first line whose cells all fit; a cell may hold several values separated by ``|``."""
        result = pl.lit(default, dtype=pl.String)
        for cells, target in reversed(self.lines):
            fits = [
                pl.col(key).cast(pl.String).is_in(cell.split("|")).fill_null(False)
                for key, cell in zip(self.keys, cells, strict=True)
                if cell
            ]
            result = pl.when(pl.all_horizontal(fits) if fits else pl.lit(True)).then(pl.lit(target)).otherwise(result)
        return result


def read_lookup_table(path: Path) -> tuple[LookupTable | None, list[Problem]]:
    """The table: a CSV of component ids (``note`` is for the reader), then ``target``; with what is wrong in it."""
    where = Where(file="/".join(path.parts[-4:]))
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        return None, [Problem("unreadable-lookup-table", f"the lookup table cannot be read: {error}", where)]
    names = tuple(rows[0]) if rows else ()
    if "target" not in names or any(None in row or None in row.values() for row in rows):
        return None, [
            Problem("wrong-lookup-table", "each line needs all fields of the header, and `target` among them", where)
        ]
    keys = tuple(name for name in names if name not in {"target", "note"})
    return LookupTable(keys, tuple((tuple(row[key] for key in keys), row["target"]) for row in rows)), []

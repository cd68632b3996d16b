"""Sentinel tables: what stands in the place of a figure, and the status and confidentiality it means.

``NA``, ``ndiff``, ``n.c``, ``Non Renseigné``, ``:`` and ``-`` are no figures, and each says something else: not available, secret,
nothing. A table says which: ``source``, then a column for each component it gives, then ``note`` for the reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sdmx_gateway.errors import Problem
from sdmx_gateway.mapping.code_table import folded
from sdmx_gateway.mapping.tabular import read_lines


@dataclass(frozen=True)
class SentinelTable:
    """A sentinel table.

    Attributes:
        components: what its lines give.
        frame: ``source`` (folded), a ``String`` column per component, null where a line says nothing of it, and ``line``.

    """

    components: tuple[str, ...]
    frame: pl.DataFrame

    def of(self, texts: pl.Series) -> pl.DataFrame:
        """For each text ``is_sentinel`` and what it means: a ``String`` column per component; case and spaces do not matter."""
        asked = pl.DataFrame({"source": texts.cast(pl.String)}).select(folded(pl.col("source").fill_null("")))
        known = self.frame.drop("line").with_columns(pl.lit(value=True).alias("is_sentinel"))
        found = asked.join(known, on="source", how="left", maintain_order="left").drop("source")
        return found.with_columns(pl.col("is_sentinel").fill_null(value=False))


def read_sentinel_table(path: Path) -> tuple[SentinelTable | None, list[Problem]]:
    """The table at ``path``, with what is wrong in it."""
    read, problems = read_lines(path, unreadable="unreadable-sentinel-table")
    if read is None:
        return None, problems
    components = tuple(name for name in read.header if name not in {"source", "note"})
    if "source" not in read.header or not components:
        what = f"the header is {','.join(read.header)!r}, not source, the components it gives, note"
        return None, [
            Problem("wrong-sentinel-table", what, read.where(1), remedy="write source,OBS_STATUS,CONF_STATUS,note")
        ]
    for number, row in read.lines:
        if len(row) != len(read.header):
            what = f"{len(row)} fields, not {len(read.header)}"
            problems.append(Problem("wrong-sentinel-table", what, read.where(number)))
    if problems:
        return None, problems
    rows = [(*row, number) for number, row in read.lines]
    frame = pl.DataFrame(rows, schema={**dict.fromkeys(read.header, pl.String), "line": pl.UInt32}, orient="row")
    frame = frame.with_columns(folded(pl.col("source")), *(pl.col(name).replace("", None) for name in components))
    twice = frame.filter(pl.col("source").is_duplicated())
    problems = [
        Problem(
            "duplicate-code", f"{row['source']!r} stands more than once", read.where(row["line"]), value=row["source"]
        )
        for row in twice.tail(-1).rows(named=True)
    ]
    return (None if problems else SentinelTable(components, frame.select("source", *components, "line"))), problems

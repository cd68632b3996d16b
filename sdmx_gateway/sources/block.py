"""A table as it was found, before its columns have their logical names: what every reader gives and everything after it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import polars as pl

from sdmx_gateway.errors import Problem
from sdmx_gateway.sources.form import Query
from sdmx_gateway.sources.opening import Opened


@dataclass(frozen=True)
class Block:
    """One table of a file.

    ``frame`` has the columns that are wanted under ids of their own (two headings may be alike), the places, and what a sheet or a
    title says as ``@name``.

    Attributes:
        headings: every column to its heading as written, in order; those that were not wanted are not in the frame.
        letters: column of the frame to the letters a spreadsheet gives it, where the file has cells.
        row: row of the headings.
        sheet: sheet it stands in.
        heads: the texts above and in the headings.

    """

    frame: pl.DataFrame
    headings: Mapping[str, str]
    letters: Mapping[str, str] = field(default_factory=dict)
    row: int = 1
    sheet: str | None = None
    heads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """What a reader found in a file.

    Attributes:
        blocks: its tables.
        faults: why it cannot be read as declared.
        notes: what is worth knowing, and no fault.

    """

    blocks: tuple[Block, ...] = ()
    faults: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


Ask: TypeAlias = Callable[[Opened, Query], tuple[Found, str]]
"""The way to ask a database: what it answers, and the digest of that."""

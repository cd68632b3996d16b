"""Which family a file belongs to: by its name, or, where that says nothing, by its header."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from sdmx_gateway.errors import Problem, SourceRejected, Where
from sdmx_gateway.sources.delimited import headings_of
from sdmx_gateway.sources.family import SourceFamily, unpacked_name
from sdmx_gateway.sources.form import ENDINGS, Delimited, Parquet, Query
from sdmx_gateway.sources.headings import choose
from sdmx_gateway.sources.opening import Opened


def recognise(path: Path, families: Iterable[SourceFamily]) -> SourceFamily:
    """The family whose file names include this one; else the only one whose header it has.

    Raises:
        SourceRejected: none does, or the header is that of several.

    """
    known = list(families)
    for family in known:
        if family.claims(path.name):
            return family
    fitting = [family for family in known if path.is_file() and has_header_of(path, family)]
    if len(fitting) == 1:
        return fitting[0]
    patterns = sorted(pattern for family in known for pattern in family.files)
    what = f"the name fits none of {', '.join(patterns)}"
    if fitting:
        what += f", and the header is that of {' and of '.join(family.family for family in fitting)}"
    elif path.is_file():
        what += ", and the header is that of no family"
    raise SourceRejected(
        f"{path.name} belongs to no family of this module",
        [
            Problem(
                "unknown-family",
                what,
                Where(file=path.name),
                remedy="give the file its published name, or add a pattern to `files` of the source it belongs to",
            )
        ],
    )


def has_header_of(path: Path, family: SourceFamily) -> bool:
    """Whether a file has all the headings a family needs, and none it does not know."""
    if not unpacked_name(path.name).lower().endswith(ENDINGS[family.format.kind]):
        return False
    try:
        headings = _headings(path, family)
    except (SourceRejected, pl.exceptions.PolarsError, OSError):
        return False
    return all(choose(dict(enumerate_texts(texts)), family).fits for texts in headings) and bool(headings)


def enumerate_texts(texts: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Headings by the column they stand over."""
    return ((str(i), text) for i, text in enumerate(texts))


def _headings(path: Path, family: SourceFamily) -> list[list[str]]:
    """The headings of each table of a file; those of a crosstab, which fits as a whole or not at all, are empty."""
    opened = Opened(path, family.member)
    if isinstance(family.format, Query):
        return []
    if isinstance(family.format, Parquet) and not opened.is_packed:
        return [list(pl.read_parquet_schema(path))]
    if isinstance(family.format, Delimited) and family.table is None and family.crosstab is None:
        return [headings_of(opened, family.format)]
    from sdmx_gateway.sources.reader import found_in  # noqa: PLC0415 - the reader recognises, too

    found = found_in(opened, family)
    return [] if found.faults else [list(block.headings.values()) for block in found.blocks]

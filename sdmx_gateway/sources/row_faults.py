"""Lines and rows that do not fit, and how each is told: at its row, with what stands there and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.sources.form import Delimited
from sdmx_gateway.sources.raw_table import ROW
from sdmx_gateway.sources.text import GARBLED

LINE: Final = "line"
"""A line of text."""
LINE_FIELDS: Final = "fields"
"""How many fields a line has."""
OPEN_QUOTE: Final = "open_quote"
"""Whether a quote in a line is never closed."""
REPEATED: Final = "repeated-row"
_OTHER_SEPARATORS: Final = ";,\t|"
_QUOTED: Final = r'"[^"]*"'


def counted(lines: pl.DataFrame, form: Delimited) -> pl.DataFrame:
    """Lines with how many fields each has, and whether a quote in it is never closed."""
    bare = pl.col(LINE).str.replace_all(_QUOTED, "")
    return lines.with_columns(
        (bare.str.count_matches(form.separator, literal=True) + 1).alias(LINE_FIELDS),
        bare.str.contains('"', literal=True).alias(OPEN_QUOTE),
    )


def wrong_line(name: str, row: Mapping[str, object], fields: int, *, is_last: bool) -> Problem:
    """A line that does not have the fields of its header; the last one may have been cut."""
    is_open, has = bool(row[OPEN_QUOTE]), int(str(row[LINE_FIELDS]))
    return Problem(
        "truncated" if is_last and (is_open or has < fields) else "wrong-line",
        "a quote is never closed" if is_open else f"{has} fields where the header has {fields}",
        Where(file=name, row=int(str(row[ROW]))),
        value=str(row[LINE])[:80],
        remedy="the file ends in mid-line: fetch it again" if is_last else "",
    )


def doubled_headers(rows: Sequence[int], name: str, sheet: str | None = None) -> list[Problem]:
    """The header, where it stands again among the data."""
    if not rows:
        return []
    return [
        Problem(
            "repeated-header",
            "the header stands again among the data",
            Where(file=name, sheet=sheet, row=rows[0]),
            rows=len(rows),
            why="files put one after the other do this; their data may be there twice",
            remedy="convert each file by itself",
        )
    ]


def garbled_lines(lines: Sequence[pl.DataFrame], name: str) -> list[Problem]:
    """Lines whose letters show that they were read, or once saved, in a wrong encoding."""
    found = pl.concat(lines) if lines else pl.DataFrame()
    if found.is_empty():
        return []
    line = found[LINE][0]
    sign = pl.Series([line]).str.extract(f"(.{{0,20}}(?:{GARBLED}).{{0,20}})")[0]
    return [
        Problem(
            "garbled-text",
            f"{sign!r} is text that was read, or once saved, in a wrong encoding",
            Where(file=name, row=found[ROW][0]),
            value=sign,
            rows=found.height,
            remedy="fetch the file again as published, or put its encoding first in `encodings`",
        )
    ]


def repeated(rows: pl.DataFrame, name: str, sheet: str | None = None) -> list[Problem]:
    """Rows that are the same, by what ``is`` says of each."""
    again = rows.filter(pl.col("is").is_duplicated())
    if again.is_empty():
        return []
    groups = again.group_by("is", maintain_order=True).agg(ROW)
    first, second = groups[ROW][0][:2]
    return [
        Problem(
            REPEATED,
            f"row {second} is row {first} again, letter for letter",
            Where(file=name, sheet=sheet, row=second),
            rows=again.height - groups.height,
            why="figures would be counted twice where rows are summed",
            remedy='take the copies out, or say `repeated_rows = "expected"` if each row counts',
        )
    ]


def wrong_separator(first: str, fields: int, form: Delimited, where: Where) -> list[Problem]:
    """A header that is one field, and would be several at another separator."""
    better = max(_OTHER_SEPARATORS, key=first.count)
    if fields >= 2 or better == form.separator or better not in first:
        return []
    return [
        Problem(
            "wrong-separator",
            f"the header is one field when split at {form.separator!r}; it looks separated by {better!r}",
            where,
            value=first[:80],
            remedy=f"is it the right file? If the producer changed, set separator = {better!r} in the module's source",
        )
    ]

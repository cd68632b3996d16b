"""Delimited text files: decoding, the shape of every line, the header, then the table.

Every line is checked to have as many fields as the header before anything is read, so that a truncated file or a stray
separator is found at its line and not as shifted figures. National files hold no line breaks inside fields: an open
quote at the end of a line is a fault.
"""

from __future__ import annotations

import csv
import io
from typing import Final

import polars as pl

from sdmx_gateway.errors import Problem, SourceRejected, Where
from sdmx_gateway.sources.family import Delimited
from sdmx_gateway.sources.raw_table import ROW

_OTHER_SEPARATORS: Final = ";,\t|"
_QUOTED: Final = r'"[^"]*"'
_SHOWN: Final = 5


def read_delimited(data: bytes, form: Delimited, name: str) -> pl.DataFrame:
    """The table: one ``String`` column per heading as written, and ``@row`` (``UInt32``, the header is row 1).

    Raises:
        SourceRejected: the bytes are not text of the declared encodings, the header is not usable, or lines do not fit it.

    """
    text = _decode(data, form, name)
    header = _header(text, form, name)
    _check_lines(text, header, form, name)
    frame = pl.read_csv(
        io.BytesIO(text.encode()),
        has_header=False,
        skip_rows=1,
        separator=form.separator,
        quote_char='"',
        infer_schema=False,
        new_columns=header,
        empty_string_is_null=False,
    )
    return frame.with_row_index(ROW, offset=2)


def _decode(data: bytes, form: Delimited, name: str) -> str:
    if not data:
        raise SourceRejected(f"{name} is empty", [Problem("empty-file", "the file has no byte", Where(file=name))])
    for encoding in form.encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text.replace("\r\n", "\n").lstrip("\ufeff")
    raise SourceRejected(
        f"{name} cannot be read as text",
        [
            Problem(
                "undecodable",
                f"the bytes are not text in any of {', '.join(form.encodings)}",
                Where(file=name),
                remedy="save the file as UTF-8, or add its encoding to the module's source",
            )
        ],
    )


def _header(text: str, form: Delimited, name: str) -> list[str]:
    first = text.split("\n", 1)[0]
    header = [cell.strip() for cell in next(csv.reader([first], delimiter=form.separator), [])]
    where = Where(file=name, row=1)
    problems = [
        Problem(
            "duplicated-header", f"the heading {heading!r} stands {header.count(heading)} times", where, value=heading
        )
        for heading in sorted({h for h in header if header.count(h) > 1})
    ]
    if len(header) < 2 and (better := max(_OTHER_SEPARATORS, key=first.count)) != form.separator and better in first:
        problems.append(
            Problem(
                "wrong-separator",
                f"the header is one field when split at {form.separator!r}; it looks separated by {better!r}",
                where,
                value=first[:80],
                remedy=f"is it the right file? If the producer changed, set separator = {better!r} in the module's source",
            )
        )
    if problems:
        raise SourceRejected(f"{name} has a header that cannot be used", problems)
    return header


def _check_lines(text: str, header: list[str], form: Delimited, name: str) -> None:
    body = text.removesuffix("\n").split("\n")[1:]
    if not body:
        problem = Problem("no-rows", "nothing stands below the header", Where(file=name))
        raise SourceRejected(f"{name} has no data", [problem])
    lines = pl.DataFrame({"line": body}).with_row_index(ROW, offset=2)
    checked = lines.with_columns(
        fields=pl.col("line").str.replace_all(_QUOTED, "").str.count_matches(form.separator, literal=True) + 1,
        open_quote=(pl.col("line").str.count_matches('"', literal=True) % 2) == 1,
    )
    faulty = checked.filter(pl.col("open_quote") | (pl.col("fields") != len(header)))
    if faulty.is_empty():
        return
    last = lines.height + 1
    problems = [
        Problem(
            "truncated" if row[ROW] == last and (row["open_quote"] or row["fields"] < len(header)) else "wrong-line",
            "a quote is never closed"
            if row["open_quote"]
            else f"{row['fields']} fields where the header has {len(header)}",
            Where(file=name, row=row[ROW]),
            value=row["line"][:80],
            remedy="the file ends in mid-line: fetch it again" if row[ROW] == last else "",
        )
        for row in [*faulty.head(_SHOWN).to_dicts(), *(faulty.tail(1).to_dicts() if faulty.height > _SHOWN else [])]
    ]
    raise SourceRejected(f"{name} has {faulty.height} lines that do not fit its header", problems)

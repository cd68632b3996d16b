"""Whether the bytes of an SDMX-CSV message are records of equal length, and what its header says.

polars fills short records with nulls without a word; here every record is counted before it reads them. Quoted
fields are cut out first (RFC 4180, §2), so that counting separators is enough and stays a matter of columns.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.formats.characters import FORBIDDEN_BYTES, name_of

BOM: Final = b"\xef\xbb\xbf"
_FIRST = re.compile(r'"?(?P<term>DATAFLOW|STRUCTURE)(?:\[(?P<within>.)\])?"?(?P<separator>.)?')
_COMPONENT = re.compile(r"(?P<id>[^\[\]]+)(?P<many>\[\])?")
_QUOTED = re.compile(r'"[^"]*"')
_MARK = "\x00"
_NOT_COMPONENTS: Final = {
    "DATAFLOW": frozenset({"DATAFLOW"}),
    "STRUCTURE": frozenset({"STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "SERIES_KEY", "OBS_KEY"}),
}


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of an SDMX-CSV message.

    Attributes:
        term: ``DATAFLOW`` (1.0) or ``STRUCTURE`` (2.0).
        separator: between fields: what follows the first term.
        within: between the values of one cell, if any (2.0).
        columns: the name of each column, brackets taken off.
        many: the columns with several values in a cell.
    """

    term: str
    separator: str
    within: str | None
    columns: tuple[str, ...]
    many: frozenset[str]

    @property
    def components(self) -> tuple[str, ...]:
        """The columns that must be components."""
        return tuple(name for name in self.columns if name not in _NOT_COMPONENTS[self.term])


def read_header(line: str) -> tuple[Header | None, list[Problem]]:
    """The header of a message, and what is wrong with it; ``None`` when it is none."""
    first = _FIRST.match(line)
    if first is None:
        return None, [
            Problem(
                "wrong-header",
                f"the first column is {line.split(',', 1)[0][:80]!r}",
                Where(row=1),
                why="SDMX-CSV begins with DATAFLOW (1.0) or STRUCTURE (2.0)",
            )
        ]
    separator = first["separator"] or ","
    fields = next(csv.reader([line], delimiter=separator))
    problems = [Problem("wrong-header", "a column has no name", Where(row=1)) for name in fields if not name]
    names = [_COMPONENT.fullmatch(name) for name in fields[1:]]
    columns = (first["term"], *(m["id"] if m else name for m, name in zip(names, fields[1:], strict=True)))
    for name, times in Counter(columns).items():
        if times > 1:
            problems.append(Problem("duplicate-column", f"the column {name} is there {times} times", Where(row=1)))
    many = frozenset(m["id"] for m in names if m and m["many"])
    if many and not first["within"]:
        why = "the separator of values stands in brackets behind STRUCTURE, as in STRUCTURE[;]"
        problems.append(Problem("wrong-header", f"{', '.join(sorted(many))}: several values", Where(row=1), why=why))
    if first["term"] == "STRUCTURE" and "STRUCTURE_ID" not in columns:
        problems.append(Problem("wrong-header", "there is no column STRUCTURE_ID", Where(row=1)))
    return Header(first["term"], separator, first["within"], columns, many), problems


def field_problems(text: str, header: Header) -> Iterator[Problem]:
    """What is wrong with the records: fields too many or too few, quotes left open or in the wrong place."""
    bare = _QUOTED.sub(_MARK, text) if '"' in text else text
    lines = pl.Series("line", bare.removesuffix("\n").split("\n")).str.strip_suffix("\r")
    if '"' in bare:
        open_at = lines.str.contains('"', literal=True).arg_true()[0]
        what = "a quotation mark is never closed"
        why = "the message is cut off, or a field holds a quotation mark that is not doubled (RFC 4180, §2)"
        yield Problem("not-well-formed", what, Where(row=open_at + 1), why=why)
        return
    separator = re.escape(header.separator)
    stray = lines.str.contains(f"[^{separator}{_MARK}]{_MARK}|{_MARK}[^{separator}{_MARK}]")
    if stray.any():
        what = "text stands beside a quoted field"
        row = stray.arg_true()[0] + 1
        yield Problem("not-well-formed", what, Where(row=row), why="RFC 4180, §2", rows=int(stray.sum()))
    counts = lines.str.count_matches(header.separator, literal=True) + 1
    expected = len(header.columns)
    records = pl.DataFrame({"n": counts}).with_row_index("row", offset=1).filter(pl.col("n") != expected)
    for n, row, times in records.group_by("n", maintain_order=True).agg(pl.first("row"), pl.len()).iter_rows():
        what = f"a record has {n} field{'s' if n != 1 else ''}, the header {expected}"
        why = "the message is cut off" if row == len(lines) else ""
        yield Problem("wrong-field-count", what, Where(row=row), why=why, rows=times)


def decoded(data: bytes) -> tuple[str, list[Problem]]:
    """The message as text, its byte order mark taken off; and the characters that may not be in it."""
    data = data.removeprefix(BOM)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        what = f"the byte 0x{data[error.start]:02X} is not UTF-8"
        return "", [Problem("not-utf-8", what, Where(row=row), remedy="save the file as UTF-8")]
    wrong = re.search(FORBIDDEN_BYTES, data)
    if wrong is None:
        return text, []
    row = data.count(b"\n", 0, wrong.start()) + 1
    what = f"the message holds {name_of(wrong.group().decode())}"
    return text, [Problem("control-character", what, Where(row=row), why="no SDMX text may hold it (XML 1.0, §2.2)")]

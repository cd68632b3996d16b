"""Delimited text files, header first: the shape of every line, then the columns that are wanted, a block at a time.

Every line is checked to have as many fields as the header before anything of it is read, so that a truncated file or a stray
separator is found at its line and not as shifted figures. National files hold no line breaks inside fields: an open
quote at the end of a line is a fault.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from sdmx_gateway.errors import Problem, SourceRejected, Where
from sdmx_gateway.sources.block import Block, Found
from sdmx_gateway.sources.form import Delimited
from sdmx_gateway.sources.opening import Opened
from sdmx_gateway.sources.raw_table import ROW
from sdmx_gateway.sources.row_faults import (
    LINE,
    LINE_FIELDS,
    OPEN_QUOTE,
    counted,
    doubled_headers,
    garbled_lines,
    repeated,
    wrong_line,
    wrong_separator,
)
from sdmx_gateway.sources.text import GARBLED, in_first_encoding, may_be_garbled

_SHOWN: Final = 5

Keep = Callable[[Mapping[str, str]], Sequence[str]]
"""Which columns are wanted, given all headings."""


def read_delimited(data: bytes, form: Delimited, name: str) -> pl.DataFrame:
    """The table: one ``String`` column per heading as written, and ``@row`` (``UInt32``, the header is row 1).

    Raises:
        SourceRejected: the bytes are not text of the declared encodings, the header is not usable, or lines do not fit it.

    """
    block = in_first_encoding(lambda: [data] if data else [], form.encodings, name, _reading(form, name, list)).block()
    return block.frame.rename(dict(block.headings))


def scan_delimited(opened: Opened, form: Delimited, keep: Keep, *, repeats: bool) -> Found:
    """The wanted columns of a file, whatever its size.

    Args:
        opened: the file.
        form: how it is laid out.
        keep: which columns are wanted.
        repeats: whether a line may stand more than once.

    Raises:
        SourceRejected: as for :func:`read_delimited`.

    """
    reading = in_first_encoding(opened.blocks, form.encodings, opened.name, _reading(form, opened.name, keep))
    repeated_rows = [] if repeats else reading.repeated_rows()
    return Found((reading.block(),), notes=(*repeated_rows, *reading.notes()))


def headings_of(opened: Opened, form: Delimited) -> list[str]:
    """The headings alone.

    Raises:
        SourceRejected: the start of the file is no text with a usable header.

    """

    def first(pieces: Iterator[str]) -> list[str]:
        return _header(next(pieces, "").split("\n", 1)[0], form, opened.name)

    return in_first_encoding(opened.blocks, form.encodings, opened.name, first)


def _reading(form: Delimited, name: str, keep: Keep) -> Callable[[Iterator[str]], _Reading]:
    def read(pieces: Iterator[str]) -> _Reading:
        first, _, rest = next(pieces, "").partition("\n")
        reading = _Reading(form, name, first, _header(first, form, name), keep)
        if rest:
            reading.take(rest)
        for piece in pieces:
            reading.take(piece)
        reading.refuse()
        return reading

    return read


@dataclass
class _Reading:
    """One pass over a file: what was read of it so far, and the lines that do not fit."""

    form: Delimited
    name: str
    first: str
    header: list[str]
    keep: Keep
    row: int = 1
    ends_in_line: bool = False
    frames: list[pl.DataFrame] = field(default_factory=list)
    hashes: list[pl.DataFrame] = field(default_factory=list)
    faulty: list[pl.DataFrame] = field(default_factory=list)
    garbled: list[pl.DataFrame] = field(default_factory=list)
    doubled: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        wanted = set(self.keep(self.headings))
        self.wanted = [i for i in range(len(self.header)) if str(i) in wanted]

    @property
    def headings(self) -> dict[str, str]:
        return {str(i): heading for i, heading in enumerate(self.header)}

    def take(self, piece: str) -> None:
        """Check the lines of a piece and, while all is well, read their fields."""
        self.ends_in_line = not piece.endswith("\n")
        lines = pl.Series(LINE, [piece.removesuffix("\n")]).str.split("\n").explode()
        frame = lines.to_frame().with_row_index(ROW, offset=self.row + 1)
        self.row += lines.len()
        blank = (pl.col(LINE).str.len_bytes() <= 2 * len(self.header)) & (
            pl.col(LINE).str.strip_chars(f"{self.form.separator} \r") == ""
        )
        doubled = frame.filter((pl.col(LINE) == self.first) & ~blank)
        if not doubled.is_empty():
            self.doubled += doubled[ROW].to_list()
        if may_be_garbled(piece):
            self.garbled.append(frame.filter(pl.col(LINE).str.contains(GARBLED)))
        full = frame.filter(~blank)
        faulty = full.filter(~self._fits()) if full.height else full
        if not faulty.is_empty():
            faulty = counted(faulty, self.form).filter(pl.col(OPEN_QUOTE) | (pl.col(LINE_FIELDS) != len(self.header)))
        self.faulty += [] if faulty.is_empty() else [faulty]
        if full.is_empty() or self.faulty:
            return
        self.hashes.append(full.select(ROW, pl.col(LINE).hash()))
        data = piece if full.height == frame.height else "\n".join(full[LINE].to_list())
        self.frames.append(self._parsed(data).insert_column(0, full[ROW]))

    def _fits(self) -> pl.Expr:
        """Whether a line surely has the header's fields: no field is quoted, or each is; the others are counted with care."""
        line, separator = pl.col(LINE), self.form.separator
        quotes = line.str.count_matches('"', literal=True)
        separators = line.str.count_matches(separator, literal=True) == len(self.header) - 1
        between = line.str.count_matches(f'"{separator}"', literal=True) == len(self.header) - 1
        return separators & ((quotes == 0) | ((quotes == 2 * len(self.header)) & between))

    def _parsed(self, piece: str) -> pl.DataFrame:
        if not self.wanted:
            return pl.DataFrame(height=piece.removesuffix("\n").count("\n") + 1)
        parsed = pl.read_csv(
            piece.encode(),
            has_header=False,
            columns=self.wanted,
            separator=self.form.separator,
            quote_char='"',
            infer_schema=False,
            empty_string_is_null=False,
        )
        return parsed.rename(dict(zip(parsed.columns, map(str, self.wanted), strict=True)))

    def block(self) -> Block:
        """What was read."""
        return Block(pl.concat(self.frames), self.headings)

    def notes(self) -> list[Problem]:
        """What is worth knowing of a file that was read."""
        if not self.ends_in_line:
            return []
        return [
            Problem(
                "no-final-newline",
                "the file ends without a line end",
                Where(file=self.name, row=self.row),
                why="a file that was cut inside its last field looks the same",
                remedy="see that its last line is whole",
            )
        ]

    def repeated_rows(self) -> list[Problem]:
        """Lines that stand more than once, letter for letter."""
        return repeated(pl.concat(self.hashes).rename({LINE: "is"}), self.name)

    def refuse(self) -> None:
        """Refuse the file for every line that does not fit, if there is one."""
        if self.row == 1:
            problem = Problem("no-rows", "nothing stands below the header", Where(file=self.name))
            raise SourceRejected(f"{self.name} has no data", [problem])
        faulty = pl.concat(self.faulty) if self.faulty else pl.DataFrame()
        problems = [
            *doubled_headers(self.doubled, self.name),
            *garbled_lines(self.garbled, self.name),
            *(self._wrong_lines(faulty) if self.faulty else []),
        ]
        if not problems and not self.frames:
            problems = [Problem("no-rows", "only blank lines stand below the header", Where(file=self.name))]
        if problems:
            raise SourceRejected(self._summary(faulty), problems)

    def _summary(self, faulty: pl.DataFrame) -> str:
        lines = f"{faulty.height} lines that do not fit its header" if faulty.height else "lines that cannot be read"
        return f"{self.name} has {lines}"

    def _wrong_lines(self, faulty: pl.DataFrame) -> list[Problem]:
        if self.is_shifted(faulty):
            return [self._shifted(faulty)]
        shown = [*faulty.head(_SHOWN).to_dicts(), *(faulty.tail(1).to_dicts() if faulty.height > _SHOWN else [])]
        return [wrong_line(self.name, row, len(self.header), is_last=row[ROW] == self.row) for row in shown]

    def is_shifted(self, faulty: pl.DataFrame) -> bool:
        """Whether every line has the same number of fields, and the header another."""
        same = faulty[LINE_FIELDS].n_unique() == 1 and not faulty[OPEN_QUOTE].any()
        return same and faulty.height == self.row - 1 and faulty.height > 1

    def _shifted(self, faulty: pl.DataFrame) -> Problem:
        fields = faulty[LINE_FIELDS][0]
        return Problem(
            "shifted-header",
            f"every line has {fields} fields and the header {len(self.header)}: its headings do not stand over their columns",
            Where(file=self.name, row=1),
            why="a column of row names without a heading does this" if fields == len(self.header) + 1 else "",
            value=self.first[:80],
            rows=faulty.height,
            remedy="give every column its heading, or export the file without row names",
        )


def _header(first: str, form: Delimited, name: str) -> list[str]:
    header = [cell.strip() for cell in next(csv.reader([first], delimiter=form.separator), [])]
    where = Where(file=name, row=1)
    problems = [
        Problem(
            "duplicated-header", f"the heading {heading!r} stands {header.count(heading)} times", where, value=heading
        )
        for heading in sorted({h for h in header if header.count(h) > 1})
    ]
    problems += wrong_separator(first, len(header), form, where)
    if problems:
        raise SourceRejected(f"{name} has a header that cannot be used", problems)
    return header

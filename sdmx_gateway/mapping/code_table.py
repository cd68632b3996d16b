"""Code tables: ``codes/*.csv``, from what a source says to the codes of a component, each line with its relation.

A cell is a text, a pattern with ``*`` for anything (``D*``), or a regular expression between slashes (``/97[1-6]/``). Where several lines
fit a text, the most specific one is used: more exact cells first, then more letters beside the ``*``, then a pattern before a regular
expression. Two lines that are equally specific and disagree are refused where a text fits both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.mapping.spec import LEFT_OUT, RELATIONS
from sdmx_gateway.mapping.tabular import Lines, nearest, read_lines
from sdmx_gateway.sources.declared import compiling

_OWN: Final = ("target", "relation", "note")
LINE: Final = "line"
_ALL: Final = (*RELATIONS, LEFT_OUT)

Specificity = tuple[int, int, int]
"""Exact cells, letters of patterns, regular expressions (negative): the greatest is the most specific."""


@dataclass(frozen=True)
class PatternLine:
    """A line of which a cell is a pattern: one regular expression for each key, for the whole of a text."""

    line: int
    expressions: tuple[str, ...]
    specificity: Specificity


@dataclass(frozen=True)
class CodeTable:
    """A code table.

    Attributes:
        path: the CSV.
        keys: the columns its lines are found by.
        frame: all lines: a ``String`` column per key, then ``target`` (null where left out), ``relation``, ``note``, ``line`` (``UInt32``).
        patterns: the lines of which a cell is a pattern, the most specific first.

    """

    path: Path
    keys: tuple[str, ...]
    frame: pl.DataFrame
    patterns: tuple[PatternLine, ...] = ()

    @property
    def exact(self) -> pl.DataFrame:
        """The lines without a pattern."""
        lines = [pattern.line for pattern in self.patterns]
        return self.frame.filter(~pl.col(LINE).is_in(lines)) if lines else self.frame


@dataclass(frozen=True)
class Matched:
    """What a table makes of texts.

    Attributes:
        lines: for each combination of texts ``target``, ``relation`` (``Int8``, its rank; null where no line fits) ``note``, and ``line``.
        ambiguous: for each, the numbers of two lines that fit equally well and disagree, as a text; else null.

    """

    lines: pl.DataFrame
    ambiguous: pl.Series


def folded(column: pl.Expr) -> pl.Expr:
    """Text as it is compared when case does not matter: lower case, single plain spaces, straight apostrophes."""
    return (
        column.str.replace_all("[\u00a0\u202f\\s]+", " ")
        .str.replace_all("[\u2019\u02bc]", "'")
        .str.strip_chars()
        .str.to_lowercase()
    )


def fold(text: str) -> str:
    """What :func:`folded` does, for one text."""
    return re.sub(r"[\u00a0\u202f\s]+", " ", re.sub("[\u2019\u02bc]", "'", text)).strip().lower()


def match(table: CodeTable, texts: pl.DataFrame, *, ignore_case: bool) -> Matched:
    """The line of a table for each combination of texts, in the order of ``texts``.

    Args:
        table: the table.
        texts: one ``String`` column for each key, in the order of the keys.
        ignore_case: see :func:`folded`.

    """
    plain = [pl.col(name).fill_null("").str.strip_chars() for name in texts.columns]
    names = [f"key{i}" for i in range(len(plain))]
    asked = texts.select(
        (folded(text) if ignore_case else text).alias(name) for name, text in zip(names, plain, strict=True)
    )
    keys = [pl.col(key).str.strip_chars().str.replace_all(r"\*", "*", literal=True) for key in table.keys]
    ranks = {relation: rank for rank, relation in enumerate(_ALL)}
    exact = table.exact.select(
        *((folded(key) if ignore_case else key).alias(name) for name, key in zip(names, keys, strict=True)), LINE
    ).unique(names, keep="first", maintain_order=True)
    found = asked.join(exact, on=names, how="left", maintain_order="left")[LINE]
    ambiguous = pl.Series([None], dtype=pl.String).new_from_index(0, asked.height)
    if table.patterns:
        found, ambiguous = _by_pattern(table, asked, found, ignore_case=ignore_case)
    lines = (
        found.to_frame()
        .join(table.frame, on=LINE, how="left", maintain_order="left")
        .select("target", pl.col("relation").replace_strict(ranks, default=None, return_dtype=pl.Int8), "note", LINE)
    )
    return Matched(lines, ambiguous)


def _by_pattern(
    table: CodeTable, asked: pl.DataFrame, found: pl.Series, *, ignore_case: bool
) -> tuple[pl.Series, pl.Series]:
    """The lines found, and those where two disagree, once the pattern lines have had their turn, the most specific first."""
    outcomes = {row[0]: row[1:] for row in table.frame.select(LINE, "target", "relation", "note").iter_rows()}
    flag = "(?i)" if ignore_case else ""
    frame = asked.with_columns(
        found.alias("found"), pl.lit(None, dtype=pl.String).alias("twice"), pl.lit(None, dtype=pl.UInt32).alias("level")
    )
    levels = {
        specificity: level for level, specificity in enumerate(dict.fromkeys(p.specificity for p in table.patterns))
    }
    for pattern in table.patterns:
        level = levels[pattern.specificity]
        fits = pl.all_horizontal(
            pl.col(f"key{i}").str.contains(flag + expression) for i, expression in enumerate(pattern.expressions)
        )
        other = [line for line, outcome in outcomes.items() if outcome != outcomes[pattern.line]]
        disagrees = fits & (pl.col("level") == level) & pl.col("found").is_in(other)
        two = pl.format(f"{{}} and {pattern.line}", pl.col("found"))
        frame = frame.with_columns(
            pl.when(disagrees).then(two).otherwise("twice").alias("twice"),
            pl.when(fits & pl.col("found").is_null()).then(level).otherwise("level").cast(pl.UInt32).alias("level"),
            pl.when(fits & pl.col("found").is_null())
            .then(pattern.line)
            .otherwise("found")
            .cast(pl.UInt32)
            .alias("found"),
        )
    return frame["found"].alias(LINE), frame["twice"]


def read_code_table(path: Path, columns: tuple[str, ...]) -> tuple[CodeTable | None, list[Problem]]:
    """The table for rules taking from ``columns`` (one: the CSV calls it ``source``), with what is wrong in it."""
    read, problems = read_lines(path, unreadable="unreadable-code-table")
    if read is None:
        return None, problems
    keys = ("source",) if len(columns) == 1 else columns
    expected = (*keys, *_OWN)
    if read.header != expected:
        what = f"the header is {','.join(read.header)!r}, not {','.join(expected)!r}"
        return None, [Problem("wrong-code-table", what, read.where(1), remedy=f"write {','.join(expected)}")]
    seen: dict[tuple[str, ...], int] = {}
    for number, row in read.lines:
        problems += _line_problems(row, expected, read.where(number))
        key = tuple(row[: len(keys)])
        if key in seen:
            what = f"{', '.join(map(repr, key))} stands on line {seen[key]} already"
            problems.append(Problem("duplicate-code", what, read.where(number), value=" / ".join(key)))
        seen.setdefault(key, number)
    if problems:
        return None, problems
    patterns, problems = _pattern_lines(read, len(keys))
    frame = pl.DataFrame(
        [(*row, number) for number, row in read.lines],
        schema={**dict.fromkeys(expected, pl.String), LINE: pl.UInt32},
        orient="row",
    ).with_columns(pl.col("target").replace("", None), pl.col("note").replace("", None))
    return (None if problems else CodeTable(path, keys, frame, patterns)), problems


def _line_problems(row: tuple[str, ...], expected: tuple[str, ...], where: Where) -> list[Problem]:
    if len(row) != len(expected):
        what = f"{len(row)} fields, not {len(expected)}"
        remedy = "put a text with a comma in quotes" if len(row) > len(expected) else "write the commas that lack"
        return [Problem("wrong-code-table", what, where, value=",".join(row)[:80], remedy=remedy)]
    target, relation, note = row[-3:]
    if relation not in _ALL:
        return [
            Problem(
                "wrong-relation", f"{relation!r} is no relation", where, value=relation, remedy=nearest(relation, _ALL)
            )
        ]
    if relation == LEFT_OUT and (target or not note):
        return [Problem("wrong-code-table", "what is left out has no target, and its note is the reason", where)]
    if relation != LEFT_OUT and not target:
        return [Problem("wrong-code-table", "no target", where, remedy="give one, or leave the code out with a reason")]
    return []


def _pattern_lines(read: Lines, keys: int) -> tuple[tuple[PatternLine, ...], list[Problem]]:
    found, problems = [], []
    for number, row in read.lines:
        cells = row[:keys]
        if not any(map(is_pattern, cells)):
            continue
        try:
            expressions = tuple(compiling(expression_of(cell)) for cell in cells)
        except ValueError as error:
            problems.append(Problem("wrong-code-table", str(error), read.where(number), value=" / ".join(cells)))
            continue
        found.append(PatternLine(number, expressions, _specificity(cells)))
    found.sort(key=lambda line: (line.specificity, -line.line), reverse=True)
    return tuple(found), problems


def is_pattern(cell: str) -> bool:
    """Whether a cell of a table stands for more than its own text."""
    return _is_expression(cell) or "*" in cell.replace(r"\*", "")


def _is_expression(cell: str) -> bool:
    return len(cell) > 2 and cell[0] == cell[-1] == "/"


def expression_of(cell: str) -> str:
    """The regular expression the whole of a text must fit to fit a cell."""
    if _is_expression(cell):
        return f"^(?:{cell[1:-1]})$"
    parts = re.split(r"(?<!\\)\*", cell)
    return "^" + ".*".join(re.escape(part.replace(r"\*", "*")) for part in parts) + "$"


def _specificity(cells: tuple[str, ...]) -> Specificity:
    patterns = [cell for cell in cells if is_pattern(cell) and not _is_expression(cell)]
    return (
        sum(not is_pattern(cell) for cell in cells),
        sum(len(cell) - cell.count("*") for cell in patterns),
        -sum(map(_is_expression, cells)),
    )

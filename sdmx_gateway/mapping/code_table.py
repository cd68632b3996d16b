"""Code tables: ``codes/*.csv``, from what a source says to the codes of a component, each line with its relation."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.mapping.spec import LEFT_OUT, RELATIONS

_OWN: Final = ("target", "relation", "note")


@dataclass(frozen=True)
class CodeTable:
    """A code table. ``frame``: a ``String`` column per name in ``keys``, then ``target`` (null where left out), ``relation``, ``note``."""

    path: Path
    keys: tuple[str, ...]
    frame: pl.DataFrame


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


def read_code_table(path: Path, columns: tuple[str, ...]) -> tuple[CodeTable | None, list[Problem]]:
    """The table for rules taking from ``columns`` (one: the CSV calls it ``source``), with what is wrong in it."""
    name = _shown(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
    except (OSError, UnicodeDecodeError) as error:
        return None, [Problem("unreadable-code-table", f"the code table cannot be read: {error}", Where(file=name))]
    header = rows[0] if rows else []
    keys = ("source",) if len(columns) == 1 else columns
    expected = [*keys, *_OWN]
    if header != expected:
        what = f"the header is {','.join(header)!r}, not {','.join(expected)!r}"
        return None, [Problem("wrong-code-table", what, Where(file=name, row=1))]
    problems: list[Problem] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows[1:], 2):
        problems += _line_problems(row, expected, Where(file=name, row=number))
        key = tuple(row[: len(keys)])
        if key in seen:
            problems.append(
                Problem("duplicate-code", f"{key} stands on line {seen[key]} already", Where(file=name, row=number))
            )
        seen[key] = number
    if problems:
        return None, problems
    schema = dict.fromkeys(expected, pl.String)
    frame = pl.DataFrame(rows[1:], schema=schema, orient="row").with_columns(
        pl.col("target").replace("", None), pl.col("note").replace("", None)
    )
    return CodeTable(path, keys, frame), []


def _line_problems(row: list[str], expected: list[str], where: Where) -> list[Problem]:
    if len(row) != len(expected):
        return [Problem("wrong-code-table", f"{len(row)} fields, not {len(expected)}", where, value=",".join(row)[:80])]
    target, relation, note = row[-3:]
    if relation not in {*RELATIONS, LEFT_OUT}:
        allowed = ", ".join((*RELATIONS, LEFT_OUT))
        return [
            Problem("wrong-relation", f"{relation!r} is no relation", where, value=relation, remedy=f"one of {allowed}")
        ]
    if relation == LEFT_OUT and (target or not note):
        return [Problem("wrong-code-table", "what is left out has no target, and its note is the reason", where)]
    if relation != LEFT_OUT and not target:
        return [Problem("wrong-code-table", "no target", where, remedy="give one, or leave the code out with a reason")]
    return []


def _shown(path: Path) -> str:
    return "/".join(path.parts[-4:])

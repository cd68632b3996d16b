"""CSV tables of a module: read whole, every line with its number, what is wrong told line by line."""

from __future__ import annotations

import csv
import difflib
from dataclasses import dataclass
from pathlib import Path

from sdmx_gateway.errors import Problem, Where


@dataclass(frozen=True)
class Lines:
    """A CSV as read: its header and its lines, each with the number an editor gives it."""

    name: str
    header: tuple[str, ...]
    lines: tuple[tuple[int, tuple[str, ...]], ...]

    def where(self, line: int) -> Where:
        """The place of a line."""
        return Where(file=self.name, row=line)


def read_lines(path: Path, *, unreadable: str) -> tuple[Lines | None, list[Problem]]:
    """The CSV at ``path``, UTF-8 with or without a BOM; blank lines are passed over.

    Args:
        path: the file.
        unreadable: code of the problem where it cannot be read.

    """
    name = shown(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            rows = [(reader.line_num, tuple(row)) for row in reader if row]
    except FileNotFoundError:
        return None, [_not_there(path, name, unreadable)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        what = f"the table cannot be read: {error}"
        return None, [Problem(unreadable, what, Where(file=name), remedy="save it as a CSV in UTF-8")]
    header = rows[0][1] if rows else ()
    return Lines(name, header, tuple(rows[1:])), []


def _not_there(path: Path, name: str, code: str) -> Problem:
    held = sorted(file.name for file in path.parent.glob("*.csv")) if path.parent.is_dir() else []
    near = difflib.get_close_matches(path.name, held, n=1)
    remedy = f"did you mean {near[0]!r}?" if near else f"its folder holds {', '.join(held) or 'no table'}"
    return Problem(code, "the table is not there", Where(file=name), value=path.name, remedy=remedy)


def nearest(word: str, known: list[str] | tuple[str, ...]) -> str:
    """What to do about a word nobody knows: the nearest one that is known, or all of them."""
    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"one of {', '.join(known)}"


def shown(path: Path) -> str:
    """A table's path as problems give it: from the group of its module on."""
    return "/".join(path.parts[-4:])

"""What the command line prints: text for people, JSON for machines, and the same facts in both."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text as Styled

from sdmx_gateway.structures.model import Text, Urn

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines instead of text.")]
NARROW = "\u202f"


def figure(number: float | None) -> str:
    """A figure as French and English readers both read it: thin spaces between thousands.

    >>> figure(12928).replace(NARROW, " ")
    '12 928'
    """
    if number is None:
        return "–"
    text = f"{number:,}" if isinstance(number, int) else f"{number:,.6g}"
    return text.replace(",", NARROW)


def percent(part: float | None) -> str:
    """A share of 1 as a percentage."""
    return "–" if part is None else f"{part:.1%}".replace("%", f"{NARROW}%")


def plain(value: Any) -> Any:
    """A value in the terms of JSON."""
    if isinstance(value, Urn):
        return value.short
    if isinstance(value, Text):
        return dict(value)
    if hasattr(value, "as_dict"):
        return value.as_dict()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    return value


def show(value: Any, *, as_json: bool, text: Callable[[], None]) -> None:
    """Print ``value`` as JSON, or run ``text`` to print it for people."""
    if as_json:
        print_json(value)
    else:
        text()


def print_json(value: Any) -> None:
    """Print a value as one JSON document on standard output."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = ()) -> None:
    """Print a plain table; the columns named in ``right``, and numbers, are aligned to the right. Nothing is wrapped or cut."""
    body = [tuple(row) for row in rows]
    cells = [tuple(_cell(value) for value in row) for row in body]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    numeric = {i for row in body for i, value in enumerate(row) if isinstance(value, int | float)}
    flush = {i for i, head in enumerate(heads) if head in right} | numeric

    def aligned(row: Sequence[str]) -> str:
        padded = (c.rjust(w) if i in flush else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True)))
        return "  ".join(padded).rstrip()

    line(aligned(heads), "bold")
    for row in cells:
        line(aligned(row))


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return figure(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def line(text: str, style: str | None = None) -> None:
    """Print one line as it is, whatever brackets are in it."""
    out.print(Styled(text, style=style or ""))

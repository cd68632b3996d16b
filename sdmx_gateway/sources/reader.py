"""From a path to a raw table: recognise the family, open the bytes, read them, give the columns their logical names."""

from __future__ import annotations

import difflib
import gzip
import hashlib
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import polars as pl

from sdmx_gateway.errors import Problem, SourceRejected, Where
from sdmx_gateway.sources.delimited import read_delimited
from sdmx_gateway.sources.family import SourceFamily, Workbook
from sdmx_gateway.sources.raw_table import FILE, ROW, RawTable
from sdmx_gateway.sources.workbook import read_workbook

MAX_BYTES: Final = 2 << 30
"""Largest expanded file read: the communal base is 0.6 GB; beyond 2 GB something is wrong."""


def recognise(path: Path, families: Iterable[SourceFamily]) -> SourceFamily:
    """The family whose file names include this one.

    Raises:
        SourceRejected: none does.

    """
    known = list(families)
    for family in known:
        if family.claims(path.name):
            return family
    patterns = sorted(pattern for family in known for pattern in family.files)
    raise SourceRejected(
        f"{path.name} belongs to no family of this module",
        [
            Problem(
                "unknown-family",
                f"the name fits none of {', '.join(patterns)}",
                Where(file=path.name),
                remedy="give the file its published name, or add a pattern to `files` of the source it belongs to",
            )
        ],
    )


def read_source(path: Path, family: SourceFamily) -> RawTable:
    """The raw table of one file.

    Raises:
        SourceRejected: the file cannot be read as its family declares; every problem found is in it.

    """
    name = path.name
    packed, data = _open(path)
    says = dict(family.edition_of(name))
    problems: tuple[Problem, ...] = ()
    if isinstance(family.format, Workbook):
        assert family.crosstab is not None
        frame = read_workbook(data, family.format, family.crosstab, name)
    else:
        frame, problems = _logical(read_delimited(data, family.format, name), family, name)
    if "edition" not in says:
        problems = (
            *problems,
            Problem(
                "unknown-edition",
                "the file name does not say which edition it is",
                Where(file=name),
                remedy=f'add "{name.removesuffix(".gz")}" = {{ edition = "…" }} to known_editions of {family.family}',
            ),
        )
    sayings = [pl.lit(text).alias(f"@{key}") for key, text in says.items()]
    return RawTable(
        name=name,
        sha256=hashlib.sha256(packed).hexdigest(),
        family=family.family,
        edition=says.get("edition", ""),
        decimal=family.format.decimal,
        frame=frame.with_columns(pl.lit(name).alias(FILE), *sayings),
        says=says,
        problems=problems,
    )


def _open(path: Path) -> tuple[bytes, bytes]:
    try:
        packed = path.read_bytes()
        if path.suffix != ".gz":
            return packed, packed
        with gzip.open(path) as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        problem = Problem("no-such-file", "there is no such file", Where(file=str(path)))
        raise SourceRejected(f"{path} is not there", [problem]) from error
    except (OSError, EOFError, zlib.error) as error:
        problem = Problem("unreadable", str(error), Where(file=path.name), remedy="fetch the file again")
        raise SourceRejected(f"{path.name} cannot be opened", [problem]) from error
    if len(data) > MAX_BYTES:
        problem = Problem("too-large", f"the file expands to more than {MAX_BYTES:,} bytes", Where(file=path.name))
        raise SourceRejected(f"{path.name} is too large", [problem])
    return packed, data


def _logical(frame: pl.DataFrame, family: SourceFamily, name: str) -> tuple[pl.DataFrame, tuple[Problem, ...]]:
    headings = [heading for heading in frame.columns if heading != ROW]
    found: dict[str, str] = {}
    missing = []
    for logical, spellings in family.columns.items():
        present = [spelling for spelling in spellings if spelling in headings]
        if present:
            found[logical] = present[0]
        elif logical not in family.optional:
            missing.append((logical, spellings))
    known = {spelling for spellings in family.columns.values() for spelling in spellings}
    known |= {column for unused in family.unused for column in unused.columns}
    where = Where(file=name, row=1)
    problems = [
        Problem(
            "unknown-column",
            f"the column {heading!r} is not declared",
            where,
            value=heading,
            rows=frame.height,
            remedy=f"add it to `columns` or, with the reason, to `unused` of the source {family.family}{_nearest(heading, known)}",
        )
        for heading in headings
        if heading not in known
    ]
    if missing:
        problems += [
            Problem(
                "missing-column",
                f"no column for {logical!r}: none of {', '.join(map(repr, spellings))} is in the header",
                where,
                value="; ".join(headings),
                remedy=f"add the new spelling to columns.{logical} of the source {family.family}",
            )
            for logical, spellings in missing
        ]
        raise SourceRejected(f"{name} does not have the columns of {family.family}", problems)
    return frame.select([ROW, *(pl.col(spelling).alias(logical) for logical, spelling in found.items())]), tuple(
        problems
    )


def _nearest(heading: str, known: set[str]) -> str:
    near = difflib.get_close_matches(heading, known, n=1, cutoff=0.7)
    return f" (it is near {near[0]!r})" if near else ""

"""SDMX-CSV 1.0 and 2.0, read by columns, with everything that is wrong at once.

Columns may come in any order (2.0 field guide, Columns). Both guides allow columns of one's own; here they are refused, because a
misnamed component would be taken for one and its values lost. Options (labels, key) are read as far as the
key columns; names in place of codes are not.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from sdmx_gateway.errors import MessageRejected, Problem, Where
from sdmx_gateway.formats.action import READABLE_LETTERS
from sdmx_gateway.formats.assembly import assemble, unknown_components
from sdmx_gateway.formats.csv_fields import Header, decoded, field_problems, read_header
from sdmx_gateway.formats.references import Meaning, resolve
from sdmx_gateway.observations import Dataset
from sdmx_gateway.structures import Catalogue, Kind

_KINDS = {"dataflow": Kind.DATAFLOW, "datastructure": Kind.DATA_STRUCTURE}


def read_csv(data: bytes, catalogue: Catalogue) -> Dataset:
    """Read an SDMX-CSV message of version 1.0 or 2.0.

    Raises:
        MessageRejected: it is none, or does not fit the dataflow it names; every problem is listed with its record
            (1-based, header included).
    """
    text, problems = decoded(data)
    header, wrong = read_header(text.split("\n", 1)[0].rstrip("\r")) if text or not problems else (None, [])
    problems += wrong
    if header is None:
        raise MessageRejected("this is no SDMX-CSV message", problems)
    problems += field_problems(text, header)
    if problems:
        raise MessageRejected("this SDMX-CSV message is not well-formed", problems)
    table = _table(text, header)
    meaning = _meaning(table, header, catalogue, problems)
    if meaning is None:
        raise MessageRejected("this SDMX-CSV message cannot be understood", problems)
    problems += _actions(table, header)
    problems += unknown_components(dict.fromkeys(header.components, 1), meaning.structure)
    known = [name for name in header.components if name in meaning.structure.components]
    raw = table.select(_values(name, header) for name in known)
    return assemble(raw, meaning, problems, lambda row: row + 2)


def _table(text: str, header: Header) -> pl.DataFrame:
    body = text.partition("\n")[2]
    schema = dict.fromkeys(header.columns, pl.String())
    if not body:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(
        body.encode(), has_header=False, schema=schema, separator=header.separator, quote_char='"', encoding="utf8"
    )


def _values(name: str, header: Header) -> pl.Expr:
    if name not in header.many:
        return pl.col(name)
    return pl.when(pl.col(name) != "").then(pl.col(name).str.split(header.within or "")).alias(name)


def _meaning(table: pl.DataFrame, header: Header, catalogue: Catalogue, problems: list[Problem]) -> Meaning | None:
    """What the one structure is that every record names; without records nothing says so."""
    if header.term == "DATAFLOW":
        named = table.select(kind=pl.lit("dataflow"), id="DATAFLOW")
    else:
        named = table.select(kind="STRUCTURE", id="STRUCTURE_ID")
    distinct = named.with_row_index("row").group_by("kind", "id", maintain_order=True).agg(pl.first("row"), pl.len())
    if distinct.height != 1:
        problems.extend(_several(distinct))
        return None
    kind, reference = distinct.row(0)[:2]
    if kind not in _KINDS or not reference:
        what = f"the message is of a {kind!r} called {reference!r}"
        why = "only a dataflow or a data structure can be read"
        problems.append(Problem("unknown-dataflow", what, Where(row=2), why=why))
        return None
    meaning = resolve(reference, _KINDS[kind], catalogue)
    if isinstance(meaning, Problem):
        problems.append(meaning)
        return None
    return meaning


def _several(distinct: pl.DataFrame) -> Iterator[Problem]:
    if distinct.is_empty():
        yield Problem("no-observations", "the message has a header and nothing else", Where(row=1))
    for kind, reference, row, times in distinct.iter_rows():
        yield Problem(
            "several-dataflows",
            f"{times} records are of the {kind} {reference}",
            Where(row=row + 2),
            why="one message is read into one dataset",
            remedy="send one message for each dataflow",
            rows=times,
        )


def _actions(table: pl.DataFrame, header: Header) -> Iterator[Problem]:
    if "ACTION" not in header.columns:
        return
    wrong = table.with_row_index("row").filter(~pl.col("ACTION").is_in(list(READABLE_LETTERS)))
    for letter, row, times in wrong.group_by("ACTION", maintain_order=True).agg(pl.first("row"), pl.len()).iter_rows():
        yield Problem(
            "unsupported-action",
            f"the action is {letter!r}",
            Where(row=row + 2, column="ACTION"),
            why=f"a table can be made of the actions {', '.join(sorted(READABLE_LETTERS))}",
            value=letter,
            rows=times,
        )

"""Reference tables: columns a source does not have, taken by a key: the département of a commune, the continent of a country.

A reference is a CSV of the module, or a representation map of the structures, whose columns are called ``source`` and ``target``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.mapping.spec import Join
from sdmx_gateway.mapping.tabular import nearest, read_lines
from sdmx_gateway.structures import Catalogue, Kind, Urn
from sdmx_gateway.structures.model import RepresentationMap


@dataclass(frozen=True)
class ReferenceTable:
    """A reference table: ``frame`` has a ``String`` column for each column it has, as written."""

    name: str
    frame: pl.DataFrame

    def taken(self, keys: pl.DataFrame, join: Join) -> pl.DataFrame:
        """What a join takes for each combination of keys, and ``found``: whether the table has it.

        Args:
            keys: one ``String`` column for each key of the join, in its order.
            join: the join.

        """
        lines = self.frame.select(
            *(pl.col(key).str.strip_chars().alias(f"key{i}") for i, key in enumerate(join.on.values())),
            *(pl.col(column).alias(f"taken{i}") for i, column in enumerate(join.take.values())),
            pl.lit(value=True).alias("found"),
        ).unique()
        on = [f"key{i}" for i in range(len(join.on))]
        asked = keys.select(pl.col(name).str.strip_chars().alias(f"key{i}") for i, name in enumerate(keys.columns))
        found = asked.join(lines, on=on, how="left", maintain_order="left").drop(on)
        return found.with_columns(pl.col("found").fill_null(value=False))


def read_reference_table(path: Path) -> tuple[ReferenceTable | None, list[Problem]]:
    """The CSV at ``path``, with what is wrong in it."""
    read, problems = read_lines(path, unreadable="unreadable-reference-table")
    if read is None:
        return None, problems
    problems = [
        Problem("wrong-reference-table", f"{len(row)} fields, not {len(read.header)}", read.where(number))
        for number, row in read.lines
        if len(row) != len(read.header)
    ]
    if len(set(read.header)) != len(read.header):
        problems.append(Problem("wrong-reference-table", "a heading stands more than once", read.where(1)))
    if problems:
        return None, problems
    rows = [row for _, row in read.lines]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(read.header, pl.String), orient="row")
    return ReferenceTable(read.name, frame), []


def reference_map(urn: Urn, catalogue: Catalogue) -> ReferenceTable:
    """A representation map as a reference table.

    Raises:
        UnknownArtefact: it is not held.

    """
    held = catalogue.get(urn)
    assert isinstance(held, RepresentationMap)
    names = (*_numbered("source", len(held.sources)), *_numbered("target", len(held.targets)))
    rows = [
        (*(value.value for value in mapping.sources), *mapping.targets)
        for mapping in held.mappings
        if len(mapping.targets) == len(held.targets)
    ]
    return ReferenceTable(urn.short, pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row"))


def _numbered(name: str, count: int) -> tuple[str, ...]:
    return (name,) if count == 1 else tuple(f"{name}{i}" for i in range(1, count + 1))


def join_problems(join: Join, table: ReferenceTable, where: Where) -> list[Problem]:
    """What a join asks of a table that the table does not have, and keys that stand in it twice with different answers."""
    columns = tuple(table.frame.columns)
    problems = [
        Problem(
            "unknown-reference-column",
            f"{table.name} has no column {name!r}",
            where,
            value=name,
            remedy=nearest(name, columns),
        )
        for name in (*join.on.values(), *join.take.values())
        if name not in columns
    ]
    if problems:
        return problems
    lines = table.frame.select(list(dict.fromkeys((*join.on.values(), *join.take.values())))).unique()
    twice = lines.filter(pl.struct(list(join.on.values())).is_duplicated()).sort(list(join.on.values()))
    if twice.height:
        key = " / ".join(map(str, twice.select(list(join.on.values())).row(0)))
        what = f"{table.name} has {key!r} more than once, with different answers"
        remedy = "join on one more column, the year of the table for one"
        problems.append(Problem("ambiguous-reference", what, where, value=key, rows=twice.height, remedy=remedy))
    return problems


def urn_of(join: Join) -> Urn:
    """The representation map a join names."""
    assert join.map is not None
    return Urn.short_form(Kind.REPRESENTATION_MAP, join.map)

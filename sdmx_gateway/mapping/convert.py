"""A conversion: the source tables of one edition become one dataset, or every reason why not.

The way, in order: each table through its rules; the guards; complete sets; rows of one key combined; aggregates along code lists;
the data structure's form. Problems of every table are gathered before anything is refused, and then all of it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from sdmx_gateway.errors import MappingError, Problem, SourceRejected, Where
from sdmx_gateway.mapping.combine import PARTS, WORST, combine, complete_sets, guard
from sdmx_gateway.mapping.component import MappedTable, map_table
from sdmx_gateway.mapping.module import FILE, Module
from sdmx_gateway.mapping.rollup import roll_up
from sdmx_gateway.mapping.spec import RELATIONS
from sdmx_gateway.mapping.table import RELATION, VALUE, LeftOut, SourceTable
from sdmx_gateway.observations import Dataset
from sdmx_gateway.structures import Catalogue
from sdmx_gateway.structures.model import Attachment, DataStructure


@dataclass(frozen=True)
class Conversion:
    """What became of one edition.

    Attributes:
        module: the module applied.
        edition: the edition converted; for a module that accumulates, the newest of its sources.
        dataset: the observations.
        tables: what was read, in order.
        left_out: what was left out, how much, and why.
        contributions: the mapped rows before anything was summed, with their places (see ``mapping.table``).
        fingerprint: sha256 over everything the result follows from: sources, module, structure.

    """

    module: Module
    edition: str
    dataset: Dataset
    tables: tuple[SourceTable, ...]
    left_out: tuple[LeftOut, ...]
    contributions: pl.DataFrame
    fingerprint: str

    @property
    def rows(self) -> int:
        """How many rows or cells were read."""
        return sum(table.frame.height for table in self.tables)

    @property
    def coverage(self) -> pl.DataFrame:
        """How well the source fits the target: ``TIME_PERIOD``, ``relation``, ``rows``, ``value``; what is left out is in ``left_out``."""
        relations = [c for c in self.contributions.columns if c.startswith(RELATION)]
        worst = pl.max_horizontal(relations).fill_null(0) if relations else pl.lit(0)
        names = pl.Enum(RELATIONS)
        return (
            self.contributions.with_columns(worst.cast(pl.UInt32).alias("relation"))
            .group_by("TIME_PERIOD", "relation")
            .agg(pl.len().alias("rows"), pl.col(VALUE).sum().alias("value"))
            .with_columns(pl.col("relation").replace_strict(dict(enumerate(RELATIONS)), return_dtype=names))
            .sort("TIME_PERIOD", "relation")
        )

    @property
    def shares(self) -> dict[str, float]:
        """What part of the mapped total each relation carries, best fit first; empty when there is no total."""
        by_relation = (
            self.coverage.group_by("relation").agg(pl.col("value").cast(pl.Float64).abs().sum()).sort("relation")
        )
        total = by_relation["value"].sum()
        return {r: v / total for r, v in by_relation.iter_rows()} if total else {}


def fingerprint(module: Module, tables: Sequence[SourceTable], structure: DataStructure) -> str:
    """sha256 over the names and digests of the sources, the module and the structure."""
    return fingerprint_of(module, [(table.name, table.sha256) for table in tables], structure)


def fingerprint_of(module: Module, sources: Sequence[tuple[str, str]], structure: DataStructure) -> str:
    """The same from names and digests alone, before anything is read."""
    parts = [module.digest, repr(structure), *(f"{name}\0{digest}" for name, digest in sorted(sources))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def convert(module: Module, tables: Sequence[SourceTable], catalogue: Catalogue) -> Conversion:
    """The dataset of one edition.

    Raises:
        SourceRejected: anything does not fit; every problem of every table is in it.
        MappingError: the module does not say all its target needs.

    """
    dataflow = catalogue.dataflow(module.spec.module.urn)
    structure = catalogue.structure_of(dataflow)
    _check_rules(module, structure)
    mapped = [map_table(table, module, structure) for table in tables]
    contributions = pl.concat([m.frame for m in mapped], how="diagonal_relaxed")
    problems = [problem for m in mapped for problem in m.problems]
    problems += _without_period(mapped)
    if not problems:
        problems = guard(contributions, module.spec.guard)
    _refuse(module, tables, problems)
    dimensions = [d.id for d in structure.dimensions]
    contributions, lacking = complete_sets(contributions, module.spec.complete, dimensions)
    combined, problems = combine(contributions, module.spec, structure)
    _refuse(module, tables, problems)
    for rollup in module.spec.rollup:
        codelist = catalogue.codelist_of(structure.components[rollup.dimension])
        if codelist is None:
            raise MappingError(
                f"{rollup.dimension} has no code list to roll up along", where=Where(file=f"{module.name}/{FILE}")
            )
        combined = roll_up(combined, rollup, codelist, structure)
    frame = _one_saying(combined.drop(WORST, PARTS), structure)
    return Conversion(
        module=module,
        edition=max((table.edition for table in tables), default=""),
        dataset=Dataset.of(dataflow, structure, frame),
        tables=tuple(tables),
        left_out=(*(item for m in mapped for item in m.left_out), *lacking),
        contributions=contributions,
        fingerprint=fingerprint(module, tables, structure),
    )


def _check_rules(module: Module, structure: DataStructure) -> None:
    needed = [d.id for d in structure.dimensions] + [m.id for m in structure.measures]
    needed += [a.id for a in structure.attributes if a.mandatory]
    where = Where(file=f"{module.name}/{FILE}")
    problems = []
    for source in module.spec.source:
        rules = module.spec.rules_for(source)
        name = getattr(source, "family", None) or getattr(source, "dataflow", "")
        problems += [
            Problem("missing-rule", f"no rule gives {c}, for the source {name}", where, value=c)
            for c in needed
            if c not in rules
        ]
        problems += [
            Problem("unknown-component", f"{c} is no component of {structure.urn.short}", where, value=c)
            for c in rules
            if c not in structure.components
        ]
    if problems:
        raise SourceRejected(f"{module.name} does not fit its target", problems)


def _refuse(module: Module, tables: Sequence[SourceTable], problems: list[Problem]) -> None:
    if problems:
        names = ", ".join(table.name for table in tables)
        raise SourceRejected(f"{names} cannot be converted by {module.name}", problems)


def _without_period(mapped: Sequence[MappedTable]) -> list[Problem]:
    return [
        Problem(
            "no-rows",
            f"nothing of {m.table.name} is left to convert",
            Where(file=m.table.name),
            remedy="is it the right file?",
        )
        for m in mapped
        if m.frame.is_empty() and not m.problems
    ]


def _one_saying(frame: pl.DataFrame, structure: DataStructure) -> pl.DataFrame:
    """Dataset-level attributes made one value down the whole frame: the different ones joined."""
    names = [a.id for a in structure.attributes_at(Attachment.DATASET) if a.id in frame.columns]
    values = {
        n: "; ".join(sorted({part for text in frame[n].drop_nulls().unique() for part in text.split("; ")}))
        for n in names
    }
    return frame.with_columns(pl.lit(text or None, dtype=pl.String).alias(name) for name, text in values.items())

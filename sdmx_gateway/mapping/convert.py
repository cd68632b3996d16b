"""A conversion: the source tables of one edition become one dataset, or every reason why not.

The way, in order: each table through its rules; the guards; complete sets; rows of one key combined; sums and differences derived;
aggregates along code lists; ratios derived; breaks and notes; the data structure's form. Problems of every table are gathered before
anything is refused, and then all of it is. Neither the order of the rows nor that of the files changes the dataset.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import polars as pl

from sdmx_gateway.errors import MappingError, Problem, SourceRejected, StructureError, Where
from sdmx_gateway.mapping.coded import together
from sdmx_gateway.mapping.combine import PARTS, WORST, combine, complete_sets, guard, worst_of
from sdmx_gateway.mapping.component import MappedTable, map_table
from sdmx_gateway.mapping.derive import derive
from sdmx_gateway.mapping.marks import mark_break, mark_note
from sdmx_gateway.mapping.module import Module
from sdmx_gateway.mapping.numbers import float_of
from sdmx_gateway.mapping.reference_table import ReferenceTable, join_problems, reference_map, urn_of
from sdmx_gateway.mapping.rollup import roll_up, undeclared
from sdmx_gateway.mapping.spec import LEFT_OUT, RELATIONS
from sdmx_gateway.mapping.table import VALUE, LeftOut, SourceTable
from sdmx_gateway.mapping.tabular import nearest
from sdmx_gateway.observations import Dataset
from sdmx_gateway.observations.dataset import column_type
from sdmx_gateway.structures import Catalogue
from sdmx_gateway.structures.model import Attachment, DataStructure

COVERAGE: Final = (*RELATIONS, LEFT_OUT)
"""How well a row may fit, the best first."""


@dataclass(frozen=True)
class Conversion:
    """What became of one edition.

    Attributes:
        module: the module applied.
        edition: the edition converted; for a module that accumulates, the newest of its sources.
        dataset: the observations.
        tables: what was read, in order.
        left_out: what was left out, how much, and why.
        coverage: how well what is mapped fits: ``TIME_PERIOD``, ``relation``, ``rows``, ``value``.
        fingerprint: sha256 over everything the result follows from: sources, module, structure.
        notes: what is worth knowing and keeps nobody from anything: published totals that are not the sum of their parts.

    """

    module: Module
    edition: str
    dataset: Dataset
    tables: tuple[SourceTable, ...]
    left_out: tuple[LeftOut, ...]
    coverage: pl.DataFrame
    fingerprint: str
    notes: tuple[Problem, ...] = ()
    _map_again: Callable[[], pl.DataFrame] = field(repr=False, compare=False, kw_only=True)

    @property
    def rows(self) -> int:
        """How many rows or cells were read."""
        return sum(table.frame.height for table in self.tables)

    @cached_property
    def contributions(self) -> pl.DataFrame:
        """The mapped rows before anything was summed, with their places (see ``mapping.table``).

        They are not kept beside the dataset: the tables are mapped again when they are asked for.
        """
        return self._map_again()

    @property
    def shares(self) -> dict[str, float]:
        """What part of the mapped total each relation carries, best fit first; empty when there is no total."""
        by_relation = self.coverage.group_by("relation").agg(pl.col("value").abs().sum()).sort("relation")
        total = by_relation["value"].sum()
        return {r: v / total for r, v in by_relation.iter_rows()} if total else {}

    @property
    def whole_coverage(self) -> pl.DataFrame:
        """The coverage with what is left out: ``TIME_PERIOD`` (empty where not told), ``relation``, ``rows``, ``value``, ``share``.

        The share is that of the period's total, 0 to 1; null where it has none.
        """
        left = [(period, LEFT_OUT, rows, value) for item in self.left_out for period, rows, value in item.by_period]
        schema = {"TIME_PERIOD": pl.String, "relation": pl.String, "rows": pl.Int64, "value": pl.Float64}
        both = pl.concat(
            [self.coverage.cast(schema), pl.DataFrame(left, schema=schema, orient="row")]  # type: ignore[arg-type]
        )
        total = pl.col("value").sum().over("TIME_PERIOD")
        return (
            both.group_by("TIME_PERIOD", "relation")
            .agg(pl.col("rows").sum(), pl.col("value").sum())
            .with_columns(pl.when(total != 0).then(pl.col("value") / total).alias("share"))
            .sort("TIME_PERIOD", pl.col("relation").cast(pl.Enum(COVERAGE)))
        )


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
        UnknownArtefact: a reference map is not held.

    """
    dataflow = catalogue.dataflow(module.spec.module.urn)
    structure = catalogue.structure_of(dataflow)
    _check_rules(module, structure)
    tables = sorted(tables, key=lambda table: (table.name, module.spec.source.index(table.declared)))
    references = _references(module, catalogue)
    mapped = [map_table(table, module, structure, references) for table in tables]
    left_out = [item for m in mapped for item in m.left_out]
    problems = [problem for m in mapped for problem in m.problems] + _without_period(mapped)
    rows = together([m.frame for m in mapped]) if not problems else pl.DataFrame()
    del mapped
    _refuse(module, tables, problems or guard(rows, module.spec.guard))
    rows, lacking = complete_sets(rows, module.spec.complete, [d.id for d in structure.dimensions])
    coverage = _coverage(rows)
    combined, problems = combine(rows, module.spec, structure)
    del rows
    _refuse(module, tables, problems)
    combined, notes = _computed(combined, module, structure, catalogue, tables)
    for declared in module.spec.break_:
        combined = mark_break(combined, declared, structure)
    for note in module.spec.note:
        combined = mark_note(combined, note)
    frame = _one_saying(combined.drop(WORST, PARTS), structure)
    return Conversion(
        module=module,
        edition=max((table.edition for table in tables), default=""),
        dataset=Dataset(dataflow, structure, _typed(frame, structure)),
        tables=tuple(tables),
        left_out=(*sorted(left_out, key=lambda item: (item.source, item.what)), *lacking),
        coverage=coverage,
        fingerprint=fingerprint(module, tables, structure),
        notes=tuple(notes),
        _map_again=lambda: _mapped_again(module, tables, structure, references),
    )


def _mapped_again(
    module: Module, tables: Sequence[SourceTable], structure: DataStructure, references: Mapping[str, ReferenceTable]
) -> pl.DataFrame:
    rows = together([map_table(table, module, structure, references).frame for table in tables])
    return complete_sets(rows, module.spec.complete, [d.id for d in structure.dimensions])[0]


def _references(module: Module, catalogue: Catalogue) -> dict[str, ReferenceTable]:
    """The reference tables of the module's joins, those of the structures among them."""
    found = dict(module.references)
    problems: list[Problem] = []
    for number, source in enumerate(module.spec.source):
        for at, join in enumerate(source.join):
            if join.map is not None:
                found[join.map] = reference_map(urn_of(join), catalogue)
                problems += join_problems(join, found[join.map], module.where("source", number, "join", at))
    if problems:
        raise SourceRejected(f"{module.name} joins what its tables do not have", problems)
    return found


def _computed(
    frame: pl.DataFrame,
    module: Module,
    structure: DataStructure,
    catalogue: Catalogue,
    tables: Sequence[SourceTable],
) -> tuple[pl.DataFrame, list[Problem]]:
    """The frame with what is computed from it: sums and differences, aggregates, ratios; and what there is to tell."""
    notes: list[Problem] = []
    spec = module.spec
    for number, declared in enumerate(spec.derive):
        if not declared.ratio:
            frame, problems = derive(frame, declared, structure, module.where("derive", number))
            _refuse(module, tables, problems)
    for number, rollup in enumerate(spec.rollup):
        codelist = catalogue.codelist_of(structure.components[rollup.dimension])
        if codelist is None:
            where = module.where("rollup", number, "dimension")
            raise MappingError(f"{rollup.dimension} has no code list to roll up along", where=where)
        _refuse(module, tables, undeclared(frame, rollup, module.where("rollup", number, "adds_up")))
        frame, found = roll_up(frame, rollup, codelist, structure)
        notes += found
    for number, declared in enumerate(spec.derive):
        if declared.ratio:
            frame, problems = derive(frame, declared, structure, module.where("derive", number))
            _refuse(module, tables, problems)
    return frame, notes


def _coverage(rows: pl.DataFrame) -> pl.DataFrame:
    """``TIME_PERIOD``, ``relation`` (``Enum``, best fit first), ``rows``, ``value`` (``Float64``) of mapped rows."""
    found = (
        rows.select("TIME_PERIOD", VALUE, worst_of(rows).cast(pl.UInt32).alias("relation"))
        .group_by("TIME_PERIOD", "relation")
        .agg(pl.len().alias("rows"), pl.col(VALUE).sum().alias("value"))
    )
    return found.select(
        pl.col("TIME_PERIOD").cast(pl.String),
        pl.col("relation").replace_strict(dict(enumerate(RELATIONS)), return_dtype=pl.Enum(RELATIONS)),
        "rows",
        pl.col("value").cast(pl.Float64),
    ).sort("TIME_PERIOD", "relation")


def _check_rules(module: Module, structure: DataStructure) -> None:
    needed = [d.id for d in structure.dimensions] + [m.id for m in structure.measures]
    needed += [a.id for a in structure.attributes if a.mandatory]
    problems = []
    for number, source in enumerate(module.spec.source):
        rules = module.spec.rules_for(source)
        name = getattr(source, "family", None) or getattr(source, "dataflow", "")
        problems += [
            Problem(
                "missing-rule",
                f"no rule gives {c}, for the source {name}",
                module.where("source", number),
                value=c,
                remedy=f"write {c} = {{ … }} under [components]",
            )
            for c in needed
            if c not in rules
        ]
        problems += [
            Problem(
                "unknown-component",
                f"{c} is no component of {structure.urn.short}",
                module.where_rule(source, c),
                value=c,
                remedy=nearest(c, tuple(structure.components)),
            )
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
        n: "; ".join(sorted({part for text in frame[n].unique().drop_nulls() for part in str(text).split("; ")}))
        for n in names
    }
    return frame.with_columns(pl.lit(text or None, dtype=pl.String).alias(name) for name, text in values.items())


def _typed(frame: pl.DataFrame, structure: DataStructure) -> pl.DataFrame:
    """A frame that is sorted already in the form of :mod:`sdmx_gateway.observations`, column after column.

    Raises:
        StructureError: a value is not of its component's type.

    """
    columns = {}
    for name, component in structure.components.items():
        wanted = column_type(component)
        column = frame[name] if name in frame.columns else pl.Series(name, [None]).new_from_index(0, frame.height)
        if isinstance(column.dtype, pl.Decimal):
            column = float_of(column)
        elif isinstance(column.dtype, pl.Enum) and wanted != pl.String():
            column = column.cast(pl.String)
        columns[name] = _cast(column, wanted, structure)
    return pl.DataFrame(columns)


def _cast(column: pl.Series, wanted: pl.DataType, structure: DataStructure) -> pl.Series:
    what = f"a value of {column.name} does not have the type {structure.urn.short} gives it"
    where = Where(column=column.name)
    try:
        typed = column.cast(wanted)
    except pl.exceptions.InvalidOperationError as error:
        raise StructureError(what, where=where, why=str(error)) from error
    if wanted == pl.Int64() and column.dtype.is_float() and (typed != column).any():
        raise StructureError(what, where=where, why="it has a fraction, and the component holds whole numbers")
    return typed

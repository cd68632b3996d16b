"""Rules applied: from one source table to its components, with everything that does not fit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from sdmx_gateway.errors import Problem
from sdmx_gateway.mapping import values
from sdmx_gateway.mapping.code_table import CodeTable, fold, folded
from sdmx_gateway.mapping.consistency import inconsistent
from sdmx_gateway.mapping.module import Module
from sdmx_gateway.mapping.spec import LEFT_OUT, RELATIONS, LeaveOut, Rule, matches
from sdmx_gateway.mapping.table import (
    MISSING,
    NOTE,
    RELATION,
    SOURCE,
    VALUE,
    LeftOut,
    SourceTable,
    faults,
    fitting,
    share,
    source_column,
)
from sdmx_gateway.structures.model import DataStructure


@dataclass(frozen=True)
class MappedTable:
    """A source table with every component given (see :mod:`sdmx_gateway.mapping.table` for its columns)."""

    table: SourceTable
    frame: pl.DataFrame
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]


def map_table(table: SourceTable, module: Module, structure: DataStructure) -> MappedTable:
    """The table's rows as observations still to be combined; nothing is summed here."""
    rules = module.spec.rules_for(table.declared)
    steps = _Steps(table, module, _in_scope(table))
    steps.problems += inconsistent(table, steps.frame, getattr(table.declared, "rates", ()))
    for measure in structure.measures:
        if measure.id in rules:
            steps.take(measure.id, rules[measure.id])
    steps.mark_missing()
    for leave_out in table.declared.leave_out:
        steps.leave_out(leave_out)
    steps.tell_unread_numbers([m.id for m in structure.measures if m.id in rules], rules)
    direct = [
        c for c, rule in rules.items() if c not in steps.frame.columns and rule.lookup is None and rule.note_of is None
    ]
    for component in direct:
        steps.take(component, rules[component])
    steps.drop_left_out_codes()
    for component in (c for c, rule in rules.items() if rule.lookup is not None or rule.note_of is not None):
        steps.derive(component, rules[component])
    return MappedTable(table, steps.frame, tuple(steps.left), (*table.problems, *steps.problems))


def _in_scope(table: SourceTable) -> pl.DataFrame:
    where: dict[str, tuple[str, ...]] = getattr(table.declared, "where", {})
    return fitting(
        table.working_frame(),
        [pl.col(SOURCE + name).str.contains(matches(patterns)) for name, patterns in where.items()],
    )


class _Steps:
    """The steps of one table, gathering what is left out and what is wrong as they go."""

    def __init__(self, table: SourceTable, module: Module, frame: pl.DataFrame) -> None:
        self._table = table
        self._module = module
        self.frame = frame
        self.left: list[LeftOut] = []
        self.problems: list[Problem] = []

    def take(self, component: str, rule: Rule) -> None:
        """Give ``component`` its column, by whichever way the rule says."""
        columns = tuple(source_column(column) for column in rule.columns)
        absent = [column for column in columns if column not in self.frame.columns]
        if absent:
            self._absent(component, absent)
            self.frame = self.frame.with_columns(pl.lit(None, dtype=pl.String).alias(component))
        elif rule.constant is not None:
            self.frame = self.frame.with_columns(pl.lit(rule.constant).alias(component))
        elif rule.codes is not None:
            self._through_codes(component, rule)
        elif rule.type is not None:
            self.frame = self.frame.with_columns(self._number(columns[0], rule).alias(component))
        else:
            self._through_grammar(component, rule, columns[0])

    def mark_missing(self) -> None:
        """Let lookups see where there is no figure: ``@missing``, true or false."""
        if VALUE in self.frame.columns:
            self.frame = self.frame.with_columns(pl.col(VALUE).is_null().alias(MISSING))

    def _absent(self, component: str, absent: list[str]) -> None:
        names = ", ".join(column.removeprefix(SOURCE) for column in absent)
        self.problems.append(
            Problem(
                "missing-value",
                f"{component} takes from {names}, which {self._table.name} does not say",
                rows=self.frame.height,
            )
        )

    def _number(self, column: str, rule: Rule) -> pl.Expr:
        integer = rule.type == "integer"
        if self.frame.schema[column].is_numeric():
            return pl.col(column).cast(pl.Int64 if integer else pl.Float64)
        text = pl.col(column).fill_null("")
        absent = text.str.strip_chars().is_in(list(rule.missing))
        return pl.when(~absent).then(values.number(text, decimal=self._table.decimal, integer=integer))

    def tell_unread_numbers(self, measures: list[str], rules: Mapping[str, Rule]) -> None:
        """Every text that should be a number and is none, on the rows that are kept."""
        for measure in measures:
            rule = rules[measure]
            column = source_column(rule.columns[0]) if rule.columns else None
            if column is None or column not in self.frame.columns or self.frame.schema[column].is_numeric():
                continue
            absent = pl.col(column).fill_null("").str.strip_chars().is_in(list(rule.missing))
            self.problems += faults(
                self.frame,
                pl.col(measure).is_null() & ~absent,
                rule.columns,
                code="not-a-number",
                what=f"{{value}} is not {'a whole number' if rule.type == 'integer' else 'a number'}",
                remedy="mend the cell, or list the text under `missing` if it stands for an absent figure",
            )

    def leave_out(self, declared: LeaveOut) -> None:
        """Take out the rows a declaration leaves out, remembering how many and why."""
        chosen = pl.all_horizontal(
            pl.col(source_column(name)).fill_null("").is_in(list(texts)) for name, texts in declared.where.items()
        )
        rows = self.frame.filter(chosen)
        if rows.is_empty():
            return
        if declared.expect == "zero":
            self.problems += faults(
                self.frame,
                chosen & (pl.col(VALUE).fill_null(0) != 0),
                tuple(declared.where),
                code="left-out-not-zero",
                what="{value} is left out as always zero, and is not",
                remedy=f"look at the file: {declared.because}",
            )
        what = "; ".join(f"{name} {', '.join(texts)}" for name, texts in declared.where.items())
        self.left.append(LeftOut(self._table.name, what, declared.because, rows.height, share(rows, self.frame)))
        self.frame = self.frame.filter(~chosen)

    def _through_codes(self, component: str, rule: Rule) -> None:
        assert rule.codes is not None
        table = self._module.codes[rule.codes, ("source",) if len(rule.columns) == 1 else rule.columns]
        looked_up = _code_frame(table, component, ignore_case=rule.ignore_case)
        keys = [f"__{component}.{i}" for i in range(len(table.keys))]
        texts = [pl.col(source_column(column)).fill_null("").str.strip_chars() for column in rule.columns]
        self.frame = (
            self.frame.with_columns(
                (folded(text) if rule.ignore_case else text).alias(key) for key, text in zip(keys, texts, strict=True)
            )
            .join(looked_up, on=keys, how="left", maintain_order="left")
            .drop(keys)
        )
        known = tuple(" / ".join(row) for row in table.frame.select(table.keys).iter_rows())
        self.problems += faults(
            self.frame,
            pl.col(RELATION + component).is_null(),
            rule.columns,
            code="unmapped-code",
            what=f"{', '.join(rule.columns)} {{value}} is not mapped to {component}",
            remedy=f"add a line to {self._module.name}/{rule.codes}, or leave it out there with the reason",
            known=known,
        )

    def _through_grammar(self, component: str, rule: Rule, column: str) -> None:
        text = pl.col(column)
        if self.frame.schema[column] != pl.String:
            self.frame = self.frame.with_columns(text.alias(component))
            return
        result, what, remedy = _grammar(text, rule)
        self.frame = self.frame.with_columns(result.alias(component))
        if what:
            self.problems += faults(
                self.frame, pl.col(component).is_null(), rule.columns, code="wrong-form", what=what, remedy=remedy
            )

    def drop_left_out_codes(self) -> None:
        """Take out the rows whose code tables leave them out, remembering how many and why."""
        out = len(RELATIONS)
        for name in [column for column in self.frame.columns if column.startswith(RELATION)]:
            component = name.removeprefix(RELATION)
            rows = self.frame.filter(pl.col(name) == out)
            columns = self._module.spec.rules_for(self._table.declared)[component].columns
            working = [source_column(column) for column in columns]
            for values_and_note, group in rows.group_by([*working, NOTE + component], maintain_order=True):
                what = f"{', '.join(columns)} {' / '.join(str(v) for v in values_and_note[:-1])}"
                self.left.append(
                    LeftOut(self._table.name, what, str(values_and_note[-1]), group.height, share(group, self.frame))
                )
        kept = [pl.col(c).fill_null(0) != out for c in self.frame.columns if c.startswith(RELATION)]
        self.frame = fitting(self.frame, kept)

    def derive(self, component: str, rule: Rule) -> None:
        """Give a component that follows from others already given."""
        if rule.lookup is not None:
            lookup = self._module.lookups[rule.lookup]
            absent = [key for key in lookup.keys if key not in self.frame.columns]
            if absent:
                self._absent(component, absent)
                return
            self.frame = self.frame.with_columns(lookup.expression(rule.default).alias(component))
        elif f"{RELATION}{rule.note_of}" in self.frame.columns:
            note = pl.when(pl.col(f"{RELATION}{rule.note_of}") > 0).then(pl.col(f"{NOTE}{rule.note_of}"))
            self.frame = self.frame.with_columns(note.alias(component))


def _code_frame(table: CodeTable, component: str, *, ignore_case: bool) -> pl.DataFrame:
    ranks = {relation: rank for rank, relation in enumerate((*RELATIONS, LEFT_OUT))}
    keys = [pl.col(key).str.strip_chars() for key in table.keys]
    frame = table.frame.select(
        *((folded(key) if ignore_case else key).alias(f"__{component}.{i}") for i, key in enumerate(keys)),
        pl.col("target").alias(component),
        pl.col("relation").replace_strict(ranks, return_dtype=pl.Int8).alias(RELATION + component),
        pl.col("note").alias(NOTE + component),
    )
    return frame.unique([f"__{component}.{i}" for i in range(len(keys))], keep="first", maintain_order=True)


def _grammar(text: pl.Expr, rule: Rule) -> tuple[pl.Expr, str, str]:
    if rule.pattern is not None:
        assert rule.to is not None
        whole = f"^(?:{rule.pattern})$"
        target = re.sub(r"\{(\d+)\}", r"$${\1}", rule.to.replace("$", "$$")).replace("$${", "${")
        result = pl.when(text.str.contains(whole)).then(text.str.replace(whole, target))
        return result, f"{{value}} is not of the form {_braced(rule.pattern)}", "correct the cell, or widen `pattern`"
    if rule.period is not None:
        return (
            values.period(text, rule.period),
            f"{{value}} is not a {rule.period} as periods are written",
            "correct the cell",
        )
    if rule.frequency:
        return values.frequency(text), "{value} is not a period", "correct the cell"
    return text, "", ""


def _braced(pattern: str) -> str:
    return pattern.replace("{", "{{").replace("}", "}}")


__all__ = ["MappedTable", "fold", "map_table"]

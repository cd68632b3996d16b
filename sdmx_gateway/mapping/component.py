"""Rules applied: from one source table to its components, with everything that does not fit.

The steps of a table are planned from its rules before any row is looked at: columns taken apart and joined, measures, rows left out,
components taken from columns, components that follow from others. Each step works on distinct texts (:mod:`.coded`) and is spread
over the rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from sdmx_gateway.errors import Problem
from sdmx_gateway.mapping import numbers, periods
from sdmx_gateway.mapping.code_table import match
from sdmx_gateway.mapping.coded import Distinct, all_coded, coded, constant, recoded, together
from sdmx_gateway.mapping.consistency import inconsistent
from sdmx_gateway.mapping.module import Module
from sdmx_gateway.mapping.reference_table import ReferenceTable
from sdmx_gateway.mapping.spec import RELATIONS, Join, LeaveOut, Rule, Split, matches
from sdmx_gateway.mapping.table import (
    MISSING,
    NOTE,
    RELATION,
    SOURCE,
    VALUE,
    LeftOut,
    SourceTable,
    by_period,
    faults,
    fitting,
    share,
    source_column,
)
from sdmx_gateway.structures.model import DataStructure

_TIME: Final = "TIME_PERIOD"


@dataclass(frozen=True)
class MappedTable:
    """A source table with every component given (see :mod:`sdmx_gateway.mapping.table` for its columns)."""

    table: SourceTable
    frame: pl.DataFrame
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Plan:
    """What is done to a table, in this order.

    Attributes:
        measures: components that are measures.
        direct: components taken from columns.
        derived: components that follow from those already given.

    """

    measures: Mapping[str, Rule]
    direct: Mapping[str, Rule]
    derived: Mapping[str, Rule]

    @classmethod
    def of(cls, rules: Mapping[str, Rule], structure: DataStructure) -> Plan:
        """The plan for these rules."""
        measures = {m.id: rules[m.id] for m in structure.measures if m.id in rules}
        derived = {c: rule for c, rule in rules.items() if rule.lookup is not None or rule.note_of is not None}
        direct = {c: rule for c, rule in rules.items() if c not in measures and c not in derived}
        return cls(measures, direct, derived)


def map_table(
    table: SourceTable, module: Module, structure: DataStructure, references: Mapping[str, ReferenceTable]
) -> MappedTable:
    """The table's rows as observations still to be combined; nothing is summed here.

    Args:
        table: the table.
        module: the module applied.
        structure: the target's structure.
        references: the reference tables its joins name, by their names.

    """
    plan = Plan.of(module.spec.rules_for(table.declared), structure)
    steps = _Steps(table, module, _in_scope(table))
    for split in table.declared.split:
        steps.split(split)
    for join in table.declared.join:
        steps.join(join, references[join.reference])
    for component, rule in plan.measures.items():
        steps.take(component, rule)
    steps.mark_missing()
    for leave_out in table.declared.leave_out:
        steps.leave_out(leave_out)
    steps.problems += inconsistent(table, steps.frame, getattr(table.declared, "rates", ()))
    steps.tell_unread_numbers(plan.measures)
    for component, rule in plan.direct.items():
        steps.take(component, rule)
    steps.drop_left_out_codes()
    for component, rule in plan.derived.items():
        steps.derive(component, rule)
    steps.give_what_sentinels_mean()
    return MappedTable(table, steps.frame, tuple(steps.left), (*table.problems, *steps.problems))


def _in_scope(table: SourceTable) -> pl.DataFrame:
    where: dict[str, tuple[str, ...]] = getattr(table.declared, "where", {})
    conditions = [pl.col(SOURCE + name).cast(pl.String).str.contains(matches(p)) for name, p in where.items()]
    return all_coded(fitting(table.working_frame(), conditions))


class _Steps:
    """The steps of one table, gathering what is left out and what is wrong as they go."""

    def __init__(self, table: SourceTable, module: Module, frame: pl.DataFrame) -> None:
        self._table = table
        self._module = module
        self.frame = frame
        self.left: list[LeftOut] = []
        self.problems: list[Problem] = []

    # Columns that a source does not have as such

    def split(self, split: Split) -> None:
        """Take one column apart into those its pattern names."""
        column = source_column(split.source)
        if column not in self.frame.columns:
            self._absent("split", [column])
            self.frame = self.frame.with_columns(pl.lit(None, pl.String).alias(SOURCE + n) for n in split.names)
            return
        distinct = Distinct.of(self.frame, [column])
        whole = f"^(?:{split.pattern})$"
        text = distinct.values[column].str.strip_chars()
        groups = text.str.extract_groups(whole).struct
        self._add({SOURCE + name: distinct.spread(groups.field(name)) for name in split.names})
        self.problems += faults(
            self.frame,
            distinct.spread(~text.str.contains(whole).fill_null(value=False)),
            (split.source,),
            code="wrong-form",
            what=f"{{value}} cannot be taken apart: it is not of the form {_braced(split.pattern)}",
            remedy="correct the cell, or widen the pattern of the split",
        )

    def join(self, join: Join, reference: ReferenceTable) -> None:
        """Take columns from a reference table."""
        on = [source_column(column) for column in join.on]
        absent = [column for column in on if column not in self.frame.columns]
        if absent:
            self._absent("join", absent)
            self.frame = self.frame.with_columns(pl.lit(None, pl.String).alias(SOURCE + n) for n in join.take)
            return
        distinct = Distinct.of(self.frame, on)
        taken = reference.taken(distinct.values, join)
        self._add({SOURCE + name: distinct.spread(taken[f"taken{i}"]) for i, name in enumerate(join.take)})
        if join.otherwise == "empty":
            return
        keys = list(join.on.values())
        self.problems += faults(
            self.frame,
            ~distinct.spread(taken["found"]),
            tuple(join.on),
            code="unmatched-key",
            what=f"{', '.join(join.on)} {{value}} is not in {reference.name}",
            remedy="add it to the table, or correct the cell",
            known=tuple(" / ".join(map(str, key)) for key in reference.frame.select(keys).unique().iter_rows()),
        )

    # Components from columns

    def take(self, component: str, rule: Rule) -> None:
        """Give ``component`` its column, by whichever way the rule says."""
        columns = tuple(source_column(column) for column in rule.all_columns)
        absent = [column for column in columns if column not in self.frame.columns]
        if absent:
            self._absent(component, absent)
            self.frame = self.frame.with_columns(pl.lit(None, dtype=pl.String).alias(component))
        elif rule.constant is not None:
            self.frame = self.frame.with_columns(constant(rule.constant).alias(component))
        elif rule.codes is not None:
            self._through_codes(component, rule)
        elif rule.type is not None:
            self._number(component, rule)
        else:
            self._through_grammar(component, rule, columns[0])

    def mark_missing(self) -> None:
        """Let lookups see where there is no figure: ``@missing``, true or false."""
        if VALUE in self.frame.columns:
            self.frame = self.frame.with_columns(pl.col(VALUE).is_null().alias(MISSING))

    def _add(self, columns: Mapping[str, pl.Series]) -> None:
        self.frame = self.frame.with_columns(column.alias(name) for name, column in columns.items())

    def _absent(self, component: str, absent: list[str]) -> None:
        names = ", ".join(column.removeprefix(SOURCE) for column in absent)
        self.problems.append(
            Problem(
                "missing-value",
                f"{component} takes from {names}, which {self._table.name} does not say",
                rows=self.frame.height,
            )
        )

    def _number(self, component: str, rule: Rule) -> None:
        column = source_column(rule.columns[0])
        values = self.frame[column]
        if rule.type == "integer" and values.dtype.is_integer() and not rule.shift and rule.multiplier_from is None:
            self._add({component: values.cast(pl.Int64)})
            return
        if values.dtype.is_float() and rule.type == "decimal" and values.is_nan().any():
            self._add({component: values})  # "intentionally missing", which no exact decimal can say
            return
        asked = [column, *([source_column(rule.multiplier_from)] if rule.multiplier_from else [])]
        distinct = Distinct.of(self.frame, asked)
        texts = distinct.values[column].cast(pl.String).fill_null("").str.strip_chars()
        shift: pl.Series | int = rule.shift
        if rule.multiplier_from is not None:
            shift = (
                distinct.values[asked[1]].cast(pl.String).str.strip_chars().cast(pl.Int64, strict=False) + rule.shift
            )
        read = numbers.whole_numbers if rule.type == "integer" else numbers.decimal_numbers
        is_text = not self.frame.schema[column].is_numeric()
        decimal = self._table.decimal if is_text else "."
        figures = read(texts, decimal=decimal, shift=shift, percent=rule.percent)
        absent = texts.is_in(list(rule.missing)) if is_text else distinct.values[column].is_null()
        if rule.sentinels is not None:
            meaning = self._module.sentinels[rule.sentinels].of(texts)
            absent |= meaning["is_sentinel"]
            for name in self._module.sentinels[rule.sentinels].components:
                self._add({f"@means.{component}.{name}": distinct.spread(meaning[name])})
        figures = pl.DataFrame([figures.alias("figure"), absent.alias("absent")]).select(
            pl.when(~pl.col("absent")).then("figure")
        )["figure"]
        self._add(
            {component: distinct.spread(figures), f"@unread.{component}": distinct.spread(figures.is_null() & ~absent)}
        )

    def tell_unread_numbers(self, measures: Mapping[str, Rule]) -> None:
        """Every text that should be a number and is none, on the rows that are kept."""
        for measure, rule in measures.items():
            flag = f"@unread.{measure}"
            if flag not in self.frame.columns:
                continue
            self.problems += faults(
                self.frame,
                self.frame[flag],
                rule.all_columns,
                code="not-a-number",
                what=f"{{value}} is not {'a whole number' if rule.type == 'integer' else 'a number'}",
                remedy="mend the cell, or list the text under `missing` if it stands for an absent figure",
            )
            self.frame = self.frame.drop(flag)

    def give_what_sentinels_mean(self) -> None:
        """Give the components that sentinels say, on their rows, over what any rule gave."""
        names = [name for name in self.frame.columns if name.startswith("@means.")]
        for name in names:
            component = name.rpartition(".")[2]
            means = self.frame[name]
            if component in self.frame.columns and self.frame.schema[component] != pl.Null:
                both = together([means.to_frame("x"), coded(self.frame[component].cast(pl.String)).to_frame("x")])
                wanted = both.schema["x"]
                assert isinstance(wanted, pl.Enum)
                before = recoded(coded(self.frame[component].cast(pl.String)), wanted)
                means = recoded(means, wanted).zip_with(means.is_not_null(), before)
            self._add({component: means})
        self.frame = self.frame.drop(names)

    def leave_out(self, declared: LeaveOut) -> None:
        """Take out the rows a declaration leaves out, remembering how many and why."""
        chosen = self.frame.select(
            pl.all_horizontal(
                pl.col(source_column(name)).is_in(list(texts)).fill_null(value="" in texts)
                for name, texts in declared.where.items()
            )
        ).to_series()
        if not chosen.any():
            return
        rows = self.frame.filter(chosen)
        if declared.expect == "zero":
            self.problems += faults(
                self.frame,
                chosen & (self.frame[VALUE].fill_null(0) != 0),
                tuple(declared.where),
                code="left-out-not-zero",
                what="{value} is left out as always zero, and is not",
                remedy=f"look at the file: {declared.because}",
            )
        what = "; ".join(f"{name} {', '.join(texts)}" for name, texts in declared.where.items())
        self._leave(rows, what, declared.because)
        self.frame = self.frame.filter(~chosen)

    def _leave(self, rows: pl.DataFrame, what: str, because: str) -> None:
        """Remember rows that are left out: how many, what they carry, and of which periods."""
        rule = self._module.spec.rules_for(self._table.declared).get(_TIME)
        part = share(rows, self.frame)
        periods_left = by_period(_periods_of(rows, rule), rows)
        self.left.append(LeftOut(self._table.name, what, because, rows.height, part, periods_left))

    def _through_codes(self, component: str, rule: Rule) -> None:
        table = self._module.table_of(rule)
        distinct = Distinct.of(self.frame, [source_column(column) for column in rule.columns])
        texts = distinct.values.with_columns(pl.all().cast(pl.String))
        found = match(table, texts, ignore_case=rule.ignore_case)
        relation = distinct.spread(found.lines["relation"])
        self._add(
            {
                component: distinct.spread(found.lines["target"]),
                RELATION + component: relation,
                NOTE + component: distinct.spread(found.lines["note"]),
            }
        )
        self.problems += faults(
            self.frame,
            relation.is_null(),
            rule.columns,
            code="unmapped-code",
            what=f"{', '.join(rule.columns)} {{value}} is not mapped to {component}",
            remedy=f"add a line to {self._module.name}/{rule.codes}, or leave it out there with the reason",
            known=tuple(" / ".join(row) for row in table.exact.select(table.keys).iter_rows()),
        )
        for lines in found.ambiguous.drop_nulls().unique().sort():
            self.problems += faults(
                self.frame,
                distinct.spread((found.ambiguous == lines).fill_null(value=False)),
                rule.columns,
                code="ambiguous-code",
                what=f"{', '.join(rule.columns)} {{value}} fits lines {lines} of {self._module.name}/{rule.codes} equally well",
                remedy="write a line for it alone, or make one of the patterns more specific",
            )

    def _through_grammar(self, component: str, rule: Rule, column: str) -> None:
        if not isinstance(self.frame.schema[column], pl.Enum):
            self._add({component: self.frame[column]})
            return
        if rule.pattern is None and rule.period is None and not rule.frequency:
            self._add({component: self.frame[column]})
            return
        distinct = Distinct.of(self.frame, [column])
        result, what, remedy = _grammar(distinct.values[column], rule)
        self._add({component: distinct.spread(result)})
        self.problems += faults(
            self.frame, self.frame[component].is_null(), rule.columns, code="wrong-form", what=what, remedy=remedy
        )

    def drop_left_out_codes(self) -> None:
        """Take out the rows whose code tables leave them out, remembering how many and why."""
        out = len(RELATIONS)
        rules = self._module.spec.rules_for(self._table.declared)
        kept = pl.Series([True]).new_from_index(0, self.frame.height)
        for name in [column for column in self.frame.columns if column.startswith(RELATION)]:
            is_out = (self.frame[name] == out).fill_null(value=False)
            if not is_out.any():
                continue
            component = name.removeprefix(RELATION)
            columns = rules[component].columns
            working = [source_column(column) for column in columns]
            for values, group in self.frame.filter(is_out).group_by([*working, NOTE + component], maintain_order=True):
                self._leave(group, f"{', '.join(columns)} {' / '.join(map(str, values[:-1]))}", str(values[-1]))
            kept &= ~is_out
        if not kept.all():
            self.frame = self.frame.filter(kept)

    def derive(self, component: str, rule: Rule) -> None:
        """Give a component that follows from others already given."""
        if rule.lookup is not None:
            lookup = self._module.lookups[rule.lookup]
            absent = [key for key in lookup.keys if key not in self.frame.columns]
            if absent:
                self._absent(component, absent)
                return
            if not lookup.keys:
                result = pl.select(lookup.expression(rule.default)).item()
                self.frame = self.frame.with_columns(
                    (constant(result) if result else pl.lit(None, pl.String)).alias(component)
                )
                return
            distinct = Distinct.of(self.frame, lookup.keys)
            found = distinct.values.select(lookup.expression(rule.default).alias(component)).to_series()
            self._add({component: distinct.spread(found)})
        elif f"{RELATION}{rule.note_of}" in self.frame.columns:
            note = pl.when(pl.col(f"{RELATION}{rule.note_of}") > 0).then(pl.col(f"{NOTE}{rule.note_of}"))
            self.frame = self.frame.with_columns(note.alias(component))


def _periods_of(rows: pl.DataFrame, rule: Rule | None) -> pl.Series:
    """The periods of rows that are not mapped, as far as their rule tells them; null where it does not."""
    if _TIME in rows.columns:
        return rows[_TIME]
    unknown = pl.Series(_TIME, [None], dtype=pl.String).new_from_index(0, rows.height)
    if rule is None or len(rule.columns) != 1 or source_column(rule.columns[0]) not in rows.columns:
        return unknown
    texts = rows[source_column(rule.columns[0])].cast(pl.String)
    return _grammar(texts, rule)[0] if rule.pattern or rule.period else texts


def _grammar(texts: pl.Series, rule: Rule) -> tuple[pl.Series, str, str]:
    """What a rule makes of texts (null where they are not of its form), the sentence about one that is not, and what to do."""
    if rule.pattern is not None:
        assert rule.to is not None
        whole = f"^(?:{rule.pattern})$"
        target = re.sub(r"\{(\d+)\}", r"$${\1}", rule.to.replace("$", "$$")).replace("$${", "${")
        text = pl.col("text")
        result = pl.DataFrame({"text": texts}).select(
            pl.when(text.str.contains(whole)).then(text.str.replace(whole, target))
        )
        return (
            result.to_series(),
            f"{{value}} is not of the form {_braced(rule.pattern)}",
            "correct the cell, or widen `pattern`",
        )
    if rule.period is not None:
        what = "period" if rule.period == "any" else rule.period
        return (
            periods.period(texts, rule.period),
            f"{{value}} is not a {what} as periods are written",
            "correct the cell",
        )
    return periods.frequency(texts), "{value} is not a period", "correct the cell"


def _braced(pattern: str) -> str:
    return pattern.replace("{", "{{").replace("}", "}}")


__all__ = ["MappedTable", "Plan", "map_table"]

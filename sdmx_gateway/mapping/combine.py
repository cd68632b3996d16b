"""Mapped tables put together: guards, complete sets, sums of rows of one key, and keys that stand twice."""

from __future__ import annotations

from typing import Final

import polars as pl

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.mapping.spec import RELATIONS, Aggregate, Complete, Guard, MappingSpec
from sdmx_gateway.mapping.table import MOST_LINES, NOTE, RELATION, VALUE, LeftOut, place_of, source_column
from sdmx_gateway.observations import KEY_SEPARATOR
from sdmx_gateway.structures.model import Attachment, DataStructure

STATUS_PRECEDENCE: Final = ("A", "N", "V", "S", "G", "I", "E", "F", "P", "U", "J", "D", "B", "O", "M", "L", "Q")
"""Which status a sum takes when its parts differ: the last of these present. A choice of ours: what changes the meaning of
a figure (break, definition) over what changes its certainty, over what only remarks on it; and a part that is missing makes the sum
missing. Codes of SDMX CL_OBS_STATUS 2.0."""
CONFIDENTIALITY_PRECEDENCE: Final = ("F", "S", "D", "N", "C")
"""Likewise for CONF_STATUS: the most protective wins. Codes of SDMX CL_CONF_STATUS 1.0."""
_PRECEDENCE: Final = {"OBS_STATUS": STATUS_PRECEDENCE, "CONF_STATUS": CONFIDENTIALITY_PRECEDENCE}
WORST: Final = "@relation"
PARTS: Final = "@parts"


def guard(frame: pl.DataFrame, guards: tuple[Guard, ...]) -> list[Problem]:
    """A problem for every combination in which a guarded component has more than one value."""
    problems = []
    for rule in guards:
        mixed = frame.group_by(rule.per, maintain_order=True).agg(
            pl.col(rule.one).unique().sort(), pl.len().alias("rows")
        )
        for row in mixed.filter(pl.col(rule.one).list.len() > 1).rows(named=True):
            here = frame.filter(pl.col(c) == row[c] for c in rule.per)
            rare = here.group_by(rule.one).len().sort("len")[rule.one][0]
            place = place_of(here.filter(pl.col(rule.one) == rare).row(0, named=True))
            of = ", ".join(f"{c} {row[c]}" for c in rule.per)
            problems.append(
                Problem(
                    "mixed-unit",
                    f"{of} has more than one {rule.one}: {', '.join(row[rule.one])}",
                    place,
                    why=rule.because,
                    remedy="find the rows of the rarer one: they belong to another series, or the file is wrong",
                    value=rare,
                    rows=int((here[rule.one] == rare).sum()),
                )
            )
    return problems


def complete_sets(
    frame: pl.DataFrame, sets: tuple[Complete, ...], dimensions: list[str]
) -> tuple[pl.DataFrame, list[LeftOut]]:
    """Rows of complete sets made exact; those of keys that lack a part are taken out, counted."""
    left = []
    for declared in sets:
        ((column, parts),) = declared.parts.items()
        part = source_column(column) if source_column(column) in frame.columns else column
        relation = RELATION + declared.component
        inside = (pl.col(declared.component) == declared.target) & pl.col(part).is_in(list(parts))
        inside = inside.fill_null(value=False)  # a row of another source says nothing of the part, and is in no set
        present = pl.col(part).filter(inside & pl.col(VALUE).is_not_null()).n_unique().over(dimensions)
        marked = frame.with_columns(
            (inside & (present == len(parts))).alias("__whole"), (inside & (present < len(parts))).alias("__lacking")
        )
        lacking = marked.filter("__lacking")
        if lacking.height:
            what = f"{declared.component} {declared.target} where a part of {', '.join(parts)} is not there"
            left.append(LeftOut("", what, declared.because, lacking.height, None))
        frame = (
            marked.filter(~pl.col("__lacking"))
            .with_columns(pl.when("__whole").then(pl.lit(0, pl.Int8)).otherwise(pl.col(relation)).alias(relation))
            .drop("__whole", "__lacking")
        )
    return frame, left


def combine(frame: pl.DataFrame, spec: MappingSpec, structure: DataStructure) -> tuple[pl.DataFrame, list[Problem]]:
    """One row per key: the structure's columns, the worst relation (``@relation``) and how many rows made it (``@parts``)."""
    dimensions = [d.id for d in structure.dimensions]
    relations = [c for c in frame.columns if c.startswith(RELATION)]
    worst = pl.max_horizontal(relations).fill_null(0) if relations else pl.lit(0)
    frame = frame.with_columns(worst.cast(pl.Int8).alias(WORST))
    problems = _broken_sums(frame, spec.aggregate, dimensions) if spec.aggregate else _duplicates(frame, dimensions)
    one_each = frame.group_by(dimensions, maintain_order=True).agg(
        *summing(frame.columns, structure), pl.len().alias(PARTS)
    )
    status = _by_relation(spec)
    return one_each.with_columns(status), problems


def summing(columns: list[str], structure: DataStructure) -> list[pl.Expr]:
    """How each non-dimension column of several rows becomes one.

    Values are summed, and absent when a part is absent: a total that lacks a part would be a wrong figure. Statuses follow their
    precedence, notes are joined, any other attribute is kept where all agree.
    """
    gathered = [
        pl.when(pl.col(measure.id).is_not_null().all()).then(pl.col(measure.id).sum()).alias(measure.id)
        for measure in structure.measures
        if measure.id in columns
    ]
    for attribute in structure.attributes:
        if attribute.id not in columns:
            continue
        column = pl.col(attribute.id)
        if attribute.id in _PRECEDENCE:
            gathered.append(_worst(attribute.id, _PRECEDENCE[attribute.id]))
        elif attribute.relationship.attachment is Attachment.DATASET or not attribute.representation.is_coded:
            gathered.append(_joined(column))
        else:
            gathered.append(pl.when(column.n_unique() == 1).then(column.first()).alias(attribute.id))
    if WORST in columns:
        gathered.append(pl.col(WORST).max())
    return gathered


def _worst(name: str, precedence: tuple[str, ...]) -> pl.Expr:
    ranks = {code: rank for rank, code in enumerate(precedence)}
    column = pl.col(name)
    rank = column.replace_strict(ranks, default=None, return_dtype=pl.Int8).max()
    return pl.coalesce(
        rank.replace_strict({r: c for c, r in ranks.items()}, default=None, return_dtype=pl.String), column.first()
    ).alias(name)


def _joined(column: pl.Expr) -> pl.Expr:
    kept = column.drop_nulls().unique().sort()
    return pl.when(column.is_not_null().any()).then(kept.str.join("; "))


def _by_relation(spec: MappingSpec) -> list[pl.Expr]:
    columns: dict[str, pl.Expr] = {}
    for relation in RELATIONS[1:]:
        for component, code in spec.relations.get(relation, {}).items():
            before = columns.get(component, pl.col(component))
            columns[component] = (
                pl.when(pl.col(WORST) == RELATIONS.index(relation)).then(pl.lit(code)).otherwise(before)
            )
    return [expression.alias(component) for component, expression in columns.items()]


def _duplicates(frame: pl.DataFrame, dimensions: list[str]) -> list[Problem]:
    twice = frame.filter(pl.struct(dimensions).is_duplicated())
    if twice.is_empty():
        return []
    keys = twice.group_by(dimensions, maintain_order=True).agg(pl.all())
    problems = []
    for row in keys.head(MOST_LINES).rows(named=True):
        here = twice.filter(pl.all_horizontal(pl.col(d).eq_missing(pl.lit(row[d])) for d in dimensions))
        first, second = (place_of(r) for r in here.head(2).rows(named=True))
        key = KEY_SEPARATOR.join(str(row[d]) for d in dimensions)
        problems.append(
            Problem(
                "duplicate-key",
                f"{key} stands {here.height} times, first at {first}",
                second,
                why=f"values {', '.join(map(str, here[VALUE].head(5)))}",
                remedy="two rows of the file say the same observation: keep one, or map them apart",
                value=key,
                rows=here.height,
            )
        )
    if keys.height > MOST_LINES:
        problems.append(
            Problem("duplicate-key", f"and {keys.height - MOST_LINES} more keys that stand twice", rows=twice.height)
        )
    return problems


def _broken_sums(frame: pl.DataFrame, aggregate: Aggregate, dimensions: list[str]) -> list[Problem]:
    problems = []
    for name in aggregate.same:
        column = name if name in frame.columns else source_column(name)
        mixed = frame.group_by(dimensions, maintain_order=True).agg(
            pl.col(column).unique().sort(), pl.len().alias("rows")
        )
        mixed = mixed.filter(pl.col(column).list.len() > 1)
        for row in mixed.head(MOST_LINES).rows(named=True):
            key = KEY_SEPARATOR.join(str(row[d]) for d in dimensions)
            problems.append(
                Problem(
                    "mixed-unit",
                    f"{key} would sum rows of different {name}: {', '.join(map(str, row[column]))}",
                    Where(key=key),
                    why=aggregate.because,
                    remedy="map them to different codes, or leave one out with the reason",
                    rows=row["rows"],
                )
            )
    return problems


__all__ = ["NOTE", "PARTS", "WORST", "combine", "complete_sets", "guard", "summing"]

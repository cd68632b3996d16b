"""Mapped tables put together: guards, complete sets, sums of rows of one key, and keys that stand twice."""

from __future__ import annotations

from typing import Final

import polars as pl

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.mapping.coded import coded, combined, together
from sdmx_gateway.mapping.spec import RELATIONS, Aggregate, Complete, Guard, MappingSpec
from sdmx_gateway.mapping.table import MOST_LINES, NOTE, RELATION, VALUE, LeftOut, by_period, place_of, source_column
from sdmx_gateway.observations import KEY_SEPARATOR
from sdmx_gateway.sources.raw_table import PLACES
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
_RANK: Final = "__rank."
_LAST: Final = "__last."
_LACKS: Final = "__lacks."


def guard(frame: pl.DataFrame, guards: tuple[Guard, ...]) -> list[Problem]:
    """A problem for every combination in which a guarded component has more than one value."""
    problems = []
    for rule in guards:
        pairs = frame.select(*rule.per, rule.one).unique()
        if not pairs.select(rule.per).is_duplicated().any():
            continue
        mixed = frame.group_by(*rule.per, rule.one, maintain_order=True).agg(
            pl.len().alias("rows"), *(pl.col(name).first() for name in PLACES if name in frame.columns)
        )
        for combination, units in mixed.sort(rule.per, maintain_order=True).group_by(rule.per, maintain_order=True):
            if units.height < 2:
                continue
            rare = units.sort("rows", rule.one).row(0, named=True)
            of = ", ".join(f"{c} {v}" for c, v in zip(rule.per, combination, strict=True))
            problems.append(
                Problem(
                    "mixed-unit",
                    f"{of} has more than one {rule.one}: {', '.join(sorted(map(str, units[rule.one])))}",
                    place_of(rare),
                    why=rule.because,
                    remedy="find the rows of the rarer one: they belong to another series, or the file is wrong",
                    value=rare[rule.one],
                    rows=rare["rows"],
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
        if part not in frame.columns:  # no source here knows of the parts
            continue
        inside = (pl.col(declared.component) == declared.target) & pl.col(part).is_in(list(parts))
        inside = inside.fill_null(value=False)  # a row of another source says nothing of the part, and is in no set
        present = pl.col(part).filter(inside & pl.col(VALUE).is_not_null()).n_unique().over(dimensions)
        marked = frame.with_columns(
            (inside & (present == len(parts))).alias("__whole"), (inside & (present < len(parts))).alias("__lacking")
        )
        lacking = marked.filter("__lacking")
        if lacking.height:
            what = f"{declared.component} {declared.target} where a part of {', '.join(parts)} is not there"
            periods = by_period(lacking["TIME_PERIOD"], lacking) if "TIME_PERIOD" in lacking.columns else ()
            left.append(LeftOut("", what, declared.because, lacking.height, None, periods))
        frame = (
            marked.filter(~pl.col("__lacking"))
            .with_columns(pl.when("__whole").then(pl.lit(0, pl.Int8)).otherwise(pl.col(relation)).alias(relation))
            .drop("__whole", "__lacking")
        )
    return frame, left


def combine(frame: pl.DataFrame, spec: MappingSpec, structure: DataStructure) -> tuple[pl.DataFrame, list[Problem]]:
    """One row per key, sorted: the structure's columns, the worst relation (``@relation``) and how many rows made it (``@parts``)."""
    dimensions = [d.id for d in structure.dimensions]
    kept = [name for name in structure.components if name in frame.columns]
    lean = frame.select(*kept, worst_of(frame).alias(WORST))
    key, _ = combined(lean, dimensions)
    order = key.arg_sort()
    key = key.gather(order)
    again = (key == key.shift(1)).fill_null(value=False)
    if not again.any():
        return _flagged(lean[order].with_columns(pl.lit(1, pl.UInt32).alias(PARTS)), spec), []
    # Rows of one key lie together, `again` where one has the key of the row before; only they are looked at closely.
    several = again | again.shift(-1, fill_value=False)
    ones, more = order.filter(~several), order.filter(several)
    problems = (
        _broken_sums(frame[more], spec.aggregate, dimensions)
        if spec.aggregate
        else _duplicates(frame[more.sort()], dimensions)
    )
    if problems:
        return lean.clear(), problems
    summed = added_up(lean[more].with_columns(pl.lit(1, pl.UInt32).alias(PARTS)), structure)
    alone = lean[ones].with_columns(pl.lit(1, pl.UInt32).alias(PARTS))
    whole = together([alone, summed.select(alone.columns)]).sort(dimensions)
    return _flagged(whole, spec), []


def worst_of(frame: pl.DataFrame) -> pl.Expr:
    """How badly each row fits, by the rank of the worst of its relations."""
    relations = [c for c in frame.columns if c.startswith(RELATION)]
    return (pl.max_horizontal(relations).fill_null(0) if relations else pl.lit(0)).cast(pl.Int8)


def added_up(frame: pl.DataFrame, structure: DataStructure) -> pl.DataFrame:
    """The rows of each key as one.

    Values are summed, and absent when a part is absent: a total that lacks a part would be a wrong figure. Statuses follow their
    precedence, notes are joined, any other attribute is kept where all agree.
    """
    keys = [d.id for d in structure.dimensions]
    measures = [m.id for m in structure.measures if m.id in frame.columns]
    attributes = [a.id for a in structure.attributes if a.id in frame.columns]
    ranked = [name for name in attributes if name in _PRECEDENCE]
    joined = {
        a.id
        for a in structure.attributes
        if a.relationship.attachment is Attachment.DATASET or not a.representation.is_coded
    }
    sums = frame.with_columns(_rank(frame[name], _PRECEDENCE[name]).alias(f"{_RANK}{name}") for name in ranked)
    one = sums.group_by(keys).agg(
        *(pl.when(pl.col(m).is_not_null().all()).then(pl.col(m).sum()).alias(m) for m in measures),
        *(pl.col(f"{_RANK}{name}").max() for name in ranked),
        *(pl.col(name).min() for name in attributes),
        *(pl.col(name).max().alias(f"{_LAST}{name}") for name in attributes),
        *(pl.col(name).is_null().any().alias(f"{_LACKS}{name}") for name in attributes),
        *(pl.col(name).sum() for name in (PARTS,) if name in frame.columns),
        *(pl.col(name).max() for name in (WORST,) if name in frame.columns),
    )
    for name in attributes:
        differs = (pl.col(name) != pl.col(f"{_LAST}{name}")).fill_null(value=False)
        if name in ranked:
            one = one.with_columns(_unranked(one[f"{_RANK}{name}"], one[name]).alias(name))
        elif name not in joined:
            agreed = ~differs & ~(pl.col(name).is_not_null() & pl.col(f"{_LACKS}{name}"))
            one = one.with_columns(pl.when(agreed).then(name).alias(name))
        elif one.select(differs.any()).item():
            one = _as_one_text(one, frame, keys, name, differs)
    return one.select(frame.columns)


def _rank(column: pl.Series, precedence: tuple[str, ...]) -> pl.Series:
    """How grave each status is; one the table does not know is graver than none and less than any it knows."""
    texts = coded(column.cast(pl.String)) if column.dtype == pl.String else column
    if not isinstance(texts.dtype, pl.Enum):
        return pl.Series([None], dtype=pl.Int16).new_from_index(0, column.len())
    ranks = {code: rank for rank, code in enumerate(precedence)}
    known = [ranks.get(text, -1) for text in texts.dtype.categories]
    return pl.Series(known, dtype=pl.Int16).gather(texts.to_physical())


def _unranked(ranks: pl.Series, otherwise: pl.Series) -> pl.Series:
    codes = dict(enumerate(_PRECEDENCE[otherwise.name]))
    found = ranks.replace_strict(codes, default=None, return_dtype=pl.String)
    return coded(found.zip_with(found.is_not_null(), otherwise.cast(pl.String)))


def _as_one_text(one: pl.DataFrame, frame: pl.DataFrame, keys: list[str], name: str, differs: pl.Expr) -> pl.DataFrame:
    """The remarks of each key joined, each of them once."""
    several = frame.join(one.filter(differs).select(keys), on=keys, how="semi").select(*keys, name).drop_nulls(name)
    texts = several.group_by(keys).agg(pl.col(name).cast(pl.String).unique().sort().str.join("; ").alias("__joined"))
    both = one.join(texts, on=keys, how="left", maintain_order="left").with_columns(
        pl.coalesce("__joined", pl.col(name).cast(pl.String))
    )
    return both.with_columns(coded(both["__joined"]).alias(name)).drop("__joined")


def _flagged(frame: pl.DataFrame, spec: MappingSpec) -> pl.DataFrame:
    """The flag each row carries because it fits less than exactly."""
    for relation in RELATIONS[1:]:
        fits_so = frame[WORST] == RELATIONS.index(relation)
        for component, code in spec.relations.get(relation, {}).items():
            if not fits_so.any():
                continue
            flag = pl.when(fits_so).then(pl.lit(code)).otherwise(pl.col(component).cast(pl.String))
            frame = frame.with_columns(coded(frame.select(flag).to_series()).alias(component))
    return frame


def _duplicates(twice: pl.DataFrame, dimensions: list[str]) -> list[Problem]:
    """A problem for each key that rows of a file, in its order, say more than once."""
    keys = twice.group_by(dimensions, maintain_order=True).agg(pl.len().alias("rows"))
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
        pairs = frame.select(*dimensions, column).unique()
        mixed = pairs.group_by(dimensions).agg(pl.col(column)).filter(pl.col(column).list.len() > 1).sort(dimensions)
        for row in mixed.head(MOST_LINES).rows(named=True):
            key = KEY_SEPARATOR.join(str(row[d]) for d in dimensions)
            here = frame.filter(pl.all_horizontal(pl.col(d).eq_missing(pl.lit(row[d])) for d in dimensions))
            problems.append(
                Problem(
                    "mixed-unit",
                    f"{key} would sum rows of different {name}: {', '.join(sorted(map(str, row[column])))}",
                    Where(key=key),
                    why=aggregate.because,
                    remedy="map them to different codes, or leave one out with the reason",
                    rows=here.height,
                )
            )
    return problems


__all__ = ["NOTE", "PARTS", "WORST", "added_up", "combine", "complete_sets", "guard", "worst_of"]

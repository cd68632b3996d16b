"""Breaks and notes: what a figure carries because the module's author knows something of it that the file does not say."""

from __future__ import annotations

import polars as pl

from sdmx_gateway.mapping.coded import coded
from sdmx_gateway.mapping.combine import STATUS_PRECEDENCE
from sdmx_gateway.mapping.spec import Break, Remark, matches
from sdmx_gateway.structures.model import DataStructure

_STATUS = "OBS_STATUS"
_TIME = "TIME_PERIOD"


def mark_break(frame: pl.DataFrame, declared: Break, structure: DataStructure) -> pl.DataFrame:
    """The frame with the first figures after a break flagged and remarked on.

    A status that is graver than the flag stays: a missing figure is still missing.
    """
    here = _chosen(frame, declared.where)
    first = frame[_TIME].cast(pl.String) == declared.at if declared.at is not None else _firsts(frame, structure)
    here &= first.fill_null(value=False)
    if not here.any():
        return frame
    if _STATUS in frame.columns:
        graver = (
            STATUS_PRECEDENCE[STATUS_PRECEDENCE.index(declared.status) + 1 :]
            if declared.status in STATUS_PRECEDENCE
            else ()
        )
        flagged = here & ~frame[_STATUS].is_in(list(graver)).fill_null(value=False)
        frame = _given(frame, _STATUS, flagged, pl.lit(declared.status))
    return _remarked(frame, declared.into, here, declared.note)


def mark_note(frame: pl.DataFrame, declared: Remark) -> pl.DataFrame:
    """The frame with a remark on the figures it is about."""
    return _remarked(frame, declared.into, _chosen(frame, declared.where), declared.note)


def _chosen(frame: pl.DataFrame, where: dict[str, tuple[str, ...]]) -> pl.Series:
    chosen = pl.Series([True]).new_from_index(0, frame.height)
    for name, patterns in where.items():
        chosen &= frame[name].cast(pl.String).str.contains(matches(patterns)).fill_null(value=False)
    return chosen


def _firsts(frame: pl.DataFrame, structure: DataStructure) -> pl.Series:
    """Which rows are the first of their series; periods of one frequency sort as their texts."""
    keys = list(structure.key_dimensions)
    first = frame.group_by(keys).agg(pl.col(_TIME).min().alias("__first"))
    return (
        frame.select(*keys, _TIME)
        .join(first, on=keys, how="left", maintain_order="left")
        .select(pl.col(_TIME) == pl.col("__first"))[_TIME]
    )


def _remarked(frame: pl.DataFrame, component: str, here: pl.Series, note: str) -> pl.DataFrame:
    if not here.any():
        return frame
    if component not in frame.columns:
        frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(component))
    before = pl.col(component).cast(pl.String)
    return _given(frame, component, here, pl.concat_str([before, pl.lit(note)], separator="; ", ignore_nulls=True))


def _given(frame: pl.DataFrame, component: str, here: pl.Series, value: pl.Expr) -> pl.DataFrame:
    new = frame.select(pl.when(here).then(value).otherwise(pl.col(component).cast(pl.String)).alias(component))
    return frame.with_columns(coded(new.to_series()))

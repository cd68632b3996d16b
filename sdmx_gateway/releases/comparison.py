"""Tables of different releases made comparable, and their difference told dimension by dimension.

Two releases may have been made under two versions of one data structure. What the newer form of it adds is null in
the older table, what it gave up is not compared; a change of its dimensions makes another dataflow, and is refused.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

import polars as pl

from sdmx_gateway.errors import StoreError, StructureError, UsageError
from sdmx_gateway.observations import KEY_SEPARATOR, Dataset, Difference, column_type
from sdmx_gateway.structures.model import Dataflow, DataStructure

_TIME: Final = "TIME_PERIOD"  # the only id a time dimension may have: SDMX 3.0 SDMXStructureDataStructure.xsd
_CHANGES: Final = ("revised", "added", "withdrawn", "requalified")
_BEFORE: Final = "__before"


def as_dataset(frame: pl.DataFrame, dataflow: Dataflow, structure: DataStructure) -> Dataset:
    """A released table as a dataset of this structure.

    Raises:
        StoreError: it has other dimensions, or a component took a type its values do not fit.
    """
    if dict(frame.schema) == {name: column_type(component) for name, component in structure.components.items()}:
        return Dataset(dataflow, structure, frame)
    try:
        dataset = Dataset.of(dataflow, structure, frame.select(c for c in structure.components if c in frame.columns))
    except StructureError as error:
        raise _incomparable(dataflow, structure, error.why) from error
    if misplaced(dataset):
        raise _incomparable(dataflow, structure, "a dimension was given up: its observations lie on one another")
    return dataset


def misplaced(dataset: Dataset) -> int:
    """How many observations do not come after the one before by their key: out of order, or the same key again."""
    later = pl.lit(False)
    for dimension in reversed(dataset.structure.dimensions):
        here, before = pl.col(dimension.id), pl.col(dimension.id).shift(1)
        later = (here > before) | ((here == before) & later)
    return int(dataset.frame.select((~later).sum()).item())


def summarise(difference: Difference, dimension: str, measure: str) -> pl.DataFrame:
    """The difference counted by the codes of one dimension, with the largest revision of a measure under each.

    Args:
        difference: of two tables of one structure.
        dimension: id of the dimension to count by; the time dimension does as well.
        measure: id of the measure whose largest revision is wanted, in absolute terms; a value that appears or
            disappears has no size and is only counted.

    Returns:
        One row per code that has a change, most revisions first: the dimension (String), ``revised``, ``added``,
        ``withdrawn``, ``requalified`` (Int64), ``largest_revision_key`` (the series key), ``largest_revision_period``
        (String), ``before``, ``after`` (the measure's type), ``percent`` (Float64, of the value before; null when
        that is 0). The last five are null where nothing was revised, or the measure is not numeric.

    Raises:
        UsageError: there is no such dimension or measure in the table.
    """
    changes = difference.changes
    place = changes.columns.index("change")
    _known(dimension, changes.columns[:place], "dimension")
    _known(measure, [name for name in changes.columns[place + 1 :] if f"{name}{_BEFORE}" in changes.columns], "measure")
    counts = changes.group_by(dimension).agg(
        (pl.col("change") == change).sum().cast(pl.Int64).alias(change) for change in _CHANGES
    )
    summary = counts.join(_largest_revisions(changes, dimension, measure), on=dimension, how="left")
    return summary.sort([*_CHANGES[:3], dimension], descending=[True, True, True, False])


def _largest_revisions(changes: pl.DataFrame, dimension: str, measure: str) -> pl.DataFrame:
    dimensions = changes.columns[: changes.columns.index("change")]
    series = [pl.col(name) for name in dimensions if name != _TIME]
    before, after = pl.col(f"{measure}{_BEFORE}"), pl.col(measure)
    is_numeric = changes.schema[measure].is_numeric()
    move = after.cast(pl.Float64) - before.cast(pl.Float64) if is_numeric else pl.lit(None, pl.Float64)
    base = before.cast(pl.Float64).abs() if is_numeric else pl.lit(None, pl.Float64)
    told = changes.filter(pl.col("change") == "revised").select(
        pl.col(dimension),
        pl.concat_str(series, separator=KEY_SEPARATOR).alias("largest_revision_key"),
        (pl.col(_TIME) if _TIME in dimensions else pl.lit(None, pl.String)).alias("largest_revision_period"),
        before.alias("before"),
        after.alias("after"),
        pl.when(base > 0).then(100 * move / base).alias("percent"),
        move.abs().fill_nan(None).alias("size"),
    )
    sized = told.filter(pl.col("size") > 0).sort("size", descending=True, maintain_order=True)
    return sized.group_by(dimension, maintain_order=True).first().drop("size")


def _known(name: str, offered: list[str], what: str) -> None:
    if name not in offered:
        nearest = get_close_matches(name, offered, n=1, cutoff=0.0)
        raise UsageError(
            f"{name!r} is no {what} of these releases",
            why=f"there are {', '.join(offered)}",
            remedy=f"ask for {nearest[0]}" if nearest else "",
        )


def _incomparable(dataflow: Dataflow, structure: DataStructure, why: str) -> StoreError:
    return StoreError(
        f"an earlier release of {dataflow.urn.short} does not fit {structure.urn.short}",
        why=why,
        remedy="give the dataflow a new version when its dimensions change",
    )

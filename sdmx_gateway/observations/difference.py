"""What changed between two tables of the same structure, observation by observation.

Terms of the ESS: an observation is *added*, *withdrawn*, or *revised* (its value changed); a changed attribute
alone is *requalified*. Dataset-level attributes describe the whole table and are not compared here.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sdmx_gateway.observations.dataset import Dataset
from sdmx_gateway.structures.model import Attachment

ADDED, REVISED, REQUALIFIED, WITHDRAWN = "added", "revised", "requalified", "withdrawn"
_MISSING_SIDE = "__there"


@dataclass(frozen=True)
class Difference:
    """The changes from one table to the next.

    ``changes`` has the dimensions, a ``change`` column (``added``, ``revised``, ``requalified``, ``withdrawn``), and for each
    measure and observation-level attribute ``<id>`` (after) and ``<id>__before``; sorted like the tables.
    """

    changes: pl.DataFrame

    def count(self, change: str) -> int:
        """How many observations have this change."""
        return int((self.changes["change"] == change).sum())

    @property
    def summary(self) -> dict[str, int]:
        """Counts of every kind of change."""
        return {change: self.count(change) for change in (ADDED, REVISED, REQUALIFIED, WITHDRAWN)}

    def __bool__(self) -> bool:
        return not self.changes.is_empty()


def difference(before: Dataset | None, after: Dataset) -> Difference:
    """The changes from ``before`` (``None``: nothing yet) to ``after``; both of the same structure."""
    structure = after.structure
    keys = [d.id for d in structure.dimensions]
    measures = [m.id for m in structure.measures]
    attributes = [a.id for a in structure.attributes if a.relationship.attachment is not Attachment.DATASET]
    compared = [*measures, *attributes]
    new = after.frame.select([*keys, *compared])
    old = new.clear() if before is None else before.frame.select([*keys, *compared])
    joined = new.with_columns(pl.lit(True).alias(_MISSING_SIDE)).join(
        old.with_columns(pl.lit(True).alias(_MISSING_SIDE)), on=keys, how="full", suffix="__before", coalesce=True
    )
    differs = [pl.col(name).ne_missing(pl.col(f"{name}__before")) for name in compared]
    change = (
        pl.when(pl.col(f"{_MISSING_SIDE}__before").is_null())
        .then(pl.lit(ADDED))
        .when(pl.col(_MISSING_SIDE).is_null())
        .then(pl.lit(WITHDRAWN))
        .when(pl.any_horizontal(differs[: len(measures)]))
        .then(pl.lit(REVISED))
        .when(pl.any_horizontal(differs))
        .then(pl.lit(REQUALIFIED))
        .alias("change")
    )
    changes = (
        joined.with_columns(change)
        .filter(pl.col("change").is_not_null())
        .select([*keys, "change", *(name for c in compared for name in (c, f"{c}__before"))])
        .sort(keys)
    )
    return Difference(changes)

"""What checks work on and what they give back: a dataset with what it is compared with, and a frame of failures.

Checks are pure functions of a :class:`Subject`; they make no sentence. A frame of failures has one row per line of the
report, worst first, in columns whose names open with ``@`` so that no component's id can be in their way:

``@key`` (String, ``*`` for dimensions that are free), ``@period`` (String, null when the line is about several),
``@column`` (String, the component at fault), ``@value`` and ``@expected`` (any type), ``@count`` (observations the line
stands for), ``@struval`` (String), and whatever else the sentence of its wording names.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import polars as pl

from sdmx_gateway.observations import KEY_SEPARATOR, Dataset
from sdmx_gateway.structures import Catalogue
from sdmx_gateway.structures.model import DataStructure

FREE = "*"
"""What stands for a free dimension in a key (SDMX REST 2, key path parameter)."""


@dataclass(frozen=True)
class Subject:
    """What is being validated: the dataset, the structures that explain it, its previous release, if any; and when it is."""

    dataset: Dataset
    catalogue: Catalogue
    previous: Dataset | None = None
    at: datetime | None = None

    @property
    def frame(self) -> pl.DataFrame:
        """The observations."""
        return self.dataset.frame

    @property
    def structure(self) -> DataStructure:
        """Their structure."""
        return self.dataset.structure

    @property
    def time(self) -> str | None:
        """The time dimension."""
        return self.structure.time_dimension

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Every dimension, time included."""
        return tuple(dimension.id for dimension in self.structure.dimensions)

    @cached_property
    def measure(self) -> str:
        """The measure rules are about: the first numeric one."""
        return next(m.id for m in self.structure.measures if m.representation.data_type.is_numeric)

    def others(self, dimensions: Collection[str]) -> list[str]:
        """The dimensions that are not among these, in order."""
        return [name for name in self.keys if name not in dimensions]

    def place(self, known: Collection[str] | None = None) -> list[pl.Expr]:
        """``@key`` and ``@period`` of each row; dimensions not in ``known`` (default: all are) are free."""
        return [self._key(known).alias("@key"), self._period(known).alias("@period")]

    def _key(self, known: Collection[str] | None) -> pl.Expr:
        parts = [
            pl.col(name).fill_null("") if known is None or name in known else pl.lit(FREE)
            for name in self.structure.key_dimensions
        ]
        return pl.concat_str(parts, separator=KEY_SEPARATOR)

    def _period(self, known: Collection[str] | None) -> pl.Expr:
        if self.time is None or (known is not None and self.time not in known):
            return pl.lit(None, dtype=pl.String)
        return pl.col(self.time)


@dataclass(frozen=True)
class Outcome:
    """What one check gave.

    Attributes:
        checked: how many comparisons were made.
        failed: how many of them failed; the sum of ``@count``.
        failures: the lines; see the module.
        wording: which sentence of :data:`.wording.WORDINGS` says them.
        skipped: how many comparisons could not be made.
        not_run: the wording of why nothing was checked, when there is more to say than that nothing was there.

    """

    checked: int
    failed: int
    failures: pl.DataFrame
    wording: str
    skipped: int = 0
    not_run: str = "nothing-to-check"

    @classmethod
    def of(cls, failures: pl.DataFrame, *, checked: int, wording: str, skipped: int = 0) -> Outcome:
        """An outcome whose ``failed`` is counted from its lines."""
        failed = int(failures["@count"].sum()) if "@count" in failures.columns else failures.height
        return cls(checked, failed, failures, wording, skipped)

    @classmethod
    def nothing(cls, wording: str, not_run: str = "nothing-to-check") -> Outcome:
        """The outcome of a check that met nothing."""
        return cls(0, 0, pl.DataFrame(), wording, not_run=not_run)


def known(column: str) -> pl.Expr:
    """A measure's values where there is one: null where absent or intentionally missing (NaN)."""
    return pl.when(pl.col(column).cast(pl.Float64).is_nan()).then(None).otherwise(pl.col(column))

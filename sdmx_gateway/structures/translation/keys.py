"""Keys with several values of a dimension (SDMX 3.1) as several keys with one value each: the same set of keys."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import prod
from typing import Final

from sdmx_gateway.errors import Problem
from sdmx_gateway.structures.model import DataConstraint, DataKey, DataKeySet
from sdmx_gateway.structures.translation.outcome import told

MOST_KEYS: Final = 100_000
"""How many keys those of one constraint may become."""


def single_valued(constraint: DataConstraint) -> tuple[DataKeySet, ...] | None:
    """The key sets with one value for each dimension of a key; ``None`` when they would be more than MOST_KEYS keys."""
    keys = [key for key_set in constraint.key_sets for key in key_set.keys]
    if all(len(selection.values) == 1 for key in keys for selection in key.keys):
        return constraint.key_sets
    if sum(prod(len(selection.values) for selection in key.keys) for key in keys) > MOST_KEYS:
        return None
    return tuple(
        replace(key_set, keys=tuple(each for key in key_set.keys for each in _each(key)))
        for key_set in constraint.key_sets
    )


def one_by_one(constraint: DataConstraint) -> Problem:
    """The note that keys were multiplied."""
    return told(constraint.urn, "its keys with several values of a dimension are written one by one")


def _each(key: DataKey) -> tuple[DataKey, ...]:
    combinations = product(*(selection.values for selection in key.keys))
    return tuple(
        replace(key, keys=tuple(replace(s, values=(v,)) for s, v in zip(key.keys, values, strict=True)))
        for values in combinations
    )

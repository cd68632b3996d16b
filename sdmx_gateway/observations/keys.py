"""Series keys: the codes of the non-time dimensions, in order, joined by dots (SDMX REST, key path parameter)."""

from __future__ import annotations

from typing import Final

import polars as pl

from sdmx_gateway.structures.model import DataStructure

KEY_SEPARATOR: Final = "."


def series_key(structure: DataStructure) -> pl.Expr:
    """The series key of each row, as an expression named ``key``: ``A.D75.HOMICIDE.VICTIM``."""
    return pl.concat_str([pl.col(name) for name in structure.key_dimensions], separator=KEY_SEPARATOR).alias("key")

"""Values and their spelling: exact both ways, and the same in every format.

Numbers are written with the fewest digits that read back as the same value, never with an exponent, which XML
Schema forbids in ``xs:decimal`` (XML Schema Part 2, §3.2.3), and whole ones without a fraction. "Intentionally missing" is ``NaN``
in every numeric component: SDMX-ML 2.0 says so for observation values and SDMX 2.1 and 3.0 say nothing else; SDMX 3.1
keeps ``NaN`` for Float and Double and gives the other types ``#N/A`` (SDMX-CSV 2.1 field guide, Intentionally missing
values), so both words are read. An absent value is an absent attribute, an empty cell or ``null``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

import polars as pl
from polars.datatypes import DataType as PolarsType
from polars.datatypes import DataTypeClass

from sdmx_gateway.structures.model import DataType

PolarsDataType: TypeAlias = PolarsType | DataTypeClass

NOT_A_NUMBER: Final = "NaN"
MISSING_WORDS: Final = (NOT_A_NUMBER, "#N/A")

_INTEGER = r"^[+-]?[0-9]+$"
_DECIMAL = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$"
_DOUBLE = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_BOOLEAN = r"^(true|false|1|0)$"

SPELLINGS: Final[Mapping[DataType, str]] = {
    DataType.INTEGER: _INTEGER,
    DataType.LONG: _INTEGER,
    DataType.DECIMAL: _DECIMAL,
    DataType.DOUBLE: _DOUBLE,
    DataType.FLOAT: _DOUBLE,
    DataType.BOOLEAN: _BOOLEAN,
}
"""How a value of each type may be spelt (XML Schema Part 2, §3.2 and §3.3), in polars' regular expressions.

Infinity is left out: no statistic is infinite, and neither ``xs:decimal`` nor JSON can say it.
"""


def spelt(column: pl.Expr, dtype: PolarsDataType) -> pl.Expr:
    """A column of single values as text: String in, out; Int64, Float64 and Boolean by the rules of this module.

    >>> frame = pl.DataFrame({"v": [788.0, 0.1, 1e-7, 1.5e21, float("nan"), None]})
    >>> frame.select(spelt(pl.col("v"), pl.Float64()))["v"].to_list()
    ['788', '0.1', '0.0000001', '1500000000000000000000', 'NaN', None]
    """
    if dtype.is_float():
        return _positional(column.cast(pl.String).str.strip_suffix(".0"))
    return column if dtype == pl.String else column.cast(pl.String)


def _positional(text: pl.Expr) -> pl.Expr:
    """``1.5e-7`` as ``0.00000015``: digits shifted by the exponent; what has no exponent is left alone."""
    exponent = text.str.extract(r"e([+-]?[0-9]+)$").cast(pl.Int64)
    digits = text.str.extract(r"^-?([0-9.]+)e").str.replace(".", "", literal=True)
    sign = pl.when(text.str.starts_with("-")).then(pl.lit("-")).otherwise(pl.lit(""))
    large = digits.str.pad_end((exponent + 1).clip(lower_bound=0), "0")
    small = pl.lit("0.") + digits.str.pad_start((digits.str.len_bytes() - exponent - 1).clip(lower_bound=0), "0")
    shifted = sign + pl.when(exponent >= 0).then(large).otherwise(small)
    return pl.when(exponent.is_null()).then(text).otherwise(shifted)


def understood(column: pl.Series, data_type: DataType, dtype: PolarsDataType) -> tuple[pl.Series, pl.Series]:
    """A String column read as single values of a type, and where that fails.

    Args:
        column: the texts; null is absent.
        data_type: what they are to be.
        dtype: the polars type of the result.

    Returns:
        The values (null where absent, where intentionally missing and no number type can say so, and where the text
        is wrong), and a Boolean column that is true where the text is wrong.
    """
    spelling = SPELLINGS.get(data_type)
    if spelling is None:
        return column, pl.repeat(False, len(column), dtype=pl.Boolean, eager=True)
    missing = column.is_in(MISSING_WORDS).fill_null(False) if data_type.is_numeric else pl.lit(False)
    frame = pl.DataFrame({"text": column}).with_columns(missing=missing)
    right = pl.col("text").str.contains(spelling)
    value: pl.Expr = pl.when(right).then(_cast(pl.col("text"), dtype))
    if dtype.is_float():
        value = pl.when(pl.col("missing")).then(pl.lit(float("nan"))).otherwise(value)
    read = frame.select(value=value, text="text", missing="missing")
    unfit = pl.col("value").is_infinite() if dtype.is_float() else pl.lit(False)
    wrong = pl.col("text").is_not_null() & ~pl.col("missing") & (pl.col("value").is_null() | unfit)
    out = read.select("value", wrong=wrong)
    return out["value"], out["wrong"]


def _cast(text: pl.Expr, dtype: PolarsDataType) -> pl.Expr:
    if dtype == pl.Boolean:
        return text.is_in(["true", "1"])
    return text.cast(dtype, strict=False)

"""Numbers as French statistical offices write them, read to the last digit: ``1 234``, ``0,5``, ``7,83e-03``, ``12,5 %``.

Whole numbers become ``Int64``; all others ``Decimal`` of 38 digits, so that what is added up is what was written: no figure ever
ends in …0000001. The other decimal sign is not understood, on purpose: a point in a file of commas is a fault, not a number.
"""

from __future__ import annotations

from typing import Final

import polars as pl

_SPACES: Final = "[\u0020\u00a0\u202f\u2009]"
_PLAIN: Final = r"[+-]?\d+"
_GROUPED: Final = rf"[+-]?\d{{1,3}}(?:{_SPACES}\d{{3}})+"
_EXPONENT: Final = r"(?:[eE][+-]?\d{1,3})?"
_PERCENT: Final = rf"{_SPACES}*%$"
DIGITS: Final = 38
"""Digits kept of a decimal number, before and behind the point together."""
MOST_DECIMALS: Final = 24
"""Decimals kept; a number with more is no figure of statistics, and is not read."""
_INTEGER_DIGITS: Final = 18


def whole_numbers(texts: pl.Series, *, decimal: str, shift: pl.Series | int = 0, percent: bool = False) -> pl.Series:
    """The whole numbers that texts spell, as ``Int64``; null where one is no number, has a fraction, or is too large.

    Args:
        texts: ``String``.
        decimal: the decimal sign of the file.
        shift: how many places the point moves to the right, for all or one for each.
        percent: whether the sign ``%`` may stand behind the number.

    """
    frame = _taken_apart(texts, decimal=decimal, shift=shift, percent=percent)
    zeros = pl.col("digits") + _zeros(pl.col("exponent"))
    fits = (pl.col("exponent") >= 0) & (pl.col("digits").str.len_bytes() + pl.col("exponent") <= _INTEGER_DIGITS)
    number = (pl.col("sign") + pl.when(fits).then(zeros)).cast(pl.Int64, strict=False)
    return frame.select(number.alias(texts.name)).to_series()


def decimal_numbers(texts: pl.Series, *, decimal: str, shift: pl.Series | int = 0, percent: bool = False) -> pl.Series:
    """The numbers that texts spell, as ``Decimal`` of the scale they need; null where one is none or does not fit.

    Args:
        texts: ``String``.
        decimal: the decimal sign of the file.
        shift: how many places the point moves to the right, for all or one for each.
        percent: whether the sign ``%`` may stand behind the number.

    """
    frame = _taken_apart(texts, decimal=decimal, shift=shift, percent=percent)
    frame = frame.with_columns(
        pl.when(pl.col("exponent") >= -MOST_DECIMALS).then("digits").alias("digits"),
    )
    places = frame.select((-pl.col("exponent").filter(pl.col("digits").is_not_null())).max()).item()
    scale = max(int(places or 0), 0)
    moved = pl.col("exponent") + scale
    fits = pl.col("digits").str.len_bytes() + moved <= DIGITS - 1
    unscaled = pl.when(fits).then(pl.col("digits") + _zeros(moved)).str.zfill(scale + 1)
    text = (
        pl.col("sign") + unscaled.str.head(-scale) + pl.lit(".") + unscaled.str.tail(scale)
        if scale
        else pl.col("sign") + unscaled
    )
    return frame.select(text.cast(pl.Decimal(DIGITS, scale), strict=False).alias(texts.name)).to_series()


def is_number(texts: pl.Series, *, decimal: str) -> pl.Series:
    """Which texts spell a number."""
    return _taken_apart(texts, decimal=decimal, shift=0, percent=False)["digits"].is_not_null()


def float_of(column: pl.Series) -> pl.Series:
    """Exact decimals as the nearest ``Float64``, by way of their digits; any other number cast."""
    if isinstance(column.dtype, pl.Decimal):
        return column.cast(pl.String).cast(pl.Float64)
    return column.cast(pl.Float64)


def _taken_apart(texts: pl.Series, *, decimal: str, shift: pl.Series | int, percent: bool) -> pl.DataFrame:
    """``sign``, ``digits`` without zeros at their ends, and ``exponent`` (``Int64``) of each number; null where a text is none."""
    sign = r"\." if decimal == "." else ","
    text = pl.col("text").str.strip_chars()
    text = text.str.replace(_PERCENT, "") if percent else text
    written = text.str.contains(rf"^(?:{_PLAIN}|{_GROUPED})(?:{sign}\d+)?{_EXPONENT}$|^[+-]?{sign}\d+{_EXPONENT}$")
    bare = pl.when(written).then(text.str.replace_all(_SPACES, "").str.replace(sign, "."))
    before, behind = bare.str.extract(r"^[+-]?(\d*)"), bare.str.extract(r"\.(\d*)").fill_null("")
    power = bare.str.extract(r"[eE]([+-]?\d+)$").cast(pl.Int64).fill_null(0)
    moved = (
        pl.Series("shift", [shift]).new_from_index(0, texts.len()) if isinstance(shift, int) else shift.alias("shift")
    )
    digits = (before + behind).str.strip_chars_start("0")
    frame = pl.DataFrame({"text": texts.cast(pl.String), "shift": moved.cast(pl.Int64)}).select(
        pl.when(bare.str.starts_with("-")).then(pl.lit("-")).otherwise(pl.lit("")).alias("sign"),
        digits.alias("digits"),
        (power - behind.str.len_bytes().cast(pl.Int64) + pl.col("shift")).alias("exponent"),
    )
    kept = pl.col("digits").str.strip_chars_end("0")
    dropped = (pl.col("digits").str.len_bytes() - kept.str.len_bytes()).cast(pl.Int64)
    is_zero = kept == ""
    return frame.with_columns(
        pl.when(is_zero).then(pl.lit("0")).otherwise(kept).alias("digits"),
        pl.when(is_zero).then(0).otherwise(pl.col("exponent") + dropped).alias("exponent"),
    )


def _zeros(count: pl.Expr) -> pl.Expr:
    """So many zeros; none where there should be fewer than one."""
    return pl.lit("").str.pad_start(count.clip(0, DIGITS).cast(pl.UInt64), "0")

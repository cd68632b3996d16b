"""What national spellings of numbers and periods mean, as polars expressions: null where a text is not one."""

from __future__ import annotations

from typing import Final

import polars as pl

_SPACES: Final = "[\u0020\u00a0\u202f\u2009]"
_PLAIN: Final = r"[+-]?\d+"
_GROUPED: Final = rf"[+-]?\d{{1,3}}(?:{_SPACES}\d{{3}})+"
_EXPONENT: Final = r"(?:[eE][+-]?\d{1,3})?"
_LARGEST_EXACT: Final = float(2**53)
"""Beyond this, doubles no longer hold every integer."""


def number(text: pl.Expr, *, decimal: str, integer: bool) -> pl.Expr:
    """Numbers as French statistical offices write them: ``1 234``, ``0,5``, ``7,83e-03``, ``5e+05``.

    The other decimal sign is not understood, on purpose: a point in a file of commas is a fault, not a number.

    Returns:
        ``Int64`` when ``integer`` (a fraction is then null), else ``Float64``.

    """
    trimmed = text.str.strip_chars()
    sign = r"\." if decimal == "." else ","
    written = trimmed.str.contains(rf"^(?:{_PLAIN}|{_GROUPED})(?:{sign}\d+)?{_EXPONENT}$|^[+-]?{sign}\d+{_EXPONENT}$")
    bare = trimmed.str.replace_all(_SPACES, "").str.replace(sign, ".")
    real = pl.when(written).then(bare).cast(pl.Float64, strict=False)
    if not integer:
        return real
    whole = pl.when((real == real.round(0)) & (real.abs() <= _LARGEST_EXACT)).then(real).cast(pl.Int64, strict=False)
    exact = pl.when(written & bare.str.contains(rf"^{_PLAIN}$")).then(bare).cast(pl.Int64, strict=False)
    return pl.coalesce(exact, whole)


_YEAR: Final = r"^(\d{4})$"
_SHORT_YEAR: Final = r"^(\d{2})$"
_MONTH: Final = r"^(\d{4})[M_-]?(0[1-9]|1[0-2])$"
_QUARTER: Final = r"^(\d{4})[-_ ]?[TQ]([1-4])$"
_CENTURY_PIVOT: Final = 69
"""Two-digit years up to this one are of the 2000s (POSIX ``strptime`` %y)."""


def period(text: pl.Expr, grammar: str) -> pl.Expr:
    """The SDMX reference period (SDMX 3.0 Section 6, §4.2) of a national spelling.

    ``year``: ``2016`` and ``16``; ``month``: ``2016M01``, ``2016_01``, ``2016-01``; ``quarter``: ``2016T1``, ``2016-Q1``;
    ``any``: whichever of these it is, years in four digits only.
    """
    trimmed = text.str.strip_chars()
    year = trimmed.str.extract(_YEAR)
    short = trimmed.str.extract(_SHORT_YEAR)
    century = pl.when(short.cast(pl.Int32, strict=False) <= _CENTURY_PIVOT).then(pl.lit("20")).otherwise(pl.lit("19"))
    month = pl.when(trimmed.str.contains(_MONTH)).then(trimmed.str.replace(_MONTH, "${1}-${2}"))
    quarter = pl.when(trimmed.str.contains(_QUARTER)).then(trimmed.str.replace(_QUARTER, "${1}-Q${2}"))
    grammars = {
        "year": (year, pl.when(short.is_not_null()).then(century + short)),
        "month": (month,),
        "quarter": (quarter,),
        "any": (year, month, quarter),
    }
    return pl.coalesce(grammars[grammar])


def frequency(text: pl.Expr) -> pl.Expr:
    """The code of ``SDMX:CL_FREQ`` of the period a text spells: A, Q or M."""
    found = period(text, "any")
    return (
        pl.when(found.str.contains(_YEAR))
        .then(pl.lit("A"))
        .when(found.str.contains("-Q"))
        .then(pl.lit("Q"))
        .when(found.is_not_null())
        .then(pl.lit("M"))
    )

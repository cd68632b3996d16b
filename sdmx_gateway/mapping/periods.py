"""Reference periods as national files spell them, as SDMX spells them (SDMX 3.0 Section 6, §4.2): a table of spellings.

``2016``, ``2016T1``, ``1er trimestre 2020``, ``janv. 2020``, ``2016M01``, ``2020-W05``, ``S1 2020``, ``au 31/12/2020`` …
``T`` is a quarter, as French offices write it; SDMX's ``T``, four months, is understood from its French name alone, *quadrimestre*. ``S``
before one digit is a half-year, before two a week (*semaine*).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

_CENTURY_PIVOT: Final = 69
"""Two-digit years up to this one are of the 2000s (POSIX ``strptime`` %y)."""
_MONTHS: Final = (
    ("janvier", "janv", "jan", "january"),
    ("fevrier", "fevr", "fev", "february", "feb"),
    ("mars", "mar", "march"),
    ("avril", "avr", "april", "apr"),
    ("mai", "may"),
    ("juin", "june", "jun"),
    ("juillet", "juil", "july", "jul"),
    ("aout", "august", "aug"),
    ("septembre", "sept", "sep", "september"),
    ("octobre", "oct", "october"),
    ("novembre", "nov", "november"),
    ("decembre", "dec", "december"),
)
_NUMBER_OF: Final = {name: f"{number:02}" for number, names in enumerate(_MONTHS, 1) for name in names}
_NAME: Final = r"(?P<name>" + "|".join(sorted(_NUMBER_OF, key=lambda name: -len(name))) + r")\.?"
_YEAR: Final = r"(?P<y>\d{4})"
_DAY: Final = r"(?P<d>0?[1-9]|[12]\d|3[01])"
_MONTH: Final = r"(?P<m>0?[1-9]|1[0-2])"
_AT: Final = r"(?:au |le )?"
_NTH: Final = r" ?(?:er|re|e|eme|ere|nd|nde|d)? ?"


@dataclass(frozen=True)
class Kind:
    """A kind of period: its code in ``SDMX:CL_FREQ``, how it is written in SDMX, and its spellings, in lower case without accents."""

    frequency: str
    written: str
    spellings: tuple[str, ...]


KINDS: Final = {
    "year": Kind("A", "{y}", (_YEAR, rf"(?:annee|an) {_YEAR}", rf"{_YEAR}-?a1")),
    "semester": Kind(
        "S",
        "{y}-S{n}",
        (
            rf"{_YEAR}[-_ ]?[sh](?P<n>[12])",
            rf"[sh](?P<n>[12])[-_ /]?{_YEAR}",
            rf"(?P<n>[12]){_NTH}sem(?:estre|\.)? {_YEAR}",
        ),
    ),
    "trimester": Kind("T", "{y}-T{n}", (rf"(?P<n>[123]){_NTH}quad(?:rimestre|\.)? {_YEAR}",)),
    "quarter": Kind(
        "Q",
        "{y}-Q{n}",
        (
            rf"{_YEAR}[-_ ]?[tq](?P<n>[1-4])",
            rf"[tq](?P<n>[1-4])[-_ /]?{_YEAR}",
            rf"(?P<n>[1-4]){_NTH}trim(?:estre|\.)? {_YEAR}",
        ),
    ),
    "month": Kind(
        "M",
        "{y}-{m}",
        (
            rf"{_YEAR}(?:-?m|[-_/])?(?P<m>0[1-9]|1[0-2])",
            rf"(?P<m>0[1-9]|1[0-2])[-_/]{_YEAR}",
            rf"{_NAME}[-_ /]?{_YEAR}",
            rf"{_YEAR}[-_ /]?{_NAME}",
        ),
    ),
    "week": Kind(
        "W",
        "{y}-W{n}",
        (
            rf"{_YEAR}[-_ ]?[ws](?P<n>0[1-9]|[1-4]\d|5[0-3])",
            rf"s(?P<n>0[1-9]|[1-4]\d|5[0-3])[-_ /]?{_YEAR}",
            rf"(?:semaine|sem\.?|week) ?(?P<n>0?[1-9]|[1-4]\d|5[0-3])[-_ /]?{_YEAR}",
        ),
    ),
    "day": Kind(
        "D",
        "{y}-{m}-{d}",
        (
            rf"{_AT}{_YEAR}-(?P<m>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12]\d|3[01])",
            rf"{_AT}{_DAY}/{_MONTH}/{_YEAR}",
            rf"{_AT}{_DAY}(?:er)? {_NAME} {_YEAR}",
        ),
    ),
}
"""Every kind, by the word of the mapping language, the longest period first."""
_LAST_DAY: Final = (rf"{_AT}31/12/{_YEAR}", rf"{_AT}{_YEAR}-12-31", rf"{_AT}31 decembre {_YEAR}")
"""A stock at the end of a year is of that year, where years are expected."""


def period(texts: pl.Series, grammar: str) -> pl.Series:
    """The SDMX period of each text; null where it is none of that grammar.

    Args:
        texts: ``String``.
        grammar: a word of :data:`KINDS`, or ``any`` for whichever it is. A ``year`` may have two digits (``16``) and be the last day of one
            (``au 31/12/2020``).

    >>> period(pl.Series(["2016T1", "janv. 2020", "16"]), "any").to_list()
    ['2016-Q1', '2020-01', None]
    """
    kinds = KINDS.values() if grammar == "any" else (KINDS[grammar],)
    ways = [_written(kind) for kind in kinds]
    if grammar == "year":
        ways += [_short_year(), *(_group(spelling, "y") for spelling in _LAST_DAY)]
    return _plain(texts).select(pl.coalesce(ways).alias(texts.name)).to_series()


def frequency(texts: pl.Series) -> pl.Series:
    """The code of ``SDMX:CL_FREQ`` of the period each text spells; null where it spells none.

    >>> frequency(pl.Series(["2016", "1er trimestre 2020", "?"])).to_list()
    ['A', 'Q', None]
    """
    ways = [pl.when(_written(kind).is_not_null()).then(pl.lit(kind.frequency)) for kind in KINDS.values()]
    return _plain(texts).select(pl.coalesce(ways).alias(texts.name)).to_series()


def _plain(texts: pl.Series) -> pl.DataFrame:
    """A frame of one column ``text``: without accents, capitals and double spaces."""
    text = pl.col("text").str.replace_all("[\u00a0\u202f\\s]+", " ").str.strip_chars().str.to_lowercase()
    text = text.str.replace_many(["é", "è", "ê", "û", "ù", "ᵉ", "ʳ"], ["e", "e", "e", "u", "u", "e", "r"])
    return pl.DataFrame({"text": texts.cast(pl.String)}).select(text)


def _written(kind: Kind) -> pl.Expr:
    return pl.coalesce([_spelt(kind, spelling) for spelling in kind.spellings])


def _spelt(kind: Kind, spelling: str) -> pl.Expr:
    """The period in SDMX's writing, where a text has this spelling."""
    year = _group(spelling, "y")
    parts = {"y": year, "n": _group(spelling, "n"), "m": _month(spelling), "d": _group(spelling, "d").str.zfill(2)}
    if kind.frequency == "W":
        parts["n"] = parts["n"].str.zfill(2)
    if kind.frequency == "D":
        day = pl.concat_str([parts["y"], parts["m"], parts["d"]], separator="-")
        return pl.when(day.str.to_date("%Y-%m-%d", strict=False).is_not_null()).then(day)
    names = [name for name in ("y", "n", "m") if f"{{{name}}}" in kind.written]
    template = kind.written
    for name in names:
        template = template.replace(f"{{{name}}}", "{}")
    return pl.format(template, *(parts[name] for name in names))


def _month(spelling: str) -> pl.Expr:
    if "?P<name>" in spelling:
        return _group(spelling, "name").replace_strict(_NUMBER_OF, default=None, return_dtype=pl.String)
    return _group(spelling, "m").str.zfill(2)


def _group(spelling: str, name: str) -> pl.Expr:
    if f"?P<{name}>" not in spelling:
        return pl.lit(None, dtype=pl.String)
    return pl.col("text").str.extract_groups(f"^(?:{spelling})$").struct.field(name)


def _short_year() -> pl.Expr:
    short = pl.col("text").str.extract(r"^(\d{2})$")
    century = pl.when(short.cast(pl.Int32, strict=False) <= _CENTURY_PIVOT).then(pl.lit("20")).otherwise(pl.lit("19"))
    return century + short

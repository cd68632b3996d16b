"""What every declaration of a source has in common: it is frozen, and refuses words and patterns that cannot be."""

from __future__ import annotations

import re
from typing import Annotated

import polars as pl
from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Declared(BaseModel):
    """A part of a declaration: frozen, and refusing words it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def compiling(pattern: str) -> str:
    r"""The pattern, if it is a regular expression as both Python and polars read them; ``ValueError`` otherwise.

    >>> compiling(r"(?P<year>\d{4})")
    '(?P<year>\\d{4})'
    """
    try:
        re.compile(pattern)
        pl.Series([""]).str.contains(f"^(?:{pattern})$")
    except re.error as error:
        raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error
    except pl.exceptions.ComputeError as error:
        reason = " ".join(str(error).split())
        raise ValueError(f"{pattern!r} is not a regular expression that can be read: {reason}") from error
    return pattern


def groups_of(pattern: str) -> tuple[str, ...]:
    r"""The names of the groups of a regular expression.

    >>> groups_of(r"(?P<year>\d{4}) (?P<force>PN|GN)")
    ('year', 'force')
    """
    return tuple(re.compile(pattern).groupindex)


def whole(pattern: str) -> str:
    """The pattern as one the whole of a text must fit, spaces around it apart."""
    return rf"^\s*(?:{pattern})\s*$"


Pattern = Annotated[str, AfterValidator(compiling)]
"""A regular expression."""
Reason = Annotated[str, Field(min_length=3)]
"""Why something is so, for whoever reads it next year."""

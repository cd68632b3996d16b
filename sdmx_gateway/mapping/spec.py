"""The mapping language: what a ``mapping.toml`` may say, as frozen pydantic models. ``docs/mapping-language.md`` teaches it.

A spec is data. What it means is in :mod:`sdmx_gateway.mapping.convert` and the modules it calls.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Literal

from pydantic import Field, field_validator, model_validator

from sdmx_gateway.sources.family import Declared, SourceFamily, compiling
from sdmx_gateway.structures.model import Kind, Text, Urn

RELATIONS: Final = ("exact", "narrower", "broader", "partial")
"""How a source concept lies to the target's, from the best fit to the worst; ``left_out`` is none of them."""
LEFT_OUT: Final = "left_out"


class Rule(Declared):
    """How one component gets its value. Exactly one of ``constant``, ``from``, ``lookup``, ``note_of`` says where from.

    Attributes:
        constant: the same value everywhere.
        source: (``from``) a logical column, ``@edition``, ``@file``, another ``@name``, or several columns.
        codes: code table, from the columns to the component's codes.
        ignore_case: match code tables blind to case, spaces and the kind of apostrophe.
        pattern: regular expression the whole text must fit; ``to`` is the result, with ``{1}`` … for its groups.
        period: grammar of a reference period.
        frequency: take the frequency the period is of.
        type: grammar of a number; ``missing`` lists the spellings of an absent one.
        lookup: table from components already given to this one; an empty cell stands for any; the first fit wins.
        default: value where no line of ``lookup`` fits.
        note_of: the note of the code-table line used for that component, where its relation is not exact.

    """

    constant: str | None = None
    source: str | tuple[str, ...] | None = Field(default=None, alias="from")
    codes: str | None = None
    ignore_case: bool = False
    pattern: str | None = None
    to: str | None = None
    period: Literal["year", "month", "quarter", "any"] | None = None
    frequency: bool = False
    type: Literal["integer", "decimal"] | None = None
    missing: tuple[str, ...] = ()
    lookup: str | None = None
    default: str | None = None
    note_of: str | None = None

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        return None if pattern is None else compiling(pattern)

    @model_validator(mode="after")
    def _says_one_thing(self) -> Rule:
        origins = [n for n in ("constant", "source", "lookup", "note_of") if getattr(self, n) is not None]
        if len(origins) != 1:
            raise ValueError("a rule says exactly one of constant, from, lookup, note_of")
        means = [n for n in ("codes", "pattern", "period", "type") if getattr(self, n)] + (
            ["frequency"] if self.frequency else []
        )
        if len(means) > 1:
            raise ValueError(
                f"a rule says at most one of codes, pattern, period, frequency, type; this one says {', '.join(means)}"
            )
        if means and origins != ["source"]:
            raise ValueError(f"{means[0]} needs from")
        if (self.pattern is None) != (self.to is None):
            raise ValueError("pattern and to go together")
        if isinstance(self.source, tuple) and self.codes is None:
            raise ValueError("several columns need a code table")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns the rule takes from."""
        if self.source is None:
            return ()
        return (self.source,) if isinstance(self.source, str) else self.source


class LeaveOut(Declared):
    """Rows of a source that are left out, and why. With ``expect = "zero"`` a figure other than zero there is an error."""

    where: dict[str, tuple[str, ...]] = Field(min_length=1)
    because: str = Field(min_length=3)
    expect: Literal["zero"] | None = None


class Rate(Declared):
    """A figure a source gives twice: ``count`` / ``base`` × ``times`` is ``rate``, up to ``within``.

    Attributes:
        count, base, rate: logical columns.
        times: what the rate is per.
        within: the largest difference that rounding explains.
        where: texts of columns the check is for; ``not_for``: texts it is not for.

    """

    count: str
    base: str
    rate: str
    times: float = 1000
    within: float = Field(gt=0)
    where: dict[str, tuple[str, ...]] = {}
    not_for: dict[str, tuple[str, ...]] = {}
    because: str = Field(min_length=3)


class FileSource(SourceFamily):
    """A family of national files, with what of it is left out and the rules that hold for it alone."""

    leave_out: tuple[LeaveOut, ...] = ()
    rates: tuple[Rate, ...] = ()
    components: dict[str, Rule] = {}


class FlowSource(Declared):
    """Another dataflow, at its latest release. ``where`` selects by patterns (``D*``); the rest is out of scope, ``because``."""

    dataflow: str
    where: dict[str, tuple[str, ...]] = {}
    because: str = ""
    leave_out: tuple[LeaveOut, ...] = ()
    components: dict[str, Rule] = {}

    @model_validator(mode="after")
    def _scope_has_a_reason(self) -> FlowSource:
        Urn.short_form(Kind.DATAFLOW, self.dataflow)
        if self.where and not self.because:
            raise ValueError("a selection needs its reason: because")
        return self

    @property
    def urn(self) -> Urn:
        """The dataflow taken from."""
        return Urn.short_form(Kind.DATAFLOW, self.dataflow)


class Guard(Declared):
    """Within each combination of ``per`` there is one value of ``one``: a mix is refused."""

    one: str
    per: tuple[str, ...] = Field(min_length=1)
    because: str = Field(min_length=3)


class Aggregate(Declared):
    """Rows of one key are summed; ``same`` must not vary inside a sum."""

    OBS_VALUE: Literal["sum"] = "sum"
    same: tuple[str, ...] = ()
    because: str = Field(min_length=3)


class Complete(Declared):
    """Narrower parts that together make a code exactly: given only where all are there, and then exact."""

    component: str
    target: str
    parts: dict[str, tuple[str, ...]] = Field(min_length=1, max_length=1)
    because: str = Field(min_length=3)


class Rollup(Declared):
    """Aggregates along the tree of a dimension's code list.

    Attributes:
        dimension: the dimension summed over.
        base: patterns of the codes that are summed.
        to: patterns of the ancestors wanted; all of them when left out.
        not_for: codes of other components whose figures do not add up; no aggregate is made of them.
        published: an aggregate the source gives itself is kept as published.

    """

    dimension: str
    base: tuple[str, ...] = Field(min_length=1)
    to: tuple[str, ...] = ("*",)
    not_for: dict[str, tuple[str, ...]] = {}
    published: Literal["keep"] = "keep"
    because: str = Field(min_length=3)


class Identity(Declared):
    """``[module]``: identification, names and target of a module."""

    id: str
    name: dict[str, str]
    description: dict[str, str] = {}
    target: str
    editions: Literal["replace", "accumulate"] = "replace"

    @field_validator("name")
    @classmethod
    def _in_both_languages(cls, name: dict[str, str]) -> dict[str, str]:
        if not {"fr", "en"} <= set(name):
            raise ValueError("a name in fr and in en")
        return name

    @property
    def urn(self) -> Urn:
        """The dataflow the module makes."""
        return Urn.short_form(Kind.DATAFLOW, self.target)

    @property
    def names(self) -> Text:
        """The module's names."""
        return Text(tuple(self.name.items()))


class MappingSpec(Declared):
    """A whole ``mapping.toml``."""

    module: Identity
    source: tuple[FileSource | FlowSource, ...] = Field(min_length=1)
    components: dict[str, Rule] = {}
    guard: tuple[Guard, ...] = ()
    aggregate: Aggregate | None = None
    complete: tuple[Complete, ...] = ()
    rollup: tuple[Rollup, ...] = ()
    relations: dict[Literal["narrower", "broader", "partial"], dict[str, str]] = {}

    @field_validator("source", mode="before")
    @classmethod
    def _one_kind_each(cls, sources: Any) -> Any:
        """Choose the kind of each source by its telling word, so that a mistake is reported for that kind only."""
        if not isinstance(sources, list):
            return sources
        return tuple(
            (FlowSource if "dataflow" in s else FileSource).model_validate(s) if isinstance(s, Mapping) else s
            for s in sources
        )

    @property
    def families(self) -> tuple[FileSource, ...]:
        """The sources that are files."""
        return tuple(source for source in self.source if isinstance(source, FileSource))

    @property
    def flows(self) -> tuple[FlowSource, ...]:
        """The sources that are dataflows."""
        return tuple(source for source in self.source if isinstance(source, FlowSource))

    def rules_for(self, source: FileSource | FlowSource) -> dict[str, Rule]:
        """The rules in force for one source: the module's, those of the source over them."""
        return {**self.components, **source.components}


def matches(patterns: tuple[str, ...]) -> str:
    """One regular expression for patterns in which ``*`` stands for anything.

    >>> bool(re.fullmatch(matches(("D*", "FR")), "D75")), bool(re.fullmatch(matches(("D*", "FR")), "FRX"))
    (True, False)
    """
    return "^(?:" + "|".join(re.escape(pattern).replace(r"\*", ".*") for pattern in patterns) + ")$"

"""The mapping language: what a ``mapping.toml`` may say, as frozen pydantic models. ``docs/mapping-language.md`` teaches it.

A spec is data. What it means is in :mod:`sdmx_gateway.mapping.convert` and the modules it calls.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

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
        to: what a text that fits ``pattern`` becomes.
        period: grammar of a reference period; ``any`` understands every one of them, years in four digits.
        frequency: take the frequency the period is of.
        type: grammar of a number; decimals are kept exactly.
        missing: the spellings of an absent number.
        sentinels: table of spellings that stand for a figure, and the status and confidentiality each of them means.
        multiplier: power of ten a number is multiplied by: 1000 where a column counts thousands.
        multiplier_from: column that holds the exponent of that power, as UNIT_MULT does: 3 for thousands.
        percent: the number is a percentage, with or without its sign: ``12,5 %`` is 0.125.
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
    period: Literal["year", "semester", "trimester", "quarter", "month", "week", "day", "any"] | None = None
    frequency: bool = False
    type: Literal["integer", "decimal"] | None = None
    missing: tuple[str, ...] = ()
    sentinels: str | None = None
    multiplier: int | float | None = None
    multiplier_from: str | None = None
    percent: bool = False
    lookup: str | None = None
    default: str | None = None
    note_of: str | None = None

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        return None if pattern is None else compiling(pattern)

    @field_validator("multiplier")
    @classmethod
    def _shifts_the_point(cls, multiplier: float | None) -> float | None:
        if multiplier is not None and (
            multiplier <= 0 or Decimal(str(multiplier)).normalize().as_tuple().digits != (1,)
        ):
            raise ValueError("a multiplier is a power of ten, so that no digit changes: 1000, 0.01")
        return multiplier

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
        needs = [(n, w) for n, w in _NEEDS.items() if getattr(self, n) and not getattr(self, w)]
        if needs:
            raise ValueError("; ".join(f"{name} needs {word}" for name, word in needs))
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns the rule takes from."""
        if self.source is None:
            return ()
        return (self.source,) if isinstance(self.source, str) else self.source

    @property
    def all_columns(self) -> tuple[str, ...]:
        """The columns the rule looks at, that of the multiplier included."""
        return (*self.columns, *([self.multiplier_from] if self.multiplier_from else []))

    @property
    def shift(self) -> int:
        """How many places the decimal point moves to the right."""
        power = Decimal(str(self.multiplier or 1)).normalize().adjusted()
        return power - 2 if self.percent else power


_NEEDS: Final = {
    "missing": "type",
    "sentinels": "type",
    "multiplier": "type",
    "multiplier_from": "type",
    "percent": "type",
    "ignore_case": "codes",
    "default": "lookup",
}
"""Words that mean nothing without another one."""


class LeaveOut(Declared):
    """Rows of a source that are left out, and why.

    Attributes:
        where: texts by column; a row is left out where all of its columns have one of theirs.
        because: the reason.
        expect: with ``zero``, a figure other than zero there is an error.

    """

    where: dict[str, tuple[str, ...]] = Field(min_length=1)
    because: str = Field(min_length=3)
    expect: Literal["zero"] | None = None


class Rate(Declared):
    """A figure a source gives twice: ``count`` / ``base`` × ``times`` is ``rate``, up to ``within``.

    Attributes:
        count: logical column of the count.
        base: logical column of what it is divided by.
        rate: logical column of the rate.
        times: what the rate is per.
        within: the largest difference that rounding explains.
        where: texts of columns the check is for.
        not_for: texts of columns it is not for.
        because: what the rate is.

    """

    count: str
    base: str
    rate: str
    times: float = 1000
    within: float = Field(gt=0)
    where: dict[str, tuple[str, ...]] = {}
    not_for: dict[str, tuple[str, ...]] = {}
    because: str = Field(min_length=3)


class Split(Declared):
    """One column that says several things, taken apart; a text that does not fit is told.

    Attributes:
        source: (``from``) the column taken apart.
        pattern: regular expression the whole text must fit; each of its named groups becomes a column.

    """

    source: str = Field(alias="from")
    pattern: str

    @field_validator("pattern")
    @classmethod
    def _names_its_groups(cls, pattern: str) -> str:
        if not re.compile(compiling(pattern)).groupindex:
            raise ValueError("a split needs named groups: (?P<index>\\d+) - (?P<label>.*)")
        return pattern

    @property
    def names(self) -> tuple[str, ...]:
        """The columns it gives."""
        return tuple(re.compile(self.pattern).groupindex)


class Join(Declared):
    """Columns taken from a reference table, by a key: the département of a commune.

    Attributes:
        table: a CSV of the module; its columns are called as its header says.
        map: a representation map of the structures, ``AGENCY:ID(VERSION)``; its columns are ``source`` and ``target``, numbered from
            1 where there are several.
        on: column of the source to the column of the table that must be the same.
        take: name of the new column to the column of the table it is taken from.
        otherwise: what becomes of rows whose key the table does not have: the file is refused, or the new columns are empty.
        because: why a key may lack, with ``otherwise = "empty"``.

    """

    table: str | None = None
    map: str | None = None
    on: dict[str, str] = Field(min_length=1)
    take: dict[str, str] = Field(min_length=1)
    otherwise: Literal["refuse", "empty"] = "refuse"
    because: str = ""

    @model_validator(mode="after")
    def _of_one_table(self) -> Join:
        if (self.table is None) == (self.map is None):
            raise ValueError("a join says exactly one of table, map")
        if self.map is not None:
            Urn.short_form(Kind.REPRESENTATION_MAP, self.map)
        if self.otherwise == "empty" and not self.because:
            raise ValueError('otherwise = "empty" needs its reason: because')
        return self

    @property
    def reference(self) -> str:
        """What the table is called."""
        return self.table or self.map or ""


class FileSource(SourceFamily):
    """A family of national files, with what of it is left out and the rules that hold for it alone.

    Attributes:
        split: columns taken apart before anything else.
        join: columns taken from reference tables, in order, after the splits.
        leave_out: rows that are known and not taken.
        rates: figures given twice, checked against each other.
        components: rules that hold for this source alone, over those of the module.

    """

    split: tuple[Split, ...] = ()
    join: tuple[Join, ...] = ()
    leave_out: tuple[LeaveOut, ...] = ()
    rates: tuple[Rate, ...] = ()
    components: dict[str, Rule] = {}


class FlowSource(Declared):
    """Another dataflow, at its latest release.

    Attributes:
        dataflow: ``AGENCY:ID(VERSION)``.
        where: patterns (``D*``) by component; observations that fit none of them are out of scope.
        because: why the rest is out of scope.
        split: columns taken apart before anything else.
        join: columns taken from reference tables, in order, after the splits.
        leave_out: observations that are known and not taken.
        components: rules that hold for this source alone, over those of the module.

    """

    dataflow: str
    where: dict[str, tuple[str, ...]] = {}
    because: str = ""
    split: tuple[Split, ...] = ()
    join: tuple[Join, ...] = ()
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
    """Within each combination of ``per`` there is one value of ``one``: a mix is refused.

    Attributes:
        one: the component that must not vary.
        per: the components within whose combinations it must not.
        because: why not.

    """

    one: str
    per: tuple[str, ...] = Field(min_length=1)
    because: str = Field(min_length=3)


class Aggregate(Declared):
    """Rows of one key are summed.

    Attributes:
        OBS_VALUE: how: by their sum.
        same: components or columns that must not vary inside a sum.
        because: why the rows add up.

    """

    OBS_VALUE: Literal["sum"] = "sum"
    same: tuple[str, ...] = ()
    because: str = Field(min_length=3)


class Complete(Declared):
    """Narrower parts that together make a code exactly: given only where all are there, and then exact.

    Attributes:
        component: the component.
        target: its code that is complete.
        parts: the column, or component, that tells the parts, and its texts.
        because: why they are all of it.

    """

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
        adds_up: codes of other components whose figures add up; with it, a code that is neither here nor in ``not_for`` is refused.
        not_for: codes of other components whose figures do not add up; no aggregate is made of them.
        published: an aggregate the source gives itself is kept as published; where all parts are there too, the sum is compared
            with it, and a difference is told.
        tolerance: the largest difference between a sum and the published figure that is not told.
        because: why they add up, and why the others do not.

    """

    dimension: str
    base: tuple[str, ...] = Field(min_length=1)
    to: tuple[str, ...] = ("*",)
    adds_up: dict[str, tuple[str, ...]] = {}
    not_for: dict[str, tuple[str, ...]] = {}
    published: Literal["keep"] = "keep"
    tolerance: float = Field(default=0, ge=0)
    because: str = Field(min_length=3)


class Derive(Declared):
    """A code of a dimension computed from others, wherever all of them are there: exactly one of ``sum``, ``difference``, ``ratio``.

    Sums and differences are made before roll-ups, ratios after them. A key that has the code already keeps it.

    Attributes:
        component: the dimension.
        target: the code that is given.
        sum: codes that are added.
        difference: the code from which the others are taken.
        ratio: the code divided, and the code it is divided by.
        times: what a ratio is per: 1000.
        decimals: how many decimals of a ratio are kept.
        where: patterns by component; the derivation holds for these figures only.
        set: components that are given a new code: the unit of a rate.
        mixes: components in which the parts may differ, with the reason; each of them must be in ``set``. Without it a sum or a
            ratio of figures of different units is refused.
        because: why the arithmetic is right.

    """

    component: str
    target: str
    sum: tuple[str, ...] = ()
    difference: tuple[str, ...] = ()
    ratio: tuple[str, ...] = ()
    times: int = Field(default=1, gt=0)
    decimals: int | None = Field(default=None, ge=0, le=15)
    where: dict[str, tuple[str, ...]] = {}
    set: dict[str, str] = {}
    mixes: dict[str, str] = {}
    because: str = Field(min_length=3)

    @model_validator(mode="after")
    def _one_operation(self) -> Derive:
        given = [name for name in ("sum", "difference", "ratio") if getattr(self, name)]
        if len(given) != 1:
            raise ValueError("a derivation says exactly one of sum, difference, ratio")
        if len(self.parts) < 2 or (self.ratio and len(self.ratio) != 2) or len(set(self.parts)) != len(self.parts):
            raise ValueError(
                f"{given[0]} needs {'two codes' if self.ratio else 'at least two codes'}, each of them once"
            )
        if (self.times != 1 or self.decimals is not None) and not self.ratio:
            raise ValueError("times and decimals are for a ratio")
        if self.target in self.parts:
            raise ValueError(f"{self.target} cannot be made of itself")
        unset = [name for name in self.mixes if name not in self.set]
        if unset:
            raise ValueError(f"mixes names {', '.join(unset)}: give the result its own code in set")
        return self

    @property
    def parts(self) -> tuple[str, ...]:
        """The codes taken, in the order of the operation."""
        return self.sum or self.difference or self.ratio


class Break(Declared):
    """A break in series: its first figure after the break is flagged and told of.

    Attributes:
        where: patterns by component: the series that break; all of them when left out.
        at: the first period of the new series; left out, the first period each series has.
        status: the flag.
        note: what changed.
        into: the component that takes the note.

    """

    where: dict[str, tuple[str, ...]] = {}
    at: str | None = None
    status: str = "B"
    note: str = Field(min_length=3)
    into: str = "COMMENT_OBS"


class Remark(Declared):
    """A remark on figures.

    Attributes:
        where: patterns by component, ``TIME_PERIOD`` among them: the figures remarked on.
        note: the remark.
        into: the component that takes it.

    """

    where: dict[str, tuple[str, ...]] = Field(min_length=1)
    note: str = Field(min_length=3)
    into: str = "COMMENT_OBS"


class Identity(Declared):
    """``[module]``: identification, names and target of a module.

    Attributes:
        id: its identification, in capitals.
        name: by language; in fr and in en.
        description: by language.
        target: the dataflow it makes, ``AGENCY:ID(VERSION)``.
        editions: an edition rewrites every period (``replace``), or adds its own (``accumulate``).

    """

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


def _kind_of(source: Any) -> str:
    """The kind of a source by its telling word, so that a mistake is reported for that kind only."""
    says = source if isinstance(source, Mapping) else vars(source)
    return "dataflow" if "dataflow" in says else "file"


Source = Annotated[Annotated[FileSource, Tag("file")] | Annotated[FlowSource, Tag("dataflow")], Discriminator(_kind_of)]


class MappingSpec(Declared):
    """A whole ``mapping.toml``.

    Attributes:
        module: what the module is and makes.
        source: families of files, or dataflows, it takes from.
        components: one rule for each component of the target.
        guard: what must not be mixed.
        aggregate: that rows of one key are summed, and why.
        complete: narrower parts that together make a code exactly.
        derive: codes computed from others.
        rollup: aggregates along the tree of a code list.
        break_: (``break``) breaks in series.
        note: remarks on figures.
        relations: the flag of a figure that fits less than exactly, by relation.

    """

    module: Identity
    source: tuple[Source, ...] = Field(min_length=1)
    components: dict[str, Rule] = {}
    guard: tuple[Guard, ...] = ()
    aggregate: Aggregate | None = None
    complete: tuple[Complete, ...] = ()
    derive: tuple[Derive, ...] = ()
    rollup: tuple[Rollup, ...] = ()
    break_: tuple[Break, ...] = Field(default=(), alias="break")
    note: tuple[Remark, ...] = ()
    relations: dict[Literal["narrower", "broader", "partial"], dict[str, str]] = {}

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

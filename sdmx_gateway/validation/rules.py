"""What a validation rule may say: the words of ``rules.toml``, one model per kind of rule.

A rule is data. Its ``kind`` chooses the model that reads it here and the check that runs it (``checks.CHECKS``); a word
the model does not have is refused. Reading the files is :mod:`.reading`'s matter, and so is every message.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from sdmx_gateway.errors import StructureError
from sdmx_gateway.structures.model import Kind, Text, Urn
from sdmx_gateway.validation.finding import Severity


def _text(value: Any) -> Any:
    if isinstance(value, Mapping) and set(value) <= {"fr", "en"} and all(isinstance(v, str) for v in value.values()):
        return Text.of(**value)
    if isinstance(value, Text):
        return value
    raise ValueError('write it in both languages: { fr = "…", en = "…" }')


def _bilingual(value: Text) -> Text:
    if {language for language, _ in value} != {"fr", "en"}:
        raise ValueError('write it in both languages: { fr = "…", en = "…" }')
    return value


def _dataflow(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return Urn.short_form(Kind.DATAFLOW, value)
    except StructureError as error:
        raise ValueError(error.what) from error


def _not_empty(value: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    empty = [name for name, codes in value.items() if not codes]
    if empty:
        raise ValueError(f"no code is named for {', '.join(empty)}")
    return value


Name = Annotated[Text, BeforeValidator(_text), AfterValidator(_bilingual)]
Flow = Annotated[Urn, BeforeValidator(_dataflow)]
Selection = Annotated[Mapping[str, tuple[str, ...]], AfterValidator(_not_empty)]
"""Component id -> codes; ``*`` in a code stands for any characters."""
Tolerance = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Rule(BaseModel):
    """What every rule says, whatever its kind.

    Attributes:
        id: stable identifier, in capitals.
        dataflow: whose data it is about.
        kind: what is checked; a key of :data:`MODELS`.
        severity: of what it finds.
        name: in French and English.
        because: why the rule is so, or why ``not_for`` is; printed with the rule.
        only_for: the observations it is about, by component; all when it says nothing.
        not_for: the observations it is not about, by component.
        remedy: what to do, in French and English; each kind has a default.

    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    LEVEL: ClassVar[int] = 1
    """ESS validation level: 1 within one dataset, 2 over time."""

    id: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    dataflow: Flow
    kind: str
    severity: Severity
    name: Name
    because: str = ""
    only_for: Selection = Field(default_factory=dict)
    not_for: Selection = Field(default_factory=dict)
    remedy: Name | None = None

    @property
    def level(self) -> int:
        """ESS validation level."""
        return self.LEVEL

    @property
    def dimensions_named(self) -> tuple[str, ...]:
        """The dimensions the rule speaks of, ``only_for`` and ``not_for`` aside."""
        return ()

    @property
    def codes_named(self) -> tuple[tuple[str, str], ...]:
        """The (component, code or pattern) pairs the rule speaks of."""
        selections = (self.only_for, self.not_for)
        return tuple((name, code) for chosen in selections for name, codes in chosen.items() for code in codes)

    @property
    def expression(self) -> str:
        """The rule in one line: its formula, then what it is restricted to."""
        scope = [
            f"{word} {_shown(chosen)}" for word, chosen in (("for", self.only_for), ("not for", self.not_for)) if chosen
        ]
        return "; ".join([self.formula, *scope])

    @property
    def formula(self) -> str:
        """What must hold, in one line."""
        return self.kind


def _shown(selection: Mapping[str, tuple[str, ...]]) -> str:
    return ", ".join(f"{name} in ({' '.join(codes)})" for name, codes in selection.items())


class _Sum(Rule):
    """A total compared with the sum of its parts.

    ``tolerance`` is an absolute difference allowed. ``rounded_to``: every figure was rounded to a multiple of it, so each
    of the n parts and the total may be off by half of it, and (n + 1) halves are allowed.
    """

    dimension: str
    tolerance: Tolerance = 0
    rounded_to: Tolerance = 0

    @property
    def dimensions_named(self) -> tuple[str, ...]:
        return (self.dimension,)

    @property
    def _margin(self) -> str:
        allowed = [f"± {self.tolerance:g}"] if self.tolerance else []
        return " ".join(["", *allowed, *([f"± {self.rounded_to / 2:g} × (parts + 1)"] if self.rounded_to else [])])


class SumAlongHierarchy(_Sum):
    """A code's value is the sum of its nearest present descendants in the code list's tree."""

    kind: Literal["sum_along_hierarchy"]

    @property
    def formula(self) -> str:
        return f"each {self.dimension} = sum of its nearest present descendants{self._margin}"


class SumAtLeastAlongHierarchy(_Sum):
    """A code's value is at most the sum of its nearest present descendants: what is counted once in each of them."""

    kind: Literal["sum_at_least_along_hierarchy"]

    @property
    def formula(self) -> str:
        return f"each {self.dimension} <= sum of its nearest present descendants{self._margin}"


class TotalIsSum(_Sum):
    """One code's value is the sum of others'.

    Attributes:
        total: the code of the total.
        parts: the codes of its parts; ``*`` stands for any characters, and then the parts are those present.
        optional_parts: parts that count as nothing where they are absent.
        excluded: codes the patterns of ``parts`` would take and that are no parts (other aggregates).
        incomplete: what to do where a part is absent: ``not_checked`` (counted, and said), or ``as_zero``.

    """

    kind: Literal["total_is_sum"]
    total: str
    parts: tuple[str, ...] = Field(min_length=1)
    optional_parts: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    incomplete: Literal["not_checked", "as_zero"] = "not_checked"

    @property
    def codes_named(self) -> tuple[tuple[str, str], ...]:
        codes = (self.total, *self.parts, *self.optional_parts, *self.excluded)
        return (*super().codes_named, *((self.dimension, code) for code in codes))

    @property
    def formula(self) -> str:
        parts = " + ".join([*self.parts, *(f"[{part}]" for part in self.optional_parts)])
        less = f" without {' '.join(self.excluded)}" if self.excluded else ""
        return f"{self.dimension}: {self.total} = {parts}{less}{self._margin}"


class AtMost(Rule):
    """A part is at most the whole: the same observation with other codes."""

    kind: Literal["at_most"]
    part: Mapping[str, str] = Field(min_length=1)
    whole: Mapping[str, str] = Field(min_length=1)
    tolerance: Tolerance = 0

    @model_validator(mode="after")
    def _same_dimensions(self) -> AtMost:
        if set(self.part) != set(self.whole):
            raise ValueError("part and whole name different dimensions")
        return self

    @property
    def dimensions_named(self) -> tuple[str, ...]:
        return tuple(self.part)

    @property
    def codes_named(self) -> tuple[tuple[str, str], ...]:
        return (*super().codes_named, *self.part.items(), *self.whole.items())

    @property
    def formula(self) -> str:
        sides = (" ".join(f"{name}={code}" for name, code in side.items()) for side in (self.part, self.whole))
        return " <= ".join(sides) + (f" + {self.tolerance:g}" if self.tolerance else "")


class CompleteGrid(Rule):
    """Every combination of the codes of these dimensions is there for each period.

    Attributes:
        dimensions: whose codes are combined; the time dimension always is.
        from_codelist: those of them whose codes are the code list's (as ``only_for`` and ``not_for`` leave them)
            and not only the codes that occur.

    """

    kind: Literal["complete_grid"]
    dimensions: tuple[str, ...] = Field(min_length=1)
    from_codelist: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _listed(self) -> CompleteGrid:
        if set(self.from_codelist) - set(self.dimensions):
            raise ValueError("from_codelist names a dimension that dimensions does not")
        return self

    @property
    def dimensions_named(self) -> tuple[str, ...]:
        return self.dimensions

    @property
    def formula(self) -> str:
        names = (f"all {name}" if name in self.from_codelist else name for name in self.dimensions)
        return f"{' × '.join(names)} complete for each period"


class NotNegative(Rule):
    """No value is below zero."""

    kind: Literal["not_negative"]

    @property
    def formula(self) -> str:
        return "value >= 0"


class RevisionAtMost(Rule):
    """A value differs from that of the previous release by no more than ``percent`` of it.

    Changes below ``min_absolute`` are let pass: a third of three is one.
    """

    LEVEL: ClassVar[int] = 2

    kind: Literal["revision_at_most"]
    percent: float = Field(gt=0, allow_inf_nan=False)
    min_absolute: Tolerance = 0

    @property
    def formula(self) -> str:
        floor = f" or < {self.min_absolute:g}" if self.min_absolute else ""
        return f"|value - previous| <= {self.percent:g} % of previous{floor}"


class Withdrawn(Rule):
    """Every observation of the previous release is still there; those gone are grouped by the codes of ``by``."""

    LEVEL: ClassVar[int] = 2

    kind: Literal["withdrawn"]
    by: str

    @property
    def dimensions_named(self) -> tuple[str, ...]:
        return (self.by,)

    @property
    def formula(self) -> str:
        return f"every observation of the previous release is present, by {self.by}"


class SpikeAtMost(Rule):
    """A value is no more than ``times`` the greater of its neighbours in the series; neighbours below ``floor`` count as it."""

    kind: Literal["spike_at_most"]
    times: float = Field(gt=1, allow_inf_nan=False)
    floor: float = Field(default=1, gt=0, allow_inf_nan=False)

    @property
    def formula(self) -> str:
        return f"value <= {self.times:g} × the greater of its neighbours, or of {self.floor:g}"


class Unbroken(Rule):
    """A series has every period of its frequency from its first to its last, and ``at_least`` so many."""

    kind: Literal["unbroken"]
    at_least: int = Field(default=1, ge=1)

    @property
    def formula(self) -> str:
        return "every period from the first to the last" + (f", at least {self.at_least}" if self.at_least > 1 else "")


MODELS: Final[Mapping[str, type[Rule]]] = MappingProxyType(
    {
        "at_most": AtMost,
        "complete_grid": CompleteGrid,
        "not_negative": NotNegative,
        "revision_at_most": RevisionAtMost,
        "spike_at_most": SpikeAtMost,
        "sum_along_hierarchy": SumAlongHierarchy,
        "sum_at_least_along_hierarchy": SumAtLeastAlongHierarchy,
        "total_is_sum": TotalIsSum,
        "unbroken": Unbroken,
        "withdrawn": Withdrawn,
    }
)
"""Every kind of rule, with the model that reads it."""

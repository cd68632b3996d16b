"""What is owed to a recipient: which dataflow, how often, by when, in which format, by which way, under which name.

An obligation is a line of data beside the recipient's mapping module (``mappings/<recipient>/<module>/obligation.toml``),
so that a new deadline or a new dataset id is never a change of code. It cannot exist in a wrong form; reading the files
and saying everything that is wrong with them is for :mod:`sdmx_gateway.transmission.obligation_files`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from sdmx_gateway.errors import UsageError
from sdmx_gateway.structures.model import Kind, Text, Urn
from sdmx_gateway.transmission.occurrence import DatasetId, Occurrence, country_code, extension_of
from sdmx_gateway.transmission.period import Frequency, Period

LONGEST_DELAY_MONTHS = 60
LONGEST_DELAY_DAYS = 366
"""Limits of a deadline: what is above is a slip of the pen."""

T = TypeVar("T")


def _parsing(parse: Callable[[str], T]) -> Callable[[object], object]:
    """A validator that reads text with one of our parsers, and says what was wrong in its words."""

    def read(value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return parse(value)
        except UsageError as error:
            raise ValueError(error.what) from error

    return read


def _names(value: object) -> object:
    if not isinstance(value, dict):
        return value
    lacking = [language for language in ("fr", "en") if not value.get(language)]
    if lacking:
        raise ValueError(f"no name in {' and '.join(lacking)}")
    return Text.of(**value)


class Declared(BaseModel):
    """A part of a declaration: frozen, and refusing words it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Deadline(Declared):
    """Time allowed after the end of the reference period: whole months, then days."""

    months: int = Field(default=0, ge=0, le=LONGEST_DELAY_MONTHS)
    days: int = Field(default=0, ge=0, le=LONGEST_DELAY_DAYS)


class Obligation(Declared):
    """One thing owed, again and again, to one recipient.

    Attributes:
        id: its name among all obligations.
        name: what is owed, in French and English.
        recipient: who it is owed to; also the receiver's folder in an outbox.
        dataflow: the recipient's dataflow.
        frequency: how often; code of SDMX:CL_FREQ(2.0).
        first_period: the first reference period owed.
        deadline: time allowed after the end of the reference period.
        legal_basis: the act that says so, or that there is none.
        status: how sure the deadline is (``read``, ``from memory: to verify``, ``by agreement``).
        content: what one file holds: the reference period only, everything up to it, or everything there is.
        dataset: EDAMIS dataset id the file goes under.
        dataset_status: whose id that is (``read``, ``ours: …``).
        country: who sends, in two capital letters.
        format: format of the file.
        channel: the way to the recipient, among those configured.
    """

    id: str = Field(pattern=r"^[A-Za-z0-9_\-]{1,64}$")
    name: Annotated[Text, BeforeValidator(_names)]
    recipient: str = Field(pattern=r"^[A-Za-z0-9_\-]{1,32}$")
    dataflow: Annotated[Urn, BeforeValidator(_parsing(lambda text: Urn.short_form(Kind.DATAFLOW, text)))]
    frequency: Frequency
    first_period: Period
    deadline: Deadline
    legal_basis: str = Field(min_length=3)
    status: str = Field(min_length=3)
    content: Literal["period", "through", "all"]
    dataset: Annotated[DatasetId, BeforeValidator(_parsing(DatasetId.parse))]
    dataset_status: str = Field(default="not said", min_length=3)
    country: Annotated[str, BeforeValidator(_parsing(country_code))]
    format: str
    channel: str = Field(min_length=1)

    @field_validator("first_period", mode="before")
    @classmethod
    def _read_period(cls, value: object, info: ValidationInfo) -> object:
        frequency = info.data.get("frequency")
        if frequency is None:  # already reported
            return Period(Frequency.ANNUAL, 2000)
        return _parsing(lambda text: Period.parse(text, frequency))(value)

    @field_validator("format")
    @classmethod
    def _is_sent(cls, value: str) -> str:
        _parsing(extension_of)(value)
        return value

    @model_validator(mode="after")
    def _one_rhythm(self) -> Obligation:
        if not self.dataset.suits(self.frequency):
            raise ValueError(f"dataset {self.dataset} is not of frequency {self.frequency.value}")
        return self

    def occurrence(self, period: Period) -> str:
        """The name of the file of one reference period, as it is sent."""
        return str(Occurrence.of(str(self.dataset), self.country, period, self.format))

    def period(self, text: str | Period) -> Period:
        """A reference period of this obligation.

        Raises:
            UsageError: it is not a period of the obligation's frequency.
        """
        return Period.parse(str(text), self.frequency)

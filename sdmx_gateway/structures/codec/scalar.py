"""Single values: how each type is written as text and as JSON, read from either, and what it must be like to be written.

Reading gives ``None`` for what is not of the type; who asks notes it. XML Schema's lexical forms (W3C XML Schema Part 2).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final, TypeVar

from sdmx_gateway.structures.codec import lexical
from sdmx_gateway.structures.codec.form import Form

_WHOLE: Final = re.compile(rf"[+-]?\d{{1,{lexical.MOST_WHOLE}}}", re.ASCII)
_PLACES: Final = lexical.MOST_PLACES
_DECIMAL: Final = re.compile(rf"[+-]?(\d{{1,{_PLACES}}}(\.\d{{0,{_PLACES}}})?|\.\d{{1,{_PLACES}}})", re.ASCII)
_DAY: Final = 10  # characters of YYYY-MM-DD
_MIDNIGHT: Final = "T00:00:00Z"


def _always(value: Any, form: Form) -> bool:  # noqa: ARG001
    return True


@dataclass(frozen=True, slots=True)
class Scalar:
    """A type of single values.

    Attributes:
        name: what a message calls it when a value is not of it.
        write: value to text.
        read: text to value; ``None`` when it is not of the type.
        to_json: value to JSON.
        from_json: JSON to value; ``None`` when it is not of the type.
        fits: whether a value of the model can be written in a form.
        is_worded: its values are a few words, so that one that is read though it is spelt otherwise is told.
    """

    name: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]
    to_json: Callable[[Any], Any]
    from_json: Callable[[Any], Any]
    fits: Callable[[Any, Form], bool] = _always
    is_worded: bool = False

    def where(self, name: str, fits: Callable[[Any, Form], bool]) -> Scalar:
        """The same type, of values that fit only."""
        return replace(self, name=name, fits=fits)


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value) if isinstance(value, int | Decimal) else None


def _boolean(text: str) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(text.strip().lower())


def _boolean_json(value: Any) -> bool | None:
    return value if isinstance(value, bool) else _boolean(value) if isinstance(value, str) else None


def _whole(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text.strip()) else None


def _whole_json(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else None
    return _whole(value) if isinstance(value, str) else None


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.strip()) if _DECIMAL.fullmatch(text.strip()) else None
    except InvalidOperation:
        return None


def _decimal_json(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    return Decimal(value) if isinstance(value, int | Decimal) else _decimal(value) if isinstance(value, str) else None


def _plain(value: Decimal) -> str:
    return format(value, "f")


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return None


def _moment_json(value: Any) -> datetime | None:
    return _moment(value) if isinstance(value, str) else None


def _iso(value: datetime) -> str:
    return value.isoformat()


def _to_day(value: Any) -> str | None:
    """The day of a moment that is the beginning of one; any other text as it is."""
    text = _text(value)
    return text[:_DAY] if text is not None and text[_DAY:] in {_MIDNIGHT, "T00:00:00", "T00:00:00+00:00"} else text


STRING: Final = Scalar("a text XML can carry", _same, _same, _same, _text, lexical.is_text)
ID: Final = STRING.where("an id (letters, digits, _ @ $ -)", lexical.is_id)
NAME: Final = STRING.where("an id (letters, digits, _ and -, a letter first)", lexical.is_name)
NESTED_ID: Final = STRING.where("an id, or several with points between", lexical.is_nested_id)
NESTED_NAME: Final = STRING.where("the id of an agency", lexical.is_nested_name)
LANGUAGE: Final = STRING.where("a language", lexical.is_language)
ADDRESS: Final = STRING.where("an address (in SDMX-JSON a whole URI in ASCII)", lexical.is_address)
MAIL: Final = STRING.where("an address of e-mail", lexical.is_mail)
DURATION: Final = STRING.where("a duration", lexical.is_duration)
STANDARD_PERIOD: Final = STRING.where("a standard time period", lexical.is_standard_period)
PERIOD: Final = STRING.where("a time period", lexical.is_period)
WRITTEN_MOMENT: Final = STRING.where("a date and time", lexical.is_written_moment)
DAY: Final = Scalar("a date", _same, _same, lambda day: f"{day}{_MIDNIGHT}", _to_day, lexical.is_day)
BOOLEAN: Final = Scalar("true or false", lambda value: "true" if value else "false", _boolean, _same, _boolean_json)
WHOLE: Final = Scalar("a whole number", str, _whole, _same, _whole_json, lexical.is_small)
POSITIVE: Final = WHOLE.where("a whole number above 0", lexical.is_positive)
NATURAL: Final = WHOLE.where("a whole number, 0 or more", lexical.is_natural)
DECIMAL: Final = Scalar(
    "a number (in SDMX-JSON of 15 digits at most)", _plain, _decimal, _number, _decimal_json, lexical.is_decimal
)
MOMENT: Final = Scalar("a date and time", _iso, _moment, _iso, _moment_json, lexical.is_moment)

Choice = TypeVar("Choice", bound=StrEnum)


def one_of(choices: Iterable[Choice]) -> Scalar:
    """A type with a few values, written as themselves."""
    known = {choice.value: choice for choice in choices}
    return worded(known, f"one of {', '.join(known)}")


def worded(words: Mapping[str, Any], name: str = "") -> Scalar:
    """A type whose values are written as these words; other cases, and ``_`` or ``-`` between, are understood."""
    spelt = {value: word for word, value in words.items()}
    loosely = {_loose(word): value for word, value in reversed(list(words.items()))}

    def understood(said: Any) -> Any:
        return words.get(said.strip(), loosely.get(_loose(said))) if isinstance(said, str) else None

    said = name or f"one of {', '.join(words)}"
    return Scalar(said, spelt.__getitem__, understood, spelt.__getitem__, understood, is_worded=True)


def _loose(word: str) -> str:
    return word.strip().lower().replace("_", "").replace("-", "")

"""What single values must look like: the simple types of the schemas, as conditions a value and a form fulfil or not.

SDMXCommon.xsd and SDMXCommonReferences.xsd of 2.1, 3.0 and 3.1; the ``definitions`` of sdmx-json-structure-schema.json. Looked
at before anything is written, so that what is refused is refused with its reason, and what is written is valid.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.urn import ID, NAME, NESTED_ID, NESTED_NAME
from sdmx_gateway.structures.xml_text import forbidden_character

LANGUAGE: Final = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*+")  # xs:language (W3C XML Schema Part 2, §3.3.3)
TAG: Final = re.compile(
    r"""([A-Za-z]{2,3}(-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?
        (-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(-[0-9A-WY-Za-wy-z](-[A-Za-z0-9]{2,8})+)*(-x(-[A-Za-z0-9]{1,8})+)?""",
    re.VERBOSE | re.ASCII,
)
"""A language tag of RFC 5646 §2.1, those it has kept from before it apart: what SDMX-JSON takes."""
_REFERENCE: Final = re.compile(
    r"""(?:[A-Za-z][A-Za-z0-9+.\-]*:(?=[^/]|/[^/]|//|$)|(?![^/?#]*:))       # a scheme, or no colon before the path
        (?://(?:[^/?#\[\]%@:\s]*@)?[^/?#\[\]%:@\s]*(?::\d+)?(?=[/?#]|$)|(?!//))  # an authority
        (?:[^#\[\]%\s]|%[0-9A-Fa-f]{2})*(?:\#(?:[^#\[\]%\s]|%[0-9A-Fa-f]{2})*)?  # path, query, fragment""",
    re.VERBOSE | re.ASCII,
)
"""A URI reference (RFC 3986 §4.1) with characters outside ASCII as they are: what xs:anyURI takes, hosts in brackets apart."""
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_OF_URIS: Final = re.compile(
    r"[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]*"
)  # RFC 3986 §2: the characters of a URI, brackets apart
_ZONE: Final = r"(Z|[+\-](0\d|1[0-3]):[0-5]\d|[+\-]14:00)?"
_YEAR_OR_MONTH: Final = re.compile(rf"\d{{4}}(-(0[1-9]|1[0-2]))?{_ZONE}", re.ASCII)
_REPORTING: Final = re.compile(
    rf"\d{{4}}-(A1|S[12]|T[1-3]|Q[1-4]|M(0[1-9]|1[0-2])|W(0[1-9]|[1-4]\d|5[0-3])"
    rf"|D(0\d[1-9]|[12]\d\d|3[0-5]\d|36[0-6])){_ZONE}",
    re.ASCII,
)
_DAY: Final = re.compile(rf"(\d{{4}}-\d\d-\d\d){_ZONE}", re.ASCII)
_MOMENT: Final = re.compile(rf"(\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?{_ZONE}", re.ASCII)
_DURATION: Final = re.compile(
    r"P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)((\d+H)(\d+M)?(\d+(\.\d+)?S)?|(\d+M)(\d+(\.\d+)?S)?|\d+(\.\d+)?S))?",
    re.ASCII,
)
_RANGE: Final = re.compile(r"([^/]+)/(P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)", re.ASCII)
MOST_PLACES: Final = 40
"""Most digits before or behind the point of a number that is read, and so written."""
MOST_WHOLE: Final = 18
"""Most digits of a whole number that is read, and so written."""
_MOST_DIGITS: Final = 15  # what a JSON number, read as an IEEE double, keeps for sure
_FURTHEST: Final = timedelta(hours=14)


def is_text(value: Any, form: Form) -> bool:  # noqa: ARG001
    """A text XML can carry; what it cannot, no form is given (a structure can be sent in all of them)."""
    return forbidden_character(value) is None


def is_id(value: Any, form: Form) -> bool:  # noqa: ARG001
    """IDType."""
    return ID.fullmatch(value) is not None


def is_name(value: Any, form: Form) -> bool:  # noqa: ARG001
    """NCNameIDType."""
    return NAME.fullmatch(value) is not None


def is_nested_id(value: Any, form: Form) -> bool:  # noqa: ARG001
    """NestedIDType."""
    return NESTED_ID.fullmatch(value) is not None


def is_nested_name(value: Any, form: Form) -> bool:  # noqa: ARG001
    """NestedNCNameIDType."""
    return NESTED_NAME.fullmatch(value) is not None


def is_language(value: Any, form: Form) -> bool:
    """xs:language; in SDMX-JSON a tag of RFC 5646."""
    return (LANGUAGE if form.is_xml else TAG).fullmatch(value) is not None


def is_address(value: Any, form: Form) -> bool:
    """xs:anyURI; in SDMX-JSON a whole URI, with everything outside ASCII written as ``%`` and two digits."""
    if _REFERENCE.fullmatch(value) is None or value != value.strip() or not is_text(value, form):
        return False
    return form.is_xml or (_SCHEME.match(value) is not None and _OF_URIS.fullmatch(value) is not None)


def is_mail(value: Any, form: Form) -> bool:
    """Any text; in SDMX-JSON with the sign that makes it an address of e-mail (format ``email``)."""
    return is_text(value, form) and (form.is_xml or "@" in value)


def is_positive(value: Any, form: Form) -> bool:  # noqa: ARG001
    """xs:positiveInteger, as far as it is read."""
    return bool(0 < value < 10**MOST_WHOLE)


def is_natural(value: Any, form: Form) -> bool:  # noqa: ARG001
    """xs:nonNegativeInteger, as far as it is read."""
    return bool(0 <= value < 10**MOST_WHOLE)


def is_small(value: Any, form: Form) -> bool:  # noqa: ARG001
    """xs:int."""
    return bool(-(2**31) <= value < 2**31)


def is_decimal(value: Any, form: Form) -> bool:
    """xs:decimal; in SDMX-JSON one that a JSON number can say without loss."""
    if not isinstance(value, Decimal) or not value.is_finite() or value.adjusted() >= MOST_PLACES:
        return False
    _, _, exponent = value.as_tuple()
    if not isinstance(exponent, int) or exponent < -MOST_PLACES:
        return False
    return form.is_xml or len(value.normalize().as_tuple().digits) <= _MOST_DIGITS


def is_moment(value: Any, form: Form) -> bool:
    """xs:dateTime; in SDMX-JSON with a time zone (RFC 3339)."""
    if value.tzinfo is None:
        return form.is_xml
    offset = value.utcoffset()
    return offset is not None and abs(offset) <= _FURTHEST and offset % timedelta(minutes=1) == timedelta()


def is_duration(value: Any, form: Form) -> bool:  # noqa: ARG001
    """A duration that is not negative (xs:duration)."""
    return _DURATION.fullmatch(value) is not None


def is_day(value: Any, form: Form) -> bool:
    """xs:date; without a time zone in SDMX-JSON, which writes it as the moment the day begins."""
    found = _DAY.fullmatch(value)
    return found is not None and _is_date(found[1]) and (form.is_xml or not found[2])


def is_standard_period(value: Any, form: Form) -> bool:
    """StandardTimePeriodType: a year, a month, a day, a moment or a reporting period."""
    if _YEAR_OR_MONTH.fullmatch(value) or _REPORTING.fullmatch(value):
        return _is_date(f"{value[:4]}-01-01")
    return is_day(value, form) or _is_written_moment(value, form)


def is_period(value: Any, form: Form) -> bool:
    """ObservationalTimePeriodType: a standard period, or a time range."""
    found = _RANGE.fullmatch(value)
    if found is None:
        return is_standard_period(value, form)
    return (_DAY.fullmatch(found[1]) is not None and _is_date(found[1][:10])) or _is_written_moment(
        found[1], Form.ML_3_1
    )


def is_written_moment(value: Any, form: Form) -> bool:
    """A text that is an xs:dateTime; in SDMX-JSON 2 with a time zone."""
    return _is_written_moment(value, Form.ML_2_1 if form is Form.JSON_1_0 else form)


def _is_written_moment(value: str, form: Form) -> bool:
    found = _MOMENT.fullmatch(value)
    if found is None or not (form.is_xml or found[3]):
        return False
    try:
        datetime.fromisoformat(found[1])
    except ValueError:
        return False
    return True


def _is_date(text: str) -> bool:
    try:
        return datetime.combine(date.fromisoformat(text), time()).year > 0
    except ValueError:
        return False

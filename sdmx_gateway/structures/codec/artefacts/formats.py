"""Formats of values, as each place of each form takes them (``TextFormatType`` and what is restricted from it).

The schemas restrict one type in many ways: a dimension has no multilingual text, a code no decimals, time hardly anything.
Each way is a :class:`Format` here: the types it takes and the facets it has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from sdmx_gateway.structures.codec.artefacts.common import DESCRIPTIONS, NAMES
from sdmx_gateway.structures.codec.description import Description, Part
from sdmx_gateway.structures.codec.form import JSON_2, OF_3, XML, Form
from sdmx_gateway.structures.codec.nested import Nested, Variant
from sdmx_gateway.structures.codec.scalar import (
    BOOLEAN,
    DECIMAL,
    DURATION,
    POSITIVE,
    STANDARD_PERIOD,
    STRING,
    Scalar,
    one_of,
)
from sdmx_gateway.structures.codec.singles import Attr
from sdmx_gateway.structures.model.representation import DataType, Representation, SentinelValue

SENTINEL: Final = Description(SentinelValue, (Attr(field="value", name="value", json="value"), NAMES, DESCRIPTIONS))
_TYPES: Final = one_of(DataType)


def _facet(field: str, name: str, scalar: Scalar) -> Attr:
    return Attr(field=field, name=name, json=name, scalar=scalar)


_FACETS: Final[tuple[Part, ...]] = (
    _facet("is_sequence", "isSequence", BOOLEAN),
    _facet("interval", "interval", DECIMAL),
    _facet("start_value", "startValue", DECIMAL),
    _facet("end_value", "endValue", DECIMAL),
    _facet("time_interval", "timeInterval", DURATION),
    _facet("start_time", "startTime", STANDARD_PERIOD),
    _facet("end_time", "endTime", STANDARD_PERIOD),
    _facet("min_length", "minLength", POSITIVE),
    _facet("max_length", "maxLength", POSITIVE),
    _facet("min_value", "minValue", DECIMAL),
    _facet("max_value", "maxValue", DECIMAL),
    _facet("decimals", "decimals", POSITIVE),
    _facet("pattern", "pattern", STRING),
    _facet("is_multilingual", "isMultiLingual", BOOLEAN),
    Nested(
        field="sentinels",
        variants=(Variant("SentinelValue", "sentinelValues", SENTINEL),),
        many=True,
        forms=OF_3,
    ),
)


def _format(*, always: bool) -> Description:
    written = {"field": "data_type", "name": "textType", "scalar": _TYPES, "always": always}
    return Description(
        Representation,
        (
            Attr(json="textType", forms=XML | {Form.JSON_1_0}, reads=JSON_2, **written),  # type: ignore[arg-type]
            Attr(json="dataType", forms=JSON_2, reads=frozenset({Form.JSON_1_0}), **written),  # type: ignore[arg-type]
            *_FACETS,
        ),
    )


TEXT_FORMAT: Final = _format(always=True)
"""The format of values that are text."""
CODE_FORMAT: Final = _format(always=False)
"""The format of values that are codes, written only where it says something."""
OUTSIDE: Final = ("codelist", "max_occurs", "min_occurs", "is_inherited")
"""What a representation says beside the format."""

_REFERENCES: Final = frozenset(
    {
        DataType.KEY_VALUES, DataType.IDENTIFIABLE_REFERENCE, DataType.DATA_SET_REFERENCE,
        DataType.ATTACHMENT_CONSTRAINT_REFERENCE,
    }
)  # fmt: skip
_ALL: Final = frozenset(DataType)
_BASIC: Final = _ALL - _REFERENCES
_SIMPLE: Final = _BASIC - {DataType.XHTML}
TIMES: Final = frozenset(
    {
        DataType.OBSERVATIONAL_TIME_PERIOD, DataType.STANDARD_TIME_PERIOD, DataType.BASIC_TIME_PERIOD,
        DataType.GREGORIAN_TIME_PERIOD, DataType.GREGORIAN_YEAR, DataType.GREGORIAN_YEAR_MONTH, DataType.GREGORIAN_DAY,
        DataType.REPORTING_TIME_PERIOD, DataType.REPORTING_YEAR, DataType.REPORTING_SEMESTER,
        DataType.REPORTING_TRIMESTER, DataType.REPORTING_QUARTER, DataType.REPORTING_MONTH, DataType.REPORTING_WEEK,
        DataType.REPORTING_DAY, DataType.DATE_TIME, DataType.TIME_RANGE,
    }
)  # fmt: skip
"""The types a time dimension may have (TimeDataType)."""
_UNCODED: Final = frozenset(
    {
        DataType.DECIMAL, DataType.DOUBLE, DataType.FLOAT, DataType.DATE_TIME, DataType.TIME_RANGE, DataType.TIME,
        DataType.GEOSPATIAL_INFORMATION,
    }
)  # fmt: skip
"""Simple types codes cannot have (CodeDataType)."""
_NOT_IN_2_1: Final = frozenset({DataType.GEOSPATIAL_INFORMATION})
_NOT_IN_3: Final = frozenset({DataType.ATTACHMENT_CONSTRAINT_REFERENCE})
_EVERY_FACET: Final = frozenset(part.field for part in _FACETS)
_UNMARKED: Final = _EVERY_FACET - {"is_multilingual"}
_MEASURES: Final = frozenset({"interval", "start_value", "end_value", "min_value", "max_value"})


@dataclass(frozen=True)
class Format:
    """What the format in a place may say.

    Attributes:
        types: the types values may have.
        facets: the facets it has.
        whole: those of them that must be whole numbers.
        positive: those that must be above 0.
        whole_in: those that must be whole in some forms.
    """

    types: frozenset[DataType] = _ALL
    facets: frozenset[str] = _EVERY_FACET
    whole: frozenset[str] = frozenset()
    positive: frozenset[str] = frozenset()
    whole_in: Mapping[str, frozenset[Form]] = field(default_factory=dict)

    def wrong(self, value: Representation, form: Form) -> Iterator[str]:
        """What a representation says that the format cannot."""
        if value.data_type not in self.types - (_NOT_IN_2_1 if form.is_of_2_1 else _NOT_IN_3):
            yield f"values cannot be of the type {value.data_type} there"
        for name in sorted(_EVERY_FACET - self.facets):
            if getattr(value, name) != TEXT_FORMAT.defaults[name]:
                yield f"{form} cannot say {name} there"
        for name in sorted(self.whole | self.positive | self.whole_in.keys()):
            said = getattr(value, name)
            if said is not None and not said.is_finite():
                continue  # no number, which the facet tells
            must_be_whole = name in self.whole or form in self.whole_in.get(name, ())
            if said is not None and must_be_whole and said != said.to_integral_value():
                yield f"{name} must be a whole number there"
            if said is not None and name in self.positive and said <= 0:
                yield f"{name} must be above 0 there"


ANY: Final = Format()
"""TextFormatType: the text a component is mapped to in SDMX 2.1."""
BASIC: Final = Format(_BASIC)
"""BasicComponentTextFormatType: concepts and metadata attributes, from SDMX 3 on measures and attributes."""
SIMPLE: Final = Format(_SIMPLE, _UNMARKED)
"""SimpleComponentTextFormatType: components in SDMX 2.1."""
DIMENSION: Final = replace(SIMPLE, whole_in={"interval": JSON_2})
"""The same, of dimensions from SDMX 3 on; SDMX-JSON wants the interval to be whole."""
TIME: Final = Format(TIMES, frozenset({"start_time", "end_time", "sentinels"}))
"""TimeTextFormatType."""
CODED: Final = Format(_SIMPLE - _UNCODED, _UNMARKED - {"decimals", "sentinels"}, whole=_MEASURES)
"""CodedTextFormatType."""
CODING: Final = Format(
    frozenset({DataType.STRING, DataType.ALPHA, DataType.ALPHANUMERIC, DataType.NUMERIC}),
    _UNMARKED - {"decimals", "sentinels", "time_interval", "start_time", "end_time"},
    whole=_MEASURES,
    positive=_MEASURES - {"interval"},
)
"""CodingTextFormatType, of a level; text of any kind (``String``) is what it does not say."""
BARE: Final = frozenset[str]()
MONTH_DAY: Final = Format(frozenset({DataType.MONTH_DAY}), BARE)
"""ReportingYearStartDayTextFormatType."""


def target(data_type: DataType) -> Format:
    """TargetObjectTextFormatType with the one type a target object has (SDMX 2.1)."""
    return Format(frozenset({data_type}), BARE)

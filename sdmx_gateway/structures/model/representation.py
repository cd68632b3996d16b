"""What values a component may take (SDMX 3.1 Section 2, §4: Representation, Facet, SentinelValue)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from sdmx_gateway.structures.model.base import Text
from sdmx_gateway.structures.urn import Kind, Urn


class DataType(StrEnum):
    """The text formats (``DataType`` of SDMXCommon.xsd; the last one is of SDMX 2.1 only)."""

    STRING = "String"
    ALPHA = "Alpha"
    ALPHANUMERIC = "AlphaNumeric"
    NUMERIC = "Numeric"
    BIG_INTEGER = "BigInteger"
    INTEGER = "Integer"
    LONG = "Long"
    SHORT = "Short"
    DECIMAL = "Decimal"
    FLOAT = "Float"
    DOUBLE = "Double"
    BOOLEAN = "Boolean"
    URI = "URI"
    COUNT = "Count"
    INCLUSIVE_VALUE_RANGE = "InclusiveValueRange"
    EXCLUSIVE_VALUE_RANGE = "ExclusiveValueRange"
    INCREMENTAL = "Incremental"
    OBSERVATIONAL_TIME_PERIOD = "ObservationalTimePeriod"
    STANDARD_TIME_PERIOD = "StandardTimePeriod"
    BASIC_TIME_PERIOD = "BasicTimePeriod"
    GREGORIAN_TIME_PERIOD = "GregorianTimePeriod"
    GREGORIAN_YEAR = "GregorianYear"
    GREGORIAN_YEAR_MONTH = "GregorianYearMonth"
    GREGORIAN_DAY = "GregorianDay"
    REPORTING_TIME_PERIOD = "ReportingTimePeriod"
    REPORTING_YEAR = "ReportingYear"
    REPORTING_SEMESTER = "ReportingSemester"
    REPORTING_TRIMESTER = "ReportingTrimester"
    REPORTING_QUARTER = "ReportingQuarter"
    REPORTING_MONTH = "ReportingMonth"
    REPORTING_WEEK = "ReportingWeek"
    REPORTING_DAY = "ReportingDay"
    DATE_TIME = "DateTime"
    TIME_RANGE = "TimeRange"
    MONTH = "Month"
    MONTH_DAY = "MonthDay"
    DAY = "Day"
    TIME = "Time"
    DURATION = "Duration"
    GEOSPATIAL_INFORMATION = "GeospatialInformation"
    XHTML = "XHTML"
    KEY_VALUES = "KeyValues"
    IDENTIFIABLE_REFERENCE = "IdentifiableReference"
    DATA_SET_REFERENCE = "DataSetReference"
    ATTACHMENT_CONSTRAINT_REFERENCE = "AttachmentConstraintReference"

    @property
    def is_numeric(self) -> bool:
        """Whether values of this type are held as numbers."""
        return self in _NUMERIC


_NUMERIC = frozenset(
    {
        DataType.BIG_INTEGER, DataType.INTEGER, DataType.LONG, DataType.SHORT, DataType.DECIMAL, DataType.FLOAT,
        DataType.DOUBLE, DataType.COUNT, DataType.INCLUSIVE_VALUE_RANGE, DataType.EXCLUSIVE_VALUE_RANGE,
        DataType.INCREMENTAL,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SentinelValue:
    """A value with a meaning of its own among others, such as 99 for "not known" (SDMX 3.0)."""

    value: str
    names: Text = Text()
    descriptions: Text = Text()


@dataclass(frozen=True, slots=True)
class Representation:
    """What values a component may take: the codes of a list, or text of a type, with facets.

    Attributes:
        codelist: the list values are taken from: a code list, a geographic one, a value list, or, for the measure dimension
            of SDMX 2.1, a concept scheme.
        max_occurs: above 1 (or ``None``: unbounded) makes a component multi-valued, which SDMX 3.0 introduced.
        is_inherited: the component says nothing itself: this is what its concept says, where the concept is known.
    """

    codelist: Urn | None = None
    data_type: DataType = DataType.STRING
    max_length: int | None = None
    max_occurs: int | None = 1
    min_occurs: int = 1
    min_length: int | None = None
    is_sequence: bool | None = None
    interval: Decimal | None = None
    start_value: Decimal | None = None
    end_value: Decimal | None = None
    time_interval: str | None = None
    start_time: str | None = None
    end_time: str | None = None
    min_value: Decimal | None = None
    max_value: Decimal | None = None
    decimals: int | None = None
    pattern: str | None = None
    is_multilingual: bool | None = None
    sentinels: tuple[SentinelValue, ...] = ()
    is_inherited: bool = False

    @property
    def is_coded(self) -> bool:
        """Whether values are codes of a list."""
        return self.codelist is not None

    @property
    def is_of_concepts(self) -> bool:
        """Whether values are the concepts of a scheme: the measure dimension of SDMX 2.1."""
        return self.codelist is not None and self.codelist.kind is Kind.CONCEPT_SCHEME

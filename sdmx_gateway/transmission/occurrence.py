"""Dataset ids and occurrence names as EDAMIS, Eurostat's single entry point, wants them.

A dataset id is ``DOMAIN_STRUCTURE_PERIODICITY``; one sending of it is an *occurrence*, whose name the file carries:
``DATASETID_CC_YYYY_PPPP.ext``. The version is the receiver's to give: names may come back with ``_V0001`` behind them,
and are never sent so.

Source of the grammar: EDAMIS dataset naming convention (cros.ec.europa.eu, "How to respect the dataset naming
convention (DSNC)"); names in real use, such as ``AMS_EAACURR_A_IE_2024_0000_V0001.csv``, ``HICP_COVID_M_SI_2020_0006.xlsx``
and ``CENSUS_INS21ES_A_DK_2021_0000.sdmx.xml``, are in the tests of the SDMX Converter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Self

from sdmx_gateway.errors import UsageError
from sdmx_gateway.transmission.period import Frequency, Period

DOMAIN_LENGTH: Final = 8
STRUCTURE_LENGTH: Final = 7
"""Longest domain and structure; a periodicity of two characters takes one from the structure (naming convention)."""
HIGHEST_VERSION: Final = 9999

_DATASET = re.compile(
    rf"(?P<domain>[0-9A-Z]{{1,{DOMAIN_LENGTH}}})_(?P<structure>[0-9A-Z]{{1,{STRUCTURE_LENGTH}}})"
    r"_(?P<periodicity>[ASQMWDON0-9][0-9A-Z]?)"
)
_OCCURRENCE = re.compile(
    r"(?P<dataset>[0-9A-Z]+_[0-9A-Z]+_[0-9A-Z]+)_(?P<country>[0-9A-Z]{2})_(?P<year>[0-9]{4})_(?P<number>[0-9]{4})"
    r"(?:_V(?P<version>[0-9]{4}))?\.(?P<extension>[0-9A-Za-z]+(?:\.[0-9A-Za-z]+)?)"
)
_COUNTRY = re.compile(r"[A-Z]{2}")

# File name endings by the first word that matches the name of a format.
_EXTENSIONS: Final[Mapping[str, str]] = {
    "sdmx-ml-": "xml",
    "sdmx-csv-": "csv",
    "sdmx-json-": "json",
    "parquet": "parquet",
    "xlsx": "xlsx",
    "un-cts": "csv",
}
FORMATS: Final = (
    *("sdmx-ml-2.1", "sdmx-ml-2.1-generic", "sdmx-ml-3.0", "sdmx-ml-3.1"),
    *("sdmx-csv-1.0", "sdmx-csv-2.0", "sdmx-csv-2.1"),
    *("sdmx-json-1.0", "sdmx-json-2.0", "sdmx-json-2.1"),
    *("parquet", "xlsx", "un-cts"),
)
"""The formats a file may be sent in, by name."""


@dataclass(frozen=True, slots=True)
class DatasetId:
    """The id of an EDAMIS dataset.

    >>> DatasetId.parse("CRIM_GENREG_A")
    DatasetId(domain='CRIM', structure='GENREG', periodicity='A')
    """

    domain: str
    structure: str
    periodicity: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a dataset id: domain of 1 to 8, structure of 1 to 7, periodicity of 1 (or 2, the structure then ≤ 6).

        Raises:
            UsageError: the text is not one; the message says which part is wrong.
        """
        match = _DATASET.fullmatch(text)
        if match is None or (len(match["periodicity"]) == 2 and len(match["structure"]) == STRUCTURE_LENGTH):
            raise UsageError(f"{text!r} is not an EDAMIS dataset id: {_why_not(text)}")
        return cls(**match.groupdict())

    def suits(self, frequency: Frequency) -> bool:
        """Whether data of this frequency may go under the id: letters for another frequency do not, digits do."""
        return self.periodicity[0] not in "AQM" or self.periodicity[0] == frequency.value

    def __str__(self) -> str:
        return f"{self.domain}_{self.structure}_{self.periodicity}"


def _why_not(text: str) -> str:
    parts = text.split("_")
    if len(parts) != 3:
        return f"it has {len(parts)} part{'s' * (len(parts) != 1)}, not DOMAIN_STRUCTURE_PERIODICITY"
    if not re.fullmatch(r"[0-9A-Z_]+", text):
        return "only capital letters and digits are taken"
    domain, structure, periodicity = parts
    if not 1 <= len(domain) <= DOMAIN_LENGTH:
        return f"the domain {domain!r} has {len(domain)} characters, 1 to {DOMAIN_LENGTH} are taken"
    longest = STRUCTURE_LENGTH if len(periodicity) < 2 else STRUCTURE_LENGTH - 1
    if not 1 <= len(structure) <= longest:
        return f"the structure {structure!r} has {len(structure)} characters, 1 to {longest} are taken"
    return f"the periodicity {periodicity!r} is not one of A, S, Q, M, W, D, O, N or a digit"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One sending of a dataset, by name.

    Attributes:
        dataset: the dataset id.
        country: who it is from, in two capital letters (``FR``, ``EL``).
        year: year of the reference period.
        number: the four digits of the period in its year (:attr:`Period.in_occurrence`).
        extension: ending of the file name, without the first dot.
        version: number the receiver gave it, if it did.

    >>> period = Period.parse("2024", Frequency.ANNUAL)
    >>> str(Occurrence.of("CRIM_GENREG_A", "FR", period, "sdmx-ml-2.1"))
    'CRIM_GENREG_A_FR_2024_0000.xml'
    """

    dataset: DatasetId
    country: str
    year: int
    number: str
    extension: str
    version: int | None = None

    @classmethod
    def of(cls, dataset: str, country: str, period: Period, format_name: str) -> Self:
        """The occurrence of a dataset for a period, in a format of :data:`FORMATS`."""
        return cls(
            DatasetId.parse(dataset),
            country_code(country),
            period.year,
            period.in_occurrence,
            extension_of(format_name),
        )

    @classmethod
    def parse(cls, name: str) -> Self:
        """Read the name of a file.

        Raises:
            UsageError: the name is not that of an occurrence.
        """
        match = _OCCURRENCE.fullmatch(name)
        if match is None:
            raise UsageError(f"{name!r} is not of the form DATASETID_CC_YYYY_PPPP.ext")
        version = int(match["version"]) if match["version"] else None
        dataset, country = DatasetId.parse(match["dataset"]), country_code(match["country"])
        return cls(dataset, country, int(match["year"]), match["number"], match["extension"], version)

    def with_version(self, version: int) -> Occurrence:
        """The same occurrence, with the number its receiver gave it."""
        return replace(self, version=version)

    def __str__(self) -> str:
        version = "" if self.version is None else f"_{version_text(self.version)}"
        return f"{self.dataset}_{self.country}_{self.year:04d}_{self.number}{version}.{self.extension}"


def country_code(text: str) -> str:
    """The text, if it is two capital letters; ``UsageError`` otherwise."""
    if not _COUNTRY.fullmatch(text):
        raise UsageError(f"{text!r} is not a country in two capital letters, such as FR")
    return text


def extension_of(format_name: str) -> str:
    """How the names of files in this format end.

    Raises:
        UsageError: no such format is sent.
    """
    if format_name not in FORMATS:
        raise UsageError(f"{format_name!r} is not a format that is sent: {', '.join(FORMATS)}")
    return next(ending for start, ending in _EXTENSIONS.items() if format_name.startswith(start))


def version_text(version: int) -> str:
    """A receiver's version counter as it is written: ``V0001``.

    Raises:
        UsageError: the counter is over: a receiver counts to 9999.
    """
    if not 1 <= version <= HIGHEST_VERSION:
        raise UsageError(f"version {version} does not fit V0001 to V{HIGHEST_VERSION}")
    return f"V{version:04d}"

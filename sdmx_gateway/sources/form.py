"""How the bytes of a family's files are laid out: as delimited text, a workbook, JSON, Parquet, or the answer to a query."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from sdmx_gateway.sources.declared import Declared, Pattern, Reason

Decimal = Literal[",", "."]
HEADINGS: Final = "headings"
"""The word that stands for all headings among the columns of ``serial_dates``."""


class IgnoredSheet(Declared):
    """A sheet that holds no figures, and why."""

    name: str
    because: Reason


class Delimited(Declared):
    """A text file of delimited fields. ``encodings`` are tried in order, strictly."""

    kind: Literal["delimited"]
    separator: str = Field(default=";", min_length=1, max_length=1)
    decimal: Decimal = ","
    encodings: tuple[str, ...] = ("utf-8-sig", "cp1252")


class Workbook(Declared):
    """A workbook: xlsx, xlsm, xlsb, xls or ods.

    Attributes:
        sheets: regular expression on sheet names, whose named groups become columns ``@name``.
        ignored_sheets: sheets that are known and not read.
        expected_sheets: sheets that must be there.
        decimal: decimal sign of the numbers it holds as text; those it holds as numbers are written with a point.
        serial_dates: logical columns, or ``headings``, whose bare numbers are days counted as spreadsheets count them.

    """

    kind: Literal["workbook"]
    sheets: Pattern
    ignored_sheets: tuple[IgnoredSheet, ...] = ()
    expected_sheets: tuple[str, ...] = ()
    decimal: Decimal = "."
    serial_dates: tuple[str, ...] = ()


class Json(Declared):
    """JSON text; a number is taken as it is written.

    ``records`` is the way to the records: member names, ``{name}`` for every member of an object (its key becomes ``@name``),
    ``[]`` for every element of an array: ``[]``, ``results[]``, ``{commune}.indicateurs[]``.
    """

    kind: Literal["json"]
    records: str = Field(default="[]", pattern=r"^(?:\[\]|[^.\[\]]+(?:\[\])?)(?:\.[^.\[\]]+(?:\[\])?)*$")
    decimal: Decimal = "."


class Parquet(Declared):
    """A Parquet file; what is typed is written as text, numbers with a point, days as ``2024-08-01``."""

    kind: Literal["parquet"]
    decimal: Literal["."] = "."


class Query(Declared):
    """The answer to a query, read only.

    Attributes:
        url_from: the environment variable that holds the SQLAlchemy URL of the database.
        query: the query; a file of the family then only names an edition, and need not be there.
        query_file: a file that holds it, by its path in the module; without either, the file of the family holds the query.

    """

    kind: Literal["query"]
    url_from: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    query: str | None = None
    query_file: str | None = None
    decimal: Literal["."] = "."

    @model_validator(mode="after")
    def _one_query(self) -> Query:
        if self.query is not None and self.query_file is not None:
            raise ValueError("query or query_file, not both")
        return self


Form = Annotated[Delimited | Workbook | Json | Parquet | Query, Field(discriminator="kind")]

ENDINGS: Final = {
    "delimited": (".csv", ".txt", ".tsv"),
    "workbook": (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
    "json": (".json",),
    "parquet": (".parquet",),
    "query": (".sql",),
}
"""The endings of file names a family of each kind may be recognised by its header from."""

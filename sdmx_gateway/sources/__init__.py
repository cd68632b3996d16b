"""Reading national files as their producers publish them: from a file of a declared family to a raw table of text.

A raw table has the logical columns its family declares, as text exactly as written, and where each row came from.
What a value means is for :mod:`sdmx_gateway.mapping`.
"""

from sdmx_gateway.sources.family import SourceFamily, Unused
from sdmx_gateway.sources.form import Delimited, Json, Parquet, Query, Workbook
from sdmx_gateway.sources.layout import Crosstab, EditionFrom, Parts, Table, Unpivot
from sdmx_gateway.sources.raw_table import CELL_COLUMN, FILE, PLACES, ROW, SHEET, RawTable
from sdmx_gateway.sources.reader import read_source, recognise, sayings_of

__all__ = [
    "CELL_COLUMN",
    "FILE",
    "PLACES",
    "ROW",
    "SHEET",
    "Crosstab",
    "Delimited",
    "EditionFrom",
    "Json",
    "Parquet",
    "Parts",
    "Query",
    "RawTable",
    "SourceFamily",
    "Table",
    "Unpivot",
    "Unused",
    "Workbook",
    "read_source",
    "recognise",
    "sayings_of",
]

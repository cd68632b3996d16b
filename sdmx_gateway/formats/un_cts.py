"""The 13-column form of UNODC's data on crime and criminal justice (UN-CTS), written and read.

``data_cts_*`` of the UNODC data portal: one row for each figure, in words, no codes. The words are annotations of the
codes in ``dsd/UNODC``, as the files spell them. The form cannot say statuses, so a figure that is not free is refused
rather than sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Final

import polars as pl

from sdmx_gateway.errors import DatasetRejected, MessageRejected, Problem, Where
from sdmx_gateway.formats.assembly import assemble
from sdmx_gateway.formats.csv_fields import decoded
from sdmx_gateway.formats.lexical import spelt
from sdmx_gateway.formats.references import Meaning
from sdmx_gateway.observations import Dataset
from sdmx_gateway.structures import Catalogue
from sdmx_gateway.structures.header import Header
from sdmx_gateway.structures.model import Code, Codelist, Dataflow, DataStructure

NAME: Final = "un-cts"
AGENCY: Final = "UNODC"
FREE: Final = "F"
"""CONF_STATUS of a figure free for publication (SDMX CL_CONF_STATUS 1.0)."""
NORMAL: Final = "A"
"""OBS_STATUS of every figure read: the form says no other (SDMX CL_OBS_STATUS 2.0)."""
YEARLY: Final = "A"
LABEL: Final = "CTS_LABEL"
ENTERING: Final = "PERSONS_ENTERING"
"""The indicator under which UNODC spells some categories otherwise: annotation ``CTS_LABEL_ENTERING``."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the form: its heading, the component it says, and the annotation that has the component's codes in its words."""

    heading: str
    component: str
    words: str | None = LABEL


COLUMNS: Final = (
    Column("Iso3_code", "REF_AREA"),
    Column("Country", "REF_AREA", "CTS_COUNTRY"),
    Column("Region", "REF_AREA", "CTS_REGION"),
    Column("Subregion", "REF_AREA", "CTS_SUBREGION"),
    Column("Indicator", "INDICATOR"),
    Column("Dimension", "CTS_DIMENSION"),
    Column("Category", "CATEGORY"),
    Column("Sex", "SEX"),
    Column("Age", "AGE"),
    Column("Year", "TIME_PERIOD", None),
    Column("Unit of measurement", "UNIT_MEASURE"),
    Column("VALUE", "OBS_VALUE", None),
    Column("Source", "SOURCE", None),
)
"""The header of ``data_cts_*.xlsx``, in order (files of 11/05/2023 and May 2025 read)."""
HEADINGS: Final = tuple(column.heading for column in COLUMNS)


def carries(structure: DataStructure) -> bool:
    """Whether a structure has what the form says, and no other dimension but the frequency."""
    said = {column.component for column in COLUMNS}
    return said <= structure.components.keys() and {d.id for d in structure.dimensions} - said <= {"FREQ"}


def write_cts(dataset: Dataset, sink: BinaryIO, header: Header, catalogue: Catalogue | None) -> None:
    """Write a dataset in the form: UTF-8, comma between fields, one row for each figure; absent ones are left out, as UNODC does.

    Raises:
        DatasetRejected: it is of another structure, holds a figure that is not free, or a code without words; every reason is listed.
    """
    del header
    structure, frame = dataset.structure, dataset.frame.filter(pl.col("OBS_VALUE").is_not_null())
    if not carries(structure) or catalogue is None:
        raise DatasetRejected(
            f"{dataset.dataflow.urn.short} is not for the UN-CTS form",
            [_problem(f"its columns are {', '.join(HEADINGS)}")],
        )
    words = _all_words(structure, catalogue)
    problems = [*_not_free(frame), *_wordless(frame, words)]
    if problems:
        raise DatasetRejected(f"{dataset.dataflow.urn.short} cannot be written in the UN-CTS form", problems)
    rows = frame.select(_written(column, words, frame) for column in COLUMNS)
    buffer = BytesIO()
    rows.write_csv(buffer)
    sink.write(buffer.getvalue())


def read_cts(data: bytes, catalogue: Catalogue) -> Dataset:
    """Read a file of the form into the one dataflow of UNODC whose constraint has its indicators.

    Raises:
        MessageRejected: the columns are others, a word is unknown, or the indicators are of no one dataflow; each with its row.
    """
    text, problems = decoded(data)
    if problems:
        raise MessageRejected("this is no file of the UN-CTS form", problems)
    try:
        table = pl.read_csv(text.encode(), infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise MessageRejected("this is no file of the UN-CTS form", [_problem(str(error))]) from error
    if tuple(table.columns) != HEADINGS:
        what = f"the columns are {', '.join(table.columns)}, not {', '.join(HEADINGS)}"
        raise MessageRejected("this is no file of the UN-CTS form", [Problem("wrong-header", what, Where(row=1))])
    meaning = _meaning(table, catalogue)
    raw, problems = _understood(table, _all_words(meaning.structure, catalogue))
    return assemble(raw, meaning, problems, lambda row: row + 2)


Words = Mapping[str, Mapping[str | None, Mapping[str, str]]]
"""By component and annotation type: each code's words."""


def _all_words(structure: DataStructure, catalogue: Catalogue) -> Words:
    kinds: dict[str, set[str]] = {}
    for column in COLUMNS:
        if column.words is not None:
            kinds.setdefault(column.component, {f"{LABEL}_ENTERING"}).add(column.words)
    found: dict[str, dict[str | None, dict[str, str]]] = {}
    for component, types in kinds.items():
        codelist = catalogue.codelist_of(structure.components[component])
        found[component] = {kind: _words_of(codelist, kind) for kind in types}
    return found


def _words_of(codelist: Codelist | None, kind: str) -> dict[str, str]:
    items: tuple[Code, ...] = () if codelist is None else codelist.items
    return {code.id: note.title for code in items for note in code.annotations if note.type == kind and note.title}


def _written(column: Column, words: Words, frame: pl.DataFrame) -> pl.Expr:
    value = pl.col(column.component)
    if column.words is None:
        return spelt(value, frame.schema[column.component]).alias(column.heading)
    said = value.replace_strict(words[column.component][column.words], default=None, return_dtype=pl.String)
    other = words[column.component][f"{LABEL}_ENTERING"]
    if other:
        spelt_otherwise = value.replace_strict(other, default=None, return_dtype=pl.String)
        said = pl.when(pl.col("INDICATOR") == ENTERING).then(pl.coalesce(spelt_otherwise, said)).otherwise(said)
    return said.alias(column.heading)


def _not_free(frame: pl.DataFrame) -> Iterator[Problem]:
    if "CONF_STATUS" not in frame.columns:
        return
    kept = frame.filter(pl.col("CONF_STATUS").is_not_null() & (pl.col("CONF_STATUS") != FREE))
    if kept.height:
        yield Problem(
            "not-expressible",
            f"{kept.height} figures are not free ({', '.join(sorted(set(kept['CONF_STATUS'])))}), and the form cannot say so",
            remedy="leave them out, or choose a format that has CONF_STATUS",
            rows=kept.height,
        )


def _wordless(frame: pl.DataFrame, words: Words) -> Iterator[Problem]:
    for column in COLUMNS:
        if column.words is None:
            continue
        for code in sorted(set(frame[column.component]) - words[column.component][column.words].keys()):
            what = f"{column.component} {code} has no words for the column {column.heading}"
            yield Problem("not-expressible", what, remedy=f"give the code the annotation {column.words}", value=code)


def _meaning(table: pl.DataFrame, catalogue: Catalogue) -> Meaning:
    said = set(table["Indicator"].drop_nulls())
    found = []
    for flow in (artefact for artefact in catalogue if isinstance(artefact, Dataflow)):
        if flow.agency != AGENCY or not carries(catalogue.structure_of(flow)):
            continue
        indicators = catalogue.lists_of(flow).get("INDICATOR")
        if said and said <= set(_words_of(indicators, LABEL).values()):
            found.append(Meaning(flow, catalogue.structure_of(flow)))
    if len(found) != 1:
        named = ", ".join(meaning.dataflow.urn.short for meaning in found) or "none"
        what = f"the indicators {', '.join(sorted(said))} are of {named} of the dataflows of {AGENCY}"
        raise MessageRejected("this file of the UN-CTS form is of no one dataflow", [Problem("unknown-dataflow", what)])
    return found[0]


def _understood(table: pl.DataFrame, words: Words) -> tuple[pl.DataFrame, list[Problem]]:
    columns: dict[str, pl.Expr] = {
        "FREQ": pl.lit(YEARLY),
        "OBS_STATUS": pl.lit(NORMAL),
        "CONF_STATUS": pl.lit(FREE),
    }
    problems: list[Problem] = []
    for column in COLUMNS:
        said = pl.col(column.heading)
        if column.words is None:
            columns[column.component] = said
            continue
        codes = {text: code for code, text in words[column.component][column.words].items()}
        codes |= {text: code for code, text in words[column.component][f"{LABEL}_ENTERING"].items()}
        problems += _unknown(table, column, codes)
        if column.words == LABEL:
            columns[column.component] = said.replace_strict(codes, default=said, return_dtype=pl.String)
    return table.select(expression.alias(name) for name, expression in columns.items()), problems


def _unknown(table: pl.DataFrame, column: Column, codes: Mapping[str, str]) -> Iterator[Problem]:
    numbered = table.select(column.heading).with_row_index("row", offset=2)
    wrong = numbered.filter(~pl.col(column.heading).is_in(list(codes)) | pl.col(column.heading).is_null())
    for text, row, count in wrong.group_by(column.heading).agg(pl.col("row").min(), pl.len()).sort("row").iter_rows():
        yield Problem(
            "unknown-label",
            f"{text!r} is none of the words of {column.heading}",
            Where(row=row, column=column.heading),
            remedy=f"give a code of {column.component} the annotation {column.words} {text!r}",
            value=text,
            rows=count,
        )


def _problem(what: str) -> Problem:
    return Problem("not-expressible", what)

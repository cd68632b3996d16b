"""Workbooks whose sheets are crosstabs become one record per cell, whatever differs between the sheets."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import polars as pl
import pytest

from sdmx_gateway.errors import SourceRejected
from sdmx_gateway.sources import CELL_COLUMN, ROW, SourceFamily, read_source
from sdmx_gateway.sources.workbook import column_letters

POLICE = (
    ("Année 2012 - services de police", "Départements", "01", "01", "2A"),
    (None, "Périmètres", "DCPAF", "DCSP", "DCSP"),
    ("Code index", "Libellé index \\ CSP", "DIDPAF", "CIAT DE BOURG", "CIAT D'AJACCIO"),
    ("1", "Règlements de compte", 0, 1, 2),
    ("2", "Homicides", 3, 4, 5),
)
GENDARMERIE = (
    ("Année 2012 - compagnies", "Départements", "01", None),
    ("Code index", "Libellé index \\ CGD", "CGD BELLEY", None),
    ("1", "Règlements de compte", 7, None),
    ("2", "Homicides", 8, None),
)


def family(**changes: object) -> SourceFamily:
    form = {
        "kind": "workbook",
        "sheets": r"Services (?P<force>PN|GN) (?P<year>\d{4})",
        "expected_sheets": ["Services PN 2012"],
    }
    declared = {
        "family": "4001",
        "files": ["*.xlsx"],
        "edition": r"(?P<edition>\d{4})",
        "format": form | {"ignored_sheets": [{"name": "Présentation", "because": "a text box"}]},
        "crosstab": {
            "header": "Code index",
            "rows": {"index": "Code index", "label": r"Libellé index.*"},
            "columns": {"area": "Départements", "scope": "Périmètres", "unit": r"Libellé index.*"},
            "optional": ["scope"],
        },
    }
    return SourceFamily.model_validate(declared | changes)


def workbook(folder: Path, sheets: dict[str, tuple[tuple[object, ...], ...]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = folder / "etat-2012.xlsx"
    book.save(path)
    return path


def codes(path: Path) -> list[str]:
    with pytest.raises(SourceRejected) as caught:
        read_source(path, family())
    return [problem.code for problem in caught.value.problems]


def test_each_cell_is_a_record_with_what_heads_it_and_its_place(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"Présentation": (), "Services PN 2012": POLICE, "Services GN 2012": GENDARMERIE})
    frame = read_source(path, family()).frame
    assert frame.height == 2 * 3 + 2
    cell = frame.filter((pl.col("@force") == "PN") & (pl.col("index") == "2") & (pl.col("area") == "2A")).row(
        0, named=True
    )
    assert (cell["value"], cell["scope"], cell["unit"], cell["@year"]) == ("5", "DCSP", "CIAT D'AJACCIO", "2012")
    assert (cell[CELL_COLUMN], cell[ROW], cell["@sheet"]) == ("E", 5, "Services PN 2012")


def test_a_header_row_only_some_sheets_have_is_null_in_the_others(tmp_path: Path) -> None:
    frame = read_source(
        workbook(tmp_path, {"Services PN 2012": POLICE, "Services GN 2012": GENDARMERIE}), family()
    ).frame
    assert frame.filter(pl.col("@force") == "GN")["scope"].null_count() == 2


def test_a_missing_and_an_unknown_sheet_are_both_told(tmp_path: Path) -> None:
    assert codes(workbook(tmp_path, {"Services GN 2012": GENDARMERIE, "Notes": ()})) == [
        "unknown-sheet",
        "missing-sheet",
    ]


def test_headings_that_are_not_there_are_told_for_every_sheet(tmp_path: Path) -> None:
    renamed = (("Année", "Dép.", "01"), *((row[0], row[1], row[2]) for row in POLICE[1:]))
    headless = (("nothing", "here"),)
    path = workbook(tmp_path, {"Services PN 2012": renamed, "Services GN 2012": headless})
    assert codes(path) == ["missing-heading", "missing-heading"]


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "etat-2012.xlsx"
    path.write_bytes(b"Code index;Libelle")
    assert codes(path) == ["not-a-workbook"]


def test_a_figure_below_an_empty_heading_is_not_lost(tmp_path: Path) -> None:
    stray = tuple((*row, 9 if number > 2 else None) for number, row in enumerate(POLICE))
    frame = read_source(workbook(tmp_path, {"Services PN 2012": stray}), family()).frame
    assert frame.filter(pl.col("area") == "")["value"].to_list() == ["9", "9"]


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_lettered_as_a_spreadsheet_does(index: int, letters: str) -> None:
    assert column_letters(index) == letters

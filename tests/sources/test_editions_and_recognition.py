"""A file says its edition by its name, by what stands in it, or by both alike; its family by its name or by its header."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import polars as pl
import pytest
from source_files import made_up_family

from sdmx_gateway.errors import SourceRejected
from sdmx_gateway.sources import SourceFamily, read_source, recognise, sayings_of

COLUMNS = {"area": ["CODGEO_2024", "CODGEO_2025"], "year": ["annee"], "count": ["nombre"]}
FORM = {"kind": "delimited"}


def base(**words: object) -> SourceFamily:
    return made_up_family(**{"family": "base", "files": ["base-*.csv"], "format": FORM, "columns": COLUMNS} | words)


def written(
    folder: Path, text: str = "CODGEO_2025;annee;nombre\n01001;2024;5\n01001;2025;6\n", name: str = "base.csv"
) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize(
    "source",
    [
        {"heading": r"CODGEO_(?P<edition>\d{4})"},
        {"maximum": "year"},
        [{"maximum": "year"}, {"heading": r"CODGEO_(?P<edition>\d{4})"}],
    ],
    ids=["a-heading", "the-greatest-year", "both"],
)
def test_the_content_says_the_edition_where_the_name_does_not(tmp_path: Path, source: object) -> None:
    table = read_source(written(tmp_path), base(edition_from=source))
    assert (table.edition, table.problems) == ("2025", ())
    assert table.frame["@edition"].unique().to_list() == ["2025"]
    assert sayings_of(tmp_path / "base.csv", base(edition_from=source)) == {"edition": "2025"}


def test_a_title_says_the_edition(tmp_path: Path) -> None:
    path = written(tmp_path, "Base communale, édition 2025\nCODGEO_2025;annee;nombre\n01001;2025;6\n")
    family = base(table={"title": "Base .*"}, edition_from={"cell": r".*édition (?P<edition>\d{4})"})
    assert read_source(path, family).edition == "2025"


def test_a_name_and_a_content_that_disagree_are_told_with_both(tmp_path: Path) -> None:
    path = written(tmp_path, name="base-2024.csv")
    (problem,) = read_source(path, base(edition_from={"maximum": "year"})).problems
    assert problem.code == "edition-disagrees"
    assert "the file name says edition '2024', the greatest year says '2025'" in problem.what
    agreeing = written(tmp_path, name="base-2025.csv")
    assert read_source(agreeing, base(edition_from={"maximum": "year"})).problems == ()


def test_the_content_may_say_something_else_than_the_edition(tmp_path: Path) -> None:
    table = read_source(
        written(tmp_path, name="base-2026.csv"), base(edition_from={"maximum": "year", "says": "newest"})
    )
    assert (table.edition, table.says["newest"], table.problems) == ("2026", "2025", ())


def test_a_file_nothing_says_the_edition_of_is_told(tmp_path: Path) -> None:
    table = read_source(written(tmp_path), base(edition_from={"heading": r"GEO(?P<edition>\d{4})"}))
    assert [p.code for p in table.problems] == ["unknown-edition"]
    assert "neither the file name nor the content" in table.problems[0].what


def test_the_greatest_is_the_greatest_number_and_the_last_month(tmp_path: Path) -> None:
    weeks = written(tmp_path, "CODGEO_2025;annee;nombre\n01001;9;5\n01001;10;6\n")
    assert read_source(weeks, base(edition_from={"maximum": "year"})).edition == "10"
    months = written(tmp_path, "CODGEO_2025;annee;nombre\n01001;2022_10;5\n01001;2022_9;6\n01001;;6\n")
    assert read_source(months, base(edition_from={"maximum": "year"})).edition == "2022_9"


def test_the_greatest_may_be_across(tmp_path: Path) -> None:
    path = written(tmp_path, "dep;2025;2024\n01;5;6\n")
    family = base(
        columns={"area": ["dep"]}, unpivot={"headings": r"(?P<year>\d{4})"}, edition_from={"maximum": "@year"}
    )
    assert read_source(path, family).edition == "2025"


def test_a_renamed_file_is_recognised_by_its_header_and_says_so(tmp_path: Path) -> None:
    others = [
        base(family="regional", files=["reg-*"], columns={"area": ["Code_region"], "count": ["nombre"]}),
        base(family="narrow", files=["few-*"], columns={"area": ["CODGEO_2025"], "year": ["annee"]}),
        base(family="wide", files=["wide-*"], columns=COLUMNS | {"unit": ["unite"]}),
        made_up_family(family="typed", files=["x.parquet"], format={"kind": "parquet"}, columns=COLUMNS),
        base(),
    ]
    path = written(tmp_path, name="renamed-2025.csv")
    family = recognise(path, others)
    assert family.family == "base"
    table = read_source(path, family)
    assert [p.code for p in table.notes] == ["recognised-by-header"]
    assert "recognised as base by its header" in table.notes[0].what


def test_a_header_two_families_have_does_not_choose_between_them(tmp_path: Path) -> None:
    with pytest.raises(SourceRejected, match=r"the header is that of one and of two"):
        recognise(written(tmp_path, name="renamed.csv"), [base(family="one"), base(family="two")])


def test_a_header_nobody_has_is_told(tmp_path: Path) -> None:
    for text in ("a;b\n1;2\n", "", "CODGEO_2025;annee;nombre;taux\n1;2;3;4\n"):
        with pytest.raises(SourceRejected, match=r"the header is that of no family"):
            recognise(written(tmp_path, text, name="renamed.csv"), [base()])


def test_workbooks_parquet_and_json_are_recognised_by_their_header_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (("CODGEO_2025", "annee", "nombre"), ("01001", 2025, 6)):
        book.active.append(row)
    book.save(tmp_path / "renamed.xlsx")
    pl.DataFrame({"CODGEO_2025": ["01001"], "annee": [2025], "nombre": [6]}).write_parquet(tmp_path / "renamed.parquet")
    written(tmp_path, '[{"CODGEO_2025": "01001", "annee": 2025, "nombre": 6}]', name="renamed.json")
    kinds = {
        "xlsx": base(family="xlsx", format={"kind": "workbook", "sheets": ".*"}, table={}),
        "parquet": base(family="parquet", format={"kind": "parquet"}),
        "json": base(family="json", format={"kind": "json"}),
    }
    for ending in kinds:
        assert recognise(tmp_path / f"renamed.{ending}", kinds.values()).family == ending

"""Delimited files laid out for reading: titles, blank lines, blocks of headings, what is across, notes at the bottom."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from pydantic import ValidationError
from source_files import made_up_family, national, refusal

from sdmx_gateway.sources import CELL_COLUMN, ROW, SourceFamily, read_source

STATE_4001 = (
    "Crimes et délits constatés en France métropolitaine - juin 2012",
    "",
    "N°Index;Index de l'Etat 4001;Métropole;Ain;Côtes-d'Armor",
    "1;Règlements de compte entre malfaiteurs;17\u00a0369;1;2",
    "2;Homicides pour voler;1 234;4;5",
    "Source : SDSE, ministère de l'Intérieur",
    "Champ : France métropolitaine;;;;",
)
"""Made up to the layout of the monthly snapshots of 2012."""
PERMITS = (
    "Titres de séjour - stock au 31 décembre",
    "\t\t2022 (définitif)\t2023 (provisoire)",
    "France métropolitaine\t\t3 750 000\t3 876 967",
    "DOM\t\t118 000\t120 572",
    "",
    "Visas délivrés",
    "\t\t2023 (provisoire)",
    "Court séjour\t\t2 000 000",
    "(1) hors Royaume-Uni",
)
"""Made up to the layout of the half-yearly exports: tables one below the other, lines of unequal length."""


def state_4001(**words: object) -> SourceFamily:
    return made_up_family(
        **{
            "format": {"kind": "delimited", "encodings": ["utf-8-sig", "latin-1"]},
            "table": {
                "title": r"Crimes et délits .* - (?P<month>\w+) (?P<year>\d{4})",
                "header": "N°Index",
                "notes": [{"pattern": "(?:Source|Champ) : .*", "because": "where the figures are from"}],
            },
            "columns": {"index": ["N°Index"], "label": ["Index de l'Etat 4001"]},
            "unpivot": {"headings": "(?P<area>.+)"},
        }
        | words
    )


def written(folder: Path, *lines: str, name: str = "datagouv-juin-2012.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def test_a_header_below_a_title_is_found_and_departements_across_become_records(tmp_path: Path) -> None:
    path = written(tmp_path, *STATE_4001, "", encoding="latin-1")
    frame = read_source(path, state_4001()).frame
    assert frame.height == 2 * 3
    cell = frame.filter((pl.col("@area") == "Côtes-d'Armor") & (pl.col("index") == "2")).row(0, named=True)
    assert (cell["value"], cell["@month"], cell["@year"]) == ("5", "juin", "2012")
    assert (cell[ROW], cell[CELL_COLUMN]) == (5, "E")
    assert frame["value"][0] == "17\u00a0369"


def test_the_place_of_a_cell_can_be_gone_to(tmp_path: Path) -> None:
    table = read_source(written(tmp_path, *STATE_4001), state_4001())
    assert str(table.where(table.frame.row(0, named=True))) == "datagouv-juin-2012.csv, row 4, column 'C4'"


def test_every_row_is_accounted_for_or_told(tmp_path: Path) -> None:
    lines = ("Chiffres non consolidés", *STATE_4001, "Une remarque que personne n'a déclarée")
    problems = refusal(written(tmp_path, *lines), state_4001())
    assert [(p.code, p.where.row) for p in problems] == [("left-over-row", 1), ("left-over-row", 9)]
    assert all("notes" in p.remedy for p in problems)


def test_a_note_that_holds_figures_is_not_passed_over(tmp_path: Path) -> None:
    frame = read_source(written(tmp_path, *STATE_4001[:-1], "Champ : tous;;1;2;3"), state_4001()).frame
    assert frame["index"].unique(maintain_order=True).to_list() == ["1", "2", "Champ : tous"]


def test_months_across_are_read_in_whatever_order_they_stand(tmp_path: Path) -> None:
    lines = ("Index;libellé index;2022_08;2022_07;1996_01", "1;Homicides;7;8;9")
    family = state_4001(
        table=None,
        columns={"index": ["Index"], "label": ["libellé index"]},
        unpivot={"headings": r"(?P<year>\d{4})_(?P<month>\d\d)", "value": "count"},
    )
    frame = read_source(written(tmp_path, *lines), family).frame
    assert frame.select("@year", "@month", "count", CELL_COLUMN).rows() == [
        ("2022", "08", "7", "C"),
        ("2022", "07", "8", "D"),
        ("1996", "01", "9", "E"),
    ]


def test_a_heading_that_fits_nothing_is_told_among_those_across(tmp_path: Path) -> None:
    lines = ("Index;2022_08;2022_13bis", "1;7;8")
    family = state_4001(table=None, columns={"index": ["Index"]}, unpivot={"headings": r"(?P<month>\d{4}_\d\d)"})
    table = read_source(written(tmp_path, *lines), family)
    assert [(p.code, p.value) for p in table.problems] == [("unknown-column", "2022_13bis")]
    assert [p.code for p in refusal(written(tmp_path, "Index;a", "1;7"), family)] == [
        "unknown-column",
        "missing-column",
    ]


def test_tables_stacked_in_one_file_are_each_found_by_their_title(tmp_path: Path) -> None:
    family = made_up_family(
        format={"kind": "delimited", "separator": "\t", "encodings": ["latin-1"]},
        table={
            "title": "(?P<what>Titres de séjour|Visas).*",
            "header": r"\d{4} .*",
            "notes": [{"pattern": r"\(\d\) .*", "because": "footnotes"}],
            "ragged": True,
        },
        columns={"zone": [""]},
        unpivot={"headings": r"(?P<year>\d{4}) \((?P<state>définitif|provisoire)\)"},
    )
    frame = read_source(written(tmp_path, *PERMITS, name="titres-2024.csv", encoding="latin-1"), family).frame
    assert frame.select("@what", "zone", "@year", "@state", "value").rows() == [
        ("Titres de séjour", "France métropolitaine", "2022", "définitif", "3 750 000"),
        ("Titres de séjour", "DOM", "2022", "définitif", "118 000"),
        ("Titres de séjour", "France métropolitaine", "2023", "provisoire", "3 876 967"),
        ("Titres de séjour", "DOM", "2023", "provisoire", "120 572"),
        ("Visas", "Court séjour", "2023", "provisoire", "2 000 000"),
    ]


def test_rows_that_head_the_rows_below_them_become_a_column(tmp_path: Path) -> None:
    lines = ("pays;2023", "AFRIQUE;", "MAROC;5", "ALGÉRIE;6", "ASIE;", "CHINE;7")
    family = made_up_family(
        format={"kind": "delimited"},
        table={"header": "pays", "sections": "(?P<continent>[A-Z]+)"},
        columns={"country": ["pays"]},
        unpivot={"headings": r"(?P<year>\d{4})"},
    )
    frame = read_source(written(tmp_path, *lines), family).frame
    assert frame.select("@continent", "country", "value").rows() == [
        ("AFRIQUE", "MAROC", "5"),
        ("AFRIQUE", "ALGÉRIE", "6"),
        ("ASIE", "CHINE", "7"),
    ]


def test_a_cut_line_a_doubled_header_and_a_stray_note_are_told_together(tmp_path: Path) -> None:
    lines = (*STATE_4001[:4], STATE_4001[2], "Une remarque", "2;Homicides pour vo")
    problems = refusal(written(tmp_path, *lines), state_4001())
    assert [(p.code, p.where.row) for p in problems] == [
        ("left-over-row", 6),
        ("repeated-header", 5),
        ("truncated", 7),
    ]


def test_a_title_or_a_header_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert [p.code for p in refusal(written(tmp_path, *STATE_4001[1:]), state_4001())] == ["missing-heading"]
    headless = (*STATE_4001[:2], *STATE_4001[3:])
    assert [p.code for p in refusal(written(tmp_path, *headless), state_4001())] == ["missing-heading"]
    assert [p.code for p in refusal(written(tmp_path, *STATE_4001[:3]), state_4001())] == ["no-rows"]


def test_a_cell_that_says_two_things_is_taken_apart(tmp_path: Path) -> None:
    lines = ("pays;part", "MAROC;12,5 % (p)", "CHINE;7,0 %", "INDE;n.c")
    family = made_up_family(
        format={"kind": "delimited"},
        columns={"country": ["pays"], "part": ["part"]},
        parts=[{"of": "part", "pattern": r"(?P<part>[\d,]+) %(?: \((?P<state>p)\))?", "because": "percentages"}],
    )
    frame = read_source(written(tmp_path, *lines), family).frame
    assert frame.select("part", "@state").rows() == [("12,5", "p"), ("7,0", None), ("n.c", None)]


def test_the_insee_table_of_persons_accused_is_read_as_it_was_published() -> None:
    family = made_up_family(
        format={"kind": "delimited", "separator": ",", "decimal": "."},
        table={
            "title": "Figure 1 - .*",
            "header": "Répartition des mis en cause.*",
            "header_rows": 2,
            "notes": [
                {"pattern": "en %", "because": "the unit"},
                {"pattern": r"\* .*|(?:Note|Lecture|Champ|Source) : .*", "because": "notes below the table"},
            ],
        },
        columns={"offence": [""]},
        unpivot={"headings": "(?P<measure>Répartition|Part).*?(?: / (?P<group>Étrangers|Français))?"},
        edition_from={"cell": r"Figure 1 - .*, en (?P<edition>\d{4})"},
    )
    table = read_source(national("mis-en-cause/insee-2019-mis-en-cause-nationalite.csv"), family)
    assert (table.edition, table.problems, table.frame.height) == ("2019", (), 20 * 3)
    last = table.frame.filter(pl.col("offence") == "Ensemble").select("@measure", "@group", "value", ROW, CELL_COLUMN)
    assert last.rows() == [
        ("Répartition", "Étrangers", "100.0", 24, "B"),
        ("Répartition", "Français", "100.0", 24, "C"),
        ("Part", None, "17.7", 24, "D"),
    ]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"unpivot": {"headings": r"\d{4}"}}, "named group"),
        ({"unpivot": {"headings": r"(?P<year>\d{4})(?!x)"}}, "look-around"),
        ({"table": {"sections": "AFRIQUE"}}, "named group"),
        ({"table": {"heading": "x"}}, "heading"),
        ({"table": {"notes": [{"pattern": "x"}]}}, "because"),
        ({"table": {"fill_down": ["nowhere"]}}, "nowhere"),
        ({"parts": [{"of": "index", "pattern": "(?P<other>.)", "because": "because"}]}, "group named 'index'"),
        ({"edition_from": {"heading": "(?P<edition>.)", "maximum": "index"}}, "exactly one"),
        ({"edition_from": {"maximum": "nowhere"}}, "nowhere"),
        ({"columns": {}, "unpivot": None}, "columns"),
        ({"crosstab": {"header": "x", "rows": {}, "columns": {}}}, "not both"),
        ({"format": {"kind": "parquet"}}, "has a crosstab or a table"),
    ],
)
def test_a_declaration_that_cannot_be_meant_is_refused_with_the_reason(words: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        state_4001(**words)

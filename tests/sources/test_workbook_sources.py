"""Workbooks whose sheets are crosstabs become one record per cell, whatever differs between the sheets."""

from __future__ import annotations

import struct
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from source_files import made_up_family, national, refusal

from sdmx_gateway.errors import SourceRejected
from sdmx_gateway.sources import CELL_COLUMN, ROW, SourceFamily, opening, read_source
from sdmx_gateway.sources.letters import column_letters

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


def workbook(folder: Path, sheets: dict[str, tuple[tuple[object, ...], ...]], errors: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for place in errors:
            sheet[place].data_type = "e"
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


def tables(**words: object) -> SourceFamily:
    return made_up_family(
        **{
            "format": {"kind": "workbook", "sheets": ".*"},
            "table": {"header": "pays"},
            "columns": {"country": ["pays"]},
            "unpivot": {"headings": r"(?P<year>\d{4})"},
        }
        | words
    )


def test_rows_are_numbered_and_columns_lettered_as_shown_though_the_sheet_starts_further_in(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"A": ((), (), (None, None, "pays", 2023), (None, None, "MAROC", 5))})
    row = read_source(path, tables()).frame.row(0, named=True)
    assert (row["value"], row[ROW], row[CELL_COLUMN]) == ("5", 4, "D")


def test_a_plain_sheet_is_a_table(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, {"A": (("pays", "part", "à jour"), ("MAROC", 0.125, date(2024, 8, 1)), ("CHINE", 7, None))}
    )
    family = tables(unpivot=None, columns={"country": ["pays"], "part": ["part"], "day": ["à jour"]})
    rows = read_source(path, family).frame.select("country", "part", "day").rows()
    assert rows == [("MAROC", "0.125", "2024-08-01"), ("CHINE", "7", None)]


def test_merged_headings_reach_over_their_columns_and_merged_labels_down_their_rows(tmp_path: Path) -> None:
    rows = (
        ("Premiers titres", None, None, None, None, None),
        ("motif", "sous-motif", 2022, None, 2023, None),
        (None, None, "hommes", "femmes", "hommes", "femmes"),
        ("Familial", "conjoint", 1, 2, 3, 4),
        (None, "enfant", 5, 6, 7, 8),
        ("Source : ministère de l'Intérieur", None, None, None, None, None),
    )
    family = tables(
        table={
            "title": "Premiers titres",
            "header": "motif",
            "header_rows": 2,
            "fill_down": ["reason"],
            "notes": [{"pattern": "Source : .*", "because": "where it is from"}],
        },
        columns={"reason": ["motif"], "detail": ["sous-motif"]},
        unpivot={"headings": r"(?P<year>\d{4}) / (?P<sex>hommes|femmes)"},
    )
    frame = read_source(workbook(tmp_path, {"A": rows}), family).frame
    cell = frame.filter((pl.col("detail") == "enfant") & (pl.col("@year") == "2023") & (pl.col("@sex") == "femmes"))
    assert cell.select("reason", "value", CELL_COLUMN, ROW).rows() == [("Familial", "8", "F", 5)]


def test_a_crosstab_with_merged_departements_and_a_note_below(tmp_path: Path) -> None:
    merged = (("Année 2012 - services de police", "Départements", "01", None, "2A"), *POLICE[1:], ("Source : SSMSI",))
    declared = family().model_dump()["crosstab"] | {
        "fill": ["area"],
        "notes": [{"pattern": "Source : .*", "because": "where it is from"}],
    }
    frame = read_source(workbook(tmp_path, {"Services PN 2012": merged}), family(crosstab=declared)).frame
    assert frame["area"].value_counts(sort=True).sort("area").rows() == [("01", 4), ("2A", 2)]
    unnoted = family(crosstab=declared | {"notes": []})
    assert [p.code for p in refusal(workbook(tmp_path, {"Services PN 2012": merged}), unnoted)] == ["left-over-row"]


def test_tables_stacked_in_a_sheet_and_one_sheet_for_each_area(tmp_path: Path) -> None:
    rows = (
        ("Tableau 1 - Victimes",),
        ("pays", 2022, 2023),
        ("MAROC", 1, 2),
        (),
        ("Tableau 2 - Auteurs",),
        ("pays", 2023),
        ("MAROC", 3),
    )
    family = tables(
        format={"kind": "workbook", "sheets": r"(?P<area>\d\d|2[AB])"},
        table={"title": r"Tableau \d - (?P<role>.*)", "header": "pays"},
    )
    frame = read_source(workbook(tmp_path, {"01": rows, "2A": rows}), family).frame
    assert frame.filter(pl.col("@area") == "2A").select("@role", "@year", "value", ROW).rows() == [
        ("Victimes", "2022", "1", 3),
        ("Victimes", "2023", "2", 3),
        ("Auteurs", "2023", "3", 7),
    ]


def test_an_error_in_a_cell_is_told_with_its_place_and_is_not_an_empty_cell(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"A": (("pays", 2023), ("MAROC", 5), ("CHINE", "#REF!"))}, errors=("B3",))
    (problem,) = refusal(path, tables())
    assert (problem.code, problem.where.column, problem.value) == ("error-cell", "B3", "#REF!")


def test_a_formula_gives_the_value_that_was_computed_and_is_refused_where_none_was(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"A": (("pays", 2023), ("MAROC", 5), ("TOTAL", "=SUM(B2:B2)"))})
    (problem,) = refusal(path, tables())
    assert (problem.code, problem.where.column) == ("formula-without-value", "B3")
    computed = rewritten(
        path, "xl/worksheets/sheet1.xml", b"<v />", b"<v>5</v>", b"<v></v>", b"<v>5</v>", b"<v/>", b"<v>5</v>"
    )
    assert read_source(computed, tables()).frame["value"].to_list() == ["5", "5"]


def test_a_number_kept_as_text_among_numbers_is_told_and_read(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"A": (("pays", "2023"), ("MAROC", 5), ("CHINE", "1 234"))})
    table = read_source(path, tables())
    assert table.frame["value"].to_list() == ["5", "1 234"]
    assert [(p.code, p.where.column, p.rows) for p in table.notes] == [("number-as-text", "B3", 1)]


def test_days_counted_as_spreadsheets_count_them_are_days_where_declared(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"A": (("pays", 44774, 44805), ("MAROC", 44774, 6))})
    family = tables(
        format={"kind": "workbook", "sheets": ".*", "serial_dates": ["headings"]},
        unpivot={"headings": r"(?P<month>\d{4}-\d\d)-01"},
    )
    frame = read_source(path, family).frame
    assert frame.select("@month", "value").rows() == [("2022-08", "44774"), ("2022-09", "6")]


def test_headings_that_are_dates_are_written_as_dates(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"A": (("pays", date(2022, 8, 1)), ("MAROC", 5))})
    frame = read_source(path, tables(unpivot={"headings": r"(?P<month>\d{4}-\d\d)-01"})).frame
    assert frame["@month"].to_list() == ["2022-08"]


def test_a_workbook_that_expands_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path, {"A": (("pays", 2023), ("MAROC", 5))})
    with zipfile.ZipFile(path) as archive:
        expanded = sum(item.file_size for item in archive.infolist())
    monkeypatch.setattr(opening, "MAX_BYTES", expanded - 1)
    assert [p.code for p in refusal(path, tables())] == ["too-large"]
    monkeypatch.setattr(opening, "MAX_BYTES", expanded)
    assert read_source(path, tables()).frame.height == 1


def test_an_opendocument_sheet_is_read_like_any_other(tmp_path: Path) -> None:
    path = opendocument(tmp_path / "titres-2024.ods", (("pays", "2023"), ("MAROC", 5), ("CHINE", 7.5)))
    frame = read_source(path, tables()).frame
    assert frame.select("country", "@year", "value", CELL_COLUMN, ROW).rows() == [
        ("MAROC", "2023", "5", "B", 2),
        ("CHINE", "2023", "7.5", "B", 3),
    ]


def test_a_sheet_of_the_older_kind_is_read_like_any_other(tmp_path: Path) -> None:
    path = older_workbook(tmp_path / "titres-2024.xls", (("pays", "2023"), ("MAROC", 5), ("CHINE", 7.5)))
    frame = read_source(path, tables()).frame
    assert frame.select("country", "@year", "value", CELL_COLUMN, ROW).rows() == [
        ("MAROC", "2023", "5", "B", 2),
        ("CHINE", "2023", "7.5", "B", 3),
    ]


def test_the_workbook_of_persons_accused_is_read_as_it_was_published() -> None:
    family = tables(edition=None, known_editions={"mis_en_cause_france.xlsx": {"edition": "1"}}).model_copy(
        update={"unpivot": tables(unpivot={"headings": "(?P<offence>.+)"}).unpivot}
    )
    table = read_source(national("mis-en-cause/mis_en_cause_france.xlsx"), family)
    assert (table.frame.height, table.problems, table.notes) == (6 * 17, (), ())
    assert table.frame.filter(pl.col("country") == "UE", pl.col("@offence") == "Homicides")["value"].to_list() == ["30"]


def test_the_workbook_of_the_etat_4001_is_read_whole() -> None:
    name = "crimes-et-delits-enregistres-par-les-services-de-gendarmerie-et-de-police-depuis-2012.xlsx"
    ignored = {"ignored_sheets": [{"name": "Présentation", "because": "a text box"}]}
    form = family().format.model_dump() | ignored
    table = read_source(national(f"etat4001/{name}"), family(format=form))
    assert (table.frame.height, table.problems, table.notes) == (1_010_615, (), ())
    derived = pl.read_csv(national("etat4001/etat4001-departement-annee-force-2012-2020.csv.gz"), infer_schema=False)
    total = table.frame.group_by("@year", "@force").agg(pl.col("value").cast(pl.Int64).sum())
    expected = derived.group_by("annee", "force").agg(pl.col("faits").cast(pl.Int64).sum())
    assert sorted(total.rows()) == sorted(expected.rows())


def rewritten(path: Path, part: str, *pairs: bytes) -> Path:
    """A copy of a workbook with some bytes of one part exchanged."""
    copy = path.with_name(f"mended-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w") as new:
        for item in old.namelist():
            data = old.read(item)
            for before, after in zip(pairs[::2], pairs[1::2], strict=True):
                data = data.replace(before, after) if item == part else data
            new.writestr(item, data)
    return copy


def opendocument(path: Path, rows: tuple[tuple[object, ...], ...]) -> Path:
    """The least OpenDocument spreadsheet (ISO/IEC 26300) that holds these cells."""
    cells = [
        "".join(
            f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
            if isinstance(cell, int | float)
            else f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        for row in rows
    ]
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content{spaces} office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="A">{"".join(f"<table:table-row>{row}</table:table-row>" for row in cells)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2"/>',
        )
    return path


def older_workbook(path: Path, rows: tuple[tuple[object, ...], ...]) -> Path:
    """The least BIFF8 workbook ([MS-XLS] 2.4) in a compound file ([MS-CFB] 2) that holds these cells in a sheet ``A``."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def cell(row: int, column: int, value: object) -> bytes:
        place = struct.pack("<HHH", row, column, 0)
        if isinstance(value, int | float):
            return record(0x0203, place + struct.pack("<d", value))
        return record(0x0204, place + struct.pack("<HB", len(str(value)), 0) + str(value).encode("latin-1"))

    def start(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0))

    end = record(0x000A, b"")
    offset = len(start(5)) + len(record(0x0085, struct.pack("<IBBBB", 0, 0, 0, 1, 0) + b"A")) + len(end)
    book = start(5) + record(0x0085, struct.pack("<IBBBB", offset, 0, 0, 1, 0) + b"A") + end
    sheet = record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, 2, 0))
    sheet += b"".join(cell(i, j, value) for i, row in enumerate(rows) for j, value in enumerate(row))
    stream = (book + start(0x10) + sheet + end).ljust(4096, b"\0")

    def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
        text = name.encode("utf-16-le")
        head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2, kind, 1, FREE, FREE, child)
        return (head + bytes(36) + struct.pack("<IQ", first, size)).ljust(128, b"\0")

    sectors = len(stream) // 512
    table = [0xFFFFFFFD, LAST, *range(3, 2 + sectors), LAST]
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, LAST, 0, LAST, 0) + struct.pack("<I", 0) + b"\xff" * (108 * 4)
    fat = b"".join(struct.pack("<I", sector) for sector in table).ljust(512, b"\xff")
    folder = entry("Root Entry", 5, 1, LAST, 0) + entry("Workbook", 2, FREE, 2, len(stream)) + bytes(256)
    path.write_bytes(head + fat + folder + stream)
    return path


FREE, LAST = 0xFFFFFFFF, 0xFFFFFFFE

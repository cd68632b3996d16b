"""A nomenclature is read from whatever its office or a spreadsheet program made of it, or refused with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from offence_files import (
    CHEQUE,
    DUEL,
    HEADINGS,
    NATINF,
    NFI,
    NOISE,
    TITLE,
    WITH_ICCS,
    brought,
    delimited,
    ods,
    refused,
    told,
    xlsx,
)

from sdmx_gateway.errors import SourceRejected
from sdmx_gateway.nomenclatures import ENCODINGS
from sdmx_gateway.nomenclatures.decoding import decoded
from sdmx_gateway.nomenclatures.grid import MAX_BYTES
from sdmx_gateway.nomenclatures.layouts import LAYOUTS, folded
from sdmx_gateway.nomenclatures.natures import nature_of
from sdmx_gateway.structures.model import Codelist

NAMES = {row[0]: row[2] for row in (CHEQUE, DUEL, NOISE)}


def names(codelist: Codelist) -> dict[str, str | None]:
    return {code.id: code.names.best("fr") for code in codelist.items}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_same_list_is_read_in_every_encoding_the_file_is_saved_in(tmp_path: Path, encoding: str) -> None:
    assert names(brought(delimited(tmp_path, NATINF, encoding=encoding)).codelist) == NAMES


@pytest.mark.parametrize("encoding", ["cp850", "latin-1"])
def test_encodings_without_typographic_signs_are_read_too(tmp_path: Path, encoding: str) -> None:
    plain = [tuple(str(cell).replace("’", "'").replace("œ", "oe") for cell in row) for row in NATINF]
    found = names(brought(delimited(tmp_path, plain, encoding=encoding)).codelist)
    assert found["900002"] == "Duel inventé à l'épée, « oeuvre » d'été"


@pytest.mark.parametrize("encoding", ["latin-9", "mac-roman", "utf-16", "cp1252"])
def test_an_encoding_that_is_told_is_taken(tmp_path: Path, encoding: str) -> None:
    plain = [tuple(str(cell).replace("’", "'") for cell in row) for row in NATINF]
    path = delimited(tmp_path, plain, encoding=ENCODINGS[encoding])
    assert names(brought(path, encoding=encoding).codelist)["900002"] == "Duel inventé à l'épée, « œuvre » d'été"


@pytest.mark.parametrize("separator", [";", "\t", ",", "|"])
def test_the_separator_is_found_by_the_headings(tmp_path: Path, separator: str) -> None:
    assert names(brought(delimited(tmp_path, NATINF, separator=separator)).codelist) == NAMES


@pytest.mark.parametrize("write", [xlsx, ods])
def test_workbooks_of_either_kind_are_read_below_their_title(tmp_path: Path, write: object) -> None:
    path = write(tmp_path, {"Notice": [TITLE], "Liste": [TITLE, (), *NATINF]})  # type: ignore[operator]
    assert names(brought(path).codelist) == NAMES


def test_numbers_that_are_numbers_in_a_workbook_are_the_same_codes(tmp_path: Path) -> None:
    rows = [HEADINGS, *((int(row[0]), *row[1:]) for row in (CHEQUE, DUEL, NOISE))]
    assert names(brought(xlsx(tmp_path, {"Liste": rows})).codelist) == NAMES


def test_a_title_above_the_headings_and_a_note_below_them_do_no_harm(tmp_path: Path) -> None:
    note = ("Source : fabriqué", "", "", "", "")
    coming = brought(delimited(tmp_path, [TITLE, *NATINF, note]))
    assert names(coming.codelist) == NAMES
    assert ("passed-over", 6, None, "Source : fabriqué") in told(coming.remarks)


@pytest.mark.parametrize(
    "headings",
    [
        ("NUMERO NATINF", "NATURE", "QUALIFICATION", "DEFINIE PAR", "REPRIMEE PAR"),
        ("N° Natinf ", "nature_infraction", "qualification_infraction", "definie_par", "reprimee_par"),
        ("Numéro  NATINF", "Nature de l’infraction", "Qualification de l’infraction", "Prévue par :", "Réprimée par"),
    ],
)
def test_headings_are_known_whatever_their_case_accents_and_signs(tmp_path: Path, headings: tuple[str, ...]) -> None:
    code = brought(delimited(tmp_path, [headings, CHEQUE, DUEL, NOISE])).codelist["900001"]
    assert {note.type: note.title for note in code.annotations} == {
        "NATURE": "DELIT",
        "DEFINED_BY": "ART.X.1 C.INV.",
        "PUNISHED_BY": "ART.X.2 C.INV.",
    }


def test_columns_may_stand_in_any_order_and_those_that_are_not_read_are_told(tmp_path: Path) -> None:
    rows = [("Inutile", *reversed(row)) for row in NATINF]
    coming = brought(delimited(tmp_path, rows))
    assert names(coming.codelist) == NAMES
    assert ("unused-column", 1, "Inutile", "Inutile") in told(coming.remarks)


def test_a_missing_column_is_told_with_the_headings_that_were_found(tmp_path: Path) -> None:
    (problem,) = refused(delimited(tmp_path, [("Numéro NATINF", "Intitulé", "Gravité"), ("900001", "a", "b")]))
    assert (problem.code, problem.where.row) == ("missing-column", 1)
    assert "'qualification de l infraction'" in problem.what
    assert "Numéro NATINF; Intitulé; Gravité" in problem.why


def test_a_heading_that_stands_twice_is_told(tmp_path: Path) -> None:
    rows = [(*HEADINGS, "Définie par"), (*CHEQUE, "ART.Y")]
    assert [p.code for p in refused(delimited(tmp_path, rows))] == ["duplicated-header"]


def test_a_text_whose_encoding_cannot_be_told_is_refused_with_how_each_would_read_it(tmp_path: Path) -> None:
    path = delimited(tmp_path, NATINF, encoding="utf-8")
    path.write_bytes(path.read_text("utf-8").replace("’", "'").replace("œ", "oe").encode("mac_roman"))
    (problem,) = refused(path)
    assert problem.code == "ambiguous-encoding"
    assert "cp850 reads 'Ã'" in problem.why
    assert "--encoding" in problem.remedy


@pytest.mark.parametrize(("written", "told_as"), [("cp1252", "cp850"), ("cp850", "cp1252"), ("mac_roman", "latin-1")])
def test_a_wrong_encoding_that_is_told_never_makes_a_wrong_list(tmp_path: Path, written: str, told_as: str) -> None:
    plain = [tuple(str(cell).replace("’", "'").replace("œ", "oe") for cell in row) for row in NATINF]
    path = delimited(tmp_path, plain, encoding=written)
    assert {p.code for p in refused(path, encoding=told_as)} <= {"garbled-text", "undecodable"}


def test_bytes_that_are_not_of_the_encoding_told_are_refused_with_their_row(tmp_path: Path) -> None:
    path = delimited(tmp_path, NATINF, encoding="cp1252")
    assert told(refused(path, encoding="utf-8")) == [("undecodable", 1, None, None)]


def test_a_workbook_saved_by_a_program_that_misread_the_text_is_refused(tmp_path: Path) -> None:
    broken = [
        tuple(str(c).replace("’", "'").replace("œ", "oe").encode("cp850").decode("cp1252", "ignore") for c in r)
        for r in NATINF
    ]
    (problem,) = refused(xlsx(tmp_path, {"Liste": broken}))
    assert problem.code == "garbled-text"
    assert "'‚'" in problem.what


def test_a_text_that_was_misread_in_one_cell_is_refused_at_that_cell(tmp_path: Path) -> None:
    rows = [*NATINF, ("900004", "Délit", "INFRACTION INVENTÃ©E", "", ""), ("900005", "Délit", "INVENT\ufffdE", "", "")]
    problems = refused(delimited(tmp_path, rows))
    assert [(p.code, p.where.row, p.where.column) for p in problems] == [
        ("garbled-text", 5, "Qualification de l'infraction"),
        ("garbled-text", 6, "Qualification de l'infraction"),
    ]


def test_a_letter_the_office_lost_itself_is_kept_and_told(tmp_path: Path) -> None:
    plain = [HEADINGS, ("900009", "Délit", "C¿UR INVENTE", "", "")]
    coming = brought(delimited(tmp_path, plain, encoding="cp850"))
    assert coming.codelist["900009"].names.best("fr") == "C¿UR INVENTE"
    assert ("lost-character", 2, "Qualification de l'infraction", None) in told(coming.remarks)


def test_signs_no_french_text_has_are_told_and_kept(tmp_path: Path) -> None:
    coming = brought(delimited(tmp_path, [*NATINF, ("900004", "Délit", "INFRACTION™", "", "")]))
    assert ("unusual-character", 5, "Qualification de l'infraction", "™") in told(coming.remarks)


@pytest.mark.parametrize("sign", ["\x07", "\x0b"])
def test_a_control_character_is_refused_at_its_cell(tmp_path: Path, sign: str) -> None:
    rows = [*NATINF, ("900004", "Délit", f"VOL{sign}INVENTE", "", "")]
    assert told(refused(delimited(tmp_path, rows)))[0][:2] == ("forbidden-character", 5)


def test_a_row_with_a_separator_too_many_is_told_at_its_row(tmp_path: Path) -> None:
    path = delimited(tmp_path, NATINF)
    path.write_text(path.read_text("utf-8") + "900004;Délit;VOL; INVENTE;a;b\n", "utf-8")
    assert [(p.code, p.where.row) for p in refused(path)] == [("wrong-line", 5)]


def test_quotes_that_do_not_match_are_told_at_their_row(tmp_path: Path) -> None:
    path = delimited(tmp_path, NATINF)
    path.write_text(path.read_text("utf-8") + '900004;Délit;"VOL "INVENTE";a;b\n', "utf-8")
    assert [(p.code, p.where.row) for p in refused(path)] == [("wrong-line", 5)]


def test_a_line_break_in_a_cell_becomes_a_space_and_rows_are_still_counted_right(tmp_path: Path) -> None:
    rows = [HEADINGS, ("900001", "Délit", "CHEQUE\nINVENTE", "", ""), ("x", "Délit", "y", "", "")]
    assert told(refused(delimited(tmp_path, rows))) == [("wrong-id", 4, "Numéro NATINF", "x")]
    assert names(brought(delimited(tmp_path, rows[:2])).codelist) == {"900001": "CHEQUE INVENTE"}


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "made-up.csv", "empty-file"),
        (b"no workbook", "made-up.xlsx", "not-a-workbook"),
        (b"no workbook", "made-up.ods", "not-a-workbook"),
        ("Numéro NATINF;Qualification\n".encode(), "made-up.csv", "no-rows"),
        (b"nothing", "made-up.csv", "missing-column"),
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path: Path, content: bytes, name: str, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert [p.code for p in refused(tmp_path / name)] == [code]


def test_a_file_that_is_not_there_or_too_long_is_refused(tmp_path: Path) -> None:
    assert [p.code for p in refused(tmp_path / "gone.csv")] == ["no-such-file"]
    (tmp_path / "folder.csv").mkdir()
    assert [p.code for p in refused(tmp_path / "folder.csv")] == ["unreadable"]
    long = tmp_path / "long.csv"
    with long.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert [p.code for p in refused(long)] == ["too-large"]


def test_a_sheet_is_named_where_several_would_do(tmp_path: Path) -> None:
    path = xlsx(tmp_path, {"2025": NATINF[:2], "2026": NATINF})
    assert [p.code for p in refused(path)] == ["ambiguous-sheet"]
    assert len(brought(path, sheet="2026").codelist) == 3
    (problem,) = refused(path, sheet="2027")
    assert (problem.code, problem.remedy) == ("missing-sheet", "the sheets are 2025, 2026")


def test_a_formula_that_failed_or_was_never_computed_is_not_an_empty_cell(tmp_path: Path) -> None:
    rows = [(*HEADINGS, "Code ICCS"), (*CHEQUE, "#N/A"), (*DUEL, "=1+1")]
    assert [(p.code, p.where.column) for p in refused(xlsx(tmp_path, {"Liste": rows}))] == [
        ("error-cell", "F2"),
        ("formula-without-value", "F3"),
    ]
    problems = refused(ods(tmp_path, {"Liste": [HEADINGS, (*CHEQUE[:2], "#REF!", "", "")]}))
    assert [(p.code, p.where.row) for p in problems] == [("error-cell", 2)]


def test_an_nfi_of_one_row_an_entry_is_a_tree(tmp_path: Path) -> None:
    found = brought(xlsx(tmp_path, {"NFI": NFI}), "nfi").codelist
    assert {code.id: code.parent for code in found.items} == {
        "01": "ICCS01",
        "0101": "01",
        "01011": "0101",
        "02": "ICCS02",
    }


@pytest.mark.parametrize("repeats", [True, False])
def test_an_nfi_with_a_column_for_each_level_is_the_same_tree(tmp_path: Path, repeats: bool) -> None:
    rows = [
        (
            "Code section",
            "Libellé section",
            "Code division",
            "Libellé division",
            "Code groupe",
            "Libellé groupe",
            "ICCS",
        ),
        ("01", "Atteintes inventées", "", "", "", "", "01"),
        ("01", "Atteintes inventées", "0101", "Homicides inventés", "", "", "0101"),
        ("01", "Atteintes inventées", "0101", "Homicides inventés", "01011", "Duels inventés", "0101"),
        ("02", "Autres atteintes inventées", "", "", "", "", "02"),
    ]
    if not repeats:
        rows = [rows[0], rows[1], ("", "", *rows[2][2:]), ("", "", "", "", *rows[3][4:]), rows[4]]
    found = brought(delimited(tmp_path, rows), "nfi").codelist
    assert {code.id: code.parent for code in found.items} == {
        "01": "ICCS01",
        "0101": "01",
        "01011": "0101",
        "02": "ICCS02",
    }
    levels = {code.id: next(n.title for n in code.annotations if n.type == "LEVEL") for code in found.items}
    assert levels == {"01": "SECTION", "0101": "DIVISION", "01011": "GROUP", "02": "SECTION"}


def test_a_row_without_a_code_in_a_table_by_level_is_no_note(tmp_path: Path) -> None:
    rows = [
        ("Code section", "Libellé section", "Code division", "Libellé division"),
        ("01", "Atteintes inventées", "", ""),
        ("", "", "", "Division sans code"),
        ("Source : fabriqué", "", "", ""),
    ]
    assert [(p.code, p.where.row) for p in refused(delimited(tmp_path, rows), "nfi")] == [("wrong-id", 3)]


def test_every_heading_a_layout_knows_is_written_folded_and_once() -> None:
    for layout in LAYOUTS.values():
        for form in layout.forms:
            headings = [heading for column in form.columns for heading in column.headings]
            assert [folded(heading) for heading in headings] == headings
            assert len(set(headings)) == len(headings)


@pytest.mark.parametrize("nth", range(1, 6))
def test_every_class_of_contravention_is_known_however_it_is_written(nth: int) -> None:
    ordinal = "1ère" if nth == 1 else f"{nth}ème"
    for text in (
        f"Contravention de {ordinal} classe",
        f"CONTRAVENTION DE LA {nth}E CLASSE",
        f"Contravention de classe {nth}",
    ):
        if nth > 1 or "1E" not in text:
            assert nature_of(text) == (f"CONTRAVENTION_{nth}", f"Petty offence, class {nth}"), text


def test_one_over_the_share_of_strange_letters_is_not_taken_for_french() -> None:
    text = "é" * 19 + "Ú"
    assert decoded(text.encode("cp1252") + b";", "made-up").encoding == "cp1252"
    with pytest.raises(SourceRejected):
        decoded(("é" * 18 + "ÚÚ").encode("cp1252"), "made-up")


def test_the_relation_and_the_code_are_read_beside_each_entry(tmp_path: Path) -> None:
    found = brought(delimited(tmp_path, WITH_ICCS)).codelist
    notes = {c.id: {n.type: n.title for n in c.annotations if (n.type or "").startswith("ICCS")} for c in found.items}
    assert notes == {
        "900001": {"ICCS": "07011", "ICCS_RELATION": "narrower"},
        "900002": {"ICCS": "0101", "ICCS_RELATION": "exact"},
        "900003": {"ICCS_RELATION": "left_out"},
    }

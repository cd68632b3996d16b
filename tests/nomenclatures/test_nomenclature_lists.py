"""The list a nomenclature becomes: it extends the ICCS, holds together, can be sent, and follows its editions."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from offence_files import (
    CHEQUE,
    DUEL,
    HEADINGS,
    NATINF,
    NFI,
    NOISE,
    TODAY,
    WITH_ICCS,
    Row,
    around,
    brought,
    delimited,
    refused,
    told,
    xlsx,
)

from sdmx_gateway.errors import SourceRejected, UnknownArtefact, UsageError
from sdmx_gateway.nomenclatures import LAYOUTS, Intent, Outcome, keep, prepared
from sdmx_gateway.nomenclatures.iccs import WORDS, Relation
from sdmx_gateway.settings import shipped
from sdmx_gateway.structures import Catalogue, Header, load_catalogue, load_folder, read_structures, write_structures
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.model import Codelist, Kind, Urn

HEADER = Header(id="T", prepared=datetime(2026, 11, 25, 12, tzinfo=UTC), sender="FR9")
ICCS = Urn(Kind.CODELIST, "UNODC", "CL_ICCS", "1.0")


def listed(folder: Path, version: str = "1.0") -> Codelist:
    urn = Urn(Kind.CODELIST, "FR_SSMSI", "CL_NATINF", version)
    return next(a for a in load_folder(folder) if isinstance(a, Codelist) and a.urn == urn)


def placed_rows(*cells: tuple[str, str]) -> list[Row]:
    """NATINF rows with these codes of the ICCS and relations."""
    head = ("Numéro NATINF", "Qualification", "Code ICCS", "Relation", "Note")
    return [head, *((900_001 + nth, f"INVENTE {nth}", *each, "") for nth, each in enumerate(cells))]


def test_the_list_extends_the_iccs_and_its_codes_lie_under_those_of_the_iccs(tmp_path: Path) -> None:
    coming = brought(delimited(tmp_path, WITH_ICCS))
    keep(coming)
    held = load_catalogue([around(), tmp_path / "dsd"])
    whole = held.resolved(listed(tmp_path / "dsd"))
    assert isinstance(whole, Codelist)
    iccs = held.codelist(ICCS)
    assert len(whole) == len(iccs) + 3
    assert list(whole.ancestors("900002")) == ["ICCS0101", "ICCS01"]
    assert whole["900003"].parent is None
    assert held.check() == ()


@pytest.mark.parametrize("form", list(Form))
def test_the_list_can_be_sent_in_every_format(tmp_path: Path, form: Form) -> None:
    keep(brought(delimited(tmp_path, WITH_ICCS)))
    held = load_catalogue([around(), tmp_path / "dsd"])
    own = listed(tmp_path / "dsd")
    sent = held.resolved(own) if form.is_of_2_1 else own
    message = write_structures([sent], form, HEADER)
    (back,) = read_structures(message)
    assert isinstance(back, Codelist)
    assert back["900002"].parent == "ICCS0101"
    assert back["900002"].names == own["900002"].names


def test_the_list_holds_together_with_everything_that_is_shipped(tmp_path: Path) -> None:
    path = delimited(tmp_path, WITH_ICCS)
    intent = Intent(LAYOUTS["natinf"], tmp_path / "dsd", "FR_SSMSI")
    keep(prepared(path, intent, [shipped("dsd")], today=TODAY))
    assert load_catalogue([shipped("dsd"), tmp_path / "dsd"]).check() == ()


def test_natures_and_provisions_are_annotations_in_the_words_of_the_file(tmp_path: Path) -> None:
    code = brought(delimited(tmp_path, NATINF)).codelist["900003"]
    notes = {note.type: (note.title, dict(note.text)) for note in code.annotations}
    assert notes == {
        "NATURE": ("CONTRAVENTION_5", {"fr": "Contravention de 5ème classe", "en": "Petty offence, class 5"}),
        "DEFINED_BY": ("ART.X.5 C.INV.", {}),
        "PUNISHED_BY": ("ART.X.6 C.INV.", {}),
    }


def test_a_nature_that_is_not_known_is_kept_as_written_and_told(tmp_path: Path) -> None:
    coming = brought(delimited(tmp_path, [HEADINGS, ("900001", "Infraction inventée", "VOL INVENTE", "", "")]))
    (note,) = coming.codelist["900001"].annotations
    assert (note.title, dict(note.text)) == (None, {"fr": "Infraction inventée"})
    assert ("unknown-nature", 2, "Nature de l'infraction", "Infraction inventée") in told(coming.remarks)


def test_english_names_are_kept_where_the_file_has_them(tmp_path: Path) -> None:
    rows = [(*HEADINGS, "Libellé anglais"), (*CHEQUE, "MADE-UP CHEQUE"), (*DUEL, "")]
    found = brought(delimited(tmp_path, rows)).codelist
    assert found["900001"].names.best("en") == "MADE-UP CHEQUE"
    assert dict(found["900002"].names).keys() == {"fr"}


@pytest.mark.parametrize(
    ("codes", "relation", "code", "kind", "parent"),
    [
        ("0101", "", "0101", "narrower", "ICCS0101"),
        ("ICCS0101", "exact", "0101", "exact", "ICCS0101"),
        ("01.01", "inclus", "0101", "narrower", "ICCS0101"),
        ("101", "", "0101", "narrower", "ICCS0101"),
        ("0101", "plus large", "0101", "broader", None),
        ("0101", "partiel", "0101", "partial", None),
        ("0101; 01031", "", "01", "partial", "ICCS01"),
        ("07032 / 08042", "", None, "left_out", None),
        ("", "hors champ", None, "left_out", None),
    ],
)
def test_a_code_of_the_iccs_is_understood_as_people_write_it(
    tmp_path: Path, codes: str, relation: str, code: str | None, kind: str, parent: str | None
) -> None:
    found = brought(delimited(tmp_path, placed_rows((codes, relation)))).codelist["900001"]
    notes = {note.type: note.title for note in found.annotations}
    assert (notes.get("ICCS"), notes["ICCS_RELATION"], found.parent) == (code, kind, parent)


def test_no_code_of_the_iccs_is_another_with_a_zero_before_it(catalogue: Catalogue) -> None:
    codes = catalogue.codelist(ICCS).by_id
    assert not [code for code in codes if f"0{code}" in codes]


def test_every_relation_has_a_word() -> None:
    assert set(WORDS.values()) == set(Relation)


def test_what_is_wrong_with_a_place_in_the_iccs_is_told_all_at_once_with_the_nearest_code(tmp_path: Path) -> None:
    rows = placed_rows(
        ("0199", ""),
        ("0199", ""),
        ("vol", ""),
        ("0101", "exat"),
        ("", "exact"),
        ("0101", "hors champ"),
        ("0101;02", "exact"),
    )
    problems = refused(delimited(tmp_path, rows))
    assert [(p.code, p.where.row, p.where.column, p.rows) for p in problems] == [
        ("unknown-iccs-code", 2, "Code ICCS", 2),
        ("unknown-iccs-code", 4, "Code ICCS", None),
        ("wrong-relation", 5, "Relation", None),
        ("wrong-relation", 6, "Relation", None),
        ("wrong-relation", 7, "Relation", None),
        ("wrong-relation", 8, "Relation", None),
    ]
    assert problems[0].remedy.startswith("the nearest is 01 (Acts leading to death")
    assert "0101, 0102" in problems[0].remedy
    assert problems[2].remedy == "did you mean 'exact'?"


def test_every_mistake_in_the_rows_is_told_at_once(tmp_path: Path) -> None:
    rows = [
        HEADINGS,
        CHEQUE,
        (CHEQUE[0], "Délit", "UN AUTRE LIBELLE INVENTE", "", ""),
        ("900002", "Délit", "", "ART.X", ""),
        ("A-7", "Délit", "NUMERO INVENTE", "", ""),
        ("", "Délit", "SANS NUMERO", "", ""),
        CHEQUE,
        (CHEQUE[0], CHEQUE[1], CHEQUE[2], "ART.AUTRE", CHEQUE[4]),
    ]
    problems = refused(delimited(tmp_path, rows))
    assert told(problems) == [
        ("duplicate-item", 3, "Numéro NATINF", "900001"),
        ("wrong-id", 5, "Numéro NATINF", "A-7"),
        ("wrong-id", 6, "Numéro NATINF", None),
        ("duplicate-item", 8, "Numéro NATINF", "900001"),
        ("missing-name", 4, "Numéro NATINF", "900002"),
    ]
    assert "already on row 2" in problems[0].what
    assert all(problem.remedy for problem in problems)


def test_a_row_that_is_there_twice_is_one_code_and_told(tmp_path: Path) -> None:
    coming = brought(delimited(tmp_path, [*NATINF, CHEQUE]))
    assert len(coming.codelist) == 3
    assert ("repeated-row", 5, "Numéro NATINF", None) in told(coming.remarks)


def test_an_nfi_that_is_no_tree_is_told_row_by_row(tmp_path: Path) -> None:
    head = ("Code NFI", "Libellé", "Niveau", "Code parent")
    rows = [
        head,
        ("01", "a", "Section", ""),
        ("0101", "b", "Section", "01"),
        ("03", "c", "Division", ""),
        ("04", "d", "", "99"),
        ("0501", "e", "", "0502"),
        ("0502", "f", "", "0501"),
        ("02/01", "g", "", ""),
        ("06", "h", "étage", ""),
    ]
    problems = refused(delimited(tmp_path, rows), "nfi")
    assert [(p.code, p.where.row) for p in problems] == [
        ("wrong-id", 8),
        ("wrong-level", 9),
        ("wrong-level", 3),
        ("orphan-item", 4),
        ("orphan-item", 5),
        ("parent-cycle", 6),
    ]


def test_an_entry_elsewhere_in_the_iccs_than_the_one_above_it_is_told(tmp_path: Path) -> None:
    rows = [*NFI, ("0201", "Menaces inventées", "Division", "0501", "")]
    coming = brought(delimited(tmp_path, rows), "nfi")
    assert told(coming.remarks) == [("astray-in-iccs", 6, "Code NFI", "0501")]


def test_codes_that_lost_their_zero_in_a_spreadsheet_are_refused_not_put_under_another_section(tmp_path: Path) -> None:
    rows = [("Code NFI", "Libellé"), (1, "a"), (101, "b"), (10, "c")]
    problems = refused(xlsx(tmp_path, {"NFI": rows}), "nfi")
    assert [(p.code, p.where.row, p.value) for p in problems] == [("lost-zero", 2, "1"), ("lost-zero", 3, "101")]
    assert "write 01" in problems[0].remedy


def test_a_table_of_correspondence_says_where_the_codes_lie(tmp_path: Path) -> None:
    table = [("NATINF", "ICCS"), ("900001", "07011"), ("900002", 101)]
    other = xlsx(tmp_path, {"Passage": table}, "made-up-passage.xlsx")
    coming = brought(delimited(tmp_path, NATINF), correspondence=other)
    assert coming.placed == 2
    assert coming.codelist["900001"].parent == "ICCS07011"
    assert "made-up-passage.xlsx" in str(coming.codelist.annotations)


def test_a_table_of_correspondence_places_each_code_once(tmp_path: Path) -> None:
    table = [("NATINF", "ICCS"), ("900001", "07011"), ("900001", "0101"), ("", "0101"), ("900002", "0999")]
    other = delimited(tmp_path, table, name="made-up-passage.csv")
    problems = refused(delimited(tmp_path, NATINF), correspondence=other)
    assert [(p.code, p.where.file, p.where.row) for p in problems] == [
        ("duplicate-item", "made-up-passage.csv", 3),
        ("wrong-id", "made-up-passage.csv", 4),
        ("unknown-iccs-code", "made-up-passage.csv", 5),
    ]


def test_a_table_of_correspondence_may_know_offences_that_are_not_in_force(tmp_path: Path) -> None:
    table = [("NATINF", "ICCS"), ("900001", "07011"), ("900008", "0101"), ("900009", "0101")]
    other = delimited(tmp_path, table, name="made-up-passage.csv")
    coming = brought(delimited(tmp_path, NATINF), correspondence=other)
    assert coming.placed == 1
    (remark,) = coming.remarks
    assert (remark.code, remark.where.row, remark.rows, remark.why) == (
        "unknown-code",
        3,
        2,
        "the first are 900008, 900009",
    )


def test_a_list_that_is_nowhere_in_the_iccs_says_so(tmp_path: Path) -> None:
    assert "not-placed" in {p.code for p in brought(delimited(tmp_path, NATINF)).remarks}
    assert "not-placed" not in {p.code for p in brought(delimited(tmp_path, WITH_ICCS)).remarks}


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    keep(brought(delimited(tmp_path, WITH_ICCS)))
    before = _content(tmp_path / "dsd")
    again = brought(delimited(tmp_path, WITH_ICCS))
    assert (again.edition.outcome, keep(again)) == (Outcome.UNCHANGED, ())
    same = brought(xlsx(tmp_path, {"Liste": WITH_ICCS}))
    assert same.edition.outcome is Outcome.UNCHANGED
    assert _content(tmp_path / "dsd") == before


def _content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


NEW = ("900004", "Délit", "INFRACTION NOUVELLE INVENTEE", "", "")


@pytest.mark.parametrize(
    ("rows", "version", "said"),
    [
        ([*NATINF, NEW], "1.1", ["MINOR code 900004 added"]),
        ([HEADINGS, CHEQUE, DUEL], "2.0", ["MAJOR code 900003 removed"]),
        ([HEADINGS, CHEQUE, DUEL, (NOISE[0], NOISE[1], "TAPAGE RENOMME", *NOISE[3:])], "1.1", ["PATCH code 900003"]),
        ([HEADINGS, CHEQUE, DUEL, (*NOISE[:4], "ART.X.7 C.INV.")], "1.1", ["PATCH code 900003"]),
    ],
)
def test_a_newer_edition_says_what_changed_and_gets_the_version_that_has_to_follow(
    tmp_path: Path, rows: list[Row], version: str, said: list[str]
) -> None:
    keep(brought(delimited(tmp_path, NATINF)))
    coming = brought(delimited(tmp_path, rows))
    assert (coming.edition.outcome, coming.edition.version) == (Outcome.CHANGED, version)
    assert [str(change)[: len(words)] for change, words in zip(coming.edition.changes, said, strict=True)] == said
    keep(coming)
    assert len(listed(tmp_path / "dsd")) == 3
    assert len(listed(tmp_path / "dsd", version)) == len(rows) - 1
    page = (tmp_path / "dsd/FR_SSMSI/SOURCES-natinf.md").read_text("utf-8")
    assert [line.split(" | ")[0] for line in page.splitlines() if line[:3] in {"| 1", "| 2"}] == [
        "| 1.0",
        f"| {version}",
    ]


def test_a_version_that_says_too_little_is_refused_with_the_right_one(tmp_path: Path) -> None:
    keep(brought(delimited(tmp_path, NATINF)))
    path = delimited(tmp_path, [HEADINGS, CHEQUE])
    for version in ("1.0", "1.1", "0.9"):
        with pytest.raises(SourceRejected) as caught:
            brought(path, version=version)
        (problem,) = caught.value.problems
        assert (problem.code, problem.value) == ("understated-version", "2.0")
        assert "code 900002 removed" in problem.what
    assert brought(path, version="3.0").edition.version == "3.0"


def test_where_the_list_comes_from_is_kept_with_it(tmp_path: Path) -> None:
    keep(brought(delimited(tmp_path, NATINF)))
    home = tmp_path / "dsd" / "FR_SSMSI"
    page = (home / "SOURCES-natinf.md").read_text("utf-8")
    (row,) = (line for line in page.splitlines() if line.startswith("| 1.0"))
    assert "| made-up.csv | `" in row
    assert "| utf-8 | 2026-11-25 | 3 |" in row
    notes = {note.type: note.title for note in listed(tmp_path / "dsd").annotations}
    assert "made-up.csv, sha256 " in (notes["SOURCE"] or "")


def test_nothing_is_there_when_writing_fails_midway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(brought(delimited(tmp_path, NATINF)))
    before = load_folder(tmp_path / "dsd")
    coming = brought(delimited(tmp_path, [*NATINF, NEW]))
    replaced = Path.replace

    def full(self: Path, target: Path) -> Path:
        if target.suffix == ".toml":
            raise OSError("disk full")
        return replaced(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        keep(coming)
    monkeypatch.undo()
    assert load_folder(tmp_path / "dsd") == before
    assert not list((tmp_path / "dsd").glob(".coming-*"))
    keep(coming)
    assert len(listed(tmp_path / "dsd", "1.1")) == 4


def test_a_list_beside_others_of_its_agency_leaves_them_as_they_are(tmp_path: Path) -> None:
    home = tmp_path / "dsd" / "FR_SSMSI"
    home.mkdir(parents=True)
    (home / "agency.toml").write_text('id = "FR_SSMSI"\nname = { en = "Made up" }\n')
    coming = brought(delimited(tmp_path, NATINF))
    assert "agency.toml" not in coming.files
    keep(coming)
    assert (home / "agency.toml").read_text() == 'id = "FR_SSMSI"\nname = { en = "Made up" }\n'
    keep(brought(xlsx(tmp_path, {"NFI": NFI}), "nfi"))
    assert {a.id for a in load_folder(tmp_path / "dsd") if isinstance(a, Codelist)} == {"CL_NATINF", "CL_NFI"}


def test_an_agency_nobody_knows_and_a_missing_iccs_are_told(tmp_path: Path) -> None:
    path = delimited(tmp_path, NATINF)
    with pytest.raises(UsageError, match="FR_NOWHERE"):
        brought(path, agency="FR_NOWHERE")
    intent = Intent(LAYOUTS["natinf"], tmp_path / "dsd", "FR_SSMSI")
    with pytest.raises(UnknownArtefact, match="CL_ICCS"):
        prepared(path, intent, [], today=TODAY)


def test_a_list_of_seventeen_thousand_offences_is_one_list(tmp_path: Path) -> None:
    rows: list[Row] = [HEADINGS]
    rows += [(nth, "Délit", f"INFRACTION INVENTEE {nth}", f"ART.{nth}", "") for nth in range(1, 17_001)]
    assert len(brought(delimited(tmp_path, rows, encoding="cp850")).codelist) == 17_000

"""Delimited national files are read as they are, or refused with the place of everything that is wrong."""

from __future__ import annotations

import gzip
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from source_files import national

from sdmx_gateway.errors import SourceRejected
from sdmx_gateway.settings import shipped
from sdmx_gateway.sources import ROW, RawTable, SourceFamily, opening, read_source, recognise
from sdmx_gateway.sources.text import GARBLED

SAMPLE = shipped("mappings") / "ssmsi" / "recorded_crime_territory" / "sample"
HEADER = "Code_departement;annee;indicateur;unite_de_compte;nombre"
LINES = (HEADER, "01;2016;Homicides;Victime;5", "2A;2016;Homicides;Victime;12", "971;2016;Homicides;Victime;1 234")


def family(**changes: object) -> SourceFamily:
    declared: dict[str, object] = {
        "family": "base",
        "files": ["donnee-dep-*.csv", "donnee-dep-*.csv.gz"],
        "edition": r"produit-le(?P<edition>\d{4}-\d{2}-\d{2})",
        "format": {"kind": "delimited", "separator": ";", "encodings": ["utf-8-sig", "cp1252"]},
        "columns": {
            "area": ["Code_departement", "Code.département"],
            "year": ["annee"],
            "indicator": ["indicateur", "classe"],
            "unit": ["unite_de_compte", "unité.de.compte"],
            "count": ["nombre", "faits"],
        },
        "unused": [{"columns": ["taux_pour_mille"], "because": "rates are not ours"}],
    }
    return SourceFamily.model_validate(declared | changes)


def written(folder: Path, data: bytes | str, name: str = "donnee-dep-produit-le2025-01-26.csv") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def refused(path: Path, **changes: object) -> list[str]:
    with pytest.raises(SourceRejected) as caught:
        read_source(path, family(**changes))
    assert all(problem.where.file for problem in caught.value.problems)
    return [problem.code for problem in caught.value.problems]


def test_a_row_knows_its_line_in_the_file(tmp_path: Path) -> None:
    table = read_source(written(tmp_path, "\n".join(LINES)), family())
    assert table.frame[ROW].to_list() == [2, 3, 4]
    assert table.frame["area"].to_list() == ["01", "2A", "971"]
    assert table.edition == "2025-01-26"


@pytest.mark.parametrize(
    "data",
    [
        "\n".join(LINES).encode("utf-8-sig"),
        "\n".join(LINES).encode(),
        "\r\n".join(LINES).encode(),
        ("\n".join(LINES) + "\n").encode(),
        "\n".join(";".join(f'"{cell}"' for cell in line.split(";")) for line in LINES).encode("utf-8-sig"),
    ],
    ids=["byte-order-mark", "none", "crlf", "final-newline", "quoted-behind-a-byte-order-mark"],
)
def test_the_same_table_whatever_the_dress(tmp_path: Path, data: bytes) -> None:
    table = read_source(written(tmp_path, data), family())
    assert table.frame.select("area", "year", "indicator", "unit", "count").rows() == [
        tuple(x.split(";")) for x in LINES[1:]
    ]
    assert not table.problems


def test_a_latin_1_file_keeps_its_accents(tmp_path: Path) -> None:
    text = "Code.département;annee;classe;unité.de.compte;faits\n01;16;Vols de véhicules;véhicule;3\n"
    table = read_source(written(tmp_path, text.encode("latin-1")), family())
    assert table.frame["unit"].to_list() == ["véhicule"]


def test_a_gzipped_file_is_the_same_table_and_its_digest_is_of_the_bytes_held(tmp_path: Path) -> None:
    plain = read_source(written(tmp_path, "\n".join(LINES)), family())
    packed = read_source(
        written(tmp_path, gzip.compress("\n".join(LINES).encode()), "donnee-dep-produit-le2025-01-26.csv.gz"), family()
    )
    assert packed.frame.drop("@file").equals(plain.frame.drop("@file"))
    assert packed.sha256 != plain.sha256
    assert packed.edition == plain.edition


def test_columns_are_found_by_alias_in_any_order(tmp_path: Path) -> None:
    text = "faits;classe;unité.de.compte;annee;Code.département\n5;Homicides;victime;16;01\n"
    row = read_source(written(tmp_path, text), family()).frame.row(0, named=True)
    assert (row["area"], row["year"], row["count"]) == ("01", "16", "5")


def test_an_unknown_column_is_told_and_the_table_is_still_read(tmp_path: Path) -> None:
    table = read_source(
        written(tmp_path, "\n".join(f"{x};1" if i else f"{x};insee_pop" for i, x in enumerate(LINES))), family()
    )
    assert [(p.code, p.value) for p in table.problems] == [("unknown-column", "insee_pop")]
    assert table.frame.height == 3


def test_every_missing_column_is_named(tmp_path: Path) -> None:
    assert refused(written(tmp_path, "annee;classe\n16;Homicides\n")) == ["missing-column"] * 3


def test_a_duplicated_header_is_refused(tmp_path: Path) -> None:
    text = "\n".join(("annee;annee;indicateur;unite_de_compte;nombre", *LINES[1:]))
    assert refused(written(tmp_path, text)) == ["duplicated-header"]


def test_a_wrong_separator_is_named_with_the_right_one(tmp_path: Path) -> None:
    path = written(tmp_path, "\n".join(LINES).replace(";", "\t"))
    with pytest.raises(SourceRejected, match=r"looks separated by '\\t'"):
        read_source(path, family())


@pytest.mark.parametrize("end", ["01;2016;Homi", '01;2016;"Homicides;Victime;5'], ids=["few-fields", "open-quote"])
def test_a_truncated_file_is_refused_at_its_last_line(tmp_path: Path, end: str) -> None:
    path = written(tmp_path, "\n".join((*LINES, end)))
    with pytest.raises(SourceRejected) as caught:
        read_source(path, family())
    (problem,) = caught.value.problems
    assert (problem.code, problem.where.row) == ("truncated", 5)


def test_a_stray_separator_is_refused_at_its_line_not_read_as_shifted_figures(tmp_path: Path) -> None:
    path = written(tmp_path, "\n".join((HEADER, "01;2016;Vols; simples;Victime;5", *LINES[1:])))
    with pytest.raises(SourceRejected) as caught:
        read_source(path, family())
    assert [(p.code, p.where.row) for p in caught.value.problems] == [("wrong-line", 2)]


def test_a_separator_inside_quotes_is_text(tmp_path: Path) -> None:
    path = written(tmp_path, "\n".join((HEADER, '01;2016;"Vols; simples";Victime;5')))
    assert read_source(path, family()).frame["indicator"].to_list() == ["Vols; simples"]


def test_an_empty_file_and_a_bare_header_are_refused(tmp_path: Path) -> None:
    assert refused(written(tmp_path, b"")) == ["empty-file"]
    assert refused(written(tmp_path, HEADER + "\n")) == ["no-rows"]


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    assert refused(written(tmp_path, "\n".join(LINES).encode("utf-16"))) == ["undecodable"]


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress("\n".join(LINES).encode())
    assert refused(written(tmp_path, packed[:-6], "donnee-dep-x.csv.gz")) == ["unreadable"]
    assert refused(written(tmp_path, b"not gzip", "donnee-dep-y.csv.gz")) == ["unreadable"]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "donnee-dep-produit-le2025-01-26.csv") == ["no-such-file"]


def test_a_file_of_no_family_is_told_the_names_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(SourceRejected, match=r"donnee-dep-\*\.csv"):
        recognise(tmp_path / "other.csv", [family()])


def test_a_name_that_does_not_say_its_edition_needs_a_line_of_data(tmp_path: Path) -> None:
    path = written(tmp_path, "\n".join(LINES), "donnee-dep-renamed.csv")
    assert [p.code for p in read_source(path, family()).problems] == ["unknown-edition"]
    known = {"donnee-dep-renamed.csv": {"edition": "2025-07"}}
    assert read_source(path, family(known_editions=known)).edition == "2025-07"


def test_a_header_that_stands_again_is_refused_at_its_row(tmp_path: Path) -> None:
    path = written(tmp_path, "\n".join((*LINES, HEADER, LINES[1])))
    with pytest.raises(SourceRejected) as caught:
        read_source(path, family())
    assert [(p.code, p.where.row) for p in caught.value.problems] == [("repeated-header", 5)]


def test_a_header_shifted_by_a_column_of_row_names_is_told_once(tmp_path: Path) -> None:
    lines = (HEADER, *(f"{i};{line}" for i, line in enumerate(LINES[1:])))
    with pytest.raises(SourceRejected) as caught:
        read_source(written(tmp_path, "\n".join(lines)), family())
    assert [(p.code, p.where.row, p.rows) for p in caught.value.problems] == [("shifted-header", 1, 3)]


@pytest.mark.parametrize(
    "text",
    [
        "01;16;Vols de véhicules;véhicule;3".encode().decode("cp1252"),
        "01;16;Etat d’ivresse;infraction;3".encode().decode("cp1252"),
        "01;16;Vols de v\ufffdhicules;x;3",
        "01;16;Vols de véhicules;véhicule;3".encode("cp850").decode("cp1252"),
        "01;16;Vols de véhicules;véhicule;3".encode("mac-roman").decode("cp1252"),
    ],
    ids=["utf-8-as-cp1252", "an-apostrophe-too", "replaced", "dos", "mac"],
)
def test_garbled_letters_are_refused_at_their_row(tmp_path: Path, text: str) -> None:
    header = "Code_departement;annee;classe;unité.de.compte;faits"
    with pytest.raises(SourceRejected) as caught:
        read_source(written(tmp_path, "\n".join((header, "01;16;Homicides;victime;5", text))), family())
    assert [(p.code, p.where.row, p.rows) for p in caught.value.problems] == [("garbled-text", 3, 1)]


def test_french_and_foreign_letters_are_not_garbled(tmp_path: Path) -> None:
    text = "01;2016;« Âge : 15 ans et plus » – œuvre, Côte d’Ivoire, Ñ, ÂGE, São Tomé…;€;3"
    assert read_source(written(tmp_path, f"{HEADER}\n{text}\n"), family()).problems == ()


def test_a_row_that_stands_again_is_told_refused_or_expected(tmp_path: Path) -> None:
    path = written(tmp_path, "\n".join((*LINES, LINES[2], "")))
    told = read_source(path, family())
    assert [(p.code, p.where.row, p.rows) for p in told.notes] == [("repeated-row", 5, 1)]
    assert (told.frame.height, told.problems) == (4, ())
    refused_table = read_source(path, family(repeated_rows="refused"))
    assert [p.code for p in refused_table.problems] == ["repeated-row"]
    expected = read_source(path, family(repeated_rows="expected"))
    assert (expected.problems, expected.notes) == ((), ())


def test_a_file_that_may_have_been_cut_inside_its_last_field_is_told(tmp_path: Path) -> None:
    cut = read_source(written(tmp_path, "\n".join(LINES)), family())
    assert [(p.code, p.where.row) for p in cut.notes] == [("no-final-newline", 4)]
    assert read_source(written(tmp_path, "\n".join((*LINES, ""))), family()).notes == ()


def test_blank_lines_are_passed_over_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    table = read_source(written(tmp_path, "\n".join((*LINES[:2], "", ";;;;", *LINES[2:], "", ""))), family())
    assert table.frame[ROW].to_list() == [2, 5, 6]


def test_what_is_missing_and_what_does_not_fit_is_told_together(tmp_path: Path) -> None:
    lines = ("Code_departement;annee;indicateur;unite_de_compte;total", "01;2016;Homicides;Victime", LINES[2])
    assert refused(written(tmp_path, "\n".join(lines))) == ["missing-column", "wrong-line"]


def test_a_quoted_separator_does_not_stand_in_for_a_missing_field(tmp_path: Path) -> None:
    lines = (HEADER, '"01";"2016";"Vols; simples";"5"', '"01";"2016";"Homicides";"Victime";"5"')
    assert refused(written(tmp_path, "\n".join(lines))) == ["wrong-line"]


@pytest.mark.parametrize("at", [1, 7, 64, 4096])
def test_a_file_is_the_same_table_however_it_is_cut_into_blocks(
    tmp_path: Path, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [HEADER, *(f"{i:02};2016;Vols de véhicules;véhicule;{i}" for i in range(40))]
    path = written(tmp_path, "\r\n".join((*lines, "")).encode("utf-8-sig"))
    expected = read_source(path, family()).frame
    blocks = opening.Opened.blocks
    monkeypatch.setattr(opening.Opened, "blocks", lambda self: blocks(self, at))
    assert read_source(path, family()).frame.equals(expected)


def test_a_zip_of_one_file_is_that_file(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"données.csv": "\n".join(LINES)})
    table = read_source(path, family(files=["*.zip"]))
    assert (table.frame.height, table.edition) == (3, "2025-01-26")


def test_a_zip_of_several_files_needs_to_be_told_which(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"données.csv": "\n".join(LINES), "lisez-moi.txt": "bonjour"})
    assert refused(path, files=["*.zip"]) == ["wrong-archive"]
    assert read_source(path, family(files=["*.zip"], member=r".*\.csv")).frame.height == 3


def test_an_archive_that_expands_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join((*LINES, ""))
    packed = written(tmp_path, gzip.compress(text.encode()), "donnee-dep-x.csv.gz")
    monkeypatch.setattr(opening, "MAX_BYTES", len(text.encode()) - 1)
    assert refused(packed) == ["too-large"]
    assert refused(zipped(tmp_path, {"x.csv": text}), files=["*.zip"]) == ["too-large"]
    monkeypatch.setattr(opening, "MAX_BYTES", len(text.encode()))
    assert read_source(packed, family()).frame.height == 3


def zipped(folder: Path, members: dict[str, str]) -> Path:
    path = folder / "donnee-dep-produit-le2025-01-26.csv.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


@pytest.mark.parametrize(
    "name", ["menaces-cvs", "plaintes-escroqueries-cvs", "stupefiants-trimestriel", "violences-sexuelles"]
)
def test_exports_of_the_series_application_are_read_whole(name: str) -> None:
    path = national(f"ssmsi-seriechrono/export-appli-{name}.csv")
    columns = {"time": ["Unité de temps"], "value": ["Valeurs"], "indicator": ["Indicateurs"]}
    others = [
        "Source",
        "Sous-indicateurs",
        "Statistique",
        "Zone géographique",
        "Périodicité",
        "Unité de compte",
        "Correction",
    ]
    exports = SourceFamily.model_validate(
        {
            "family": "exports",
            "files": ["export-appli-*.csv"],
            "format": {"kind": "delimited", "decimal": "."},
            "columns": columns,
            "unused": [{"columns": others, "because": "not asked here"}],
            "edition_from": {"maximum": "time"},
        }
    )
    table = read_source(path, exports)
    assert table.frame.height == len(path.read_text(encoding="utf-8").splitlines()) - 1
    assert (table.problems, table.notes) == ((), ())
    assert table.edition == max(table.frame["time"])


cell = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters='"\ufeff'), max_size=12).filter(
    lambda text: not re.search(GARBLED, text)
)


@given(rows=st.lists(st.tuples(cell, cell, cell, cell, cell), min_size=1, max_size=8))
def test_any_quoted_text_is_read_as_it_stands(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    lines = [HEADER, *(";".join(f'"{text}"' for text in row) for row in rows)]
    path = written(tmp_path_factory.mktemp("any"), "\n".join(lines))
    assert read_source(path, family()).frame.select("area", "year", "indicator", "unit", "count").rows() == rows


@pytest.mark.parametrize("path", sorted(SAMPLE.glob("donnee-*.csv.gz")), ids=lambda p: p.name)
def test_every_published_edition_is_read_whole(path: Path) -> None:
    lines = gzip.decompress(path.read_bytes()).decode("utf-8-sig").splitlines()
    unused = [{"columns": [h.strip('"') for h in lines[0].split(";")], "because": "everything else"}]
    table: RawTable = read_source(
        path, family(files=["*"], unused=unused, optional=["area"], known_editions={path.stem: {"edition": "x"}})
    )
    assert table.frame.height == len(lines) - 1
    assert not table.problems

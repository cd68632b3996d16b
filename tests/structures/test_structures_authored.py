"""dsd/ as authored: what it becomes, and that every mistake in it is told at once, at its place."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from structures_samples import (
    AGENCY_TOML,
    CODELISTS_TOML,
    CONCEPTS_TOML,
    HEADER,
    SEX_CSV,
    STRUCTURE_TOML,
    author,
)

from sdmx_gateway.errors import MessageRejected, Problem
from sdmx_gateway.structures import (
    Catalogue,
    Kind,
    Urn,
    load_catalogue,
    load_catalogue_reporting,
    load_folder,
    write_structures,
)
from sdmx_gateway.structures.model import (
    AgencyScheme,
    Annotation,
    Attachment,
    Codelist,
    Concept,
    ConceptScheme,
    DataStructure,
    DataType,
    Relationship,
    Representation,
    Text,
)

SEX_URN = Urn(Kind.CODELIST, "MADE_UP", "CL_SEX", "1.0")


def only(folder: Path, wanted: type) -> object:
    (found,) = [artefact for artefact in load_folder(folder) if isinstance(artefact, wanted)]
    return found


def refusal(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(MessageRejected) as caught:
        load_catalogue([folder])
    return caught.value.problems


def places(folder: Path) -> list[tuple[str, str | None, int | None, str | None]]:
    return [(p.code, p.where.file, p.where.row, p.where.column) for p in refusal(folder)]


def test_a_folder_becomes_artefacts_that_hold_together(tmp_path: Path) -> None:
    catalogue = load_catalogue([author(tmp_path)])
    assert [a.urn.short for a in catalogue] == [
        "SDMX:AGENCIES(1.0)",
        "MADE_UP:CL_SEX(1.0)",
        "MADE_UP:CONCEPTS(1.0)",
        "MADE_UP:CRIME(1.0)",
        "MADE_UP:CRIME(1.0)",
    ]
    assert catalogue.check() == ()


def test_a_code_list_keeps_its_source_and_puts_parents_first(tmp_path: Path) -> None:
    codelist = only(author(tmp_path), Codelist)
    assert isinstance(codelist, Codelist)
    assert codelist.annotations == (Annotation(type="SOURCE", title="made up"), Annotation(type="STATUS", title="ours"))
    total, women = codelist.items
    assert (total.id, women.id, women.parent) == ("_T", "F", "_T")
    assert women.names == Text.of(fr="Femmes", en="Women")
    assert women.annotations == (Annotation(type="ICCS", title="0101"),)
    assert total.annotations == ()


def test_components_come_out_resolved(tmp_path: Path) -> None:
    structure = only(author(tmp_path), DataStructure)
    assert isinstance(structure, DataStructure)
    assert structure.key_dimensions == ("FREQ", "SEX")
    assert structure.time_dimension == "TIME_PERIOD"
    values = {name: component.representation for name, component in structure.components.items()}
    assert values["SEX"] == Representation(codelist=SEX_URN)
    assert values["FREQ"] == Representation()
    assert values["TIME_PERIOD"].data_type is DataType.OBSERVATIONAL_TIME_PERIOD
    assert values["OBS_VALUE"].data_type is DataType.INTEGER
    assert values["EDITION"] == Representation(max_length=20)
    assert values["HINTS"].max_occurs is None
    assert structure.components["TITLE"].concept.short == "MADE_UP:CONCEPTS(1.0).NOTE"


def test_every_way_of_attaching_an_attribute(tmp_path: Path) -> None:
    structure = only(author(tmp_path), DataStructure)
    assert isinstance(structure, DataStructure)
    assert {a.id: a.relationship for a in structure.attributes} == {
        "NOTE": Relationship(Attachment.OBSERVATION),
        "TITLE": Relationship(Attachment.GROUP, group="SIBLING"),
        "UNIT": Relationship(Attachment.DIMENSIONS, dimensions=("FREQ", "SEX")),
        "EDITION": Relationship(Attachment.DATASET),
        "HINTS": Relationship(Attachment.DIMENSIONS, dimensions=("SEX",)),
    }
    assert [a.id for a in structure.attributes if a.mandatory] == ["TITLE"]


def test_concepts_carry_their_annotations(tmp_path: Path) -> None:
    scheme = only(author(tmp_path), ConceptScheme)
    assert isinstance(scheme, ConceptScheme)
    assert scheme["SEX"] == Concept(
        id="SEX",
        names=Text.of(en="Sex"),
        annotations=(Annotation(type="EMN_TERM", title="sex"),),
        representation=Representation(codelist=SEX_URN),
    )


def test_lists_and_concepts_may_lie_in_several_files(tmp_path: Path) -> None:
    more = CODELISTS_TOML.replace("CL_SEX", "CL_AGE") + 'file = "codelists/CL_SEX.csv"\npartial = true\n'
    catalogue = load_catalogue([author(tmp_path, **{"codelists-age_dot_toml": more})])
    age = catalogue.codelist(Urn(Kind.CODELIST, "MADE_UP", "CL_AGE", "1.0"))
    assert (len(age), age.is_partial) == (2, True)


def test_a_flow_of_a_structure_defined_elsewhere_has_a_file_of_its_own(tmp_path: Path) -> None:
    flow = '[[dataflow]]\nid = "HALF"\nname = { en = "Half" }\nstructure = "MADE_UP:CRIME(1.0)"\n'
    catalogue = load_catalogue([author(tmp_path, dataflows_dot_toml=flow)])
    half = catalogue.dataflow(Urn(Kind.DATAFLOW, "MADE_UP", "HALF", "1.0"))
    assert catalogue.structure_of(half).id == "CRIME"


def test_an_agency_under_another_is_named_after_it(tmp_path: Path) -> None:
    home = author(tmp_path) / "MADE_UP.UNIT"
    home.mkdir()
    (home / "agency.toml").write_text('id = "UNIT"\nparent = "MADE_UP"\nname = { en = "A unit" }\n')
    schemes = [a for a in load_folder(home.parent) if isinstance(a, AgencyScheme)]
    assert [(scheme.agency, [item.id for item in scheme.items]) for scheme in schemes] == [
        ("SDMX", ["MADE_UP"]),
        ("MADE_UP", ["UNIT"]),
    ]


def test_a_folder_may_refer_to_another_one_when_both_are_loaded(tmp_path: Path) -> None:
    base = author(tmp_path / "base", structures__CRIME_dot_toml=None)
    flow = author(tmp_path / "more", codelists_dot_toml=None, codelists__CL_SEX_dot_csv=None, concepts_dot_toml=None)
    (flow / "MADE_UP").rename(flow / "OTHER")
    (flow / "OTHER" / "agency.toml").write_text(AGENCY_TOML.replace("MADE_UP", "OTHER"))
    catalogue = load_catalogue([base, flow])
    assert (
        catalogue.structure(Urn(Kind.DATA_STRUCTURE, "OTHER", "CRIME", "1.0")).components["SEX"].representation.is_coded
    )
    assert {problem.code for problem in refusal(flow)} == {"unresolved-reference"}


def test_every_mistake_is_told_at_once_at_its_place(tmp_path: Path) -> None:
    folder = author(
        tmp_path,
        codelists_dot_toml=CODELISTS_TOML.replace("status", "statu"),
        codelists__CL_SEX_dot_csv="code,parent,name_fr,nom_en\nF,_T,Femmes,Women\n",
        concepts_dot_toml=CONCEPTS_TOML.replace('"Integer"', '"Interger"').replace("CL_SEX", "CL_SEXE"),
        structures__CRIME_dot_toml=STRUCTURE_TOML.replace('id = "OBS_VALUE"', 'id = "OBS_VALEU"'),
    )
    assert places(folder) == [
        ("unknown-word", "dsd/MADE_UP/codelists.toml", 5, None),
        ("missing-word", "dsd/MADE_UP/codelists.toml", 1, None),
        ("unknown-word", "dsd/MADE_UP/codelists/CL_SEX.csv", 1, "nom_en"),
        ("unknown-word", "dsd/MADE_UP/concepts.toml", 19, None),
        ("unresolved-reference", "dsd/MADE_UP/structures/CRIME.toml", 18, None),
        ("unresolved-reference", "dsd/MADE_UP/concepts.toml", 10, None),
    ]
    remedies = [problem.remedy for problem in refusal(folder)]
    assert remedies[0] == "did you mean 'status'?"
    assert remedies[2] == "did you mean 'name_en'?"
    assert remedies[3] == "did you mean 'Integer'?"
    assert "OBS_VALUE" in remedies[4]
    assert "CL_SEX(1.0)" in remedies[5]


@pytest.mark.parametrize(
    ("table", "code", "row", "column"),
    [
        (SEX_CSV + "F,,Autre,Other,\n", "duplicate-item", 4, "code"),
        (SEX_CSV + "X,_TT,Autre,Other,\n", "orphan-item", 4, "parent"),
        (SEX_CSV.replace("_T,,", "_T,F,"), "parent-cycle", 2, "parent"),
        (SEX_CSV + "é,,Autre,Other,\n", "wrong-value", 4, "code"),
        (SEX_CSV + "X,,,,\n", "missing-word", 4, "name_fr"),
        (SEX_CSV + "X,,un, deux,trois,\n", "wrong-row", 4, None),
        (SEX_CSV + "X,,Au\x0btre,Other,\n", "forbidden-character", 4, "name_fr"),
        (SEX_CSV.replace("code,", "kode,", 1), "missing-word", 1, None),
        (SEX_CSV.replace(",ICCS", ",parent"), "unknown-word", 1, "parent"),
        (SEX_CSV.replace(",ICCS", ",PARENT"), "unknown-word", 1, "PARENT"),
        ("", "missing-word", None, None),
        ('code,name_fr\nA,"unclosed\n', "unreadable-file", None, None),
    ],
)
def test_a_wrong_row_is_told(tmp_path: Path, table: str, code: str, row: int | None, column: str | None) -> None:
    found = places(author(tmp_path, codelists__CL_SEX_dot_csv=table))
    assert (code, "dsd/MADE_UP/codelists/CL_SEX.csv", row, column) in found


def test_blank_rows_and_a_bom_and_spaces_around_codes_are_nothing(tmp_path: Path) -> None:
    table = "\ufeffcode,parent,name_fr\n_T,,Ensemble\n,,\n F , _T ,Femmes\u00a0: « elles »\n"
    codelist = only(author(tmp_path, codelists__CL_SEX_dot_csv=table), Codelist)
    assert isinstance(codelist, Codelist)
    assert [(code.id, code.parent, code.names.best("fr")) for code in codelist.items] == [
        ("_T", None, "Ensemble"),
        ("F", "_T", "Femmes\u00a0: « elles »"),
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("agency_dot_toml", 'id = "MADE_UP"', 'id = "MADE_DOWN"', "wrong-value"),
        ("agency_dot_toml", 'id = "MADE_UP"', 'id = "MADE UP"', "wrong-value"),
        ("agency_dot_toml", "name", "nom", "missing-word"),
        ("codelists_dot_toml", '"1.0"', '"one"', "wrong-value"),
        ("codelists_dot_toml", '"ours"', '"our"', "unknown-word"),
        ("codelists_dot_toml", "[CL_SEX]", "[4SEX]\nfile = 'codelists/CL_SEX.csv'", "wrong-id"),
        ("codelists_dot_toml", "[CL_SEX]", 'stray = "value"\n[CL_SEX]', "wrong-value"),
        ("codelists_dot_toml", "{ fr", "{ FRENCH", "wrong-value"),
        ("codelists_dot_toml", "made up", "made\\u0000up", "forbidden-character"),
        ("codelists_dot_toml", "[CL_SEX]", "[CL_SEX", "unreadable-file"),
        ("codelists_dot_toml", "[CL_SEX]", "[CL_SEXE]", "missing-file"),
        ("concepts_dot_toml", '{ EMN_TERM = "sex" }', '"sex"', "wrong-value"),
        ("concepts_dot_toml", "MADE_UP:CL_SEX(1.0)", "CL_SEX", "wrong-value"),
        ("concepts_dot_toml", 'type = "Integer"', 'type = "Integer"\nparent = "VALUE"', "orphan-item"),
        ("concepts_dot_toml", 'type = "Integer"', 'type = "Integer"\ncodelist = "MADE_UP:CL_SEX(1.0)"', "wrong-value"),
        ("structures__CRIME_dot_toml", "[structure]", "[structures]", "unknown-word"),
        ("structures__CRIME_dot_toml", "concepts = ", "concept = ", "missing-word"),
        ("structures__CRIME_dot_toml", '"observation"', '"observations"', "unknown-word"),
        ("structures__CRIME_dot_toml", '"observation"', "7", "wrong-value"),
        ("structures__CRIME_dot_toml", 'attached_to = "dataset"', "", "missing-word"),
        ("structures__CRIME_dot_toml", "mandatory = true", 'mandatory = "yes"', "wrong-value"),
        ("structures__CRIME_dot_toml", "max_length = 20", "max_length = 0", "wrong-value"),
        ("structures__CRIME_dot_toml", 'group = "SIBLING"', 'group = "SIBLINGS"', "unresolved-reference"),
        ("structures__CRIME_dot_toml", 'dimensions = ["SEX"]', 'dimensions = ["SEXE"]', "unresolved-reference"),
        ("structures__CRIME_dot_toml", 'dimensions = ["SEX"]', "dimensions = []", "wrong-value"),
        ("structures__CRIME_dot_toml", 'CONCEPTS(1.0).NOTE"', 'CONCEPTS.NOTE"', "wrong-value"),
        ("structures__CRIME_dot_toml", 'id = "FREQ"', 'id = "FREQ"\nmultiple = true\ntype = "String"', "wrong-value"),
        ("structures__CRIME_dot_toml", "time = true", "", "misplaced-time"),
        ("structures__CRIME_dot_toml", 'concept = "MADE_UP:CONCEPTS(1.0).NOTE"', "", "unresolved-reference"),
        ("structures__CRIME_dot_toml", "[[measure]]", "[measure]", "wrong-value"),
        ("structures__CRIME_dot_toml", 'id = "HINTS"', 'id = "4HINTS"', "wrong-id"),
        ("structures__CRIME_dot_toml", 'id = "HINTS"', 'id = "SEX"', "duplicate-component"),
    ],
)
def test_a_wrong_word_is_told(tmp_path: Path, file: str, old: str, new: str, code: str) -> None:
    files = {
        "agency_dot_toml": AGENCY_TOML,
        "codelists_dot_toml": CODELISTS_TOML,
        "concepts_dot_toml": CONCEPTS_TOML,
        "structures__CRIME_dot_toml": STRUCTURE_TOML,
    }
    assert old in files[file]
    folder = author(tmp_path, **{file: files[file].replace(old, new)})
    problems = refusal(folder)
    assert code in {problem.code for problem in problems}
    assert all(problem.where.file for problem in problems)


def test_files_that_nothing_reads_are_told(tmp_path: Path) -> None:
    folder = author(tmp_path, codelist_dot_toml="", codelists__CL_AGE_dot_csv=SEX_CSV)
    assert [(p.code, p.where.file, p.remedy) for p in refusal(folder)] == [
        ("unknown-word", "dsd/MADE_UP/codelist.toml", "did you mean 'codelists*.toml'?"),
        ("unknown-word", "dsd/MADE_UP/codelists/CL_AGE.csv", "describe CL_AGE in codelists*.toml, or remove the file"),
    ]


def test_a_folder_without_its_agency_or_without_being_there_is_told(tmp_path: Path) -> None:
    assert [p.code for p in refusal(author(tmp_path, agency_dot_toml=None))] == ["missing-file"]
    assert [p.code for p in refusal(tmp_path / "nowhere")] == ["missing-file"]


def test_files_in_another_encoding_are_told(tmp_path: Path) -> None:
    folder = author(tmp_path)
    (folder / "MADE_UP" / "codelists" / "CL_SEX.csv").write_bytes("code,name_fr\nF,Féminin\n".encode("cp1252"))
    (folder / "MADE_UP" / "concepts.toml").write_bytes("# é\n".encode("cp1252"))
    assert [p.code for p in refusal(folder)].count("unreadable-file") == 2


def published(tmp_path: Path, **names: str) -> bytes:
    """A message of made-up artefacts of another agency."""
    codelist = Codelist(agency="OTHER", id="CL_A", names=Text.of(en="A"))
    scheme = ConceptScheme(
        agency="OTHER", id="CONCEPTS", names=Text.of(en="C"), items=(Concept(id="FREQ", names=Text.of(en="F")),)
    )
    return write_structures([codelist, scheme], "2.1", HEADER)


def test_what_others_publish_is_loaded_as_published(tmp_path: Path) -> None:
    folder = author(tmp_path)
    (folder / "MADE_UP" / "foreign").mkdir()
    (folder / "MADE_UP" / "foreign" / "a.xml.gz").write_bytes(gzip.compress(published(tmp_path)))
    (folder / "MADE_UP" / "foreign" / "b.xml").write_bytes(published(tmp_path))
    assert Urn(Kind.CODELIST, "OTHER", "CL_A", "1.0") in load_catalogue([folder])


def test_ours_goes_before_what_others_publish_and_what_ours_lacks_is_told(tmp_path: Path) -> None:
    folder = author(tmp_path)
    ours = load_catalogue([folder]).codelist(SEX_URN)
    theirs = Codelist(
        agency="MADE_UP", id="CL_SEX", names=Text.of(en="Sex"), items=(*ours.items, type(ours.items[0])(id="X"))
    )
    (folder / "MADE_UP" / "foreign").mkdir()
    (folder / "MADE_UP" / "foreign" / "a.xml").write_bytes(write_structures([theirs], "3.0", HEADER))
    catalogue, told = load_catalogue_reporting([folder])
    assert catalogue.codelist(SEX_URN) == ours
    assert [(problem.code, problem.what) for problem in told] == [
        ("superseded", "a foreign MADE_UP:CL_SEX(1.0) is replaced by ours, which lacks X")
    ]


@pytest.mark.parametrize(
    ("name", "data"), [("a.xml", b"<broken"), ("a.xml.gz", b"not gzip"), ("a.xml.gz", b"\x1f\x8b\x08\0")]
)
def test_a_foreign_file_that_cannot_be_read_is_told_by_name(tmp_path: Path, name: str, data: bytes) -> None:
    folder = author(tmp_path)
    (folder / "MADE_UP" / "foreign").mkdir()
    (folder / "MADE_UP" / "foreign" / name).write_bytes(data)
    (problem,) = refusal(folder)
    assert problem.where.file == f"dsd/MADE_UP/foreign/{name}"


def test_a_catalogue_of_nothing_is_empty(tmp_path: Path) -> None:
    assert len(load_catalogue([])) == len(Catalogue.of([])) == 0
    assert load_folder(tmp_path) == ()

"""Code lists that extend others, notes of every shape, value lists, and values with every facet."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from authored_folders import loaded, refused, told, with_files
from structures_samples import CODELISTS_TOML, CONCEPTS_TOML, SEX_CSV

from sdmx_gateway.structures import Kind, Urn, load_catalogue
from sdmx_gateway.structures.model import (
    Annotation,
    Cascade,
    Codelist,
    CodelistExtension,
    Concept,
    ConceptScheme,
    DataType,
    IsoConcept,
    Representation,
    SelectedCode,
    SentinelValue,
    Text,
    ValueItem,
    ValueList,
)

SEX = Urn(Kind.CODELIST, "MADE_UP", "CL_SEX", "1.0")
AREAS_CSV = "code,parent,name_fr\nFR,,France\nR11,FR,Île-de-France\nD75,R11,Paris\nD93,R11,Seine-Saint-Denis\n"


def a_list(own_id: str, *lines: str) -> str:
    return f'\n[{own_id}]\nname = {{ fr = "Liste" }}\nsource = "made up"\nstatus = "ours"\n' + "".join(
        f"{line}\n" for line in lines
    )


def extending(*lines: str, codes: str | None = "code,name_fr\nX,Autre\n") -> dict[str, str | None]:
    """CL_AREA, and CL_WIDE that extends it as the lines say."""
    return {
        "codelists-areas.toml": a_list("CL_AREA") + a_list("CL_WIDE", *lines),
        "codelists/CL_AREA.csv": AREAS_CSV,
        "codelists/CL_WIDE.csv": codes,
    }


def test_a_list_takes_codes_of_others(tmp_path: Path) -> None:
    files = extending(
        'extends = [{ codelist = "MADE_UP:CL_AREA(1.0)", prefix = "A_", include = ["D%", { code = "R11", cascade = true }] },',
        '  { codelist = "MADE_UP:CL_SEX(1.0)", exclude = ["_T"] }]',
    )
    wide = loaded(tmp_path, files, Codelist, "CL_WIDE")
    area = Urn(Kind.CODELIST, "MADE_UP", "CL_AREA", "1.0")
    assert wide.extensions == (
        CodelistExtension(codelist=area, prefix="A_", inclusive=(SelectedCode("D%"), SelectedCode("R11", Cascade.YES))),
        CodelistExtension(codelist=SEX, exclusive=(SelectedCode("_T"),)),
    )
    catalogue = load_catalogue([with_files(tmp_path, files)])
    assert list(catalogue.enumeration(wide.urn).by_id) == ["A_R11", "A_D75", "A_D93", "F", "X"]


def test_a_list_may_have_no_code_but_those_it_takes(tmp_path: Path) -> None:
    files = extending('extends = [{ codelist = "MADE_UP:CL_AREA(1.0)" }]', codes=None)
    assert loaded(tmp_path, files, Codelist, "CL_WIDE").items == ()


def test_a_code_may_lie_under_one_that_is_taken(tmp_path: Path) -> None:
    extends = 'extends = [{ codelist = "MADE_UP:CL_AREA(1.0)", prefix = "A_", include = ["R11"] }]'
    codes = "code,parent,name_fr\nX,A_R11,Autre\n"
    assert loaded(tmp_path, extending(extends, codes=codes), Codelist, "CL_WIDE")["X"].parent == "A_R11"
    wrong = told(tmp_path, extending(extends, codes=codes.replace("A_R11", "A_R12")))
    assert [(code, file, row) for code, file, row, _ in wrong] == [("orphan-item", "codelists/CL_WIDE.csv", 2)]


@pytest.mark.parametrize(
    ("extends", "code", "remedy"),
    [
        ('{ codelist = "MADE_UP:CL_AREAS(1.0)" }', "unresolved-reference", "did you mean 'MADE_UP:CL_AREA(1.0)'?"),
        ('{ codelist = "CL_AREA" }', "wrong-value", ""),
        ('{ prefix = "A" }', "missing-word", ""),
        ('{ codelist = "MADE_UP:CL_AREA(1.0)", includes = ["FR"] }', "unknown-word", "did you mean 'include'?"),
        (
            '{ codelist = "MADE_UP:CL_AREA(1.0)", include = ["D75", "D94"] }',
            "unresolved-reference",
            "did you mean 'D93'?",
        ),
        ('{ codelist = "MADE_UP:CL_AREA(1.0)", exclude = ["E%"] }', "unresolved-reference", "known: FR, R11, D75, D93"),
        ('{ codelist = "MADE_UP:CL_AREA(1.0)", include = ["D*"] }', "wrong-value", "write 'D%'"),
        (
            '{ codelist = "MADE_UP:CL_AREA(1.0)", include = ["D 75"] }',
            "wrong-value",
            "letters, digits, _ @ $ - and the wildcard % only",
        ),
        ('{ codelist = "MADE_UP:CL_AREA(1.0)", include = "D75" }', "wrong-value", ""),
        ('{ codelist = "MADE_UP:CL_AREA(1.0)", include = [75] }', "wrong-value", ""),
        ('{ codelist = "MADE_UP:CL_AREA(1.0)", include = [{ code = "FR", cascade = "yes" }] }', "wrong-value", ""),
        ('{ codelist = "MADE_UP:CL_AREA(1.0)", include = [{ cascade = true }] }', "missing-word", ""),
        (
            '{ codelist = "MADE_UP:CL_AREA(1.0)", include = ["FR"], exclude = ["FR"] }',
            "wrong-value",
            "keep one of them",
        ),
        ('{ codelist = "MADE_UP:CL_AREA(1.0)", prefix = "A." }', "wrong-value", ""),
        ('{ codelist = "MADE_UP:CL_WIDE(1.0)" }', "parent-cycle", "take one extension out"),
        ('"MADE_UP:CL_AREA(1.0)"', "wrong-value", "write [[CL_WIDE.extends]]"),
    ],
)
def test_a_mistake_in_an_extension_is_told_at_its_row(tmp_path: Path, extends: str, code: str, remedy: str) -> None:
    found = told(tmp_path, extending(f"extends = [{extends}]"))
    assert (code, "codelists-areas.toml", 11, remedy) in found
    assert len(found) == 1


def test_notes_of_codes_are_columns_in_capitals_with_a_language_for_texts(tmp_path: Path) -> None:
    header = "code,name_fr,name_en,name_es,description_es,EMN_TERM,EMN_TERM_fr,NOTE_en,ICCS_NOTE"
    codes = f"{header}\n_T,Tous,All,Todos,Suma,all,tous,Sum,\nF,Femmes,,,,,,,x\n"
    total, women = loaded(tmp_path, {"codelists/CL_SEX.csv": codes}, Codelist).items
    assert total.names == Text.of(fr="Tous", en="All", es="Todos")
    assert total.descriptions == Text.of(es="Suma")
    assert total.annotations == (
        Annotation(type="EMN_TERM", title="all", text=Text.of(fr="tous")),
        Annotation(type="NOTE", text=Text.of(en="Sum")),
    )
    assert women.annotations == (Annotation(type="ICCS_NOTE", title="x"),)


def test_notes_in_toml_may_have_every_part_and_come_in_several(tmp_path: Path) -> None:
    note = '{ id = "N1", title = "t", url = "http://x.test/", value = "v", text = { fr = "un", en = "one" } }'
    notes = f'annotations = {{ A = "a", B = {note}, C = ["c", {{ text = {{ fr = "deux" }} }}] }}\n'
    notes += "valid_from = 2024-01-01\nvalid_to = 2025-06-30T12:00:00\n"
    codelist = loaded(tmp_path, {"codelists.toml": CODELISTS_TOML + notes}, Codelist)
    assert codelist.annotations[2:] == (
        Annotation(type="A", title="a"),
        Annotation(id="N1", type="B", title="t", url="http://x.test/", value="v", text=Text.of(fr="un", en="one")),
        Annotation(type="C", title="c"),
        Annotation(type="C", text=Text.of(fr="deux")),
    )
    assert codelist.valid_from is not None
    assert codelist.valid_to is not None
    assert (codelist.valid_from.isoformat(), codelist.valid_to.hour) == ("2024-01-01T00:00:00", 12)


@pytest.mark.parametrize(
    ("line", "code", "remedy"),
    [
        ("annotations = { A = { titel = 't' } }", "unknown-word", "did you mean 'title'?"),
        ("annotations = { A = 7 }", "wrong-value", ""),
        ("annotations = { A = '' }", "wrong-value", ""),
        ("annotations = { A = { text = 't' } }", "wrong-value", ""),
        ("valid_from = '2024-01-01'", "wrong-value", ""),
        ("status = 'reed'", "unknown-word", "did you mean 'read'?"),
    ],
)
def test_a_mistake_in_what_a_list_says_of_itself_is_told(tmp_path: Path, line: str, code: str, remedy: str) -> None:
    text = CODELISTS_TOML.replace('status = "ours"', line if line.startswith("status") else f'status = "ours"\n{line}')
    row = 5 if line.startswith("status") else 6
    assert told(tmp_path, {"codelists.toml": text}) == [(code, "codelists.toml", row, remedy)]


VALUES: dict[str, str | None] = {
    "valuelists.toml": a_list("VL_LABEL"),
    "valuelists/VL_LABEL.csv": 'value,name_fr,NOTE\n"moins de 15 ans, filles",Filles,n\n≥ 65,Âgés,\n',
}


def test_the_values_of_a_value_list_may_be_any_text(tmp_path: Path) -> None:
    found = loaded(tmp_path, VALUES, ValueList)
    note = Annotation(type="NOTE", title="n")
    assert found.items == (
        ValueItem(id="moins de 15 ans, filles", names=Text.of(fr="Filles"), annotations=(note,)),
        ValueItem(id="≥ 65", names=Text.of(fr="Âgés")),
    )
    assert found.annotations[1] == Annotation(type="STATUS", title="ours")


@pytest.mark.parametrize(
    ("name", "old", "new", "told_as"),
    [
        ("valuelists/VL_LABEL.csv", "≥ 65,", ",", ("missing-word", "valuelists/VL_LABEL.csv", 3, "")),
        (
            "valuelists/VL_LABEL.csv",
            "≥ 65",
            '"moins de 15 ans, filles"',
            ("duplicate-item", "valuelists/VL_LABEL.csv", 3, "did you mean"),
        ),
        ("valuelists/VL_LABEL.csv", "value,", "code,", ("unknown-word", "valuelists/VL_LABEL.csv", 1, "did you mean")),
        (
            "valuelists.toml",
            "VL_LABEL",
            "VL_LABELS",
            ("missing-file", "valuelists.toml", 2, "did you mean 'VL_LABEL.csv'?"),
        ),
        ("valuelists.toml", "source", "sauce", ("unknown-word", "valuelists.toml", 4, "did you mean 'source'?")),
    ],
)
def test_a_mistake_in_a_value_list_is_told(
    tmp_path: Path, name: str, old: str, new: str, told_as: tuple[str, str, int, str]
) -> None:
    text = VALUES[name]
    assert text is not None
    found = [p[:3] for p in told(tmp_path, {**VALUES, name: text.replace(old, new, 1)})]
    assert told_as[:3] in found


def concept(*lines: str) -> dict[str, str | None]:
    body = "\n".join(lines)
    return {**VALUES, "concepts.toml": f'{CONCEPTS_TOML}\n[CONCEPTS.concept.X]\nname = {{ en = "X" }}\n{body}\n'}


def test_a_concept_says_its_values_with_every_facet(tmp_path: Path) -> None:
    scheme = loaded(
        tmp_path,
        concept(
            'type = "Decimal"\nmin_length = 1\nmax_length = 9\nmin_value = -1.5\nmax_value = 100\nstart_value = 0\nend_value = 10',
            'interval = 0.5\ntime_interval = "P1Y"\nstart_time = "2008"\nend_time = "2020"\ndecimals = 0\npattern = "[0-9]+"',
            "sequence = true\nmultilingual = false\nmin_occurs = 0\nmax_occurs = 3",
            'sentinels = [{ value = "-1", name = { fr = "Inconnu" } }]',
            'iso = { agency = "A", scheme = "S", concept = "C" }\nparent = "SEX"',
        ),
        ConceptScheme,
    )
    assert scheme["X"] == Concept(
        id="X",
        names=Text.of(en="X"),
        parent="SEX",
        iso=IsoConcept(agency="A", scheme="S", concept="C"),
        representation=Representation(
            data_type=DataType.DECIMAL,
            min_length=1,
            max_length=9,
            min_value=Decimal("-1.5"),
            max_value=Decimal(100),
            start_value=Decimal(0),
            end_value=Decimal(10),
            interval=Decimal("0.5"),
            time_interval="P1Y",
            start_time="2008",
            end_time="2020",
            decimals=0,
            pattern="[0-9]+",
            is_sequence=True,
            is_multilingual=False,
            min_occurs=0,
            max_occurs=3,
            sentinels=(SentinelValue(value="-1", names=Text.of(fr="Inconnu")),),
        ),
    )


def test_a_concept_may_take_its_values_from_a_value_list(tmp_path: Path) -> None:
    scheme = loaded(tmp_path, concept('valuelist = "MADE_UP:VL_LABEL(1.0)"'), ConceptScheme)
    values = scheme["X"].representation
    assert values is not None
    assert values.codelist == Urn(Kind.VALUE_LIST, "MADE_UP", "VL_LABEL", "1.0")


@pytest.mark.parametrize(
    ("line", "code", "remedy"),
    [
        ('valuelist = "MADE_UP:VL_LABELS(1.0)"', "unresolved-reference", "did you mean 'MADE_UP:VL_LABEL(1.0)'?"),
        ('type = "String"\nmin_value = "1"', "wrong-value", ""),
        ('type = "String"\npatern = "x"', "unknown-word", "did you mean 'pattern'?"),
        ('type = "String"\ndecimals = -1', "wrong-value", ""),
        ('type = "String"\nsentinels = [{ name = { en = "x" } }]', "missing-word", ""),
        ('type = "String"\nsentinels = "x"', "wrong-value", "write [[CONCEPTS.concept.X.sentinels]]"),
        ('type = "String"\nmultiple = true\nmax_occurs = 2', "wrong-value", "keep one of them"),
        ("max_length = 3", "missing-word", "known: type, codelist, valuelist"),
        ('type = "String"\niso = { agency = "A", scheme = "S" }', "missing-word", ""),
        ('type = "String"\niso = "A"', "wrong-value", ""),
    ],
)
def test_a_mistake_in_the_values_of_a_concept_is_told(tmp_path: Path, line: str, code: str, remedy: str) -> None:
    ((found, file, row, hint),) = told(tmp_path, concept(line))
    assert (found, file, hint) == (code, "concepts.toml", remedy)
    assert row is not None
    assert row > 22


def test_a_short_row_among_many_is_told_and_nothing_else(tmp_path: Path) -> None:
    rows = "".join(f"C{number},,Code {number},,\n" for number in range(2000))
    (problem,) = refused(tmp_path, {"codelists/CL_SEX.csv": SEX_CSV + rows + "Z,,Z\n"})
    assert (problem.code, problem.where.row) == ("wrong-row", 2004)

"""Hierarchies as they are authored: placed in a CSV, or grown from the parents of a list; and what they are of use to."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from authored_folders import loaded, told, with_files

from sdmx_gateway.structures import Kind, Urn, load_catalogue
from sdmx_gateway.structures.model import Annotation, HierarchicalCode, Hierarchy, HierarchyAssociation, Level, Text

AREAS = '[CL_AREA]\nname = { fr = "Territoires" }\nsource = "made up"\nstatus = "ours"\n'
AREAS_CSV = "code,parent,name_fr\nD75,R11,Paris\nR11,FX,Île-de-France\nFX,FR,Métropole\nFR,,France\nR01,FR,Guadeloupe\nD999,,Ailleurs\n"
PLACED = """[[hierarchy]]
id = "H_AREA"
name = { fr = "Niveaux" }
codelist = "MADE_UP:CL_AREA(1.0)"
levels = [
    { id = "COUNTRY", name = { fr = "Pays" } },
    { id = "REGION", name = { fr = "Région" }, annotations = { NUTS = "1" } },
]
"""
PLACES = (
    "id,parent,codelist,code,level,valid_from,valid_to,NOTE\n"
    "R11,FR,,,REGION,2016-01-01,2025-12-31T00:00:00,n\nFR,,,,COUNTRY,,,\nWOMEN,FR,MADE_UP:CL_SEX(1.0),F,,,,\n"
)
GROWN = """[[hierarchy]]
id = "H_AREA"
name = { fr = "Niveaux" }
tree_of = "MADE_UP:CL_AREA(1.0)"
root = "FR"
levels = [
    { id = "COUNTRY", name = { fr = "Pays" }, codes = ["FR"] },
    { id = "REGION", name = { fr = "Région" }, codes = ["R%"] },
    { id = "DEPARTEMENT", name = { fr = "Département" }, codes = ["D%"] },
]
"""
ASSOCIATION = """
[[hierarchy_association]]
id = "HA"
name = { fr = "Usage" }
hierarchy = "MADE_UP:H_AREA(1.0)"
codelist = "MADE_UP:CL_AREA(1.0)"
"""


def files(hierarchies: str, places: str | None = PLACES) -> dict[str, str | None]:
    return {
        "codelists-areas.toml": AREAS,
        "codelists/CL_AREA.csv": AREAS_CSV,
        "hierarchies.toml": hierarchies,
        "hierarchies/H_AREA.csv": places,
    }


def area(code: str) -> Urn:
    return Urn(Kind.CODELIST, "MADE_UP", "CL_AREA", "1.0", code)


def test_codes_stand_where_the_sheet_puts_them(tmp_path: Path) -> None:
    found = loaded(tmp_path, files(PLACED), Hierarchy)
    region = Level(id="REGION", names=Text.of(fr="Région"), annotations=(Annotation(type="NUTS", title="1"),))
    assert found.level == Level(id="COUNTRY", names=Text.of(fr="Pays"), below=region)
    assert found.has_formal_levels
    (france,) = found.codes
    assert (france.id, france.code, france.level) == ("FR", area("FR"), "COUNTRY")
    assert france.codes == (
        HierarchicalCode(
            id="R11",
            code=area("R11"),
            level="REGION",
            valid_from=datetime(2016, 1, 1),  # noqa: DTZ001
            valid_to=datetime(2025, 12, 31),  # noqa: DTZ001
            annotations=(Annotation(type="NOTE", title="n"),),
        ),
        HierarchicalCode(id="WOMEN", code=Urn(Kind.CODELIST, "MADE_UP", "CL_SEX", "1.0", "F")),
    )


def test_a_hierarchy_without_levels_has_no_formal_ones(tmp_path: Path) -> None:
    without = PLACED[: PLACED.index("levels")]
    places = "id,parent\nFR,\nR11,FR\n"
    found = loaded(tmp_path, files(without, places), Hierarchy)
    assert (found.level, found.has_formal_levels, found.codes[0].codes[0].id) == (None, False, "R11")


def test_a_hierarchy_grows_from_the_parents_of_a_list(tmp_path: Path) -> None:
    found = loaded(tmp_path, files(GROWN, None), Hierarchy)
    (france,) = found.codes
    assert [(place.id, place.level) for place in france.codes] == [("R11", "REGION"), ("R01", "REGION")]
    assert france.codes[0].codes == (HierarchicalCode(id="D75", code=area("D75"), level="DEPARTEMENT"),)
    assert france.code == area("FR")


def test_without_a_root_it_grows_from_everything_that_is_of_a_level(tmp_path: Path) -> None:
    found = loaded(tmp_path, files(GROWN.replace('root = "FR"\n', ""), None), Hierarchy)
    assert [place.id for place in found.codes] == ["FR", "D999"]


def test_a_hierarchy_may_be_of_use_to_a_list_or_to_a_component_in_a_flow(tmp_path: Path) -> None:
    assert loaded(tmp_path, files(PLACED + ASSOCIATION), HierarchyAssociation).linked == area("X").maintainable
    of_component = 'structure = "MADE_UP:CRIME(1.0)"\ncomponent = "SEX"\ndataflow = "MADE_UP:CRIME(1.0)"\n'
    text = PLACED + ASSOCIATION.replace('codelist = "MADE_UP:CL_AREA(1.0)"\n', of_component)
    found = loaded(tmp_path, files(text), HierarchyAssociation)
    assert found.linked == Urn(Kind.DATA_STRUCTURE, "MADE_UP", "CRIME", "1.0", "SEX")
    assert found.context == Urn(Kind.DATAFLOW, "MADE_UP", "CRIME")
    assert load_catalogue([with_files(tmp_path, files(text))]).check() == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "row", "remedy"),
    [
        ('codelist = "MADE_UP:CL_AREA', 'codelist = "MADE_UP:CL_AREAS', "unresolved-reference", 4, "MADE_UP:CL_AREA(1.0)"),
        ("codelist", "code_list", "unknown-word", 4, "did you mean 'codelist'?"),
        ('"REGION"', '"REG ION"', "wrong-value", 7, ""),
        ('"REGION"', '"COUNTRY"', "duplicate-item", 7, ""),
        ('{ id = "REGION", ', '{ ident = "REGION", ', "unknown-word", 7, ""),
        ("annotations", "codes", "unknown-word", 7, ""),
        ("levels = [", 'formal_levels = "yes"\nlevels = [', "wrong-value", 5, ""),
        ("H_AREA", "H_AREAS", "missing-file", 1, "did you mean 'H_AREA.csv'?"),
        ("[[hierarchy]]", "[[hierarchies]]", "unknown-word", 1, "did you mean 'hierarchy'?"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_hierarchy_is_told(tmp_path: Path, old: str, new: str, code: str, row: int, remedy: str) -> None:
    found = told(tmp_path, files(PLACED.replace(old, new, 1)))
    assert any(p[:3] == (code, "hierarchies.toml", row) and remedy in p[3] for p in found), found


@pytest.mark.parametrize(
    ("old", "new", "code", "row", "remedy"),
    [
        ("R11,FR,,,REGION", "R11,FRA,,,REGION", "orphan-item", 2, "did you mean 'FR'?"),
        ("FR,,,,COUNTRY", "FR,R11,,,COUNTRY", "parent-cycle", 2, ""),
        ("FR,,,,COUNTRY", "R11,,,,COUNTRY", "duplicate-item", 3, ""),
        ("R11,FR", "R 11,FR", "wrong-value", 2, ""),
        ("R11,FR,,,REGION", "R11,FR,,R12,REGION", "unresolved-reference", 2, "did you mean 'R11'?"),
        ("R11,FR,,,REGION", "R12,FR,,,REGION", "unresolved-reference", 2, "did you mean 'R11'?"),
        (",REGION", ",REGIONS", "unresolved-reference", 2, "did you mean 'REGION'?"),
        ("2016-01-01", "01/01/2016", "wrong-value", 2, ""),
        ("2016-01-01", "2016-02-30", "wrong-value", 2, ""),
        ("CL_SEX(1.0)", "CL_SEX(2.0)", "unresolved-reference", 4, "did you mean 'MADE_UP:CL_SEX(1.0)'?"),
        ("MADE_UP:CL_SEX(1.0)", "CL_SEX", "wrong-value", 4, ""),
        ("valid_from", "valid_form", "unknown-word", 1, "did you mean 'valid_from'?"),
        ("id,", "ident,", "missing-word", 1, ""),
    ],
)  # fmt: skip
def test_a_mistake_in_the_places_is_told(tmp_path: Path, old: str, new: str, code: str, row: int, remedy: str) -> None:
    found = told(tmp_path, files(PLACED, PLACES.replace(old, new, 1)))
    assert any(p[:3] == (code, "hierarchies/H_AREA.csv", row) and remedy in p[3] for p in found), found


def test_a_place_must_be_of_some_list(tmp_path: Path) -> None:
    found = told(tmp_path, files(PLACED.replace('codelist = "MADE_UP:CL_AREA(1.0)"\n', "")))
    assert [(code, file, row) for code, file, row, _ in found] == [
        ("missing-word", "hierarchies/H_AREA.csv", 2),
        ("missing-word", "hierarchies/H_AREA.csv", 3),
    ]


@pytest.mark.parametrize(
    ("old", "new", "code", "row", "remedy"),
    [
        ("CL_AREA(1.0)", "CL_AREAS(1.0)", "unresolved-reference", 4, "did you mean 'MADE_UP:CL_AREA(1.0)'?"),
        ('"FR"\n', '"FRR"\n', "unresolved-reference", 5, "did you mean 'FR'?"),
        ('["R%"]', '["E%"]', "unresolved-reference", 8, "known: FR, FX, R11, D75, R01, D999"),
        ('["R%"]', '["R*"]', "wrong-value", 8, "write 'R%'"),
        (', codes = ["R%"]', "", "missing-word", 8, 'write codes = ["R%"]'),
        ("root", 'codelist = "MADE_UP:CL_AREA(1.0)"\nroot', "wrong-value", 5, "take out codelist or tree_of"),
        ("root", 'file = "x.csv"\nroot', "wrong-value", 5, "take out file or tree_of"),
    ],
)
def test_a_mistake_in_what_grows_is_told(tmp_path: Path, old: str, new: str, code: str, row: int, remedy: str) -> None:
    found = told(tmp_path, files(GROWN.replace(old, new, 1), None))
    assert found == [(code, "hierarchies.toml", row, remedy)]


@pytest.mark.parametrize(
    ("old", "new", "code", "row", "remedy"),
    [
        ("H_AREA(1.0)", "H_ARE(1.0)", "unresolved-reference", 13, "did you mean 'MADE_UP:H_AREA(1.0)'?"),
        ("codelist =", "list =", "missing-word", 10, "known: codelist, structure"),
        ('codelist = "MADE_UP:CL_AREA(1.0)"', 'structure = "MADE_UP:CRIME(1.0)"', "missing-word", 10, ""),
        (
            'codelist = "MADE_UP:CL_AREA(1.0)"',
            'structure = "MADE_UP:CRIME(1.0)"\ncomponent = "SEXE"',
            "unresolved-reference",
            15,
            "did you mean 'SEX'?",
        ),
    ],
)
def test_a_mistake_in_an_association_is_told(
    tmp_path: Path, old: str, new: str, code: str, row: int, remedy: str
) -> None:
    found = told(tmp_path, files(PLACED + ASSOCIATION.replace(old, new, 1)))
    assert (code, "hierarchies.toml", row, remedy) in found

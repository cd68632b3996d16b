"""Maps as they are authored: rows with a relation and a reason, and structures component by component."""

from __future__ import annotations

from pathlib import Path

import pytest
from authored_folders import loaded, told, with_files

from sdmx_gateway.structures import Kind, Urn, load_catalogue
from sdmx_gateway.structures.model import (
    Annotation,
    ComponentMap,
    DataType,
    FixedValueMap,
    MappedSpace,
    MappedValue,
    RepresentationMap,
    StructureMap,
    ValueMapping,
)

THEIRS = '[CL_THEIRS]\nname = { en = "Theirs" }\nsource = "made up"\nstatus = "ours"\n'
MAP = """[[representation_map]]
id = "RM_SEX"
name = { fr = "Sexe" }
source = "MADE_UP:CL_SEX(1.0)"
target = "MADE_UP:CL_THEIRS(1.0)"
"""
ROWS = "source,target,relation,note,valid_from,valid_to,BASIS\n_T,,left_out,they have no total,,,\nF,W,narrower,,2016-01-01,,read\n"
STRUCTURES = """
[[structure_map]]
id = "SM_CRIME"
name = { fr = "Délinquance" }
source = { dataflow = "MADE_UP:CRIME(1.0)" }
target = { structure = "MADE_UP:CRIME(1.0)" }
components = [
    { source = "SEX", target = "SEX", map = "MADE_UP:RM_SEX(1.0)", annotations = { NOTE = "n" } },
    { source = ["FREQ", "SEX"], target = "NOTE" },
]
fixed = { FREQ = "A" }
fixed_source = { NOTE = "x" }
"""


def files(maps: str = MAP, rows: str | None = ROWS, **more: str) -> dict[str, str | None]:
    return {
        "codelists-theirs.toml": THEIRS,
        "codelists/CL_THEIRS.csv": "code,name_en\nW,Women\nM,Men\n",
        "maps.toml": maps,
        "maps/RM_SEX.csv": rows,
        **more,
    }


def test_a_row_keeps_its_relation_and_its_reason(tmp_path: Path) -> None:
    found = loaded(tmp_path, files(), RepresentationMap)
    assert found.annotations == ()
    assert found.sources == (MappedSpace(codelist=Urn(Kind.CODELIST, "MADE_UP", "CL_SEX")),)
    assert found.targets == (MappedSpace(codelist=Urn(Kind.CODELIST, "MADE_UP", "CL_THEIRS")),)
    relation, note, basis = (
        Annotation(type="RELATION", title="left_out"),
        Annotation(type="NOTE", title="they have no total"),
        Annotation(type="BASIS", title="read"),
    )
    assert found.mappings == (
        ValueMapping(sources=(MappedValue("_T"),), annotations=(relation, note)),
        ValueMapping(
            sources=(MappedValue("F"),),
            targets=("W",),
            valid_from="2016-01-01",
            annotations=(Annotation(type="RELATION", title="narrower"), basis),
        ),
    )


def test_a_side_may_be_text_or_a_value_list_and_a_source_a_pattern(tmp_path: Path) -> None:
    text = MAP.replace('source = "MADE_UP:CL_SEX(1.0)"', 'source = { type = "String" }')
    text = text.replace('target = "MADE_UP:CL_THEIRS(1.0)"', 'target = { valuelist = "MADE_UP:VL(1.0)" }')
    values = '[VL]\nname = { en = "V" }\nsource = "made up"\nstatus = "ours"\n'
    more = {"valuelists.toml": values, "valuelists/VL.csv": "value,name_en\nfemmes,Women\n"}
    found = loaded(tmp_path, files(text, "source,target,regex\nF.*,femmes,true\n", **more), RepresentationMap)
    assert found.sources == (MappedSpace(data_type=DataType.STRING),)
    assert found.targets == (MappedSpace(codelist=Urn(Kind.VALUE_LIST, "MADE_UP", "VL")),)
    assert found.mappings[0].sources == (MappedValue("F.*", is_regex=True),)


def test_one_source_may_have_several_targets_one_after_the_other(tmp_path: Path) -> None:
    rows = "source,target,valid_from,valid_to\nF,W,,2015-12-31\nF,M,2016-01-01,\n"
    assert len(loaded(tmp_path, files(rows=rows), RepresentationMap).mappings) == 2


def test_structures_are_mapped_component_by_component(tmp_path: Path) -> None:
    found = loaded(tmp_path, files(MAP + STRUCTURES), StructureMap)
    assert found.source == Urn(Kind.DATAFLOW, "MADE_UP", "CRIME")
    assert found.target == Urn(Kind.DATA_STRUCTURE, "MADE_UP", "CRIME")
    assert found.components == (
        ComponentMap(
            sources=("SEX",),
            targets=("SEX",),
            representation_map=Urn(Kind.REPRESENTATION_MAP, "MADE_UP", "RM_SEX"),
            annotations=(Annotation(type="NOTE", title="n"),),
        ),
        ComponentMap(sources=("FREQ", "SEX"), targets=("NOTE",)),
    )
    assert found.fixed == (FixedValueMap(target="FREQ", values=("A",)), FixedValueMap(source="NOTE", values=("x",)))
    assert load_catalogue([with_files(tmp_path, files(MAP + STRUCTURES))]).check() == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "row", "remedy"),
    [
        ("F,W,", "F,WW,", "unresolved-reference", 3, "did you mean 'W'?"),
        ("F,W,", "G,W,", "unresolved-reference", 3, "known: _T, F"),
        ("F,W,", "F,,", "missing-word", 3, "write a target, or left_out in relation"),
        ("F,W,", ",W,", "missing-word", 3, ""),
        ("_T,,", "_T,W,", "wrong-value", 2, "take out the target"),
        ("narrower", "narower", "unknown-word", 3, "did you mean 'narrower'?"),
        ("2016-01-01", "2016", "wrong-value", 3, ""),
        ("\n_T", "\nF,M,,,2016-01-01,,\n_T", "duplicate-item", 4, ""),
        ("relation", "relations", "unknown-word", 1, "did you mean 'relation'?"),
        ("BASIS", "NOTE", "unknown-word", 1, "name it otherwise"),
        ("source,", "from,", "missing-word", 1, ""),
        ("BASIS", "regex", "unknown-word", 3, "'true'"),
    ],
)
def test_a_mistake_in_a_row_is_told(tmp_path: Path, old: str, new: str, code: str, row: int, remedy: str) -> None:
    found = told(tmp_path, files(rows=ROWS.replace(old, new, 1)))
    assert any(p[:3] == (code, "maps/RM_SEX.csv", row) and remedy in p[3] for p in found), found


@pytest.mark.parametrize(
    ("old", "new", "code", "row", "remedy"),
    [
        ('source = "MADE_UP:CL_SEX(1.0)"', 'source = "CL_SEX"', "wrong-value", 4, ""),
        ('source = "MADE_UP:CL_SEX(1.0)"', 'source = { type = "Text" }', "unknown-word", 4, ""),
        ('source = "MADE_UP:CL_SEX(1.0)"', "source = {}", "missing-word", 4, "known: codelist, valuelist, type"),
        ('source = "MADE_UP:CL_SEX(1.0)"\n', "", "missing-word", 1, ""),
        ("CL_THEIRS", "CL_THEIR", "unresolved-reference", 5, "did you mean 'MADE_UP:CL_THEIRS(1.0)'?"),
        ("RM_SEX", "RM_SEXE", "missing-file", 1, "did you mean 'RM_SEX.csv'?"),
        ("RM_SEX", "RM SEX", "wrong-value", 2, ""),
        ("representation_map", "representation_maps", "unknown-word", 1, "did you mean 'representation_map'?"),
        ('dataflow = "MADE_UP:CRIME', 'flow = "MADE_UP:CRIME', "unknown-word", 10, "did you mean 'dataflow'?"),
        ('source = { dataflow = "MADE_UP:CRIME(1.0)" }\n', "", "missing-word", 7, 'write source = { dataflow = "'),
        ('target = { structure = "MADE_UP:CRIME', 'target = { structure = "MADE_UP:CRIMES', "unresolved-reference", 11, "CRIME(1.0)"),
        ('source = "SEX"', 'source = "SEXE"', "unresolved-reference", 13, "did you mean 'SEX'?"),
        ('target = "NOTE"', 'target = "NOTES"', "unresolved-reference", 14, "did you mean 'NOTE'?"),
        ('["FREQ", "SEX"]', "[]", "wrong-value", 14, ""),
        ("MADE_UP:RM_SEX(1.0)", "MADE_UP:RM_SEX(2.0)", "unresolved-reference", 13, "did you mean 'MADE_UP:RM_SEX(1.0)'?"),
        ("fixed = { FREQ", "fixed = { FREK", "unresolved-reference", 16, "did you mean 'FREQ'?"),
        ('fixed = { FREQ = "A" }', 'fixed = "A"', "wrong-value", 16, ""),
        ('fixed = { FREQ = "A" }', "fixed = { FREQ = 1 }", "wrong-value", 16, ""),
    ],
)  # fmt: skip
def test_a_mistake_in_a_map_is_told(tmp_path: Path, old: str, new: str, code: str, row: int, remedy: str) -> None:
    text = MAP + STRUCTURES
    assert old in text
    found = told(tmp_path, files(text.replace(old, new, 1)))
    assert any(p[:3] == (code, "maps.toml", row) and remedy in p[3] for p in found), found

"""What SDMX 2.1 says in another way without a loss: lists that extend others, rows without a target, lists of a hierarchy."""

from __future__ import annotations

from dataclasses import replace

import generations as g
import pytest
from structures_samples import HEADER, SEX, schema_errors

from sdmx_gateway.structures import Kind, Urn, read_structures, write_structures
from sdmx_gateway.structures.codec.form import OF_2_1, Form
from sdmx_gateway.structures.model import (
    Annotation,
    Code,
    Codelist,
    CodelistExtension,
    HierarchicalCodelist,
    MappedSpace,
    MappedValue,
    RepresentationMap,
    SelectedCode,
    StructureSet,
    Text,
    ValueMapping,
)
from sdmx_gateway.structures.targets import targets
from sdmx_gateway.structures.translation import translated
from sdmx_gateway.structures.translation.unmapped import NOT_MAPPED
from sdmx_gateway.structures.translation.walk import Walk

MORE = Codelist(
    agency="MADE_UP",
    id="CL_MORE",
    names=Text.of(en="More"),
    items=(Code(id="X"),),
    extensions=(CodelistExtension(codelist=SEX.urn, prefix="S", inclusive=(SelectedCode("M"),)),),
)
ROW = ValueMapping(sources=(MappedValue("M"),), targets=("M",))
LEFT_OUT = ValueMapping(
    sources=(MappedValue("_T"),), targets=(), annotations=(Annotation(type="NOTE", title="a total"),)
)
MAP = RepresentationMap(
    agency="MADE_UP",
    id="RM",
    version="1.0",
    names=Text.of(en="Map"),
    annotations=(Annotation(type="ABOUT", title="the map"),),
    sources=(MappedSpace(codelist=SEX.urn),),
    targets=(MappedSpace(codelist=SEX.urn),),
    mappings=(ROW, LEFT_OUT),
)


@pytest.mark.parametrize("form", sorted(OF_2_1))
def test_a_list_that_extends_others_has_its_codes_among_its_own(form: Form) -> None:
    translation = translated([MORE, SEX], form)
    (made,) = (a for a in translation.artefacts if a.id == "CL_MORE")
    assert [code.id for code in made.items] == ["SM", "X"]  # type: ignore[attr-defined]
    (note,) = (note for note in translation.notes if note.where.key == str(MORE.urn))
    assert (note.code, note.rows) == ("translated", 1)
    assert schema_errors(write_structures([MORE, SEX], form, HEADER), form) == []


def test_a_version_that_is_left_open_is_the_highest_that_is_translated_with_it() -> None:
    older = replace(SEX, version="1.0.0")
    newer = replace(SEX, version="1.1.0", items=(*SEX.items, Code(id="X2")))
    opened = replace(SEX.urn, version="1.0+.0")
    open_list = replace(MORE, extensions=(CodelistExtension(codelist=opened),))
    made = translated([open_list, older, newer], Form.ML_2_1).artefacts[0]
    assert "X2" in made.by_id  # type: ignore[attr-defined]


def test_a_list_whose_codes_are_not_there_says_so() -> None:
    (refusal,) = translated([MORE], Form.ML_2_1).refusals
    assert "takes codes from MADE_UP:CL_SEX(1.0), which is not translated with it" in refusal.what
    circle = replace(SEX, extensions=(CodelistExtension(codelist=MORE.urn),))
    assert "extend each other" in translated([MORE, circle], Form.ML_2_1).refusals[0].what


@pytest.mark.parametrize("form", sorted(OF_2_1))
def test_what_is_mapped_to_nothing_is_named_on_the_map_and_comes_back(form: Form) -> None:
    (made,) = translated([MAP], form).artefacts
    assert isinstance(made, StructureSet)
    assert [(note.type, note.title) for note in made.item_maps[0].annotations] == [
        (NOT_MAPPED, "_T"), ("NOTE", "a total"),
    ]  # fmt: skip
    message = write_structures([MAP], form, HEADER)
    assert schema_errors(message, form) == []
    assert translated(read_structures(message), Form.ML_3_0).artefacts == (MAP,)


def test_a_map_of_nothing_is_no_map_in_2_1() -> None:
    assert "maps no value" in translated([replace(MAP, mappings=(LEFT_OUT,))], Form.ML_2_1).refusals[0].what


def test_the_lists_of_a_hierarchy_have_names_of_their_own_in_xml() -> None:
    def aliases(form: Form) -> list[str | None]:
        (made,) = translated([g.HIERARCHY], form).artefacts
        assert isinstance(made, HierarchicalCodelist)
        return [included.alias for included in made.codelists]

    assert aliases(Form.ML_2_1) == [urn.id for urn in targets(g.HIERARCHY)]
    assert set(aliases(Form.JSON_1_0)) == {None}


def test_a_walk_goes_only_where_something_may_be_found() -> None:
    seen: list[object] = []

    def visit(value: object, owner: str) -> object:
        seen.append(value)
        return value

    assert Walk([Urn]).rewritten(MORE, visit, "") is MORE
    assert SEX.urn in seen
    assert not any(isinstance(value, Code) for value in seen)
    renamed = Urn(Kind.CODELIST, "A", "B", "1.0")
    changed = Walk([Urn]).rewritten(MORE, lambda v, _: renamed if v == SEX.urn else v, "")
    assert changed.extensions[0].codelist == renamed

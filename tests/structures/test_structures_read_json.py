"""SDMX-JSON structure messages as they really come: drafts, other versions' words, lax names; and as they must not."""

from __future__ import annotations

import codecs
import json
from typing import Any

import pytest
from structures_samples import EVERYTHING, HEADER, json_schema

from sdmx_gateway.errors import MessageRejected
from sdmx_gateway.structures import Kind, Urn, read_structures, read_structures_reporting, write_structures
from sdmx_gateway.structures.codec import json_message
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.json_guard import MAX_DEPTH
from sdmx_gateway.structures.model import (
    Artefact,
    Attachment,
    Cascade,
    Codelist,
    DataConstraint,
    DataStructure,
    DataType,
    Link,
    Representation,
    Text,
    ValueList,
)

JSON = tuple(form for form in Form if not form.is_xml)
LIST = {"id": "CL", "agencyID": "A", "version": "1.0", "name": "List"}
CONCEPT = "urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept=A:S(1.0)."


def message(data: dict[str, Any], **around: Any) -> bytes:
    return json.dumps({"data": data, **around}).encode()


def schema(version: str) -> dict[str, Any]:
    return {
        "meta": {
            "schema": f"https://example.org/sdmx-json/v{version}/structure-message/x/sdmx-json-structure-schema.json"
        }
    }


def read(data: dict[str, Any], **around: Any) -> tuple[Artefact, list[str]]:
    """The one artefact of a message, and what was told."""
    (artefact,), told = read_structures_reporting(message(data, **around))
    return artefact, [problem.what for problem in told]


def structure(version: str, **lists: Any) -> tuple[DataStructure, list[str]]:
    dimension = {"id": "D", "conceptIdentity": f"{CONCEPT}D", "position": 0}
    components = {"dimensionList": {"id": "DimensionDescriptor", "dimensions": [dimension]}, **lists}
    found, told = read({"dataStructures": [{**LIST, "dataStructureComponents": components}]}, **schema(version))
    assert isinstance(found, DataStructure)
    return found, told


@pytest.mark.parametrize("form", JSON)
def test_a_message_is_read_without_a_header_and_with_a_bom(form: Form) -> None:
    said = json.loads(write_structures(EVERYTHING, form, HEADER))
    for body in ({"data": said["data"]}, said["data"], said):
        data = json.dumps(body).encode()
        assert len(read_structures(data)) == len(EVERYTHING)
        assert read_structures(codecs.BOM_UTF8 + b" \n" + data) == read_structures(data)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"names": {"fr": "Liste", "en": "List"}}, Text.of(fr="Liste", en="List")),
        ({"name": "List"}, Text.of(en="List")),
        ({"name": {"fr": "Liste"}}, Text.of(fr="Liste")),
        ({"name": "Liste", "names": {"fr": "Liste", "en": "List"}}, Text.of(fr="Liste", en="List")),
    ],
)
def test_names_are_read_as_a_text_or_as_a_table(said: dict[str, Any], expected: Text) -> None:
    artefact, told = read({"codelists": [{"id": "CL", "agencyID": "A", "version": "1.0", **said}]}, **schema("2.0.0"))
    assert isinstance(artefact, Codelist)
    assert artefact.names == expected
    assert told == []


@pytest.mark.parametrize("said", [["fr", "en"], "fr"])
def test_a_name_without_a_language_is_in_the_first_the_message_says_it_is_in(said: object) -> None:
    artefact, _ = read({"codelists": [{**LIST, "name": "Liste"}]}, meta={"contentLanguages": said})
    assert isinstance(artefact, Codelist)
    assert artefact.names == Text.of(fr="Liste")


@pytest.mark.parametrize(
    ("data", "around", "form"),
    [
        ({"codelists": [LIST]}, schema("1.0"), Form.JSON_1_0),
        ({"codelists": [LIST]}, schema("2.0.0"), Form.JSON_2_0),
        ({"codelists": [LIST]}, {"$schema": schema("2.1.0")["meta"]["schema"]}, Form.JSON_2_1),
        ({"codelists": [LIST]}, {}, Form.JSON_2_0),
        ({"codelists": [{**LIST, "isFinal": True}]}, {}, Form.JSON_1_0),
        ({"codelists": [{**LIST, "isPartialLanguage": True}]}, {}, Form.JSON_2_1),
        ({"contentConstraints": [LIST]}, {}, Form.JSON_1_0),
        ({"dataConstraints": [LIST]}, {}, Form.JSON_2_0),
        ({"dataConstraints": [LIST], "valueLists": [LIST]}, schema("1.0"), Form.JSON_2_0),
        ({"contentConstraints": [LIST]}, schema("2.0.0"), Form.JSON_1_0),
    ],
)
def test_the_version_is_the_one_named_unless_all_it_holds_is_of_another(
    data: dict[str, Any], around: dict[str, Any], form: Form
) -> None:
    assert json_message.read_message(message(data, **around))[1].form is form


@pytest.mark.parametrize("name", ["valueLists", "valuelists", "ValueLists"])
def test_lists_of_artefacts_are_known_however_their_name_is_capitalised(name: str) -> None:
    artefact, told = read({name: [LIST]})
    assert (type(artefact), told) == (ValueList, [])


def test_an_artefact_is_called_by_its_links_urn_when_it_does_not_say_who_it_is() -> None:
    urn = Urn(Kind.CODELIST, "A", "CL", "1.0")
    artefact, _ = read({"codelists": [{"name": "List", "links": [{"rel": "self", "urn": str(urn)}]}]})
    assert artefact.urn == urn


def test_where_an_artefact_is_described_is_said_by_the_link_to_itself() -> None:
    artefact = Codelist(
        agency="A", id="CL", names=Text.of(en="x"), uri="https://example.org/x", links=(Link("a", url="https://b"),)
    )
    for form in (Form.JSON_2_0, Form.JSON_2_1):
        data = write_structures([artefact], form, HEADER)
        links = json.loads(data)["data"]["codelists"][0]["links"]
        assert links[0] == {"rel": "self", "uri": "https://example.org/x", "urn": str(artefact.urn)}
        assert read_structures(data) == (artefact,)


def test_members_of_an_extension_are_told_and_nothing_is_refused_for_them() -> None:
    artefact, told = read(
        {"codelists": [{**LIST, "x-origin": {"a": 1}, "codes": [{"id": "A", "name": "A", "x-b": 1}]}]}
    )
    assert isinstance(artefact, Codelist)
    assert artefact["A"].id == "A"
    assert {what.partition(" ")[0] for what in told} == {"x-origin", "x-b"}


def test_lists_that_are_not_held_are_skipped_and_told() -> None:
    (artefact,), told = read_structures_reporting(
        message({"codelists": [LIST], "recipes": [{"id": "CAKE"}], "none": []})
    )
    assert artefact.id == "CL"
    assert [(problem.code, problem.what) for problem in told] == [("skipped-artefact", "recipes are not held")]


@pytest.mark.parametrize("version", ["1.0", "2.0.0", "2.1.0"])
@pytest.mark.parametrize("member", ["textFormat", "format"])
@pytest.mark.parametrize("word", ["textType", "dataType"])
def test_the_words_of_the_other_version_for_formats_are_understood(version: str, member: str, word: str) -> None:
    said = {"localRepresentation": {member: {word: "Integer"}}}
    measure = {"id": "M", "conceptIdentity": f"{CONCEPT}M", **said}
    lists = {"primaryMeasure": measure} if version == "1.0" else {"measures": [measure]}
    found, _ = structure(version, measureList={"id": "MeasureDescriptor", **lists})
    assert found.measures[0].representation == Representation(data_type=DataType.INTEGER)


def test_a_draft_of_2_0_with_the_lists_of_1_0_is_read_and_told() -> None:
    time = {
        "id": "TIME_PERIOD",
        "conceptIdentity": f"{CONCEPT}T",
        "localRepresentation": {"format": {"dataType": "GregorianYear"}},
    }
    found, told = structure(
        "2.0.0",
        dimensionList={
            "dimensions": [{"id": "D", "conceptIdentity": f"{CONCEPT}D"}],
            "timeDimensions": [time],
        },
        measureList={"primaryMeasure": {"id": "OBS_VALUE", "conceptIdentity": f"{CONCEPT}V"}},
    )
    assert [dimension.id for dimension in found.dimensions] == ["D", "TIME_PERIOD"]
    assert found.dimensions[1].is_time
    assert found.measures[0].id == "OBS_VALUE"
    assert any("timeDimensions" in what for what in told)
    assert any("primaryMeasure" in what for what in told)


@pytest.mark.parametrize(
    ("said", "expected", "is_told"),
    [
        ({"attributeRelationship": {"observation": {}}}, Attachment.OBSERVATION, False),
        ({"attributeRelationship": {"dataflow": {}}}, Attachment.DATASET, False),
        ({"attributeRelationship": {"none": {}}}, Attachment.DATASET, True),
        ({"attributeRelationship": {"primaryMeasure": "OBS_VALUE"}}, Attachment.OBSERVATION, False),
        ({"attributeRelationship": {"dimensions": ["D"]}}, Attachment.DIMENSIONS, False),
        ({}, Attachment.OBSERVATION, True),
    ],
)
def test_attribute_relationships_of_every_version(said: dict[str, Any], expected: Attachment, is_told: bool) -> None:
    attribute = {"id": "N", "conceptIdentity": f"{CONCEPT}N", **said}
    found, told = structure("2.0.0", attributeList={"id": "AttributeDescriptor", "attributes": [attribute]})
    assert found.attributes[0].relationship.attachment is expected
    assert bool(told) == is_told


@pytest.mark.parametrize(
    ("said", "expected", "is_told"),
    [
        (True, Cascade.YES, False),
        ("true", Cascade.YES, False),
        ("excluderoot", Cascade.EXCLUDE_ROOT, False),
        (False, Cascade.NO, False),
        ("sideways", None, True),
    ],
)
def test_cascading_values_are_read_as_a_word_or_a_truth_value(
    said: object, expected: Cascade | None, is_told: bool
) -> None:
    region = {"isIncluded": True, "keyValues": [{"id": "D", "values": [{"value": "A", "cascadeValues": said}]}]}
    artefact, told = read(
        {"dataConstraints": [{**LIST, "role": "Allowed", "cubeRegions": [region]}]}, **schema("2.0.0")
    )
    assert isinstance(artefact, DataConstraint)
    assert artefact.regions[0].keys[0].values[0].cascade is expected
    assert any("cascadeValues" in what for what in told) == is_told


HOSTILE = {
    "a message that is cut off": (b'{"data": {"codelists": [', "not-well-formed"),
    "a list": (b"[]", "not-well-formed"),
    "no number": (b'{"data": {"codelists": NaN}}', "not-well-formed"),
    "an endless number": (b'{"data": {"codelists": 1E+999999}}', "not-well-formed"),
    "another encoding": ('{"data": {"codelists": ["é"]}}'.encode("latin-1"), "wrong-encoding"),
    "a tower": (b'{"data": ' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b"}", "too-deep"),
    "a data message": (b'{"data": {"dataSets": []}, "structure": {}}', "not-a-structure-message"),
    "an artefact that is none": (message({"codelists": ["CL"]}), "wrong-value"),
    "an artefact without an id": (message({"codelists": [{"agencyID": "A"}]}), "no-identification"),
    "an id that is none": (message({"codelists": [{**LIST, "id": "é"}]}), "wrong-id"),
    "a code that is none": (message({"codelists": [{**LIST, "codes": [1]}]}), "wrong-value"),
    "a code without an id": (message({"codelists": [{**LIST, "codes": [{"name": "x"}]}]}), "no-identification"),
    "a component without a concept": (
        message(
            {"dataStructures": [{**LIST, "dataStructureComponents": {"dimensionList": {"dimensions": [{"id": "D"}]}}}]}
        ),
        "no-concept",
    ),
    "a reference to nothing": (message({"dataflows": [{**LIST, "structure": "here"}]}), "wrong-reference"),
}


@pytest.mark.parametrize(("data", "code"), HOSTILE.values(), ids=HOSTILE)
def test_what_must_not_be_read_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(MessageRejected) as caught:
        read_structures(data)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_message_of_2_1_names_the_schema_by_the_address_it_gives_itself() -> None:
    message = json.loads(write_structures(EVERYTHING, Form.JSON_2_1, HEADER))
    assert message["$schema"] == json_schema("2.1").schema["$id"]

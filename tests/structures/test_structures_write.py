"""What is written is valid against the official schema of its version, and says all the model says or is refused."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import etree
from structures_samples import (
    AGENCIES,
    CONCEPTS,
    EVERYTHING,
    FORMS,
    HEADER,
    SEX,
    STRUCTURE,
    TIME,
    VERSIONS,
    note,
    schema_errors,
)

from sdmx_gateway.errors import StructureError
from sdmx_gateway.structures import Header, read_structures, write_structures
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.model import (
    Annotation,
    Attachment,
    Code,
    Codelist,
    DataType,
    Group,
    Measure,
    Relationship,
    Representation,
    Text,
)

AWKWARD = 'l\'été « à 5\u00a0% » <&> "dit-on" ]]> \t– 𝄞 é e\u0301'


def elements(message: bytes, name: str) -> list[etree._Element]:
    return [e for e in etree.fromstring(message).iter() if etree.QName(e).localname == name]


def refusal(artefact: object, version: str) -> str:
    with pytest.raises(StructureError) as caught:
        write_structures([artefact], version, HEADER)  # type: ignore[list-item]
    return str(caught.value)


@pytest.mark.parametrize("form", FORMS)
def test_a_message_of_everything_is_valid(form: str) -> None:
    assert schema_errors(write_structures(EVERYTHING, form, HEADER), form) == []


@pytest.mark.parametrize("form", FORMS)
def test_every_selection_of_artefacts_in_any_order_is_valid(form: str) -> None:
    for count in range(3):
        for chosen in itertools.permutations(EVERYTHING, count):
            assert schema_errors(write_structures(chosen, form, HEADER), form) == []


@pytest.mark.parametrize("form", FORMS)
def test_the_same_artefacts_give_the_same_bytes(form: str) -> None:
    assert write_structures(EVERYTHING, form, HEADER) == write_structures([*EVERYTHING, SEX], form, HEADER)


@pytest.mark.parametrize("form", FORMS)
def test_what_a_name_holds_cannot_break_the_message(form: str) -> None:
    awkward = replace(
        SEX,
        names=Text.of(fr=AWKWARD),
        annotations=(Annotation(id=AWKWARD, type=AWKWARD, title=AWKWARD, text=Text.of(fr=AWKWARD)),),
        items=(Code(id="A", names=Text.of(fr=AWKWARD), descriptions=Text.of(fr="a\nb\r\nc")),),
    )
    message = write_structures([awkward], form, HEADER)
    assert schema_errors(message, form) == []
    assert read_structures(message) == (awkward,)


@pytest.mark.parametrize(
    ("character", "name"), [("\x0b", "LINE TABULATION"), ("\0", "NULL"), ("\x9d", ""), ("\ufffe", "U+FFFE")]
)
def test_a_character_xml_cannot_carry_is_refused_by_name(character: str, name: str) -> None:
    artefact = replace(SEX, items=(Code(id="M", names=Text.of(fr=f"Hom{character}mes")),))
    if not name:  # a C1 control: unlovely, and legal in XML 1.0
        assert read_structures(write_structures([artefact], "2.1", HEADER)) == (artefact,)
        return
    assert name in refusal(artefact, "2.1")
    assert "CL_SEX.M: names" in refusal(artefact, "3.0")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_parent_comes_before_what_lies_under_it(version: str) -> None:
    shuffled = replace(SEX, items=tuple(reversed(SEX.items)))
    message = write_structures([shuffled], version, HEADER)
    assert [e.get("id") for e in elements(message, "Code")] == ["_T", "F", "M"]


def test_a_parent_that_the_schema_of_3_0_refuses_is_carried_aside_and_comes_back() -> None:
    message = write_structures([SEX], "3.0", HEADER)
    assert schema_errors(message, "3.0") == []
    assert elements(message, "Parent") == []
    assert read_structures(message) == (SEX,)
    assert len(elements(write_structures([SEX], "3.1", HEADER), "Parent")) == 2


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        (
            "2.1",
            {"EDITION": ["None"], "TITLE": ["Group"], "UNIT": ["Dimension", "Dimension"], "STATUS": ["PrimaryMeasure"]},
        ),
        (
            "3.0",
            {
                "EDITION": ["Dataflow"],
                "TITLE": ["Group"],
                "UNIT": ["Dimension", "Dimension"],
                "STATUS": ["Observation"],
            },
        ),
        (
            "3.1",
            {
                "EDITION": ["Dataflow"],
                "TITLE": ["Group"],
                "UNIT": ["Dimension", "Dimension"],
                "STATUS": ["Observation"],
            },
        ),
    ],
)
def test_attribute_relationships_are_said_in_the_words_of_the_version(
    version: str, expected: dict[str, list[str]]
) -> None:
    message = write_structures([STRUCTURE], version, HEADER)
    said = {e.get("id"): [etree.QName(part).localname for part in e[-1]] for e in elements(message, "Attribute")}
    assert said == expected


@pytest.mark.parametrize(
    ("version", "usage"),
    [("2.1", ("assignmentStatus", "Mandatory")), ("3.0", ("usage", "mandatory")), ("3.1", ("usage", "mandatory"))],
)
def test_a_mandatory_attribute_is_said_so(version: str, usage: tuple[str, str]) -> None:
    (status,) = [
        e for e in elements(write_structures([STRUCTURE], version, HEADER), "Attribute") if e.get("id") == "STATUS"
    ]
    assert status.get(usage[0]) == usage[1]


def test_2_1_has_one_primary_measure() -> None:
    (measure,) = elements(write_structures([STRUCTURE], "2.1", HEADER), "MeasureList")[0]
    assert etree.QName(measure).localname == "PrimaryMeasure"
    assert measure.get("id") == "OBS_VALUE"


TWO = replace(
    STRUCTURE,
    measures=(*STRUCTURE.measures, Measure(id="RATE", concept=STRUCTURE.measures[0].concept, representation=TIME)),
)
MANY = replace(
    STRUCTURE,
    attributes=(
        replace(note("NOTES", Relationship(Attachment.OBSERVATION)), representation=Representation(max_occurs=None)),
        replace(note("THREE", Relationship(Attachment.OBSERVATION)), representation=Representation(max_occurs=3)),
    ),
)
NONE = replace(STRUCTURE, measures=(), attributes=())


@pytest.mark.parametrize("version", ["3.0", "3.1"])
@pytest.mark.parametrize("structure", [TWO, MANY, NONE])
def test_3_x_says_several_measures_none_and_several_values(structure: object, version: str) -> None:
    message = write_structures([structure], version, HEADER)  # type: ignore[list-item]
    assert schema_errors(message, version) == []
    assert read_structures(message) == (structure,)


def test_2_1_refuses_what_it_cannot_say_with_every_reason() -> None:
    assert "one measure, OBS_VALUE; this one has OBS_VALUE, RATE" in refusal(TWO, "2.1")
    assert "this one has none" in refusal(NONE, "2.1")
    text = refusal(MANY, "2.1")
    assert "NOTES: sdmx-ml-2.1 cannot say several values" in text
    assert "THREE: sdmx-ml-2.1 cannot say several values" in text


FREQ, _, TIME_DIMENSION = STRUCTURE.dimensions


@pytest.mark.parametrize(
    ("artefact", "reason"),
    [
        (replace(SEX, version="01.0"), "version 01.0 does not exist there"),
        (replace(SEX, id="4CL"), "id '4CL' is not an id (letters, digits, _ and -, a letter first)"),
        (replace(SEX, items=(Code(id="A"), Code(id="A"))), "listed more than once"),
        (replace(AGENCIES, version="1.1"), "always AGENCIES(1.0)"),
        (
            replace(STRUCTURE, dimensions=(FREQ, replace(TIME_DIMENSION, id="TIME"))),
            "TIME is the time dimension, which is always TIME_PERIOD",
        ),
        (
            replace(STRUCTURE, dimensions=(FREQ, replace(TIME_DIMENSION, representation=Representation()))),
            "TIME_PERIOD: values cannot be of the type String there",
        ),
        (
            replace(STRUCTURE, dimensions=(replace(FREQ, representation=Representation(max_occurs=None)),)),
            "FREQ: sdmx-ml-3.0 cannot say several values",
        ),
        (replace(STRUCTURE, dimensions=()), "no dimension"),
        (replace(STRUCTURE, dimensions=(replace(FREQ, concept=CONCEPTS.urn),)), "which is no such thing"),
        (replace(SEX, annotations=(Annotation(url="http://a#b#c"),)), "url 'http://a#b#c' is not an address"),
        (replace(SEX, names=Text((("french!", "Sexe"),))), "'french!', which is no language"),
        (replace(STRUCTURE, groups=(Group("SIBLING", ()),)), "SIBLING: a group is of dimensions"),
        (
            replace(
                STRUCTURE,
                attributes=(
                    replace(
                        note("A", Relationship(Attachment.DATASET)),
                        representation=Representation(SEX.urn, DataType.DOUBLE),
                    ),
                ),
            ),
            "A: values cannot be of the type Double there",
        ),
    ],
)
def test_what_no_version_can_say_is_refused(artefact: object, reason: str) -> None:
    assert reason in refusal(artefact, "3.0")


def test_a_draft_has_no_version_in_2_1() -> None:
    draft = replace(SEX, version="1.0.0-draft.2")
    assert "version 1.0.0-draft.2 does not exist there" in refusal(draft, "2.1")
    assert schema_errors(write_structures([draft], "3.1", HEADER), "3.1") == []


def test_an_unknown_version_is_refused_with_those_there_are() -> None:
    with pytest.raises(StructureError, match=r"one of sdmx-ml-2.1, sdmx-ml-3.0"):
        write_structures([], "2.0", HEADER)


def test_two_contents_under_one_name_are_refused() -> None:
    with pytest.raises(StructureError, match="one name"):
        write_structures([SEX, replace(SEX, items=())], "3.0", HEADER)


@pytest.mark.parametrize("version", VERSIONS)
def test_what_has_no_name_is_called_by_its_id(version: str) -> None:
    message = write_structures([Codelist(agency="MADE_UP", id="CL_A", items=(Code(id="X"),))], version, HEADER)
    assert schema_errors(message, version) == []
    assert [e.text for e in elements(message, "Name")] == ["CL_A", "X"]


@pytest.mark.parametrize(
    ("note_written", "titles"),
    [
        (Annotation(type="T", value="v"), ["v"]),
        (Annotation(type="T", title="t", value="v"), ["t", "v"]),
        (Annotation(type="T", title="t"), ["t"]),
    ],
)
def test_2_1_carries_the_value_of_an_annotation_as_a_title(note_written: Annotation, titles: list[str]) -> None:
    message = write_structures([replace(SEX, annotations=(note_written,), items=())], "2.1", HEADER)
    assert schema_errors(message, "2.1") == []
    assert [e.text for e in elements(message, "AnnotationTitle")] == titles


def test_the_header_says_who_and_when() -> None:
    header = Header(id="X", prepared=datetime(2026, 11, 24, 9, 12, tzinfo=UTC), sender="FR9")
    (element,) = elements(write_structures([], "3.0", header), "Header")
    assert [(etree.QName(e).localname, e.text or e.get("id")) for e in element] == [
        ("ID", "X"),
        ("Test", "false"),
        ("Prepared", "2026-11-24T09:12:00+00:00"),
        ("Sender", "FR9"),
    ]


def test_a_header_the_schema_would_refuse_is_refused() -> None:
    with pytest.raises(StructureError, match=r"id 'a b', sender 'é'"):
        write_structures([], "3.0", Header(id="a b", prepared=HEADER.prepared, sender="é"))


REFERENCES = {t for t in DataType if t.endswith("Reference")} | {DataType.KEY_VALUES}
"""The types of what metadata is about: no component of a data structure has them."""
NEW = {DataType.XHTML, DataType.GEOSPATIAL_INFORMATION}
"""Those attributes can have since SDMX 3.0."""


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("data_type", DataType)
def test_every_type_can_be_written_where_the_schema_has_it(data_type: DataType, form: Form) -> None:
    attribute = replace(
        note("A", Relationship(Attachment.OBSERVATION)), representation=Representation(data_type=data_type)
    )
    structure = replace(STRUCTURE, attributes=(attribute,))
    if data_type in REFERENCES or (data_type in NEW and form.is_of_2_1):
        assert "A: values cannot be of the type" in refusal(structure, form) or "geospatial" in refusal(structure, form)
        return
    message = write_structures([structure], form, HEADER)
    assert schema_errors(message, form) == []
    assert read_structures(message) == (structure,)

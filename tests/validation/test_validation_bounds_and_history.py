"""Bounds, completeness, and what changed since the previous release."""

from __future__ import annotations

from dataclasses import replace

import pytest
from validation_world import STRUCTURE, check, dataset, found, notices, rule, run_of

from sdmx_gateway.validation import completeness

PART_OF = rule("at_most", part={"OFFENCE": "HOMICIDE"}, whole={"OFFENCE": "_T"})
GRID = rule("complete_grid", dimensions=["REF_AREA", "OFFENCE"], severity="warning")
REVISION = rule("revision_at_most", percent=15, min_absolute=10, severity="warning")
WITHDRAWN = rule("withdrawn", by="OFFENCE", severity="warning")


def test_a_part_above_its_whole_is_found():
    report = check(dataset(("D1", "HOMICIDE", "2024", 5), ("D1", "_T", "2024", 4)), PART_OF)
    [finding] = found(report)
    assert finding.message == "OFFENCE=HOMICIDE = 5, more than OFFENCE=_T = 4, which it is part of"
    assert (finding.where.key, finding.value, finding.expected) == ("A.D1.HOMICIDE", "5", "4")


def test_a_part_equal_to_its_whole_is_allowed_and_so_is_the_tolerance():
    assert found(check(dataset(("D1", "HOMICIDE", "2024", 4), ("D1", "_T", "2024", 4)), PART_OF)) == []
    tolerant = rule("at_most", part={"OFFENCE": "HOMICIDE"}, whole={"OFFENCE": "_T"}, tolerance=5)
    assert found(check(dataset(("D1", "HOMICIDE", "2024", 9), ("D1", "_T", "2024", 4)), tolerant)) == []
    assert len(found(check(dataset(("D1", "HOMICIDE", "2024", 10), ("D1", "_T", "2024", 4)), tolerant))) == 1


def test_a_part_whose_whole_is_elsewhere_or_without_a_value_is_not_compared():
    data = dataset(
        ("D1", "HOMICIDE", "2024", 5),
        ("D2", "_T", "2024", 1),
        ("D2", "HOMICIDE", "2023", 5),
        ("D2", "_T", "2023", None),
    )
    report = check(data, PART_OF)
    assert found(report) == []
    assert (run_of(report).checked, run_of(report).skipped) == (0, 2)


def test_part_and_whole_may_be_told_by_several_dimensions():
    several = rule("at_most", part={"OFFENCE": "HOMICIDE", "REF_AREA": "D1"}, whole={"OFFENCE": "_T", "REF_AREA": "R1"})
    assert len(found(check(dataset(("D1", "HOMICIDE", "2024", 5), ("R1", "_T", "2024", 4)), several))) == 1


def test_a_negative_value_is_found_and_the_most_negative_comes_first():
    report = check(
        dataset(("D1", "HOMICIDE", "2023", -1), ("D1", "HOMICIDE", "2024", -7), ("D2", "HOMICIDE", "2024", 0)),
        rule("not_negative"),
    )
    assert [finding.value for finding in found(report)] == ["-7", "-1"]
    assert run_of(report).checked == 3


def test_absent_and_intentionally_missing_values_are_neither_negative_nor_checked():
    report = check(
        dataset({"OBS_VALUE": None}, {"OFFENCE": "ROBBERY", "OBS_VALUE": float("nan")}), rule("not_negative")
    )
    assert run_of(report).checked == 0
    assert notices(report) == ["nothing to check: no observation is concerned"]


# ------------------------------------------------------------------ completeness


def test_a_combination_that_is_missing_is_one_line_for_all_its_periods():
    years = [str(year) for year in range(2012, 2021)]
    data = dataset(
        *(
            (area, offence, year, 1)
            for area in ("D1", "D2")
            for offence in ("HOMICIDE", "ROBBERY")
            for year in years
            if (area, offence) != ("D2", "ROBBERY")
        )
    )
    report = check(data, GRID)
    [finding] = found(report)
    assert finding.message == "REF_AREA=D2 OFFENCE=ROBBERY is missing for 9 period(s), from 2012 to 2020"
    assert (finding.count, finding.where.key, finding.where.period) == (9, "*.D2.ROBBERY", None)
    assert (run_of(report).checked, run_of(report).failed) == (36, 9)


def test_an_observation_without_a_value_is_not_missing():
    data = dataset(("D1", "HOMICIDE", "2024", 1), ("D2", "HOMICIDE", "2024", None))
    assert found(check(data, GRID)) == []


def test_a_code_that_never_occurs_is_missed_only_when_the_whole_list_is_asked_for():
    data = dataset(("D1", "HOMICIDE", "2024", 1), ("D2", "HOMICIDE", "2024", 1))
    assert found(check(data, GRID)) == []
    listed = rule(
        "complete_grid",
        dimensions=["REF_AREA", "OFFENCE"],
        from_codelist=["REF_AREA"],
        only_for={"REF_AREA": ["D*"]},
        not_for={"REF_AREA": ["D9"]},
    )
    [finding] = found(check(data, listed))
    assert finding.where.key == "*.D3.HOMICIDE"
    assert finding.where.period == "2024"


def test_a_grid_too_large_to_build_is_not_built_and_the_report_says_so(monkeypatch):
    data = dataset(("D1", "HOMICIDE", "2024", 1), ("D2", "ROBBERY", "2024", 1))
    monkeypatch.setattr(completeness, "MAX_GRID", 4)
    assert run_of(check(data, GRID)).checked == 4
    monkeypatch.setattr(completeness, "MAX_GRID", 3)
    assert notices(check(data, GRID)) == ["nothing was checked: there are too many combinations"]


# ------------------------------------------------------------------ over time


@pytest.mark.parametrize(
    ("before", "after", "found_"),
    [
        (100, 115, False),
        (100, 116, True),
        (100, 84, True),
        (20, 29, False),
        (20, 30, True),
        (0, 9, False),
        (0, 10, True),
    ],
)
def test_a_revision_is_found_above_the_percentage_and_from_the_least_change_on(before, after, found_):
    previous, data = dataset(("D1", "HOMICIDE", "2020", before)), dataset(("D1", "HOMICIDE", "2020", after))
    assert bool(found(check(data, REVISION, previous=previous))) is found_


def test_a_revision_says_from_what_to_what_in_both_languages():
    previous, data = dataset(("D1", "HOMICIDE", "2020", 1200)), dataset(("D1", "HOMICIDE", "2020", 1501))
    [finding] = found(check(data, REVISION, previous=previous))
    assert finding.text.best("en") == "revised by +25.08 %: 1 200 → 1 501"
    assert finding.text.best("fr") == "révisé de +25,08 % : 1 200 → 1 501"
    assert (finding.level, finding.value, finding.expected) == (2, "1501", "1200")


def test_a_figure_where_there_was_none_is_no_revision():
    previous, data = (
        dataset(("D1", "HOMICIDE", "2020", None)),
        dataset(("D1", "HOMICIDE", "2020", 900), ("D1", "HOMICIDE", "2021", 5)),
    )
    assert run_of(check(data, REVISION, previous=previous)).checked == 0


def test_what_is_gone_is_counted_by_the_codes_of_a_dimension():
    previous = dataset(
        *(
            (area, offence, year, 1)
            for area in ("D1", "D2")
            for offence in ("HOMICIDE", "DRUGS")
            for year in ("2023", "2024")
        )
    )
    data = dataset(*((area, "HOMICIDE", year, 1) for area in ("D1", "D2") for year in ("2024", "2025")))
    report = check(data, WITHDRAWN, previous=previous)
    drugs, homicide = found(report)
    assert drugs.message == "4 observations of the previous release are gone for OFFENCE = DRUGS, from 2023 to 2024"
    assert (homicide.count, homicide.where.period, homicide.where.key) == (2, "2023", "*.*.HOMICIDE")
    assert (run_of(report).checked, run_of(report).failed, report.warnings) == (8, 6, 2)


@pytest.mark.parametrize("history", [REVISION, WITHDRAWN])
def test_the_first_release_has_nothing_to_be_compared_with_and_says_so(history):
    report = check(dataset({}), history)
    assert notices(report) == ["nothing to check: there is no previous release"]
    assert not report.blocking


@pytest.mark.parametrize("history", [REVISION, WITHDRAWN])
def test_a_previous_release_of_other_dimensions_is_not_compared_and_that_is_said(history):
    other = dataset({})
    fewer = replace(STRUCTURE, dimensions=(STRUCTURE.dimensions[0], *STRUCTURE.dimensions[2:]))
    previous = replace(other, structure=fewer, frame=other.frame.drop("REF_AREA"))
    assert notices(check(dataset({}), history, previous=previous)) == [
        "nothing to check: the previous release has other dimensions"
    ]

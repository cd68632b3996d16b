"""Rules as data: what a file may say, what it is told when it says something else, and whether it fits a structure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from validation_world import CATALOGUE, DATAFLOW, FLOW, NOW, STRUCTURE, check, dataset, problems_in, rule

from sdmx_gateway.errors import RulesRejected, UsageError
from sdmx_gateway.structures import Kind, Urn
from sdmx_gateway.structures.model import DataType, Representation
from sdmx_gateway.validation import Severity, check_rules, load_rules, validate
from sdmx_gateway.validation.rules import MODELS
from sdmx_gateway.validation.runner import CHECKS
from sdmx_gateway.validation.selection import codes_for, expression_of

SOUND = """
[[rule]]
id = "AREAS_ADD_UP"
dataflow = "TEST:CRIME(1.0)"
kind = "sum_along_hierarchy"
dimension = "REF_AREA"
severity = "error"
not_for = { OFFENCE = ["DRUGS"] }
because = "persons are counted once per territory"
name = { fr = "Les territoires s'additionnent", en = "Areas add up" }
"""


def write(folder, text, agency="TEST"):
    (folder / agency).mkdir(parents=True, exist_ok=True)
    (folder / agency / "rules.toml").write_text(text, encoding="utf-8")
    return folder


def test_every_kind_of_rule_has_a_model_and_a_check():
    assert MODELS.keys() == CHECKS.keys()


def test_rules_are_read_by_dataflow_in_the_order_they_are_written(tmp_path):
    write(tmp_path, SOUND + SOUND.replace("AREAS_ADD_UP", "SECOND"))
    write(tmp_path, SOUND.replace("TEST:CRIME(1.0)", "OTHER:FLOW"), agency="OTHER")
    rules = load_rules([tmp_path])
    assert [each.id for each in rules[Urn(Kind.DATAFLOW, "TEST", "CRIME", "1.0")]] == ["AREAS_ADD_UP", "SECOND"]
    assert [each.id for each in rules[Urn(Kind.DATAFLOW, "OTHER", "FLOW", "1.0")]] == ["AREAS_ADD_UP"]


def test_a_rule_says_itself_in_one_line(tmp_path):
    [read] = load_rules([write(tmp_path, SOUND)])[DATAFLOW.urn]
    assert read.expression == "each REF_AREA = sum of its nearest present descendants; not for OFFENCE in (DRUGS)"
    assert (read.severity, read.level, read.because[:7]) == (Severity.ERROR, 1, "persons")


@pytest.mark.parametrize(
    ("kind", "words", "formula"),
    [
        (
            "sum_at_least_along_hierarchy",
            {"dimension": "REF_AREA", "tolerance": 1},
            "each REF_AREA <= sum of its nearest present descendants ± 1",
        ),
        (
            "total_is_sum",
            {
                "dimension": "SEX",
                "total": "T",
                "parts": ["M", "F"],
                "optional_parts": ["UNK"],
                "excluded": ["X"],
                "rounded_to": 5,
            },
            "SEX: T = M + F + [UNK] without X ± 2.5 × (parts + 1)",
        ),
        ("at_most", {"part": {"A": "x"}, "whole": {"A": "y"}, "tolerance": 5}, "A=x <= A=y + 5"),
        ("complete_grid", {"dimensions": ["A", "B"], "from_codelist": ["A"]}, "all A × B complete for each period"),
        ("not_negative", {}, "value >= 0"),
        ("revision_at_most", {"percent": 15, "min_absolute": 10}, "|value - previous| <= 15 % of previous or < 10"),
        ("withdrawn", {"by": "A"}, "every observation of the previous release is present, by A"),
    ],
)
def test_the_formula_of_each_kind(kind, words, formula):
    assert rule(kind, **words).formula == formula


def test_no_folder_and_no_file_are_no_rules(tmp_path):
    assert load_rules([tmp_path, tmp_path / "absent"]) == {}


@pytest.mark.parametrize(
    ("right", "wrong", "code", "told"),
    [
        ("tolerance = 0", "tolerence = 0", "rule-unknown-word", "did you mean tolerance?"),
        (
            'kind = "sum_along_hierarchy"',
            'kind = "sum_along_hierarchie"',
            "rule-unknown-kind",
            "did you mean sum_along_hierarchy?",
        ),
        ('dimension = "REF_AREA"', "", "rule-missing-word", "dimension is missing"),
        ('kind = "sum_along_hierarchy"', "", "rule-missing-word", "write kind = one of at_most"),
        ('severity = "error"', 'severity = "fatal"', "rule-wrong-value", "'error', 'warning' or 'info'"),
        ('"TEST:CRIME(1.0)"', '"CRIME"', "rule-wrong-value", "AGENCY:ID(VERSION)"),
        ('"TEST:CRIME(1.0)"', "4", "rule-wrong-value", "dataflow"),
        (', en = "Areas add up"', "", "rule-wrong-value", "both languages"),
        ("name = { fr", "name = { de", "rule-wrong-value", "both languages"),
        ('["DRUGS"]', "[]", "rule-wrong-value", "no code is named for OFFENCE"),
        ("tolerance = 0", "tolerance = -1", "rule-wrong-value", "greater than or equal to 0"),
        ("tolerance = 0", "tolerance = inf", "rule-wrong-value", "finite"),
        ('id = "AREAS_ADD_UP"', 'id = "areas"', "rule-wrong-value", "pattern"),
        ("[[rule]]", "[[rules]]", "rule-unknown-word", "did you mean rule?"),
        ("[[rule]]", "[rule]", "rule-wrong-value", "write [[rule]]"),
        ("[[rule]]", "[[rule]", "rule-not-toml", "not TOML"),
    ],
)
def test_what_is_wrong_is_told_with_what_would_be_right(right, wrong, code, told):
    text = (SOUND + "tolerance = 0\n").replace(right, wrong)
    problems = problems_in(text)
    assert code in {problem.code for problem in problems}
    assert told in "\n".join(map(str, problems))


def test_every_problem_of_every_file_is_told_at_once_with_its_line(tmp_path):
    write(tmp_path, SOUND + SOUND.replace("severity", "sevirity").replace("kind =", "knd ="))
    write(tmp_path, SOUND.replace('dimension = "REF_AREA"', "tolerance = -1"), agency="OTHER")
    with pytest.raises(RulesRejected) as caught:
        load_rules([tmp_path])
    places = [(problem.where.row, problem.code) for problem in caught.value.problems]
    assert sorted(places) == [
        (2, "rule-missing-word"),
        (2, "rule-wrong-value"),
        (12, "rule-missing-word"),
        (12, "rule-unknown-word"),
        (12, "rule-unknown-word"),
    ]
    assert "did you mean severity?" in str(caught.value)
    assert "did you mean kind?" in str(caught.value)
    assert all("rules.toml" in (problem.where.file or "") for problem in caught.value.problems)


def test_a_rule_that_is_there_twice_is_refused_even_across_folders(tmp_path):
    first, second = write(tmp_path / "a", SOUND), write(tmp_path / "b", SOUND)
    with pytest.raises(RulesRejected, match="AREAS_ADD_UP is there twice for TEST:CRIME"):
        load_rules([first, second])


def test_the_same_name_for_two_dataflows_is_two_rules(tmp_path):
    assert len(load_rules([write(tmp_path, SOUND + SOUND.replace("CRIME", "OTHER"))])) == 2


def test_part_and_whole_must_speak_of_the_same_dimensions():
    with pytest.raises(ValueError, match="different dimensions"):
        rule("at_most", part={"OFFENCE": "HOMICIDE"}, whole={"REF_AREA": "F"})


def test_a_grid_cannot_take_the_whole_list_of_a_dimension_it_does_not_combine():
    with pytest.raises(ValueError, match="from_codelist"):
        rule("complete_grid", dimensions=["OFFENCE"], from_codelist=["REF_AREA"])


# ------------------------------------------------------------------ against the structure


@pytest.mark.parametrize(
    ("kind", "words", "code", "told"),
    [
        ("withdrawn", {"by": "OFFENSE"}, "rule-unknown-dimension", "did you mean OFFENCE?"),
        ("withdrawn", {"by": "OBS_STATUS"}, "rule-unknown-dimension", "OBS_STATUS"),
        ("not_negative", {"only_for": {"AREA": ["D1"]}}, "rule-unknown-dimension", "REF_AREA"),
        ("not_negative", {"not_for": {"OFFENCE": ["HOMICIDES"]}}, "rule-unknown-code", "did you mean HOMICIDE?"),
        ("not_negative", {"only_for": {"REF_AREA": ["C*"]}}, "rule-unknown-code", "like 'C*'"),
        ("total_is_sum", {"dimension": "OFFENCE", "total": "TOTAL", "parts": ["*"]}, "rule-unknown-code", "'TOTAL'"),
        ("at_most", {"part": {"OFFENCE": "THEFT"}, "whole": {"OFFENCE": "_T"}}, "rule-unknown-code", "'THEFT'"),
        ("sum_along_hierarchy", {"dimension": "OFFENCE"}, "rule-without-hierarchy", "no code list with parents"),
        ("sum_along_hierarchy", {"dimension": "TIME_PERIOD"}, "rule-without-hierarchy", "no code list with parents"),
        ("not_negative", {"dataflow": "TEST:OTHER(1.0)"}, "rule-of-another-dataflow", "TEST:OTHER(1.0)"),
    ],
)
def test_a_rule_that_speaks_of_what_is_not_there_is_refused_before_anything_is_checked(kind, words, code, told):
    with pytest.raises(RulesRejected) as caught:
        check(dataset({}), rule(kind, **words))
    assert [problem.code for problem in caught.value.problems] == [code]
    if code != "rule-unknown-code" or "C*" not in told:
        assert told in str(caught.value)


def test_every_rule_that_does_not_fit_is_told_at_once():
    wrong = [rule("withdrawn", by="A"), rule("withdrawn", by="B", id="SECOND")]
    assert len(check_rules(wrong, DATAFLOW.urn, structure=STRUCTURE, catalogue=CATALOGUE)) == 2


def test_rules_may_select_by_attributes_and_by_components_without_a_code_list():
    fine = rule("not_negative", only_for={"OBS_STATUS": ["A"], "TIME_PERIOD": ["201*"]})
    report = check(
        dataset({"TIME_PERIOD": "2015"}, {"TIME_PERIOD": "2024"}, {"TIME_PERIOD": "2016", "OBS_STATUS": "P"}), fine
    )
    assert report.checked[-1].checked == 1


def test_a_structure_without_a_numeric_measure_has_nothing_rules_could_check():
    texts = replace(STRUCTURE.measures[0], representation=Representation(data_type=DataType.STRING))
    problems = check_rules(
        [rule("not_negative")], DATAFLOW.urn, structure=replace(STRUCTURE, measures=(texts,)), catalogue=CATALOGUE
    )
    assert [problem.code for problem in problems] == ["rule-without-measure"]


def test_a_report_without_a_time_zone_is_refused():
    with pytest.raises(UsageError, match="time zone"):
        validate(dataset({}), CATALOGUE, [], now=datetime(2026, 11, 24))  # noqa: DTZ001


@given(st.text(alphabet="AB.+()[]|^$\\0-", max_size=6), st.text(alphabet="AB.+()[]|^$\\0-", max_size=6))
def test_nothing_but_the_star_is_special_in_a_pattern(pattern, code):
    assert bool(re.match(expression_of([pattern]), code)) is (pattern == code)


def test_codes_are_selected_by_both_words():
    chosen = rule("not_negative", only_for={"REF_AREA": ["D*", "F"]}, not_for={"REF_AREA": ["D9"]})
    assert codes_for(chosen, "REF_AREA", ["W", "F", "D1", "D9"]) == ["F", "D1"]
    assert codes_for(chosen, "OFFENCE", ["DRUGS"]) == ["DRUGS"]


def test_the_time_of_the_report_is_the_one_it_was_given():
    assert check(dataset({})).created == NOW
    assert DATAFLOW.urn.short == FLOW

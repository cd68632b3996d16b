"""What was published for good has not changed, and a version number says how much did."""

from __future__ import annotations

from dataclasses import replace

import pytest
from structures_samples import AGENCIES, SEX, STRUCTURE

from sdmx_gateway.errors import StructureError
from sdmx_gateway.structures import Catalogue
from sdmx_gateway.structures.comparison.immutability import is_frozen, violations
from sdmx_gateway.structures.model import Artefact, Code, Codelist, Text

STABLE = replace(SEX, version="1.2.3")
FINAL = replace(SEX, version="1.2", is_final=True)
MORE = (*SEX.items, Code(id="X", names=Text.of(en="Unknown")))


@pytest.mark.parametrize(
    ("artefact", "frozen"),
    [
        (STABLE, True),
        (FINAL, True),
        (SEX, False),
        (replace(SEX, version="0.9.0"), False),
        (replace(SEX, version="2.0.0-draft"), False),
        (replace(AGENCIES, is_final=True), False),
    ],
)
def test_a_stable_version_and_a_final_artefact_never_change_and_drafts_and_models_may(
    artefact: Artefact, frozen: bool
) -> None:
    assert is_frozen(artefact) is frozen


@pytest.mark.parametrize(
    ("items", "wanted"),
    [
        (MORE, "1.3.0 (MINOR: code X added)"),
        (SEX.items[:2], "2.0.0 (MAJOR: code F removed)"),
        (
            (*SEX.items[:2], replace(SEX["F"], names=Text.of(fr="Filles", en="Women"))),
            "1.2.4 (PATCH: code F: name (fr)",
        ),
    ],
)
def test_a_stable_list_that_changed_is_told_with_the_version_it_should_have_had(
    items: tuple[Code, ...], wanted: str
) -> None:
    (problem,) = violations([STABLE], [replace(STABLE, items=items)])
    assert problem.code == "changed-stable"
    assert problem.where.key == str(STABLE.urn)
    assert "code" in problem.what
    assert "§14.2" in problem.why
    assert problem.remedy.startswith(f"give the change version {wanted}")
    assert "keep 1.2.3 as it was" in problem.remedy


def test_a_final_list_of_two_numbers_gets_the_next_second_one() -> None:
    (problem,) = violations([FINAL], [replace(FINAL, items=MORE)])
    assert problem.value == "1.3"
    assert "isFinal" in problem.why


def test_what_is_final_stays_final() -> None:
    (problem,) = violations([FINAL], [replace(FINAL, is_final=False)])
    assert "final yes → no" in problem.what


def test_whether_a_stable_version_is_called_final_too_says_nothing() -> None:
    assert violations([STABLE], [replace(STABLE, is_final=True)]) == ()


def test_a_stable_artefact_that_is_gone_is_told() -> None:
    (problem,) = violations([STABLE, SEX], [])
    assert problem.code == "removed-stable"
    assert "valid_to" in problem.remedy


def test_what_may_change_may_change_and_go() -> None:
    assert violations([SEX], [replace(SEX, items=MORE)]) == ()
    assert violations([SEX, AGENCIES], []) == ()


def test_a_draft_that_becomes_stable_is_no_breach() -> None:
    assert violations([replace(SEX, version="1.0.0-draft")], [replace(SEX, version="1.0.0", items=MORE)]) == ()


def test_a_part_of_a_list_and_a_stub_prove_nothing() -> None:
    part = replace(STABLE, items=SEX.items[:1], is_partial=True)
    stub = replace(STABLE, items=(), is_external_reference=True)
    assert violations([part, stub], [STABLE]) == ()


@pytest.mark.parametrize(
    ("version", "problems"),
    [("1.2.4", ["understated-version"]), ("1.3.0", ["understated-version"]), ("2.0.0", []), ("1.2.4-draft", [])],
)
def test_a_new_version_that_says_less_than_what_changed_is_told(version: str, problems: list[str]) -> None:
    new = replace(STABLE, version=version, items=SEX.items[:2])
    found = violations([STABLE], [STABLE, new])
    assert [problem.code for problem in found] == problems
    assert all(problem.value == "2.0.0" for problem in found)


def test_a_catalogue_refuses_another_content_under_a_stable_name_and_says_which_version_it_needs() -> None:
    held = Catalogue.of([STABLE, STRUCTURE])
    with pytest.raises(StructureError) as caught:
        held.merged([replace(STABLE, items=MORE)])
    assert "different artefacts have one name" in caught.value.what
    assert "code X added" in caught.value.why
    assert "1.3.0 (MINOR" in caught.value.remedy


def test_a_catalogue_that_is_given_two_drafts_of_one_name_says_what_differs() -> None:
    with pytest.raises(StructureError) as caught:
        Catalogue.of([SEX, replace(SEX, items=MORE)])
    assert "code X added" in caught.value.why
    assert "another version" in caught.value.remedy


def test_every_breach_is_told_at_once() -> None:
    other = Codelist(agency="MADE_UP", id="CL_OTHER", version="1.0.0", names=Text.of(en="Other"))
    problems = violations([STABLE, FINAL, other], [replace(STABLE, items=MORE), replace(FINAL, items=MORE)])
    assert [problem.code for problem in problems] == ["changed-stable", "changed-stable", "removed-stable"]

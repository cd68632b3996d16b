"""The catalogue: what is held is found, what is not is told with the nearest that is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from structures_samples import AGENCIES, CONCEPTS, EVERYTHING, FLOW, SEX, STRUCTURE, note

from sdmx_gateway.errors import StructureError, UnknownArtefact
from sdmx_gateway.structures import Catalogue, Kind, Urn
from sdmx_gateway.structures.model import (
    Attachment,
    Code,
    Codelist,
    Concept,
    Group,
    Relationship,
    Representation,
    Text,
)

HELD = Catalogue.of(EVERYTHING)


def named(list_id: str, version: str = "1.0", agency: str = "MADE_UP") -> Codelist:
    return Codelist(agency=agency, id=list_id, version=version, names=Text.of(en=list_id))


def codes(catalogue: Catalogue) -> list[str]:
    return [problem.code for problem in catalogue.check()]


def test_every_artefact_is_found_by_its_urn() -> None:
    assert len(HELD) == 5
    assert all(HELD.get(artefact.urn) is artefact for artefact in HELD)
    assert HELD.codelist(SEX.urn) is SEX
    assert HELD.concept_scheme(CONCEPTS.urn) is CONCEPTS
    assert HELD.structure_of(HELD.dataflow(FLOW.urn)) is STRUCTURE
    assert SEX.urn in HELD
    assert Urn(Kind.CODELIST, "MADE_UP", "CL_SEX", "1.0", "M") in HELD


def test_an_item_is_found_in_its_scheme() -> None:
    assert HELD.get(Urn(Kind.CODELIST, "MADE_UP", "CL_SEX", "1.0", "M")) is SEX


def test_an_unknown_name_is_refused_with_the_nearest_ones() -> None:
    with pytest.raises(UnknownArtefact, match=r"CL_SEXE\(1.0\) is held[\s\S]*MADE_UP:CL_SEX\(1.0\)"):
        HELD.codelist(Urn(Kind.CODELIST, "MADE_UP", "CL_SEXE", "1.0"))


def test_a_structure_is_not_taken_for_a_code_list() -> None:
    with pytest.raises(UnknownArtefact, match="is a DataStructure, not a Codelist"):
        HELD.codelist(STRUCTURE.urn)


def test_one_name_for_two_contents_is_refused_and_the_same_twice_is_held_once() -> None:
    assert len(Catalogue.of([SEX, SEX])) == 1
    with pytest.raises(StructureError, match="different artefacts have one name"):
        HELD.merged([replace(SEX, items=())])


def test_merging_makes_another_catalogue() -> None:
    more = HELD.merged([named("CL_AGE")])
    assert (len(HELD), len(more)) == (5, 6)


VERSIONED = Catalogue.of([named("CL_A", v) for v in ("1.9", "1.10", "2.0.0-draft")] + [named("CL_B", agency="OTHER")])


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ({}, ["CL_A 1.9", "CL_A 1.10", "CL_A 2.0.0-draft", "CL_B 1.0"]),
        ({"id": "CL_B"}, ["CL_B 1.0"]),
        ({"agency": "MADE_UP,OTHER", "version": "1.0,1.9"}, ["CL_A 1.9", "CL_B 1.0"]),
        ({"version": "latest"}, ["CL_A 2.0.0-draft", "CL_B 1.0"]),
        ({"version": "~"}, ["CL_A 2.0.0-draft", "CL_B 1.0"]),
        ({"version": "+"}, ["CL_A 1.10", "CL_B 1.0"]),
        ({"id": "CL_A", "version": "1.9,latest"}, ["CL_A 1.9", "CL_A 2.0.0-draft"]),
        ({"kind": Kind.DATAFLOW}, []),
        ({"agency": "NOBODY"}, []),
    ],
)
def test_finding_understands_the_words_of_sdmx_rest(words: dict[str, str], found: list[str]) -> None:
    assert [f"{a.id} {a.version}" for a in VERSIONED.find(**words)] == found  # type: ignore[arg-type]


def test_references_are_followed_both_ways() -> None:
    assert HELD.children(FLOW) == (STRUCTURE,)
    assert HELD.children(STRUCTURE) == (CONCEPTS, SEX)
    assert HELD.descendants(FLOW) == (STRUCTURE, CONCEPTS, SEX)
    assert HELD.parents(STRUCTURE) == (FLOW,)
    assert HELD.parents(SEX) == (CONCEPTS, STRUCTURE)
    assert HELD.parents(FLOW) == HELD.children(AGENCIES) == ()


def test_a_code_has_the_name_of_the_first_language_it_is_in() -> None:
    sex = STRUCTURE.components["SEX"]
    assert HELD.codelist_of(sex) is SEX
    assert HELD.name_of(sex, "F", "fr", "en") == "Femmes"
    assert HELD.name_of(sex, "F", "de") == "Femmes"
    assert HELD.name_of(sex, "X", "fr") == "X"
    assert HELD.name_of(STRUCTURE.components["STATUS"], "A") == "A"
    assert HELD.concept_of(sex) == CONCEPTS["SEX"]


def test_without_its_list_a_component_keeps_its_codes_and_says_what_is_missing() -> None:
    poor, sex = Catalogue.of([STRUCTURE]), STRUCTURE.components["SEX"]
    assert poor.name_of(sex, "F", "fr") == "F"
    assert poor.concept_of(sex) is None
    assert poor.codelist_of(STRUCTURE.components["FREQ"]) is None
    with pytest.raises(UnknownArtefact):
        poor.codelist_of(sex)


def test_what_holds_together_has_no_problem() -> None:
    assert HELD.check() == ()


def test_a_reference_to_nothing_is_told_once_with_the_nearest() -> None:
    problems = Catalogue.of([*(a for a in EVERYTHING if a is not SEX), named("CL_SEXE")]).check()
    assert [problem.code for problem in problems] == ["unresolved-reference"] * 2
    assert problems[0].where.key == str(CONCEPTS.urn)
    assert "CL_SEXE" in problems[0].remedy


def test_a_concept_that_its_scheme_lost_is_told() -> None:
    fewer = replace(CONCEPTS, items=CONCEPTS.items[:-1])
    assert codes(Catalogue.of([AGENCIES, SEX, fewer, STRUCTURE])) == ["unresolved-reference"]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ((Code(id="A", names=Text.of(en="A")), Code(id="A", names=Text.of(en="B"))), ["duplicate-item"]),
        ((Code(id="A", names=Text.of(en="A"), parent="B"),), ["orphan-item"]),
        (
            (Code(id="A", parent="C"), Code(id="B", parent="A"), Code(id="C", parent="B"), Code(id="D", parent="A")),
            ["parent-cycle"],
        ),
        ((Code(id="A", parent="A"),), ["parent-cycle"]),
        ((Code(id="é"),), ["wrong-id"]),
    ],
)
def test_a_list_that_is_no_tree_is_told(items: tuple[Code, ...], expected: list[str]) -> None:
    assert codes(Catalogue.of([replace(named("CL_A"), items=items)])) == expected


def test_a_partial_list_may_lack_parents() -> None:
    assert codes(Catalogue.of([replace(named("CL_A"), items=(Code(id="A", parent="B"),), is_partial=True)])) == []


FREQ, SEX_DIMENSION, TIME_DIMENSION = STRUCTURE.dimensions


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"dimensions": (TIME_DIMENSION, FREQ, SEX_DIMENSION)}, {"misplaced-time"}),
        ({"dimensions": ()}, {"no-dimension", "unresolved-reference"}),
        ({"dimensions": (FREQ, FREQ, SEX_DIMENSION, TIME_DIMENSION)}, {"duplicate-component"}),
        ({"groups": ()}, {"unresolved-reference"}),
        ({"groups": (Group("SIBLING", ("AGE",)),)}, {"unresolved-reference"}),
        (
            {"attributes": (note("A", Relationship(Attachment.DIMENSIONS, dimensions=("AGE",))),)},
            {"unresolved-reference"},
        ),
        ({"attributes": (note("A", Relationship(Attachment.DIMENSIONS)),)}, {"no-dimension"}),
        ({"attributes": (note("4001", Relationship(Attachment.DATASET)),)}, {"wrong-id"}),
        ({"names": Text()}, {"missing-name"}),
    ],
)
def test_a_structure_that_can_hold_no_data_is_told(change: dict[str, object], expected: set[str]) -> None:
    broken = replace(STRUCTURE, **change)  # type: ignore[arg-type]
    assert set(codes(Catalogue.of([AGENCIES, SEX, CONCEPTS, broken]))) == expected


def test_concepts_that_refer_to_lists_are_parents_of_them() -> None:
    scheme = replace(
        CONCEPTS, items=(Concept(id="X", names=Text.of(en="X"), representation=Representation(codelist=SEX.urn)),)
    )
    assert Catalogue.of([SEX, scheme]).parents(SEX) == (scheme,)

"""Which artefacts a structure query means."""

from __future__ import annotations

import pytest
from rest_kinds import CHECKED, EXTENDING, KINDS, THEMES
from rest_samples import AGENCY, CATALOGUE, CODELISTS, FLOW, OTHER_FLOW, SCHEME, STRUCTURE

from sdmx_gateway.rest import StructureQuery, parse, resolve
from sdmx_gateway.rest.resources import HELD_V1, HELD_V2, RESOURCES
from sdmx_gateway.structures import Catalogue, Urn
from sdmx_gateway.structures.model import (
    Artefact,
    CategoryScheme,
    Codelist,
    ConceptScheme,
    Kind,
    Maintainable,
    Role,
    ValueList,
)

CL = [codelist.id for codelist in CODELISTS.values()]


def names(target: str) -> set[str]:
    query = parse("v2", target)
    assert isinstance(query, StructureQuery)
    artefacts = resolve(CATALOGUE, query).artefacts
    assert len({artefact.urn for artefact in artefacts}) == len(artefacts)
    return {f"{artefact.KIND.value}={artefact.id}" for artefact in artefacts}


FLOWS = {f"Dataflow={FLOW.id}", f"Dataflow={OTHER_FLOW.id}"}
DSD = {f"DataStructure={STRUCTURE.id}"}
LISTS = {f"Codelist={name}" for name in CL}
CONCEPTS = {f"ConceptScheme={SCHEME.id}"}


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("structure/dataflow", FLOWS),
        ("structure/dataflow/*/CRIME", {"Dataflow=CRIME"}),
        ("structure/dataflow/ESTAT", set()),
        ("structure/*/*/CRIME,CL_FREQ", {"Dataflow=CRIME", "DataStructure=CRIME", "Codelist=CL_FREQ"}),
        ("structure/dataflow/*/CRIME?references=children", {"Dataflow=CRIME"} | DSD),
        ("structure/dataflow/*/CRIME?references=descendants", {"Dataflow=CRIME"} | DSD | LISTS | CONCEPTS),
        ("structure/datastructure?references=parents", FLOWS | DSD),
        ("structure/datastructure?references=children", DSD | LISTS | CONCEPTS),
        ("structure/codelist/*/CL_FREQ?references=parents", {"Codelist=CL_FREQ"} | DSD),
        ("structure/codelist/*/CL_FREQ?references=ancestors", {"Codelist=CL_FREQ"} | DSD | FLOWS),
        ("structure/codelist/*/CL_FREQ?references=parentsandsiblings", DSD | LISTS | CONCEPTS),
        ("structure/dataflow/*/CRIME?references=all", {"Dataflow=CRIME"} | DSD | LISTS | CONCEPTS),
        ("structure/datastructure?references=all", FLOWS | DSD | LISTS | CONCEPTS),
        ("structure/dataflow/*/CRIME?references=codelist", {"Dataflow=CRIME"} | LISTS),
        ("structure/dataflow/*/CRIME?references=children,conceptscheme", {"Dataflow=CRIME"} | DSD | CONCEPTS),
        ("structure/codelist/*/CL_FREQ?references=dataflow", {"Codelist=CL_FREQ"} | FLOWS),
        ("structure/dataflow/*/CRIME?references=hierarchy", {"Dataflow=CRIME"}),
    ],
)
def test_references_bring(target: str, expected: set[str]) -> None:
    assert names(target) == expected


def test_a_list_asked_for_in_part_says_it_is_partial_and_loses_parents_that_are_not_there() -> None:
    query = parse("v1", f"codelist/{AGENCY}/CL_REF_AREA/1.0/D93+NOWHERE")
    assert isinstance(query, StructureQuery)
    (part,) = resolve(CATALOGUE, query).artefacts
    assert isinstance(part, Codelist)
    assert part.is_partial
    assert [(item.id, item.parent) for item in part.items] == [("D93", None)]


def test_parents_that_are_asked_for_too_stay() -> None:
    query = parse("v1", f"codelist/{AGENCY}/CL_REF_AREA/1.0/D93+FR")
    assert isinstance(query, StructureQuery)
    (part,) = resolve(CATALOGUE, query).artefacts
    assert isinstance(part, Codelist)
    assert [(item.id, item.parent) for item in part.items] == [("FR", None), ("D93", "FR")]


def test_a_list_asked_for_whole_item_by_item_is_whole() -> None:
    query = parse("v1", f"codelist/{AGENCY}/CL_REF_AREA/1.0/D93+FR+D75")
    assert isinstance(query, StructureQuery)
    assert resolve(CATALOGUE, query).artefacts == (CODELISTS["REF_AREA"],)


def answered(version: str, target: str, catalogue: Catalogue = KINDS) -> dict[str, Artefact]:
    query = parse(version, target)
    assert isinstance(query, StructureQuery)
    return {f"{a.KIND.value}={a.id}": a for a in resolve(catalogue, query).artefacts}


def urns(version: str, target: str) -> set[Urn]:
    query = parse(version, target)
    assert isinstance(query, StructureQuery)
    return {a.urn for a in resolve(KINDS, query).artefacts}


@pytest.mark.parametrize("resource", sorted(HELD_V2))
def test_every_resource_of_the_newer_grammar_gives_its_kinds(resource: str) -> None:
    expected = {a.urn for a in KINDS if a.KIND in RESOURCES[resource].kinds}
    assert urns("v2", f"structure/{resource}/*/*/*") == expected
    assert expected


@pytest.mark.parametrize("resource", sorted(HELD_V1))
def test_every_resource_of_the_older_grammar_gives_its_kinds_and_what_they_are_called_today(resource: str) -> None:
    wanted = RESOURCES[resource]
    expected = {
        a.urn
        for a in KINDS
        if a.KIND in wanted.kinds and (wanted.role is None or getattr(a, "role", None) is wanted.role)
    }
    assert urns("v1", f"{resource}/all/all/all") == expected
    assert expected


def test_what_is_allowed_and_what_there_is_are_asked_for_apart() -> None:
    for resource, role in (("allowedconstraint", Role.ALLOWED), ("actualconstraint", Role.ACTUAL)):
        given = answered("v1", resource)
        assert given
        assert all(getattr(a, "role", None) is role for a in given.values())


def test_any_structure_means_every_kind_but_reference_metadata_itself() -> None:
    everything = {a.KIND for a in answered("v2", "structure/*/*/*/*").values()}
    assert everything == {a.KIND for a in KINDS} - {Kind.METADATA_SET}
    assert {a.KIND for a in answered("v1", "structure/all/all/all").values()} == everything


def test_a_nested_category_comes_with_those_it_lies_under_and_without_those_below() -> None:
    given = answered("v2", f"structure/categoryscheme/{AGENCY}/THEMES/1.0/JUSTICE.CRIME")
    scheme = given["CategoryScheme=THEMES"]
    assert isinstance(scheme, CategoryScheme)
    assert scheme.is_partial
    (justice,) = scheme.categories
    assert [(c.id, c.categories) for c in justice.categories] == [("CRIME", ())]


def test_what_refers_to_an_item_is_what_refers_to_that_item() -> None:
    path = f"{AGENCY}/THEMES/1.0"
    assert "Categorisation=CRIME_THEME" in answered(
        "v2", f"structure/categoryscheme/{path}/JUSTICE.CRIME?references=categorisation"
    )
    others = answered("v2", f"structure/categoryscheme/{path}/MIGRATION?references=categorisation")
    assert set(others) == {"CategoryScheme=THEMES"}


def test_an_item_there_is_not_is_no_answer() -> None:
    assert answered("v2", f"structure/codelist/{AGENCY}/CL_FREQ/1.0/NOWHERE", CATALOGUE) == {}
    assert answered("v2", f"structure/categoryscheme/{AGENCY}/THEMES/1.0/NOWHERE") == {}


def test_a_value_is_asked_for_by_any_text() -> None:
    given = answered("v2", f"structure/valuelist/{AGENCY}/VL_SIGN/1.0/%E2%82%AC")
    values = given["ValueList=VL_SIGN"]
    assert isinstance(values, ValueList)
    assert [value.id for value in values.items] == ["€"]


@pytest.mark.parametrize("detail", ["full", "referencestubs", "referencepartial", "referencecompletestubs"])
def test_a_list_that_extends_others_comes_with_every_code_and_without_them(detail: str) -> None:
    given = answered("v2", f"structure/codelist/{AGENCY}/CL_EXTENDING?references=descendants&detail={detail}")
    codelist = given["Codelist=CL_EXTENDING"]
    assert isinstance(codelist, Codelist)
    assert ([code.id for code in codelist.items], codelist.extensions) == (["A_FR", "A_D75", "A_D93"], ())
    assert set(given) == {"Codelist=CL_EXTENDING", "AgencyScheme=AGENCIES"}


def test_raw_is_as_it_is_held_with_what_it_extends() -> None:
    given = answered("v2", f"structure/codelist/{AGENCY}/CL_EXTENDING?references=descendants&detail=raw")
    assert given["Codelist=CL_EXTENDING"] is EXTENDING
    assert "Codelist=CL_REF_AREA" in given


def test_an_item_a_list_only_takes_from_another_is_there() -> None:
    given = answered("v2", f"structure/codelist/{AGENCY}/CL_EXTENDING/1.0/A_D93")
    codelist = given["Codelist=CL_EXTENDING"]
    assert isinstance(codelist, Codelist)
    assert [code.id for code in codelist.items] == ["A_D93"]


FLOW_TARGET = f"structure/dataflow/{AGENCY}/CRIME?references=all&detail="


@pytest.mark.parametrize(
    ("detail", "matched_is_stub", "others_are_stubs", "described"),
    [
        ("full", False, False, True),
        ("allstubs", True, True, False),
        ("referencestubs", False, True, False),
        ("allcompletestubs", True, True, True),
        ("referencecompletestubs", False, True, True),
        ("referencepartial", False, False, True),
    ],
)
def test_detail_says_what_is_given_of_what_was_asked_for_and_of_what_is_beside_it(
    detail: str, matched_is_stub: bool, others_are_stubs: bool, described: bool
) -> None:
    given = answered("v2", FLOW_TARGET + detail)
    flow, scheme = given[f"Dataflow={FLOW.id}"], given[f"ConceptScheme={SCHEME.id}"]
    assert flow.is_external_reference is matched_is_stub
    assert scheme.is_external_reference is others_are_stubs
    assert isinstance(scheme, ConceptScheme)
    assert bool(scheme.items) is not others_are_stubs
    assert bool(scheme.descriptions) is described


def test_partial_references_are_the_codes_constraints_leave() -> None:
    given = answered("v2", FLOW_TARGET + "referencepartial")
    offences = given["Codelist=CL_OFFENCE"]
    assert isinstance(offences, Codelist)
    assert offences.is_partial
    assert [code.id for code in offences.items] == ["ROBBERY"]
    areas = given["Codelist=CL_REF_AREA"]
    assert isinstance(areas, Codelist)
    assert not areas.is_partial


FIRST_LEVEL: dict[str, set[str]] = {
    "agencyscheme": {"All"},
    "categorisation": {"Dataflow", "CategoryScheme", "AgencyScheme"},
    "categoryscheme": {"AgencyScheme", "Categorisation"},
    "dataconstraint": {"AgencyScheme", "Dataflow"},
    "dataflow": {"AgencyScheme", "Categorisation", "DataConstraint", "DataStructure", "ProvisionAgreement"},
    "datastructure": {"AgencyScheme", "Codelist", "ConceptScheme", "Dataflow"},
    "dataproviderscheme": {"AgencyScheme", "ProvisionAgreement"},
    "hierarchy": {"AgencyScheme", "Codelist", "HierarchyAssociation"},
    "provisionagreement": {"AgencyScheme", "Dataflow", "DataProviderScheme"},
    "representationmap": {"AgencyScheme", "Codelist", "StructureMap"},
    "structuremap": {"AgencyScheme", "DataStructure", "Dataflow", "RepresentationMap"},
    "transformationscheme": {"AgencyScheme", "RulesetScheme"},
}


@pytest.mark.parametrize(("resource", "expected"), FIRST_LEVEL.items())
def test_what_is_one_step_away_is_what_the_standard_lists(resource: str, expected: set[str]) -> None:
    kinds = RESOURCES[resource].kinds
    given = answered("v2", f"structure/{resource}?references=children,parents")
    found = {a.KIND.value for a in given.values() if a.KIND not in kinds}
    assert found >= (expected - {"All"})
    if "All" in expected:
        assert len(found) > 20


def test_the_samples_hold_together_and_every_kind_is_among_them() -> None:
    assert CHECKED == ()
    made = {of.KIND for of in _subclasses(Maintainable) if "KIND" in vars(of)}
    assert {a.KIND for a in KINDS} == made
    assert THEMES.urn in KINDS


def _subclasses(of: type[Maintainable]) -> list[type[Maintainable]]:
    return [each for sub in of.__subclasses__() for each in (sub, *_subclasses(sub))]


@pytest.mark.parametrize(
    ("word", "found"),
    [("~", ["2.0.0-draft"]), ("+", ["1.1.0"]), ("*", ["1.0.0", "1.1.0", "2.0.0-draft"]), ("1.0+.0", ["1.1.0"]),
     ("1.0.0,2.~.0", ["1.0.0", "2.0.0-draft"]), ("2+.0.0", [])],
)  # fmt: skip
def test_versions_are_asked_for_in_every_way(word: str, found: list[str]) -> None:
    query = parse("v2", f"structure/categoryscheme/{AGENCY}/VERSIONED/{word}")
    assert isinstance(query, StructureQuery)
    assert [a.version for a in resolve(KINDS, query).matched] == found

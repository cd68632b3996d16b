"""How much of an artefact is given: stubs, and item schemes with the items that are used."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from structures_samples import AGENCIES, CONCEPTS, EVERYTHING, FLOW, SEX, STRUCTURE

from sdmx_gateway.structures import Catalogue
from sdmx_gateway.structures.detail import OF_MATCHED, OF_REFERENCED, Detail, complete_stub, stub
from sdmx_gateway.structures.model import (
    Agency,
    Artefact,
    Categorisation,
    Category,
    CategoryScheme,
    Codelist,
    ConceptScheme,
    ConstraintAttachment,
    CubeRegion,
    DataConstraint,
    DataProvider,
    DataProviderScheme,
    HierarchicalCode,
    Hierarchy,
    MappedSpace,
    MappedValue,
    MemberSelection,
    ProvisionAgreement,
    RepresentationMap,
    SelectedValue,
    Text,
    ValueMapping,
)
from sdmx_gateway.structures.partial import partial

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def test_a_stub_is_a_name_and_nothing_else() -> None:
    short = stub(SEX)
    assert (short.urn, short.names, short.items, short.is_external_reference) == (SEX.urn, SEX.names, (), True)
    assert (short.descriptions, short.annotations) == (Text(), ())


def test_a_complete_stub_is_everything_but_what_it_holds() -> None:
    whole = complete_stub(SEX)
    assert (whole.descriptions, whole.annotations, whole.items) == (SEX.descriptions, SEX.annotations, ())


@pytest.mark.parametrize("detail", Detail)
def test_what_is_asked_for_is_a_stub_only_when_everything_is(detail: Detail) -> None:
    assert (detail in OF_MATCHED) is detail.value.startswith("all")
    assert (detail in OF_REFERENCED) is ("stubs" in detail.value)


ALLOWED = DataConstraint(
    agency="MADE_UP",
    id="CC",
    names=Text.of(en="Allowed"),
    attachment=ConstraintAttachment(artefacts=(FLOW.urn,)),
    regions=(CubeRegion(keys=(MemberSelection(component="SEX", values=(SelectedValue("F"),)),)),),
)
HELD = Catalogue.of([*EVERYTHING, ALLOWED])


def part(held: Catalogue, matched: tuple[Artefact, ...], *beside: Artefact) -> dict[str, Artefact]:
    return {artefact.id: artefact for artefact in partial(held, matched, beside, NOW)}


def ids(artefact: Artefact) -> list[str]:
    assert isinstance(artefact, Codelist | ConceptScheme | DataProviderScheme | type(AGENCIES))
    return [item.id for item in artefact.items]


def test_lists_of_a_flow_have_the_codes_its_constraints_leave_and_say_that_they_are_partial() -> None:
    given = part(HELD, (FLOW,), STRUCTURE, SEX, CONCEPTS)
    sex = given["CL_SEX"]
    assert isinstance(sex, Codelist)
    assert [(code.id, code.parent) for code in sex.items] == [("F", None)]
    assert sex.is_partial
    assert given["CRIME"] is STRUCTURE


def test_a_constraint_that_is_not_valid_yet_narrows_nothing() -> None:
    only_later = replace(ALLOWED, valid_from=datetime(2030, 1, 1, tzinfo=UTC))
    given = part(Catalogue.of([*EVERYTHING, only_later]), (FLOW,), SEX)
    assert given["CL_SEX"] is SEX


def test_lists_of_a_structure_are_whole_where_only_a_flow_is_constrained() -> None:
    assert part(HELD, (STRUCTURE,), SEX)["CL_SEX"] is SEX


def test_codes_two_flows_may_have_are_all_there() -> None:
    other = replace(FLOW, id="OTHER")
    men = replace(ALLOWED, id="CC2", attachment=ConstraintAttachment(artefacts=(other.urn,)))
    men = replace(men, regions=(CubeRegion(keys=(MemberSelection(component="SEX", values=(SelectedValue("M"),)),)),))
    held = HELD.merged([other, men])
    assert ids(part(held, (FLOW, other), SEX)["CL_SEX"]) == ["M", "F"]


def test_concepts_are_those_of_the_structures_given() -> None:
    fewer = replace(STRUCTURE, attributes=(), groups=())
    held = Catalogue.of([AGENCIES, SEX, CONCEPTS, fewer])
    given = part(held, (fewer,), CONCEPTS)
    assert ids(given["CONCEPTS"]) == ["FREQ", "SEX", "TIME_PERIOD", "OBS_VALUE"]


def test_agencies_are_those_of_everything_given() -> None:
    scheme = replace(AGENCIES, items=(*AGENCIES.items, Agency(id="OTHER", names=Text.of(en="Other"))))
    assert ids(part(HELD, (FLOW,), scheme)["AGENCIES"]) == ["MADE_UP"]


def test_providers_and_categories_are_those_that_are_named() -> None:
    providers = DataProviderScheme(
        agency="MADE_UP", id="DATA_PROVIDERS", items=(DataProvider(id="POLICE"), DataProvider(id="CUSTOMS"))
    )
    agreement = ProvisionAgreement(
        agency="MADE_UP", id="PA", flow=FLOW.urn, provider=replace(providers.urn, item="POLICE")
    )
    themes = CategoryScheme(
        agency="MADE_UP",
        id="THEMES",
        categories=(Category(id="A", categories=(Category(id="A1"), Category(id="A2"))), Category(id="B")),
    )
    placed = Categorisation(agency="MADE_UP", id="C", source=FLOW.urn, target=replace(themes.urn, item="A.A2"))
    held = HELD.merged([providers, agreement, themes, placed])
    given = part(held, (FLOW,), agreement, providers, placed, themes)
    assert ids(given["DATA_PROVIDERS"]) == ["POLICE"]
    tree = given["THEMES"]
    assert isinstance(tree, CategoryScheme)
    assert tree.is_partial
    assert [(a.id, [b.id for b in a.categories]) for a in tree.categories] == [("A", ["A2"])]


def test_a_list_beside_a_hierarchy_or_a_map_has_the_codes_they_name() -> None:
    tree = Hierarchy(agency="MADE_UP", id="H", codes=(HierarchicalCode(id="M", code=replace(SEX.urn, item="M")),))
    held = HELD.merged([tree])
    assert ids(part(held, (tree,), SEX)["CL_SEX"]) == ["M"]
    rows = (ValueMapping(sources=(MappedValue("F"),), targets=("X",)),)
    table = RepresentationMap(agency="MADE_UP", id="RM", sources=(MappedSpace(codelist=SEX.urn),), mappings=rows)
    assert ids(part(HELD.merged([table]), (table,), SEX)["CL_SEX"]) == ["F"]


def test_a_list_nothing_names_a_code_of_stays_whole() -> None:
    assert part(Catalogue.of(EVERYTHING), (CONCEPTS,), SEX)["CL_SEX"] is SEX

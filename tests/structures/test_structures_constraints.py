"""Which codes a dataflow may have when constraints on structure, flow and agreement are taken together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sdmx_gateway.structures import Catalogue, Urn
from sdmx_gateway.structures.model import (
    Cascade,
    Code,
    Codelist,
    ConstraintAttachment,
    CubeRegion,
    DataConstraint,
    Dataflow,
    DataKey,
    DataKeySet,
    DataProvider,
    DataProviderScheme,
    DataStructure,
    Dimension,
    Kind,
    Maintainable,
    MemberSelection,
    ProvisionAgreement,
    Representation,
    Role,
    SelectedValue,
)

AREAS = Codelist(
    agency="A",
    id="CL_AREA",
    items=(Code(id="FR"), Code(id="R84", parent="FR"), Code(id="D69", parent="R84"), Code(id="D01", parent="R84")),
)
OFFENCES = Codelist(agency="A", id="CL_OFFENCE", items=(Code(id="0101"), Code(id="0102"), Code(id="0401")))
CONCEPT = Urn(Kind.CONCEPT_SCHEME, "A", "CS", "1.0", "C")
DSD = DataStructure(
    agency="A",
    id="D",
    dimensions=(
        Dimension(id="AREA", concept=CONCEPT, representation=Representation(codelist=AREAS.urn)),
        Dimension(id="OFFENCE", concept=CONCEPT, representation=Representation(codelist=OFFENCES.urn)),
    ),
)
CRIME = Dataflow(agency="A", id="F", structure=DSD.urn)
PROVIDERS = DataProviderScheme(agency="A", id="DATA_PROVIDERS", items=(DataProvider(id="FR9"),))
AGREEMENT = ProvisionAgreement(agency="A", id="PA", flow=CRIME.urn, provider=replace(PROVIDERS.urn, item="FR9"))


def values(component: str, *codes: str | SelectedValue, is_included: bool = True) -> MemberSelection:
    wanted = tuple(code if isinstance(code, SelectedValue) else SelectedValue(code) for code in codes)
    return MemberSelection(component=component, values=wanted, is_included=is_included)


def on(artefact: Maintainable, constraint_id: str, *regions: CubeRegion, **more: object) -> DataConstraint:
    attachment = ConstraintAttachment(artefacts=(artefact.urn,))
    return DataConstraint(agency="A", id=constraint_id, attachment=attachment, regions=regions, **more)  # type: ignore[arg-type]


def region(*keys: MemberSelection, is_included: bool = True) -> CubeRegion:
    return CubeRegion(keys=keys, is_included=is_included)


def codes(
    *constraints: DataConstraint, of: Dataflow | ProvisionAgreement = CRIME, at: datetime | None = None
) -> dict[str, list[str]]:
    held = Catalogue.of([AREAS, OFFENCES, DSD, CRIME, PROVIDERS, AGREEMENT, *constraints])
    return {name: list(codelist.by_id) for name, codelist in held.lists_of(of, at).items()}


ALL_AREAS, ALL_OFFENCES = ["FR", "R84", "D69", "D01"], ["0101", "0102", "0401"]


def test_without_constraints_every_code_is_allowed() -> None:
    assert codes() == {"AREA": ALL_AREAS, "OFFENCE": ALL_OFFENCES}


def test_a_region_allows_what_it_names_and_leaves_other_components_alone() -> None:
    assert codes(on(CRIME, "C", region(values("OFFENCE", "0101")))) == {"AREA": ALL_AREAS, "OFFENCE": ["0101"]}


def test_lower_constraints_narrow_higher_ones() -> None:
    high = on(DSD, "HIGH", region(values("OFFENCE", "01%")))
    low = on(CRIME, "LOW", region(values("OFFENCE", "0102", "0401")))
    lowest = on(AGREEMENT, "LOWEST", region(values("AREA", "FR")))
    assert codes(high)["OFFENCE"] == ["0101", "0102"]
    assert codes(high, low)["OFFENCE"] == ["0102"]
    assert codes(high, low, lowest) == {"AREA": ALL_AREAS, "OFFENCE": ["0102"]}
    assert codes(high, low, lowest, of=AGREEMENT) == {"AREA": ["FR"], "OFFENCE": ["0102"]}


def test_cascading_values_take_what_lies_under_them() -> None:
    assert codes(on(CRIME, "C", region(values("AREA", SelectedValue("R84", Cascade.YES)))))["AREA"] == [
        "R84",
        "D69",
        "D01",
    ]
    below = SelectedValue("R84", Cascade.EXCLUDE_ROOT)
    assert codes(on(CRIME, "C", region(values("AREA", below))))["AREA"] == ["D69", "D01"]


def test_an_excluded_region_of_one_component_takes_its_values_away_and_one_of_several_takes_none() -> None:
    assert codes(on(CRIME, "C", region(values("OFFENCE", "0401"), is_included=False)))["OFFENCE"] == ["0101", "0102"]
    pair = region(values("OFFENCE", "0401"), values("AREA", "FR"), is_included=False)
    assert codes(on(CRIME, "C", pair)) == {"AREA": ALL_AREAS, "OFFENCE": ALL_OFFENCES}


def test_values_may_be_named_as_those_that_are_not_meant() -> None:
    assert codes(on(CRIME, "C", region(values("OFFENCE", "0401", is_included=False))))["OFFENCE"] == ["0101", "0102"]


def test_included_keys_allow_the_values_they_have() -> None:
    keys = DataKeySet(
        keys=(
            DataKey(keys=(values("AREA", "FR"), values("OFFENCE", "0101"))),
            DataKey(keys=(values("AREA", "D69"), values("OFFENCE", "0101"))),
        )
    )
    assert codes(on(CRIME, "C", key_sets=(keys,))) == {"AREA": ["FR", "D69"], "OFFENCE": ["0101"]}


def test_what_there_actually_is_forbids_nothing() -> None:
    actual = on(CRIME, "C", region(values("OFFENCE", "0101")), role=Role.ACTUAL)
    assert codes(actual)["OFFENCE"] == ALL_OFFENCES


def test_a_constraint_counts_while_it_is_valid() -> None:
    until = on(CRIME, "C", region(values("OFFENCE", "0101")), valid_to=datetime(2025, 1, 1, tzinfo=UTC))
    assert codes(until, at=datetime(2024, 6, 1, tzinfo=UTC))["OFFENCE"] == ["0101"]
    assert codes(until, at=datetime(2025, 1, 1, tzinfo=UTC))["OFFENCE"] == ALL_OFFENCES


def test_a_narrowed_list_says_that_it_is_partial_and_stands_on_its_own() -> None:
    constraint = on(CRIME, "C", region(values("AREA", "D69")))
    held = Catalogue.of([AREAS, OFFENCES, DSD, CRIME, constraint])
    areas = held.lists_of(CRIME)["AREA"]
    assert areas.is_partial
    assert areas["D69"].parent is None
    assert not held.lists_of(CRIME)["OFFENCE"].is_partial

"""What the data constraints of a flow rule out is found, value by value or combination by combination; nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from validation_world import CATALOGUE, DATAFLOW, STRUCTURE, check, dataset, found

from sdmx_gateway.structures import Catalogue
from sdmx_gateway.structures.model import (
    Boundary,
    Cascade,
    ConstraintAttachment,
    CubeRegion,
    DataConstraint,
    DataKey,
    DataKeySet,
    MemberSelection,
    Role,
    SelectedValue,
    TimeRange,
)

RULE = "NOT_PERMITTED"


def values(component: str, *codes: str, cascade: Cascade | None = None, **more: Any) -> MemberSelection:
    return MemberSelection(component=component, values=tuple(SelectedValue(code, cascade) for code in codes), **more)


def time(**ends: Boundary) -> MemberSelection:
    return MemberSelection(component="TIME_PERIOD", time_range=TimeRange(**ends))


def region(*keys: MemberSelection, **more: Any) -> CubeRegion:
    return CubeRegion(keys=keys, **more)


def constrained(*regions: CubeRegion, **more: Any) -> Catalogue:
    """The made-up world with a constraint on its flow."""
    words = {"attachment": ConstraintAttachment(artefacts=(DATAFLOW.urn,)), "role": Role.ALLOWED, **more}
    return Catalogue.of([*CATALOGUE, DataConstraint(agency="TEST", id="CC_CRIME", regions=regions, **words)])


def not_permitted(catalogue: Catalogue, *rows: Any) -> list[tuple[str | None, str | None, int]]:
    """Column, value and count of each line found."""
    report = check(dataset(*rows), catalogue=catalogue)
    return [(f.where.column, f.value, f.count) for f in found(report, RULE)]


def test_a_code_of_the_list_that_the_flow_does_not_take_is_told_with_the_constraint():
    catalogue = constrained(region(values("OFFENCE", "HOMICIDE", "ROBBERY")))
    report = check(
        dataset(("D1", "HOMICIDE", "2024", 1), ("D1", "DRUGS", "2023", 1), ("D2", "DRUGS", "2024", 1)),
        catalogue=catalogue,
    )
    [finding] = found(report, RULE)
    assert (finding.value, finding.count, finding.where.key) == ("DRUGS", 2, "A.D1.DRUGS")
    assert "TEST:CC_CRIME(1.0)" in finding.message
    assert "CC_CRIME" in finding.text.best("fr")


def test_a_code_that_is_in_no_list_is_told_once_as_unknown():
    report = check(
        dataset(("D1", "HOMICIDES", "2024", 1)), catalogue=constrained(region(values("OFFENCE", "HOMICIDE")))
    )
    assert not found(report, RULE)
    assert len(found(report, "UNKNOWN_CODE")) == 1


def test_cascading_values_and_patterns_permit_what_lies_under_them_and_what_they_match():
    catalogue = constrained(region(values("REF_AREA", "F", cascade=Cascade.EXCLUDE_ROOT), values("OFFENCE", "%O%")))
    rows = [(area, "HOMICIDE", "2024", 1) for area in ("R1", "D3", "F", "D9")] + [("D1", "DRUGS", "2024", 1)]
    assert sorted(not_permitted(catalogue, *rows)) == [
        ("OFFENCE", "DRUGS", 1),
        ("REF_AREA", "D9", 1),
        ("REF_AREA", "F", 1),
    ]


def test_values_that_are_excluded_one_by_one_are_told():
    catalogue = constrained(region(values("OFFENCE", "DRUGS", is_included=False)))
    assert not_permitted(catalogue, ("D1", "DRUGS", "2024", 1), ("D1", "ROBBERY", "2024", 1)) == [
        ("OFFENCE", "DRUGS", 1)
    ]


def test_of_an_excluded_combination_only_rows_that_have_all_of_it_are_told():
    catalogue = constrained(region(values("OFFENCE", "DRUGS"), values("REF_AREA", "D1", "D2"), is_included=False))
    rows = [("D1", "DRUGS", "2024", 1), ("D2", "DRUGS", "2024", 1), ("D3", "DRUGS", "2024", 1)]
    assert not_permitted(catalogue, *rows, ("D1", "ROBBERY", "2024", 1)) == [(None, None, 2)]


@pytest.mark.parametrize(
    ("ends", "outside"),
    [
        ({"start": Boundary("2008")}, {"2007", "2007-12", "2007-Q4"}),
        ({"after": Boundary("2008", is_inclusive=False)}, {"2007", "2007-12", "2007-Q4", "2008"}),
        ({"end": Boundary("2009")}, {"2010"}),
        ({"before": Boundary("2009-06", is_inclusive=False)}, {"2009-06", "2010"}),
        ({"start": Boundary("2008"), "end": Boundary("2009-05")}, {"2007", "2007-12", "2007-Q4", "2009-06", "2010"}),
    ],
)
def test_a_range_of_time_permits_the_periods_in_it(ends, outside):
    periods = ["2007", "2007-12", "2007-Q4", "2008", "2009-05", "2009-06", "2010"]
    rows = [{"TIME_PERIOD": period} for period in periods]
    told = {value for _, value, _ in not_permitted(constrained(region(time(**ends))), *rows)}
    assert told == outside


def test_of_keys_that_are_permitted_each_row_must_have_one():
    keys = tuple(
        DataKey(keys=(values("REF_AREA", area), values("OFFENCE", offence)))
        for area, offence in (("D1", "DRUGS"), ("D2", "ROBBERY"))
    )
    catalogue = constrained(key_sets=(DataKeySet(keys=keys),))
    rows = [("D1", "DRUGS", "2024", 1), ("D2", "DRUGS", "2024", 1), ("D2", "ROBBERY", "2024", 1)]
    assert not_permitted(catalogue, *rows) == [(None, None, 1)]
    excluded = constrained(key_sets=(DataKeySet(keys=keys, is_included=False),))
    assert not_permitted(excluded, *rows) == [(None, None, 2)]


def test_of_several_included_regions_a_row_must_be_in_one():
    catalogue = constrained(
        region(values("OFFENCE", "DRUGS"), values("REF_AREA", "D1")), region(values("REF_AREA", "D2"))
    )
    rows = [("D1", "DRUGS", "2024", 1), ("D1", "ROBBERY", "2024", 1), ("D2", "ROBBERY", "2024", 1)]
    assert not_permitted(catalogue, *rows) == [(None, None, 1)]


def test_an_attribute_that_has_no_value_breaks_no_constraint():
    catalogue = constrained(CubeRegion(components=(values("OBS_STATUS", "A"),)))
    assert not_permitted(catalogue, {"OBS_STATUS": "E"}, {"OFFENCE": "DRUGS", "OBS_STATUS": None}) == [
        ("OBS_STATUS", "E", 1)
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"role": Role.ACTUAL},
        {"valid_to": datetime(2020, 1, 1, tzinfo=UTC)},
        {"valid_from": datetime(2030, 1, 1, tzinfo=UTC)},
        {"attachment": ConstraintAttachment(artefacts=(replace(DATAFLOW, id="OTHER").urn,))},
    ],
    ids=["of what exists", "no longer valid", "not yet valid", "of another flow"],
)
def test_constraints_that_are_not_in_force_rule_nothing_out(more):
    assert not_permitted(constrained(region(values("OFFENCE", "ROBBERY")), **more), ("D1", "DRUGS", "2024", 1)) == []


def test_a_constraint_on_the_structure_binds_its_flows():
    catalogue = constrained(
        region(values("OFFENCE", "ROBBERY")), attachment=ConstraintAttachment(artefacts=(STRUCTURE.urn,))
    )
    assert not_permitted(catalogue, ("D1", "DRUGS", "2024", 1)) == [("OFFENCE", "DRUGS", 1)]

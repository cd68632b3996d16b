"""Totals against their parts: along a tree, and from a list."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from validation_world import AREAS, CATALOGUE, DATAFLOW, STRUCTURE, check, dataset, found, notices, rule, run_of

from sdmx_gateway.observations import Dataset
from sdmx_gateway.structures import Catalogue
from sdmx_gateway.structures.model import Code, Codelist, DataStructure
from sdmx_gateway.validation.tree import broken_branches, tree

ALONG = rule("sum_along_hierarchy", dimension="REF_AREA")


def areas(**values):
    """One observation per area, of one offence and year."""
    return dataset(*((area, "HOMICIDE", "2024", value) for area, value in values.items()))


def test_a_tree_that_adds_up_at_every_level_gives_nothing():
    report = check(areas(D1=3, D2=4, D3=5, R1=7, R2=5, F=12, D9=1, W=13), ALONG)
    assert found(report) == []
    assert run_of(report).checked == 4


def test_a_wrong_region_is_found_at_its_own_level_and_at_the_one_above():
    report = check(areas(D1=3, D2=4, R1=8, F=7), ALONG)
    region, country = sorted(found(report), key=lambda f: f.where.key, reverse=True)
    assert (region.where.key, region.value, region.expected) == ("A.R1.HOMICIDE", "8", "7")
    assert "difference +1" in region.message
    assert "2 present parts (of 2)" in region.message
    assert (country.where.key, country.value, country.expected) == ("A.F.HOMICIDE", "7", "8")


def test_a_level_that_is_not_there_is_jumped():
    report = check(areas(D1=3, D2=4, D3=5, D9=1, F=12, W=14), ALONG)
    [finding] = found(report)
    assert (finding.where.key, finding.expected) == ("A.W.HOMICIDE", "13")
    assert run_of(report).checked == 2


def test_a_level_that_is_there_in_one_cell_and_not_in_another_is_jumped_where_it_is_not():
    data = dataset(
        *[("D1", "HOMICIDE", "2024", 3), ("R1", "HOMICIDE", "2024", 3), ("F", "HOMICIDE", "2024", 3)],
        *[("D1", "ROBBERY", "2024", 2), ("F", "ROBBERY", "2024", 9)],
    )
    [finding] = found(check(data, ALONG))
    assert finding.where.key == "A.F.ROBBERY"


def test_an_absent_part_counts_as_nothing_but_one_without_a_value_makes_the_sum_unknown():
    absent = check(areas(D1=3, R1=3), ALONG)
    assert found(absent) == []
    secret = check(areas(D1=3, D2=None, R1=9, D3=1, R2=1, F=10), ALONG)
    assert found(secret) == []
    assert run_of(secret).skipped == 1, "R1 cannot be checked; F can, with R1's own value"
    assert notices(secret) == ["1 comparisons were not made: a part is absent or has no value"]


def test_a_secret_part_of_an_absent_level_makes_the_level_above_unknown():
    report = check(areas(D1=3, D2=float("nan"), F=99), ALONG)
    assert found(report) == []
    assert (run_of(report).checked, run_of(report).skipped) == (0, 1)


def test_a_region_without_a_value_does_not_keep_its_departements_from_being_summed_above_it():
    [finding] = found(check(areas(D1=3, D2=4, R1=None, F=8), ALONG))
    assert (finding.where.key, finding.expected) == ("A.F.HOMICIDE", "7")


def test_persons_counted_once_per_territory_are_left_out_by_name():
    data = dataset(
        *[("D1", "DRUGS", "2024", 5), ("D2", "DRUGS", "2024", 5), ("R1", "DRUGS", "2024", 9)],
        *[("D1", "ROBBERY", "2024", 5), ("R1", "ROBBERY", "2024", 5)],
    )
    assert len(found(check(data, ALONG))) == 1
    left_out = rule("sum_along_hierarchy", dimension="REF_AREA", not_for={"OFFENCE": ["DRUGS"]})
    report = check(data, left_out)
    assert found(report) == []
    assert run_of(report).checked == 1


def test_what_is_counted_once_in_each_part_may_be_below_the_sum_but_not_above():
    at_least = rule("sum_at_least_along_hierarchy", dimension="REF_AREA", severity="info")
    assert found(check(areas(D1=5, D2=5, R1=9), at_least)) == []
    report = check(areas(D1=5, D2=5, R1=11), at_least)
    [finding] = found(report)
    assert "more than the sum" in finding.message
    assert report.infos == 1
    assert not report.blocking


@pytest.mark.parametrize(
    ("allowed", "failures"), [({"tolerance": 2}, 0), ({"tolerance": 1}, 1), ({"rounded_to": 5}, 0), ({}, 1)]
)
def test_a_tolerance_is_absolute_and_rounding_allows_half_a_step_for_each_figure(allowed, failures):
    report = check(areas(D1=3, D2=4, R1=9), rule("sum_along_hierarchy", dimension="REF_AREA", **allowed))
    assert len(found(report)) == failures


def test_rounding_allows_no_more_than_half_a_step_for_each_figure():
    rounded = rule("sum_along_hierarchy", dimension="REF_AREA", rounded_to=5)
    assert found(check(areas(D1=10, D2=10, R1=27.5), rounded)) == []
    assert len(found(check(areas(D1=10, D2=10, R1=28), rounded))) == 1


def test_decimals_that_differ_only_in_the_last_bit_add_up():
    assert found(check(areas(D1=0.1, D2=0.2, R1=0.3), ALONG)) == []


def test_codes_that_are_not_in_the_list_are_not_summed_and_are_the_structural_checks_matter():
    report = check(areas(D1=3, D7=100, R1=3), ALONG)
    assert found(report) == []
    assert len(found(report, "UNKNOWN_CODE")) == 1


def test_the_largest_difference_comes_first():
    data = dataset(
        *(
            row
            for year in range(2000, 2005)
            for row in [("D1", "ROBBERY", str(year), 1), ("R1", "ROBBERY", str(year), year)]
        )
    )
    assert [finding.where.period for finding in found(check(data, ALONG))] == ["2004", "2003", "2002", "2001", "2000"]


leaves = st.lists(st.integers(0, 1000), min_size=3, max_size=3)


@given(leaves, st.sets(st.sampled_from(["R1", "R2", "F", "W"])))
def test_whatever_levels_are_present_true_sums_are_never_refused(values, present):
    d1, d2, d3 = values
    totals = {"R1": d1 + d2, "R2": d3, "F": d1 + d2 + d3, "W": d1 + d2 + d3}
    report = check(areas(D1=d1, D2=d2, D3=d3, **{area: totals[area] for area in sorted(present)}), ALONG)
    assert found(report) == []
    assert run_of(report).checked == len(present)


@given(leaves, st.sampled_from(["R1", "R2", "F", "W"]), st.integers(1, 50))
def test_whatever_total_is_changed_it_is_found(values, area, error):
    d1, d2, d3 = values
    totals = {"R1": d1 + d2, "R2": d3, "F": d1 + d2 + d3, "W": d1 + d2 + d3}
    totals[area] += error
    assert f"A.{area}.HOMICIDE" in {f.where.key for f in found(check(areas(D1=d1, D2=d2, D3=d3, **totals), ALONG))}


def test_a_tree_counts_depth_from_its_roots_and_children_in_the_list():
    rows = {row["@code"]: (row["@depth"], row["@of"]) for row in tree(AREAS).iter_rows(named=True)}
    assert rows == {
        "W": (0, 2),
        "F": (1, 2),
        "R1": (2, 2),
        "R2": (2, 1),
        "D1": (3, 0),
        "D2": (3, 0),
        "D3": (3, 0),
        "D9": (1, 0),
    }


def test_cycles_and_orphans_are_named_and_do_not_hang():
    codelist = Codelist(
        agency="TEST",
        id="CL_BROKEN",
        items=(Code(id="A", parent="B"), Code(id="B", parent="A"), Code(id="C", parent="GONE"), Code(id="D")),
    )
    assert broken_branches(codelist) == ("A", "B", "C")
    assert tree(codelist)["@code"].to_list() == ["D"]


# ------------------------------------------------------------------ a total and the list of its parts


def offences(**values):
    """One observation per offence, of one area and year."""
    return dataset(*(("D1", offence, "2024", value) for offence, value in values.items()))


def test_a_total_is_the_sum_of_its_parts():
    parts = rule("total_is_sum", dimension="OFFENCE", total="_T", parts=["HOMICIDE", "ROBBERY"])
    assert found(check(offences(_T=7, HOMICIDE=3, ROBBERY=4), parts)) == []
    [finding] = found(check(offences(_T=8, HOMICIDE=3, ROBBERY=4), parts))
    assert finding.message == "OFFENCE _T = 8, but its 2 parts make 7: difference +1"


def test_where_a_part_is_absent_the_total_is_not_checked_and_that_is_said():
    parts = rule("total_is_sum", dimension="OFFENCE", total="_T", parts=["HOMICIDE", "ROBBERY"])
    report = check(offences(_T=8, HOMICIDE=3), parts)
    assert found(report) == []
    assert (run_of(report).checked, run_of(report).skipped) == (0, 1)
    assert len(notices(report)) == 1


def test_an_optional_part_may_be_absent_and_is_summed_where_it_is_not():
    parts = rule(
        "total_is_sum", dimension="OFFENCE", total="_T", parts=["HOMICIDE", "ROBBERY"], optional_parts=["DRUGS"]
    )
    assert found(check(offences(_T=7, HOMICIDE=3, ROBBERY=4), parts)) == []
    assert found(check(offences(_T=8, HOMICIDE=3, ROBBERY=4, DRUGS=1), parts)) == []
    assert len(found(check(offences(_T=7, HOMICIDE=3, ROBBERY=4, DRUGS=1), parts))) == 1


def test_a_part_that_does_not_exist_there_can_count_as_zero():
    parts = rule("total_is_sum", dimension="OFFENCE", total="_T", parts=["HOMICIDE", "ROBBERY"], incomplete="as_zero")
    report = check(offences(_T=8, HOMICIDE=3), parts)
    assert len(found(report)) == 1
    assert run_of(report).skipped == 0


def test_a_total_without_any_part_is_never_compared_with_zero():
    parts = rule("total_is_sum", dimension="OFFENCE", total="_T", parts=["HOMICIDE"], incomplete="as_zero")
    assert found(check(offences(_T=8), parts)) == []


def test_every_other_code_can_be_a_part_but_for_the_aggregates_named():
    parts = rule("total_is_sum", dimension="OFFENCE", total="_T", parts=["*"], excluded=["DRUGS"])
    assert found(check(offences(_T=7, HOMICIDE=3, ROBBERY=4, DRUGS=1000), parts)) == []


def test_a_secret_part_makes_the_total_unknown():
    parts = rule("total_is_sum", dimension="OFFENCE", total="_T", parts=["*"])
    report = check(offences(_T=7, HOMICIDE=3, ROBBERY=None), parts)
    assert found(report) == []
    assert run_of(report).skipped == 1


@pytest.mark.parametrize("kind", ["total_is_sum", "sum_along_hierarchy", "at_most"])
def test_a_structure_of_a_single_dimension_is_checked_too(kind):
    structure = DataStructure(
        agency="TEST", id="CRIME", dimensions=(STRUCTURE.dimensions[1],), measures=STRUCTURE.measures
    )
    data = Dataset.of(DATAFLOW, structure, pl.DataFrame({"REF_AREA": ["R1", "D1", "D2"], "OBS_VALUE": [4.0, 3.0, 5.0]}))
    words = {
        "total_is_sum": {"dimension": "REF_AREA", "total": "R1", "parts": ["D1", "D2"]},
        "sum_along_hierarchy": {"dimension": "REF_AREA"},
        "at_most": {"part": {"REF_AREA": "D2"}, "whole": {"REF_AREA": "R1"}},
    }
    catalogue = Catalogue.of([artefact for artefact in CATALOGUE if artefact != STRUCTURE] + [structure])
    assert len(found(check(data, rule(kind, **words[kind]), catalogue=catalogue))) == 1

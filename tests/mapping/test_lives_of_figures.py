"""A figure sent to a recipient is walked back, through every module it went through, to its cell in the ministry's file."""

from __future__ import annotations

import polars as pl
import pytest

from sdmx_gateway.gateway import Gateway
from sdmx_gateway.mapping.convert import COVERAGE


def test_a_recipients_figure_is_walked_back_to_the_cells(national: Gateway) -> None:
    life = national.explain("crim_gen_reg", "A.NR.ICCS0101.FR", "2020")
    assert life.value == sum(part.value or 0 for part in life.contributions)
    assert life.summed_over == ("GEO",)
    assert life.because
    part = life.contributions[0]
    assert (part.where.file or "").startswith("FR_SSMSI:CRIME_TERRITORY(1.0) release ")
    step = next(s for s in part.steps if s.component == "ICCS")
    assert (step.said, step.gives) == ("HOMICIDES", "ICCS0101")
    assert step.rule.startswith("codes/iccs.csv, line ")
    assert part.origin is not None
    assert part.origin.module == "ssmsi/recorded_crime_territory"
    (cell,) = part.origin.contributions
    assert (cell.value, cell.where.row is not None) == (part.value, True)
    assert cell.said["indicator"] == "Homicides"


def test_a_figure_is_told_in_every_release(national: Gateway) -> None:
    life = national.explain("recorded_crime_territory", "A.FR.HOMICIDES.VICTIM", "2020")
    assert [past.release for past in life.history] == sorted({past.release for past in life.history})
    assert life.history[-1].value == life.value
    assert len({past.value for past in life.history}) > 1


@pytest.mark.parametrize("name", ["eurostat/crim_gen_reg", "eurostat/crim_off_cat", "ssmsi/short_term_indicators"])
def test_the_coverage_of_each_period_is_whole(national: Gateway, name: str) -> None:
    conversion = national.convert(name)
    whole = conversion.whole_coverage
    assert set(whole["relation"]) <= set(COVERAGE)
    by_period = whole.drop_nulls("share").group_by("TIME_PERIOD").agg(pl.col("share").sum())
    assert by_period["share"].to_list() == pytest.approx([1.0] * by_period.height)
    left_out = sum(item.rows for item in conversion.left_out)
    assert whole.filter(whole["relation"] == "left_out")["rows"].sum() == left_out

"""The grammar of time periods, and their agreement with the frequency."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from validation_world import check, dataset, found

from sdmx_gateway.validation.periods import FORMS, is_period


def accepted(text: str) -> bool:
    return pl.DataFrame({"p": [text]}).select(is_period("p")).item()


@pytest.mark.parametrize(
    "text",
    [
        "2016",
        "2016-01",
        "2016-12-31",
        "2024-02-29",
        "2016-A1",
        "2016-S2",
        "2016-T3",
        "2016-Q4",
        "2016-M12",
        "2016-W53",
        "2016-D366",
        "2016-01-31T23:59:59Z",
        "2016-01-31T23:59:59.5+01:00",
        "2016-01-01/P1Y",
        "2016-01-01T00:00:00/P1M",
    ],
)
def test_every_form_the_standard_has_is_a_period(text):
    assert accepted(text)


@pytest.mark.parametrize(
    "text",
    [
        "16",
        "2016M01",
        "2016T1",
        "2016-13",
        "2016-00",
        "2016-Q5",
        "2016-W54",
        "2016-D367",
        "2023-02-29",
        "2016-04-31",
        "2016 ",
        " 2016",
        "2016-1",
        "2016-A2",
        "2016-01-01T25:00:00",
        "2022 (définitif)",
        "2016\n",
    ],
)
def test_what_sources_write_instead_is_none(text):
    assert not accepted(text)


@given(st.dates(date(1, 1, 1)))
def test_every_day_of_the_calendar_is_a_period(day):
    assert accepted(day.isoformat())


@given(st.text(max_size=12))
def test_a_text_without_a_year_is_never_a_period(text):
    assert accepted(text) <= text[:4].isdigit()


@pytest.mark.parametrize(("frequency", "example"), [(code, example) for code, (_, example) in FORMS.items()])
def test_the_example_of_each_frequency_passes_both_checks(frequency, example):
    report = check(dataset({"FREQ": frequency, "TIME_PERIOD": example}))
    assert report.findings == ()


@pytest.mark.parametrize(
    ("frequency", "period", "expected"),
    [
        ("A", "2016-01", "2016"),
        ("Q", "2016", "2016-Q1"),
        ("M", "2016-M01", "2016-01"),
        ("M", "2016-Q1", "2016-01"),
        ("S", "2016-Q1", "2016-S1"),
    ],
)
def test_a_period_of_another_frequency_is_found_with_the_form_that_is_expected(frequency, period, expected):
    [finding] = found(check(dataset({"FREQ": frequency, "TIME_PERIOD": period})), "TIME_PERIOD_FREQUENCY")
    assert (finding.value, finding.expected, finding.struval) == (period, expected, "150/042")


def test_a_malformed_period_is_reported_once_and_not_as_a_disagreement_as_well():
    report = check(dataset({"TIME_PERIOD": "2016T1"}, {"TIME_PERIOD": "2016T1", "OFFENCE": "ROBBERY"}))
    [finding] = found(report, "TIME_PERIOD_FORM")
    assert (finding.count, finding.struval, finding.where.period) == (2, "150/030", "2016T1")
    assert not found(report, "TIME_PERIOD_FREQUENCY")

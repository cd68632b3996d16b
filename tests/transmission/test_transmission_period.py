from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdmx_gateway.errors import UsageError
from sdmx_gateway.transmission import Frequency, Period
from sdmx_gateway.transmission.period import months_later

PER_YEAR = {Frequency.ANNUAL: 1, Frequency.QUARTERLY: 4, Frequency.MONTHLY: 12}
periods = st.sampled_from(list(Frequency)).flatmap(
    lambda frequency: st.builds(
        Period, st.just(frequency), st.integers(1000, 2998), st.integers(1, PER_YEAR[frequency])
    )
)


@given(periods)
def test_a_period_reads_back_as_it_is_written(period: Period) -> None:
    assert Period.parse(str(period), period.frequency) == period


@given(periods)
def test_the_next_period_starts_the_day_after(period: Period) -> None:
    assert period.next.first_day == period.day_after == period.last_day + timedelta(days=1)
    assert period.first_day <= period.last_day


@pytest.mark.parametrize("frequency", list(Frequency))
def test_periods_cover_every_day_of_forty_years_once(frequency: Frequency) -> None:
    period, day = Period(frequency, 2000), date(2000, 1, 1)
    while period.year < 2040:
        assert period.first_day == day
        day = period.day_after
        period = period.next
    assert day == date(2040, 1, 1)


@pytest.mark.parametrize(
    ("text", "frequency", "canonical", "digits"),
    [
        ("2024", "A", "2024", "0000"),
        ("2024-A1", "A", "2024", "0000"),
        ("2024-Q3", "Q", "2024-Q3", "0003"),
        ("2024-09", "M", "2024-09", "0009"),
        ("2024-M09", "M", "2024-09", "0009"),
        ("2024-12", "M", "2024-12", "0012"),
    ],
)
def test_both_sdmx_spellings_are_one_period(text: str, frequency: str, canonical: str, digits: str) -> None:
    period = Period.parse(text, Frequency(frequency))
    assert (str(period), period.in_occurrence) == (canonical, digits)


@pytest.mark.parametrize(
    ("text", "frequency"),
    [
        ("24", "A"),
        ("2024-Q5", "Q"),
        ("2024-Q0", "Q"),
        ("2024-13", "M"),
        ("2024-00", "M"),
        ("2024-9", "M"),
        ("2024 ", "A"),
        ("2024\n", "A"),
        ("２０２４", "A"),
        ("2024-Q3", "M"),
        ("2024-09", "Q"),
        ("2024", "M"),
        ("0999", "A"),
        ("", "A"),
    ],
)
def test_what_is_not_a_period_of_the_frequency_is_refused(text: str, frequency: str) -> None:
    with pytest.raises(UsageError, match="is not a"):
        Period.parse(text, Frequency(frequency))


def test_a_period_cannot_exist_outside_its_year() -> None:
    for year, number in ((2024, 0), (2024, 5), (999, 1), (3000, 1)):
        with pytest.raises(UsageError):
            Period(Frequency.QUARTERLY, year, number)


@given(st.dates(date(1900, 1, 1), date(2900, 1, 1)), st.integers(0, 600))
def test_months_later_counts_months(day: date, months: int) -> None:
    start = day.replace(day=1)
    later = months_later(start, months)
    assert (later.year - start.year) * 12 + later.month - start.month == months
    assert later.day == 1

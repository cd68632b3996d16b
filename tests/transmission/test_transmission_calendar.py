from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from transmission_world import obligation

from sdmx_gateway.errors import UsageError
from sdmx_gateway.transmission import Frequency, Obligation, Period, deadline, owed
from sdmx_gateway.transmission.calendar import check_owed, paris_day

DATASETS = {"A": "CRIM_GENREG_A", "Q": "MIGR_ASYDCF_Q", "M": "MIGR_ASYAPP_M"}
PARIS = ZoneInfo("Europe/Paris")


def rhythm(frequency: str, first: str, *, months: int = 2, days: int = 0) -> Obligation:
    allowed = {"months": months, "days": days}
    return obligation(frequency=frequency, first_period=first, deadline=allowed, dataset=DATASETS[frequency])


@pytest.mark.parametrize(
    ("frequency", "period", "months", "days", "day"),
    [
        ("M", "2026-09", 2, 0, "2026-11-30"),
        ("Q", "2026-Q3", 3, 0, "2026-12-31"),
        ("A", "2024", 10, 0, "2025-10-31"),
        ("A", "2024", 12, 0, "2025-12-31"),
        ("M", "2023-12", 2, 0, "2024-02-29"),
        ("M", "2024-12", 2, 0, "2025-02-28"),
        ("M", "2024-02", 2, 0, "2024-04-30"),
        ("M", "2024-02", 1, 0, "2024-03-31"),
        ("M", "2024-01", 1, 0, "2024-02-29"),
        ("A", "2023", 0, 60, "2024-02-29"),
        ("A", "2024", 0, 60, "2025-03-01"),
        ("A", "2024", 2, 15, "2025-03-15"),
        ("A", "2024", 0, 0, "2024-12-31"),
    ],
)
def test_the_end_of_a_month_leads_to_the_end_of_a_month(
    frequency: str, period: str, months: int, days: int, day: str
) -> None:
    rule = rhythm(frequency, period, months=months, days=days)
    assert deadline(rule, Period.parse(period, Frequency(frequency))) == date.fromisoformat(day)


def test_two_months_after_any_month_of_forty_years_is_the_last_day_of_a_month() -> None:
    rule, period = rhythm("M", "2000-01"), Period(Frequency.MONTHLY, 2000)
    while period.year < 2040:
        day = deadline(rule, period)
        assert (day + timedelta(days=1)).day == 1
        assert period.next.next.last_day == day
        period = period.next


@pytest.mark.parametrize(
    ("frequency", "first", "count"), [("A", "2016", 10), ("Q", "2016-Q1", 40), ("M", "2016-01", 120)]
)
def test_ten_years_owe_every_period_once_and_in_order(frequency: str, first: str, count: int) -> None:
    rule = rhythm(frequency, first)
    lines = owed(rule, datetime(2026, 1, 1, 12, tzinfo=UTC))
    assert len(lines) == count
    assert [line.period for line in lines] == sorted({line.period for line in lines}, key=lambda each: each.first_day)
    assert [line.deadline for line in lines] == sorted(line.deadline for line in lines)


def test_hour_by_hour_over_a_year_a_month_is_owed_from_midnight_in_paris_and_never_before() -> None:
    rule = rhythm("M", "2025-01")
    now, before = datetime(2025, 1, 1, tzinfo=UTC), 0
    while now < datetime(2026, 1, 31, tzinfo=UTC):
        count = len(owed(rule, now))
        assert count - before in {0, 1}
        if count > before:
            local = now.astimezone(PARIS)
            assert (local.day, local.hour) == (1, 0)
        now, before = now + timedelta(hours=1), count
    assert before == 12


def test_nothing_is_owed_before_the_first_period_has_ended() -> None:
    rule = rhythm("A", "2026")
    assert owed(rule, datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC)) == ()
    assert len(owed(rule, datetime(2026, 12, 31, 23, 0, tzinfo=UTC))) == 1


def test_a_deadline_is_met_until_its_day_is_over_in_paris() -> None:
    (line,) = owed(rhythm("M", "2026-09"), datetime(2026, 10, 5, tzinfo=UTC))
    assert line.days_left(paris_day(datetime(2026, 11, 24, 9, tzinfo=UTC))) == 6
    assert line.days_left(paris_day(datetime(2026, 11, 30, 22, 59, tzinfo=UTC))) == 0
    assert line.days_left(paris_day(datetime(2026, 11, 30, 23, 0, tzinfo=UTC))) == -1


def test_an_instant_without_time_zone_is_refused() -> None:
    with pytest.raises(UsageError, match="time zone"):
        owed(rhythm("A", "2024"), datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


def test_a_period_before_the_first_or_still_running_is_not_owed() -> None:
    rule, now = rhythm("A", "2024"), datetime(2026, 6, 1, tzinfo=UTC)
    check_owed(rule, rule.period("2025"), now)
    with pytest.raises(UsageError, match="first period is 2024"):
        check_owed(rule, rule.period("2023"), now)
    with pytest.raises(UsageError, match="ends on 2026-12-31"):
        check_owed(rule, rule.period("2026"), now)

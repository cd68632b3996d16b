"""What is owed, and by which day.

Pure: the same obligation and the same instant give the same answer. A period is owed from the moment it has ended, on
the clock of Paris; its deadline is a day, and is met until that day is over there. Summer time therefore moves the
instant and never the day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sdmx_gateway.errors import UsageError
from sdmx_gateway.transmission.obligation import Obligation
from sdmx_gateway.transmission.period import Period, months_later

PARIS: Final = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Owed:
    """One reference period owed under an obligation, and the last day to send it."""

    obligation: Obligation
    period: Period
    deadline: date

    def days_left(self, today: date) -> int:
        """Days from today to the deadline: 0 on the day itself, negative when it is over."""
        return (self.deadline - today).days


def paris_day(now: datetime) -> date:
    """The day it is in Paris.

    Raises:
        UsageError: the instant has no time zone.
    """
    if now.tzinfo is None:
        raise UsageError("an instant without a time zone does not say which day it is")
    return now.astimezone(PARIS).date()


def deadline(obligation: Obligation, period: Period) -> date:
    """The last day to send a period: so many months and days after its end.

    Months are counted from the day after the period, so that the end of a month leads to the end of a month: two
    months after February 2024 is 30 April, three months after September is 31 December. A deadline on a Saturday, a
    Sunday or a holiday is left where it is; Regulation (EEC, Euratom) No 1182/71, Article 3(4), moves it to the next
    working day (from memory, to verify), and the earlier day is the safe one.
    """
    rule = obligation.deadline
    return months_later(period.day_after, rule.months) + timedelta(days=rule.days - 1)


def owed(obligation: Obligation, now: datetime) -> tuple[Owed, ...]:
    """Every period owed at an instant, oldest first: from the first period to the last one that has ended."""
    today = paris_day(now)
    periods, period = [], obligation.first_period
    while period.day_after <= today:
        periods.append(Owed(obligation, period, deadline(obligation, period)))
        period = period.next
    return tuple(periods)


def check_owed(obligation: Obligation, period: Period, now: datetime) -> None:
    """Refuse a period that the obligation does not cover, or that has not ended.

    Raises:
        UsageError: it is before the first period, or still running.
    """
    if period.first_day < obligation.first_period.first_day:
        raise UsageError(
            f"{period} is not owed under {obligation.id}",
            why=f"its first period is {obligation.first_period}",
            remedy="to send earlier periods, change first_period in its obligation.toml",
        )
    if period.day_after > paris_day(now):
        raise UsageError(
            f"{period} is not owed under {obligation.id} yet", why=f"it ends on {period.last_day.isoformat()}"
        )

"""What is due: every period owed, where its transmission stands, and the one thing to do next.

Pure: obligations, transmissions, what is released and an instant in; a list out, the first deadline first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sdmx_gateway.errors import UsageError
from sdmx_gateway.transmission.calendar import Owed, owed, paris_day
from sdmx_gateway.transmission.life import DELIVERED, UNSEALED, State
from sdmx_gateway.transmission.obligation import Obligation
from sdmx_gateway.transmission.period import Frequency, Period
from sdmx_gateway.transmission.records import Transmission


@dataclass(frozen=True, slots=True)
class Available:
    """The newest release of an obligation's dataflow: its number, and the periods it has figures for."""

    release: str
    periods: Collection[str]

    def has(self, period: Period) -> bool:
        """Whether the release has the period, in either SDMX spelling."""
        return period in self._known(period.frequency)

    def newest(self, frequency: Frequency) -> Period | None:
        """The last period of that frequency it has."""
        return max(self._known(frequency), key=lambda period: period.first_day, default=None)

    def _known(self, frequency: Frequency) -> set[Period]:
        known = set()
        for text in self.periods:
            try:
                known.add(Period.parse(text, frequency))
            except UsageError:  # a period of another frequency
                continue
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One line of what is due.

    Attributes:
        obligation: what is owed.
        period: for which reference period.
        deadline: last day to send it.
        days_left: days to the deadline; negative when it is over.
        late: the deadline is over and the recipient has nothing for the period.
        state: where the newest transmission for it stands; ``due`` when there is none.
        next_step: what to do, in English.
        transmission: that newest transmission.
        ready: whether preparing is the next step, and possible now.
    """

    obligation: Obligation
    period: Period
    deadline: date
    days_left: int
    late: bool
    state: State
    next_step: str
    transmission: Transmission | None
    ready: bool

    def as_dict(self) -> dict[str, Any]:
        """The line as JSON values."""
        return {
            "obligation": self.obligation.id,
            "recipient": self.obligation.recipient,
            "dataflow": self.obligation.dataflow.short,
            "period": str(self.period),
            "deadline": self.deadline.isoformat(),
            "days_left": self.days_left,
            "late": self.late,
            "state": self.state.value,
            "next_step": self.next_step,
            "ready": self.ready,
            "transmission": self.transmission and self.transmission.id,
        }


_NEXT: Final[Mapping[State, str]] = {
    State.APPROVED: "send",
    State.SEALED: "send",
    State.SENDING: "send again if no sender is at work: it looks first whether the file arrived",
    State.UNKNOWN: "send again: it looks first whether the file arrived",
    State.SENT: "wait for the receipt, then send again to collect it",
    State.REFUSED: "read the refusal, correct, publish a new release",
}


def list_due(
    obligations: Iterable[Obligation],
    transmissions: Iterable[Transmission],
    now: datetime,
    available: Callable[[Obligation], Available | None],
    *,
    second_person: bool,
    settled: bool = False,
) -> tuple[Due, ...]:
    """What is owed at an instant and not settled yet, by deadline, recipient and obligation.

    Args:
        obligations: all there are.
        transmissions: all there are, in the order they were prepared.
        now: the instant; aware.
        available: the newest release of an obligation's dataflow, ``None`` when there is none; asked once for each.
        second_person: whether somebody else must approve.
        settled: list what was delivered as well.
    """
    today, known = paris_day(now), _by_period(transmissions)
    lines = []
    for obligation in obligations:
        offer = available(obligation)
        for one in owed(obligation, now):
            of_period = known.get((obligation.id, str(one.period)), ())
            lines.append(_line(one, of_period, offer, today, second_person=second_person))
    wanted = [line for line in lines if settled or line.state not in DELIVERED]
    return tuple(sorted(wanted, key=lambda line: (line.deadline, line.obligation.recipient, line.obligation.id)))


def _by_period(transmissions: Iterable[Transmission]) -> Mapping[tuple[str, str], list[Transmission]]:
    known: dict[tuple[str, str], list[Transmission]] = {}
    for transmission in sorted(transmissions, key=lambda each: each.number):
        if transmission.state is not State.SUPERSEDED:
            known.setdefault((transmission.obligation, transmission.period), []).append(transmission)
    return known


def _line(
    one: Owed, of_period: Collection[Transmission], offer: Available | None, today: date, *, second_person: bool
) -> Due:
    newest = next(reversed(list(of_period)), None)
    state = newest.state if newest else State.DUE
    text, ready = _next_step(one, newest, offer, second_person=second_person)
    delivered = any(transmission.state in DELIVERED for transmission in of_period)
    return Due(
        obligation=one.obligation,
        period=one.period,
        deadline=one.deadline,
        days_left=one.days_left(today),
        late=today > one.deadline and not delivered,
        state=state,
        next_step=text,
        transmission=newest,
        ready=ready,
    )


def _next_step(
    one: Owed, newest: Transmission | None, offer: Available | None, *, second_person: bool
) -> tuple[str, bool]:
    """What to do next, and whether that is to prepare, and possible."""
    offered = offer is not None and offer.has(one.period)
    newer = newest is not None and offered and offer is not None and offer.release != newest.release
    if newest is None:
        return (f"prepare, from release {offer.release}", True) if offer and offered else (_waiting(one, offer), False)
    if newer and offer and newest.state in UNSEALED | {State.REFUSED}:
        return f"prepare again: release {offer.release} is newer than release {newest.release}", True
    if newest.state in DELIVERED:
        overtaken = f"; release {offer.release} is newer, prepare it if it must be sent too" if newer and offer else ""
        return f"nothing: delivered from release {newest.release}{overtaken}", False
    if newest.state is State.PREPARED:
        errors = newest.report_errors
        return f"correct {errors} validation error{'s' * (errors != 1)}, then publish a new release", False
    if newest.state is State.VALIDATED:
        return f"approve{' (needs a second person)' * second_person}", False
    return _NEXT[newest.state], False


def _waiting(one: Owed, offer: Available | None) -> str:
    flow = one.obligation.dataflow.short
    if offer is None:
        return f"waiting for a first release of {flow}"
    newest = offer.newest(one.obligation.frequency)
    ends = f"ends with {newest}" if newest and newest.first_day < one.period.first_day else f"has no {one.period}"
    return f"waiting for {one.period} in {flow}: release {offer.release} {ends}"

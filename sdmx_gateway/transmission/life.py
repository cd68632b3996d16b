"""The life of a transmission: a table of states and events, and nothing else.

A *transmission* is one obligation for one reference period, from one release. What may happen to it, and in which
order, is the table below; there is no other place where a state is decided. Nothing here reads, writes, waits or knows
what time it is: :mod:`sdmx_gateway.transmission.register` records the steps and
:mod:`sdmx_gateway.transmission.sending` walks them.

The rules of the table:

1. **Nobody is bypassed.** The only way to ``sealed`` leads through ``validated`` (validation found no error) and
   ``approved`` (a person said yes). Every step before the seal can be undone by a newer release, which *supersedes*;
   no step after it can, because from then on the bytes may have left.
2. **The seal comes before the first byte.** Id and bytes are fixed and on disk in ``sealed``. ``sending`` is recorded
   before the channel is called: a machine that dies while sending wakes up knowing that something may have left.
3. **Not knowing is a state.** A sending that was cut short, or whose receipt did not come, is ``unknown``. Nothing is
   ever sent out of ``unknown``: the channel is asked first. Found there, the transmission is ``reconciled``; certainly
   not there, it is ``sealed`` again and the same bytes may go, under the same id.
4. **Who receives has the last word.** A refusal may come in answer, with the receipt, or days after it when a
   recipient's content checks have run: even ``acknowledged`` leads to ``refused``. A refused transmission does not
   live again; the corrected release is another transmission.

A retry is not an event of its own: it is the way ``sending → unknown → sealed → sending`` walked once more.

::

    due ── prepared ── validated ── approved ── sealed ── sending ── sent ── acknowledged
               └──────────┴────────────┘          ↑          │ └──────┤           │
                     superseded                   └── unknown ────────┘           │
                                                         ├── reconciled ── refused ┘
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sdmx_gateway.errors import ForbiddenStep, Where


class State(StrEnum):
    """Where a transmission stands."""

    DUE = "due"
    PREPARED = "prepared"
    VALIDATED = "validated"
    APPROVED = "approved"
    SEALED = "sealed"
    SENDING = "sending"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    RECONCILED = "reconciled"
    SUPERSEDED = "superseded"


class Event(StrEnum):
    """What can happen to a transmission.

    Attributes:
        PREPARE: the file was written from a release and is kept.
        VALIDATE: the validation report of the release has no error.
        APPROVE: a person allows the sending.
        SUPERSEDE: a newer release was prepared for the same obligation and period.
        SEAL: the bytes were read back as prepared; they will not change any more.
        START: the first byte is about to leave.
        HAND_OVER: the channel took the last byte.
        ACKNOWLEDGE: the receiver's receipt is here, and is for what was sent.
        REFUSE: the receiver does not accept the file.
        LOSE: it is not known whether the file arrived.
        FIND: the channel was asked, and the receiver has the file.
        MISS: the channel was asked, and the receiver does not have the file.
    """

    PREPARE = "prepare"
    VALIDATE = "validate"
    APPROVE = "approve"
    SUPERSEDE = "supersede"
    SEAL = "seal"
    START = "start"
    HAND_OVER = "hand over"
    ACKNOWLEDGE = "acknowledge"
    REFUSE = "refuse"
    LOSE = "lose"
    FIND = "find"
    MISS = "miss"

    @property
    def done(self) -> str:
        """The event as it is said of a transmission: ``handed over``."""
        return _DONE[self]


_DONE: Final[Mapping[Event, str]] = {
    Event.PREPARE: "prepared",
    Event.VALIDATE: "validated",
    Event.APPROVE: "approved",
    Event.SUPERSEDE: "superseded",
    Event.SEAL: "sealed",
    Event.START: "started",
    Event.HAND_OVER: "handed over",
    Event.ACKNOWLEDGE: "acknowledged",
    Event.REFUSE: "refused",
    Event.LOSE: "lost from sight",
    Event.FIND: "found at the receiver",
    Event.MISS: "missed at the receiver",
}


TRANSITIONS: Final[Mapping[State, Mapping[Event, State]]] = MappingProxyType(
    {
        State.DUE: {Event.PREPARE: State.PREPARED},
        State.PREPARED: {Event.VALIDATE: State.VALIDATED, Event.SUPERSEDE: State.SUPERSEDED},
        State.VALIDATED: {Event.APPROVE: State.APPROVED, Event.SUPERSEDE: State.SUPERSEDED},
        State.APPROVED: {Event.SEAL: State.SEALED, Event.SUPERSEDE: State.SUPERSEDED},
        State.SEALED: {Event.START: State.SENDING},
        State.SENDING: {Event.HAND_OVER: State.SENT, Event.REFUSE: State.REFUSED, Event.LOSE: State.UNKNOWN},
        State.SENT: {
            Event.ACKNOWLEDGE: State.ACKNOWLEDGED,
            Event.REFUSE: State.REFUSED,
            Event.LOSE: State.UNKNOWN,
        },
        State.ACKNOWLEDGED: {Event.REFUSE: State.REFUSED},
        State.REFUSED: {},
        State.UNKNOWN: {Event.FIND: State.RECONCILED, Event.MISS: State.SEALED, Event.REFUSE: State.REFUSED},
        State.RECONCILED: {Event.REFUSE: State.REFUSED},
        # Prepared again from the release that had been overtaken: it needs a new approval.
        State.SUPERSEDED: {Event.PREPARE: State.PREPARED},
    }
)
"""State to event to the state that follows. What is not here cannot happen."""

UNSEALED: Final = frozenset(state for state, events in TRANSITIONS.items() if Event.SUPERSEDE in events)
"""States in which nothing can have left yet, and which a newer release supersedes."""

DELIVERED: Final = frozenset({State.ACKNOWLEDGED, State.RECONCILED})
"""States in which the receiver has the file and we can show it."""


def step(state: State, event: Event, *, subject: str | None = None) -> State:
    """The state that follows.

    Raises:
        ForbiddenStep: the table has no such step; the error says what would be allowed.

    >>> step(State.SEALED, Event.START)
    <State.SENDING: 'sending'>
    """
    following = TRANSITIONS[state].get(event)
    if following is None:
        raise forbidden(state, event.done, subject=subject)
    return following


def forbidden(state: State, done: str, *, subject: str | None = None, remedy: str = "") -> ForbiddenStep:
    """The error for something that may not be done in a state, naming what may."""
    allowed = [event.done for event in TRANSITIONS[state]]
    return ForbiddenStep(
        f"a transmission that is {state.value} cannot be {done}",
        where=Where(key=subject),
        why=f"from there it can only be: {', '.join(allowed)}" if allowed else f"{state.value} is the end of its life",
        remedy=remedy,
    )

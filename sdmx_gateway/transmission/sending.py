"""Walking a transmission from its approval to its receipt, however often the walk is cut short.

:data:`_WALK` says what to do in each state; the walk goes on until the receiver has the file, has refused it, or has
not answered yet. Whatever happened before (a crash, a lost connection, a second sender) is read from the state, so that
starting again is the whole of recovery:

* the seal is recorded before the channel is called, and so is every attempt;
* one sender at a time walks the transmissions of a recipient; who finds ``sending`` when its turn comes knows that the
  sender before it is dead, and takes the outcome for unknown;
* out of ``unknown`` the channel is asked before anything is sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sdmx_gateway.errors import ChannelError, Where
from sdmx_gateway.transmission.canonical_json import Json
from sdmx_gateway.transmission.channel import Answer, Channel, Parcel, Receipt, Refusal
from sdmx_gateway.transmission.life import DELIVERED, Event, State, forbidden
from sdmx_gateway.transmission.records import Plan, Transmission
from sdmx_gateway.transmission.register import Register
from sdmx_gateway.transmission.sealed_store import SealedStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One walk: by whom, at which instant, through which channel."""

    register: Register
    store: SealedStore
    channel: Channel
    actor: str
    now: datetime

    def walk(self, transmission: Transmission) -> Transmission:
        """Go on from where the transmission stands, as far as it goes.

        Raises:
            ForbiddenStep: it may not be sent from there.
            ChannelError: the channel failed, refused, or gave a receipt for something else; recorded first.
            CorruptSeal: the bytes are no longer those that were prepared.
        """
        while (take := _WALK.get(transmission.state)) is not None:
            before, transmission = transmission, take(self, transmission)
            if transmission == before:
                break
        if transmission.state not in DELIVERED | {State.SENT}:
            raise forbidden(transmission.state, "sent", subject=transmission.id, remedy=_REMEDIES[transmission.state])
        return transmission

    def plan(self, transmission: Transmission) -> Plan:
        """What :meth:`walk` would do. Nothing is recorded and nothing leaves."""
        if transmission.state in _REMEDIES:
            raise forbidden(transmission.state, "sent", subject=transmission.id, remedy=_REMEDIES[transmission.state])
        return Plan(
            transmission=transmission,
            destination=self.channel.describe(self._parcel(transmission)),
            steps=_STEPS.get(transmission.state, ()),
        )

    def seal(self, transmission: Transmission) -> Transmission:
        """Read the bytes back, and record that they are the ones and will stay so."""
        self._parcel(transmission)
        details: dict[str, Json] = {
            "digest": transmission.digest,
            "size": transmission.size,
            "occurrence": transmission.occurrence,
        }
        return self._move(transmission, Event.SEAL, details, sealed_at=self.now)

    def hand_over(self, transmission: Transmission) -> Transmission:
        """Record that the first byte is about to leave, let it leave, and record what came of it."""
        parcel, attempt = self._parcel(transmission), transmission.attempts + 1
        with self.register.writing() as connection:
            transmission = self.register.move(
                connection,
                transmission,
                Event.START,
                actor=self.actor,
                now=self.now,
                details={"attempt": attempt, "channel": transmission.channel},
                attempts=attempt,
            )
            self.register.start_delivery(connection, transmission, self.now)
        try:
            answer = self.channel.deliver(parcel, now=self.now)
        except ChannelError as error:
            self._move(transmission, Event.LOSE, {"why": error.what, "retriable": error.retriable})
            raise
        if not isinstance(answer, Refusal):
            transmission = self._move(transmission, Event.HAND_OVER, {"attempt": attempt})
        return transmission if answer is None else self._take(transmission, parcel, answer, Event.ACKNOWLEDGE)

    def doubt(self, transmission: Transmission) -> Transmission:
        """Take the outcome of a sender that died for unknown."""
        return self._move(transmission, Event.LOSE, {"why": "the sender stopped before it recorded the outcome"})

    def look(self, transmission: Transmission) -> Transmission:
        """Ask whether an uncertain sending arrived."""
        parcel = self._parcel(transmission)
        answer = self.channel.find(parcel, now=self.now)
        if answer is None:
            return self._move(transmission, Event.MISS, {"attempt": transmission.attempts})
        return self._take(transmission, parcel, answer, Event.FIND)

    def collect(self, transmission: Transmission) -> Transmission:
        """Ask for the receipt of a file that was handed over; the same transmission when there is none yet."""
        parcel = self._parcel(transmission)
        answer = self.channel.find(parcel, now=self.now)
        return transmission if answer is None else self._take(transmission, parcel, answer, Event.ACKNOWLEDGE)

    def _take(self, transmission: Transmission, parcel: Parcel, answer: Answer, event: Event) -> Transmission:
        if isinstance(answer, Refusal):
            self._move(transmission, Event.REFUSE, {"why": answer.reason})
            what = f"{transmission.recipient} refused {transmission.occurrence}: {answer.reason}"
            raise ChannelError(what, retriable=False, where=Where(key=transmission.id), remedy=_REMEDIES[State.REFUSED])
        receipt = {"receipt": answer.as_dict()}
        if not answer.is_for(parcel):
            with self.register.writing() as connection:
                self.register.ledger.append(
                    connection,
                    at=self.now,
                    actor=self.actor,
                    event="transmission.wrong_receipt",
                    subject=transmission.id,
                    details=receipt,
                )
            raise _wrong_receipt(transmission, answer)
        with self.register.writing() as connection:
            self.register.end_delivery(connection, transmission, answer)
            return self.register.move(connection, transmission, event, actor=self.actor, now=self.now, details=receipt)

    def _move(
        self, transmission: Transmission, event: Event, details: Mapping[str, Json], **changes: object
    ) -> Transmission:
        with self.register.writing() as connection:
            return self.register.move(
                connection, transmission, event, actor=self.actor, now=self.now, details=details, **changes
            )

    def _parcel(self, transmission: Transmission) -> Parcel:
        return Parcel(
            transmission_id=transmission.id,
            recipient=transmission.recipient,
            name=transmission.occurrence,
            sha256=transmission.digest,
            content=self.store.get(transmission.digest),
        )


_WALK: Final[Mapping[State, Callable[[Sending, Transmission], Transmission]]] = {
    State.APPROVED: Sending.seal,
    State.SEALED: Sending.hand_over,
    State.SENDING: Sending.doubt,
    State.UNKNOWN: Sending.look,
    State.SENT: Sending.collect,
}
_LOOK_FIRST: Final = ("look whether it arrived", "if it did not: hand over the same bytes under the same id")
_STEPS: Final[Mapping[State, tuple[str, ...]]] = {
    State.APPROVED: ("seal the bytes", "hand them over", "record the receipt"),
    State.SEALED: ("hand the sealed bytes over", "record the receipt"),
    State.SENDING: _LOOK_FIRST,
    State.UNKNOWN: _LOOK_FIRST,
    State.SENT: ("ask for the receipt",),
}
_REMEDIES: Final[Mapping[State, str]] = {
    State.PREPARED: "correct what validation found, publish a new release and prepare it",
    State.VALIDATED: "have it approved first",
    State.REFUSED: "read the refusal, correct the data, publish a new release and prepare it",
    State.SUPERSEDED: "send the newer one that took its place",
}


def _wrong_receipt(transmission: Transmission, receipt: Receipt) -> ChannelError:
    return ChannelError(
        f"the receipt for {transmission.occurrence} is not for what was sent",
        retriable=False,
        where=Where(key=transmission.id),
        remedy=f"it names {receipt.sha256[:12]}…, {receipt.size} bytes, sent as {receipt.transmission_id[:12]}…: ask "
        f"{transmission.recipient} what it has",
    )

"""Everything that can be done with transmissions: see what is due, prepare, approve, send, look.

Calling any of it twice is the same as calling it once. Files and channels are reached through what the constructor is
given; the instant is always an argument.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, overload

import sqlalchemy as sa

from sdmx_gateway.errors import FindingsBlock, ForbiddenStep, SettingsError, UsageError, Where
from sdmx_gateway.transmission import tables
from sdmx_gateway.transmission.calendar import check_owed
from sdmx_gateway.transmission.canonical_json import Json
from sdmx_gateway.transmission.channel import Channel, Receipt
from sdmx_gateway.transmission.due import Available, Due, list_due
from sdmx_gateway.transmission.ledger import Ledger
from sdmx_gateway.transmission.life import Event, State
from sdmx_gateway.transmission.obligation import Obligation
from sdmx_gateway.transmission.period import Period
from sdmx_gateway.transmission.records import Delivery, Plan, Transmission, transmission_id
from sdmx_gateway.transmission.register import Register
from sdmx_gateway.transmission.sealed_store import SealedStore, digest_of
from sdmx_gateway.transmission.sending import Sending
from sdmx_gateway.transmission.turn import Turns


class Transmissions:
    """The transmissions of one gateway.

    Args:
        engine: the database, opened by :func:`sdmx_gateway.database.open_database`.
        outbox_store: folder of what is kept: ``sealed/<sha256>`` the files, ``turns/`` the locks.
        obligations: what is owed, by id.
        channels: the ways to recipients, by name.
        second_person: whether a transmission must be approved by another person than the one who prepared it.

    Raises:
        SettingsError: an obligation goes by a channel that is not there; all of them are named.
    """

    def __init__(
        self,
        engine: sa.Engine,
        outbox_store: Path,
        obligations: Mapping[str, Obligation],
        channels: Mapping[str, Channel],
        *,
        second_person: bool,
    ) -> None:
        _check_channels(obligations, channels)
        self._obligations = obligations
        self._channels = channels
        self._second_person = second_person
        self._register = Register(engine)
        self._store = SealedStore(outbox_store / "sealed")
        self._turns = Turns(engine, outbox_store / "turns")

    @property
    def ledger(self) -> Ledger:
        """The record of everything that happened to them."""
        return self._register.ledger

    @property
    def obligations(self) -> Mapping[str, Obligation]:
        """What is owed, by id."""
        return self._obligations

    def due(
        self, now: datetime, available: Callable[[Obligation], Available | None], *, settled: bool = False
    ) -> tuple[Due, ...]:
        """What is owed and not settled, the first deadline first; see :func:`~sdmx_gateway.transmission.due.list_due`."""
        every, known = self._obligations.values(), self._register.transmissions()
        return list_due(every, known, now, available, second_person=self._second_person, settled=settled)

    def prepare(
        self,
        obligation: Obligation,
        period: Period | str,
        *,
        content: bytes,
        release: str,
        report_errors: int,
        actor: str,
        now: datetime,
    ) -> Transmission:
        """Keep a file for sending, and record it; ``validated`` at once when its report has no error.

        The same file of the same release prepared again is the same transmission, as it stands. A new release
        supersedes the transmissions of the period that are not sealed yet.

        Args:
            obligation: what it answers.
            period: reference period, which must be owed.
            content: the file.
            release: number of the release it was written from.
            report_errors: errors in the validation report.
            actor: who prepares.
            now: the instant; aware.

        Raises:
            UsageError: the period is not owed, the file is empty, or nobody is named.
        """
        period = obligation.period(period)
        check_owed(obligation, period, now)
        _check_said(actor)
        if not content:
            raise UsageError(f"the file of {obligation.id} for {period} is empty", why="recipients refuse empty files")
        new = _transmission(
            obligation, period, content, release=release, report_errors=report_errors, actor=actor, now=now
        )
        self._store.put(content)
        with self._register.writing() as connection:
            recorded = self._register.prepare(connection, new)
            if recorded.state is State.PREPARED and report_errors == 0:
                return self._register.move(
                    connection, recorded, Event.VALIDATE, actor=actor, now=now, details={"errors": 0}, report_errors=0
                )
        return recorded

    def approve(self, transmission_id: str, *, actor: str, now: datetime, reason: str = "") -> Transmission:
        """Allow the sending. Approving again what one has approved changes nothing.

        Raises:
            FindingsBlock: its validation report has errors.
            ForbiddenStep: it is not there to be approved, or by the rules of the house another person must.
            UsageError: nobody is named.
        """
        _check_said(actor, reason)
        transmission_id = self.get(transmission_id).id
        with self._register.writing() as connection:
            transmission = self._register.read(connection, transmission_id)
            if transmission.approved_by == actor and transmission.state is not State.SUPERSEDED:
                return transmission
            same = _same_person(actor, transmission.prepared_by)
            _check_may_be_approved(transmission, actor, alone=same and self._second_person)
            details: dict[str, Json] = {
                "reason": reason,
                "second_person_required": self._second_person,
                "same_person": same,
            }
            return self._register.move(
                connection,
                transmission,
                Event.APPROVE,
                actor=actor,
                now=now,
                details=details,
                approved_by=actor,
                approved_at=now,
            )

    @overload
    def send(self, transmission_id: str, *, actor: str, now: datetime, dry_run: Literal[False] = False) -> Delivery: ...
    @overload
    def send(self, transmission_id: str, *, actor: str, now: datetime, dry_run: Literal[True]) -> Plan: ...
    @overload
    def send(self, transmission_id: str, *, actor: str, now: datetime, dry_run: bool) -> Delivery | Plan: ...
    def send(self, transmission_id: str, *, actor: str, now: datetime, dry_run: bool = False) -> Delivery | Plan:
        """Seal and deliver what was approved, or go on with a sending that was cut short: exactly one delivery.

        Sending again is the whole of recovery. Senders to one recipient wait for each other. A delivery whose
        ``version`` is ``None`` was handed over and not acknowledged yet.

        Args:
            transmission_id: which; the first 8 characters are enough when they are its own.
            actor: who sends.
            now: the instant; aware.
            dry_run: only say what would happen.

        Raises:
            ForbiddenStep: it may not be sent from where it stands.
            ChannelError: the channel failed (send again when ``retriable``), or the recipient refused.
            CorruptSeal: the bytes kept are not those that were prepared.
            UsageError: nobody is named.
        """
        _check_said(actor)
        transmission = self.get(transmission_id)
        sending = Sending(
            register=self._register, store=self._store, channel=self._channel(transmission), actor=actor, now=now
        )
        if dry_run:
            return sending.plan(transmission)
        with self._turns.take(transmission.recipient):
            sending.walk(self.get(transmission.id))
        return self._register.deliveries(tables.delivery.c.transmission == transmission.id)[0]

    def refuse(self, transmission_id: str, *, actor: str, now: datetime, reason: str) -> Transmission:
        """Record that the recipient refused it, in answer or after its own checks.

        Raises:
            ForbiddenStep: nothing was sent that could be refused.
            UsageError: nobody or no reason is named.
        """
        _check_said(actor, reason)
        if not reason.strip():
            raise UsageError("a refusal has a reason", remedy="give the recipient's own words")
        known = self.get(transmission_id)
        with self._turns.take(known.recipient), self._register.writing() as connection:
            transmission = self._register.read(connection, known.id)
            return self._register.move(
                connection, transmission, Event.REFUSE, actor=actor, now=now, details={"why": reason}
            )

    def get(self, transmission_id: str) -> Transmission:
        """One transmission, by its id or the only first 8 or more characters of it.

        Raises:
            UnknownTransmission: there is none.
        """
        return self._register.get(transmission_id)

    def status(
        self, *, obligation: str | None = None, period: str | None = None, state: State | None = None
    ) -> tuple[Transmission, ...]:
        """The transmissions there are, in the order they were prepared, those asked for only."""
        wanted = {"obligation": obligation, "period": period, "state": state and state.value}
        columns = tables.transmission.c
        return self._register.transmissions(
            *(columns[name] == text for name, text in wanted.items() if text is not None)
        )

    def deliveries(self) -> tuple[Delivery, ...]:
        """Every handing-over, in the order they were started."""
        return self._register.deliveries()

    def receipts(self) -> tuple[Receipt, ...]:
        """What receivers gave back, in the order the deliveries were started."""
        return tuple(delivery.receipt for delivery in self.deliveries() if delivery.receipt is not None)

    def content(self, transmission_id: str) -> bytes:
        """The file of a transmission, as it was or will be sent.

        Raises:
            CorruptSeal: it is no longer what was prepared.
        """
        return self._store.get(self.get(transmission_id).digest)

    def _channel(self, transmission: Transmission) -> Channel:
        channel = self._channels.get(transmission.channel)
        if channel is None:
            raise SettingsError(
                f"{transmission.occurrence} goes by the channel {transmission.channel!r}, which is not configured",
                remedy=f"configure it again; the channels are: {', '.join(sorted(self._channels))}",
            )
        return channel


def _transmission(
    obligation: Obligation,
    period: Period,
    content: bytes,
    *,
    release: str,
    report_errors: int,
    actor: str,
    now: datetime,
) -> Transmission:
    digest = digest_of(content)
    return Transmission(
        id=transmission_id(
            dataflow=obligation.dataflow,
            period=str(period),
            release=release,
            digest=digest,
            recipient=obligation.recipient,
            obligation=obligation.id,
        ),
        obligation=obligation.id,
        recipient=obligation.recipient,
        dataflow=obligation.dataflow,
        period=str(period),
        release=release,
        digest=digest,
        size=len(content),
        occurrence=obligation.occurrence(period),
        channel=obligation.channel,
        state=State.DUE,
        report_errors=report_errors,
        number=0,
        prepared_by=actor,
        prepared_at=now,
        approved_by=None,
        approved_at=None,
        sealed_at=None,
        attempts=0,
        changed_at=now,
    )


def _check_may_be_approved(transmission: Transmission, actor: str, *, alone: bool) -> None:
    if transmission.state is State.PREPARED:
        errors = transmission.report_errors
        what = f"{transmission.occurrence} cannot be approved: its report has {errors} error{'s' * (errors != 1)}"
        raise FindingsBlock(what, remedy="correct the data, publish a new release and prepare it")
    if alone:
        raise ForbiddenStep(
            f"{actor} prepared {transmission.occurrence} and cannot approve it too",
            where=Where(key=transmission.id),
            why="two different people must agree (setting second_person)",
            remedy="have somebody else approve it",
        )


def _check_said(actor: str, reason: str = "") -> None:
    """Refuse what cannot stand in a ledger: nobody, and text with control or half characters (Unicode Cc, Cs)."""
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in reason if character != "\n"):
        raise UsageError(f"the reason {reason!r} holds characters that cannot be printed")
    if not actor.strip() or not actor.isprintable():
        raise UsageError(
            f"{actor!r} is nobody: every step is taken by somebody", remedy="say who acts, e.g. --as j.martin"
        )


def _same_person(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _check_channels(obligations: Mapping[str, Obligation], channels: Mapping[str, Channel]) -> None:
    lines = []
    for obligation in obligations.values():
        if obligation.channel not in channels:
            near = get_close_matches(obligation.channel, list(channels), n=1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            lines.append(f"{obligation.id} goes by {obligation.channel!r}{hint}")
    if lines:
        remedy = f"configure them in gateway.toml, or use one of: {', '.join(sorted(channels)) or 'none is configured'}"
        raise SettingsError("obligations go by channels that are not configured", why="; ".join(lines), remedy=remedy)

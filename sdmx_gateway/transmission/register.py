"""Where transmissions and deliveries are recorded: each step in one SQL transaction with its ledger entry.

There is one way to change a state, :meth:`Register.move`; it asks the table of life, changes the row only if it is
still as it was read, and appends to the ledger. A sender that was overtaken while it slept is refused there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sdmx_gateway.errors import ForbiddenStep, UnknownTransmission, Where
from sdmx_gateway.transmission import tables
from sdmx_gateway.transmission.canonical_json import Json, canonical_json
from sdmx_gateway.transmission.channel import Receipt
from sdmx_gateway.transmission.ledger import Ledger
from sdmx_gateway.transmission.life import UNSEALED, Event, State, step
from sdmx_gateway.transmission.records import Delivery, Transmission


class Register:
    """The transmissions and deliveries of one database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self.ledger = Ledger(engine)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction in which nobody else writes: all of it is recorded, or nothing."""
        with self._engine.begin() as connection:
            self.ledger.lock(connection)
            yield connection

    def get(self, transmission_id: str) -> Transmission:
        """The transmission of that id, or of the only id that starts so (8 characters at least).

        Raises:
            UnknownTransmission: there is none, or more than one.
        """
        found = self.transmissions(tables.transmission.c.id == transmission_id)
        if not found and len(transmission_id) >= 8 and transmission_id.isalnum():
            found = self.transmissions(tables.transmission.c.id.startswith(transmission_id))
        if len(found) != 1:
            why = f"{len(found)} transmissions have an id that starts so" if found else ""
            remedy = "see the ids with: sdmx-gateway transmit status"
            raise UnknownTransmission(f"there is no transmission {transmission_id!r}", why=why, remedy=remedy)
        return found[0]

    def read(self, connection: sa.Connection, transmission_id: str) -> Transmission:
        """The transmission as it stands inside a transaction."""
        table = tables.transmission
        return Transmission.from_row(connection.execute(sa.select(table).where(table.c.id == transmission_id)).one())

    def transmissions(self, *conditions: sa.ColumnElement[bool]) -> tuple[Transmission, ...]:
        """The transmissions for which all conditions hold, in the order they were prepared."""
        query = sa.select(tables.transmission).where(*conditions).order_by(tables.transmission.c.number)
        with self._engine.connect() as connection:
            return tuple(map(Transmission.from_row, connection.execute(query)))

    def deliveries(self, *conditions: sa.ColumnElement[bool]) -> tuple[Delivery, ...]:
        """The deliveries for which all conditions hold, in the order they were started."""
        query = (
            sa.select(tables.delivery)
            .where(*conditions)
            .order_by(tables.delivery.c.started_at, tables.delivery.c.transmission)
        )
        with self._engine.connect() as connection:
            return tuple(map(Delivery.from_row, connection.execute(query)))

    def prepare(self, connection: sa.Connection, new: Transmission) -> Transmission:
        """Record a new transmission, or again one that was superseded; others of its period not yet sealed give way."""
        table = tables.transmission
        known = connection.execute(sa.select(table).where(table.c.id == new.id)).first()
        if known is not None and known.state != State.SUPERSEDED:
            return Transmission.from_row(known)
        before = Transmission.from_row(known) if known is not None else replace(new, state=State.DUE)
        self._supersede_others(connection, new)
        number = self.ledger.lock(connection).seq + 1
        fresh = replace(new, state=step(before.state, Event.PREPARE), number=number)
        row = {name: getattr(fresh, name) for name in Transmission.__dataclass_fields__}
        row.update(dataflow=str(fresh.dataflow), state=fresh.state.value)
        if known is None:
            connection.execute(table.insert().values(row))
        else:
            connection.execute(table.update().where(table.c.id == new.id).values(row))
        details = {name: row[name] for name in _PREPARED_DETAILS}
        self._enter(connection, before, Event.PREPARE, fresh.state, new.prepared_by, new.prepared_at, details)
        return fresh

    def move(
        self,
        connection: sa.Connection,
        transmission: Transmission,
        event: Event,
        *,
        actor: str,
        now: datetime,
        details: Mapping[str, Json] | None = None,
        **changes: Any,
    ) -> Transmission:
        """Take a step: the new state, other columns that change with it, and the ledger entry.

        Raises:
            ForbiddenStep: the life of a transmission has no such step, or somebody took one meanwhile.
        """
        state = step(transmission.state, event, subject=transmission.id)
        table = tables.transmission
        unchanged = (
            table.c.id == transmission.id,
            table.c.state == transmission.state.value,
            table.c.number == transmission.number,
            table.c.attempts == transmission.attempts,
        )
        values = {"state": state.value, "changed_at": now, **changes}
        if connection.execute(table.update().where(*unchanged).values(values)).rowcount != 1:
            raise ForbiddenStep(
                f"the transmission is no longer {transmission.state.value}",
                where=Where(key=transmission.id),
                why="somebody else took a step meanwhile",
                remedy="look where it stands now, then decide",
            )
        self._enter(connection, transmission, event, state, actor, now, details or {})
        return replace(transmission, state=state, changed_at=now, **changes)

    def start_delivery(self, connection: sa.Connection, transmission: Transmission, now: datetime) -> None:
        """Record that a sending starts: the delivery's row at the first attempt, its count at the others."""
        table = tables.delivery
        again = table.update().where(*_row_of(transmission)).values(attempts=transmission.attempts)
        if connection.execute(again).rowcount:
            return
        names = {
            "recipient": transmission.recipient,
            "channel": transmission.channel,
            "occurrence": transmission.occurrence,
        }
        first = {"transmission": transmission.id, "attempts": transmission.attempts, "started_at": now, **names}
        connection.execute(table.insert().values(first))

    def end_delivery(self, connection: sa.Connection, transmission: Transmission, receipt: Receipt) -> None:
        """Record what the receiver gave back."""
        values = {
            "delivered_at": receipt.delivered_at,
            "version": receipt.version,
            "receipt": canonical_json(receipt.as_dict()),
        }
        connection.execute(tables.delivery.update().where(*_row_of(transmission)).values(values))

    def _supersede_others(self, connection: sa.Connection, new: Transmission) -> None:
        table = tables.transmission
        query = sa.select(table).where(
            table.c.obligation == new.obligation,
            table.c.period == new.period,
            table.c.id != new.id,
            table.c.state.in_([state.value for state in UNSEALED]),
        )
        for row in connection.execute(query.order_by(table.c.number)).all():
            old, details = Transmission.from_row(row), {"by": new.id, "release": new.release}
            self.move(connection, old, Event.SUPERSEDE, actor=new.prepared_by, now=new.prepared_at, details=details)

    def _enter(  # noqa: PLR0917 - what an entry says
        self,
        connection: sa.Connection,
        transmission: Transmission,
        event: Event,
        state: State,
        actor: str,
        now: datetime,
        details: Mapping[str, Json],
    ) -> None:
        said = {"from": transmission.state.value, "to": state.value, **details}
        name = f"transmission.{event.value.replace(' ', '_')}"
        self.ledger.append(connection, at=now, actor=actor, event=name, subject=transmission.id, details=said)


_PREPARED_DETAILS = (
    *("obligation", "recipient", "dataflow", "period", "release", "digest", "size", "occurrence", "channel"),
    "report_errors",
)


def _row_of(transmission: Transmission) -> tuple[sa.ColumnElement[bool], ...]:
    table = tables.delivery
    return table.c.transmission == transmission.id, table.c.recipient == transmission.recipient

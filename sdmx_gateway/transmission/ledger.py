"""The append-only, hash-chained record of everything that happened, and the proof that it still says so.

Each entry carries the hash of the one before it, and its own hash is the SHA-256 of the canonical JSON of all it says,
that one included: whoever changes, removes, inserts or reorders entries must rewrite every later one, and the head.
An insider who can write the whole database can do even that; who keeps the head elsewhere (printed, sent with a report,
time-stamped) and hands it to :meth:`Ledger.verify` sees it.

Entries are in the order of their numbers, never of their instants: clocks are set back, the ledger is not. An entry is
appended inside the transaction that changes what it is about: there is no state without its entry, and no entry
without its state.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from sdmx_gateway.errors import BrokenLedger
from sdmx_gateway.transmission.canonical_json import Json, canonical_json, quoted
from sdmx_gateway.transmission.instant import instant_text, read_instant
from sdmx_gateway.transmission.tables import GENESIS, create_tables, ledger, ledger_head

_FETCHED_AT_ONCE: Final = 10_000
_REMEDY: Final = (
    "stop sending; restore the database from a backup whose head is known, and find out who could write to it"
)


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a ledger: number and hash. Zero entries have the hash of 64 zeros."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: when, who, what, to what, and what else is known of it."""

    seq: int
    at: datetime
    actor: str
    event: str
    subject: str
    details: Mapping[str, Any]
    previous: str
    hash: str


class Ledger:
    """The ledger of one database. The tables are made when they are not there."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        create_tables(engine)

    def lock(self, connection: sa.Connection) -> Head:
        """The head, held until the transaction ends: other writers wait."""
        row = connection.execute(sa.select(ledger_head.c.seq, ledger_head.c.hash).with_for_update()).one()
        return Head(row.seq, row.hash)

    def append(
        self,
        connection: sa.Connection,
        *,
        at: datetime,
        actor: str,
        event: str,
        subject: str,
        details: Mapping[str, Json] | None = None,
    ) -> Head:
        """Add an entry inside the caller's transaction, and give the new head.

        Args:
            connection: a connection in a transaction; the entry lives or dies with it.
            at: when it happened; aware.
            actor: who did it.
            event: what happened, e.g. ``transmission.seal``.
            subject: what it happened to, e.g. a transmission's id.
            details: what else is known; no floating-point numbers.
        """
        head = self.lock(connection)
        seq, when, text = head.seq + 1, instant_text(at), canonical_json(details or {})
        hashed = _hash(seq, when, actor, event, subject, text, head.hash)
        row = {"seq": seq, "at": when, "actor": actor, "event": event, "subject": subject, "details": text}
        connection.execute(ledger.insert().values(**row, previous=head.hash, hash=hashed))
        connection.execute(ledger_head.update().values(seq=seq, hash=hashed))
        return Head(seq, hashed)

    def head(self) -> Head:
        """The last entry, to keep somewhere else."""
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(ledger_head.c.seq, ledger_head.c.hash)).one()
        return Head(row.seq, row.hash)

    def entries(self, subject: str | None = None) -> tuple[Entry, ...]:
        """The entries, oldest first; those about one subject when it is named."""
        query = sa.select(ledger).order_by(ledger.c.seq)
        if subject is not None:
            query = query.where(ledger.c.subject == subject)
        with self._engine.connect() as connection:
            return tuple(_entry(row) for row in connection.execute(query))

    def verify(self, *, anchor: Head | None = None) -> Head:
        """Prove that every entry is what was written, and give the head.

        Args:
            anchor: a head kept outside the database; it must still be an entry of the ledger.

        Raises:
            BrokenLedger: names the first entry that is wrong, out of its place, or gone.
        """
        with self._engine.connect() as connection:
            recorded = connection.execute(sa.select(ledger_head.c.seq, ledger_head.c.hash)).one_or_none()
            query = sa.select(ledger).order_by(ledger.c.seq).execution_options(yield_per=_FETCHED_AT_ONCE)
            head = _check_chain(iter(connection.execute(query)), anchor)
        if recorded is None or (recorded.seq, recorded.hash) != (head.seq, head.hash):
            first = head.seq + 1 if recorded is None or recorded.seq > head.seq else min(head.seq, recorded.seq + 1)
            kept = "is gone" if recorded is None else f"names entry {recorded.seq}"
            raise _broken(first, f"the ledger ends with entry {head.seq}, and the head {kept}")
        return head


def _check_chain(rows: Iterator[Any], anchor: Head | None) -> Head:
    head = Head(0, GENESIS)
    for row in rows:
        expected = head.seq + 1
        if row.seq != expected:
            raise _broken(expected, f"entry {expected} is gone: entry {row.seq} comes after entry {head.seq}")
        if row.previous != head.hash:
            raise _broken(expected, f"entry {expected} does not follow from entry {head.seq}")
        head = Head(expected, row.hash)
        if row.hash != _hash(row.seq, row.at, row.actor, row.event, row.subject, row.details, row.previous):
            raise _broken(expected, f"entry {expected} is not what was written")
        if anchor is not None and anchor.seq == expected and anchor.hash != row.hash:
            raise _broken(expected, f"entry {expected} is not the one the anchor names: the ledger was written anew")
    if anchor is not None and anchor.seq > head.seq:
        raise _broken(head.seq + 1, f"the anchor names entry {anchor.seq}, the ledger ends with entry {head.seq}")
    return head


def _broken(entry: int, what: str) -> BrokenLedger:
    return BrokenLedger(f"the ledger is broken at entry {entry}", entry=entry, why=what, remedy=_REMEDY)


def _hash(seq: int, at: str, actor: str, event: str, subject: str, details: str, previous: str) -> str:  # noqa: PLR0917
    """SHA-256 of the canonical JSON of an entry; ``details`` is canonical JSON already and goes in as it is."""
    text = (
        f'{{"actor":{quoted(actor)},"at":{quoted(at)},"details":{details},"event":{quoted(event)},'
        f'"previous":{quoted(previous)},"seq":{seq},"subject":{quoted(subject)}}}'
    )
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _entry(row: Any) -> Entry:
    details = json.loads(row.details)
    return Entry(row.seq, read_instant(row.at), row.actor, row.event, row.subject, details, row.previous, row.hash)

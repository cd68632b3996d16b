"""The SQL tables of transmissions, deliveries and the ledger, in statements SQLite and PostgreSQL both take.

A transmission is what we send; a delivery is what one receiver got, with the version number that receiver gave it. Two
tables, as in EDAMIS's two reports (Data File Traffic, Delivery): the version is known only when it is acknowledged.
Instants and digests are text, so that what was hashed is what is held.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from sdmx_gateway.transmission.instant import Instant

METADATA: Final = sa.MetaData()
GENESIS: Final = "0" * 64
"""What the first entry of the ledger follows from."""
_SCHEMA_LOCK: Final = 0x53444D58  # "SDMX": any number will do that others do not take

transmission: Final = sa.Table(
    "transmission",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("obligation", sa.String(64), nullable=False),
    sa.Column("recipient", sa.String(32), nullable=False),
    sa.Column("dataflow", sa.Text, nullable=False),
    sa.Column("period", sa.String(10), nullable=False),
    sa.Column("release", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("occurrence", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("report_errors", sa.Integer, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("prepared_by", sa.Text, nullable=False),
    sa.Column("prepared_at", Instant, nullable=False),
    sa.Column("approved_by", sa.Text),
    sa.Column("approved_at", Instant),
    sa.Column("sealed_at", Instant),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Index("transmission_of", "obligation", "period"),
)

delivery: Final = sa.Table(
    "delivery",
    METADATA,
    sa.Column("transmission", sa.String(64), sa.ForeignKey("transmission.id"), primary_key=True),
    sa.Column("recipient", sa.String(32), primary_key=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("occurrence", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("delivered_at", Instant),
    sa.Column("version", sa.Text),
    sa.Column("receipt", sa.Text),
)

ledger: Final = sa.Table(
    "ledger",
    METADATA,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(27), nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("details", sa.Text, nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Index("ledger_subject", "subject"),
)

# One row: the last entry. Writers queue on it, and an entry cut off the end of the ledger is missed.
ledger_head: Final = sa.Table(
    "ledger_head",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
HEAD_ID: Final = 1


def create_tables(engine: sa.Engine) -> None:
    """Make the tables that are not there yet. Any number of processes may do so at once."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_SCHEMA_LOCK)))
        METADATA.create_all(connection)
        if connection.execute(sa.select(ledger_head.c.id)).first() is None:
            connection.execute(ledger_head.insert().values(id=HEAD_ID, seq=0, hash=GENESIS))

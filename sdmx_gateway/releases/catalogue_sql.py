"""The record of releases in SQL: what is published, in which order, and until when it is kept back.

A release exists when its row does; a folder without a row is a leftover. One row of ``released_flows`` per dataflow
is what publishers queue for: taking it (``INSERT … ON CONFLICT DO UPDATE``) locks it on PostgreSQL until the
transaction ends, and SQLite lets one writer in at a time anyway. The same statements run on both.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from sdmx_gateway.errors import StoreError
from sdmx_gateway.releases.instant import from_text, to_text, utc
from sdmx_gateway.releases.release import Release
from sdmx_gateway.structures.model import Urn

SCHEMA_VERSION: Final = 1
"""The form of the tables below; a database that says more was written by a later gateway."""

_SCHEMA_LOCK: Final = 0x53444D58  # "SDMX": the advisory lock under which the tables are made


class Instant(sa.TypeDecorator[datetime]):
    """An aware instant, held as text that sorts as time does."""

    impl = sa.String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: sa.Dialect) -> str | None:
        return None if value is None else to_text(value)

    def process_result_value(self, value: str | None, _dialect: sa.Dialect) -> datetime | None:
        return None if value is None else from_text(value)


class UrnText(sa.TypeDecorator[Urn]):
    """A URN, held as its text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Urn | None, _dialect: sa.Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, _dialect: sa.Dialect) -> Urn | None:
        return None if value is None else Urn.parse(value)


METADATA: Final = sa.MetaData()

SCHEMA: Final = sa.Table("releases_schema", METADATA, sa.Column("version", sa.Integer, primary_key=True))

FLOWS: Final = sa.Table("released_flows", METADATA, sa.Column("dataflow", UrnText, primary_key=True))

RELEASES: Final = sa.Table(
    "releases",
    METADATA,
    sa.Column("dataflow", UrnText, sa.ForeignKey("released_flows.dataflow"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("structure", UrnText, nullable=False),
    sa.Column("published_at", Instant, nullable=False),
    sa.Column("embargo_until", Instant),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("observations", sa.BigInteger, nullable=False),
    sa.Column("added", sa.BigInteger, nullable=False),
    sa.Column("revised", sa.BigInteger, nullable=False),
    sa.Column("requalified", sa.BigInteger, nullable=False),
    sa.Column("withdrawn", sa.BigInteger, nullable=False),
    sa.Column("first_period", sa.Text),
    sa.Column("last_period", sa.Text),
    sa.Column("path", sa.Text, nullable=False, unique=True),
    sa.Column("approved_by", sa.Text, nullable=False),
    sa.Column("edition", sa.Text),
    sa.Column("document_sha256", sa.String(64), nullable=False),
)

_COUNTS: Final = ("added", "revised", "requalified", "withdrawn")
_AS_THEY_ARE: Final = (
    "dataflow", "number", "structure", "published_at", "embargo_until", "digest", "observations", "path", "approved_by", "edition",
)  # fmt: skip
_TAKE_FLOW: Final = sa.text(
    "INSERT INTO released_flows (dataflow) VALUES (:dataflow) "
    "ON CONFLICT (dataflow) DO UPDATE SET dataflow = excluded.dataflow"
)


def create(engine: sa.Engine) -> None:
    """Make the tables where they are not there.

    Raises:
        StoreError: the database was written by a later gateway.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_SCHEMA_LOCK)))
        METADATA.create_all(connection)
        version = connection.scalar(sa.select(sa.func.max(SCHEMA.c.version)))
        if version is None:
            connection.execute(SCHEMA.insert().values(version=SCHEMA_VERSION))
        elif version > SCHEMA_VERSION:
            raise StoreError(
                f"the database holds releases in schema {version}, this gateway knows {SCHEMA_VERSION}",
                why="a later version of the gateway wrote it",
                remedy="install that version, or a later one",
            )


def take(connection: sa.Connection, dataflow: Urn) -> Release | None:
    """Wait to be the only publisher of a flow until the transaction ends; its last release."""
    connection.execute(_TAKE_FLOW, {"dataflow": str(dataflow)})
    return newest(connection, dataflow)


def record(connection: sa.Connection, release: Release, *, document_sha256: str) -> None:
    """Add a release."""
    first, last = release.periods or (None, None)
    row: dict[str, Any] = {name: getattr(release, name) for name in _AS_THEY_ARE}
    row |= {name: release.changes[name] for name in _COUNTS}
    row |= {"first_period": first, "last_period": last, "document_sha256": document_sha256}
    connection.execute(RELEASES.insert().values(row))


def newest(connection: sa.Connection, dataflow: Urn, *conditions: sa.ColumnElement[bool]) -> Release | None:
    """The release of the highest number that meets the conditions."""
    found = sa.select(RELEASES).where(RELEASES.c.dataflow == dataflow, *conditions)
    row = connection.execute(found.order_by(RELEASES.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else _release(row)


def every(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> tuple[Release, ...]:
    """The releases that meet the conditions, by dataflow and number."""
    found = sa.select(RELEASES).where(*conditions).order_by(RELEASES.c.dataflow, RELEASES.c.number)
    return tuple(_release(row) for row in connection.execute(found))


def document_digest(connection: sa.Connection, release: Release) -> str | None:
    """The sha256 of a release's ``release.json``; ``None`` when the release is not recorded."""
    same = (RELEASES.c.dataflow == release.dataflow, RELEASES.c.number == release.number)
    return connection.scalar(sa.select(RELEASES.c.document_sha256).where(*same))


def published_by(instant: datetime) -> sa.ColumnElement[bool]:
    """The condition that a release was recorded by then."""
    return RELEASES.c.published_at <= utc(instant)


def free_by(instant: datetime) -> sa.ColumnElement[bool]:
    """The condition that no embargo holds a release back at that instant; at its very instant an embargo is over."""
    return sa.or_(RELEASES.c.embargo_until.is_(None), RELEASES.c.embargo_until <= utc(instant))


def _release(row: sa.Row[Any]) -> Release:
    return Release(
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
        changes={name: getattr(row, name) for name in _COUNTS},
        periods=None if row.first_period is None else (row.first_period, row.last_period),
    )

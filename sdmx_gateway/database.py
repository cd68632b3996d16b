"""Opening the one SQL database that holds the release catalogue and the ledger.

SQLite in WAL mode with ``synchronous=FULL`` by default: with ``NORMAL``, a power cut loses commits already acknowledged.
PostgreSQL by URL (``postgresql+psycopg://…``).
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

_READING: Final = "sdmx_gateway_reading"
_WAIT: Final = 30  # seconds a writer waits for another
_PAUSE: Final = 0.02  # seconds


def open_database(url: str) -> sa.Engine:
    """An engine on the database at ``url``; the folder of a SQLite file is made when it is not there."""
    parsed = sa.make_url(url)
    engine = sa.create_engine(parsed)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        sa.event.listen(engine, "connect", _make_durable)
        sa.event.listen(engine, "begin", _begin_immediately)
    return engine


def readers(engine: sa.Engine) -> sa.Engine:
    """The same engine, its transactions only for reading: on SQLite they neither wait for a writer nor hold one up."""
    return engine.execution_options(**{_READING: True})


def _make_durable(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are opened by _begin_immediately
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_WAIT * 1000}")
    _write_ahead(cursor)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Of two who make a new database at once, SQLite turns one away without waiting: that one asks again."""
    until = time.monotonic() + _WAIT
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _begin_immediately(connection: sa.Connection) -> None:
    reading = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

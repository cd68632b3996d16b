"""One at a time: a turn that is kept across threads and processes, and ends when its holder dies.

A lease in a table would have to run out before anyone may go on after a crash, and could run out under a slow sender.
A lock held by the operating system (``flock``) or by a database session (PostgreSQL's advisory locks) ends with its
holder, at once and always. On PostgreSQL, turns also hold between machines.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from sdmx_gateway.transmission.durable_file import make_folder


@contextmanager
def file_turn(path: Path) -> Iterator[None]:
    """Hold the turn of a file (made when it is not there), after whoever holds it now."""
    make_folder(path.parent)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)  # ends the turn


class Turns:
    """The turns of one gateway, by name.

    Turns of the same name exclude each other; a turn is not taken twice by one holder.
    """

    def __init__(self, engine: sa.Engine, folder: Path) -> None:
        self._folder = folder
        # Sessions of their own: a queue for a turn must not use up the connections its holder needs.
        shared = engine.dialect.name == "postgresql"
        self._sessions = (
            sa.create_engine(engine.url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT") if shared else None
        )

    @contextmanager
    def take(self, name: str) -> Iterator[None]:
        """Hold the turn of a name."""
        if self._sessions is None:
            with file_turn(self._folder / f"{name}.lock"):
                yield
            return
        key = int.from_bytes(hashlib.sha256(f"sdmx_gateway:{name}".encode()).digest()[:8], "big", signed=True)
        with self._sessions.connect() as connection:  # closing the session ends the turn
            connection.execute(sa.select(sa.func.pg_advisory_lock(key)))
            yield

"""Starts senders and kills them. A script: one JSON job per line in, one line out for each.

It forks, so that a sender starts in milliseconds, and must not have threads; hence a process of its own. A job::

    {"folder": …, "url": …, "walk": "one year", "kill_at": n}              SIGKILL before the n-th change outside Python
    {"folder": …, "url": …, "walk": "fifty years", "kill_after": seconds}  SIGKILL from outside
    {"folder": …, "url": …, "walk": "one year", "senders": 20}             all at once

The answer is the list of how the senders ended: 0, or minus the signal.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from transmission_world import NOW, World

CALLS = ("link", "fsync", "mkdir", "unlink")
READS = ("SELECT", "PRAGMA", "SHOW")
YEARS = [str(year) for year in range(1976, 2026)]


def walk(world: World, kind: str) -> None:
    gateway = world.gateway()
    for year in YEARS if kind == "fifty years" else ["2024"]:
        gateway.send(world.approved(gateway, period=year).id, actor="bob", now=NOW)


class HalfWritten:
    """A file whose content is written in two halves: it can be found empty, half there, and whole."""

    def __init__(self, file: Any, tick: Callable[[], None]) -> None:
        self._file, self._tick = file, tick

    def __enter__(self) -> HalfWritten:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, content: bytes) -> None:
        self._tick()
        self._file.write(content[: len(content) // 2])
        self._file.flush()
        self._tick()
        self._file.write(content[len(content) // 2 :])

    def flush(self) -> None:
        self._file.flush()


def die_at(n: int, engine: sa.Engine) -> None:
    """Arm the process: SIGKILL to itself before the n-th call that changes a file, a folder or the database."""
    left = [n]

    def tick(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            tick()
            return real(*args, **named)

        return call

    for name in CALLS:
        setattr(os, name, counted(getattr(os, name)))
    fdopen = os.fdopen
    os.fdopen = lambda *args: HalfWritten(fdopen(*args), tick)  # type: ignore[assignment,return-value]
    sa.event.listen(engine, "commit", tick)
    sa.event.listen(engine, "before_cursor_execute", lambda *said: said[2].startswith(READS) or tick())


def start(job: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    ended = 1
    try:
        world = World(Path(job["folder"]), job["url"])
        if "kill_at" in job:
            die_at(job["kill_at"], world.engine)
        walk(world, job["walk"])
        ended = 0
    finally:  # a fork never goes back to where it came from
        if ended:
            traceback.print_exception(*sys.exc_info())
        os._exit(ended)


def main() -> None:
    for line in sys.stdin:
        job = json.loads(line)
        senders = [start(job) for _ in range(job.get("senders", 1))]
        if "kill_after" in job:
            time.sleep(job["kill_after"])
            for pid in senders:
                os.kill(pid, signal.SIGKILL)
        ends = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in senders]
        print(json.dumps(ends), flush=True)


if __name__ == "__main__":
    main()

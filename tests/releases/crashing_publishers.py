"""Run as a script: publishers that are killed (SIGKILL) at a chosen call or at a random moment, or run out of disk space.

Every publisher is a process of its own, forked before polars has started its threads. After each death all that is
recorded must be whole, and the next publisher must get through and leave nothing lying about. What is printed is
JSON: how many were killed, and where.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from release_samples import counts, publish

from sdmx_gateway.database import open_database
from sdmx_gateway.errors import StoreError
from sdmx_gateway.releases import ReleaseStore

FILE_CALLS = ("open", "mkdir", "rename", "fsync", "unlink", "rmdir")


def on_every_call(
    engine: sa.Engine, act: Callable[[str], None], *, patch: Callable[[Any, str, Any], None] = setattr
) -> None:
    """Call ``act`` before every file call of Python and before and after every commit, from now on."""

    def watched(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def watching(*arguments: Any, **options: Any) -> Any:
            act(name)
            return call(*arguments, **options)

        return watching

    def committing(connection: Any, commit: Callable[[Any], None] = engine.dialect.do_commit) -> None:
        act("commit")
        commit(connection)
        act("committed")

    for name in FILE_CALLS:
        patch(os, name, watched(name, getattr(os, name)))
    patch(engine.dialect, "do_commit", committing)


def in_a_process(job: Callable[[int], None]) -> tuple[int, int]:
    """Start a process that does the job, given the end of a pipe to speak into; its id and the end to listen to."""
    hear, speak = os.pipe()
    child = os.fork()
    if child:
        os.close(speak)
        return child, hear
    os.close(hear)
    code = 1
    try:
        job(speak)
        code = 0
    finally:
        if code:
            traceback.print_exc()
        os._exit(code)


def ended(child: int, hear: int) -> tuple[int, str]:
    """Wait for a process: its exit code (negative: the signal that killed it) and what it said."""
    with os.fdopen(hear, "r") as ear:
        said = ear.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said


class Trials:
    """Crashes and recoveries of one store."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.database = folder, database
        self.publications = 0

    def open(self) -> tuple[ReleaseStore, sa.Engine]:
        engine = open_database(self.database)
        return ReleaseStore(self.folder, engine), engine

    def whole(self, acknowledged: frozenset[int] = frozenset()) -> set[str]:
        """Prove that all that is recorded is there and sound; what else lies among the releases."""
        store, engine = self.open()
        history = store.history()
        for release in history:
            store.verify(release)
        engine.dispose()
        numbers = [release.number for release in history]
        assert numbers == list(range(1, len(numbers) + 1))
        assert acknowledged <= set(numbers), acknowledged - set(numbers)
        return {entry.name for entry in (self.folder / "FR_MADE_UP" / "CRIME" / "1.0").iterdir()} - set(
            map(str, numbers)
        )

    def recovered(self) -> None:
        """Publish as if nothing had happened."""
        assert self.killed_at("never") is None
        assert not self.whole()

    def killed_at(self, place: int | str) -> str | None:
        """Publish, and be killed at the call of that number or name; its name, or ``None`` when it never came."""

        self.publications += 1

        def job(speak: int) -> None:
            store, engine = self.open()
            calls: list[str] = []

            def act(name: str) -> None:
                calls.append(name)
                if place in {name, len(calls)}:
                    os.write(speak, name.encode())
                    os.kill(os.getpid(), signal.SIGKILL)

            on_every_call(engine, act)
            publish(store, counts(self.publications))

        code, said = ended(*in_a_process(job))
        assert code in {0, -signal.SIGKILL}, code
        return said if code else None

    def killed_at_random(self, chance: random.Random, turn: int) -> set[int]:
        """Two publishers at once, each killed at a random moment; the numbers of the releases they acknowledged."""

        def job(speak: int) -> None:
            store, _ = self.open()
            os.write(speak, b"0\n")
            for n in range(1_000):
                release, _ = publish(store, counts(turn, n, os.getpid()))
                os.write(speak, f"{release.number}\n".encode())

        publishers = [in_a_process(job) for _ in range(2)]
        for child, hear in publishers:
            os.read(hear, 2)  # ready
            time.sleep(chance.uniform(0, 0.1))
            os.kill(child, signal.SIGKILL)
        endings = [ended(*publisher) for publisher in publishers]
        assert all(code == -signal.SIGKILL for code, _ in endings), endings
        return {int(line) for _, said in endings for line in said.splitlines() if line} - {0}


def kill_at_every_call(trials: Trials) -> dict[str, Any]:
    """Be killed at the first call, the second, … until a publication gets through.

    Before each, another is killed when all is done but the commit: the publisher has its leftovers to sweep.
    """
    deaths: list[str] = []
    while True:
        assert trials.killed_at("commit") == "commit"
        assert len(trials.whole()) == 1
        death = trials.killed_at(len(deaths) + 1)
        if death is None:
            assert not trials.whole()
            return {"deaths": deaths}
        deaths.append(death)


def run_out_of_space(trials: Trials) -> dict[str, Any]:
    """Publish with room for ever larger files only (RLIMIT_FSIZE), until it is enough."""
    trials.recovered()
    refusals: list[int] = []

    def job(speak: int) -> None:
        store, _ = trials.open()
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
        try:
            publish(store, counts(*range(room, room + 2_000)))
        except StoreError as error:
            os.write(speak, b"refused" if error.retriable else b"refused for good")

    for room in (0, 1, 999, *(1_500 * 2**n for n in range(12))):
        code, said = ended(*in_a_process(job))
        assert code == 0
        assert all(leftover.isdigit() for leftover in trials.whole())  # at most the folder of an unrecorded release
        if not said:
            return {"refusals": refusals}
        assert said == "refused"
        refusals.append(room)
        trials.recovered()
    raise AssertionError("there was never room enough")


def kill_at_random(trials: Trials, rounds: int, seed: int) -> dict[str, Any]:
    """Be killed at random moments, twice a round."""
    chance = random.Random(seed)
    acknowledged: frozenset[int] = frozenset()
    for turn in range(rounds):
        acknowledged |= trials.killed_at_random(chance, turn)
        trials.whole(acknowledged)
    trials.recovered()
    return {"kills": 2 * rounds, "acknowledged": len(acknowledged)}


if __name__ == "__main__":
    _, what, where, url, *numbers = sys.argv
    run = {"every-call": kill_at_every_call, "random": kill_at_random, "no-space": run_out_of_space}[what]
    print(json.dumps(run(Trials(Path(where), url), *map(int, numbers))))

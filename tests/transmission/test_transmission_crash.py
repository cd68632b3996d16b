from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from transmission_crash import YEARS
from transmission_world import CONTENT, NAME, NOW, World

from sdmx_gateway.transmission import DELIVERED, Transmissions

KILLED = -signal.SIGKILL
SEED = 20261124
RANDOM_KILLS = 48
Senders = Callable[..., list[int]]


@pytest.fixture(scope="module")
def senders() -> Iterator[Senders]:
    """Runs a job in the process that starts and kills senders."""
    script = Path(__file__).with_name("transmission_crash.py")
    process = subprocess.Popen([sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None

    def run(world: World, **job: Any) -> list[int]:
        world.engine.dispose()
        process.stdin.write(json.dumps({"folder": str(world.folder), "url": world.url, **job}) + "\n")
        process.stdin.flush()
        ends: list[int] = json.loads(process.stdout.readline())
        assert set(ends) <= {0, KILLED}, "a sender failed: see what it wrote"
        return ends

    yield run
    process.stdin.close()
    process.wait(10)


def assert_one_delivery(world: World, gateway: Transmissions) -> None:
    (transmission,), (delivery,) = gateway.status(), gateway.deliveries()
    assert transmission.state in DELIVERED
    assert delivery.version == "V0001"
    assert delivery.receipt is not None
    assert delivery.attempts == transmission.attempts >= 1
    assert world.delivered() == [NAME, f"{NAME}.receipt.json"]
    assert (world.outbox / "ESTAT" / NAME).read_bytes() == CONTENT
    assert json.loads((world.outbox / "ESTAT" / f"{NAME}.receipt.json").read_text()) == delivery.receipt.as_dict()
    events = world.events(gateway, transmission.id)
    assert [events.count(once) for once in ("prepare", "validate", "approve", "seal")] == [1, 1, 1, 1]
    assert events.count("start") == delivery.attempts
    assert events[-1] in {"acknowledge", "find"}
    assert gateway.ledger.verify().seq == len(events)


def test_killed_at_any_step_then_sent_again_is_exactly_one_delivery(
    new_world: Callable[[], World], senders: Senders
) -> None:
    killed_at = 0
    for n in range(1, 400):
        world = new_world()
        (end,) = senders(world, walk="one year", kill_at=n)
        gateway = world.gateway()
        gateway.send(world.approved(gateway).id, actor="bob", now=NOW)
        assert_one_delivery(world, gateway)
        world.engine.dispose()
        if end == 0:
            break
        killed_at = n
    assert end == 0
    assert killed_at == n - 1 > 40


def test_killed_twice_at_any_two_steps_is_still_one_delivery(new_world: Callable[[], World], senders: Senders) -> None:
    dice = random.Random(SEED)
    for _ in range(8):
        world = new_world()
        for _ in range(3):
            senders(world, walk="one year", kill_at=dice.randint(1, 85))
        assert senders(world, walk="one year") == [0]
        assert_one_delivery(world, world.gateway())


def test_killed_at_random_moments_fifty_years_are_each_delivered_once(world: World, senders: Senders) -> None:
    world.gateway()
    dice = random.Random(SEED)
    ends = []
    for _ in range(RANDOM_KILLS):
        ends += senders(world, walk="fifty years", kill_after=dice.uniform(0.005, 0.06))
        world.gateway().ledger.verify()
    assert ends.count(KILLED) > RANDOM_KILLS // 2
    assert senders(world, walk="fifty years") == [0]
    gateway = world.gateway()
    names = [NAME.replace("2024", year) for year in YEARS]
    assert world.delivered() == sorted([*names, *(f"{name}.receipt.json" for name in names)])
    assert [delivery.version for delivery in gateway.deliveries()] == ["V0001"] * len(YEARS)
    assert {transmission.state for transmission in gateway.status()} <= DELIVERED
    gateway.ledger.verify()


def test_twenty_processes_at_once_are_one_delivery(world: World, senders: Senders) -> None:
    world.gateway()
    assert senders(world, walk="one year", senders=20) == [0] * 20
    gateway = world.gateway()
    assert_one_delivery(world, gateway)
    assert gateway.deliveries()[0].attempts == 1

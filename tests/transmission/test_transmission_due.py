from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from transmission_world import NOW, Partner, World, cut, obligation

from sdmx_gateway.errors import ChannelError
from sdmx_gateway.transmission import Available, Due, Frequency, Obligation, Period, State, Transmissions

EARLY = datetime(2025, 6, 1, 12, tzinfo=UTC)
YEARS = ("2022", "2023", "2024")


@pytest.fixture
def due_world(new_world: Callable[[], World]) -> World:
    world = new_world()
    world.obligation = obligation(first_period="2024")
    return world


def line(gateway: Transmissions, offer: Available | None, now: datetime = EARLY, **settled: bool) -> Due:
    (only,) = gateway.due(now, lambda _: offer, **settled)
    return only


def test_what_is_owed_and_released_is_to_be_prepared(due_world: World) -> None:
    gateway = due_world.gateway()
    one = line(gateway, Available("3", YEARS))
    assert (str(one.period), one.deadline, one.days_left, one.late) == ("2024", date(2025, 10, 31), 152, False)
    assert (one.state, one.next_step, one.ready) == (State.DUE, "prepare, from release 3", True)
    assert one.as_dict()["deadline"] == "2025-10-31"


@pytest.mark.parametrize(
    ("offer", "text"),
    [
        (None, "waiting for a first release of ESTAT:CRIM_GEN_REG(1.0)"),
        (Available("3", ("2022", "2023")), "waiting for 2024 in ESTAT:CRIM_GEN_REG(1.0): release 3 ends with 2023"),
        (Available("3", ()), "waiting for 2024 in ESTAT:CRIM_GEN_REG(1.0): release 3 has no 2024"),
        (Available("3", ("2025",)), "waiting for 2024 in ESTAT:CRIM_GEN_REG(1.0): release 3 has no 2024"),
        (Available("3", ("2024-Q1", "2024-12")), "waiting for 2024 in ESTAT:CRIM_GEN_REG(1.0): release 3 has no 2024"),
    ],
)
def test_what_is_not_released_is_waited_for_and_one_sees_for_what(
    due_world: World, offer: Available | None, text: str
) -> None:
    one = line(due_world.gateway(), offer)
    assert (one.next_step, one.ready) == (text, False)


@pytest.mark.parametrize("second_person", [True, False])
def test_each_state_has_its_next_step(due_world: World, second_person: bool) -> None:
    gateway, offer = due_world.gateway(second_person=second_person), Available("3", YEARS)
    due_world.prepared(gateway, report_errors=2)
    assert line(gateway, offer).next_step == "correct 2 validation errors, then publish a new release"
    due_world.prepared(gateway)
    wanted = "approve (needs a second person)" if second_person else "approve"
    assert line(gateway, offer).next_step == wanted
    approved = due_world.approved(gateway)
    assert line(gateway, offer).next_step == "send"
    gateway.send(approved.id, actor="bob", now=NOW)
    assert gateway.due(EARLY, lambda _: offer) == ()
    assert line(gateway, offer, settled=True).next_step == "nothing: delivered from release 3"


def test_a_newer_release_is_named_before_the_seal_and_after_the_delivery(due_world: World) -> None:
    gateway, newer = due_world.gateway(), Available("4", YEARS)
    approved = due_world.approved(gateway)
    one = line(gateway, newer)
    assert (one.next_step, one.ready) == ("prepare again: release 4 is newer than release 3", True)
    gateway.send(approved.id, actor="bob", now=NOW)
    assert gateway.due(EARLY, lambda _: newer) == ()
    settled = line(gateway, newer, settled=True)
    assert "release 4 is newer" in settled.next_step
    assert not settled.ready


def test_a_revision_in_preparation_is_due_but_never_late(due_world: World) -> None:
    gateway = due_world.gateway()
    gateway.send(due_world.approved(gateway).id, actor="bob", now=NOW)
    due_world.prepared(gateway, content=b"<revised/>", release="4")
    (one,) = [each for each in gateway.due(NOW, lambda _: Available("4", YEARS)) if str(each.period) == "2024"]
    assert (one.state, one.late, one.next_step) == (State.VALIDATED, False, "approve")


def test_an_uncertain_and_a_refused_sending_stay_on_the_list(due_world: World) -> None:
    gateway, offer = due_world.gateway(Partner(after=cut)), Available("3", YEARS)
    approved = due_world.approved(gateway)
    with pytest.raises(ChannelError):
        gateway.send(approved.id, actor="bob", now=NOW)
    assert "looks first whether the file arrived" in line(gateway, offer).next_step
    gateway.refuse(approved.id, actor="bob", now=NOW, reason="150/029")
    assert line(gateway, offer).next_step == "read the refusal, correct, publish a new release"
    assert line(gateway, Available("4", YEARS)).ready


def test_a_day_after_the_deadline_it_is_late(due_world: World) -> None:
    gateway = due_world.gateway()
    on_the_day = line(gateway, None, datetime(2025, 10, 31, 22, 59, tzinfo=UTC))
    after = line(gateway, None, datetime(2025, 10, 31, 23, 0, tzinfo=UTC))
    assert [(each.days_left, each.late) for each in (on_the_day, after)] == [(0, False), (-1, True)]


def test_the_first_deadline_comes_first_over_all_obligations_and_each_is_asked_for_once(world: World) -> None:
    asked: list[str] = []

    def available(each: Obligation) -> Available | None:
        asked.append(each.id)
        return Available("1", ["2026-M09", "2026-10"])

    month = obligation(
        id="MONTHS",
        frequency="M",
        first_period="2026-01",
        deadline={"months": 2},
        dataset="MIGR_ASYAPP_M",
        recipient="X",
    )
    year = obligation(id="YEARS", first_period="2024")
    channels = {"outbox": Partner()}
    gateway = Transmissions(world.engine, world.folder, {"MONTHS": month, "YEARS": year}, channels, second_person=False)
    lines = gateway.due(NOW, available)
    assert asked == ["MONTHS", "YEARS"]
    assert len(lines) == 10 + 2
    assert [each.deadline for each in lines] == sorted(each.deadline for each in lines)
    assert [str(each.period) for each in lines if each.ready] == ["2026-09", "2026-10"]


def test_available_knows_periods_in_either_spelling_and_only_of_the_frequency() -> None:
    offer = Available("1", ["2024", "2024-Q1", "2024-M02", "2024-03", "nonsense"])
    assert offer.has(Period.parse("2024-02", Frequency.MONTHLY))
    assert offer.has(Period.parse("2024-A1", Frequency.ANNUAL))
    assert str(offer.newest(Frequency.MONTHLY)) == "2024-03"
    assert Available("1", []).newest(Frequency.ANNUAL) is None

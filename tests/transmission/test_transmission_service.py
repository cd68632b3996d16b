from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from transmission_world import CONTENT, NAME, NOW, World, obligation

from sdmx_gateway.errors import (
    FindingsBlock,
    ForbiddenStep,
    SettingsError,
    UnknownTransmission,
    UsageError,
)
from sdmx_gateway.transmission import DirectoryChannel, Event, Plan, State, Transmission, Transmissions
from sdmx_gateway.transmission.records import transmission_id


def test_from_release_to_receipt(world: World) -> None:
    gateway = world.gateway()
    prepared = world.prepared(gateway)
    assert (prepared.state, prepared.occurrence, prepared.size) == (State.VALIDATED, NAME, len(CONTENT))
    approved = gateway.approve(prepared.id, actor="bob", now=NOW, reason="checked against last year")
    assert (approved.state, approved.approved_by) == (State.APPROVED, "bob")
    delivery = gateway.send(prepared.id, actor="bob", now=NOW)
    assert (delivery.version, delivery.attempts, delivery.delivered_at) == ("V0001", 1, NOW)
    assert gateway.get(prepared.id).state is State.ACKNOWLEDGED
    assert gateway.deliveries() == (delivery,)
    assert gateway.receipts() == (delivery.receipt,)
    assert world.delivered() == [NAME, f"{NAME}.receipt.json"]
    assert (world.outbox / "ESTAT" / NAME).read_bytes() == CONTENT == gateway.content(prepared.id)


def test_every_step_is_in_the_ledger_with_who_took_it(world: World) -> None:
    gateway = world.gateway()
    sent = world.approved(gateway)
    gateway.send(sent.id, actor="cyd", now=NOW)
    entries = gateway.ledger.entries(sent.id)
    steps = [(entry.event.removeprefix("transmission."), entry.actor, entry.details["to"]) for entry in entries]
    assert steps == [
        ("prepare", "ann", "prepared"),
        ("validate", "ann", "validated"),
        ("approve", "bob", "approved"),
        ("seal", "cyd", "sealed"),
        ("start", "cyd", "sending"),
        ("hand_over", "cyd", "sent"),
        ("acknowledge", "cyd", "acknowledged"),
    ]
    assert [entry.details["from"] for entry in entries] == ["due", *(to for _, _, to in steps[:-1])]
    assert entries[3].details["digest"] == sent.digest
    assert gateway.ledger.verify().seq == len(entries)


def test_preparing_twice_is_one_transmission_and_writes_nothing(world: World) -> None:
    gateway = world.gateway()
    first = world.prepared(gateway)
    head = gateway.ledger.head()
    assert world.prepared(gateway, actor="somebody else", now=NOW + timedelta(days=1)) == first
    assert gateway.ledger.head() == head
    sent = gateway.send(world.approved(gateway).id, actor="bob", now=NOW)
    assert world.prepared(gateway).state is State.ACKNOWLEDGED
    assert gateway.deliveries() == (sent,)


def test_the_id_is_what_the_transmission_is(world: World) -> None:
    gateway = world.gateway()
    one = world.prepared(gateway)
    parts = {"period": "2024", "release": "3", "digest": one.digest, "recipient": "ESTAT", "obligation": one.obligation}
    assert one.id == transmission_id(dataflow=one.dataflow, **parts)
    for word in parts:
        assert transmission_id(dataflow=one.dataflow, **{**parts, word: "2"}) != one.id


def test_both_spellings_of_a_period_are_one_transmission(world: World) -> None:
    gateway = world.gateway()
    assert world.prepared(gateway, period="2024-A1") == world.prepared(gateway, period=world.obligation.period("2024"))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"period": "1975"}, "its first period is 1976"),
        ({"period": "2026"}, "it ends on 2026-12-31"),
        ({"period": "2024-Q1"}, "is not a year"),
        ({"content": b""}, "is empty"),
        ({"actor": " "}, "is nobody"),
        ({"actor": "ann\x1b[2J"}, "is nobody"),
        ({"now": datetime(2026, 11, 24)}, "time zone"),  # noqa: DTZ001 - that is the point
    ],
)
def test_what_cannot_be_prepared_is_refused_and_leaves_nothing(world: World, changes: dict, reason: str) -> None:
    gateway = world.gateway()
    with pytest.raises(UsageError, match=reason):
        world.prepared(gateway, **changes)
    assert gateway.status() == ()
    assert gateway.ledger.head().seq == 0
    assert not (world.folder / "store" / "sealed").exists()


def test_a_release_with_errors_is_prepared_and_not_approved(world: World) -> None:
    gateway = world.gateway()
    prepared = world.prepared(gateway, report_errors=3)
    assert prepared.state is State.PREPARED
    with pytest.raises(FindingsBlock, match="its report has 3 errors"):
        gateway.approve(prepared.id, actor="bob", now=NOW)
    with pytest.raises(ForbiddenStep, match="cannot be sent"):
        gateway.send(prepared.id, actor="bob", now=NOW)
    assert world.prepared(gateway, report_errors=3) == prepared


def test_errors_that_were_waived_let_the_same_file_be_validated(world: World) -> None:
    gateway = world.gateway()
    world.prepared(gateway, report_errors=3)
    validated = world.prepared(gateway, report_errors=0)
    assert (validated.state, validated.report_errors) == (State.VALIDATED, 0)
    assert len(gateway.status()) == 1


@pytest.mark.parametrize("actor", ["ann", "Ann", " ann "])
def test_with_a_second_person_nobody_approves_what_they_prepared(world: World, actor: str) -> None:
    gateway = world.gateway(second_person=True)
    prepared = world.prepared(gateway)
    with pytest.raises(ForbiddenStep, match="cannot approve it too") as caught:
        gateway.approve(prepared.id, actor=actor, now=NOW)
    assert "two different people" in caught.value.why
    assert gateway.get(prepared.id).state is State.VALIDATED
    assert gateway.approve(prepared.id, actor="bob", now=NOW).state is State.APPROVED


@pytest.mark.parametrize(("actor", "same"), [("ann", True), ("bob", False)])
def test_without_a_second_person_one_may_do_both_and_the_ledger_says_so(world: World, actor: str, same: bool) -> None:
    gateway = world.gateway()
    prepared = world.prepared(gateway)
    gateway.approve(prepared.id, actor=actor, now=NOW)
    details = gateway.ledger.entries(prepared.id)[-1].details
    assert (details["same_person"], details["second_person_required"]) == (same, False)


def test_approving_twice_is_approving_once_and_somebody_else_comes_too_late(world: World) -> None:
    gateway = world.gateway()
    approved = world.approved(gateway)
    assert gateway.approve(approved.id, actor="bob", now=NOW + timedelta(hours=1)) == approved
    with pytest.raises(ForbiddenStep, match="is approved cannot be approved"):
        gateway.approve(approved.id, actor="cyd", now=NOW)
    assert world.events(gateway, approved.id) == ["prepare", "validate", "approve"]


def test_nothing_leaves_that_was_not_approved(world: World) -> None:
    gateway = world.gateway()
    prepared = world.prepared(gateway)
    for dry_run in (False, True):
        with pytest.raises(ForbiddenStep, match="have it approved first"):
            gateway.send(prepared.id, actor="bob", now=NOW, dry_run=dry_run)
    assert world.delivered() == []


def test_sending_twice_is_one_delivery(world: World) -> None:
    gateway = world.gateway()
    approved = world.approved(gateway)
    first = gateway.send(approved.id, actor="bob", now=NOW)
    head = gateway.ledger.head()
    assert gateway.send(approved.id, actor="cyd", now=NOW + timedelta(days=1)) == first
    assert gateway.ledger.head() == head
    assert world.delivered() == [NAME, f"{NAME}.receipt.json"]


@pytest.mark.parametrize("state", [State.VALIDATED, State.APPROVED])
def test_a_new_release_supersedes_what_is_not_sealed_yet(world: World, state: State) -> None:
    gateway = world.gateway()
    old = world.prepared(gateway) if state is State.VALIDATED else world.approved(gateway)
    new = world.prepared(gateway, content=b"<revised/>", release="4")
    assert (gateway.get(old.id).state, new.state) == (State.SUPERSEDED, State.VALIDATED)
    assert gateway.ledger.entries(old.id)[-1].details["by"] == new.id
    for act in (gateway.approve, gateway.send):
        with pytest.raises(ForbiddenStep, match="superseded"):
            act(old.id, actor="bob", now=NOW)


def test_another_period_and_what_was_delivered_are_not_superseded(world: World) -> None:
    gateway = world.gateway()
    sent, other = world.approved(gateway), world.approved(gateway, period="2023")
    gateway.send(sent.id, actor="bob", now=NOW)
    world.prepared(gateway, content=b"<revised/>", release="4")
    assert [gateway.get(each.id).state for each in (sent, other)] == [State.ACKNOWLEDGED, State.APPROVED]


def test_a_revision_of_what_was_delivered_is_the_receivers_next_version(world: World) -> None:
    gateway = world.gateway()
    gateway.send(world.approved(gateway).id, actor="bob", now=NOW)
    revision = world.approved(gateway, content=b"<revised/>", release="4")
    assert gateway.send(revision.id, actor="bob", now=NOW).version == "V0002"
    assert len(world.delivered()) == 4


def test_a_superseded_file_prepared_again_needs_a_new_approval(world: World) -> None:
    gateway = world.gateway()
    old = world.approved(gateway)
    new = world.prepared(gateway, content=b"<revised/>", release="4")
    again = world.prepared(gateway, actor="cyd")
    assert (again.id, again.state, again.approved_by, again.prepared_by) == (old.id, State.VALIDATED, None, "cyd")
    assert gateway.get(new.id).state is State.SUPERSEDED
    assert gateway.approve(again.id, actor="bob", now=NOW).state is State.APPROVED


def test_a_dry_run_says_what_would_happen_and_does_nothing(world: World) -> None:
    gateway = world.gateway()
    approved = world.approved(gateway)
    head = gateway.ledger.head()
    plan = gateway.send(approved.id, actor="bob", now=NOW, dry_run=True)
    assert isinstance(plan, Plan)
    assert plan.destination == f"into the folder {world.outbox / 'ESTAT'}, as {NAME}"
    assert plan.steps == ("seal the bytes", "hand them over", "record the receipt")
    assert (gateway.ledger.head(), world.delivered()) == (head, [])
    gateway.send(approved.id, actor="bob", now=NOW)
    assert gateway.send(approved.id, actor="bob", now=NOW, dry_run=True).steps == ()


def test_a_recipients_later_refusal_is_recorded_with_its_words(world: World) -> None:
    gateway = world.gateway()
    approved = world.approved(gateway)
    with pytest.raises(ForbiddenStep, match="is approved cannot be refused"):
        gateway.refuse(approved.id, actor="bob", now=NOW, reason="150/029")
    gateway.send(approved.id, actor="bob", now=NOW)
    with pytest.raises(UsageError, match="has a reason"):
        gateway.refuse(approved.id, actor="bob", now=NOW, reason=" ")
    assert gateway.refuse(approved.id, actor="bob", now=NOW, reason="150/029: ICCS9").state is State.REFUSED
    assert gateway.ledger.entries(approved.id)[-1].details["why"] == "150/029: ICCS9"
    assert gateway.deliveries()[0].version == "V0001"  # they had it, all the same
    with pytest.raises(ForbiddenStep, match="publish a new release"):
        gateway.send(approved.id, actor="bob", now=NOW)


def test_transmissions_are_found_by_what_is_known_of_them(world: World) -> None:
    gateway = world.gateway()
    one, two = world.prepared(gateway), world.approved(gateway, period="2023")
    assert gateway.status() == (one, two)
    assert gateway.status(state=State.APPROVED) == gateway.status(period="2023") == (two,)
    assert gateway.status(obligation="another") == ()
    assert gateway.get(one.id[:8]) == one
    for wrong in ("0" * 64, one.id[:7], "%%%%%%%%", "________", ""):
        with pytest.raises(UnknownTransmission):
            gateway.get(wrong)


def test_what_is_recorded_can_be_shown_as_json(world: World) -> None:
    gateway = world.gateway()
    approved = world.approved(gateway)
    delivery = gateway.send(approved.id, actor="bob", now=NOW)
    shown = json.loads(json.dumps([gateway.get(approved.id).as_dict(), delivery.as_dict()]))
    assert shown[0]["state"] == "acknowledged"
    assert shown[0]["dataflow"].endswith("Dataflow=ESTAT:CRIM_GEN_REG(1.0)")
    assert shown[1]["receipt"]["sha256"] == approved.digest
    assert shown[0].keys() == set(Transmission.__dataclass_fields__)


def test_an_obligation_without_its_channel_is_refused_with_the_nearest(world: World) -> None:
    wrong = obligation(id="WRONG", channel="outbx")
    with pytest.raises(SettingsError, match="did you mean outbox") as caught:
        Transmissions(
            world.engine,
            world.folder,
            {"WRONG": wrong},
            {"outbox": DirectoryChannel(world.outbox)},
            second_person=False,
        )
    assert "WRONG" in caught.value.why


def test_a_transmission_whose_channel_is_gone_stays_where_it_is(world: World) -> None:
    approved = world.approved(world.gateway())
    without = Transmissions(world.engine, world.folder / "store", {}, {}, second_person=False)
    with pytest.raises(SettingsError, match="not configured"):
        without.send(approved.id, actor="bob", now=NOW)
    assert without.get(approved.id).state is State.APPROVED


def test_a_step_taken_meanwhile_by_somebody_else_is_not_taken_twice(world: World) -> None:
    gateway = world.gateway()
    stale = world.prepared(gateway)
    gateway.approve(stale.id, actor="bob", now=NOW)
    register = gateway._register
    with pytest.raises(ForbiddenStep, match="somebody else took a step"), register.writing() as connection:
        register.move(connection, stale, Event.APPROVE, actor="cyd", now=NOW)
    assert world.events(gateway, stale.id) == ["prepare", "validate", "approve"]


def test_a_reason_that_cannot_be_printed_is_refused(world: World) -> None:
    gateway = world.gateway()
    prepared = world.prepared(gateway)
    for reason in ("\x1b[2J", "\ud800", "a\x00b"):
        with pytest.raises(UsageError, match="cannot be printed"):
            gateway.approve(prepared.id, actor="bob", now=NOW, reason=reason)
    assert gateway.approve(prepared.id, actor="bob", now=NOW, reason="vérifié\u00a0:\nà deux").state is State.APPROVED
    assert gateway.ledger.verify().seq == 3


@pytest.mark.parametrize("act", ["prepare", "approve", "send"])
def test_twenty_at_once_are_one_transmission_and_one_delivery(world: World, act: str) -> None:
    gateway = world.gateway()
    with ThreadPoolExecutor(20) as pool:
        if act == "prepare":
            outcomes = set(pool.map(lambda _: world.prepared(gateway).id, range(20)))
        elif act == "approve":
            outcomes = set(pool.map(lambda _: world.approved(gateway), range(20)))
        else:
            approved = world.approved(gateway)
            outcomes = set(pool.map(lambda _: gateway.send(approved.id, actor="bob", now=NOW), range(20)))
            assert world.delivered() == [NAME, f"{NAME}.receipt.json"]
            assert world.events(gateway, approved.id).count("start") == 1
    assert len(outcomes) == len(gateway.status()) == 1
    gateway.ledger.verify()


def test_gateways_made_at_once_on_an_empty_database_share_one_ledger(new_world: Callable[[], World]) -> None:
    world = new_world()
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: world.prepared(world.gateway()).id, range(8)))
    assert len(ids) == 1
    assert world.gateway().ledger.verify().seq == 2


def test_it_goes_on_after_a_restart(world: World, tmp_path: Path) -> None:
    approved = world.approved(world.gateway())
    world.engine.dispose()
    again = World(world.folder, world.url)
    assert again.gateway().send(approved.id, actor="bob", now=datetime.now(UTC)).version == "V0001"
    again.engine.dispose()

from __future__ import annotations

import pytest
from transmission_world import CONTENT, NAME, NOW, Partner, World, cut, receipt_for

from sdmx_gateway.errors import ChannelError, CorruptSeal, ForbiddenStep
from sdmx_gateway.transmission import Refusal, State, Transmissions


def send(gateway: Transmissions, transmission_id: str) -> str | None:
    return gateway.send(transmission_id, actor="bob", now=NOW).version


def test_a_receipt_lost_on_the_wire_is_not_a_second_delivery(world: World) -> None:
    partner = Partner(after=cut)
    gateway = world.gateway(partner)
    approved = world.approved(gateway)
    with pytest.raises(ChannelError, match="the connection was cut"):
        send(gateway, approved.id)
    assert gateway.get(approved.id).state is State.UNKNOWN
    assert gateway.deliveries()[0].version is None
    partner.after = None
    assert send(gateway, approved.id) == "V0001"
    assert len(partner.inbox) == 1
    assert gateway.get(approved.id).state is State.RECONCILED
    assert world.events(gateway, approved.id)[3:] == ["seal", "start", "lose", "find"]


def test_a_connection_cut_before_the_partner_stored_is_one_delivery_of_the_same_bytes(world: World) -> None:
    partner = Partner(before=cut)
    gateway = world.gateway(partner)
    approved = world.approved(gateway)
    for _ in range(3):
        with pytest.raises(ChannelError):
            send(gateway, approved.id)
    partner.before = None
    assert send(gateway, approved.id) == "V0001"
    assert [(parcel.transmission_id, parcel.content) for parcel in partner.inbox] == [(approved.id, CONTENT)]
    assert gateway.deliveries()[0].attempts == gateway.get(approved.id).attempts == 4
    assert world.events(gateway, approved.id).count("miss") == 3


def test_out_of_unknown_nothing_is_sent_while_the_partner_cannot_be_asked(world: World) -> None:
    partner = Partner(after=cut)
    gateway = world.gateway(partner)
    approved = world.approved(gateway)
    with pytest.raises(ChannelError):
        send(gateway, approved.id)
    partner.answers = cut
    for _ in range(5):
        with pytest.raises(ChannelError):
            send(gateway, approved.id)
    assert (partner.asked, len(partner.inbox)) == (5, 1)
    assert gateway.get(approved.id).state is State.UNKNOWN


def test_an_answer_that_comes_later_is_collected(world: World) -> None:
    partner = Partner(after=lambda parcel, receipt: None, answers=lambda parcel: None)
    gateway = world.gateway(partner)
    approved = world.approved(gateway)
    for _ in range(2):
        assert send(gateway, approved.id) is None
        assert gateway.get(approved.id).state is State.SENT
    assert gateway.send(approved.id, actor="bob", now=NOW, dry_run=True).steps == ("ask for the receipt",)
    partner.answers = None
    assert send(gateway, approved.id) == "V0001"
    assert gateway.get(approved.id).state is State.ACKNOWLEDGED
    assert len(partner.inbox) == 1


@pytest.mark.parametrize("when", ["at once", "when asked after a cut", "when asked for the receipt"])
def test_a_refusal_is_recorded_and_never_sent_again(world: World, when: str) -> None:
    no = Refusal("150/029: value not in code list, line 12")
    partner = Partner()
    if when == "at once":
        partner.before = lambda parcel: no
    else:
        partner.after = cut if "cut" in when else lambda parcel, receipt: None
        partner.answers = lambda parcel: no
    gateway = world.gateway(partner)
    approved = world.approved(gateway)
    if "cut" in when:
        with pytest.raises(ChannelError, match="was cut"):
            send(gateway, approved.id)
    with pytest.raises(ChannelError, match="150/029") as caught:
        send(gateway, approved.id)
    assert not caught.value.retriable
    assert gateway.get(approved.id).state is State.REFUSED
    with pytest.raises(ForbiddenStep):
        send(gateway, approved.id)
    assert len(partner.inbox) <= 1
    assert gateway.ledger.entries(approved.id)[-1].details["why"] == no.reason


@pytest.mark.parametrize("wrong", [{"sha256": "0" * 64}, {"size": 1}, {"transmission_id": "0" * 64}])
def test_a_receipt_for_something_else_is_rejected_and_the_transmission_stays_sent(world: World, wrong: dict) -> None:
    partner = Partner(after=lambda parcel, receipt: receipt_for(parcel, **wrong))
    gateway = world.gateway(partner)
    approved = world.approved(gateway)
    with pytest.raises(ChannelError, match="is not for what was sent"):
        send(gateway, approved.id)
    assert gateway.get(approved.id).state is State.SENT
    partner.answers = lambda parcel: receipt_for(parcel, **wrong)
    with pytest.raises(ChannelError, match="is not for what was sent"):
        send(gateway, approved.id)
    assert gateway.receipts() == ()
    assert world.events(gateway, approved.id)[-3:] == ["hand_over", "wrong_receipt", "wrong_receipt"]
    partner.answers = None
    assert send(gateway, approved.id) == "V0001"
    gateway.ledger.verify()


def test_bytes_that_changed_since_they_were_prepared_are_not_sent(world: World) -> None:
    partner = Partner()
    gateway = world.gateway(partner)
    approved = world.approved(gateway)
    kept = world.folder / "store" / "sealed" / approved.digest
    kept.write_bytes(CONTENT.replace(b"788", b"789"))
    for dry_run in (True, False):
        with pytest.raises(CorruptSeal):
            gateway.send(approved.id, actor="bob", now=NOW, dry_run=dry_run)
    assert (partner.inbox, gateway.get(approved.id).state) == ([], State.APPROVED)
    kept.write_bytes(CONTENT)
    assert send(gateway, approved.id) == "V0001"


def test_bytes_that_changed_after_a_cut_are_not_sent_either(world: World) -> None:
    partner = Partner(before=cut)
    gateway = world.gateway(partner)
    approved = world.approved(gateway)
    with pytest.raises(ChannelError):
        send(gateway, approved.id)
    (world.folder / "store" / "sealed" / approved.digest).write_bytes(b"other")
    with pytest.raises(CorruptSeal):
        send(gateway, approved.id)
    assert partner.inbox == []


def test_the_seal_and_the_attempt_are_on_record_before_the_first_byte_leaves(world: World) -> None:
    seen: list[list[str]] = []
    partner = Partner()
    gateway = world.gateway(partner)
    approved = world.approved(gateway)
    partner.before = lambda parcel: seen.append(world.events(gateway, parcel.transmission_id))
    send(gateway, approved.id)
    assert seen == [["prepare", "validate", "approve", "seal", "start"]]


def test_a_receipt_lost_in_the_outbox_is_found_by_looking_at_the_folder(world: World) -> None:
    gateway = world.gateway()
    approved = world.approved(gateway)
    outbox = gateway._channels["outbox"]
    lossy = Partner()
    lossy.before = lambda parcel: (
        outbox.deliver(parcel, now=NOW),
        (world.outbox / "ESTAT" / f"{NAME}.receipt.json").unlink(),
        cut(),
    )[2]
    with pytest.raises(ChannelError):
        send(world.gateway(lossy), approved.id)
    assert world.delivered() == [NAME]
    assert send(gateway, approved.id) == "V0001"
    assert gateway.get(approved.id).state is State.RECONCILED
    assert world.delivered() == [NAME, f"{NAME}.receipt.json"]


def test_an_outbox_that_cannot_be_written_is_tried_again_when_it_can(world: World) -> None:
    gateway = world.gateway()
    approved = world.approved(gateway)
    world.outbox.write_text("a file where the folder should be")
    with pytest.raises(ChannelError):
        send(gateway, approved.id)
    assert gateway.get(approved.id).state is State.UNKNOWN
    world.outbox.unlink()
    assert send(gateway, approved.id) == "V0001"

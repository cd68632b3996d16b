from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from transmission_world import NAME, NOW

from sdmx_gateway.errors import ChannelError
from sdmx_gateway.transmission import DirectoryChannel, Parcel, Receipt

SECOND = NAME.replace(".xml", "_V0002.xml")
THIRD = NAME.replace(".xml", "_V0003.xml")


def parcel(content: bytes = b"<a/>", transmission_id: str = "a" * 64) -> Parcel:
    digest = hashlib.sha256(content).hexdigest()
    return Parcel(transmission_id=transmission_id, recipient="ESTAT", name=NAME, sha256=digest, content=content)


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    return tmp_path / "var" / "outbox"


@pytest.fixture
def channel(outbox: Path) -> DirectoryChannel:
    return DirectoryChannel(outbox)


def names(outbox: Path) -> list[str]:
    return sorted(path.name for path in (outbox / "ESTAT").iterdir())


def test_a_file_is_delivered_with_its_receipt_beside_it(outbox: Path, channel: DirectoryChannel) -> None:
    receipt = channel.deliver(parcel(), now=NOW)
    assert names(outbox) == [NAME, f"{NAME}.receipt.json"]
    assert (outbox / "ESTAT" / NAME).read_bytes() == b"<a/>"
    assert json.loads((outbox / "ESTAT" / f"{NAME}.receipt.json").read_text()) == receipt.as_dict()
    assert receipt.version == "V0001"
    assert receipt.is_for(parcel())


def test_what_waits_to_be_sent_is_not_for_everybody_to_read(outbox: Path, channel: DirectoryChannel) -> None:
    channel.deliver(parcel(), now=NOW)
    assert (outbox / "ESTAT" / NAME).stat().st_mode & 0o007 == 0


def test_delivered_again_it_has_the_receipt_it_has(outbox: Path, channel: DirectoryChannel) -> None:
    first = channel.deliver(parcel(), now=NOW)
    again = channel.deliver(parcel(), now=NOW + timedelta(days=1))
    assert again == first
    assert len(names(outbox)) == 2


def test_different_content_under_one_name_is_the_next_version_and_the_old_file_stays(
    outbox: Path, channel: DirectoryChannel
) -> None:
    channel.deliver(parcel(), now=NOW)
    receipt = channel.deliver(parcel(b"<b/>", "b" * 64), now=NOW)
    assert (receipt.version, receipt.name) == ("V0002", SECOND)
    assert (outbox / "ESTAT" / NAME).read_bytes() == b"<a/>"
    assert (outbox / "ESTAT" / SECOND).read_bytes() == b"<b/>"
    assert channel.deliver(parcel(), now=NOW).version == "V0001"
    assert channel.deliver(parcel(b"<b/>", "b" * 64), now=NOW) == receipt


def test_the_same_bytes_of_another_transmission_are_another_delivery(outbox: Path, channel: DirectoryChannel) -> None:
    channel.deliver(parcel(), now=NOW)
    assert channel.deliver(parcel(transmission_id="b" * 64), now=NOW).version == "V0002"


def test_a_receipt_lost_is_written_again_and_is_not_a_second_delivery(outbox: Path, channel: DirectoryChannel) -> None:
    channel.deliver(parcel(), now=NOW)
    (outbox / "ESTAT" / f"{NAME}.receipt.json").unlink()
    found = channel.find(parcel(), now=NOW)
    assert found is not None
    assert found.version == "V0001"
    assert names(outbox) == [NAME, f"{NAME}.receipt.json"]


def test_looking_finds_nothing_where_nothing_is_and_leaves_nothing(outbox: Path, channel: DirectoryChannel) -> None:
    assert channel.find(parcel(), now=NOW) is None
    channel.deliver(parcel(b"<b/>", "b" * 64), now=NOW)
    assert channel.find(parcel(), now=NOW) is None
    assert len(names(outbox)) == 2


def test_a_file_that_was_collected_is_still_delivered_and_its_version_taken(
    outbox: Path, channel: DirectoryChannel
) -> None:
    first = channel.deliver(parcel(), now=NOW)
    (outbox / "ESTAT" / NAME).unlink()
    assert channel.find(parcel(), now=NOW) == first
    assert channel.deliver(parcel(), now=NOW) == first
    assert channel.deliver(parcel(b"<b/>", "b" * 64), now=NOW).version == "V0002"


def test_a_file_somebody_else_put_there_is_never_overwritten(outbox: Path, channel: DirectoryChannel) -> None:
    (outbox / "ESTAT").mkdir(parents=True)
    (outbox / "ESTAT" / NAME).write_text("somebody else's")
    (outbox / "ESTAT" / SECOND).write_text("somebody else's too")
    assert channel.find(parcel(), now=NOW) is None
    assert channel.deliver(parcel(), now=NOW).name == THIRD
    assert (outbox / "ESTAT" / NAME).read_text() == "somebody else's"


def test_a_part_left_by_a_crash_is_cleared_away(outbox: Path, channel: DirectoryChannel) -> None:
    (outbox / "ESTAT").mkdir(parents=True)
    (outbox / "ESTAT" / f"{NAME}.part").write_text("half a fi")
    channel.deliver(parcel(), now=NOW)
    assert names(outbox) == [NAME, f"{NAME}.receipt.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"transmission": 3}', "\x00", '"é"'])
def test_a_receipt_that_is_none_stops_the_sending_and_names_the_file(
    outbox: Path, channel: DirectoryChannel, text: str
) -> None:
    channel.deliver(parcel(), now=NOW)
    (outbox / "ESTAT" / f"{NAME}.receipt.json").write_text(text)
    for act in (channel.deliver, channel.find):
        with pytest.raises(ChannelError, match="is not a receipt of ours") as caught:
            act(parcel(), now=NOW)
        assert not caught.value.retriable
        assert NAME in str(caught.value.where)


@pytest.mark.parametrize("word", ["transmission", "name", "sha256", "size", "delivered_at", "version"])
def test_a_receipt_without_one_of_its_words_is_none(outbox: Path, channel: DirectoryChannel, word: str) -> None:
    values: dict[str, Any] = channel.deliver(parcel(), now=NOW).as_dict()
    assert Receipt.from_dict(values).as_dict() == values
    path = outbox / "ESTAT" / f"{NAME}.receipt.json"
    for wrong in ({k: v for k, v in values.items() if k != word}, {**values, word: None}, {**values, word: ["x"]}):
        path.write_text(json.dumps(wrong))
        with pytest.raises(ChannelError, match="is not a receipt"):
            channel.find(parcel(), now=NOW)


@pytest.mark.parametrize(
    ("number", "retriable"),
    [(errno.ENOSPC, True), (errno.EIO, True), (errno.EACCES, False), (errno.EPERM, False), (errno.EROFS, False)],
)
def test_a_full_disk_may_be_tried_again_and_a_forbidden_folder_may_not(
    channel: DirectoryChannel, monkeypatch: pytest.MonkeyPatch, number: int, retriable: bool
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", fail)
    with pytest.raises(ChannelError) as caught:
        channel.deliver(parcel(), now=NOW)
    assert caught.value.retriable is retriable
    assert os.strerror(number) in caught.value.what


def test_whatever_call_fails_trying_again_is_one_delivery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``fail_at(n)`` over every call to the operating system, until a run gets through."""
    calls = ("open", "link", "fsync", "mkdir", "unlink", "fdopen")
    for n in range(1, 200):
        outbox, channel = tmp_path / str(n), DirectoryChannel(tmp_path / str(n))
        countdown = iter(range(n - 1, -1, -1))
        with monkeypatch.context() as patch:
            for name in calls:
                patch.setattr(os, name, failing(getattr(os, name), countdown))
            try:
                channel.deliver(parcel(), now=NOW)
                broken = False
            except ChannelError:
                broken = True
        receipt = channel.deliver(parcel(), now=NOW)
        assert receipt.version == "V0001"
        assert names(outbox) == [NAME, f"{NAME}.receipt.json"]
        if not broken:
            break
    assert 10 < n < 199


def failing(real: Any, countdown: Iterator[int]) -> Any:
    def call(*args: Any, **named: Any) -> Any:
        if next(countdown, None) == 0:
            raise OSError(errno.EIO, "made up for the test")
        return real(*args, **named)

    return call


def test_twenty_at_once_are_one_delivery_and_twenty_others_twenty(outbox: Path, channel: DirectoryChannel) -> None:
    with ThreadPoolExecutor(20) as pool:
        same = list(pool.map(lambda _: channel.deliver(parcel(), now=NOW), range(20)))
        others = [parcel(f"<c n='{n}'/>".encode(), f"{n:064d}") for n in range(20)]
        versions = sorted(receipt.version for receipt in pool.map(lambda p: channel.deliver(p, now=NOW), others))
    assert len(set(same)) == 1
    assert versions == [f"V{n:04d}" for n in range(2, 22)]


def test_where_a_file_would_go_is_said_without_touching_anything(outbox: Path, channel: DirectoryChannel) -> None:
    assert channel.describe(parcel()) == f"into the folder {outbox / 'ESTAT'}, as {NAME}"
    assert not outbox.exists()

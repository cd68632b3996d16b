from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from threading import Thread

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from transmission_world import NOW, World

from sdmx_gateway.errors import BrokenLedger, UsageError
from sdmx_gateway.transmission import Head, Ledger
from sdmx_gateway.transmission.canonical_json import canonical_json
from sdmx_gateway.transmission.instant import instant_text, read_instant
from sdmx_gateway.transmission.ledger import _hash
from sdmx_gateway.transmission.tables import GENESIS, ledger, ledger_head

ENTRIES = 9


def fill(world: World, count: int = ENTRIES) -> Ledger:
    book = Ledger(world.engine)
    for number in range(count):
        with world.engine.begin() as connection:
            details = {"n": number, "text": "é\n\u2028\"'", "list": [1, None, True, {"a": "b"}]}
            book.append(connection, at=NOW, actor="ann", event="made.up", subject=f"s{number % 2}", details=details)
    return book


def tamper(world: World, *statements: sa.Executable) -> None:
    with world.engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)


def first_bad(book: Ledger, **given: Head) -> int:
    with pytest.raises(BrokenLedger) as caught:
        book.verify(**given)
    assert f"entry {caught.value.entry}" in str(caught.value)
    return caught.value.entry


def test_entries_come_back_as_they_were_written_and_the_chain_holds(world: World) -> None:
    book = fill(world)
    entries = book.entries()
    assert [entry.seq for entry in entries] == list(range(1, ENTRIES + 1))
    assert entries[0].previous == GENESIS
    assert [entry.previous for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]
    assert entries[3].details == {"n": 3, "text": "é\n\u2028\"'", "list": [1, None, True, {"a": "b"}]}
    assert (entries[3].at, entries[3].actor, entries[3].event) == (NOW, "ann", "made.up")
    assert {entry.subject for entry in book.entries("s1")} == {"s1"}
    assert book.verify() == book.head() == Head(ENTRIES, entries[-1].hash)


def test_an_empty_ledger_is_whole(world: World) -> None:
    assert Ledger(world.engine).verify() == Head(0, GENESIS)


def test_the_hash_can_be_computed_without_us(world: World) -> None:
    entry = fill(world, 2).entries()[1]
    said = {
        "seq": entry.seq,
        "at": "2026-11-24T09:00:00.000000Z",
        "actor": entry.actor,
        "event": entry.event,
        "subject": entry.subject,
        "details": entry.details,
        "previous": entry.previous,
    }
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == entry.hash


def test_an_entry_dies_with_the_transaction_it_was_written_in(world: World) -> None:
    book = fill(world, 2)
    with world.engine.connect() as connection, connection.begin() as transaction:
        book.append(connection, at=NOW, actor="ann", event="made.up", subject="s")
        transaction.rollback()
    assert book.verify().seq == 2


@pytest.mark.parametrize("column", ["at", "actor", "event", "subject", "details", "previous", "hash"])
def test_a_changed_word_is_found_in_each_entry_and_each_column(new_world: Callable[[], World], column: str) -> None:
    world = new_world()
    book = fill(world)
    for seq in range(1, ENTRIES + 1):
        mine = ledger.c.seq == seq
        with world.engine.connect() as connection:
            before = connection.execute(sa.select(ledger.c[column]).where(mine)).scalar_one()
        changed = before.replace("0", "1").replace("a", "b").replace("s", "t").replace("m", "n")
        assert changed != before
        tamper(world, ledger.update().where(mine).values({column: changed}))
        assert first_bad(book) == seq
        tamper(world, ledger.update().where(mine).values({column: before}))
    assert book.verify().seq == ENTRIES


@pytest.mark.parametrize("seq", range(1, ENTRIES + 1))
def test_a_deleted_entry_is_found_the_last_one_too(world: World, seq: int) -> None:
    book = fill(world)
    tamper(world, ledger.delete().where(ledger.c.seq == seq))
    assert first_bad(book) == seq


@pytest.mark.parametrize("seq", range(1, ENTRIES + 1))
def test_a_deleted_entry_is_found_when_the_later_ones_are_numbered_anew(world: World, seq: int) -> None:
    book = fill(world)
    moves = [
        ledger.update().where(ledger.c.seq == later).values(seq=later - 1) for later in range(seq + 1, ENTRIES + 1)
    ]
    head = ledger_head.update().values(seq=ENTRIES - 1)
    tamper(world, ledger.delete().where(ledger.c.seq == seq), *moves, head)
    assert first_bad(book) == min(seq, ENTRIES - 1)


@pytest.mark.parametrize("seq", range(1, ENTRIES))
def test_two_entries_that_changed_places_are_found(world: World, seq: int) -> None:
    book = fill(world)
    swap = [(seq, 0), (seq + 1, seq), (0, seq + 1)]
    tamper(world, *(ledger.update().where(ledger.c.seq == old).values(seq=new) for old, new in swap))
    assert first_bad(book) == seq


@pytest.mark.parametrize("seq", range(1, ENTRIES + 2))
def test_an_inserted_entry_is_found(world: World, seq: int) -> None:
    book = fill(world)
    last = book.entries()[-1]
    later = [ledger.update().where(ledger.c.seq == old).values(seq=old + 1) for old in range(ENTRIES, seq - 1, -1)]
    words = {"at": instant_text(NOW), "actor": "eve", "event": "made.up", "subject": "s0", "details": "{}"}
    forged = ledger.insert().values(seq=seq, previous=last.hash, hash="f" * 64, **words)
    tamper(world, *later, forged)
    assert first_bad(book) == seq


def test_an_entry_added_behind_the_back_of_the_head_is_found(world: World) -> None:
    book = fill(world)
    head = book.head()
    with world.engine.begin() as connection:
        book.append(connection, at=NOW, actor="eve", event="made.up", subject="s0")
        connection.execute(ledger_head.update().values(seq=head.seq, hash=head.hash))
    assert first_bad(book) == ENTRIES + 1


def test_a_head_that_is_gone_is_found(world: World) -> None:
    book = fill(world)
    tamper(world, ledger_head.delete())
    assert first_bad(book) == ENTRIES + 1


def test_a_ledger_written_anew_by_an_insider_is_found_by_the_head_kept_elsewhere(world: World) -> None:
    book = fill(world)
    kept = Head(5, book.entries()[4].hash)
    assert book.verify(anchor=kept).seq == ENTRIES
    tamper(world, ledger.delete(), ledger_head.update().values(seq=0, hash=GENESIS))
    assert first_bad(book, anchor=kept) == 1
    for number in range(ENTRIES):
        with world.engine.begin() as connection:
            book.append(connection, at=NOW, actor="eve", event="made.up", subject="s0", details={"n": number})
    assert book.verify().seq == ENTRIES  # it is whole in itself …
    assert first_bad(book, anchor=kept) == 5  # … and is not the one that was


def test_the_order_is_that_of_numbers_when_the_clock_is_set_back(world: World) -> None:
    book = fill(world, 1)
    with world.engine.begin() as connection:
        book.append(connection, at=NOW - timedelta(hours=1), actor="ann", event="made.up", subject="s0")
    assert [entry.seq for entry in book.entries()] == [1, 2]
    assert book.verify().seq == 2


def test_writers_at_once_make_one_chain(world: World) -> None:
    book = Ledger(world.engine)

    def write() -> None:
        for _ in range(10):
            with world.engine.begin() as connection:
                book.append(connection, at=NOW, actor="ann", event="made.up", subject="s")

    writers = [Thread(target=write) for _ in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert book.verify().seq == 60


def test_twenty_thousand_entries_are_verified_in_a_second_or_so(world: World) -> None:
    book = fill(world, 1)
    rows, previous = [], book.head().hash
    for seq in range(2, 20_001):
        words = {"at": instant_text(NOW), "actor": "ann", "event": "made.up", "subject": "s", "details": '{"n":1}'}
        hashed = _hash(seq, *words.values(), previous)
        rows.append({"seq": seq, **words, "previous": previous, "hash": hashed})
        previous = hashed
    with world.engine.begin() as connection:
        connection.execute(ledger.insert(), rows)
        connection.execute(ledger_head.update().values(seq=20_000, hash=previous))
    started = time.perf_counter()
    assert book.verify().seq == 20_000
    assert time.perf_counter() - started < 5


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc_", max_size=4), inner),
    max_leaves=12,
)


@given(json_values)
def test_canonical_json_reads_back_and_has_one_spelling(value: object) -> None:
    text = canonical_json(value)  # type: ignore[arg-type]
    assert json.loads(text) == value
    assert canonical_json(json.loads(text)) == text


@pytest.mark.parametrize("value", [1.0, float("nan"), {"a": [0.5]}, {1, 2}, NOW])
def test_what_has_no_single_spelling_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="no canonical JSON"):
        canonical_json(value)  # type: ignore[arg-type]


@given(st.datetimes(datetime(1900, 1, 2), datetime(2900, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001 - bounds
def test_an_instant_reads_back_and_its_text_sorts_as_it_does(naive: datetime, hours: int) -> None:
    instant = naive.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert read_instant(instant_text(instant)) == instant
    later = instant + timedelta(microseconds=1)
    assert instant_text(instant) < instant_text(later)


def test_an_instant_without_time_zone_is_neither_written_nor_read() -> None:
    with pytest.raises(UsageError):
        instant_text(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point
    with pytest.raises(ValueError, match="no time zone"):
        read_instant("2026-01-01T00:00:00")
    assert read_instant("2026-01-01T00:00:00Z") == datetime(2026, 1, 1, tzinfo=UTC)

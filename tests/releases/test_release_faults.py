"""What a store of releases promises when a call fails, a byte rots, or something else has been in its folder."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from crashing_publishers import on_every_call
from release_samples import FLOW, NOW, STRUCTURE, counts, dataset, publish

from sdmx_gateway.errors import CorruptRelease, StoreError, UnknownRelease
from sdmx_gateway.releases import CHANGES, DATA, DOCUMENT, ReleaseStore
from sdmx_gateway.releases import catalogue_sql as sql

FILES = (DATA, CHANGES, DOCUMENT)


def siblings(store: ReleaseStore) -> set[str]:
    return {entry.name for entry in store.folder_of(store.get(FLOW.urn, 1)).parent.iterdir()}


def overwrite(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


# Calls that fail


class NthCallFails:
    """Fails the nth call it is told of, as a broken disk would; ``name`` is what that call was."""

    def __init__(self, n: int) -> None:
        self.left, self.name = n, ""

    def __call__(self, name: str) -> None:
        self.left -= 1
        if self.left == 0:
            self.name = name
            raise sqlite3.OperationalError("disk I/O error") if "commit" in name else OSError(errno.EIO, "I/O error")


def test_a_publication_whose_nth_call_fails_publishes_nothing_and_the_next_one_does(
    store: ReleaseStore, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = []
    for n in count(1):
        fault, data, outcome = NthCallFails(n), counts(n), "published"
        with monkeypatch.context() as patched:
            on_every_call(engine, fault, patch=patched.setattr)
            try:
                publish(store, data)
            except StoreError as error:
                outcome = "retriable" if error.retriable else "for good"
        last = store.latest(FLOW.urn, embargoed=True)
        is_recorded = last is not None and last.digest == data.digest
        assert is_recorded == (outcome == "published" or fault.name == "committed"), fault.name
        assert outcome != "for good"
        release, is_new = publish(store, data)
        assert (release.number, is_new) == (n, not is_recorded)
        store.verify(release)
        assert siblings(store) == {str(number) for number in range(1, n + 1)}
        if not fault.name:
            break
        failed.append(fault.name)
    assert {"open", "fsync", "rename", "commit", "committed"} <= set(failed)


def test_every_byte_is_synced_before_the_rename_and_the_rename_before_the_commit(
    store: ReleaseStore, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(store, counts(1))
    trace: list[str] = []
    fsync, rename, commit = os.fsync, os.rename, engine.dialect.do_commit

    def name_of(descriptor: int) -> str:
        return Path(f"/proc/self/fd/{descriptor}").readlink().name.split("-")[0]

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("no /proc to tell which file is synced")
    monkeypatch.setattr(os, "fsync", lambda fd: (trace.append(f"sync {name_of(fd)}"), fsync(fd)))
    monkeypatch.setattr(os, "rename", lambda *paths: (trace.append("rename"), rename(*paths)))
    monkeypatch.setattr(engine.dialect, "do_commit", lambda c: (trace.append("commit"), commit(c)))
    publish(store, counts(2))
    assert trace[-7:] == [
        *(f"sync {name}" for name in FILES),
        "sync .staging",
        "rename",
        "sync 1.0",
        "commit",
    ]
    assert trace[:-7] == ["sync " + Path(store.folder_of(store.get(FLOW.urn, 1))).parents[n].name for n in (4, 3, 2, 1)]


def test_a_database_that_goes_away_in_the_middle_publishes_nothing(
    open_store: Callable[[], ReleaseStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, other = open_store(), open_store()
    publish(store, counts(1))
    record = sql.record

    def hang_up(connection: sa.Connection, *arguments: object, **options: object) -> None:
        connection.connection.driver_connection.close()  # type: ignore[union-attr]
        record(connection, *arguments, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(sql, "record", hang_up)
        with pytest.raises(StoreError, match="cannot be published"):
            publish(store, counts(2))
    assert len(other.history()) == 1
    assert siblings(other) == {"1"}
    assert publish(store, counts(3))[0].number == 2


# Bytes that rot


def test_a_flipped_byte_anywhere_in_any_file_is_found_and_the_file_named(store: ReleaseStore) -> None:
    release, _ = publish(store, dataset())
    for name in FILES:
        path = store.folder_of(release) / name
        whole = path.read_bytes()
        for place in {*range(0, len(whole), max(1, len(whole) // 60)), len(whole) - 1}:
            overwrite(path, whole[:place] + bytes([whole[place] ^ (1 << place % 8)]) + whole[place + 1 :])
            with pytest.raises(CorruptRelease, match=name):
                store.verify(release)
        overwrite(path, whole)
        store.verify(release)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", ["gone", "emptied", "cut", "grown"])
def test_a_file_that_is_not_whole_is_neither_verified_nor_read(store: ReleaseStore, name: str, harm: str) -> None:
    release, _ = publish(store, dataset())
    path = store.folder_of(release) / name
    whole = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        overwrite(path, {"emptied": b"", "cut": whole[:-1], "grown": whole + b"\0"}[harm])
    with pytest.raises(CorruptRelease, match=name) as caught:
        store.verify(release)
    assert caught.value.where.file == str(path)
    reading = {
        DATA: lambda: store.dataset(release, FLOW, STRUCTURE),
        CHANGES: lambda: store.changes(release),
        DOCUMENT: lambda: store.document(release),
    }
    with pytest.raises(CorruptRelease, match=name):
        reading[name]()


def test_a_lazy_read_of_a_file_that_is_gone_says_so_at_once(store: ReleaseStore) -> None:
    release, _ = publish(store, dataset())
    (store.folder_of(release) / DATA).unlink()
    with pytest.raises(CorruptRelease, match=r"data\.parquet of FR_MADE_UP:CRIME\(1.0\) release 1 is gone"):
        store.scan(release)


def test_nothing_is_published_on_a_release_that_has_rotted(store: ReleaseStore) -> None:
    release, _ = publish(store, dataset())
    overwrite(store.folder_of(release) / DATA, b"rot")
    with pytest.raises(CorruptRelease, match=DATA):
        publish(store, counts(1))
    assert siblings(store) == {"1"}


@pytest.mark.parametrize(
    "change",
    [{"embargo_until": None}, {"digest": "0" * 64}, {"published_at": NOW.replace(year=2025)}, {"observations": 5}],
    ids=lambda change: next(iter(change)),
)
def test_a_row_changed_in_the_database_is_found(
    store: ReleaseStore, engine: sa.Engine, change: dict[str, object]
) -> None:
    release, _ = publish(store, dataset(), embargo_until=NOW.replace(year=2027))
    with engine.begin() as connection:
        connection.execute(sql.RELEASES.update().values(change))
    with pytest.raises(CorruptRelease, match="the catalogue disagree"):
        store.verify(release)


def test_content_that_does_not_have_its_digest_is_found_on_demand(store: ReleaseStore) -> None:
    release, _ = publish(store, dataset())
    stranger = type(release)(**{n: getattr(release, n) for n in release.__slots__} | {"digest": "0" * 64})
    with pytest.raises(CorruptRelease, match="content of"):
        store.dataset(stranger, FLOW, STRUCTURE, check=True)


def test_a_release_that_is_not_recorded_has_no_document(store: ReleaseStore, engine: sa.Engine) -> None:
    release, _ = publish(store, dataset())
    with engine.begin() as connection:
        connection.execute(sql.RELEASES.delete())
    with pytest.raises(UnknownRelease, match="is not recorded"):
        store.document(release)


# What others leave in the folder


def test_leftovers_of_dead_publishers_are_swept_and_their_number_used(store: ReleaseStore) -> None:
    publish(store, counts(1))
    flow = store.folder_of(store.get(FLOW.urn, 1)).parent
    for name in (".staging-dead", "2"):
        (flow / name).mkdir()
        (flow / name / DATA).write_bytes(b"half")
    release, _ = publish(store, counts(2))
    assert release.number == 2
    store.verify(release)
    assert siblings(store) == {"1", "2"}


def test_a_database_older_than_the_folder_publishes_nothing_over_it(store: ReleaseStore, engine: sa.Engine) -> None:
    for value in range(4):
        publish(store, counts(value))
    with engine.begin() as connection:
        connection.execute(sql.RELEASES.delete().where(sql.RELEASES.c.number > 2))
    with pytest.raises(StoreError, match=r"release 4 is in the folder, but the catalogue ends at release 2"):
        publish(store, counts(9))
    assert siblings(store) == {"1", "2", "3", "4"}

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdmx_gateway.errors import CorruptSeal
from sdmx_gateway.transmission.durable_file import make_folder, write_new
from sdmx_gateway.transmission.sealed_store import SealedStore, digest_of
from sdmx_gateway.transmission.turn import file_turn


def test_bytes_come_back_and_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    store = SealedStore(tmp_path / "sealed")
    digest = store.put(b"figures")
    assert store.put(b"figures") == digest == digest_of(b"figures")
    assert store.get(digest) == b"figures"
    assert sorted(path.name for path in (tmp_path / "sealed").iterdir()) == [".lock", digest]


def test_every_flipped_bit_is_found_and_never_sent(tmp_path: Path) -> None:
    store, content = SealedStore(tmp_path), b"788"
    path = tmp_path / store.put(content)
    for bit in range(len(content) * 8):
        damaged = bytearray(content)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        with pytest.raises(CorruptSeal, match="are not what was prepared"):
            store.get(path.name)


@given(st.integers(0, 9))
def test_a_file_cut_short_is_found(tmp_path_factory: pytest.TempPathFactory, size: int) -> None:
    folder = tmp_path_factory.mktemp("store")
    store = SealedStore(folder)
    path = folder / store.put(b"0123456789")
    path.write_bytes(b"0123456789"[:size])
    with pytest.raises(CorruptSeal):
        store.get(path.name)
    with pytest.raises(CorruptSeal):
        store.put(b"0123456789")


def test_bytes_that_are_gone_are_named(tmp_path: Path) -> None:
    with pytest.raises(CorruptSeal, match="are gone") as caught:
        SealedStore(tmp_path).get("0" * 64)
    assert "0" * 64 in str(caught.value.where)


def test_twenty_writers_of_the_same_bytes_leave_one_file(tmp_path: Path) -> None:
    store, content = SealedStore(tmp_path), os.urandom(100_000)
    with ThreadPoolExecutor(20) as pool:
        assert len(set(pool.map(lambda _: store.put(content), range(20)))) == 1
    assert store.get(digest_of(content)) == content


def test_a_file_in_its_place_stays(tmp_path: Path) -> None:
    assert write_new(tmp_path / "a", b"first")
    assert not write_new(tmp_path / "a", b"second")
    assert (tmp_path / "a").read_bytes() == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_folders_are_made_all_the_way_down(tmp_path: Path) -> None:
    for _ in range(2):
        make_folder(tmp_path / "a" / "b" / "c")
    assert (tmp_path / "a" / "b" / "c").is_dir()


def test_a_turn_is_held_by_one_and_ends_when_its_holder_fails(tmp_path: Path) -> None:
    inside, most = [], []

    def hold(number: int) -> None:
        with file_turn(tmp_path / "turns" / "one.lock"):
            inside.append(number)
            most.append(len(inside))
            inside.remove(number)
            if number % 3 == 0:
                raise RuntimeError

    with ThreadPoolExecutor(10) as pool:
        outcomes = [pool.submit(hold, number).exception() for number in range(60)]
    assert max(most) == 1
    assert sum(isinstance(outcome, RuntimeError) for outcome in outcomes) == 20

"""What is kept of loaded structures: the same artefacts, in a moment, and never those of other files."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import threading
import zlib
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest
from authored_folders import with_files
from structures_samples import CODELISTS_TOML, EVERYTHING, SEX, SEX_CSV, author
from test_structures_authored_hierarchies import GROWN, files

from sdmx_gateway import structures
from sdmx_gateway.errors import MessageRejected
from sdmx_gateway.structures import Catalogue, load_catalogue, load_catalogue_reporting
from sdmx_gateway.structures.authored import cache as authored_cache
from sdmx_gateway.structures.authored import loading as authored
from sdmx_gateway.structures.authored.deferred import bulk_of, deferred
from sdmx_gateway.structures.authored.packing import packed, unpacked
from sdmx_gateway.structures.model import Artefact, Codelist, Hierarchy, Text


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list that grows by one whenever the files themselves are read."""
    seen: list[int] = []
    load = authored._load
    monkeypatch.setattr(authored, "_load", lambda *args, **words: (seen.append(1), load(*args, **words))[1])
    return seen


def kept(cache: Path) -> Path:
    (found,) = cache.iterdir()
    return found


def same(one: Catalogue, other: Catalogue) -> bool:
    return {a.urn: a for a in one} == {a.urn: a for a in other}


def test_what_is_kept_is_what_was_loaded_and_the_files_are_read_once(
    tmp_path: Path, cache: Path, loads: list[int]
) -> None:
    folder = with_files(tmp_path, files(GROWN, None))
    plain, first, again = load_catalogue([folder]), load_catalogue([folder], cache=cache), None
    assert len(loads) == 2
    again = load_catalogue([folder], cache=cache)
    assert len(loads) == 2
    assert [a.urn for a in again] == [a.urn for a in plain]
    assert same(plain, again)
    assert same(first, again)


@pytest.mark.parametrize(
    "change",
    [
        lambda home: (home / "codelists/CL_SEX.csv").write_text(SEX_CSV.replace("Women", "Womes"), "utf-8"),
        lambda home: (home / "codelists-b.toml").write_text(CODELISTS_TOML.replace("CL_SEX", "CL_B") + 'file = "codelists/CL_SEX.csv"\n'),
        lambda home: (home / "structures/CRIME.toml").unlink(),
        lambda home: (home / "structures/CRIME.toml").rename(home / "structures/CRIME_2.toml"),
    ],
)  # fmt: skip
def test_any_change_is_seen_even_within_a_tick_of_the_clock(
    tmp_path: Path, cache: Path, loads: list[int], change: Callable[[Path], object]
) -> None:
    folder = author(tmp_path)
    load_catalogue([folder], cache=cache)
    times = {path: path.stat() for path in folder.rglob("*")}
    change(folder / "MADE_UP")
    for path, was in times.items():
        if path.exists():
            os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    after = load_catalogue([folder], cache=cache)
    assert len(loads) == 2
    assert same(after, load_catalogue([folder]))


def test_a_file_that_says_nothing_to_us_changes_nothing(tmp_path: Path, cache: Path, loads: list[int]) -> None:
    folder = author(tmp_path)
    load_catalogue([folder], cache=cache)
    (folder / "MADE_UP" / "SOURCES.md").write_text("where from")
    load_catalogue([folder], cache=cache)
    assert len(loads) == 1


def test_other_code_reads_the_files_itself(
    tmp_path: Path, cache: Path, loads: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, other = author(tmp_path), tmp_path / "other_code" / "__init__.py"
    load_catalogue([folder], cache=cache)
    other.parent.mkdir()
    other.write_text("")
    monkeypatch.setattr(structures, "__file__", str(other))
    load_catalogue([folder], cache=cache)
    assert len(loads) == 2


def test_two_folders_are_kept_side_by_side(tmp_path: Path, cache: Path, loads: list[int]) -> None:
    one, two = author(tmp_path / "one"), author(tmp_path / "two")
    for _ in range(2):
        load_catalogue([one], cache=cache)
        load_catalogue([two], cache=cache)
    assert len(loads) == 2
    assert len(list(cache.iterdir())) == 2


def forged(content: bytes, body: bytes) -> bytes:
    """The same cache with another body, its digest set right."""
    start = len(authored_cache._FORM) + 32
    return content[:start] + hashlib.sha256(body).digest() + body


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:-1],
        lambda content: content[:200],
        lambda content: content[:-5] + bytes([content[-5] ^ 1]) + content[-4:],
        lambda content: content.replace(b"structures 1", b"structures 0"),
        lambda content: b"another file\n" * 100,
        lambda content: forged(content, b""),
        lambda content: forged(content, b"\xff" * 100),
        lambda content: forged(content, head({"artefacts": 1, "problems": []})),
        lambda content: forged(content, head({"artefacts": [{"artefact": {"": "Path", "of": "/"}}], "problems": []})),
        lambda content: forged(content, head({"artefacts": [{"artefact": {"": "Codelist"}}], "problems": []})),
        lambda content: forged(content, head({"artefacts": [{"artefact": None}], "problems": []})),
    ],
)
def test_a_damaged_cache_is_not_believed_and_written_anew(
    tmp_path: Path, cache: Path, loads: list[int], damage: Callable[[bytes], bytes]
) -> None:
    folder = author(tmp_path)
    load_catalogue([folder], cache=cache)
    whole = kept(cache).read_bytes()
    kept(cache).write_bytes(damage(whole))
    assert same(load_catalogue([folder], cache=cache), load_catalogue([folder]))
    assert kept(cache).read_bytes() == whole
    load_catalogue([folder], cache=cache)
    assert len(loads) == 3


def head(said: object) -> bytes:
    content = zlib.compress(json.dumps(said).encode())
    return len(content).to_bytes(8, "big") + content


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path, loads: list[int]) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    folder = author(tmp_path)
    for _ in range(2):
        load_catalogue([folder], cache=tmp_path / "cache")
    assert len(loads) == 2


def test_nothing_is_left_behind_when_writing_fails(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full)
    load_catalogue([author(tmp_path)], cache=cache)
    assert list(cache.iterdir()) == []


def test_what_a_killed_writer_left_behind_is_removed(tmp_path: Path, cache: Path) -> None:
    folder = author(tmp_path)
    load_catalogue([folder], cache=cache)
    name = kept(cache).name
    (cache / f"{name}.torn").write_bytes(b"torn")
    (cache / "of-something-else").touch()
    (folder / "MADE_UP/structures/CRIME.toml").unlink()
    load_catalogue([folder], cache=cache)
    assert sorted(path.name for path in cache.iterdir()) == ["of-something-else", name]


def test_folders_with_a_mistake_are_refused_every_time(tmp_path: Path, cache: Path) -> None:
    folder = with_files(tmp_path, {"codelists.toml": CODELISTS_TOML.replace("status", "statu")})
    for _ in range(2):
        with pytest.raises(MessageRejected):
            load_catalogue([folder], cache=cache)
    assert not cache.exists()


def test_what_changes_while_it_is_read_is_not_kept(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, load = author(tmp_path), authored._load

    def slow(*args: object, **words: object) -> object:
        found = load(*args, **words)  # type: ignore[arg-type]
        (folder / "MADE_UP/codelists/CL_SEX.csv").write_text(SEX_CSV.replace("Women", "W"), "utf-8")
        return found

    monkeypatch.setattr(authored, "_load", slow)
    load_catalogue([folder], cache=cache)
    assert not cache.exists()


def test_what_was_left_out_of_foreign_files_is_told_again(tmp_path: Path, cache: Path) -> None:
    from structures_samples import HEADER

    from sdmx_gateway.structures import write_structures
    from sdmx_gateway.structures.model import Code

    theirs = Codelist(
        agency="MADE_UP", id="CL_SEX", names=Text.of(en="Sex"), items=(Code(id="X", names=Text.of(en="X")),)
    )
    folder = author(tmp_path)
    (folder / "MADE_UP/foreign").mkdir()
    (folder / "MADE_UP/foreign/a.xml").write_bytes(write_structures([theirs], "3.0", HEADER))
    first, again = (load_catalogue_reporting([folder], cache=cache)[1] for _ in range(2))
    assert first == again
    assert [problem.code for problem in again] == ["superseded"]


def test_the_bulk_of_an_artefact_arrives_when_it_is_looked_at(tmp_path: Path, cache: Path) -> None:
    folder = with_files(tmp_path, files(GROWN, None))
    load_catalogue([folder], cache=cache)
    lists = [a for a in load_catalogue([folder], cache=cache) if isinstance(a, Codelist | Hierarchy)]
    assert lists
    for found in lists:
        assert bulk_of(found) not in vars(found)
        assert (found.names, found.urn.id) == (found.names, found.id)
        assert bulk_of(found) not in vars(found)
        assert getattr(found, bulk_of(found) or "")
        assert type(found) in {Codelist, Hierarchy}


def waiting(calls: list[int]) -> Codelist:
    return deferred(SEX, "items", lambda: (calls.append(1), SEX.items)[1])


def test_a_deferred_artefact_is_equal_to_an_ordinary_one_and_like_it_in_all() -> None:
    calls: list[int] = []
    assert waiting(calls) == SEX
    assert SEX == waiting(calls)  # noqa: SIM300
    assert waiting(calls) == waiting(calls)
    assert waiting(calls) != replace(SEX, items=())
    assert hash(waiting(calls)) == hash(SEX)
    assert repr(waiting(calls)) == repr(SEX)
    assert replace(waiting(calls), id="CL_B") == replace(SEX, id="CL_B")
    assert replace(waiting(calls), items=()) == replace(SEX, items=())
    assert list(waiting(calls).by_id) == list(SEX.by_id)
    assert "F" in waiting(calls)


def test_a_deferred_artefact_is_made_once_and_compared_with_itself_never() -> None:
    calls: list[int] = []
    codelist = waiting(calls)
    assert codelist == codelist
    assert calls == []
    assert [codelist.items, codelist.items, codelist == SEX] == [SEX.items, SEX.items, True]
    assert calls == [1]
    assert type(codelist) is Codelist


def test_threads_that_look_at_once_see_the_same() -> None:
    calls: list[int] = []
    codelist, seen, start = waiting(calls), [], threading.Barrier(4)

    def look() -> None:
        start.wait()
        seen.append(codelist.items)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [SEX.items] * 4


@pytest.mark.parametrize("artefact", EVERYTHING, ids=lambda artefact: artefact.urn.short)
def test_every_artefact_is_packed_exactly(artefact: Artefact) -> None:
    assert unpacked(json.loads(json.dumps(packed(artefact)))) == artefact


def test_what_is_no_value_of_the_model_is_not_packed_and_not_made() -> None:
    with pytest.raises(TypeError):
        packed(Path("/"))
    with pytest.raises(KeyError):
        unpacked({"": "Path", "of": "/"})


def test_texts_that_a_table_cannot_say_are_packed_all_the_same() -> None:
    for text in (Text((("fr", "a"), ("fr", "b"))), Text((("", "a"),)), Text()):
        assert unpacked(json.loads(json.dumps(packed(text)))) == text


def test_loading_leaves_the_garbage_collector_as_it_was(tmp_path: Path) -> None:
    assert gc.isenabled()
    load_catalogue([author(tmp_path)])
    assert gc.isenabled()
    gc.disable()
    try:
        load_catalogue([author(tmp_path)])
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_every_bulky_field_is_one_its_class_has() -> None:
    from sdmx_gateway.structures.authored.deferred import BULK

    for of, field in BULK:
        assert field in {each.name for each in fields(of)}

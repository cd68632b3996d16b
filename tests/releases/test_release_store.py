"""What a store of releases promises when nothing goes wrong. On SQLite and PostgreSQL."""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from release_samples import (
    DAY,
    FLOW,
    NOW,
    OTHER_FLOW,
    PROVENANCE,
    REPORT,
    ROWS,
    STRUCTURE,
    counts,
    dataset,
    large,
    publish,
    structure_of,
)

from sdmx_gateway.database import open_database
from sdmx_gateway.errors import StoreError, UnknownRelease, UsageError
from sdmx_gateway.observations import Dataset, difference
from sdmx_gateway.releases import CHANGES, DATA, DOCUMENT, Provenance, ReleaseStore
from sdmx_gateway.releases import catalogue_sql as sql


def test_a_release_read_back_is_what_was_published(shared_store: ReleaseStore) -> None:
    published = dataset()
    release, is_new = publish(shared_store, published)
    read = shared_store.dataset(release, FLOW, STRUCTURE, check=True)
    assert is_new
    assert read.frame.equals(published.frame)
    assert read.frame.schema == published.frame.schema
    assert read.digest == release.digest == published.digest


def test_releases_are_numbered_from_one_and_tell_what_they_changed(shared_store: ReleaseStore) -> None:
    first, _ = publish(shared_store, counts(4, 5, 6))
    second, _ = publish(shared_store, counts(4, 50), now=NOW + DAY)
    assert (first.number, second.number) == (1, 2)
    assert first.changes == {"added": 3, "revised": 0, "requalified": 0, "withdrawn": 0}
    assert second.changes == {"added": 0, "revised": 1, "requalified": 0, "withdrawn": 1}
    assert shared_store.changes(second).select("REF_AREA", "change", "OBS_VALUE", "OBS_VALUE__before").rows() == [
        ("D02", "revised", 50, 5),
        ("D03", "withdrawn", None, 6),
    ]


def test_a_release_found_again_is_equal_to_the_one_that_was_returned(shared_store: ReleaseStore) -> None:
    paris = timezone(timedelta(hours=1))
    at = datetime(2026, 11, 24, 10, 12, 30, 123456, tzinfo=paris)
    release, _ = publish(shared_store, dataset(), now=at, embargo_until=at + DAY)
    assert shared_store.get(FLOW.urn, 1) == release
    assert shared_store.history() == (release,)
    assert release.published_at == at
    assert release.published_at.tzinfo is UTC
    assert (release.periods, release.observations, release.edition) == (("2023", "2024"), 4, "2025-01-26")
    assert (release.path, str(release)) == ("FR_MADE_UP/CRIME/1.0/1", "FR_MADE_UP:CRIME(1.0) release 1")
    assert len({release, shared_store.get(FLOW.urn, 1)}) == 1


def test_the_same_content_again_is_the_release_that_holds_it_and_nothing_is_written(
    shared_store: ReleaseStore, tmp_path: Path
) -> None:
    release, _ = publish(shared_store, dataset())
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "releases").rglob("*")}
    again, is_new = publish(shared_store, dataset(reversed(ROWS)), now=NOW + DAY, embargo_until=NOW + 9 * DAY)
    assert (again, is_new) == (release, False)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "releases").rglob("*")} == before


def test_content_that_comes_back_after_a_revision_is_a_release_of_its_own(shared_store: ReleaseStore) -> None:
    for values in ((1, 2), (1, 3), (1, 2)):
        publish(shared_store, counts(*values))
    assert [r.number for r in shared_store.history(FLOW.urn)] == [1, 2, 3]


def test_a_new_source_edition_with_the_same_figures_is_released_with_no_changes(shared_store: ReleaseStore) -> None:
    publish(shared_store, dataset())
    release, is_new = publish(shared_store, dataset(edition="2026-03-01"))
    assert is_new
    assert set(release.changes.values()) == {0}
    assert shared_store.document(release)["attributes"] == {"SOURCE_EDITION": "2026-03-01"}


def test_an_empty_dataset_withdraws_everything(shared_store: ReleaseStore) -> None:
    publish(shared_store, dataset())
    release, _ = publish(shared_store, dataset(()))
    assert release.changes["withdrawn"] == len(ROWS)
    assert release.periods is None
    assert shared_store.dataset(release, FLOW, STRUCTURE, check=True).frame.is_empty()
    shared_store.verify(release)


def test_each_dataflow_has_its_own_numbers(shared_store: ReleaseStore) -> None:
    publish(shared_store, counts(1))
    publish(shared_store, dataset(flow=OTHER_FLOW))
    publish(shared_store, counts(2))
    assert [(r.dataflow.id, r.number) for r in shared_store.history()] == [("CRIME", 1), ("CRIME", 2), ("OTHER", 1)]
    assert [r.number for r in shared_store.history(OTHER_FLOW.urn)] == [1]


# What is visible when


@pytest.mark.parametrize(("moment", "number"), [(-1, 1), (0, 2), (1, 2)])
def test_an_embargoed_release_is_invisible_until_its_very_instant(
    shared_store: ReleaseStore, moment: int, number: int
) -> None:
    embargo = NOW + DAY
    publish(shared_store, counts(1))
    publish(shared_store, counts(2), embargo_until=embargo)
    at = embargo + timedelta(microseconds=moment)
    visible = shared_store.latest(FLOW.urn, at=at)
    assert visible is not None
    assert visible.number == number
    assert [r.number for r in shared_store.history(at=at)] == list(range(1, number + 1))


def test_who_may_sees_through_an_embargo(shared_store: ReleaseStore) -> None:
    release, _ = publish(shared_store, counts(1), embargo_until=NOW + DAY)
    assert shared_store.latest(FLOW.urn, at=NOW) is None
    assert shared_store.latest(FLOW.urn, at=NOW, embargoed=True) == release
    assert shared_store.latest(FLOW.urn, embargoed=True) == release
    assert shared_store.get(FLOW.urn, 1) == release
    assert release.public_from == NOW + DAY


def test_without_an_instant_the_clock_says_what_is_free(tmp_path: Path, engine: sa.Engine) -> None:
    clock = [NOW]
    store = ReleaseStore(tmp_path / "releases", engine, clock=lambda: clock[0])
    publish(store, counts(1), embargo_until=NOW + DAY)
    assert store.latest(FLOW.urn) is None
    clock[0] += DAY
    assert store.latest(FLOW.urn) is not None


def test_the_past_can_be_asked_what_it_knew(shared_store: ReleaseStore) -> None:
    for day in range(3):
        publish(shared_store, counts(day), now=NOW + day * DAY)
    seen = [shared_store.latest(FLOW.urn, at=NOW + shift) for shift in (-DAY, 0 * DAY, 1.5 * DAY, 99 * DAY)]
    assert [release.number if release else None for release in seen] == [None, 1, 2, 3]


def test_a_clock_set_back_does_not_reorder_releases(shared_store: ReleaseStore) -> None:
    publish(shared_store, counts(1), now=NOW)
    second, _ = publish(shared_store, counts(2), now=NOW - DAY)
    assert shared_store.latest(FLOW.urn, at=NOW) == second


def test_a_release_that_is_not_there_is_named_with_those_that_are(shared_store: ReleaseStore) -> None:
    publish(shared_store, counts(1))
    publish(shared_store, counts(2))
    with pytest.raises(UnknownRelease, match=r"no release 3\n.*releases 1 to 2"):
        shared_store.get(FLOW.urn, 3)
    assert shared_store.latest(OTHER_FLOW.urn) is None
    with pytest.raises(UnknownRelease, match="publish one first"):
        shared_store.get(OTHER_FLOW.urn, 1)


# What is on disk


def test_a_release_is_three_read_only_files_and_its_document_knows_their_digests(
    store: ReleaseStore, tmp_path: Path
) -> None:
    release, _ = publish(store, dataset())
    folder = tmp_path / "releases" / "FR_MADE_UP" / "CRIME" / "1.0" / "1"
    assert folder == store.folder_of(release)
    assert {path.name for path in folder.iterdir()} == {DATA, CHANGES, DOCUMENT}
    assert [path.name for path in folder.parent.iterdir()] == ["1"]
    assert not any(path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) for path in folder.iterdir())
    files = store.document(release)["files"]
    assert files == {n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in (DATA, CHANGES)}


def test_the_document_says_where_the_figures_came_from_and_reads_like_a_page(store: ReleaseStore) -> None:
    release, _ = publish(store, dataset(), embargo_until=NOW + DAY)
    text = (store.folder_of(release) / DOCUMENT).read_text(encoding="utf-8")
    told = json.loads(text)
    assert text == json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert "données-dép-2025.csv" in text
    assert told == store.document(release)
    assert Provenance.from_dict(told["provenance"]) == PROVENANCE
    assert told["report"] == REPORT
    del told["provenance"], told["report"], told["files"]
    assert told == {
        "form": 1,
        "dataflow": str(FLOW.urn),
        "structure": str(STRUCTURE.urn),
        "number": 1,
        "published_at": "2026-11-24T09:12:00.000000Z",
        "embargo_until": "2026-11-25T09:12:00.000000Z",
        "digest": release.digest,
        "observations": 4,
        "changes": {"added": 4, "revised": 0, "requalified": 0, "withdrawn": 0},
        "periods": ["2023", "2024"],
        "path": "FR_MADE_UP/CRIME/1.0/1",
        "approved_by": "A. Martin",
        "attributes": {"SOURCE_EDITION": "2025-01-26"},
    }


def test_another_engine_reads_the_tables_in_key_order_and_small_groups(store: ReleaseStore) -> None:
    published = large()
    release, _ = publish(store, published)
    file = pq.ParquetFile(store.folder_of(release) / DATA)
    table = file.read()
    assert pl.DataFrame(pl.from_arrow(table)).equals(published.frame)
    groups = [file.metadata.row_group(n) for n in range(file.metadata.num_row_groups)]
    assert {group.num_rows for group in groups} == {10_000}
    areas = [group.column(published.frame.columns.index("REF_AREA")) for group in groups]
    assert all(area.compression == "ZSTD" and area.statistics.has_min_max for area in areas)
    assert all(a.statistics.max <= b.statistics.min for a, b in pairwise(areas))
    assert pq.read_table(store.folder_of(release) / CHANGES).num_rows == len(published)


def test_one_series_is_read_without_the_others(store: ReleaseStore) -> None:
    published = large()
    release, _ = publish(store, published)
    series = (pl.col("FREQ") == "A") & (pl.col("REF_AREA") == "C01000") & (pl.col("OFFENCE") == "THEFT")
    found = store.scan(release).filter(series).collect()
    assert found.equals(published.frame.filter(series))
    assert found.height == 10


# What is refused


@pytest.mark.parametrize("which", ["now", "embargo_until"])
def test_an_instant_without_a_time_zone_is_refused(store: ReleaseStore, which: str) -> None:
    with pytest.raises(StoreError, match="no time zone"):
        publish(store, dataset(), **{which: datetime(2026, 11, 24, 9, 12)})  # noqa: DTZ001
    assert store.history() == ()


def test_an_instant_to_look_at_needs_a_time_zone_too(store: ReleaseStore) -> None:
    with pytest.raises(StoreError, match="no time zone"):
        store.latest(FLOW.urn, at=datetime(2026, 11, 24))  # noqa: DTZ001
    with pytest.raises(StoreError, match="no time zone"):
        store.history(at=datetime(2026, 11, 24))  # noqa: DTZ001


def test_observations_that_repeat_a_key_or_are_out_of_order_are_refused(store: ReleaseStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="1 observations repeat a key"):
        publish(store, dataset((*ROWS, ROWS[0])))
    with pytest.raises(StoreError, match="3 observations repeat a key or are out of order"):
        publish(store, Dataset(FLOW, STRUCTURE, dataset().frame.reverse()))
    with pytest.raises(StoreError, match="OFFENCE without a code"):
        publish(store, dataset([("D01", None, "2024", 1, "A", None)]))  # type: ignore[list-item]
    assert not (tmp_path / "releases").exists()


def test_a_report_that_json_cannot_say_is_refused_and_nothing_is_left(store: ReleaseStore) -> None:
    for report in ({"at": NOW}, {"share": float("nan")}, {"text": "\ud800"}):
        with pytest.raises(StoreError, match="cannot be written as JSON"):
            publish(store, dataset(), report=report)
    assert store.history() == ()
    assert publish(store, dataset())[0].number == 1


def test_a_release_of_another_dataflow_is_not_read_as_this_one(store: ReleaseStore) -> None:
    release, _ = publish(store, dataset(flow=OTHER_FLOW))
    with pytest.raises(UsageError, match=r"OTHER\(1.0\) release 1 is no release of FR_MADE_UP:CRIME"):
        store.dataset(release, FLOW, STRUCTURE)


def test_a_database_of_a_later_gateway_is_refused(tmp_path: Path, database: str) -> None:
    engine = open_database(database)
    ReleaseStore(tmp_path / "releases", engine)
    with engine.begin() as connection:
        connection.execute(sql.SCHEMA.update().values(version=sql.SCHEMA_VERSION + 1))
    with pytest.raises(StoreError, match="schema 2, this gateway knows 1"):
        ReleaseStore(tmp_path / "releases", engine)
    engine.dispose()


def test_a_database_that_cannot_be_opened_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "gateway.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreError, match="catalogue cannot be opened"):
        ReleaseStore(tmp_path / "releases", open_database(f"sqlite:///{tmp_path / 'gateway.sqlite'}"))


# Structures that grow


def test_an_attribute_the_structure_gains_is_null_in_earlier_releases(store: ReleaseStore) -> None:
    first, _ = publish(store, dataset())
    grown = structure_of("1.1", extra=("DECIMALS",))
    second, is_new = publish(store, dataset(structure=grown))
    assert is_new
    assert (first.structure, second.structure) == (STRUCTURE.urn, grown.urn)
    assert set(second.changes.values()) == {0}
    old = store.dataset(first, FLOW, grown, check=True)
    assert old.frame["DECIMALS"].null_count() == len(ROWS)
    assert store.dataset(second, FLOW, STRUCTURE).frame.equals(dataset().frame)


def test_a_dataflow_whose_dimensions_change_is_another_dataflow(store: ReleaseStore) -> None:
    publish(store, dataset())
    renamed = structure_of("2.0", areas="TERRITORY")
    changed = Dataset.of(FLOW, renamed, dataset().frame.rename({"REF_AREA": "TERRITORY"}))
    with pytest.raises(StoreError, match=r"does not fit FR_MADE_UP:CRIME\(2.0\)(?s:.*)give the dataflow a new version"):
        publish(store, changed)
    assert len(store.history()) == 1


# Several at once


def test_publishers_at_once_each_get_a_number_and_no_change_is_lost(
    open_store: Callable[[], ReleaseStore],
) -> None:
    stores = [open_store() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(publish, stores[n % 4], counts(n, n + 1)) for n in range(12)]
        releases = [job.result()[0] for job in jobs]
    history = stores[0].history(FLOW.urn)
    assert sorted(r.number for r in releases) == [r.number for r in history] == list(range(1, 13))
    read = [stores[1].dataset(r, FLOW, STRUCTURE, check=True) for r in history]
    for before, after, release in zip([None, *read], read, history, strict=False):
        assert stores[2].changes(release).equals(difference(before, after).changes)
        stores[3].verify(release)


def test_more_publishers_in_one_process_than_it_has_connections_all_land(shared_store: ReleaseStore) -> None:
    with ThreadPoolExecutor(20) as pool:
        jobs = [pool.submit(publish, shared_store, counts(n)) for n in range(20)]
        assert sorted(job.result()[0].number for job in jobs) == list(range(1, 21))


def test_the_same_content_from_many_publishers_is_one_release(open_store: Callable[[], ReleaseStore]) -> None:
    stores = [open_store() for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(publish, stores[n % 4], dataset()) for n in range(40)]
        answers = [job.result() for job in jobs]
    assert len({release for release, _ in answers}) == 1
    assert sum(is_new for _, is_new in answers) == 1


def test_reading_does_not_wait_for_a_publication(tmp_path: Path, store: ReleaseStore, engine: sa.Engine) -> None:
    release, _ = publish(store, dataset())
    with engine.begin() as connection:
        sql.take(connection, FLOW.urn)
        started = datetime.now(UTC)
        assert store.latest(FLOW.urn, at=NOW) == release
        assert store.document(release)
        assert datetime.now(UTC) - started < timedelta(seconds=5)  # a writer would wait 30 s

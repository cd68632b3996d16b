"""What changed: from one release to the next, between any two, and dimension by dimension."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from release_samples import FLOW, NOW, OTHER_FLOW, STRUCTURE, counts, dataset, publish

from sdmx_gateway.database import open_database
from sdmx_gateway.errors import UsageError
from sdmx_gateway.observations import Dataset, Difference, conform, difference
from sdmx_gateway.releases import ReleaseStore, summarise

AREAS, PERIODS = ("D01", "D2A", "FR"), ("2023", "2024-Q1")
TEXTS = st.none() | st.text(max_size=3)
TABLES = st.dictionaries(
    st.tuples(st.sampled_from(AREAS), st.sampled_from(("HOMICIDE", "ROBBERY")), st.sampled_from(PERIODS)),
    st.tuples(
        st.none() | st.integers(-(2**63), 2**63 - 1), TEXTS, st.none() | st.lists(st.text(max_size=2), max_size=2)
    ),
    max_size=8,
)
NUMBERS = count(1)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReleaseStore]:
    """A store many examples share, each with a dataflow of its own."""
    folder = tmp_path_factory.mktemp("kept")
    engine = open_database(f"sqlite:///{folder / 'gateway.sqlite'}")
    yield ReleaseStore(folder / "releases", engine)
    engine.dispose()


def made_of(table: dict[Any, Any], **options: Any) -> Dataset:
    return dataset([(*key, *values) for key, values in table.items()], **options)


def applied(before: Dataset, changes: pl.DataFrame, attributes: dict[str, object]) -> pl.DataFrame:
    """A table as a partner brings it up to date: from the release before, the changes, the dataset's attributes."""
    keys = [dimension.id for dimension in STRUCTURE.dimensions]
    kept = before.frame.join(changes, on=keys, how="anti").drop("SOURCE_EDITION")
    new = changes.filter(pl.col("change") != "withdrawn").select(kept.columns)
    return conform(pl.concat([kept, new]).with_columns(**{k: pl.lit(v) for k, v in attributes.items()}), STRUCTURE)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(TABLES, st.sampled_from(("2024-07", "2025-01"))), min_size=1, max_size=4))
def test_the_changes_of_a_release_applied_to_the_one_before_give_it(
    kept: ReleaseStore, steps: list[tuple[dict[Any, Any], str]]
) -> None:
    flow = replace(FLOW, id=f"CRIME_{next(NUMBERS)}")
    current = made_of({}, flow=flow)
    number = 0
    for table, edition in steps:
        published = made_of(table, flow=flow, edition=edition)
        release, is_new = publish(kept, published)
        number += is_new
        assert release.number == number
        read = kept.dataset(release, flow, STRUCTURE, check=True)
        assert read.frame.equals(published.frame)
        if is_new:
            told = kept.document(release)["attributes"]
            assert applied(current, kept.changes(release), told).equals(published.frame)
        current = published


@settings(max_examples=60, deadline=None)
@given(TABLES, TABLES)
def test_a_summary_counts_every_change_once_and_finds_the_largest_revision(
    before: dict[Any, Any], after: dict[Any, Any]
) -> None:
    changed = difference(made_of(before), made_of(after))
    told = summarise(changed, "REF_AREA", "OBS_VALUE")
    assert {name: told[name].sum() for name in changed.summary} == changed.summary
    moves: dict[str, float] = {}
    for key in before.keys() & after.keys():
        old, new = before[key][0], after[key][0]
        if None not in {old, new} and float(old) != float(new):
            moves[key[0]] = max(moves.get(key[0], 0.0), abs(float(new) - float(old)))
    for row in told.iter_rows(named=True):
        found = row["before"] is not None and abs(float(row["after"]) - float(row["before"]))
        assert found == moves.get(row["REF_AREA"], False)


def test_two_releases_that_are_not_neighbours_are_compared(store: ReleaseStore) -> None:
    first, second, third = (publish(store, data)[0] for data in (counts(4, 5), counts(9, 9, 9), counts(4, 7)))
    changed = store.comparison(first, third, dataflow=FLOW, structure=STRUCTURE)
    assert changed.summary == {"added": 0, "revised": 1, "requalified": 0, "withdrawn": 0}
    back = store.comparison(third, second, dataflow=FLOW, structure=STRUCTURE)
    assert back.summary == {"added": 1, "revised": 2, "requalified": 0, "withdrawn": 0}


def test_releases_of_two_dataflows_are_not_compared(store: ReleaseStore) -> None:
    ours, _ = publish(store, counts(1))
    other, _ = publish(store, dataset(flow=OTHER_FLOW), now=NOW)
    with pytest.raises(UsageError, match="is no release of"):
        store.comparison(ours, other, dataflow=FLOW, structure=STRUCTURE)


@pytest.fixture
def revision() -> Difference:
    """Made up, but for the homicides of 2020: 823 in one edition, 788 in the next."""
    before = dataset(
        [
            ("FR", "HOMICIDE", "2020", 823, "A", None),
            ("FR", "HOMICIDE", "2021", 800, "A", None),
            ("D75", "HOMICIDE", "2020", 40, "A", None),
            ("D75", "THEFT", "2020", 0, "A", None),
            ("D75", "THEFT", "2021", 7, "A", None),
            ("D01", "FRAUD", "2020", None, "O", None),
            ("D01", "ARSON", "2020", 3, "A", None),
        ]
    )
    after = dataset(
        [
            ("FR", "HOMICIDE", "2020", 788, "A", None),
            ("FR", "HOMICIDE", "2021", 810, "A", None),
            ("FR", "HOMICIDE", "2022", 812, "A", None),
            ("D75", "HOMICIDE", "2020", 40, "E", None),
            ("D75", "THEFT", "2020", 2, "A", None),
            ("D01", "FRAUD", "2020", 12, "A", None),
        ]
    )
    return difference(before, after)


def test_a_summary_by_offence_tells_the_largest_revision_of_each(revision: Difference) -> None:
    told = summarise(revision, "OFFENCE", "OBS_VALUE").with_columns(pl.col("percent").round(1))
    assert told.columns == [
        *("OFFENCE", "revised", "added", "withdrawn", "requalified"),
        *("largest_revision_key", "largest_revision_period", "before", "after", "percent"),
    ]
    assert told.rows() == [
        ("HOMICIDE", 2, 1, 0, 1, "A.FR.HOMICIDE", "2020", 823, 788, -4.3),
        ("THEFT", 1, 0, 1, 0, "A.D75.THEFT", "2020", 0, 2, None),
        ("FRAUD", 1, 0, 0, 0, None, None, None, None, None),
        ("ARSON", 0, 0, 1, 0, None, None, None, None, None),
    ]


def test_a_summary_may_be_by_period(revision: Difference) -> None:
    told = summarise(revision, "TIME_PERIOD", "OBS_VALUE")
    assert told.select("TIME_PERIOD", "revised", "largest_revision_period").rows() == [
        ("2020", 3, "2020"),
        ("2021", 1, "2021"),
        ("2022", 0, None),
    ]


def test_no_change_is_an_empty_summary() -> None:
    told = summarise(difference(counts(1), counts(1)), "REF_AREA", "OBS_VALUE")
    assert told.is_empty()
    assert told.schema["before"] == pl.Int64


def test_a_measure_of_codes_is_counted_and_has_no_largest_revision(revision: Difference) -> None:
    spelt = Difference(revision.changes.with_columns(pl.col("OBS_VALUE", "OBS_VALUE__before").cast(pl.String)))
    told = summarise(spelt, "OFFENCE", "OBS_VALUE")
    assert told["revised"].to_list() == [2, 1, 1, 0]
    assert told["before"].null_count() == told.height


@pytest.mark.parametrize(
    ("dimension", "measure", "said"),
    [
        ("OFFENSE", "OBS_VALUE", r"'OFFENSE' is no dimension(?s:.*)ask for OFFENCE"),
        ("OBS_STATUS", "OBS_VALUE", "no dimension"),
        ("OFFENCE", "VALUE", r"'VALUE' is no measure(?s:.*)ask for OBS_VALUE"),
    ],
)
def test_a_summary_by_what_is_not_there_says_what_is(
    revision: Difference, dimension: str, measure: str, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        summarise(revision, dimension, measure)

"""A series over its periods: a nought too many and a row that went elsewhere are told; what grows, starts or ends is not."""

from __future__ import annotations

import pytest
from validation_world import check, dataset, found, rule, run_of

SPIKE = rule("spike_at_most", times=10, floor=10, severity="warning")
UNBROKEN = rule("unbroken", at_least=2, severity="warning")


def series(*values, area="D1", first=2000):
    return [(area, "HOMICIDE", str(first + place), value) for place, value in enumerate(values)]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((5, 5000, 6), [("2001", "5000")]),
        ((5, 6, 5000), [("2002", "5000")]),
        ((5000, 6, 5), [("2000", "5000")]),
        ((1, 9, 80, 700, 6000), []),
        ((5, 100, 6), []),
        ((5, 101, 6), [("2001", "101")]),
        ((0, 0, 1000, 0), [("2002", "1000")]),
        ((0, 0, 30_000, 100_000, 140_000), []),
        ((5000,), []),
        ((5, None, 5000), [("2002", "5000")]),
    ],
    ids=[
        "between",
        "last",
        "first",
        "growth",
        "within the floor",
        "above it",
        "among noughts",
        "a start",
        "alone",
        "gap",
    ],
)
def test_a_value_out_of_proportion_to_both_neighbours_is_told(values, told):
    report = check(dataset(*series(*values)), SPIKE)
    assert [(f.where.period, f.value) for f in found(report)] == told


def test_series_do_not_mix():
    report = check(dataset(*series(1, 1, 1), *series(5000, 5000, 5000, area="D2")), SPIKE)
    assert not found(report)
    assert run_of(report).checked == 6


def test_a_hole_and_a_series_of_one_are_told_and_a_late_start_is_not():
    rows = [row for row in series(1, 2, 3, 4) if row[2] != "2001"]
    rows += series(7, 8, area="D2", first=2002)
    rows += [("D3", "HOMICIDE", "2001", 2)]
    report = check(dataset(*rows), UNBROKEN)
    assert [(f.where.key, f.count or 1) for f in found(report)] == [("A.D1.HOMICIDE", 1), ("A.D3.HOMICIDE", 1)]
    assert "1 are missing" in found(report)[0].message
    assert run_of(report).checked == 3


def test_each_frequency_has_its_own_periods():
    rows = [{"FREQ": "Q", "TIME_PERIOD": f"2000-Q{quarter}"} for quarter in (1, 2, 3, 4)]
    rows += [{"FREQ": "A", "TIME_PERIOD": year} for year in ("2000", "2001")]
    assert not found(check(dataset(*rows), UNBROKEN))

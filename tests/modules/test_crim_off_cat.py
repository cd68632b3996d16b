"""crim_off_cat for France against the table Eurostat publishes, read again without the engine."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from sdmx_gateway.gateway import Gateway
from sdmx_gateway.observations import Dataset

MODULE = "eurostat/crim_off_cat"
PUBLISHED = Path(__file__).parents[2] / "mappings" / MODULE / "published" / "estat_crim_off_cat_FR.tsv.gz"
SINCE_2016 = [str(year) for year in range(2016, 2024)]


def published() -> dict[tuple[str, str], int]:
    """Numbers published for France, by category and year."""
    header, *lines = gzip.decompress(PUBLISHED.read_bytes()).decode().splitlines()
    years = [cell.strip() for cell in header.split("\t")[1:]]
    found = {}
    for line in lines:
        key, *cells = line.split("\t")
        _, iccs, unit, _ = key.split(",")
        if unit == "NR":
            found |= {
                (iccs, y): int(c.split()[0]) for y, c in zip(years, cells, strict=True) if c.strip()[:1].isdigit()
            }
    return found


@pytest.fixture
def made(converted: Callable[..., Dataset]) -> dict[tuple[str, str], int]:
    frame = converted(MODULE).frame
    return {(iccs, year): value for iccs, year, value in frame.select("ICCS", "TIME_PERIOD", "OBS_VALUE").iter_rows()}


def test_attempted_homicides_are_eurostats_to_the_unit(made: dict[tuple[str, str], int]) -> None:
    table = published()
    assert [made["ICCS0102", y] for y in SINCE_2016] == [table["ICCS0102", y] for y in SINCE_2016]


@pytest.mark.parametrize(
    ("iccs", "years", "least", "most"),
    [
        ("ICCS0401", SINCE_2016, 0.0, 0.0005),
        ("ICCS05021", ["2016", "2020", "2021", "2022", "2023"], 0.005, 0.021),
        ("ICCS020111", SINCE_2016, 0.03, 0.07),
        ("ICCS0101", SINCE_2016, 0.12, 0.22),
        ("ICCS05012", ["2016", "2020", "2021", "2022", "2023"], 0.03, 0.09),
        ("ICCS0102", ["2012", "2013", "2014", "2015"], -0.04, -0.01),
        ("ICCS0301", ["2012", "2013", "2014", "2015"], -0.034, -0.017),
        ("ICCS0501", ["2012", "2013", "2014", "2015"], -0.011, -0.005),
        ("ICCS0502", ["2013", "2014", "2015"], -0.02, -0.018),
    ],
)
def test_the_distance_to_eurostats_figure_is_the_one_the_readme_tells(
    made: dict[tuple[str, str], int], iccs: str, years: list[str], least: float, most: float
) -> None:
    table = published()
    assert all(least <= made[iccs, year] / table[iccs, year] - 1 <= most for year in years)


def test_no_figure_of_persons_accused_and_none_of_two_units_is_in_it(made: dict[tuple[str, str], int]) -> None:
    categories = {iccs for iccs, _ in made}
    assert not categories & {"ICCS0601", "ICCS0701"}
    assert {iccs for iccs, year in made if year >= "2016"} == {
        "ICCS0101", "ICCS0102", "ICCS020111", "ICCS0401", "ICCS05012", "ICCS05021",
    }  # fmt: skip


def test_what_is_sent_passes_every_check(national: Gateway, converted: Callable[..., Dataset]) -> None:
    report = national.validate(converted(MODULE))
    assert report.errors == 0, [finding.message for finding in report.findings]

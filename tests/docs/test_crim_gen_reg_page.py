"""The page that sets our crim_gen_reg beside Eurostat's says what the code computes, and what it says can be found in the files."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest

from sdmx_gateway.gateway import Gateway
from sdmx_gateway.observations import Dataset

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("crim_gen_reg", DOCS / "crim_gen_reg.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["crim_gen_reg"] = module
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_module_and_the_published_table_make_of_it(writer: ModuleType, national: Gateway) -> None:
    edition = max(national.editions(national.module(writer.SOURCE)))
    assert writer.PAGE.read_text(encoding="utf-8") == writer.page(writer.ours(national), writer.published(), edition)


def test_the_published_table_has_every_region_and_year_of_france(writer: ModuleType) -> None:
    table = writer.published()
    robbery = table.filter(pl.col("ICCS") == "ICCS0401")
    assert robbery["GEO"].n_unique() == 1 + 14 + 27 + 101
    assert set(robbery["TIME_PERIOD"]) == {str(year) for year in range(2016, 2024)}
    assert robbery.filter(GEO="FR", TIME_PERIOD="2016")["published"].to_list() == [105_636]


def test_regions_are_told_as_exchanged_only_when_both_carry_the_others_figure(writer: ModuleType) -> None:
    rows = [
        ("A", "AA111", 10, 20), ("A", "AA112", 20, 10), ("A", "AA113", 30, 30), ("A", "AA114", 40, 30),
    ]  # fmt: skip
    both = pl.DataFrame(
        [("ICCS0401", geo, "2020", ours, published) for _, geo, ours, published in rows],
        schema=["ICCS", "GEO", "TIME_PERIOD", "ours", "published"],
        orient="row",
    )
    assert writer.exchanged(both) == [("AA111", "AA112", 1)]


def test_the_burglaries_of_the_etat_4001_it_quotes_are_those_of_the_workbook(
    writer: ModuleType, converted: Callable[..., Dataset]
) -> None:
    frame = converted("ssmsi/etat_4001_annual").frame.select(
        pl.col("REF_AREA", "FORCE", "INDEX_4001", "TIME_PERIOD").cast(pl.String), "OBS_VALUE"
    )
    counted = frame.filter(pl.col("REF_AREA").str.contains(r"^D\w+$"), pl.col("FORCE").is_in(["PN", "GN"]))

    def quoted(*indexes: str) -> str:
        sums = (
            counted.filter(pl.col("INDEX_4001").is_in(indexes)).group_by("TIME_PERIOD").agg(pl.col("OBS_VALUE").sum())
        )
        years = dict(sums.iter_rows())
        return "(" + ", ".join(f"{years[year]:,.0f}" for year in ("2017", "2018", "2019", "2020")) + ")"

    page = " ".join(writer.PAGE.read_text(encoding="utf-8").split())
    assert quoted("27") in page
    assert quoted("27", "28") in page

"""The same rows in any order, and the same files in any order, are the same dataset; and no figure ends in …0000001."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up_module import AREAS, HEADER, SAME_UNIT, SUMMED

from sdmx_gateway.errors import SourceRejected
from sdmx_gateway.intake import source_table
from sdmx_gateway.mapping import Conversion, Module, convert
from sdmx_gateway.mapping.coded import Distinct, all_coded, combined, together
from sdmx_gateway.mapping.numbers import decimal_numbers, float_of, whole_numbers
from sdmx_gateway.mapping.periods import frequency, period
from sdmx_gateway.structures import Catalogue

WHOLE = AREAS + SUMMED + SAME_UNIT + '[relations]\nnarrower = { OBS_STATUS = "D" }\n'
LABELS = {
    "Homicides": "Victime",
    "Vols avec armes": "Infraction",
    "Vols violents sans arme": "Infraction",
    "Outrages": "Infraction",
}
row = st.tuples(
    st.sampled_from(("01", "03", "2A")),
    st.sampled_from(("19", "2020", "21")),
    st.sampled_from(sorted(LABELS)),
    st.sampled_from(("NA", "0", "7", "1 234", "5e+02")),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(row, min_size=1, max_size=30), cut=st.integers(0, 30), seed=st.randoms(use_true_random=False))
def test_no_order_of_rows_or_files_changes_what_is_made(
    made: Callable[..., Module],
    tmp_path: Path,
    structures: Catalogue,
    rows: list[tuple[str, str, str, str]],
    cut: int,
    seed: random.Random,
) -> None:
    module = made(WHOLE)
    lines = [";".join((area, year, label, LABELS[label], count)) for area, year, label, count in rows]

    def made_of(lines: list[str], *, turned: bool) -> tuple[object, ...]:
        paths = []
        for name, part in (("base-1.csv", lines[:cut]), ("base-2.csv", lines[cut:])):
            if part:
                path = tmp_path / name
                path.write_text("\n".join((HEADER, *part)))
                paths.append(path)
        tables = [source_table(path, module) for path in paths]
        try:
            conversion = convert(module, tables[::-1] if turned else tables, structures)
        except SourceRejected as error:
            return tuple(sorted({(p.code, p.value or "") for p in error.problems}))
        left = sorted((item.what, item.rows) for item in conversion.left_out)
        frame = conversion.dataset.frame.drop("SOURCE_EDITION")
        return frame.write_csv(), conversion.coverage.write_csv(), left

    once = made_of(lines, turned=False)
    assert made_of(lines, turned=True) == once
    if cut == 0 or cut >= len(lines):  # one file: its rows may be shuffled without another file's edition changing
        shuffled = seed.sample(lines, len(lines))
        assert made_of(shuffled, turned=False) == once


def test_the_parts_of_a_file_may_come_as_several_files(
    made: Callable[..., Module], tmp_path: Path, structures: Catalogue
) -> None:
    module = made(AREAS, change=('SOURCE_EDITION = { from = "@edition" }', ""))
    lines = ["01;19;Homicides;Victime;1", "03;19;Homicides;Victime;2", "2A;19;Homicides;Victime;4"]

    def converted(*parts: list[str]) -> Conversion:
        paths = []
        for number, part in enumerate(parts):
            paths.append(tmp_path / f"base-{number}.csv")
            paths[-1].write_text("\n".join((HEADER, *part)))
        return convert(module, [source_table(path, module) for path in paths], structures)

    assert converted(lines).dataset.digest == converted(lines[2:], lines[:2]).dataset.digest


@given(st.lists(st.decimals(min_value=-(10**9), max_value=10**9, places=6, allow_nan=False), min_size=1, max_size=20))
def test_decimals_are_added_up_exactly_whatever_their_order(numbers: list[Decimal]) -> None:
    texts = pl.Series([str(number).replace(".", ",") for number in numbers])
    read = decimal_numbers(texts, decimal=",")
    assert read.to_list() == numbers
    total = read.sum()
    assert total == sum(numbers)
    assert total == read.reverse().sum()
    assert float_of(pl.Series([total], dtype=read.dtype)).item() == float(sum(numbers))


def test_a_tenth_and_two_tenths_are_three_tenths() -> None:
    read = decimal_numbers(pl.Series(["0,1", "0,2"]), decimal=",")
    assert float_of(pl.Series([read.sum()], dtype=read.dtype)).item() == 0.3


@pytest.mark.parametrize(
    ("text", "whole", "exact"),
    [
        ("1 234", 1234, "1234"),
        ("1\u202f234,50", None, "1234.5"),
        ("7,83177350511023e-03", None, "0.00783177350511023"),
        ("5e+05", 500000, "500000"),
        ("-0,0", 0, "0"),
        ("1,0", 1, "1"),
        ("1.5", None, None),
        ("1 2O3", None, None),
        ("12 34", None, None),
        ("", None, None),
    ],
)
def test_numbers_are_read_as_french_offices_write_them(text: str, whole: int | None, exact: str | None) -> None:
    assert whole_numbers(pl.Series([text]), decimal=",").item() == whole
    read = decimal_numbers(pl.Series([text]), decimal=",").item()
    assert read == (None if exact is None else Decimal(exact))


def test_a_percentage_is_a_hundredth() -> None:
    read = decimal_numbers(pl.Series(["12,5 %", "7%", "3"]), decimal=",", shift=-2, percent=True)
    assert read.to_list() == [Decimal("0.125"), Decimal("0.07"), Decimal("0.03")]


@pytest.mark.parametrize(
    ("text", "sdmx", "code"),
    [
        ("2016", "2016", "A"),
        ("2016M01", "2016-01", "M"),
        ("2022_08", "2022-08", "M"),
        ("janv. 2020", "2020-01", "M"),
        ("Août 2019", "2019-08", "M"),
        ("01/2020", "2020-01", "M"),
        ("2016T1", "2016-Q1", "Q"),
        ("1er trimestre 2020", "2020-Q1", "Q"),
        ("T3 2021", "2021-Q3", "Q"),
        ("S1 2020", "2020-S1", "S"),
        ("2e semestre 2021", "2021-S2", "S"),
        ("3e quadrimestre 2020", "2020-T3", "T"),
        ("2020-W05", "2020-W05", "W"),
        ("semaine 5 2020", "2020-W05", "W"),
        ("2020-S05", "2020-W05", "W"),
        ("au 31/12/2020", "2020-12-31", "D"),
        ("1er janvier 2021", "2021-01-01", "D"),
        ("31/02/2020", None, None),
        ("2016-13", None, None),
        ("16", None, None),
        ("2022 (définitif)", None, None),
    ],
)
def test_periods_are_read_as_french_offices_write_them(text: str, sdmx: str | None, code: str | None) -> None:
    assert period(pl.Series([text]), "any").item() == sdmx
    assert frequency(pl.Series([text])).item() == code


@pytest.mark.parametrize(
    ("text", "year"), [("16", "2016"), ("98", "1998"), ("au 31/12/2020", "2020"), ("31/03/2020", None)]
)
def test_a_year_may_have_two_digits_or_be_its_last_day(text: str, year: str | None) -> None:
    assert period(pl.Series([text]), "year").item() == year


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "é", None]), st.sampled_from(["x", "y", None]), st.integers(0, 3)),
        min_size=1,
        max_size=30,
    )
)
def test_what_is_said_of_distinct_texts_is_spread_over_the_rows(rows: list[tuple[str | None, str | None, int]]) -> None:
    frame = all_coded(pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String, "n": pl.Int64}, orient="row"))
    distinct = Distinct.of(frame, ["a", "b", "n"])
    assert distinct.values.height == len(set(rows))
    said = distinct.values.select(pl.format("{}|{}|{}", pl.col("a").fill_null("-"), pl.col("b").fill_null("-"), "n"))
    spread = distinct.spread(said.to_series()).cast(pl.String).to_list()
    assert spread == [f"{a or '-'}|{b or '-'}|{n}" for a, b, n in rows]
    code, _ = combined(frame, ["a", "b", "n"])
    in_order = frame[code.arg_sort()]
    assert in_order.equals(frame.sort("a", "b", "n", nulls_last=True))


def test_tables_of_different_texts_and_decimals_become_one() -> None:
    one = all_coded(pl.DataFrame({"a": ["b"], "n": decimal_numbers(pl.Series(["1,5"]), decimal=",")}))
    other = all_coded(
        pl.DataFrame({"a": ["a", None], "n": decimal_numbers(pl.Series(["2", "0,25"]), decimal=","), "c": ["x", "y"]})
    )
    whole = together([one, other])
    assert whole["a"].cast(pl.String).to_list() == ["b", "a", None]
    assert whole["n"].to_list() == [Decimal("1.5"), Decimal(2), Decimal("0.25")]
    assert whole["c"].cast(pl.String).to_list() == [None, "x", "y"]


def test_contributions_are_not_kept_beside_the_dataset(
    made: Callable[..., Module], converting: Callable[..., Conversion]
) -> None:
    conversion = converting(made())
    assert "contributions" not in vars(conversion)
    assert conversion.contributions.height == 4

"""What a query takes out of the observations."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_samples import ANNUAL, CODES, FLOW, STRUCTURE, observations

from sdmx_gateway.errors import QueryError
from sdmx_gateway.observations import Dataset, series_key
from sdmx_gateway.rest import Condition, DataQuery, Filter, Operator, narrowed, parse, select
from sdmx_gateway.rest.periods import Span, span

FRAME = observations()


def taken(version: str, target: str) -> pl.DataFrame:
    query = parse(version, target)
    assert isinstance(query, DataQuery)
    return select(FRAME.lazy(), STRUCTURE, query).collect()


def keys_of(frame: pl.DataFrame) -> set[str]:
    return set(frame.select(series_key(STRUCTURE))["key"])


def periods_of(version: str, target: str) -> list[str]:
    return sorted(taken(version, target)["TIME_PERIOD"].unique())


def test_no_key_takes_everything_in_order() -> None:
    assert taken("v1", "data/CRIME").equals(FRAME)
    assert taken("v2", "data/dataflow/*/CRIME").equals(FRAME)


@pytest.mark.parametrize(
    ("version", "key", "expected"),
    [
        ("v1", "A.D75.ROBBERY.VICTIM", {"A.D75.ROBBERY.VICTIM"}),
        ("v1", "A.D75+D93.ROBBERY.", {"A.D75.ROBBERY.VICTIM", "A.D93.ROBBERY.VICTIM"}),
        ("v1", "A.D75+D00.ROBBERY.", {"A.D75.ROBBERY.VICTIM"}),
        ("v1", "A.D00.ROBBERY.", set()),
        ("v2", "A.D75.ROBBERY.VICTIM", {"A.D75.ROBBERY.VICTIM"}),
        ("v2", "A.D75", {"A.D75.ROBBERY.VICTIM", "A.D75.HOMICIDE.VICTIM"}),
        ("v2", "Q.*.ROBBERY", {"Q.D75.ROBBERY.VICTIM", "Q.D93.ROBBERY.VICTIM"}),
        ("v2", "A.FR.ROBBERY,M.D93.HOMICIDE.*", {"A.FR.ROBBERY.VICTIM", "M.D93.HOMICIDE.VICTIM"}),
    ],
)
def test_a_key_takes_its_series(version: str, key: str, expected: set[str]) -> None:
    path = f"data/CRIME/{key}" if version == "v1" else f"data/dataflow/*/CRIME/*/{key}"
    assert keys_of(taken(version, path)) == expected


def test_an_open_key_among_others_takes_everything() -> None:
    assert taken("v2", "data/dataflow/*/CRIME/*/A.D75,*.*").equals(FRAME)


@pytest.mark.parametrize(
    ("version", "target", "message"),
    [
        ("v1", "data/CRIME/A.D93.ROBBERY", "key has 3 positions, FREQ.REF_AREA.OFFENCE.COUNT_UNIT has 4"),
        ("v1", "data/CRIME/A", "key has 1 position, FREQ.REF_AREA.OFFENCE.COUNT_UNIT has 4"),
        ("v2", "data/*/*/*/*/A.D93.ROBBERY.VICTIM.X", "key has 5 positions, FREQ.REF_AREA.OFFENCE.COUNT_UNIT has 4"),
        ("v2", "data?c[REF_ARE]=FR", "c[REF_ARE]: there is no 'REF_ARE'\n   → did you mean REF_AREA?"),
        ("v2", "data?c[TIME_PERIOD]=ge:soon", "'soon' is not a period"),
        ("v2", "data?c[OBS_VALUE]=ge:many", "'many' is not a number"),
        ("v2", "data?attributes=OBS_STATU", "did you mean OBS_STATUS?"),
        ("v2", "data?measures=OBS", "there is no 'OBS'"),
        ("v2", "data?dimensionAtObservation=OBS_VALUE", "there is no 'OBS_VALUE'"),
    ],
)
def test_what_the_structure_has_no_place_for_is_told(version: str, target: str, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        taken(version, target)
    assert message in str(caught.value.problems[0])


def test_every_misfit_is_told_at_once() -> None:
    with pytest.raises(QueryError) as caught:
        taken("v2", "data/*/*/*/*/A.A.A.A.A?c[X]=1&c[TIME_PERIOD]=x&attributes=Y&measures=Z&dimensionAtObservation=T")
    assert len(caught.value.problems) == 6


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ("startPeriod=2023", ["2023", "2023-12", "2023-Q4", "2024", "2024-01", "2024-02", "2024-Q1"]),
        ("startPeriod=2023-10&endPeriod=2024-03", ["2023-12", "2023-Q4", "2024-01", "2024-02", "2024-Q1"]),
        ("startPeriod=2024-01&endPeriod=2024-02", ["2024-01", "2024-02"]),
        ("startPeriod=2024-Q1&endPeriod=2024-Q1", ["2024-01", "2024-02", "2024-Q1"]),
        ("endPeriod=2022", ["2021", "2022"]),
        ("endPeriod=2023-12-30", ["2021", "2022"]),
        ("startPeriod=2030", []),
    ],
)
def test_bounds_are_inclusive_and_compare_by_when_periods_are(bounds: str, expected: list[str]) -> None:
    assert periods_of("v1", f"data/CRIME?{bounds}") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ge:2023-10+le:2024-03", ["2023-12", "2023-Q4", "2024-01", "2024-02", "2024-Q1"]),
        ("gt:2023", ["2024", "2024-01", "2024-02", "2024-Q1"]),
        ("lt:2022", ["2021"]),
        ("2022,2024-Q1", ["2022", "2024-Q1"]),
        ("2023-M12", ["2023-12"]),
        ("sw:2024", ["2024", "2024-01", "2024-02", "2024-Q1"]),
        ("ne:2024+sw:2024", ["2024-01", "2024-02", "2024-Q1"]),
    ],
)
def test_a_filter_on_time_compares_by_when_periods_are(text: str, expected: list[str]) -> None:
    assert periods_of("v2", f"data?c[TIME_PERIOD]={text}") == expected


@pytest.mark.parametrize(
    ("text", "test"),
    [
        ("c[REF_AREA]=D75,FR", pl.col("REF_AREA").is_in(["D75", "FR"])),
        ("c[REF_AREA]=ne:FR", pl.col("REF_AREA") != "FR"),
        ("c[REF_AREA]=sw:D+ew:3", pl.col("REF_AREA") == "D93"),
        ("c[REF_AREA]=ne:FR,FR", pl.lit(value=True)),
        ("c[OFFENCE]=co:BB", pl.col("OFFENCE") == "ROBBERY"),
        ("c[OFFENCE]=nc:BB", pl.col("OFFENCE") == "HOMICIDE"),
        ("c[OBS_VALUE]=ge:100+lt:120", (pl.col("OBS_VALUE") >= 100) & (pl.col("OBS_VALUE") < 120)),
        ("c[OBS_VALUE]=20", pl.col("OBS_VALUE") == 20),
        ("c[OBS_VALUE]=gt:19.5+le:2e1", pl.col("OBS_VALUE") == 20),
        ("c[OBS_STATUS]=E", pl.col("OBS_STATUS") == "E"),
        ("c[COMMENTS]=estimé", pl.col("COMMENTS").is_not_null()),
        ("c[COMMENTS]=ne:estimé,ne:autre", pl.lit(value=True)),
        ("c[REF_AREA]=D75&c[OFFENCE]=ROBBERY", (pl.col("REF_AREA") == "D75") & (pl.col("OFFENCE") == "ROBBERY")),
    ],
)
def test_a_component_filter_keeps(text: str, test: pl.Expr) -> None:
    assert taken("v2", f"data?{text}").equals(FRAME.filter(test))


def test_what_is_absent_is_unequal_to_anything_and_nothing_else() -> None:
    assert None in taken("v2", "data?c[OBS_VALUE]=ne:0")["OBS_VALUE"]
    assert None not in taken("v2", "data?c[OBS_VALUE]=ge:0")["OBS_VALUE"]


def test_first_and_last_are_counted_in_each_series_after_the_periods() -> None:
    annual = "data/CRIME/A..."
    assert taken("v1", f"{annual}?lastNObservations=1")["TIME_PERIOD"].unique().to_list() == ["2024"]
    assert taken("v1", f"{annual}?firstNObservations=2").height == 6 * 2
    assert periods_of("v1", f"{annual}?endPeriod=2023&lastNObservations=2") == ["2022", "2023"]
    assert periods_of("v1", f"{annual}?firstNObservations=1&lastNObservations=1") == ["2021", "2024"]
    assert taken("v1", f"{annual}?firstNObservations=3&lastNObservations=3").height == 6 * len(ANNUAL)


def test_offset_and_limit_walk_through_the_whole_answer() -> None:
    pages = [taken("v2", f"data?offset={start}&limit=10") for start in range(0, 50, 10)]
    assert [page.height for page in pages] == [10, 10, 10, 10, FRAME.height - 40]
    assert pl.concat(pages).equals(FRAME)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["OBS_VALUE", "OBS_STATUS", "COMMENTS", "TITLE", "SOURCE_EDITION"]),
        ("attributes=none", ["OBS_VALUE"]),
        ("attributes=msd", ["OBS_VALUE"]),
        ("attributes=obs", ["OBS_VALUE", "OBS_STATUS", "COMMENTS"]),
        ("attributes=series,dataset", ["OBS_VALUE", "TITLE", "SOURCE_EDITION"]),
        ("attributes=TITLE&measures=OBS_VALUE", ["OBS_VALUE", "TITLE"]),
    ],
)
def test_attributes_and_measures_asked_for_are_the_columns_given(text: str, expected: list[str]) -> None:
    frame = taken("v2", f"data?{text}")
    assert frame.columns[5:] == expected
    assert frame.height == FRAME.height


def test_series_alone_have_neither_time_nor_observations() -> None:
    bare = taken("v1", "data/CRIME?detail=serieskeysonly")
    assert bare.columns == list(STRUCTURE.key_dimensions)
    assert bare.height == bare.unique().height == 14
    described = taken("v1", "data/CRIME?detail=nodata")
    assert described.columns == [*STRUCTURE.key_dimensions, "TITLE", "SOURCE_EDITION"]


@pytest.mark.parametrize("text", ["", "attributes=none", "measures=none", "attributes=none&measures=none", "c[FREQ]=A"])
def test_an_answer_is_a_dataset_of_the_narrowed_structure(text: str) -> None:
    query = parse("v2", f"data?{text}")
    assert isinstance(query, DataQuery)
    structure = narrowed(STRUCTURE, query)
    frame = select(FRAME.lazy(), STRUCTURE, query).collect()
    assert frame.columns == list(structure.components)
    assert frame.sort([d.id for d in structure.dimensions]).equals(frame)


@given(st.data())
def test_a_selection_is_what_a_plain_reading_of_the_rows_gives(data: st.DataObject) -> None:
    codes = {name: [*CODES[name], "NOWHERE"] for name in STRUCTURE.key_dimensions}
    key = tuple(
        tuple(data.draw(st.lists(st.sampled_from(values), max_size=2, unique=True))) for values in codes.values()
    )
    area = data.draw(st.sampled_from(codes["REF_AREA"]))
    wanted = Filter("REF_AREA", ((Condition(Operator.NE, area),),))
    frame = select(FRAME.lazy(), STRUCTURE, DataQuery(keys=(key,), filters=(wanted,))).collect()
    expected = [
        row
        for row in FRAME.iter_rows()
        if all(not accepted or value in accepted for value, accepted in zip(row, key, strict=False)) and row[1] != area
    ]
    assert frame.rows() == expected


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-A1", "2024-01-01", "2024-12-31"),
        ("2024-S2", "2024-07-01", "2024-12-31"),
        ("2024-T3", "2024-09-01", "2024-12-31"),
        ("2024-Q1", "2024-01-01", "2024-03-31"),
        ("2024Q1", "2024-01-01", "2024-03-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-M02", "2024-02-01", "2024-02-29"),
        ("2020-W53", "2020-12-28", "2021-01-03"),
        ("2024-D366", "2024-12-31", "2024-12-31"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        ("2024-02-29T12:00:00Z", "2024-02-29", "2024-02-29"),
    ],
)
def test_a_period_is_the_days_it_covers(period: str, start: str, end: str) -> None:
    assert span(period) == Span(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24",
        "2024-13",
        "2024-Q5",
        "2024-Q0",
        "2023-D366",
        "2024-D000",
        "2021-W53",
        "2024-02-30",
        "0000",
        "hier",
        "2024/P1Y",
    ],
)
def test_what_is_no_period_has_no_days(text: str) -> None:
    assert span(text) is None


@given(st.text(max_size=20))
def test_no_text_breaks_the_reading_of_periods(text: str) -> None:
    found = span(text)
    assert found is None or found.start <= found.end


def test_a_selection_is_a_dataset_that_can_be_digested() -> None:
    query = parse("v2", "data/dataflow/*/CRIME/*/A.D93")
    assert isinstance(query, DataQuery)
    frame = select(FRAME.lazy(), STRUCTURE, query).collect()
    assert Dataset(FLOW, STRUCTURE, frame).digest == Dataset.of(FLOW, STRUCTURE, frame).digest

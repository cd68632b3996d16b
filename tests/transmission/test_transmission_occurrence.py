from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdmx_gateway.errors import UsageError
from sdmx_gateway.transmission import DatasetId, Frequency, Occurrence, Period
from sdmx_gateway.transmission.occurrence import FORMATS, extension_of, version_text

CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
word = st.text(CAPITALS, min_size=1, max_size=7)
datasets = st.builds(DatasetId, st.text(CAPITALS, min_size=1, max_size=8), word, st.sampled_from("ASQMWDON0123456789"))
years = st.integers(1000, 2998)
occurrences = st.builds(
    Occurrence,
    datasets,
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2),
    years,
    st.integers(0, 12).map(lambda number: f"{number:04d}"),
    st.sampled_from(["xml", "csv", "json", "xlsx", "sdmx.xml"]),
    st.none() | st.integers(1, 9999),
)


@given(datasets)
def test_a_dataset_id_reads_back_as_it_is_written(dataset: DatasetId) -> None:
    assert DatasetId.parse(str(dataset)) == dataset


@given(occurrences)
def test_an_occurrence_reads_back_as_it_is_written(occurrence: Occurrence) -> None:
    assert Occurrence.parse(str(occurrence)) == occurrence


@given(st.text(max_size=40))
def test_any_text_is_a_dataset_id_or_is_refused_with_the_reason(text: str) -> None:
    try:
        understood, why = str(DatasetId.parse(text)), ""
    except UsageError as error:
        understood, why = "", error.what
    assert understood == text or why.startswith(f"{text!r} is not an EDAMIS dataset id: ")


@pytest.mark.parametrize(
    "name",
    [
        "AMS_EAACURR_A_IE_2024_0000_V0001.csv",
        "CENSUS_GRID_N_DK_2021_0000_V0001.csv",
        "AEI_PESTUSE_5_IT_2019_0000_V0001.csv",
        "CENSUS_INS21ES_A_DK_2021_0000.sdmx.xml",
        "HICP_COVID_M_SI_2020_0006.xlsx",
        "URBANREG_DE_A3_EL_2004_0000.XLS",
    ],
)
def test_names_in_real_use_are_understood(name: str) -> None:
    assert str(Occurrence.parse(name)) == name


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("CRIM_GENREG", "it has 2 parts"),
        ("CRIMINALS_GENREG_A", "the domain 'CRIMINALS' has 9 characters"),
        ("CRIM_GENREGIO_A", "the structure 'GENREGIO' has 8 characters"),
        ("CRIM_GENREGI_A3", "the structure 'GENREGI' has 7 characters, 1 to 6"),
        ("CRIM_GENREG_X", "the periodicity 'X'"),
        ("CRIM_GENREG_", "the periodicity ''"),
        ("_GENREG_A", "the domain '' has 0"),
        ("crim_genreg_a", "only capital letters and digits"),
        ("CRIM_GENREG_A\n", "only capital letters and digits"),
        ("CRIM_GENRÉG_A", "only capital letters and digits"),
        ("CRIM_GEN_REG_A", "it has 4 parts"),
        ("", "it has 1 part,"),
    ],
)
def test_a_wrong_dataset_id_is_told_which_part_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(UsageError, match="not an EDAMIS dataset id") as caught:
        DatasetId.parse(text)
    assert reason in caught.value.what


@pytest.mark.parametrize(
    ("dataset", "frequency", "period", "name"),
    [
        ("CRIM_GENREG_A", "A", "2024", "CRIM_GENREG_A_FR_2024_0000.csv"),
        ("MIGR_ASYAPP_M", "M", "2026-09", "MIGR_ASYAPP_M_FR_2026_0009.csv"),
        ("MIGR_ASYAPP_M", "M", "2026-12", "MIGR_ASYAPP_M_FR_2026_0012.csv"),
        ("MIGR_ASYDCF_Q", "Q", "2026-Q4", "MIGR_ASYDCF_Q_FR_2026_0004.csv"),
    ],
)
def test_an_occurrence_is_named_after_dataset_country_and_period(
    dataset: str, frequency: str, period: str, name: str
) -> None:
    made = Occurrence.of(dataset, "FR", Period.parse(period, Frequency(frequency)), "sdmx-csv-2.0")
    assert str(made) == name
    assert str(made.with_version(2)) == name.replace(".csv", "_V0002.csv")


def test_an_id_for_months_does_not_suit_years_and_one_for_five_years_does() -> None:
    for dataset, frequency, suits in (
        ("X_Y_M", "A", False),
        ("X_Y_M", "M", True),
        ("X_Y_5", "A", True),
        ("X_Y_N", "A", True),
    ):
        assert DatasetId.parse(dataset).suits(Frequency(frequency)) is suits


@pytest.mark.parametrize(
    "name", ["a.xml", "CRIM_GENREG_A_FR_2024_0000", "CRIM_GENREG_A_FR_24_0000.xml", "../X_Y_A_FR_2024_0000.xml"]
)
def test_what_is_not_an_occurrence_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        Occurrence.parse(name)


def test_every_format_has_an_ending_and_others_are_refused() -> None:
    assert {extension_of(name) for name in FORMATS} == {"xml", "csv", "json", "parquet", "xlsx"}
    with pytest.raises(UsageError, match="not a format that is sent"):
        extension_of("sdmx-ml-9.9")


def test_a_version_counter_ends_at_9999() -> None:
    assert (version_text(1), version_text(9999)) == ("V0001", "V9999")
    for number in (0, 10_000):
        with pytest.raises(UsageError):
            version_text(number)

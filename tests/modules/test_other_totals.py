"""The short-term, asylum, UN-CTS and SDG modules against their sources, read again with ``csv`` and ``gzip`` alone.

What is expected is counted here from the sample files under labels written out once more; what is there comes from the engine
through the fixture ``converted``.
"""

from __future__ import annotations

import csv
import gzip
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from sdmx_gateway.errors import SourceRejected
from sdmx_gateway.gateway import Gateway
from sdmx_gateway.observations import Dataset
from sdmx_gateway.structures import Catalogue, Kind, Urn

Converted = Callable[..., Dataset]
Row = dict[str, str]

MAPPINGS = Path(__file__).parents[2] / "mappings"
SHORT_TERM = "ssmsi/short_term_indicators"
ASYLUM = "dsed/asylum_applications"
EUROSTAT_ASYLUM = "eurostat/migr_asyappctza"
UN_CTS = "unodc/cts_violent_crime"
SDG = "unsd/sdg_16_1_1"
TERRITORY_2025 = "ssmsi/recorded_crime_territory/sample/donnee-dep-edition-mars-juillet2025-donnees_ssmsi_france.csv.gz"

EDITIONS = {
    "2024-03-04": "seriechrono-appli-ssmsi-2024-03-04.csv.gz",
    "2022-06-20": "DataGouv-appli-2022-06-20.csv.gz",
}
YEARS = ("2018", "2019", "2020", "2021", "2022")
MOST_ROUNDING = 2.5
"""A published figure rounded to 5 is at most this far from the true one."""


@cache
def rows(path: str, separator: str = ";") -> tuple[Row, ...]:
    with gzip.open(MAPPINGS / path, "rt", encoding="utf-8-sig", newline="") as stream:
        return tuple(csv.DictReader(stream, delimiter=separator))


def series(edition: str) -> tuple[Row, ...]:
    return rows(f"{SHORT_TERM}/sample/{EDITIONS[edition]}")


def is_left_out(row: Row) -> bool:
    """The three faults of the edition of 2024, as told by its README."""
    return (
        row["Sous_indicateur"].startswith("Violences selon le contexte")
        or (row["Indicateur"], row["Sous_indicateur"], row["Unite_temps"])
        == ("Violences physiques", "Ensemble", "2023T1")
        or (
            (row["Indicateur"], row["Sous_indicateur"]) == ("Violences sexuelles", "Ensemble des lieux")
            and row["Declinaison"].startswith(("Viols", "Autres agressions"))
        )
    )


def number(text: str) -> float | None:
    return None if text in {"", "NaN"} else float(text)


def chosen(frame: pl.DataFrame, **codes: str) -> pl.DataFrame:
    return frame.filter(pl.col(component) == code for component, code in codes.items())


def by_period(frame: pl.DataFrame) -> dict[str, float]:
    found = dict(frame.select("TIME_PERIOD", "OBS_VALUE").iter_rows())
    assert len(found) == frame.height
    return found


def test_every_row_of_2024_but_those_said_to_be_left_out_is_an_observation(converted: Converted) -> None:
    kept = [row for row in series("2024-03-04") if not is_left_out(row)]
    assert len(series("2024-03-04")) - len(kept) == 3232 + 2 + 14
    frame = converted(SHORT_TERM, edition="2024-03-04").frame
    assert sorted(v for row in kept if (v := number(row["Valeurs"])) is not None) == sorted(
        frame["OBS_VALUE"].drop_nulls()
    )
    assert frame["OBS_VALUE"].null_count() == sum(number(row["Valeurs"]) is None for row in kept) == 45


def test_every_row_of_2022_is_an_observation(converted: Converted) -> None:
    frame = converted(SHORT_TERM, edition="2022-06-20").frame
    expected = [number(row["Valeurs"]) for row in series("2022-06-20")]
    assert sorted(v for v in expected if v is not None) == sorted(frame["OBS_VALUE"].drop_nulls())
    assert frame["OBS_VALUE"].null_count() == expected.count(None) == 31


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_figure_that_is_not_there_has_the_status_missing_and_no_other_has(converted: Converted, edition: str) -> None:
    frame = converted(SHORT_TERM, edition=edition).frame
    assert set(frame.filter(pl.col("OBS_VALUE").is_null())["OBS_STATUS"]) == {"O"}
    assert set(frame.filter(pl.col("OBS_VALUE").is_not_null())["OBS_STATUS"]) == {"A"}


def test_homicides_with_and_without_terrorist_attacks_are_the_known_ones(converted: Converted) -> None:
    frame = chosen(
        converted(SHORT_TERM, edition="2024-03-04").frame, REF_AREA="FR", INDICATOR="HOMICIDE_AND_ATTEMPTS", FREQ="A"
    )
    years = [str(year) for year in range(2016, 2024)]
    with_attacks = by_period(chosen(frame, BREAKDOWN="HOMICIDE_INCL_TERRORISM"))
    assert [with_attacks[year] for year in years] == [911, 826, 831, 857, 823, 882, 959, 1010]
    without = by_period(chosen(frame, BREAKDOWN="HOMICIDE_EXCL_TERRORISM"))
    assert [without[year] for year in years] == [821, 823, 821, 853, 816, 881, 959, 1008]


def test_monthly_series_are_adjusted_and_of_metropolitan_france(converted: Converted) -> None:
    monthly = chosen(converted(SHORT_TERM, edition="2024-03-04").frame, FREQ="M")
    expected = [row for row in series("2024-03-04") if row["Periodicite"] == "Mensuelle"]
    assert monthly.height == len(expected) == 13 * 97
    assert set(monthly["ADJUSTMENT"]) == {"Y"}
    assert set(monthly["REF_AREA"]) == {"FX"}
    armed = by_period(chosen(monthly, BREAKDOWN="ARMED"))
    assert armed == {
        row["Unite_temps"].replace("M", "-"): float(row["Valeurs"])
        for row in expected
        if row["Sous_indicateur"] == "Vols avec armes"
    }


def test_aude_is_a_departement_and_ile_de_france_a_region_though_both_are_11(converted: Converted) -> None:
    frame = converted(SHORT_TERM, edition="2024-03-04").frame
    expected: dict[str, float] = defaultdict(float)
    for row in series("2024-03-04"):
        if not is_left_out(row) and row["Valeurs"] and "11" in row["Champ"][:2]:
            expected["D11" if row["Zone_geographique"] == "11-Aude" else "R11"] += float(row["Valeurs"])
    totals = frame.group_by("REF_AREA").agg(pl.col("OBS_VALUE").sum())
    found = {area: value for area, value in totals.iter_rows() if area in {"D11", "R11"}}
    assert found == pytest.approx(dict(expected))


def test_recorded_and_surveyed_thefts_of_2022_are_two_series(converted: Converted) -> None:
    frame = chosen(
        converted(SHORT_TERM, edition="2022-06-20").frame,
        INDICATOR="THEFT_WITHOUT_VIOLENCE",
        REF_AREA="FX",
        FREQ="A",
        TIME_PERIOD="2008",
    )
    assert dict(frame.select("SOURCE_KIND", "OBS_VALUE").iter_rows()) == {"RECORDED": 590200, "SURVEY": 993000}


def test_rates_of_burglary_are_per_dwelling_and_all_others_per_inhabitant(converted: Converted) -> None:
    frame = converted(SHORT_TERM, edition="2024-03-04").frame
    assert set(chosen(frame, STATISTIC="RATE_1000_DWELLINGS")["INDICATOR"]) == {"BURGLARY"}
    assert "BURGLARY" not in set(chosen(frame, STATISTIC="RATE_1000")["INDICATOR"])


@cache
def reconstructed(year: str) -> dict[str, int]:
    """ISO alpha-3 code to count in one reconstructed file."""
    path = MAPPINGS / ASYLUM / "sample" / f"Asile_pays-origine_{year}-reconstructed.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["code_iso3"]: int(row["nb_demandes"]) for row in csv.DictReader(stream)}


@cache
def eurostat() -> dict[tuple[str, str], int]:
    """(citizenship, year) to Eurostat's published figure."""
    path = MAPPINGS / ASYLUM / "sample" / "eurostat-migr_asyappctza-FR.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return {(row["citizen"], row["TIME_PERIOD"]): int(row["OBS_VALUE"]) for row in csv.DictReader(stream)}


def test_asylum_applications_are_eurostats_figures_citizenship_by_citizenship(converted: Converted) -> None:
    frame = converted(ASYLUM).frame
    aggregates = {"TOTAL", "EU27_2020", "EXT_EU27_2020"}
    expected = {key: figure for key, figure in eurostat().items() if key[0] not in aggregates}
    found = {(row[0], row[1]): row[2] for row in frame.select("CITIZEN", "TIME_PERIOD", "OBS_VALUE").iter_rows()}
    assert found == expected
    assert len(found) == frame.height == sum(len(reconstructed(year)) for year in YEARS)


def test_the_reconstructed_files_say_what_they_are(converted: Converted) -> None:
    editions = converted(ASYLUM).dataset_attributes["SOURCE_EDITION"]
    assert editions == "; ".join(f"(reconstructed) {year}" for year in YEARS)


def test_reconstructing_again_gives_the_same_bytes(tmp_path: Path) -> None:
    sample = MAPPINGS / ASYLUM / "sample"
    script, extract = sample / "reconstruct.py", sample / "eurostat-migr_asyappctza-FR.csv"
    subprocess.run([sys.executable, str(script), str(extract), str(tmp_path)], check=True)
    made = sorted(tmp_path.iterdir())
    assert [path.name for path in made] == [f"Asile_pays-origine_{year}-reconstructed.csv" for year in YEARS]
    assert all(path.read_bytes() == (sample / path.name).read_bytes() for path in made)


HEADER = "region_monde_origine,pays_nationalite,code_iso3,nb_demandes\n"


def test_a_real_file_of_the_ministry_is_read_and_a_figure_kept_back_stays_confidential(
    national: Gateway, tmp_path: Path
) -> None:
    file = tmp_path / "Asile_pays-origine_2024.csv"
    file.write_text(HEADER + "EUROPE,GRECE,GRC,n.c\nEUROPE,ROYAUME-UNI,GBR,12\nAFRIQUE_HORS_MAGHREB,NAMIBIE,NAM,7\n")
    dataset = national.convert(ASYLUM, [file]).dataset
    columns = ("CITIZEN", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "CONF_STATUS", "SOURCE_EDITION")
    assert list(dataset.frame.select(columns).iter_rows()) == [
        ("EL", "2024", None, "Q", "C", "2024"),
        ("NA", "2024", 7, "A", "F", "2024"),
        ("UK", "2024", 12, "A", "F", "2024"),
    ]


def test_a_nationality_that_is_not_known_is_refused_by_name(national: Gateway, tmp_path: Path) -> None:
    file = tmp_path / "Asile_pays-origine_2024.csv"
    file.write_text(HEADER + "AUTRES,APATRIDES,APA,10\nEUROPE,KOSOVO,XKX,20\n")
    with pytest.raises(SourceRejected) as refused:
        national.convert(ASYLUM, [file])
    assert [(problem.code, problem.value) for problem in refused.value.problems] == [("unmapped-code", "APA")]


def test_a_year_is_not_taken_from_a_real_and_a_reconstructed_file_at_once(national: Gateway, tmp_path: Path) -> None:
    real = tmp_path / "Asile_pays-origine_2022.csv"
    real.write_text(HEADER + "ASIE,AFGHANISTAN,AFG,20005\n")
    made = MAPPINGS / ASYLUM / "sample" / "Asile_pays-origine_2022-reconstructed.csv"
    assert national.editions(national.module(ASYLUM), [real, made]).keys() == {"2022"}
    with pytest.raises(SourceRejected) as refused:
        national.convert(ASYLUM, [real, made])
    assert {problem.code for problem in refused.value.problems} == {"duplicate-key"}


@pytest.mark.parametrize("dataflow", ["FR_DSED:ASYLUM_APPLICATIONS(1.0)", "ESTAT:MIGR_ASYAPPCTZA(1.0)"])
def test_every_migration_dimension_names_its_glossary_term_or_why_it_has_none(
    catalogue: Catalogue, dataflow: str
) -> None:
    structure = catalogue.structure_of(catalogue.dataflow(Urn.short_form(Kind.DATAFLOW, dataflow)))
    for dimension in structure.dimensions:
        concept = catalogue.concept_of(dimension)
        assert concept is not None
        types = {annotation.type for annotation in concept.annotations}
        assert dimension.id in {"FREQ", "TIME_PERIOD"} or types & {"EMN_TERM", "EMN_EXEMPTION"}, dimension.id


def test_the_total_for_eurostat_is_the_sum_of_the_files_and_the_published_one_but_for_rounding(
    converted: Converted,
) -> None:
    totals = by_period(chosen(converted(EUROSTAT_ASYLUM).frame, CITIZEN="TOTAL"))
    assert totals == {year: sum(reconstructed(year).values()) for year in YEARS}
    for year in YEARS:
        worst = MOST_ROUNDING * (len(reconstructed(year)) + 1)
        assert abs(totals[year] - eurostat()["TOTAL", year]) <= worst


def test_every_citizenship_of_the_national_flow_reaches_eurostat(converted: Converted) -> None:
    national, sent = converted(ASYLUM).frame, converted(EUROSTAT_ASYLUM).frame
    assert sent.height == national.height + len(YEARS)
    countries = sent.filter(pl.col("CITIZEN") != "TOTAL")
    assert countries["OBS_VALUE"].sum() == national["OBS_VALUE"].sum()
    assert {(row["GEO"], row["UNIT"]) for row in sent.iter_rows(named=True)} == {("FR", "PER")}


def france(*labels: str) -> dict[str, float]:
    """Sum over départements of indicators in the départemental file of mid-2025, by year."""
    sums: dict[str, float] = defaultdict(float)
    for row in rows(TERRITORY_2025):
        if row["indicateur"] in labels:
            sums[row["annee"]] += int(row["nombre"])
    return dict(sums)


def test_serious_assault_is_all_physical_violence_and_says_that_its_definition_differs(converted: Converted) -> None:
    frame = chosen(converted(UN_CTS).frame, CATEGORY="SERIOUS_ASSAULT")
    assert by_period(frame) == france("Violences physiques intrafamiliales", "Violences physiques hors cadre familial")
    assert set(frame["OBS_STATUS"]) == {"D"}
    assert frame["COMMENT_OBS"].null_count() == 0


def test_sexual_violence_comes_from_etat_4001_up_to_2015_and_from_the_statistical_base_afterwards(
    converted: Converted,
) -> None:
    found = by_period(chosen(converted(UN_CTS).frame, CATEGORY="SEXUAL_VIOLENCE"))
    before = {"2012": 25894, "2013": 27291, "2014": 30158, "2015": 32317}  # indexes 46-49, metropolitan France and DROM
    assert found == {**before, **france("Violences sexuelles")}


@pytest.mark.parametrize(
    ("category", "published", "apart"),
    [
        ("KIDNAPPING", {"2012": 2117, "2013": 2266, "2014": 2956, "2015": 3818}, 0.05),
        ("RAPE", {"2012": 10885, "2013": 11171, "2014": 12157, "2015": 12819}, 0.02),
        ("SEXUAL_ASSAULT", {"2015": 20464}, 0.05),
        ("SEXUAL_VIOLENCE", {"2012": 26783, "2013": 27778, "2014": 30959, "2015": 33283}, 0.04),
    ],
)
def test_what_is_sent_for_2012_to_2015_is_near_what_unodc_publishes_for_france(
    converted: Converted, category: str, published: dict[str, int], apart: float
) -> None:
    found = by_period(chosen(converted(UN_CTS).frame, CATEGORY=category))
    assert {year: found[year] for year in published} == pytest.approx(published, rel=apart)


def test_sdg_16_1_1_counts_the_victims_of_all_departements(converted: Converted) -> None:
    dataset = converted(SDG)
    assert by_period(dataset.frame) == france("Homicides")
    constants = {
        name: set(dataset.frame[name]) for name in ("SERIES", "REF_AREA", "UNIT_MEASURE", "UNIT_MULT", "NATURE")
    }
    assert constants == {
        "SERIES": {"VC_IHR_PSRCN"},
        "REF_AREA": {"250"},
        "UNIT_MEASURE": {"NUMBER"},
        "UNIT_MULT": {"0"},
        "NATURE": {"C"},
    }
    assert set(dataset.frame["OBS_STATUS"]) == {"D"}

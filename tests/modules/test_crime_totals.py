"""The crime modules against their sources: totals counted again from the raw sample files, without the gateway's readers.

What is expected is computed here with ``csv`` and ``fastexcel`` alone, under labels written out once more; what is there comes
from the engine through the fixture ``converted``.
"""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from sdmx_gateway.observations import Dataset

Converted = Callable[..., Dataset]

MAPPINGS = Path(__file__).parents[2] / "mappings"
TERRITORY = "ssmsi/recorded_crime_territory"
ETAT_4001 = "ssmsi/etat_4001_annual"
EUROSTAT = "eurostat/crim_gen_reg"

DEPARTEMENTAL = {
    "2023-02-09": "donnee-dep-data.gouv-2022-geographie2022-produit-le2023-02-09.csv.gz",
    "2024-07-05": "donnee-dep-data.gouv-2023-geographie2024-produit-le2024-07-05.csv.gz",
    "2025-01-26": "donnee-dep-data.gouv-2024-geographie2024-produit-le2025-01-26.csv.gz",
    "2025-07": "donnee-dep-edition-mars-juillet2025-donnees_ssmsi_france.csv.gz",
}
REGIONAL = "donnee-reg-data.gouv-2023-geographie2024-produit-le2024-07-05.csv.gz"
NEWEST = "2025-07"
WORKBOOK = "crimes-et-delits-enregistres-par-les-services-de-gendarmerie-et-de-police-depuis-2012.xlsx"

OFFENCES = {
    "Coups et blessures volontaires": "ASSAULT_INTENTIONAL",
    "Coups et blessures volontaires intrafamiliaux": "ASSAULT_FAMILY",
    "Autres coups et blessures volontaires": "ASSAULT_OTHER",
    "Violences physiques intrafamiliales": "PHYSICAL_VIOLENCE_FAMILY",
    "Violences physiques hors cadre familial": "PHYSICAL_VIOLENCE_NON_FAMILY",
    "Violences sexuelles": "SEXUAL_VIOLENCE",
    "Vols avec armes": "ROBBERY_ARMED",
    "Vols violents sans arme": "ROBBERY_UNARMED",
    "Vols sans violence contre des personnes": "THEFT_FROM_PERSON",
    "Cambriolages de logement": "BURGLARY_DWELLING",
    "Vols de véhicules": "THEFT_VEHICLE",
    "Vols de véhicule": "THEFT_VEHICLE",
    "Vols dans les véhicules": "THEFT_FROM_VEHICLE",
    "Vols d'accessoires sur véhicules": "THEFT_VEHICLE_PARTS",
    "Destructions et dégradations volontaires": "CRIMINAL_DAMAGE",
    "Homicides": "HOMICIDES",
    "Tentatives d'homicides": "ATTEMPTED_HOMICIDES",
    "Tentatives d'homicide": "ATTEMPTED_HOMICIDES",
    "Escroqueries": "FRAUD",
    "Escroqueries et fraudes aux moyens de paiement": "FRAUD",
    "Usage de stupéfiants": "DRUG_USE",
    "Usage de stupéfiants (AFD)": "DRUG_USE_FIXED_FINE",
    "Usage de stupéfiants (hors AFD)": "DRUG_USE_NO_FIXED_FINE",
    "Trafic de stupéfiants": "DRUG_TRAFFICKING",
}
PERSONS = {"DRUG_USE", "DRUG_USE_FIXED_FINE", "DRUG_USE_NO_FIXED_FINE", "DRUG_TRAFFICKING"}
OVERSEAS = {"971", "972", "973", "974", "976"}

Figure = tuple[str, str, str]


def offence(label: str, edition: str) -> str:
    code = OFFENCES[label]
    return "RAPE_SEXUAL_ASSAULT" if (code, edition) == ("SEXUAL_VIOLENCE", "2023-02-09") else code


@cache
def published(file: str, edition: str) -> dict[Figure, int]:
    """(area number, offence, year) to figure, as the file says it; a key that stands twice fails."""
    with gzip.open(MAPPINGS / TERRITORY / "sample" / file, "rt", encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    regional = "reg" in file.split("-")
    figures: dict[Figure, int] = {}
    for row in rows:
        names = ("Code.région",) if regional else ("Code_departement", "Code.département")
        area = next(row[name] for name in names if name in row)
        label = row.get("indicateur") or row["classe"]
        key = (area, offence(label, edition), "20" + row["annee"][-2:])
        assert key not in figures
        figures[key] = int(row.get("nombre") or row["faits"])
    assert len(figures) == len(rows)
    return figures


def totals(figures: dict[Figure, int], areas: Callable[[str], bool] = lambda _: True) -> dict[tuple[str, str], int]:
    """Sums over areas by (offence, year), of what adds up."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for (area, code, year), figure in figures.items():
        if code not in PERSONS and areas(area):
            sums[code, year] += figure
    return dict(sums)


def values(frame: pl.DataFrame, *columns: str) -> dict[tuple[str, ...], int]:
    """Figures of a frame by these columns; a key that stands twice fails."""
    found = {tuple(row[:-1]): row[-1] for row in frame.select(*columns, "OBS_VALUE").iter_rows()}
    assert len(found) == frame.height
    return found


def observations(
    converted: Converted, module: str, edition: str | None = None, **codes: str | Iterable[str]
) -> pl.DataFrame:
    """The observations of a module with these codes."""
    frame = converted(module, edition=edition).frame
    for component, wanted in codes.items():
        frame = frame.filter(pl.col(component).is_in([wanted] if isinstance(wanted, str) else list(wanted)))
    return frame


def departements(converted: Converted, edition: str) -> pl.DataFrame:
    return observations(converted, TERRITORY, edition).filter(pl.col("REF_AREA").str.starts_with("D"))


@pytest.mark.parametrize("edition", DEPARTEMENTAL)
def test_every_published_figure_of_a_departement_is_an_observation_and_no_other_is(
    converted: Converted, edition: str
) -> None:
    expected = {
        ("D" + area, *rest): figure for (area, *rest), figure in published(DEPARTEMENTAL[edition], edition).items()
    }
    assert values(departements(converted, edition), "REF_AREA", "OFFENCE", "TIME_PERIOD") == expected


@pytest.mark.parametrize("edition", DEPARTEMENTAL)
def test_france_is_the_sum_of_its_departements(converted: Converted, edition: str) -> None:
    expected = totals(published(DEPARTEMENTAL[edition], edition))
    assert values(observations(converted, TERRITORY, edition, REF_AREA="FR"), "OFFENCE", "TIME_PERIOD") == expected


@pytest.mark.parametrize("edition", DEPARTEMENTAL)
def test_metropolitan_france_leaves_the_five_overseas_departements_out(converted: Converted, edition: str) -> None:
    expected = totals(published(DEPARTEMENTAL[edition], edition), lambda area: area not in OVERSEAS)
    assert values(observations(converted, TERRITORY, edition, REF_AREA="FX"), "OFFENCE", "TIME_PERIOD") == expected


def test_a_region_that_is_published_is_kept_as_published_persons_accused_included(converted: Converted) -> None:
    edition = "2024-07-05"
    expected = {("R" + area, *rest): figure for (area, *rest), figure in published(REGIONAL, edition).items()}
    frame = observations(converted, TERRITORY, edition).filter(pl.col("REF_AREA").str.starts_with("R"))
    assert values(frame, "REF_AREA", "OFFENCE", "TIME_PERIOD") == expected
    trafficking = frame.filter((pl.col("OFFENCE") == "DRUG_TRAFFICKING") & (pl.col("TIME_PERIOD") == "2016"))
    assert trafficking["OBS_VALUE"].sum() == 40820


def test_the_sum_of_departements_is_the_published_region_where_figures_add_up() -> None:
    edition = "2024-07-05"
    assert totals(published(REGIONAL, edition)) == totals(published(DEPARTEMENTAL[edition], edition))


@pytest.mark.parametrize("edition", DEPARTEMENTAL)
def test_persons_accused_are_never_added_up(converted: Converted, edition: str) -> None:
    made = observations(converted, TERRITORY, edition, OFFENCE=PERSONS, REF_AREA={"FR", "FX", "FR_COM"})
    assert made.is_empty()
    if edition != "2024-07-05":
        drugs = observations(converted, TERRITORY, edition, OFFENCE=PERSONS)
        assert drugs.filter(~pl.col("REF_AREA").str.starts_with("D")).is_empty()


@pytest.mark.parametrize("edition", DEPARTEMENTAL)
def test_each_offence_is_counted_in_one_unit(converted: Converted, edition: str) -> None:
    frame = observations(converted, TERRITORY, edition)
    units = dict(frame.select("OFFENCE", "COUNT_UNIT").unique().iter_rows())
    assert len(units) == frame.select("OFFENCE", "COUNT_UNIT").n_unique()
    assert units["THEFT_FROM_PERSON"] == "VICTIM_HEARD"
    assert {unit for code, unit in units.items() if code in PERSONS} <= {"SUSPECT"}


def test_two_scopes_of_one_label_are_two_indicators(converted: Converted) -> None:
    old = observations(converted, TERRITORY, "2023-02-09", REF_AREA="FR", TIME_PERIOD="2016")
    new = observations(converted, TERRITORY, "2024-07-05", REF_AREA="FR", TIME_PERIOD="2016")
    assert values(old, "OFFENCE")[("RAPE_SEXUAL_ASSAULT",)] == 37505
    assert values(new, "OFFENCE")[("SEXUAL_VIOLENCE",)] == 51910
    assert "SEXUAL_VIOLENCE" not in set(old["OFFENCE"])
    assert "RAPE_SEXUAL_ASSAULT" not in set(new["OFFENCE"])


def test_a_new_spelling_of_one_scope_is_one_indicator(converted: Converted) -> None:
    same = {"FRAUD", "ATTEMPTED_HOMICIDES", "THEFT_VEHICLE"}
    january, july = (
        values(
            observations(converted, TERRITORY, e, OFFENCE=same).filter(pl.col("TIME_PERIOD") < "2024"),
            "REF_AREA",
            "OFFENCE",
            "TIME_PERIOD",
        )
        for e in ("2025-01-26", NEWEST)
    )
    assert january == july


def test_homicides_of_2020_are_revised_and_not_lost(converted: Converted) -> None:
    figures = [
        observations(converted, TERRITORY, edition, REF_AREA="FR", OFFENCE="HOMICIDES", TIME_PERIOD="2020")[
            "OBS_VALUE"
        ][0]
        for edition in ("2024-07-05", "2025-01-26")
    ]
    assert figures == [823, 788]


def test_january_figures_that_july_consolidates_are_provisional(converted: Converted) -> None:
    january = observations(converted, TERRITORY, "2025-01-26").filter(pl.col("OBS_STATUS") == "P")
    assert set(january["TIME_PERIOD"]) == {"2024"}
    assert set(january["OFFENCE"]) == {"HOMICIDES", "FRAUD", "DRUG_USE", "DRUG_TRAFFICKING"}
    assert observations(converted, TERRITORY, NEWEST, OBS_STATUS="P").is_empty()


@pytest.mark.parametrize("edition", list(DEPARTEMENTAL)[1:])
def test_fixed_fines_break_the_series_of_drug_use_in_2020_and_nothing_else_is_broken(
    converted: Converted, edition: str
) -> None:
    broken = observations(converted, TERRITORY, edition, OBS_STATUS="B")
    assert set(broken["TIME_PERIOD"]) == {"2020"}
    assert set(broken["OFFENCE"]) == {code for code in broken["OFFENCE"] if code.startswith("DRUG_USE")}
    assert broken.filter(pl.col("OFFENCE") == "DRUG_USE").height >= 101


# état 4001 ------------------------------------------------------------------------------------------------------------


@cache
def sheet(force: str, year: int) -> dict[tuple[str, str], int]:
    """(département, index) to the sum over services, of the indexes in use."""
    book = fastexcel.read_excel(MAPPINGS / ETAT_4001 / "sample" / WORKBOOK)
    rows = book.load_sheet(f"Services {force} {year}", header_row=None, dtypes="string").to_polars().rows()
    areas = rows[0]
    start = next(number for number, row in enumerate(rows) if row[0] == "Code index") + 1
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows[start:]:
        if row[0] in {"96", "97", "99", "100"}:
            assert {cell for cell in row[2:] if cell is not None} <= {"0"}
            continue
        for area, cell in zip(areas[2:], row[2:], strict=True):
            if area is not None:
                sums[area, row[0]] += int(cell)
            else:
                assert cell is None
    return dict(sums)


SHEETS = [("PN", 2012), ("PN", 2020), ("GN", 2013), ("GN", 2020)]


@pytest.mark.parametrize(("force", "year"), SHEETS)
def test_each_sheet_of_the_workbook_is_summed_over_services_and_to_the_whole_territory(
    converted: Converted, force: str, year: int
) -> None:
    frame = observations(converted, ETAT_4001, FORCE=force, TIME_PERIOD=str(year))
    own = frame.filter(pl.col("REF_AREA").str.starts_with("D"))
    assert values(own, "REF_AREA", "INDEX_4001") == {
        ("D" + area, index): figure for (area, index), figure in sheet(force, year).items()
    }
    national: dict[tuple[str, ...], int] = defaultdict(int)
    for (_, index), figure in sheet(force, year).items():
        national[(index,)] += figure
    assert values(frame.filter(pl.col("REF_AREA") == "FR_COM"), "INDEX_4001") == dict(national)
    beyond = {"978", "986", "987", "988"}
    france = sum(figure for (area, _), figure in sheet(force, year).items() if area not in beyond)
    assert frame.filter(pl.col("REF_AREA") == "FR")["OBS_VALUE"].sum() == france


@pytest.mark.parametrize(("year", "facts"), [("2012", 3477301), ("2019", 3777826), ("2020", 3327737)])
def test_both_forces_together_give_the_totals_of_the_workbook(converted: Converted, year: str, facts: int) -> None:
    both = observations(converted, ETAT_4001, REF_AREA="FR_COM", FORCE="_T", TIME_PERIOD=year)
    assert both["OBS_VALUE"].sum() == facts
    assert both.height == 103


def test_the_four_unused_indexes_are_left_out(converted: Converted) -> None:
    indexes = set(observations(converted, ETAT_4001)["INDEX_4001"])
    assert indexes == {str(number) for number in range(1, 108)} - {"96", "97", "99", "100"}


def test_no_total_of_both_forces_is_made_where_a_force_is_missing_from_the_workbook(converted: Converted) -> None:
    gaps = observations(converted, ETAT_4001, REF_AREA={"D90", "D976", "R06"})
    assert set(gaps["FORCE"]) == {"PN"}
    paris = observations(converted, ETAT_4001, REF_AREA="D75")
    assert set(paris["FORCE"]) == {"PN", "_T"}


def test_the_law_of_2012_on_illegal_stay_is_a_break_of_index_69_and_the_only_one(converted: Converted) -> None:
    broken = observations(converted, ETAT_4001, OBS_STATUS="B")
    assert set(broken.select("INDEX_4001", "TIME_PERIOD").unique().rows()) == {("69", "2013")}
    both = observations(
        converted, ETAT_4001, REF_AREA="FR_COM", FORCE="_T", INDEX_4001="69", TIME_PERIOD={"2012", "2013"}
    )
    assert values(both, "TIME_PERIOD") == {("2012",): 89749, ("2013",): 24223}


# Eurostat -------------------------------------------------------------------------------------------------------------

FEEDS = {
    "ICCS0101": {"HOMICIDES"},
    "ICCS0401": {"ROBBERY_ARMED", "ROBBERY_UNARMED"},
    "ICCS05012": {"BURGLARY_DWELLING"},
    "ICCS050211": {"THEFT_VEHICLE"},
}
PUBLISHED_ROBBERY = {
    "2016": 105636,
    "2017": 99558,
    "2018": 91953,
    "2019": 89966,
    "2020": 74190,
    "2021": 70502,
    "2022": 68000,
    "2023": 62932,
}
"""crim_gen_reg, FR, NR, ICCS0401, as published in 2025 (© European Union, Eurostat)."""


@pytest.mark.parametrize("iccs", FEEDS)
def test_each_iccs_code_is_fed_by_its_indicators_and_adds_up_to_france(converted: Converted, iccs: str) -> None:
    expected: dict[tuple[str, ...], int] = defaultdict(int)
    for (_, code, year), figure in published(DEPARTEMENTAL[NEWEST], NEWEST).items():
        if code in FEEDS[iccs]:
            expected[(year,)] += figure
    frame = observations(converted, EUROSTAT, ICCS=iccs)
    for digits in (2, 3, 4, 5):  # FR, NUTS 1, NUTS 2, NUTS 3
        level = (
            frame.filter(pl.col("GEO").str.len_chars() == digits).group_by("TIME_PERIOD").agg(pl.col("OBS_VALUE").sum())
        )
        assert values(level, "TIME_PERIOD") == dict(expected)


def test_every_nuts_region_of_france_has_every_code_and_year_and_nothing_else_is_sent(converted: Converted) -> None:
    frame = observations(converted, EUROSTAT)
    assert set(frame["ICCS"]) == set(FEEDS)
    assert frame["GEO"].n_unique() == 1 + 14 + 27 + 101
    assert frame.height == 143 * len(FEEDS) * 9
    assert set(frame["UNIT"]) == {"NR"}


def test_departement_and_nuts_region_are_the_same_place(converted: Converted) -> None:
    figures = published(DEPARTEMENTAL[NEWEST], NEWEST)
    for area, geo in {"01": "FRK21", "2A": "FRM01", "75": "FR101", "90": "FRC24", "974": "FRY40"}.items():
        burglary = observations(converted, EUROSTAT, ICCS="ICCS05012", GEO=geo, TIME_PERIOD="2022")
        assert burglary["OBS_VALUE"].to_list() == [figures[area, "BURGLARY_DWELLING", "2022"]]


def test_a_definition_that_differs_is_flagged_and_told_and_an_exact_one_is_not(converted: Converted) -> None:
    frame = observations(converted, EUROSTAT)
    differs = frame.filter(pl.col("ICCS").is_in(["ICCS0101", "ICCS050211"]))
    assert set(differs["OBS_STATUS"]) == {"D"}
    assert differs["COMMENT_OBS"].null_count() == 0
    exact = frame.filter(pl.col("ICCS").is_in(["ICCS0401", "ICCS05012"]))
    assert set(exact["OBS_STATUS"]) == {"A"}
    assert exact["COMMENT_OBS"].null_count() == exact.height


def test_robbery_is_within_a_thousandth_of_what_eurostat_publishes(converted: Converted) -> None:
    ours = values(observations(converted, EUROSTAT, ICCS="ICCS0401", GEO="FR"), "TIME_PERIOD")
    for year, theirs in PUBLISHED_ROBBERY.items():
        assert ours[(year,)] == pytest.approx(theirs, rel=1e-3)

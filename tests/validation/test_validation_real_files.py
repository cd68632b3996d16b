"""The shipped rules on published figures: they hold where the figures are sound, and find what is known to be odd."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl
import pytest
from validation_world import DATA, NOW, found, notices, run_of

from sdmx_gateway.observations import Dataset
from sdmx_gateway.settings import shipped
from sdmx_gateway.structures import Catalogue, Kind, Urn
from sdmx_gateway.structures.authored.loading import load_catalogue
from sdmx_gateway.validation import Report, Rule, check_rules, load_rules, validate

DSD = shipped("dsd")
TERRITORY, ETAT_4001 = "FR_SSMSI:CRIME_TERRITORY(1.0)", "FR_SSMSI:CRIME_4001(1.0)"
GEN_REG, ASYLUM = "ESTAT:CRIM_GEN_REG(1.0)", "ESTAT:MIGR_ASYAPPCTZA(1.0)"


@cache
def structures() -> Catalogue:
    return load_catalogue([DSD])


@cache
def rules() -> dict[str, tuple[Rule, ...]]:
    return {urn.short: these for urn, these in load_rules([DSD]).items()}


def read(flow: str, *names: str) -> Dataset:
    """Published figures, as observations of a flow."""
    dataflow = structures().dataflow(Urn.short_form(Kind.DATAFLOW, flow))
    frames = [pl.read_csv(DATA / f"{name}.csv.gz", infer_schema=False) for name in names]
    frame = pl.concat(frames).with_columns(pl.lit("A").alias("OBS_STATUS"))
    return Dataset.of(dataflow, structures().structure_of(dataflow), frame)


def report_on(data: Dataset, *, without: str = "", previous: Dataset | None = None) -> Report:
    """The report by the shipped rules; ``without`` takes the exception from every rule of that id."""
    chosen = rules()[data.dataflow.urn.short]
    chosen = tuple(r.model_copy(update={"not_for": {}}) if r.id == without else r for r in chosen)
    return validate(data, structures(), chosen, now=NOW, previous=previous)


def test_every_shipped_rule_fits_its_structure():
    for flow, these in rules().items():
        dataflow = structures().dataflow(Urn.short_form(Kind.DATAFLOW, flow))
        structure = structures().structure_of(dataflow)
        assert check_rules(these, dataflow.urn, structure=structure, catalogue=structures()) == ()


@pytest.mark.parametrize("flow", [TERRITORY, ETAT_4001, GEN_REG, ASYLUM, "FR_SSMSI:CRIME_SHORT_TERM(1.0)"])
def test_every_shipped_flow_has_rules_with_names_in_both_languages(flow):
    assert rules()[flow]
    assert all(dict(each.name).keys() == {"fr", "en"} for each in rules()[flow])


def test_regions_are_the_sum_of_their_departements_to_the_unit():
    report = report_on(read(TERRITORY, "crime_territory_edition_2024-07"))
    assert (report.errors, report.warnings) == (0, 0)
    assert run_of(report, "AREA_IS_SUM_OF_ITS_PARTS").checked == 180
    assert run_of(report, "ASSAULT_IS_FAMILY_AND_OTHER").checked == 238


def test_persons_accused_would_fail_were_they_not_left_out_and_are_never_above_the_sum():
    report = report_on(read(TERRITORY, "crime_territory_edition_2024-07"), without="AREA_IS_SUM_OF_ITS_PARTS")
    wrong = found(report, "AREA_IS_SUM_OF_ITS_PARTS")
    assert wrong
    assert all(".DRUG_TRAFFICKING." in (line.where.key or "..DRUG_TRAFFICKING.") for line in wrong)
    assert run_of(report, "PERSONS_ACCUSED_ADD_UP_TO_NO_LESS").checked == 36
    assert found(report, "PERSONS_ACCUSED_ADD_UP_TO_NO_LESS") == []


def test_a_departement_that_is_missing_is_found_twice_by_the_grid_and_by_the_sums():
    whole = read(TERRITORY, "crime_territory_edition_2024-07")
    data = Dataset(whole.dataflow, whole.structure, whole.frame.filter(pl.col("REF_AREA") != "D93"))
    report = report_on(data)
    assert {line.where.key for line in found(report, "AREA_IS_SUM_OF_ITS_PARTS")} >= {"A.R11.HOMICIDES.VICTIM"}
    assert "*.D93.HOMICIDES.*" in {line.where.key for line in found(report, "ALL_DEPARTEMENTS_AND_OFFENCES")}


def test_between_two_editions_large_revisions_and_the_regions_that_are_gone_are_found():
    previous = read(TERRITORY, "crime_territory_edition_2024-07")
    report = report_on(read(TERRITORY, "crime_territory_edition_2025-01"), previous=previous)
    assert run_of(report, "REVISION_OVER_15_PERCENT").checked == 1212
    assert run_of(report, "NOTHING_WITHDRAWN").failed == 216
    assert len(found(report, "NOTHING_WITHDRAWN")) == 6
    assert not report.blocking


def test_the_departements_one_force_does_not_cover_are_named_one_line_each():
    report = report_on(read(ETAT_4001, "etat4001_index_3_and_46"))
    lines = {line.where.key: line.count for line in found(report, "BOTH_FORCES_PER_DEPARTEMENT")}
    police_only = {f"*.{area}.GN.*": 9 for area in ("D75", "D90", "D92", "D93", "D94", "D976")}
    assert lines == police_only | {"*.D978.PN.*": 9, "*.D986.PN.*": 9, "*.D986.GN.*": 4}
    assert not report.blocking
    assert notices(report, "AREA_IS_SUM_OF_ITS_PARTS"), "départements alone leave nothing to add up, and that is said"


def test_the_total_of_both_forces_is_checked_where_one_of_them_is_not_there():
    parts = read(ETAT_4001, "etat4001_index_3_and_46")
    total = parts.frame.group_by("FREQ", "REF_AREA", "INDEX_4001", "TIME_PERIOD", "OBS_STATUS").agg(
        pl.col("OBS_VALUE").sum()
    )
    paris = pl.col("OBS_VALUE") + (pl.col("REF_AREA") == "D75").cast(pl.Int64)
    total = total.with_columns(paris, FORCE=pl.lit("_T"))
    frame = pl.concat([parts.frame, total], how="diagonal_relaxed")
    report = report_on(Dataset.of(parts.dataflow, parts.structure, frame))
    assert {line.where.key for line in found(report, "FORCES_ADD_UP")} == {"A.D75._T.3", "A.D75._T.46"}
    assert run_of(report, "FORCES_ADD_UP").failed == 18


def test_nuts_levels_add_up_in_what_eurostat_publishes_for_france():
    report = report_on(read(GEN_REG, "crim_gen_reg_FR_2022_2023"))
    assert report.errors == 0
    assert run_of(report, "NUTS_LEVELS_ADD_UP").checked == 252
    assert run_of(report, "DWELLING_BURGLARY_WITHIN_BURGLARY").checked == 286


def test_a_wrong_nuts_figure_blocks():
    sound = read(GEN_REG, "crim_gen_reg_FR_2022_2023")
    one_more = pl.col("OBS_VALUE") + (pl.col("GEO") == "FR101").cast(pl.Int64)
    report = report_on(Dataset(sound.dataflow, sound.structure, sound.frame.with_columns(one_more)))
    assert report.blocking
    keys = {line.where.key for line in found(report, "NUTS_LEVELS_ADD_UP")}
    assert "A.NR.ICCS0101.FR10" in keys
    assert not {key for key in keys if key and key.endswith("FRB")}


def test_asylum_figures_rounded_to_5_add_up_within_rounding_and_absent_parts_are_counted():
    report = report_on(read(ASYLUM, "migr_asyappctza_FR_2022_three_citizenships"))
    for rule_id in ("SEXES_MAKE_THE_TOTAL", "AGES_MAKE_THE_TOTAL", "MINORS_ARE_BOTH_GROUPS"):
        run = run_of(report, rule_id)
        assert (run.checked > 0, run.failed) == (True, 0), rule_id
    assert "156 570" in found(report, "FIRST_AND_SUBSEQUENT_MAKE_THE_TOTAL")[0].message
    assert run_of(report, "CITIZENSHIPS_MAKE_THE_TOTAL").failed > 0, "two citizenships are not all of them"


def test_the_test_files_are_named_with_their_source():
    named = (DATA / "SOURCES.md").read_text(encoding="utf-8")
    assert [file.name for file in Path(DATA).iterdir() if file.name not in named and file.name != "SOURCES.md"] == []

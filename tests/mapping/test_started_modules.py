"""A module started for an unknown file says what can be seen, and is at fault in the lines that are marked alone."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from sdmx_gateway.errors import GatewayError, MappingError, Problem
from sdmx_gateway.mapping import check_module, load_module, propose_module
from sdmx_gateway.mapping.propose import TODO
from sdmx_gateway.settings import shipped
from sdmx_gateway.structures import Catalogue, Kind, Urn

SAMPLES = shipped("mappings")


def started(catalogue: Catalogue, file: Path, target: str, folder: Path) -> Path:
    propose_module(folder, file, catalogue.dataflow(Urn.short_form(Kind.DATAFLOW, target)), catalogue)
    return folder


def faults(folder: Path, catalogue: Catalogue) -> list[Problem]:
    try:
        return list(check_module(load_module(folder), catalogue))
    except GatewayError as error:
        return list(error.problems)


@pytest.fixture
def territory(catalogue: Catalogue, tmp_path: Path) -> Path:
    (sample,) = (SAMPLES / "ssmsi/recorded_crime_territory/sample").glob("*2025-01-26*")
    file = tmp_path / "unknown.csv"
    file.write_bytes(gzip.decompress(sample.read_bytes()))
    return started(catalogue, file, "FR_SSMSI:CRIME_TERRITORY(1.0)", tmp_path / "office" / "started")


def test_area_period_offence_unit_and_figure_are_found_in_a_real_file(territory: Path) -> None:
    spec = (territory / "mapping.toml").read_text()
    for rule in (
        'REF_AREA = { from = "code_departement", pattern = "(.+)", to = "D{1}" }',
        'TIME_PERIOD = { from = "annee", period = "any" }',
        'FREQ = { from = "annee", frequency = true }',
        'OFFENCE = { from = "indicateur", codes = "codes/offence.csv", ignore_case = true }',
        'COUNT_UNIT = { from = "unite_de_compte", codes = "codes/count_unit.csv", ignore_case = true }',
        'OBS_VALUE = { from = "nombre", type = "integer" }',
        'separator = ";", decimal = ","',
    ):
        assert rule in spec


def test_what_is_not_sure_is_given_candidates_with_scores(territory: Path) -> None:
    offences = (territory / "codes" / "offence.csv").read_text()
    assert "Homicides,HOMICIDES,exact," in offences
    assert "Tentatives d'homicides,,exact,\"TODO: ATTEMPTED_HOMICIDES 0.98" in offences


def test_only_lines_that_are_marked_are_at_fault(territory: Path, catalogue: Catalogue) -> None:
    found = faults(territory, catalogue)
    assert found
    for problem in found:
        assert problem.where.file is not None
        assert problem.where.row is not None
        text = (territory.parent.parent / problem.where.file).read_text().splitlines()[problem.where.row - 1]
        assert TODO in text, problem


def test_a_module_whose_marked_lines_are_filled_in_is_whole(territory: Path, catalogue: Catalogue) -> None:
    table = territory / "codes" / "offence.csv"
    lines = [
        line if TODO not in line else line.partition(",")[0] + ",,left_out,not decided yet"
        for line in table.read_text().splitlines()
    ]
    table.write_text("\n".join(lines) + "\n")
    assert faults(territory, catalogue) == []


def test_citizenships_and_sentinels_are_found_in_an_asylum_file(catalogue: Catalogue, tmp_path: Path) -> None:
    sample = SAMPLES / "dsed/asylum_applications/sample/Asile_pays-origine_2022-reconstructed.csv"
    file = tmp_path / "asile.csv"
    file.write_text(sample.read_text().replace("\n", "\nMAGHREB,ZZZ,ZZZ,n.c\n", 1))
    folder = started(catalogue, file, "FR_DSED:ASYLUM_APPLICATIONS(1.0)", tmp_path / "office" / "asylum")
    spec = (folder / "mapping.toml").read_text()
    assert 'OBS_VALUE = { from = "nb_demandes", type = "integer", missing = ["n.c"] }' in spec
    assert "CITIZEN = { from = " in spec
    for problem in faults(folder, catalogue):
        text = (tmp_path / (problem.where.file or "")).read_text().splitlines()[(problem.where.row or 0) - 1]
        assert TODO in text, problem


def test_a_file_that_is_no_table_starts_nothing(catalogue: Catalogue, tmp_path: Path) -> None:
    file = tmp_path / "empty.csv"
    file.write_text("")
    with pytest.raises(MappingError, match="that can be read"):
        started(catalogue, file, "FR_SSMSI:CRIME_TERRITORY(1.0)", tmp_path / "office" / "nothing")

"""The flows of Eurostat, UNODC and the SDGs as dsd/ has them, beside what was read of them; and how a structure is replaced."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from structures_samples import DSD, HEADER
from test_structures_content import codelist, dataflow, dimensions, flows, held, notes, shared, table

from sdmx_gateway.errors import MessageRejected
from sdmx_gateway.settings import Settings
from sdmx_gateway.structures import Kind, Urn, load_catalogue, write_structures
from sdmx_gateway.structures.model import DataConstraint, DataStructure, ProvisionAgreement, RepresentationMap

pytestmark = pytest.mark.skipif(not DSD.is_dir(), reason="no structures are shipped")

# ------------------------------------------------------------------------------------------------ Eurostat's flows


def flows_asked_for() -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(shared("domain/eurostat-flows.json").read_text("utf-8"))["flows"]
    return found


RENAMED = {
    "type of request": "REQUEST",
    "legal provision": "LEG_PROV",
    "type of applicant": "APPLICANT",
    "reason?": "REASON",
    "duration?": "DURATION",
}
NOT_IN = {"MIGR_DUBTI": {"REQUEST"}, "MIGR_DUBTO": {"REQUEST"}}
"""Transfers follow a request: they have no type of request of their own."""


def test_every_flow_eurostat_asks_for_is_there_with_its_dimensions_a_constraint_and_an_agreement() -> None:
    agreed = {a.flow for a in held() if isinstance(a, ProvisionAgreement)}
    constrained = {
        urn for a in held() if isinstance(a, DataConstraint) and a.attachment for urn in a.attachment.artefacts
    }
    seen = 0
    for asked in flows_asked_for():
        for own_id in str(asked["id"]).upper().split("/"):
            flow = dataflow(f"ESTAT:{own_id}(1.0)")
            given = asked["dimensions"]
            assert isinstance(given, list)
            wanted = [RENAMED.get(each, str(each).upper()) for each in given]
            if asked["dimensions_provenance"] == "read":
                assert dimensions(flow) == wanted, own_id
            else:
                assert set(dimensions(flow)) >= set(wanted) - NOT_IN.get(own_id, set()), own_id
            assert flow.urn in agreed, own_id
            assert flow.urn in constrained, own_id
            seen += 1
    assert seen == 28


def test_every_code_eurostat_is_known_to_take_is_allowed() -> None:
    for asked in flows_asked_for():
        codes = asked.get("codes")
        if isinstance(codes, dict):
            allowed = held().lists_of(dataflow(f"ESTAT:{str(asked['id']).upper()}(1.0)"))
            for dimension, values in codes.items():
                if dimension.upper() in allowed and not isinstance(values, str):
                    lacking = set(values) - set(allowed[dimension.upper()].by_id)
                    # CRIM_GEN_REG has whole numbers: the rates are Eurostat's to compute
                    assert lacking <= ({"P_HTHAB"} if asked["id"] == "crim_gen_reg" else set()), (
                        asked["id"],
                        dimension,
                    )


PUBLISHED = {
    "CRIM_CRT_CASE": "tsv/estat_crim_crt_case_since2022.tsv",
    "CRIM_CRT_PER": "tsv/estat_crim_crt_per.tsv",
    "CRIM_GEN_REG": "tsv/estat_crim_gen_reg_FR.tsv",
    "CRIM_HOM_OCIT": "tsv/estat_crim_hom_ocit.tsv",
    "CRIM_HOM_SOFF": "tsv/estat_crim_hom_soff.tsv",
    "CRIM_HOM_VCIT": "tsv/estat_crim_hom_vcit.tsv",
    "CRIM_JUST_AGE": "tsv/estat_crim_just_age.tsv",
    "CRIM_JUST_CTZ": "tsv/estat_crim_just_ctz.tsv",
    "CRIM_JUST_SEX": "tsv/estat_crim_just_sex.tsv",
    "CRIM_OFF_CAT": "tsv/estat_crim_off_cat.tsv",
    "CRIM_PRIS_CTZ": "tsv/estat_crim_pris_ctz.tsv",
    "CRIM_PRIS_OFF": "tsv/estat_crim_pris_off.tsv",
    "MIGR_ASYAPPCTZA": "csv/migr_asyappctza_FR_2008-2022.csv",
    "MIGR_ASYDCFSTA": "csv/migr_asydcfsta_FR_2015-2019_2021vintage.csv",
    "MIGR_ASYRESA": "csv/migr_asyresa_FR_2015-2019_2021vintage.csv",
    "MIGR_EIPRE": "csv/migr_eipre_FR.csv",
    "MIGR_EIRFS": "csv/migr_eirfs_FR_totals.csv",
    "MIGR_RESFIRST": "csv/tps00170_FR.csv",
    "MIGR_RESVALID": "csv/migr_resvalid_FR_total_2015-2019_2021vintage.csv",
}
SINCE_REPLACED = {"MIGR_ASYAPPCTZA": {"ASYL_APP": "APPLICANT"}}
OLDER_CODES = {"MIGR_ASYAPPCTZA": {"APPLICANT"}, "MIGR_ASYDCFSTA": {"DECISION"}}
"""Dimensions whose codes in the file are those of before 2026."""


def published(path: Path) -> tuple[list[str], list[list[str]]]:
    """The dimensions of a table Eurostat published, in its order, and the keys in it."""
    with path.open(encoding="utf-8", newline="") as lines:
        if path.suffix == ".tsv":
            head = next(lines).split("\t")[0].split("\\")[0].split(",")
            return head, [line.split("\t")[0].split(",") for line in lines]
        rows = csv.reader(lines)
        columns = next(rows)
        first, last = columns.index("freq"), columns.index("TIME_PERIOD")
        return columns[first:last], [row[first:last] for row in rows]


@pytest.mark.parametrize("own_id", PUBLISHED)
def test_the_dimensions_and_the_codes_of_a_published_table_are_those_of_its_flow(own_id: str) -> None:
    head, keys = published(shared(f"data/eurostat/{PUBLISHED[own_id]}"))
    renamed = SINCE_REPLACED.get(own_id, {})
    flow = dataflow(f"ESTAT:{own_id}(1.0)")
    assert dimensions(flow) == [renamed.get(each.upper(), each.upper()) for each in head]
    structure, catalogue = held().structure_of(flow), held()
    geo = [position for position, each in enumerate(head) if each == "geo"]
    french = [key for key in keys if not geo or key[geo[0]].startswith("FR")]
    for position, dimension in enumerate(dimensions(flow)):
        enumerated = structure.components[dimension].representation.codelist
        if enumerated is not None and dimension not in OLDER_CODES.get(own_id, set()) and dimension != "CITIES":
            codes = catalogue.enumeration(enumerated).by_id
            assert {key[position] for key in french} <= set(codes), dimension


@pytest.mark.parametrize(
    ("short", "path"),
    [
        ("ESTAT:LEG_CASE(1.0)", "data/eurostat/tsv/estat_crim_crt_case_until2022.tsv"),
        ("ESTAT:LEG_CASE(2.0)", "data/eurostat/tsv/estat_crim_crt_case_since2022.tsv"),
    ],
)
def test_the_list_of_cases_is_held_as_it_was_until_2022_and_as_it_is(short: str, path: str) -> None:
    head, keys = published(shared(path))
    assert {key[head.index("leg_case")] for key in keys} == set(codelist(short).by_id)
    led = held().get(Urn(Kind.REPRESENTATION_MAP, "ESTAT", "RM_LEG_CASE_1_2", "1.0"))
    assert isinstance(led, RepresentationMap)
    assert {each.sources[0].value for each in led.mappings} == set(codelist("ESTAT:LEG_CASE(1.0)").by_id)


# ------------------------------------------------------------------------------------------------ EU-GBV

UNREAD = {"gbv_any_cnqv", "gbv_ipv_frq", "gbv_shw_comm"}
"""Tables of which a dimension was not read: dsd/ESTAT/SOURCES.md."""


def test_every_gbv_table_whose_dimensions_were_read_is_a_flow() -> None:
    tables = {row["dataset"]: row["specific_dimension"] for row in table(shared("data/emn/eurostat_gbv_datasets.csv"))}
    assert len(tables) == 69
    assert {flow.id.lower() for flow in flows() if flow.id.startswith("GBV_")} == tables.keys() - UNREAD
    for own_id in tables.keys() - UNREAD:
        own = tables[own_id].upper().split(",")
        assert dimensions(dataflow(f"ESTAT:{own_id.upper()}(1.0)")) == ["FREQ", *own, "UNIT", "GEO"], own_id


def test_every_gbv_code_that_was_read_is_held_and_no_other() -> None:
    lists = {"age": "AGE_GBV", "duration": "DURATION_GBV"}
    rows = table(shared("data/emn/eurostat_gbv_codes.csv"))
    for dimension in {row["dimension"] for row in rows}:
        codes = {row["code"] for row in rows if row["dimension"] == dimension}
        assert set(codelist(f"ESTAT:{lists.get(dimension, dimension.upper())}(1.0)").by_id) == codes, dimension


# ------------------------------------------------------------------------------------------------ UN-CTS

COLUMNS = {
    "Indicator": "CL_CTS_INDICATOR",
    "Dimension": "CL_CTS_DIMENSION",
    "Category": "CL_CTS_CATEGORY",
    "Sex": "CL_CTS_SEX",
    "Age": "CL_CTS_AGE",
    "Unit of measurement": "CL_CTS_UNIT",
}


def test_the_un_cts_has_a_flow_for_each_form_in_the_columns_of_the_form() -> None:
    made = [flow for flow in flows() if flow.agency == "UNODC"]
    assert [flow.id for flow in made] == [
        "CTS_ECONOMIC_CRIME",
        "CTS_HOMICIDE",
        "CTS_JUSTICE",
        "CTS_PRISONS",
        "CTS_VIOLENT_CRIME",
    ]
    columns = ["FREQ", "REF_AREA", "INDICATOR", "CTS_DIMENSION", "CATEGORY", "SEX", "AGE", "UNIT_MEASURE"]
    assert all(dimensions(flow) == columns for flow in made)


@pytest.mark.parametrize(
    ("form", "own_id"),
    [
        ("violent_and_sexual_crime", "CTS_VIOLENT_CRIME"),
        ("corruption_and_economic_crime", "CTS_ECONOMIC_CRIME"),
        ("prisons_and_prisoners", "CTS_PRISONS"),
    ],
)
def test_every_label_of_the_french_rows_of_a_form_is_an_allowed_code_of_its_flow(form: str, own_id: str) -> None:
    rows = table(shared(f"data/unodc/data_cts_{form}_FRA.csv"))
    allowed = held().lists_of(dataflow(f"UNODC:{own_id}(1.0)"))
    by_list = {urn.id: component for component, urn in _enumerations(own_id).items()}
    for column, list_id in COLUMNS.items():
        words = [notes(code) for code in allowed[by_list[list_id]].items]
        labels = {said[kind] for said in words for kind in ("CTS_LABEL", "CTS_LABEL_ENTERING") if kind in said}
        assert {row[column] for row in rows} <= labels, column


def _enumerations(own_id: str) -> dict[str, Urn]:
    structure = held().structure_of(dataflow(f"UNODC:{own_id}(1.0)"))
    found = {each.id: each.representation.codelist for each in structure.dimensions if each.representation}
    return {component: urn for component, urn in found.items() if urn is not None}


# ------------------------------------------------------------------------------------------------ SDGs

GLOBAL = "IAEG-SDGs_SDG_1.4_structure.xml.gz"


def test_the_global_sdg_structure_is_kept_byte_for_byte() -> None:
    ours = gzip.decompress((DSD / "IAEG-SDGs/foreign" / GLOBAL).read_bytes())
    assert ours == gzip.decompress(shared(f"data/unodc/{GLOBAL}").read_bytes())


def test_the_flow_of_indicator_16_1_1_has_the_dimensions_of_the_global_structure() -> None:
    assert dimensions(dataflow("IAEG-SDGs:DF_SDG_16_1_1(1.0)")) == [
        "FREQ",
        "REPORTING_TYPE",
        "SERIES",
        "REF_AREA",
        "SEX",
        "AGE",
        "URBANISATION",
        "INCOME_WEALTH_QUANTILE",
        "EDUCATION_LEV",
        "OCCUPATION",
        "CUST_BREAKDOWN",
        "COMPOSITE_BREAKDOWN",
        "DISABILITY_STATUS",
        "ACTIVITY",
        "PRODUCT",
    ]


def test_the_flow_of_indicator_16_1_1_allows_what_unsd_allows() -> None:
    allowed = held().lists_of(dataflow("IAEG-SDGs:DF_SDG_16_1_1(1.0)"))
    everything = table(shared("data/unodc/sdg_global_content_constraints.csv"))
    rows = [row for row in everything if row["SERIES"] in allowed["SERIES"].by_id]
    assert {row["SERIES"] for row in rows} == {"VC_IHR_PSRC", "VC_IHR_PSRCN"}
    for component in ("COMPOSITE_BREAKDOWN", "PRODUCT", "ACTIVITY", "UNIT_MEASURE"):
        assert set(allowed[component].by_id) == {code for row in rows for code in row[component].split(";")}, component


# ------------------------------------------------------------------------------------------------ structures of ours


def test_a_structure_no_public_source_gives_is_of_a_french_agency_and_says_whose_place_it_takes() -> None:
    for flow in flows():
        structure = held().structure_of(flow)
        if flow.agency in {"ESTAT", "UNODC"}:
            said = {note.type: note for note in structure.annotations}
            assert structure.agency.startswith("FR_"), structure.urn
            assert said["STAND_IN"].title == "ours", structure.urn
            assert {language for language, _ in said["STAND_IN"].text} == {"fr", "en"}, structure.urn
    assert not [s for s in held().find(Kind.DATA_STRUCTURE) if s.agency in {"ESTAT", "UNODC"}]


def test_the_flows_of_unodc_and_of_the_sdgs_say_that_they_are_ours() -> None:
    for flow in flows():
        if flow.agency in {"UNODC", "IAEG-SDGs"}:
            assert notes(flow)["STATUS"] == "ours", flow.urn


THEIRS = Urn(Kind.DATA_STRUCTURE, "ESTAT", "CRIM_GEN_REG", "7.0")
OURS = Urn(Kind.DATA_STRUCTURE, "FR_SSMSI", "CRIM_GEN_REG", "1.0")


def replaced(folder: Path, *, without: str | None = None) -> Path:
    """Copied structures in which crim_gen_reg has a structure of Eurostat's: its file put in, and one name changed."""
    copy = folder / "dsd"
    shutil.copytree(DSD, copy)
    ours = held().get(OURS)
    assert isinstance(ours, DataStructure)
    kept = tuple(each for each in ours.dimensions if each.id != without)
    theirs = replace(ours, agency="ESTAT", version="7.0", annotations=(), dimensions=kept)
    (copy / "ESTAT/foreign").mkdir()
    (copy / "ESTAT/foreign/CRIM_GEN_REG_7.xml").write_bytes(write_structures([theirs], "3.0", HEADER))
    file = copy / "ESTAT/dataflows-crime.toml"
    text = file.read_text("utf-8")
    assert text.count(OURS.short) == 1
    file.write_text(text.replace(OURS.short, THEIRS.short), "utf-8")
    return copy


def test_a_structure_of_ours_is_replaced_by_the_recipients_in_settings_and_files_alone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "var", dsd=(replaced(tmp_path),))
    catalogue = load_catalogue(settings.dsd)
    flow = catalogue.dataflow(Urn.short_form(Kind.DATAFLOW, "ESTAT:CRIM_GEN_REG(1.0)"))
    assert catalogue.structure_of(flow).urn == THEIRS
    assert list(catalogue.lists_of(flow)["UNIT"].by_id) == ["NR"]
    assert catalogue.check() == ()


def test_a_structure_that_lacks_what_is_said_of_its_flow_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(MessageRejected, match="ICCS"):
        load_catalogue([replaced(tmp_path, without="ICCS")])

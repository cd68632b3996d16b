"""Communes, départements, régions, NUTS and countries as dsd/ has them, beside Insee's, Eurostat's and the UN's lists."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict

import pytest
from structures_samples import DSD
from test_structures_content import codelist, held, name, notes, shared, table

from sdmx_gateway.structures import Kind, Urn
from sdmx_gateway.structures.model import RepresentationMap

pytestmark = pytest.mark.skipif(not DSD.is_dir(), reason="no structures are shipped")


def pairs(agency: str, own_id: str) -> dict[str, str | None]:
    """The target of each source of a map."""
    found = held().get(Urn(Kind.REPRESENTATION_MAP, agency, own_id, "1.0.0"))
    assert isinstance(found, RepresentationMap)
    return {each.sources[0].value: (each.targets[0] if each.targets else None) for each in found.mappings}


# ------------------------------------------------------------------------------------------ communes


@pytest.mark.parametrize(("year", "communes"), [("2024", 34_935), ("2025", 34_875)])
def test_the_communes_of_a_vintage_are_insees_by_code_name_and_departement(year: str, communes: int) -> None:
    rows = table(shared(f"data/geo/v_commune_{year}.csv.gz"))
    ours = codelist(f"FR_INSEE:CL_COG({year}.0.0)")
    published = {f"C{row['COM']}": (row["LIBELLE"], f"D{row['DEP']}") for row in rows if row["TYPECOM"] == "COM"}
    quarters = {f"AM{row['COM']}": (row["LIBELLE"], f"C{row['COMPARENT']}") for row in rows if row["TYPECOM"] == "ARM"}
    assert (len(published), len(quarters)) == (communes, 45)
    for code, said in (published | quarters).items():
        assert (name(ours[code], "fr"), ours[code].parent) == said, code
    lasting = {f"C{row['COM']}" for row in rows if row["TYPECOM"] == "COM"}
    overseas = {code for code in ours.by_id if code.startswith("C")} - lasting
    assert {code[:4] for code in overseas} <= {"C975", "C977", "C978", "C984", "C986", "C987", "C988", "C989"}


def test_a_commune_that_is_in_one_vintage_only_is_led_to_the_other_or_came_of_it() -> None:
    before, after = (set(codelist(f"FR_INSEE:CL_COG({year}.0.0)").by_id) for year in (2024, 2025))
    led = pairs("FR_INSEE", "RM_COG_2024_2025")
    assert before - after <= led.keys() <= before
    assert {target for target in led.values() if target is not None} <= after


def test_departements_and_regions_are_insees() -> None:
    for year in ("2024", "2025"):
        ours = codelist(f"FR_INSEE:CL_COG({year}.0.0)")
        for row in table(shared("data/geo/cog-departments@2025.csv")):
            code = ours[f"D{row['code']}"]
            assert (name(code, "fr"), code.parent) == (row["name"], f"R{row['region_code']}")
        regions = table(shared("data/geo/cog-regions@2025.csv"))
        assert len(regions) == 18
        for row in regions:
            assert name(ours[f"R{row['code']}"], "fr") == row["name"]
            assert ours[f"R{row['code']}"].parent == ("FX" if row["is_metropolitan"] == "true" else "FR")


# ------------------------------------------------------------------------------------------ NUTS


def test_the_nuts_of_france_have_their_levels_and_lie_under_the_code_they_begin_with() -> None:
    ours = codelist("ESTAT:GEO(25.3)")
    rows = table(shared("data/geo/nuts-2021-fr.csv"))
    assert Counter(row["level"] for row in rows) == {"0": 1, "1": 14, "2": 27, "3": 101}
    for row in rows:
        code = ours[row["nuts_id"]]
        assert notes(code)["NUTS_LEVEL"] == row["level"], code.id
        assert code.parent == (code.id[:-1] if row["level"] != "0" else None), code.id


def test_every_code_of_an_area_has_eurostats_labels() -> None:
    published = {
        row["CODE"]: row for row in table(shared("data/eurostat/codelists/ESTAT_GEO_25.3.tsv"), delimiter="\t")
    }
    for code in codelist("ESTAT:GEO(25.3)").items:
        row = published[code.id]
        assert (name(code, "en"), name(code, "fr")) == (row["Label - English"], row["Label - French"]), code.id


def test_each_departement_is_linked_to_its_nuts_of_2021_and_of_2013() -> None:
    rows = table(shared("data/geo/departement-nuts.csv"))
    assert len(rows) == 101
    linked = {
        column: pairs("FR_INSEE", own_id)
        for column, own_id in {
            "nuts3_2021_2024": "RM_DEPARTEMENT_NUTS3",
            "nuts2_2021_2024": "RM_DEPARTEMENT_NUTS2",
            "nuts3_2013": "RM_DEPARTEMENT_NUTS3_2013",
        }.items()
    }
    renamed = pairs("ESTAT", "RM_NUTS3_2013_2021")
    areas = codelist("ESTAT:GEO(25.3)").by_id
    for row in rows:
        for column, led in linked.items():
            assert led[f"D{row['dep_code']}"] == row[column], row["dep_code"]
            assert row[column] in areas
        if row["nuts3_2013"] != row["nuts3_2021_2024"]:
            assert renamed[row["nuts3_2013"]] == row["nuts3_2021_2024"]
        for year in ("2024", "2025"):
            said = notes(codelist(f"FR_INSEE:CL_COG({year}.0.0)")[f"D{row['dep_code']}"])
            assert said["NUTS"] == row["nuts3_2021_2024"]


def test_a_region_is_linked_to_one_nuts_only_where_it_is_one() -> None:
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in table(shared("data/geo/departement-nuts.csv")):
        wanted[f"R{row['reg_code']}"].add(row["nuts2_2021_2024"])
    led = pairs("FR_INSEE", "RM_REGION_NUTS2")
    for region, areas in wanted.items():
        assert led.get(region) == (next(iter(areas)) if len(areas) == 1 else None), region


# ------------------------------------------------------------------------------------------ countries

OF_NO_COUNTRY = {"99313": "ES", "99319": "PT"}
"""Territories of which Insee gives the code of their State: ours is empty, since it would mean the State."""

ADDED = {"99157": ("XK", "XKX", "412"), "99159": ("SJ", "SJM", "744")}
"""Codes Insee leaves empty: Kosovo has none of ISO, Svalbard and Jan Mayen have one."""


def test_every_country_of_insee_has_its_name_and_its_codes_of_iso_and_of_the_un() -> None:
    ours = codelist("FR_INSEE:CL_COUNTRY(2025.0.0)")
    rows = table(shared("data/countries/cog-countries@2025.csv"))
    assert set(ours.by_id) == {row["code"] for row in rows}
    for row in rows:
        code, said = ours[row["code"]], notes(ours[row["code"]])
        assert name(code, "fr") == row["name"], code.id
        published = (row["iso2_code"], row["iso3_code"], row["num3_code"])
        codes = ("", "", "") if code.id in OF_NO_COUNTRY else ADDED.get(code.id, published)
        assert (said.get("ISO2", ""), said.get("ISO3", ""), said.get("M49", "")) == codes, code.id


GIBRALTAR = {"99133": "GI"}
"""Insee has Gibraltar with Akrotiri and Dhekelia: the country is more than the citizenship."""


def test_a_country_of_insee_and_a_citizenship_of_eurostat_name_each_other() -> None:
    countries, citizens = codelist("FR_INSEE:CL_COUNTRY(2025.0.0)"), codelist("ESTAT:CITIZEN(1.0)")
    of_country = {code.id: notes(code)["EUROSTAT"] for code in countries.items if "EUROSTAT" in notes(code)}
    of_citizen = {notes(code)["INSEE_COG"]: code.id for code in citizens.items if "INSEE_COG" in notes(code)}
    assert of_country | GIBRALTAR == of_citizen
    assert {of_country[cog] for cog in ("99126", "99132", "99157")} == {"EL", "UK", "XK"}
    for cog, citizen in of_country.items():
        there, here = notes(countries[cog]), notes(citizens[citizen])
        assert (there["ISO3"], there["M49"]) == (here["ISO3"], here["M49"]), cog


def test_every_number_of_a_citizenship_is_an_area_of_the_un() -> None:
    numbers = set(codelist("IAEG-SDGs:CL_AREA(1.4)").by_id)
    for code in codelist("ESTAT:CITIZEN(1.0)").items:
        if "M49" in notes(code):
            assert notes(code)["M49"].lstrip("0") in numbers, code.id


def test_the_iso_lists_are_whole_and_agree() -> None:
    published = json.loads(shared("data/countries/i18n-iso-countries-7.14.0-fr.json").read_text("utf-8"))["countries"]
    two, three = codelist("FR_INSEE:CL_ISO_ALPHA2(1.0.0)"), codelist("FR_INSEE:CL_ISO_ALPHA3(1.0.0)")
    assert set(two.by_id) == published.keys()
    for code in two.items:
        other = three[notes(code)["ISO3"]]
        assert notes(other)["ISO2"] == code.id
        assert [notes(other).get(kind) for kind in ("M49", "EUROSTAT")] == [
            notes(code).get(kind) for kind in ("M49", "EUROSTAT")
        ]


def bare(label: str) -> str:
    """A label as files write it: without case, accents and signs."""
    letters = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", " ", letters).strip()


def test_no_french_label_is_that_of_two_countries_however_it_is_written() -> None:
    meant: dict[str, set[str]] = defaultdict(set)
    for code in codelist("FR_INSEE:CL_COUNTRY(2025.0.0)").items:
        said = notes(code)
        for label in (
            name(code, "fr") or "",
            said.get("OFFICIAL_NAME_FR", ""),
            *said.get("LABELS_FR", "").split(" | "),
        ):
            if label:
                meant[bare(label)].add(code.id)
    assert {label: codes for label, codes in meant.items() if len(codes) > 1} == {}


OTHER_LABELS = {
    "Birmanie": "99224",
    "Myanmar": "99224",
    "Cap-Vert": "99396",
    "Swaziland": "99391",
    "Eswatini": "99391",
    "Macédoine du Nord": "99156",
    "Corée du Sud": "99239",
    "Palestine": "99261",
    "Taïwan": "99236",
    "République démocratique du Congo": "99312",
}


def test_a_country_is_found_under_the_other_names_files_give_it() -> None:
    called = defaultdict(set)
    for code in codelist("FR_INSEE:CL_COUNTRY(2025.0.0)").items:
        said = notes(code)
        labels = [name(code, "fr") or "", said.get("OFFICIAL_NAME_FR", ""), *said.get("LABELS_FR", "").split(" | ")]
        for label in labels:
            called[bare(label)].add(code.id)
    assert {label: called[bare(label)] for label in OTHER_LABELS} == {k: {v} for k, v in OTHER_LABELS.items()}


SLIPS = {"99129", "99133", "99160", "99306", "99308", "99313", "99319", "99442", "99443", "99503", "99520"}
"""Where the package has a place instead of a nationality, or that of another State: none is given."""

REMEMBERED = {"99157": "Kosovar", "99261": "Palestinien", "99389": "Sahraoui", "99513": "Kiribatien"}


def test_nationalities_are_those_of_the_package_but_for_its_slips() -> None:
    package = json.loads(shared("data/countries/i18n-nationality-1.4.0-fr.json").read_text("utf-8"))["nationalities"]
    iso = {row["code"]: row["iso2_code"] for row in table(shared("data/countries/cog-countries@2025.csv"))}
    for code in codelist("FR_INSEE:CL_COUNTRY(2025.0.0)").items:
        wanted = None if code.id in SLIPS else REMEMBERED.get(code.id, package.get(iso[code.id]))
        assert notes(code).get("NATIONALITY_FR") == wanted, code.id

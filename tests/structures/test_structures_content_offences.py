"""The ICCS as dsd/ has it, beside the document; Eurostat's form of it; and the French lists that extend it."""

from __future__ import annotations

import gzip
import re
from collections import Counter, defaultdict

import pytest
from structures_samples import DSD
from test_structures_content import codelist, held, lists, name, notes, shared, table

from sdmx_gateway.structures import Kind, Urn
from sdmx_gateway.structures.model import ConceptScheme, RepresentationMap

pytestmark = pytest.mark.skipif(not DSD.is_dir(), reason="no structures are shipped")
ICCS = "UNODC:CL_ICCS(1.0)"
BEFORE_THE_DOCUMENT = {
    "02",
    "020322",
    "02041",
    "02042",
    "02043",
    "02044",
    "020619",
    "030129",
    "07011",
    "070111",
    "070112",
    "10031",
}
"""Codes whose names in the list typed before the document was read are not the document's."""


def above(code: str) -> str | None:
    """The code an ICCS code lies under, by its length alone."""
    return None if len(code) == 2 else code[: 2 if len(code) == 4 else -1]


def without_marks(text: str) -> str:
    return re.sub(r"\s*\[\d+\]", "", text)


def test_the_iccs_has_all_four_levels_each_code_under_the_one_it_begins_with() -> None:
    codes = codelist(ICCS).items
    assert Counter(len(code.id) for code in codes) == {2: 11, 4: 63, 5: 148, 6: 98}
    for code in codes:
        assert code.parent == above(code.id), code.id


def test_names_definitions_inclusions_and_exclusions_are_those_of_the_document() -> None:
    document = table(shared("data/iccs/iccs_official_en.csv"))
    spanish = {row["code"]: row["name_es"] for row in table(shared("data/iccs/iccs_official_es.csv"))}
    ours = codelist(ICCS)
    assert [code.id for code in ours.items] == [row["code"] for row in document]
    for row in document:
        code = ours[row["code"]]
        assert code.parent == (row["parent"] or None), code.id
        assert (name(code, "en"), name(code, "es")) == (row["name_en"], spanish[code.id]), code.id
        assert dict(code.descriptions).get("en", "") == without_marks(row["definition"]), code.id
        for column in ("inclusions", "exclusions"):
            assert notes(code).get(column.upper(), "") == without_marks(row[column]), (code.id, column)


def test_the_list_typed_before_the_document_was_read_has_the_same_codes_and_twelve_other_names() -> None:
    rows = table(shared("data/iccs/iccs.csv"))
    assert Counter(row["level"] for row in rows) == {"1": 11, "2": 63, "3": 148, "4": 98}
    ours = codelist(ICCS)
    assert {row["code"] for row in rows} == set(ours.by_id)
    assert all(ours[row["code"]].parent == (row["parent"] or None) for row in rows)
    assert {row["code"] for row in rows if name(ours[row["code"]], "en") != row["name_en"]} == BEFORE_THE_DOCUMENT


# ------------------------------------------------------------------------------------------ disaggregating variables


def test_each_disaggregating_variable_is_a_concept_under_its_tag() -> None:
    scheme = held().get(Urn(Kind.CONCEPT_SCHEME, "UNODC", "ICCS_VARIABLES", "1.0"))
    assert isinstance(scheme, ConceptScheme)
    tags = {notes(concept)["ICCS_TAG"] for concept in scheme.items if concept.id != "ICCS"}
    rows = table(shared("data/iccs/iccs_disaggregating_variables_official.csv"))
    assert tags == {row["tag"] for row in rows}
    assert len(tags) == 27


VARIABLES = {
    "CL_ICCS_VIP": ("ViP",),
    "CL_ICCS_SEX": ("SV", "SP"),
    "CL_ICCS_AGE": ("AV", "AP"),
    "CL_ICCS_AGE_STATUS": ("STV", "STP"),
    "CL_ICCS_CIT": ("Cit",),
    "CL_ICCS_REC": ("Rec",),
    "CL_ICCS_CY": ("Cy",),
    "CL_ICCS_WE": ("We",),
}


@pytest.mark.parametrize("own_id", VARIABLES)
def test_the_list_of_a_variable_is_that_of_the_document(own_id: str) -> None:
    rows = table(shared("data/iccs/iccs_disaggregating_variables_official.csv"))
    ours = {code.id: name(code, "en") for code in codelist(f"UNODC:{own_id}(1.0)").items}
    for tag in VARIABLES[own_id]:
        printed = {row["code"]: row["label_en"] for row in rows if row["tag"] == tag}
        if tag == "AP":
            printed["5"] = "60+"  # Table II prints 60 there, which the list's description tells
        assert ours == printed, tag


@pytest.mark.parametrize("own_id", VARIABLES)
def test_the_list_of_a_variable_is_there_because_a_french_code_has_a_value_of_it(own_id: str) -> None:
    kinds = {f"ICCS_{tag.upper()}" for tag in VARIABLES[own_id]}
    allowed = set(codelist(f"UNODC:{own_id}(1.0)").by_id)
    said = {notes(code)[kind] for each in lists() for code in each.items for kind in kinds & notes(code).keys()}
    assert said
    assert said <= allowed


# ------------------------------------------------------------------------------------------ Eurostat's form


def mapping(agency: str, own_id: str) -> dict[str, tuple[str | None, str]]:
    """Target and relation of each source of a map."""
    found = held().get(Urn(Kind.REPRESENTATION_MAP, agency, own_id, "1.0"))
    assert isinstance(found, RepresentationMap)
    return {
        each.sources[0].value: (
            each.targets[0] if each.targets else None,
            next(note.title or "" for note in each.annotations if note.type == "RELATION"),
        )
        for each in found.mappings
    }


def test_every_code_seen_in_eurostats_list_is_held_under_eurostats_label() -> None:
    ours = codelist("ESTAT:ICCS(1.0)")
    for row in table(shared("data/iccs/eurostat_iccs_codes_seen.csv")):
        assert name(ours[row["eurostat_code"]], "en") == row["label_en"]


def test_each_of_eurostats_codes_is_led_to_the_classification_and_the_same_code_is_exact() -> None:
    led, theirs = mapping("ESTAT", "RM_ICCS_ESTAT_UNODC"), codelist(ICCS).by_id
    assert led.keys() == set(codelist("ESTAT:ICCS(1.0)").by_id)
    for source, (target, relation) in led.items():
        if source.removeprefix("ICCS") in theirs:
            assert (target, relation) == (source.removeprefix("ICCS"), "exact"), source
        else:
            assert relation != "exact", source


def test_each_code_of_the_classification_is_led_to_the_nearest_of_eurostats_above_it() -> None:
    led, theirs = mapping("ESTAT", "RM_ICCS_UNODC_ESTAT"), codelist("ESTAT:ICCS(1.0)").by_id
    assert led.keys() == set(codelist(ICCS).by_id)
    for source, (target, relation) in led.items():
        if target == "ICCS02043_02044":
            assert source in {"02043", "02044"}
            continue
        nearest: str | None = source
        while nearest is not None and f"ICCS{nearest}" not in theirs:
            nearest = above(nearest)
        assert target == f"ICCS{nearest}", source
        assert relation == ("exact" if nearest == source else "narrower"), source


# ------------------------------------------------------------------------------------------ French lists


@pytest.mark.parametrize(
    "own_id", ["CL_INDEX_4001", "CL_OFFENCE", "CL_INDICATOR_SHORT_TERM", "CL_OFFENCE_PERSON", "CL_OFFENCE_JUSTICE"]
)
def test_a_french_list_of_offences_extends_the_iccs_by_every_code_its_own_lie_under(own_id: str) -> None:
    ours = codelist(f"FR_SSMSI:{own_id}(1.0)")
    (extension,) = ours.extensions
    assert (extension.codelist.short, extension.prefix) == (ICCS, "ICCS")
    everything = held().enumeration(ours.urn).by_id
    for code in ours.items:
        target = notes(code).get("ICCS")
        while target is not None:
            assert f"ICCS{target}" in everything, code.id
            target = above(target)


def test_the_etat_4001_has_its_107_indexes_as_the_workbook_writes_them() -> None:
    ours = codelist("FR_SSMSI:CL_INDEX_4001(1.0)")
    assert [code.id for code in ours.items] == [str(index) for index in range(1, 108)]
    written = {row["index"]: row["libelle"] for row in table(shared("data/national/etat4001/etat4001-index-107.csv"))}
    assert {code.id: name(code, "fr") for code in ours.items} == written


def test_an_unused_index_is_of_no_category_and_its_documented_unit_is_kept() -> None:
    ours = codelist("FR_SSMSI:CL_INDEX_4001(1.0)")
    for row in table(shared("data/iccs/etat4001_index.csv")):
        said = notes(ours[row["index"]])
        if row["used"] == "0":
            assert said["ICCS_RELATION"] == "left_out", row["index"]
        assert bool(row["unit_of_count_read"]) == ("COUNT_UNIT" in said), row["index"]


CORRECTED = {"9": "020222", "72": "08069", "92": "07011", "103": "07019", "44": "07049", "14": "0509", "98": None}
"""What the inclusions of the ICCS say where the first proposal said otherwise, or was in doubt."""


def test_an_index_lies_where_the_inclusions_of_the_iccs_put_it() -> None:
    ours = codelist("FR_SSMSI:CL_INDEX_4001(1.0)")
    assert {index: notes(ours[index]).get("ICCS") for index in CORRECTED} == CORRECTED


EDITIONS = {
    "2023-02-09": "donnee-dep-data.gouv-2022-geographie2022-produit-le2023-02-09.csv.gz",
    "2024-07-05": "donnee-dep-data.gouv-2023-geographie2024-produit-le2024-07-05.csv.gz",
    "2025-01-26": "donnee-dep-data.gouv-2024-geographie2024-produit-le2025-01-26.csv.gz",
    "2025-07": "donnee-dep-edition-mars-juillet2025-donnees_ssmsi_france.csv.gz",
}


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_indicators_of_an_edition_are_codes_and_the_list_says_which_edition_has_them(edition: str) -> None:
    path = DSD.parent / "mappings/ssmsi/recorded_crime_territory/sample" / EDITIONS[edition]
    with gzip.open(path, "rt", encoding="utf-8-sig") as lines:
        column = "classe" if "classe" in lines.readline() else "indicateur"
    printed = {row[column] for row in table(path, delimiter=";")}
    called = defaultdict(set)
    for code in codelist("FR_SSMSI:CL_OFFENCE(1.0)").items:
        if edition in notes(code)["EDITIONS"].split(" | "):
            for label in notes(code)["SOURCE_LABELS"].split(" | "):
                called[label].add(code.id)
    assert printed <= called.keys()
    assert all(len(called[label]) == 1 for label in printed)
    codes = {code for label in printed for code in called[label]}
    assert codes == {code for codes in called.values() for code in codes}


def test_the_indicators_of_the_chronological_series_are_codes() -> None:
    path = shared("data/national/ssmsi-seriechrono/seriechrono-appli-ssmsi-2024-03-04.csv.gz")
    labels = {row["Indicateur"] for row in table(path, delimiter=";")}
    names = {name(code, "fr") for code in codelist("FR_SSMSI:CL_INDICATOR_SHORT_TERM(1.0)").items}
    assert labels <= names

"""Terms of the EMN glossary on what dsd/ has of migration; its lists before and after Eurostat changed them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from structures_samples import DSD
from test_structures_content import codelist, flows, held, name, notes, shared, table

from sdmx_gateway.structures import Kind, Urn
from sdmx_gateway.structures.model import Code, Codelist, Concept, ConceptScheme, RepresentationMap

pytestmark = pytest.mark.skipif(not DSD.is_dir(), reason="no structures are shipped")
RELATIONS = {"exact", "narrower", "broader", "related"}
GLOSSARY = "10.0"
SCHEMES = (("ESTAT", "MIGRATION_CONCEPTS"), ("FR_DSED", "CONCEPTS"))
NO_TERMS = {"SEX", "UNIT_PERSON", "UNIT_NUMBER", "AGEDEF", "CL_FIELD", "GEO"}
"""Lists of concepts that are not of migration, and the areas of a host country."""


def concepts() -> Iterator[Concept]:
    for agency, own_id in SCHEMES:
        scheme = held().get(Urn(Kind.CONCEPT_SCHEME, agency, own_id, "1.0"))
        assert isinstance(scheme, ConceptScheme)
        yield from scheme.items


def migration_lists() -> list[Codelist]:
    """The lists of the structures of migration flows and of their concepts, but those that are not of migration."""
    structures = [
        held().structure_of(flow) for flow in flows() if flow.agency == "FR_DSED" or flow.id.startswith("MIGR_")
    ]
    urns = {
        component.representation.codelist
        for structure in structures
        for component in structure.components.values()
        if component.representation is not None
    }
    urns |= {concept.representation.codelist for concept in concepts() if concept.representation is not None}
    urns |= {Urn(Kind.CODELIST, "ESTAT", "DECISION", "1.0")}
    wanted = [urn for urn in urns if urn is not None and urn.agency != "SDMX" and urn.id not in NO_TERMS]
    return [held().codelist(urn) for urn in sorted(wanted, key=str)]


def says_what_it_is_in_the_glossary(annotated: Code | Concept) -> bool:
    said = notes(annotated)
    if "EMN_TERM" not in said:
        return bool(said.get("EMN_EXEMPTION"))
    whole = said["EMN_VERSION"] == GLOSSARY and said["EMN_RELATION"] in RELATIONS and bool(said["EMN_TERM_FR"])
    return whole and "EMN_EXEMPTION" not in said


def test_every_concept_of_migration_has_a_term_of_the_glossary_or_says_why_not() -> None:
    assert [concept.id for concept in concepts() if not says_what_it_is_in_the_glossary(concept)] == []
    assert sum("EMN_TERM" in notes(concept) for concept in concepts()) >= 50


def test_every_code_of_migration_has_a_term_of_the_glossary_or_it_or_its_list_says_why_not() -> None:
    assert len(migration_lists()) >= 40
    for each in migration_lists():
        if "EMN_EXEMPTION" in notes(each):
            continue
        assert [code.id for code in each.items if not says_what_it_is_in_the_glossary(code)] == [], each.urn


def test_what_is_exempt_by_its_list_are_countries_and_ages_only() -> None:
    assert {each.id for each in migration_lists() if "EMN_EXEMPTION" in notes(each)} == {"CITIZEN", "AGE_ACQ"}
    for code in codelist("ESTAT:CITIZEN(1.0)").items:
        if "ISO3" not in notes(code) and code.id != "TOTAL":
            assert says_what_it_is_in_the_glossary(code), code.id


@pytest.mark.parametrize(
    ("short", "at_least"),
    [
        ("ESTAT:REASON_RESFIRST(1.0)", 24),
        ("ESTAT:REASON_RESVALID(1.0)", 6),
        ("ESTAT:DURATION(1.0)", 4),
        ("ESTAT:DECISION(2.0)", 5),
        ("ESTAT:APPLICANT(1.0)", 3),
        ("ESTAT:CITIZEN(1.0)", 6),
        ("ESTAT:RETURN_TYPE(1.0)", 4),
        ("ESTAT:REASON_REFUSAL(1.0)", 10),
    ],
)
def test_the_lists_that_matter_have_their_terms_on_the_codes(short: str, at_least: int) -> None:
    assert sum("EMN_TERM" in notes(code) for code in codelist(short).items) >= at_least


def test_a_term_that_was_not_read_is_on_the_page_of_assumptions() -> None:
    sources = (DSD / "ESTAT/SOURCES-migration.md").read_text("utf-8")
    page = (DSD.parent / "docs/assumptions.md").read_text("utf-8")
    read = re.search(r"with their French equivalents: (.*?)\.\n", sources, re.DOTALL)
    remembered = re.search(r"and these EMN terms: (.*?) \|", page)
    assert read is not None
    assert remembered is not None
    known = {re.sub(r"\s+", " ", term).strip() for found in (read, remembered) for term in found[1].split(",")}
    annotated: list[Code | Concept] = [*concepts(), *(code for each in migration_lists() for code in each.items)]
    assert {notes(each)["EMN_TERM"] for each in annotated if "EMN_TERM" in notes(each)} <= known


# ------------------------------------------------------------------------------------------ citizenships

SPECIAL = {
    "TOTAL": "Total",
    "EU27_2020": "Union européenne - 27 pays (à partir de 2020)",
    "EXT_EU27_2020": "Extra-UE27 (à partir de 2020)",
    "STLS": "Apatrides",
    "UNK": "Inconnu(s)",
    "RNC": "Non-citoyens reconnus",
    "UK_OCT": "Pays et territoires britanniques d'outre-mer",
    "EL": "Grèce",
    "UK": "Royaume-Uni",
    "XK": "Kosovo",
}
CORRECTED = {"PS": "Palestine*", "XK": "Kosovo*", "UK": "United Kingdom"}
"""Where a label is not Eurostat's French one: a footnote mark is dropped, and an English name translated."""


def test_the_particular_codes_of_citizenship_are_eurostats_and_no_iso_code_is_among_them() -> None:
    codes = codelist("ESTAT:CITIZEN(1.0)")
    assert {code: name(codes[code], "fr") for code in SPECIAL} == SPECIAL
    assert not {"GR", "GB", "XKX", "KS"} & set(codes.by_id)


def test_every_citizenship_has_eurostats_labels() -> None:
    published = {
        row["CODE"]: row for row in table(shared("data/eurostat/codelists/ESTAT_GEO_25.3.tsv"), delimiter="\t")
    }
    for code in codelist("ESTAT:CITIZEN(1.0)").items:
        row = published[code.id]
        if code.id in CORRECTED:
            assert row["Label - French"] == CORRECTED[code.id]
        else:
            assert (name(code, "en"), name(code, "fr")) == (row["Label - English"], row["Label - French"]), code.id


def test_every_citizenship_of_asylum_applicants_is_held() -> None:
    rows = table(shared("data/eurostat/codelists/CITIZEN_used_in_migr_asyappctza.csv"))
    assert len(rows) == 206
    first = next(iter(rows[0]))
    assert {row[first] for row in rows} <= set(codelist("ESTAT:CITIZEN(1.0)").by_id)


# ------------------------------------------------------------------------------------------ lists Eurostat changed


@pytest.mark.parametrize(
    ("own_id", "before", "after", "pairs"),
    [
        (
            "RM_ASYL_APP_APPLICANT",
            "ESTAT:ASYL_APP(1.0)",
            "ESTAT:APPLICANT(1.0)",
            {"ASY_APP": "TOTAL", "NASY_APP": "FRST", "SSEQ": "SSEQ"},
        ),
        (
            "RM_DECISION_1_2",
            "ESTAT:DECISION(1.0)",
            "ESTAT:DECISION(2.0)",
            {
                "TOTAL": "TOTAL",
                "TOTAL_POS": "POS",
                "GENCONV": "POS_RFG",
                "SUB_PROT": "POS_SPROT",
                "HUMSTAT": "POS_HUM",
                "TEMP_PROT": None,
                "REJECTED": "NEG",
            },
        ),
    ],
)
def test_a_list_eurostat_changed_is_held_as_it_was_and_as_it_is_with_a_map_between(
    own_id: str, before: str, after: str, pairs: dict[str, str | None]
) -> None:
    found = held().get(Urn(Kind.REPRESENTATION_MAP, "ESTAT", own_id, "1.0"))
    assert isinstance(found, RepresentationMap)
    assert [found.sources[0].codelist, found.targets[0].codelist] == [codelist(before).urn, codelist(after).urn]
    assert {m.sources[0].value: (m.targets[0] if m.targets else None) for m in found.mappings} == pairs
    assert set(codelist(before).by_id) == pairs.keys()
    assert set(codelist(after).by_id) == {target for target in pairs.values() if target is not None}


def test_the_codes_of_the_files_of_before_are_those_of_the_lists_of_before() -> None:
    files = {
        "data/eurostat/csv/migr_asyappctza_FR_2008-2022.csv": ("asyl_app", "ESTAT:ASYL_APP(1.0)"),
        "data/eurostat/csv/migr_asydcfsta_FR_2015-2019_2021vintage.csv": ("decision", "ESTAT:DECISION(1.0)"),
    }
    for path, (column, short) in files.items():
        assert {row[column] for row in table(shared(path))} <= set(codelist(short).by_id), path

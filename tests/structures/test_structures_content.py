"""What dsd/ promises of all its content: whose it is, how far it was read, in which languages, who provides it, where it belongs."""

from __future__ import annotations

import csv
import gzip
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest
from structures_samples import DSD

from sdmx_gateway.structures import Catalogue, Kind, Urn, load_catalogue
from sdmx_gateway.structures.model import (
    Categorisation,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    DataConstraint,
    Dataflow,
    ProvisionAgreement,
)

pytestmark = pytest.mark.skipif(not DSD.is_dir(), reason="no structures are shipped")
SHARED = DSD.parents[1] / "shared"
"""What dsd/ was made from, beside the checkout of those who make it; nobody else has it."""

STATUSES = {"read", "from memory: to verify", "ours"}
TAKEN_WHOLE = {Urn(Kind.CODELIST, "SDMX", "CL_OBS_STATUS", "2.1"), Urn(Kind.CODELIST, "SDMX", "CL_UNIT_MULT", "1.1")}
"""Lists of SDMX that are in the file of the global SDG structure, which is kept as published."""

NATIONAL = {
    "crime by territory": "FR_SSMSI:CRIME_TERRITORY(1.0)",
    "état 4001, months": "FR_SSMSI:CRIME_4001_M(1.0)",
    "état 4001, years": "FR_SSMSI:CRIME_4001(1.0)",
    "short-term indicators": "FR_SSMSI:CRIME_SHORT_TERM(1.0)",
    "victims": "FR_SSMSI:VICTIMS(1.0)",
    "suspects": "FR_SSMSI:SUSPECTS(1.0)",
    "criminal process and courts": "FR_SSMSI:CRIMINAL_PROCESS(1.0)",
    "prison": "FR_SSMSI:PRISON(1.0)",
    "re-offending": "FR_SSMSI:RE_OFFENDING(1.0)",
    "victimisation, CVS and VRS": "FR_SSMSI:VICTIMISATION(1.0)",
    "GENESE": "FR_SSMSI:GBV(1.0)",
    "visas": "FR_DSED:VISAS(1.0)",
    "medical examinations": "FR_DSED:MEDICAL_EXAMINATIONS(1.0)",
    "residence permits": "FR_DSED:RESIDENCE_PERMITS(1.0)",
    "contracts": "FR_DSED:INTEGRATION_CONTRACTS(1.0)",
    "work authorisations": "FR_DSED:WORK_AUTHORISATIONS(1.0)",
    "asylum applications": "FR_DSED:ASYLUM_APPLICATIONS(1.0)",
    "asylum decisions": "FR_DSED:ASYLUM_DECISIONS(1.0)",
    "Dublin": "FR_DSED:DUBLIN(1.0)",
    "temporary protection": "FR_DSED:TEMPORARY_PROTECTION(1.0)",
    "naturalisations": "FR_DSED:CITIZENSHIP_ACQUISITIONS(1.0)",
    "refusals of entry": "FR_DSED:REFUSALS_OF_ENTRY(1.0)",
    "irregular stay": "FR_DSED:IRREGULAR_STAY(1.0)",
    "returns": "FR_DSED:RETURNS(1.0)",
}
DERIVED = {"MIGR_ASYDCFSTA", "MIGR_ASYTPFA", "MIGR_ASYTPFQ", "MIGR_ASYWITHA", "MIGR_EIORD", "MIGR_EIRTN"}
"""Tables Eurostat makes itself out of others: France provides none of them."""

TOLD_IN_WORDS = {
    "YN": "YES and NO of yn_vict, yn_awr",
    "CL_PERMIT_REASON": "finer reasons of residence permits",
    "CL_VISA_KIND": "kinds of visas",
    "CL_VISA_STAGE": "kinds of visas",
    "CL_STAY_KIND": "measures",
    "CL_WORK_KIND": "work authorisations",
    "CL_MEDICAL_KIND": "medical examinations",
    "CL_CONTRACT_KIND": "integration contracts (CAI until 30 June 2016, then CIR)",
    "CL_CONTRACT_MEASURE": "integration contracts",
}
"""How docs/assumptions.md calls the lists it does not call by their id."""

LANGUAGES = {
    "ESTAT": (100, 100),
    "FR_DSED": (100, 100),
    "FR_SSMSI": (100, 100),
    "FR_INSEE": (100, 1),
    "SDMX": (52, 100),
    "UNODC": (24, 100),
    "IAEG-SDGs": (0, 100),
}
"""The share of codes that have a French and an English name, per cent, rounded down. Communes have no English name; of the
ICCS, the SDG structure and two lists of SDMX in it no French text was read."""


@cache
def held() -> Catalogue:
    """The shipped structures."""
    return load_catalogue([DSD])


def shared(path: str) -> Path:
    """A file dsd/ was made from; the test is skipped where there is none, but for those who must have them all."""
    found = SHARED / path
    if not found.exists():
        if os.environ.get("SDMX_GATEWAY_TEST_ALL") == "1":
            pytest.fail(f"{found} is not there")
        pytest.skip(f"{path} is not shipped: it is what dsd/ was made from")
    return found


def table(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of a CSV, plain or in gzip, read without any code of this project."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=delimiter))


def codelist(short: str) -> Codelist:
    return held().codelist(Urn.short_form(Kind.CODELIST, short))


def dataflow(short: str) -> Dataflow:
    return held().dataflow(Urn.short_form(Kind.DATAFLOW, short))


def dimensions(flow: Dataflow) -> list[str]:
    """The ids of a flow's dimensions in their order, without time, which is always the last."""
    ids = [dimension.id for dimension in held().structure_of(flow).dimensions]
    assert ids[-1] == "TIME_PERIOD"
    return ids[:-1]


def notes(annotated: Codelist | Code | Concept | Dataflow) -> dict[str, str]:
    """The titles of annotations by their type."""
    return {note.type: note.title for note in annotated.annotations if note.type and note.title}


def name(item: Code, language: str) -> str | None:
    return dict(item.names).get(language)


def flows() -> Iterator[Dataflow]:
    return (artefact for artefact in held() if isinstance(artefact, Dataflow))


def lists() -> Iterator[Codelist]:
    return (artefact for artefact in held() if isinstance(artefact, Codelist))


# ------------------------------------------------------------------------------------------------ sources


def test_every_code_list_says_where_it_comes_from_and_how_far_it_was_read() -> None:
    for each in lists():
        if each.agency != "IAEG-SDGs" and each.urn not in TAKEN_WHOLE:
            assert notes(each).get("SOURCE"), each.urn
            assert notes(each).get("STATUS") in STATUSES, each.urn


def test_a_code_list_with_anything_from_memory_is_on_the_page_of_assumptions() -> None:
    page = (DSD.parent / "docs/assumptions.md").read_text("utf-8")
    patterns = set(re.findall(r"\b[A-Z][A-Z_]+\*", page))
    for each in lists():
        said = [notes(each).get("STATUS", ""), *(notes(code).get("BASIS", "") for code in each.items)]
        if any("memory" in words for words in said):
            known = each.id in page or any(fnmatchcase(each.id, pattern) for pattern in patterns)
            assert known or TOLD_IN_WORDS[each.id] in page, each.urn


def test_a_structure_that_was_not_read_whole_says_so_under_the_same_annotation() -> None:
    for flow in flows():
        structure = held().structure_of(flow)
        if structure.agency != "IAEG-SDGs":
            said = {note.type: note.title for note in structure.annotations}
            assert said.get("SOURCE"), structure.urn
            assert said.get("STATUS"), structure.urn


# ---------------------------------------------------------------------------------------------- languages


def test_the_share_of_codes_with_a_french_and_an_english_name_does_not_fall() -> None:
    counted: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for each in lists():
        for code in each.items:
            languages = {language for language, _ in code.names}
            counted[each.agency].append(("fr" in languages, "en" in languages))
    shares = {
        agency: tuple(100 * sum(which) // len(which) for which in zip(*named, strict=True))
        for agency, named in counted.items()
    }
    assert set(shares) == set(LANGUAGES)
    for agency, (french, english) in LANGUAGES.items():
        assert shares[agency][0] >= french, (agency, shares[agency])
        assert shares[agency][1] >= english, (agency, shares[agency])


def test_every_list_and_every_concept_but_those_of_the_iccs_and_the_sdgs_has_a_french_name() -> None:
    for scheme in (artefact for artefact in held() if isinstance(artefact, ConceptScheme)):
        if scheme.agency != "IAEG-SDGs" and scheme.id != "ICCS_VARIABLES":
            for concept in scheme.items:
                assert {language for language, _ in concept.names} >= {"fr", "en"}, (scheme.urn, concept.id)
    for each in lists():
        if each.agency != "IAEG-SDGs" and each.urn not in TAKEN_WHOLE:
            assert {language for language, _ in each.names} >= {"fr", "en"}, each.urn


# --------------------------------------------------------------- national flows, agreements, constraints, themes


def test_each_subject_of_the_ministry_has_its_flow_and_there_are_no_others() -> None:
    assert {flow.urn.short for flow in flows() if flow.agency.startswith("FR_")} == set(NATIONAL.values())


def test_every_flow_is_provided_by_the_ministry_but_what_eurostat_derives_itself() -> None:
    agreed = {a.flow: a.provider for a in held() if isinstance(a, ProvisionAgreement)}
    lacking = {flow.id for flow in flows() if flow.urn not in agreed}
    assert lacking == DERIVED
    assert {provider.item for provider in agreed.values() if provider is not None} == {"FR9"}
    said = (DSD / "ESTAT/agreements-migration.toml").read_text("utf-8")
    assert all(table_id.lower() in said for table_id in DERIVED)


def test_every_flow_is_constrained() -> None:
    constrained = {
        urn for a in held() if isinstance(a, DataConstraint) for urn in (a.attachment.artefacts if a.attachment else ())
    }
    assert {flow.urn.short for flow in flows() if flow.urn not in constrained} == set()


def test_what_a_constraint_allows_is_in_the_lists_and_leaves_something() -> None:
    for flow in flows():
        for component, allowed in held().lists_of(flow).items():
            assert len(allowed) > 0, (flow.urn, component)


@pytest.mark.parametrize("short", NATIONAL.values())
def test_a_national_flow_belongs_to_a_theme_of_the_ministry_and_to_a_step_of_production(short: str) -> None:
    targets = [a.target for a in held() if isinstance(a, Categorisation) and a.source == dataflow(short).urn]
    schemes = sorted(target.id for target in targets if target is not None)
    theme = "IMMIGRATION_AND_ASYLUM" if short.startswith("FR_DSED") else "CRIME_AND_JUSTICE"
    assert schemes == sorted([theme, "GSBPM"])


def test_every_flow_for_a_recipient_is_a_product_and_every_national_one_a_finished_file() -> None:
    steps = {
        a.source: a.target.item
        for a in held()
        if isinstance(a, Categorisation) and a.target is not None and a.target.id == "GSBPM"
    }
    for flow in flows():
        national = flow.agency.startswith("FR_")
        assert steps[flow.urn] == ("PROCESS.SP_5_8" if national else "DISSEMINATE.SP_7_2"), flow.urn

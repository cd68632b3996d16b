"""What dsd/ says of crime, migration and areas, in the forms it is authored in."""

from __future__ import annotations

from functools import cache

import pytest
from structures_samples import DSD

from sdmx_gateway.structures import Catalogue, Kind, Urn, load_catalogue
from sdmx_gateway.structures.authored.maps import RELATIONS
from sdmx_gateway.structures.model import (
    Categorisation,
    Codelist,
    Dataflow,
    Hierarchy,
    ProvisionAgreement,
    RepresentationMap,
)

pytestmark = pytest.mark.skipif(not DSD.is_dir(), reason="no structures are shipped")
NATIONAL = ("CL_INDEX_4001", "CL_OFFENCE", "CL_INDICATOR_SHORT_TERM", "CL_OFFENCE_PERSON", "CL_OFFENCE_JUSTICE")
ICCS = Urn(Kind.CODELIST, "UNODC", "CL_ICCS", "1.0")


@cache
def held() -> Catalogue:
    return load_catalogue([DSD])


def flow(name: str) -> Dataflow:
    return held().dataflow(Urn.short_form(Kind.DATAFLOW, name))


@pytest.mark.parametrize("own_id", NATIONAL)
def test_every_national_offence_says_how_it_lies_to_the_iccs_or_why_it_does_not(own_id: str) -> None:
    codes = held().codelist(ICCS).by_id
    for code in held().codelist(Urn(Kind.CODELIST, "FR_SSMSI", own_id, "1.0")).items:
        notes = {note.type: note.title for note in code.annotations}
        assert notes["ICCS_RELATION"] in RELATIONS, code.id
        if notes["ICCS_RELATION"] == "left_out":
            assert "ICCS" not in notes, code.id
            assert notes["ICCS_NOTE"], code.id
        else:
            assert notes["ICCS"] in codes, code.id


@pytest.mark.parametrize("own_id", NATIONAL)
def test_the_map_of_a_national_list_says_what_its_codes_do(own_id: str) -> None:
    codelist = held().codelist(Urn(Kind.CODELIST, "FR_SSMSI", own_id, "1.0"))
    name = Urn(Kind.REPRESENTATION_MAP, "FR_SSMSI", f"RM_{own_id.removeprefix('CL_')}_ICCS", "1.0")
    found = held().get(name)
    assert isinstance(found, RepresentationMap)
    said = {
        m.sources[0].value: ({n.type: n.title for n in m.annotations}["RELATION"], m.targets) for m in found.mappings
    }
    for code in codelist.items:
        notes = {note.type: note.title for note in code.annotations}
        targets = (notes["ICCS"],) if "ICCS" in notes else ()
        assert said[code.id] == (notes["ICCS_RELATION"], targets), code.id


def test_a_national_list_has_the_codes_of_the_iccs_its_own_lie_under() -> None:
    offences = held().enumeration(Urn(Kind.CODELIST, "FR_SSMSI", "CL_OFFENCE", "1.0"))
    assert offences["ICCS0101"].parent == "ICCS01"
    everything = held().enumeration(Urn(Kind.CODELIST, "FR_SSMSI", "CL_OFFENCE_PERSON", "1.0"))
    assert {f"ICCS{code}" for code in held().codelist(ICCS).by_id} < set(everything.by_id)


def test_the_areas_of_the_surveys_are_those_of_the_police_and_two_of_their_own() -> None:
    areas = held().enumeration(Urn(Kind.CODELIST, "FR_SSMSI", "CL_AREA_SURVEY", "1.0"))
    assert {"R11", "D75", "D2A", "FX", "FX_GMR"} < set(areas.by_id)
    assert "FR_COM" not in areas


def test_what_is_sent_of_recorded_crime_are_numbers_since_eurostat_computes_the_rates() -> None:
    assert list(held().lists_of(flow("ESTAT:CRIM_GEN_REG(1.0)"))["UNIT"].by_id) == ["NR"]


def test_under_an_agreement_numbers_only_are_sent() -> None:
    agreements = [a for a in held() if isinstance(a, ProvisionAgreement) and a.id.startswith("PA_FR9_CRIM_")]
    assert len(agreements) == 16
    for agreement in agreements:
        units = held().lists_of(agreement).get("UNIT")
        assert units is None or list(units.by_id) == ["NR"], agreement.id


def test_every_agreement_is_with_a_provider_whose_standing_is_said() -> None:
    providers = held().get(Urn(Kind.DATA_PROVIDER_SCHEME, "ESTAT", "DATA_PROVIDERS", "1.0"))
    assert {note.type: note.title for note in providers.annotations}["STATUS"] == "ours"
    for agreement in (a for a in held() if isinstance(a, ProvisionAgreement)):
        assert agreement.provider is not None
        assert agreement.provider.short == "ESTAT:DATA_PROVIDERS(1.0).FR9"


def test_every_flow_belongs_to_a_category() -> None:
    placed = {a.source for a in held() if isinstance(a, Categorisation)}
    lost = {a.urn.short for a in held() if isinstance(a, Dataflow) and a.urn not in placed}
    assert lost == set()


@pytest.mark.parametrize(("version", "communes"), [("2024.0.0", 34_935), ("2025.0.0", 34_875)])
def test_the_hierarchy_of_areas_grows_from_the_list_of_its_vintage(version: str, communes: int) -> None:
    found = held().get(Urn(Kind.HIERARCHY, "FR_INSEE", "H_COG", version))
    assert isinstance(found, Hierarchy)
    (france,) = found.codes
    assert len(france.codes) == 18
    places = [france]
    for place in places:
        places += place.codes
    levels = [place.level for place in places]
    assert levels.count("COMMUNE") == communes
    assert levels.count("ARRONDISSEMENT_MUNICIPAL") == 45
    assert levels.count("DEPARTEMENT") == 101


def test_every_list_says_where_it_comes_from() -> None:
    foreign = {"IAEG-SDGs"}
    for codelist in (a for a in held() if isinstance(a, Codelist) and a.agency not in foreign):
        types = {note.type for note in codelist.annotations}
        assert codelist.agency == "SDMX" or {"SOURCE", "STATUS"} <= types, codelist.urn

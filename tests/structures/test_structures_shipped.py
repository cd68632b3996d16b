"""The structures that are shipped hold together and can be sent in every form."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from structures_samples import DSD, HEADER, schema_errors

from sdmx_gateway.structures import (
    Catalogue,
    Kind,
    Urn,
    load_catalogue,
    load_catalogue_reporting,
    read_structures,
    write_structures,
    write_structures_reporting,
)
from sdmx_gateway.structures.model import Artefact, Codelist, ItemScheme, RepresentationMap

pytestmark = pytest.mark.skipif(not DSD.is_dir(), reason="no structures are shipped")
FROM_NOTHING, FROM_ITS_CACHE = 5.0, 1.0
"""The seconds of processor time loading everything may take here, several times what it does: the machine may be busy."""

SHORT = 100
"""The items of a list that is validated in JSON, where a long one takes half a minute."""


@cache
def shipped() -> Catalogue:
    return load_catalogue([DSD])


def test_every_shipped_structure_holds_together() -> None:
    assert shipped().check() == ()


def test_every_shipped_structure_is_valid_and_comes_back_with_thirty_five_thousand_communes_in_it() -> None:
    message = write_structures(shipped(), "3.0", HEADER)
    assert schema_errors(message, "3.0") == []
    assert {artefact.urn: artefact for artefact in read_structures(message)} == {a.urn: a for a in shipped()}


def without_communes() -> Iterator[Artefact]:
    return (artefact for artefact in shipped() if artefact.id not in {"CL_COG", "H_COG"})


@pytest.mark.parametrize("version", ["3.1", "sdmx-json-2.0", "sdmx-json-2.1"])
def test_every_shipped_structure_is_valid_and_comes_back_in_every_form_of_sdmx_3(version: str) -> None:
    message = write_structures(without_communes(), version, HEADER)
    assert {artefact.urn: artefact for artefact in read_structures(message)} == {a.urn: a for a in without_communes()}
    short = [a for a in without_communes() if not isinstance(a, ItemScheme) or len(a) < SHORT]
    assert len(short) > 800
    assert schema_errors(write_structures(short, version, HEADER), version) == []


def as_2_1_can_say(artefact: Artefact) -> Artefact:
    """Codes taken from other lists among a list's own, and no sources that are mapped to nothing."""
    if isinstance(artefact, Codelist):
        return shipped().enumeration(artefact.urn)
    if isinstance(artefact, RepresentationMap):
        return replace(artefact, mappings=tuple(mapping for mapping in artefact.mappings if mapping.targets))
    return artefact


@pytest.mark.parametrize("version", ["2.1", "sdmx-json-1.0"])
def test_every_shipped_structure_is_valid_in_the_forms_of_2_1(version: str) -> None:
    message, notes = write_structures_reporting(map(as_2_1_can_say, without_communes()), version, HEADER)
    assert schema_errors(message, version) == []
    assert {note.code for note in notes} == {"translated"}


def test_what_is_left_out_of_the_published_files_is_nothing_we_use() -> None:
    _, told = load_catalogue_reporting([DSD])
    assert {(problem.code, problem.value) for problem in told} <= {("left-out", "Contact")}


def test_every_shipped_flow_can_be_named_in_both_languages() -> None:
    for flow in shipped().find(Kind.DATAFLOW):
        assert {language for language, _ in flow.names} >= {"fr", "en"}, flow.urn


def test_every_shipped_flow_says_the_status_and_the_edition_of_its_figures() -> None:
    for flow in shipped().find(Kind.DATAFLOW):
        components = shipped().structure_of(shipped().dataflow(flow.urn)).components
        assert "OBS_STATUS" in components, flow.urn
        if flow.agency != "IAEG-SDGs":  # the global structure is taken as published
            assert "SOURCE_EDITION" in components, flow.urn


def test_loading_everything_is_quick_and_from_its_cache_a_matter_of_a_moment(tmp_path: Path) -> None:
    def seconds() -> float:
        start = time.process_time()
        catalogue = load_catalogue([DSD], cache=tmp_path)
        assert len(catalogue.codelist(Urn(Kind.CODELIST, "SDMX", "CL_FREQ", "2.0"))) > 0
        return time.process_time() - start

    assert seconds() < FROM_NOTHING
    assert seconds() < FROM_ITS_CACHE

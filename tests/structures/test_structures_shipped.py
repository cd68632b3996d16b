"""The structures that are shipped hold together and can be sent in every version."""

from __future__ import annotations

import time
from functools import cache

import pytest
from structures_samples import DSD, HEADER, VERSIONS, schema_errors

from sdmx_gateway.structures import (
    Catalogue,
    Kind,
    load_catalogue,
    load_catalogue_reporting,
    read_structures,
    write_structures,
)

pytestmark = pytest.mark.skipif(not DSD.is_dir(), reason="no structures are shipped")
ALLOWED_SECONDS = 2.0
"""What loading may take here, several times what it does: a limit against accidents, not a measure."""


@cache
def shipped() -> Catalogue:
    return load_catalogue([DSD])


def test_every_shipped_structure_holds_together() -> None:
    assert shipped().check() == ()


@pytest.mark.parametrize("version", VERSIONS)
def test_every_shipped_structure_is_valid_in_every_version(version: str) -> None:
    message = write_structures(shipped(), version, HEADER)
    assert schema_errors(message, version) == []
    assert {artefact.urn: artefact for artefact in read_structures(message)} == {a.urn: a for a in shipped()}


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


def test_loading_everything_is_quick() -> None:
    start = time.perf_counter()
    load_catalogue([DSD])
    assert time.perf_counter() - start < ALLOWED_SECONDS

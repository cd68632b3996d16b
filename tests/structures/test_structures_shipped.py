"""The structures that are shipped hold together, and all of them can be sent in every form: valid, and nothing lost."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from structures_looks import one_of_each
from structures_samples import DSD, FORMS, HEADER, schema_errors

from sdmx_gateway.structures import (
    Catalogue,
    Kind,
    Urn,
    load_catalogue,
    load_catalogue_reporting,
    read_structures,
    write_structures,
)
from sdmx_gateway.structures.codec.form import OF_2_1, OF_3, Form
from sdmx_gateway.structures.model import Artefact, Codelist, RepresentationMap
from sdmx_gateway.structures.sayable import write_sayable
from sdmx_gateway.structures.translation import translated

pytestmark = pytest.mark.skipif(not DSD.is_dir(), reason="no structures are shipped")
FROM_NOTHING, FROM_ITS_CACHE = 5.0, 1.0
"""The seconds of processor time loading everything may take here, several times what it does: the machine may be busy."""
WRITTEN = 15.0
"""The same for writing everything in SDMX-ML 2.1: four or five seconds where nothing else runs."""
COMMUNES = 34_000
IN_2_1 = {
    Kind.DATA_CONSTRAINT: Kind.CONTENT_CONSTRAINT,
    Kind.HIERARCHY: Kind.HIERARCHICAL_CODELIST,
    Kind.REPRESENTATION_MAP: Kind.STRUCTURE_SET,
}


@cache
def shipped() -> Catalogue:
    return load_catalogue([DSD])


@cache
def written(form: Form) -> bytes:
    """Everything in a form; refused if anything were lost by that."""
    return write_structures(shipped(), form, HEADER)


def agencies() -> tuple[str, ...]:
    return tuple(sorted({path.name for path in DSD.iterdir() if path.is_dir()})) if DSD.is_dir() else ()


def errors_of(message: bytes, form: Form) -> list[str]:
    """What the official schema says; of the items of a JSON list that look alike one is looked at."""
    short = message if form.is_xml else json.dumps(one_of_each(json.loads(message))).encode()
    return schema_errors(short, form)


def test_every_shipped_structure_holds_together() -> None:
    assert shipped().check() == ()


@pytest.mark.parametrize("form", FORMS)
def test_everything_is_written_without_a_loss_and_valid_in_every_form_with_all_communes_in_it(form: Form) -> None:
    message = written(form)
    assert message.count(b"COMMUNE") > 2 * COMMUNES
    assert errors_of(message, form) == []


@pytest.mark.parametrize("form", sorted(OF_3))
def test_everything_comes_back_as_it_was_from_every_form_of_sdmx_3(form: Form) -> None:
    assert {a.urn: a for a in read_structures(written(form))} == {a.urn: a for a in shipped()}


@pytest.mark.parametrize("form", sorted(OF_2_1))
def test_in_the_forms_of_2_1_everything_is_there_under_the_class_it_has_there(form: Form) -> None:
    found = read_structures(written(form))
    assert Counter(a.KIND for a in found) == Counter(IN_2_1.get(a.KIND, a.KIND) for a in shipped())
    lists = {a.urn: set(a.by_id) for a in found if isinstance(a, Codelist)}
    assert lists == {a.urn: set(shipped().enumeration(a.urn).by_id) for a in shipped() if isinstance(a, Codelist)}


def as_2_1_says(artefact: Artefact) -> Artefact:
    """Codes taken from other lists among a list's own, and what is mapped to nothing behind the other rows."""
    if isinstance(artefact, RepresentationMap):
        mapped = (m for m in artefact.mappings if m.targets)
        return replace(artefact, mappings=(*mapped, *(m for m in artefact.mappings if not m.targets)))
    return shipped().resolved(artefact)


def test_what_2_1_says_of_everything_is_all_that_was_said() -> None:
    back = translated(read_structures(written(Form.ML_2_1)), Form.ML_3_0)
    expected = {a.urn: as_2_1_says(a) for a in shipped()}
    differing = [a.urn.short for a in back.artefacts if a != expected.get(a.urn)]
    assert differing == []
    assert len(back.artefacts) == len(expected)


def test_of_everything_that_2_1_says_otherwise_it_is_told_in_a_few_seconds() -> None:
    start = time.process_time()
    said = write_sayable(shipped(), Form.ML_2_1, HEADER)
    assert time.process_time() - start < WRITTEN
    assert (said.losses, said.refused, said.written) == ((), {}, len(shipped()))
    told_of = {note.where.key for note in said.notes}
    changed = {str(a.urn) for a in shipped() if a.KIND in IN_2_1 or getattr(a, "extensions", ())}
    assert changed <= told_of


@pytest.mark.parametrize("agency", agencies())
def test_the_structures_of_each_agency_are_valid_with_what_they_refer_to(agency: str) -> None:
    own = shipped().find(agency=agency)
    held = {a.urn: a for each in own for a in (each, *shipped().descendants(each))}
    said = write_sayable(held.values(), Form.ML_2_1, HEADER)
    assert (said.losses, said.refused) == ((), {})
    assert schema_errors(said.message, Form.ML_2_1) == []


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


def test_what_refers_to_what_is_known_without_unpacking_the_communes(tmp_path: Path) -> None:
    load_catalogue([DSD], cache=tmp_path)
    held = load_catalogue([DSD], cache=tmp_path)
    communes = held.get(Urn(Kind.CODELIST, "FR_INSEE", "CL_COG", "2025.0.0"))
    (tree,) = held.parents(communes)[:1]
    assert tree.urn.short == "FR_INSEE:H_COG(2025.0.0)"
    assert held.children(tree) == (communes,)
    assert "codes" not in vars(tree)
    assert "items" not in vars(communes)

"""Whatever the model can hold and a form can say comes back as it went, and is valid on the way.

Every class of the model is drawn, in every form that has it (:mod:`structures_strategies`): nothing drawn for a form may be refused
there, so that the promise is never kept by refusing. In any other form the same artefact is refused, with a reason, or comes
back as it went.
"""

from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structures_other_artefacts import ARTEFACTS
from structures_samples import EVERYTHING, HEADER, VERSIONS, schema_errors
from structures_strategies import ABSENT

from sdmx_gateway.errors import GatewayError
from sdmx_gateway.structures import model, read_structures, write_structures
from sdmx_gateway.structures.codec import json_message, xml_message
from sdmx_gateway.structures.codec.express import expressed
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.codec.registry import SHELVES, exists
from sdmx_gateway.structures.model import Annotation, Artefact, Codelist, Kind, Text
from sdmx_gateway.structures.writable import unwritable
from sdmx_gateway.structures.xml_text import forbidden_character

KINDS = tuple(shelf.kind for shelf in SHELVES)
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, HealthCheck.large_base_example]


def written(artefact: Artefact, form: Form) -> bytes:
    """The message as the form itself says it, without turning artefacts of one generation into those of another."""
    module = xml_message if form.is_xml else json_message
    return module.write_message([expressed(artefact, form)], form, HEADER)


def reasons(artefact: Artefact, form: Form) -> list[str]:
    return [problem.what for problem in unwritable(expressed(artefact, form), form)]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_every_artefact_comes_back_as_it_went_and_is_valid_on_the_way(kind: Kind, data: st.DataObject) -> None:
    form = data.draw(st.sampled_from([form for form in Form if exists(kind, form)]))
    artefact = data.draw(ARTEFACTS[kind](form))
    assert reasons(artefact, form) == []
    for other in (form, data.draw(st.sampled_from(Form))):
        if other is form or not reasons(artefact, other):
            message = written(artefact, other)
            assert schema_errors(message, other) == [], message.decode()
            assert read_structures(message) == (artefact,), message.decode()


def test_every_kind_of_artefact_is_drawn() -> None:
    assert set(ARTEFACTS) == set(KINDS)


def test_no_field_of_the_model_is_left_out_of_what_is_drawn() -> None:
    """A field may be absent from some forms, never from all (only a metadata constraint's role says nothing: it is fixed)."""
    nowhere = {place for place, forms in ABSENT.items() if forms == frozenset(Form)}
    assert nowhere == {("MetadataConstraint", "role")}
    for name, field in ABSENT:
        assert field in {each.name for each in dataclasses.fields(getattr(model, name))}


TOKEN = re.compile(rb'"[^"]*"|>[^<]*<|</?[a-z]+:[A-Za-z]+')
"""What is swapped to spoil a message: attribute values, texts, tags."""


@settings(max_examples=150, deadline=None)
@given(data=st.data(), version=st.sampled_from(VERSIONS))
def test_a_spoilt_message_is_read_or_refused_and_never_breaks_the_reader(data: st.DataObject, version: str) -> None:
    message = write_structures(EVERYTHING, version, HEADER)
    found = TOKEN.findall(message)
    for _ in range(data.draw(st.integers(1, 4))):
        old = data.draw(st.sampled_from(found))
        new = data.draw(st.sampled_from([token for token in found if token[:1] == old[:1]]) | st.binary(max_size=4))
        message = message.replace(old, new, data.draw(st.integers(1, 3)))
    try:
        artefacts = read_structures(message)
        again = write_structures(artefacts, version, HEADER)
    except GatewayError:
        return
    assert schema_errors(again, version) == []


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=20), form=st.sampled_from(Form))
def test_a_text_is_either_refused_or_kept(text: str, form: Form) -> None:
    codelist = Codelist(agency="A", id="CL", names=Text.of(en="x"), annotations=(Annotation(title=f"[{text}]"),))
    if forbidden_character(text) is None:
        assert read_structures(write_structures([codelist], form, HEADER)) == (codelist,)
    else:
        assert reasons(codelist, form)

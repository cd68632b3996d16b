"""What holds of translations whatever the artefact: the artefacts are drawn, not chosen."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structures_other_artefacts import ARTEFACTS
from structures_samples import HEADER, schema_errors

from sdmx_gateway.errors import StructureError
from sdmx_gateway.structures import Kind, write_structures_reporting
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.codec.registry import SHELVES, exists
from sdmx_gateway.structures.translation import translated
from sdmx_gateway.structures.translation.rules import TO_2_1, TO_3

KINDS = tuple(shelf.kind for shelf in SHELVES)
RULED = tuple(dict.fromkeys([*TO_3, *TO_2_1]))
LIMITED = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("kind", KINDS)
@LIMITED
@given(data=st.data())
def test_what_a_form_can_say_stays_itself_in_that_form(kind: Kind, data: st.DataObject) -> None:
    form = data.draw(st.sampled_from([form for form in Form if exists(kind, form)]))
    artefact = data.draw(ARTEFACTS[kind](form))
    translation = translated([artefact], form)
    assert translation.artefacts == (artefact,)
    assert translation.losses == translation.refusals == ()


@pytest.mark.parametrize("kind", RULED)
@LIMITED
@given(data=st.data())
def test_nothing_changes_without_a_word_and_what_is_written_is_valid(kind: Kind, data: st.DataObject) -> None:
    artefact = data.draw(ARTEFACTS[kind](data.draw(st.sampled_from([form for form in Form if exists(kind, form)]))))
    form = data.draw(st.sampled_from(Form))
    translation = translated([artefact], form)
    if not translation.notes:
        assert translation.artefacts == (artefact,)
    try:
        message, notes = write_structures_reporting([artefact], form, HEADER)
    except StructureError:
        return
    assert notes == translation.notes
    assert schema_errors(message, form) == []

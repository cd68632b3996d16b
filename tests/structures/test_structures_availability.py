"""What data there is, as an answer: said in every format, and understood from each."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structures_samples import HEADER, schema_errors

from sdmx_gateway.errors import MessageRejected, StructureError
from sdmx_gateway.structures import Kind, Urn, read_structures, write_structures
from sdmx_gateway.structures.availability import (
    MAX_COUNT,
    read_availability,
    read_availability_reporting,
    write_availability,
)
from sdmx_gateway.structures.codec.form import OF_3_1, Form
from sdmx_gateway.structures.model import (
    Annotation,
    AvailabilityConstraint,
    Boundary,
    ConstraintAttachment,
    ContentConstraint,
    CubeRegion,
    DataConstraint,
    MemberSelection,
    Role,
    SelectedValue,
    Text,
    TimeRange,
)

forms = pytest.mark.parametrize("form", Form)
FLOW = Urn(Kind.DATAFLOW, "MADE_UP", "CRIME", "1.0")


def of(*artefacts: Urn) -> ConstraintAttachment:
    return ConstraintAttachment(artefacts=artefacts)


def values(component: str, *codes: str) -> MemberSelection:
    return MemberSelection(component=component, values=tuple(SelectedValue(code) for code in codes))


ANSWER = AvailabilityConstraint(
    attachment=of(FLOW),
    region=CubeRegion(
        keys=(
            values("FREQ", "A"),
            values("SEX", "F", "M", "_T"),
            MemberSelection(
                component="TIME_PERIOD", time_range=TimeRange(start=Boundary("2016"), end=Boundary("2024"))
            ),
        )
    ),
    series=12,
    observations=3456,
    annotations=(Annotation(type="WHEN", title="now"),),
)
OTHERS = tuple(
    replace(ANSWER, attachment=of(urn), series=None, annotations=())
    for urn in (
        Urn(Kind.DATA_STRUCTURE, "MADE_UP", "CRIME", "1.0"),
        Urn(Kind.PROVISION_AGREEMENT, "MADE_UP", "CRIME", "1.0"),
        replace(FLOW, version="2.0"),
        replace(FLOW, id="CRIME_2"),
    )
)


def reasons(form: Form, *answers: AvailabilityConstraint) -> str:
    with pytest.raises(StructureError) as refused:
        write_availability(answers, form, HEADER)
    return refused.value.why


@forms
def test_an_answer_is_valid_and_comes_back(form: Form) -> None:
    message = write_availability([ANSWER, *OTHERS], form, HEADER)
    assert schema_errors(message, form) == []
    assert read_availability(message) == (ANSWER, *OTHERS)


@pytest.mark.parametrize("form", sorted(OF_3_1))
def test_in_sdmx_3_1_nothing_is_lost(form: Form) -> None:
    assert read_availability_reporting(write_availability([ANSWER], form, HEADER)) == ((ANSWER,), ())


@pytest.mark.parametrize("form", sorted(set(Form) - OF_3_1))
def test_before_sdmx_3_1_a_constraint_says_it_with_a_name_of_its_own(form: Form) -> None:
    message = write_availability([ANSWER, replace(ANSWER, series=1), OTHERS[2]], form, HEADER)
    constraints = read_structures(message)
    assert all(isinstance(each, ContentConstraint if form.is_of_2_1 else DataConstraint) for each in constraints)
    assert [each.id for each in constraints] == ["Dataflow_CRIME", "Dataflow_CRIME_2", "Dataflow_CRIME_3"]
    assert {each.role for each in constraints if isinstance(each, ContentConstraint | DataConstraint)} == {Role.ACTUAL}
    assert Annotation(id="series_count", type="sdmx_metrics", title="12") in constraints[0].annotations


ids = st.from_regex(r"[A-Za-z][A-Za-z0-9_\-]{0,4}", fullmatch=True)
selections = st.builds(
    MemberSelection,
    component=ids,
    values=st.lists(st.builds(SelectedValue, st.from_regex(r"[A-Za-z0-9_ ]{1,4}", fullmatch=True)), max_size=3).map(
        tuple
    ),
    is_included=st.booleans(),
    valid_from=st.none() | st.just("2024"),
    time_range=st.none() | st.just(TimeRange(before=Boundary("2020-05", False))),
)
counts = st.none() | st.integers(-1, 9) | st.sampled_from([MAX_COUNT, MAX_COUNT + 1])
answers = st.builds(
    AvailabilityConstraint,
    attachment=st.lists(
        st.builds(
            Urn,
            st.sampled_from([Kind.DATAFLOW, Kind.DATA_STRUCTURE, Kind.PROVISION_AGREEMENT, Kind.CODELIST]),
            ids,
            ids,
        ),
        min_size=1,
        max_size=2,
    ).map(lambda urns: of(*urns)),
    region=st.builds(
        CubeRegion,
        keys=st.lists(selections, max_size=2, unique_by=lambda s: s.component).map(tuple),
        components=st.lists(selections, max_size=2, unique_by=lambda s: s.component).map(tuple),
        is_included=st.booleans(),
        annotations=st.just(()) | st.just((Annotation(title="x"),)),
    ),
    series=counts,
    observations=counts,
    annotations=st.just(()) | st.just((Annotation(id="obs_count", type="sdmx_metrics", title="7"),)),
)


@forms
@settings(max_examples=60, deadline=None)
@given(answer=answers)
def test_an_answer_is_either_refused_or_valid_and_the_same_when_it_is_read(
    form: Form, answer: AvailabilityConstraint
) -> None:
    try:
        message = write_availability([answer], form, HEADER)
    except StructureError:
        return
    assert schema_errors(message, form) == []
    assert read_availability(message) == (answer,)


@forms
def test_an_answer_is_about_one_artefact(form: Form) -> None:
    assert "of one artefact" in reasons(form, replace(ANSWER, attachment=of()))
    assert "of one artefact" in reasons(form, replace(ANSWER, attachment=of(FLOW, replace(FLOW, id="B"))))


@forms
def test_counts_are_whole_and_not_larger_than_sdmx_ml_can_say(form: Form) -> None:
    largest = replace(ANSWER, series=MAX_COUNT, observations=0)
    assert read_availability(write_availability([largest], form, HEADER)) == (largest,)
    assert "is not a count" in reasons(form, replace(ANSWER, series=MAX_COUNT + 1))
    assert "is not a count" in reasons(form, replace(ANSWER, observations=-1))


@forms
def test_no_answer_is_none(form: Form) -> None:
    assert "no answer" in reasons(form)


def test_annotations_that_look_like_counts_are_refused_where_counts_are_annotations() -> None:
    alike = replace(ANSWER, annotations=(Annotation(id="obs_count", type="sdmx_metrics", title="1"),))
    assert read_availability(write_availability([alike], "3.1", HEADER)) == (alike,)
    assert "look the same" in reasons(Form.ML_2_1, alike)


def test_constraints_that_say_something_else_are_told() -> None:
    two = ContentConstraint(
        agency="A",
        id="TWO",
        names=Text.of(en="two"),
        attachment=of(FLOW),
        regions=(ANSWER.region, CubeRegion(keys=(values("SEX", "F"),), is_included=False)),
    )
    allowed = replace(two, id="ALLOWED", role=Role.ALLOWED, regions=(ANSWER.region,))
    found, notes = read_availability_reporting(write_structures([two, allowed], "2.1", HEADER))
    assert found == ()
    assert [(note.code, note.what) for note in notes if "TWO" in note.what] == [
        ("skipped-artefact", "A:TWO(1.0) is no region of what there is of something, and not read as one")
    ]


@pytest.mark.parametrize(
    ("members", "code"),
    [
        (3, "wrong-value"),
        ({}, "missing-part"),
        ({"constraintAttachment": {"dataflow": "urn:x"}, "cubeRegion": {}}, "wrong-reference"),
    ],
)
def test_what_is_wrong_with_an_answer_is_told(members: object, code: str) -> None:
    with pytest.raises(MessageRejected) as rejected:
        read_availability(json.dumps({"data": {"availabilityConstraints": [members]}}).encode())
    assert code in {problem.code for problem in rejected.value.problems}


@pytest.mark.parametrize("data", [b"<!DOCTYPE x><x/>", b'{"a":' + b"[" * 70 + b"]" * 70 + b"}", b"<x/>", b"{}"])
def test_what_may_not_be_read_is_rejected(data: bytes) -> None:
    with pytest.raises(MessageRejected):
        read_availability(data)

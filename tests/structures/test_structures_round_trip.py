"""Whatever the model can hold and a version can say comes back as it went, and is valid on the way."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structures_samples import EVERYTHING, HEADER, TIME, VERSIONS, schema_errors

from sdmx_gateway.errors import GatewayError
from sdmx_gateway.structures import Kind, Urn, read_structures, write_structures
from sdmx_gateway.structures.dialects import DIALECTS, UNCODED_ONLY
from sdmx_gateway.structures.model import (
    Agency,
    AgencyScheme,
    Annotation,
    Artefact,
    Attachment,
    Attribute,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructure,
    DataType,
    Dimension,
    Group,
    Measure,
    Relationship,
    Representation,
    Text,
)
from sdmx_gateway.structures.xml_text import forbidden_character

names = st.from_regex(r"[A-Za-z][A-Za-z0-9_\-]{0,5}", fullmatch=True)
codes = st.from_regex(r"[A-Za-z0-9_@$\-]{1,5}", fullmatch=True)
versions = st.sampled_from(["1.0", "2.1", "1.10", "1.0.0"])
words = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\"'<>&\u00a0\t\n\r]é«"), min_size=1, max_size=12
).filter(lambda text: forbidden_character(text) is None and text[0] not in "\r\n" and text[-1] not in "\r\n")
texts = st.dictionaries(st.sampled_from(["fr", "en", "de"]), words, min_size=1, max_size=3).map(
    lambda d: Text(tuple(d.items()))
)
maybe_texts = st.one_of(st.just(Text()), texts)
urls = st.sampled_from(["https://example.org:80/a?b=c&d#é", "urn:x", "//host/%20", "a/b", "mailto:a@b", "#x", "é/:"])


def annotations(version: str) -> st.SearchStrategy[tuple[Annotation, ...]]:
    value = st.none() | words if DIALECTS[version].annotation_value else st.none()
    url = st.none() | urls
    note = st.builds(Annotation, st.none() | words, st.none() | words, st.none() | words, url, maybe_texts, value)
    return st.lists(note, max_size=2).map(tuple)


def named(version: str) -> dict[str, st.SearchStrategy[Any]]:
    return {"names": texts, "descriptions": maybe_texts, "annotations": annotations(version)}


def maintained(version: str) -> dict[str, st.SearchStrategy[Any]]:
    return {"agency": names, "id": names, "version": versions, **named(version)}


urns = {kind: st.builds(Urn, st.just(kind), names, names, versions) for kind in Kind}
concept_urns = st.builds(Urn, st.just(Kind.CONCEPT_SCHEME), names, names, versions, names)
uncoded = st.builds(Representation, st.none(), st.sampled_from(DataType), st.none() | st.integers(1, 999))
coded = st.builds(
    Representation,
    urns[Kind.CODELIST],
    st.sampled_from([data_type for data_type in DataType if data_type not in UNCODED_ONLY]),
    st.none() | st.integers(1, 999),
)
single = uncoded | coded


def values(version: str) -> st.SearchStrategy[Representation]:
    if not DIALECTS[version].multi_valued:
        return single
    occurs = st.none() | st.integers(1, 9)
    return st.builds(lambda r, n: Representation(r.codelist, r.data_type, r.max_length, n), single, occurs)


@st.composite
def items(draw: st.DrawFn, make: type, ids: st.SearchStrategy[str], version: str, **more: Any) -> tuple[Any, ...]:
    """Items whose parents, where they have one, come before them."""
    made: list[Any] = []
    for item_id in draw(st.lists(ids, unique=True, max_size=5)):
        parent = draw(st.none() | st.sampled_from([item.id for item in made])) if made else None
        made.append(draw(st.builds(make, id=st.just(item_id), parent=st.just(parent), **named(version), **more)))
    return tuple(made)


@st.composite
def structures(draw: st.DrawFn, version: str) -> DataStructure:
    dialect = DIALECTS[version]
    ids = draw(
        st.lists(names.filter(lambda i: i not in {"TIME_PERIOD", "OBS_VALUE"}), unique=True, min_size=2, max_size=8)
    )
    cut = draw(st.integers(1, len(ids)))
    notes = annotations(version)

    def parts(
        component_id: str, representation: st.SearchStrategy[Representation]
    ) -> dict[str, st.SearchStrategy[Any]]:
        return {
            "id": st.just(component_id),
            "concept": concept_urns,
            "representation": representation,
            "annotations": notes,
        }

    dimensions = [draw(st.builds(Dimension, **parts(i, single))) for i in ids[:cut]]
    if draw(st.booleans()):
        dimensions.append(draw(st.builds(Dimension, **parts("TIME_PERIOD", st.just(TIME)), is_time=st.just(True))))
    key = st.lists(st.sampled_from([d.id for d in dimensions]), min_size=1, unique=True).map(tuple)
    groups = [Group(f"G{n}", draw(key)) for n in range(draw(st.integers(0, 2)))]
    relationships = [
        st.just(Relationship(Attachment.DATASET)),
        st.just(Relationship(Attachment.OBSERVATION)),
        st.builds(Relationship, st.just(Attachment.DIMENSIONS), key),
        *(st.just(Relationship(Attachment.GROUP, group=group.id)) for group in groups),
    ]
    measures = ["OBS_VALUE", "M2", "M3"][: draw(st.integers(0, 3))] if dialect.several_measures else ["OBS_VALUE"]
    mandatory = st.booleans() if dialect.measure_usage else st.just(False)
    return draw(
        st.builds(
            DataStructure,
            **maintained(version),
            dimensions=st.just(tuple(dimensions)),
            groups=st.just(tuple(groups)),
            measures=st.tuples(
                *(st.builds(Measure, **parts(m, values(version)), mandatory=mandatory) for m in measures)
            ),
            attributes=st.tuples(
                *(
                    st.builds(
                        Attribute,
                        **parts(i, values(version)),
                        relationship=st.one_of(relationships),
                        mandatory=st.booleans(),
                    )
                    for i in ids[cut:]
                    if i not in {"M2", "M3", "G0", "G1"}
                )
            ),
        ).filter(lambda s: not {"G0", "G1", "M2", "M3"} & {d.id for d in s.dimensions})
    )


def artefacts(version: str) -> st.SearchStrategy[Artefact]:
    fixed = {**maintained(version), "id": st.just("AGENCIES"), "version": st.just("1.0")}
    core = st.none() | single
    return st.one_of(
        st.builds(Codelist, **maintained(version), items=items(Code, codes, version), is_partial=st.booleans()),
        st.builds(
            ConceptScheme,
            **maintained(version),
            items=items(Concept, names, version, representation=core),
            is_partial=st.booleans(),
        ),
        st.builds(AgencyScheme, **fixed, items=items(Agency, names, version)),
        st.builds(Dataflow, **maintained(version), structure=urns[Kind.DATA_STRUCTURE]),
        structures(version),
    )


@pytest.mark.parametrize("version", VERSIONS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_what_is_written_is_valid_and_comes_back_as_it_went(version: str, data: st.DataObject) -> None:
    artefact = data.draw(artefacts(version))
    message = write_structures([artefact], version, HEADER)
    assert schema_errors(message, version) == []
    assert read_structures(message) == (artefact,)


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
@given(text=st.text(max_size=20))
def test_a_text_is_either_refused_or_kept(text: str) -> None:
    codelist = Codelist(agency="A", id="CL", names=Text.of(en="x"), annotations=(Annotation(title=f"[{text}]"),))
    if forbidden_character(text) is None:
        assert read_structures(write_structures([codelist], "3.0", HEADER)) == (codelist,)

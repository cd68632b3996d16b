"""What an artefact refers to, read off the model's own types."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structures_other_artefacts import ARTEFACTS
from structures_samples import CONCEPTS, FLOW, SEX, STRUCTURE, concept

from sdmx_gateway.structures import Kind, Urn
from sdmx_gateway.structures.authored.deferred import deferred
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.model import (
    Annotation,
    Category,
    CategoryScheme,
    Code,
    Codelist,
    CodelistExtension,
    HierarchicalCode,
    Hierarchy,
    Link,
    Representation,
)
from sdmx_gateway.structures.references import references


def test_a_reference_is_told_with_who_makes_it() -> None:
    assert list(references(FLOW)) == [("CRIME", STRUCTURE.urn)]
    assert ("SEX", SEX.urn) in list(references(STRUCTURE))
    assert ("SEX", concept("SEX")) in list(references(STRUCTURE))
    assert list(references(CONCEPTS)) == [("SEX", SEX.urn)]


def test_what_a_component_has_from_its_concept_is_the_concepts_reference() -> None:
    inherited = Representation(codelist=SEX.urn, is_inherited=True)
    sex = replace(STRUCTURE.dimensions[1], representation=inherited)
    assert SEX.urn not in [target for _, target in references(replace(STRUCTURE, dimensions=(sex,)))]


def test_codes_are_not_walked_for_they_refer_to_nothing() -> None:
    def never() -> tuple[Code, ...]:
        raise AssertionError("the codes were looked at")

    assert list(references(deferred(SEX, "items", never))) == []


def test_codes_of_a_hierarchy_refer_at_every_depth() -> None:
    def code(ident: str, *below: HierarchicalCode) -> HierarchicalCode:
        return HierarchicalCode(id=ident, code=replace(SEX.urn, item=ident), codes=below)

    tree = Hierarchy(agency="MADE_UP", id="H", codes=(code("_T", code("F"), code("M")),))
    assert [target.item for _, target in references(tree)] == ["_T", "F", "M"]


def test_a_list_refers_to_those_it_extends() -> None:
    codelist = Codelist(agency="MADE_UP", id="X", extensions=(CodelistExtension(codelist=SEX.urn),))
    assert list(references(codelist)) == [("X", SEX.urn)]


def test_notes_and_links_are_no_references() -> None:
    noted = replace(FLOW, annotations=(Annotation(title=str(SEX.urn)),), links=(Link(rel="x", urn=str(SEX.urn)),))
    assert list(references(noted)) == [("CRIME", STRUCTURE.urn)]
    assert list(references(CategoryScheme(agency="A", id="C", categories=(Category(id="X"),)))) == []


def _every_urn(value: object) -> list[Urn]:
    """Every reference in a value, whatever its types say."""
    if isinstance(value, Urn):
        return [value]
    if isinstance(value, tuple):
        return [urn for each in value for urn in _every_urn(each)]
    if getattr(value, "is_inherited", False) or not hasattr(type(value), "__dataclass_fields__"):
        return []
    return [urn for field in fields(value) for urn in _every_urn(getattr(value, field.name))]  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", sorted(ARTEFACTS))
@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_reference_is_overlooked_in_any_kind_of_artefact(kind: Kind, data: st.DataObject) -> None:
    try:
        artefact = data.draw(ARTEFACTS[kind](data.draw(st.sampled_from([Form.ML_2_1, Form.ML_3_1]))))
    except KeyError:
        return
    assert sorted(target for _, target in references(artefact)) == sorted(_every_urn(artefact))

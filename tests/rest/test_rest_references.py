"""Which artefacts a structure query means."""

from __future__ import annotations

import pytest
from rest_samples import AGENCY, CATALOGUE, CODELISTS, FLOW, OTHER_FLOW, SCHEME, STRUCTURE

from sdmx_gateway.rest import StructureQuery, parse, resolve
from sdmx_gateway.structures.model import Codelist

CL = [codelist.id for codelist in CODELISTS.values()]


def names(target: str) -> set[str]:
    query = parse("v2", target)
    assert isinstance(query, StructureQuery)
    artefacts = resolve(CATALOGUE, query)
    assert len({artefact.urn for artefact in artefacts}) == len(artefacts)
    return {f"{artefact.KIND.value}={artefact.id}" for artefact in artefacts}


FLOWS = {f"Dataflow={FLOW.id}", f"Dataflow={OTHER_FLOW.id}"}
DSD = {f"DataStructure={STRUCTURE.id}"}
LISTS = {f"Codelist={name}" for name in CL}
CONCEPTS = {f"ConceptScheme={SCHEME.id}"}


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("structure/dataflow", FLOWS),
        ("structure/dataflow/*/CRIME", {"Dataflow=CRIME"}),
        ("structure/dataflow/ESTAT", set()),
        ("structure/*/*/CRIME,CL_FREQ", {"Dataflow=CRIME", "DataStructure=CRIME", "Codelist=CL_FREQ"}),
        ("structure/dataflow/*/CRIME?references=children", {"Dataflow=CRIME"} | DSD),
        ("structure/dataflow/*/CRIME?references=descendants", {"Dataflow=CRIME"} | DSD | LISTS | CONCEPTS),
        ("structure/datastructure?references=parents", FLOWS | DSD),
        ("structure/datastructure?references=children", DSD | LISTS | CONCEPTS),
        ("structure/codelist/*/CL_FREQ?references=parents", {"Codelist=CL_FREQ"} | DSD),
        ("structure/codelist/*/CL_FREQ?references=ancestors", {"Codelist=CL_FREQ"} | DSD | FLOWS),
        ("structure/codelist/*/CL_FREQ?references=parentsandsiblings", DSD | LISTS | CONCEPTS),
        ("structure/dataflow/*/CRIME?references=all", {"Dataflow=CRIME"} | DSD | LISTS | CONCEPTS),
        ("structure/datastructure?references=all", FLOWS | DSD | LISTS | CONCEPTS),
        ("structure/dataflow/*/CRIME?references=codelist", {"Dataflow=CRIME"} | LISTS),
        ("structure/dataflow/*/CRIME?references=children,conceptscheme", {"Dataflow=CRIME"} | DSD | CONCEPTS),
        ("structure/codelist/*/CL_FREQ?references=dataflow", {"Codelist=CL_FREQ"} | FLOWS),
        ("structure/dataflow/*/CRIME?references=hierarchy", {"Dataflow=CRIME"}),
    ],
)
def test_references_bring(target: str, expected: set[str]) -> None:
    assert names(target) == expected


def test_a_list_asked_for_in_part_says_it_is_partial_and_loses_parents_that_are_not_there() -> None:
    query = parse("v1", f"codelist/{AGENCY}/CL_REF_AREA/1.0/D93+NOWHERE")
    assert isinstance(query, StructureQuery)
    (part,) = resolve(CATALOGUE, query)
    assert isinstance(part, Codelist)
    assert part.is_partial
    assert [(item.id, item.parent) for item in part.items] == [("D93", None)]


def test_parents_that_are_asked_for_too_stay() -> None:
    query = parse("v1", f"codelist/{AGENCY}/CL_REF_AREA/1.0/D93+FR")
    assert isinstance(query, StructureQuery)
    (part,) = resolve(CATALOGUE, query)
    assert isinstance(part, Codelist)
    assert [(item.id, item.parent) for item in part.items] == [("FR", None), ("D93", "FR")]


def test_a_list_asked_for_whole_item_by_item_is_whole() -> None:
    query = parse("v1", f"codelist/{AGENCY}/CL_REF_AREA/1.0/D93+FR+D75")
    assert isinstance(query, StructureQuery)
    assert resolve(CATALOGUE, query) == (CODELISTS["REF_AREA"],)

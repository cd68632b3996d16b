"""What messages of other tools say once too often, or not at all, is read as far as it goes, and told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from structures_samples import HEADER, schema_errors

from sdmx_gateway.errors import MessageRejected, StructureError
from sdmx_gateway.structures import Kind, Urn, read_structures, read_structures_reporting, write_structures
from sdmx_gateway.structures.model import (
    ContentConstraint,
    DataConstraint,
    HierarchicalCode,
    HierarchicalCodelist,
    InnerHierarchy,
    Text,
)

SPACES = " ".join(
    f'xmlns:{prefix}="http://www.sdmx.org/resources/sdmxml/schemas/{{0}}/{part}"'
    for prefix, part in (("mes", "message"), ("str", "structure"), ("com", "common"))
)
W = Urn(Kind.CODELIST, "A", "CL", "1.0", "W")
THEME = '<Ref id="T" maintainableParentID="S" agencyID="A" package="categoryscheme" class="Category"/>'


def message(body: str, version: str = "v2_1") -> bytes:
    root = f"<mes:Structure {SPACES.format(version)}>"
    return f"{root}<mes:Structures>{body}</mes:Structures></mes:Structure>".encode()


def hierarchies(*codes: dict[str, Any]) -> bytes:
    inner = {"id": "H", "name": "H", "hierarchicalCodes": list(codes)}
    held = {"id": "HCL", "agencyID": "A", "version": "1.0", "name": "L", "hierarchies": [inner]}
    return json.dumps({"data": {"hierarchicalCodelists": [held]}}).encode()


def categorisation(own_id: str, source: str) -> str:
    name = f'<str:Categorisation id="{own_id}" agencyID="A"><com:Name>C</com:Name>'
    return f"{name}<str:Source>{source}</str:Source><str:Target>{THEME}</str:Target></str:Categorisation>"


@pytest.mark.parametrize(
    ("aside", "told"),
    [
        (
            {"codelistAliasRef": "AREAS", "codeID": "W"},
            "a code is named by the alias of its list and by its URN, which is read",
        ),
        (
            {"codelistAliasRef": "AREAS", "codeID": "E"},
            "a code is named E of AREAS, and by its URN, which says otherwise and is read",
        ),
    ],
)
def test_a_code_named_in_both_ways_is_read_by_its_urn_and_written_in_one_way(aside: dict[str, str], told: str) -> None:
    (found,), notes = read_structures_reporting(hierarchies({"id": "W", "code": str(W), **aside}))
    assert isinstance(found, HierarchicalCodelist)
    assert found.hierarchies[0].codes == (HierarchicalCode(id="W", code=W),)
    assert [(note.code, note.what) for note in notes] == [("repaired", told)]
    for form in ("sdmx-ml-2.1", "sdmx-json-1.0"):
        again = write_structures([found], form, HEADER)
        assert schema_errors(again, form) == []
        assert read_structures(again) == (found,)


@pytest.mark.parametrize("form", ["sdmx-ml-2.1", "sdmx-json-1.0"])
@pytest.mark.parametrize("ways", [{"code": W, "alias": "AREAS", "code_id": "W"}, {"code": W, "code_id": "W"}, {}])
def test_a_code_that_is_not_named_in_one_way_is_not_written(form: str, ways: dict[str, Any]) -> None:
    inner = InnerHierarchy(id="H", names=Text.of(en="H"), codes=(HierarchicalCode(id="W", **ways),))
    held = HierarchicalCodelist(agency="A", id="HCL", version="1.0", names=Text.of(en="L"), hierarchies=(inner,))
    with pytest.raises(StructureError, match="by one of the two only"):
        write_structures([held], form, HEADER)


TABLE = "urn:sdmx:org.sdmx.infomodel.publicationtable.PublicationTable=A:T(1.0)"


@pytest.mark.parametrize(
    "source",
    [
        '<Ref id="T" agencyID="A" version="1.0" package="publicationtable" class="PublicationTable"/>',
        f"<URN>{TABLE}</URN>",
    ],
)
def test_an_artefact_that_refers_to_something_of_no_standard_is_skipped_and_told(source: str) -> None:
    flow = '<Ref id="F" agencyID="A" package="datastructure" class="Dataflow"/>'
    body = categorisation("C1", source) + categorisation("C2", flow)
    (found,), notes = read_structures_reporting(message(f"<str:Categorisations>{body}</str:Categorisations>"))
    assert found.id == "C2"
    assert [note.code for note in notes] == ["skipped-artefact"]
    assert notes[0].what.startswith("Categorisation A:C1: the reference in Source cannot be read: it names 'Publica")


def test_an_artefact_that_refers_to_something_of_no_standard_is_skipped_and_told_in_json() -> None:
    held = {"id": "C", "agencyID": "A", "version": "1.0", "name": "C", "source": TABLE, "target": str(THEME_URN)}
    artefacts, notes = read_structures_reporting(json.dumps({"data": {"categorisations": [held]}}).encode())
    assert artefacts == ()
    assert [note.code for note in notes] == ["skipped-artefact"]


THEME_URN = Urn(Kind.CATEGORY_SCHEME, "A", "S", "1.0", "T")


@pytest.mark.parametrize(
    "source",
    [
        '<Ref id="T" agencyID="A" package="datastructure" class="Dateflow"/>',
        '<Ref id="T" agencyID="A" class="PublicationTable"/>',
        "<URN>urn:sdmx:org.sdmx.infomodel.datastructure.Dateflow=A:T(1.0)</URN>",
    ],
)
def test_a_class_that_is_misspelt_is_still_refused(source: str) -> None:
    with pytest.raises(MessageRejected) as caught:
        read_structures(message(f"<str:Categorisations>{categorisation('C', source)}</str:Categorisations>"))
    assert [problem.code for problem in caught.value.problems][:1] == ["wrong-reference"]


def test_an_artefact_with_another_mistake_is_refused_for_all_of_them() -> None:
    unknown = '<Ref id="T" agencyID="A" package="publicationtable" class="PublicationTable"/>'
    body = categorisation("C", unknown).replace(THEME, "<URN>none</URN>")
    with pytest.raises(MessageRejected) as caught:
        read_structures(message(f"<str:Categorisations>{body}</str:Categorisations>"))
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("version", "head", "kind"),
    [("v3_0", "DataConstraint", DataConstraint), ("v2_1", "ContentConstraint", ContentConstraint)],
)
def test_a_calendar_that_says_nothing_is_not_read_and_told(version: str, head: str, kind: type) -> None:
    container = "DataConstraints" if version == "v3_0" else "Constraints"
    body = f'<str:{head} id="C" agencyID="A" role="Allowed"><com:Name>C</com:Name><str:ReleaseCalendar/></str:{head}>'
    (found,), notes = read_structures_reporting(message(f"<str:{container}>{body}</str:{container}>", version))
    assert isinstance(found, kind)
    assert found.calendar is None
    assert ("repaired", "ReleaseCalendar says nothing and is not read") in [(note.code, note.what) for note in notes]


def test_a_calendar_that_says_half_of_what_it_must_is_refused() -> None:
    calendar = "<str:ReleaseCalendar><str:Periodicity>P1Y</str:Periodicity></str:ReleaseCalendar>"
    body = f'<str:ContentConstraint id="C" agencyID="A"><com:Name>C</com:Name>{calendar}</str:ContentConstraint>'
    with pytest.raises(MessageRejected) as caught:
        read_structures(message(f"<str:Constraints>{body}</str:Constraints>"))
    assert [problem.code for problem in caught.value.problems] == ["missing-part"]

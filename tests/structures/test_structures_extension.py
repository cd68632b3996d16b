"""Code lists that extend others: what they have in the end (SDMX 3.1 Section 6, §6.1)."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from sdmx_gateway.errors import StructureError, UnknownArtefact
from sdmx_gateway.structures import Catalogue
from sdmx_gateway.structures.model import (
    Cascade,
    Code,
    Codelist,
    CodelistExtension,
    Concept,
    ConceptScheme,
    Representation,
    SelectedCode,
    Text,
    ValueItem,
    ValueList,
)


def listed(
    list_id: str, *codes: Code | str, extensions: Iterable[CodelistExtension] = (), version: str = "1.0.0"
) -> Codelist:
    items = tuple(
        code if isinstance(code, Code) else Code(id=code, names=Text.of(en=f"{list_id} {code}")) for code in codes
    )
    return Codelist(agency="A", id=list_id, version=version, items=items, extensions=tuple(extensions))


def ids(codelist: Codelist) -> list[str]:
    return [code.id for code in codelist.items]


INDICATOR = listed("CL_INDICATOR", "A", "E", "F")
SERIES = listed("CL_SERIES", "A", "B", "C")
AREAS = listed(
    "CL_AREA", "FR", Code(id="R84", parent="FR"), Code(id="D69", parent="R84"), Code(id="D01", parent="R84"), "DE"
)


def of(source: Codelist, **wishes: object) -> CodelistExtension:
    return CodelistExtension(codelist=source.urn, **wishes)  # type: ignore[arg-type]


def resolved(extending: Codelist, *others: Codelist) -> Codelist:
    return Catalogue.of([extending, *others, INDICATOR, SERIES, AREAS]).enumeration(extending.urn)


def test_a_list_has_the_codes_of_the_lists_it_extends_in_their_order_then_its_own() -> None:
    both = resolved(listed("CL", "X", extensions=[of(INDICATOR), of(SERIES)]))
    assert ids(both) == ["A", "E", "F", "B", "C", "X"]
    assert both.extensions == ()


def test_of_two_codes_with_one_id_the_later_lists_is_taken_and_the_lists_own_above_all() -> None:
    assert resolved(listed("CL", extensions=[of(INDICATOR), of(SERIES)]))["A"].names == Text.of(en="CL_SERIES A")
    assert resolved(listed("CL", "A", extensions=[of(INDICATOR), of(SERIES)]))["A"].names == Text.of(en="CL A")


def test_a_prefix_goes_before_the_ids_taken_and_their_parents() -> None:
    taken = resolved(listed("CL", extensions=[of(INDICATOR), of(AREAS, prefix="G_")]))
    assert ids(taken) == ["A", "E", "F", "G_FR", "G_R84", "G_D69", "G_D01", "G_DE"]
    assert taken["G_D69"].parent == "G_R84"


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ({"inclusive": (SelectedCode("D69"), SelectedCode("DE"))}, ["D69", "DE"]),
        ({"inclusive": (SelectedCode("D%"),)}, ["D69", "D01", "DE"]),
        ({"inclusive": (SelectedCode("R84", Cascade.YES),)}, ["R84", "D69", "D01"]),
        ({"inclusive": (SelectedCode("FR", Cascade.EXCLUDE_ROOT),)}, ["R84", "D69", "D01"]),
        ({"exclusive": (SelectedCode("R84", Cascade.YES),)}, ["FR", "DE"]),
        ({"exclusive": (SelectedCode("D%"),)}, ["FR", "R84"]),
        ({"inclusive": (SelectedCode("NOWHERE"),)}, []),
    ],
)
def test_codes_are_taken_or_left_by_id_by_pattern_and_with_what_lies_under_them(
    wishes: dict[str, object], expected: list[str]
) -> None:
    assert ids(resolved(listed("CL", extensions=[of(AREAS, **wishes)]))) == expected


def test_a_code_whose_parent_is_not_taken_is_at_the_top() -> None:
    taken = resolved(listed("CL", extensions=[of(AREAS, inclusive=(SelectedCode("D69"),))]))
    assert taken["D69"].parent is None


def test_a_national_code_may_lie_under_one_that_is_taken() -> None:
    own = listed("CL", Code(id="D69_LYON", parent="D69"), extensions=[of(AREAS)])
    assert list(resolved(own).ancestors("D69_LYON")) == ["D69", "R84", "FR"]
    assert Catalogue.of([own, AREAS]).check()[0].code == "missing-name"
    assert not [p for p in Catalogue.of([own, AREAS]).check() if p.code == "orphan-item"]


def test_what_a_list_takes_may_itself_be_taken() -> None:
    middle = listed("CL_MIDDLE", "M", extensions=[of(SERIES)])
    assert ids(resolved(listed("CL", extensions=[of(middle)]), middle)) == ["A", "B", "C", "M"]


def test_lists_that_extend_each_other_are_refused_with_the_circle() -> None:
    one = listed("ONE", extensions=[of(listed("TWO"))])
    two = listed("TWO", extensions=[of(listed("ONE"))])
    with pytest.raises(StructureError, match=r"A:ONE\(1.0.0\) → A:TWO\(1.0.0\) → A:ONE\(1.0.0\)"):
        resolved(one, two)


def test_a_list_that_is_not_held_is_told() -> None:
    with pytest.raises(UnknownArtefact, match="ELSEWHERE"):
        resolved(listed("CL", extensions=[of(listed("ELSEWHERE"))]))


def test_values_and_concepts_may_be_taken_from_like_codes() -> None:
    values = ValueList(agency="A", id="VL", version="1.0.0", items=(ValueItem(id="$"), ValueItem(id="€ constant")))
    concepts = ConceptScheme(agency="A", id="CS", items=(Concept(id="STOCK"), Concept(id="FLOW")))
    held = Catalogue.of([values, concepts])
    assert ids(held.enumeration(values.urn)) == ["$", "€ constant"]
    assert ids(held.enumeration(concepts.urn)) == ["STOCK", "FLOW"]
    assert Representation(codelist=concepts.urn).is_of_concepts

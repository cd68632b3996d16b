"""The catalogue: what is held is found, what is not is told with the nearest that is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from structures_samples import AGENCIES, CONCEPTS, EVERYTHING, FLOW, SEX, STRUCTURE, note

from sdmx_gateway.errors import StructureError, UnknownArtefact
from sdmx_gateway.structures import Catalogue, Kind, Urn
from sdmx_gateway.structures.model import (
    Artefact,
    Attachment,
    Boundary,
    Categorisation,
    Category,
    CategoryScheme,
    Code,
    Codelist,
    CodelistExtension,
    ComponentMap,
    Concept,
    ConstraintAttachment,
    CubeRegion,
    DataConstraint,
    DataKey,
    DataKeySet,
    DataProvider,
    DataProviderScheme,
    FixedValueMap,
    Group,
    HierarchicalCode,
    HierarchicalCodelist,
    Hierarchy,
    IncludedCodelist,
    InnerHierarchy,
    Level,
    MappedSpace,
    MappedValue,
    MemberSelection,
    ProvisionAgreement,
    Relationship,
    Representation,
    RepresentationMap,
    SelectedCode,
    SelectedValue,
    StructureMap,
    Text,
    TimeRange,
    ValueMapping,
)

HELD = Catalogue.of(EVERYTHING)


def named(list_id: str, version: str = "1.0", agency: str = "MADE_UP") -> Codelist:
    return Codelist(agency=agency, id=list_id, version=version, names=Text.of(en=list_id))


def codes(catalogue: Catalogue) -> list[str]:
    return [problem.code for problem in catalogue.check()]


def test_every_artefact_is_found_by_its_urn() -> None:
    assert len(HELD) == 5
    assert all(HELD.get(artefact.urn) is artefact for artefact in HELD)
    assert HELD.codelist(SEX.urn) is SEX
    assert HELD.concept_scheme(CONCEPTS.urn) is CONCEPTS
    assert HELD.structure_of(HELD.dataflow(FLOW.urn)) is STRUCTURE
    assert SEX.urn in HELD
    assert Urn(Kind.CODELIST, "MADE_UP", "CL_SEX", "1.0", "M") in HELD


def test_an_item_is_found_in_its_scheme() -> None:
    assert HELD.get(Urn(Kind.CODELIST, "MADE_UP", "CL_SEX", "1.0", "M")) is SEX


def test_an_unknown_name_is_refused_with_the_nearest_ones() -> None:
    with pytest.raises(UnknownArtefact, match=r"CL_SEXE\(1.0\) is held[\s\S]*MADE_UP:CL_SEX\(1.0\)"):
        HELD.codelist(Urn(Kind.CODELIST, "MADE_UP", "CL_SEXE", "1.0"))


def test_a_structure_is_not_taken_for_a_code_list() -> None:
    with pytest.raises(UnknownArtefact, match="is a DataStructure, not a Codelist"):
        HELD.codelist(STRUCTURE.urn)


def test_one_name_for_two_contents_is_refused_and_the_same_twice_is_held_once() -> None:
    assert len(Catalogue.of([SEX, SEX])) == 1
    with pytest.raises(StructureError, match="different artefacts have one name"):
        HELD.merged([replace(SEX, items=())])


def test_merging_makes_another_catalogue() -> None:
    more = HELD.merged([named("CL_AGE")])
    assert (len(HELD), len(more)) == (5, 6)


VERSIONED = Catalogue.of([named("CL_A", v) for v in ("1.9", "1.10", "2.0.0-draft")] + [named("CL_B", agency="OTHER")])


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ({}, ["CL_A 1.9", "CL_A 1.10", "CL_A 2.0.0-draft", "CL_B 1.0"]),
        ({"id": "CL_B"}, ["CL_B 1.0"]),
        ({"agency": "MADE_UP,OTHER", "version": "1.0,1.9"}, ["CL_A 1.9", "CL_B 1.0"]),
        ({"version": "latest"}, ["CL_A 2.0.0-draft", "CL_B 1.0"]),
        ({"version": "~"}, ["CL_A 2.0.0-draft", "CL_B 1.0"]),
        ({"version": "+"}, ["CL_A 1.10", "CL_B 1.0"]),
        ({"id": "CL_A", "version": "1.9,latest"}, ["CL_A 1.9", "CL_A 2.0.0-draft"]),
        ({"kind": Kind.DATAFLOW}, []),
        ({"agency": "NOBODY"}, []),
    ],
)
def test_finding_understands_the_words_of_sdmx_rest(words: dict[str, str], found: list[str]) -> None:
    assert [f"{a.id} {a.version}" for a in VERSIONED.find(**words)] == found  # type: ignore[arg-type]


def test_references_are_followed_both_ways() -> None:
    assert HELD.children(FLOW) == (STRUCTURE,)
    assert HELD.children(STRUCTURE) == (CONCEPTS, SEX)
    assert HELD.descendants(FLOW) == (STRUCTURE, CONCEPTS, SEX)
    assert HELD.parents(STRUCTURE) == (FLOW,)
    assert HELD.parents(SEX) == (CONCEPTS, STRUCTURE)
    assert HELD.parents(FLOW) == HELD.children(AGENCIES) == ()


def test_a_code_has_the_name_of_the_first_language_it_is_in() -> None:
    sex = STRUCTURE.components["SEX"]
    assert HELD.codelist_of(sex) is SEX
    assert HELD.name_of(sex, "F", "fr", "en") == "Femmes"
    assert HELD.name_of(sex, "F", "de") == "Femmes"
    assert HELD.name_of(sex, "X", "fr") == "X"
    assert HELD.name_of(STRUCTURE.components["STATUS"], "A") == "A"
    assert HELD.concept_of(sex) == CONCEPTS["SEX"]


def test_without_its_list_a_component_keeps_its_codes_and_says_what_is_missing() -> None:
    poor, sex = Catalogue.of([STRUCTURE]), STRUCTURE.components["SEX"]
    assert poor.name_of(sex, "F", "fr") == "F"
    assert poor.concept_of(sex) is None
    assert poor.codelist_of(STRUCTURE.components["FREQ"]) is None
    with pytest.raises(UnknownArtefact):
        poor.codelist_of(sex)


def test_what_holds_together_has_no_problem() -> None:
    assert HELD.check() == ()


def test_a_reference_to_nothing_is_told_once_with_the_nearest() -> None:
    problems = Catalogue.of([*(a for a in EVERYTHING if a is not SEX), named("CL_SEXE")]).check()
    assert [problem.code for problem in problems] == ["unresolved-reference"] * 2
    assert problems[0].where.key == str(CONCEPTS.urn)
    assert "CL_SEXE" in problems[0].remedy


def test_a_concept_that_its_scheme_lost_is_told() -> None:
    fewer = replace(CONCEPTS, items=CONCEPTS.items[:-1])
    assert codes(Catalogue.of([AGENCIES, SEX, fewer, STRUCTURE])) == ["unresolved-reference"]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ((Code(id="A", names=Text.of(en="A")), Code(id="A", names=Text.of(en="B"))), ["duplicate-item"]),
        ((Code(id="A", names=Text.of(en="A"), parent="B"),), ["orphan-item"]),
        (
            (Code(id="A", parent="C"), Code(id="B", parent="A"), Code(id="C", parent="B"), Code(id="D", parent="A")),
            ["parent-cycle"],
        ),
        ((Code(id="A", parent="A"),), ["parent-cycle"]),
        ((Code(id="é"),), ["wrong-id"]),
    ],
)
def test_a_list_that_is_no_tree_is_told(items: tuple[Code, ...], expected: list[str]) -> None:
    assert codes(Catalogue.of([replace(named("CL_A"), items=items)])) == expected


def test_a_partial_list_may_lack_parents() -> None:
    assert codes(Catalogue.of([replace(named("CL_A"), items=(Code(id="A", parent="B"),), is_partial=True)])) == []


FREQ, SEX_DIMENSION, TIME_DIMENSION = STRUCTURE.dimensions


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"dimensions": (TIME_DIMENSION, FREQ, SEX_DIMENSION)}, {"misplaced-time"}),
        ({"dimensions": ()}, {"no-dimension", "unresolved-reference"}),
        ({"dimensions": (FREQ, FREQ, SEX_DIMENSION, TIME_DIMENSION)}, {"duplicate-component"}),
        ({"groups": ()}, {"unresolved-reference"}),
        ({"groups": (Group("SIBLING", ("AGE",)),)}, {"unresolved-reference"}),
        (
            {"attributes": (note("A", Relationship(Attachment.DIMENSIONS, dimensions=("AGE",))),)},
            {"unresolved-reference"},
        ),
        ({"attributes": (note("A", Relationship(Attachment.DIMENSIONS)),)}, {"no-dimension"}),
        ({"attributes": (note("4001", Relationship(Attachment.DATASET)),)}, {"wrong-id"}),
        ({"names": Text()}, {"missing-name"}),
    ],
)
def test_a_structure_that_can_hold_no_data_is_told(change: dict[str, object], expected: set[str]) -> None:
    broken = replace(STRUCTURE, **change)  # type: ignore[arg-type]
    assert set(codes(Catalogue.of([AGENCIES, SEX, CONCEPTS, broken]))) == expected


def test_concepts_that_refer_to_lists_are_parents_of_them() -> None:
    scheme = replace(
        CONCEPTS, items=(Concept(id="X", names=Text.of(en="X"), representation=Representation(codelist=SEX.urn)),)
    )
    assert Catalogue.of([SEX, scheme]).parents(SEX) == (scheme,)


AREAS = Codelist(
    agency="MADE_UP",
    id="CL_AREA",
    names=Text.of(en="Areas"),
    items=(
        Code(id="FR", names=Text.of(en="France")),
        Code(id="D75", names=Text.of(en="Paris"), parent="FR"),
        Code(id="D93", names=Text.of(en="Seine-Saint-Denis"), parent="FR"),
    ),
)
TIMES = MemberSelection(component="TIME_PERIOD", time_range=TimeRange(start=Boundary("2020")))


def selection(component: str, *values: str, **more: bool) -> MemberSelection:
    return MemberSelection(component=component, values=tuple(map(SelectedValue, values)), **more)


def constraint(*selections: MemberSelection, of: Urn = FLOW.urn, **more: object) -> DataConstraint:
    return DataConstraint(
        agency="MADE_UP",
        id="CC",
        names=Text.of(en="Allowed"),
        attachment=ConstraintAttachment(artefacts=(of,)),
        regions=(CubeRegion(keys=selections),),
        **more,  # type: ignore[arg-type]
    )


def sentences(*artefacts: Artefact) -> list[str]:
    """Every problem, in words, of these artefacts beside those all tests share."""
    held = {a.urn: a for a in (*EVERYTHING, AREAS, *artefacts)}
    return [f"{p.what} {p.remedy}".strip() for p in Catalogue.of(held.values()).check()]


def test_a_constraint_that_speaks_of_what_there_is_has_no_problem() -> None:
    assert sentences(constraint(selection("SEX", "F", "M"), TIMES)) == []
    assert sentences(constraint(selection("SEX", "%"), of=STRUCTURE.urn)) == []


@pytest.mark.parametrize(
    ("selections", "expected"),
    [
        ((selection("SEX", "F", "FEMALE", "MALE"),), ["SEX: 'FEMALE', 'MALE' are no codes of MADE_UP:CL_SEX(1.0)"]),
        ((selection("SEX", "X%"),), ["SEX: 'X%' is no code of MADE_UP:CL_SEX(1.0)"]),
        ((selection("SEXE", "F"),), ["it constrains 'SEXE', which is no dimension of MADE_UP:CRIME(1.0) nearest: SEX"]),
        ((selection("FREQ", "anything"),), []),
    ],
)
def test_a_constraint_is_told_the_codes_and_the_dimensions_there_are_not(
    selections: tuple[MemberSelection, ...], expected: list[str]
) -> None:
    assert sentences(constraint(*selections)) == expected


def test_keys_and_attributes_of_a_constraint_are_looked_at_too() -> None:
    key = DataKey(keys=(selection("SEX", "Q"),), components=(selection("STATUT", "A"),))
    held = constraint(key_sets=(DataKeySet(keys=(key,)),))
    assert [text.split(",")[0] for text in sentences(held)] == [
        "it constrains 'STATUT'",
        "SEX: 'Q' is no code of MADE_UP:CL_SEX(1.0)",
    ]


def test_a_constraint_of_what_is_not_held_is_told_once() -> None:
    unknown = replace(FLOW.urn, id="NOWHERE")
    assert sentences(constraint(selection("SEX", "X"), of=unknown)) == [
        "CC refers to MADE_UP:NOWHERE(1.0), which is not held nearest: MADE_UP:CRIME(1.0)"
    ]


def test_codes_named_without_the_prefix_of_their_extension_are_found() -> None:
    extension = CodelistExtension(codelist=AREAS.urn, prefix="A_")
    sex = replace(SEX, extensions=(extension,))
    held = [a for a in (*EVERYTHING, AREAS) if a is not SEX]

    def problems(selected: MemberSelection) -> int:
        return len(Catalogue.of([*held, sex, constraint(selected)]).check())

    assert problems(selection("SEX", "A_D75")) == 0
    assert problems(selection("SEX", "D75")) == 1
    assert problems(selection("SEX", "D75", remove_prefix=True)) == 0


def extending(*extensions: CodelistExtension, **more: object) -> Codelist:
    return Codelist(agency="MADE_UP", id="CL_X", names=Text.of(en="X"), extensions=extensions, **more)  # type: ignore[arg-type]


OTHER_AREAS = replace(AREAS, id="CL_OTHER", items=(Code(id="D75", names=Text.of(en="Somewhere else")),))


@pytest.mark.parametrize(
    ("codelist", "expected"),
    [
        (extending(CodelistExtension(codelist=AREAS.urn, inclusive=(SelectedCode("D%"),))), []),
        (
            extending(CodelistExtension(codelist=AREAS.urn, inclusive=(SelectedCode("D74"), SelectedCode("R%")))),
            ["it takes codes that are not there: 'D74', 'R%' are not in MADE_UP:CL_AREA(1.0)"],
        ),
        (
            extending(CodelistExtension(codelist=replace(AREAS.urn, id="CL_NOWHERE"))),
            ["CL_X refers to MADE_UP:CL_NOWHERE(1.0), which is not held"],
        ),
        (
            extending(CodelistExtension(codelist=AREAS.urn), CodelistExtension(codelist=OTHER_AREAS.urn)),
            ["'D75' comes from MADE_UP:CL_AREA(1.0) and, for something else, from MADE_UP:CL_OTHER(1.0)"],
        ),
        (
            extending(CodelistExtension(codelist=AREAS.urn), CodelistExtension(codelist=OTHER_AREAS.urn, prefix="O_")),
            [],
        ),
        (
            extending(
                CodelistExtension(codelist=AREAS.urn),
                CodelistExtension(codelist=OTHER_AREAS.urn),
                items=(Code(id="D75", names=Text.of(en="Ours")),),
            ),
            [],
        ),
        (
            extending(CodelistExtension(codelist=Urn(Kind.CODELIST, "MADE_UP", "CL_X"))),
            ["code lists extend each other: MADE_UP:CL_X(1.0) → MADE_UP:CL_X(1.0)"],
        ),
    ],
)
def test_a_list_that_extends_others_is_told_what_cannot_be_taken(codelist: Codelist, expected: list[str]) -> None:
    found = sentences(codelist, OTHER_AREAS)
    assert len(found) == len(expected)
    assert all(text.startswith(start) for text, start in zip(found, expected, strict=True))


def code_at(ident: str, level: str | None = None) -> HierarchicalCode:
    return HierarchicalCode(id=ident, code=replace(AREAS.urn, item=ident), level=level)


def test_a_hierarchy_is_told_all_codes_and_levels_there_are_not_in_one_sentence_each() -> None:
    hierarchy = Hierarchy(
        agency="MADE_UP",
        id="H",
        names=Text.of(en="H"),
        codes=(code_at("FR", "TOP"), code_at("D74", "LOW"), code_at("D92", "LOW")),
        level=Level(id="TOP", names=Text.of(en="Top")),
    )
    assert sentences(hierarchy) == [
        "it refers to 'D74', 'D92', which MADE_UP:CL_AREA(1.0) does not have nearest: D75",
        "levels of codes: 'LOW' is not in MADE_UP:H(1.0)'s levels",
    ]


def test_codes_of_an_old_hierarchy_are_looked_for_in_the_list_of_their_alias() -> None:
    codes = (
        HierarchicalCode(id="1", alias="AREA", code_id="FR"),
        HierarchicalCode(id="2", alias="AREA", code_id="ES"),
        HierarchicalCode(id="3", alias="SEX", code_id="F"),
    )
    held = HierarchicalCodelist(
        agency="MADE_UP",
        id="HCL",
        names=Text.of(en="HCL"),
        codelists=(IncludedCodelist(codelist=AREAS.urn, alias="AREA"),),
        hierarchies=(InnerHierarchy(id="H", codes=codes),),
    )
    assert sentences(held) == [
        "codes of the hierarchy: 'ES' is not in MADE_UP:CL_AREA(1.0)",
        "list aliases: 'SEX' is not in MADE_UP:HCL(1.0)'s lists",
    ]


def test_a_map_is_told_the_values_and_the_components_there_are_not() -> None:
    rows = (
        ValueMapping(sources=(MappedValue("F"),), targets=("D75",)),
        ValueMapping(sources=(MappedValue("W"),), targets=("D76",)),
        ValueMapping(sources=(MappedValue("[A-Z]", is_regex=True),), targets=("D93",)),
    )
    values = RepresentationMap(
        agency="MADE_UP",
        id="RM",
        names=Text.of(en="RM"),
        sources=(MappedSpace(codelist=SEX.urn),),
        targets=(MappedSpace(codelist=AREAS.urn),),
        mappings=rows,
    )
    structures = StructureMap(
        agency="MADE_UP",
        id="SM",
        names=Text.of(en="SM"),
        source=FLOW.urn,
        target=STRUCTURE.urn,
        components=(ComponentMap(sources=("SEX", "GENDER"), targets=("SEX",), representation_map=values.urn),),
        fixed=(FixedValueMap(target="FREQUENCY", values=("A",)),),
    )
    assert sentences(values, structures) == [
        "source values: 'W' is not in MADE_UP:CL_SEX(1.0)",
        "target values: 'D76' is not in MADE_UP:CL_AREA(1.0) nearest: D75",
        "mapped components: 'GENDER' is not in MADE_UP:CRIME(1.0)",
        "mapped components: 'FREQUENCY' is not in MADE_UP:CRIME(1.0) nearest: FREQ",
    ]


def test_categorisations_and_agreements_that_lead_nowhere_are_told() -> None:
    scheme = CategoryScheme(
        agency="MADE_UP",
        id="THEMES",
        names=Text.of(en="Themes"),
        categories=(Category(id="JUSTICE", categories=(Category(id="CRIME"),)),),
    )
    providers = DataProviderScheme(
        agency="MADE_UP", id="DATA_PROVIDERS", names=Text.of(en="P"), items=(DataProvider(id="POLICE"),)
    )

    def placed(category: str) -> Categorisation:
        target = replace(scheme.urn, item=category)
        return Categorisation(agency="MADE_UP", id="CAT", names=Text.of(en="C"), source=FLOW.urn, target=target)

    def agreed(provider: str) -> ProvisionAgreement:
        urn = replace(providers.urn, item=provider)
        return ProvisionAgreement(agency="MADE_UP", id="PA", names=Text.of(en="PA"), flow=FLOW.urn, provider=urn)

    assert sentences(scheme, providers, placed("JUSTICE.CRIME"), agreed("POLICE")) == []
    assert sentences(scheme, providers, placed("CRIME"), agreed("CUSTOMS")) == [
        "CAT refers to 'CRIME', which MADE_UP:THEMES(1.0) does not have",
        "PA refers to 'CUSTOMS', which MADE_UP:DATA_PROVIDERS(1.0) does not have",
    ]


def test_two_categories_of_one_name_under_one_parent_are_told() -> None:
    twice = (Category(id="A"), Category(id="A"))
    scheme = CategoryScheme(
        agency="MADE_UP", id="T", names=Text.of(en="T"), categories=(Category(id="A", categories=twice),)
    )
    assert sentences(scheme) == ["'A' is listed more than once"]


def test_what_is_only_a_reference_elsewhere_is_taken_as_it_is() -> None:
    assert sentences(Codelist(agency="MADE_UP", id="CL_STUB", is_external_reference=True)) == []


def test_a_list_of_thirty_five_thousand_codes_is_checked_in_a_moment() -> None:
    import time

    codes = tuple(Code(id=f"C{number}", names=Text.of(fr=f"Commune {number}")) for number in range(35_000))
    communes = replace(AREAS, items=codes)
    tree = Hierarchy(
        agency="MADE_UP", id="H", names=Text.of(en="H"), codes=tuple(code_at(f"C{number}") for number in range(35_001))
    )
    held = Catalogue.of([communes, tree])
    start = time.perf_counter()
    (problem,) = held.check()
    assert time.perf_counter() - start < 2
    assert problem.value == "C35000"


def test_a_list_that_extends_others_is_given_whole_where_they_are_held() -> None:
    codelist = extending(CodelistExtension(codelist=AREAS.urn, prefix="A_"))
    held = Catalogue.of([AREAS, codelist])
    whole = held.resolved(codelist)
    assert isinstance(whole, Codelist)
    assert ([code.id for code in whole.items], whole.extensions) == (["A_FR", "A_D75", "A_D93"], ())
    assert held.resolved(AREAS) is AREAS
    assert Catalogue.of([codelist]).resolved(codelist) is codelist


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("1.*", ["1.9", "1.10"]),
        ("1.~", ["1.10"]),
        ("2.0.0,1.9", ["1.9"]),
        ("2.~.0", ["2.0.0-draft"]),
        ("2+.0.0", []),
        ("1.2+.0", []),
    ],
)
def test_finding_understands_versions_left_open_inside(word: str, found: list[str]) -> None:
    assert [a.version for a in VERSIONED.find(id="CL_A", version=word)] == found


def test_several_kinds_are_found_at_once() -> None:
    assert HELD.find({Kind.DATAFLOW, Kind.CODELIST}) == (SEX, FLOW)

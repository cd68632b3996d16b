"""What changed between two states of an artefact: told in words, in two languages, with how much it changes."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structures_other_artefacts import ARTEFACTS
from structures_samples import CONCEPTS, FLOW, SEX, STRUCTURE, concept, note

from sdmx_gateway.errors import StructureError
from sdmx_gateway.structures import Kind, Urn
from sdmx_gateway.structures.authored.deferred import deferred
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.comparison.change import Action, highest, told
from sdmx_gateway.structures.comparison.changes import compare
from sdmx_gateway.structures.comparison.difference import differences
from sdmx_gateway.structures.comparison.levels import Level, level_of_reference, next_version
from sdmx_gateway.structures.comparison.nouns import NOUNS
from sdmx_gateway.structures.comparison.values import WHOLE
from sdmx_gateway.structures.comparison.words import FACETS, PARTS
from sdmx_gateway.structures.model import (
    Annotation,
    Artefact,
    Attachment,
    Category,
    CategoryScheme,
    Code,
    Codelist,
    CubeRegion,
    DataConstraint,
    DataType,
    Dimension,
    HierarchicalCode,
    Hierarchy,
    Maintainable,
    MappedValue,
    MemberSelection,
    MetadataAttribute,
    MetadataStructure,
    Relationship,
    Representation,
    RepresentationMap,
    SelectedValue,
    Text,
    ValueMapping,
)

FEMALE, MALE = SEX["F"], SEX["M"]


def said(old: Artefact, new: Artefact, language: str = "en") -> list[str]:
    return [f"{change.level.name} {change.words.best(language)}" for change in compare(old, new)]


def with_items(*items: Code) -> Codelist:
    return replace(SEX, items=items)


CODES = [
    (with_items(*SEX.items, Code(id="X")), "MINOR code X added", "code X ajouté", "X"),
    (with_items(*SEX.items[:2]), "MAJOR code F removed", "code F retiré", "F"),
    (
        with_items(*SEX.items[:2], replace(FEMALE, names=Text.of(fr="Filles", en="Women"))),
        "PATCH code F: name (fr) “Femmes” → “Filles”",
        "code F : nom (fr) «\u202fFemmes\u202f» → «\u202fFilles\u202f»",
        "F",
    ),
    (
        with_items(*SEX.items[:2], replace(FEMALE, parent="M")),
        "MAJOR code F moved: under _T → under M",
        "code F déplacé : sous _T → sous M",
        "F",
    ),
    (
        with_items(*SEX.items[:2], replace(FEMALE, descriptions=Text.of(en="Females"))),
        "PATCH code F: description (en) — → “Females”",
        "code F : description (en) — → «\u202fFemales\u202f»",
        "F",
    ),
    (
        with_items(SEX.items[0], FEMALE, MALE),
        "PATCH codes put in another order: _T, M, F → _T, F, M",
        "codes réordonnés : _T, M, F → _T, F, M",
        "",
    ),
    (
        replace(SEX, annotations=()),
        "PATCH annotation SOURCE removed",
        "annotation SOURCE retirée",
        "SOURCE",
    ),
]


@pytest.mark.parametrize(("new", "en", "fr", "where"), CODES)
def test_a_change_of_a_list_is_told_in_both_languages(new: Codelist, en: str, fr: str, where: str) -> None:
    (change,) = compare(SEX, new)
    assert str(change) == en
    assert change.words.best("fr") == fr
    assert change.where == where


FREQ, SEX_DIMENSION, TIME = STRUCTURE.dimensions
EDITION, TITLE, UNIT, STATUS = STRUCTURE.attributes
NEWER = replace(SEX.urn, version="1.1")


def with_attribute(attribute: Any) -> Artefact:
    return replace(STRUCTURE, attributes=(*STRUCTURE.attributes[:3], attribute))


COMPONENTS = [
    (
        replace(
            STRUCTURE, dimensions=(FREQ, replace(SEX_DIMENSION, representation=Representation(codelist=NEWER)), TIME)
        ),
        "MINOR dimension SEX: list MADE_UP:CL_SEX(1.0) → MADE_UP:CL_SEX(1.1)",
    ),
    (
        replace(STRUCTURE, dimensions=(FREQ, replace(SEX_DIMENSION, representation=Representation()), TIME)),
        "MAJOR dimension SEX: allowed values list MADE_UP:CL_SEX(1.0) → type String",
    ),
    (
        replace(STRUCTURE, dimensions=(SEX_DIMENSION, FREQ, TIME)),
        "MAJOR dimensions put in another order: FREQ, SEX, TIME_PERIOD → SEX, FREQ, TIME_PERIOD",
    ),
    (
        replace(STRUCTURE, dimensions=(FREQ, SEX_DIMENSION, Dimension(id="AGE", concept=concept("NOTE")), TIME)),
        "MAJOR dimension AGE added",
    ),
    (with_attribute(replace(STATUS, mandatory=False)), "MINOR attribute STATUS: mandatory yes → no"),
    (
        with_attribute(replace(STATUS, relationship=Relationship(Attachment.DATASET))),
        "MAJOR attribute STATUS: attachment observation → data set",
    ),
    (with_attribute(replace(STATUS, concept=concept("SEX"))), "MAJOR attribute STATUS: concept "),
    (
        replace(STRUCTURE, attributes=(*STRUCTURE.attributes, note("X", Relationship(Attachment.DATASET)))),
        "MINOR attribute X added",
    ),
    (
        replace(
            STRUCTURE, attributes=(*STRUCTURE.attributes, note("X", Relationship(Attachment.DATASET), mandatory=True))
        ),
        "MAJOR attribute X added",
    ),
    (
        replace(
            STRUCTURE,
            measures=(replace(STRUCTURE.measures[0], representation=Representation(data_type=DataType.DOUBLE)),),
        ),
        "MAJOR measure OBS_VALUE: type Integer → Double",
    ),
    (
        replace(STRUCTURE, groups=(replace(STRUCTURE.groups[0], dimensions=("FREQ",)),)),
        "MAJOR group SIBLING, dimension SEX",
    ),
    (replace(STRUCTURE, is_evolving=True), "MAJOR evolving structure no → yes"),
]


@pytest.mark.parametrize(("new", "sentence"), COMPONENTS)
def test_a_change_of_a_structure_names_the_component_and_what_changed(new: Artefact, sentence: str) -> None:
    assert said(STRUCTURE, new)[0].startswith(sentence)


def test_a_dimension_more_breaks_nothing_where_the_structure_is_evolving() -> None:
    evolving = replace(STRUCTURE, is_evolving=True)
    more = replace(evolving, dimensions=(*evolving.dimensions[:2], Dimension(id="AGE", concept=concept("NOTE")), TIME))
    assert said(evolving, more) == ["MINOR dimension AGE added"]


def test_a_flow_of_another_structure_is_another_flow() -> None:
    assert said(FLOW, replace(FLOW, structure=replace(STRUCTURE.urn, id="OTHER")))[0].startswith("MAJOR structure ")
    assert said(FLOW, replace(FLOW, structure=replace(STRUCTURE.urn, version="1.1")))[0].startswith("MINOR structure ")


def region(*values: str, included: bool = True, more: tuple[MemberSelection, ...] = ()) -> DataConstraint:
    selection = MemberSelection(component="SEX", values=tuple(map(SelectedValue, values)))
    return DataConstraint(
        agency="MADE_UP", id="CC", regions=(CubeRegion(keys=(selection, *more), is_included=included),)
    )


@pytest.mark.parametrize(
    ("old", "new", "level"),
    [
        (region("F"), region("F", "M"), Level.MINOR),
        (region("F", "M"), region("F"), Level.MAJOR),
        (region("F", included=False), region("F", "M", included=False), Level.MAJOR),
        (region("F", "M", included=False), region("F", included=False), Level.MINOR),
        (
            region("F"),
            region("F", more=(MemberSelection(component="FREQ", values=(SelectedValue("A"),)),)),
            Level.MAJOR,
        ),
        (region(), region("F"), Level.MAJOR),
    ],
)
def test_a_constraint_that_allows_less_breaks_and_one_that_allows_more_does_not(
    old: Artefact, new: Artefact, level: Level
) -> None:
    assert highest(compare(old, new)) is level


def tree(*categories: Category) -> CategoryScheme:
    return CategoryScheme(agency="MADE_UP", id="C", categories=categories)


def test_a_branch_that_moves_is_one_change_however_much_hangs_on_it() -> None:
    leaf = Category(id="A1", categories=(Category(id="A11"), Category(id="A12")))
    old = tree(Category(id="A", categories=(leaf,)), Category(id="B"))
    new = tree(Category(id="A"), Category(id="B", categories=(leaf,)))
    (change,) = compare(old, new)
    assert (change.action, change.where) == (Action.MOVED, "B.A1")
    assert change.words.best("fr") == "catégorie B.A1 déplacée : sous A → sous B"


def test_what_changes_in_a_branch_that_moved_is_told_too() -> None:
    old = tree(Category(id="A", categories=(Category(id="A1", names=Text.of(en="x")),)))
    new = tree(Category(id="A"), Category(id="A1", names=Text.of(en="y")))
    assert said(old, new) == ["MAJOR category A1 moved: under A → at the top", "PATCH category A1: name (en) “x” → “y”"]


def test_codes_of_a_hierarchy_are_told_by_their_place() -> None:
    code = HierarchicalCode(id="M", code=replace(SEX.urn, item="M"))
    old = Hierarchy(agency="MADE_UP", id="H", codes=(HierarchicalCode(id="T", code=replace(SEX.urn, item="_T")),))
    new = replace(old, codes=(replace(old.codes[0], codes=(code,)),))
    assert said(old, new) == ["MINOR hierarchical code T.M added"]
    assert said(new, old) == ["MAJOR hierarchical code T.M removed"]


def test_how_often_a_metadata_attribute_may_come_counts_by_direction() -> None:
    def msd(least: int, most: int | None) -> MetadataStructure:
        attribute = MetadataAttribute(id="X", concept=concept("NOTE"), min_occurs=least, max_occurs=most)
        return MetadataStructure(agency="MADE_UP", id="M", attributes=(attribute,))

    assert said(msd(0, 1), msd(1, 1)) == ["MAJOR metadata attribute X: occurrences at least 0 → 1"]
    assert said(msd(1, 1), msd(0, None)) == [
        "MINOR metadata attribute X: occurrences at least 1 → 0",
        "MINOR metadata attribute X: occurrences at most 1 → no limit",
    ]


def test_rows_of_a_map_are_patches() -> None:
    row = ValueMapping(sources=(MappedValue("A"),), targets=("B",))
    old = RepresentationMap(agency="MADE_UP", id="RM", mappings=(row,))
    assert said(old, replace(old, mappings=(replace(row, targets=("C",)),)))[0] == "PATCH row A, target value B removed"


def test_what_a_component_only_has_from_its_concept_is_the_concepts_change() -> None:
    def inherits(length: int) -> Artefact:
        values = Representation(max_length=length, is_inherited=True)
        return with_attribute(replace(STATUS, representation=values))

    assert compare(inherits(5), inherits(6)) == ()
    assert inherits(5) != inherits(6)


def test_artefacts_of_two_kinds_are_not_compared() -> None:
    with pytest.raises(StructureError, match="a Codelist and a ConceptScheme"):
        compare(SEX, CONCEPTS)


def test_a_list_that_has_not_arrived_yet_is_compared_like_any_other() -> None:
    later = deferred(replace(SEX, items=()), "items", lambda: SEX.items[:2])
    assert said(SEX, later) == ["MAJOR code F removed"]


def test_many_changes_of_one_sort_are_counted_and_listed() -> None:
    many = with_items(*(Code(id=f"C{number}") for number in range(14)))
    assert list(told(compare(with_items(), many))) == [
        (Level.MINOR, "14 codes added: C0, C1, C2, C3, C4, C5, C6, C7, C8, C9 and 4 more")
    ]
    assert list(told(compare(many, with_items()), "fr")) == [
        (Level.MAJOR, "14 codes retirés : C0, C1, C2, C3, C4, C5, C6, C7, C8, C9 et 4 autres")
    ]


def test_thirty_five_thousand_codes_are_compared_in_a_moment() -> None:
    import time

    old = with_items(*(Code(id=f"C{n}", names=Text.of(fr=f"Commune {n}")) for n in range(35_000)))
    new = with_items(
        *(replace(code, names=Text.of(fr=code.id)) if code.id.endswith("7") else code for code in old.items)
    )
    start = time.perf_counter()
    changes = compare(old, new)
    assert time.perf_counter() - start < 3
    assert len(changes) == 3_500


@pytest.mark.parametrize(
    ("before", "after", "level"),
    [
        ("1.2.0", "1.2.1", Level.PATCH),
        ("1.2.1", "1.2.0", Level.PATCH),
        ("1.2.0", "1.3.0", Level.MINOR),
        ("1.3.0", "1.2.0", Level.MAJOR),
        ("1.2.0", "2.0.0", Level.MAJOR),
        ("1.2.0", "1.2.0+", Level.PATCH),
        ("1.2.0", "1.2+.0", Level.MINOR),
        ("1.2.0", "1+.2.0", Level.MAJOR),
        ("1.2+.0", "1.2.0", Level.MINOR),
        ("1.0", "1.1", Level.MINOR),
    ],
)
def test_another_version_of_what_is_referred_to_counts_as_the_guidelines_say(
    before: str, after: str, level: Level
) -> None:
    def one(version: str) -> Urn:
        return Urn(Kind.CODELIST, "A", "CL", version)

    assert level_of_reference(one(before), one(after)) is level


@pytest.mark.parametrize(
    ("version", "level", "expected"),
    [
        ("1.2.3", Level.PATCH, "1.2.4"),
        ("1.2.3", Level.MINOR, "1.3.0"),
        ("1.2.3", Level.MAJOR, "2.0.0"),
        ("1.9", Level.MINOR, "1.10"),
        ("1.2", Level.PATCH, "1.3"),
        ("1.2", Level.MAJOR, "2.0"),
        ("3", Level.MINOR, "4"),
    ],
)
def test_the_next_version_follows_from_how_much_changed(version: str, level: Level, expected: str) -> None:
    assert next_version(version, level) == expected


def test_two_collections_are_compared_by_name_and_then_by_version() -> None:
    newer = replace(SEX, version="1.1", items=(*SEX.items, Code(id="X")))
    (revised, come, gone) = differences([SEX, FLOW], [newer, CONCEPTS])
    assert (revised.old, revised.new, revised.wanted) == (SEX, newer, "1.1")
    assert (come.old, come.new) == (None, CONCEPTS)
    assert (gone.old, gone.new, gone.level) == (FLOW, None, None)
    assert revised.as_dict()["changes"][0]["words"] == {"fr": "code X ajouté", "en": "code X added"}


def _pair(kind: Kind, form: Form) -> st.SearchStrategy[tuple[Artefact, Artefact]]:
    one = ARTEFACTS[kind](form)
    return st.tuples(one, one)


def _ours(value: Any) -> Any:
    """A value without what identifies it and what it only has from a concept: what is compared."""
    if isinstance(value, Representation) and value.is_inherited:
        return "inherited"
    if isinstance(value, tuple):
        return tuple(map(_ours, value))
    if not is_dataclass(value) or isinstance(value, Urn | type):
        return value
    skipped = {"agency", "id", "version"} if isinstance(value, Maintainable) else set()
    return type(value).__name__, *(_ours(getattr(value, f.name)) for f in fields(value) if f.name not in skipped)


@pytest.mark.parametrize("kind", sorted(ARTEFACTS))
@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_there_is_a_change_to_tell_exactly_when_something_is_said_otherwise(kind: Kind, data: st.DataObject) -> None:
    form = data.draw(st.sampled_from([Form.ML_2_1, Form.ML_3_1]))
    try:
        old, new = data.draw(_pair(kind, form))
    except KeyError:
        return
    assert compare(old, old) == ()
    changes = compare(old, new)
    assert bool(changes) is (_ours(old) != _ours(new))
    assert all(change.words.best("fr") and change.words.best("en") for change in changes)


def _classes(of: type, seen: dict[type, None]) -> Iterator[type]:
    if of in seen:
        return
    seen[of] = None
    yield of
    for hint in get_type_hints(of).values():
        for each in _named(hint):
            yield from _classes(each, seen)


def _named(hint: Any) -> Iterator[type]:
    if isinstance(hint, type) and is_dataclass(hint) and hint is not Urn:
        yield hint
    for argument in typing.get_args(hint):
        yield from _named(argument)


def _all_classes() -> list[type]:
    seen: dict[type, None] = {}
    artefacts = [of for of in _subclasses(Maintainable) if "KIND" in vars(of)]
    for of in artefacts:
        for base in getattr(of, "__orig_bases__", ()):
            for argument in typing.get_args(base):
                if isinstance(argument, type):
                    list(_classes(argument, seen))
        list(_classes(of, seen))
    return sorted(seen, key=lambda of: of.__name__)


def _subclasses(of: type) -> Iterator[type]:
    for each in of.__subclasses__():
        yield each
        yield from _subclasses(each)


@pytest.mark.parametrize("of", _all_classes(), ids=lambda of: of.__name__)
def test_every_field_of_the_model_has_words(of: type) -> None:
    if of.__name__ in {*WHOLE, "Text"}:
        return
    if of is Representation:
        assert {f.name for f in fields(of)} <= {*FACETS, "is_inherited"}
        return
    names = [base.__name__ for base in of.__mro__]
    told_of = {f.name for f in fields(of) if f.name not in {"id", "agency", "version"}}
    lacking = {name for name in told_of if not any(f"{base}.{name}" in PARTS for base in (*names, "*"))}
    assert not lacking


def test_no_words_are_left_over() -> None:
    classes = {of.__name__: of for of in _all_classes()}
    names = {base.__name__: base for of in classes.values() for base in of.__mro__}
    every = {f.name for of in classes.values() for f in dataclasses.fields(of)}
    for key in PARTS:
        of, name = key.split(".")
        assert name in every if of == "*" else name in {f.name for f in dataclasses.fields(names[of])}, key
    assert set(NOUNS) <= set(classes)


def test_an_annotation_that_says_something_else_is_shown() -> None:
    note_ = Annotation(type="SOURCE", title="other")
    assert said(SEX, replace(SEX, annotations=(note_,))) == [
        'PATCH annotation SOURCE: SOURCE, made up & "quoted" <here> → SOURCE, other'
    ]

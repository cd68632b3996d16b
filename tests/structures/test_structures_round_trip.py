"""Whatever the model can hold and a form can say comes back as it went, and is valid on the way.

Every class of the model is drawn, in every form that has it (:mod:`structures_strategies`): nothing drawn for a form may be refused
there, so that the promise is never kept by refusing. In any other form the same artefact is refused, with a reason, or comes
back as it went. And so is whatever else its fields can hold: odd texts, numbers that are none, references to anything.
"""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from metadata_samples import FORMS as METADATA_FORMS
from metadata_samples import metadata_sets
from structures_other_artefacts import ARTEFACTS
from structures_samples import (
    CONCEPTS,
    DOCUMENTED,
    EVERYTHING,
    FLOW,
    HEADER,
    SEX,
    VERSIONS,
    concept,
    schema_errors,
)
from structures_strategies import ABSENT, Strategy, altered, fields_inside
from test_structures_availability import answers
from test_structures_registrations import messages

from sdmx_gateway.errors import GatewayError, StructureError
from sdmx_gateway.structures import model, read_structures, write_structures, write_structures_reporting
from sdmx_gateway.structures.codec import json_message, xml_message
from sdmx_gateway.structures.codec.express import expressed
from sdmx_gateway.structures.codec.form import JSON, OF_3, XML, Form
from sdmx_gateway.structures.codec.registry import SHELVES, exists
from sdmx_gateway.structures.model import (
    Annotation,
    AnnotationUrl,
    Artefact,
    Categorisation,
    Codelist,
    Concept,
    DataType,
    Hierarchy,
    Kind,
    Level,
    Link,
    MetadataAttribute,
    MetadataStructure,
    Representation,
    SentinelValue,
    Text,
    Urn,
)
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


def as_said(value: Any) -> Any:
    """What a message says of a value: what has no name is called by its id, and values that are the concept's are not repeated."""
    if isinstance(value, tuple):
        return tuple(map(as_said, value))
    if not dataclasses.is_dataclass(value) or isinstance(value, type | Urn | Text):
        return value
    if isinstance(value, Representation) and value.is_inherited:
        return Representation(is_inherited=True)
    fields = {field.name: as_said(getattr(value, field.name)) for field in dataclasses.fields(value)}
    called = fields.get("value") if isinstance(value, SentinelValue) else fields.get("id")
    has_names = isinstance(value, model.Nameable | model.Maintainable | SentinelValue)
    if has_names and not value.names and isinstance(called, str):
        fields["names"] = Text.of(en=called)
    return type(value)(**fields)


def assert_refused_with_a_reason_or_kept(artefact: Artefact, form: Form) -> None:
    """Nothing in between: no exception but the one that tells why, and no difference that is not told."""
    refused = [problem.code for problem in unwritable(expressed(artefact, form), form)]
    assert set(refused) <= DOCUMENTED
    if not refused:
        message = written(artefact, form)
        assert schema_errors(message, form) == [], message.decode()
        assert read_structures(message) == (as_said(artefact),), message.decode()
    try:
        message, notes = write_structures_reporting([artefact], form, HEADER)
    except StructureError:
        return
    assert not refused or notes, "it is written otherwise, and nothing told"
    assert schema_errors(message, form) == [], message.decode()
    read_structures(message)


@pytest.mark.parametrize("kind", KINDS)
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=SLOW,
)
@given(data=st.data())
def test_whatever_an_artefact_holds_is_refused_with_a_reason_or_kept(kind: Kind, data: st.DataObject) -> None:
    forms = [form for form in Form if exists(kind, form)]
    artefact = data.draw(altered(ARTEFACTS[kind](data.draw(st.sampled_from(forms)))))
    try:
        _ = artefact.urn
    except StructureError:
        return  # it has no name to be called by
    assert_refused_with_a_reason_or_kept(artefact, data.draw(st.sampled_from(forms)))


NUMBERED = Representation(data_type=DataType.ALPHA, sentinels=(SentinelValue(value="-9", names=Text.of(en="unknown")),))
ONCE_LOST: dict[str, Artefact] = {
    "sentinels of a concept": replace(
        CONCEPTS, items=(Concept(id="A", names=Text.of(en="a"), representation=NUMBERED),)
    ),
    "a note that ends with a line": replace(SEX, annotations=(Annotation(title="a\n"),)),
    "a text of a line break": replace(SEX, annotations=(Annotation(type="\n", text=Text.of(en="\r")),)),
    "an address of a blank": replace(SEX, annotations=(Annotation(url="\xa0"),)),
    "an empty text": replace(SEX, annotations=(Annotation(text=Text((("en", ""), ("fr", "x")))),)),
    "an address that is not the first": replace(
        SEX, annotations=(Annotation(more_urls=(AnnotationUrl("https://example.org/a"),)),)
    ),
    "a language in capitals": replace(SEX, links=(Link(rel="a", url="https://example.org/a", language="AA"),)),
    "a dimension of a dataflow": Categorisation(
        agency="A", id="C", names=Text.of(en="c"), source=replace(FLOW.urn, item="A", item_class="Dimension"),
        target=Urn(Kind.CATEGORY_SCHEME, "A", "S", "1.0", "X"),
    ),
    "a level without number": Hierarchy(
        agency="A", id="H", names=Text.of(en="h"),
        level=Level(id="L", coding=Representation(min_value=Decimal("NaN"))),
    ),
    "more than can be counted": MetadataStructure(
        agency="A", id="M", names=Text.of(en="m"),
        attributes=(MetadataAttribute(id="A", concept=concept("NOTE"), max_occurs=2**63),),
    ),
    "a number of 400 digits": replace(
        CONCEPTS, items=(Concept(id="A", representation=Representation(max_value=Decimal("1E+400"))),)
    ),
    "a moment without minute": replace(SEX, valid_from=datetime(2024, 1, 1, tzinfo=UTC), valid_to=datetime(2024, 1, 1)),  # noqa: DTZ001
}  # fmt: skip
"""What was written and read back otherwise, or broke the writer, before it was looked for; each as small as it gets."""


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("artefact", ONCE_LOST.values(), ids=ONCE_LOST)
def test_what_was_lost_once_is_refused_with_a_reason_or_kept(artefact: Artefact, form: Form) -> None:
    assert_refused_with_a_reason_or_kept(artefact, form)


def test_a_text_between_line_breaks_is_refused_in_xml_and_kept_in_json() -> None:
    noted = replace(SEX, annotations=(Annotation(title="\nlaid out\n"),))
    for form in XML:
        assert "line break" in "; ".join(reasons(noted, form))
    for form in JSON:
        assert read_structures(write_structures([noted], form, HEADER)) == (noted,)


def test_a_message_of_nothing_is_read_as_nothing() -> None:
    for form in Form:
        assert read_structures(write_structures([], form, HEADER)) == ()


CLASSES = sorted({None, *(name for kind in Kind for name in kind.item_classes)}, key=str)
FIXED_IDS = {
    Kind.AGENCY_SCHEME: "AGENCIES",
    Kind.DATA_PROVIDER_SCHEME: "DATA_PROVIDERS",
    Kind.DATA_CONSUMER_SCHEME: "DATA_CONSUMERS",
    Kind.METADATA_PROVIDER_SCHEME: "METADATA_PROVIDERS",
}


@pytest.mark.parametrize("kind", Kind)
def test_a_reference_to_any_class_is_refused_or_comes_back_as_it_went(kind: Kind) -> None:
    whole = Urn(kind, "A", FIXED_IDS.get(kind, "X"), "1.0")
    kept = 0
    for named in (whole, *(replace(whole, item="I", item_class=item_class) for item_class in CLASSES)):
        target = Urn(Kind.CATEGORY_SCHEME, "A", "S", "1.0", "X")
        held = Categorisation(agency="A", id="C", names=Text.of(en="c"), source=named, target=target)
        for form in Form:
            if not reasons(held, form):
                kept += 1
                assert read_structures(written(held, form)) == (held,)
    assert kept > 0 or kind in NOT_REFERRED_TO


NOT_REFERRED_TO = {Kind.GEOGRAPHIC_CODELIST, Kind.GEO_GRID_CODELIST}
"""Which are referred to as code lists."""


@cache
def classes() -> dict[str, type[Any]]:
    """The classes of the model that values are of, by name: those no other is derived from, and codes. A text has no fields to miss."""
    modules = [
        importlib.import_module(found.name) for found in pkgutil.iter_modules(model.__path__, f"{model.__name__}.")
    ]
    found = [
        each
        for module in modules
        for each in vars(module).values()
        if getattr(each, "__module__", "") == module.__name__
    ]
    held = [each for each in found if isinstance(each, type) and dataclasses.is_dataclass(each) and each is not Text]
    above = {parent for each in held for parent in each.__mro__[1:]} - {model.Code}
    return {each.__name__: each for each in held if each not in above}


def places(cls: type[Any]) -> Iterator[tuple[str, str]]:
    """The class and name of each field of values of a class, and of those inside them."""
    waiting, seen = [cls], {cls}
    while waiting:
        each = waiting.pop()
        if each.__name__ in classes():
            yield from ((each.__name__, field.name) for field in dataclasses.fields(each))
        hints = list(get_type_hints(each).values()) if dataclasses.is_dataclass(each) else []
        parents = list(getattr(each, "__orig_bases__", ()))
        while hints or parents:
            hint = (hints or parents).pop()
            hints += get_args(hint)
            if isinstance(hint, type) and dataclasses.is_dataclass(hint) and hint not in seen:
                seen.add(hint)
                waiting.append(hint)


FLAT = (
    model.Agency, model.DataProvider, model.DataConsumer, model.MetadataProvider, model.CustomType, model.NamePersonalisation,
    model.Ruleset, model.Transformation, model.UserDefinedOperator, model.VtlMapping,
)  # fmt: skip
"""Items that lie under no other."""
NOWHERE = {
    ("MetadataConstraint", "role"),
    ("MetadataSet", "is_final"),
    ("MetadataSet", "set_id"),
    *((each.__name__, "parent") for each in FLAT),
    *((kind.value, "version") for kind in FIXED_IDS),
    *((kind.value, "is_partial_language") for kind in KINDS if not any(exists(kind, form) for form in OF_3)),
}
"""What no form that is written has a place for: it is fixed, or only messages of SDMX 2.1 about metadata say it."""


FEW = 25
"""How many values of a kind are looked at in a round."""
ROUNDS = 12
"""After so many a field that is not seen is one that is not drawn."""


def see(strategy: Strategy, wanted: set[tuple[str, str]], number: int) -> None:
    """Take out of what is wanted the fields that are drawn with something in them, the same ones whenever it is asked."""

    @seed(number)
    @settings(
        max_examples=FEW,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def look(value: Any) -> None:
        for _, cls, name, held in fields_inside(value):
            if held != defaults(cls)[name]:
                wanted.discard((cls.__name__, name))

    if wanted:
        look()


@cache
def defaults(cls: type[Any]) -> dict[str, Any]:
    return {field.name: field.default for field in dataclasses.fields(cls)}


def test_every_field_of_every_class_of_the_model_is_drawn_with_something_in_it() -> None:
    missing = {(name, field.name) for name, each in classes().items() for field in dataclasses.fields(each)} - NOWHERE
    drawn = {kind: st.one_of([ARTEFACTS[kind](form) for form in Form if exists(kind, form)]) for kind in KINDS}
    drawn[Kind.METADATA_SET] = st.one_of(list(map(metadata_sets, METADATA_FORMS)))
    by_kind = {getattr(each, "KIND", None): each for each in classes().values()}
    for number in range(ROUNDS):
        for kind, strategy in drawn.items():
            wanted = missing & set(places(by_kind[kind]))
            missing -= wanted
            see(strategy, wanted, number)
            missing |= wanted
        for strategy in (messages, answers):
            see(strategy, missing, number)
    assert missing == set()


def test_what_no_form_has_a_place_for_is_refused_in_every_form() -> None:
    assert {place for place, forms in ABSENT.items() if forms == frozenset(Form)} <= NOWHERE
    for item in FLAT:
        scheme = next(
            each for each in classes().values() if item in get_args(getattr(each, "__orig_bases__", (None,))[0])
        )
        fixed = FIXED_IDS.get(scheme.KIND)
        needed = [f.name for f in dataclasses.fields(item) if f.default is dataclasses.MISSING and f.name != "id"]
        items = tuple(
            item(id=own, parent=above, **dict.fromkeys(needed, own)) for own, above in (("A", None), ("B", "A"))
        )
        held = scheme(agency="A", id=fixed or "S", names=Text.of(en="s"), items=items)
        assert all("parent" in "; ".join(reasons(held, form)) for form in Form if exists(held.KIND, form))
        if fixed is not None:
            held = scheme(agency="A", id=fixed, version="1.1", names=Text.of(en="s"))
            assert all(reasons(held, form) for form in Form)


def test_every_kind_of_artefact_is_drawn() -> None:
    assert set(ARTEFACTS) == set(KINDS)


def test_only_fields_there_are_are_absent_from_a_form() -> None:
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

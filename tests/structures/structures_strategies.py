"""Strategies for every class of the model: any artefact a form can say, small, with awkward texts in every place.

A class is filled field by field (:func:`filled`): from what is given here where a field has a meaning of its own, from its name
where that says enough (``names``, ``annotations``…), else from its type. So a field that is added to the model is drawn, and
tested, without a word here; and what a form does not have is the one thing that is listed: in :data:`ABSENT`.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from structures_values import (
    addresses,
    agencies,
    annotations,
    decimals,
    durations,
    ids,
    links,
    maybe_moments,
    maybe_texts,
    maybe_words,
    names,
    odd_decimals,
    odd_moments,
    odd_texts,
    odd_translations,
    odd_urns,
    odd_wholes,
    optional,
    standard_periods,
    texts,
    urns,
    versions,
    whole,
    whole_decimals,
    words,
)

from sdmx_gateway.errors import StructureError
from sdmx_gateway.structures import model as m
from sdmx_gateway.structures.codec.artefacts.formats import TIMES
from sdmx_gateway.structures.codec.form import EVERY, JSON, OF_2_1, OF_3, OF_3_1, XML, Form
from sdmx_gateway.structures.model import DataType, Kind, Representation, Text, Urn

Strategy = st.SearchStrategy[Any]
ABSENT: dict[tuple[str, str], frozenset[Form]] = {
    ("Maintainable", "is_partial_language"): EVERY - OF_3_1,
    ("Group", "links"): XML,
    ("Contact", "id"): frozenset({Form.JSON_1_0}),
    ("Codelist", "extensions"): OF_2_1,
    ("Categorisation", "version"): frozenset({Form.ML_3_1}),
    ("Dataflow", "dimensions"): EVERY - OF_3_1,
    ("DataStructure", "is_evolving"): EVERY - OF_3_1,
    ("DataStructure", "metadata"): OF_2_1,
    ("DataStructure", "metadata_usages"): OF_2_1,
    ("Measure", "roles"): OF_2_1,
    ("Attribute", "measures"): OF_2_1,
    ("Group", "attachment_constraint"): OF_3,
    ("Metadataflow", "targets"): OF_2_1,
    ("MetadataStructure", "attributes"): OF_2_1,
    ("MetadataStructure", "targets"): OF_3,
    ("MetadataStructure", "reports"): OF_3,
    ("HierarchicalCode", "alias"): OF_3,
    ("HierarchicalCode", "code_id"): OF_3,
    ("HierarchicalCode", "code_version"): OF_3,
    ("DataConstraint", "calendar"): OF_3_1,
    ("MetadataConstraint", "calendar"): OF_3_1,
    ("DataConstraint", "role"): OF_3_1,
    ("MetadataConstraint", "role"): EVERY,  # always Allowed
}
"""The fields a form has no place for."""
DEPTH = 2


def filled(cls: type, form: Form, /, **given: Strategy) -> Strategy:
    """Any value of a class; ``given``: how some of its fields are drawn."""
    hints = _hints(cls)
    drawn = {}
    for field in dataclasses.fields(cls):
        strategy = given.get(field.name)
        if _is_absent(cls, field.name, form):
            continue
        drawn[field.name] = strategy if strategy is not None else _by_name(cls, field.name, hints[field.name], form)
    return st.builds(cls, **drawn)


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _is_absent(cls: type, name: str, form: Form) -> bool:
    return any(form in ABSENT.get((each.__name__, name), ()) for each in cls.__mro__)


def _by_name(cls: type, name: str, hint: Any, form: Form) -> Strategy:
    by_name: dict[str, Strategy] = {
        "names": texts,
        "descriptions": maybe_texts,
        "annotations": annotations(form),
        "links": links(form),
        "uri": optional(addresses(form)),
        "structure_url": optional(addresses(form)),
        "service_url": optional(addresses(form)),
        "valid_from": maybe_moments,
        "valid_to": maybe_moments,
        "agency": agencies,
        "version": versions(form),
        "id": ids,
    }
    if name in by_name and (name != "version" or issubclass(cls, m.Maintainable)):
        strategy = by_name[name]
        return optional(strategy) if name == "id" and type(None) in get_args(hint) else strategy
    return _by_type(hint, form, f"{cls.__name__}.{name}")


def _by_type(hint: Any, form: Form, place: str) -> Strategy:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        inner = next(each for each in arguments if each is not type(None))
        return optional(_by_type(inner, form, place))
    if origin is tuple and arguments[1:] == (...,):
        return st.lists(_by_type(arguments[0], form, place), max_size=2).map(tuple)
    plain: dict[Any, Strategy] = {str: words, bool: st.booleans(), int: whole, Text: maybe_texts}
    if hint in plain:
        return plain[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    if hint in STRATEGIES:
        return st.deferred(lambda: of(hint, form))
    raise LookupError(f"{place} has a type no strategy is for: {hint}")


@cache
def of(cls: type, form: Form) -> Strategy:
    """Any value of a class that a form can say."""
    return STRATEGIES[cls](form)


STRATEGIES: dict[type, Callable[[Form], Strategy]] = {}


def strategy(cls: type) -> Callable[[Callable[[Form], Strategy]], Callable[[Form], Strategy]]:
    """Say how a class is drawn."""

    def said(function: Callable[[Form], Strategy]) -> Callable[[Form], Strategy]:
        STRATEGIES[cls] = function
        return function

    return said


def items(cls: type, form: Form, own_ids: Strategy, *, with_parents: bool, **given: Strategy) -> Strategy:
    """Items with ids of their own, parents before what lies under them."""

    @st.composite
    def listed(draw: st.DrawFn) -> tuple[Any, ...]:
        made: list[Any] = []
        for item_id in draw(st.lists(own_ids, unique=True, max_size=3)):
            parents = [None, *(item.id for item in made)] if with_parents else [None]
            fields = {"id": st.just(item_id), "parent": st.sampled_from(parents), **given}
            made.append(draw(filled(cls, form, **fields)))
        return tuple(made)

    return listed()


SIMPLE = frozenset(DataType) - {
    DataType.XHTML, DataType.KEY_VALUES, DataType.IDENTIFIABLE_REFERENCE, DataType.DATA_SET_REFERENCE,
    DataType.ATTACHMENT_CONSTRAINT_REFERENCE,
}  # fmt: skip
CODED = SIMPLE - {
    DataType.DECIMAL, DataType.DOUBLE, DataType.FLOAT, DataType.DATE_TIME, DataType.TIME_RANGE, DataType.TIME,
    DataType.GEOSPATIAL_INFORMATION,
}  # fmt: skip


def data_types(form: Form, of_them: frozenset[DataType]) -> Strategy:
    new = {DataType.GEOSPATIAL_INFORMATION} if form in OF_2_1 else {DataType.ATTACHMENT_CONSTRAINT_REFERENCE}
    return st.sampled_from(sorted(of_them - new))


def sentinels(form: Form) -> Strategy:
    sentinel = st.builds(m.SentinelValue, value=words, names=texts, descriptions=maybe_texts)
    return st.lists(sentinel, max_size=2).map(tuple) if form in OF_3 else st.just(())


def facets(form: Form, *, multilingual: bool, coded: bool = False, is_dimension: bool = False) -> dict[str, Strategy]:
    numbers = whole_decimals if coded else decimals
    return {
        "max_length": optional(whole),
        "min_length": optional(whole),
        "is_sequence": optional(st.booleans()),
        "interval": optional(whole_decimals if is_dimension and form in JSON & OF_3 else numbers),
        "start_value": optional(numbers),
        "end_value": optional(numbers),
        "time_interval": optional(durations),
        "start_time": optional(standard_periods),
        "end_time": optional(standard_periods),
        "min_value": optional(numbers),
        "max_value": optional(numbers),
        "decimals": st.none() if coded else optional(whole),
        "pattern": maybe_words,
        "is_multilingual": optional(st.booleans()) if multilingual else st.none(),
        "sentinels": st.just(()) if coded else sentinels(form),
    }


def representations(
    form: Form,
    types: frozenset[DataType],
    lists: tuple[Kind, ...],
    *,
    inherits: bool = True,
    occurs: bool = False,
    is_dimension: bool = False,
) -> Strategy:
    """What a component may take: text, codes, what its concept says."""
    several = (
        {"max_occurs": st.sampled_from([1, 2, None]), "min_occurs": st.integers(0, 2)}
        if occurs and form in OF_3
        else {}
    )
    text = st.builds(
        Representation,
        data_type=data_types(form, types),
        **facets(form, multilingual=DataType.XHTML in types, is_dimension=is_dimension),
        **several,
    )
    coded = st.builds(
        Representation,
        codelist=urns(form, *lists),
        data_type=data_types(form, CODED),
        **facets(form, multilingual=False, coded=True),
        **several,
    )
    plain = st.builds(Representation, codelist=urns(form, *lists))
    return st.one_of(text, coded, plain, *([st.just(Representation(is_inherited=True))] if inherits else []))


BASIC = SIMPLE | {DataType.XHTML}


def lists_of(form: Form) -> tuple[Kind, ...]:
    return (Kind.CODELIST,) if form in OF_2_1 else (Kind.CODELIST, Kind.VALUE_LIST)


def times(form: Form) -> Strategy:
    return st.builds(
        Representation,
        data_type=st.sampled_from(sorted(TIMES)),
        start_time=optional(standard_periods),
        end_time=optional(standard_periods),
        sentinels=sentinels(form),
    )


def name_or_id(form: Form) -> Strategy:
    return names if form in JSON else ids


def fixed_id(kind: Kind, own_id: str, form: Form) -> dict[str, Strategy]:
    final = st.just(False) if form is Form.ML_2_1 else st.booleans()
    return {"id": st.just(own_id), "version": st.just("1.0"), "is_final": final}


ODD: dict[Any, Strategy] = {
    str: odd_texts,
    bool: st.booleans(),
    int: odd_wholes,
    Decimal: odd_decimals,
    datetime: odd_moments,
    Urn: odd_urns(),
    Text: odd_translations,
}


def anything(hint: Any) -> Strategy | None:
    """Whatever Python lets a field of that type hold; ``None`` for what is a class of the model."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in ODD:
        return ODD[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    inside = [each for each in map(anything, arguments) if each is not None]
    if origin in (Union, types.UnionType):
        return st.one_of(st.none(), *inside) if type(None) in arguments else st.one_of(inside)
    if origin is tuple and inside:
        is_long = arguments[1:] == (...,)
        return st.lists(inside[0], max_size=3).map(tuple) if is_long else st.tuples(*inside)
    return None


Way = tuple[str | int, ...]


def fields_inside(value: Any, way: Way = ()) -> Iterator[tuple[Way, type, str, Any]]:
    """Every field of a value and of the values inside it: the way to it, its class, its name, what it holds."""
    if isinstance(value, tuple):
        for number, each in enumerate(value):
            yield from fields_inside(each, (*way, number))
    elif dataclasses.is_dataclass(value) and not isinstance(value, Urn | Text | type):
        for field in dataclasses.fields(value):
            held = getattr(value, field.name)
            yield (*way, field.name), type(value), field.name, held
            yield from fields_inside(held, (*way, field.name))


def with_another(value: Any, way: Way, new: Any) -> Any:
    """A value with something else at the end of a way."""
    if not way:
        return new
    step, *further = way
    if isinstance(step, int):
        return (*value[:step], with_another(value[step], tuple(further), new), *value[step + 1 :])
    return dataclasses.replace(value, **{step: with_another(getattr(value, step), tuple(further), new)})


@st.composite
def altered(draw: st.DrawFn, artefacts: Strategy) -> Any:
    """An artefact with one or two fields changed to whatever they can hold: values out of order, twice, none, and odd ones."""
    artefact = draw(artefacts)
    for _ in range(draw(st.integers(1, 2))):
        way, cls, name, held = draw(st.sampled_from(list(fields_inside(artefact))))
        hint = _hints(cls)[name]
        odd = anything(hint)
        ways = [st.just(held)] if odd is None else [odd]
        if isinstance(held, tuple) and held:
            ways += [st.just((*held, held[0])), st.just(held[::-1]), st.just(())]
        new = draw(st.one_of(ways))
        try:
            artefact = with_another(artefact, way, new)
        except StructureError:
            continue  # which the model itself refuses to hold
    return artefact

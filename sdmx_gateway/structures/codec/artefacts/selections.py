"""What regions and keys of constraints select: values of components, ranges of time (SDMXStructureConstraint, SDMXCommon of 2.1).

The schemas restrict one type in many ways: whether values may cascade, have a language or be valid for a time depends on
where they stand. Each way is a description of :class:`MemberSelection` here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from sdmx_gateway.structures.codec.artefacts.common import ANNOTATIONS
from sdmx_gateway.structures.codec.artefacts.schemes import CASCADE
from sdmx_gateway.structures.codec.description import COMMON, Description, Part
from sdmx_gateway.structures.codec.form import EVERY, JSON, OF_2_1, OF_3, OF_3_1, XML, Form
from sdmx_gateway.structures.codec.language import TAG
from sdmx_gateway.structures.codec.nested import Nested, Variant
from sdmx_gateway.structures.codec.node import LANGUAGE, JsonNode
from sdmx_gateway.structures.codec.references import Reference
from sdmx_gateway.structures.codec.scalar import BOOLEAN, ID, NAME, NESTED_NAME, PERIOD, STANDARD_PERIOD
from sdmx_gateway.structures.codec.singles import Attr, Body, Leaf, Redundant
from sdmx_gateway.structures.model import constraints as m
from sdmx_gateway.structures.model.schemes import Cascade
from sdmx_gateway.structures.urn import Kind

JSON_1: Final = frozenset({Form.JSON_1_0})
NOT_JSON_1: Final = EVERY - JSON_1


def _validity(forms: frozenset[Form]) -> tuple[Part, ...]:
    return (
        Attr(field="valid_from", name="validFrom", json="validFrom", forms=forms, scalar=STANDARD_PERIOD),
        Attr(field="valid_to", name="validTo", json="validTo", forms=forms, scalar=STANDARD_PERIOD),
    )


VALIDITY: Final = _validity(OF_3)


def _value(*more: Part) -> Description:
    body = Body(field="value", json="value")
    return Description(m.SelectedValue, (body, *more), bare="value", writes_bare=OF_2_1 if more else EVERY)


_LANGUAGE: Final = Attr(field="language", name=LANGUAGE, json="lang", forms=OF_3, scalar=TAG)
_ANY_VALUE: Final = _value(CASCADE, _LANGUAGE, *VALIDITY)
"""SimpleComponentValueType."""
_KEY_VALUE: Final = _value(CASCADE, *VALIDITY)
"""CubeKeyValueType: no language."""
_LASTING_VALUE: Final = _value(CASCADE, _LANGUAGE)
"""DataComponentValueType: no time of validity."""
_BARE_VALUE: Final = _value()
"""SimpleKeyValueType: nothing but the value."""


BOUNDARY: Final = Description(
    m.Boundary,
    (
        Body(field="period", json="period", scalar=PERIOD),
        Attr(field="is_inclusive", name="isInclusive", json="isInclusive", scalar=BOOLEAN),
    ),
)


def _end(field: str, name: str, json: str) -> Nested:
    return Nested(field=field, variants=(Variant(name, json, BOUNDARY),), old_space=COMMON)


def _is_range(time: m.TimeRange, form: Form) -> Iterator[str]:  # noqa: ARG001
    ends = (time.before is not None, time.after is not None, time.start is not None, time.end is not None)
    if ends not in {(True, False, False, False), (False, True, False, False), (False, False, True, True)}:
        yield "a range is before something, after something, or from a start to an end"


TIME_RANGE: Final = Description(
    m.TimeRange,
    (
        _end("before", "BeforePeriod", "beforePeriod"),
        _end("after", "AfterPeriod", "afterPeriod"),
        _end("start", "StartPeriod", "startPeriod"),
        _end("end", "EndPeriod", "endPeriod"),
        *_validity((OF_3 & XML) | OF_3_1),
    ),
    rules=(_is_range,),
)


@dataclass(frozen=True, kw_only=True)
class ValuesOf1(Nested):
    """Values in SDMX-JSON 1.0: one list of those that stand for themselves, one of those that cascade.

    That a value does not cascade, which is the default, is not told apart there from nothing being said of it.
    """

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:  # noqa: ARG002
        """Both lists."""
        plain = [each.value for each in value if each.cascade is not Cascade.YES]
        cascading = [each.value for each in value if each.cascade is Cascade.YES]
        members.update({"values": plain} if plain else {}, **({"cascadeValues": cascading} if cascading else {}))

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """Both lists, those that cascade last."""
        found = [m.SelectedValue(each) for each in node.texts("values")]
        found += [m.SelectedValue(each, Cascade.YES) for each in node.texts("cascadeValues")]
        if found:
            values[self.field] = tuple(found)


def _values(of: Description) -> tuple[Part, ...]:
    variants = (Variant("Value", "values", of),)
    return (
        Nested(field="values", variants=variants, many=True, forms=NOT_JSON_1, old_space=COMMON),
        ValuesOf1(field="values", variants=variants, many=True, forms=JSON_1),
    )


_INCLUDE: Final = Attr(field="is_included", name="include", json="include", scalar=BOOLEAN, forms=NOT_JSON_1)
_INCLUDED: Final = Redundant(name="include", json="include", is_so=True)
_PREFIX: Final = Attr(field="remove_prefix", name="removePrefix", json="removePrefix", scalar=BOOLEAN, forms=OF_3)
_TIME: Final = Nested(field="time_range", variants=(Variant("TimeRange", "timeRange", TIME_RANGE),), old_space=COMMON)


def _one_way(selection: m.MemberSelection, form: Form) -> Iterator[str]:  # noqa: ARG001
    ways = (selection.values, selection.time_range, selection.objects, selection.data_sets, selection.data_keys)
    if sum(bool(way) for way in ways) > 1:
        yield "values are selected, or a range of time, but not both"


def _something(selection: m.MemberSelection, form: Form) -> Iterator[str]:
    ways = (selection.values, selection.time_range, selection.objects, selection.data_sets, selection.data_keys)
    if form.is_xml and not any(ways):
        yield f"{form} wants values or a range of time there"


def _one_value(selection: m.MemberSelection, form: Form) -> Iterator[str]:
    if not selection.values or (len(selection.values) > 1 and form not in OF_3_1):
        yield f"a key has one value of each component, or, in SDMX 3.1, several; {form} cannot say {len(selection.values)}"


CUBE_KEY: Final = Description(
    m.MemberSelection,
    (
        Attr(field="component", name="id", json="id", scalar=NAME),
        _INCLUDE,
        _PREFIX,
        *VALIDITY,
        *_values(_KEY_VALUE),
        _TIME,
    ),
    rules=(_one_way, _something),
)
"""CubeRegionKeyType."""


def _component(*values: Part, old_name: Any = NAME, time: bool = True) -> Description:
    return Description(
        m.MemberSelection,
        (
            Attr(field="component", name="id", json="id", scalar=old_name, forms=OF_2_1),
            Attr(field="component", name="id", json="id", scalar=NESTED_NAME, forms=OF_3),
            _INCLUDE,
            _PREFIX,
            *values,
            *((_TIME,) if time else ()),
        ),
        rules=(_one_way,),
    )


COMPONENT_VALUES: Final = _component(*_values(_ANY_VALUE))
"""ComponentValueSetType; AttributeValueSetType in 2.1."""
METADATA_COMPONENT: Final = _component(*_values(_ANY_VALUE), old_name=NESTED_NAME)
"""MetadataAttributeValueSetType."""


def values_of(of: Description) -> Nested:
    """Values of components that are no dimensions: ``Attribute`` in SDMX 2.1, ``Component`` from 3.0 on."""
    return Nested(
        field="components",
        variants=(
            Variant("Attribute", "attributes", of, forms=OF_2_1),
            Variant("Component", "components", of, forms=OF_3),
        ),
        many=True,
        old_space=COMMON,
    )


def _key_values(forms: frozenset[Form]) -> tuple[Part, ...]:
    one = (Variant("Value", "value", _BARE_VALUE, single=True),)
    several = (Variant("Value", "values", _BARE_VALUE),)
    with_list = OF_3_1 & JSON
    return (
        OneOrSeveral(field="values", variants=one, many=True, forms=forms & with_list),
        Nested(field="values", variants=one, many=True, forms=(forms & JSON) - with_list),
        Nested(field="values", variants=several, many=True, forms=forms - JSON, old_space=COMMON),
    )


@dataclass(frozen=True, kw_only=True)
class OneOrSeveral(Nested):
    """The value of a component in a key, or several: in SDMX-JSON 2.1 ``value`` or ``values``."""

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:  # noqa: ARG002
        """One of the two."""
        if len(value) == 1:
            members["value"] = value[0].value
        else:
            members["values"] = [each.value for each in value]

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """Whichever of the two there is."""
        found = [*node.texts("value"), *node.texts("values")]
        if found:
            values[self.field] = tuple(map(m.SelectedValue, found))


_DATA_KEY_VALUE: Final = Description(
    m.MemberSelection,
    (
        Attr(field="component", name="id", json="id", scalar=NAME),
        _INCLUDED,
        _PREFIX,
        *_key_values(EVERY),
    ),
    rules=(_one_value,),
)
"""DataKeyValueType."""
_KEY_COMPONENT: Final = _component(*_values(_LASTING_VALUE))
"""DataComponentValueSetType."""
DATA_KEY: Final = Description(
    m.DataKey,
    (
        replace(ANNOTATIONS, forms=OF_3),
        _INCLUDED,
        *VALIDITY,
        Nested(
            field="keys",
            variants=(Variant("KeyValue", "keyValues", _DATA_KEY_VALUE),),
            many=True,
            old_space=COMMON,
            needed=OF_2_1,
        ),
        Nested(
            field="components", variants=(Variant("Component", "components", _KEY_COMPONENT),), many=True, forms=OF_3
        ),
    ),
)
SET_REFERENCE: Final = Description(
    m.SetReference,
    (
        Reference(
            field="provider",
            name="DataProvider",
            json="dataProvider",
            kinds=(Kind.DATA_PROVIDER_SCHEME,),
            item=True,
            old_space=COMMON,
        ),
        Leaf(field="id", name="ID", json="id", scalar=ID, old_space=COMMON),
    ),
)


def _about(several: bool) -> tuple[Part, ...]:
    """What a target object is, in SDMX 2.1: values, data sets, keys or artefacts (MetadataTargetRegionKeyType)."""
    end = "s" if several else ""
    return (
        Nested(
            field="data_sets",
            variants=(Variant("DataSet", f"dataSet{end}", SET_REFERENCE, single=not several),),
            many=True,
            old_space=COMMON,
        ),
        Nested(
            field="data_keys",
            variants=(Variant("DataKey", f"dataKey{end}", DATA_KEY, single=not several),),
            many=True,
            old_space=COMMON,
        ),
        Objects(field="objects", name="Object", json=f"object{end}", many=True, old_space=COMMON),
    )


@dataclass(frozen=True, kw_only=True)
class Objects(Reference):
    """The artefacts a target object is; in the key of a set one only, which SDMX-JSON 1.0 writes without a list."""

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:
        """The URNs, or the URN."""
        super().to_json(members, value, form)
        if not self.json.endswith("s"):
            members[self.json] = str(value[0])


TARGET_KEY: Final = Description(
    m.MemberSelection,
    (
        Attr(field="component", name="id", json="id", scalar=NAME),
        replace(_INCLUDE, forms=frozenset({Form.ML_2_1})),
        Nested(field="values", variants=(Variant("Value", "values", _BARE_VALUE),), many=True, old_space=COMMON),
        *_about(several=True),
        _TIME,
    ),
    rules=(_one_way, _something),
)
"""MetadataTargetRegionKeyType (SDMX 2.1)."""


def _one_thing(selection: m.MemberSelection, form: Form) -> Iterator[str]:  # noqa: ARG001
    things = (selection.values, selection.objects, selection.data_sets, selection.data_keys)
    if sum(len(sort) for sort in things) != 1:
        yield "a key has one thing for each target object"


METADATA_KEY_VALUE: Final = Description(
    m.MemberSelection,
    (
        Attr(field="component", name="id", json="id", scalar=NAME),
        *_key_values(OF_2_1),
        *_about(several=False),
    ),
    rules=(_one_thing,),
)
"""MetadataKeyValueType (SDMX 2.1)."""

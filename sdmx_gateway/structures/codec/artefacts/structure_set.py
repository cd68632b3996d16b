"""The structure set of SDMX 2.1: maps of all sorts, kept together (SDMXStructureStructureSet)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from lxml import etree

from sdmx_gateway.errors import Problem
from sdmx_gateway.structures.codec.artefacts import formats
from sdmx_gateway.structures.codec.artefacts.common import ANNOTATIONS, NAMEABLE, maintainable
from sdmx_gateway.structures.codec.artefacts.maps import MAPPED, ORGANISATIONS
from sdmx_gateway.structures.codec.artefacts.values import TextFormat
from sdmx_gateway.structures.codec.description import Description, Part
from sdmx_gateway.structures.codec.form import OF_2_1, Form
from sdmx_gateway.structures.codec.nested import Nested, Variant
from sdmx_gateway.structures.codec.node import JsonNode, XmlNode
from sdmx_gateway.structures.codec.references import Local, Reference, tail
from sdmx_gateway.structures.codec.rules import no_two, none_twice
from sdmx_gateway.structures.codec.scalar import BOOLEAN, ID, NESTED_ID, STRING, worded
from sdmx_gateway.structures.codec.singles import Attr, Implied, Leaf, unfit
from sdmx_gateway.structures.model import maps as m
from sdmx_gateway.structures.model.maps import SetMapKind
from sdmx_gateway.structures.urn import Kind, Urn
from sdmx_gateway.structures.xml_guard import Element


def _is_value_type(text: str, form: Form) -> bool:  # noqa: ARG001
    return text in {"Value", "Name", "Description"}


_SET_MAPS: Final = {
    SetMapKind.ORGANISATION: ("OrganisationMap", ORGANISATIONS),
    SetMapKind.CATEGORY: ("CategoryMap", (Kind.CATEGORY_SCHEME,)),
    SetMapKind.CODELIST: ("CodeMap", (Kind.CODELIST,)),
    SetMapKind.CONCEPT: ("ConceptMap", (Kind.CONCEPT_SCHEME,)),
    SetMapKind.REPORTING: ("ReportingCategoryMap", (Kind.REPORTING_TAXONOMY,)),
    SetMapKind.HYBRID: ("HybridCodeMap", (Kind.CODELIST, Kind.HIERARCHICAL_CODELIST)),
}


_VALUE_TYPE: Final = replace(worded({word: word for word in ("Value", "Name", "Description")}), fits=_is_value_type)


def _lower(name: str) -> str:
    return f"{name[0].lower()}{name[1:]}s"


def _set_map(kind: SetMapKind) -> Variant:
    item, kinds = _SET_MAPS[kind]
    ref = {"class": kinds[0].item_classes[0], "package": kinds[0].package} if kind is SetMapKind.HYBRID else {}
    association = Description(
        m.Association,
        (
            ANNOTATIONS,
            Local(field="source", name="Source", json="source", ref=ref, scalar=NESTED_ID),
            Local(field="target", name="Target", json="target", ref=ref, scalar=NESTED_ID),
        ),
    )
    description = Description(
        m.SetItemMap,
        (
            *NAMEABLE,
            Implied(field="kind"),
            Reference(field="source", name="Source", json="source", kinds=kinds, item=False),
            Reference(field="target", name="Target", json="target", kinds=kinds, item=False),
            Nested(field="items", variants=(Variant(item, _lower(item), association),), many=True, needed=OF_2_1),
        ),
    )
    return Variant(kind.value, _lower(kind.value), description, lambda value: value.kind is kind, {"kind": kind})


@dataclass(frozen=True, kw_only=True)
class SetValues(Part):
    """The value map of a structure set: pairs of texts."""

    def to_xml(self, parent: Element, value: Any, form: Form) -> None:
        """``ValueMap`` with a ``ValueMapping`` for each pair."""
        holder = self.child(parent, form, "ValueMap")
        for source, target in value:
            element = self.child(holder, form, "ValueMapping")
            element.set("source", source)
            element.set("target", target)

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """Each pair."""
        inner = node.first("ValueMap")
        if inner is not None:
            found = inner.take("ValueMapping")
            values[self.field] = tuple((each.get("source", ""), each.get("target", "")) for each in found)

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:  # noqa: ARG002
        """A list of pairs."""
        members["valueMap"] = {"valueMappings": [{"source": s, "target": t} for s, t in value]}

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """Each pair."""
        for inner in node.objects("valueMap"):
            found = list(inner.objects("valueMappings"))
            values[self.field] = tuple(("".join(each.texts("source")), "".join(each.texts("target"))) for each in found)

    def losses(self, value: Any, form: Form, path: str) -> Iterator[Problem]:
        """Texts XML cannot carry."""
        for each in (text for pair in value for text in pair):
            if not STRING.fits(each, form):
                yield unfit(each, self.field, STRING.name, path)


def _one_way(mapping: m.SetRepresentation, form: Form) -> Iterator[str]:  # noqa: ARG001
    ways = (mapping.codelist_map, mapping.to_text, mapping.values or None)
    if sum(way is not None for way in ways) != 1 or (mapping.to_text is None) is not (mapping.to_value is None):
        yield "values are mapped in exactly one way: by a map, by values, or to a text with what it is taken from"


SET_REPRESENTATION: Final = Description(
    m.SetRepresentation,
    (
        Local(field="codelist_map", name="CodelistMap", json="codelistMap"),
        TextFormat(field="to_text", name="ToTextFormat", json="toTextFormat", taken=formats.ANY),
        Leaf(field="to_value", name="ToValueType", json="toValueType", scalar=_VALUE_TYPE),
        SetValues(field="values"),
    ),
    rules=(_one_way,),
)
_LISTS: Final = {
    "Dimension": "DimensionDescriptor",
    "MeasureDimension": "DimensionDescriptor",
    "TimeDimension": "DimensionDescriptor",
    "Attribute": "AttributeDescriptor",
    "ReportingYearStartDay": "AttributeDescriptor",
    "PrimaryMeasure": "MeasureDescriptor",
}
"""The list each component of a data structure lies in, by its class: their ids are fixed (SDMXStructureDataStructure.xsd)."""
_OTHERS: Final = frozenset(
    {
        "ConstraintTarget", "DataSetTarget", "IdentifiableObjectTarget", "DimensionDescriptorValuesTarget",
        "MetadataAttribute", "ReportPeriodTarget",
    }
)  # fmt: skip
"""The classes of components of metadata structures (ComponentTypeCodelistType), which lie in a report or a target."""


@dataclass(frozen=True, kw_only=True)
class MappedComponent(Part):
    """A component of the structure that is mapped: a ``Ref`` with its class and the list, report or target it lies in."""

    name: str
    json: str

    def to_xml(self, parent: Element, value: m.SetComponent, form: Form) -> None:
        """The element."""
        package = "datastructure" if value.item_class in _LISTS else "metadatastructure"
        container = _LISTS.get(value.item_class, value.container or "")
        said = {"id": value.id, "containerID": container, "class": value.item_class, "package": package}
        etree.SubElement(self.child(parent, form, self.name), "Ref", said)

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """What the element names."""
        inner = node.first(self.name)
        if inner is None:
            return
        ref, urn = inner.first("Ref"), inner.first("URN")
        if ref is None:
            values[self.field] = _component((inner if urn is None else urn).text.strip())
            return
        item_class = ref.attribute("class") or "Dimension"
        container = ref.attribute("containerID")
        own = None if item_class in _LISTS else container
        values[self.field] = m.SetComponent(ref.attribute("id") or "", item_class, own)

    def to_json(self, members: dict[str, Any], value: m.SetComponent, form: Form) -> None:  # noqa: ARG002
        """The URN, which :func:`component_urn` has made the id."""
        members[self.json] = value.id

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """What the URN names."""
        said = node.take(self.json)
        if said is not None:
            values[self.field] = _component(str(said))

    def losses(self, value: m.SetComponent, form: Form, path: str) -> Iterator[Problem]:
        """Ids that are none, classes that are none."""
        own_id = tail(value.id).removeprefix(f"{value.container}.") if form is Form.JSON_1_0 else value.id
        if not NESTED_ID.fits(own_id, form) or ("." in own_id and value.container is None):
            yield unfit(own_id, self.field, ID.name, path)
        is_known = value.item_class in _LISTS if value.container is None else value.item_class in _OTHERS
        if not is_known or (value.container is not None and not ID.fits(value.container, form)):
            yield unfit(value.item_class, self.field, "a component in a structure", path)


def component_urn(component: m.SetComponent, structure: Urn) -> m.SetComponent:
    """The component with its URN for an id, as SDMX-JSON 1.0 names it; of a flow the URN its structure's would have."""
    package = "datastructure" if component.item_class in _LISTS else "metadatastructure"
    path = component.id if component.container is None else f"{component.container}.{component.id}"
    text = f"urn:sdmx:org.sdmx.infomodel.{package}.{component.item_class}={structure.short}.{path}"
    return replace(component, id=text)


def _component(text: str) -> m.SetComponent:
    """The component a URN names, or a bare id."""
    if not text.startswith("urn:"):
        return m.SetComponent(text)
    item_class = text.partition("=")[0].rpartition(".")[2]
    container, _, own_id = tail(text).partition(".")
    if item_class in _OTHERS and own_id:
        return m.SetComponent(own_id, item_class, container)
    return m.SetComponent(tail(text), item_class)


SET_COMPONENT_MAP: Final = Description(
    m.SetComponentMap,
    (
        ANNOTATIONS,
        MappedComponent(field="source", name="Source", json="source"),
        MappedComponent(field="target", name="Target", json="target"),
        Nested(
            field="representation",
            variants=(Variant("RepresentationMapping", "representationMapping", SET_REPRESENTATION),),
        ),
    ),
)
SET_STRUCTURE_MAP: Final = Description(
    m.SetStructureMap,
    (
        *NAMEABLE,
        Attr(field="is_extension", name="isExtension", json="isExtension", scalar=BOOLEAN),
        Reference(field="source", name="Source", json="source", kinds=MAPPED, item=False),
        Reference(field="target", name="Target", json="target", kinds=MAPPED, item=False),
        Nested(
            field="components",
            variants=(Variant("ComponentMap", "componentMaps", SET_COMPONENT_MAP),),
            many=True,
            needed=OF_2_1,
        ),
    ),
)


def _kinds_and_ids(structure_set: m.StructureSet) -> list[str]:
    return [f"{each.kind.value} {each.id}" for each in structure_set.item_maps]


STRUCTURE_SET: Final = Description(
    m.StructureSet,
    (
        *maintainable(),
        Reference(
            field="related", name="RelatedStructure", json="relatedStructures", kinds=MAPPED, item=False, many=True
        ),
        Nested(field="item_maps", variants=tuple(_set_map(kind) for kind in SetMapKind), many=True),
        Nested(
            field="structure_maps", variants=(Variant("StructureMap", "structureMaps", SET_STRUCTURE_MAP),), many=True
        ),
    ),
    rules=(none_twice(_kinds_and_ids), no_two("structure_maps")),
)

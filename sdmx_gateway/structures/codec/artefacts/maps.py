"""Structure maps and representation maps, maps between item schemes (SDMXStructureStructureMappings)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.structures.codec.artefacts.common import ANNOTATIONS, OPTIONALLY_IDENTIFIED, maintainable
from sdmx_gateway.structures.codec.artefacts.values import LISTS
from sdmx_gateway.structures.codec.description import NOWHERE, Description, Part
from sdmx_gateway.structures.codec.form import JSON, OF_3, XML, Form
from sdmx_gateway.structures.codec.nested import Nested, Variant
from sdmx_gateway.structures.codec.node import JsonNode, XmlNode, name_of, words
from sdmx_gateway.structures.codec.referable import why_not
from sdmx_gateway.structures.codec.references import Reference, read_reference, write_reference
from sdmx_gateway.structures.codec.rules import no_two
from sdmx_gateway.structures.codec.scalar import BOOLEAN, DAY, ID, WHOLE, one_of
from sdmx_gateway.structures.codec.singles import Attr, Body, Leaf, unfit
from sdmx_gateway.structures.model import maps as m
from sdmx_gateway.structures.model.representation import DataType
from sdmx_gateway.structures.urn import Kind
from sdmx_gateway.structures.xml_guard import Element

MAPPED: Final = (Kind.DATA_STRUCTURE, Kind.METADATA_STRUCTURE, Kind.DATAFLOW, Kind.METADATAFLOW)
COMPONENT_MAP: Final = Description(
    m.ComponentMap,
    (
        ANNOTATIONS,
        Leaf(field="sources", name="Source", json="source", many=True, scalar=ID, needed=OF_3),
        Leaf(field="targets", name="Target", json="target", many=True, scalar=ID, needed=OF_3),
        Reference(
            field="representation_map",
            name="RepresentationMap",
            json="representationMap",
            kinds=(Kind.REPRESENTATION_MAP,),
            item=False,
        ),
    ),
)


def _one_side(fixed: m.FixedValueMap, form: Form) -> Iterator[str]:  # noqa: ARG001
    if (fixed.source is None) is (fixed.target is None):
        yield "a fixed value is of a component of the source or of the target"


FIXED: Final = Description(
    m.FixedValueMap,
    (
        ANNOTATIONS,
        Leaf(field="source", name="Source", json="source", scalar=ID),
        Leaf(field="target", name="Target", json="target", scalar=ID),
        Leaf(field="values", name="Value", json="values", many=True),
        Leaf(field="values", name="", json="value", many=True, forms=NOWHERE, reads=JSON),
    ),
    rules=(_one_side,),
)


@dataclass(frozen=True, kw_only=True)
class MappedComponents(Part):
    """The components of a date map, source and target by turns."""

    def to_xml(self, parent: Element, value: Any, form: Form) -> None:
        """``Source`` and ``Target`` for each."""
        for source, target in value:
            self.child(parent, form, "Source").text = source
            self.child(parent, form, "Target").text = target

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """Each source with its target."""
        sources = [words(each).strip() for each in node.take("Source")]
        targets = [words(each).strip() for each in node.take("Target")]
        values[self.field] = tuple(zip(sources, targets, strict=False))

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:  # noqa: ARG002
        """A list of pairs."""
        members["mappedComponents"] = [{"source": source, "target": target} for source, target in value]

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """Each pair."""
        found = list(node.objects("mappedComponents"))
        values[self.field] = tuple(_pair(each) for each in found)

    def losses(self, value: Any, form: Form, path: str) -> Iterator[Problem]:
        """Ids that are none, and the lack of any."""
        if not value:
            yield Problem("missing-part", f"{path}: {form} wants components", Where(key=path))
        for each in (name for pair in value for name in pair):
            if not ID.fits(each, form):
                yield unfit(each, self.field, ID.name, path)


_DATE_MAP: Final = (
    *OPTIONALLY_IDENTIFIED,
    Attr(field="resolve", name="resolvePeriod", json="resolvePeriod", scalar=one_of(m.ResolvePeriod)),
    MappedComponents(field="components"),
    Leaf(field="frequency_dimension", name="FrequencyDimension", json="frequencyDimension", scalar=ID),
    Leaf(field="mapped_frequencies", name="MappedFrequencies", json="mappedFrequencies", many=True, scalar=ID),
    Leaf(field="target_frequency", name="TargetFrequencyID", json="targetFrequencyID", scalar=ID),
)


def _one_frequency(date: m.DateMap, form: Form) -> Iterator[str]:  # noqa: ARG001
    if (date.frequency_dimension is None) is (date.target_frequency is None):
        yield "a date map takes the frequency from a dimension, or has one"
    if date.mapped_frequencies and date.frequency_dimension is None:
        yield "frequencies are mapped only where a dimension says which there are"


EPOCH: Final = Description(
    m.EpochMap,
    (
        *_DATE_MAP,
        Attr(field="base", name="basePeriod", json="basePeriod"),
        Attr(field="unit", name="epochPeriod", json="epochPeriod", scalar=one_of(m.EpochUnit)),
    ),
    rules=(_one_frequency,),
)
DATE_PATTERN: Final = Description(
    m.DatePatternMap,
    (
        *_DATE_MAP,
        Attr(field="pattern", name="sourcePattern", json="sourcePattern"),
        Attr(field="locale", name="locale", json="locale"),
    ),
    rules=(_one_frequency,),
)
FREQUENCY_FORMAT: Final = Description(
    m.FrequencyFormat,
    (
        *OPTIONALLY_IDENTIFIED,
        Leaf(field="frequency", name="FrequencyId", json="frequencyId", scalar=ID),
        Leaf(field="pattern", name="DatePattern", json="datePattern"),
    ),
)
STRUCTURE_MAP: Final = Description(
    m.StructureMap,
    (
        *maintainable(),
        Reference(field="source", name="Source", json="source", kinds=MAPPED, item=False, needed=XML),
        Reference(field="target", name="Target", json="target", kinds=MAPPED, item=False, needed=XML),
        Nested(field="epochs", variants=(Variant("EpochMap", "epochMaps", EPOCH),), many=True),
        Nested(
            field="date_patterns", variants=(Variant("DatePatternMap", "datePatternMaps", DATE_PATTERN),), many=True
        ),
        Nested(
            field="frequency_formats",
            variants=(Variant("FrequencyFormatMapping", "frequencyFormatMappings", FREQUENCY_FORMAT),),
            many=True,
        ),
        Nested(field="components", variants=(Variant("ComponentMap", "componentMaps", COMPONENT_MAP),), many=True),
        Nested(field="fixed", variants=(Variant("FixedValueMap", "fixedValueMaps", FIXED),), many=True),
    ),
    rules=(no_two("epochs", "date_patterns"),),
)
MAPPED_VALUE: Final = Description(
    m.MappedValue,
    (
        Body(field="value", json="value"),
        Attr(field="is_regex", name="isRegEx", json="isRegEx", scalar=BOOLEAN),
        Attr(field="start", name="startIndex", json="startIndex", scalar=WHOLE),
        Attr(field="end", name="endIndex", json="endIndex", scalar=WHOLE),
    ),
)
_VALIDITY: Final = (
    Attr(field="valid_from", name="validFrom", json="validFrom", scalar=DAY),
    Attr(field="valid_to", name="validTo", json="validTo", scalar=DAY),
)
VALUE_MAPPING: Final = Description(
    m.ValueMapping,
    (
        *_VALIDITY,
        ANNOTATIONS,
        Nested(
            field="sources", variants=(Variant("SourceValue", "sourceValues", MAPPED_VALUE),), many=True, needed=OF_3
        ),
        Leaf(field="targets", name="TargetValue", json="targetValues", many=True),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Spaces(Part):
    """What the mapped columns hold: elements named ``…Codelist`` and ``…DataType``, in JSON a list of objects."""

    side: str

    def to_xml(self, parent: Element, value: Any, form: Form) -> None:
        """One element for each column."""
        for space in value:
            if space.codelist is not None:
                write_reference(self.child(parent, form, f"{self.side}Codelist"), form, space.codelist)
            elif space.data_type is not None:
                self.child(parent, form, f"{self.side}DataType").text = space.data_type.value

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """Each column."""
        found: list[m.MappedSpace] = []
        for element in node.take(f"{self.side}Codelist", f"{self.side}DataType"):
            inner = node.inside(element)
            if name_of(element).endswith("DataType"):
                found.append(m.MappedSpace(data_type=_type(inner.text)))
            else:
                found.append(m.MappedSpace(codelist=read_reference(inner, LISTS)))
        if found:
            values[self.field] = tuple(found)

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:  # noqa: ARG002
        """An object for each column."""
        members[self.side.lower()] = [
            {"codelist": str(each.codelist)} if each.codelist is not None else {"dataType": str(each.data_type)}
            for each in value
        ]

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """Each column."""
        found: list[m.MappedSpace] = []
        for inner in node.objects(self.side.lower()):
            held: dict[str, Any] = {}
            for name in ("codelist", "valuelist"):
                Reference(field="codelist", name="", json=name, kinds=LISTS).from_json(inner, held)
            data_type = inner.take("dataType")
            found.append(m.MappedSpace(**held, data_type=None if data_type is None else _type(str(data_type))))
            inner.close()
        if found:
            values[self.field] = tuple(found)

    def losses(self, value: Any, form: Form, path: str) -> Iterator[Problem]:
        """Columns of lists that cannot be referred to, of no type or of two."""
        for space in value:
            if (space.codelist is None) is (space.data_type is None):
                yield _problem(path, "a column is of a list or of a type")
            elif space.data_type is DataType.ATTACHMENT_CONSTRAINT_REFERENCE:
                yield _problem(path, f"{form} has no type {space.data_type}")
            elif space.codelist is not None:
                is_list = space.codelist.kind in LISTS[:2] and space.codelist.item is None
                reason = why_not(space.codelist, form) if is_list else "it is no list of codes or values"
                if reason is not None:
                    yield _problem(path, f"{form} cannot refer to {space.codelist}: {reason}")


def _pair(node: JsonNode) -> tuple[str, str]:
    return "".join(node.texts("source")), "".join(node.texts("target"))


def _problem(path: str, what: str) -> Problem:
    return Problem("not-expressible", f"{path}: {what}", Where(key=path))


def _type(text: str) -> DataType:
    return DataType(text.strip()) if text.strip() in set(DataType) else DataType.STRING


REPRESENTATION_MAP: Final = Description(
    m.RepresentationMap,
    (
        *maintainable(),
        Spaces(field="sources", side="Source", needed=XML),
        Spaces(field="targets", side="Target", needed=XML),
        Nested(
            field="mappings",
            variants=(Variant("RepresentationMapping", "representationMappings", VALUE_MAPPING),),
            many=True,
        ),
    ),
)
ITEM_MAP: Final = Description(
    m.ItemMap,
    (
        *_VALIDITY,
        ANNOTATIONS,
        Nested(field="source", variants=(Variant("SourceValue", "sourceValue", MAPPED_VALUE),)),
        Leaf(field="target", name="TargetValue", json="targetValue"),
    ),
)


def _scheme_map(scheme: type, *kinds: Kind) -> Description:
    return Description(
        scheme,
        (
            *maintainable(),
            Reference(field="source", name="Source", json="source", kinds=kinds, item=False, needed=XML),
            Reference(field="target", name="Target", json="target", kinds=kinds, item=False, needed=XML),
            Nested(field="items", variants=(Variant("ItemMap", "itemMaps", ITEM_MAP),), many=True),
        ),
    )


ORGANISATIONS: Final = (
    Kind.AGENCY_SCHEME, Kind.DATA_PROVIDER_SCHEME, Kind.DATA_CONSUMER_SCHEME, Kind.METADATA_PROVIDER_SCHEME,
    Kind.ORGANISATION_UNIT_SCHEME,
)  # fmt: skip
CONCEPT_SCHEME_MAP: Final = _scheme_map(m.ConceptSchemeMap, Kind.CONCEPT_SCHEME)
CATEGORY_SCHEME_MAP: Final = _scheme_map(m.CategorySchemeMap, Kind.CATEGORY_SCHEME)
ORGANISATION_SCHEME_MAP: Final = _scheme_map(m.OrganisationSchemeMap, *ORGANISATIONS)
REPORTING_TAXONOMY_MAP: Final = _scheme_map(m.ReportingTaxonomyMap, Kind.REPORTING_TAXONOMY)

"""Representations: ``LocalRepresentation``, ``CoreRepresentation``, ``CodingFormat`` (SDMXStructureBase.xsd)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.structures.codec.artefacts.formats import CODE_FORMAT, CODED, OUTSIDE, TEXT_FORMAT, Format
from sdmx_gateway.structures.codec.description import NOWHERE, Description, Part
from sdmx_gateway.structures.codec.form import OF_3, Form
from sdmx_gateway.structures.codec.node import JsonNode, XmlNode
from sdmx_gateway.structures.codec.referable import why_not
from sdmx_gateway.structures.codec.references import Reference, read_reference, write_reference
from sdmx_gateway.structures.codec.scalar import NATURAL, POSITIVE, WHOLE
from sdmx_gateway.structures.model.representation import DataType, Representation
from sdmx_gateway.structures.urn import Kind
from sdmx_gateway.structures.xml_guard import Element

LISTS: Final = (
    Kind.CODELIST, Kind.VALUE_LIST, Kind.GEOGRAPHIC_CODELIST, Kind.GEO_GRID_CODELIST, Kind.CONCEPT_SCHEME,
    Kind.CATEGORY_SCHEME, Kind.AGENCY_SCHEME, Kind.DATA_PROVIDER_SCHEME, Kind.DATA_CONSUMER_SCHEME,
    Kind.ORGANISATION_UNIT_SCHEME, Kind.REPORTING_TAXONOMY, Kind.HIERARCHICAL_CODELIST,
)  # fmt: skip
"""What messages let values be taken from; item schemes that are no lists of codes only in SDMX 2.1."""
CODES: Final = (Kind.CODELIST,)
CODES_OR_VALUES: Final = (Kind.CODELIST, Kind.VALUE_LIST)
UNBOUNDED: Final = "unbounded"


def _problem(path: str, what: str) -> Problem:
    return Problem("not-expressible", f"{path}: {what}", Where(key=path))


def format_losses(
    value: Representation, form: Form, path: str, taken: Format, said: Description = TEXT_FORMAT
) -> Iterator[Problem]:
    """What a format cannot say of a representation."""
    for what in taken.wrong(value, form):
        yield _problem(path, what)
    for name in said.unsaid(form):
        if name not in OUTSIDE and name in taken.facets and getattr(value, name) != said.defaults[name]:
            yield _problem(path, f"{form} cannot say {name} there")
    yield from said.losses_of_parts(value, form, path)


@dataclass(frozen=True, kw_only=True)
class TextFormat(Part):
    """A format that stands alone: ``CodingFormat`` of a level, ``ToTextFormat`` of a map."""

    name: str
    json: str
    taken: Format
    said: Description = TEXT_FORMAT

    def to_xml(self, parent: Element, value: Representation, form: Form) -> None:
        """The element."""
        self.said.write_xml(self.child(parent, form, self.name), value, form)

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """What the element says."""
        inner = node.first(self.name)
        if inner is not None:
            values[self.field] = self.said.read_xml(inner)

    def to_json(self, members: dict[str, Any], value: Representation, form: Form) -> None:
        """The object."""
        members[self.json] = self.said.write_json(value, form)

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """What the object says."""
        for inner in node.objects(self.json):
            values[self.field] = self.said.read_json(inner)

    def losses(self, value: Any, form: Form, path: str) -> Iterator[Problem]:
        """Facets the form does not have, and anything but a format."""
        yield from format_losses(value, form, path, self.taken, self.said)
        if any(getattr(value, name) != TEXT_FORMAT.defaults[name] for name in OUTSIDE):
            yield _problem(path, "only a format of text stands there")


@dataclass(frozen=True, kw_only=True)
class Values(Part):
    """What values are taken. One that only repeats what the concept says is not written.

    Attributes:
        taken: what the format may say, if values are no codes.
        lists: what values may be codes of; empty: no codes.
        coded: what the format of codes may say; ``None``: there is none.
        occurs: whether several values may be allowed (SDMX 3).
        default: what values are when an element that is there says nothing.
        fixed: forms that want it said, whatever the concept says.
    """

    name: str
    json: str
    taken: Callable[[Form], Format | None]
    lists: Callable[[Form], tuple[Kind, ...]]
    coded: Format | None = CODED
    occurs: bool = False
    default: Representation = Representation()
    fixed: frozenset[Form] = NOWHERE

    def to_xml(self, parent: Element, value: Representation | None, form: Form) -> None:
        """The element, with an enumeration or a format inside."""
        if value is None or value.is_inherited:
            return
        element = self.child(parent, form, self.name)
        if form in OF_3:
            for name, text in _occurrences(value):
                element.set(name, str(text))
        if value.codelist is None:
            TEXT_FORMAT.write_xml(self.child(element, form, "TextFormat"), value, form)
            return
        write_reference(self.child(element, form, "Enumeration"), form, value.codelist)
        if _has_format(value):
            CODE_FORMAT.write_xml(self.child(element, form, "EnumerationFormat"), value, form)

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """What the element says."""
        inner = node.first(self.name)
        if inner is None:
            return
        lowest, highest = inner.attribute("minOccurs"), inner.attribute("maxOccurs")
        enumeration = inner.first("Enumeration")
        codelist = None if enumeration is None else read_reference(enumeration, self._kinds(node))
        form_node = inner.first("EnumerationFormat" if enumeration is not None else "TextFormat") or inner.first(
            "TextFormat"
        )
        said = self._default(enumeration is not None) if form_node is None else self._read(form_node, enumeration)
        inner.close()
        values[self.field] = replace(said, codelist=codelist, **_bounds(lowest, highest))

    def to_json(self, members: dict[str, Any], value: Representation | None, form: Form) -> None:
        """The object."""
        if value is None or value.is_inherited:
            return
        inside: dict[str, Any] = dict(_occurrences(value)) if form in OF_3 else {}
        if value.codelist is None:
            inside["format" if form in OF_3 else "textFormat"] = TEXT_FORMAT.write_json(value, form)
        else:
            inside["enumeration"] = str(value.codelist)
            if _has_format(value):
                inside["enumerationFormat"] = CODE_FORMAT.write_json(value, form)
        members[self.json] = inside

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """What the object says."""
        for inner in node.objects(self.json):
            held: dict[str, Any] = {}
            Reference(field="codelist", name="", json="enumeration", kinds=LISTS).from_json(inner, held)
            lowest, highest = inner.take("minOccurs"), inner.take("maxOccurs")
            names = ("enumerationFormat", "format", "textFormat")[0 if held else 1 :]
            name = next((name for name in names if inner.members.get(name) is not None), names[0])
            formats = [self._read_json(each, coded=bool(held)) for each in inner.objects(name)]
            inner.close()
            said = formats[0] if formats else self._default(bool(held))
            values[self.field] = replace(said, **held, **_bounds(lowest, highest))

    def losses(self, value: Any, form: Form, path: str) -> Iterator[Problem]:
        """What the form does not take there: a list, a type, a facet, several values."""
        if value is None:
            return
        if value.is_inherited:
            if form in self.fixed:
                yield _problem(path, f"{form} wants its values said")
            return
        if value.codelist is not None:
            yield from self._coded_losses(value, form, path)
        else:
            taken = self.taken(form)
            if taken is None:
                yield _problem(path, f"{form} wants its values taken from a list")
            else:
                yield from format_losses(value, form, path, taken)
        if (value.max_occurs, value.min_occurs) != (1, 1):
            if form not in OF_3 or not self.occurs:
                yield _problem(path, f"{form} cannot say several values")
            elif not NATURAL.fits(value.min_occurs, form) or (
                value.max_occurs is not None and not POSITIVE.fits(value.max_occurs, form)
            ):
                yield _problem(path, "it has less than no value, or more than can be counted")

    def _coded_losses(self, value: Representation, form: Form, path: str) -> Iterator[Problem]:
        codelist = value.codelist
        if codelist is None:
            return
        if codelist.kind not in self.lists(form) or codelist.item is not None:
            yield Problem(
                "wrong-reference", f"{path} takes values from {codelist}, which {form} does not", Where(key=path)
            )
        else:
            reason = why_not(codelist, form)
            if reason is not None:
                yield _problem(path, f"{form} cannot refer to {codelist}: {reason}")
        if _has_format(value):
            if self.coded is None:
                yield _problem(path, f"{form} has no format of codes there")
            else:
                yield from format_losses(value, form, path, self.coded, CODE_FORMAT)

    def _kinds(self, node: XmlNode) -> tuple[Kind, ...]:
        return self.lists(node.account.form) or LISTS

    def _default(self, is_coded: bool) -> Representation:
        return Representation() if is_coded else replace(self.default, is_inherited=False)

    def _read(self, node: XmlNode, enumeration: XmlNode | None) -> Representation:
        said: Representation = TEXT_FORMAT.read_xml(node, data_type=self._default(enumeration is not None).data_type)
        return said

    def _read_json(self, node: JsonNode, *, coded: bool) -> Representation:
        said: Representation = TEXT_FORMAT.read_json(node, data_type=self._default(coded).data_type)
        return said


def _has_format(value: Representation) -> bool:
    return any(getattr(value, name) != default for name, default in TEXT_FORMAT.defaults.items() if name not in OUTSIDE)


def _occurrences(value: Representation) -> Iterator[tuple[str, Any]]:
    if value.min_occurs != 1:
        yield "minOccurs", value.min_occurs
    if value.max_occurs != 1:
        yield "maxOccurs", UNBOUNDED if value.max_occurs is None else value.max_occurs


def _bounds(lowest: Any, highest: Any) -> dict[str, Any]:
    at_least = None if lowest is None else WHOLE.from_json(lowest)
    at_most = None if highest == UNBOUNDED else 1 if highest is None else WHOLE.from_json(highest) or 1
    return {"min_occurs": 1 if at_least is None else at_least, "max_occurs": at_most}


def only(*kinds: Kind) -> Callable[[Form], tuple[Kind, ...]]:
    """The same lists in every form."""
    return lambda _: kinds


def always(taken: Format | None) -> Callable[[Form], Format | None]:
    """The same format in every form."""
    return lambda _: taken


def by_generation(old: Format, new: Format) -> Callable[[Form], Format]:
    """One format in SDMX 2.1, another from SDMX 3 on."""
    return lambda form: old if form.is_of_2_1 else new


def lists_by_generation(old: tuple[Kind, ...], new: tuple[Kind, ...]) -> Callable[[Form], tuple[Kind, ...]]:
    """Some lists in SDMX 2.1, others from SDMX 3 on."""
    return lambda form: old if form.is_of_2_1 else new


TIME: Final = Representation(data_type=DataType.OBSERVATIONAL_TIME_PERIOD)
"""What a time dimension takes when it does not say (TimeTextFormatType)."""

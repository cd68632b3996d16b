"""What is reported for metadata attributes, in every form (AttributeType, SDMXMetadataGeneric.xsd; ``attributeType`` in JSON).

A metadata attribute has values, or text, or text with markup. SDMX-JSON 2 writes all three as ``value``: a text by language is
markup when its ``format`` says XHTML, and is understood as markup, with a note, when it says nothing and looks like it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.structures.codec import markup
from sdmx_gateway.structures.codec.artefacts.common import ANNOTATIONS
from sdmx_gateway.structures.codec.description import COMMON, Description, Part
from sdmx_gateway.structures.codec.form import JSON_2, OF_2_1, OF_3, XML, XML_3, Form
from sdmx_gateway.structures.codec.nested import Nested, Variant
from sdmx_gateway.structures.codec.node import LANGUAGE, JsonNode, XmlNode
from sdmx_gateway.structures.codec.scalar import ID
from sdmx_gateway.structures.codec.singles import DEFAULT_LANGUAGE, Attr, Leaf, Texts
from sdmx_gateway.structures.model import metadata as m
from sdmx_gateway.structures.model.base import Text
from sdmx_gateway.structures.xml_guard import Element

GENERIC: Final = "metadata/generic"
"""The part of the namespace the elements of metadata messages are in."""
MAX_NESTING: Final = 24
"""Deepest nesting of reported attributes that is written: SDMX-JSON needs two levels for each, and 64 are read back."""
JSON_1: Final = frozenset({Form.JSON_1_0})
_XHTML: Final = "XHTML"
_STRING: Final = "String"


@dataclass(frozen=True, kw_only=True)
class OneValue(Attr):
    """The one value an attribute may have in SDMX 2.1, as the only one of several."""

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """The attribute."""
        said = node.attribute(self.name)
        if said is not None:
            values[self.field] = (said,)

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """The member."""
        found = _plain(node.take(self.json))
        if found is not None:
            values[self.field] = (found,)


@dataclass(frozen=True, kw_only=True)
class Markup(Texts):
    """Text with markup in several languages."""

    def to_xml(self, parent: Element, value: Text, form: Form) -> None:
        """One element for each language."""
        for language, text in value:
            element = self.child(parent, form, self.name)
            element.set(LANGUAGE, language)
            markup.put(element, text)

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """What is in each element, the first where a language comes twice."""
        pairs: dict[str, str] = {}
        for element in node.take(self.name):
            language, text = str(element.get(LANGUAGE, DEFAULT_LANGUAGE)), markup.inner(element)
            if text and pairs.setdefault(language, text) != text:
                node.account.repaired(f"a second {self.name} in {language!r} is not read", node.place)
        if pairs:
            values[self.field] = Text(tuple(pairs.items()))

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """The texts, in canonical spelling where they can be."""
        super().from_json(node, values)
        if self.field in values:
            values[self.field] = spelt(values[self.field], node)

    def losses(self, value: Text, form: Form, path: str) -> Iterator[Problem]:
        """Languages that are none, and markup that is no XHTML."""
        yield from super().losses(value, form, path)
        for language, text in value:
            reason = markup.why_not(text)
            if reason is not None:
                what = f"{path}: the markup of {self.field} in {language} cannot be written: {reason}"
                yield Problem("wrong-markup", what, Where(key=path))


def spelt(text: Text, node: JsonNode) -> Text:
    """Markup in canonical spelling; as it is, with a note, where it is not well-formed."""
    pairs = []
    for language, said in text:
        canonical = markup.canonical(said)
        if canonical is None:
            node.account.repaired("markup that is not well-formed is kept as it is", node.place)
        pairs.append((language, said if canonical is None else canonical))
    return Text(tuple(pairs))


@dataclass(frozen=True, kw_only=True)
class ValueOrText(Part):
    """Values, text and markup in SDMX-JSON 2: one member for all, ``format`` where it would be taken for another."""

    field: str = ""

    def fields(self, form: Form) -> Iterator[str]:  # noqa: ARG002
        """All three."""
        yield from ("values", "text", "structured")

    def to_xml(self, parent: Element, value: Any, form: Form) -> None:
        """Nothing: SDMX-ML has an element for each."""

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """Nothing: likewise."""

    def to_json(self, members: dict[str, Any], value: m.ReportedAttribute, form: Form) -> None:  # noqa: ARG002
        """The member, with its format where it needs one."""
        if value.structured:
            members["format"] = {"dataType": _XHTML}
            members["value"] = {language: markup.canonical(text) for language, text in value.structured}
        elif value.text:
            if _looks_like_markup(value.text):
                members["format"] = {"dataType": _STRING}
            members["value"] = dict(value.text.pairs)
        elif value.values:
            members["value"] = value.values[0]

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """Whichever of the three it is."""
        data_type = _data_type(node)
        said = node.take("value")
        if isinstance(said, Mapping) or (isinstance(said, str) and data_type == _XHTML):
            self._read_text(said, data_type, node, values)
            return
        found = (_plain(each) for each in (said if isinstance(said, list) else [said]))
        held = tuple(each for each in found if each is not None)
        if held:
            values["values"] = held

    def _read_text(self, said: Any, data_type: str | None, node: JsonNode, values: dict[str, Any]) -> None:
        table = said if isinstance(said, Mapping) else {node.account.language: said}
        text = Text(tuple((str(name), each) for name, each in table.items() if isinstance(each, str) and each))
        if len(text.pairs) != len(table):
            node.account.repaired("a value in a language is no text, or empty, and is not read", node.place)
        guessed = data_type is None and _looks_like_markup(text)
        if guessed:
            node.account.repaired("a text that looks like XHTML is read as markup", node.place)
        if not text:
            return
        if guessed or data_type == _XHTML:
            values["structured"] = spelt(text, node)
        else:
            values["text"] = text

    def losses(self, value: Any, form: Form, path: str) -> Iterator[Problem]:
        """Those of each of the three."""
        yield from _VALUES.losses(value.values, form, path)
        yield from _TEXT.losses(value.text, form, path)
        yield from _STRUCTURED.losses(value.structured, form, path)


def _data_type(node: JsonNode) -> str | None:
    """The type a value says it has; the rest of its format is for the structure to say, and not held."""
    for inner in node.objects("format"):
        said = inner.take("dataType")
        inner.take("isMultiLingual")
        inner.close()
        return str(said) if said is not None else None
    return None


def _looks_like_markup(text: Text) -> bool:
    return bool(text) and all(markup.is_xhtml(each) for _, each in text)


def _plain(said: Any) -> str | None:
    """A value of JSON as a text, as a structure's types would write it."""
    if isinstance(said, bool):
        return "true" if said else "false"
    if isinstance(said, int | Decimal):
        return format(said, "f") if isinstance(said, Decimal) else str(said)
    return said if isinstance(said, str) else None


_VALUES: Final = Leaf(field="values", name="Value", json="", many=True, space=GENERIC, forms=XML_3)
_OLD: Final = XML | JSON_1
_TEXT: Final = Texts(field="text", name="Text", json="texts", best="text", forms=_OLD)
_STRUCTURED: Final = Markup(
    field="structured", name="StructuredText", json="structuredTexts", best="structuredText", space=COMMON, forms=_OLD
)


def _one_sort(attribute: m.ReportedAttribute, form: Form) -> Iterator[str]:
    if sum(map(bool, (attribute.values, attribute.text, attribute.structured))) > 1:
        yield "an attribute has values, or text, or text with markup"
    if len(attribute.values) > 1 and form is not Form.ML_3_0:
        yield f"{form} has one value for each attribute: report the attribute {len(attribute.values)} times"
    for text in (attribute.text, attribute.structured):
        for language, said in text:
            if not said:
                yield f"the text in {language} is empty"


REPORTED: Final[Description] = Description(
    m.ReportedAttribute,
    (
        Attr(field="id", name="id", json="id", scalar=ID),
        ANNOTATIONS,
        OneValue(field="values", name="value", json="value", forms=OF_2_1),
        _VALUES,
        _TEXT,
        _STRUCTURED,
        ValueOrText(forms=JSON_2),
        Nested(
            field="attributes",
            variants=(Variant("ReportedAttribute", "reportedAttributes", lambda: REPORTED),),
            many=True,
            within="AttributeSet",
            within_json="attributeSet",
            space=GENERIC,
            forms=OF_2_1,
        ),
        Nested(
            field="attributes",
            variants=(Variant("Attribute", "attributes", lambda: REPORTED),),
            many=True,
            space=GENERIC,
            forms=OF_3,
        ),
    ),
    rules=(_one_sort,),
)
"""An attribute with those under it."""


def nesting(attributes: tuple[m.ReportedAttribute, ...]) -> int:
    """How deep attributes lie in attributes; counted without going down one by one, so that any depth can be."""
    depth, level = 0, attributes
    while level:
        depth += 1
        level = tuple(below for attribute in level for below in attribute.attributes)
    return depth

"""Parts that hold single values and texts: attributes, elements with a text, texts in several languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.structures.codec import lexical
from sdmx_gateway.structures.codec.description import COMMON, Part
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.codec.node import LANGUAGE, JsonNode, XmlNode, words
from sdmx_gateway.structures.codec.scalar import BOOLEAN, STRING, Scalar
from sdmx_gateway.structures.model.base import Text
from sdmx_gateway.structures.xml_guard import Element
from sdmx_gateway.structures.xml_text import forbidden_character, is_laid_out

DEFAULT_LANGUAGE: Final = "en"  # default of xml:lang (SDMXCommon.xsd, TextType, all versions)
_SHOWN: Final = 60


def unfit(value: Any, field: str, name: str, path: str) -> Problem:
    """That a value is not what it must be to be written, with the reason."""
    character = forbidden_character(value) if isinstance(value, str) else None
    if character is not None:
        what = f"{path}: {field}: {character} is no character XML can carry"
        return Problem("forbidden-character", what, Where(key=path))
    shown = str(value)
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    return Problem("wrong-value", f"{path}: {field} {shown!r} is not {name}", Where(key=path), value=shown)


def layout_loss(value: Any, form: Form, field: str, path: str) -> Iterator[Problem]:
    """That a text would be taken for one that is laid out, and lose the line breaks around it, in an element."""
    if form.is_xml and isinstance(value, str) and is_laid_out(value):
        yield unfit(value, field, "a text that neither begins nor ends with a line break", path)


@dataclass(frozen=True, kw_only=True)
class Single(Part):
    """A part that holds single values: ``name`` in XML, ``json`` in JSON."""

    name: str
    json: str
    scalar: Scalar = STRING

    def understood(self, said: Any, value: Any, name: str, node: XmlNode | JsonNode) -> Any:
        """The value, with a note when it is none of the type or is spelt otherwise than it should."""
        if value is None:
            node.account.repaired(
                f"{name} {str(said)[:_SHOWN]!r} is not {self.scalar.name} and is not read", node.place
            )
        elif self.scalar.is_worded and self.scalar.write(value) != str(said).strip() and said is not value:
            node.account.repaired(f"{name} {str(said)[:_SHOWN]!r} is read as {self.scalar.write(value)}", node.place)
        return value

    def parsed(self, text: str, node: XmlNode) -> Any:
        """The value a text holds; ``None``, with a note, when it is not of the type."""
        return self.understood(text, self.scalar.read(text), self.name, node)

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """The member, if it is there and of the type."""
        said = node.take(self.json)
        if said is None:
            return
        value = self.understood(said, self.scalar.from_json(said), self.json, node)
        if value is not None:
            values[self.field] = value

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:  # noqa: ARG002
        """The member."""
        if value is not None:
            members[self.json] = self.scalar.to_json(value)

    def losses(self, value: Any, form: Form, path: str) -> Iterator[Problem]:
        """That the value is not of the type as the form has it."""
        if value is not None and not self.scalar.fits(value, form):
            yield unfit(value, self.field, self.scalar.name, path)


@dataclass(frozen=True, kw_only=True)
class Attr(Single):
    """An XML attribute."""

    def to_xml(self, parent: Element, value: Any, form: Form) -> None:  # noqa: ARG002
        """Set the attribute."""
        if value is not None:
            parent.set(self.name, self.scalar.write(value))

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """The attribute, if it is there and of the type."""
        said = node.attribute(self.name)
        value = None if said is None else self.parsed(said, node)
        if value is not None:
            values[self.field] = value


@dataclass(frozen=True, kw_only=True)
class Leaf(Single):
    """An XML element that holds one value as its text, or several such elements."""

    many: bool = False

    def to_xml(self, parent: Element, value: Any, form: Form) -> None:
        """One element for each value."""
        for each in value if self.many else (value,):
            if each is not None:
                self.child(parent, form, self.name).text = self.scalar.write(each)

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """The text of each element that is of the type."""
        found = [self.parsed(words(element), node) for element in node.take(self.name)]
        held = tuple(value for value in found if value is not None)
        if held:
            values[self.field] = held if self.many else held[0]
        if len(held) > 1 and not self.many:
            node.account.repaired(f"a second {self.name} is not read", node.place)

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:
        """The member, a list of values if there may be several."""
        if not self.many:
            super().to_json(members, value, form)
        elif value:
            members[self.json] = [self.scalar.to_json(each) for each in value]

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """The member."""
        if not self.many:
            super().from_json(node, values)
            return
        found = (self.understood(each, self.scalar.from_json(each), self.json, node) for each in node.listed(self.json))
        held = tuple(value for value in found if value is not None)
        if held:
            values[self.field] = held

    def losses(self, value: Any, form: Form, path: str) -> Iterator[Problem]:
        """Values that are not of the type as the form has it."""
        for each in value if self.many else (value,):
            yield from super().losses(each, form, path)
            yield from layout_loss(each, form, self.field, path)


@dataclass(frozen=True, kw_only=True)
class Body(Single):
    """The text of the element itself; in JSON a member."""

    name: str = "text"

    def to_xml(self, parent: Element, value: Any, form: Form) -> None:  # noqa: ARG002
        """Set the text."""
        parent.text = self.scalar.write(value)

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """The text."""
        value = self.parsed(node.text, node)
        if value is not None:
            values[self.field] = value

    def losses(self, value: Any, form: Form, path: str) -> Iterator[Problem]:
        """That the value is not of the type as the form has it."""
        yield from super().losses(value, form, path)
        yield from layout_loss(value, form, self.field, path)


@dataclass(frozen=True, kw_only=True)
class Constant(Part):
    """An attribute that a class always has, and that says nothing about the value."""

    name: str
    json: str
    value: str
    field: str = ""

    def fields(self, form: Form) -> Iterator[str]:  # noqa: ARG002
        """None."""
        return iter(())

    def to_xml(self, parent: Element, value: Any, form: Form) -> None:  # noqa: ARG002
        """Set the attribute."""
        parent.set(self.name, self.value)

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:  # noqa: ARG002
        """Nothing is learnt from it."""
        node.attribute(self.name)

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:  # noqa: ARG002
        """Set the member."""
        members[self.json] = self.value

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:  # noqa: ARG002
        """Nothing is learnt from it."""
        node.take(self.json)


@dataclass(frozen=True, kw_only=True)
class Redundant(Constant):
    """A yes or no that a message may repeat though it is always the same; never written, and left over if it is the other."""

    is_so: bool
    value: str = ""

    def to_xml(self, parent: Element, value: Any, form: Form) -> None:
        """Nothing is written."""

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:  # noqa: ARG002
        """Nothing is learnt from it."""
        if BOOLEAN.read(node.attributes.get(self.name, "")) is self.is_so:
            node.attribute(self.name)

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:
        """Nothing is written."""

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:  # noqa: ARG002
        """Nothing is learnt from it."""
        if BOOLEAN.from_json(node.members.get(self.json)) is self.is_so:
            node.take(self.json)


@dataclass(frozen=True, kw_only=True)
class Implied(Part):
    """A field that the way a value is written says already (``preset`` of a variant)."""

    def to_xml(self, parent: Element, value: Any, form: Form) -> None:
        """Nothing is written."""

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """Nothing is read."""

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:
        """Nothing is written."""

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """Nothing is read."""


@dataclass(frozen=True, kw_only=True)
class Texts(Part):
    """A text in several languages: one element for each; in JSON a member by language and one with the best."""

    name: str
    json: str
    best: str
    space: str = COMMON

    def to_xml(self, parent: Element, value: Text, form: Form) -> None:
        """One element for each language."""
        for language, text in value:
            element = self.child(parent, form, self.name)
            element.set(LANGUAGE, language)
            element.text = text

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """The text of each element, the first where a language comes twice."""
        pairs: dict[str, str] = {}
        for element in node.take(self.name):
            language, text = str(element.get(LANGUAGE, DEFAULT_LANGUAGE)), words(element)
            if text and pairs.setdefault(language, text) != text:
                node.account.repaired(f"a second {self.name} in {language!r} is not read", node.place)
            if len(element):
                node.account.repaired(f"the markup in {self.name} is read as plain text", node.place)
        if pairs:
            values[self.field] = Text(tuple(pairs.items()))

    def to_json(self, members: dict[str, Any], value: Text, form: Form) -> None:  # noqa: ARG002
        """Both members."""
        if value:
            members[self.best] = value.best()
            members[self.json] = dict(value.pairs)

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """The member by language, else the best match, which is in the first language of the message.

        The member may also be a plain text, and the best match a table by language: drafts of SDMX-JSON had both.
        """
        best, by_language = node.take(self.best), node.take(self.json)
        table = next((said for said in (by_language, best) if isinstance(said, dict) and said), None)
        if table is not None:
            pairs = tuple((language, text) for language, text in table.items() if isinstance(text, str) and text)
            if any(not isinstance(text, str | None) for text in table.values()):
                node.account.repaired(f"what is no text in {self.json} is not read", node.place)
        else:
            text = next((said for said in (best, by_language) if isinstance(said, str) and said), None)
            pairs = () if text is None else ((node.account.language, text),)
        if pairs:
            values[self.field] = Text(pairs)

    def losses(self, value: Text, form: Form, path: str) -> Iterator[Problem]:
        """Texts XML cannot carry, and languages that are none or come twice."""
        for language, text in value.pairs:
            if not lexical.is_text(text, form):
                yield unfit(text, self.field, "", path)
            yield from layout_loss(text, form, self.field, path)
            if not lexical.is_language(language, form):
                yield Problem(
                    "wrong-language", f"{path}: {self.field} in {language!r}, which is no language", Where(key=path)
                )
        if len(value.pairs) > 1 and len(dict(value.pairs)) != len(value.pairs):
            yield Problem("repeated-language", f"{path}: {self.field} has two texts in one language", Where(key=path))

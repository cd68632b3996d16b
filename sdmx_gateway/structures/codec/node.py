"""What is being read: an element or a JSON object whose parts are taken out one by one, so that what is left over is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sdmx_gateway.structures.codec.account import Account, Place
from sdmx_gateway.structures.codec.scalar import STRING
from sdmx_gateway.structures.xml_guard import Element
from sdmx_gateway.structures.xml_text import is_laid_out

LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_NOT_TOLD: Final = frozenset({"urn", "package"})  # said again by the id, or implied by the class


def name_of(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def words(element: Element) -> str:
    """The text of an element; that of pretty-printed ones without the line breaks and blanks around it."""
    text = element.text or "" if len(element) == 0 else "".join(str(part) for part in element.itertext())
    return text.strip(" \t\r\n") if is_laid_out(text) else text


def row_of(element: Element) -> int | None:
    """The line an element stands on, where the parser knows it."""
    line: object = element.sourceline
    return line if isinstance(line, int) else None


class XmlNode:
    """An element: its attributes and children, each given out once."""

    __slots__ = ("account", "attributes", "children", "element", "owner")

    def __init__(self, element: Element, account: Account, owner: str | None = None) -> None:
        self.element = element
        self.account = account
        self.owner = owner
        self.attributes: dict[str, str] = {str(k): str(v) for k, v in element.attrib.items()}
        self.children: dict[str, list[Element]] = {}
        for child in element:
            self.children.setdefault(name_of(child), []).append(child)

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(row_of(self.element), self.owner)

    @property
    def text(self) -> str:
        """Its text."""
        return words(self.element)

    def attribute(self, name: str) -> str | None:
        """An attribute, which is then no longer left over."""
        return self.attributes.pop(name, None)

    def take(self, *names: str) -> list[Element]:
        """The children of these names in the order of the message, which are then no longer left over."""
        if len(names) == 1:
            return self.children.pop(names[0], [])
        wanted = {name for name in names if self.children.pop(name, None) is not None}
        return [child for child in self.element if name_of(child) in wanted] if wanted else []

    def first(self, name: str) -> XmlNode | None:
        """The one child of that name; more than one are noted, and the first is read."""
        found = self.take(name)
        for another in found[1:]:
            self.account.repaired(f"a second {name} is not read", Place(row_of(another), self.owner))
        return self.inside(found[0]) if found else None

    def inside(self, element: Element) -> XmlNode:
        """A child as a node, of the same artefact."""
        return XmlNode(element, self.account, self.owner)

    def close(self) -> None:
        """Count what was not asked for."""
        for name in self.attributes:
            if name not in _NOT_TOLD and not name.startswith("{"):
                self.account.left_out(name, self.place)
        for name, found in self.children.items():
            for _ in found:
                self.account.left_out(name, self.place)


def _only_names(links: Any) -> bool:
    """Whether links only say again which object they are in."""
    return isinstance(links, list) and all(
        isinstance(link, dict) and link.get("rel") == "self" and not link.keys() & {"href", "uri"} for link in links
    )


class JsonNode:
    """A JSON object: its members, each given out once."""

    __slots__ = ("account", "members", "owner", "path")

    def __init__(self, members: Mapping[str, Any], account: Account, owner: str | None = None, path: str = "") -> None:
        self.account = account
        self.owner = owner
        self.path = path
        self.members = dict(members)

    @property
    def place(self) -> Place:
        """The artefact it lies in and the way to it from there; the parser gives no lines."""
        return Place(None, self.owner, self.path)

    def take(self, name: str) -> Any:
        """A member, which is then no longer left over; ``None`` when absent or null."""
        return self.members.pop(name, None)

    def inside(self, members: Mapping[str, Any], step: str) -> JsonNode:
        """An object inside it as a node, of the same artefact; ``step``: the way to it from here."""
        return JsonNode(members, self.account, self.owner, f"{self.path}.{step}" if self.path else step)

    def listed(self, name: str) -> list[Any]:
        """What a list holds, or the one thing that stands in its place."""
        value = self.take(name)
        return value if isinstance(value, list) else [] if value is None else [value]

    def texts(self, name: str) -> list[str]:
        """The texts of a list, or the one text that stands in its place; what is neither text nor number is told."""
        texts = []
        for each in self.listed(name):
            text = STRING.from_json(each)
            if text is None:
                self.account.repaired(f"{name} holds {each!r}, which is no text and is not read", self.place)
            else:
                texts.append(text)
        return texts

    def objects(self, name: str) -> Iterator[JsonNode]:
        """The objects of a list, or the one object that stands in its place; what is no object is noted."""
        for number, found in enumerate(self.listed(name)):
            if isinstance(found, dict):
                yield self.inside(found, f"{name}[{number}]")
            else:
                self.wrong_object(found, f"{name}[{number}]")

    def wrong_object(self, found: Any, step: str) -> None:
        """Note what stands where an object must."""
        place = Place(None, self.owner, f"{self.path}.{step}" if self.path else step)
        self.account.wrong("wrong-value", f"{step} is {found!r}, which is no object", place)

    def close(self) -> None:
        """Count what was not asked for; null, empty text and empty lists say nothing."""
        for name, value in self.members.items():
            if value not in (None, "", [], {}) and not (name == "links" and _only_names(value)):
                self.account.left_out(name, self.place)

"""Parts that hold values inside values, and boxes: elements and objects that only keep parts together."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.structures.codec.description import NOWHERE, STRUCTURE, Description, Part, readers, tag
from sdmx_gateway.structures.codec.form import EVERY, Form
from sdmx_gateway.structures.codec.node import JsonNode, XmlNode
from sdmx_gateway.structures.xml_guard import Element

MAX_LEVELS: Final = 24
"""Most levels of values inside values of their own class that are written: SDMX-JSON with more would not be read back."""


@dataclass(frozen=True)
class Variant:
    """One of the ways a nested value is written.

    Attributes:
        name: the element.
        json: the member.
        of: what it holds; a function where a description contains itself.
        when: whether a value is written so.
        preset: fields the way of writing says already.
        forms: the forms that have it.
        single: in JSON the member is one object, not a list.
        reads: forms whose messages have it though their schema has not.
    """

    name: str
    json: str
    of: Description | Callable[[], Description]
    when: Callable[[Any], bool] = lambda _: True
    preset: Mapping[str, Any] = field(default_factory=dict)
    forms: frozenset[Form] = EVERY
    single: bool = False
    reads: frozenset[Form] = NOWHERE

    @property
    def description(self) -> Description:
        """What it holds."""
        return self.of if isinstance(self.of, Description) else self.of()


@dataclass(frozen=True, kw_only=True)
class Nested(Part):
    """A value inside the value, or several; ``within`` is an element around them all."""

    variants: tuple[Variant, ...]
    many: bool = False
    within: str | None = None
    within_json: str | None = None
    keep: Callable[[Any], bool] = lambda _: True

    def variant(self, value: Any, form: Form) -> Variant | None:
        """How a value is written in a form; ``None`` when it cannot be."""
        for variant in self.variants:
            if form in variant.forms and variant.when(value):
                return variant
        return None

    def to_xml(self, parent: Element, value: Any, form: Form) -> None:
        """One element for each value."""
        if not value and self.many:
            return
        holder = parent if self.within is None else self.child(parent, form, self.within)
        for position, each in enumerate(value if self.many else (value,), 1):
            variant = self.variant(each, form)
            if variant is not None:
                element = self.child(holder, form, variant.name)
                self.mark(element.set, variant, position)
                variant.description.write_xml(element, each, form)

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """The value of each element that holds one."""
        form = node.account.form
        by_name = {variant.name: variant for variant in self.variants if form in variant.forms}
        holders = [node] if self.within is None else [node.inside(element) for element in node.take(self.within)]
        found: list[tuple[XmlNode, Any]] = []
        for holder in holders:
            for element in holder.take(*by_name):
                inner = holder.inside(element)
                place = self.placed(inner.attribute)
                variant = by_name[str(element.tag).rpartition("}")[2]]
                if self._says_nothing(variant, said=bool(element.attrib or len(element) or inner.text), node=inner):
                    continue
                found.append((place, variant.description.read_xml(inner, **variant.preset)))
            if holder is not node:
                holder.close()
        self._hold(found, values, node)

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:
        """A member for each way of writing that is used."""
        if not value and self.many:
            return
        if self.within_json is not None:
            members = members.setdefault(self.within_json, {})
        for position, each in enumerate(value if self.many else (value,), 1):
            variant = self.variant(each, form)
            if variant is None:
                continue
            written = variant.description.write_json(each, form)
            if isinstance(written, dict):
                self.mark(lambda name, text, into=written: into.__setitem__(name, int(text)), variant, position)  # type: ignore[misc]
            if self.many and not variant.single:
                members.setdefault(variant.json, []).append(written)
            else:
                members[variant.json] = written

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """The value of each object that holds one."""
        form = node.account.form
        found: list[tuple[Any, Any]] = []
        holders = [node] if self.within_json is None else list(node.objects(self.within_json))
        for holder in holders:
            for variant in self.variants:
                if form in variant.forms or form in variant.reads:
                    listed = enumerate(holder.listed(variant.json))
                    read = [self._read(each, variant, holder, number) for number, each in listed]
                    if read and form not in variant.forms:
                        node.account.repaired(f"{variant.json} are read, which {form} does not have", node.place)
                    found += read
            if holder is not node:
                holder.close()
        self._hold(found, values, node)

    def losses(self, value: Any, form: Form, path: str) -> Iterator[Problem]:
        """What the form cannot say of the values inside."""
        for each in value if self.many else (value,):
            if each is None:
                continue
            variant = self.variant(each, form)
            inner = f"{path}.{each.id}" if getattr(each, "id", None) else path
            if variant is None:
                what = f"{inner}: {form} has no {type(each).__name__} of this kind"
                yield Problem("not-expressible", what, Where(key=path))
            elif not isinstance(variant.of, Description) and path.count(".") > MAX_LEVELS:
                yield Problem("not-expressible", f"it is nested deeper than {MAX_LEVELS} levels", Where(key=path))
            else:
                yield from variant.description.losses(each, form, inner)

    def mark(self, put: Callable[[str, str], object], variant: Variant, position: int) -> None:
        """Say the position of a value, where the form wants it."""

    def placed(self, take: Callable[[str], Any]) -> Any:  # noqa: ARG002
        """The position an element or an object gives for itself."""
        return None

    def ordered(self, found: list[tuple[Any, Any]]) -> Iterable[Any]:
        """The values, each with its position, in the order they are meant."""
        return (value for _, value in found)

    def _read(self, each: Any, variant: Variant, node: JsonNode, number: int) -> tuple[Any, Any]:
        description = variant.description
        step = f"{variant.json}[{number}]"
        if isinstance(each, dict):
            inner = node.inside(each, step)
            if self._says_nothing(variant, said=bool(each), node=inner):
                return None, None
            place = self.placed(inner.take)
            return place, description.read_json(inner, **variant.preset)
        if description.bare is not None and isinstance(each, str | int | float):
            return None, description.build({**variant.preset, description.bare: str(each)}, node)
        node.wrong_object(each, step)
        return None, None

    def _says_nothing(self, variant: Variant, *, said: bool, node: XmlNode | JsonNode) -> bool:
        """Whether a value that must say something is there and says nothing, which is told; of a list each value counts."""
        is_empty = not said and not self.many and bool(variant.description.required - variant.preset.keys())
        if is_empty:
            node.account.repaired(f"{variant.name} says nothing and is not read", node.place)
        return is_empty

    def _hold(self, found: list[tuple[Any, Any]], values: dict[str, Any], node: XmlNode | JsonNode) -> None:
        held = [value for value in self.ordered(found) if value is not None and self.keep(value)]
        if held:
            values[self.field] = tuple(held) if self.many else held[0]
            if not self.many and len(held) > 1:
                node.account.repaired(f"a second {self.variants[0].name} is not read", node.place)


@dataclass(frozen=True, kw_only=True)
class Box(Part):
    """An element, in JSON an object, that only holds parts of the same value; ``json`` empty: JSON has none."""

    name: str
    json: str
    parts: tuple[Part, ...]
    field: str = ""
    fixed: Mapping[str, str] = dataclasses.field(default_factory=dict)
    _inners: dict[type[Any], Description] = dataclasses.field(default_factory=dict, compare=False)

    def fields(self, form: Form) -> Iterator[str]:
        """Those of its parts."""
        if form in self.forms:
            for part in self.parts:
                yield from part.fields(form)

    def to_xml(self, parent: Element, value: Any, form: Form) -> None:
        """The element, unless nothing would be in it."""
        element = etree.Element(tag(form, STRUCTURE, self.name), dict(self.fixed))
        self._inner(value).write_xml(element, value, form)
        if len(element):
            parent.append(element)

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """What its parts say."""
        inner = node.first(self.name)
        if inner is None:
            return
        for name in self.fixed:
            inner.attribute(name)
        for part in readers(self.parts, node.account.form):
            part.from_xml(inner, values)
        inner.close()

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:
        """The object, unless nothing would be in it."""
        inside = self._inner(value).write_json(value, form)
        if inside:
            members[self.json] = {**self.fixed, **inside}

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """What its parts say."""
        for inner in node.objects(self.json):
            for name in self.fixed:
                inner.take(name)
            for part in readers(self.parts, node.account.form):
                part.from_json(inner, values)
            inner.close()

    def losses(self, value: Any, form: Form, path: str) -> Iterator[Problem]:
        """Those of its parts; what no part speaks for is the description's to say."""
        yield from self._inner(value).losses_of_parts(value, form, path)

    def _inner(self, value: Any) -> Description:
        found = self._inners.get(type(value))
        if found is None:
            found = self._inners[type(value)] = Description(type(value), self.parts)
        return found

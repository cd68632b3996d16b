"""What a description is: the parts of a class, and the walks over them that read, write and find what cannot be said.

A part knows one thing about one field: an attribute, a text, a reference, a nested value… (:mod:`.parts`). A description
is a class with its parts in the order XML wants them; where forms differ, the part says in which it exists.
"""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from lxml import etree

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.structures.codec.form import EVERY, NAMESPACE, Form
from sdmx_gateway.structures.codec.node import JsonNode, XmlNode
from sdmx_gateway.structures.model.base import Text
from sdmx_gateway.structures.xml_guard import Element

STRUCTURE: Final = "structure"
COMMON: Final = "common"
MESSAGE: Final = "message"
_TAGS: dict[tuple[Form, str, str], str] = {}


def tag(form: Form, space: str, name: str) -> str:
    """An element's full name, as lxml wants it."""
    key = (form, space, name)
    found = _TAGS.get(key)
    if found is None:
        found = _TAGS[key] = f"{{{NAMESPACE.format(version=form.space, part=space)}}}{name}"
    return found


def add(parent: Element, form: Form, space: str, name: str) -> Element:
    """A new last child of ``parent``."""
    return etree.SubElement(parent, tag(form, space, name))


Rule = Callable[[Any, Form], Iterator[str]]
"""What parts of a value must be like together: the sentences that say what is wrong."""
NOWHERE: Final[frozenset[Form]] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Part(ABC):
    """One thing about one field of a class.

    Attributes:
        field: the field; empty for a part that has parts of its own.
        forms: the forms that have it.
        always: written even where the value is the field's default.
        needed: the forms whose schema wants it.
        reads: forms whose schema has it not though messages say it: it is read there, with a note, and never written.
        space: the part of the namespace its elements are in.
        old_space: the one in SDMX-ML 2.1, if it is another.
    """

    field: str
    forms: frozenset[Form] = EVERY
    always: bool = False
    needed: frozenset[Form] = NOWHERE
    reads: frozenset[Form] = NOWHERE
    space: str = STRUCTURE
    old_space: str = ""

    def fields(self, form: Form) -> Iterator[str]:
        """The fields it speaks for in a form."""
        if form in self.forms:
            yield self.field

    def child(self, parent: Element, form: Form, name: str) -> Element:
        """A new last child of ``parent``, in the namespace of the part."""
        space = self.old_space if self.old_space and form is Form.ML_2_1 else self.space
        return add(parent, form, space, name)

    @abstractmethod
    def to_xml(self, parent: Element, value: Any, form: Form) -> None:
        """Write the value into the element."""

    @abstractmethod
    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """Put what the element says of the field into ``values``, if it says anything."""

    @abstractmethod
    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:
        """Write the value into the object."""

    @abstractmethod
    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """Put what the object says of the field into ``values``, if it says anything."""

    def losses(self, value: Any, form: Form, path: str) -> Iterator[Problem]:  # noqa: ARG002
        """What the form cannot say of the value."""
        return iter(())


@dataclass(frozen=True, kw_only=True)
class Tolerated(Part):
    """A part a message has though its form has not: what it says is told, unless it says nothing but the default."""

    of: Part
    default: Any

    def to_xml(self, parent: Element, value: Any, form: Form) -> None:
        """Never."""

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:
        """Never."""

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """What the part reads."""
        self._told(self.of.from_xml, node, values)

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """What the part reads."""
        self._told(self.of.from_json, node, values)

    def _told(
        self, read: Callable[[Any, dict[str, Any]], None], node: XmlNode | JsonNode, values: dict[str, Any]
    ) -> None:
        found: dict[str, Any] = {}
        read(node, found)
        for name, value in found.items():
            if value != values.get(name, self.default):
                node.account.repaired(
                    f"{name} is read, for which {node.account.form} has another word or none", node.place
                )
            values.setdefault(name, value)


def readers(
    parts: tuple[Part, ...], form: Form, defaults: Mapping[str, Any] = MappingProxyType({})
) -> tuple[Part, ...]:
    """The parts a message of a form is read with: first those the form has."""
    tolerated = (part for part in parts if form in part.reads and form not in part.forms)
    return (
        *(part for part in parts if form in part.forms),
        *(Tolerated(field=part.field, of=part, default=defaults.get(part.field, _NONE)) for part in tolerated),
    )


_NONE: Final = object()
Fallback = Callable[[Mapping[str, Any]], tuple[Any, str | None]]


@dataclass(eq=False)
class Description:
    """A class and its parts.

    Attributes:
        type: the class.
        parts: its parts, in the order of XML.
        bare: the field that alone may stand in JSON for the whole value, as a plain text.
        writes_bare: the forms that are written so; all are read so.
        rules: what its parts must be like together to be written.
        fallbacks: what a field is when a message lacks it though it must be there, with the words to tell it, if it is to
            be told.
    """

    type: type[Any]
    parts: tuple[Part, ...]
    bare: str | None = None
    writes_bare: frozenset[Form] = EVERY
    rules: tuple[Rule, ...] = ()
    fallbacks: Mapping[str, Fallback] = field(default_factory=dict)
    _plans: dict[Form, tuple[tuple[Part, Any], ...]] = field(default_factory=dict)
    _unsaid: dict[Form, tuple[str, ...]] = field(default_factory=dict)
    _readers: dict[Form, tuple[Part, ...]] = field(default_factory=dict)

    @cached_property
    def defaults(self) -> Mapping[str, Any]:
        """The default of each field that has one."""
        return {f.name: f.default for f in dataclasses.fields(self.type) if f.default is not dataclasses.MISSING}

    @cached_property
    def required(self) -> frozenset[str]:
        """The fields without a default."""
        return frozenset(f.name for f in dataclasses.fields(self.type)) - set(self.defaults)

    def plan(self, form: Form) -> tuple[tuple[Part, Any], ...]:
        """The parts a form has, each with the default of its field."""
        found = self._plans.get(form)
        if found is None:
            parts = (part for part in self.parts if form in part.forms)
            found = self._plans[form] = tuple((part, self.defaults.get(part.field, _NONE)) for part in parts)
        return found

    def readers(self, form: Form) -> tuple[Part, ...]:
        """The parts a message of a form is read with."""
        found = self._readers.get(form)
        if found is None:
            found = self._readers[form] = readers(self.parts, form, self.defaults)
        return found

    def unsaid(self, form: Form) -> tuple[str, ...]:
        """The fields a form has no part for."""
        found = self._unsaid.get(form)
        if found is None:
            said = {name for part, _ in self.plan(form) for name in part.fields(form)}
            names = (f.name for f in dataclasses.fields(self.type))
            found = self._unsaid[form] = tuple(name for name in names if name not in said)
        return found

    def write_xml(self, element: Element, value: Any, form: Form) -> None:
        """Write the parts of a value into its element."""
        for part, default in self.plan(form):
            if not part.field:
                part.to_xml(element, value, form)
                continue
            said = getattr(value, part.field)
            if said != default or part.always:
                part.to_xml(element, said, form)

    def write_json(self, value: Any, form: Form) -> Any:
        """A value as JSON."""
        members: dict[str, Any] = {}
        for part, default in self.plan(form):
            if not part.field:
                part.to_json(members, value, form)
                continue
            said = getattr(value, part.field)
            if said != default or part.always:
                part.to_json(members, said, form)
        if self.bare is None or form not in self.writes_bare:
            return members
        if len(members) == 1 and getattr(value, self.bare) is not None:
            return next(iter(members.values()))
        return members

    def read_xml(self, node: XmlNode, **preset: Any) -> Any:
        """The value an element holds; ``None``, with the errors in the account, when it lacks what it must have."""
        values: dict[str, Any] = {}
        errors = len(node.account.errors)
        for part in self.readers(node.account.form):
            part.from_xml(node, values)
        node.close()
        return self.build(preset | values, node, is_told=len(node.account.errors) > errors)

    def read_json(self, node: JsonNode, **preset: Any) -> Any:
        """The value an object holds; like :meth:`read_xml`."""
        values: dict[str, Any] = {}
        errors = len(node.account.errors)
        for part in self.readers(node.account.form):
            part.from_json(node, values)
        node.close()
        return self.build(preset | values, node, is_told=len(node.account.errors) > errors)

    def build(self, values: dict[str, Any], node: XmlNode | JsonNode, *, is_told: bool = False) -> Any:
        """The value of these fields; ``None``, with an error, when one that is required is missing.

        ``is_told``: what is missing was there, and the account has the error already.
        """
        missing = [name for name in sorted(self.required - values.keys()) if not self._filled(name, values, node)]
        if not missing:
            return self.type(**values)
        if is_told:
            return None
        named = f" {values['id']}" if "id" in values else ""
        what = f"a {self.type.__name__}{named} has no {', '.join(missing)}"
        if "id" in missing or "agency" in missing:
            node.account.wrong("no-identification", what, node.place)
        elif missing == ["concept"]:
            node.account.wrong("no-concept", what, node.place)
        else:
            node.account.wrong("missing-part", what, node.place)
        return None

    def _filled(self, name: str, values: dict[str, Any], node: XmlNode | JsonNode) -> bool:
        fallback = self.fallbacks.get(name)
        if fallback is None:
            return False
        value, told = fallback(values)
        if value is None:
            return False
        if told is not None:
            node.account.repaired(told, node.place)
        values[name] = value
        return True

    def losses(self, value: Any, form: Form, path: str) -> Iterator[Problem]:
        """Why a form cannot say a value: a field it has no part for, one it wants, one it has otherwise; here or inside."""
        for name in self.unsaid(form):
            said = getattr(value, name)
            if said != self.defaults.get(name, _NONE):
                what = f"{path}: {form} cannot say {name} {_shown(said)}"
                yield Problem("not-expressible", what, Where(key=path), value=name)
        yield from self.losses_of_parts(value, form, path)
        for rule in self.rules:
            for what in rule(value, form):
                yield Problem("not-expressible", f"{path}: {what}", Where(key=path))

    def losses_of_parts(self, value: Any, form: Form, path: str) -> Iterator[Problem]:
        """What a form cannot say of those parts it has."""
        for part, default in self.plan(form):
            said = getattr(value, part.field) if part.field else value
            if form in part.needed and _is_nothing(said):
                yield Problem("missing-part", f"{path}: {form} wants {part.field}", Where(key=path), value=part.field)
            elif said != default or part.always:
                yield from part.losses(said, form, path)


def _is_nothing(value: Any) -> bool:
    return value is None or value == () or (isinstance(value, Text) and not value)


_SHOWN: Final = 60


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return f"({len(value)} of them)"
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"

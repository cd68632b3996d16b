"""Parts that refer to something: to an artefact or an item of one, by ``Ref`` or URN, and to what lies in the same artefact.

SDMX-ML 2.1 writes ``Ref`` (ReferenceType, SDMXCommonReferences.xsd), all other forms write URNs; SDMX-JSON 1.0 also where what
is meant lies in the same artefact (:mod:`sdmx_gateway.structures.codec.express` makes them).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from sdmx_gateway.errors import Problem, StructureError, Where
from sdmx_gateway.structures.codec.description import Part
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.codec.node import JsonNode, XmlNode, name_of
from sdmx_gateway.structures.codec.referable import why_not
from sdmx_gateway.structures.codec.scalar import ID, NESTED_ID, Scalar
from sdmx_gateway.structures.codec.singles import unfit
from sdmx_gateway.structures.urn import Kind, Urn, item_of, kind_named
from sdmx_gateway.structures.xml_guard import Element

DEFAULT_VERSION: Final = "1.0"  # default of version (2.1 SDMXStructureBase.xsd, VersionableType)


def write_reference(element: Element, form: Form, urn: Urn) -> None:
    """A reference to an artefact, or to an item of one, inside ``element``."""
    if not form.is_of_2_1:
        element.text = str(urn)
        return
    of_class = {"agencyID": urn.agency, "package": urn.kind.package, "class": urn.class_name}
    if urn.item is None:
        etree.SubElement(element, "Ref", {"id": urn.id, "version": urn.version, **of_class})
    else:
        parent = {"maintainableParentID": urn.id, "maintainableParentVersion": urn.version}
        etree.SubElement(element, "Ref", {"id": urn.item, **parent, **of_class})


def read_reference(node: XmlNode, kinds: tuple[Kind, ...]) -> Urn | None:
    """What a reference names: a ``Ref`` with or without its class, a ``URN`` element, or a URN as text.

    ``None``, with an error in the account, when it cannot be read.
    """
    own_name = name_of(node.element)
    if own_name in node.children:
        node.account.repaired(f"{own_name} stands in {own_name}, and is read once", node.place)
        node = node.first(own_name) or node
    try:
        ref = node.first("Ref")
        urn = node.first("URN")
        named = parsed((node if urn is None else urn).text) if ref is None else _ref(ref, kinds)
        return as_in(named, node.account.form)
    except StructureError as error:
        name = str(node.element.tag).rpartition("}")[2]
        unread(node, f"the reference in {name} cannot be read: {error.what}", error)
        return None


class _Foreign(StructureError):
    """A reference names a class in a package SDMX does not have."""


_PACKAGES: Final = frozenset(kind.package for kind in Kind)
_URN_PACKAGE: Final = re.compile(r"\s*urn:sdmx:org\.sdmx\.infomodel\.(\w+)\.(\w+)=")


def unread(node: XmlNode | JsonNode, what: str, error: StructureError) -> None:
    """Note that a reference cannot be read."""
    if isinstance(error, _Foreign):
        node.account.foreign(what, node.place)
    else:
        node.account.wrong("wrong-reference", what, node.place)


def parsed(text: str) -> Urn:
    """What a URN names.

    Raises:
        StructureError: it is none, or of what registries keep beside the artefacts of SDMX, in packages of their own.
    """
    said = _URN_PACKAGE.match(text)
    if said is not None and said[1] not in _PACKAGES and kind_named(said[2], "") is None:
        raise _Foreign(f"it names {said[2]!r}, which is no class of SDMX")
    return Urn.parse(text)


def as_in(urn: Urn, form: Form) -> Urn:
    """What a URN names in a form: in SDMX 2.1 codes and levels of hierarchies lie in a hierarchical code list, in SDMX 3 in a hierarchy."""
    if form.is_of_2_1 and urn.kind is Kind.HIERARCHY and urn.item is not None:
        return Urn(Kind.HIERARCHICAL_CODELIST, urn.agency, urn.id, urn.version, urn.item, urn.class_name)
    return urn


def _ref(ref: XmlNode, kinds: tuple[Kind, ...]) -> Urn:
    named, package = ref.attribute("class"), ref.attribute("package") or ""
    found = None if named is None else kind_named(named, package)
    if named is not None and found is None and package and package not in _PACKAGES:
        raise _Foreign(f"it names {named!r}, which is no class of SDMX")
    kind, item_class = found or ((kinds[0], None) if kinds else (None, None))
    if kind is None:
        raise StructureError(f"it names {named!r}, which is no class of SDMX" if named else "it names no class")
    agency, ref_id = ref.attribute("agencyID") or "", ref.attribute("id") or ""
    parent, version = ref.attribute("maintainableParentID"), ref.attribute("version")
    parent_version = ref.attribute("maintainableParentVersion")
    if parent is None:
        return Urn(kind, agency, ref_id, version or DEFAULT_VERSION)
    container = ref.attribute("containerID")
    item = ref_id if container is None else f"{container}.{ref_id}"
    return item_of(kind, item_class, agency, parent, parent_version or DEFAULT_VERSION, item)


@dataclass(frozen=True, kw_only=True)
class Reference(Part):
    """References to artefacts or items of them.

    Attributes:
        kinds: those meant; the first where a message says none; empty: any.
        item: whether an item must be meant, or an artefact; ``None``: either.
        is_pattern: a whole class or agency may be meant, by ``*``.
        refuses: kinds that some forms do not take here.
    """

    name: str
    json: str
    kinds: tuple[Kind, ...] = ()
    many: bool = False
    item: bool | None = None
    is_pattern: bool = False
    refuses: Mapping[Kind, frozenset[Form]] = field(default_factory=dict)

    def to_xml(self, parent: Element, value: Any, form: Form) -> None:
        """One element for each reference."""
        for urn in value if self.many else (value,):
            if urn is not None:
                write_reference(self.child(parent, form, self.name), form, urn)

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """Each reference that can be read."""
        found = [self._checked(read_reference(n, self.kinds), n) for n in map(node.inside, node.take(self.name))]
        self._hold([urn for urn in found if urn is not None], values)

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:  # noqa: ARG002
        """The URN, or a list of them."""
        if value:
            members[self.json] = [str(urn) for urn in value] if self.many else str(value)

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """Each URN that can be read."""
        self._hold(
            [urn for urn in (self._parsed(text, node) for text in node.listed(self.json)) if urn is not None], values
        )

    def losses(self, value: Any, form: Form, path: str) -> Iterator[Problem]:
        """A reference of a class that is not meant, or that the form cannot make."""
        named = value if self.many else (value,)
        if self.many and len(set(named)) != len(named):
            yield Problem("not-expressible", f"{path}: {self.field} names the same thing twice", Where(key=path))
        for urn in named:
            if urn is None:
                continue
            if not self._is_meant(urn) or form in self.refuses.get(urn.kind, ()):
                yield Problem("wrong-reference", f"{path} refers to {urn}, which is no such thing", Where(key=path))
                continue
            reason = why_not(urn, form, is_pattern=self.is_pattern, is_any=not self.kinds)
            if reason is not None:
                what = f"{path}: {form} cannot refer to {urn}: {reason}"
                yield Problem("not-expressible", what, Where(key=path))

    def _is_meant(self, urn: Urn) -> bool:
        if self.kinds and urn.kind not in self.kinds:
            return False
        return self.item is None or bool(urn.item) is self.item

    def _parsed(self, text: object, node: JsonNode) -> Urn | None:
        try:
            named = parsed(text if isinstance(text, str) else str(text))
            return self._checked(as_in(named, node.account.form), node)
        except StructureError as error:
            unread(node, f"the reference in {self.json} cannot be read: {error.what}", error)
            return None

    def _checked(self, urn: Urn | None, node: XmlNode | JsonNode) -> Urn | None:
        if urn is None or self._is_meant(urn):
            return urn
        node.account.wrong("wrong-reference", f"{self.name} names {urn}, which is no such thing", node.place)
        return None

    def _hold(self, found: list[Urn], values: dict[str, Any]) -> None:
        if found:
            values[self.field] = tuple(found) if self.many else found[0]


@dataclass(frozen=True, kw_only=True)
class Local(Part):
    """References inside the artefact: ids, which SDMX-ML 2.1 writes as ``Ref``.

    Attributes:
        outer: an element around each of them, or with ``one_outer`` around all.
        ref: what a ``Ref`` must also say.
        scalar: what the ids must be like.
        is_below: a URN in its place names first what both lie in.
    """

    name: str
    json: str
    many: bool = False
    outer: str | None = None
    one_outer: bool = False
    ref: Mapping[str, str] = field(default_factory=dict)
    scalar: Scalar = ID
    is_below: bool = False

    def to_xml(self, parent: Element, value: Any, form: Form) -> None:
        """One element for each id."""
        if value in {None, ()}:
            return
        shared = self.child(parent, form, self.outer) if self.outer is not None and self.one_outer else parent
        for each in value if self.many else (value,):
            own = self.outer is not None and not self.one_outer
            holder = self.child(parent, form, self.outer or "") if own else shared
            element = self.child(holder, form, self.name)
            if form.is_of_2_1:
                etree.SubElement(element, "Ref", {"id": each, **self.ref})
            else:
                element.text = each

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """Each id, however it is written."""
        found = []
        holders = [node] if self.outer is None else [node.inside(element) for element in node.take(self.outer)]
        for holder in holders:
            found += [read_local(holder.inside(element)) for element in holder.take(self.name)]
            if holder is not node:
                holder.close()
        if found:
            values[self.field] = tuple(found) if self.many else found[0]

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:  # noqa: ARG002
        """The id, or a list of them."""
        if value not in {None, ()}:
            members[self.json] = list(value) if self.many else value

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """Each id; of a URN in its place what it ends with."""
        found = [self._own(each) for each in node.texts(self.json)]
        if found:
            values[self.field] = tuple(found) if self.many else found[0]

    def losses(self, value: Any, form: Form, path: str) -> Iterator[Problem]:
        """Ids that are none, or that come twice."""
        named = value if self.many else (value,)
        if self.many and len(set(named)) != len(named):
            yield Problem("not-expressible", f"{path}: {self.field} names the same thing twice", Where(key=path))
        for each in named:
            said = self._own(each) if form is Form.JSON_1_0 and each is not None else each
            if said is not None and not self.scalar.fits(said, form):
                yield unfit(said, self.field, self.scalar.name, path)

    def _own(self, text: str) -> str:
        """The id itself, or the path to it, of a URN."""
        path = tail(text)
        if self.scalar is not NESTED_ID:
            return path.rpartition(".")[2]
        return path.partition(".")[2] if self.is_below and path is not text else path


def read_local(node: XmlNode) -> str:
    """The id a local reference names."""
    ref = node.first("Ref")
    if ref is not None:
        return ref.attribute("id") or ""
    urn = node.first("URN")
    return tail((node if urn is None else urn).text.strip())


def tail(text: str) -> str:
    """The id a reference inside the artefact names, also where it is written as a URN."""
    return text.rpartition(").")[2] if text.startswith("urn:") else text

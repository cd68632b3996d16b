"""Hierarchies and their associations; the hierarchical code list of SDMX 2.1 (SDMXStructureHierarchicalCodelist)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from sdmx_gateway.errors import Problem, StructureError, Where
from sdmx_gateway.structures.codec.artefacts import formats
from sdmx_gateway.structures.codec.artefacts.common import IDENTIFIABLE, NAMEABLE, maintainable
from sdmx_gateway.structures.codec.artefacts.formats import CODE_FORMAT
from sdmx_gateway.structures.codec.artefacts.schemes import NEVER_PARTIAL
from sdmx_gateway.structures.codec.artefacts.values import LISTS, TextFormat
from sdmx_gateway.structures.codec.description import Description, Part
from sdmx_gateway.structures.codec.form import NUMBERS, OF_2_1, OF_3, XML, XML_3, Form
from sdmx_gateway.structures.codec.nested import Nested, Variant
from sdmx_gateway.structures.codec.node import JsonNode, XmlNode
from sdmx_gateway.structures.codec.referable import why_not
from sdmx_gateway.structures.codec.references import Local, Reference, read_reference, write_reference
from sdmx_gateway.structures.codec.rules import no_two, none_twice
from sdmx_gateway.structures.codec.scalar import BOOLEAN, ID, MOMENT, NESTED_ID, STRING
from sdmx_gateway.structures.codec.singles import Attr, Leaf, unfit
from sdmx_gateway.structures.model import hierarchies as m
from sdmx_gateway.structures.urn import Kind, Urn
from sdmx_gateway.structures.xml_guard import Element

LEVEL: Final[Description] = Description(
    m.Level,
    (
        *NAMEABLE,
        TextFormat(field="coding", name="CodingFormat", json="codingFormat", taken=formats.CODING, said=CODE_FORMAT),
        Nested(field="below", variants=(Variant("Level", "level", lambda: LEVEL),)),
    ),
)
_CODES: Final = Nested(
    field="codes",
    variants=(Variant("HierarchicalCode", "hierarchicalCodes", lambda: HIERARCHICAL_CODE),),
    many=True,
)


def _is_version(text: str, form: Form) -> bool:  # noqa: ARG001
    return NUMBERS.fullmatch(text) is not None


def _one_way(code: m.HierarchicalCode, form: Form) -> Iterator[str]:
    """A code is named by its URN, or, in SDMX-ML 2.1 (and SDMX-JSON 1.0), by the alias of its list and its id."""
    ways = (code.code is not None, code.alias is not None, code.code_id is not None)
    if form.is_of_2_1 and ways not in {(True, False, False), (False, True, True)}:
        yield "a code is named by its URN, or by the alias of its list and its id, and by one of the two only"


@dataclass(frozen=True, kw_only=True)
class NamedOnce(Part):
    """A code named in both ways: where messages do so, its URN is what is read."""

    field: str = ""

    def to_xml(self, parent: Element, value: Any, form: Form) -> None:
        """Never: it is named in one way."""

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:
        """Never: it is named in one way."""

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """The URN, and with it nothing of the other way."""
        self._settle(node, values)

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """The URN, and with it nothing of the other way."""
        self._settle(node, values)

    def _settle(self, node: XmlNode | JsonNode, values: dict[str, Any]) -> None:
        if "code" not in values or not {"alias", "code_id"} & values.keys():
            return
        named, aside = values["code"], [values.pop(name, None) for name in ("alias", "code_id")]
        what = "a code is named by the alias of its list and by its URN, which is read"
        if aside[1] not in {None, named.item}:
            what = f"a code is named {aside[1]} of {aside[0]}, and by its URN, which says otherwise and is read"
        node.account.repaired(what, node.place)


def _all_codes(hierarchy: m.Hierarchy) -> Iterator[str]:
    waiting = list(hierarchy.codes)
    while waiting:
        code = waiting.pop()
        yield code.id
        waiting += code.codes


def _all_levels(hierarchy: m.Hierarchy | m.InnerHierarchy) -> Iterator[str]:
    level = hierarchy.level
    while level is not None:
        yield level.id
        level = level.below


_ONCE_EACH: Final = no_two("codes")
_LEVELS_ONCE_EACH: Final = none_twice(_all_levels)
HIERARCHICAL_CODE: Final[Description] = Description(
    m.HierarchicalCode,
    (
        *IDENTIFIABLE,
        Attr(field="valid_from", name="validFrom", json="validFrom", scalar=MOMENT),
        Attr(field="valid_to", name="validTo", json="validTo", scalar=MOMENT),
        Attr(
            field="code_version",
            name="version",
            json="version",
            forms=OF_2_1,
            scalar=STRING.where("a version of SDMX 2.1", _is_version),
        ),
        Reference(field="code", name="Code", json="code", kinds=LISTS[:4], item=True, needed=OF_3),
        Leaf(field="alias", name="CodelistAliasRef", json="codelistAliasRef", forms=OF_2_1, scalar=ID),
        Local(field="code_id", name="CodeID", json="codeID", forms=OF_2_1),
        NamedOnce(forms=OF_2_1),
        _CODES,
        Local(field="level", name="Level", json="level", forms=OF_2_1, scalar=NESTED_ID, is_below=True),
        Local(field="level", name="Level", json="level", forms=OF_3),
    ),
    rules=(_one_way, _ONCE_EACH),
)
_LEVEL: Final = Nested(field="level", variants=(Variant("Level", "level", LEVEL),))
HIERARCHY: Final = Description(
    m.Hierarchy,
    (
        *maintainable(),
        NEVER_PARTIAL,
        Attr(field="has_formal_levels", name="hasFormalLevels", json="hasFormalLevels", scalar=BOOLEAN, always=True),
        _LEVEL,
        replace(_CODES, needed=XML_3),
    ),
    rules=(_ONCE_EACH, _LEVELS_ONCE_EACH, none_twice(_all_codes, forms=XML_3)),
)
HIERARCHY_ASSOCIATION: Final = Description(
    m.HierarchyAssociation,
    (
        *maintainable(),
        Reference(
            field="hierarchy",
            name="LinkedHierarchy",
            json="linkedHierarchy",
            kinds=(Kind.HIERARCHY,),
            item=False,
            needed=XML,
        ),
        Reference(field="linked", name="LinkedObject", json="linkedObject", needed=XML),
        Reference(field="context", name="ContextObject", json="contextObject"),
    ),
)
INNER_HIERARCHY: Final = Description(
    m.InnerHierarchy,
    (
        *NAMEABLE,
        Attr(field="is_leveled", name="leveled", json="leveled", scalar=BOOLEAN, always=True),
        replace(_CODES, needed=OF_2_1),
        _LEVEL,
    ),
    rules=(_ONCE_EACH, _LEVELS_ONCE_EACH),
)


@dataclass(frozen=True, kw_only=True)
class Included(Part):
    """The code lists a hierarchical code list draws on: references with an alias; in JSON a table of them by alias."""

    def to_xml(self, parent: Element, value: Any, form: Form) -> None:
        """One ``IncludedCodelist`` for each."""
        for included in value:
            element = self.child(parent, form, "IncludedCodelist")
            if included.alias is not None:
                element.set("alias", included.alias)
            write_reference(element, form, included.codelist)

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """Each reference that can be read, with its alias."""
        found = []
        for inner in map(node.inside, node.take("IncludedCodelist")):
            alias, urn = inner.attribute("alias"), read_reference(inner, (Kind.CODELIST,))
            if urn is not None:
                found.append(m.IncludedCodelist(codelist=urn, alias=alias))
        if found:
            values[self.field] = tuple(found)

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:  # noqa: ARG002
        """A table of URNs by alias; a list without one goes by its own id."""
        members["includedCodelists"] = {each.alias or each.codelist.id: str(each.codelist) for each in value}

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """Each URN, with the alias it goes by."""
        found = []
        for inner in node.objects("includedCodelists"):
            for alias, text in inner.members.items():
                try:
                    urn = Urn.parse(str(text))
                except StructureError as error:
                    node.account.wrong("wrong-reference", f"includedCodelists: {error.what}", node.place)
                else:
                    found.append(m.IncludedCodelist(codelist=urn, alias=None if alias == urn.id else alias))
        if found:
            values[self.field] = tuple(found)

    def losses(self, value: Any, form: Form, path: str) -> Iterator[Problem]:
        """References that cannot be made, aliases that are none; in JSON those that are not told apart."""
        for each in value:
            reason = "it is no code list" if each.codelist.kind is not Kind.CODELIST else why_not(each.codelist, form)
            if reason is not None or each.codelist.item is not None:
                what = f"{path}: {form} cannot refer to {each.codelist}: {reason}"
                yield Problem("not-expressible", what, Where(key=path))
            if each.alias is not None and not ID.fits(each.alias, form):
                yield unfit(each.alias, "alias", ID.name, path)
        if form is Form.JSON_1_0:
            names = [each.alias or each.codelist.id for each in value]
            if len(set(names)) != len(names) or any(each.alias == each.codelist.id for each in value):
                what = f"{path}: {form} takes one list for each alias, and no alias that is the id of its list"
                yield Problem("not-expressible", what, Where(key=path))


HIERARCHICAL_CODELIST: Final = Description(
    m.HierarchicalCodelist,
    (
        *maintainable(),
        Included(field="codelists", forms=OF_2_1),
        Nested(field="hierarchies", variants=(Variant("Hierarchy", "hierarchies", INNER_HIERARCHY),), many=True),
    ),
    rules=(no_two("hierarchies"),),
)

"""Code lists, value lists, concepts, categories (SDMXStructureCodelist, -Concept, -Category, -Categorisation, -ReportingTaxonomy)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from sdmx_gateway.errors import StructureError
from sdmx_gateway.structures.codec.artefacts import formats
from sdmx_gateway.structures.codec.artefacts.common import (
    ANNOTATIONS,
    DESCRIPTIONS,
    NAMEABLE,
    NAMED,
    NAMES,
    maintainable,
)
from sdmx_gateway.structures.codec.artefacts.values import (
    CODES,
    CODES_OR_VALUES,
    LISTS,
    Values,
    always,
    lists_by_generation,
)
from sdmx_gateway.structures.codec.description import Description
from sdmx_gateway.structures.codec.form import EVERY, JSON, JSON_2, OF_3, XML, Form
from sdmx_gateway.structures.codec.nested import Nested, Variant
from sdmx_gateway.structures.codec.node import XmlNode
from sdmx_gateway.structures.codec.references import Local, Reference
from sdmx_gateway.structures.codec.rules import no_two
from sdmx_gateway.structures.codec.scalar import BOOLEAN, ID, NAME, NESTED_ID, Scalar, worded
from sdmx_gateway.structures.codec.singles import Attr, Body, Constant, Leaf, Redundant, Single
from sdmx_gateway.structures.model import schemes as m
from sdmx_gateway.structures.model.schemes import Cascade
from sdmx_gateway.structures.urn import Kind, Urn

NEVER_PARTIAL: Final = Redundant(name="isPartial", json="isPartial", is_so=False)
IS_PARTIAL: Final = Attr(field="is_partial", name="isPartial", json="isPartial", scalar=BOOLEAN)
PARENT: Final = Local(field="parent", name="Parent", json="parent")


@dataclass(frozen=True, kw_only=True)
class Items(Nested):
    """The items of a scheme, those that lie inside others too: ItemType lets them, though no class derived from it does."""

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """Each item, those inside it behind it."""
        found: list[Any] = []
        self._collect(node, None, found)
        if found:
            values[self.field] = tuple(found)

    def _collect(self, node: XmlNode, parent: str | None, found: list[Any]) -> None:
        variant = self.variants[0]
        for inner in map(node.inside, node.take(variant.name)):
            holds_others = variant.name in inner.children
            holder = XmlNode(inner.element, inner.account, inner.owner) if holds_others else inner
            inner.children.pop(variant.name, None)
            item = variant.description.read_xml(inner)
            if item is not None:
                found.append(item if parent is None or item.parent is not None else replace(item, parent=parent))
            if holds_others:
                self._collect(holder, None if item is None else item.id, found)


def items(name: str, json: str, of: Description) -> Nested:
    """The items of a scheme."""
    return Items(field="items", variants=(Variant(name, json, of),), many=True)


ONCE_EACH: Final = (no_two("items"),)
"""The rule of every scheme."""


def _cascades(value: Any, form: Form) -> bool:
    """Whether a form can say how a value cascades: SDMX 2.1 only knows yes and no."""
    return value is not Cascade.EXCLUDE_ROOT or not form.is_of_2_1


_CASCADE: Final[Scalar] = replace(
    worded({"false": Cascade.NO, "true": Cascade.YES, "excluderoot": Cascade.EXCLUDE_ROOT}),
    to_json=lambda value: value.value if value is Cascade.EXCLUDE_ROOT else value is Cascade.YES,
    from_json=lambda said: (
        (Cascade.YES if said else Cascade.NO)
        if isinstance(said, bool)
        else {"true": Cascade.YES, "false": Cascade.NO, "excluderoot": Cascade.EXCLUDE_ROOT}.get(str(said).lower())
    ),
    fits=_cascades,
    is_worded=False,
)
CASCADE: Final = Attr(field="cascade", name="cascadeValues", json="cascadeValues", scalar=_CASCADE)

_CODE: Final = (*NAMEABLE, PARENT)
CODE: Final = Description(m.Code, _CODE)


def _selectable(value: Any, form: Form) -> bool:
    """A code, or a pattern of codes: SDMX-JSON takes ``%`` at the end only, and SDMX-ML, by an oversight, no hyphen.

    MemberValueType of SDMXStructureCodelist.xsd of 3.0 and 3.1 has the pattern ``[A-Za-z0-9_@$-%]+``.
    """
    if form.is_xml:
        return _MEMBER_VALUE.fullmatch(value) is not None
    return ID.fits(value.removesuffix("%"), form)


_MEMBER_VALUE: Final = re.compile(r"[A-Za-z0-9_@$%]+")
SELECTED_CODE: Final = Description(
    m.SelectedCode,
    (
        Body(field="value", json="value", scalar=ID.where("a code, or a pattern of codes", _selectable)),
        CASCADE,
    ),
    bare="value",
)


def _is_pattern(code: Any) -> bool:
    return "%" in code.value


def _plain_patterns(code: Any, form: Form) -> Iterator[str]:
    if not form.is_xml and code.cascade is not None:
        yield f"{form} has patterns of codes without cascade only"


PATTERN: Final = replace(SELECTED_CODE, rules=(_plain_patterns,))


def _selection(field: str, name: str, json: str) -> Nested:
    return Nested(
        field=field,
        variants=(
            Variant("MemberValue", "wildcardedMemberValues", PATTERN, when=_is_pattern, forms=JSON_2),
            Variant("MemberValue", "memberValues", SELECTED_CODE),
        ),
        many=True,
        within=name,
        within_json=json,
    )


def _one_selection(extension: Any, form: Form) -> Iterator[str]:  # noqa: ARG001
    if extension.inclusive and extension.exclusive:
        yield "codes are selected either to be in or to be out"
    for chosen in (extension.inclusive, extension.exclusive):
        if len(set(chosen)) != len(chosen):
            yield "a code is selected twice"


EXTENSION: Final = Description(
    m.CodelistExtension,
    (
        Attr(field="prefix", name="prefix", json="prefix"),
        Reference(field="codelist", name="Codelist", json="codelist", kinds=LISTS[:4], item=False),
        _selection("inclusive", "InclusiveCodeSelection", "inclusiveCodeSelection"),
        _selection("exclusive", "ExclusiveCodeSelection", "exclusiveCodeSelection"),
    ),
    rules=(_one_selection,),
)
EXTENSIONS: Final = Nested(
    field="extensions",
    variants=(Variant("CodelistExtension", "codelistExtensions", EXTENSION),),
    many=True,
    forms=OF_3,
)
CODELIST: Final = Description(
    m.Codelist,
    (*maintainable(own_id=NAME), IS_PARTIAL, items("Code", "codes", CODE), EXTENSIONS),
    rules=ONCE_EACH,
)


def _geo(kind: Kind) -> Constant:
    return Constant(name="geoType", json="geoType", value=kind.value)


GEOGRAPHIC_CODELIST: Final = Description(
    m.GeographicCodelist,
    (
        *maintainable(own_id=NAME),
        _geo(Kind.GEOGRAPHIC_CODELIST),
        IS_PARTIAL,
        items(
            "GeoFeatureSetCode",
            "geoFeatureSetCodes",
            Description(m.GeoFeatureSetCode, (*_CODE, Attr(field="value", name="value", json="value"))),
        ),
        EXTENSIONS,
    ),
    rules=ONCE_EACH,
)
GEO_GRID_CODELIST: Final = Description(
    m.GeoGridCodelist,
    (
        *maintainable(own_id=NAME),
        _geo(Kind.GEO_GRID_CODELIST),
        IS_PARTIAL,
        items(
            "GeoGridCode",
            "geoGridCodes",
            Description(m.GeoGridCode, (*_CODE, Leaf(field="cell", name="GeoCell", json="geoCell"))),
        ),
        EXTENSIONS,
        Leaf(field="grid", name="GridDefinition", json="gridDefinition", needed=XML),
    ),
    rules=ONCE_EACH,
)
VALUE_ITEM: Final = Description(m.ValueItem, (Attr(field="id", name="id", json="id"), ANNOTATIONS, NAMES, DESCRIPTIONS))
VALUE_LIST: Final = Description(
    m.ValueList,
    (*maintainable(named=JSON), NEVER_PARTIAL, items("ValueItem", "valueItems", VALUE_ITEM)),
    rules=ONCE_EACH,
)

ISO_CONCEPT: Final = Description(
    m.IsoConcept,
    (
        Leaf(field="agency", name="ConceptAgency", json="conceptAgency"),
        Leaf(field="scheme", name="ConceptSchemeID", json="conceptSchemeID"),
        Leaf(field="concept", name="ConceptID", json="conceptID"),
    ),
)


def _iso_urn(iso: m.IsoConcept) -> Urn:
    return Urn(Kind.CONCEPT_SCHEME, iso.agency, iso.scheme, "1.0", iso.concept)


def _iso_of(said: Any) -> m.IsoConcept | None:
    try:
        urn = Urn.parse(str(said))
    except StructureError:
        return None
    return m.IsoConcept(agency=urn.agency, scheme=urn.id, concept=urn.item or "")


def _has_iso_urn(iso: Any, form: Form) -> bool:
    return NESTED_ID.fits(iso.agency, form) and ID.fits(iso.scheme, form) and ID.fits(iso.concept, form)


_ISO_URN: Final = Scalar(
    "an ISO concept that a URN can name",
    lambda iso: str(_iso_urn(iso)),
    _iso_of,
    lambda iso: str(_iso_urn(iso)),
    _iso_of,
    _has_iso_urn,
)


class IsoReference(Single):
    """The ISO concept in SDMX-JSON 1.0: a URN, whose version says nothing."""

    def to_xml(self, parent: Any, value: Any, form: Form) -> None:
        """Never: SDMX-ML has it otherwise."""

    def from_xml(self, node: Any, values: dict[str, Any]) -> None:
        """Never."""


CONCEPT: Final = Description(
    m.Concept,
    (
        *NAMED,
        replace(PARENT, scalar=NAME),
        Values(
            field="representation",
            name="CoreRepresentation",
            json="coreRepresentation",
            taken=always(formats.BASIC),
            lists=lists_by_generation(CODES, CODES_OR_VALUES),
            occurs=True,
        ),
        Nested(
            field="iso",
            variants=(Variant("ISOConceptReference", "isoConceptReference", ISO_CONCEPT),),
            forms=EVERY - {Form.JSON_1_0},
        ),
        IsoReference(
            field="iso", name="", json="isoConceptReference", scalar=_ISO_URN, forms=frozenset({Form.JSON_1_0})
        ),
    ),
)
CONCEPT_SCHEME: Final = Description(
    m.ConceptScheme,
    (*maintainable(own_id=NAME), IS_PARTIAL, items("Concept", "concepts", CONCEPT)),
    rules=ONCE_EACH,
)

CATEGORY: Final[Description] = Description(
    m.Category,
    (
        *NAMEABLE,
        Nested(field="categories", variants=(Variant("Category", "categories", lambda: CATEGORY),), many=True),
    ),
    rules=(no_two("categories"),),
)
CATEGORY_SCHEME: Final = Description(
    m.CategoryScheme,
    (
        *maintainable(own_id=NAME),
        IS_PARTIAL,
        Nested(field="categories", variants=(Variant("Category", "categories", CATEGORY),), many=True),
    ),
    rules=(no_two("categories"),),
)


def _both_ends(categorisation: Any, form: Form) -> Iterator[str]:
    if form.is_xml and (categorisation.source is None) is not (categorisation.target is None):
        yield "it says what it categorises or where, but not both"


CATEGORISATION: Final = Description(
    m.Categorisation,
    (
        *maintainable(EVERY - {Form.ML_3_1}),  # where it is always 1.0
        Reference(field="source", name="Source", json="source"),
        Reference(field="target", name="Target", json="target", kinds=(Kind.CATEGORY_SCHEME,), item=True),
    ),
    rules=(_both_ends,),
)
_STRUCTURES: Final = (Kind.DATA_STRUCTURE, Kind.METADATA_STRUCTURE)
_USAGES: Final = (
    Kind.DATAFLOW, Kind.METADATAFLOW, Kind.PROVISION_AGREEMENT, Kind.METADATA_PROVISION_AGREEMENT,
)  # fmt: skip


def _one_sort(category: Any, form: Form) -> Iterator[str]:
    if category.structures and category.flows and form is not Form.JSON_1_0:
        yield "a category is made of structures or of flows, not of both"


REPORTING_CATEGORY: Final[Description] = Description(
    m.ReportingCategory,
    (
        *NAMEABLE,
        Nested(
            field="categories",
            variants=(Variant("ReportingCategory", "reportingCategories", lambda: REPORTING_CATEGORY),),
            many=True,
        ),
        Reference(
            field="structures",
            name="StructuralMetadata",
            json="structuralMetadata",
            kinds=_STRUCTURES,
            item=False,
            many=True,
        ),
        Reference(
            field="flows",
            name="ProvisioningMetadata",
            json="provisioningMetadata",
            kinds=_USAGES,
            item=False,
            many=True,
            refuses=dict.fromkeys(_USAGES[2:], EVERY),
        ),
    ),
    rules=(_one_sort, no_two("categories")),
)
REPORTING_TAXONOMY: Final = Description(
    m.ReportingTaxonomy,
    (
        *maintainable(),
        IS_PARTIAL,
        Nested(
            field="categories",
            variants=(Variant("ReportingCategory", "reportingCategories", REPORTING_CATEGORY),),
            many=True,
        ),
    ),
    rules=(no_two("categories"),),
)

"""What constraints are attached to: artefacts, a provider, sets of data, places data is at (ConstraintAttachmentType)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.structures.codec.artefacts.selections import SET_REFERENCE
from sdmx_gateway.structures.codec.description import COMMON, Description, Part
from sdmx_gateway.structures.codec.form import EVERY, OF_2_1, OF_3_1, Form
from sdmx_gateway.structures.codec.nested import Nested, Variant
from sdmx_gateway.structures.codec.node import JsonNode, XmlNode
from sdmx_gateway.structures.codec.referable import why_not
from sdmx_gateway.structures.codec.references import Reference, read_reference, write_reference
from sdmx_gateway.structures.codec.scalar import ADDRESS, BOOLEAN
from sdmx_gateway.structures.codec.singles import Attr, Leaf
from sdmx_gateway.structures.model import constraints as m
from sdmx_gateway.structures.urn import Kind, Urn
from sdmx_gateway.structures.xml_guard import Element

_JSON_1: Final = frozenset({Form.JSON_1_0})
QUERYABLE: Final = Description(
    m.QueryableSource,
    (
        Attr(field="is_rest", name="isRESTDatasource", json="isRESTDatasource", scalar=BOOLEAN, always=True),
        Attr(
            field="is_web_service",
            name="isWebServiceDatasource",
            json="isWebServiceDatasource",
            scalar=BOOLEAN,
            always=True,
        ),
        Leaf(field="url", name="DataURL", json="dataURL", space=COMMON, scalar=ADDRESS),
        Leaf(field="wsdl", name="WSDLURL", json="wsdlURL", space=COMMON, scalar=ADDRESS),
        Leaf(field="wadl", name="WADLURL", json="wadlURL", space=COMMON, scalar=ADDRESS),
    ),
)
_ATTACHED: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.DATA_PROVIDER_SCHEME: ("DataProvider", "dataProvider"),
    Kind.METADATA_PROVIDER_SCHEME: ("MetadataProvider", "metadataProvider"),
    Kind.METADATA_SET: ("MetadataSet", "metadataSets"),
    Kind.DATA_STRUCTURE: ("DataStructure", "dataStructures"),
    Kind.METADATA_STRUCTURE: ("MetadataStructure", "metadataStructures"),
    Kind.DATAFLOW: ("Dataflow", "dataflows"),
    Kind.METADATAFLOW: ("Metadataflow", "metadataflows"),
    Kind.PROVISION_AGREEMENT: ("ProvisionAgreement", "provisionAgreements"),
    Kind.METADATA_PROVISION_AGREEMENT: ("MetadataProvisionAgreement", "metadataProvisionAgreements"),
}
_PROVIDERS: Final = frozenset({Kind.DATA_PROVIDER_SCHEME, Kind.METADATA_PROVIDER_SCHEME})
_NO_SETS: Final = "SDMX-JSON 2.0 alone can (the pattern of MetadataSetReferenceType in SDMX-ML 3.0 is another class's)"
OF_2_1_KINDS: Final = (
    Kind.DATA_STRUCTURE, Kind.METADATA_STRUCTURE, Kind.DATAFLOW, Kind.METADATAFLOW, Kind.PROVISION_AGREEMENT,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Attached(Part):
    """The artefacts a constraint is of: an element for each, in JSON a list for each class.

    Attributes:
        kinds: the classes it may be of.
        is_single: in JSON each list is one URN with a name of its own: the constraint is of one artefact.
    """

    kinds: tuple[Kind, ...]
    is_single: bool = False

    def to_xml(self, parent: Element, value: Any, form: Form) -> None:
        """One element for each artefact."""
        for urn in value:
            write_reference(self.child(parent, form, _ATTACHED[urn.kind][0]), form, urn)

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """Each reference that can be read."""
        kinds = {name: kind for kind, (name, _) in _ATTACHED.items()}
        if node.account.form.is_of_2_1:
            del kinds["MetadataSet"]
        found = []
        for element in node.take(*kinds):
            inner = node.inside(element)
            found.append(read_reference(inner, (kinds[str(element.tag).rpartition("}")[2]],)))
        held = tuple(urn for urn in found if urn is not None)
        if held:
            values[self.field] = held

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:  # noqa: ARG002
        """The URNs, by class."""
        for urn in value:
            if urn.kind in _PROVIDERS or self.is_single:
                members[self._member(urn.kind)] = str(urn)
            else:
                members.setdefault(self._member(urn.kind), []).append(str(urn))

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """Each URN that can be read."""
        found: list[Urn] = []
        for kind in _ATTACHED:
            held: dict[str, Any] = {}
            if not (kind is Kind.METADATA_SET and node.account.form.is_of_2_1):
                name = self._member(kind)
                Reference(field="urns", name=name, json=name, kinds=(kind,), many=True).from_json(node, held)
            found += held.get("urns", ())
        if found:
            values[self.field] = tuple(found)

    def losses(self, value: Any, form: Form, path: str) -> Iterator[Problem]:
        """Artefacts of classes it cannot be of, of several classes, twice the same."""
        if len({urn.kind for urn in value}) > 1 or len(set(value)) != len(value):
            yield _problem(path, "a constraint is of artefacts of one class, each named once")
        for urn in value:
            if urn.kind not in self.kinds or (urn.kind in _PROVIDERS) is not bool(urn.item):
                yield Problem("wrong-reference", f"{path} is attached to {urn}, which it cannot be", Where(key=path))
                continue
            is_set = urn.kind is Kind.METADATA_SET
            reason = why_not(urn, form) if not is_set else None if form is Form.JSON_2_0 else _NO_SETS
            if reason is not None:
                yield _problem(path, f"{form} cannot refer to {urn}: {reason}")
            if urn.kind in _PROVIDERS and len(value) > 1:
                yield _problem(path, "a constraint is of one provider")

    def _member(self, kind: Kind) -> str:
        name = _ATTACHED[kind][1]
        return name.removesuffix("s") if self.is_single else name


def _problem(path: str, what: str) -> Problem:
    return Problem("not-expressible", f"{path}: {what}", Where(key=path))


def _one_sort(attachment: m.ConstraintAttachment, form: Form) -> Iterator[str]:  # noqa: ARG001
    sorts = (attachment.artefacts, attachment.simple_sources, attachment.data_sets, attachment.metadata_sets)
    if sum(bool(sort) for sort in sorts) != 1:
        yield "a constraint is attached to things of exactly one sort"
    with_sources = attachment.artefacts and not any(urn.kind in _PROVIDERS for urn in attachment.artefacts)
    if attachment.queryable_sources and not (with_sources and attachment.artefacts[0].kind is not Kind.METADATA_SET):
        yield "places that answer queries go with structures, flows or agreements only"
    if len(set(attachment.simple_sources)) != len(attachment.simple_sources):
        yield "a source is named twice"


def _one_each(attachment: m.ConstraintAttachment, form: Form) -> Iterator[str]:
    """What the content constraint of SDMX 2.1 may have one of only."""
    for sort in (attachment.simple_sources, attachment.data_sets, attachment.metadata_sets):
        if form.is_of_2_1 and len(sort) > 1:
            yield "a content constraint is of one data set, one metadata set or one source"


@dataclass(frozen=True, kw_only=True)
class OneOfMany(Leaf):
    """The one value there may be of a field that elsewhere holds several (SDMX-JSON 1.0)."""

    def to_json(self, members: dict[str, Any], value: Any, form: Form) -> None:
        """The member."""
        super().to_json(members, value[0], form)

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """The member."""
        super().from_json(node, values)
        if self.field in values:
            values[self.field] = (values[self.field],)

    def losses(self, value: Any, form: Form, path: str) -> Iterator[Problem]:
        """A value that is not of the type."""
        for each in value:
            yield from super().losses(each, form, path)


def attachment(*kinds: Kind, single: bool, queryable: bool = True, old: bool = False) -> Nested:
    """Where a constraint is attached; ``single``: what is no artefact is one thing (ContentConstraintAttachmentType)."""
    many = "" if single else "s"
    sets = {
        name: Nested(
            field=field,
            variants=(Variant(name, f"{json}{many}", SET_REFERENCE, single=single),),
            many=True,
            forms=OF_2_1 if old else frozenset(),
        )
        for field, name, json in (("data_sets", "DataSet", "dataSet"), ("metadata_sets", "MetadataSet", "metadataSet"))
    }
    source = Leaf(
        field="simple_sources",
        name="SimpleDataSource",
        json="simpleDataSources",
        many=True,
        forms=EVERY - OF_3_1 - (_JSON_1 if single else frozenset()),
        scalar=ADDRESS,
    )
    one_source = OneOfMany(
        field="simple_sources", name="SimpleDataSource", json="simpleDataSource", forms=_JSON_1, scalar=ADDRESS
    )
    answering = Nested(
        field="queryable_sources",
        variants=(Variant("QueryableDataSource", "queryableDataSources", QUERYABLE),),
        many=True,
        forms=EVERY - OF_3_1 if queryable else frozenset(),
    )
    parts = (
        Attached(field="artefacts", kinds=kinds),
        *sets.values(),
        source,
        *((one_source,) if single else ()),
        answering,
    )
    rules = (_one_sort, _one_each) if single else (_one_sort,)
    description = Description(m.ConstraintAttachment, parts, rules=rules)
    variants = (Variant("ConstraintAttachment", "constraintAttachment", description),)
    return Nested(field="attachment", variants=variants)


def of_one(*kinds: Kind) -> Nested:
    """The one artefact an availability constraint is of."""
    attached = Attached(field="artefacts", kinds=kinds, is_single=True)
    description = Description(m.ConstraintAttachment, (attached,), rules=(_one_sort,))
    return Nested(field="attachment", variants=(Variant("ConstraintAttachment", "constraintAttachment", description),))

"""What an attribute is attached to (AttributeRelationshipType of SDMXStructureDataStructure.xsd)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from lxml import etree

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.structures.codec.description import STRUCTURE, Part, add
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.codec.node import JsonNode, XmlNode, name_of
from sdmx_gateway.structures.codec.references import read_local
from sdmx_gateway.structures.codec.scalar import ID, NAME
from sdmx_gateway.structures.codec.singles import unfit
from sdmx_gateway.structures.model.data_structure import Attachment, Relationship
from sdmx_gateway.structures.xml_guard import Element

PRIMARY_MEASURE: Final = "OBS_VALUE"  # fixed id of the primary measure (2.1 SDMXStructureDataStructure.xsd)


@dataclass(frozen=True, kw_only=True)
class AttachedTo(Part):
    """The attribute relationship."""

    def to_xml(self, parent: Element, value: Relationship, form: Form) -> None:
        """``AttributeRelationship`` with what the attribute is attached to."""
        holder = add(parent, form, STRUCTURE, "AttributeRelationship")
        old = form.is_of_2_1
        if value.attachment is Attachment.GROUP:
            _write_local(holder, form, "Group", value.group or "")
        elif value.attachment is Attachment.DIMENSIONS:
            for dimension in value.dimensions:
                element = _write_local(holder, form, "Dimension", dimension)
                if dimension in value.optional and not old:
                    element.set("optional", "true")
            for group in value.attachment_groups if old else ():
                _write_local(holder, form, "AttachmentGroup", group)
        elif value.attachment is Attachment.DATASET:
            add(holder, form, STRUCTURE, "None" if old else "Dataflow")
        elif old:
            _write_local(holder, form, "PrimaryMeasure", PRIMARY_MEASURE)
        else:
            add(holder, form, STRUCTURE, "Observation")

    def from_xml(self, node: XmlNode, values: dict[str, Any]) -> None:
        """The relationship, of whichever version."""
        holder = node.first("AttributeRelationship")
        if holder is None:
            return
        targets = [(name_of(each), holder.inside(each)) for each in holder.take(*_TARGETS)]
        holder.close()
        named = [(name, read_local(inner), inner.attribute("optional") == "true") for name, inner in targets]
        self._hold(named, values, node)

    def to_json(self, members: dict[str, Any], value: Relationship, form: Form) -> None:
        """``attributeRelationship`` with what the attribute is attached to."""
        old = form.is_of_2_1
        said: dict[str, Any] = {}
        if value.attachment is Attachment.GROUP:
            said["group"] = value.group
        elif value.attachment is Attachment.DIMENSIONS:
            said["dimensions"] = list(value.dimensions)
            if old and value.attachment_groups:
                said["attachmentGroups"] = list(value.attachment_groups)
            if value.optional and not old:
                said["areDimensionsOptional"] = [name in value.optional for name in value.dimensions]
        elif value.attachment is Attachment.DATASET:
            said["none" if old else "dataflow"] = {}
        else:
            said["primaryMeasure" if old else "observation"] = PRIMARY_MEASURE if old else {}
        members["attributeRelationship"] = said

    def from_json(self, node: JsonNode, values: dict[str, Any]) -> None:
        """The relationship, of whichever version."""
        for inner in node.objects("attributeRelationship"):
            optional = inner.listed("areDimensionsOptional")
            named = [
                ("Dimension", each, is_optional is True)
                for each, is_optional in zip_longest(inner.texts("dimensions"), optional)
                if each is not None
            ]
            named += [("AttachmentGroup", each, False) for each in inner.texts("attachmentGroups")]
            for member, name in _MEMBERS:
                found = inner.take(member)
                if found is not None:
                    named.append((name, found if isinstance(found, str) else "", False))
            inner.close()
            self._hold(named, values, node)

    def losses(self, value: Relationship, form: Form, path: str) -> Iterator[Problem]:
        """Optional dimensions before SDMX 3, attachment groups since; ids that are none, what does not belong together."""
        if value.optional if form.is_of_2_1 else value.attachment_groups:
            what = "which dimensions are optional" if form.is_of_2_1 else "attachment groups"
            yield _problem(path, f"{form} cannot say {what}")
        is_of_dimensions = value.attachment is Attachment.DIMENSIONS
        if is_of_dimensions is not bool(value.dimensions) or (value.attachment is Attachment.GROUP) is not bool(
            value.group
        ):
            yield _problem(path, "its relationship and what it names do not belong together")
        if (value.attachment_groups and not is_of_dimensions) or not set(value.optional) <= set(value.dimensions):
            yield _problem(path, "its relationship and what it names do not belong together")
        if len(set(value.dimensions)) != len(value.dimensions):
            yield _problem(path, "it is attached to the same dimension twice")
        named = [(each, NAME) for each in value.dimensions] + ([(value.group, ID)] if value.group else [])
        named += [(each, ID if form.is_xml else NAME) for each in value.attachment_groups]
        for each, scalar in named:
            if not scalar.fits(each, form):
                yield unfit(each, "relationship", scalar.name, path)

    def _hold(self, named: list[tuple[str, str, bool]], values: dict[str, Any], node: XmlNode | JsonNode) -> None:
        if not named:
            return
        form = node.account.form
        for name in sorted({name for name, _, _ in named} & (_SINCE_3 if form.is_of_2_1 else _UNTIL_2_1)):
            node.account.repaired(f"a relationship to {name} is read, for which {form} has another word", node.place)
        attachment = _TARGETS[named[0][0]]
        if any(_TARGETS[kind] is not attachment for kind, _, _ in named):
            node.account.repaired("of several relationships of an attribute the first is read", node.place)
            named = [each for each in named if _TARGETS[each[0]] is attachment]
        values[self.field] = Relationship(
            attachment,
            dimensions=tuple(name for kind, name, _ in named if kind == "Dimension"),
            group=named[0][1] if attachment is Attachment.GROUP else None,
            optional=tuple(name for kind, name, is_optional in named if kind == "Dimension" and is_optional),
            attachment_groups=tuple(name for kind, name, _ in named if kind == "AttachmentGroup"),
        )


def _problem(path: str, what: str) -> Problem:
    return Problem("not-expressible", f"{path}: {what}", Where(key=path))


_TARGETS: Final = {
    "None": Attachment.DATASET,
    "Dataflow": Attachment.DATASET,
    "Group": Attachment.GROUP,
    "Dimension": Attachment.DIMENSIONS,
    "AttachmentGroup": Attachment.DIMENSIONS,
    "PrimaryMeasure": Attachment.OBSERVATION,
    "Observation": Attachment.OBSERVATION,
}
_UNTIL_2_1: Final = frozenset({"None", "PrimaryMeasure", "AttachmentGroup"})
_SINCE_3: Final = frozenset({"Dataflow", "Observation"})
_MEMBERS: Final = (
    ("none", "None"),
    ("dataflow", "Dataflow"),
    ("group", "Group"),
    ("primaryMeasure", "PrimaryMeasure"),
    ("observation", "Observation"),
)


def _write_local(holder: Element, form: Form, name: str, local_id: str) -> Element:
    element = add(holder, form, STRUCTURE, name)
    if form.is_of_2_1:
        etree.SubElement(element, "Ref", {"id": local_id})
    else:
        element.text = local_id
    return element


RELATIONSHIP: Final = AttachedTo(field="relationship", always=True)

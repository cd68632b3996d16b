"""Data structures and dataflows (SDMX 3.1 Section 2, §5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from sdmx_gateway.structures.model.base import Annotable, Annotation, Identifiable, Link, Maintainable
from sdmx_gateway.structures.model.representation import Representation
from sdmx_gateway.structures.urn import Kind, Urn


class Attachment(StrEnum):
    """What an attribute says something about (SDMX 3.0 attribute relationship)."""

    DATASET = "dataset"
    GROUP = "group"
    DIMENSIONS = "dimensions"
    OBSERVATION = "observation"


@dataclass(frozen=True, slots=True)
class Relationship:
    """The attribute relationship: ``group`` is set for GROUP, ``dimensions`` for DIMENSIONS.

    An attribute attached to every dimension but time is what SDMX 2.1 calls a series attribute.

    Attributes:
        optional: those of ``dimensions`` that may be left open (SDMX 3.0).
        attachment_groups: groups the attribute may be given at instead (SDMX 2.1 AttachmentGroup).
    """

    attachment: Attachment
    dimensions: tuple[str, ...] = ()
    group: str | None = None
    optional: tuple[str, ...] = ()
    attachment_groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Component(Identifiable):
    """A component of a data structure: its id, the concept it takes its meaning from, and its values."""

    concept: Urn
    representation: Representation = Representation()
    roles: tuple[Urn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension(Component):
    """A dimension; ``is_time`` marks the time dimension, of which there is at most one and always last."""

    is_time: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Component):
    """A measure; SDMX 2.1 knows one only, the primary measure ``OBS_VALUE``."""

    mandatory: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute(Component):
    """An attribute, with what it is attached to and whether it must be there.

    ``measures`` are those it says something about, when not all (SDMX 3.0 measure relationship).
    """

    relationship: Relationship
    mandatory: bool = False
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataAttributeUsage(Annotable):
    """A metadata attribute of the structure's MSD that is reported with the data (SDMX 3.0)."""

    metadata_attribute: str
    relationship: Relationship
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A named partial key that attributes may be attached to.

    ``attachment_constraint`` takes the place of dimensions in SDMX 2.1.
    """

    id: str
    dimensions: tuple[str, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    attachment_constraint: Urn | None = None
    uri: str | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DataStructure(Maintainable):
    """A data structure definition. ``dimensions`` are in key order, the time dimension last.

    ``metadata`` is the metadata structure whose attributes may come with the data, ``is_evolving`` says that minor
    versions may add dimensions (both SDMX 3; the second 3.1).
    """

    KIND = Kind.DATA_STRUCTURE

    dimensions: tuple[Dimension, ...] = ()
    measures: tuple[Measure, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    groups: tuple[Group, ...] = ()
    metadata_usages: tuple[MetadataAttributeUsage, ...] = ()
    metadata: Urn | None = None
    is_evolving: bool = False

    @cached_property
    def components(self) -> Mapping[str, Component]:
        """Every component by id: dimensions, then measures, then attributes."""
        return {component.id: component for component in (*self.dimensions, *self.measures, *self.attributes)}

    @cached_property
    def key_dimensions(self) -> tuple[str, ...]:
        """The ids of the dimensions that make the series key, in order: all but time."""
        return tuple(dimension.id for dimension in self.dimensions if not dimension.is_time)

    @cached_property
    def time_dimension(self) -> str | None:
        """The id of the time dimension, if there is one."""
        return next((dimension.id for dimension in self.dimensions if dimension.is_time), None)

    def attributes_at(self, attachment: Attachment) -> tuple[Attribute, ...]:
        """The attributes with this attachment, in order."""
        return tuple(a for a in self.attributes if a.relationship.attachment is attachment)


@dataclass(frozen=True, kw_only=True)
class Dataflow(Maintainable):
    """A dataflow: data of one structure, published under one name.

    ``structure`` is absent only from a stub. ``dimensions`` are those in use, of an evolving structure (SDMX 3.1).
    """

    KIND = Kind.DATAFLOW

    structure: Urn | None = None
    dimensions: tuple[str, ...] = ()

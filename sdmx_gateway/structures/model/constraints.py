"""Constraints: what data or metadata there may be, or is (SDMX 3.1 Section 2, §12)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sdmx_gateway.structures.model.base import Annotable, Annotation, Maintainable
from sdmx_gateway.structures.model.schemes import Cascade
from sdmx_gateway.structures.urn import Kind, Urn


class Role(StrEnum):
    """Whether a constraint says what is allowed or what there actually is."""

    ALLOWED = "Allowed"
    ACTUAL = "Actual"


@dataclass(frozen=True, slots=True)
class SelectedValue:
    """A value of a component, or with ``%`` a pattern of values."""

    value: str
    cascade: Cascade | None = None
    language: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None


@dataclass(frozen=True, slots=True)
class Boundary:
    """One end of a range of time."""

    period: str
    is_inclusive: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRange:
    """A range of time: before a period, after one, or from one to another."""

    before: Boundary | None = None
    after: Boundary | None = None
    start: Boundary | None = None
    end: Boundary | None = None
    valid_from: str | None = None
    valid_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSelection:
    """Values of one component, or a range of time; with neither, the mere presence of the component.

    Attributes:
        is_included: whether these are meant, or all others.
        remove_prefix: whether codes taken by extension are named without their prefix.
        objects: what a target object of SDMX 2.1 is: artefacts, …
        data_sets: … or data sets, …
        data_keys: … or keys.
    """

    component: str
    values: tuple[SelectedValue, ...] = ()
    time_range: TimeRange | None = None
    is_included: bool = True
    remove_prefix: bool | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    objects: tuple[Urn, ...] = ()
    data_sets: tuple[SetReference, ...] = ()
    data_keys: tuple[DataKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CubeRegion(Annotable):
    """A part of the space of keys: values of dimensions (``keys``), and of other components."""

    keys: tuple[MemberSelection, ...] = ()
    components: tuple[MemberSelection, ...] = ()
    is_included: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DataKey(Annotable):
    """A key, full or partial, with values of other components for which it is meant."""

    keys: tuple[MemberSelection, ...] = ()
    components: tuple[MemberSelection, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataKeySet:
    """A set of keys that are meant, or that are not."""

    keys: tuple[DataKey, ...]
    is_included: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataKey:
    """What a metadata report is about: one value for each object of its target (SDMX 2.1)."""

    report: str
    target: str
    keys: tuple[MemberSelection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataKeySet:
    """A set of metadata keys that are meant, or that are not (SDMX 2.1)."""

    keys: tuple[MetadataKey, ...]
    is_included: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataTargetRegion(Annotable):
    """Values of metadata attributes; in SDMX 2.1 for a target and a report, with values of target objects."""

    components: tuple[MemberSelection, ...] = ()
    is_included: bool = True
    valid_from: str | None = None
    valid_to: str | None = None
    target: str | None = None
    report: str | None = None
    keys: tuple[MemberSelection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCalendar:
    """When data comes: how often, how long after, and how much later at most (ISO 8601 durations)."""

    periodicity: str
    offset: str
    tolerance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencePeriod:
    """From when to when the data is about (SDMX 2.1)."""

    start: str
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryableSource:
    """A place that answers queries."""

    url: str
    is_rest: bool = True
    is_web_service: bool = False
    wsdl: str | None = None
    wadl: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetReference:
    """A data set or metadata set of a provider (SDMX 2.1)."""

    provider: Urn
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstraintAttachment:
    """What a constraint is of: artefacts of one class, a provider, or sources of data."""

    artefacts: tuple[Urn, ...] = ()
    simple_sources: tuple[str, ...] = ()
    queryable_sources: tuple[QueryableSource, ...] = ()
    data_sets: tuple[SetReference, ...] = ()
    metadata_sets: tuple[SetReference, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DataConstraint(Maintainable):
    """What data is allowed, or (SDMX 3.0 only) actually there."""

    KIND = Kind.DATA_CONSTRAINT

    role: Role = Role.ALLOWED
    attachment: ConstraintAttachment | None = None
    key_sets: tuple[DataKeySet, ...] = ()
    regions: tuple[CubeRegion, ...] = ()
    calendar: ReleaseCalendar | None = None


@dataclass(frozen=True, kw_only=True)
class MetadataConstraint(Maintainable):
    """What reference metadata is allowed."""

    KIND = Kind.METADATA_CONSTRAINT

    role: Role = Role.ALLOWED
    attachment: ConstraintAttachment | None = None
    regions: tuple[MetadataTargetRegion, ...] = ()
    calendar: ReleaseCalendar | None = None


@dataclass(frozen=True, kw_only=True)
class ContentConstraint(Maintainable):
    """What data or metadata is allowed or actually there, as SDMX 2.1 has it."""

    KIND = Kind.CONTENT_CONSTRAINT

    role: Role = Role.ACTUAL
    attachment: ConstraintAttachment | None = None
    key_sets: tuple[DataKeySet, ...] = ()
    metadata_key_sets: tuple[MetadataKeySet, ...] = ()
    regions: tuple[CubeRegion, ...] = ()
    metadata_regions: tuple[MetadataTargetRegion, ...] = ()
    calendar: ReleaseCalendar | None = None
    period: ReferencePeriod | None = None


@dataclass(frozen=True, kw_only=True)
class AttachmentConstraint(Maintainable):
    """Keys that attributes may be attached to (SDMX 2.1)."""

    KIND = Kind.ATTACHMENT_CONSTRAINT

    attachment: ConstraintAttachment | None = None
    key_sets: tuple[DataKeySet, ...] = ()
    metadata_key_sets: tuple[MetadataKeySet, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityConstraint:
    """What data there is for a structure, a flow or an agreement (SDMX 3.1); an answer, not a maintained artefact."""

    attachment: ConstraintAttachment
    region: CubeRegion
    series: int | None = None
    observations: int | None = None
    annotations: tuple[Annotation, ...] = ()

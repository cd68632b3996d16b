"""Reference metadata: its structures, flows, sets and who provides it (SDMX 3.1 Section 2, §6).

SDMX 2.1 describes in the structure what metadata can be about (targets, report structures); from 3.0 on flows and sets say
that themselves. Both are held.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sdmx_gateway.structures.model.base import Annotable, Identifiable, Maintainable, Text
from sdmx_gateway.structures.model.representation import Representation
from sdmx_gateway.structures.urn import Kind, Urn


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataAttribute(Identifiable):
    """An attribute of reference metadata, with those under it."""

    concept: Urn
    representation: Representation = Representation(is_inherited=True)
    min_occurs: int = 1
    max_occurs: int | None = 1
    is_presentational: bool = False
    attributes: tuple[MetadataAttribute, ...] = ()


class TargetKind(StrEnum):
    """What a target object of SDMX 2.1 is, spelt as its element."""

    KEY = "KeyDescriptorValuesTarget"
    DATA_SET = "DataSetTarget"
    CONSTRAINT = "ConstraintContentTarget"
    REPORT_PERIOD = "ReportPeriodTarget"
    OBJECT = "IdentifiableObjectTarget"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetObject(Identifiable):
    """One part of what metadata can be about (SDMX 2.1); ``object_type`` only where an object of a class is meant."""

    kind: TargetKind
    representation: Representation
    object_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataTarget(Identifiable):
    """What metadata can be about (SDMX 2.1)."""

    objects: tuple[TargetObject, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportStructure(Identifiable):
    """The attributes reported for some targets (SDMX 2.1)."""

    attributes: tuple[MetadataAttribute, ...] = ()
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MetadataStructure(Maintainable):
    """A metadata structure definition: ``attributes`` from SDMX 3.0 on, ``targets`` and ``reports`` in 2.1."""

    KIND = Kind.METADATA_STRUCTURE

    attributes: tuple[MetadataAttribute, ...] = ()
    targets: tuple[MetadataTarget, ...] = ()
    reports: tuple[ReportStructure, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Metadataflow(Maintainable):
    """Metadata of one structure, and what it is about: artefacts, possibly by wildcard."""

    KIND = Kind.METADATAFLOW

    structure: Urn | None = None
    targets: tuple[Urn, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ProvisionAgreement(Maintainable):
    """That a provider gives the data of a flow (in SDMX 2.1 also the metadata of a metadata flow)."""

    KIND = Kind.PROVISION_AGREEMENT

    flow: Urn | None = None
    provider: Urn | None = None


@dataclass(frozen=True, kw_only=True)
class MetadataProvisionAgreement(Maintainable):
    """That a provider gives the metadata of a metadata flow, about certain targets (SDMX 3.0)."""

    KIND = Kind.METADATA_PROVISION_AGREEMENT

    flow: Urn | None = None
    provider: Urn | None = None
    targets: tuple[Urn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedAttribute(Annotable):
    """What is reported for one metadata attribute: values, or text, or text with markup."""

    id: str
    values: tuple[str, ...] = ()
    text: Text = Text()
    structured: Text = Text()
    attributes: tuple[ReportedAttribute, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MetadataSet(Maintainable):
    """Reference metadata itself (SDMX 3.0 on, where it is an artefact like others).

    ``flow`` is the metadata flow or the metadata provision agreement it is of; ``action`` what to do with it.
    """

    KIND = Kind.METADATA_SET

    flow: Urn | None = None
    targets: tuple[Urn, ...] = ()
    attributes: tuple[ReportedAttribute, ...] = ()
    action: str | None = None
    reporting_begin: str | None = None
    reporting_end: str | None = None
    publication_period: str | None = None
    publication_year: str | None = None
    set_id: str | None = None

"""Registrations: that data for a provision agreement is at a place, as a registry is told and tells (SDMX 3.1 Section 5, §5).

They are no artefacts: what a registry is sent, and what it answers, are the values here. The interface is the same in SDMX 2.1,
3.0 and 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sdmx_gateway.structures.model.base import Text
from sdmx_gateway.structures.model.constraints import QueryableSource
from sdmx_gateway.structures.urn import Urn


class Action(StrEnum):
    """What is to be done with what is sent (ActionType; ``MERGE`` exists from SDMX 3.1 on)."""

    MERGE = "Merge"
    APPEND = "Append"
    REPLACE = "Replace"
    DELETE = "Delete"
    INFORMATION = "Information"


class Status(StrEnum):
    """How what was asked of a registry went."""

    SUCCESS = "Success"
    WARNING = "Warning"
    FAILURE = "Failure"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """Where data is: a file that is fetched whole (``simple``), a service that answers queries, or both."""

    simple: str | None = None
    queryable: QueryableSource | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """That data or metadata of an agreement is at a source.

    Attributes:
        agreement: the provision agreement.
        source: where it is.
        id: what the registry calls the registration; it gives the id itself.
        valid_from: when the registration begins to be valid; as ``valid_to``, with or without a time zone.
        last_updated: when the source last changed.
        index_time_series: whether the registry should know each series key there…
        index_data_set: …the values of each dimension…
        index_attributes: …those of attributes too…
        index_reporting_period: …and the time the data is about.
    """

    agreement: Urn
    source: DataSource
    id: str | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    last_updated: datetime | None = None
    index_time_series: bool = False
    index_data_set: bool = False
    index_attributes: bool = False
    index_reporting_period: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationRequest:
    """A registration, and what the registry is to do with it."""

    action: Action
    registration: Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusText:
    """Something a registry says of how it went, with the code of the error if it is one."""

    text: Text
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryStatus:
    """How something went, and what there is to say of it."""

    status: Status
    texts: tuple[StatusText, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationStatus:
    """How it went with one registration that was sent."""

    registration: Registration
    status: RegistryStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationResult:
    """A registration that was found.

    Attributes:
        registration: the registration, with its id.
        is_exact: the source has the very keys that were asked for, as far as the registry knows.
        is_metadata: it is of metadata, not of data.
        constraints: the constraints on the source, if they were asked for.
    """

    registration: Registration
    is_exact: bool
    is_metadata: bool = False
    constraints: tuple[Urn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationsSubmitted:
    """What a registry is sent: registrations to add, replace or delete."""

    requests: tuple[RegistrationRequest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationsAcknowledged:
    """What a registry answers to that, one status for each registration in their order."""

    statuses: tuple[RegistrationStatus, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationsFound:
    """What a registry answers when it is asked for registrations."""

    status: RegistryStatus
    results: tuple[RegistrationResult, ...] = ()


RegistryMessage = RegistrationsSubmitted | RegistrationsAcknowledged | RegistrationsFound
"""What a message of the registry interface about registrations says."""

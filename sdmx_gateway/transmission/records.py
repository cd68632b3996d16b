"""Transmissions and deliveries as they are recorded."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sdmx_gateway.structures.model import Urn
from sdmx_gateway.transmission.canonical_json import canonical_json
from sdmx_gateway.transmission.channel import Receipt
from sdmx_gateway.transmission.instant import instant_text
from sdmx_gateway.transmission.life import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Transmission:
    """One obligation for one reference period, from one release: what we send.

    Attributes:
        id: SHA-256 of what it is (:func:`transmission_id`); the same file prepared twice is the same transmission.
        obligation: id of the obligation.
        recipient: who it goes to.
        dataflow: the recipient's dataflow.
        period: reference period, in SDMX spelling.
        release: number of the release the file was written from.
        digest: SHA-256 of the file.
        size: bytes of the file.
        occurrence: the name it goes under.
        channel: the way it goes.
        state: where it stands.
        report_errors: errors in the validation report of the release.
        number: ledger entry of its preparation; a higher one was prepared later.
        attempts: how often a sending was started.
    """

    id: str
    obligation: str
    recipient: str
    dataflow: Urn
    period: str
    release: str
    digest: str
    size: int
    occurrence: str
    channel: str
    state: State
    report_errors: int
    number: int
    prepared_by: str
    prepared_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    sealed_at: datetime | None
    attempts: int
    changed_at: datetime

    @classmethod
    def from_row(cls, row: Any) -> Self:
        """From a row of the table ``transmission``."""
        columns = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
        columns.update(state=State(row.state), dataflow=Urn.parse(row.dataflow))
        return cls(**columns)

    def as_dict(self) -> dict[str, Any]:
        """The transmission as JSON values."""
        return {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The handing-over of a transmission to one receiver: what they got.

    Attributes:
        transmission: id of the transmission.
        recipient: who received it.
        channel: the way it went.
        occurrence: the name it went under.
        attempts: how often a sending was started.
        started_at: when the first byte was first about to leave.
        delivered_at: when the receiver took it; ``None`` until it says so.
        version: the receiver's version number; ``None`` until it is acknowledged.
        receipt: what the receiver gave back; ``None`` until then.
    """

    transmission: str
    recipient: str
    channel: str
    occurrence: str
    attempts: int
    started_at: datetime
    delivered_at: datetime | None
    version: str | None
    receipt: Receipt | None

    @classmethod
    def from_row(cls, row: Any) -> Self:
        """From a row of the table ``delivery``."""
        columns = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
        if row.receipt is not None:
            columns.update(receipt=Receipt.from_dict(json.loads(row.receipt)))
        return cls(**columns)

    def as_dict(self) -> dict[str, Any]:
        """The delivery as JSON values."""
        values = {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__}
        return {**values, "receipt": self.receipt and self.receipt.as_dict()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What sending would do, when it is only tried.

    Attributes:
        transmission: the transmission, as it stands.
        destination: where the file would go, in the channel's words.
        steps: what would happen, in order; empty when it has arrived already.
    """

    transmission: Transmission
    destination: str
    steps: tuple[str, ...]


def transmission_id(*, dataflow: Urn, period: str, release: str, digest: str, recipient: str, obligation: str) -> str:
    """SHA-256 of what a transmission is, in 64 hexadecimal digits: the same thing always has the same id."""
    parts = [str(dataflow), period, release, digest, recipient, obligation]
    return hashlib.sha256(canonical_json(parts).encode()).hexdigest()


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return instant_text(value)
        case Urn():
            return str(value)
        case State():
            return value.value
    return value

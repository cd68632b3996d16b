"""What the tests of transmissions are made of: an obligation, a database, an outbox, partners that misbehave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sdmx_gateway.database import open_database
from sdmx_gateway.errors import ChannelError
from sdmx_gateway.transmission import (
    Channel,
    DirectoryChannel,
    Obligation,
    Parcel,
    Receipt,
    Refusal,
    Transmission,
    Transmissions,
)

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DECLARED: dict[str, Any] = {
    "id": "ESTAT_CRIM_GEN_REG",
    "name": {"fr": "Infractions enregistrées", "en": "Recorded offences"},
    "recipient": "ESTAT",
    "dataflow": "ESTAT:CRIM_GEN_REG(1.0)",
    "frequency": "A",
    "first_period": "1976",
    "deadline": {"months": 10, "days": 0},
    "legal_basis": "none: made up for the tests",
    "status": "made up for the tests",
    "content": "period",
    "dataset": "CRIM_GENREG_A",
    "country": "FR",
    "format": "sdmx-ml-2.1",
    "channel": "outbox",
}
CONTENT = "<données année='2024'>788</données>\n".encode()
NAME = "CRIM_GENREG_A_FR_2024_0000.xml"


def obligation(**changes: Any) -> Obligation:
    return Obligation.model_validate({**DECLARED, **changes})


class World:
    """A gateway on a database and a folder of its own."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self.engine = open_database(url)
        self.outbox = folder / "outbox"
        self.obligation = obligation()

    def gateway(self, channel: Channel | None = None, *, second_person: bool = False) -> Transmissions:
        channels = {"outbox": channel or DirectoryChannel(self.outbox)}
        obligations = {self.obligation.id: self.obligation}
        return Transmissions(self.engine, self.folder / "store", obligations, channels, second_person=second_person)

    def prepared(self, gateway: Transmissions, **changes: Any) -> Transmission:
        given = {"period": "2024", "content": CONTENT, "release": "3", "report_errors": 0, "actor": "ann", "now": NOW}
        period = {**given, **changes}.pop("period")
        rest = {name: value for name, value in {**given, **changes}.items() if name != "period"}
        return gateway.prepare(self.obligation, period, **rest)

    def approved(self, gateway: Transmissions, **changes: Any) -> Transmission:
        return gateway.approve(self.prepared(gateway, **changes).id, actor="bob", now=NOW)

    def delivered(self) -> list[str]:
        """Names of everything in the recipient's folder, parts and receipts included."""
        folder = self.outbox / "ESTAT"
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []

    def events(self, gateway: Transmissions, transmission_id: str) -> list[str]:
        return [entry.event.removeprefix("transmission.") for entry in gateway.ledger.entries(transmission_id)]


def receipt_for(parcel: Parcel, *, version: str = "V0001", **changes: Any) -> Receipt:
    receipt = Receipt(
        transmission_id=parcel.transmission_id,
        name=parcel.name,
        sha256=parcel.sha256,
        size=parcel.size,
        delivered_at=NOW,
        version=version,
    )
    return replace(receipt, **changes)


@dataclass
class Partner:
    """A receiver that counts what it gets and numbers it, and does on the way what it is told.

    It has no idempotency of its own: every call of ``deliver`` that gets through is another version.
    """

    before: Callable[[Parcel], Receipt | Refusal | None] | None = None
    after: Callable[[Parcel, Receipt], Receipt | Refusal | None] | None = None
    inbox: list[Parcel] = field(default_factory=list)
    asked: int = 0
    answers: Callable[[Parcel], Receipt | Refusal | None] | None = None

    def describe(self, parcel: Parcel) -> str:
        return f"to a partner made up for the tests, as {parcel.name}"

    def deliver(self, parcel: Parcel, *, now: datetime) -> Receipt | Refusal | None:
        if self.before is not None and (answer := self.before(parcel)) is not None:
            return answer
        self.inbox.append(parcel)
        receipt = receipt_for(parcel, version=f"V{len(self.inbox):04d}")
        return receipt if self.after is None else self.after(parcel, receipt)

    def find(self, parcel: Parcel, *, now: datetime) -> Receipt | Refusal | None:
        self.asked += 1
        if self.answers is not None:
            return self.answers(parcel)
        ids = [each.transmission_id for each in self.inbox]
        if parcel.transmission_id not in ids:
            return None
        return receipt_for(parcel, version=f"V{ids.index(parcel.transmission_id) + 1:04d}")


def cut(*_: Any) -> Receipt:
    raise ChannelError("the connection was cut", retriable=True)

"""The header of an SDMX message (SDMX 3.0 Section 3A, Header)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sdmx_gateway.errors import StructureError


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Who sends what to whom, and when it was prepared. ``prepared`` carries its time zone."""

    id: str
    prepared: datetime
    sender: str
    receiver: str | None = None
    test: bool = False

    def __post_init__(self) -> None:
        if self.prepared.tzinfo is None:
            raise StructureError("the header's preparation time has no time zone")

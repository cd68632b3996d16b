"""What the web room needs of a gateway: to look, never to change anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

import polars as pl

from sdmx_gateway.releases import Release
from sdmx_gateway.settings import Settings
from sdmx_gateway.structures import Catalogue, Urn
from sdmx_gateway.transmission import Delivery, Due, Ledger, Transmission


class Sent(Protocol):
    """The transmissions there are, their handing-over, and what happened to them."""

    @property
    def ledger(self) -> Ledger:
        """The record of everything that happened to them."""
        ...

    def status(self) -> tuple[Transmission, ...]:
        """Every transmission, in the order they were prepared."""
        ...

    def deliveries(self) -> tuple[Delivery, ...]:
        """Every handing-over, in the order they were started."""
        ...


class Served(Protocol):
    """A gateway, as far as it is served. Releases under embargo are not visible through it."""

    @property
    def settings(self) -> Settings:
        """Who we are, and where we are reached."""
        ...

    @property
    def catalogue(self) -> Catalogue:
        """The structures in force."""
        ...

    @property
    def transmissions(self) -> Sent:
        """What was prepared and sent."""
        ...

    def now(self) -> datetime:
        """The present instant, aware."""
        ...

    def releases(self) -> tuple[Release, ...]:
        """Every release that may be seen now, newest first."""
        ...

    def latest_release(self, dataflow: Urn, *, at: datetime | None = None) -> Release | None:
        """The newest release of a dataflow that could be seen at an instant; by default now."""
        ...

    def scan(self, release: Release) -> pl.LazyFrame:
        """The observations of a release, sorted by key and time, not yet read."""
        ...

    def release_document(self, release: Release) -> Mapping[str, Any]:
        """``release.json``: provenance and validation report."""
        ...

    def due(self) -> tuple[Due, ...]:
        """What is owed and not settled, the first deadline first."""
        ...

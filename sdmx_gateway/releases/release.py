"""One release: an immutable, numbered publication of a dataflow, as the catalogue knows it.

The figures themselves are in the folder at ``path``; see :mod:`sdmx_gateway.releases.store`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sdmx_gateway.structures.model import Urn


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What is known of a release without opening its files.

    Attributes:
        dataflow: what it is a release of.
        structure: the data structure its observations had.
        number: 1 for the first release of the dataflow, then one more for each.
        published_at: when it was recorded, UTC.
        embargo_until: the instant before which only operators may know of it; ``None`` when there is none.
        digest: sha256 of the observations, hexadecimal; equal for equal content.
        observations: how many there are.
        changes: counts of ``added``, ``revised``, ``requalified``, ``withdrawn`` since the previous release.
        periods: the first and last reference period, as text sorts; ``None`` when there is none.
        path: its folder, relative to the store's.
        approved_by: who let it out.
        edition: the newest edition among its sources.
    """

    dataflow: Urn
    structure: Urn
    number: int
    published_at: datetime
    embargo_until: datetime | None
    digest: str
    observations: int
    changes: Mapping[str, int] = field(hash=False)
    periods: tuple[str, str] | None
    path: str
    approved_by: str
    edition: str | None

    @property
    def public_from(self) -> datetime:
        """The first instant at which anyone may see it."""
        return self.published_at if self.embargo_until is None else max(self.published_at, self.embargo_until)

    def __str__(self) -> str:
        return f"{self.dataflow.short} release {self.number}"

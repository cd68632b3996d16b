"""What is asked of the store when something is published, and the release and files it becomes.

Values only: nothing here opens a file or the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from sdmx_gateway.errors import StoreError
from sdmx_gateway.observations import Dataset, Difference
from sdmx_gateway.releases import document, folder, parquet
from sdmx_gateway.releases.comparison import misplaced
from sdmx_gateway.releases.instant import utc
from sdmx_gateway.releases.provenance import Provenance
from sdmx_gateway.releases.release import Release
from sdmx_gateway.structures.model import Urn

DATA: Final = "data.parquet"
CHANGES: Final = "changes.parquet"
DOCUMENT: Final = "release.json"


def folders(dataflow: Urn) -> tuple[str, str, str]:
    """The folders, one in another, that the releases of a dataflow lie in."""
    return dataflow.agency, dataflow.id, dataflow.version


@dataclass(frozen=True, kw_only=True)
class Publication:
    """A dataset to be published; the arguments of :meth:`sdmx_gateway.releases.store.ReleaseStore.publish`.

    Raises:
        StoreError: its keys are not unique and sorted, or an instant has no time zone.
    """

    dataset: Dataset
    provenance: Provenance
    report: Mapping[str, Any]
    now: datetime
    approved_by: str
    embargo_until: datetime | None = None

    def __post_init__(self) -> None:
        for instant in (self.now, self.embargo_until):
            if instant is not None:
                utc(instant)
        keys = [dimension.id for dimension in self.dataset.structure.dimensions]
        empty = [name for name in keys if self.dataset.frame[name].null_count()]
        wrong = misplaced(self.dataset)
        if empty or wrong:
            raise StoreError(
                f"{self.dataset.dataflow.urn.short} cannot be released",
                why=f"{', '.join(empty)} without a code"
                if empty
                else f"{wrong} observations repeat a key or are out of order",
                remedy="validate the dataset before it is released",
            )

    @cached_property
    def data(self) -> bytes:
        """The observations as Parquet."""
        return parquet.to_bytes(self.dataset.frame)

    def repeats(self, last: Release) -> bool:
        """Whether it says nothing the last release does not say, under the same structure."""
        return (self.dataset.digest, self.dataset.structure.urn) == (last.digest, last.structure)

    def release_after(self, last: Release | None, changes: Difference) -> Release:
        """The release it is when it comes after ``last`` and changes this."""
        urn, periods = self.dataset.dataflow.urn, self.dataset.periods
        number = 1 if last is None else last.number + 1
        return Release(
            dataflow=urn,
            structure=self.dataset.structure.urn,
            number=number,
            published_at=utc(self.now),
            embargo_until=None if self.embargo_until is None else utc(self.embargo_until),
            digest=self.dataset.digest,
            observations=len(self.dataset),
            changes=changes.summary,
            periods=(periods[0], periods[-1]) if periods else None,
            path="/".join((*folders(urn), str(number))),
            approved_by=self.approved_by,
            edition=self.provenance.edition,
        )

    def files(self, release: Release, changes: Difference) -> dict[str, bytes]:
        """The files of its release, by name.

        Raises:
            StoreError: the report or the provenance does not fit JSON.
        """
        tables = {DATA: self.data, CHANGES: parquet.to_bytes(changes.changes)}
        told = document.compose(
            release,
            files={name: folder.sha256(content) for name, content in tables.items()},
            attributes=self.dataset.dataset_attributes,
            provenance=self.provenance,
            report=self.report,
        )
        return {**tables, DOCUMENT: document.to_bytes(told)}

"""The store of releases: folders of Parquet that never change, and the catalogue that says which of them count.

A publication writes its files aside, syncs them, adds the release's row to a transaction, renames the folder, syncs
the rename, and commits. The commit is the publication: before it there is at most a leftover, which the next
publication takes away; after it, every byte of the release is on disk and its sha256 on record. Publishers of one
dataflow queue for a lock that the transaction holds (:mod:`sdmx_gateway.releases.catalogue_sql`).

Tables read whole are checked against their sha256 first, so what has rotted is refused and not served;
:meth:`ReleaseStore.scan` is the lazy way and trusts the disk, :meth:`ReleaseStore.verify` checks it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa

from sdmx_gateway.database import readers
from sdmx_gateway.errors import CorruptRelease, StoreError, UnknownRelease, UsageError, Where
from sdmx_gateway.observations import Dataset, Difference, difference
from sdmx_gateway.releases import catalogue_sql, document, folder, parquet
from sdmx_gateway.releases.comparison import as_dataset
from sdmx_gateway.releases.provenance import Provenance
from sdmx_gateway.releases.publication import CHANGES, DATA, DOCUMENT, Publication, folders
from sdmx_gateway.releases.release import Release
from sdmx_gateway.structures.model import Dataflow, DataStructure, Urn


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ReleaseStore:
    """Releases under ``folder``, catalogued in the database of ``engine``.

    ``clock`` is asked only by who does not say at which instant they look.

    Raises:
        StoreError: the database was written by a later gateway, or cannot be reached.
    """

    def __init__(self, folder: Path, engine: sa.Engine, *, clock: Callable[[], datetime] = _utc_now) -> None:
        self._folder = folder
        self._writing = engine
        self._reading = readers(engine)
        self._clock = clock
        with _failures_named("the release catalogue cannot be opened"):
            catalogue_sql.create(engine)

    def publish(
        self,
        dataset: Dataset,
        *,
        provenance: Provenance,
        report: Mapping[str, Any],
        now: datetime,
        approved_by: str,
        embargo_until: datetime | None = None,
    ) -> tuple[Release, bool]:
        """Make the dataset the next release of its dataflow.

        Content and structure equal to the last release make none: that one is given back, its embargo as it was.

        Args:
            dataset: the whole content of the dataflow from now on.
            provenance: where it came from.
            report: its validation report; must fit JSON.
            now: the instant of publication.
            approved_by: who lets it out.
            embargo_until: keep it from everyone but operators before this instant.

        Returns:
            The release, and whether it is new.

        Raises:
            StoreError: keys are not unique and sorted, the dimensions changed, an instant has no time zone, or it cannot be
                written (retriable); nothing was published.
            CorruptRelease: the last release is not what was recorded, so there is nothing sound to compare with.
        """
        publication = Publication(
            dataset=dataset,
            provenance=provenance,
            report=report,
            now=now,
            approved_by=approved_by,
            embargo_until=embargo_until,
        )
        last = self.latest(dataset.dataflow.urn, embargoed=True)
        if last is not None and publication.repeats(last):
            return last, False
        publication.data  # noqa: B018 (made before others are kept waiting)
        with self._turn(dataset.dataflow.urn) as (connection, flow, last):
            if last is not None and publication.repeats(last):
                return last, False
            changes = self._changes_since(connection, last, dataset)
            release = publication.release_after(last, changes)
            files = publication.files(release, changes)
            with folder.staged(flow, files) as staging:
                catalogue_sql.record(connection, release, document_sha256=folder.sha256(files[DOCUMENT]))
                folder.settle(staging, self.folder_of(release))
        return release, True

    def latest(self, dataflow: Urn, *, at: datetime | None = None, embargoed: bool = False) -> Release | None:
        """The newest release of a dataflow, or ``None``.

        Args:
            dataflow: whose.
            at: the instant to look at: only what was published by then, and free by then. An instant to come shows
                what will be free then: who asks for the public passes no later one than now.
            embargoed: see also what an embargo still holds back.
        """
        conditions = [] if at is None else [catalogue_sql.published_by(at)]
        if not embargoed:
            conditions.append(catalogue_sql.free_by(at or self._clock()))
        with self._catalogue() as connection:
            return catalogue_sql.newest(connection, dataflow, *conditions)

    def get(self, dataflow: Urn, number: int) -> Release:
        """The release of that number, embargoed or not.

        Raises:
            UnknownRelease: there is none.
        """
        with self._catalogue() as connection:
            release = catalogue_sql.newest(connection, dataflow, catalogue_sql.RELEASES.c.number == number)
        if release is None:
            last = self.latest(dataflow, embargoed=True)
            raise UnknownRelease(
                f"{dataflow.short} has no release {number}",
                remedy="publish one first" if last is None else f"there are releases 1 to {last.number}",
            )
        return release

    def history(self, dataflow: Urn | None = None, *, at: datetime | None = None) -> tuple[Release, ...]:
        """Every release, of one dataflow or of all, by dataflow and number.

        With ``at``, only what was published and free at that instant; without, embargoed ones too.
        """
        conditions = [] if dataflow is None else [catalogue_sql.RELEASES.c.dataflow == dataflow]
        if at is not None:
            conditions += [catalogue_sql.published_by(at), catalogue_sql.free_by(at)]
        with self._catalogue() as connection:
            return catalogue_sql.every(connection, *conditions)

    def folder_of(self, release: Release) -> Path:
        """The folder with the release's files."""
        return self._folder / release.path

    def dataset(
        self, release: Release, dataflow: Dataflow, structure: DataStructure, *, check: bool = False
    ) -> Dataset:
        """The observations of a release, checked against the file's sha256.

        A release made under another version of the structure is put into the form of the one given: components it
        did not have are null, components that are gone are left out.

        Args:
            release: which.
            dataflow: its dataflow.
            structure: the structure to read it in.
            check: also count the content's own digest again (about 0.4 s for 1 M observations).

        Raises:
            CorruptRelease: the file, or with ``check`` the content, is not what was recorded.
            StoreError: the structure has other dimensions.
            UsageError: it is a release of another dataflow.
        """
        if dataflow.urn != release.dataflow:
            raise UsageError(f"{release} is no release of {dataflow.urn.short}")
        stored = self._table(release, DATA, self.document(release))
        dataset = as_dataset(stored, dataflow, structure)
        if check and Dataset(dataflow, structure, stored).digest != release.digest:
            raise CorruptRelease(
                f"the content of {release} is not what was published", where=self._where(release, DATA)
            )
        return dataset

    def scan(self, release: Release) -> pl.LazyFrame:
        """The observations of a release, to be filtered before they are read. Not checked: see :meth:`verify`.

        Raises:
            CorruptRelease: the file is gone.
        """
        path = self.folder_of(release) / DATA
        if not path.is_file():
            raise CorruptRelease(f"{DATA} of {release} is gone", where=self._where(release, DATA))
        return pl.scan_parquet(path, glob=False)

    def changes(self, release: Release) -> pl.DataFrame:
        """What the release changed; columns as :class:`sdmx_gateway.observations.Difference`. Checked by sha256."""
        return self._table(release, CHANGES, self.document(release))

    def document(self, release: Release) -> dict[str, Any]:
        """The release's ``release.json``, checked by sha256.

        Raises:
            CorruptRelease: it is not what was recorded.
            UnknownRelease: the release is not recorded.
        """
        with self._catalogue() as connection:
            return self._document(connection, release)

    def verify(self, release: Release) -> None:
        """Prove that every byte of the release, and its row in the catalogue, is what was recorded.

        Raises:
            CorruptRelease: one is not; the file is named.
        """
        told = self.document(release)
        if document.release_of(told) != self.get(release.dataflow, release.number):
            raise CorruptRelease(
                f"{DOCUMENT} of {release} and the catalogue disagree",
                where=self._where(release, DOCUMENT),
                why="the file is as it was recorded: the row in the database was changed",
                remedy="restore the database from a copy",
            )
        for name, digest in sorted(told["files"].items()):
            folder.read(self.folder_of(release) / name, digest)

    def comparison(
        self, before: Release, after: Release, *, dataflow: Dataflow, structure: DataStructure
    ) -> Difference:
        """What changed from one release of a dataflow to another, next to it or not, in the form of ``structure``.

        Raises:
            CorruptRelease, StoreError, UsageError: as :meth:`dataset`.
        """
        return difference(self.dataset(before, dataflow, structure), self.dataset(after, dataflow, structure))

    def _document(self, connection: sa.Connection, release: Release) -> dict[str, Any]:
        digest = catalogue_sql.document_digest(connection, release)
        if digest is None:
            raise UnknownRelease(f"{release} is not recorded")
        return document.from_bytes(folder.read(self.folder_of(release) / DOCUMENT, digest))

    def _table(self, release: Release, name: str, told: Mapping[str, Any]) -> pl.DataFrame:
        return parquet.from_bytes(folder.read(self.folder_of(release) / name, told["files"][name]))

    def _changes_since(self, connection: sa.Connection, last: Release | None, dataset: Dataset) -> Difference:
        if last is None:
            return difference(None, dataset)
        before = self._table(last, DATA, self._document(connection, last))
        return difference(as_dataset(before, dataset.dataflow, dataset.structure), dataset)

    def _where(self, release: Release, name: str) -> Where:
        return Where(file=str(self.folder_of(release) / name))

    @contextmanager
    def _catalogue(self) -> Iterator[sa.Connection]:
        with _failures_named("the release catalogue cannot be read"), self._reading.connect() as connection:
            yield connection

    @contextmanager
    def _turn(self, dataflow: Urn) -> Iterator[tuple[sa.Connection, Path, Release | None]]:
        """A transaction of the flow's only publisher, the flow's swept folder, and its last release."""
        with _failures_named(f"{dataflow.short} cannot be published"), self._writing.begin() as connection:
            last = catalogue_sql.take(connection, dataflow)
            flow = folder.make(self._folder, *folders(dataflow))
            folder.sweep(flow, 0 if last is None else last.number)
            yield connection, flow, last


@contextmanager
def _failures_named(what: str) -> Iterator[None]:
    try:
        yield
    except (OSError, sa.exc.DBAPIError, sa.exc.TimeoutError) as error:
        failure = StoreError(what, why=str(error), remedy="mend the disk or the database, then do the same again")
        failure.retriable = True
        raise failure from error

"""The façade: everything an operator can do is one function here; command line, pages and Python users share it.

A gateway holds no state of its own but what it has loaded: structures, rules and modules from their folders, releases and
transmissions from the store. Time comes from ``clock``; nothing here reads it elsewhere.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl
import sqlalchemy as sa

from sdmx_gateway import formats
from sdmx_gateway.database import open_database
from sdmx_gateway.errors import FindingsBlock, Problem, UnknownRelease, UsageError
from sdmx_gateway.intake import editions_of, source_table
from sdmx_gateway.mapping import (
    Conversion,
    Explanation,
    FlowSource,
    Module,
    PastValue,
    SourceTable,
    check_module,
    convert,
    explain,
    find_modules,
    fingerprint_of,
    module_named,
)
from sdmx_gateway.observations import KEY_SEPARATOR, Dataset, Difference, difference
from sdmx_gateway.releases import Provenance, Release, ReleaseStore, SourceRecord
from sdmx_gateway.settings import Settings, load_settings
from sdmx_gateway.structures import Catalogue, Header, Kind, Urn, load_catalogue
from sdmx_gateway.structures.model import Dataflow, DataStructure
from sdmx_gateway.transmission import (
    Available,
    Delivery,
    DirectoryChannel,
    Due,
    Obligation,
    Plan,
    Transmission,
    Transmissions,
    load_obligations,
)
from sdmx_gateway.validation import Report, Rule, check_rules, load_rules, validate


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Waiver:
    """Who lets errors pass, and why; both are kept with the release."""

    by: str
    reason: str


class Gateway:
    """One gateway, from its settings."""

    def __init__(self, settings: Settings | None = None, *, clock: Callable[[], datetime] = _utc_now) -> None:
        self.settings = settings or load_settings()
        self._clock = clock

    def now(self) -> datetime:
        """The present instant, with its time zone."""
        return self._clock()

    # What is loaded

    @cached_property
    def catalogue(self) -> Catalogue:
        """The structures in force."""
        return load_catalogue(self.settings.dsd, cache=self.settings.cache_folder)

    @cached_property
    def rules(self) -> Mapping[Urn, tuple[Rule, ...]]:
        """The validation rules, by dataflow."""
        return load_rules(self.settings.dsd)

    @cached_property
    def modules(self) -> Mapping[str, Path]:
        """The mapping modules, by ``group/module``."""
        return find_modules(self.settings.mappings)

    @cached_property
    def engine(self) -> sa.Engine:
        """The database of the release catalogue and the ledger."""
        return open_database(self.settings.database)

    @cached_property
    def store(self) -> ReleaseStore:
        """The releases."""
        return ReleaseStore(self.settings.release_folder, self.engine)

    @cached_property
    def transmissions(self) -> Transmissions:
        """The transmissions, and what is owed."""
        channels = {
            name: DirectoryChannel(self.settings.home / c.path) for name, c in self.settings.all_channels.items()
        }
        return Transmissions(
            self.engine,
            self.settings.home / "transmissions",
            load_obligations(self.settings.mappings),
            channels,
            second_person=self.settings.second_person,
        )

    def check_rules(self) -> tuple[Problem, ...]:
        """Every name or code a validation rule speaks of that its dataflow does not have."""
        return tuple(
            problem
            for urn, rules in self.rules.items()
            for problem in check_rules(
                rules,
                urn,
                structure=self.catalogue.structure_of(self.catalogue.dataflow(urn)),
                catalogue=self.catalogue,
            )
        )

    def check_modules(self) -> tuple[Problem, ...]:
        """Every code a mapping module gives that its target does not have."""
        return tuple(p for name in self.modules for p in self.check_module(self.module(name)))

    def check_module(self, module: Module) -> tuple[Problem, ...]:
        """Every component or code one module gives that its target does not have."""
        return check_module(module, self.catalogue)

    def module(self, name: str) -> Module:
        """The module called ``name`` (``MappingError`` when there is none)."""
        return module_named(name, self.modules)

    def dataflow(self, name: str) -> Dataflow:
        """A dataflow by ``AGENCY:ID(VERSION)``, ``AGENCY:ID``, or its id alone where that is unambiguous.

        Raises:
            UsageError: none, or several, of that name.
        """
        if ":" in name:
            return self.catalogue.dataflow(Urn.short_form(Kind.DATAFLOW, name))
        found = self.catalogue.find(Kind.DATAFLOW, id=name, version="latest")
        if len(found) != 1 or not isinstance(found[0], Dataflow):
            known = ", ".join(a.urn.short for a in found or self.catalogue.find(Kind.DATAFLOW))
            raise UsageError(f"{len(found) or 'no'} dataflows are called {name!r}", remedy=f"write one of {known}")
        return found[0]

    # From sources to observations

    def editions(self, module: Module, files: Sequence[Path] = ()) -> dict[str, tuple[Path, ...]]:
        """The files of each edition of a module, oldest first: the given ones, or its sample."""
        return editions_of(module, files)

    def fingerprint(self, module: Module, files: Sequence[Path]) -> str:
        """What the conversion of these files (or of the flows' latest releases) would follow from, without converting."""
        structure = self.catalogue.structure_of(self.catalogue.dataflow(module.spec.module.urn))
        sources = [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files]
        sources += [(str(release), release.digest) for _, release in self._inputs(module)]
        return fingerprint_of(module, sources, structure)

    def convert(self, name: str | Module, files: Sequence[Path] = (), *, edition: str | None = None) -> Conversion:
        """Convert one edition: the newest of the given files, or of the module's sample, unless ``edition`` says which.

        Raises:
            SourceRejected: what does not fit, all of it.
            UnknownRelease: a dataflow it is fed from has no release yet.
        """
        module = name if isinstance(name, Module) else self.module(name)
        editions = self.editions(module, files)
        if edition is not None and edition not in editions:
            raise UsageError(f"{module.name} holds no edition {edition!r}", remedy=f"one of {', '.join(editions)}")
        chosen = editions[edition or max(editions)] if editions else ()
        tables = [source_table(path, module) for path in chosen]
        tables += [self._table_of_release(source, release) for source, release in self._inputs(module)]
        return convert(module, tables, self.catalogue)

    def _inputs(self, module: Module) -> list[tuple[FlowSource, Release]]:
        inputs = []
        for source in module.spec.flows:
            release = self.store.latest(source.urn, embargoed=True)
            if release is None:
                raise UnknownRelease(
                    f"{module.name} is fed from {source.urn.short}, which has no release",
                    remedy="release the modules that feed it first: sdmx-gateway run",
                )
            inputs.append((source, release))
        return inputs

    def _table_of_release(self, source: FlowSource, release: Release) -> SourceTable:
        return SourceTable(
            str(release),
            release.digest,
            release.edition or "",
            ".",
            self.scan(release).collect(),
            declared=source,
            release=str(release),
        )

    def explain(self, name: str, key: str, period: str) -> Explanation:
        """The life of one figure of a module's newest edition, back to the cells it is made of, and in every release."""
        conversion = self.convert(name)
        made = explain(conversion, key, period, catalogue=self.catalogue, behind=cache(self._behind))
        return replace(made, history=self._history(conversion.dataset, key, period))

    def _behind(self, dataflow: Urn) -> Conversion | None:
        """What made the latest release of a dataflow, made again; ``None`` where its files are not at hand."""
        release = self.store.latest(dataflow, embargoed=True)
        if release is None:
            return None
        name = self.release_document(release)["provenance"]["module"]
        if name not in self.modules:
            return None
        module = self.module(name)
        editions = self.editions(module)
        return self.convert(module, edition=release.edition if release.edition in editions else None)

    def _history(self, dataset: Dataset, key: str, period: str) -> tuple[PastValue, ...]:
        """One figure in every release of its dataflow, oldest first; releases of another structure are passed over."""
        codes = dict(zip(dataset.structure.key_dimensions, key.split(KEY_SEPARATOR), strict=True))
        values = []
        for release in self.store.history(dataset.dataflow.urn):
            if release.structure == dataset.structure.urn:
                here = [pl.col("TIME_PERIOD") == period, *(pl.col(name) == code for name, code in codes.items())]
                found = self.scan(release).filter(here).select("OBS_VALUE").collect()["OBS_VALUE"]
                values += [PastValue(release.number, release.edition, value) for value in found]
        return tuple(values)

    # From observations to releases

    def validate(self, dataset: Dataset) -> Report:
        """The report on a dataset: structure, declared rules, and revisions against the latest release."""
        latest = self.store.latest(dataset.dataflow.urn, embargoed=True)
        previous = self.dataset(latest) if latest is not None else None
        rules = self.rules.get(dataset.dataflow.urn, ())
        return validate(dataset, self.catalogue, rules, now=self.now(), previous=previous)

    def publish(
        self, conversion: Conversion, report: Report, *, actor: str | None = None, waiver: Waiver | None = None
    ) -> tuple[Release, bool]:
        """Release what was converted; with the same content as the latest release, that one, and ``False``.

        Raises:
            FindingsBlock: the report has errors and nobody waives them.
        """
        if report.blocking and waiver is None:
            raise FindingsBlock(
                f"{conversion.dataset.dataflow.urn.short} has {report.errors} findings of severity error",
                report.findings,
                remedy="mend the source or the mapping, or waive them with a reason and a name",
            )
        document = report.as_dict()
        if waiver is not None:
            document["waiver"] = {"by": waiver.by, "reason": waiver.reason}
        return self.store.publish(
            conversion.dataset,
            provenance=_provenance(conversion),
            report=document,
            now=self.now(),
            approved_by=actor or self.settings.operator,
        )

    def releases(self) -> tuple[Release, ...]:
        """Every release the public may see, newest first."""
        now = self.now()
        return tuple(
            sorted(
                (r for r in self.store.history() if r.public_from <= now), key=lambda r: r.published_at, reverse=True
            )
        )

    def latest_release(self, dataflow: Urn, *, at: datetime | None = None) -> Release | None:
        """The newest release of a dataflow the public could see at an instant; by default now."""
        return self.store.latest(dataflow, at=at or self.now())

    def scan(self, release: Release) -> pl.LazyFrame:
        """The observations of a release, not yet read."""
        return self.store.scan(release)

    def dataset(self, release: Release) -> Dataset:
        """The observations of a release."""
        dataflow, structure = self.structure_of(release)
        return self.store.dataset(release, dataflow, structure)

    def structure_of(self, release: Release) -> tuple[Dataflow, DataStructure]:
        """The dataflow of a release, and the structure its observations have."""
        return self.catalogue.dataflow(release.dataflow), self.catalogue.structure(release.structure)

    def release_document(self, release: Release) -> Mapping[str, Any]:
        """All that is recorded of a release: provenance, findings, digests."""
        return self.store.document(release)

    def differences(self, dataflow: Urn, before: int, after: int) -> Difference:
        """What changed between two releases of a dataflow."""
        old, new = (self.dataset(self.store.get(dataflow, number)) for number in (before, after))
        return difference(old, new)

    # Out

    def header(self, receiver: str | None = None) -> Header:
        """The header of a message prepared now."""
        now = self.now()
        return Header(
            id=f"{self.settings.sender}_{now:%Y%m%d%H%M%S}",
            prepared=now,
            sender=self.settings.sender,
            receiver=receiver,
        )

    def write(self, dataset: Dataset, format_name: str, sink: BinaryIO, *, receiver: str | None = None) -> None:
        """A dataset as a message of a format, into ``sink``."""
        formats.write(dataset, format_name, sink, header=self.header(receiver), catalogue=self.catalogue)

    def message(self, dataset: Dataset, format_name: str, *, receiver: str | None = None) -> bytes:
        """A dataset as the bytes of a message."""
        sink = io.BytesIO()
        self.write(dataset, format_name, sink, receiver=receiver)
        return sink.getvalue()

    # Transmissions

    def due(self, *, settled: bool = False) -> tuple[Due, ...]:
        """What is owed and not settled yet, the first deadline first."""
        return self.transmissions.due(self.now(), self._available, settled=settled)

    def _available(self, obligation: Obligation) -> Available | None:
        release = self.latest_release(obligation.dataflow)
        if release is None:
            return None
        periods = self.scan(release).select(pl.col("TIME_PERIOD").unique()).collect()["TIME_PERIOD"]
        return Available(str(release.number), tuple(periods))

    def prepare(self, obligation_id: str, period: str, *, actor: str | None = None) -> Transmission:
        """Write and keep the file of one obligation for one reference period, from the latest public release.

        The message says it was prepared when its release was published, so that the same release gives the same bytes.

        Raises:
            UsageError: there is no such obligation, the period is not owed, or the release has no figures for it.
            UnknownRelease: its dataflow has no public release.
        """
        obligation = self._obligation(obligation_id)
        wanted = obligation.period(period)
        release = self.latest_release(obligation.dataflow)
        if release is None:
            raise UnknownRelease(f"{obligation.dataflow.short} has no public release", remedy="sdmx-gateway run")
        dataset = _scope(self.dataset(release), obligation, str(wanted))
        occurrence = obligation.occurrence(wanted).rpartition(".")[0]
        header = Header(
            id=f"{occurrence}_R{release.number}",
            prepared=release.published_at,
            sender=self.settings.sender,
            receiver=obligation.recipient,
        )
        sink = io.BytesIO()
        formats.write(dataset, obligation.format, sink, header=header, catalogue=self.catalogue)
        return self.transmissions.prepare(
            obligation,
            wanted,
            content=sink.getvalue(),
            release=str(release.number),
            report_errors=_unwaived_errors(self.release_document(release)["report"]),
            actor=actor or self.settings.operator,
            now=self.now(),
        )

    def _obligation(self, name: str) -> Obligation:
        known = self.transmissions.obligations
        if name not in known:
            raise UsageError(f"there is no obligation {name!r}", remedy=f"one of {', '.join(sorted(known))}")
        return known[name]

    def approve(self, transmission_id: str, *, actor: str | None = None, reason: str = "") -> Transmission:
        """Allow a prepared transmission to be sent."""
        return self.transmissions.approve(
            transmission_id, actor=actor or self.settings.operator, now=self.now(), reason=reason
        )

    def send(self, transmission_id: str, *, actor: str | None = None, dry_run: bool = False) -> Delivery | Plan:
        """Send an approved transmission, or finish a sending that was cut short; with ``dry_run`` only say what would happen."""
        return self.transmissions.send(
            transmission_id, actor=actor or self.settings.operator, now=self.now(), dry_run=dry_run
        )


def _unwaived_errors(report: Mapping[str, Any]) -> int:
    return 0 if "waiver" in report else int(report["counts"]["error"]["lines"])


def _scope(dataset: Dataset, obligation: Obligation, period: str) -> Dataset:
    """The part of a release that one file holds: the period, everything up to it, or everything."""
    time = pl.col("TIME_PERIOD")
    wanted = {"period": time == period, "through": time <= period, "all": pl.lit(value=True)}[obligation.content]
    scoped = dataset.frame.filter(wanted)
    if scoped.is_empty():
        raise UsageError(f"the release has no figures of {obligation.dataflow.short} for {period}")
    return Dataset(dataset.dataflow, dataset.structure, scoped)


def _provenance(conversion: Conversion) -> Provenance:
    return Provenance(
        module=conversion.module.name,
        module_digest=conversion.module.digest,
        sources=tuple(
            SourceRecord(
                name=t.name, sha256=t.sha256, rows=t.frame.height, edition=t.edition or None, release=t.release
            )
            for t in conversion.tables
        ),
        left_out=tuple(item.as_dict() for item in conversion.left_out),
        edition=conversion.edition or None,
        fingerprint=conversion.fingerprint,
    )

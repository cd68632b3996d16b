"""A made-up office to be served: two flows, one with three releases of which one is under embargo, one obligation.

It is built on the real structures, store, validation and transmissions, so that what is tested is what is served.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import polars as pl

from sdmx_gateway.database import open_database
from sdmx_gateway.observations import Dataset
from sdmx_gateway.releases import Provenance, Release, ReleaseStore, SourceRecord
from sdmx_gateway.settings import Settings
from sdmx_gateway.structures import Catalogue, Kind, Urn
from sdmx_gateway.structures.model import (
    Agency,
    AgencyScheme,
    Attachment,
    Attribute,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructure,
    DataType,
    Dimension,
    Measure,
    Relationship,
    Representation,
    Text,
)
from sdmx_gateway.transmission import Available, Deadline, DirectoryChannel, Due, Obligation, Transmissions
from sdmx_gateway.validation import validate
from sdmx_gateway.web import create_app

NOW = datetime(2026, 11, 24, 9, 12, tzinfo=UTC)
FIRST, SECOND, EMBARGO = (
    datetime(2025, 2, 1, 8, tzinfo=UTC),
    datetime(2026, 3, 1, 8, tzinfo=UTC),
    datetime(2026, 12, 1, 8, tzinfo=UTC),
)
AGENCY = "FR_MADE_UP"
CODES = {
    "FREQ": {"A": "Annuelle", "M": "Mensuelle"},
    "REF_AREA": {"FR": "France", "D75": "Paris", "D93": "Seine-Saint-Denis"},
    "OFFENCE": {"HOMICIDE": "Homicide, « été »", "ROBBERY": 'Vol avec violence & "menace"'},
    "OBS_STATUS": {"A": "Valeur normale", "E": "Valeur estimée"},
}


def _concept(name: str) -> Urn:
    return Urn(Kind.CONCEPT_SCHEME, AGENCY, "CONCEPTS", "1.0", name)


CODELISTS = {
    name: Codelist(
        agency=AGENCY,
        id=f"CL_{name}",
        names=Text.of(fr=f"Liste {name}", en=f"List {name}"),
        items=tuple(Code(id=code, names=Text.of(fr=text, en=f"{text} (en)")) for code, text in codes.items()),
    )
    for name, codes in CODES.items()
}


def _dimension(name: str) -> Dimension:
    return Dimension(id=name, concept=_concept(name), representation=Representation(codelist=CODELISTS[name].urn))


STRUCTURE = DataStructure(
    agency=AGENCY,
    id="CRIME",
    names=Text.of(fr="Crimes, données inventées", en="Crime, made-up data"),
    dimensions=(
        *map(_dimension, ("FREQ", "REF_AREA", "OFFENCE")),
        Dimension(
            id="TIME_PERIOD",
            concept=_concept("TIME_PERIOD"),
            representation=Representation(data_type=DataType.OBSERVATIONAL_TIME_PERIOD),
            is_time=True,
        ),
    ),
    measures=(
        Measure(
            id="OBS_VALUE", concept=_concept("OBS_VALUE"), representation=Representation(data_type=DataType.INTEGER)
        ),
    ),
    attributes=(
        Attribute(
            id="OBS_STATUS",
            concept=_concept("OBS_STATUS"),
            representation=Representation(codelist=CODELISTS["OBS_STATUS"].urn),
            relationship=Relationship(Attachment.OBSERVATION),
            mandatory=True,
        ),
        Attribute(
            id="SOURCE_EDITION",
            concept=_concept("SOURCE_EDITION"),
            representation=Representation(),
            relationship=Relationship(Attachment.DATASET),
        ),
    ),
)
FLOW = Dataflow(
    agency=AGENCY,
    id="CRIME",
    names=Text.of(fr="Crimes et délits (données inventées)", en="Crime (made-up data)"),
    structure=STRUCTURE.urn,
)
EMPTY_FLOW = Dataflow(
    agency=AGENCY,
    id="CRIME_PLANNED",
    names=Text.of(fr="Crimes à venir (inventé)", en="Crime to come (made up)"),
    structure=STRUCTURE.urn,
)
CATALOGUE = Catalogue.of(
    [
        AgencyScheme(
            agency="SDMX",
            id="AGENCIES",
            names=Text.of(en="Agencies"),
            items=(Agency(id=AGENCY, names=Text.of(en="Made up")),),
        ),
        *CODELISTS.values(),
        ConceptScheme(
            agency=AGENCY,
            id="CONCEPTS",
            names=Text.of(fr="Concepts", en="Concepts"),
            items=tuple(Concept(id=name, names=Text.of(fr=name, en=name)) for name in STRUCTURE.components),
        ),
        STRUCTURE,
        FLOW,
        EMPTY_FLOW,
    ]
)
OBLIGATION = Obligation(
    id="MADE_UP_CRIME",
    name=Text.of(fr="Crimes, pour un destinataire inventé", en="Crime, for a made-up recipient"),
    recipient="NOWHERE",
    dataflow=FLOW.urn.short,
    frequency="A",
    first_period="2023",
    deadline=Deadline(months=10),
    legal_basis="none: made up",
    status="made up",
    content="period",
    dataset="CRIM_MADEUP_A",
    country="FR",
    format="sdmx-ml-2.1",
    channel="outbox",
)


def observations(*, revision: int = 0) -> Dataset:
    """24 observations a year from 2021 to 2024; a revision changes those of homicides in Paris."""
    rows = [
        (
            "A",
            area,
            offence,
            str(year),
            100 * place + year - 2020 + (revision if (area, offence) == ("D75", "HOMICIDE") else 0),
        )
        for place, (area, offence) in enumerate((a, o) for a in CODES["REF_AREA"] for o in CODES["OFFENCE"])
        for year in range(2021, 2025)
    ]
    frame = pl.DataFrame(rows, schema=["FREQ", "REF_AREA", "OFFENCE", "TIME_PERIOD", "OBS_VALUE"], orient="row")
    status = pl.when(pl.col("TIME_PERIOD") == "2024").then(pl.lit("E")).otherwise(pl.lit("A"))
    columns = (status.alias("OBS_STATUS"), pl.lit(f"édition {revision}").alias("SOURCE_EDITION"))
    return Dataset.of(FLOW, STRUCTURE, frame.with_columns(columns))


@dataclass
class Office:
    """A gateway, as far as it is served, kept in a folder."""

    folder: Path
    catalogue: Catalogue = CATALOGUE

    @cached_property
    def settings(self) -> Settings:
        return Settings(home=self.folder)

    @cached_property
    def store(self) -> ReleaseStore:
        return ReleaseStore(self.folder / "releases", open_database(self.settings.database))

    @cached_property
    def transmissions(self) -> Transmissions:
        return Transmissions(
            open_database(self.settings.database),
            self.folder / "transmissions",
            {OBLIGATION.id: OBLIGATION},
            {"outbox": DirectoryChannel(self.folder / "outbox")},
            second_person=False,
        )

    def now(self) -> datetime:
        return NOW

    def releases(self) -> tuple[Release, ...]:
        return tuple(reversed(self.store.history(at=NOW)))

    def latest_release(self, dataflow: Urn, *, at: datetime | None = None) -> Release | None:
        return self.store.latest(dataflow, at=at or NOW)

    def scan(self, release: Release) -> pl.LazyFrame:
        return self.store.scan(release)

    def release_document(self, release: Release) -> Mapping[str, Any]:
        return self.store.document(release)

    def due(self) -> tuple[Due, ...]:
        return self.transmissions.due(NOW, lambda _: Available("2", ("2023", "2024")))


def office(folder: str) -> Office:
    """The office kept in a folder; what a server process builds."""
    return Office(Path(folder))


def furnish(folder: Path) -> Office:
    """An office with two releases to see, one under embargo, and one file sent."""
    made = Office(folder)
    for revision, (when, embargo) in enumerate([(FIRST, None), (SECOND, None), (NOW, EMBARGO)]):
        dataset = observations(revision=revision)
        report = validate(dataset, CATALOGUE, (), now=when)
        source = SourceRecord(name=f"made-up-{revision}.csv", sha256="0" * 64, rows=24, edition=f"2025-0{revision + 1}")
        provenance = Provenance(module="made/up", module_digest="0" * 64, sources=(source,), edition=source.edition)
        made.store.publish(
            dataset,
            provenance=provenance,
            report=report.as_dict(),
            now=when,
            approved_by="Camille Durand",
            embargo_until=embargo,
        )
    prepared = made.transmissions.prepare(
        OBLIGATION, "2023", content=b"<made-up/>", release="2", report_errors=0, actor="camille", now=NOW
    )
    made.transmissions.approve(prepared.id, actor="dominique", now=NOW)
    made.transmissions.send(prepared.id, actor="camille", now=NOW)
    return made


def ask(served: object, path: str) -> httpx.Response:
    """What the application answers, without a server between: for offices made for one test."""

    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(served), raise_app_exceptions=False)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://office") as client:
            return await client.get(path)

    with ThreadPoolExecutor(1) as apart:  # a test may be inside another event loop
        return apart.submit(lambda: asyncio.run(answer())).result()

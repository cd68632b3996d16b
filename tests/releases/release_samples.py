"""Made-up datasets for the tests of releases: a small flow, and how to publish it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from sdmx_gateway.observations import Dataset
from sdmx_gateway.releases import Provenance, Release, ReleaseStore, SourceRecord
from sdmx_gateway.structures.model import (
    Attachment,
    Attribute,
    Dataflow,
    DataStructure,
    DataType,
    Dimension,
    Kind,
    Measure,
    Relationship,
    Representation,
    Urn,
)

NOW = datetime(2026, 11, 24, 9, 12, tzinfo=UTC)
DAY = timedelta(days=1)

Row = tuple[str, str, str, "int | None", str, "list[str] | None"]
"""Area, offence, period, count, status, comments."""


def _concept(name: str) -> Urn:
    return Urn(Kind.CONCEPT_SCHEME, "FR_MADE_UP", "CONCEPTS", "1.0", name)


def _dimension(name: str) -> Dimension:
    return Dimension(id=name, concept=_concept(name), representation=Representation())


def _attribute(name: str, attachment: Attachment, **representation: Any) -> Attribute:
    return Attribute(
        id=name,
        concept=_concept(name),
        representation=Representation(**representation),
        relationship=Relationship(attachment),
    )


def structure_of(version: str = "1.0", *, areas: str = "REF_AREA", extra: tuple[str, ...] = ()) -> DataStructure:
    """The structure of the made-up flow, or a later version of it."""
    return DataStructure(
        agency="FR_MADE_UP",
        id="CRIME",
        version=version,
        dimensions=(
            *map(_dimension, ("FREQ", areas, "OFFENCE")),
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
            _attribute("OBS_STATUS", Attachment.OBSERVATION),
            _attribute("COMMENT_OBS", Attachment.OBSERVATION, max_occurs=None),
            _attribute("SOURCE_EDITION", Attachment.DATASET),
            *(_attribute(name, Attachment.OBSERVATION) for name in extra),
        ),
    )


STRUCTURE = structure_of()
FLOW = Dataflow(agency="FR_MADE_UP", id="CRIME", version="1.0", structure=STRUCTURE.urn)
OTHER_FLOW = Dataflow(agency="FR_MADE_UP", id="OTHER", version="1.0", structure=STRUCTURE.urn)

ROWS: tuple[Row, ...] = (
    ("D01", "HOMICIDE", "2023", 4, "A", None),
    ("D01", "HOMICIDE", "2024", 5, "A", ["recounted", "voir note; « bis »"]),
    ("D75", "HOMICIDE", "2023", 40, "A", []),
    ("D75", "ROBBERY", "2024", None, "O", None),
)


def dataset(
    rows: Iterable[Row] = ROWS,
    *,
    edition: str = "2025-01-26",
    flow: Dataflow = FLOW,
    structure: DataStructure = STRUCTURE,
) -> Dataset:
    """A dataset of the made-up flow."""
    columns = {"REF_AREA": pl.String, "OFFENCE": pl.String, "TIME_PERIOD": pl.String, "OBS_VALUE": pl.Int64}
    frame = pl.DataFrame(
        list(rows), schema=columns | {"OBS_STATUS": pl.String, "COMMENT_OBS": pl.List(pl.String)}, orient="row"
    )
    return Dataset.of(flow, structure, frame.with_columns(FREQ=pl.lit("A"), SOURCE_EDITION=pl.lit(edition)))


def counts(*values: int) -> Dataset:
    """A dataset that differs from another by its counts: one area per value."""
    return dataset((f"D{n:02}", "HOMICIDE", "2024", value, "A", None) for n, value in enumerate(values, 1))


def large(areas: int = 2_000, periods: int = 10, *, seed: int = 0) -> Dataset:
    """A dataset of ``areas × 5 × periods`` observations."""
    offences = ("ASSAULT", "BURGLARY", "HOMICIDE", "ROBBERY", "THEFT")
    table = (
        pl.DataFrame({"REF_AREA": [f"C{n:05}" for n in range(areas)]})
        .join(pl.DataFrame({"OFFENCE": offences}), how="cross")
        .join(pl.DataFrame({"TIME_PERIOD": [str(2025 - n) for n in range(periods)]}), how="cross")
    )
    value = (pl.int_range(pl.len()) * 7919 + seed) % 997
    frame = table.with_columns(
        FREQ=pl.lit("A"), OBS_VALUE=value, OBS_STATUS=pl.lit("A"), SOURCE_EDITION=pl.lit("2025-01-26")
    )
    return Dataset.of(FLOW, STRUCTURE, frame)


PROVENANCE = Provenance(
    module="ssmsi/made_up",
    module_digest="5e" * 32,
    sources=(SourceRecord(name="données-dép-2025.csv", sha256="ab" * 32, rows=4, edition="2025-01-26"),),
    left_out=({"what": "column taux_pour_mille", "because": "a rate is derived"},),
    edition="2025-01-26",
)
REPORT = {"errors": 0, "warnings": 1, "findings": [{"rule": "MADE_UP", "message": "à vérifier"}]}


def publish(store: ReleaseStore, data: Dataset, *, now: datetime = NOW, **options: Any) -> tuple[Release, bool]:
    """Publish with what every publication needs."""
    arguments = {"provenance": PROVENANCE, "report": REPORT, "approved_by": "A. Martin"} | options
    return store.publish(data, now=now, **arguments)

"""A made-up flow for the tests of the REST room: three areas, two offences, annual, quarterly and monthly figures."""

from __future__ import annotations

import polars as pl

from sdmx_gateway.observations import conform
from sdmx_gateway.structures import Catalogue
from sdmx_gateway.structures.model import (
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
    Kind,
    Measure,
    Relationship,
    Representation,
    Text,
    Urn,
)

AGENCY = "FR_MADE_UP"
CONCEPTS = Urn(Kind.CONCEPT_SCHEME, AGENCY, "CONCEPTS", "1.0")
CODES = {
    "FREQ": ("A", "Q", "M"),
    "REF_AREA": ("FR", "D75", "D93"),
    "OFFENCE": ("HOMICIDE", "ROBBERY"),
    "COUNT_UNIT": ("VICTIM",),
    "OBS_STATUS": ("A", "E"),
}
CODELISTS = {
    name: Codelist(
        agency=AGENCY,
        id=f"CL_{name}",
        names=Text.of(fr=f"Liste {name}", en=f"List {name}"),
        items=tuple(
            Code(
                id=code, names=Text.of(fr=code.title(), en=code.title()), parent="FR" if code.startswith("D") else None
            )
            for code in codes
        ),
    )
    for name, codes in CODES.items()
}


def _coded(name: str) -> Representation:
    return Representation(codelist=CODELISTS[name].urn)


def _concept(name: str) -> Urn:
    return Urn(Kind.CONCEPT_SCHEME, AGENCY, "CONCEPTS", "1.0", name)


def _attribute(name: str, attachment: Attachment, representation: Representation, **more: tuple[str, ...]) -> Attribute:
    return Attribute(
        id=name, concept=_concept(name), representation=representation, relationship=Relationship(attachment, **more)
    )


STRUCTURE = DataStructure(
    agency=AGENCY,
    id="CRIME",
    version="1.0",
    names=Text.of(fr="Crimes, données inventées", en="Crime, made-up data"),
    dimensions=(
        *(Dimension(id=n, concept=_concept(n), representation=_coded(n)) for n in list(CODES)[:4]),
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
        _attribute("OBS_STATUS", Attachment.OBSERVATION, _coded("OBS_STATUS")),
        _attribute("COMMENTS", Attachment.OBSERVATION, Representation(max_occurs=None)),
        _attribute("TITLE", Attachment.DIMENSIONS, Representation(), dimensions=tuple(list(CODES)[:4])),
        _attribute("SOURCE_EDITION", Attachment.DATASET, Representation()),
    ),
)
SCHEME = ConceptScheme(
    agency=AGENCY,
    id="CONCEPTS",
    names=Text.of(fr="Concepts", en="Concepts"),
    items=tuple(Concept(id=name, names=Text.of(fr=name.title(), en=name.title())) for name in STRUCTURE.components),
)
FLOW = Dataflow(
    agency=AGENCY,
    id="CRIME",
    names=Text.of(fr="Crimes et délits (données inventées)", en="Crime (made-up data)"),
    structure=STRUCTURE.urn,
)
OTHER_FLOW = Dataflow(
    agency=AGENCY, id="CRIME_BIS", names=Text.of(en="Crime again (made-up data)"), structure=STRUCTURE.urn
)
CATALOGUE = Catalogue.of([*CODELISTS.values(), SCHEME, STRUCTURE, FLOW, OTHER_FLOW])

ANNUAL = ("2021", "2022", "2023", "2024")
QUARTERLY = ("2023-Q4", "2024-Q1")
MONTHLY = ("2023-12", "2024-01", "2024-02")


def observations() -> pl.DataFrame:
    """42 observations; the figure of homicides in D93 in 2024 is absent, that of 2023 is estimated and commented."""
    periods = {"A": ANNUAL, "Q": QUARTERLY, "M": MONTHLY}
    rows = [
        (freq, area, offence, "VICTIM", period)
        for freq in CODES["FREQ"]
        for area in CODES["REF_AREA"]
        for offence in CODES["OFFENCE"]
        for period in periods[freq]
        if freq == "A" or area != "FR"
    ]
    frame = pl.DataFrame(rows, schema=[*list(CODES)[:4], "TIME_PERIOD"], orient="row")
    special = (pl.col("FREQ") == "A") & (pl.col("REF_AREA") == "D93") & (pl.col("OFFENCE") == "HOMICIDE")
    last, before = special & (pl.col("TIME_PERIOD") == "2024"), special & (pl.col("TIME_PERIOD") == "2023")
    frame = frame.with_columns(
        pl.when(last).then(None).otherwise(pl.int_range(pl.len()) * 10).alias("OBS_VALUE"),
        pl.when(before).then(pl.lit("E")).otherwise(pl.lit("A")).alias("OBS_STATUS"),
        pl.when(before).then(pl.lit(["estimé", "à revoir"])).alias("COMMENTS"),
        pl.format("{} in {}", "OFFENCE", "REF_AREA").alias("TITLE"),
        pl.lit("2025-01-26").alias("SOURCE_EDITION"),
    )
    return conform(frame, STRUCTURE)

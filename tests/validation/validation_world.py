"""A small made-up world to validate: one flow of counts by area, offence and period, and what it takes to change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from sdmx_gateway.errors import Problem
from sdmx_gateway.observations import Dataset
from sdmx_gateway.structures import Catalogue, Kind, Urn
from sdmx_gateway.structures.model import (
    Attachment,
    Attribute,
    Code,
    Codelist,
    Dataflow,
    DataStructure,
    DataType,
    Dimension,
    Group,
    Measure,
    Relationship,
    Representation,
    Text,
)
from sdmx_gateway.validation import Finding, Report, Rule, RuleRun, validate
from sdmx_gateway.validation.reading import read_rules
from sdmx_gateway.validation.rules import MODELS

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 11, 24, 9, 12, tzinfo=UTC)
FLOW = "TEST:CRIME(1.0)"

AREAS = Codelist(
    agency="TEST",
    id="CL_AREA",
    names=Text.of(fr="Territoires", en="Areas"),
    items=tuple(
        Code(id=code, parent=parent, names=Text.of(fr=f"Territoire {code}", en=f"Area {code}"))
        for code, parent in [
            ("W", None),
            ("F", "W"),
            ("R1", "F"),
            ("R2", "F"),
            ("D1", "R1"),
            ("D2", "R1"),
            ("D3", "R2"),
            ("D9", "W"),
        ]
    ),
)
OFFENCES = Codelist(
    agency="TEST",
    id="CL_OFFENCE",
    items=tuple(
        Code(id=code, names=Text.of(fr=fr, en=en))
        for code, fr, en in [
            ("_T", "Total", "Total"),
            ("HOMICIDE", "Homicides", "Intentional homicide"),
            ("ROBBERY", "Vols violents", "Robbery"),
            ("DRUGS", "Stupéfiants", "Drugs"),
        ]
    ),
)
FREQUENCIES = Codelist(agency="SDMX", id="CL_FREQ", version="2.0", items=tuple(Code(id=code) for code in "ASQMWDHBN"))
STATUSES = Codelist(agency="SDMX", id="CL_OBS_STATUS", version="2.0", items=tuple(Code(id=code) for code in "ABDEPM"))


def _concept(name: str) -> Urn:
    return Urn(Kind.CONCEPT_SCHEME, "TEST", "CONCEPTS", "1.0", name)


def _coded(codelist: Codelist) -> Representation:
    return Representation(codelist=codelist.urn)


def attribute(
    name: str,
    representation: Representation | None = None,
    *,
    at: Relationship | Attachment = Attachment.OBSERVATION,
    mandatory: bool = False,
) -> Attribute:
    """An attribute; plain text of the observation unless told."""
    relationship = at if isinstance(at, Relationship) else Relationship(at)
    return Attribute(
        id=name,
        concept=_concept(name),
        representation=representation or Representation(),
        relationship=relationship,
        mandatory=mandatory,
    )


STRUCTURE = DataStructure(
    agency="TEST",
    id="CRIME",
    dimensions=(
        Dimension(id="FREQ", concept=_concept("FREQ"), representation=_coded(FREQUENCIES)),
        Dimension(id="REF_AREA", concept=_concept("REF_AREA"), representation=_coded(AREAS)),
        Dimension(id="OFFENCE", concept=_concept("OFFENCE"), representation=_coded(OFFENCES)),
        Dimension(
            id="TIME_PERIOD",
            concept=_concept("TIME_PERIOD"),
            representation=Representation(data_type=DataType.OBSERVATIONAL_TIME_PERIOD),
            is_time=True,
        ),
    ),
    measures=(
        Measure(
            id="OBS_VALUE", concept=_concept("OBS_VALUE"), representation=Representation(data_type=DataType.DOUBLE)
        ),
    ),
    attributes=(
        attribute("OBS_STATUS", _coded(STATUSES), mandatory=True),
        attribute("COMMENT_OBS", Representation(max_length=20)),
    ),
    groups=(Group("AREA", ("REF_AREA",)),),
)
DATAFLOW = Dataflow(
    agency="TEST",
    id="CRIME",
    names=Text.of(fr="Délinquance <fictive>", en="Made-up <crime>"),
    structure=STRUCTURE.urn,
)
CATALOGUE = Catalogue.of([AREAS, OFFENCES, FREQUENCIES, STATUSES, STRUCTURE, DATAFLOW])


def structure_with(*attributes: Attribute, measure: Measure | None = None) -> DataStructure:
    """The structure with more attributes, or with another measure."""
    measures = (measure,) if measure else STRUCTURE.measures
    return replace(STRUCTURE, attributes=(*STRUCTURE.attributes, *attributes), measures=measures)


def dataset(*rows: Sequence[Any] | dict[str, Any], structure: DataStructure = STRUCTURE) -> Dataset:
    """Observations from (area, offence, period, value) rows, or from dictionaries; FREQ and OBS_STATUS are A."""
    names = ("REF_AREA", "OFFENCE", "TIME_PERIOD", "OBS_VALUE")
    records = [row if isinstance(row, dict) else dict(zip(names, row, strict=True)) for row in rows]
    plain = {"FREQ": "A", "REF_AREA": "D1", "OFFENCE": "HOMICIDE", "TIME_PERIOD": "2024", "OBS_VALUE": 1.0}
    full = [{**plain, "OBS_STATUS": "A", **record} for record in records]
    if not full:
        return Dataset.of(DATAFLOW, structure, pl.DataFrame(schema=dict.fromkeys(plain, pl.String)))
    return Dataset.of(DATAFLOW, structure, pl.DataFrame(full, infer_schema_length=None))


def rule(kind: str, **words: Any) -> Rule:
    """A rule of the made-up flow."""
    plain = {"id": "RULE", "dataflow": FLOW, "severity": "error", "name": {"fr": "La règle", "en": "The rule"}}
    return MODELS[kind].model_validate({**plain, "kind": kind, **words})


def check(data: Dataset, *rules: Rule, previous: Dataset | None = None, catalogue: Catalogue = CATALOGUE) -> Report:
    """The report on a dataset of the made-up flow."""
    return validate(data, catalogue, rules, now=NOW, previous=previous)


def run_of(report: Report, rule_id: str = "RULE") -> RuleRun:
    """How a rule ran."""
    return next(run for run in report.checked if run.rule == rule_id)


def found(report: Report, rule_id: str = "RULE") -> list[Finding]:
    """What a rule found, notices aside."""
    return [finding for finding in report.findings if finding.rule == rule_id and not finding.is_notice]


def notices(report: Report, rule_id: str = "RULE") -> list[str]:
    """What is said of how a rule ran."""
    return [finding.message for finding in report.findings if finding.rule == rule_id and finding.is_notice]


def problems_in(text: str) -> list[Problem]:
    """The problems of a rules file."""
    return [entry for entry in read_rules(text, "rules.toml") if isinstance(entry, Problem)]

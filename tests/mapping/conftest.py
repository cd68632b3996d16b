"""A small module and the structures it needs, made up for these tests and named so; each test changes what it is about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_up_module import AGENCY, HEADER, LISTS, OFFENCES, ROWS, SPEC, STATUS, UNITS

from sdmx_gateway.mapping import Conversion, Module, SourceTable, convert, load_module
from sdmx_gateway.sources import read_source, recognise
from sdmx_gateway.structures import Catalogue, Kind, Urn
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
    Measure,
    Relationship,
    Representation,
    Text,
)


def _codelist(ident: str) -> Codelist:
    codes = tuple(Code(id=c, parent=p, names=Text.of(en=c.title())) for c, p in LISTS[ident].items())
    return Codelist(agency=AGENCY, id=ident, items=codes)


def _component(
    kind: type, ident: str, codelist: str | None = None, data_type: DataType = DataType.STRING, **more: Any
) -> Any:
    urn = Urn(Kind.CODELIST, AGENCY, codelist) if codelist else None
    concept = Urn(Kind.CONCEPT_SCHEME, AGENCY, "CONCEPTS", "1.0", ident)
    return kind(id=ident, concept=concept, representation=Representation(urn, data_type), **more)


@pytest.fixture(scope="session")
def structures() -> Catalogue:
    """The made-up structures: dataflow MADE_UP:CRIME(1.0)."""
    at_observation = Relationship(Attachment.OBSERVATION)
    structure = DataStructure(
        agency=AGENCY,
        id="CRIME",
        dimensions=(
            _component(Dimension, "FREQ", "CL_FREQ"),
            _component(Dimension, "REF_AREA", "CL_AREA"),
            _component(Dimension, "OFFENCE", "CL_OFFENCE"),
            _component(Dimension, "COUNT_UNIT", "CL_UNIT"),
            _component(Dimension, "TIME_PERIOD", data_type=DataType.OBSERVATIONAL_TIME_PERIOD, is_time=True),
        ),
        measures=(_component(Measure, "OBS_VALUE", data_type=DataType.INTEGER),),
        attributes=(
            _component(Attribute, "OBS_STATUS", "CL_OBS_STATUS", relationship=at_observation, mandatory=True),
            _component(Attribute, "CONF_STATUS", "CL_CONF_STATUS", relationship=at_observation),
            _component(Attribute, "COMMENT_OBS", relationship=at_observation),
            _component(Attribute, "SOURCE_EDITION", relationship=Relationship(Attachment.DATASET)),
        ),
    )
    dataflow = Dataflow(agency=AGENCY, id="CRIME", structure=structure.urn, names=Text.of(en="Crime"))
    concepts = ConceptScheme(
        agency=AGENCY, id="CONCEPTS", items=tuple(Concept(id=c, names=Text.of(en=c)) for c in structure.components)
    )
    return Catalogue.of([structure, dataflow, concepts, *map(_codelist, LISTS)])


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Module]:
    """A module in the test's folder: the made-up one, with more or changed TOML and tables."""

    def module(
        more: str = "", *, change: tuple[str, str] = ("", ""), offences: str = OFFENCES, status: str = STATUS
    ) -> Module:
        folder = tmp_path / "made_up" / "crime"
        (folder / "codes").mkdir(parents=True, exist_ok=True)
        (folder / "mapping.toml").write_text(SPEC.replace(*change) + "\n" + more)
        for name, text in (("offences", offences), ("units", UNITS), ("status", status)):
            (folder / "codes" / f"{name}.csv").write_text(text)
        return load_module(folder)

    return module


@pytest.fixture
def converting(tmp_path: Path, structures: Catalogue) -> Callable[..., Conversion]:
    """Convert lines of a made-up file with a module."""

    def conversion(module: Module, *rows: str, header: str = HEADER, name: str = "base-2021.csv") -> Conversion:
        path = tmp_path / name
        path.write_text("\n".join((header, *(rows or ROWS))))
        family = recognise(path, module.spec.families)
        raw = read_source(path, family)
        table = SourceTable(
            raw.name, raw.sha256, raw.edition, raw.decimal, raw.frame, declared=family, problems=raw.problems
        )  # type: ignore[arg-type]
        return convert(module, [table], structures)

    return conversion

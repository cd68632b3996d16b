"""pandas, then pysdmx: the table handed to its writer of SDMX-ML 2.1 or 3.0."""

from __future__ import annotations

from pathlib import Path

import by_pandas
import pandas as pd
import pysdmx.io
from pysdmx.io.format import Format
from pysdmx.io.pd import PandasDataset
from pysdmx.model.dataflow import Schema

FORMATS = {"2.1": Format.DATA_SDMX_ML_2_1_STR, "3.0": Format.DATA_SDMX_ML_3_0}


def start(structures: Path) -> Schema:
    """The data structure, read from an SDMX-ML message."""
    known = pysdmx.io.read_sdmx(structures, validate=False).get_data_structure_definitions()
    return next(s for s in known if s.id == "CRIME_TERRITORY").to_schema()


def convert(_schema: Schema, edition: Path) -> pd.DataFrame:
    """Read, map, check and roll up."""
    return by_pandas.observations(edition)


def write(schema: Schema, table: pd.DataFrame, version: str, layout: str, output: Path) -> None:
    """One file of SDMX-ML, in series or flat, which is pysdmx's default."""
    data = table.drop(columns="SOURCE_EDITION")
    dataset = PandasDataset(structure=schema, data=data, attributes={"SOURCE_EDITION": by_pandas.EDITION})
    at_observation = "AllDimensions" if layout == "flat" else "TIME_PERIOD"
    pysdmx.io.write_sdmx(dataset, FORMATS[version], str(output), dimension_at_observation=at_observation)

"""pandas, then sdmx1: its objects filled from the table and written. It writes SDMX-ML 2.1 and has no writer of 3.0.

It cannot write an attribute of the data set into a structure-specific message, so its file says nothing of the edition.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import by_pandas
import pandas as pd
import sdmx
from sdmx.model import v21

ATTRIBUTES = ["OBS_STATUS", "CONF_STATUS", "COMMENT_OBS"]


def start(structures: Path) -> v21.DataStructureDefinition:
    """The data structure, read from an SDMX-ML message."""
    return sdmx.read_sdmx(structures).structure["CRIME_TERRITORY"]


def convert(_structure: v21.DataStructureDefinition, edition: Path) -> pd.DataFrame:
    """Read, map, check and roll up."""
    return by_pandas.observations(edition)


def write(
    structure: v21.DataStructureDefinition, table: pd.DataFrame, _version: str, layout: str, output: Path
) -> None:
    """One file of SDMX-ML 2.1, in series or flat."""
    data = v21.StructureSpecificDataSet(structured_by=structure)
    if layout == "flat":
        keys = table[by_pandas.KEYS].to_dict("records")
        add(data, structure, table, [structure.make_key(v21.Key, key) for key in keys])
    else:
        years = {year: structure.make_key(v21.Key, {"TIME_PERIOD": year}) for year in table["TIME_PERIOD"].unique()}
        for key, rows in table.groupby(by_pandas.SERIES, sort=False):
            series = structure.make_key(v21.SeriesKey, dict(zip(by_pandas.SERIES, key, strict=True)))
            add(data, structure, rows, [years[year] for year in rows["TIME_PERIOD"]], series)
    message = sdmx.message.DataMessage(
        header=sdmx.message.Header(id="BENCH"),
        data=[data],
        observation_dimension=v21.AllDimensions if layout == "flat" else structure.dimensions.get("TIME_PERIOD"),
    )
    output.write_bytes(sdmx.to_xml(message))


def add(
    data: v21.StructureSpecificDataSet,
    structure: v21.DataStructureDefinition,
    rows: pd.DataFrame,
    keys: list[v21.Key],
    series: v21.SeriesKey | None = None,
) -> None:
    """An observation for every row."""
    components = [structure.attributes.get(name) for name in ATTRIBUTES]
    values = zip(keys, rows["OBS_VALUE"], rows[ATTRIBUTES].itertuples(index=False), strict=True)
    observations = [
        v21.Observation(
            dimension=key,
            value=value,
            value_for=structure.measures[0],
            attached_attribute=attached(zip(components, said, strict=True)),
        )
        for key, value, said in values
    ]
    data.add_obs(observations, series)


def attached(pairs: zip[tuple[Any, Any]]) -> dict[str, v21.AttributeValue]:
    """The attributes that say something."""
    return {a.id: v21.AttributeValue(value=value, value_for=a) for a, value in pairs if isinstance(value, str)}

"""Structure-specific SDMX-ML, 2.1 and 3.0, written by columns.

Every row of the table becomes one piece of text made by polars expressions: the opening of its series when it is the
first of it, the observation, the closing when it is the last. Rows are cut into slices, so that memory does not grow
with the message; Python sees slices, never observations. Attributes are written at the level they are attached to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

import polars as pl

from sdmx_gateway.formats.action import Action
from sdmx_gateway.formats.fit import Capacity, require
from sdmx_gateway.formats.levels import Levels, settled
from sdmx_gateway.formats.lines import LAST, at_first, series_slices, write_lines
from sdmx_gateway.formats.sdmx_ml import Dialect
from sdmx_gateway.formats.xml_fragments import Fragments, joined
from sdmx_gateway.formats.xml_head import closing, opening
from sdmx_gateway.observations import Dataset
from sdmx_gateway.structures.header import Header
from sdmx_gateway.structures.model import Component, Group


def write_ml(dataset: Dataset, sink: BinaryIO, header: Header, *, dialect: Dialect, action: Action) -> None:
    """Write a dataset as a structure-specific data message, UTF-8, lines ended by LF.

    Raises:
        DatasetRejected: this version of SDMX-ML cannot carry it; nothing was written.
    """
    since_3 = dialect.version != "2.1"
    require(dataset, Capacity(many_measures=since_3, many_values=since_3), f"SDMX-ML {dialect.version}")
    structure = dataset.structure
    levels = Levels.of(structure)
    frame = settled(dataset.frame, structure)
    parts = Fragments(frame)
    sink.write(opening(header, structure, levels.dimension_at_observation, dialect).encode())
    sink.write(closing(dataset.dataflow, dialect, action).encode())
    sink.write(_of_dataset(parts, frame, levels, dialect).encode())
    for group, attributes in levels.groups:
        write_lines(_groups(frame, parts, group, attributes), sink)
    for piece in series_slices(frame, levels.series_dimensions):
        write_lines(piece.select(_row(piece, parts, levels, structure.measures)).to_series(), sink)
    sink.write(b"</message:DataSet>\n</message:StructureSpecificData>\n")


def _of_dataset(parts: Fragments, frame: pl.DataFrame, levels: Levels, dialect: Dialect) -> str:
    """The end of the data set's opening tag, and its attributes wherever the version wants them."""
    if frame.is_empty():
        return ">\n"
    row = frame.head(1).select(parts.attributes(levels.dataset).alias("a"), parts.elements(levels.dataset).alias("e"))
    plain, elements = row.row(0)
    if dialect.dataset_attributes == "DataSet":
        return f"{plain}>\n"
    return f">\n<Atts{plain}>{elements}</Atts>\n" if plain or elements else ">\n"


def _groups(frame: pl.DataFrame, parts: Fragments, group: Group, attributes: Sequence[Component]) -> pl.Series:
    names = [attribute.id for attribute in attributes]
    said = frame.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in names))
    once = said.unique(group.dimensions, keep="first", maintain_order=True)
    text = joined(
        [
            f'<Group xsi:type="ns1:{group.id}"',
            parts.keys(group.dimensions),
            parts.attributes(attributes),
            ">",
            parts.elements(attributes),
            "</Group>",
        ]
    )
    return once.select(text.alias("line")).to_series()


def _row(piece: pl.DataFrame, parts: Fragments, levels: Levels, measures: Sequence[Component]) -> pl.Expr:
    attributes = [*measures, *levels.observation]
    observation: list[pl.Expr | str] = ["<Obs", parts.keys(levels.observation_dimensions), parts.attributes(attributes)]
    observation += [">", parts.elements(attributes), "</Obs>"] if parts.has_elements(attributes) else ["/>"]
    if not levels.series_dimensions:
        return joined(observation).alias("line")
    opened: list[pl.Expr | str] = [
        "<Series",
        parts.keys(levels.series_dimensions),
        parts.attributes(levels.series),
        ">",
    ]
    series = joined([*opened, parts.elements(levels.series), "\n"])
    end = pl.when(pl.col(LAST)).then(pl.lit("\n</Series>")).otherwise(pl.lit(""))
    return joined([at_first(piece, series), *observation, end]).alias("line")

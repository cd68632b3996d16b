"""At which level of a message each component is written.

A table repeats an attribute on every row; SDMX-ML and SDMX-JSON say it once, at the level it is attached to (SDMX 3.0
Section 3A Part IV, DataSet, Group, Series, Obs). A data structure without time has no series: its observations stand alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sdmx_gateway.errors import StructureError
from sdmx_gateway.structures.model import Attachment, Attribute, DataStructure, Group

ALL_DIMENSIONS = "AllDimensions"


@dataclass(frozen=True, slots=True)
class Levels:
    """The components of a data structure by the level they are written at.

    ``series_dimensions`` is empty when there is no time dimension; ``groups`` holds only those with attributes.
    """

    series_dimensions: tuple[str, ...]
    observation_dimensions: tuple[str, ...]
    dataset: tuple[Attribute, ...]
    groups: tuple[tuple[Group, tuple[Attribute, ...]], ...]
    series: tuple[Attribute, ...]
    observation: tuple[Attribute, ...]

    @property
    def dimension_at_observation(self) -> str:
        """The dimension that tells the observations of a series apart, or ``AllDimensions``."""
        return self.observation_dimensions[0] if self.series_dimensions else ALL_DIMENSIONS

    @classmethod
    def of(cls, structure: DataStructure) -> Levels:
        """The levels of a data structure.

        Raises:
            StructureError: an attribute is attached to a group the structure does not define.
        """
        time = structure.time_dimension
        every = tuple(dimension.id for dimension in structure.dimensions)
        series_dimensions = structure.key_dimensions if time is not None else ()
        in_series = [
            a
            for a in structure.attributes_at(Attachment.DIMENSIONS)
            if series_dimensions and time not in a.relationship.dimensions
        ]
        apart = {a.id for a in (*in_series, *structure.attributes_at(Attachment.DATASET))}
        apart |= {a.id for a in structure.attributes_at(Attachment.GROUP)}
        return cls(
            series_dimensions=series_dimensions,
            observation_dimensions=(time,) if series_dimensions and time is not None else every,
            dataset=structure.attributes_at(Attachment.DATASET),
            groups=_groups(structure),
            series=tuple(in_series),
            observation=tuple(a for a in structure.attributes if a.id not in apart),
        )


def _groups(structure: DataStructure) -> tuple[tuple[Group, tuple[Attribute, ...]], ...]:
    attributes = structure.attributes_at(Attachment.GROUP)
    known = {group.id for group in structure.groups}
    for attribute in attributes:
        if attribute.relationship.group not in known:
            raise StructureError(
                f"{structure.urn.short}: {attribute.id} is attached to the group {attribute.relationship.group!r}",
                why="the structure defines no such group",
            )
    of_group = ((g, tuple(a for a in attributes if a.relationship.group == g.id)) for g in structure.groups)
    return tuple((group, found) for group, found in of_group if found)


def scope_of(attribute: Attribute, structure: DataStructure) -> tuple[str, ...]:
    """The dimensions an attribute's value depends on, in key order; none for the dataset, all for the observation."""
    relationship = attribute.relationship
    match relationship.attachment:
        case Attachment.DATASET:
            return ()
        case Attachment.GROUP:
            group = next(group for group in structure.groups if group.id == relationship.group)
            named: tuple[str, ...] = group.dimensions
        case Attachment.DIMENSIONS:
            named = relationship.dimensions
        case Attachment.OBSERVATION:
            named = tuple(dimension.id for dimension in structure.dimensions)
    return tuple(dimension.id for dimension in structure.dimensions if dimension.id in named)


def settled(frame: pl.DataFrame, structure: DataStructure) -> pl.DataFrame:
    """The frame every format writes: each attribute above the observation said on each of its rows.

    Where some rows of one level hold the value and others null, the value counts for all of them. An empty text and an
    empty list say nothing and become null: an empty cell of SDMX-CSV cannot tell them from an absent value (SDMX-CSV
    2.1 field guide, Further details for data actions: omitted).
    """
    empty = [_unless_empty(name, dtype) for name, dtype in frame.schema.items()]
    frame = frame.with_columns(expression for expression in empty if expression is not None)
    fills = []
    for attribute in structure.attributes:
        if attribute.relationship.attachment is Attachment.OBSERVATION:
            continue
        column = frame[attribute.id]
        if 0 < column.null_count() < len(column):
            first = pl.col(attribute.id).drop_nulls().first()
            scope = scope_of(attribute, structure)
            fills.append((first.over(scope) if scope else first).alias(attribute.id))
    return frame.with_columns(fills)


def _unless_empty(name: str, dtype: pl.DataType) -> pl.Expr | None:
    if isinstance(dtype, pl.List):
        return pl.when(pl.col(name).list.len() > 0).then(pl.col(name)).alias(name)
    return pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) if dtype == pl.String else None

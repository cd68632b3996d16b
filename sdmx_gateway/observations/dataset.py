"""The contract every part of the gateway shares: one polars frame per dataset.

One column per component of the data structure, named by its id, in this order: dimensions (never null; the time
dimension last), measures, attributes. Dimensions, coded and textual attributes are strings; ``TIME_PERIOD`` is
the SDMX string; numeric components are ``Int64`` or ``Float64``; multi-valued ones are lists. In a measure null means absent, NaN
"intentionally missing" (SDMX 3.0); in an attribute null means absent. Rows are unique and sorted by series key, then time.
Dataset-level attributes are columns too, constant down the frame.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from sdmx_gateway.errors import StructureError
from sdmx_gateway.structures.model import Attachment, Component, Dataflow, DataStructure, DataType

_TYPES: dict[DataType, pl.DataType] = {
    DataType.INTEGER: pl.Int64(),
    DataType.LONG: pl.Int64(),
    DataType.DECIMAL: pl.Float64(),
    DataType.DOUBLE: pl.Float64(),
    DataType.FLOAT: pl.Float64(),
    DataType.BOOLEAN: pl.Boolean(),
}


def column_type(component: Component) -> pl.DataType:
    """The polars type of a component's column."""
    representation = component.representation
    single = pl.String() if representation.is_coded else _TYPES.get(representation.data_type, pl.String())
    return single if representation.max_occurs == 1 else pl.List(single)


def conform(frame: pl.DataFrame, structure: DataStructure) -> pl.DataFrame:
    """A frame put in the contract's form: the structure's columns in order, typed and sorted.

    Missing measure and attribute columns become null. Duplicate keys and unknown codes are left for validation to find.

    Raises:
        StructureError: a dimension has no column, a column is no component, or a value is not of its component's type.

    """
    components = structure.components
    missing = [d.id for d in structure.dimensions if d.id not in frame.columns]
    unknown = [name for name in frame.columns if name not in components]
    if missing or unknown:
        raise StructureError(
            f"the table does not fit {structure.urn.short}",
            why="; ".join(
                part
                for part in (
                    f"dimensions without a column: {', '.join(missing)}" if missing else "",
                    f"columns that are no component: {', '.join(unknown)}" if unknown else "",
                )
                if part
            ),
        )
    columns = [
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(column_type(component)).alias(name)
        for name, component in components.items()
    ]
    try:
        typed = frame.select(columns)
    except pl.exceptions.InvalidOperationError as error:
        raise StructureError(
            f"a value does not have the type {structure.urn.short} gives it", why=str(error)
        ) from error
    return typed.sort([d.id for d in structure.dimensions])


@dataclass(frozen=True)
class Dataset:
    """Observations of one dataflow, with the structure that gives them meaning.

    ``frame`` keeps the contract of this module; make one with :meth:`of` unless it is known to.
    """

    dataflow: Dataflow
    structure: DataStructure
    frame: pl.DataFrame

    @classmethod
    def of(cls, dataflow: Dataflow, structure: DataStructure, frame: pl.DataFrame) -> Dataset:
        """A dataset from any frame with the right columns; see :func:`conform` for what is refused."""
        return cls(dataflow, structure, conform(frame, structure))

    def __len__(self) -> int:
        return self.frame.height

    @cached_property
    def digest(self) -> str:
        """sha256 of the observations as CSV bytes: equal for equal content, whatever the storage."""
        hasher = hashlib.sha256()
        flat = self.frame.with_columns(
            pl.col(name).cast(pl.List(pl.String)).list.join("\x1f")
            for name, t in self.frame.schema.items()
            if isinstance(t, pl.List)
        )
        hasher.update(flat.write_csv(null_value="", float_precision=None, quote_style="non_numeric").encode())
        return hasher.hexdigest()

    @cached_property
    def periods(self) -> tuple[str, ...]:
        """The reference periods present, ascending; empty when there is no time dimension."""
        time = self.structure.time_dimension
        return () if time is None else tuple(self.frame[time].unique().sort())

    @cached_property
    def dataset_attributes(self) -> dict[str, object]:
        """The dataset-level attributes that have a value: their one value by id."""
        values = {}
        for attribute in self.structure.attributes_at(Attachment.DATASET):
            known = self.frame[attribute.id].drop_nulls()
            if known.len():
                values[attribute.id] = known[0]
        return values

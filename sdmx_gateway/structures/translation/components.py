"""What the components of a structure are, as SDMX 2.1 wants it said where a map names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sdmx_gateway.structures.model import (
    Attribute,
    Component,
    Dataflow,
    DataStructure,
    Dimension,
    SetComponent,
)
from sdmx_gateway.structures.translation.batch import Batch
from sdmx_gateway.structures.urn import Urn

_FIXED: Final[Mapping[str, str]] = {
    "TIME_PERIOD": "TimeDimension",
    "OBS_VALUE": "PrimaryMeasure",
    "REPORTING_YEAR_START_DAY": "ReportingYearStartDay",
}
"""Components whose id says what they are (2.1 SDMXStructureDataStructure.xsd)."""


def component(of: Urn | None, own_id: str, batch: Batch) -> SetComponent | None:
    """The component of a structure, or of a flow's structure, with its class; ``None`` when that cannot be known."""
    if own_id in _FIXED:
        return SetComponent(own_id, _FIXED[own_id])
    flow = batch.find(of, Dataflow)
    structure = batch.find(of if flow is None else flow.structure, DataStructure)
    found = None if structure is None else structure.components.get(own_id)
    return None if found is None else SetComponent(own_id, _class(found))


def _class(found: Component) -> str:
    if isinstance(found, Dimension):
        return "MeasureDimension" if found.representation.is_of_concepts else "Dimension"
    return "Attribute" if isinstance(found, Attribute) else "PrimaryMeasure"

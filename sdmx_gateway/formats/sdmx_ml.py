"""What tells the versions of SDMX-ML apart in a structure-specific data message.

The elements inside a data set (Atts, Group, Series, Obs, Comp) and the attributes that carry components are in no
namespace in every version; only the names around them differ, and they are tabled here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sdmx_gateway.structures.model import DataStructure

_BASE = "http://www.sdmx.org/resources/sdmxml/schemas"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
MESSAGES: Final = ("StructureSpecificData", "StructureSpecificTimeSeriesData")


@dataclass(frozen=True, slots=True)
class Dialect:
    """One version of SDMX-ML.

    Attributes:
        version: as people write it.
        space: the version as its namespaces spell it.
        references: ``Ref`` elements (2.1) or URNs as text (since 3.0).
        data_scope: 2.1 must say what its schema was made for (``dataScope``); 3.0 has no such attribute.
        dataset_attributes: where attributes of the data set are written: on ``DataSet`` itself (SDMX 2.1 Section 3A, DataSetType) or in an
            ``Atts`` element (SDMX 3.0 Section 3A Part IV, AttsType).
    """

    version: str
    space: str
    references: bool
    data_scope: bool
    dataset_attributes: str

    @property
    def message(self) -> str:
        """The namespace of the message."""
        return f"{_BASE}/{self.space}/message"

    @property
    def common(self) -> str:
        """The namespace of what messages have in common."""
        return f"{_BASE}/{self.space}/common"

    @property
    def specific(self) -> str:
        """The namespace of structure-specific data sets."""
        return f"{_BASE}/{self.space}/data/structurespecific"


DIALECTS: Final[Mapping[str, Dialect]] = {
    "2.1": Dialect("2.1", "v2_1", references=True, data_scope=True, dataset_attributes="DataSet"),
    "3.0": Dialect("3.0", "v3_0", references=False, data_scope=False, dataset_attributes="Atts"),
    "3.1": Dialect("3.1", "v3_1", references=False, data_scope=False, dataset_attributes="Atts"),
}
"""Every version that is read; 2.1 and 3.0 are also written."""


def schema_namespace(structure: DataStructure, dimension_at_observation: str) -> str:
    """The target namespace of the schema of a data structure (SDMX 3.0 Section 3A Part IV, Data Structure Specific Schema)."""
    return f"{structure.urn}:ObsLevelDim:{dimension_at_observation}"

"""What differs between the spellings of SDMX-ML 2.1, 3.0 and 3.1, as one table.

The writer walks the model once and asks the dialect for the words; nothing else in the room knows which version it is
writing. The reader needs hardly any of it: it tells forms apart by looking at them. Sources: the official schemas of
each version, SDMXStructure.xsd (order of containers), SDMXStructureDataStructure.xsd, SDMXCommon.xsd.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from sdmx_gateway.errors import StructureError
from sdmx_gateway.structures.model import Attachment, DataType, Kind

NAMESPACE: Final = "http://www.sdmx.org/resources/sdmxml/schemas/{version}/{part}"
PRIMARY_MEASURE: Final = (
    "OBS_VALUE"  # fixed id of the primary measure (2.1 SDMXStructureDataStructure.xsd, PrimaryMeasureType)
)
TIME_DIMENSION: Final = "TIME_PERIOD"  # fixed id of the time dimension, all versions (TimeDimensionType)
UNCODED_ONLY: Final = frozenset({DataType.DECIMAL, DataType.DOUBLE, DataType.FLOAT, DataType.DATE_TIME})
"""Types that codes cannot have (CodeDataType, SDMXStructureBase.xsd of 2.1, 3.0 and 3.1)."""
PARENT_ANNOTATION: Final = "PARENT"
"""Type of the annotation that carries a code's parent where the schema cannot: see :attr:`Dialect.parents`."""


@dataclass(frozen=True)
class Dialect:
    """One spelling of the model.

    Attributes:
        version: as callers name it.
        space: the part of the namespace that names the version.
        containers: the element that holds artefacts of a kind, in the order the schema wants them.
        measure: the element of a measure.
        several_measures: whether a structure may have another number of measures than one, called OBS_VALUE.
        multi_valued: whether a component may have several values at once.
        measure_usage: whether a measure says if it is mandatory.
        usage: the attribute that says so, its word for mandatory, its word for optional.
        attachments: the element of each attribute relationship.
        references_are_urns: whether a reference is a URN as text; else it is a ``Ref`` element with its parts.
        annotation_value: whether an annotation has a value beside its title.
        scheme_version: whether an agency scheme carries its version, which is always 1.0.
        versions: the versions an artefact may have.
        parents: the ids a code's ``Parent`` may hold. The 3.0 schema, unlike 2.1 and 3.1, admits names only
            (SingleNCNameIDType), so that ``_T`` or ``0101`` cannot be a parent; those go into an annotation.
    """

    version: str
    space: str
    containers: Mapping[Kind, str]
    measure: str
    several_measures: bool
    multi_valued: bool
    measure_usage: bool
    usage: tuple[str, str, str]
    attachments: Mapping[Attachment, str]
    references_are_urns: bool
    annotation_value: bool
    scheme_version: bool
    versions: re.Pattern[str]
    parents: re.Pattern[str]

    def says_parent(self, kind: Kind, parent: str) -> bool:
        """Whether an item of a scheme of that kind can be written under that parent; no agency can."""
        return kind is not Kind.AGENCY_SCHEME and self.parents.fullmatch(parent) is not None

    def namespace(self, part: str) -> str:
        """The namespace of ``message``, ``structure`` or ``common``."""
        return NAMESPACE.format(version=self.space, part=part)

    def tag(self, part: str, name: str) -> str:
        """An element's full name, as lxml wants it."""
        return f"{{{self.namespace(part)}}}{name}"


_ID: Final = re.compile(r"[A-Za-z0-9_@$\-]+")
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_\-]*")
_NUMBERS: Final = re.compile(r"[0-9]+(\.[0-9]+)*")
_SEMANTIC: Final = re.compile(
    r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){0,1}|(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}(-[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)*)?"
)
_CONTAINERS_3: Final = {
    Kind.AGENCY_SCHEME: "AgencySchemes",
    Kind.CODELIST: "Codelists",
    Kind.CONCEPT_SCHEME: "ConceptSchemes",
    Kind.DATAFLOW: "Dataflows",
    Kind.DATA_STRUCTURE: "DataStructures",
}
_ATTACHMENTS_3: Final = {
    Attachment.DATASET: "Dataflow",
    Attachment.GROUP: "Group",
    Attachment.DIMENSIONS: "Dimension",
    Attachment.OBSERVATION: "Observation",
}


def _version_3(version: str, space: str, parents: re.Pattern[str]) -> Dialect:
    return Dialect(
        version=version,
        space=space,
        containers=_CONTAINERS_3,
        measure="Measure",
        several_measures=True,
        multi_valued=True,
        measure_usage=True,
        usage=("usage", "mandatory", "optional"),
        attachments=_ATTACHMENTS_3,
        references_are_urns=True,
        annotation_value=True,
        scheme_version=False,
        versions=_SEMANTIC,
        parents=parents,
    )


DIALECTS: Final[Mapping[str, Dialect]] = {
    "2.1": Dialect(
        version="2.1",
        space="v2_1",
        containers={
            Kind.AGENCY_SCHEME: "OrganisationSchemes",
            Kind.DATAFLOW: "Dataflows",
            Kind.CODELIST: "Codelists",
            Kind.CONCEPT_SCHEME: "Concepts",
            Kind.DATA_STRUCTURE: "DataStructures",
        },
        measure="PrimaryMeasure",
        several_measures=False,
        multi_valued=False,
        measure_usage=False,
        usage=("assignmentStatus", "Mandatory", "Conditional"),
        attachments={
            Attachment.DATASET: "None",
            Attachment.GROUP: "Group",
            Attachment.DIMENSIONS: "Dimension",
            Attachment.OBSERVATION: "PrimaryMeasure",
        },
        references_are_urns=False,
        annotation_value=False,
        scheme_version=True,
        versions=_NUMBERS,
        parents=_ID,
    ),
    "3.0": _version_3("3.0", "v3_0", _NAME),
    "3.1": _version_3("3.1", "v3_1", _ID),
}


def dialect_named(version: str) -> Dialect:
    """The dialect of that version.

    Raises:
        StructureError: there is none; those there are are named.
    """
    found = DIALECTS.get(version)
    if found is None:
        raise StructureError(f"SDMX-ML {version} is not written", remedy=f"one of {', '.join(DIALECTS)}")
    return found


@cache
def message_spaces() -> Mapping[str, Dialect]:
    """The dialect of each message namespace."""
    return {dialect.namespace("message"): dialect for dialect in DIALECTS.values()}

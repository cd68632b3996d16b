"""The names of artefacts: their classes, their URNs, and the references that leave part of a name open.

SDMX 3.0 Section 5, §6.2 gives the URN of each class; the packages are those of SDMXCommonReferences.xsd of 3.0 and 3.1 and,
for the classes SDMX 3.0 no longer has, of 2.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, Self

from sdmx_gateway.errors import StructureError

ID: Final = re.compile(r"[A-Za-z0-9_@$\-]+")  # SDMX 3.0 SDMXCommonReferences.xsd, IDType
NESTED_ID: Final = re.compile(r"[A-Za-z0-9_@$\-]+(\.[A-Za-z0-9_@$\-]+)*")  # NestedIDType
NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_\-]*")  # NCNameIDType
NESTED_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_\-]*(\.[A-Za-z][A-Za-z0-9_\-]*)*")  # NestedNCNameIDType
VERSION: Final = re.compile(r"\d+(\.\d+)*(-[0-9A-Za-z.\-]+)?")
"""A version that names one artefact: numbers, and in semantic versions what comes behind a hyphen."""
WILDCARD_VERSION: Final = re.compile(r"\*|\+|~|(\d+\+?\.)*(\d+\+|\*)(\.\d+)*(-[0-9A-Za-z.\-]+)?|latest")
"""A version that leaves it open which artefact is meant: ``*``, ``2+.0.0``, ``1.2+``… (VersionReferenceType)."""
ANY: Final = "*"
MAX_NAME: Final = 1_000
"""Longest agency, id or version, in characters: those known have fewer than a hundred, and names are kept wherever they are used."""
MAX_URN: Final = 4 * MAX_NAME
"""Longest URN: three names, and the way to an item."""
_SHOWN: Final = 60
_URN: Final = re.compile(
    r"urn:sdmx:org\.sdmx\.infomodel\.(?P<package>[a-z]+)\.(?P<kind>[A-Za-z]+)="
    r"(?P<agency>[A-Za-z0-9_.@$\-]+|\*):(?P<id>[A-Za-z0-9_@$\-]+|\*)\((?P<version>[^)]+)\)(?:\.(?P<item>.+))?"
)
_SHORT: Final = re.compile(r"([^:]+):([^(]+)(?:\(([^)]+)\))?")


class Kind(StrEnum):
    """The class of a maintainable artefact, spelt as in its URN. The last four exist in SDMX 2.1 only."""

    AGENCY_SCHEME = "AgencyScheme"
    DATA_PROVIDER_SCHEME = "DataProviderScheme"
    DATA_CONSUMER_SCHEME = "DataConsumerScheme"
    METADATA_PROVIDER_SCHEME = "MetadataProviderScheme"
    ORGANISATION_UNIT_SCHEME = "OrganisationUnitScheme"
    CODELIST = "Codelist"
    GEOGRAPHIC_CODELIST = "GeographicCodelist"
    GEO_GRID_CODELIST = "GeoGridCodelist"
    VALUE_LIST = "ValueList"
    CONCEPT_SCHEME = "ConceptScheme"
    CATEGORY_SCHEME = "CategoryScheme"
    CATEGORISATION = "Categorisation"
    REPORTING_TAXONOMY = "ReportingTaxonomy"
    HIERARCHY = "Hierarchy"
    HIERARCHY_ASSOCIATION = "HierarchyAssociation"
    DATA_STRUCTURE = "DataStructure"
    METADATA_STRUCTURE = "MetadataStructure"
    DATAFLOW = "Dataflow"
    METADATAFLOW = "Metadataflow"
    PROVISION_AGREEMENT = "ProvisionAgreement"
    METADATA_PROVISION_AGREEMENT = "MetadataProvisionAgreement"
    DATA_CONSTRAINT = "DataConstraint"
    METADATA_CONSTRAINT = "MetadataConstraint"
    STRUCTURE_MAP = "StructureMap"
    REPRESENTATION_MAP = "RepresentationMap"
    CONCEPT_SCHEME_MAP = "ConceptSchemeMap"
    CATEGORY_SCHEME_MAP = "CategorySchemeMap"
    ORGANISATION_SCHEME_MAP = "OrganisationSchemeMap"
    REPORTING_TAXONOMY_MAP = "ReportingTaxonomyMap"
    PROCESS = "Process"
    TRANSFORMATION_SCHEME = "TransformationScheme"
    RULESET_SCHEME = "RulesetScheme"
    USER_DEFINED_OPERATOR_SCHEME = "UserDefinedOperatorScheme"
    CUSTOM_TYPE_SCHEME = "CustomTypeScheme"
    NAME_PERSONALISATION_SCHEME = "NamePersonalisationScheme"
    VTL_MAPPING_SCHEME = "VtlMappingScheme"
    METADATA_SET = "MetadataSet"
    HIERARCHICAL_CODELIST = "HierarchicalCodelist"
    STRUCTURE_SET = "StructureSet"
    CONTENT_CONSTRAINT = "ContentConstraint"
    ATTACHMENT_CONSTRAINT = "AttachmentConstraint"

    @property
    def package(self) -> str:
        """The URN package of the class."""
        return _KINDS[self][0]

    @property
    def item_classes(self) -> tuple[str, ...]:
        """The classes of what lies inside such an artefact and has a URN, the usual one first."""
        return _KINDS[self][1]


_VTL_MAPPINGS = ("VtlMapping", "VtlDataflowMapping", "VtlCodelistMapping", "VtlConceptMapping")
_COMPONENTS = (
    "Dimension", "TimeDimension", "MeasureDimension", "DataAttribute", "Attribute", "Measure", "PrimaryMeasure",
    "DimensionDescriptor", "MeasureDescriptor", "AttributeDescriptor", "GroupDimensionDescriptor", "ReportingYearStartDay",
)  # fmt: skip
_METADATA_COMPONENTS = (
    "MetadataAttribute", "MetadataTarget", "ReportStructure", "IdentifiableObjectTarget", "DimensionDescriptorValuesTarget",
    "DataSetTarget", "ReportPeriodTarget", "ConstraintContentTarget", "MetadataAttributeDescriptor",
)  # fmt: skip
_KINDS: Final[Mapping[Kind, tuple[str, tuple[str, ...]]]] = {
    Kind.AGENCY_SCHEME: ("base", ("Agency",)),
    Kind.DATA_PROVIDER_SCHEME: ("base", ("DataProvider",)),
    Kind.DATA_CONSUMER_SCHEME: ("base", ("DataConsumer",)),
    Kind.METADATA_PROVIDER_SCHEME: ("base", ("MetadataProvider",)),
    Kind.ORGANISATION_UNIT_SCHEME: ("base", ("OrganisationUnit",)),
    Kind.CODELIST: ("codelist", ("Code",)),
    Kind.GEOGRAPHIC_CODELIST: ("codelist", ("GeoFeatureSetCode",)),
    Kind.GEO_GRID_CODELIST: ("codelist", ("GeoGridCode",)),
    Kind.VALUE_LIST: ("codelist", ("ValueItem",)),
    Kind.CONCEPT_SCHEME: ("conceptscheme", ("Concept",)),
    Kind.CATEGORY_SCHEME: ("categoryscheme", ("Category",)),
    Kind.CATEGORISATION: ("categoryscheme", ()),
    Kind.REPORTING_TAXONOMY: ("categoryscheme", ("ReportingCategory",)),
    Kind.HIERARCHY: ("codelist", ("HierarchicalCode", "Level")),
    Kind.HIERARCHY_ASSOCIATION: ("codelist", ()),
    Kind.DATA_STRUCTURE: ("datastructure", _COMPONENTS),
    Kind.METADATA_STRUCTURE: ("metadatastructure", _METADATA_COMPONENTS),
    Kind.DATAFLOW: ("datastructure", ()),
    Kind.METADATAFLOW: ("metadatastructure", ()),
    Kind.PROVISION_AGREEMENT: ("registry", ()),
    Kind.METADATA_PROVISION_AGREEMENT: ("registry", ()),
    Kind.DATA_CONSTRAINT: ("registry", ()),
    Kind.METADATA_CONSTRAINT: ("registry", ()),
    Kind.STRUCTURE_MAP: ("structuremapping", ("EpochMap", "DatePatternMap", "FrequencyFormatMapping", "ComponentMap")),
    Kind.REPRESENTATION_MAP: ("structuremapping", ()),
    Kind.CONCEPT_SCHEME_MAP: ("structuremapping", ()),
    Kind.CATEGORY_SCHEME_MAP: ("structuremapping", ()),
    Kind.ORGANISATION_SCHEME_MAP: ("structuremapping", ()),
    Kind.REPORTING_TAXONOMY_MAP: ("structuremapping", ()),
    Kind.PROCESS: ("process", ("ProcessStep", "Transition")),
    Kind.TRANSFORMATION_SCHEME: ("transformation", ("Transformation",)),
    Kind.RULESET_SCHEME: ("transformation", ("Ruleset",)),
    Kind.USER_DEFINED_OPERATOR_SCHEME: ("transformation", ("UserDefinedOperator",)),
    Kind.CUSTOM_TYPE_SCHEME: ("transformation", ("CustomType",)),
    Kind.NAME_PERSONALISATION_SCHEME: ("transformation", ("NamePersonalisation",)),
    Kind.VTL_MAPPING_SCHEME: ("transformation", _VTL_MAPPINGS),
    Kind.METADATA_SET: ("metadatastructure", ()),
    Kind.HIERARCHICAL_CODELIST: ("codelist", ("Hierarchy", "HierarchicalCode", "Level")),
    Kind.STRUCTURE_SET: ("mapping", ("StructureMap", "CodelistMap", "ConceptSchemeMap", "CategorySchemeMap")),
    Kind.CONTENT_CONSTRAINT: ("registry", ()),
    Kind.ATTACHMENT_CONSTRAINT: ("registry", ()),
}


def _owners() -> Iterator[tuple[tuple[str, str], Kind]]:
    """Package and class of each item, with the kind of artefact it lies in; the first kind to claim a name has it."""
    for kind, (package, item_classes) in _KINDS.items():
        for item_class in item_classes:
            yield (package, item_class), kind


_OWNERS: Final[Mapping[tuple[str, str], Kind]] = dict(reversed(list(_owners())))
_SPELLINGS: Final[Mapping[str, Kind]] = {kind.value: kind for kind in Kind} | {
    "CodeList": Kind.CODELIST,
    "DataStructureDefinition": Kind.DATA_STRUCTURE,
    "DataflowDefinition": Kind.DATAFLOW,
    "DataFlow": Kind.DATAFLOW,
    "MetadataStructureDefinition": Kind.METADATA_STRUCTURE,
    "MetadataFlow": Kind.METADATAFLOW,
    "MetadataflowDefinition": Kind.METADATAFLOW,
}
"""The classes as they are written; the last ones by systems that spell them otherwise (seen in public files)."""


def kind_named(name: str, package: str = "") -> tuple[Kind, str | None] | None:
    """The kind a class name stands for, with the class itself when it is one of an item; ``None`` when unknown."""
    owner = _OWNERS.get((package, name)) or next((k for (_, c), k in _OWNERS.items() if c == name), None)
    inside_2_1 = package == "mapping" and owner is Kind.STRUCTURE_SET
    if name in _SPELLINGS and not inside_2_1:
        return _SPELLINGS[name], None
    return None if owner is None else (owner, name)


@dataclass(frozen=True, slots=True, order=True)
class Urn:
    """The identification of a maintainable artefact, or of an item inside one; a version may be left open.

    ``item_class`` is kept only where the kind of artefact does not say it already.

    >>> str(Urn(Kind.CODELIST, "SDMX", "CL_FREQ", "2.0"))
    'urn:sdmx:org.sdmx.infomodel.codelist.Codelist=SDMX:CL_FREQ(2.0)'
    >>> Urn.parse("urn:sdmx:org.sdmx.infomodel.codelist.Codelist=SDMX:CL_FREQ(2.0)").short
    'SDMX:CL_FREQ(2.0)'
    >>> Urn.parse("urn:sdmx:org.sdmx.infomodel.datastructure.TimeDimension=FR:D(1.0).TIME_PERIOD").item_class
    'TimeDimension'
    """

    kind: Kind
    agency: str
    id: str
    version: str = "1.0"
    item: str | None = None
    item_class: str | None = None

    def __post_init__(self) -> None:
        for name, value, pattern in (("agency", self.agency, NESTED_ID), ("id", self.id, ID)):
            if value != ANY and (len(value) > MAX_NAME or not pattern.fullmatch(value)):
                raise StructureError(f"{_shown(value)} is not an SDMX {name}")
        if len(self.version) > MAX_NAME or not (
            VERSION.fullmatch(self.version) or WILDCARD_VERSION.fullmatch(self.version)
        ):
            raise StructureError(f"{_shown(self.version)} is not an SDMX version", remedy="write 1.0 or 1.0.0")
        usual = next(iter(self.kind.item_classes), None)
        if self.item_class is not None and (self.item is None or self.item_class == usual):
            object.__setattr__(self, "item_class", None)

    @staticmethod
    def parse(text: str) -> Urn:
        """Read a full URN. Item classes (Code, Concept, Agency …) give the scheme's kind with ``item`` set.

        Raises:
            StructureError: it is no URN, or of a class SDMX does not have.
        """
        if len(text) > MAX_URN:
            raise StructureError(f"{_shown(text)} is longer than an SDMX URN is")
        return _parsed(text)

    @classmethod
    def short_form(cls, kind: Kind, text: str) -> Self:
        """Read ``AGENCY:ID(VERSION)``; the version may be left out and is then ``1.0``.

        >>> Urn.short_form(Kind.DATAFLOW, "FR_SSMSI:CRIME_TERRITORY(1.0)").id
        'CRIME_TERRITORY'
        """
        match = _SHORT.fullmatch(text.strip())
        if match is None:
            raise StructureError(f"{_shown(text)} is not of the form AGENCY:ID(VERSION)")
        return cls(kind, match[1], match[2], match[3] or "1.0")

    @property
    def short(self) -> str:
        """``AGENCY:ID(VERSION)``, with the item's id behind a dot when there is one."""
        tail = f".{self.item}" if self.item else ""
        return f"{self.agency}:{self.id}({self.version}){tail}"

    @property
    def maintainable(self) -> Urn:
        """The artefact that holds the item; itself when it is no item."""
        return self if self.item is None else Urn(self.kind, self.agency, self.id, self.version)

    @property
    def is_open(self) -> bool:
        """Whether it leaves open which artefact is meant: an agency, an id or a version with a wildcard."""
        return ANY in {self.agency, self.id} or VERSION.fullmatch(self.version) is None

    @property
    def class_name(self) -> str:
        """The class that is named, as its URN spells it: that of the item when there is one."""
        if self.item is None:
            return self.kind.value
        return self.item_class or next(iter(self.kind.item_classes), self.kind.value)

    def __str__(self) -> str:
        return f"urn:sdmx:org.sdmx.infomodel.{self.kind.package}.{self.class_name}={self.short}"


def _shown(text: str) -> str:
    """What was written, with the number of its characters where they are too many to be shown."""
    return repr(text) if len(text) <= MAX_NAME else f"{text[:_SHOWN]!r}… of {len(text)} characters"


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Urn:
    match = _URN.fullmatch(text.strip())
    if match is None:
        raise StructureError(f"{_shown(text)} is not an SDMX URN")
    found = kind_named(match["kind"], match["package"])
    if found is None:
        raise StructureError(f"{_shown(text)} names a class SDMX does not have: {match['kind']}")
    kind, item_class = found
    return item_of(kind, item_class, match["agency"], match["id"], match["version"], match["item"])


def item_of(kind: Kind, item_class: str | None, agency: str, own_id: str, version: str, item: str | None) -> Urn:
    """What is named by the class of an artefact or of an item: a hierarchy inside something lies in a hierarchical code list."""
    if kind is Kind.HIERARCHY and item_class is None and item is not None:
        kind = Kind.HIERARCHICAL_CODELIST
    return Urn(kind, agency, own_id, version, item, None if item is None else item_class)


def version_key(version: str) -> tuple[tuple[int, ...], bool, str]:
    """What versions are ordered by: their numbers, then a pre-release below its release.

    As in semantic versioning, which SDMX 3.0 took up (from memory, to verify).

    >>> sorted(["1.10", "1.9", "2.0.0-draft", "2.0.0"], key=version_key)
    ['1.9', '1.10', '2.0.0-draft', '2.0.0']
    """
    numbers, _, extension = version.partition("-")
    padded = (*(int(part) for part in numbers.split(".") if part.isdigit()), 0, 0, 0)[:3]
    return padded, not extension, extension

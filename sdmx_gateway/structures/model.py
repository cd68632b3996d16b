"""The SDMX information model as frozen values.

Only what the gateway exchanges is here: item schemes (code lists, concept schemes, agency schemes), data
structure definitions and dataflows, in the terms of SDMX 3.0 (Section 2, Information Model). SDMX 2.1 and 3.1
are spellings of the same values, known to the codecs and not to this module.

Values refer to each other by :class:`Urn`, never by object; :class:`sdmx_gateway.structures.catalogue.Catalogue`
resolves them. Nothing here reads, writes or validates a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import ClassVar, Generic, Self, TypeVar

from sdmx_gateway.errors import StructureError

_ID = re.compile(r"[A-Za-z0-9_@$\-]+")  # SDMX 3.0 SDMXCommonReferences.xsd, IDType
_NESTED_ID = re.compile(r"[A-Za-z0-9_@$\-]+(\.[A-Za-z0-9_@$\-]+)*")
_VERSION = re.compile(r"\d+(\.\d+){0,2}(-[0-9A-Za-z.\-]+)?")
_URN = re.compile(
    r"urn:sdmx:org\.sdmx\.infomodel\.(?P<package>[a-z]+)\.(?P<kind>[A-Za-z]+)="
    r"(?P<agency>[A-Za-z0-9_.@$\-]+):(?P<id>[A-Za-z0-9_@$\-]+)\((?P<version>[^)]+)\)(?:\.(?P<item>.+))?"
)


class Kind(StrEnum):
    """The class of an artefact, spelt as in its URN."""

    AGENCY_SCHEME = "AgencyScheme"
    CODELIST = "Codelist"
    CONCEPT_SCHEME = "ConceptScheme"
    DATA_STRUCTURE = "DataStructure"
    DATAFLOW = "Dataflow"

    @property
    def package(self) -> str:
        """The URN package of the class (SDMX 3.0 Section 5, §6.2)."""
        return _PACKAGES[self]


_PACKAGES: Mapping[Kind, str] = {
    Kind.AGENCY_SCHEME: "base",
    Kind.CODELIST: "codelist",
    Kind.CONCEPT_SCHEME: "conceptscheme",
    Kind.DATA_STRUCTURE: "datastructure",
    Kind.DATAFLOW: "datastructure",
}


@dataclass(frozen=True, slots=True, order=True)
class Urn:
    """The identification of a maintainable artefact, or of an item inside one.

    >>> str(Urn(Kind.CODELIST, "SDMX", "CL_FREQ", "2.0"))
    'urn:sdmx:org.sdmx.infomodel.codelist.Codelist=SDMX:CL_FREQ(2.0)'
    >>> Urn.parse("urn:sdmx:org.sdmx.infomodel.codelist.Codelist=SDMX:CL_FREQ(2.0)").short
    'SDMX:CL_FREQ(2.0)'
    """

    kind: Kind
    agency: str
    id: str
    version: str = "1.0"
    item: str | None = None

    def __post_init__(self) -> None:
        for name, value, pattern in (("agency", self.agency, _NESTED_ID), ("id", self.id, _ID)):
            if not pattern.fullmatch(value):
                raise StructureError(f"{value!r} is not an SDMX {name}")
        if not (_VERSION.fullmatch(self.version) or self.version in {"*", "+"}):
            raise StructureError(f"{self.version!r} is not an SDMX version", remedy="write 1.0 or 1.0.0")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a full URN. Item classes (Code, Concept, Agency …) give the scheme's kind with ``item`` set."""
        match = _URN.fullmatch(text)
        if match is None:
            raise StructureError(f"{text!r} is not an SDMX URN")
        kind = _ITEM_OWNERS.get(match["kind"]) or Kind(match["kind"])
        return cls(kind, match["agency"], match["id"], match["version"], match["item"])

    @classmethod
    def short_form(cls, kind: Kind, text: str) -> Self:
        """Read ``AGENCY:ID(VERSION)``; the version may be left out and is then ``1.0``.

        >>> Urn.short_form(Kind.DATAFLOW, "FR_SSMSI:CRIME_TERRITORY(1.0)").id
        'CRIME_TERRITORY'
        """
        match = re.fullmatch(r"([^:]+):([^(]+)(?:\(([^)]+)\))?", text.strip())
        if match is None:
            raise StructureError(f"{text!r} is not of the form AGENCY:ID(VERSION)")
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

    def __str__(self) -> str:
        name = _ITEM_CLASSES[self.kind] if self.item else self.kind.value
        return f"urn:sdmx:org.sdmx.infomodel.{self.kind.package}.{name}={self.short}"


_ITEM_CLASSES: Mapping[Kind, str] = {
    Kind.CODELIST: "Code",
    Kind.CONCEPT_SCHEME: "Concept",
    Kind.AGENCY_SCHEME: "Agency",
    Kind.DATA_STRUCTURE: "Component",
    Kind.DATAFLOW: "Dataflow",
}
_ITEM_OWNERS: Mapping[str, Kind] = {"Code": Kind.CODELIST, "Concept": Kind.CONCEPT_SCHEME, "Agency": Kind.AGENCY_SCHEME}


@dataclass(frozen=True, slots=True)
class Text:
    """Multilingual text: (language, text) pairs, in the order they are written.

    >>> Text.of(fr="Homicides", en="Intentional homicide").best("en", "fr")
    'Intentional homicide'
    """

    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, **by_language: str | None) -> Self:
        """Text from keyword arguments; empty ones are left out."""
        return cls(tuple((language, text) for language, text in by_language.items() if text))

    def best(self, *languages: str) -> str | None:
        """The text in the first of these languages it has, else in its first language, else ``None``."""
        known = dict(self.pairs)
        return next((known[language] for language in languages if language in known), next(iter(known.values()), None))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)

    def __bool__(self) -> bool:
        return bool(self.pairs)


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note on an artefact. ``value`` exists in SDMX 3.0 only; 2.1 carries it as ``title``."""

    id: str | None = None
    type: str | None = None
    title: str | None = None
    url: str | None = None
    text: Text = Text()
    value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of an item scheme: a code, a concept or an agency.

    ``parent`` is the id of the entry it lies under in the same scheme.
    """

    id: str
    names: Text = Text()
    descriptions: Text = Text()
    parent: str | None = None
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Item):
    """A code of a code list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency(Item):
    """A maintenance agency."""


class DataType(StrEnum):
    """The text formats in use (SDMX 3.0 ``DataType``)."""

    STRING = "String"
    INTEGER = "Integer"
    LONG = "Long"
    DECIMAL = "Decimal"
    DOUBLE = "Double"
    FLOAT = "Float"
    BOOLEAN = "Boolean"
    DATE_TIME = "DateTime"
    OBSERVATIONAL_TIME_PERIOD = "ObservationalTimePeriod"
    ALPHANUMERIC = "AlphaNumeric"
    URI = "URI"

    @property
    def is_numeric(self) -> bool:
        """Whether values of this type are held as numbers."""
        return self in _NUMERIC


_NUMERIC = frozenset({DataType.INTEGER, DataType.LONG, DataType.DECIMAL, DataType.DOUBLE, DataType.FLOAT})


@dataclass(frozen=True, slots=True)
class Representation:
    """What values a component may take: the codes of a list, or text of a type.

    ``max_occurs`` above 1 (or ``None``: unbounded) makes a component multi-valued, which SDMX 3.0 introduced.
    """

    codelist: Urn | None = None
    data_type: DataType = DataType.STRING
    max_length: int | None = None
    max_occurs: int | None = 1

    @property
    def is_coded(self) -> bool:
        """Whether values are codes of a list."""
        return self.codelist is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept(Item):
    """A concept, with the representation its components take when they say nothing else."""

    representation: Representation | None = None


@dataclass(frozen=True, kw_only=True)
class Maintainable:
    """What every maintained artefact has. ``structure_url`` and stubs are not modelled."""

    KIND: ClassVar[Kind]

    agency: str
    id: str
    version: str = "1.0"
    names: Text = Text()
    descriptions: Text = Text()
    annotations: tuple[Annotation, ...] = ()

    @property
    def urn(self) -> Urn:
        """The identification of the artefact."""
        return Urn(self.KIND, self.agency, self.id, self.version)


ItemType = TypeVar("ItemType", bound=Item)


@dataclass(frozen=True, kw_only=True)
class ItemScheme(Maintainable, Generic[ItemType]):
    """A maintained list of items, in order. Parents come before their children in what we write."""

    items: tuple[ItemType, ...] = ()
    is_partial: bool = False

    @cached_property
    def by_id(self) -> Mapping[str, ItemType]:
        """The items by id."""
        return {item.id: item for item in self.items}

    def __contains__(self, item_id: object) -> bool:
        return item_id in self.by_id

    def __getitem__(self, item_id: str) -> ItemType:
        return self.by_id[item_id]

    def __len__(self) -> int:
        return len(self.items)

    def ancestors(self, item_id: str) -> Iterator[str]:
        """The ids above an item, nearest first."""
        parent = self.by_id[item_id].parent
        while parent is not None:
            yield parent
            parent = self.by_id[parent].parent


@dataclass(frozen=True, kw_only=True)
class Codelist(ItemScheme[Code]):
    """A code list."""

    KIND = Kind.CODELIST


@dataclass(frozen=True, kw_only=True)
class ConceptScheme(ItemScheme[Concept]):
    """A scheme of concepts."""

    KIND = Kind.CONCEPT_SCHEME


@dataclass(frozen=True, kw_only=True)
class AgencyScheme(ItemScheme[Agency]):
    """The agencies under an agency; its id is always ``AGENCIES`` and its version ``1.0``."""

    KIND = Kind.AGENCY_SCHEME


class Attachment(StrEnum):
    """What an attribute says something about (SDMX 3.0 attribute relationship)."""

    DATASET = "dataset"
    GROUP = "group"
    DIMENSIONS = "dimensions"
    OBSERVATION = "observation"


@dataclass(frozen=True, slots=True)
class Relationship:
    """The attribute relationship: ``group`` is set for GROUP, ``dimensions`` for DIMENSIONS.

    An attribute attached to every dimension but time is what SDMX 2.1 calls a series attribute.
    """

    attachment: Attachment
    dimensions: tuple[str, ...] = ()
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A component of a data structure: its id, the concept it takes its meaning from, and its values."""

    id: str
    concept: Urn
    representation: Representation
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension(Component):
    """A dimension; ``is_time`` marks the time dimension, of which there is at most one and always last."""

    is_time: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Component):
    """A measure; SDMX 2.1 knows one only, the primary measure ``OBS_VALUE``."""

    mandatory: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute(Component):
    """An attribute, with what it is attached to and whether it must be there."""

    relationship: Relationship
    mandatory: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A named partial key that attributes may be attached to."""

    id: str
    dimensions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DataStructure(Maintainable):
    """A data structure definition. ``dimensions`` are in key order, the time dimension last."""

    KIND = Kind.DATA_STRUCTURE

    dimensions: tuple[Dimension, ...] = ()
    measures: tuple[Measure, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    groups: tuple[Group, ...] = ()

    @cached_property
    def components(self) -> Mapping[str, Component]:
        """Every component by id: dimensions, then measures, then attributes."""
        return {component.id: component for component in (*self.dimensions, *self.measures, *self.attributes)}

    @cached_property
    def key_dimensions(self) -> tuple[str, ...]:
        """The ids of the dimensions that make the series key, in order: all but time."""
        return tuple(dimension.id for dimension in self.dimensions if not dimension.is_time)

    @cached_property
    def time_dimension(self) -> str | None:
        """The id of the time dimension, if there is one."""
        return next((dimension.id for dimension in self.dimensions if dimension.is_time), None)

    def attributes_at(self, attachment: Attachment) -> tuple[Attribute, ...]:
        """The attributes with this attachment, in order."""
        return tuple(a for a in self.attributes if a.relationship.attachment is attachment)


@dataclass(frozen=True, kw_only=True)
class Dataflow(Maintainable):
    """A dataflow: data of one structure, published under one name."""

    KIND = Kind.DATAFLOW

    structure: Urn


Artefact = AgencyScheme | Codelist | ConceptScheme | DataStructure | Dataflow
"""Any maintained artefact the gateway holds."""

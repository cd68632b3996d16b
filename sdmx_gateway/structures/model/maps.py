"""Maps between structures, lists and schemes (SDMX 3.1 Section 2, §9), and the structure set of SDMX 2.1."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sdmx_gateway.structures.model.base import Annotable, Maintainable, Nameable, OptionallyIdentified
from sdmx_gateway.structures.model.representation import DataType, Representation
from sdmx_gateway.structures.urn import Kind, Urn


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentMap(Annotable):
    """Components whose values give those of others, through a representation map or, without one, as they are."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    representation_map: Urn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedValueMap(Annotable):
    """A component of the target (or of the source) that always has these values; exactly one of the two is named."""

    source: str | None = None
    target: str | None = None
    values: tuple[str, ...] = ()


class ResolvePeriod(StrEnum):
    """Which day of a period a date stands for."""

    START = "startOfPeriod"
    END = "endOfPeriod"
    MIDDLE = "midPeriod"


class EpochUnit(StrEnum):
    """What an epoch counts."""

    NANOSECOND = "nanosecond"
    MILLISECOND = "millisecond"
    MICROSECOND = "microsecond"
    SECOND = "second"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMap(OptionallyIdentified):
    """Dates of one component as periods of another, of a frequency that is told, or taken from a dimension."""

    components: tuple[tuple[str, str], ...]
    frequency_dimension: str | None = None
    target_frequency: str | None = None
    mapped_frequencies: tuple[str, ...] = ()
    resolve: ResolvePeriod | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochMap(DateMap):
    """Dates given as so many units since a moment."""

    base: str
    unit: EpochUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class DatePatternMap(DateMap):
    """Dates written in a pattern (SDMX 3.0 Section 6, date patterns) of a locale."""

    pattern: str
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyFormat(OptionallyIdentified):
    """How periods of a frequency are written in the target."""

    frequency: str
    pattern: str


@dataclass(frozen=True, kw_only=True)
class StructureMap(Maintainable):
    """How data of one structure or flow becomes data of another (SDMX 3.0)."""

    KIND = Kind.STRUCTURE_MAP

    source: Urn | None = None
    target: Urn | None = None
    epochs: tuple[EpochMap, ...] = ()
    date_patterns: tuple[DatePatternMap, ...] = ()
    frequency_formats: tuple[FrequencyFormat, ...] = ()
    components: tuple[ComponentMap, ...] = ()
    fixed: tuple[FixedValueMap, ...] = ()


@dataclass(frozen=True, slots=True)
class MappedValue:
    """A value to be mapped, or a regular expression for values, or a part of values."""

    value: str
    is_regex: bool | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueMapping(Annotable):
    """Values that become others, within dates of validity if given."""

    sources: tuple[MappedValue, ...]
    targets: tuple[str, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None


@dataclass(frozen=True, slots=True)
class MappedSpace:
    """What one of the mapped columns holds: codes of a list, or values of a type."""

    codelist: Urn | None = None
    data_type: DataType | None = None


@dataclass(frozen=True, kw_only=True)
class RepresentationMap(Maintainable):
    """How values become others, one by one or several at a time (SDMX 3.0)."""

    KIND = Kind.REPRESENTATION_MAP

    sources: tuple[MappedSpace, ...] = ()
    targets: tuple[MappedSpace, ...] = ()
    mappings: tuple[ValueMapping, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemMap(Annotable):
    """An item that becomes another."""

    source: MappedValue
    target: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None


@dataclass(frozen=True, kw_only=True)
class ItemSchemeMap(Maintainable):
    """How the items of one scheme become those of another (SDMX 3.0)."""

    source: Urn | None = None
    target: Urn | None = None
    items: tuple[ItemMap, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ConceptSchemeMap(ItemSchemeMap):
    """A map between concept schemes."""

    KIND = Kind.CONCEPT_SCHEME_MAP


@dataclass(frozen=True, kw_only=True)
class CategorySchemeMap(ItemSchemeMap):
    """A map between category schemes."""

    KIND = Kind.CATEGORY_SCHEME_MAP


@dataclass(frozen=True, kw_only=True)
class OrganisationSchemeMap(ItemSchemeMap):
    """A map between organisation schemes."""

    KIND = Kind.ORGANISATION_SCHEME_MAP


@dataclass(frozen=True, kw_only=True)
class ReportingTaxonomyMap(ItemSchemeMap):
    """A map between reporting taxonomies."""

    KIND = Kind.REPORTING_TAXONOMY_MAP


class SetMapKind(StrEnum):
    """The maps between item schemes in a structure set of SDMX 2.1, spelt as their elements."""

    ORGANISATION = "OrganisationSchemeMap"
    CATEGORY = "CategorySchemeMap"
    CODELIST = "CodelistMap"
    CONCEPT = "ConceptSchemeMap"
    REPORTING = "ReportingTaxonomyMap"
    HYBRID = "HybridCodelistMap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Association(Annotable):
    """An item of the source and the item of the target it is (SDMX 2.1)."""

    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetItemMap(Nameable):
    """A map between two item schemes inside a structure set."""

    kind: SetMapKind
    source: Urn
    target: Urn
    items: tuple[Association, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRepresentation:
    """How the values of a component are mapped in SDMX 2.1: by a map, by values, or to a text.

    ``to_value`` says of what a text is made: ``Value``, ``Name`` or ``Description``; it goes with ``to_text``.
    """

    codelist_map: str | None = None
    to_text: Representation | None = None
    to_value: str | None = None
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SetComponent:
    """A component of a structure, with its class; ``container`` is the report or target a metadata component lies in."""

    id: str
    item_class: str = "Dimension"
    container: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetComponentMap(Annotable):
    """A component of the source and the one of the target it is (SDMX 2.1)."""

    source: SetComponent
    target: SetComponent
    representation: SetRepresentation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetStructureMap(Nameable):
    """A map between two structures or flows inside a structure set."""

    source: Urn
    target: Urn
    components: tuple[SetComponentMap, ...] = ()
    is_extension: bool = False


@dataclass(frozen=True, kw_only=True)
class StructureSet(Maintainable):
    """Maps of all sorts, kept together (SDMX 2.1)."""

    KIND = Kind.STRUCTURE_SET

    related: tuple[Urn, ...] = ()
    item_maps: tuple[SetItemMap, ...] = ()
    structure_maps: tuple[SetStructureMap, ...] = ()

"""Item schemes: organisations, code lists, concepts, categories (SDMX 3.1 Section 2, §4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sdmx_gateway.structures.model.base import Annotable, Item, ItemScheme, Maintainable, Nameable, Text
from sdmx_gateway.structures.model.representation import Representation
from sdmx_gateway.structures.urn import Kind, Urn


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How to reach somebody in an organisation."""

    id: str | None = None
    names: Text = Text()
    departments: Text = Text()
    roles: Text = Text()
    telephones: tuple[str, ...] = ()
    faxes: tuple[str, ...] = ()
    x400s: tuple[str, ...] = ()
    uris: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation(Item):
    """An organisation of any kind."""

    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency(Organisation):
    """A maintenance agency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataProvider(Organisation):
    """Who provides data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataConsumer(Organisation):
    """Who takes data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataProvider(Organisation):
    """Who provides reference metadata (SDMX 3.0)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationUnit(Organisation):
    """A part of an organisation; the only organisation that may lie under another."""


@dataclass(frozen=True, kw_only=True)
class AgencyScheme(ItemScheme[Agency]):
    """The agencies under an agency; its id is always ``AGENCIES`` and its version ``1.0``."""

    KIND = Kind.AGENCY_SCHEME


@dataclass(frozen=True, kw_only=True)
class DataProviderScheme(ItemScheme[DataProvider]):
    """The data providers an agency knows; always ``DATA_PROVIDERS``, version ``1.0``."""

    KIND = Kind.DATA_PROVIDER_SCHEME


@dataclass(frozen=True, kw_only=True)
class DataConsumerScheme(ItemScheme[DataConsumer]):
    """The data consumers an agency knows; always ``DATA_CONSUMERS``, version ``1.0``."""

    KIND = Kind.DATA_CONSUMER_SCHEME


@dataclass(frozen=True, kw_only=True)
class MetadataProviderScheme(ItemScheme[MetadataProvider]):
    """The metadata providers an agency knows; always ``METADATA_PROVIDERS``, version ``1.0``."""

    KIND = Kind.METADATA_PROVIDER_SCHEME


@dataclass(frozen=True, kw_only=True)
class OrganisationUnitScheme(ItemScheme[OrganisationUnit]):
    """The units of an organisation."""

    KIND = Kind.ORGANISATION_UNIT_SCHEME


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Item):
    """A code of a code list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GeoFeatureSetCode(Code):
    """A code of a geographic code list: ``value`` is the set of features it stands for."""

    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GeoGridCode(Code):
    """A code of a grid: ``cell`` is the cell it stands for."""

    cell: str


class Cascade(StrEnum):
    """Whether a value stands for what lies under it too (``cascadeValues``)."""

    NO = "false"
    YES = "true"
    EXCLUDE_ROOT = "excluderoot"


@dataclass(frozen=True, slots=True)
class SelectedCode:
    """A code, or with ``%`` a pattern of codes, that an extension takes in or leaves out."""

    value: str
    cascade: Cascade | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodelistExtension:
    """A code list that another one takes codes from (SDMX 3.0 CodelistExtension).

    ``inclusive`` and ``exclusive`` select among its codes; at most one is given. ``prefix`` goes before each code taken.
    """

    codelist: Urn
    prefix: str | None = None
    inclusive: tuple[SelectedCode, ...] = ()
    exclusive: tuple[SelectedCode, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Codelist(ItemScheme[Code]):
    """A code list, and the lists it extends."""

    KIND = Kind.CODELIST

    extensions: tuple[CodelistExtension, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GeographicCodelist(ItemScheme[GeoFeatureSetCode]):
    """A code list whose codes stand for sets of geographic features (SDMX 3.0)."""

    KIND = Kind.GEOGRAPHIC_CODELIST

    extensions: tuple[CodelistExtension, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GeoGridCodelist(ItemScheme[GeoGridCode]):
    """A code list whose codes stand for the cells of a grid (SDMX 3.0)."""

    KIND = Kind.GEO_GRID_CODELIST

    grid: str | None = None
    extensions: tuple[CodelistExtension, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueItem(Annotable):
    """A value of a value list; unlike a code's id it may be any text."""

    id: str
    names: Text = Text()
    descriptions: Text = Text()


@dataclass(frozen=True, kw_only=True)
class ValueList(Maintainable):
    """A list of values that need not be ids (SDMX 3.0)."""

    KIND = Kind.VALUE_LIST

    items: tuple[ValueItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IsoConcept:
    """The ISO 11179 concept a concept is derived from."""

    agency: str
    scheme: str
    concept: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept(Item):
    """A concept, with the representation its components take when they say nothing else."""

    representation: Representation | None = None
    iso: IsoConcept | None = None


@dataclass(frozen=True, kw_only=True)
class ConceptScheme(ItemScheme[Concept]):
    """A scheme of concepts."""

    KIND = Kind.CONCEPT_SCHEME


@dataclass(frozen=True, slots=True, kw_only=True)
class Category(Nameable):
    """A category, with those under it."""

    categories: tuple[Category, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CategoryScheme(Maintainable):
    """A tree of categories."""

    KIND = Kind.CATEGORY_SCHEME

    categories: tuple[Category, ...] = ()
    is_partial: bool = False


@dataclass(frozen=True, kw_only=True)
class Categorisation(Maintainable):
    """That an artefact belongs to a category."""

    KIND = Kind.CATEGORISATION

    source: Urn | None = None
    target: Urn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingCategory(Nameable):
    """A part of a report, with those under it, or what it is made of: structures, or flows and agreements."""

    categories: tuple[ReportingCategory, ...] = ()
    structures: tuple[Urn, ...] = ()
    flows: tuple[Urn, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReportingTaxonomy(Maintainable):
    """How a report is composed."""

    KIND = Kind.REPORTING_TAXONOMY

    categories: tuple[ReportingCategory, ...] = ()
    is_partial: bool = False

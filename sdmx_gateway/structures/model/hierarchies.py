"""Hierarchies of codes (SDMX 3.1 Section 2, §8), and the hierarchical code list that held them in SDMX 2.1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sdmx_gateway.structures.model.base import Identifiable, Maintainable, Nameable
from sdmx_gateway.structures.model.representation import Representation
from sdmx_gateway.structures.urn import Kind, Urn


@dataclass(frozen=True, slots=True, kw_only=True)
class Level(Nameable):
    """A level of a hierarchy, with the one below it; ``coding`` says what codes of the level look like."""

    coding: Representation | None = None
    below: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HierarchicalCode(Identifiable):
    """A code at a place in a hierarchy, with the codes below it.

    Attributes:
        code: the code; ``None`` only where ``alias`` and ``code_id`` name it as SDMX 2.1 may.
        level: the level it is of.
        alias: the alias of the list it is of, in a hierarchical code list.
        code_id: its id in that list.
        code_version: SDMX 2.1's version of the hierarchical code.
    """

    code: Urn | None = None
    codes: tuple[HierarchicalCode, ...] = ()
    level: str | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    alias: str | None = None
    code_id: str | None = None
    code_version: str | None = None


@dataclass(frozen=True, kw_only=True)
class Hierarchy(Maintainable):
    """A tree of codes, possibly of several lists, possibly with levels that mean something (SDMX 3.0)."""

    KIND = Kind.HIERARCHY

    codes: tuple[HierarchicalCode, ...] = ()
    level: Level | None = None
    has_formal_levels: bool = False


@dataclass(frozen=True, kw_only=True)
class HierarchyAssociation(Maintainable):
    """That a hierarchy is of use to an artefact, where a context is given (SDMX 3.0)."""

    KIND = Kind.HIERARCHY_ASSOCIATION

    hierarchy: Urn | None = None
    linked: Urn | None = None
    context: Urn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncludedCodelist:
    """A code list a hierarchical code list draws on, with the name it goes by there."""

    codelist: Urn
    alias: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InnerHierarchy(Nameable):
    """A hierarchy inside a hierarchical code list."""

    codes: tuple[HierarchicalCode, ...] = ()
    level: Level | None = None
    is_leveled: bool = False


@dataclass(frozen=True, kw_only=True)
class HierarchicalCodelist(Maintainable):
    """Hierarchies over some code lists (SDMX 2.1)."""

    KIND = Kind.HIERARCHICAL_CODELIST

    codelists: tuple[IncludedCodelist, ...] = ()
    hierarchies: tuple[InnerHierarchy, ...] = ()

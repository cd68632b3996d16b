"""Components that say nothing of their values take those of their concepts (SDMX 3.1 Section 2, §5: local representation)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from sdmx_gateway.structures.model import (
    Artefact,
    Component,
    ConceptScheme,
    DataStructure,
    MetadataAttribute,
    MetadataStructure,
    ReportStructure,
    Representation,
)
from sdmx_gateway.structures.urn import Kind, Urn, version_key

Cores = Mapping[Urn, Representation]


def inherited(artefacts: Iterable[Artefact], known: Iterable[ConceptScheme] = ()) -> tuple[Artefact, ...]:
    """The artefacts, each component that inherits its values with those of its concept, if the concept is among them or known."""
    held = tuple(artefacts)
    cores = dict(_cores([*known, *(a for a in held if isinstance(a, ConceptScheme))]))
    return tuple(_resolved(artefact, cores) for artefact in held)


def _cores(schemes: Iterable[ConceptScheme]) -> Iterator[tuple[Urn, Representation]]:
    """The core representation of each concept that has one, by the concept's URN, the newest version under ``*`` too."""
    for scheme in sorted(schemes, key=lambda s: version_key(s.version)):
        for concept in scheme.items:
            if concept.representation is not None:
                for version in (scheme.version, "*", "+"):
                    yield (
                        Urn(Kind.CONCEPT_SCHEME, scheme.agency, scheme.id, version, concept.id),
                        concept.representation,
                    )


def _resolved(artefact: Artefact, cores: Cores) -> Artefact:
    if isinstance(artefact, DataStructure):
        return replace(
            artefact,
            dimensions=tuple(_component(c, cores) for c in artefact.dimensions),
            measures=tuple(_component(c, cores) for c in artefact.measures),
            attributes=tuple(_component(c, cores) for c in artefact.attributes),
        )
    if isinstance(artefact, MetadataStructure):
        return replace(
            artefact,
            attributes=_metadata(artefact.attributes, cores),
            reports=tuple(_report(report, cores) for report in artefact.reports),
        )
    return artefact


C = TypeVar("C", bound=Component)


def _component(component: C, cores: Cores) -> C:
    return replace(component, representation=_values(component.representation, component.concept, cores))


def _metadata(attributes: tuple[MetadataAttribute, ...], cores: Cores) -> tuple[MetadataAttribute, ...]:
    return tuple(
        replace(
            attribute,
            representation=_values(attribute.representation, attribute.concept, cores),
            attributes=_metadata(attribute.attributes, cores),
        )
        for attribute in attributes
    )


def _report(report: ReportStructure, cores: Cores) -> ReportStructure:
    return replace(report, attributes=_metadata(report.attributes, cores))


def _values(said: Representation, concept: Urn, cores: Cores) -> Representation:
    core = cores.get(concept) if said.is_inherited else None
    return said if core is None else replace(core, is_inherited=True)

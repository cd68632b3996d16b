"""What an artefact refers to: the one place that knows which fields of the model hold references.

A structure's components refer to concepts and code lists, a concept scheme's core representations to code lists, a
dataflow to its structure (the reference types of the official schemas). Maintenance agencies are names here, not references.
"""

from __future__ import annotations

from collections.abc import Iterator

from sdmx_gateway.structures.model import Artefact, Concept, ConceptScheme, Dataflow, DataStructure, Representation, Urn


def references(artefact: Artefact) -> Iterator[tuple[str, Urn]]:
    """Each reference the artefact makes: the id of the component or concept that makes it, and what it names.

    A concept is named with its ``item``; a code list or a structure without. The same target may come several times.
    A dataflow makes its one reference under its own id.
    """
    if isinstance(artefact, DataStructure):
        for component in artefact.components.values():
            yield component.id, component.concept
            yield from _enumeration(component.id, component.representation)
    elif isinstance(artefact, ConceptScheme):
        for concept in artefact.items:
            yield from _core(concept)
    elif isinstance(artefact, Dataflow):
        yield artefact.id, artefact.structure


def _core(concept: Concept) -> Iterator[tuple[str, Urn]]:
    if concept.representation is not None:
        yield from _enumeration(concept.id, concept.representation)


def _enumeration(owner: str, representation: Representation) -> Iterator[tuple[str, Urn]]:
    if representation.codelist is not None:
        yield owner, representation.codelist

"""Which rule is for which class of artefacts, on the way to SDMX 3 and on the way to 2.1: two tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.translation import (
    code_lists,
    constraints,
    content_constraints,
    data_structures,
    hierarchies,
    metadata,
    structure_maps,
    structure_sets,
)
from sdmx_gateway.structures.translation.batch import Batch
from sdmx_gateway.structures.translation.outcome import Outcome
from sdmx_gateway.structures.urn import Kind

Rule = Callable[[Any, Batch], Outcome]

TO_3: Final[Mapping[Kind, Rule]] = {
    Kind.CONTENT_CONSTRAINT: constraints.of_content_constraint,
    Kind.DATA_CONSTRAINT: constraints.of_constraint,
    Kind.METADATA_CONSTRAINT: constraints.of_constraint,
    Kind.DATA_STRUCTURE: data_structures.of_old_data_structure,
    Kind.HIERARCHICAL_CODELIST: hierarchies.of_hierarchical_codelist,
    Kind.STRUCTURE_SET: structure_sets.of_structure_set,
    Kind.METADATA_STRUCTURE: metadata.of_metadata_structure,
    Kind.METADATAFLOW: metadata.of_metadataflow,
    Kind.PROVISION_AGREEMENT: metadata.of_provision_agreement,
}
TO_2_1: Final[Mapping[Kind, Rule]] = {
    Kind.CODELIST: code_lists.of_codelist,
    Kind.DATA_CONSTRAINT: content_constraints.of_data_constraint,
    Kind.METADATA_CONSTRAINT: content_constraints.of_metadata_constraint,
    Kind.DATA_STRUCTURE: data_structures.of_data_structure,
    Kind.HIERARCHY: hierarchies.of_hierarchy,
    Kind.STRUCTURE_MAP: structure_maps.of_structure_map,
    Kind.REPRESENTATION_MAP: structure_maps.of_representation_map,
    Kind.CONCEPT_SCHEME_MAP: structure_maps.of_scheme_map,
    Kind.CATEGORY_SCHEME_MAP: structure_maps.of_scheme_map,
    Kind.ORGANISATION_SCHEME_MAP: structure_maps.of_scheme_map,
    Kind.REPORTING_TAXONOMY_MAP: structure_maps.of_scheme_map,
    Kind.METADATA_PROVISION_AGREEMENT: metadata.of_metadata_provision_agreement,
}


def rule(kind: Kind, form: Form) -> Rule:
    """The rule for artefacts of a kind that are to be written in a form; that of leaving them as they are, if there is none."""
    return (TO_2_1 if form.is_of_2_1 else TO_3).get(kind, _as_it_is)


def _as_it_is(artefact: Any, batch: Batch) -> Outcome:  # noqa: ARG001
    return Outcome(artefacts=(artefact,))

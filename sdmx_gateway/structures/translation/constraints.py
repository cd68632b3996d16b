"""Constraints on the way to SDMX 3, and from 3.0 to 3.1.

A content constraint of SDMX 2.1 becomes a data constraint, or a metadata constraint where it is about metadata (SDMX 3.0 Section 6,
§10.2). At most one region is included and one excluded from 3.0 on (SDMXStructureConstraint.xsd). What data there *actually*
is, a data constraint of 3.0 may say; SDMX 3.1 gives it as the answer to an availability query only (AvailabilityConstraint).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from sdmx_gateway.errors import Problem
from sdmx_gateway.structures.codec.form import OF_3_1
from sdmx_gateway.structures.model import (
    Artefact,
    ConstraintAttachment,
    ContentConstraint,
    CubeRegion,
    DataConstraint,
    MemberSelection,
    MetadataConstraint,
    MetadataTargetRegion,
    ProvisionAgreement,
    Role,
)
from sdmx_gateway.structures.translation.batch import Batch, generation
from sdmx_gateway.structures.translation.identity import kept
from sdmx_gateway.structures.translation.keys import one_by_one, single_valued
from sdmx_gateway.structures.translation.outcome import Outcome, becomes, lost, stays
from sdmx_gateway.structures.urn import Kind, Urn

_OF_METADATA: Final = frozenset({Kind.METADATA_STRUCTURE, Kind.METADATAFLOW})
METADATA_KINDS: Final[Mapping[Kind, Kind]] = {
    Kind.PROVISION_AGREEMENT: Kind.METADATA_PROVISION_AGREEMENT,
    Kind.DATA_PROVIDER_SCHEME: Kind.METADATA_PROVIDER_SCHEME,
}
"""What has a class of its own for metadata from SDMX 3.0 on."""
METADATA_IDS: Final = {"DATA_PROVIDERS": "METADATA_PROVIDERS"}
"""The fixed ids of the schemes of providers (SDMXStructureOrganisation.xsd)."""


def of_content_constraint(constraint: ContentConstraint, batch: Batch) -> Outcome:
    """A content constraint as a data constraint or a metadata constraint."""
    if constraint.metadata_regions and (constraint.regions or constraint.key_sets):
        return stays(constraint, "it constrains data and metadata, which are two constraints in SDMX 3")
    regions: tuple[CubeRegion | MetadataTargetRegion, ...] = (*constraint.regions, *constraint.metadata_regions)
    if len({region.is_included for region in regions}) < len(regions):
        why = f"it has {len(regions)} regions, and SDMX 3 takes one that is included and one that is excluded"
        return stays(constraint, why, "make it several constraints")
    about_metadata = _is_about_metadata(constraint, batch)
    if constraint.role is Role.ACTUAL and (about_metadata or batch.form in OF_3_1):
        return _not_written(constraint, batch)
    return _of_metadata(constraint) if about_metadata else _of_data(constraint)


def _of_data(constraint: ContentConstraint) -> Outcome:
    new = DataConstraint(
        **kept(constraint),
        role=constraint.role,
        attachment=attached(constraint.attachment),
        key_sets=constraint.key_sets,
        regions=constraint.regions,
        calendar=constraint.calendar,
    )
    return becomes(constraint, new, *_patterns(constraint), *_detached(constraint))


def _of_metadata(constraint: ContentConstraint) -> Outcome:
    regions = tuple(replace(r, target=None, report=None, keys=()) for r in constraint.metadata_regions)
    new = MetadataConstraint(
        **kept(constraint),
        role=constraint.role,
        attachment=attached(constraint.attachment, METADATA_KINDS, METADATA_IDS),
        regions=regions,
        calendar=constraint.calendar,
    )
    said = [f"{r.target} of report {r.report}" for r in constraint.metadata_regions if r.target or r.report or r.keys]
    what = f"regions of metadata are no longer of a target and a report: {', '.join(said)}"
    return becomes(constraint, new, *([lost(constraint.urn, what)] if said else ()), *_detached(constraint))


def _is_about_metadata(constraint: ContentConstraint, batch: Batch) -> bool:
    """Judged by what it was before anything was left out."""
    before = batch.find(constraint.urn, ContentConstraint) or constraint
    attachment = before.attachment or ConstraintAttachment()
    agreements = [batch.find(urn, ProvisionAgreement) for urn in attachment.artefacts]
    return bool(
        before.metadata_regions
        or before.metadata_key_sets
        or attachment.metadata_sets
        or any(urn.kind in _OF_METADATA for urn in attachment.artefacts)
        or any(found is not None and found.flow is not None and found.flow.kind in _OF_METADATA for found in agreements)
    )


def of_constraint(constraint: DataConstraint | MetadataConstraint, batch: Batch) -> Outcome:
    """A constraint of SDMX 3 as another version of SDMX 3 has it."""
    if constraint.role is Role.ACTUAL and batch.form in OF_3_1:
        return _not_written(constraint, batch)
    changed: DataConstraint | MetadataConstraint = replace(constraint, attachment=attached(constraint.attachment))
    notes = list(_detached(constraint))
    if isinstance(changed, DataConstraint) and batch.form not in OF_3_1:
        key_sets = single_valued(changed)
        if key_sets is None:
            return stays(constraint, "its keys have too many values to be written one by one")
        if key_sets != changed.key_sets:
            notes.append(one_by_one(changed))
            changed = replace(changed, key_sets=key_sets)
    return Outcome(artefacts=(changed if changed != constraint else constraint,), notes=tuple(notes))


def attached(
    attachment: ConstraintAttachment | None,
    kinds: Mapping[Kind, Kind] | None = None,
    ids: Mapping[str, str] | None = None,
) -> ConstraintAttachment | None:
    """An attachment whose artefacts are of these kinds instead; none at all where nothing is left of it."""
    if attachment is None or attachment == ConstraintAttachment():
        return None
    artefacts = tuple(of_kind(urn, kinds or {}, ids or {}) for urn in attachment.artefacts)
    return attachment if artefacts == attachment.artefacts else replace(attachment, artefacts=artefacts)


def of_kind(urn: Urn, kinds: Mapping[Kind, Kind], ids: Mapping[str, str]) -> Urn:
    """The name with another kind, and the fixed id that goes with it."""
    if urn.kind not in kinds:
        return urn
    return Urn(kinds[urn.kind], urn.agency, ids.get(urn.id, urn.id), urn.version, urn.item)


def _detached(constraint: ContentConstraint | DataConstraint | MetadataConstraint) -> Iterator[Problem]:
    if constraint.attachment == ConstraintAttachment():
        yield lost(constraint.urn, "it is attached to nothing any more")


def _patterns(constraint: ContentConstraint) -> Iterator[Problem]:
    for selection in _selections(constraint):
        for selected in selection.values:
            if "%" in selected.value and selected.value != "%":
                what = f"{selection.component} has the value {selected.value!r}, in which SDMX 3 takes % for any characters"
                yield lost(constraint.urn, what)


def _selections(constraint: ContentConstraint) -> Iterator[MemberSelection]:
    for region in constraint.regions:
        yield from (*region.keys, *region.components)
    for key_set in constraint.key_sets:
        for key in key_set.keys:
            yield from key.keys


def _not_written(constraint: Any, batch: Batch) -> Outcome:
    artefact: Artefact = constraint
    what = "it says what there actually is; " + (
        "SDMX 3.1 gives that as the answer to an availability query only, so that it is not written"
        if batch.form in OF_3_1
        else f"{generation(batch.form)} says that of data only, so that it is not written"
    )
    return Outcome(notes=(lost(artefact.urn, what, "ask the source of the data what it has"),))

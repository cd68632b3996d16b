"""Constraints of SDMX 3 as the content constraints of 2.1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from sdmx_gateway.structures.model import (
    Cascade,
    ContentConstraint,
    CubeRegion,
    DataConstraint,
    DataKey,
    DataKeySet,
    MemberSelection,
    MetadataConstraint,
)
from sdmx_gateway.structures.translation.batch import Batch
from sdmx_gateway.structures.translation.constraints import METADATA_IDS, METADATA_KINDS, attached
from sdmx_gateway.structures.translation.identity import kept
from sdmx_gateway.structures.translation.keys import one_by_one, single_valued
from sdmx_gateway.structures.translation.outcome import Outcome, becomes, stays
from sdmx_gateway.structures.urn import Kind

_DATA_KINDS: Final = {new: old for old, new in METADATA_KINDS.items()}
_DATA_IDS: Final = {new: old for old, new in METADATA_IDS.items()}
_ANY: Final = "%"


def of_data_constraint(constraint: DataConstraint, batch: Batch) -> Outcome:  # noqa: ARG001
    """A data constraint as a content constraint; as it is, where 2.1 would read it otherwise."""
    key_sets = single_valued(constraint)
    reasons = [
        *_reasons(constraint),
        *(["its keys have too many values to be written one by one"] if key_sets is None else ()),
    ]
    if reasons:
        return stays(constraint, "; ".join(dict.fromkeys(reasons)))
    new = ContentConstraint(
        **kept(constraint),
        role=constraint.role,
        attachment=attached(constraint.attachment),
        key_sets=tuple(_without_any(key_set) for key_set in key_sets or ()),
        regions=tuple(_region(region) for region in constraint.regions),
        calendar=constraint.calendar,
    )
    multiplied = key_sets != constraint.key_sets
    return becomes(constraint, new, *([one_by_one(constraint)] if multiplied else ()))


def of_metadata_constraint(constraint: MetadataConstraint, batch: Batch) -> Outcome:  # noqa: ARG001
    """A metadata constraint as a content constraint, unless its regions are of no target and report."""
    if any(region.target is None or region.report is None for region in constraint.regions):
        return stays(constraint, "SDMX 2.1 wants the target and the report of each region of metadata")
    if constraint.attachment and any(urn.kind is Kind.METADATA_SET for urn in constraint.attachment.artefacts):
        return stays(constraint, "SDMX 2.1 names a metadata set by its provider and an id, not by a URN")
    new = ContentConstraint(
        **kept(constraint),
        role=constraint.role,
        attachment=attached(constraint.attachment, _DATA_KINDS, _DATA_IDS),
        metadata_regions=constraint.regions,
        calendar=constraint.calendar,
    )
    return becomes(constraint, new)


def _reasons(constraint: DataConstraint) -> Iterator[str]:
    for region in constraint.regions:
        for selection in region.components:
            if "." in selection.component or selection.component == "OBS_VALUE":
                yield f"in SDMX 2.1 only attributes have values in a region beside dimensions, and {selection.component} is none"
        for selection in (*region.keys, *region.components):
            yield from _of_selection(selection)
    for key_set in constraint.key_sets:
        for key in key_set.keys:
            if key.components:
                yield "keys of SDMX 2.1 have values of dimensions only"
            if all(_is_any(selection) for selection in key.keys):
                yield "keys of SDMX 2.1 have a value of some dimension at least"
            for selection in key.keys:
                yield from _of_selection(selection)


def _of_selection(selection: MemberSelection) -> Iterator[str]:
    for selected in selection.values:
        if selected.cascade is Cascade.EXCLUDE_ROOT:
            yield f"SDMX 2.1 cannot mean what lies under {selected.value} without {selected.value} itself"
        if _ANY in selected.value and (selected.value != _ANY or not selection.is_included):
            yield f"SDMX 2.1 takes {selected.value!r} for a value, not for a pattern"


def _is_any(selection: MemberSelection) -> bool:
    """Whether any value is meant; 2.1 says so by not naming the dimension, or no value (SDMXCommon.xsd, RegionType)."""
    return any(selected.value == _ANY for selected in selection.values)


def _region(region: CubeRegion) -> CubeRegion:
    return replace(
        region,
        keys=tuple(selection for selection in region.keys if not _is_any(selection)),
        components=tuple(replace(s, values=()) if _is_any(s) else s for s in region.components),
    )


def _without_any(key_set: DataKeySet) -> DataKeySet:
    return replace(key_set, keys=tuple(_key(key) for key in key_set.keys))


def _key(key: DataKey) -> DataKey:
    return replace(key, keys=tuple(selection for selection in key.keys if not _is_any(selection)))

"""Reference metadata: its structures, flows and agreements on the way to SDMX 3, and agreements and flows back.

SDMX 3.0 Section 6, §5: the structure is one list of attributes and says no longer what metadata is about; flows and agreements do.
So the one report of a structure of 2.1 gives the attributes, and the objects its targets name give the targets of the flows. A
structure of several reports, and one of SDMX 3 for 2.1, would need names nobody gave: they stay as they are. An agreement on metadata
is of a metadata provider in SDMX 3; that the provider goes by the same id there is ours to assume, and told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sdmx_gateway.errors import Problem
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.codec.registry import exists
from sdmx_gateway.structures.model import (
    Metadataflow,
    MetadataProvisionAgreement,
    MetadataStructure,
    ProvisionAgreement,
    TargetKind,
    TargetObject,
)
from sdmx_gateway.structures.translation.batch import Batch, generation
from sdmx_gateway.structures.translation.constraints import METADATA_IDS, METADATA_KINDS, of_kind
from sdmx_gateway.structures.translation.identity import kept
from sdmx_gateway.structures.translation.outcome import Outcome, becomes, lost, stays, told
from sdmx_gateway.structures.urn import ANY, Kind, Urn, kind_named


def of_metadata_structure(artefact: MetadataStructure, batch: Batch) -> Outcome:
    """A structure of one report as the attributes of that report."""
    if not (artefact.targets or artefact.reports):
        return Outcome(artefacts=(artefact,))
    if len(artefact.reports) != 1:
        why = f"it has {len(artefact.reports)} reports, and SDMX 3 has structures of one"
        return stays(artefact, why, "make each report a structure, and a flow of it")
    report = artefact.reports[0]
    new = replace(artefact, attributes=report.attributes, targets=(), reports=())
    notes = [lost(artefact.urn, f"its report is no longer called {report.id}")]
    if report.annotations or report.links:
        notes.append(lost(artefact.urn, f"annotations of report {report.id} are dropped"))
    if any(flow.structure == artefact.urn for flow in batch.of(Metadataflow)):
        unsaid = [
            f"{target.id}.{each.id}"
            for target in artefact.targets
            for each in target.objects
            if _urn(each, batch.form) is None
        ]
        if not unsaid:
            return Outcome(
                artefacts=(new,), notes=(*notes, told(artefact.urn, "what the metadata is about, its flows say"))
            )
        notes.append(lost(artefact.urn, f"{generation(batch.form)} does not say that it is about {', '.join(unsaid)}"))
    else:
        named = ", ".join(target.id for target in artefact.targets)
        notes.append(
            lost(artefact.urn, f"what it is about ({named}) is for its flows to say, and none is translated with it")
        )
    return Outcome(artefacts=(new,), notes=tuple(notes))


def of_metadataflow(artefact: Metadataflow, batch: Batch) -> Outcome:
    """A flow with the targets its structure had."""
    if artefact.targets or artefact.structure is None:
        return Outcome(artefacts=(artefact,))
    structure = batch.find(artefact.structure, MetadataStructure)
    objects = [each for target in structure.targets for each in target.objects] if structure is not None else []
    targets = tuple(dict.fromkeys(urn for each in objects if (urn := _urn(each, batch.form)) is not None))
    if not targets and not batch.form.is_xml:  # SDMX-JSON takes a flow that does not say it
        return Outcome(artefacts=(artefact,))
    if not targets:
        why = f"{generation(batch.form)} wants to know what its metadata is about"
        return stays(artefact, why, "give the flow targets, or translate its structure with it")
    what = f"its metadata is about {', '.join(f'{urn.class_name} {urn.short}' for urn in targets)}, after its structure"
    return Outcome(artefacts=(replace(artefact, targets=targets),), notes=(told(artefact.urn, what),))


def of_provision_agreement(artefact: ProvisionAgreement, batch: Batch) -> Outcome:  # noqa: ARG001
    """An agreement on metadata as a metadata provision agreement; one on data as it is."""
    if artefact.flow is None or artefact.flow.kind is not Kind.METADATAFLOW:
        return Outcome(artefacts=(artefact,))
    provider = None if artefact.provider is None else of_kind(artefact.provider, METADATA_KINDS, METADATA_IDS)
    new = MetadataProvisionAgreement(**kept(artefact), flow=artefact.flow, provider=provider)
    return becomes(artefact, new, *_provider(artefact.urn, artefact.provider, provider))


def of_metadata_provision_agreement(artefact: MetadataProvisionAgreement, batch: Batch) -> Outcome:
    """A metadata provision agreement as the provision agreement it is in SDMX 2.1."""
    kinds, ids = {new: old for old, new in METADATA_KINDS.items()}, {new: old for old, new in METADATA_IDS.items()}
    provider = None if artefact.provider is None else of_kind(artefact.provider, kinds, ids)
    new = ProvisionAgreement(**kept(artefact), flow=artefact.flow, provider=provider)
    notes = list(_provider(artefact.urn, artefact.provider, provider))
    if artefact.targets:
        what = f"{generation(batch.form)} does not say what the metadata is about: {', '.join(u.short for u in artefact.targets)}"
        notes.append(lost(artefact.urn, what))
    return becomes(artefact, new, *notes)


def _provider(agreement: Urn, before: Urn | None, after: Urn | None) -> Iterator[Problem]:
    if before is not None and after is not None:
        yield told(agreement, f"its provider, {before.class_name} {before.short}, is {after.class_name} {after.short}")


def _urn(target: TargetObject, form: Form) -> Urn | None:
    """Every object a target may be, as one name; ``None`` when SDMX 3 has no such name."""
    if target.kind is not TargetKind.OBJECT:
        return None
    scheme = target.representation.codelist
    if scheme is not None:
        return Urn(scheme.kind, scheme.agency, scheme.id, scheme.version, ANY)
    found = kind_named(target.object_type or "")
    if found is None or not exists(found[0], form):
        return None
    kind, item_class = found
    return Urn(kind, ANY, ANY, ANY, None if item_class is None else ANY, item_class)

"""Which dataflow and which data structure a message means: names on the wire against the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from sdmx_gateway.errors import Problem, StructureError
from sdmx_gateway.structures import Catalogue, Kind, Urn
from sdmx_gateway.structures.model import Dataflow, DataStructure


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the components of a message are components of."""

    dataflow: Dataflow
    structure: DataStructure


def resolve(reference: str, kind: Kind, catalogue: Catalogue) -> Meaning | Problem:
    """The dataflow a message names, with its structure; or the problem that keeps it from being known.

    Args:
        reference: a URN, or ``AGENCY:ID(VERSION)``.
        kind: what a short reference names; a data structure stands for its one dataflow.
        catalogue: where it is looked up.
    """
    try:
        urn = Urn.parse(reference) if reference.startswith("urn:") else Urn.short_form(kind, reference)
        if urn.kind is Kind.DATAFLOW:
            dataflow = catalogue.dataflow(urn)
            return Meaning(dataflow, catalogue.structure_of(dataflow))
        return _of_structure(catalogue.structure(urn), catalogue)
    except (StructureError, ValueError) as error:
        remedy = error.remedy if isinstance(error, StructureError) else ""
        why = error.why if isinstance(error, StructureError) else ""
        what = error.what if isinstance(error, StructureError) else f"{reference!r} names nothing that holds data"
        return Problem("unknown-dataflow", what, why=why, remedy=remedy, value=reference)


def _of_structure(structure: DataStructure, catalogue: Catalogue) -> Meaning | Problem:
    flows = [flow for flow in catalogue.find(Kind.DATAFLOW) if isinstance(flow, Dataflow)]
    of_it = [flow for flow in flows if flow.structure == structure.urn]
    if len(of_it) == 1:
        return Meaning(of_it[0], structure)
    return Problem(
        "unknown-dataflow",
        f"the message names the data structure {structure.urn.short} and no dataflow",
        why=f"{len(of_it)} dataflows of that structure are held",
        remedy="name the dataflow in the message" + (f": {', '.join(f.urn.short for f in of_it)}" if of_it else ""),
        value=str(structure.urn),
    )

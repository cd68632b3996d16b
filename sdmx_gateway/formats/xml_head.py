"""The beginning of a structure-specific message: namespaces, header, and the opening tag of its data set."""

from __future__ import annotations

from datetime import UTC
from typing import Final

from sdmx_gateway.formats.action import Action
from sdmx_gateway.formats.characters import attribute as escaped
from sdmx_gateway.formats.sdmx_ml import XSI, Dialect, schema_namespace
from sdmx_gateway.structures.header import Header
from sdmx_gateway.structures.model import Dataflow, DataStructure

_STRUCTURE_ID: Final = "STRUCTURE"


def opening(header: Header, structure: DataStructure, dimension_at_observation: str, dialect: Dialect) -> str:
    """The message down to its namespaces."""
    namespace = escaped(schema_namespace(structure, dimension_at_observation))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<message:StructureSpecificData xmlns:message="{dialect.message}" xmlns:common="{dialect.common}"'
        f' xmlns:ss="{dialect.specific}" xmlns:ns1="{namespace}" xmlns:xsi="{XSI}">\n'
        "<message:Header>\n"
        f"<message:ID>{escaped(header.id)}</message:ID>\n"
        f"<message:Test>{str(header.test).lower()}</message:Test>\n"
        f"<message:Prepared>{moment(header)}</message:Prepared>\n"
        f'<message:Sender id="{escaped(header.sender)}"/>\n'
        + (f'<message:Receiver id="{escaped(header.receiver)}"/>\n' if header.receiver else "")
        + f'<message:Structure structureID="{_STRUCTURE_ID}" namespace="{namespace}"'
        f' dimensionAtObservation="{dimension_at_observation}">\n'
    )


def moment(header: Header) -> str:
    """When the message was prepared, in universal time: ``2026-11-24T09:12:00Z``."""
    return header.prepared.astimezone(UTC).isoformat().replace("+00:00", "Z")


def closing(dataflow: Dataflow, dialect: Dialect, action: Action) -> str:
    """The rest of the header, and the data set's opening tag but for its end."""
    scope = ' ss:dataScope="DataStructure"' if dialect.data_scope else ""
    return (
        f"<common:StructureUsage>{_reference(dataflow, dialect)}</common:StructureUsage>\n"
        "</message:Structure>\n"
        f"<message:DataSetAction>{action}</message:DataSetAction>\n"
        "</message:Header>\n"
        f'<message:DataSet xsi:type="ns1:DataSetType" ss:structureRef="{_STRUCTURE_ID}"{scope} ss:action="{action}"'
    )


def _reference(flow: Dataflow, dialect: Dialect) -> str:
    if not dialect.references:
        return escaped(str(flow.urn))
    return (
        f'<Ref agencyID="{escaped(flow.agency)}" id="{escaped(flow.id)}" version="{escaped(flow.version)}"'
        ' package="datastructure" class="Dataflow"/>'
    )

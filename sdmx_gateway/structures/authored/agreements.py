"""Provision agreements as they are authored: who provides the data of which flow, in ``agreements*.toml``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sdmx_gateway.structures.authored.home import Home
from sdmx_gateway.structures.authored.parts import ARTEFACT_WORDS, maintained
from sdmx_gateway.structures.authored.toml_table import Table, TomlFile
from sdmx_gateway.structures.model import Kind, MetadataProvisionAgreement, ProvisionAgreement

Agreement = ProvisionAgreement | MetadataProvisionAgreement


@dataclass(frozen=True)
class _Sort:
    """A sort of agreement: its class, the word for the flow it is about, and where its provider is listed."""

    of: type[Agreement]
    flow: str
    flow_kind: Kind
    providers: Kind


SORTS: Final = {
    "provision_agreement": _Sort(ProvisionAgreement, "dataflow", Kind.DATAFLOW, Kind.DATA_PROVIDER_SCHEME),
    "metadata_provision_agreement": _Sort(
        MetadataProvisionAgreement, "metadataflow", Kind.METADATAFLOW, Kind.METADATA_PROVIDER_SCHEME
    ),
}


def read_agreements(file: TomlFile, home: Home) -> Iterator[Agreement]:
    """The agreements of one file: ``[[provision_agreement]]`` and ``[[metadata_provision_agreement]]``."""
    root = file.root(SORTS)
    for word, sort in SORTS.items():
        for table in root.inner_tables(word, (*ARTEFACT_WORDS, "id", "provider", sort.flow)):
            yield from _agreement(table, home, sort)


def _agreement(table: Table, home: Home, sort: _Sort) -> Iterator[Agreement]:
    own_id, said = table.identifier(), maintained(table)
    flow = table.reference(sort.flow, sort.flow_kind, required=True)
    provider = table.item("provider", sort.providers, required=True)
    if own_id is None or flow is None or provider is None:
        return
    table.notes.refer(table.where("provider"), provider)
    agreement = sort.of(agency=home.agency, id=own_id, **said, flow=flow, provider=provider)
    table.notes.claim(agreement.urn, table.where())
    yield agreement

"""Agencies, data providers and data consumers as they are authored: ``agency.toml`` and ``organisations*.toml``.

The schemes of an agency have the ids and the version SDMX prescribes (3.0 Section 2, §4.6: from memory, to verify):
``DATA_PROVIDERS(1.0)``, ``DATA_CONSUMERS(1.0)``, ``METADATA_PROVIDERS(1.0)``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sdmx_gateway.structures.authored.home import Home
from sdmx_gateway.structures.authored.parts import NAME_WORDS, PROVENANCE, named
from sdmx_gateway.structures.authored.toml_table import Table, TomlFile
from sdmx_gateway.structures.checking.integrity import wrong_ids
from sdmx_gateway.structures.model import (
    Contact,
    DataConsumer,
    DataConsumerScheme,
    DataProvider,
    DataProviderScheme,
    MetadataProvider,
    MetadataProviderScheme,
    Text,
)

Scheme = DataProviderScheme | DataConsumerScheme | MetadataProviderScheme
ORGANISATION_WORDS: Final = ("id", *NAME_WORDS, *PROVENANCE, "contacts")
SCHEME_WORDS: Final = (*NAME_WORDS, *PROVENANCE)
CONTACT_WORDS: Final = ("id", "name", "department", "role", "telephones", "faxes", "emails", "uris")


@dataclass(frozen=True)
class _Kind:
    """A scheme of organisations: its class and id, the class of its members, and its name when none is written."""

    scheme: type[Any]
    id: str
    member: type[Any]
    names: Text


KINDS: Final = {
    "data_provider": _Kind(
        DataProviderScheme, "DATA_PROVIDERS", DataProvider, Text.of(fr="Fournisseurs de données", en="Data providers")
    ),
    "data_consumer": _Kind(
        DataConsumerScheme, "DATA_CONSUMERS", DataConsumer, Text.of(fr="Destinataires de données", en="Data consumers")
    ),
    "metadata_provider": _Kind(
        MetadataProviderScheme,
        "METADATA_PROVIDERS",
        MetadataProvider,
        Text.of(fr="Fournisseurs de métadonnées", en="Metadata providers"),
    ),
}


def read_organisations(file: TomlFile, home: Home) -> Iterator[Scheme]:
    """The schemes of one ``organisations*.toml``: ``[[data_provider]]`` …, and ``[data_provider_scheme]`` for the scheme."""
    root = file.root([word for kind in KINDS for word in (kind, f"{kind}_scheme")])
    for word, kind in KINDS.items():
        tables = root.inner_tables(word, ORGANISATION_WORDS)
        about = root.inner(f"{word}_scheme", SCHEME_WORDS)
        if tables or about is not None:
            said = {"names": kind.names} if about is None else named(about, required=False)
            said["names"] = said["names"] or kind.names
            members = tuple(member for table in tables if (member := organisation(table, kind.member)) is not None)
            scheme = kind.scheme(agency=home.agency, id=kind.id, **said, items=members)
            where = (tables[0] if about is None else about).where()
            file.notes.claim(scheme.urn, where)
            file.notes.problems.extend(wrong_ids(scheme, where))
            _check_repetition(tables)
            yield scheme


def organisation(table: Table, of: type[Any]) -> Any | None:
    """An organisation of a class; ``None`` and a problem when it has no id."""
    own_id, said = table.identifier(), named(table)
    contacts = tuple(map(_contact, table.inner_tables("contacts", CONTACT_WORDS)))
    return None if own_id is None else of(id=own_id, **said, contacts=contacts)


def _contact(table: Table) -> Contact:
    lists = {key: table.ids(key) if key in table.values else () for key in ("telephones", "faxes", "emails", "uris")}
    return Contact(
        id=table.text("id"),
        names=table.texts("name"),
        departments=table.texts("department"),
        roles=table.texts("role"),
        **lists,
    )


def _check_repetition(tables: list[Table]) -> None:
    seen: set[object] = set()
    for table in tables:
        own_id = table.values.get("id")
        if own_id in seen:
            what = f"{own_id!r} is written more than once"
            table.notes.add("duplicate-item", what, table.where("id"), wanted=str(own_id))
        seen.add(own_id)

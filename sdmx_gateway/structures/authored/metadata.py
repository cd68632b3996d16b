"""Metadata structures and metadata flows as they are authored: one ``metadata/<ID>.toml`` each.

Attributes lie under each other by ``parent``; what they are about is said by the flow, ``targets = ["Dataflow=ESTAT:*(*)"]``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from sdmx_gateway.errors import StructureError
from sdmx_gateway.structures.authored.home import Home
from sdmx_gateway.structures.authored.notes import Held, concept_named
from sdmx_gateway.structures.authored.parts import ARTEFACT_WORDS, annotated, maintained
from sdmx_gateway.structures.authored.toml_table import Table, TomlFile
from sdmx_gateway.structures.authored.values import OCCURRENCES, REPRESENTATION_WORDS, occurrences, representation
from sdmx_gateway.structures.checking.integrity import wrong_ids
from sdmx_gateway.structures.model import Kind, MetadataAttribute, Metadataflow, MetadataStructure, Representation, Urn

FILE_WORDS: Final = ("structure", "attribute", "metadataflow")
STRUCTURE_WORDS: Final = (*ARTEFACT_WORDS, "id", "concepts")
ATTRIBUTE_WORDS: Final = ("id", "parent", "concept", "presentational", "annotations", *REPRESENTATION_WORDS)
FLOW_WORDS: Final = (*ARTEFACT_WORDS, "id", "targets")


def read_metadata_structure(file: TomlFile, home: Home, held: Held) -> Iterator[MetadataStructure | Metadataflow]:
    """The metadata structure of one file and its flows; nothing when the file has no usable ``[structure]``."""
    root = file.root(FILE_WORDS)
    top = file.table("structure", file.values.get("structure"), STRUCTURE_WORDS)
    if top is None:
        return
    own_id, said = top.identifier(), maintained(top)
    scheme = top.reference("concepts", Kind.CONCEPT_SCHEME, required=True)
    tables = root.inner_tables("attribute", ATTRIBUTE_WORDS)
    if own_id is None or scheme is None:
        return
    structure = MetadataStructure(agency=home.agency, id=own_id, **said, attributes=_attributes(tables, scheme, held))
    top.notes.claim(structure.urn, top.where())
    top.notes.problems.extend(wrong_ids(structure, top.where()))
    yield structure
    for table in root.inner_tables("metadataflow", FLOW_WORDS):
        yield from _flow(table, home, structure.urn)


def _attributes(tables: Sequence[Table], scheme: Urn, held: Held) -> tuple[MetadataAttribute, ...]:
    """The attributes, those with a ``parent`` under it; each must stand after its parent."""
    below: dict[str, list[MetadataAttribute]] = {}
    known: list[str] = []
    for table in tables:
        own_id, parent = table.identifier(), table.text("parent") or ""
        if own_id is None:
            continue
        if own_id in known:
            table.notes.add("duplicate-item", f"{own_id!r} is there twice", table.where("id"), wanted=own_id)
            continue
        if parent and parent not in known:
            what = f"{own_id!r} lies under {parent!r}, which does not stand before it"
            table.notes.add("orphan-item", what, table.where("parent"), near=known, wanted=parent)
        known.append(own_id)
        below.setdefault(parent, []).append(_attribute(table, own_id, scheme, held))
    return _under("", below)


def _under(parent: str, below: dict[str, list[MetadataAttribute]]) -> tuple[MetadataAttribute, ...]:
    return tuple(replace(found, attributes=_under(found.id, below)) for found in below.pop(parent, ()))


def _attribute(table: Table, own_id: str, scheme: Urn, held: Held) -> MetadataAttribute:
    """One attribute: how often it may be given is said of it, not of its values as elsewhere."""
    concept = table.item("concept", Kind.CONCEPT_SCHEME) or replace(scheme, item=own_id)
    table.notes.refer(table.where("concept" if "concept" in table.values else "id"), concept)
    known, own = concept_named(held, concept), representation(table, occurs=False)
    core = (None if known is None else known.representation) or Representation()
    often = occurrences(table)
    if own is None and not any(word in table.values for word in OCCURRENCES):
        often = {"min_occurs": core.min_occurs, "max_occurs": core.max_occurs}
    return MetadataAttribute(
        id=own_id,
        concept=concept,
        representation=own or replace(core, min_occurs=1, max_occurs=1),
        annotations=tuple(annotated(table)),
        is_presentational=table.flag("presentational"),
        **often,
    )


def _flow(table: Table, home: Home, structure: Urn) -> Iterator[Metadataflow]:
    own_id, said = table.identifier(), maintained(table)
    found = (_target(table, target) for target in table.ids("targets"))
    targets = tuple(target for target in found if target is not None)
    if own_id is None:
        return
    flow = Metadataflow(agency=home.agency, id=own_id, **said, structure=structure, targets=targets)
    table.notes.claim(flow.urn, table.where())
    yield flow


def _target(table: Table, text: str) -> Urn | None:
    """What metadata may be about: ``Dataflow=ESTAT:CRIM_GEN_REG(1.0)``, with ``*`` for any agency, id or version."""
    kinds = {kind.value: kind for kind in Kind}
    word, _, name = text.partition("=")
    kind = kinds.get(word)
    if kind is None:
        what = f"{word!r} is no kind of artefact"
        table.notes.add("unknown-word", what, table.where("targets"), near=kinds, wanted=word)
        return None
    try:
        urn = Urn.short_form(kind, name)
    except StructureError:
        table.misread("targets", text, 'of the form "Dataflow=AGENCY:ID(VERSION)"')
        return None
    if not urn.is_open:
        table.notes.refer(table.where("targets"), urn)
    return urn

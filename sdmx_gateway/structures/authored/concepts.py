"""Concept schemes as they are authored: ``[SCHEME]`` and ``[SCHEME.concept.ID]`` tables of ``concepts*.toml``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sdmx_gateway.structures.authored.home import Home
from sdmx_gateway.structures.authored.parts import ARTEFACT_WORDS, NAME_WORDS, maintained, named
from sdmx_gateway.structures.authored.toml_table import Table, TomlFile
from sdmx_gateway.structures.authored.values import REPRESENTATION_WORDS, representation
from sdmx_gateway.structures.checking.integrity import wrong_ids
from sdmx_gateway.structures.model import Concept, ConceptScheme, IsoConcept
from sdmx_gateway.structures.order import parents_first

SCHEME_WORDS: Final = (*ARTEFACT_WORDS, "partial", "concept")
CONCEPT_WORDS: Final = (*NAME_WORDS, "parent", "iso", *REPRESENTATION_WORDS)
ISO_WORDS: Final = ("agency", "scheme", "concept")


def read_concept_schemes(file: TomlFile, home: Home) -> list[ConceptScheme]:
    """The concept schemes of one file."""
    tables = (file.table(scheme_id, values, SCHEME_WORDS) for scheme_id, values in file.values.items())
    return [_scheme(table, home.agency) for table in tables if table is not None]


def _scheme(table: Table, agency: str) -> ConceptScheme:
    scheme = ConceptScheme(
        agency=agency,
        id=table.header,
        **maintained(table),
        items=parents_first(tuple(_concepts(table))),
        is_partial=table.flag("partial"),
    )
    table.notes.claim(scheme.urn, table.where())
    _check_parents(table, scheme)
    table.notes.problems.extend(wrong_ids(scheme, table.where()))
    return scheme


def _concepts(scheme: Table) -> Iterator[Concept]:
    entries = scheme.values.get("concept", {})
    if not isinstance(entries, dict):
        remedy = f"write [{scheme.header}.concept.FREQ]"
        scheme.notes.add("wrong-value", "concept is no table", scheme.where("concept"), remedy=remedy)
        return
    for concept_id, values in entries.items():
        table = scheme.file.table(f"{scheme.path}.concept.{concept_id}", values, CONCEPT_WORDS)
        if table is not None:
            yield Concept(
                id=concept_id,
                **named(table),
                parent=table.text("parent"),
                representation=representation(table),
                iso=_iso(table),
            )


def _iso(table: Table) -> IsoConcept | None:
    entry = table.inner("iso", ISO_WORDS)
    if entry is None:
        return None
    agency, scheme, concept = (entry.text(key, required=True) or "" for key in ISO_WORDS)
    return IsoConcept(agency=agency, scheme=scheme, concept=concept)


def _check_parents(table: Table, scheme: ConceptScheme) -> None:
    known = list(scheme.by_id)
    for concept in scheme.items:
        if concept.parent is not None and concept.parent not in known and not scheme.is_partial:
            what = f"{concept.id!r} lies under {concept.parent!r}, which the scheme does not have"
            where = table.where(f"concept.{concept.id}.parent")
            table.notes.add("orphan-item", what, where, near=known, wanted=concept.parent)

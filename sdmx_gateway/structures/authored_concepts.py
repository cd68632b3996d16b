"""Concept schemes as they are authored: ``[SCHEME]`` and ``[SCHEME.concept.ID]`` tables of ``concepts*.toml``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sdmx_gateway.structures.check import wrong_ids
from sdmx_gateway.structures.model import Concept, ConceptScheme, DataType, Kind, Representation
from sdmx_gateway.structures.order import parents_first
from sdmx_gateway.structures.toml_table import Table, TomlFile

SCHEME_WORDS: Final = ("version", "name", "description", "annotations", "concept")
REPRESENTATION_WORDS: Final = ("codelist", "type", "max_length", "multiple")
CONCEPT_WORDS: Final = ("name", "description", "parent", "annotations", *REPRESENTATION_WORDS)


def read_concept_schemes(file: TomlFile, agency: str) -> list[ConceptScheme]:
    """The concept schemes of one file."""
    tables = (file.table(scheme_id, values, SCHEME_WORDS) for scheme_id, values in file.values.items())
    return [_scheme(table, agency) for table in tables if table is not None]


def _scheme(table: Table, agency: str) -> ConceptScheme:
    scheme = ConceptScheme(
        agency=agency,
        id=table.header,
        version=table.version(),
        names=table.texts("name", required=True),
        descriptions=table.texts("description"),
        annotations=tuple(table.annotations()),
        items=parents_first(tuple(_concepts(table))),
    )
    _check_parents(table, scheme.items)
    table.notes.problems.extend(wrong_ids(scheme, table.where()))
    return scheme


def _concepts(scheme: Table) -> Iterator[Concept]:
    entries = scheme.values.get("concept", {})
    if not isinstance(entries, dict):
        scheme.notes.add(
            "wrong-value",
            "concept is no table",
            scheme.where("concept"),
            remedy=f"write [{scheme.header}.concept.FREQ]",
        )
        return
    for concept_id, values in entries.items():
        table = scheme.file.table(f"{scheme.header}.concept.{concept_id}", values, CONCEPT_WORDS)
        if table is not None:
            yield Concept(
                id=concept_id,
                names=table.texts("name", required=True),
                descriptions=table.texts("description"),
                parent=table.text("parent"),
                annotations=tuple(table.annotations()),
                representation=representation(table),
            )


def _check_parents(scheme: Table, concepts: tuple[Concept, ...]) -> None:
    known = [concept.id for concept in concepts]
    for concept in concepts:
        if concept.parent is not None and concept.parent not in known:
            text = f"{concept.id!r} lies under {concept.parent!r}, which the scheme does not have"
            scheme.notes.add("orphan-item", text, scheme.where("concept"), near=known, wanted=concept.parent)


def representation(table: Table) -> Representation | None:
    """The representation a table writes with ``codelist`` or ``type``; ``None`` when it writes neither."""
    codelist = table.reference("codelist", Kind.CODELIST)
    data_type = table.word("type", [t.value for t in DataType])
    if "codelist" in table.values and "type" in table.values:
        table.notes.add(
            "wrong-value", "codelist and type cannot both be given", table.where("type"), remedy="keep one of them"
        )
    if codelist is None and data_type is None:
        return None
    return Representation(
        codelist=codelist,
        data_type=DataType(data_type or DataType.STRING),
        max_length=table.number("max_length"),
        max_occurs=None if table.flag("multiple") else 1,
    )

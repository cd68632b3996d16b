"""What a dialect cannot say: looked for before a byte is written, and refused with every reason at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from sdmx_gateway.errors import Problem, StructureError, Where
from sdmx_gateway.structures.check import structure_problems, wrong_ids
from sdmx_gateway.structures.dialects import PRIMARY_MEASURE, UNCODED_ONLY, Dialect
from sdmx_gateway.structures.model import (
    AgencyScheme,
    Annotation,
    Artefact,
    Codelist,
    Component,
    ConceptScheme,
    Dataflow,
    DataStructure,
    DataType,
    Item,
    Kind,
    Representation,
)
from sdmx_gateway.structures.references import references
from sdmx_gateway.structures.xml_text import forbidden_character

_REFERENCES: Final = {(Kind.CONCEPT_SCHEME, True), (Kind.CODELIST, False), (Kind.DATA_STRUCTURE, False)}
"""What is ever referred to: a concept in its scheme, a code list, a structure."""
_LANGUAGE: Final = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")  # xs:language (W3C XML Schema Part 2, §3.3.3)
_URL: Final = re.compile(
    r"""(?:[A-Za-z][A-Za-z0-9+.\-]*:(?=[^/]|/[^/]|//|$)|(?![^/?#]*:))       # a scheme, or no colon before the path
        (?://(?:[^/?#\[\]%@:\s]*@)?[^/?#\[\]%:@\s]*(?::\d+)?(?=[/?#]|$)|(?!//))  # an authority
        (?:[^#\[\]%\s]|%[0-9A-Fa-f]{2})*(?:\#(?:[^#\[\]%\s]|%[0-9A-Fa-f]{2})*)?  # path, query, fragment""",
    re.VERBOSE,
)
"""A URI reference (RFC 3986 §4.1) with characters outside ASCII as they are: what xs:anyURI takes, hosts in brackets apart."""
_TIME: Final = Representation(data_type=DataType.OBSERVATIONAL_TIME_PERIOD)


def refuse_unwritable(artefact: Artefact, dialect: Dialect) -> None:
    """Return if the dialect can say all of the artefact.

    Raises:
        StructureError: it cannot; ``why`` gives every reason.
    """
    where = Where(key=str(artefact.urn))
    reasons = [problem.what for problem in _reasons(artefact, dialect, where)]
    if reasons:
        raise StructureError(
            f"{artefact.urn.short} cannot be written in SDMX-ML {dialect.version}", where=where, why="; ".join(reasons)
        )


def _reasons(artefact: Artefact, dialect: Dialect, where: Where) -> Iterator[Problem]:
    yield from wrong_ids(artefact, where)
    if not dialect.versions.fullmatch(artefact.version):
        yield Problem("wrong-version", f"version {artefact.version} does not exist there", where)
    yield from _texts(artefact, artefact.id, where)
    for owner, target in references(artefact):
        if (target.kind, bool(target.item)) not in _REFERENCES:
            yield Problem("wrong-reference", f"{owner} refers to {target}, which is no such thing", where)
    if isinstance(artefact, AgencyScheme) and (artefact.id, artefact.version) != ("AGENCIES", "1.0"):
        yield Problem("wrong-id", "an agency scheme is always AGENCIES(1.0)", where)
    if isinstance(artefact, DataStructure):
        yield from structure_problems(artefact, where)
        yield from _structure(artefact, dialect, where)
    elif not isinstance(artefact, Dataflow):
        yield from _scheme(artefact, where)


def _scheme(scheme: AgencyScheme | Codelist | ConceptScheme, where: Where) -> Iterator[Problem]:
    for item in scheme.items:
        yield from _texts(item, item.id, where)
    ids = [item.id for item in scheme.items]
    if len(set(ids)) != len(ids):
        yield Problem("duplicate-item", "an item is listed more than once", where)
    if isinstance(scheme, ConceptScheme):
        for concept in scheme.items:
            if concept.representation is not None:
                yield from _representation(concept.id, concept.representation, where)
                if concept.representation.max_occurs != 1:
                    yield Problem("several-values", f"concept {concept.id} cannot have several values", where)


def _structure(structure: DataStructure, dialect: Dialect, where: Where) -> Iterator[Problem]:
    measures = [measure.id for measure in structure.measures]
    if not dialect.several_measures and measures != [PRIMARY_MEASURE]:
        found = ", ".join(measures) or "none"
        yield Problem("several-measures", f"it has one measure, {PRIMARY_MEASURE}; this one has {found}", where)
    for component in structure.components.values():
        yield from _annotations(component.annotations, component.id, where)
        yield from _representation(component.id, component.representation, where)
        if component.representation.max_occurs != 1 and not dialect.multi_valued:
            yield Problem("several-values", f"{component.id} may have several values, which it cannot say", where)
    for dimension in structure.dimensions:
        yield from _dimension(dimension, dimension.is_time, where)
    for group in structure.groups:
        if not group.dimensions:
            yield Problem("no-dimension", f"group {group.id} has no dimension", where)


def _dimension(dimension: Component, is_time: bool, where: Where) -> Iterator[Problem]:
    representation = dimension.representation
    if representation.max_occurs != 1:
        yield Problem("several-values", f"dimension {dimension.id} cannot have several values", where)
    if is_time and representation != _TIME:
        yield Problem("wrong-type", f"{dimension.id} takes time periods only", where)


def _representation(owner: str, representation: Representation, where: Where) -> Iterator[Problem]:
    if representation.is_coded and representation.data_type in UNCODED_ONLY:
        yield Problem("wrong-type", f"{owner} is coded: its codes cannot be {representation.data_type}", where)


def _texts(named: Artefact | Item, owner: str, where: Where) -> Iterator[Problem]:
    yield from _legal(named.names, f"the name of {owner}", where)
    yield from _legal(named.descriptions, f"the description of {owner}", where)
    yield from _annotations(named.annotations, owner, where)


def _annotations(annotations: tuple[Annotation, ...], owner: str, where: Where) -> Iterator[Problem]:
    for note in annotations:
        parts = (note.id, note.type, note.title, note.url, note.value)
        yield from _legal(((None, part) for part in parts if part), f"an annotation of {owner}", where)
        yield from _legal(note.text, f"an annotation of {owner}", where)
        if note.url is not None and not _URL.fullmatch(note.url):
            yield Problem("wrong-url", f"an annotation of {owner} has {note.url!r} for a URL, which is none", where)


def _legal(text: Iterable[tuple[str | None, str]], what: str, where: Where) -> Iterator[Problem]:
    for language, words in text:
        if language is not None and not _LANGUAGE.fullmatch(language):
            yield Problem("wrong-language", f"{what} is in {language!r}, which is no language", where)
        forbidden = forbidden_character(words)
        if forbidden is not None:
            yield Problem("forbidden-character", f"{what} holds {forbidden}, which XML cannot carry", where)

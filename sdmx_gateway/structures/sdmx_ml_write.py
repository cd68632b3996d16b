"""Writing structure messages in SDMX-ML 2.1, 3.0 and 3.1: the model walked once, the dialect asked for the words.

What is promised is that every message is valid against the official schema of its version and says all the model says;
what a version cannot say is refused before anything is written (:mod:`sdmx_gateway.structures.writable`). Two things
are the schemas' own: an artefact or item without a name is given its id as one, since a name is required, and 2.1 does
not say whether the measure is mandatory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from lxml import etree

from sdmx_gateway.errors import StructureError
from sdmx_gateway.structures.catalogue import Catalogue
from sdmx_gateway.structures.dialects import PARENT_ANNOTATION, Dialect, dialect_named
from sdmx_gateway.structures.header import Header
from sdmx_gateway.structures.model import (
    AgencyScheme,
    Annotation,
    Artefact,
    Codelist,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructure,
    Item,
    Kind,
    Text,
)
from sdmx_gateway.structures.order import parents_first
from sdmx_gateway.structures.sdmx_ml_write_components import write_components
from sdmx_gateway.structures.writable import refuse_unwritable
from sdmx_gateway.structures.xml_parts import (
    COMMON,
    MESSAGE,
    STRUCTURE,
    Element,
    child,
    write_annotations,
    write_local,
    write_reference,
    write_representation,
    write_texts,
)

_ID: Final = re.compile(r"[A-Za-z0-9_@$\-]+")
_ITEM_ELEMENTS: Final[Mapping[Kind, str]] = {
    Kind.AGENCY_SCHEME: "Agency",
    Kind.CODELIST: "Code",
    Kind.CONCEPT_SCHEME: "Concept",
}


def write_structures(artefacts: Iterable[Artefact], version: str, header: Header) -> bytes:
    """A structure message, UTF-8, valid against the schema of its version.

    Args:
        artefacts: what it holds, in any order; one that comes twice is written once.
        version: ``2.1``, ``3.0`` or ``3.1``.
        header: who sends it and when it was prepared.

    Raises:
        StructureError: there is no such version; two different artefacts have one URN; or the version cannot say what an
            artefact says (several measures and multi-valued components in 2.1, for one): every reason is given.
    """
    dialect = dialect_named(version)
    held = tuple(Catalogue.of(artefacts))
    for artefact in held:
        refuse_unwritable(artefact, dialect)
    spaces = {
        prefix: dialect.namespace(part) for prefix, part in (("mes", MESSAGE), ("str", STRUCTURE), ("com", COMMON))
    }
    root = etree.Element(dialect.tag(MESSAGE, "Structure"), nsmap=spaces)
    _write_header(root, dialect, header)
    if held:
        structures = child(root, dialect, MESSAGE, "Structures")
        for kind, container in dialect.containers.items():
            of_kind = [artefact for artefact in held if artefact.KIND is kind]
            if of_kind:
                parent = child(structures, dialect, STRUCTURE, container)
                for artefact in of_kind:
                    _write_artefact(parent, dialect, artefact)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _write_header(root: Element, dialect: Dialect, header: Header) -> None:
    parts = {"id": header.id, "sender": header.sender, "receiver": header.receiver or "_"}
    wrong = [f"{name} {value!r}" for name, value in parts.items() if not _ID.fullmatch(value)]
    if wrong:
        raise StructureError(f"the header cannot carry {', '.join(wrong)}", remedy="letters, digits, _ @ $ - only")
    element = child(root, dialect, MESSAGE, "Header")
    child(element, dialect, MESSAGE, "ID").text = header.id
    child(element, dialect, MESSAGE, "Test").text = "true" if header.test else "false"
    child(element, dialect, MESSAGE, "Prepared").text = header.prepared.isoformat(timespec="seconds")
    child(element, dialect, MESSAGE, "Sender", id=header.sender)
    if header.receiver is not None:
        child(element, dialect, MESSAGE, "Receiver", id=header.receiver)


def _write_artefact(container: Element, dialect: Dialect, artefact: Artefact) -> None:
    attributes = {"id": artefact.id, "urn": str(artefact.urn), "agencyID": artefact.agency}
    if dialect.scheme_version or not isinstance(artefact, AgencyScheme):
        attributes["version"] = artefact.version
    element = child(container, dialect, STRUCTURE, artefact.KIND.value, **attributes)
    _write_nameable(element, dialect, artefact)
    if isinstance(artefact, DataStructure):
        write_components(element, dialect, artefact)
    elif isinstance(artefact, Dataflow):
        write_reference(child(element, dialect, STRUCTURE, "Structure"), dialect, artefact.structure)
    else:
        if artefact.is_partial:
            element.set("isPartial", "true")
        _write_items(element, dialect, artefact)


def _write_nameable(element: Element, dialect: Dialect, named: Artefact | Item, *more: Annotation) -> None:
    write_annotations(element, dialect, (*named.annotations, *more))
    write_texts(element, dialect, "Name", named.names or Text.of(en=named.id))
    write_texts(element, dialect, "Description", named.descriptions)


def _write_items(scheme_element: Element, dialect: Dialect, scheme: AgencyScheme | Codelist | ConceptScheme) -> None:
    items: tuple[Item, ...] = parents_first(scheme.items)
    for item in items:
        sayable = item.parent is None or dialect.says_parent(scheme.KIND, item.parent)
        element = child(scheme_element, dialect, STRUCTURE, _ITEM_ELEMENTS[scheme.KIND], id=item.id)
        aside = () if sayable else (Annotation(type=PARENT_ANNOTATION, title=item.parent),)
        _write_nameable(element, dialect, item, *aside)
        if item.parent is not None and sayable:
            write_local(child(element, dialect, STRUCTURE, "Parent"), dialect, item.parent)
        if isinstance(item, Concept) and item.representation is not None:
            write_representation(element, dialect, "CoreRepresentation", item.representation)

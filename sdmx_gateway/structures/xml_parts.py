"""The pieces every artefact is written with: texts, annotations, references and representations.

Text goes through lxml's tree and never through string formatting: what a name holds cannot break the message.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from lxml import etree

from sdmx_gateway.structures.dialects import Dialect
from sdmx_gateway.structures.model import Annotation, DataType, Kind, Representation, Text, Urn

MESSAGE: Final = "message"
STRUCTURE: Final = "structure"
COMMON: Final = "common"
LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
UNBOUNDED: Final = "unbounded"
_ITEM_CLASS: Final = {Kind.CONCEPT_SCHEME: "Concept", Kind.CODELIST: "Code", Kind.AGENCY_SCHEME: "Agency"}

Element = etree._Element  # noqa: SLF001  (the class lxml has no public name for)


def child(parent: Element, dialect: Dialect, part: str, name: str, **attributes: str) -> Element:
    """A new last child of ``parent``, in the namespace of ``part``."""
    return etree.SubElement(parent, dialect.tag(part, name), attributes)


def write_texts(parent: Element, dialect: Dialect, name: str, text: Text) -> None:
    """One ``Name``, ``Description`` or ``AnnotationText`` per language."""
    for language, words in text:
        child(parent, dialect, COMMON, name, **{LANGUAGE: language}).text = words


def write_annotations(parent: Element, dialect: Dialect, annotations: Iterable[Annotation]) -> None:
    """The annotations; where there is no ``AnnotationValue`` a value becomes a title, of a second one if need be."""
    spelt = [
        part for note in annotations for part in (_without_value(note) if not dialect.annotation_value else (note,))
    ]
    if not spelt:
        return
    container = child(parent, dialect, COMMON, "Annotations")
    for note in spelt:
        element = child(container, dialect, COMMON, "Annotation", **({} if note.id is None else {"id": note.id}))
        for name, value in (
            ("AnnotationTitle", note.title),
            ("AnnotationType", note.type),
            ("AnnotationURL", note.url),
        ):
            if value is not None:
                child(element, dialect, COMMON, name).text = value
        write_texts(element, dialect, "AnnotationText", note.text)
        if note.value is not None:
            child(element, dialect, COMMON, "AnnotationValue").text = note.value


def _without_value(note: Annotation) -> tuple[Annotation, ...]:
    if note.value is None:
        return (note,)
    if note.title is None:
        return (Annotation(note.id, note.type, note.value, note.url, note.text),)
    return (Annotation(note.id, note.type, note.title, note.url, note.text), Annotation(None, note.type, note.value))


def write_reference(element: Element, dialect: Dialect, urn: Urn) -> None:
    """A reference to an artefact, or to an item of one, inside ``element``."""
    if dialect.references_are_urns:
        element.text = str(urn)
    elif urn.item is None:
        ref = {"id": urn.id, "version": urn.version, "agencyID": urn.agency}
        etree.SubElement(element, "Ref", {**ref, "package": urn.kind.package, "class": urn.kind.value})
    else:
        ref = {"id": urn.item, "maintainableParentID": urn.id, "maintainableParentVersion": urn.version}
        of_class = {"package": urn.kind.package, "class": _ITEM_CLASS[urn.kind]}
        etree.SubElement(element, "Ref", {**ref, "agencyID": urn.agency, **of_class})


def write_local(element: Element, dialect: Dialect, local_id: str) -> None:
    """A reference to something of the same artefact: a parent, a dimension, a group."""
    if dialect.references_are_urns:
        element.text = local_id
    else:
        etree.SubElement(element, "Ref", {"id": local_id})


def write_representation(parent: Element, dialect: Dialect, name: str, representation: Representation) -> None:
    """What values are taken: ``LocalRepresentation`` or ``CoreRepresentation``."""
    element = child(parent, dialect, STRUCTURE, name)
    if representation.max_occurs != 1:
        element.set("maxOccurs", UNBOUNDED if representation.max_occurs is None else str(representation.max_occurs))
    facets = {} if representation.max_length is None else {"maxLength": str(representation.max_length)}
    if representation.codelist is None:
        child(element, dialect, STRUCTURE, "TextFormat", textType=representation.data_type.value, **facets)
        return
    write_reference(child(element, dialect, STRUCTURE, "Enumeration"), dialect, representation.codelist)
    if representation.data_type is not DataType.STRING:
        facets = {"textType": representation.data_type.value, **facets}
    if facets:
        child(element, dialect, STRUCTURE, "EnumerationFormat", **facets)

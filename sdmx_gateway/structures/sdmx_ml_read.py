"""Reading structure messages in SDMX-ML 2.1, 3.0 and 3.1, as they really come.

Tolerated: a BOM, a ``Ref`` without its class, a URN instead of one, items before their parents, nested items, code
lists that are elsewhere, components that leave their values to their concept. Not tolerated: a DOCTYPE, an artefact
without a name to call it by, a reference that names nothing. What the model does not hold is told, never just dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypedDict

from sdmx_gateway.errors import MessageRejected, Problem, StructureError, Where
from sdmx_gateway.structures.dialects import DIALECTS, PARENT_ANNOTATION, message_spaces
from sdmx_gateway.structures.model import (
    Agency,
    AgencyScheme,
    Annotation,
    Artefact,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructure,
    Kind,
    Representation,
    Text,
    Urn,
)
from sdmx_gateway.structures.order import parents_first
from sdmx_gateway.structures.reading import (
    DEFAULT_VERSION,
    Reading,
    children,
    first,
    name_of,
    read_annotations,
    read_local,
    read_reference,
    read_representation,
    read_texts,
    row_of,
)
from sdmx_gateway.structures.sdmx_ml_read_components import read_components
from sdmx_gateway.structures.xml_guard import Element, parse_guarded

_ITEM_ELEMENTS: Final[Mapping[str, Kind]] = {
    "Agency": Kind.AGENCY_SCHEME,
    "Code": Kind.CODELIST,
    "Concept": Kind.CONCEPT_SCHEME,
}
_READ_ITEM_PARTS: Final = frozenset(
    {"Annotations", "Name", "Description", "Parent", "CoreRepresentation", *_ITEM_ELEMENTS}
)
_READ_ARTEFACT_PARTS: Final = frozenset(
    {"Annotations", "Name", "Description", "Structure", "DataStructureComponents", *_ITEM_ELEMENTS}
)


def read_structures(data: bytes) -> tuple[Artefact, ...]:
    """The artefacts of a structure message, in its order.

    Args:
        data: the message, in UTF-8, with or without a BOM (or UTF-16 with one, or a Latin encoding it declares).

    Raises:
        MessageRejected: it cannot be read; every reason is given, with its line.
    """
    return read_structures_reporting(data)[0]


def read_structures_reporting(
    data: bytes, *, known: Iterable[ConceptScheme] = ()
) -> tuple[tuple[Artefact, ...], tuple[Problem, ...]]:
    """Like :func:`read_structures`, with what was skipped, left out or repaired (``code`` says which of the three).

    Args:
        data: the message.
        known: concept schemes that are held already: components take the values of their concepts when the message
            itself does not bring them.
    """
    root = parse_guarded(data)
    reading = _open(root)
    elements = [found for container in _containers(root) for found in children(container)]
    for element in elements:
        kind, name = _kind(element), _identification(element)
        if kind is not None and name is not None:
            reading.held.setdefault((kind, name[0], name[1]), []).append(name[2])
    read: dict[int, Artefact] = {}
    cores = dict(_cores(known))
    for is_first in (True, False):  # concepts before the structures that take their values from them
        for position, element in enumerate(elements):
            if (_kind(element) is Kind.CONCEPT_SCHEME) is is_first:
                artefact = _artefact(element, cores, reading)
                if artefact is not None:
                    read[position] = artefact
                    cores.update(_cores([artefact] if isinstance(artefact, ConceptScheme) else []))
    if reading.errors:
        raise MessageRejected("the structure message cannot be read", reading.errors)
    return tuple(read[position] for position in sorted(read)), reading.all_notes()


def _open(root: Element) -> Reading:
    """The account of a message, once it is known to be a structure message of a version that is read."""
    space, _, name = str(root.tag).removeprefix("{").rpartition("}")
    dialect = message_spaces().get(space)
    if dialect is None or name != "Structure":
        what = f"it is {name!r} of namespace {space!r}, no SDMX-ML structure message of {', '.join(DIALECTS)}"
        raise MessageRejected(
            "the message cannot be read", [Problem("not-a-structure-message", what, Where(row=row_of(root)))]
        )
    return Reading(dialect)


def _containers(root: Element) -> Iterator[Element]:
    for structures in children(root, "Structures"):
        yield from children(structures)


def _kind(element: Element) -> Kind | None:
    name = name_of(element)
    return Kind(name) if name in set(Kind) else None


def _identification(element: Element) -> tuple[str, str, str] | None:
    """Agency, id and version, from the attributes, else from the URN."""
    agency, own_id, version = (element.get(name) for name in ("agencyID", "id", "version"))
    if (agency is None or own_id is None) and "urn" in element.attrib:
        try:
            urn = Urn.parse(element.get("urn", ""))
        except (StructureError, ValueError):
            return None
        agency, own_id, version = agency or urn.agency, own_id or urn.id, version or urn.version
    return None if agency is None or own_id is None else (agency, own_id, version or DEFAULT_VERSION)


def _artefact(element: Element, cores: Mapping[Urn, Representation], reading: Reading) -> Artefact | None:
    kind, name = _kind(element), _identification(element)
    label = f"{name_of(element)} {element.get('agencyID', '?')}:{element.get('id', '?')}"
    if kind is None:
        reading.skipped(f"{label} is of a kind that is not held", element)
        return None
    if element.get("isExternalReference") == "true":
        reading.skipped(f"{label} only says that it is elsewhere", element)
        return None
    if name is None:
        reading.wrong("no-identification", f"{label} has no agency or no id", element)
        return None
    try:
        Urn(kind, *name)
    except StructureError as error:
        reading.wrong("wrong-id", error.what, element)
        return None
    for part in children(element):
        if name_of(part) not in _READ_ARTEFACT_PARTS:
            reading.left_out(element, name_of(part))
    named = _named(element, name, reading)
    if kind is Kind.DATA_STRUCTURE:
        return DataStructure(**named, **read_components(element, cores, reading))
    return _READERS[kind](element, named, reading)


class _Named(TypedDict):
    """What every maintained artefact has, as keyword arguments of its class."""

    agency: str
    id: str
    version: str
    names: Text
    descriptions: Text
    annotations: tuple[Annotation, ...]


class _NamedItem(TypedDict):
    """What every item has, as keyword arguments of its class."""

    id: str
    names: Text
    descriptions: Text
    parent: str | None
    annotations: tuple[Annotation, ...]


def _named(element: Element, name: tuple[str, str, str], reading: Reading) -> _Named:
    return {
        "agency": name[0],
        "id": name[1],
        "version": name[2],
        "names": read_texts(element, "Name"),
        "descriptions": read_texts(element, "Description"),
        "annotations": read_annotations(element, reading),
    }


def _agency_scheme(element: Element, named: _Named, reading: Reading) -> AgencyScheme:
    items = parents_first(tuple(Agency(**parts) for _, parts in _items(element, Kind.AGENCY_SCHEME, reading)))
    return AgencyScheme(**named, items=items, is_partial=_is_partial(element))


def _codelist(element: Element, named: _Named, reading: Reading) -> Codelist:
    items = parents_first(tuple(Code(**parts) for _, parts in _items(element, Kind.CODELIST, reading)))
    return Codelist(**named, items=items, is_partial=_is_partial(element))


def _concept_scheme(element: Element, named: _Named, reading: Reading) -> ConceptScheme:
    found = _items(element, Kind.CONCEPT_SCHEME, reading)
    concepts = (
        Concept(**parts, representation=read_representation(first(item, "CoreRepresentation"), reading))
        for item, parts in found
    )
    return ConceptScheme(**named, items=parents_first(tuple(concepts)), is_partial=_is_partial(element))


def _dataflow(element: Element, named: _Named, reading: Reading) -> Dataflow | None:
    reference = first(element, "Structure")
    if reference is None:
        reading.skipped(f"Dataflow {named['agency']}:{named['id']} says not which structure it is of", element)
        return None
    structure = read_reference(reference, Kind.DATA_STRUCTURE, reading)
    if structure is not None and (structure.kind is not Kind.DATA_STRUCTURE or structure.item is not None):
        reading.wrong("wrong-reference", f"{structure.short} is no data structure", reference)
        return None
    return None if structure is None else Dataflow(**named, structure=structure)


def _is_partial(element: Element) -> bool:
    return element.get("isPartial") == "true"


def _items(
    scheme: Element, kind: Kind, reading: Reading, *, parent: str | None = None
) -> Iterator[tuple[Element, _NamedItem]]:
    """Every item of a scheme with its parts; one nested in another lies under it."""
    for element in children(scheme):
        if _ITEM_ELEMENTS.get(name_of(element)) is not kind:
            continue
        item_id = element.get("id")
        if not item_id:
            reading.wrong("no-identification", f"a {name_of(element)} has no id", element)
            continue
        for part in children(element):
            if name_of(part) not in _READ_ITEM_PARTS:
                reading.left_out(element, name_of(part))
        yield element, _item(element, item_id, kind, reading, parent=parent)
        yield from _items(element, kind, reading, parent=item_id)


def _item(element: Element, item_id: str, kind: Kind, reading: Reading, *, parent: str | None) -> _NamedItem:
    above = first(element, "Parent")
    annotations = read_annotations(element, reading)
    lies_under = (read_local(above) or None) if above is not None else parent
    if lies_under is None:
        lies_under, annotations = _parent_aside(annotations, kind, reading)
    return {
        "id": item_id,
        "names": read_texts(element, "Name"),
        "descriptions": read_texts(element, "Description"),
        "parent": lies_under,
        "annotations": annotations,
    }


def _parent_aside(
    annotations: tuple[Annotation, ...], kind: Kind, reading: Reading
) -> tuple[str | None, tuple[Annotation, ...]]:
    """The parent that the version had no other way to say, and the annotations but the one that said it."""
    for note in annotations:
        if note.type == PARENT_ANNOTATION and note.title and not reading.dialect.says_parent(kind, note.title):
            return note.title, tuple(other for other in annotations if other is not note)
    return None, annotations


def _cores(schemes: Iterable[ConceptScheme]) -> Iterator[tuple[Urn, Representation]]:
    """The core representation of each concept that has one, by the concept's URN."""
    for scheme in schemes:
        for concept in scheme.items:
            if concept.representation is not None:
                urn = Urn(Kind.CONCEPT_SCHEME, scheme.agency, scheme.id, scheme.version, concept.id)
                yield urn, concept.representation


_READERS: Final[Mapping[Kind, Callable[[Element, _Named, Reading], Artefact | None]]] = {
    Kind.AGENCY_SCHEME: _agency_scheme,
    Kind.CODELIST: _codelist,
    Kind.CONCEPT_SCHEME: _concept_scheme,
    Kind.DATAFLOW: _dataflow,
}

"""Values that a map maps to nothing: rows without a target in SDMX 3, annotations of the map in 2.1.

A row of a representation map may have no target (3.0 SDMXStructureMapping.xsd, RepresentationMappingType); a code map of 2.1 has a source
and a target (2.1 SDMXStructureStructureSet.xsd, CodeMapType), and what no code map names is mapped to nothing there. That it was
looked at and left out on purpose, and why, an annotation says: of type :data:`NOT_MAPPED`, the value for its title, and
behind it the annotations of the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from sdmx_gateway.structures.model import Annotation, MappedValue, ValueMapping

NOT_MAPPED: Final = "NOT_MAPPED"
"""Type of the annotation whose title is a value that is mapped to nothing. Ours."""


def is_unmapped(mapping: ValueMapping) -> bool:
    """Whether a row says of one value, at any time, that it is mapped to nothing.

    >>> is_unmapped(ValueMapping(sources=(MappedValue("_Z"),), targets=()))
    True
    """
    if mapping.targets or len(mapping.sources) != 1 or (mapping.valid_from, mapping.valid_to) != (None, None):
        return False
    source = mapping.sources[0]
    return not source.is_regex and (source.start, source.end) == (None, None)


def aside(mappings: Iterable[ValueMapping]) -> tuple[Annotation, ...]:
    """The annotations that say what is mapped to nothing."""
    return tuple(note for mapping in mappings if is_unmapped(mapping) for note in _notes(mapping))


def taken_back(annotations: Iterable[Annotation]) -> tuple[tuple[Annotation, ...], tuple[ValueMapping, ...]]:
    """The annotations of the map itself, and the rows the others stand for.

    >>> row = ValueMapping(sources=(MappedValue("_Z"),), targets=(), annotations=(Annotation(title="why"),))
    >>> taken_back((Annotation(title="of the map"), *aside([row]))) == ((Annotation(title="of the map"),), (row,))
    True
    """
    own: list[Annotation] = []
    rows: list[tuple[str, list[Annotation]]] = []
    for note in annotations:
        if note.type == NOT_MAPPED and note.title is not None:
            rows.append((note.title, []))
        else:
            (rows[-1][1] if rows else own).append(note)
    mappings = (ValueMapping(sources=(MappedValue(v),), targets=(), annotations=tuple(n)) for v, n in rows)
    return tuple(own), tuple(mappings)


def _notes(mapping: ValueMapping) -> Iterator[Annotation]:
    yield Annotation(type=NOT_MAPPED, title=mapping.sources[0].value)
    yield from mapping.annotations

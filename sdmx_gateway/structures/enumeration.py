"""What values may be taken from, seen as a code list, whichever kind of artefact it is.

A geographic list is its codes; a value list its values, which need not be ids; a concept scheme its concepts, as the measure
dimension of SDMX 2.1 takes them.
"""

from __future__ import annotations

from sdmx_gateway.errors import UnknownArtefact
from sdmx_gateway.structures.model import (
    Artefact,
    Code,
    Codelist,
    ConceptScheme,
    GeographicCodelist,
    GeoGridCodelist,
    Item,
    ValueItem,
    ValueList,
)


def as_codelist(artefact: Artefact) -> Codelist:
    """The artefact as a code list of its own name; a code list itself.

    Raises:
        UnknownArtefact: no values can be taken from an artefact of its kind.
    """
    if isinstance(artefact, Codelist):
        return artefact
    if isinstance(artefact, GeographicCodelist | GeoGridCodelist):
        return _listed(artefact, tuple(map(_code, artefact.items)))
    if isinstance(artefact, ConceptScheme):
        return _listed(artefact, tuple(map(_code, artefact.items)))
    if isinstance(artefact, ValueList):
        return _listed(artefact, tuple(map(_value, artefact.items)))
    raise UnknownArtefact(f"{artefact.urn} is a {artefact.KIND.value}, and no list values can be taken from")


def _listed(artefact: Artefact, codes: tuple[Code, ...]) -> Codelist:
    extensions = getattr(artefact, "extensions", ())
    return Codelist(
        agency=artefact.agency,
        id=artefact.id,
        version=artefact.version,
        names=artefact.names,
        items=codes,
        extensions=extensions,
    )


def _code(item: Item) -> Code:
    return Code(id=item.id, names=item.names, descriptions=item.descriptions, parent=item.parent)


def _value(item: ValueItem) -> Code:
    return Code(id=item.id, names=item.names, descriptions=item.descriptions)

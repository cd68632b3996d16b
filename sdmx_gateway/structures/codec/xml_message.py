"""Structure messages in SDMX-ML: the frame around artefacts, written and read (SDMXMessage.xsd, SDMXStructure.xsd)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from lxml import etree

from sdmx_gateway.errors import MessageRejected, Problem, StructureError, Where
from sdmx_gateway.structures.codec.account import Account, Place, shown
from sdmx_gateway.structures.codec.description import MESSAGE, STRUCTURE, add
from sdmx_gateway.structures.codec.form import NAMESPACE, XML, Form
from sdmx_gateway.structures.codec.frame import begun, form_of, named
from sdmx_gateway.structures.codec.markup import XHTML
from sdmx_gateway.structures.codec.node import XmlNode, name_of, row_of
from sdmx_gateway.structures.codec.references import DEFAULT_VERSION
from sdmx_gateway.structures.codec.registry import BY_KIND, containers
from sdmx_gateway.structures.header import Header
from sdmx_gateway.structures.model import Artefact
from sdmx_gateway.structures.urn import Kind, Urn
from sdmx_gateway.structures.xml_guard import Element, parse_guarded

_ROOTS: Final = frozenset({"Structure", "RegistryInterface"})


def write_message(artefacts: Iterable[Artefact], form: Form, header: Header) -> bytes:
    """The artefacts, each of a kind the form has, as a message in UTF-8.

    Raises:
        StructureError: the header cannot carry an id.
    """
    root = begun(form, "Structure", header, str=STRUCTURE)
    held = list(artefacts)
    if held:
        structures = add(root, form, MESSAGE, "Structures")
        for name, kinds in containers(form).items():
            inside = [artefact for artefact in held if artefact.KIND in kinds]
            if inside:
                container = add(structures, form, STRUCTURE, name)
                for artefact in inside:
                    _write_artefact(container, form, artefact)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _write_artefact(container: Element, form: Form, artefact: Artefact) -> None:
    element = add(container, form, STRUCTURE, artefact.KIND.value)
    BY_KIND[artefact.KIND].of.write_xml(element, artefact, form)
    element.set("urn", str(artefact.urn) if form.is_of_2_1 else urn_in_3(artefact))


def urn_in_3(artefact: Artefact) -> str:
    """The URN of an artefact; a geographic code list is named as a code list is (its type is derived from CodelistType)."""
    urn = artefact.urn
    return str(replace(urn, kind=Kind.CODELIST) if urn.kind in _LIKE_CODELISTS else urn)


_LIKE_CODELISTS: Final = frozenset({Kind.GEOGRAPHIC_CODELIST, Kind.GEO_GRID_CODELIST})


def read_message(data: bytes) -> tuple[list[Artefact], Account]:
    """The artefacts of a message in its order, and the account of the reading.

    Raises:
        MessageRejected: it is no XML that may be read, or no structure message of a version that is read.
    """
    root = parse_guarded(data)
    account = Account(_form(root))
    _check_namespaces(root, account.form)
    found = [_artefact(element, account) for element in _elements(root)]
    return [artefact for artefact in found if artefact is not None], account


def _form(root: Element) -> Form:
    form = form_of(root, _ROOTS)
    if form is None:
        space, _, name = str(root.tag).removeprefix("{").rpartition("}")
        what = f"it is {name!r} of namespace {space!r}, no SDMX-ML structure message of {', '.join(sorted(XML))}"
        problem = Problem("not-a-structure-message", what, Where(row=row_of(root)))
        raise MessageRejected("the message cannot be read", [problem])
    return form


def _check_namespaces(root: Element, form: Form) -> None:
    """Return if every element is of the form's namespaces, of XHTML or of none: a name means nothing in another vocabulary."""
    own = NAMESPACE.format(version=form.space, part="")
    space = "namespace-uri()"
    found = root.xpath(
        f"descendant::*[{space} != '' and not(starts-with({space}, $own)) and {space} != $markup]",
        own=own,
        markup=XHTML,
    )
    if isinstance(found, list) and found:
        first = found[0]
        space, _, name = str(getattr(first, "tag", "")).removeprefix("{").rpartition("}")
        what = f"{shown(name)!r} is of the namespace {shown(space)!r}, in a message of {form}"
        problem = Problem(
            "wrong-namespace",
            what,
            Where(row=getattr(first, "sourceline", None)),
            rows=len(found) if len(found) > 1 else None,
        )
        raise MessageRejected("the message cannot be read", [problem])


def _elements(root: Element) -> Iterator[Element]:
    """The artefacts of a structure message, or of those a registry sends or is sent."""
    holders = [child for child in root if name_of(child) == "Structures"]
    if name_of(root) == "RegistryInterface":
        holders = [
            element for element in root.iter() if isinstance(element.tag, str) and name_of(element) == "Structures"
        ]
    for structures in holders:
        for container in structures:
            yield from container


def _artefact(element: Element, account: Account) -> Artefact | None:
    name = name_of(element)
    shelf = BY_KIND.get(Kind(name)) if name in set(Kind) else None
    agency, own_id, version = _identification(element)
    label = f"{name} {agency or '?'}:{own_id or '?'}"
    owner = f"{agency}:{own_id}({version})" if agency and own_id else None
    place = Place(row_of(element), owner)
    if shelf is None:
        account.skipped(f"{label} is of a kind that is not held", place)
        return None
    urn = named(shelf.kind, (agency, own_id, version), account, place.row)
    if urn is None:
        return None
    node = XmlNode(element, account, owner)
    node.attributes |= {"agencyID": urn.agency, "id": urn.id}
    known = len(account.errors)
    artefact: Artefact | None = shelf.of.read_xml(node, version=version)
    return None if account.skips(label, place, since=known) else artefact


def _identification(element: Element) -> tuple[str | None, str | None, str]:
    """Agency, id and version, from the attributes, else from the URN."""
    agency, own_id, version = (element.get(name) for name in ("agencyID", "id", "version"))
    if None in {agency, own_id, version} and "urn" in element.attrib:
        try:
            urn = Urn.parse(element.get("urn", ""))
        except StructureError:
            return agency, own_id, version or DEFAULT_VERSION
        agency, own_id, version = agency or urn.agency, own_id or urn.id, version or urn.version
    return agency, own_id, version or DEFAULT_VERSION

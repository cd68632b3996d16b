"""Writing structure messages in every SDMX format: valid against the official schema, saying all the model says, or refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sdmx_gateway.errors import Problem, StructureError
from sdmx_gateway.structures.codec import json_message, xml_message
from sdmx_gateway.structures.codec.express import expressed
from sdmx_gateway.structures.codec.form import Form, form_named
from sdmx_gateway.structures.header import Header
from sdmx_gateway.structures.model import Artefact, ItemScheme
from sdmx_gateway.structures.order import parents_first
from sdmx_gateway.structures.translation import Translation, translated
from sdmx_gateway.structures.urn import Urn
from sdmx_gateway.structures.writable import refuse_unwritable


def write_structures(artefacts: Iterable[Artefact], version: str, header: Header) -> bytes:
    """A structure message, UTF-8, valid against the schema of its version.

    Artefacts of another generation of SDMX become those of the format's, where nothing they say is lost by that.

    Args:
        artefacts: what it holds, in any order; one that comes twice is written once.
        version: a format, ``sdmx-ml-3.0`` or ``sdmx-json-2.0``…; of SDMX-ML the version alone, ``2.1``, ``3.0`` or ``3.1``.
        header: who sends it and when it was prepared.

    Raises:
        StructureError: there is no such format; two different artefacts have one URN; or the format cannot say what an
            artefact says (several measures and multi-valued components in 2.1, for one): every reason is given.
    """
    form = form_named(version)
    translation = translated(each_once(artefacts), form)
    return _message(translation, form, header, (*translation.refusals, *translation.losses))


def write_structures_reporting(
    artefacts: Iterable[Artefact], version: str, header: Header
) -> tuple[bytes, tuple[Problem, ...]]:
    """Like :func:`write_structures`, also where less is said than before, with what became what and what is lost.

    Raises:
        StructureError: as there, but for what another generation may leave out (``docs/structures-translation.md``).
    """
    form = form_named(version)
    translation = translated(each_once(artefacts), form)
    return _message(translation, form, header, translation.refusals), translation.notes


def _message(translation: Translation, form: Form, header: Header, objections: tuple[Problem, ...]) -> bytes:
    held = [expressed(parents_before(artefact), form) for artefact in each_once(translation.artefacts)]
    for artefact in held:
        refuse_unwritable(artefact, form, objections)
    if objections:
        raise StructureError(
            f"{Urn.parse(objections[0].where.key or '').short} cannot be written as {form} without a loss",
            where=objections[0].where,
            why="; ".join(dict.fromkeys(note.what for note in objections)),
            remedy=objections[0].remedy,
        )
    return message_of(held, form, header)


def message_of(spelt: Iterable[Artefact], form: Form, header: Header) -> bytes:
    """A message of artefacts that are spelt as the form wants it, each of which it can say."""
    write = xml_message.write_message if form.is_xml else json_message.write_message
    return write(spelt, form, header)


def each_once(artefacts: Iterable[Artefact]) -> list[Artefact]:
    """The artefacts, one that comes twice once.

    Raises:
        StructureError: two different ones have one URN; every such URN is named.
    """
    by_urn: dict[Urn, Artefact] = {}
    clashes = [artefact.urn for artefact in artefacts if by_urn.setdefault(artefact.urn, artefact) != artefact]
    if clashes:
        raise StructureError(f"different artefacts have one name: {', '.join(str(urn) for urn in clashes)}")
    return list(by_urn.values())


def parents_before(artefact: Artefact) -> Artefact:
    """The artefact with its items in an order that can be read from top to bottom."""
    return replace(artefact, items=parents_first(artefact.items)) if isinstance(artefact, ItemScheme) else artefact

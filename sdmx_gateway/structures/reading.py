"""Reading structure messages in every SDMX format, as they really come.

Read without a word: a BOM; a ``Ref`` without its class, or a URN instead of one; items before their parents; an artefact named
by its URN alone; code lists that are elsewhere; components that leave their values to their concept; a message of the registry
interface around structures; names as a plain text or as a table by language (SDMX-JSON).

Read and told as repaired: a type, a moment or a truth value spelt as drafts did; members and attributes only another version
of the format has; a second of what there is one of; an attribute that does not say what it is attached to, which is attached
to the observation; markup in a text, of which the text is kept; a code of a hierarchy named in both ways; a release calendar
that says nothing.

Told as left out or skipped: what the model does not hold; an artefact that refers to what a registry keeps beside the artefacts of
SDMX, in a package of its own. Not read at all: a DOCTYPE, an artefact without a name to call it by,
a reference that names nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sdmx_gateway.errors import MessageRejected, Problem
from sdmx_gateway.structures.codec import json_message, xml_message
from sdmx_gateway.structures.codec.express import meant
from sdmx_gateway.structures.inherit import inherited
from sdmx_gateway.structures.json_guard import is_json
from sdmx_gateway.structures.model import Artefact, ConceptScheme, ItemScheme
from sdmx_gateway.structures.order import parents_first


def read_structures(data: bytes) -> tuple[Artefact, ...]:
    """The artefacts of a structure message, in its order.

    Args:
        data: the message, SDMX-ML 2.1, 3.0 or 3.1 or SDMX-JSON 1.0, 2.0 or 2.1; which of them it says itself. In UTF-8, with
            or without a BOM (SDMX-ML also in UTF-16 with one, or a Latin encoding it declares).

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
    found, account = (json_message if is_json(data) else xml_message).read_message(data)
    if account.errors:
        raise MessageRejected("the structure message cannot be read", account.errors)
    artefacts = (_in_order(meant(artefact, account.form)) for artefact in found)
    return inherited(artefacts, known), account.all_notes()


def _in_order(artefact: Artefact) -> Artefact:
    if not isinstance(artefact, ItemScheme):
        return artefact
    items = parents_first(artefact.items)
    return artefact if items == artefact.items else replace(artefact, items=items)

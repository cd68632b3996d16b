"""Reference metadata: metadata sets read from messages of every SDMX format, and written in those of SDMX 3.

SDMX 2.1 reports metadata otherwise: its messages are read, each report as a metadata set, and what is so said otherwise is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from sdmx_gateway.errors import MessageRejected, Problem, StructureError, Where
from sdmx_gateway.structures.codec import json_metadata_message, xml_metadata_message
from sdmx_gateway.structures.codec.artefacts.metadata_sets import METADATA_SET
from sdmx_gateway.structures.codec.artefacts.reported import MAX_NESTING, nesting
from sdmx_gateway.structures.codec.form import Form, form_named
from sdmx_gateway.structures.codec.referable import why_not
from sdmx_gateway.structures.header import Header
from sdmx_gateway.structures.json_guard import is_json
from sdmx_gateway.structures.model import MetadataSet
from sdmx_gateway.structures.urn import Kind, Urn

_NAMED: Final = frozenset({Kind.METADATAFLOW, Kind.METADATA_STRUCTURE})
"""What the header of an SDMX-ML message can say its sets are of (GenericMetadataStructureType)."""


def read_metadata(data: bytes) -> tuple[MetadataSet, ...]:
    """The metadata sets of a message, in its order.

    Args:
        data: the message, generic metadata of SDMX-ML 2.1, 3.0 or 3.1 or of SDMX-JSON 1.0, 2.0 or 2.1; which of them it says
            itself.

    Raises:
        MessageRejected: it cannot be read; every reason is given.
    """
    return read_metadata_reporting(data)[0]


def read_metadata_reporting(data: bytes) -> tuple[tuple[MetadataSet, ...], tuple[Problem, ...]]:
    """Like :func:`read_metadata`, with what was left out or repaired."""
    found, account = (json_metadata_message if is_json(data) else xml_metadata_message).read_message(data)
    if account.errors:
        raise MessageRejected("the metadata message cannot be read", account.errors)
    return tuple(found), account.all_notes()


def write_metadata(
    sets: Iterable[MetadataSet], version: str, header: Header, *, structures: Iterable[Urn] = ()
) -> bytes:
    """A metadata message, UTF-8, valid against the schema of its version.

    Args:
        sets: what it holds.
        version: a format, ``sdmx-ml-3.0`` or ``sdmx-json-2.0``…; of SDMX-ML the version alone, ``3.0`` or ``3.1``.
        header: who sends it and when it was prepared.
        structures: metadata flows or structures the header names besides the flows of the sets. SDMX-ML wants at least one:
            needed when all sets are of agreements.

    Raises:
        StructureError: there is no such format, it is read only, or it cannot say what a set says: every reason is given.
    """
    form = form_named(version)
    if form.is_of_2_1:
        remedy = "write sdmx-ml-3.0, sdmx-ml-3.1, sdmx-json-2.0 or sdmx-json-2.1"
        raise StructureError(f"metadata of {form} is read, and not written", remedy=remedy)
    held = tuple(sets)
    flows = dict.fromkeys((*(each.flow for each in held if each.flow and each.flow.kind in _NAMED), *structures))
    problems = [problem for each in held for problem in _unsayable(each, form)]
    twice = [urn for urn, times in Counter(each.urn for each in held).items() if times > 1]
    problems += [
        Problem("duplicate-artefact", f"two sets are called {urn.short}", Where(key=str(urn))) for urn in twice
    ]
    if form.is_xml:
        problems += _unnamed(tuple(flows), form)
    if problems:
        why = "; ".join(dict.fromkeys(problem.what for problem in problems))
        raise StructureError(f"the metadata cannot be written as {form}", where=problems[0].where, why=why)
    if form.is_xml:
        return xml_metadata_message.write_message(held, flows, form, header)
    return json_metadata_message.write_message(held, form, header)


def _unsayable(held: MetadataSet, form: Form) -> Iterator[Problem]:
    """Every reason a form cannot say a set; how deep it is comes first, since the others are looked for by going down."""
    depth = nesting(held.attributes)
    if depth > MAX_NESTING:
        what = f"{held.id}: its attributes are nested {depth} deep, and {MAX_NESTING} are written"
        yield Problem("too-deep", what, Where(key=str(held.urn)))
        return
    yield from METADATA_SET.losses(held, form, held.id)


def _unnamed(structures: Sequence[Urn], form: Form) -> Iterator[Problem]:
    if not structures:
        what = "the header must say what the metadata is of, and no set is of a metadata flow"
        yield Problem("missing-part", what, remedy="pass the metadata flow or structure as structures")
    for urn in structures:
        reason = "it is no metadata flow or structure" if urn.kind not in _NAMED else why_not(urn, form)
        if reason is not None:
            yield Problem("wrong-reference", f"the header cannot name {urn}: {reason}")

"""Writing what a format can say of some artefacts, so that an answer need not fail for what was not asked for.

An artefact that is only given beside others, because it refers to them, is better left out than the others refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from sdmx_gateway.errors import Problem, StructureError
from sdmx_gateway.structures.codec.express import expressed
from sdmx_gateway.structures.codec.form import Form, form_named
from sdmx_gateway.structures.header import Header
from sdmx_gateway.structures.model import Artefact, Kind, Urn
from sdmx_gateway.structures.translation import translated
from sdmx_gateway.structures.writable import refuse_unwritable
from sdmx_gateway.structures.writing import write_structures_reporting

_CONSTRAINTS: Final = frozenset({Kind.DATA_CONSTRAINT, Kind.CONTENT_CONSTRAINT, Kind.METADATA_CONSTRAINT})


@dataclass(frozen=True)
class Said:
    """What a format can say.

    Attributes:
        message: the message.
        notes: what became what, and what is not said any more.
        refused: of the artefacts that are not in it the reason, by URN.
    """

    message: bytes
    notes: tuple[Problem, ...] = ()
    refused: Mapping[Urn, str] = field(default_factory=dict)


def write_sayable(artefacts: Iterable[Artefact], version: str, header: Header) -> Said:
    """Like :func:`~sdmx_gateway.structures.writing.write_structures_reporting`, without what the format cannot say.

    Raises:
        StructureError: there is no such format; or two different artefacts have one URN.
    """
    form = form_named(version)
    kept, refused = tuple(artefacts), dict[Urn, str]()
    while True:
        try:
            message, notes = write_structures_reporting(kept, form, header)
        except StructureError:
            why = {urn: reason for urn, reason in _refused(kept, form).items() if urn not in refused}
            if not why:
                raise
            refused |= why
            kept = tuple(artefact for artefact in kept if artefact.urn not in refused)
        else:
            return Said(message, notes, refused | _unwritten(kept, notes, form))


def _unwritten(artefacts: Iterable[Artefact], notes: Iterable[Problem], form: Form) -> dict[Urn, str]:
    """Why artefacts are not in a message that was written without them: what actually is, in SDMX 3.1, is no artefact."""
    lost = {note.where.key: note.what for note in notes if note.code == "lost-in-translation"}
    candidates = (a for a in artefacts if a.KIND in _CONSTRAINTS and str(a.urn) in lost)
    return {a.urn: lost[str(a.urn)] for a in candidates if not translated([a], form).artefacts}


def _refused(artefacts: tuple[Artefact, ...], form: Form) -> Mapping[Urn, str]:
    """Why artefacts cannot be said; what a translation cannot turn into anything it leaves under its own name."""
    translation = translated(artefacts, form)
    found: dict[Urn, str] = {}
    for artefact in translation.artefacts:
        try:
            refuse_unwritable(expressed(artefact, form), form, translation.losses)
        except StructureError as error:
            found[artefact.urn] = error.why or error.what
    return found

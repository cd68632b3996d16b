"""Writing what a format can say of some artefacts, so that an answer need not fail for what was not asked for.

An artefact that is only given beside others, because it refers to them, is better left out than the others refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sdmx_gateway.errors import Problem, StructureError
from sdmx_gateway.structures.codec.express import expressed
from sdmx_gateway.structures.codec.form import Form, form_named
from sdmx_gateway.structures.header import Header
from sdmx_gateway.structures.model import Artefact, Urn
from sdmx_gateway.structures.translation import Translation, translated
from sdmx_gateway.structures.writable import refuse_unwritable
from sdmx_gateway.structures.writing import each_once, message_of, parents_before


@dataclass(frozen=True)
class Said:
    """What a format can say.

    Attributes:
        message: the message.
        notes: what became what, and what is not said any more.
        refused: of the artefacts that are not in it the reason, by URN.
        written: how many artefacts are in it.
    """

    message: bytes
    notes: tuple[Problem, ...] = ()
    refused: Mapping[Urn, str] = field(default_factory=dict)
    written: int = 0

    @property
    def losses(self) -> tuple[Problem, ...]:
        """The notes that tell of something the message does not say."""
        return tuple(note for note in self.notes if note.code == "lost-in-translation")


def write_sayable(artefacts: Iterable[Artefact], version: str, header: Header) -> Said:
    """Like :func:`~sdmx_gateway.structures.writing.write_structures_reporting`, without what the format cannot say.

    Raises:
        StructureError: there is no such format; or two different artefacts have one URN.
    """
    form = form_named(version)
    kept, refused = each_once(artefacts), dict[Urn, str]()
    spelling = _Spelling(form)
    while True:
        translation = translated(kept, form)
        spelt, why = spelling.of(translation)
        if not why:
            break
        refused |= why  # without them others may say less, or be nothing: what is left is looked at again
        kept = [artefact for artefact in kept if artefact.urn not in refused]
    notes = translation.notes
    return Said(message_of(spelt, form, header), notes, refused | _unwritten(kept, translation), len(spelt))


class _Spelling:
    """Artefacts as a form spells them; what was looked at once and is the same is not looked at again."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._known: dict[Urn, tuple[Artefact, Artefact | str]] = {}

    def of(self, translation: Translation) -> tuple[list[Artefact], dict[Urn, str]]:
        """What the form can say, and of what it cannot the reason, by the URN it had before the translation."""
        spelt: list[Artefact] = []
        why: dict[Urn, str] = {}
        for artefact, origin in zip(translation.artefacts, translation.origins, strict=True):
            found = self._spelt(artefact, translation.reasons(origin))
            if isinstance(found, str):
                why[origin] = found
            else:
                spelt.append(found)
        return spelt, why

    def _spelt(self, artefact: Artefact, known: tuple[Problem, ...]) -> Artefact | str:
        before = self._known.get(artefact.urn)
        if before is not None and before[0] == artefact:
            return before[1]
        found: Artefact | str
        try:
            found = expressed(parents_before(artefact), self._form)
            refuse_unwritable(found, self._form, known)
        except StructureError as error:
            found = error.why or error.what
        self._known[artefact.urn] = (artefact, found)
        return found


def _unwritten(artefacts: Iterable[Artefact], translation: Translation) -> dict[Urn, str]:
    """Why artefacts are not in a message that was written without them: what actually is, in SDMX 3.1, is no artefact."""
    lost = {note.where.key: note.what for note in translation.losses}
    made = set(translation.origins)
    return {a.urn: lost[str(a.urn)] for a in artefacts if a.urn not in made and str(a.urn) in lost}

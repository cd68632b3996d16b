"""Artefacts of one generation of SDMX as those of another, where the standard says how; a note for all that changes or is lost.

SDMX 2.1 and SDMX 3 do not have the same classes. :func:`translated` turns one into the other artefact by artefact, by the rules in the
modules of this package (one for each family of classes), and leaves as it is what no rule is for: the form then refuses it
(:mod:`sdmx_gateway.structures.writable`), so that nothing is ever lost without a word. What becomes what, and after which source, is
in ``docs/structures-translation.md``.
"""

from __future__ import annotations

from collections.abc import Iterable

from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.model import Artefact
from sdmx_gateway.structures.translation.batch import Batch
from sdmx_gateway.structures.translation.left_out import left_out
from sdmx_gateway.structures.translation.outcome import Outcome, Translation
from sdmx_gateway.structures.translation.renames import following, nameless
from sdmx_gateway.structures.translation.rules import rule
from sdmx_gateway.structures.translation.versions import promises

__all__ = ["Translation", "translated"]


def translated(artefacts: Iterable[Artefact], form: Form) -> Translation:
    """The artefacts as the generation of a form has them, with a note for each thing that is said otherwise or not at all.

    Args:
        artefacts: what belongs together: what an artefact refers to is looked for among them.
        form: the form they are to be written in.
    """
    batch = Batch(tuple(artefacts), form)
    outcomes = [_outcome(artefact, batch) for artefact in batch.artefacts]
    names = {before: now for outcome in outcomes for before, now in outcome.renamed}
    made = tuple(following(artefact, names) for outcome in outcomes for artefact in outcome.artefacts)
    notes = [note for outcome in outcomes for note in outcome.notes]
    notes += [note for artefact in made for note in nameless(artefact, form)]
    pairs = zip(batch.artefacts, outcomes, strict=True)
    origins = tuple(artefact.urn for artefact, outcome in pairs for _ in outcome.artefacts)
    return Translation(made, tuple(notes), origins)


def _outcome(artefact: Artefact, batch: Batch) -> Outcome:
    bare, omissions = left_out(artefact, batch.form)
    outcome = rule(artefact.KIND, batch.form)(bare, batch)
    return Outcome(
        artefacts=outcome.artefacts,
        notes=(*promises(artefact, batch.form), *omissions, *outcome.notes),
        renamed=outcome.renamed,
    )

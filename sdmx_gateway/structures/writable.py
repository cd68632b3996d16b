"""What a form cannot say: looked for before a byte is written, and refused with every reason at once.

What each form can say of each class is in the descriptions (:mod:`.codec`); here is only what makes an artefact no artefact
in any form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sdmx_gateway.errors import Problem, StructureError, Where
from sdmx_gateway.structures.checking.integrity import structure_problems
from sdmx_gateway.structures.codec.form import Form, can_version
from sdmx_gateway.structures.codec.registry import BY_KIND, exists
from sdmx_gateway.structures.model import Artefact, DataStructure


def refuse_unwritable(artefact: Artefact, form: Form, known: Iterable[Problem] = ()) -> None:
    """Return if the form can say all of the artefact.

    Args:
        artefact: the artefact.
        form: the form.
        known: what was noted before, of this artefact and others: those of this one are given as reasons too.

    Raises:
        StructureError: it cannot; ``why`` gives every reason.
    """
    where = Where(key=str(artefact.urn))
    found = list(unwritable(artefact, form))
    if found:
        problems = [*(note for note in known if note.where.key == where.key), *found]
        why = "; ".join(dict.fromkeys(problem.what for problem in problems))
        what = f"{artefact.urn.short} cannot be written as {form}"
        raise StructureError(what, where=where, why=why, remedy=problems[0].remedy)


def unwritable(artefact: Artefact, form: Form) -> Iterator[Problem]:
    """Every reason the form cannot say the artefact."""
    where = Where(key=str(artefact.urn))
    if not exists(artefact.KIND, form):
        yield Problem("not-expressible", f"{form} has no {artefact.KIND.value}", where)
        return
    if not can_version(form, artefact.version):
        yield Problem("wrong-version", f"version {artefact.version} does not exist there", where)
    yield from BY_KIND[artefact.KIND].of.losses(artefact, form, artefact.id)
    if isinstance(artefact, DataStructure) and (artefact.dimensions or not artefact.is_external_reference):
        yield from structure_problems(artefact, where)

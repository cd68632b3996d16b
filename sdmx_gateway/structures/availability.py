"""What data there is, as the answer to an availability query, read and written in every SDMX format.

SDMX 3.1 has a value for it, which has no name and is maintained by nobody. Before, a constraint with the role ``Actual`` said it: a
content constraint in SDMX 2.1, a data constraint in 3.0. Those need a name, which is made of that of the artefact they are of, and
have no counts: these are annotations, as the registries of the IMF and of the ECB write them (``sdmx_metrics``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, count
from typing import Final

from sdmx_gateway.errors import MessageRejected, Problem, StructureError, Where
from sdmx_gateway.structures.codec import availability_message
from sdmx_gateway.structures.codec.artefacts.constraints import AVAILABILITY
from sdmx_gateway.structures.codec.form import OF_3_1, Form, form_named
from sdmx_gateway.structures.header import Header
from sdmx_gateway.structures.model import (
    Annotation,
    Artefact,
    AvailabilityConstraint,
    ContentConstraint,
    DataConstraint,
    Role,
    Text,
)
from sdmx_gateway.structures.reading import read_structures_reporting
from sdmx_gateway.structures.writing import write_structures

MAX_COUNT: Final = 2**31 - 1
"""Largest count SDMX-ML can say (xs:int)."""
_METRICS: Final = "sdmx_metrics"
_SERIES: Final = "series_count"
_OBSERVATIONS: Final = "obs_count"


def read_availability(data: bytes) -> tuple[AvailabilityConstraint, ...]:
    """What data there is, as a structure message of any version says.

    Args:
        data: the message: availability constraints of SDMX 3.1, or constraints with the role ``Actual``. Other artefacts in it
            are not read.

    Raises:
        MessageRejected: it cannot be read; every reason is given.
    """
    return read_availability_reporting(data)[0]


def read_availability_reporting(data: bytes) -> tuple[tuple[AvailabilityConstraint, ...], tuple[Problem, ...]]:
    """Like :func:`read_availability`, with what was left out or repaired."""
    found = availability_message.read_message(data)
    if found is not None:
        answers, account = found
        if account.errors:
            raise MessageRejected("the availability cannot be read", account.errors)
        return tuple(answers), account.all_notes()
    artefacts, notes = read_structures_reporting(data)
    told: list[Problem] = []
    read = tuple(_answers(artefacts, told))
    return read, (*notes, *told)


def _answers(artefacts: Iterable[Artefact], told: list[Problem]) -> Iterator[AvailabilityConstraint]:
    for artefact in artefacts:
        if not isinstance(artefact, ContentConstraint | DataConstraint) or artefact.role is not Role.ACTUAL:
            continue
        where = Where(key=artefact.urn.short)
        if artefact.attachment is None or len(artefact.regions) != 1 or artefact.key_sets:
            what = f"{artefact.urn.short} is no region of what there is of something, and not read as one"
            told.append(Problem("skipped-artefact", what, where))
            continue
        told.append(Problem("left-out", "the name and the id of the constraint are not held", where))
        yield AvailabilityConstraint(
            attachment=artefact.attachment,
            region=artefact.regions[0],
            series=_count(artefact, _SERIES),
            observations=_count(artefact, _OBSERVATIONS),
            annotations=tuple(each for each in artefact.annotations if not _is_count(each)),
        )


def _count(artefact: Artefact, name: str) -> int | None:
    titles = (each.title for each in artefact.annotations if each.id == name and _is_count(each))
    return next((int(title) for title in titles if title is not None), None)


def _is_count(annotation: Annotation) -> bool:
    return (
        annotation.type == _METRICS
        and annotation.id in {_SERIES, _OBSERVATIONS}
        and annotation.title is not None
        and annotation.title.isascii()
        and annotation.title.isdigit()
        and len(annotation.title) <= len(str(MAX_COUNT))
    )


def write_availability(answers: Iterable[AvailabilityConstraint], version: str, header: Header) -> bytes:
    """A structure message, UTF-8, valid against the schema of its version, that says what data there is.

    Args:
        answers: what there is, of one artefact each.
        version: a format, ``sdmx-ml-3.1`` or ``sdmx-json-2.0``…; of SDMX-ML the version alone, ``2.1``, ``3.0`` or ``3.1``.
        header: who sends it and when it was prepared.

    Raises:
        StructureError: there is no such format, or it cannot say what an answer says: every reason is given.
    """
    form = form_named(version)
    held = tuple(answers)
    problems = [problem for each in held for problem in _unsayable(each, form)]
    if not held:
        problems.append(Problem("missing-part", "there is no answer to write"))
    if problems:
        why = "; ".join(dict.fromkeys(problem.what for problem in problems))
        raise StructureError(f"the availability cannot be written as {form}", where=problems[0].where, why=why)
    if form not in OF_3_1:
        return write_structures(_constraints(held, form), form, header)
    return (availability_message.write_xml if form.is_xml else availability_message.write_json)(held, header)


def _unsayable(answer: AvailabilityConstraint, form: Form) -> Iterator[Problem]:
    path = ", ".join(urn.short for urn in answer.attachment.artefacts) or "an availability constraint"
    if len(answer.attachment.artefacts) != 1:
        yield Problem("missing-part", f"{path}: what there is, there is of one artefact", Where(key=path))
    for said in (answer.series, answer.observations):
        if said is not None and not 0 <= said <= MAX_COUNT:
            yield Problem("wrong-value", f"{path}: {said} is not a count from 0 to {MAX_COUNT}", Where(key=path))
    if form in OF_3_1:
        yield from AVAILABILITY.losses(answer, form, path)
    elif any(map(_is_count, answer.annotations)):
        what = f"{path}: {form} says the counts by annotations, and the answer has annotations that look the same"
        yield Problem("not-expressible", what, Where(key=path))


def _constraints(answers: Iterable[AvailabilityConstraint], form: Form) -> Iterator[ContentConstraint | DataConstraint]:
    """The answers as constraints, called after what they are of; with a number where one is taken."""
    taken: set[tuple[str, str]] = set()
    make = ContentConstraint if form.is_of_2_1 else DataConstraint
    for answer in answers:
        of = answer.attachment.artefacts[0]
        own_id = f"{of.kind.value}_{of.id}"
        numbered = (f"{own_id}_{number}" for number in count(2))
        own_id = next(each for each in chain((own_id,), numbered) if (of.agency, each) not in taken)
        taken.add((of.agency, own_id))
        yield make(
            agency=of.agency,
            id=own_id,
            names=Text.of(en=f"Data that is available for {of.class_name} {of.short}"),
            role=Role.ACTUAL,
            attachment=answer.attachment,
            regions=(answer.region,),
            annotations=(*answer.annotations, *_metrics(answer)),
        )


def _metrics(answer: AvailabilityConstraint) -> Iterator[Annotation]:
    for name, said in ((_SERIES, answer.series), (_OBSERVATIONS, answer.observations)):
        if said is not None:
            yield Annotation(id=name, type=_METRICS, title=str(said))

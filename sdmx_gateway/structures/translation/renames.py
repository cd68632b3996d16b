"""References to what goes by another name after a translation, and to what is no longer there to be named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar

from sdmx_gateway.errors import Problem
from sdmx_gateway.structures.codec.form import OF_2_1, OF_3_0, OF_3_1, Form
from sdmx_gateway.structures.codec.registry import exists
from sdmx_gateway.structures.model import Artefact
from sdmx_gateway.structures.references import references
from sdmx_gateway.structures.targets import targets
from sdmx_gateway.structures.translation.batch import generation
from sdmx_gateway.structures.translation.outcome import lost
from sdmx_gateway.structures.translation.walk import Walk
from sdmx_gateway.structures.urn import Kind, Urn

A = TypeVar("A", bound=Artefact)


def following(artefact: A, names: Mapping[Urn, Urn]) -> A:
    """The artefact with each reference to a name of old made to the name of now."""
    kinds = {urn.kind for urn in names}
    if not any(target.kind in kinds for target in targets(artefact)):
        return artefact

    def visit(value: Any, owner: str) -> Any:  # noqa: ARG001
        return _now(value, names) if isinstance(value, Urn) else value

    return _REFERENCES.rewritten(artefact, visit, artefact.id)


_REFERENCES: Final = Walk([Urn])


def _now(urn: Urn, names: Mapping[Urn, Urn]) -> Urn:
    if urn in names or urn.item is None:
        return names.get(urn, urn)
    holder, _, inside = urn.item.partition(".")
    now = names.get(Urn(urn.kind, urn.agency, urn.id, urn.version, holder))
    if now is None or not inside or now.item is not None:
        return urn
    return Urn(now.kind, now.agency, now.id, now.version, inside, urn.item_class)


def nameless(artefact: Artefact, form: Form) -> Iterator[Problem]:
    """A note for each reference to an artefact of a class the form's generation does not have."""
    if not _has(form, artefact.KIND):
        return
    if all(_has(form, target.kind) for target in targets(artefact)):
        return
    for urn in dict.fromkeys(urn for _, urn in references(artefact) if not _has(form, urn.kind)):
        what = f"it refers to {urn.class_name} {urn.short}, and {generation(form)} has no {urn.kind.value}"
        yield lost(artefact.urn, what, "translate what it refers to with it")


def _has(form: Form, kind: Kind) -> bool:
    """Whether some form of a form's generation has a kind; metadata sets have messages of their own from SDMX 3 on."""
    generations = (OF_2_1, OF_3_0, OF_3_1)
    return any(exists(kind, each) for of in generations if form in of for each in of) or (
        kind is Kind.METADATA_SET and not form.is_of_2_1
    )

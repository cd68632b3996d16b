"""What ``structures export`` says of a message beside writing it: what was translated, what is not said, what is left out and why.

Translations that lose nothing are told kind by kind; each loss and each artefact left out by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from sdmx_gateway.cli.screen import figure
from sdmx_gateway.errors import Problem, StructureError
from sdmx_gateway.structures import Catalogue, Urn
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.model import Artefact
from sdmx_gateway.structures.sayable import Said
from sdmx_gateway.structures.translation.outcome import told

_NAMED: Final = 3
"""How many artefacts a line names where many say the same; ``--json`` names all."""
_JSON_SUFFIX: Final = ".json"


def default_form(output: Path | None) -> str:
    """The format of a message nobody named one for: SDMX 3.0, in the syntax of the file's name.

    >>> default_form(Path("all.json")), default_form(None)
    ('sdmx-json-2.0', 'sdmx-ml-3.0')
    """
    is_json = output is not None and output.suffix == _JSON_SUFFIX
    return (Form.JSON_2_0 if is_json else Form.ML_3_0).value


def whole(artefacts: Iterable[Artefact], catalogue: Catalogue) -> tuple[tuple[Artefact, ...], tuple[Problem, ...]]:
    """The artefacts, lists that extend others with every code they have, and a note of each such list."""
    pairs = [(artefact, catalogue.resolved(artefact)) for artefact in artefacts]
    notes = (told(a.urn, "the codes it takes from other lists are among its own") for a, made in pairs if made is not a)
    return tuple(made for _, made in pairs), tuple(notes)


def refuse(said: Said, form: Form, urns: Iterable[Urn]) -> None:
    """Return if all of these artefacts are in the message.

    Raises:
        StructureError: some are not; each is named with the reason.
    """
    missing = {urn: said.refused[urn] for urn in urns if urn in said.refused}
    if missing:
        raise StructureError(
            f"{form} cannot say {', '.join(urn.short for urn in missing)}",
            why="\n   ".join(f"{urn.short}: {why}" for urn, why in missing.items()),
            remedy="name a format of the generation it is of: --sdmx 3.0",
        )


def refuse_any_loss(said: Said, form: Form) -> None:
    """Return if the message says all that the artefacts do.

    Raises:
        StructureError: it says less; everything it does not say is given.
    """
    refuse(said, form, said.refused)
    if said.losses:
        raise StructureError(
            f"{form} cannot say all of {figure(len({note.where.key for note in said.losses}))} artefacts",
            why="\n   ".join(_told(note) for note in said.losses),
            remedy="leave out --strict to write it all the same, or name a format of the generation they are of",
        )


def account(said: Said, form: Form, output: Path | None) -> Mapping[str, Any]:
    """The same facts as :func:`lines`, for machines: every artefact by itself."""
    translated = [note for note in said.notes if note.code == "translated"]
    return {
        "format": form.value,
        "file": output,
        "artefacts": said.written,
        "bytes": len(said.message),
        "translated": [_fact(note) for note in translated],
        "not_said": [_fact(note) for note in said.losses],
        "left_out": [{"artefact": str(urn), "why": why} for urn, why in said.refused.items()],
    }


def lines(said: Said, form: Form, output: Path | None) -> Iterator[str]:
    """What was written, then what became of it on the way."""
    where = "" if output is None else f" in {output}"
    yield f"✓ {figure(said.written)} artefacts{where}, {form}"
    alike = _alike(note for note in said.notes if note.code == "translated")
    if alike:
        yield f"  said in another way, nothing lost ({figure(len({u for us in alike.values() for u in us}))} artefacts)"
        yield from (f"    {figure(len(urns)):>4} × {sentence}  {_names(urns)}" for sentence, urns in alike.items())
    if said.losses:
        yield f"  not said any more ({figure(len(said.losses))})"
        yield from (f"    {_told(note)}" for note in said.losses)
    if said.refused:
        yield f"  left out, for {form} cannot say them ({figure(len(said.refused))})"
        yield from (f"    {urn.kind.value} {urn.short}: {why}" for urn, why in said.refused.items())


def _alike(notes: Iterable[Problem]) -> dict[str, list[Urn]]:
    """The artefacts of which the same is told, by what is told of them."""
    found: dict[str, list[Urn]] = {}
    for note in notes:
        urn = Urn.parse(note.where.key or "")
        own_version = rf" {re.escape(urn.version)}(?!\.?\d)"  # and not the beginning of another
        sentence = re.sub(own_version, "", note.what.replace(f" {urn.short}", ""))
        found.setdefault(
            sentence if sentence.startswith(urn.kind.value) else f"{urn.kind.value}: {sentence}", []
        ).append(urn)
    return found


def _names(urns: list[Urn]) -> str:
    named = ", ".join(urn.short for urn in urns[:_NAMED])
    return f"[{named}{f' and {figure(len(urns) - _NAMED)} more' if len(urns) > _NAMED else ''}]"


def _told(note: Problem) -> str:
    urn = Urn.parse(note.where.key or "")
    return f"{urn.kind.value} {urn.short}: {note.what}"


def _fact(note: Problem) -> Mapping[str, Any]:
    return {"artefact": note.where.key or "", "what": note.what} | ({} if note.rows is None else {"rows": note.rows})

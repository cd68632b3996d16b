"""What we make of a structure message: what is read, and what of it is written, valid, and read back equal in every form."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Final

from structures_messages import Message, Names

ROOT: Final = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "structures"))

from structures_samples import HEADER, schema_errors  # noqa: E402 - the official schemas, as the tests know them

from sdmx_gateway.errors import GatewayError, MessageRejected, StructureError  # noqa: E402
from sdmx_gateway.structures import read_structures, read_structures_reporting  # noqa: E402
from sdmx_gateway.structures.codec.form import Form  # noqa: E402
from sdmx_gateway.structures.model import Artefact, Maintainable, Nameable, SentinelValue, Text  # noqa: E402
from sdmx_gateway.structures.sayable import write_sayable  # noqa: E402
from sdmx_gateway.structures.translation import translated  # noqa: E402
from sdmx_gateway.structures.writing import each_once, parents_before  # noqa: E402


@dataclass(frozen=True)
class Written:
    """What became of the artefacts of a message in a form.

    Attributes:
        artefacts: how many are in the message.
        losses: what is told not to be said any more.
        refused: of each that is not in it the reason.
        invalid: why the message is not valid.
        unequal: what is not the same when it is read again.
    """

    artefacts: int = 0
    losses: tuple[str, ...] = ()
    refused: dict[str, str] = field(default_factory=dict)
    invalid: tuple[str, ...] = ()
    unequal: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ours:
    """What we make of a message.

    Attributes:
        names: what was read; None when it was refused.
        why: why it was refused.
        notes: what was skipped, left out or repaired.
        forms: what it is in each form.
    """

    names: Names | None = None
    why: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    forms: dict[str, Written] = field(default_factory=dict)


def look(message: Message) -> Ours:
    """Read a message and write it in every form."""
    try:
        artefacts, notes = read_structures_reporting(message.data)
    except MessageRejected as error:
        return Ours(why=tuple(f"{problem.code}: {problem.what} ({problem.where})" for problem in error.problems))
    except GatewayError as error:
        return Ours(why=(str(error),))
    names = Counter((artefact.KIND.value, artefact.id) for artefact in artefacts)
    told = tuple(f"{note.code}: {note.what} ({note.where})" for note in notes)
    return Ours(names, (), told, {form.value: written(artefacts, form) for form in Form})


def in_every_form(message: Message) -> Iterator[tuple[str, bytes]]:
    """What we read of a message as a message of every form that can say some of it."""
    try:
        artefacts = each_once(read_structures(message.data))
    except GatewayError:
        return
    for form in Form:
        said = write_sayable(artefacts, form, HEADER)
        if said.written:
            yield form.value, said.message


def written(artefacts: Iterable[Artefact], form: Form) -> Written:
    """The artefacts in a form, validated and read again."""
    try:
        held = each_once(artefacts)
    except StructureError as error:
        return Written(refused={"all": error.what})
    said = write_sayable(held, form, HEADER)
    made = translated([artefact for artefact in held if artefact.urn not in said.refused], form).artefacts
    return Written(
        said.written,
        tuple(f"{note.where}: {note.what}" for note in said.losses),
        {str(urn): why for urn, why in said.refused.items()},
        tuple(schema_errors(_thinned(said.message, form), form.value)[:5]) if said.written else (),
        tuple(_unequal(made, read_structures(said.message))),
    )


def _unequal(made: Iterable[Artefact], again: Iterable[Artefact]) -> Iterable[str]:
    back = {artefact.urn: artefact for artefact in again}
    for artefact in map(parents_before, made):
        found = back.pop(artefact.urn, None)
        if found is None:
            yield f"{artefact.urn} is not there"
        elif found not in (artefact, _named(artefact)):
            yield f"{artefact.urn} differs"
    yield from (f"{urn} is new" for urn in back)


def _named(value: Any) -> Any:
    """A value in which what has no name is called by its id, as every form wants it to be called."""
    if isinstance(value, tuple):
        return tuple(map(_named, value))
    if not is_dataclass(value) or isinstance(value, type | Text):
        return value
    changes = {each.name: _named(getattr(value, each.name)) for each in fields(value) if each.init}
    if isinstance(value, Nameable | Maintainable | SentinelValue) and not value.names:
        changes["names"] = Text.of(en=value.value if isinstance(value, SentinelValue) else value.id)
    return replace(value, **changes)


LONG: Final = 200
"""Lists of SDMX-JSON that are longer are validated by one object of every shape: the validator takes minutes for a megabyte."""
_LETTERS: Final = re.compile("[A-Za-z]+")
_DIGITS: Final = re.compile("[0-9]+")
_TEXTS: Final = frozenset({"name", "names", "description", "descriptions", "text", "texts", "title"})


def _thinned(message: bytes, form: Form) -> bytes:
    return message if form.is_xml else json.dumps(_fewer(json.loads(message))).encode()


def _fewer(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _fewer(each) for name, each in value.items()}
    if not isinstance(value, list):
        return value
    kept = {repr(_shape(each)): each for each in value}.values() if len(value) > LONG else value
    return [_fewer(each) for each in kept]


def _shape(value: Any, name: str = "") -> Any:
    """What a value is for a schema: its members, its types, and of a text that is no prose the signs it is made of."""
    if isinstance(value, dict):
        return sorted((key, _shape(each, key if name not in _TEXTS else name)) for key, each in value.items())
    if isinstance(value, list):
        return sorted({repr(_shape(each, name)) for each in value})
    if isinstance(value, str):
        return "text" if name in _TEXTS else _DIGITS.sub("9", _LETTERS.sub("a", value))
    return type(value).__name__

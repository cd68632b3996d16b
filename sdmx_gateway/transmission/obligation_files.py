"""Reading every ``obligation.toml`` under the mapping folders, and saying everything that is wrong with them at once.

A slip in one of these files means a figure sent late, to the wrong office or under a wrong name: an unknown word is
refused with the nearest right one, and nothing is loaded until every file is right.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sdmx_gateway.errors import ObligationsRejected, Problem, Where
from sdmx_gateway.transmission.obligation import Deadline, Obligation
from sdmx_gateway.transmission.occurrence import FORMATS

FILE_NAME: Final = "obligation.toml"
_HEADER = re.compile(r"\s*\[\[\s*obligation\s*\]\]")
_VOCABULARY: Final[Mapping[str, tuple[str, ...]]] = {
    "frequency": ("A", "Q", "M"),
    "content": ("period", "through", "all"),
    "format": FORMATS,
}


def load_obligations(folders: Iterable[Path]) -> Mapping[str, Obligation]:
    """The obligations of all modules, by id, in the order of their files.

    Args:
        folders: folders of mapping modules; ``<folder>/<recipient>/<module>/obligation.toml`` is looked for.

    Raises:
        ObligationsRejected: files that do not parse, unknown or missing words, two obligations with one id, or two
            whose files would go to one recipient under one name. Every problem is there, with its file and row.
    """
    problems: list[Problem] = []
    placed: list[tuple[Where, Obligation]] = []
    for folder in folders:
        if not folder.is_dir():
            problems.append(
                Problem("no-such-folder", f"there is no folder of mappings {folder}", Where(file=str(folder)))
            )
        for path in sorted(folder.glob(f"*/*/{FILE_NAME}")):
            placed += _read(path, problems)
    problems += _clashes(placed)
    if problems:
        raise ObligationsRejected("the obligations do not make sense", problems)
    return {obligation.id: obligation for _, obligation in placed}


def _read(path: Path, problems: list[Problem]) -> list[tuple[Where, Obligation]]:
    try:
        text = path.read_text("utf-8")
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        problems.append(Problem("unreadable-obligation", f"not a TOML file: {error}", Where(file=str(path))))
        return []
    problems += [_unknown_word(str(path), None, word, ("obligation",)) for word in document if word != "obligation"]
    entries = document.get("obligation")
    if not isinstance(entries, list) or not entries:
        remedy = "start each obligation with a line [[obligation]]"
        problems.append(Problem("no-obligation", "there is no obligation in it", Where(file=str(path)), remedy=remedy))
        return []
    found = []
    for number, entry in enumerate(entries):
        try:
            where = Where(file=str(path), row=_row(text, number, None), key=_name(entry, number))
            found.append((where, Obligation.model_validate(entry)))
        except ValidationError as error:
            problems += [_problem(path, text, entry, detail, number=number) for detail in _in_order(error)]
    return found


def _problem(path: Path, text: str, entry: Any, detail: ErrorDetails, *, number: int) -> Problem:
    words = [str(part) for part in detail["loc"]]
    leaf = words[-1] if words else None
    row = _row(text, number, words[0] if words else None)
    where = Where(file=str(path), row=row, column=".".join(words) or None, key=_name(entry, number))
    if detail["type"] == "extra_forbidden" and leaf is not None:
        known = Deadline.model_fields if words[0] == "deadline" and len(words) > 1 else Obligation.model_fields
        return _unknown_word(str(path), row, ".".join(words), tuple(known), key=where.key)
    if detail["type"] == "missing":
        return Problem("missing-word", f"{'.'.join(words)} is missing", where, remedy=f"write {leaf} = …")
    what = detail["msg"].removeprefix("Value error, ")
    value = detail["input"] if words else None
    remedy = _nearest(str(value), _VOCABULARY.get(words[0], ())) if words else ""
    shown = None if value is None or isinstance(value, dict) else str(value)
    return Problem(
        "wrong-obligation", f"{'.'.join(words)}: {what}" if words else what, where, remedy=remedy, value=shown
    )


def _in_order(error: ValidationError) -> list[ErrorDetails]:
    """Unknown words first: they are why another one is missing."""
    return sorted(error.errors(), key=lambda detail: detail["type"] != "extra_forbidden")


def _unknown_word(file: str, row: int | None, word: str, known: tuple[str, ...], *, key: str | None = None) -> Problem:
    remedy = _nearest(word.rpartition(".")[2], known) or f"the words are: {', '.join(known)}"
    where = Where(file=file, row=row, column=word, key=key)
    return Problem("unknown-word", f"{word!r} is not a word of an obligation", where, remedy=remedy, value=word)


def _nearest(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else ""


def _name(entry: Any, number: int) -> str:
    known = entry.get("id") if isinstance(entry, dict) else None
    return str(known) if known else f"obligation {number + 1}"


def _row(text: str, number: int, word: str | None) -> int | None:
    """The row (1-based) of the n-th obligation, or of a word in it where it is written at the start of a line."""
    lines = text.splitlines()
    starts = [row for row, line in enumerate(lines, 1) if _HEADER.match(line)]
    if number >= len(starts):
        return None
    end = starts[number + 1] if number + 1 < len(starts) else len(lines) + 1
    written = re.compile(rf"\s*(\[obligation\.)?{re.escape(word)}\b") if word else None
    inside = range(starts[number], end)
    return next((row for row in inside if written and written.match(lines[row - 1])), starts[number])


def _clashes(placed: list[tuple[Where, Obligation]]) -> list[Problem]:
    problems: list[Problem] = []
    ids: dict[str, Where] = {}
    names: dict[tuple[str, str, str, str], Where] = {}
    for where, obligation in placed:
        if (first := ids.setdefault(obligation.id, where)) is not where:
            what = f"{obligation.id} is already the id of another obligation"
            problems.append(
                Problem("same-obligation", what, where, why=f"the other is in {first.file}", value=obligation.id)
            )
        name = (obligation.channel, obligation.recipient, str(obligation.dataset), obligation.country)
        if (first := names.setdefault(name, where)) is not where:
            what = f"{obligation.recipient} already receives {obligation.dataset} from {obligation.country} under {first.key}"
            why = "the files of both would have one name, and pass for versions of each other"
            problems.append(Problem("same-dataset", what, where, why=why, value=str(obligation.dataset)))
    return problems

"""What other agencies publish, as they publish it: ``foreign/*.xml[.gz]`` of a folder, and what of it ours replaces."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from sdmx_gateway.errors import MessageRejected, Problem, Where
from sdmx_gateway.structures.authored.home import Home
from sdmx_gateway.structures.authored.notes import Held, Notes
from sdmx_gateway.structures.model import Artefact, Codelist, ConceptScheme
from sdmx_gateway.structures.packed import read_unpacked
from sdmx_gateway.structures.reading import read_structures_reporting


def read_foreign(homes: Iterable[Home], ours: Iterable[Artefact], notes: Notes, left_out: Notes) -> list[Artefact]:
    """The artefacts of every foreign file; later files may use the concepts of earlier ones, and ours."""
    found: list[Artefact] = []
    schemes = [artefact for artefact in ours if isinstance(artefact, ConceptScheme)]
    for home in homes:
        for path in sorted([*home.path.glob("foreign/*.xml"), *home.path.glob("foreign/*.xml.gz")]):
            name = f"{home.name}/foreign/{path.name}"
            try:
                artefacts, problems = read_structures_reporting(read_unpacked(path), known=schemes)
            except MessageRejected as error:
                notes.problems += _placed(error.problems, name)
            except (OSError, EOFError, zlib.error) as error:
                notes.add("unreadable-file", f"not gzip: {error}", Where(file=name))
            else:
                found += artefacts
                schemes += [artefact for artefact in artefacts if isinstance(artefact, ConceptScheme)]
                left_out.problems += _placed(problems, name)
    return found


def _placed(problems: Iterable[Problem], name: str) -> list[Problem]:
    return [replace(problem, where=replace(problem.where, file=name)) for problem in problems]


def not_superseded(foreign: Iterable[Artefact], ours: Held, left_out: Notes) -> Iterator[Artefact]:
    """The foreign artefacts that none of ours replaces; what ours lacks of those it does is told."""
    for artefact in foreign:
        own = ours.get(artefact.urn)
        if own is None:
            yield artefact
        elif (
            isinstance(own, Codelist)
            and isinstance(artefact, Codelist)
            and (lost := set(artefact.by_id) - set(own.by_id))
        ):
            text = f"a foreign {artefact.urn.short} is replaced by ours, which lacks {', '.join(sorted(lost))}"
            left_out.add("superseded", text, Where(key=str(artefact.urn)))

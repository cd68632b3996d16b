"""Where a national offence lies in the ICCS: the codes it is given, and how it lies to them.

The words are those of ``dsd/``: *exact*; *narrower*, inside the code; *broader*, around it; *partial*, across it; *left_out*, no
code. What lies in several codes is *partial*, and the code is the lowest one above them all (``dsd/FR_SSMSI/SOURCES.md``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from typing import Final

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.nomenclatures.layouts import folded
from sdmx_gateway.nomenclatures.notes import Notes, nearest
from sdmx_gateway.structures.model import Codelist

PREFIX: Final = "ICCS"
"""What goes before a code of the ICCS in a list that extends it."""


class Relation(StrEnum):
    """How an offence lies to a code of the ICCS, seen from the offence."""

    EXACT = "exact"
    NARROWER = "narrower"
    BROADER = "broader"
    PARTIAL = "partial"
    LEFT_OUT = "left_out"


WORDS: Final[Mapping[str, Relation]] = {
    "exact": Relation.EXACT,
    "exacte": Relation.EXACT,
    "identique": Relation.EXACT,
    "egal": Relation.EXACT,
    "equivalent": Relation.EXACT,
    "narrower": Relation.NARROWER,
    "inclus": Relation.NARROWER,
    "incluse": Relation.NARROWER,
    "plus etroit": Relation.NARROWER,
    "plus etroite": Relation.NARROWER,
    "broader": Relation.BROADER,
    "plus large": Relation.BROADER,
    "partial": Relation.PARTIAL,
    "partiel": Relation.PARTIAL,
    "partielle": Relation.PARTIAL,
    "left out": Relation.LEFT_OUT,
    "hors champ": Relation.LEFT_OUT,
    "sans correspondance": Relation.LEFT_OUT,
}
"""The words for relations, folded as headings are: the project's own, and French ones for them (ours)."""
_INSIDE: Final = frozenset({Relation.EXACT, Relation.NARROWER})
_BETWEEN: Final = re.compile(r"\s*[;,/+|]\s*|\s+et\s+|\s+and\s+|\s+")


@dataclass(frozen=True)
class Placement:
    """Where an offence lies.

    Attributes:
        relation: how it lies to the code.
        code: the code of the ICCS; ``None`` when there is none.
        among: the codes it is said to lie in, when they are several.
        above: the code it lies under in a tree of the ICCS; ``None`` when it does not lie inside one.
    """

    relation: Relation
    code: str | None = None
    among: tuple[str, ...] = ()
    above: str | None = None


def placed(codes: str, relation: str, at: tuple[Where, Where], iccs: Codelist, notes: Notes) -> Placement | None:
    """What two cells say; ``None`` when they say nothing, or what cannot be (a problem).

    A code without a relation is taken to be around the offence: *narrower*.
    """
    said = _relation(relation, at[1], notes)
    found = [_code(text, at[0], iccs, notes) for text in _BETWEEN.split(codes.strip()) if text]
    if any(code is None for code in found) or (relation.strip() and said is None):
        return None
    known = tuple(dict.fromkeys(code for code in found if code is not None))
    if not known:
        return _without_code(said, at[1], notes)
    if (said is Relation.LEFT_OUT) or (len(known) > 1 and said not in {None, Relation.PARTIAL}):
        what = f"{relation!r} cannot be of {', '.join(known)}"
        remedy = "several codes are partial; left_out has none"
        notes.problems.append(Problem("wrong-relation", what, at[1], remedy=remedy, value=relation))
        return None
    if len(known) > 1:
        return _across(known, iccs)
    kind = said or Relation.NARROWER
    return Placement(kind, known[0], above=known[0] if kind in _INSIDE else None)


def _relation(text: str, where: Where, notes: Notes) -> Relation | None:
    if not text.strip():
        return None
    found = WORDS.get(folded(text))
    if found is None:
        remedy = nearest(folded(text), [relation.value for relation in Relation])
        notes.problems.append(Problem("wrong-relation", f"{text!r} is no relation", where, remedy=remedy, value=text))
    return found


def _without_code(said: Relation | None, where: Where, notes: Notes) -> Placement | None:
    if said is None or said is Relation.LEFT_OUT:
        return None if said is None else Placement(said)
    what = f"{said.value!r} is said of no code"
    remedy = "give the code of the ICCS, or write left_out"
    notes.problems.append(Problem("wrong-relation", what, where, remedy=remedy, value=said.value))
    return None


def _across(codes: tuple[str, ...], iccs: Codelist) -> Placement:
    lines = [(code, *iccs.ancestors(code)) for code in codes]
    shared = reduce(lambda kept, line: [code for code in kept if code in line], lines[1:], list(lines[0]))
    if not shared:
        return Placement(Relation.LEFT_OUT, among=codes)
    return Placement(Relation.PARTIAL, shared[0], codes, above=shared[0])


def _code(text: str, where: Where, iccs: Codelist, notes: Notes) -> str | None:
    """The code of the ICCS a text means: as it is, after ``ICCS``, with points, or without the zero spreadsheets take away.

    No code of the ICCS is another with a zero before it, so the zero can be put back.
    """
    plain = re.sub(r"\.(?!0+$)", "", re.sub(r"^iccs[\s_\-]*", "", text, flags=re.IGNORECASE)).removesuffix(".0")
    if plain in iccs:
        return plain
    if f"0{plain}" in iccs:
        what = "a zero at the beginning of codes of the ICCS was put back"
        remedy = "format the column as text, so that the spreadsheet keeps it"
        notes.remarks.append(Problem("restored-zero", what, where, remedy=remedy))
        return f"0{plain}"
    notes.problems.append(
        Problem(
            "unknown-iccs-code",
            f"{text!r} is no code of {iccs.urn.short}",
            where,
            remedy=_near(plain, iccs),
            value=text,
        )
    )
    return None


def _near(plain: str, iccs: Codelist) -> str:
    """The nearest code: the one it would lie under, else the one that is written most alike."""
    above = next((code for code in _shortened(plain) if code in iccs), None)
    if above is None:
        return nearest(plain, iccs.by_id)
    names = iccs[above].names.best("fr", "en") or ""
    below = [item.id for item in iccs.items if item.parent == above]
    return f"the nearest is {above} ({names})" + (f", under it {', '.join(below)}" if below else "")


def _shortened(plain: str) -> Iterator[str]:
    return (plain[:length] for length in range(len(plain) - 1, 1, -1))

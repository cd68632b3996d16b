"""Which entry lies under which, and under which code of the ICCS those at the top lie.

An entry lies under the one its table names. Where the table names none, a code of a nomenclature whose codes are built level by
level lies under the longest code it begins with; what has nothing above it lies under its code of the ICCS.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sdmx_gateway.errors import Problem
from sdmx_gateway.nomenclatures.entries import Entry
from sdmx_gateway.nomenclatures.iccs import PREFIX
from sdmx_gateway.nomenclatures.notes import Notes, nearest
from sdmx_gateway.structures.checking.integrity import circles
from sdmx_gateway.structures.model import Codelist, Item


def in_a_tree(entries: Sequence[Entry], iccs: Codelist, notes: Notes) -> tuple[Entry, ...]:
    """The entries with what each lies under; every parent that cannot be is told."""
    by_code = {entry.code: entry for entry in entries}
    notes.problems += _lost_zeros(entries)
    found = tuple(replace(entry, parent=entry.parent or _beginning(entry, by_code)) for entry in entries)
    notes.problems += _wrong(found, by_code)
    notes.remarks += _astray(found, by_code, iccs)
    return found


def _beginning(entry: Entry, by_code: Mapping[str, Entry]) -> str | None:
    """The longest code that an entry's code begins with."""
    return next((entry.code[:n] for n in range(len(entry.code) - 1, 0, -1) if entry.code[:n] in by_code), None)


def _lost_zeros(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Codes of one digit or three: the ICCS, and the NFI after it, have two for a section and two more for a division."""
    for entry in entries:
        if entry.code.isdigit() and len(entry.code) in {1, 3}:
            yield Problem(
                "lost-zero",
                f"{entry.code!r} has lost its first zero, as numbers do in spreadsheets",
                entry.where,
                why="a code has two digits for the section, four for the division, then one more for each level",
                remedy=f"format the column as text and write 0{entry.code}",
                value=entry.code,
            )


def _wrong(entries: Sequence[Entry], by_code: Mapping[str, Entry]) -> Iterator[Problem]:
    for entry in entries:
        above = by_code.get(entry.parent or "")
        if entry.parent and above is None:
            what = f"{entry.code!r} lies under {entry.parent!r}, which the list does not have"
            remedy = nearest(entry.parent, by_code)
            yield Problem("orphan-item", what, entry.where, remedy=remedy, value=entry.parent)
        elif above is None and (entry.level or 1) > 1:
            what = f"{entry.code!r} is of level {entry.level}, and nothing lies above it"
            remedy = "add the entry it lies under, or say it in a column 'code parent'"
            yield Problem("orphan-item", what, entry.where, remedy=remedy, value=entry.code)
        elif above is not None and entry.level is not None and above.level is not None and above.level >= entry.level:
            what = f"{entry.code!r}, of level {entry.level}, lies under {above.code!r}, of level {above.level}"
            yield Problem("wrong-level", what, entry.where, remedy="correct the level or the parent", value=above.code)
    items = {entry.code: Item(id=entry.code, parent=entry.parent) for entry in entries}
    for circle in circles(items):
        what = f"{' → '.join(circle)} lie under each other"
        where = by_code[circle[0]].where
        yield Problem("parent-cycle", what, where, remedy="correct one of the parents", value=circle[0])


def _astray(entries: Sequence[Entry], by_code: Mapping[str, Entry], iccs: Codelist) -> Iterator[Problem]:
    """Entries that lie elsewhere in the ICCS than what they lie under: it may be meant, or a row has slipped."""
    for entry in entries:
        above = by_code.get(entry.parent or "")
        here, there = (None if e is None or e.placement is None else e.placement.code for e in (entry, above))
        if above is not None and here and there and there not in {here, *iccs.ancestors(here)}:
            what = f"{entry.code!r} is {here} of the ICCS, and {above.code!r} above it is {there}"
            remedy = "kept as it is; see that the row has not slipped"
            yield Problem("astray-in-iccs", what, entry.where, remedy=remedy, value=here)


def parent_in_list(entry: Entry) -> str | None:
    """The code an entry lies under in the list: another entry, or a code of the ICCS."""
    if entry.parent is not None:
        return entry.parent
    above = None if entry.placement is None else entry.placement.above
    return None if above is None else f"{PREFIX}{above}"

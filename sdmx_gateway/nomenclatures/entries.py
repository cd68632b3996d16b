"""The entries of a nomenclature as its table has them: one of each code, with everything the table says of it.

A table has a row for each entry, or a column for each level, where a row may leave out the levels it shares with the row above.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.nomenclatures.grid import Line
from sdmx_gateway.nomenclatures.iccs import Placement, placed
from sdmx_gateway.nomenclatures.layouts import LEVELS, Layout, folded
from sdmx_gateway.nomenclatures.natures import nature_of
from sdmx_gateway.nomenclatures.notes import Notes
from sdmx_gateway.nomenclatures.table import Table
from sdmx_gateway.structures.model import Codelist

_SHOWN: Final = 5
_DEPTH: Final = {level: depth for depth, level in enumerate(LEVELS, 1)}


@dataclass(frozen=True)
class Entry:
    """An entry of a nomenclature.

    Attributes:
        code: its code as the list has it.
        label: its name in French.
        where: the place of its code.
        said: other texts the table has of it, by the name of their column.
        level: how deep it lies, 1 at the top, where the table says it.
        parent: the entry it is said to lie under.
        placement: where it lies in the ICCS.
    """

    code: str
    label: str
    where: Where
    said: Mapping[str, str]
    level: int | None = None
    parent: str | None = None
    placement: Placement | None = None


@dataclass(frozen=True)
class Reader:
    """What reading a table needs besides the table."""

    layout: Layout
    iccs: Codelist
    notes: Notes

    def entries(self, table: Table) -> tuple[Entry, ...]:
        """Every entry, each code once; what cannot be one is told."""
        if table.form.by_level:
            return tuple(self._once(self._levels(table), _stacked))
        return tuple(self._once(self._rows(table), _listed))

    def placements(self, table: Table, known: Iterable[str]) -> dict[str, Placement]:
        """What a table of correspondence says of each code of the list; what it says of others is told."""
        codes, found = frozenset(known), dict[str, Placement]()
        others: dict[str, Where] = {}
        for line in table.lines:
            code = self._code(table, line, "code", ("iccs",))
            placement = self._placement(table, line)
            if code is None or placement is None:
                continue
            where = table.where(line, "code")
            if code not in codes:
                others.setdefault(code, where)
            elif found.setdefault(code, placement) != placement:
                remedy = "keep one row, with every code of the ICCS in it"
                what = f"{code!r} is placed in two ways"
                self.notes.problems.append(Problem("duplicate-item", what, where, remedy=remedy, value=code))
        self.notes.remarks += _not_listed(others)
        return found

    def _rows(self, table: Table) -> Iterator[Entry]:
        for line in table.lines:
            code = self._code(table, line, "code", ("label",))
            if code is None:
                continue
            texts = {name: table.cell(line, name) for name in _SAID if table.cell(line, name)}
            self._look_at_nature(texts.get("nature"), table.where(line, "nature"))
            yield Entry(
                code,
                table.cell(line, "label"),
                table.where(line, "code"),
                texts,
                self._level(table, line),
                self._parent(table, line),
                self._placement(table, line),
            )

    def _levels(self, table: Table) -> Iterator[Entry]:
        path: dict[int, str] = {}
        for line in table.lines:
            named = [level for level in LEVELS if table.cell(line, f"code {level}")]
            if not named:
                self._code(table, line, "code section", tuple(f"label {level}" for level in LEVELS))
            for level in named:
                depth, column = _DEPTH[level], f"code {level}"
                code = self._code(table, line, column, ())
                if code is None:
                    continue
                above = [path[other] for other in sorted(path) if other < depth]
                path = {**{other: each for other, each in path.items() if other < depth}, depth: code}
                is_own = level == named[-1]
                yield Entry(
                    code,
                    table.cell(line, f"label {level}"),
                    table.where(line, column),
                    {"note": note} if is_own and (note := table.cell(line, "note")) else {},
                    depth,
                    above[-1] if above else None,
                    self._placement(table, line) if is_own else None,
                )

    def _once(self, entries: Iterable[Entry], joined: Callable[[Entry, Entry], Entry | None]) -> Iterator[Entry]:
        found: dict[str, Entry] = {}
        for entry in entries:
            first = found.setdefault(entry.code, entry)
            if first is entry:
                continue
            both = joined(first, entry)
            if both is None:
                self.notes.problems.append(_twice(first, entry))
            elif joined is _listed:
                what = "a row says again what one above it says"
                self.notes.remarks.append(Problem("repeated-row", what, entry.where, remedy="nothing is lost"))
            found[entry.code] = both or first
        for entry in found.values():
            if not entry.label:
                remedy = "write its label, or remove the row"
                what = f"{entry.code!r} has no label"
                self.notes.problems.append(Problem("missing-name", what, entry.where, remedy=remedy, value=entry.code))
            yield entry

    def _code(self, table: Table, line: Line, column: str, needs: tuple[str, ...]) -> str | None:
        text = table.cell(line, column)
        code = self.layout.clean(text) if text else None
        if code is not None:
            return code
        if sum(map(bool, line.cells)) == 1 and not any(table.cell(line, name) for name in needs):
            self._pass_over(table, line)
        else:
            what = f"{text!r} cannot be the code of an entry" if text else "the row has no code"
            where, remedy = table.where(line, column), self.layout.code_form
            self.notes.problems.append(Problem("wrong-id", what, where, remedy=remedy, value=text or None))
        return None

    def _pass_over(self, table: Table, line: Line) -> None:
        text = next(cell for cell in line.cells if cell)
        where = Where(file=table.grid.file, sheet=table.grid.sheet, row=line.row)
        what = f"the row is taken for a note, being {text!r} alone"
        self.notes.remarks.append(Problem("passed-over", what, where, remedy="see that it is one", value=text))

    def _look_at_nature(self, nature: str | None, where: Where) -> None:
        if nature and nature_of(nature) is None:
            what = f"{nature!r} is no nature that is known"
            remedy = "kept as it is written, without a word for machines"
            self.notes.remarks.append(Problem("unknown-nature", what, where, remedy=remedy, value=nature))

    def _level(self, table: Table, line: Line) -> int | None:
        text = table.cell(line, "level")
        if not text:
            return None
        plain = folded(text).removesuffix(" 0")
        plain = plain.removesuffix("s") if plain.removesuffix("s") in _DEPTH else plain
        found = _DEPTH.get(plain) or (int(plain) if re.fullmatch(r"[1-5]", plain) else None)
        if found is None:
            remedy = f"write {', '.join(LEVELS)}, or 1 to {len(LEVELS)}"
            problem = Problem(
                "wrong-level", f"{text!r} is no level", table.where(line, "level"), remedy=remedy, value=text
            )
            self.notes.problems.append(problem)
        return found

    def _parent(self, table: Table, line: Line) -> str | None:
        text = table.cell(line, "parent")
        return (self.layout.clean(text) or text) if text else None

    def _placement(self, table: Table, line: Line) -> Placement | None:
        at = (table.where(line, "iccs"), table.where(line, "relation"))
        return placed(table.cell(line, "iccs"), table.cell(line, "relation"), at, self.iccs, self.notes)


def _listed(first: Entry, again: Entry) -> Entry | None:
    """The entry of two rows with one code, which must say the same; ``None`` when they do not."""
    return first if replace(again, where=first.where) == first else None


def _stacked(first: Entry, again: Entry) -> Entry | None:
    """The entry of two rows that name it, which may be because others lie under it; ``None`` when they contradict each other."""
    labels = {first.label, again.label} - {""}
    if len(labels) > 1 or (first.level, first.parent) != (again.level, again.parent):
        return None
    if None not in {first.placement, again.placement} and first.placement != again.placement:
        return None
    return replace(
        first,
        label=next(iter(labels), ""),
        said={**again.said, **first.said},
        placement=first.placement or again.placement,
    )


def _not_listed(others: Mapping[str, Where]) -> Iterator[Problem]:
    """That a table places codes the list does not have: offences that were withdrawn, or a wrong table."""
    if others:
        what = "the table places codes that the list does not have"
        remedy = "see that table and list are of one edition"
        first, where = ", ".join(islice(others, _SHOWN)), next(iter(others.values()))
        yield Problem("unknown-code", what, where, why=f"the first are {first}", remedy=remedy, rows=len(others))


def _twice(first: Entry, again: Entry) -> Problem:
    what = f"{again.code!r} is already on row {first.where.row}, as {first.label!r}"
    why = f"here it is {again.label!r}" if again.label != first.label else "what else the two rows say differs"
    remedy = "keep one row, or correct the code of the other"
    return Problem("duplicate-item", what, again.where, why=why, remedy=remedy, value=again.code)


_SAID: Final = ("nature", "defined_by", "punished_by", "label_en", "description", "note")
"""Columns whose text is kept as it is."""

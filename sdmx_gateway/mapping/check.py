"""Whether a module fits its target before any file is there: every component and every code it speaks of, each at its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sdmx_gateway.errors import GatewayError, Problem, Where
from sdmx_gateway.mapping.code_table import LINE
from sdmx_gateway.mapping.module import Module
from sdmx_gateway.mapping.reference_table import join_problems, reference_map, urn_of
from sdmx_gateway.mapping.spec import Derive, FileSource, FlowSource, Rollup, Rule, matches
from sdmx_gateway.mapping.table import MISSING
from sdmx_gateway.mapping.tabular import nearest
from sdmx_gateway.mapping.toml_lines import Path
from sdmx_gateway.structures import Catalogue
from sdmx_gateway.structures.model import Codelist, DataStructure, DataType

_WHOLE = frozenset({DataType.INTEGER, DataType.LONG})


def check_module(module: Module, catalogue: Catalogue) -> tuple[Problem, ...]:
    """Every component or code the module speaks of that its target does not have; what a file would show later is not looked for.

    Raises:
        UnknownArtefact: the target dataflow, or a list of its structure, is not held.
    """
    structure = catalogue.structure_of(catalogue.dataflow(module.spec.module.urn))
    found = dict.fromkeys(_Check(module, structure, catalogue).problems())
    return tuple(sorted(found, key=lambda problem: (problem.where.file or "", problem.where.row or 0)))


@dataclass(frozen=True)
class _Check:
    """One module held against its target."""

    module: Module
    structure: DataStructure
    catalogue: Catalogue

    def problems(self) -> Iterator[Problem]:
        """Everything that does not fit."""
        spec = self.module.spec
        for number, source in enumerate(spec.source):
            for component, rule in spec.rules_for(source).items():
                yield from self._rule(source, component, rule)
            yield from self._scope(number, source)
            yield from self._joins(number, source)
        for number, guard in enumerate(spec.guard):
            yield from self._components((guard.one, *guard.per), ("guard", number))
        for number, complete in enumerate(spec.complete):
            yield from self._codes({complete.component: (complete.target,)}, ("complete", number))
        for number, derived in enumerate(spec.derive):
            yield from self._derive(derived, ("derive", number))
        for number, rollup in enumerate(spec.rollup):
            yield from self._rollup(rollup, ("rollup", number))
        for number, declared in enumerate(spec.break_):
            place: Path = ("break", number)
            yield from self._patterns(declared.where, place)
            yield from self._codes({"OBS_STATUS": (declared.status,)}, place)
            yield from self._components((declared.into,), (*place, "into"))
        for number, note in enumerate(spec.note):
            yield from self._patterns(note.where, ("note", number))
            yield from self._components((note.into,), ("note", number, "into"))
        for relation, flags in spec.relations.items():
            yield from self._codes({name: (code,) for name, code in flags.items()}, ("relations", relation))

    def _rule(self, source: FileSource | FlowSource, component: str, rule: Rule) -> Iterator[Problem]:
        where = self.module.where_rule(source, component)
        if component not in self.structure.components:
            yield self._unknown(component, tuple(self.structure.components), where)
            return
        yield from self._note_of(source, rule, where)
        yield from self._sentinels(rule)
        yield from self._lookup_keys(source, rule)
        codelist = self._list_of(component)
        if codelist is not None:
            given = [(code, where) for code in (rule.constant, rule.default) if code is not None]
            yield from (_unknown_code(c, codelist, w) for c, w in (*given, *self._given(rule)) if c not in codelist)

    def _given(self, rule: Rule) -> Iterator[tuple[str, Where]]:
        """The codes the tables of a rule give, each with its line."""
        if rule.codes is not None:
            table = self.module.table_of(rule)
            first = table.frame.drop_nulls("target").group_by("target", maintain_order=True).first()
            for code, line in first.select("target", LINE).iter_rows():
                yield code, Where(file=f"{self.module.name}/{rule.codes}", row=line)
        if rule.lookup is not None:
            lookup = self.module.lookups[rule.lookup]
            for (_, code), line in zip(lookup.lines, lookup.numbers, strict=True):
                yield code, Where(file=f"{self.module.name}/{rule.lookup}", row=line)

    def _note_of(self, source: FileSource | FlowSource, rule: Rule, where: Where) -> Iterator[Problem]:
        coded = tuple(c for c, r in self.module.spec.rules_for(source).items() if r.codes)
        if rule.note_of is not None and rule.note_of not in coded:
            what = f"note_of names {rule.note_of}, which goes through no code table"
            yield Problem("unknown-component", what, where, value=rule.note_of, remedy=nearest(rule.note_of, coded))

    def _sentinels(self, rule: Rule) -> Iterator[Problem]:
        if rule.sentinels is None:
            return
        table = self.module.sentinels[rule.sentinels]
        file = f"{self.module.name}/{rule.sentinels}"
        for name in table.components:
            if name not in self.structure.components:
                yield self._unknown(name, tuple(self.structure.components), Where(file=file, row=1))
                continue
            codelist = self._list_of(name)
            for code, line in table.frame.select(name, "line").drop_nulls().iter_rows():
                if codelist is not None and code not in codelist:
                    yield _unknown_code(code, codelist, Where(file=file, row=line))

    def _lookup_keys(self, source: FileSource | FlowSource, rule: Rule) -> Iterator[Problem]:
        """Headings of a lookup table that are no component with a rule, and no saying of a file."""
        if rule.lookup is None:
            return
        known = (*self.module.spec.rules_for(source), MISSING)
        for key in self.module.lookups[rule.lookup].keys:
            if not key.startswith("@") and key not in known:
                where = Where(file=f"{self.module.name}/{rule.lookup}", row=1)
                what = f"{key} is no component that a rule gives"
                yield Problem("unknown-component", what, where, value=key, remedy=nearest(key, known))

    def _scope(self, number: int, source: FileSource | FlowSource) -> Iterator[Problem]:
        """Components of the dataflow taken from that it does not have."""
        if not isinstance(source, FlowSource):
            return
        try:
            known = tuple(self.catalogue.structure_of(self.catalogue.dataflow(source.urn)).components)
        except GatewayError as error:
            place = self.module.where("source", number, "dataflow")
            yield from (replace(problem, where=place) for problem in error.problems)
            return
        made = {name for split in source.split for name in split.names} | {n for j in source.join for n in j.take}
        asked = [(name, self.module.where("source", number, "where", name)) for name in source.where]
        for component, rule in self.module.spec.rules_for(source).items():
            asked += [(column, self.module.where_rule(source, component)) for column in rule.all_columns]
        for name, where in asked:
            if name not in known and name not in made and not name.startswith("@"):
                what = f"{source.dataflow} has no component {name}"
                yield Problem("unknown-component", what, where, value=name, remedy=nearest(name, known))

    def _joins(self, number: int, source: FileSource | FlowSource) -> Iterator[Problem]:
        for at, join in enumerate(source.join):
            if join.map is None:
                continue
            where = self.module.where("source", number, "join", at)
            try:
                table = reference_map(urn_of(join), self.catalogue)
            except GatewayError as error:
                yield from (replace(problem, where=where) for problem in error.problems)
            else:
                yield from join_problems(join, table, where)

    def _derive(self, derived: Derive, place: Path) -> Iterator[Problem]:
        yield from self._codes({derived.component: (derived.target, *derived.parts)}, place)
        yield from self._codes({name: (code,) for name, code in derived.set.items()}, (*place, "set"))
        yield from self._patterns(derived.where, place)
        yield from self._components(tuple(derived.mixes), (*place, "mixes"))
        measures = [m for m in self.structure.measures if m.representation.data_type in _WHOLE]
        if derived.ratio and measures:
            what = f"{measures[0].id} of {self.structure.urn.short} is a whole number, and a ratio is none"
            yield Problem("fractional-measure", what, self.module.where(*place), value=derived.target)

    def _rollup(self, rollup: Rollup, place: Path) -> Iterator[Problem]:
        dimensions = tuple(d.id for d in self.structure.dimensions)
        for name in (rollup.dimension, *rollup.not_for, *rollup.adds_up):
            if name not in dimensions:
                what = f"{name} is no dimension of {self.structure.urn.short}"
                where = self.module.where(*place)
                yield Problem("unknown-component", what, where, value=name, remedy=nearest(name, dimensions))
        if rollup.dimension in dimensions:
            yield from self._patterns({rollup.dimension: (*rollup.base, *rollup.to)}, place)
        for word, declared in (("not_for", rollup.not_for), ("adds_up", rollup.adds_up)):
            known = {name: codes for name, codes in declared.items() if name in dimensions}
            yield from self._codes(known, (*place, word))

    def _components(self, names: Iterable[str], place: Path) -> Iterator[Problem]:
        known = tuple(self.structure.components)
        yield from (self._unknown(name, known, self.module.where(*place)) for name in names if name not in known)

    def _codes(self, given: Mapping[str, tuple[str, ...]], place: Path) -> Iterator[Problem]:
        """Components that are none, and codes their lists do not have."""
        yield from self._components(given, place)
        for name, codes in given.items():
            codelist = self._list_of(name) if name in self.structure.components else None
            where = self.module.where(*place, name)
            if codelist is not None:
                yield from (_unknown_code(code, codelist, where) for code in codes if code not in codelist)

    def _patterns(self, given: Mapping[str, tuple[str, ...]], place: Path) -> Iterator[Problem]:
        """Components that are none, and patterns that fit no code of their lists."""
        yield from self._components(given, (*place, "where"))
        for name, patterns in given.items():
            codelist = self._list_of(name) if name in self.structure.components else None
            if codelist is not None:
                yield from self._idle(patterns, codelist, self.module.where(*place, "where", name))

    def _idle(self, patterns: tuple[str, ...], codelist: Codelist, where: Where) -> Iterator[Problem]:
        for pattern in patterns:
            expression = re.compile(matches((pattern,)))
            if not any(expression.fullmatch(code) for code in codelist.by_id):
                yield Problem(
                    "idle-pattern",
                    f"the pattern {pattern!r} fits no code of {codelist.urn.short}",
                    where,
                    value=pattern,
                    remedy="patterns know * alone: write the codes, or a pattern that fits some",
                )

    def _list_of(self, component: str) -> Codelist | None:
        return self.catalogue.codelist_of(self.structure.components[component])

    def _unknown(self, name: str, known: tuple[str, ...], where: Where) -> Problem:
        what = f"{name} is no component of {self.structure.urn.short}"
        return Problem("unknown-component", what, where, value=name, remedy=nearest(name, known))


def _unknown_code(code: str, codelist: Codelist, where: Where) -> Problem:
    known = tuple(codelist.by_id)
    remedy = nearest(code, known)
    return Problem(
        "unknown-target-code",
        f"{code!r} is no code of {codelist.urn.short}",
        where,
        value=code,
        remedy=remedy if remedy.startswith("did") else "",
    )

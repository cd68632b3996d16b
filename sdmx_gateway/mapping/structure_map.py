"""A recipient's module as SDMX 3.0 structure maps and representation maps, and back.

What the standard has words for is said in them (SDMX 3.0 Section 6, §13): constants are fixed values; copies component maps; code tables,
patterns and notes component maps with a representation map, of which an entry without a target maps to nothing. A source value no entry
fits gives no series, so codes that are left out have no entry, and the scope of a source is a map of the scoped components to one
that is constant. The standard "is not intended to perform any aggregations or calculations": sums, complete sets, roll-ups and flags
stand in annotations of the structure map, word for word as the module says them, so that nobody takes the map for the whole module.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import polars as pl

from sdmx_gateway.errors import MappingError
from sdmx_gateway.mapping.code_table import LINE, CodeTable, expression_of, is_pattern
from sdmx_gateway.mapping.combine import CONFIDENTIALITY_PRECEDENCE, STATUS_PRECEDENCE
from sdmx_gateway.mapping.module import Module
from sdmx_gateway.mapping.spec import LEFT_OUT, FlowSource, Rule, matches
from sdmx_gateway.structures import Catalogue, Header, Kind, Urn, write_structures
from sdmx_gateway.structures.model import (
    Annotation,
    Component,
    ComponentMap,
    DataType,
    FixedValueMap,
    MappedSpace,
    MappedValue,
    RepresentationMap,
    StructureMap,
    Text,
    ValueMapping,
)

RULE: Final = "RULE"
"""Annotation of a component map: the rule of the module it stands for."""
SCOPE: Final = "SCOPE"
"""Annotation of the component map that says which observations are taken, with the reason."""
RELATION: Final = "RELATION"
"""Annotation of an entry: how the source's concept lies to the target's, and the note of it."""
LEFT: Final = "LEFT_OUT"
"""Annotation of a representation map: a code that is left out, and why."""
AFTER: Final = "AFTER"
"""Annotation of a structure map: what is done with the mapped observations, which the standard cannot say."""
SAID: Final = "MODULE"
"""Annotation of a structure map: what the module says of itself, and the part of it this map is."""
BEFORE: Final = "BEFORE"
"""Annotation of a structure map: columns taken apart or joined, and observations left out, which the standard cannot say."""
COMPUTED: Final = ("guard", "complete", "aggregate", "relations", "derive", "rollup", "break", "note")
"""The words of a module that follow the mapping, in the order they are done; of ``derive`` the ratios after the roll-ups."""


def structure_map(module: Module, catalogue: Catalogue, header: Header) -> bytes:
    """The module as an SDMX-ML 3.0 structure message.

    Raises:
        MappingError: the module is fed from files, for which the standard has no words.
    """
    return write_structures(artefacts_of(module, catalogue), "sdmx-ml-3.0", header)


def artefacts_of(module: Module, catalogue: Catalogue) -> tuple[StructureMap | RepresentationMap, ...]:
    """The structure map of each source of the module, with the representation maps it uses.

    Raises:
        MappingError: as for :func:`structure_map`.
    """
    if not module.spec.flows:
        raise MappingError(
            f"{module.name} is fed from files",
            where=module.where("source"),
            why="an SDMX structure map goes from one dataflow to another",
            remedy="export a module that is fed from a dataflow: sdmx-gateway mappings list",
        )
    found: list[StructureMap | RepresentationMap] = []
    for number, source in enumerate(module.spec.flows, 1):
        ident = module.spec.module.id if len(module.spec.flows) == 1 else f"{module.spec.module.id}_{number}"
        found += _Writing(module, source, ident, catalogue).artefacts(number)
    return tuple(found)


@dataclass(frozen=True)
class _Writing:
    """One source of a module on its way to a structure map called ``ident``."""

    module: Module
    source: FlowSource
    ident: str
    catalogue: Catalogue

    def artefacts(self, number: int) -> list[StructureMap | RepresentationMap]:
        """The structure map, and its representation maps."""
        identity = self.module.spec.module
        rules = self.module.spec.rules_for(self.source)
        carrier = (
            next((c for c, rule in rules.items() if rule.constant is not None), None) if self.source.where else None
        )
        components: list[ComponentMap] = []
        maps: list[RepresentationMap] = []
        for target, rule in rules.items():
            made = None if target == carrier else self._representation(target, rule)
            if rule.constant is None and (made is not None or self._is_copy(rule)):
                components.append(self._component_map(target, rule, made))
                maps += [] if made is None else [made]
        if carrier is not None:
            scope = self._scope(carrier, rules[carrier])
            maps.append(scope)
            components.append(self._scope_map(carrier, scope))
        fixed = tuple(
            FixedValueMap(target=target, values=(rule.constant,))
            for target, rule in rules.items()
            if rule.constant is not None and target != carrier
        )
        whole = StructureMap(
            agency=identity.urn.agency,
            id=self.ident,
            names=identity.names,
            descriptions=Text(tuple(identity.description.items())),
            annotations=(*self._said(number), *self._before(), *self._after(), *self._unsaid(rules)),
            source=self.source.urn,
            target=identity.urn,
            components=tuple(components),
            fixed=fixed,
        )
        return [*maps, whole]

    @cached_property
    def _source_components(self) -> Mapping[str, Component]:
        return self.catalogue.structure_of(self.catalogue.dataflow(self.source.urn)).components

    def _is_copy(self, rule: Rule) -> bool:
        """Whether a value of the source stays as it is, or as SDMX writes it already."""
        changed = (
            rule.codes,
            rule.pattern,
            rule.frequency,
            rule.multiplier,
            rule.multiplier_from,
            rule.percent,
            rule.sentinels,
        )
        return len(rule.columns) == 1 and rule.columns[0] in self._source_components and not any(changed)

    def _component_map(self, target: str, rule: Rule, made: RepresentationMap | None) -> ComponentMap:
        sources = rule.columns
        if rule.note_of is not None:
            sources = self.module.spec.rules_for(self.source)[rule.note_of].columns
        words = rule.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return ComponentMap(
            sources=sources,
            targets=(target,),
            representation_map=made.urn if made else None,
            annotations=(_annotation(RULE, words),),
        )

    def _representation(self, target: str, rule: Rule) -> RepresentationMap | None:
        """How the values of a component become those of another, where they do not stay as they are."""
        if not set(rule.columns) <= set(self._source_components):
            return None
        if rule.codes is not None:
            table = self.module.table_of(rule)
            entries, left_out = _entries(table, ignore_case=rule.ignore_case), tuple(_left_out(table))
            return self._map(target, rule.columns, entries, left_out)
        if rule.pattern is not None and rule.to is not None:
            output = _backwards(rule.to)
            entry = ValueMapping(sources=(MappedValue(f"^(?:{rule.pattern})$", is_regex=True),), targets=(output,))
            return self._map(target, rule.columns, (entry,))
        given_by = self.module.spec.rules_for(self.source).get(rule.note_of or "")
        if given_by is not None and given_by.codes is not None:
            entries = _entries(self.module.table_of(given_by), ignore_case=given_by.ignore_case, notes=True)
            return self._map(target, given_by.columns, entries)
        return None

    def _map(
        self,
        target: str,
        columns: tuple[str, ...],
        entries: tuple[ValueMapping, ...],
        annotations: tuple[Annotation, ...] = (),
    ) -> RepresentationMap:
        to_component = self.catalogue.structure_of(self.catalogue.dataflow(self.module.spec.module.urn)).components[
            target
        ]
        return RepresentationMap(
            agency=self.module.spec.module.urn.agency,
            id=f"{self.ident}_{target}",
            names=Text.of(en=f"{', '.join(columns)} to {target}", fr=f"{', '.join(columns)} vers {target}"),
            annotations=annotations,
            sources=tuple(_space(self._source_components[column]) for column in columns),
            targets=(_space(to_component),),
            mappings=entries,
        )

    def _scope(self, carrier: str, rule: Rule) -> RepresentationMap:
        """The map that gives a constant to the observations in scope, and nothing to the others."""
        assert rule.constant is not None
        patterns = tuple(MappedValue(matches(p), is_regex=True) for p in self.source.where.values())
        entry = ValueMapping(sources=patterns, targets=(rule.constant,))
        return self._map(carrier, tuple(self.source.where), (entry,))

    def _scope_map(self, carrier: str, scope: RepresentationMap) -> ComponentMap:
        words = {"where": self.source.where, "because": self.source.because}
        return ComponentMap(
            sources=tuple(self.source.where),
            targets=(carrier,),
            representation_map=scope.urn,
            annotations=(_annotation(SCOPE, words, self.source.because),),
        )

    def _said(self, number: int) -> Iterator[Annotation]:
        words = self.module.spec.module.model_dump(mode="json", exclude_defaults=True)
        yield _annotation(SAID, {**words, "source": number})

    def _before(self) -> Iterator[Annotation]:
        """What is done before the mapping, which the standard has no words for."""
        words = self.source.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        found: dict[str, Any] = {n: words[n] for n in ("split", "join", "leave_out") if n in words}
        if found:
            yield _annotation(BEFORE, found)

    def _after(self) -> Iterator[Annotation]:
        """What follows the mapping, which the standard has no words for."""
        words = self.module.spec.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        for name in COMPUTED:
            for entry in words[name] if isinstance(words.get(name), list) else [words[name]] if name in words else []:
                yield _annotation(AFTER, {"word": name, **_with_precedence(name, entry)}, entry.get("because", ""))

    def _unsaid(self, rules: dict[str, Rule]) -> Iterator[Annotation]:
        """Rules of which the standard cannot say a thing."""
        for target, rule in rules.items():
            says = rule.constant is not None or self._is_copy(rule) or self._representation(target, rule) is not None
            if not says:
                words = rule.model_dump(mode="json", by_alias=True, exclude_defaults=True)
                yield _annotation("NOT_EXPRESSED", {"component": target, "rule": words})


def _entries(table: CodeTable, *, ignore_case: bool, notes: bool = False) -> tuple[ValueMapping, ...]:
    """The entries of a table, exact ones before patterns and the most specific pattern first: the first that fits is meant.

    With ``notes``, the note of each line instead of its code: nothing where it fits exactly.
    """
    order = {pattern.line: at for at, pattern in enumerate(table.patterns, 1)}
    lines = sorted(table.frame.iter_rows(named=True), key=lambda row: (order.get(row[LINE], 0), row[LINE]))
    found = []
    for row in lines:
        if row["relation"] == LEFT_OUT:
            continue
        sources = tuple(_value(row[key], ignore_case=ignore_case) for key in table.keys)
        note = row["note"] if row["relation"] != "exact" else None
        targets = ((note,) if note else ()) if notes else (row["target"],)
        annotation = _annotation(RELATION, {"relation": row["relation"], "note": row["note"]}, row["note"] or "")
        found.append(ValueMapping(sources=sources, targets=targets, annotations=() if notes else (annotation,)))
    return tuple(found)


def _value(cell: str, *, ignore_case: bool) -> MappedValue:
    if not is_pattern(cell) and not ignore_case:
        return MappedValue(cell)
    return MappedValue(("(?i)" if ignore_case else "") + expression_of(cell), is_regex=True)


def _left_out(table: CodeTable) -> Iterator[Annotation]:
    for row in table.frame.filter(pl.col("relation") == LEFT_OUT).iter_rows(named=True):
        yield _annotation(LEFT, {"source": [row[key] for key in table.keys], "note": row["note"]}, row["note"] or "")


def _with_precedence(word: str, entry: dict[str, Any]) -> dict[str, Any]:
    """For a sum also which status and confidentiality it takes where its parts differ: the last of these."""
    if word not in {"aggregate", "rollup"}:
        return entry
    return {**entry, "precedence": {"OBS_STATUS": STATUS_PRECEDENCE, "CONF_STATUS": CONFIDENTIALITY_PRECEDENCE}}


def _backwards(to: str) -> str:
    r"""The result of a pattern with its groups as the standard writes them: ``D{1}`` is ``D\1``."""
    return to.replace("{", "\\").replace("}", "")


def _space(component: Component) -> MappedSpace:
    codelist: Urn | None = component.representation.codelist
    if codelist is not None and codelist.kind is Kind.CODELIST:
        return MappedSpace(codelist=codelist)
    data_type = component.representation.data_type
    return MappedSpace(data_type=DataType.STRING if data_type is None else data_type)


def _annotation(kind: str, words: dict[str, Any], text: str = "") -> Annotation:
    value = json.dumps(words, ensure_ascii=False)
    return Annotation(type=kind, value=value, text=Text.of(en=text) if text else Text())

"""Whether rules fit the structure they speak of: a rule with a misspelt code would check nothing, quietly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.structures import Catalogue
from sdmx_gateway.structures.model import Codelist, DataStructure, Urn
from sdmx_gateway.validation.rules import Rule, SumAlongHierarchy, SumAtLeastAlongHierarchy
from sdmx_gateway.validation.selection import expression_of, is_pattern
from sdmx_gateway.validation.tree import broken_branches


def check_rules(
    rules: Sequence[Rule], dataflow: Urn, *, structure: DataStructure, catalogue: Catalogue
) -> tuple[Problem, ...]:
    """Every thing these rules speak of that the dataflow's structure and code lists do not have.

    Raises:
        UnknownArtefact: the catalogue does not hold a code list the structure refers to.
    """
    return tuple(problem for rule in rules for problem in _Fit(rule, dataflow, structure, catalogue).problems())


@dataclass(frozen=True)
class _Fit:
    """One rule against the structure of its dataflow."""

    rule: Rule
    dataflow: Urn
    structure: DataStructure
    catalogue: Catalogue

    def problems(self) -> Iterator[Problem]:
        rule = self.rule
        if rule.dataflow != self.dataflow:
            yield self._problem(
                "rule-of-another-dataflow", f"the rule is about {rule.dataflow.short}, not {self.dataflow.short}"
            )
            return
        if not any(measure.representation.data_type.is_numeric for measure in self.structure.measures):
            yield self._problem("rule-without-measure", f"{self.structure.urn.short} has no numeric measure to check")
        yield from self._unknown_names()
        for name, code in dict.fromkeys(rule.codes_named):
            codelist = self._codelist(name)
            if codelist is not None and not _has(codelist, code):
                yield self._unknown("rule-unknown-code", code, codelist.by_id, holder=codelist.urn)
        if isinstance(rule, SumAlongHierarchy | SumAtLeastAlongHierarchy):
            yield from self._tree_problems(rule.dimension)

    def _unknown_names(self) -> Iterator[Problem]:
        dimensions = [dimension.id for dimension in self.structure.dimensions]
        components = list(self.structure.components)
        for name in dict.fromkeys(self.rule.dimensions_named):
            if name not in dimensions:
                yield self._unknown("rule-unknown-dimension", name, dimensions, holder=self.structure.urn)
        for name in dict.fromkeys(name for name, _ in self.rule.codes_named):
            if name not in components and name not in self.rule.dimensions_named:
                yield self._unknown("rule-unknown-dimension", name, components, holder=self.structure.urn)

    def _tree_problems(self, name: str) -> Iterator[Problem]:
        if name not in self.structure.components:
            return
        codelist = self._codelist(name)
        if codelist is None or all(code.parent is None for code in codelist.items):
            yield self._problem("rule-without-hierarchy", f"{name} has no code list with parents to sum along")
        elif broken := broken_branches(codelist):
            shown = ", ".join(broken[:5])
            what = f"{codelist.urn.short} is no tree: no root is reached from {len(broken)} codes ({shown})"
            yield self._problem("rule-without-hierarchy", what)

    def _codelist(self, name: str) -> Codelist | None:
        component = self.structure.components.get(name)
        return None if component is None else self.catalogue.codelist_of(component)

    def _problem(self, code: str, what: str) -> Problem:
        return Problem(code, what, Where(key=self.rule.id))

    def _unknown(self, code: str, word: str, known: Iterable[str], *, holder: Urn) -> Problem:
        near = get_close_matches(word, list(known), 1, cutoff=0.5)
        remedy = f"did you mean {near[0]}?" if near else ""
        return Problem(code, f"{holder.short} has no {word!r}", Where(key=self.rule.id), remedy=remedy, value=word)


def _has(codelist: Codelist, code: str) -> bool:
    """Whether the list has the code, or one like it when it is a pattern."""
    if not is_pattern(code):
        return code in codelist
    form = re.compile(expression_of([code]))
    return any(form.match(held) for held in codelist.by_id)

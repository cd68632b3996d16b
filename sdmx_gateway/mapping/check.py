"""Whether a module fits its target before any file is there: components, code tables, constants, roll-ups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.mapping.module import FILE, Module
from sdmx_gateway.mapping.spec import Rollup, Rule, matches
from sdmx_gateway.structures import Catalogue
from sdmx_gateway.structures.model import Codelist, DataStructure


def check_module(module: Module, catalogue: Catalogue) -> tuple[Problem, ...]:
    """Every component or code the module speaks of that its target does not have; what a file would show later is not looked for.

    Raises:
        UnknownArtefact: the target dataflow, or a list of its structure, is not held.
    """
    structure = catalogue.structure_of(catalogue.dataflow(module.spec.module.urn))
    found = dict.fromkeys(_problems(module, structure, catalogue))
    return tuple(found)


def _problems(module: Module, structure: DataStructure, catalogue: Catalogue) -> Iterator[Problem]:
    for source in module.spec.source:
        for component, rule in module.spec.rules_for(source).items():
            if component not in structure.components:
                yield _unknown(
                    module, component, list(structure.components), f"is no component of {structure.urn.short}"
                )
                continue
            codelist = catalogue.codelist_of(structure.components[component])
            if codelist is not None:
                yield from _codes(module, rule, codelist)
    for rollup in module.spec.rollup:
        yield from _rollup(module, rollup, structure, catalogue)


def _rollup(module: Module, rollup: Rollup, structure: DataStructure, catalogue: Catalogue) -> Iterator[Problem]:
    dimensions = [d.id for d in structure.dimensions]
    unknown = [name for name in (rollup.dimension, *rollup.not_for) if name not in dimensions]
    yield from (_unknown(module, name, dimensions, f"is no dimension of {structure.urn.short}") for name in unknown)
    if unknown:
        return
    tree = catalogue.codelist_of(structure.components[rollup.dimension])
    if tree is not None:
        yield from _idle_patterns(module, (*rollup.base, *rollup.to), tree)
    for component, codes in rollup.not_for.items():
        codelist = catalogue.codelist_of(structure.components[component])
        if codelist is not None:
            yield from (_unknown_code(module, code, codelist, FILE) for code in codes if code not in codelist)


def _codes(module: Module, rule: Rule, codelist: Codelist) -> Iterator[Problem]:
    given: dict[str, str] = {code: FILE for code in (rule.constant, rule.default) if code is not None}
    if rule.codes is not None:
        table = module.codes[rule.codes, ("source",) if len(rule.columns) == 1 else rule.columns]
        given |= dict.fromkeys(table.frame["target"].drop_nulls(), rule.codes)
    if rule.lookup is not None:
        given |= dict.fromkeys((target for _, target in module.lookups[rule.lookup].lines), rule.lookup)
    yield from (_unknown_code(module, code, codelist, place) for code, place in given.items() if code not in codelist)


def _idle_patterns(module: Module, patterns: tuple[str, ...], codelist: Codelist) -> Iterator[Problem]:
    for pattern in patterns:
        expression = re.compile(matches((pattern,)))
        if not any(expression.fullmatch(code) for code in codelist.by_id):
            yield Problem(
                "idle-pattern",
                f"the pattern {pattern!r} fits no code of {codelist.urn.short}",
                Where(file=f"{module.name}/{FILE}"),
                value=pattern,
                remedy="patterns know * alone: write the codes, or a pattern that fits some",
            )


def _unknown_code(module: Module, code: str, codelist: Codelist, place: str) -> Problem:
    near = get_close_matches(code, list(codelist.by_id), n=1)
    return Problem(
        "unknown-target-code",
        f"{code!r} is no code of {codelist.urn.short}",
        Where(file=f"{module.name}/{place}"),
        value=code,
        remedy=f"did you mean {near[0]!r}?" if near else "",
    )


def _unknown(module: Module, name: str, known: list[str], what: str) -> Problem:
    near = get_close_matches(name, known, n=1)
    remedy = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(known)}"
    return Problem(
        "unknown-component", f"{name} {what}", Where(file=f"{module.name}/{FILE}"), value=name, remedy=remedy
    )

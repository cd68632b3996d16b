"""From ``dsd/*/rules.toml`` to rules, or to every problem in them at once.

A word nobody knows is refused with the nearest one that exists: a rule that is quietly not what its author meant is worse
than no rule.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sdmx_gateway.errors import Problem, RulesRejected, Where
from sdmx_gateway.structures.model import Urn
from sdmx_gateway.validation.rules import MODELS, Rule

FILE = "rules.toml"
_RULE_LINE = re.compile(r"^\s*\[\[\s*rule\s*\]\]", re.MULTILINE)


def load_rules(folders: Iterable[Path]) -> Mapping[Urn, tuple[Rule, ...]]:
    """The rules of every agency in these structure folders, by dataflow, in the order they are written.

    Args:
        folders: folders like ``dsd``, each holding one folder per agency.

    Raises:
        RulesRejected: a file is not TOML, a word is unknown, missing or wrong, or a rule is there twice; every
            problem is listed, with its line.

    """
    rules: list[tuple[Rule, Where]] = []
    problems: list[Problem] = []
    for folder in folders:
        for file in sorted(folder.glob(f"*/{FILE}")):
            for entry in read_rules(file.read_text(encoding="utf-8"), str(file)):
                problems.append(entry) if isinstance(entry, Problem) else rules.append(entry)
    problems += _duplicates(rules)
    if problems:
        raise RulesRejected("the validation rules cannot be used", problems)
    by_dataflow: dict[Urn, tuple[Rule, ...]] = {}
    for rule, _ in rules:
        by_dataflow[rule.dataflow] = (*by_dataflow.get(rule.dataflow, ()), rule)
    return by_dataflow


def read_rules(text: str, file: str) -> Iterator[tuple[Rule, Where] | Problem]:
    """Each rule of one file with its place, or each thing that is wrong with it; ``file`` is its name in messages."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        yield Problem("rule-not-toml", f"not TOML: {error}", Where(file=file))
        return
    for word in document.keys() - {"rule"}:
        yield _unknown("rule-unknown-word", word, ["rule"], Where(file=file, column=word))
    entries = document.get("rule", [])
    if not isinstance(entries, list):
        yield Problem("rule-wrong-value", "rule is not a list of tables", Where(file=file), remedy="write [[rule]]")
        return
    rows = [text.count("\n", 0, match.end()) + 1 for match in _RULE_LINE.finditer(text)]
    for number, entry in enumerate(entries):
        where = Where(file=file, row=rows[number] if number < len(rows) else None, key=str(entry.get("id", "?")))
        yield from _read_rule(entry, where)


def _read_rule(entry: dict[str, Any], where: Where) -> Iterator[tuple[Rule, Where] | Problem]:
    model = MODELS.get(str(entry.get("kind")))
    if model is None:
        yield from _without_kind(entry, where)
        return
    try:
        yield model.model_validate(entry), where
    except ValidationError as error:
        for detail in error.errors():
            yield _problem(detail, model, where)


def _without_kind(entry: dict[str, Any], where: Where) -> Iterator[Problem]:
    """What can be said of a rule of no known kind: so much, and the words that no kind has."""
    kinds = sorted(MODELS)
    if "kind" in entry:
        yield _unknown("rule-unknown-kind", str(entry["kind"]), kinds, replace(where, column="kind"))
    else:
        remedy = f"write kind = one of {', '.join(kinds)}"
        yield Problem("rule-missing-word", "the rule has no kind", where, remedy=remedy)
    words = sorted({word for model in MODELS.values() for word in model.model_fields})
    for word in entry:
        if word not in words:
            yield _unknown("rule-unknown-word", word, words, replace(where, column=word))


def _problem(detail: Any, model: type[Rule], where: Where) -> Problem:
    word = ".".join(str(part) for part in detail["loc"]) or where.key or "?"
    place = replace(where, column=word)
    if detail["type"] == "extra_forbidden":
        return _unknown("rule-unknown-word", word, list(model.model_fields), place)
    if detail["type"] == "missing":
        return Problem("rule-missing-word", f"{word} is missing", place)
    given = detail.get("input")
    shown = repr(given) if isinstance(given, str | int | float | bool) else None
    reason = detail["msg"].removeprefix("Value error, ")
    return Problem("rule-wrong-value", f"{word}{f' = {shown}' if shown else ''}: {reason}", place, value=shown)


def _unknown(code: str, word: str, known: Sequence[str], where: Where) -> Problem:
    near = get_close_matches(word, known, 1, cutoff=0.5)
    remedy = f"did you mean {near[0]}?" if near else ""
    offered = f"known here: {', '.join(known)}"
    return Problem(code, f"{word!r} is not known", where, why=offered, remedy=remedy, value=word)


def _duplicates(rules: Sequence[tuple[Rule, Where]]) -> Iterator[Problem]:
    seen: dict[tuple[Urn, str], Where] = {}
    for rule, where in rules:
        first = seen.setdefault((rule.dataflow, rule.id), where)
        if first is not where:
            yield Problem(
                "rule-duplicate",
                f"{rule.id} is there twice for {rule.dataflow.short}",
                where,
                why=f"first at {first}",
                remedy="give one of them another id",
            )

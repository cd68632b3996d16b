"""A mapping module: its folder read whole, every mistake in it reported at once."""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sdmx_gateway.errors import MappingError, Problem, SourceRejected, Where
from sdmx_gateway.mapping import spec as language
from sdmx_gateway.mapping.code_table import CodeTable, read_code_table
from sdmx_gateway.mapping.lookup_table import LookupTable, read_lookup_table
from sdmx_gateway.mapping.spec import MappingSpec, Rule
from sdmx_gateway.sources.family import Declared

FILE = "mapping.toml"


@dataclass(frozen=True)
class Module:
    """A mapping module as loaded.

    Attributes:
        name: ``group/module``, as the command line calls it.
        folder: where it lives.
        spec: what its ``mapping.toml`` says.
        codes: its code tables, by (path, columns).
        lookups: its lookup tables, by path.

    """

    name: str
    folder: Path
    spec: MappingSpec
    codes: Mapping[tuple[str, tuple[str, ...]], CodeTable]
    lookups: Mapping[str, LookupTable]

    @cached_property
    def digest(self) -> str:
        """sha256 over ``mapping.toml`` and every table, names included."""
        hasher = hashlib.sha256()
        for path in sorted([self.folder / FILE, *self.folder.glob("codes/*.csv")]):
            hasher.update(path.relative_to(self.folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
        return hasher.hexdigest()

    @cached_property
    def samples(self) -> tuple[Path, ...]:
        """The source files in ``sample/`` that a family of the module claims, by name."""
        files = sorted((self.folder / "sample").glob("*")) if (self.folder / "sample").is_dir() else []
        return tuple(file for file in files if any(family.claims(file.name) for family in self.spec.families))


def load_module(folder: Path) -> Module:
    """The module in ``folder``.

    Raises:
        SourceRejected: what is wrong with ``mapping.toml`` and the tables it names, all of it.

    """
    name = "/".join(folder.parts[-2:])
    spec = _read_spec(folder / FILE, name)
    codes: dict[tuple[str, tuple[str, ...]], CodeTable] = {}
    lookups: dict[str, LookupTable] = {}
    problems: list[Problem] = []
    for rule in _rules(spec):
        if rule.codes and (rule.codes, _key_names(rule)) not in codes:
            table, found = read_code_table(folder / rule.codes, rule.columns)
            problems += found
            if table:
                codes[rule.codes, _key_names(rule)] = table
        if rule.lookup and rule.lookup not in lookups:
            lookup, found = read_lookup_table(folder / rule.lookup)
            problems += found
            if lookup:
                lookups[rule.lookup] = lookup
    problems += _unknown_columns(spec, name)
    if problems:
        raise SourceRejected(f"the module {name} has mistakes", problems)
    return Module(name, folder, spec, codes, lookups)


def find_modules(folders: Iterable[Path]) -> dict[str, Path]:
    """The modules in these folders, by name; a later folder's module of the same name stands in for an earlier one's."""
    return {
        "/".join(path.parent.parts[-2:]): path.parent
        for folder in folders
        for path in sorted(folder.glob(f"*/*/{FILE}"))
    }


def module_named(name: str, modules: Mapping[str, Path]) -> Module:
    """The module called ``name``: ``group/module``, or ``module`` alone where that is unambiguous.

    Raises:
        MappingError: none is called so; the nearest names are given.

    """
    found = [known for known in modules if name in (known, known.split("/")[1])]
    if len(found) == 1:
        return load_module(modules[found[0]])
    near = found or difflib.get_close_matches(name, [*modules, *(m.split("/")[1] for m in modules)], n=3)
    raise MappingError(f"there is no module {name!r}", remedy=f"one of {', '.join(near or modules)}")


def _key_names(rule: Rule) -> tuple[str, ...]:
    return ("source",) if len(rule.columns) == 1 else rule.columns


def _rules(spec: MappingSpec) -> Iterator[Rule]:
    yield from spec.components.values()
    for source in spec.source:
        yield from source.components.values()


def _read_spec(path: Path, name: str) -> MappingSpec:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise MappingError(f"{name} has no {FILE}", where=Where(file=str(path))) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{FILE} of {name} is not TOML: {error}", where=Where(file=str(path))) from error
    try:
        return MappingSpec.model_validate(document)
    except ValidationError as error:
        problems = [_spec_problem(dict(detail), name) for detail in error.errors()]
        raise SourceRejected(f"{FILE} of {name} is not understood", problems) from error


def _spec_problem(detail: dict[str, Any], name: str) -> Problem:
    place = ".".join(str(part) for part in detail["loc"])
    remedy = ""
    if detail["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(detail["loc"][-1]), _WORDS, n=1)
        remedy = f"did you mean {near[0]!r}?" if near else "see docs/mapping-language.md"
    return Problem("wrong-spec", f"{place}: {detail['msg']}", Where(file=f"{name}/{FILE}"), remedy=remedy)


def _unknown_columns(spec: MappingSpec, name: str) -> Iterator[Problem]:
    for source in spec.families:
        known = {*source.logical_columns}
        for component, rule in spec.rules_for(source).items():
            for column in rule.columns:
                if not column.startswith("@") and column not in known:
                    near = difflib.get_close_matches(column, known, n=1)
                    yield Problem(
                        "unknown-logical-column",
                        f"components.{component} takes from {column!r}, which {source.family} does not declare",
                        Where(file=f"{name}/{FILE}"),
                        value=column,
                        remedy=f"did you mean {near[0]!r}?" if near else f"one of {', '.join(sorted(known))}",
                    )


_WORDS = sorted(
    {
        field.alias or word
        for model in vars(language).values()
        if isinstance(model, type) and issubclass(model, Declared)
        for word, field in model.model_fields.items()
    }
)

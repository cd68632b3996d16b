"""A mapping module: its folder read whole, every mistake in it reported at once."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from sdmx_gateway.errors import MappingError, Problem, SourceRejected, Where
from sdmx_gateway.mapping import toml_lines
from sdmx_gateway.mapping.code_table import CodeTable, read_code_table
from sdmx_gateway.mapping.lookup_table import LookupTable, read_lookup_table
from sdmx_gateway.mapping.reading import FILE, Document, read_document
from sdmx_gateway.mapping.reference_table import ReferenceTable, join_problems, read_reference_table
from sdmx_gateway.mapping.sentinels import SentinelTable, read_sentinel_table
from sdmx_gateway.mapping.spec import FileSource, FlowSource, MappingSpec, Rule
from sdmx_gateway.mapping.tabular import nearest

K = TypeVar("K")
T = TypeVar("T")


@dataclass(frozen=True)
class Module:
    """A mapping module as loaded.

    Attributes:
        name: ``group/module``, as the command line calls it.
        folder: where it lives.
        spec: what its ``mapping.toml`` says.
        codes: its code tables, by (path, columns).
        lookups: its lookup tables, by path.
        sentinels: its sentinel tables, by path.
        references: its reference tables, by path.
        lines: the line of every word of ``mapping.toml``, by its path.

    """

    name: str
    folder: Path
    spec: MappingSpec
    codes: Mapping[tuple[str, tuple[str, ...]], CodeTable]
    lookups: Mapping[str, LookupTable]
    sentinels: Mapping[str, SentinelTable] = field(default_factory=dict)
    references: Mapping[str, ReferenceTable] = field(default_factory=dict)
    lines: Mapping[toml_lines.Path, int] = field(default_factory=dict, repr=False)

    def where(self, *path: str | int) -> Where:
        """The place of a word of ``mapping.toml``, or of the nearest one above it that is written."""
        return Where(file=f"{self.name}/{FILE}", row=toml_lines.line_at(self.lines, path))

    def where_rule(self, source: FileSource | FlowSource, component: str, *words: str) -> Where:
        """The place of the rule in force for a component: the source's own, or the module's."""
        if component in source.components:
            return self.where("source", self.spec.source.index(source), "components", component, *words)
        return self.where("components", component, *words)

    def table_of(self, rule: Rule) -> CodeTable:
        """The code table of a rule that has one."""
        assert rule.codes is not None
        return self.codes[rule.codes, _key_names(rule)]

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
        SourceRejected: what is wrong with ``mapping.toml`` and the tables it names, all of it, at its line.

    """
    name = "/".join(folder.parts[-2:])
    document = read_document(folder / FILE, name)
    tables = _Tables(folder)
    for rule in _rules(document.spec):
        if rule.codes:
            read = partial(read_code_table, columns=rule.columns)
            tables.take(tables.codes, (rule.codes, _key_names(rule)), rule.codes, read)
        if rule.lookup:
            tables.take(tables.lookups, rule.lookup, rule.lookup, read_lookup_table)
        if rule.sentinels:
            tables.take(tables.sentinels, rule.sentinels, rule.sentinels, read_sentinel_table)
    for source in document.spec.source:
        for join in source.join:
            if join.table is not None:
                tables.take(tables.references, join.table, join.table, read_reference_table)
    problems = [*tables.problems, *_unknown_columns(document), *_joins(document, tables.references)]
    if problems:
        problems.sort(key=lambda problem: (problem.where.file or "", problem.where.row or 0))
        raise SourceRejected(f"the module {name} has mistakes", problems)
    return Module(
        name,
        folder,
        document.spec,
        tables.codes,
        tables.lookups,
        tables.sentinels,
        tables.references,
        document.lines,
    )


class _Tables:
    """The tables of a module, each read once, with what is wrong in them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.codes: dict[tuple[str, tuple[str, ...]], CodeTable] = {}
        self.lookups: dict[str, LookupTable] = {}
        self.sentinels: dict[str, SentinelTable] = {}
        self.references: dict[str, ReferenceTable] = {}
        self.problems: list[Problem] = []
        self._seen: set[object] = set()

    def take(
        self,
        tables: dict[K, T],
        key: K,
        path: str,
        read: Callable[[Path], tuple[T | None, list[Problem]]],
    ) -> None:
        """Read a table into its place, once."""
        if (id(tables), key) in self._seen:
            return
        self._seen.add((id(tables), key))
        table, found = read(self._folder / path)
        self.problems += found
        if table is not None:
            tables[key] = table


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


def _joins(document: Document, references: Mapping[str, ReferenceTable]) -> Iterator[Problem]:
    for number, source in enumerate(document.spec.source):
        for at, join in enumerate(source.join):
            if join.table is not None and join.table in references:
                yield from join_problems(join, references[join.table], document.where("source", number, "join", at))


def columns_of(source: FileSource | FlowSource) -> tuple[str, ...]:
    """The columns a source of files gives its rules, those of its splits and joins included; of a dataflow the made ones alone."""
    own = source.logical_columns if isinstance(source, FileSource) else ()
    made = [name for split in source.split for name in split.names]
    return (*own, *made, *(name for join in source.join for name in join.take))


def _unknown_columns(document: Document) -> Iterator[Problem]:
    for number, source in enumerate(document.spec.source):
        if not isinstance(source, FileSource):
            continue
        known = {*columns_of(source)}
        for path, column in _asked(document.spec, source, number):
            if not column.startswith("@") and column not in known:
                yield Problem(
                    "unknown-logical-column",
                    f"{'.'.join(map(str, path))} takes from {column!r}, which {source.family} does not declare",
                    document.where(*path),
                    value=column,
                    remedy=nearest(column, tuple(sorted(known))),
                )


def _asked(spec: MappingSpec, source: FileSource, number: int) -> Iterator[tuple[toml_lines.Path, str]]:
    """Every column a source of files is asked for, with the place that asks."""
    here: toml_lines.Path = ("source", number)
    for component, rule in spec.rules_for(source).items():
        place = (*here, "components", component) if component in source.components else ("components", component)
        yield from ((place, column) for column in rule.all_columns)
    for at, split in enumerate(source.split):
        yield (*here, "split", at, "from"), split.source
    for at, join in enumerate(source.join):
        yield from (((*here, "join", at, "on"), column) for column in join.on)
    for at, leave_out in enumerate(source.leave_out):
        yield from (((*here, "leave_out", at, "where"), column) for column in leave_out.where)
    for at, rate in enumerate(source.rates):
        columns = (rate.count, rate.base, rate.rate, *rate.where, *rate.not_for)
        yield from (((*here, "rates", at), column) for column in columns)


__all__ = ["FILE", "Module", "columns_of", "find_modules", "load_module", "module_named"]

"""Every code a problem can be given, found by reading the source.

A code is a string in the place of ``Problem``'s first parameter, or of any parameter that ends there: a function that
hands a parameter on as a code is a wrapper, and so is whoever hands one on to a wrapper. Calls are matched by name and
by whether their arguments fit, so ``notes.add("unknown-word", what, where)`` is one and ``seen.add(target)`` is not.
A code that cannot be read off the source is reported, never passed over.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

PROBLEM = "Problem"
CODE = "code"

Scope: TypeAlias = "tuple[Routine, ...]"
"""The functions around a place, the innermost last."""


@dataclass(eq=False)
class Routine:
    """A function of the source, and those of its parameters that end as codes."""

    node: ast.FunctionDef | ast.AsyncFunctionDef
    source: Source
    owner: str | None
    codes: set[str] = field(default_factory=set)

    @property
    def is_bound(self) -> bool:
        """Whether its first parameter is given by the call's own object."""
        names = {d.id for d in self.node.decorator_list if isinstance(d, ast.Name)}
        return self.owner is not None and "staticmethod" not in names

    @property
    def called(self) -> str:
        """The name it is called by: for a constructor, that of its class."""
        return self.owner if self.owner and self.node.name == "__init__" else self.node.name

    def parameter(self, name: str) -> ast.arg | None:
        """Its parameter of that name."""
        a = self.node.args
        return next((p for p in (*a.posonlyargs, *a.args, *a.kwonlyargs) if p.arg == name), None)

    def default(self, name: str) -> ast.expr | None:
        """The default of a parameter."""
        a = self.node.args
        positional = [*a.posonlyargs, *a.args]
        tail = zip(reversed(positional), reversed(a.defaults), strict=False)
        defaults = {p.arg: d for p, d in (*tail, *zip(a.kwonlyargs, a.kw_defaults, strict=True)) if d is not None}
        return defaults.get(name)

    def bound(self, call: ast.Call) -> dict[str, ast.expr] | None:
        """What a call gives each parameter; ``None`` when its arguments do not fit."""
        a = self.node.args
        positional = [p.arg for p in (*a.posonlyargs, *a.args)][self.is_bound :]
        by_word = {p.arg for p in (*a.args, *a.kwonlyargs)}
        if any(isinstance(value, ast.Starred) for value in call.args) or any(k.arg is None for k in call.keywords):
            return {k.arg: k.value for k in call.keywords if k.arg} | dict(_before_star(positional, call.args))
        if (len(call.args) > len(positional) and a.vararg is None) or (
            a.kwarg is None and not {k.arg for k in call.keywords} <= by_word
        ):
            return None
        given = dict(zip(positional, call.args, strict=False)) | {k.arg: k.value for k in call.keywords if k.arg}
        needed = [*positional, *(p.arg for p in a.kwonlyargs)]
        return given if all(name in given or self.default(name) is not None for name in needed) else None


def _before_star(names: Sequence[str], values: Sequence[ast.expr]) -> Iterator[tuple[str, ast.expr]]:
    for name, value in zip(names, values, strict=False):
        if isinstance(value, ast.Starred):
            return
        yield name, value


@dataclass(eq=False)
class Source:
    """One file: what it defines and what it imports."""

    name: str
    tree: ast.Module
    routines: list[Routine] = field(default_factory=list)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def parse(cls, name: str, text: str) -> Source:
        """The file called ``name``, a dotted module."""
        source = cls(name, ast.parse(text))
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                source.imported |= {(a.asname or a.name): (node.module, a.name) for a in node.names}
        source._define(source.tree, None)
        return source

    def _define(self, node: ast.AST, owner: str | None) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                self.routines.append(Routine(child, self, owner))
                self._define(child, None)
            else:
                self._define(child, child.name if isinstance(child, ast.ClassDef) else owner)

    def real(self, name: str) -> str:
        """The name something imported under another one has where it comes from."""
        return self.imported.get(name, ("", name))[1]


@dataclass(frozen=True, order=True)
class Unreadable:
    """A place where a code is given that cannot be read off the source."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@dataclass(frozen=True)
class Codes:
    """What was found: where each code is given, as ``module:line``, and what could not be read."""

    places: dict[str, set[str]]
    unreadable: tuple[Unreadable, ...]


def codes_in(folder: Path) -> Codes:
    """Every code given to a problem in a package."""
    files = sorted(folder.rglob("*.py"))
    names = {".".join(file.relative_to(folder.parent).with_suffix("").parts): file for file in files}
    return codes_of({name.removesuffix(".__init__"): file.read_text("utf-8") for name, file in names.items()})


def codes_of(texts: dict[str, str]) -> Codes:
    """Every code given to a problem in these sources, by module name."""
    return _Search([Source.parse(name, text) for name, text in texts.items()]).run()


class _Search:
    """Looks through all calls until no further wrapper turns up; what the last look found is the result."""

    def __init__(self, sources: list[Source]) -> None:
        self._sources = {source.name: source for source in sources}
        self._by_name: dict[str, list[Routine]] = defaultdict(list)
        self._of_node: dict[ast.AST, Routine] = {}
        for routine in (routine for source in sources for routine in source.routines):
            for name in {routine.called, routine.node.name}:
                self._by_name[name].append(routine)
            self._of_node[routine.node] = routine
        self._classes = {n.name: n for s in sources for n in ast.walk(s.tree) if isinstance(n, ast.ClassDef)}
        self._again = True
        self._places: dict[str, set[str]] = {}
        self._unreadable: set[Unreadable] = set()

    def run(self) -> Codes:
        while self._again:
            self._again, self._places, self._unreadable = False, defaultdict(set), set()
            for source in self._sources.values():
                self._look(source.tree, source, ())
        return Codes(dict(self._places), tuple(sorted(self._unreadable)))

    def _look(self, node: ast.AST, source: Source, scope: Scope) -> None:
        inside = (*scope, self._of_node[node]) if node in self._of_node else scope
        if isinstance(node, ast.Call):
            for value in self._codes_given(_without_partial(node), source, inside):
                self._take(value, source, inside)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            routine = self._of_node[node]
            for default in filter(None, map(routine.default, routine.codes)):
                self._take(default, source, scope)
        for child in ast.iter_child_nodes(node):
            self._look(child, source, inside)

    def _codes_given(self, call: ast.Call, source: Source, scope: Scope) -> Iterator[ast.expr]:
        """The arguments of a call that end as codes."""
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if source.real(name) == PROBLEM:
            yield from _first(call)
        elif name == "replace":  # of a dataclass: the only word of it that is a code is `code`
            yield from (k.value for k in call.keywords if k.arg == CODE)
        for routine in self._meant(call, source, scope):
            given = routine.bound(call)
            if given is not None:
                yield from (given[code] for code in routine.codes if code in given)

    def _meant(self, call: ast.Call, source: Source, scope: Scope) -> list[Routine]:
        """The functions a call may mean."""
        func = call.func
        if isinstance(func, ast.Attribute):
            named = self._by_name[func.attr]
            if isinstance(func.value, ast.Name) and func.value.id in {"self", "cls"} and scope:
                own = [r for r in named if r.source is source and r.owner == _owner(scope)]
                return own or [r for r in named if r.owner]
            return named
        if not isinstance(func, ast.Name):
            return []
        module, name = source.imported.get(func.id, (source.name, func.id))
        return [r for r in self._by_name[name] if _is_from(r.source.name, module) and (not r.owner or r.called == name)]

    def _take(self, value: ast.expr, source: Source, scope: Scope) -> None:
        for found in self._read(value, source, scope):
            if isinstance(found, str):
                self._places[found].add(f"{source.name}:{value.lineno}")
            else:
                text = f"{ast.unparse(value)} is given as a code"
                self._unreadable.add(Unreadable(f"{source.name}:{value.lineno}", text))

    def _read(self, value: ast.expr, source: Source, scope: Scope) -> Iterator[str | None]:
        """The codes an expression may be; ``None`` for what cannot be told."""
        match value:
            case ast.Constant(value=str(text)):
                yield text
            case ast.IfExp(body=body, orelse=other):
                yield from self._read(body, source, scope)
                yield from self._read(other, source, scope)
            case ast.BoolOp(values=values):
                for each in values:
                    yield from self._read(each, source, scope)
            case ast.Attribute(value=ast.Name(id=owner), attr="code"):
                yield from self._read_attribute(owner, source, scope)
            case ast.Name(id=name):
                yield from self._read_name(name, source, scope)
            case _:
                yield None

    def _read_name(self, name: str, source: Source, scope: Scope) -> Iterator[str | None]:
        for depth in range(len(scope), 0, -1):
            routine = scope[depth - 1]
            if routine.parameter(name) is not None:
                self._again |= name not in routine.codes
                routine.codes.add(name)
                return
            assigned = list(_assigned(name, routine.node))
            if assigned:
                for each in assigned:
                    yield from self._read(each, source, scope[:depth]) if each is not None else (None,)
                return
        module, real = source.imported.get(name, (source.name, name))
        home = self._sources.get(module)
        constants = list(_assigned(real, home.tree, nested=False)) if home else []
        for each in constants or [None]:
            yield from self._read(each, home or source, ()) if each is not None else (None,)

    def _read_attribute(self, owner: str, source: Source, scope: Scope) -> Iterator[str | None]:
        """``X.code``: of an error class its code; of an error or a problem nothing new; of anything else unknown."""
        annotation = next((p.annotation for r in reversed(scope) if (p := r.parameter(owner)) is not None), None)
        held = _owner(scope) if owner in {"self", "cls"} else getattr(annotation, "id", owner)
        kind = self._classes.get(source.real(held or ""))
        own = [] if kind is None else list(_assigned(CODE, kind, nested=False))
        if kind is not None and kind.name == owner:
            for each in own or [None]:
                yield from self._read(each, source, ()) if each is not None else (None,)
        elif not own and (kind is None or kind.name != PROBLEM):
            yield None


def _owner(scope: Scope) -> str | None:
    return next((routine.owner for routine in reversed(scope) if routine.owner), None)


def _is_from(module: str, wanted: str) -> bool:
    """Whether a module is the one imported from, or a part of the package that is (which hands its names on)."""
    return module == wanted or module.startswith(f"{wanted}.")


def _first(call: ast.Call) -> Iterator[ast.expr]:
    yield from (k.value for k in call.keywords if k.arg == CODE)
    yield from call.args[:1]


def _without_partial(call: ast.Call) -> ast.Call:
    """``partial(f, "code")`` as the call of ``f`` it will be, with whatever comes later."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name != "partial" or not call.args:
        return call
    later = ast.Starred(ast.Name("later"))
    return ast.copy_location(ast.Call(call.args[0], [*call.args[1:], later], call.keywords), call)


def _assigned(name: str, node: ast.AST, *, nested: bool = True) -> Iterator[ast.expr | None]:
    """What a name is made to be; ``None`` where it comes out of a loop or of an unpacking."""
    for found in ast.walk(node) if nested else ast.iter_child_nodes(node):
        match found:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name) and target.id == name:
                        yield value
                    elif _holds(target, name):
                        yield None
            case (
                ast.AnnAssign(target=ast.Name(id=id_), value=value)
                | ast.NamedExpr(target=ast.Name(id=id_), value=value)
            ) if id_ == name:
                yield value
            case ast.For(target=target) | ast.comprehension(target=target) if _holds(target, name):
                yield None


def _holds(target: ast.expr, name: str) -> bool:
    return any(isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store) and n.id == name for n in ast.walk(target))

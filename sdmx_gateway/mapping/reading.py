"""``mapping.toml`` read: the spec it says, where each of its words stands, and every mistake at its line with the nearest right word."""

from __future__ import annotations

import tomllib
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from sdmx_gateway.errors import MappingError, Problem, SourceRejected, Where
from sdmx_gateway.mapping import toml_lines
from sdmx_gateway.mapping.spec import MappingSpec
from sdmx_gateway.mapping.tabular import nearest

FILE = "mapping.toml"


@dataclass(frozen=True)
class Document:
    """A ``mapping.toml`` as read.

    Attributes:
        spec: what it says.
        name: the module's name, ``group/module``.
        lines: the line of every word, by its path.

    """

    spec: MappingSpec
    name: str
    lines: Mapping[toml_lines.Path, int]

    def where(self, *path: str | int) -> Where:
        """The place of a word, or of the nearest one above it that is written."""
        return Where(file=f"{self.name}/{FILE}", row=toml_lines.line_at(self.lines, path))


def read_document(path: Path, name: str) -> Document:
    """The document at ``path``.

    Raises:
        MappingError: it is not there, or is no TOML.
        SourceRejected: it says what the language does not know; every mistake is in it, at its line.

    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        document = tomllib.loads(text)
    except FileNotFoundError as error:
        raise MappingError(f"{name} has no {FILE}", where=Where(file=str(path))) from error
    except tomllib.TOMLDecodeError as error:
        line = getattr(error, "lineno", None)
        raise MappingError(f"{FILE} of {name} is not TOML: {error}", where=Where(file=str(path), row=line)) from error
    except UnicodeDecodeError as error:
        raise MappingError(f"{FILE} of {name} is no UTF-8: {error}", where=Where(file=str(path))) from error
    lines = toml_lines.lines_of(text)
    try:
        return Document(MappingSpec.model_validate(document), name, lines)
    except ValidationError as error:
        problems = [_problem(dict(detail), name, lines) for detail in error.errors()]
        problems.sort(key=lambda problem: problem.where.row or 0)
        raise SourceRejected(f"{FILE} of {name} is not understood", problems) from error


def _problem(detail: dict[str, Any], name: str, lines: Mapping[toml_lines.Path, int]) -> Problem:
    path, models = _followed(detail["loc"])
    where = Where(file=f"{name}/{FILE}", row=toml_lines.line_at(lines, path))
    place = ".".join(map(str, path))
    last = str(path[-1]) if path else ""
    if detail["type"] == "extra_forbidden":
        words = tuple(sorted({word for model in models for word in words_of(model)}))
        return Problem("wrong-spec", f"{place}: no such word here", where, value=last, remedy=nearest(last, words))
    if detail["type"] == "missing":
        return Problem("wrong-spec", f"{place}: this word is needed", where, value=last, remedy=f"write {last} = …")
    expected = str(detail.get("ctx", {}).get("expected", ""))
    if detail["type"] == "literal_error":
        given, words = str(detail["input"]), tuple(w.strip(" '") for w in expected.replace(" or ", ",").split(","))
        what = f"{place}: {given!r} is not a word for it"
        return Problem("wrong-spec", what, where, value=given, remedy=nearest(given, words))
    what = detail["msg"].removeprefix("Value error, ")
    return Problem("wrong-spec", f"{place}: {what}" if place else what, where)


def words_of(model: type[BaseModel]) -> tuple[str, ...]:
    """The words a part of the language knows, as they are written."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _followed(place: Iterable[str | int]) -> tuple[toml_lines.Path, tuple[type[BaseModel], ...]]:
    """The path of a mistake as the document has it, and the parts of the language its last word may be of.

    What pydantic says of a place holds the names of the alternatives it tried; they are no words of the document.
    """
    path: list[str | int] = []
    types_here: tuple[Any, ...] = (MappingSpec,)
    models: tuple[type[BaseModel], ...] = (MappingSpec,)
    for step in place:
        if isinstance(step, str) and _is_alternative(step, types_here):
            continue
        path.append(step)
        models = tuple(t for t in types_here if isinstance(t, type) and issubclass(t, BaseModel)) or models
        types_here = tuple(_unfolded(inner for t in types_here for inner in _inside(t, step)))
    return tuple(path), models


def _is_alternative(step: str, types_here: tuple[Any, ...]) -> bool:
    models = [t for t in types_here if isinstance(t, type) and issubclass(t, BaseModel)]
    known = {word for model in models for word in words_of(model)}
    is_free = any(typing.get_origin(t) is dict for t in types_here)
    return (
        not is_free and step not in known and step in {*_TAGS, *(m.__name__ for m in models), "str", "tuple[str, ...]"}
    )


_TAGS = frozenset({"file", "dataflow", "delimited", "workbook", "json", "parquet", "query"})
"""Names pydantic gives to the alternatives of a source and of a format."""


def _inside(annotation: Any, step: str | int) -> Iterator[Any]:
    """The types a word or an entry inside a value of this type may have."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from (f.annotation for n, f in annotation.model_fields.items() if step in {n, f.alias})
        return
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) is dict:
        yield arguments[1]
    elif typing.get_origin(annotation) is tuple and isinstance(step, int):
        yield arguments[0]


def _unfolded(annotations: Iterable[Any]) -> Iterator[Any]:
    """Alternatives one by one, without what is annotated about them."""
    for annotation in annotations:
        origin = typing.get_origin(annotation)
        if origin is typing.Annotated:
            yield from _unfolded([typing.get_args(annotation)[0]])
        elif origin in {typing.Union, types.UnionType}:
            yield from _unfolded(typing.get_args(annotation))
        else:
            yield annotation

"""The JSON Schema of ``mapping.toml``, for editors: every word with what it means, taken from the models that read it."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterator
from typing import Any, Final

from pydantic import BaseModel

from sdmx_gateway.mapping.spec import MappingSpec

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_ATTRIBUTE: Final = re.compile(r"^ {4}(\w+): (.+?)(?=\n {4}\w+: |\n\n|\Z)", re.DOTALL | re.MULTILINE)
_SHARED: Final = {
    "because": "why it is so, for whoever reads it next year.",
    "columns": "the headings, as the file spells them.",
    "decimal": "the decimal sign of its numbers.",
    "encodings": "the encodings it may be in, the likeliest first.",
    "kind": "what kind of file it is.",
    "name": "its name, as the file has it.",
    "of": "the column taken apart.",
    "pattern": "regular expression the whole text must fit.",
    "records": "the way to the list of records.",
    "separator": "what stands between fields.",
    "where": "patterns by component.",
    "note": "the remark.",
    "into": "the component that takes it.",
}
"""What a word means wherever a part does not say it itself."""
_MARKUP: Final = re.compile(r"``|:\w+:`([^`]+)`")


def mapping_schema() -> dict[str, Any]:
    """The schema, of draft 2020-12. An editor that knows it completes words, tells wrong ones, and shows what each means."""
    schema = MappingSpec.model_json_schema(by_alias=True, mode="validation")
    models = {model.__name__: model for model in _models(MappingSpec)}
    _describe(schema, MappingSpec)
    for name, part in schema.get("$defs", {}).items():
        if name in models:
            _describe(part, models[name])
    return {"$schema": DIALECT, "title": "A mapping module of sdmx_gateway", **_without(schema, "title")}


def meanings(model: type[BaseModel]) -> dict[str, str]:
    """What each attribute of a part of the language means, by its name, as its docstring says."""
    found: dict[str, str] = {}
    for ancestor in reversed(model.__mro__):
        text = inspect.cleandoc(ancestor.__dict__.get("__doc__") or "").partition("Attributes:\n")[2]
        found |= {name: _plain(meaning) for name, meaning in _ATTRIBUTE.findall(text)}
    return found


def _describe(part: dict[str, Any], model: type[BaseModel]) -> None:
    part["description"] = _plain((model.__doc__ or "").partition("\n\n")[0])
    words = _SHARED | meanings(model)
    for name, field in model.model_fields.items():
        word = part.get("properties", {}).get(field.alias or name)
        if word is not None and name in words:
            word["description"] = words[name].removeprefix(f"({field.alias}) ")


def _plain(text: str) -> str:
    return _MARKUP.sub(lambda found: found.group(1) or "", " ".join(text.split()))


def _models(model: type[BaseModel], seen: set[type[BaseModel]] | None = None) -> Iterator[type[BaseModel]]:
    """A model and every model its words are made of."""
    seen = set() if seen is None else seen
    if model in seen:
        return
    seen.add(model)
    yield model
    for field in model.model_fields.values():
        for inner in _inside(field.annotation):
            yield from _models(inner, seen)


def _inside(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _inside(argument)


def _without(value: Any, word: str) -> Any:
    """A schema without the titles pydantic makes of names."""
    if isinstance(value, dict):
        return {
            key: {name: _without(inner, word) for name, inner in entry.items()}
            if key == "properties"
            else _without(entry, word)
            for key, entry in value.items()
            if not (key == word and isinstance(entry, str))
        }
    return [_without(entry, word) for entry in value] if isinstance(value, list) else value

"""Every word a source may be declared with stands in the page that teaches the language, and its examples are what the language reads."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from sdmx_gateway.mapping.spec import FileSource
from sdmx_gateway.sources import SourceFamily, declared, form, layout

PAGE = Path(__file__).parents[2] / "docs" / "mapping-language.md"
ROOM = re.split(r"(?m)^## ", PAGE.read_text(encoding="utf-8"))[2]
MODELS = [
    model
    for module in (form, layout)
    for model in vars(module).values()
    if isinstance(model, type) and issubclass(model, declared.Declared) and model is not declared.Declared
]


def test_every_word_of_a_source_is_taught() -> None:
    assert ROOM.startswith("`[[source]]`: a family of files")
    words = {word for model in (*MODELS, SourceFamily) for word in model.model_fields}
    assert not sorted(word for word in words if not re.search(rf"\b{word}\b", ROOM))


def test_every_kind_of_file_is_taught() -> None:
    assert not [kind for kind in form.ENDINGS if f'kind = "{kind}"' not in ROOM and f"| `{kind}` |" not in ROOM]


@pytest.mark.parametrize(
    "example", re.findall(r"```toml\n(.*?)```", ROOM, re.DOTALL), ids=lambda text: text.split("\n", 1)[0][:40]
)
def test_every_example_says_what_the_language_knows(example: str) -> None:
    lines = example.splitlines()
    said: dict[str, object] = {}
    for document in _documents(lines):
        said |= document
    source = said.pop("source", {})
    said |= source[0] if isinstance(source, list) else source
    unread = FileSource.model_fields.keys() - SourceFamily.model_fields.keys()  # what mapping says of a source
    words = {word: value for word, value in said.items() if word not in unread}
    assert words.keys() <= SourceFamily.model_fields.keys()
    defaults = {"family": "x", "files": ["x"], "format": {"kind": "delimited"}}
    columns = (
        {}
        if "crosstab" in words
        else {"columns": {name: ["x"] for name in ("rate", "reason", "index", "year", "month")}}
    )
    if words.get("format", {}).get("kind") == "workbook" and "crosstab" not in words:
        columns |= {"table": {}}
    SourceFamily.model_validate(defaults | columns | words)


def _documents(lines: list[str]) -> list[dict[str, object]]:
    """The example as TOML, alternatives of one word each by itself."""
    try:
        return [tomllib.loads("\n".join(lines))]
    except tomllib.TOMLDecodeError:
        return [tomllib.loads(line) for line in lines]

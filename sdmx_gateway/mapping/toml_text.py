"""Values as TOML text: what a module that is made, and not written by hand, is written with."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


def inline(value: Any) -> str:
    """A value on one line.

    >>> inline({"from": ["a", "b"], "ignore_case": True})
    '{ from = ["a", "b"], ignore_case = true }'
    """
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key(name)} = {inline(v)}" for name, v in value.items()) + " }" if value else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(inline, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return text(value) if isinstance(value, str) else str(value)


def text(value: str) -> str:
    """A text: in single quotes where a backslash in it would have to be doubled and nothing forbids it."""
    is_plain = "\\" in value and "'" not in value and value.isprintable()
    return f"'{value}'" if is_plain else json.dumps(value, ensure_ascii=False)


def key(name: str) -> str:
    """A key, in quotes where it needs them."""
    return name if _BARE.fullmatch(name) else text(name)


def section(heading: str, values: Mapping[str, Any]) -> str:
    """A table with its heading, one line for each key."""
    return "\n".join((heading, *(f"{key(name)} = {inline(value)}" for name, value in values.items()), ""))

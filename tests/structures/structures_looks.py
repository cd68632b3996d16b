"""One of each look: what makes the long lists of a message in JSON short enough for a validator in pure Python.

A schema judges an item by its members and by the characters of its texts. Of the items of a list that are alike in both, runs of
letters and of digits counting as one, the first is kept; no artefact is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_DIGITS, _LETTERS = re.compile(r"\d+"), re.compile(r"[^\W\d_]+")


def one_of_each(message: dict[str, Any]) -> dict[str, Any]:
    """The message with one item of each look in every list inside an artefact."""
    data = {kind: [_thinned(artefact) for artefact in artefacts] for kind, artefacts in message["data"].items()}
    return message | {"data": data}


def _thinned(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _thinned(each) for name, each in value.items()}
    if isinstance(value, list):
        looks: dict[Any, Any] = {}
        for each in map(_thinned, value):
            looks.setdefault(tuple(_look(each)), each)
        return list(looks.values())
    return value


def _look(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _look(each)
    elif isinstance(value, list):
        yield len(value)
        for each in value:
            yield from _look(each)
    elif isinstance(value, str):
        yield "".join(sorted(set(_LETTERS.sub("a", _DIGITS.sub("0", value)))))
    else:
        yield value

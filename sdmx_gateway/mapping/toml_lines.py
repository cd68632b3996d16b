"""Where each word of a TOML document stands: the line of every key, table and list entry.

The document must be TOML already (``tomllib`` has read it); this follows it once more for the lines alone, which ``tomllib`` does not keep.
Grammar: TOML 1.0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

Path = tuple[str | int, ...]
_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE: Final = re.compile(r"[ \t]*")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_QUOTED: Final = re.compile(r"\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5}|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'", re.DOTALL)
_PLAIN: Final = re.compile(r"[^,\]}\n#]+")


def lines_of(text: str) -> dict[Path, int]:
    r"""The line of every key and entry, counted from 1, by its path: ``("source", 0, "columns", "area")``.

    >>> lines_of('[a]\nb = [\n  { c = 1 },\n]\n')
    {('a',): 1, ('a', 'b'): 2, ('a', 'b', 0): 3, ('a', 'b', 0, 'c'): 3}
    """
    return _Reader(text).document()


def line_at(lines: Mapping[Path, int], path: Path) -> int | None:
    """The line of a path, or of the nearest place above it that is written."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


class _Reader:
    """One pass over a document, remembering where it is."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._lines: dict[Path, int] = {}
        self._tables: dict[Path, int] = {}

    def document(self) -> dict[Path, int]:
        """Every line of the document."""
        here: Path = ()
        while self._skip(_BLANK) and self._at < len(self._text):
            if self._text[self._at] == "[":
                here = self._header()
            else:
                self._pair(here)
        return self._lines

    def _header(self) -> Path:
        is_list = self._text.startswith("[[", self._at)
        line = self._line()
        self._at += 1 + is_list
        path = self._entered(self._keys(), is_list=is_list)
        self._at += 1 + is_list
        self._lines.setdefault(path, line)
        if is_list:
            self._lines.setdefault(path[:-1], line)
        return path

    def _entered(self, keys: tuple[str, ...], *, is_list: bool) -> Path:
        """The path a header means: within a list of tables, the entry begun last."""
        path: Path = ()
        for i, key in enumerate(keys):
            path = (*path, key)
            if is_list and i == len(keys) - 1:
                self._tables[path] = self._tables.get(path, -1) + 1
            if path in self._tables:
                path = (*path, self._tables[path])
        return path

    def _pair(self, here: Path) -> None:
        line = self._line()
        path = here
        for key in self._keys():
            path = (*path, key)
            self._lines.setdefault(path, line)
        self._skip(_SPACE)
        self._at += 1
        self._skip(_SPACE)
        self._value(path)

    def _keys(self) -> tuple[str, ...]:
        keys = []
        while True:
            self._skip(_SPACE)
            quoted = self._text[self._at] in "\"'"
            found = (_QUOTED if quoted else _BARE).match(self._text, self._at)
            assert found is not None
            self._at = found.end()
            keys.append(found.group()[1:-1] if quoted else found.group())
            self._skip(_SPACE)
            if self._text[self._at] != ".":
                return tuple(keys)
            self._at += 1

    def _value(self, path: Path) -> None:
        start = self._text[self._at]
        if start == "[":
            self._list(path)
        elif start == "{":
            self._inline_table(path)
        else:
            found = (_QUOTED if start in "\"'" else _PLAIN).match(self._text, self._at)
            assert found is not None
            self._at = found.end()

    def _list(self, path: Path) -> None:
        self._at += 1
        entry = 0
        while self._skip(_BLANK) and self._text[self._at] != "]":
            self._lines[*path, entry] = self._line()
            self._value((*path, entry))
            entry += 1
            self._skip(_BLANK)
            self._at += self._text[self._at] == ","
        self._at += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while self._skip(_BLANK) and self._text[self._at] != "}":
            self._pair(path)
            self._skip(_BLANK)
            self._at += self._text[self._at] == ","
        self._at += 1

    def _skip(self, what: re.Pattern[str]) -> bool:
        found = what.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return True

    def _line(self) -> int:
        return self._text.count("\n", 0, self._at) + 1

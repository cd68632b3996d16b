"""Reading a TOML table of known words, and saying where each mistake is.

TOML libraries forget where a value stood; a person who has to mend a file of three hundred lines has not. The rows of
table headers and keys are found by a second, shallow look at the text: good enough to point, never used to read.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from sdmx_gateway.errors import Problem, StructureError, Where
from sdmx_gateway.structures.model import Annotation, Kind, Text, Urn
from sdmx_gateway.structures.xml_text import forbidden_character

_HEADER: Final = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]")
_KEY: Final = re.compile(r"""\s*["']?([A-Za-z0-9_\-]+)["']?\s*=""")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ID: Final = re.compile(r"[A-Za-z0-9_@$\-]+")
_VERSION: Final = re.compile(r"\d+(\.\d+){0,2}(-[0-9A-Za-z.\-]+)?")
_CONCEPT: Final = re.compile(r"(?P<scheme>[^:]+:[^(]+\([^)]+\))\.(?P<id>[A-Za-z0-9_@$\-]+)")


@dataclass
class Notes:
    """What reading a folder turned up: every problem, every reference with its place, the tables that were used."""

    problems: list[Problem] = field(default_factory=list)
    references: list[tuple[Where, Urn]] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def add(
        self, code: str, what: str, where: Where, *, near: Iterable[str] = (), wanted: str = "", remedy: str = ""
    ) -> None:
        """Note a problem; the word nearest to ``wanted`` among ``near`` becomes the remedy when there is one."""
        known = list(near)
        close = get_close_matches(wanted, known, n=1, cutoff=0.5)
        hint = f"did you mean {close[0]!r}?" if close else (f"known: {', '.join(known[:12])}" if known else "")
        self.problems.append(Problem(code, what, where, remedy=remedy or hint, value=wanted or None))


@dataclass(frozen=True)
class TomlFile:
    """A TOML file that parses, the name it goes by in messages, and the rows of its headers and keys."""

    name: str
    values: Mapping[str, Any]
    rows: Mapping[tuple[str, int, str], int]
    notes: Notes

    @classmethod
    def read(cls, path: Path, name: str, notes: Notes) -> TomlFile | None:
        """The file, or ``None`` and a problem when it is no UTF-8 or no TOML."""
        try:
            text = path.read_text(encoding="utf-8-sig")
            return cls(name, tomllib.loads(text), _rows(text), notes)
        except UnicodeDecodeError as error:
            notes.add("unreadable-file", f"not UTF-8: {error.reason} at byte {error.start}", Where(file=name))
        except tomllib.TOMLDecodeError as error:
            notes.add("unreadable-file", f"not TOML: {error}", Where(file=name))
        return None

    def tables(self, header: str, words: Iterable[str]) -> list[Table]:
        """Every ``[[header]]`` of the file; a problem when it is something else."""
        found = self.values.get(header, [])
        if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
            self.notes.add(
                "wrong-value", f"{header} is no list of tables", Where(file=self.name), remedy=f"write [[{header}]]"
            )
            return []
        return [Table.of(self, header, entry, words, nth=nth) for nth, entry in enumerate(found)]

    def table(self, header: str, values: object, words: Iterable[str]) -> Table | None:
        """The table ``[header]``; ``None`` and a problem when it is something else."""
        if isinstance(values, dict):
            return Table.of(self, header, values, words)
        self.notes.add("wrong-value", f"{header} is no table", Where(file=self.name), remedy=f"write [{header}]")
        return None


@dataclass(frozen=True)
class Table:
    """One table: its values are asked for one by one, and what is wrong with each goes to ``notes``."""

    file: TomlFile
    header: str
    nth: int
    values: Mapping[str, Any]

    @classmethod
    def of(cls, file: TomlFile, header: str, values: Mapping[str, Any], words: Iterable[str], *, nth: int = 0) -> Table:
        """A table that may hold these words only; every other one is a problem."""
        table = cls(file, header, nth, values)
        known = tuple(words)
        for key in values:
            if key not in known:
                file.notes.add(
                    "unknown-word",
                    f"{key!r} is no word of {header or 'this file'}",
                    table.where(key),
                    near=known,
                    wanted=key,
                )
        return table

    @property
    def notes(self) -> Notes:
        """Where its problems go."""
        return self.file.notes

    def where(self, key: str = "") -> Where:
        """The row of a key, else of the table's header."""
        rows = self.file.rows
        row = rows.get((self.header, self.nth, key), rows.get((self.header, self.nth, "")))
        return Where(file=self.file.name, row=row, key=".".join(part for part in (self.header, key) if part) or None)

    def text(self, key: str, *, required: bool = False) -> str | None:
        """A non-empty string; ``None`` when it is absent (a problem when required) or something else (a problem)."""
        value = self.values.get(key)
        if value is None:
            if required:
                self.notes.add("missing-word", f"{self.header or 'the file'} has no {key!r}", self.where())
            return None
        if not isinstance(value, str) or not value:
            self._wrong(key, value, "a text")
            return None
        return self._legal(key, value)

    def identifier(self, key: str = "id") -> str | None:
        """An SDMX id (SDMX 3.0, IDType); ``None`` and a problem otherwise."""
        value = self.text(key, required=True)
        if value is not None and not _ID.fullmatch(value):
            self._wrong(key, value, "an SDMX id: letters, digits, _ @ $ - only")
            return None
        return value

    def version(self) -> str:
        """The version, ``1.0`` when none is written."""
        value = self.text("version")
        if value is not None and not _VERSION.fullmatch(value):
            self._wrong("version", value, "a version such as 1.0 or 1.0.0")
            return "1.0"
        return value or "1.0"

    def texts(self, key: str, *, required: bool = False) -> Text:
        """A text by language, ``{ fr = "…", en = "…" }``; empty, with a problem, when it is anything else."""
        value = self.values.get(key)
        if value is None:
            if required:
                self.notes.add("missing-word", f"{self.header or 'the file'} has no {key!r}", self.where())
            return Text()
        well_formed = isinstance(value, dict) and all(isinstance(text, str) for text in value.values())
        if not well_formed or not all(_LANGUAGE.fullmatch(language) for language in value):
            self._wrong(key, value, 'a text by language: { fr = "…", en = "…" }')
            return Text()
        return Text(tuple((language, text) for language, text in value.items() if text and self._legal(key, text)))

    def flag(self, key: str) -> bool:
        """A truth value, false when none is written."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self._wrong(key, value, "true or false")
            return False
        return value

    def number(self, key: str) -> int | None:
        """A whole number above zero, ``None`` when none is written."""
        value = self.values.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
            self._wrong(key, value, "a whole number above zero")
            return None
        return value

    def word(self, key: str, words: Iterable[str]) -> str | None:
        """One of these words; ``None`` when absent, and with a problem naming the nearest when it is another."""
        value, known = self.text(key), tuple(words)
        if value is not None and value not in known:
            self.notes.add("unknown-word", f"{key} = {value!r} is not known", self.where(key), near=known, wanted=value)
            return None
        return value

    def ids(self, key: str) -> tuple[str, ...]:
        """A list of ids; empty, with a problem, when it is anything else."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value) or not value:
            self._wrong(key, value, 'a list of ids: ["FREQ", "REF_AREA"]')
            return ()
        return tuple(value)

    def reference(self, key: str, kind: Kind, *, required: bool = False) -> Urn | None:
        """A reference ``AGENCY:ID(VERSION)``, noted with its place; ``None`` when absent or malformed (a problem)."""
        value = self.text(key, required=required)
        if value is None:
            return None
        try:
            urn = Urn.short_form(kind, value)
        except StructureError:
            self._wrong(key, value, "of the form AGENCY:ID(VERSION)")
            return None
        self.notes.references.append((self.where(key), urn))
        return urn

    def concept(self, key: str) -> Urn | None:
        """A reference to a concept, ``AGENCY:SCHEME(VERSION).ID``; ``None`` when absent or malformed (a problem)."""
        value = self.text(key)
        match = None if value is None else _CONCEPT.fullmatch(value)
        if match is None:
            if value is not None:
                self._wrong(key, value, "of the form AGENCY:SCHEME(VERSION).ID")
            return None
        scheme = Urn.short_form(Kind.CONCEPT_SCHEME, match["scheme"])
        return Urn(Kind.CONCEPT_SCHEME, scheme.agency, scheme.id, scheme.version, match["id"])

    def annotations(self) -> Iterator[Annotation]:
        """The annotations of ``annotations = { TYPE = "…" }``: the key is the type, the text the title."""
        value = self.values.get("annotations", {})
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            self._wrong("annotations", value, 'a table of texts: { EMN_TERM = "…" }')
            return
        for annotation_type, title in value.items():
            if self._legal("annotations", title):
                yield Annotation(type=annotation_type, title=title)

    def _legal(self, key: str, text: str) -> str | None:
        name = forbidden_character(text)
        if name is not None:
            self.notes.add("forbidden-character", f"{key} holds {name}, which XML cannot carry", self.where(key))
            return None
        return text

    def _wrong(self, key: str, value: object, expected: str) -> None:
        self.notes.add("wrong-value", f"{key} = {value!r} is not {expected}", self.where(key))


def _rows(text: str) -> dict[tuple[str, int, str], int]:
    """Row (1-based) of each header, and of each key under it, by header, its occurrence (from 0) and key."""
    rows: dict[tuple[str, int, str], int] = {}
    seen: Counter[str] = Counter()
    header = ""
    for row, line in enumerate(text.splitlines(), 1):
        if match := _HEADER.match(line):
            header = re.sub(r"""["'\s]""", "", match[1])
            seen[header] += 1
            rows[(header, seen[header] - 1, "")] = row
        elif match := _KEY.match(line):
            rows.setdefault((header, max(seen[header] - 1, 0), match[1]), row)
    return rows

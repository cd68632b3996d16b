"""Reading a TOML table of known words, and saying where each mistake is.

Values are asked for one by one, each in the form its word takes; what is not of that form is a problem at its row.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from sdmx_gateway.errors import StructureError, Where
from sdmx_gateway.structures.authored.notes import Notes
from sdmx_gateway.structures.authored.toml_rows import rows_of
from sdmx_gateway.structures.model import Kind, Text, Urn
from sdmx_gateway.structures.urn import ID
from sdmx_gateway.structures.xml_text import forbidden_character

_INDEX: Final = re.compile(r"\[\d+\]")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_VERSION: Final = re.compile(r"\d+(\.\d+){0,2}(-[0-9A-Za-z.\-]+)?")
_ITEM: Final = re.compile(r"(?P<scheme>[^:]+:[^(]+\([^)]+\))\.(?P<id>[A-Za-z0-9_@$\-]+(\.[A-Za-z0-9_@$\-]+)*)")


@dataclass(frozen=True)
class TomlFile:
    """A TOML file that parses, the name it goes by in messages, and the rows of its headers and keys."""

    name: str
    values: Mapping[str, Any]
    rows: Mapping[str, int]
    notes: Notes

    @classmethod
    def read(cls, path: Path, name: str, notes: Notes) -> TomlFile | None:
        """The file, or ``None`` and a problem when it is no UTF-8 or no TOML."""
        try:
            text = path.read_text(encoding="utf-8-sig")
            return cls(name, tomllib.loads(text), rows_of(text), notes)
        except UnicodeDecodeError as error:
            notes.add("unreadable-file", f"not UTF-8: {error.reason} at byte {error.start}", Where(file=name))
        except tomllib.TOMLDecodeError as error:
            notes.add("unreadable-file", f"not TOML: {error}", Where(file=name))
        return None

    def root(self, words: Iterable[str]) -> Table:
        """The file itself as a table."""
        return Table.of(self, "", self.values, words)

    def tables(self, header: str, words: Iterable[str]) -> list[Table]:
        """Every ``[[header]]`` of the file; a problem when it is something else."""
        return Table(self, "", self.values).inner_tables(header, words)

    def table(self, header: str, values: object, words: Iterable[str]) -> Table | None:
        """The table ``[header]``; ``None`` and a problem when it is something else."""
        if isinstance(values, dict):
            return Table.of(self, header, values, words)
        self.notes.add("wrong-value", f"{header} is no table", Where(file=self.name), remedy=f"write [{header}]")
        return None


@dataclass(frozen=True)
class Table:
    """One table: its values are asked for one by one, and what is wrong with each goes to ``notes``.

    ``path`` is where it is in the file, ``constraint[2].include``; ``header`` the same without the numbers.
    """

    file: TomlFile
    path: str
    values: Mapping[str, Any]

    @classmethod
    def of(cls, file: TomlFile, path: str, values: Mapping[str, Any], words: Iterable[str]) -> Table:
        """A table that may hold these words only; every other one is a problem."""
        table, known = cls(file, path, values), tuple(words)
        for key in values:
            if key not in known:
                what = f"{key!r} is no word of {table.header or 'this file'}"
                file.notes.add("unknown-word", what, table.where(key), near=known, wanted=key)
        return table

    @property
    def notes(self) -> Notes:
        """Where its problems go."""
        return self.file.notes

    @property
    def header(self) -> str:
        """The header it stands under."""
        return _INDEX.sub("", self.path)

    def where(self, key: str = "") -> Where:
        """The row of a key, else of the nearest header around it."""
        rows, path = self.file.rows, f"{self.path}.{key}".strip(".") if key else self.path
        place = path if path in rows else f"{path}[0]"
        while place and place not in rows:
            place = place.rpartition("[" if place.endswith("]") else ".")[0]
        return Where(file=self.file.name, row=rows.get(place), key=_INDEX.sub("", path) or None)

    def inner(self, key: str, words: Iterable[str] | None = None) -> Table | None:
        """The table inside under that key, of any words when none are given; ``None`` when absent, or no table (a problem)."""
        value = self.values.get(key)
        if value is None:
            return None
        path = f"{self.path}.{key}".strip(".")
        if not isinstance(value, dict):
            self.misread(key, value, "a table")
            return None
        return Table.of(self.file, path, value, value if words is None else words)

    def inner_tables(self, key: str, words: Iterable[str]) -> list[Table]:
        """The tables inside under that key, ``[[header.key]]`` or ``key = [{ … }]``; a problem when it is something else."""
        path, value = f"{self.path}.{key}".strip("."), self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            header = _INDEX.sub("", path)
            what = f"{key} is no list of tables"
            self.notes.add("wrong-value", what, self.where(key), remedy=f"write [[{header}]]")
            return []
        known = tuple(words)
        return [Table.of(self.file, f"{path}[{nth}]", entry, known) for nth, entry in enumerate(value)]

    def text(self, key: str, *, required: bool = False) -> str | None:
        """A non-empty string; ``None`` when it is absent (a problem when required) or something else (a problem)."""
        value = self.values.get(key)
        if value is None:
            self._missing(key, required=required)
            return None
        if not isinstance(value, str) or not value:
            self.misread(key, value, "a text")
            return None
        return self._legal(key, value)

    def identifier(self, key: str = "id") -> str | None:
        """An SDMX id (SDMX 3.0, IDType); ``None`` and a problem otherwise."""
        value = self.text(key, required=True)
        if value is not None and not ID.fullmatch(value):
            self.misread(key, value, "an SDMX id: letters, digits, _ @ $ - only")
            return None
        return value

    def version(self) -> str:
        """The version, ``1.0`` when none is written."""
        value = self.text("version")
        if value is not None and not _VERSION.fullmatch(value):
            self.misread("version", value, "a version such as 1.0 or 1.0.0")
            return "1.0"
        return value or "1.0"

    def texts(self, key: str, *, required: bool = False) -> Text:
        """A text by language, ``{ fr = "…", en = "…" }``; empty, with a problem, when it is anything else."""
        value = self.values.get(key)
        if value is None:
            self._missing(key, required=required)
            return Text()
        well_formed = isinstance(value, dict) and all(isinstance(text, str) for text in value.values())
        if not well_formed or not all(_LANGUAGE.fullmatch(language) for language in value):
            self.misread(key, value, 'a text by language: { fr = "…", en = "…" }')
            return Text()
        return Text(tuple((language, text) for language, text in value.items() if text and self._legal(key, text)))

    def flag(self, key: str, *, default: bool = False) -> bool:
        """A truth value, ``default`` when none is written."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            self.misread(key, value, "true or false")
            return default
        return value

    def number(self, key: str, *, least: int = 1) -> int | None:
        """A whole number, ``None`` when none is written."""
        value = self.values.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < least):
            self.misread(key, value, "a whole number above zero" if least else "a whole number")
            return None
        return value

    def decimal(self, key: str) -> Decimal | None:
        """A number, ``None`` when none is written."""
        value = self.values.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            self.misread(key, value, "a number")
            return None
        return None if value is None else Decimal(str(value))

    def moment(self, key: str) -> datetime | None:
        """A date, or a date with a time, as TOML writes them; ``None`` when none is written."""
        value = self.values.get(key)
        if value is None or isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime.combine(value, time())
        self.misread(key, value, "a date: 2024-01-01, without quotes")
        return None

    def word(self, key: str, words: Iterable[str], *, required: bool = False) -> str | None:
        """One of these words; ``None`` when absent, and with a problem naming the nearest when it is another."""
        value, known = self.text(key), tuple(words)
        if required and key not in self.values:
            self.notes.add("missing-word", f"{self.header} has no {key!r}", self.where(), near=known)
        if value is not None and value not in known:
            self.notes.add("unknown-word", f"{key} = {value!r} is not known", self.where(key), near=known, wanted=value)
            return None
        return value

    def one_of(self, keys: Iterable[str]) -> str | None:
        """The one of these keys that is written; ``None`` and a problem when none is, or several are."""
        known = tuple(keys)
        given = [key for key in known if key in self.values]
        if len(given) == 1:
            return given[0]
        if given:
            what, remedy = f"{' and '.join(given)} cannot both be given", "keep one of them"
            self.notes.add("wrong-value", what, self.where(given[1]), remedy=remedy)
        else:
            self.notes.add("missing-word", f"{self.header} has none of {', '.join(known)}", self.where(), near=known)
        return None

    def ids(self, key: str) -> tuple[str, ...]:
        """A list of ids; empty, with a problem, when it is anything else."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value) or not value:
            self.misread(key, value, 'a list of ids: ["FREQ", "REF_AREA"]')
            return ()
        return tuple(value)

    def reference(self, key: str, kind: Kind, *, required: bool = False) -> Urn | None:
        """A reference ``AGENCY:ID(VERSION)``, noted with its place; ``None`` when absent or malformed (a problem)."""
        value = self.text(key, required=required)
        return None if value is None else self.referred(key, kind, value)

    def referred(self, key: str, kind: Kind, value: str) -> Urn | None:
        """The reference a text makes, noted at the place of ``key``; ``None`` when it makes none (a problem)."""
        try:
            urn = Urn.short_form(kind, value)
        except StructureError:
            self.misread(key, value, "of the form AGENCY:ID(VERSION)")
            return None
        self.notes.refer(self.where(key), urn)
        return urn

    def item(self, key: str, kind: Kind, *, required: bool = False) -> Urn | None:
        """A reference to an item, ``AGENCY:SCHEME(VERSION).ID``; ``None`` when absent or malformed (a problem)."""
        value = self.text(key, required=required)
        return None if value is None else self.referred_item(key, kind, value)

    def referred_item(self, key: str, kind: Kind, value: str) -> Urn | None:
        """The reference to an item a text makes; ``None`` when it makes none (a problem). It is not noted."""
        match = _ITEM.fullmatch(value)
        try:
            scheme = None if match is None else Urn.short_form(kind, match["scheme"])
        except StructureError:
            scheme = None
        if match is None or scheme is None:
            self.misread(key, value, "of the form AGENCY:SCHEME(VERSION).ID")
            return None
        return Urn(kind, scheme.agency, scheme.id, scheme.version, match["id"])

    def misread(self, key: str, value: object, expected: str) -> None:
        """Note that the value of a key is not what is expected there."""
        self.notes.add("wrong-value", f"{key} = {value!r} is not {expected}", self.where(key))

    def _missing(self, key: str, *, required: bool) -> None:
        if required:
            self.notes.add("missing-word", f"{self.header or 'the file'} has no {key!r}", self.where())

    def _legal(self, key: str, text: str) -> str | None:
        name = forbidden_character(text)
        if name is not None:
            self.notes.add("forbidden-character", f"{key} holds {name}, which XML cannot carry", self.where(key))
            return None
        return text

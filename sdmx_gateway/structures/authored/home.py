"""The folder of one agency: where it is, what messages call it, and the files in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sdmx_gateway.structures.authored.notes import Notes
from sdmx_gateway.structures.authored.sheet import Sheet, SheetForm, read_sheet
from sdmx_gateway.structures.authored.toml_table import Table, TomlFile
from sdmx_gateway.structures.model import Agency


@dataclass(frozen=True)
class Home:
    """A folder and the agency it is of.

    Attributes:
        path: the folder.
        name: what messages call it, ``dsd/ESTAT``.
        agency: the id of the agency, which the folder has too.
        entry: what the agency says of itself.
        parent: the agency it is under.
        folder: the place of the folder it is in among those loaded.
    """

    path: Path
    name: str
    agency: str
    entry: Agency
    parent: str
    folder: int = 0

    def files(self, pattern: str, notes: Notes) -> Iterator[TomlFile]:
        """The TOML files of that pattern that parse, by name."""
        for path in sorted(self.path.glob(pattern)):
            file = TomlFile.read(path, f"{self.name}/{path.relative_to(self.path).as_posix()}", notes)
            if file is not None:
                yield file

    def sheet(self, table: Table, key: str, usual: str, form: SheetForm) -> Sheet | None:
        """The CSV file a table names under ``key``, else the usual one; ``None`` and a problem when it cannot be read."""
        relative = table.text(key) or usual
        path, name = self.path / relative, (PurePosixPath(self.name) / relative).as_posix()
        table.notes.used.add(name)
        if not path.is_file():
            known = sorted(file.name for file in path.parent.glob("*.csv"))
            table.notes.add("missing-file", f"{name} is not there", table.where(key), near=known, wanted=path.name)
            return None
        return read_sheet(path, name, form, table.notes)

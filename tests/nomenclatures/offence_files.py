"""Files of national nomenclatures for tests: every one of them is made up, after the layouts of docs/structures.md."""

from __future__ import annotations

import atexit
import csv
import io
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pytest

from sdmx_gateway.errors import Problem, SourceRejected
from sdmx_gateway.nomenclatures import LAYOUTS, Intent, Prepared, prepared
from sdmx_gateway.settings import shipped

Row = Sequence[object]
TODAY = date(2026, 11, 25)
TITLE = ("FICHIER FABRIQUÉ POUR LES TESTS : aucune de ces infractions n'est réelle",)
HEADINGS = (
    "Numéro NATINF",
    "Nature de l'infraction",
    "Qualification de l'infraction",
    "Définie par",
    "Réprimée par",
)
CHEQUE = ("900001", "Délit", "CHEQUE INVENTE; SANS PROVISION", "ART.X.1 C.INV.", "ART.X.2 C.INV.")
DUEL = ("900002", "Crime", "Duel inventé à l’épée, « œuvre » d'été", "ART.X.3 C.INV.", "ART.X.4 C.INV.")
NOISE = ("900003", "Contravention de 5ème classe", "TAPAGE INVENTE DE NUIT", "ART.X.5 C.INV.", "ART.X.6 C.INV.")
NATINF: tuple[Row, ...] = (HEADINGS, CHEQUE, DUEL, NOISE)
WITH_ICCS: tuple[Row, ...] = (
    (*HEADINGS, "Code ICCS", "Relation"),
    (*CHEQUE, "07011", ""),
    (*DUEL, "0101", "exact"),
    (*NOISE, "", "hors champ"),
)
NFI: tuple[Row, ...] = (
    ("Code NFI", "Libellé", "Niveau", "Code ICCS", "Relation"),
    ("01", "Atteintes inventées à la vie", "Section", "01", "exact"),
    ("01.01", "Homicides inventés", "Division", "0101", "exacte"),
    ("01.01.1", "Duels inventés", "Groupe", "0101", "inclus"),
    ("02", "Atteintes inventées à la personne", "Section", "02", "exact"),
)


def delimited(
    folder: Path, rows: Sequence[Row], *, encoding: str = "utf-8", separator: str = ";", name: str = "made-up.csv"
) -> Path:
    """The rows as delimited text."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    path = folder / name
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def xlsx(folder: Path, sheets: dict[str, Sequence[Row]], name: str = "made-up.xlsx") -> Path:
    """The rows as an Excel workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    path = folder / name
    book.save(path)
    return path


_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))


def ods(folder: Path, sheets: dict[str, Sequence[Row]], name: str = "made-up.ods") -> Path:
    """The rows as an OpenDocument spreadsheet: as little of one as programs read."""
    tables = "".join(
        f'<table:table table:name="{title}">{"".join(map(_row, rows))}</table:table>' for title, rows in sheets.items()
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES} office:version="1.2"><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<m:file-entry m:full-path="/" m:media-type="{_ODS}"/><m:file-entry m:full-path="content.xml" m:media-type="text/xml"/>'
        "</m:manifest>"
    )
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", _ODS)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def _row(row: Row) -> str:
    cells = (
        f'<table:table-cell office:value-type="string"><text:p>{escape(str(c))}</text:p></table:table-cell>'
        for c in row
    )
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


AGENCIES = {"UNODC": "United Nations Office on Drugs and Crime", "FR_SSMSI": "SSMSI"}


@cache
def around() -> Path:
    """A folder of structures with the shipped ICCS and the agency of the lists: little to load."""
    folder = Path(tempfile.mkdtemp(prefix="offences-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for agency, name in AGENCIES.items():
        (folder / agency).mkdir()
        (folder / agency / "agency.toml").write_text(f'id = "{agency}"\nname = {{ en = "{name}" }}\n', "utf-8")
    home, shipped_home = folder / "UNODC", shipped("dsd") / "UNODC"
    described = (shipped_home / "codelists-iccs.toml").read_text("utf-8")
    (home / "codelists.toml").write_text(described[: described.index("[CL_ICCS_")], "utf-8")
    (home / "codelists").mkdir()
    shutil.copy(shipped_home / "codelists" / "CL_ICCS.csv", home / "codelists")
    return folder


def brought(path: Path, layout: str = "natinf", **more: Any) -> Prepared:
    """What a file becomes in an empty folder beside it, with the shipped structures around."""
    intent = Intent(LAYOUTS[layout], path.parent / "dsd", more.pop("agency", "FR_SSMSI"), **more)
    return prepared(path, intent, [around()], today=TODAY)


def refused(path: Path, layout: str = "natinf", **more: Any) -> tuple[Problem, ...]:
    """What is told of a file, of which nothing is then written."""
    with pytest.raises(SourceRejected) as caught:
        brought(path, layout, **more)
    assert not (path.parent / "dsd").exists()
    return caught.value.problems


def told(problems: Sequence[Problem]) -> list[tuple[str, int | None, str | None, str | None]]:
    """Problems as code, row, column and value."""
    return [(p.code, p.where.row, p.where.column, p.value) for p in problems]

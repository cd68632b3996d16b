"""What the cells of an xlsx workbook are, beside the values they show: errors, formulas never computed, numbers kept as text.

The library that reads values gives nothing for an error, as for an empty cell. ECMA-376 Part 1 §18.3.1.4 (``c``) and §18.18.11
(``ST_CellType``) say which cell is which. Other kinds of workbook are not looked into: nothing is known of their cells here.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from lxml import etree

MAX_PART: Final = 256 << 20
"""Largest expanded part looked into; of a larger one nothing is known."""
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT: Final = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_REL: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_ID: Final = re.compile(r"\{http://(?:schemas\.openxmlformats|purl\.oclc)\.org/.*relationships\}id$")
_WORTH_PARSING: Final = re.compile(rb"""\bt=["']e["']|<(?:\w+:)?f[\s>/]""")
_TEXT_CELL: Final = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*? t="s"[^>]*><v>(\d+)</v>')
_INLINE_CELL: Final = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*? t="inlineStr"[^>]*><is><t[^>]*>([^<]*)</t></is></c>')
_NUMBER_CELL: Final = re.compile(rb'<c r="([A-Z]+)(\d+)"(?: s="\d+")?(?: t="n")?><v>')
"""Cells as spreadsheets write them. Written otherwise they are not seen: what hangs on it is a note, never a figure."""
_NUMERAL: Final = r"^[+-]?\d{1,3}(?:[ \u00a0\u202f]?\d{3})*(?:[.,]\d+)?$"


@dataclass(frozen=True)
class SheetCells:
    """What is known of a sheet's cells.

    Attributes:
        errors: place and text of each error.
        uncomputed: places of formulas without a value.
        numbers_as_text: places of numbers kept as text, in columns that also hold numbers.

    """

    errors: tuple[tuple[str, str], ...] = ()
    uncomputed: tuple[str, ...] = ()
    numbers_as_text: tuple[str, ...] = ()


def cells_of(data: bytes) -> Mapping[str, SheetCells]:
    """What is known of the cells of each sheet, by its name; nothing where the file is no xlsx."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {info.filename for info in archive.infolist() if info.file_size <= MAX_PART}
            if "xl/workbook.xml" not in parts:
                return {}
            numerals = _numerals(archive) if "xl/sharedStrings.xml" in parts else frozenset()
            return {
                sheet: _cells(archive.read(path), numerals) for sheet, path in _sheets(archive).items() if path in parts
            }
    except (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError):
        return {}


def _tree(archive: zipfile.ZipFile, path: str) -> Any:
    return _parsed(archive.read(path))


def _parsed(data: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(data, parser)


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    rels = _tree(archive, "xl/_rels/workbook.xml.rels")
    targets = {rel.get("Id"): posixpath.normpath(posixpath.join("/xl", rel.get("Target"))) for rel in rels.iter(_REL)}
    sheets = {}
    for sheet in _tree(archive, "xl/workbook.xml").iter(f"{{{_MAIN}}}sheet", f"{{{_STRICT}}}sheet"):
        ids = [value for name, value in sheet.attrib.items() if _ID.match(name)]
        if ids and ids[0] in targets:
            sheets[sheet.get("name")] = targets[ids[0]].lstrip("/")
    return sheets


def _numerals(archive: zipfile.ZipFile) -> frozenset[bytes]:
    """The shared texts that are numbers, by their index."""
    tree = _tree(archive, "xl/sharedStrings.xml")
    texts = pl.Series("text", [item.xpath("string()") for item in tree], dtype=pl.String).to_frame().with_row_index()
    numerals = texts.filter(pl.col("text").str.strip_chars().str.contains(_NUMERAL))["index"]
    return frozenset(str(index).encode() for index in numerals)


def _cells(data: bytes, numerals: frozenset[bytes]) -> SheetCells:
    as_text = _as_text(data, numerals)
    if not _WORTH_PARSING.search(data):
        return SheetCells(numbers_as_text=as_text)
    tree = _parsed(data)
    spaces = {"m": etree.QName(tree).namespace}
    errors = [(c.get("r", ""), c.findtext("m:v", "", spaces)) for c in tree.xpath('//m:c[@t="e"]', namespaces=spaces)]
    uncomputed = tree.xpath('//m:c[m:f and not(m:v/text()) and not(@t="str")]/@r', namespaces=spaces)
    return SheetCells(tuple(errors), tuple(map(str, uncomputed)), as_text)


def _as_text(data: bytes, numerals: frozenset[bytes]) -> tuple[str, ...]:
    """Numbers kept as text below the first number of their column: what stands above are headings."""
    texts = [(column, int(row)) for column, row, index in _TEXT_CELL.findall(data) if index in numerals]
    inline = _INLINE_CELL.findall(data)
    texts += [(column, int(row)) for column, row, text in inline if re.match(_NUMERAL, text.decode().strip())]
    if not texts:
        return ()
    first = {column: int(row) for column, row in reversed(_NUMBER_CELL.findall(data))}
    return tuple(f"{column.decode()}{row}" for column, row in texts if row > first.get(column, row))

"""``structures import-offences``: a national nomenclature of offences, brought as a spreadsheet, becomes a code list."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sdmx_gateway.cli.screen import Json, figure, line, show
from sdmx_gateway.errors import Problem
from sdmx_gateway.gateway import Gateway
from sdmx_gateway.nomenclatures import LAYOUTS, Intent, Outcome, Prepared, keep, prepared
from sdmx_gateway.structures.comparison.change import told


class LayoutName(StrEnum):
    """The nomenclatures that are known."""

    NATINF = "natinf"
    NFI = "nfi"


class EncodingName(StrEnum):
    """The encodings a file may be said to be in."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    CP1252 = "cp1252"
    LATIN_1 = "latin-1"
    LATIN_9 = "latin-9"
    CP850 = "cp850"
    MAC_ROMAN = "mac-roman"


def import_offences(
    file: Annotated[Path, typer.Argument(help="The file its office publishes: delimited text, .xlsx, .ods.")],
    layout: Annotated[LayoutName, typer.Option(help="Which nomenclature it is.")],
    folder: Annotated[Path, typer.Option(help="A dsd folder to keep the list in, under AGENCY/.")],
    agency: Annotated[str, typer.Option(help="Whose list it is.")] = "FR_SSMSI",
    version: Annotated[
        str | None, typer.Option(help="The version of the list; by default 1.0, then the one the changes ask for.")
    ] = None,
    iccs: Annotated[
        Path | None, typer.Option(help="A second file, which says of each code where it lies in the ICCS.")
    ] = None,
    encoding: Annotated[
        EncodingName | None, typer.Option(help="The encoding of a text, where it cannot be told from the text.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet that is meant, where several have the headings.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing: tell what is wrong, or what would be new.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make a code list that extends the ICCS of a national nomenclature of offences: the NATINF or the NFI.

    The layouts are in docs/structures.md. Everything that is wrong with the file is told at once, and then nothing is written. A newer
    edition becomes a version of its own beside the one that is held: you are told what was added, withdrawn and relabelled. A file
    that says the same changes nothing.

    For instance: structures import-offences liste-natinf.csv --layout natinf --folder dsd
    """
    gateway = Gateway()
    intent = Intent(
        layout=LAYOUTS[layout.value],
        folder=folder,
        agency=agency,
        version=version,
        encoding=None if encoding is None else encoding.value,
        sheet=sheet,
        correspondence=iccs,
    )
    settings = gateway.settings
    coming = prepared(file, intent, settings.dsd, today=gateway.now().date(), cache=settings.cache_folder)
    files = () if check else keep(coming)
    show(_said(coming, files), as_json=as_json, text=lambda: _print(coming, files, check=check))


def _said(coming: Prepared, files: tuple[Path, ...]) -> dict[str, Any]:
    """What became of the file, for machines."""
    edition = coming.edition
    return {
        "outcome": edition.outcome.value,
        "codelist": str(coming.codelist.urn),
        "held": None if edition.held is None else str(edition.held.urn),
        "level": None if edition.level is None else edition.level.name,
        "codes": len(coming.codelist),
        "placed": coming.placed,
        "changes": edition.changes,
        "files": files,
        "remarks": coming.remarks,
    }


def _print(coming: Prepared, files: tuple[Path, ...], *, check: bool) -> None:
    edition, codelist = coming.edition, coming.codelist
    counted = f"{figure(len(codelist))} codes, {figure(coming.placed)} placed in the ICCS"
    if edition.outcome is Outcome.UNCHANGED:
        line(f"✓ unchanged: {codelist.urn.short} says the same, {counted}", "green")
    else:
        done = "would be kept" if check else f"kept in {files[-1]}"
        line(f"✓ {codelist.urn.short}: {counted}, {done}", "green")
    if edition.held is not None and edition.level is not None:
        line(f"  since {edition.held.urn.short}, a {edition.level.name} change:")
        for level, text in told(edition.changes):
            line(f"    {level.name:<5}  {text}")
    for remark in coming.remarks:
        _print_remark(remark)


def _print_remark(remark: Problem) -> None:
    line(f"  {remark}", "dim")

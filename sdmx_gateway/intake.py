"""Files taken in: which edition each belongs to, and each read as a source table of the module that claims it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sdmx_gateway.mapping import FileSource, Module, SourceTable
from sdmx_gateway.sources import read_source, recognise, sayings_of
from sdmx_gateway.sources.query import asking


def editions_of(module: Module, files: Sequence[Path] = ()) -> dict[str, tuple[Path, ...]]:
    """The files of each edition of a module, oldest first: the given ones, or its sample.

    A module that accumulates has one entry, under its newest edition.

    Raises:
        SourceRejected: a file belongs to no family of the module.
    """
    editions: dict[str, list[Path]] = {}
    for path in files or module.samples:
        family = recognise(path, module.spec.families)
        editions.setdefault(sayings_of(path, family, ask=asking(module.folder)).get("edition", ""), []).append(path)
    if module.spec.module.editions == "accumulate" and editions:
        return {max(editions): tuple(path for _, paths in sorted(editions.items()) for path in paths)}
    return {edition: tuple(paths) for edition, paths in sorted(editions.items())}


def source_table(path: Path, module: Module) -> SourceTable:
    """One file read for a module.

    Raises:
        SourceRejected: it belongs to no family of the module, or cannot be read as its family declares.
    """
    family = recognise(path, module.spec.families)
    assert isinstance(family, FileSource)
    raw = read_source(path, family, ask=asking(module.folder))
    return SourceTable(
        name=raw.name,
        sha256=raw.sha256,
        edition=raw.edition,
        decimal=raw.decimal,
        frame=raw.frame,
        declared=family,
        problems=raw.problems,
    )

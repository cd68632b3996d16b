"""Authored folders for tests: the files of ``structures_samples`` with a few more, loaded or refused."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import pytest
from structures_samples import author

from sdmx_gateway.errors import MessageRejected, Problem
from sdmx_gateway.structures import load_catalogue
from sdmx_gateway.structures.model import Artefact

A = TypeVar("A", bound=Artefact)
HOME = "dsd/MADE_UP"


def with_files(folder: Path, files: dict[str, str | None]) -> Path:
    """The usual folder with these files written or, where the text is ``None``, left out."""
    dsd = author(folder)
    for name, text in files.items():
        path = dsd / "MADE_UP" / name
        path.unlink(missing_ok=True)
        if text is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return dsd


def loaded(folder: Path, files: dict[str, str | None], of: type[A], own_id: str | None = None) -> A:
    """The only artefact of a class that these files bring, or the one of that id."""
    found = [a for a in load_catalogue([with_files(folder, files)]) if isinstance(a, of) and own_id in {None, a.id}]
    assert len(found) == 1, found
    return found[0]


def refused(folder: Path, files: dict[str, str | None]) -> tuple[Problem, ...]:
    """What is told when these files are loaded."""
    with pytest.raises(MessageRejected) as caught:
        load_catalogue([with_files(folder, files)])
    return caught.value.problems


def told(folder: Path, files: dict[str, str | None]) -> list[tuple[str, str, int | None, str]]:
    """The same as code, file, row and remedy."""
    return [
        (p.code, (p.where.file or "").removeprefix(f"{HOME}/"), p.where.row, p.remedy) for p in refused(folder, files)
    ]

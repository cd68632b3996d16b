"""Files that are there whole or not at all, also after a power cut.

A file is written beside its place under the name ``<name>.part``, forced to disk, linked into its place and the folder
forced to disk. A link, unlike a rename, never overwrites: what is in the place already stays.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

PART: Final = ".part"
_MODE: Final = 0o640  # what waits to be sent may be under embargo: not for everybody


def write_new(path: Path, content: bytes) -> bool:
    """Put a file in its place; whether it was put there: ``False`` leaves what is there already.

    Two callers must not write one path at once (see :mod:`sdmx_gateway.transmission.turn`); a ``.part`` file found is
    therefore one that a crash left.

    Raises:
        OSError: the disk is full, the folder is gone, or the file system has no hard links.
    """
    part = path.with_name(path.name + PART)
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    try:
        os.link(part, path)
    except FileExistsError:
        placed = False
    else:
        placed = True
    settle(path)
    return placed


def settle(path: Path) -> None:
    """Make sure that a file in its place stays there, and that no part of it is left beside it."""
    path.with_name(path.name + PART).unlink(missing_ok=True)
    sync_folder(path.parent)


def make_folder(path: Path) -> None:
    """Make a folder and those above it, each forced to disk."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(exist_ok=True)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Force the names in a folder to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""A release's folder: made whole or not at all, and never touched again.

Files are written into a hidden sibling of the folder they will be (so on the same filesystem), each synced, the
sibling synced, renamed, and the rename synced. What a crash leaves behind is either hidden or unrecorded, and
:func:`sweep` takes it away. Nothing here knows what the files mean.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sdmx_gateway.errors import CorruptRelease, StoreError, Where

_STAGING: Final = ".staging-"
_READ_ONLY: Final = 0o444


def sha256(data: bytes) -> str:
    """The digest files are recorded by, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def make(root: Path, *parts: str) -> Path:
    """Make a folder below ``root``, and ``root`` itself; its path.

    Every level is synced into its parent, also one that is there already: who made it may have died before doing so.
    """
    root.parent.mkdir(parents=True, exist_ok=True)
    path = root
    for level in (root, *(path := path / part for part in parts)):
        level.mkdir(exist_ok=True)
        _sync(level.parent)
    return path


def sweep(flow: Path, last: int) -> None:
    """Take away what crashed publications left among the releases of a flow, of which ``last`` is the newest recorded.

    Only to be called by who alone may publish to this flow.

    Raises:
        StoreError: there are more releases than a crash can leave: the catalogue is older than the folder.
    """
    unrecorded = sorted(int(entry.name) for entry in flow.iterdir() if entry.name.isdigit() and int(entry.name) > last)
    if any(number > last + 1 for number in unrecorded):
        raise StoreError(
            f"release {unrecorded[-1]} is in the folder, but the catalogue ends at release {last}",
            where=Where(file=str(flow)),
            why="a crash can leave one unrecorded release, not several: the database is older than the folder",
            remedy="restore the newer database; nothing is published over releases it does not know",
        )
    for leftover in (*flow.glob(f"{_STAGING}*"), *(flow / str(number) for number in unrecorded)):
        shutil.rmtree(leftover)


@contextmanager
def staged(flow: Path, files: Mapping[str, bytes]) -> Iterator[Path]:
    """A hidden folder beside the releases with these files, synced; taken away at the end unless it was settled."""
    staging = flow / f"{_STAGING}{secrets.token_hex(8)}"
    try:
        staging.mkdir()
        for name, data in files.items():
            _write(staging / name, data)
        _sync(staging)
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def settle(staging: Path, final: Path) -> None:
    """Give a staged folder its name, for good. Fails when that name is taken."""
    staging.rename(final)
    _sync(final.parent)


def read(path: Path, digest: str) -> bytes:
    """The bytes of a file that must have this sha256.

    Raises:
        CorruptRelease: they are not what was recorded, or cannot be had.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorruptRelease(
            f"{path.name} cannot be read", where=Where(file=str(path)), why=str(error), remedy=_REMEDY
        ) from error
    if sha256(data) != digest:
        raise CorruptRelease(
            f"{path.name} is not what was recorded",
            where=Where(file=str(path)),
            why=f"its sha256 is {sha256(data)}, recorded is {digest}",
            remedy=_REMEDY,
        )
    return data


_REMEDY: Final = "restore this file from a copy; it is not served or sent until then"


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _READ_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

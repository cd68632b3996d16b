"""The bytes of transmissions, kept for ever under their own digest.

A file named by the SHA-256 of its content cannot be another file: storing the same bytes twice is storing them once,
and reading checks that they are still the same.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from sdmx_gateway.errors import CorruptSeal, Where
from sdmx_gateway.transmission.durable_file import make_folder, settle, write_new
from sdmx_gateway.transmission.turn import file_turn


def digest_of(content: bytes) -> str:
    """SHA-256, in 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


class SealedStore:
    """A folder of files named by their digest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keep bytes, on disk when this returns, and give their digest.

        Raises:
            CorruptSeal: a file of that digest is there already, and is not what was kept.
        """
        digest = digest_of(content)
        path = self._folder / digest
        make_folder(self._folder)
        with file_turn(self._folder / ".lock"):
            if path.exists():
                self.get(digest)
                settle(path)
            else:
                write_new(path, content)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes of that digest.

        Raises:
            CorruptSeal: they are gone, or no longer what was kept.
        """
        path = self._folder / digest
        try:
            content = path.read_bytes()
        except FileNotFoundError as error:
            raise _corrupt("are gone", path) from error
        if digest_of(content) != digest:
            raise _corrupt("are not what was prepared", path)
        return content


def _corrupt(what: str, path: Path) -> CorruptSeal:
    return CorruptSeal(
        f"the bytes kept as {path.name} {what}",
        where=Where(file=str(path)),
        remedy="nothing was sent; restore the file from a backup, then send again",
    )

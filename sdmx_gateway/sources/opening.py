"""From a path to its bytes, whole or block by block, unpacked within bounds."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from sdmx_gateway.errors import Problem, SourceRejected, Where

MAX_BYTES: Final = 2 << 30
"""Largest expanded file read: the communal base is 0.6 GB; beyond 2 GB something is wrong."""
MAX_WHOLE: Final = 256 << 20
"""Largest expanded file read whole: a workbook, JSON, or a text that was laid out for reading."""
BLOCK: Final = 32 << 20
"""How much of a large text is looked at at a time."""


@dataclass(frozen=True)
class Opened:
    """A file that is there: its name, and how to get at what it holds."""

    path: Path
    member: str | None = None

    @property
    def name(self) -> str:
        """The file's name, without its folder."""
        return self.path.name

    @property
    def is_packed(self) -> bool:
        """Whether the file holds another one."""
        return self.path.suffix in {".gz", ".zip"}

    @property
    def sha256(self) -> str:
        """Digest of the file's bytes as they are."""
        with _readable(self.path), self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def blocks(self, size: int = BLOCK) -> Iterator[bytes]:
        """What the file holds, ``size`` bytes at a time.

        Raises:
            SourceRejected: it cannot be opened or unpacked, or holds more than is read.

        """
        taken = 0
        with _readable(self.path), self._stream() as stream:
            while block := stream.read(size):
                taken += len(block)
                if taken > MAX_BYTES:
                    raise _too_large(self.name, MAX_BYTES)
                yield block

    def whole(self, most: int = MAX_WHOLE) -> bytes:
        """All the file holds, if it is no more than ``most`` bytes.

        Raises:
            SourceRejected: as for :meth:`blocks`.

        """
        with _readable(self.path), self._stream() as stream:
            data = stream.read(most + 1)
        if len(data) > most:
            raise _too_large(self.name, most)
        return data

    def _stream(self) -> IO[bytes]:
        if self.path.suffix == ".gz":
            return cast("IO[bytes]", gzip.open(self.path))
        if self.path.suffix == ".zip":
            archive = zipfile.ZipFile(self.path)
            return archive.open(self._member_of(archive))
        return self.path.open("rb")

    def _member_of(self, archive: zipfile.ZipFile) -> str:
        held = [info.filename for info in archive.infolist() if not info.is_dir()]
        names = [name for name in held if self.member is None or re.fullmatch(self.member, name)]
        if len(names) == 1:
            return names[0]
        problem = Problem(
            "wrong-archive",
            f"{len(names)} of the {len(held)} files in it may be meant: {', '.join(held[:9])}",
            Where(file=self.name),
            remedy="say which with `member`, a regular expression of its name, in the module's source",
        )
        raise SourceRejected(f"{self.name} does not hold one file", [problem])


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        problem = Problem("no-such-file", "there is no such file", Where(file=str(path)))
        raise SourceRejected(f"{path} is not there", [problem]) from error
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        problem = Problem("unreadable", str(error), Where(file=path.name), remedy="fetch the file again")
        raise SourceRejected(f"{path.name} cannot be opened", [problem]) from error


def check_expanded(data: bytes, name: str) -> None:
    """Refuse a workbook whose parts expand to more than is read; what is no archive has no parts.

    Raises:
        SourceRejected: they do.

    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            expanded = sum(info.file_size for info in archive.infolist())
    except zipfile.BadZipFile:
        return
    if expanded > MAX_BYTES:
        raise _too_large(name, MAX_BYTES)


def _too_large(name: str, most: int) -> SourceRejected:
    problem = Problem(
        "too-large",
        f"the file expands to more than {most:,} bytes",
        Where(file=name),
        remedy="is it the right file?",
    )
    return SourceRejected(f"{name} is too large", [problem])

"""The one door files come through that may be packed: no more is read, packed or unpacked, than a message may have."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Final

from sdmx_gateway.errors import MessageRejected, Problem, Where
from sdmx_gateway.structures.xml_guard import MAX_BYTES

_MAGIC: Final = b"\x1f\x8b"


def read_unpacked(path: Path) -> bytes:
    """The bytes of a file, unpacked if it is gzip (RFC 1952) or is called so.

    Raises:
        MessageRejected: it has, or unpacks to, more bytes than a message may have.
        OSError: it cannot be read, or is called gzip and is none.
        EOFError: it breaks off.
        zlib.error: what is packed is broken.
    """
    with path.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) <= MAX_BYTES and (data.startswith(_MAGIC) or path.suffix == ".gz"):
        with gzip.open(path) as unpacking:
            data = unpacking.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        problem = Problem("too-long", f"it has, or unpacks to, more than {MAX_BYTES} bytes", Where(file=path.name))
        raise MessageRejected("the message cannot be read", [problem])
    return data

"""Keeping what was loaded, so that it is loaded again in a moment.

A cache is used for the very files it was made from, byte by byte, and for the very code that read them: its key is a digest of
both. Dates are not trusted: a digest of four megabytes takes 20 ms, and a restored backup or a second edit within a tick of the
clock is never served stale. (Of the code, which only its own installation changes, size and date are enough.)

What is kept is JSON that can only become values of the model (:mod:`.packing`), under a digest of its own;
a file that is damaged, of another version or of someone else's making is not believed, and written anew. The bulk of each artefact
is a piece of its own, unpacked when it is first looked at; what it refers to is known without it.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sdmx_gateway import errors, structures
from sdmx_gateway.errors import GatewayError, Problem
from sdmx_gateway.structures.authored.collecting import not_collecting
from sdmx_gateway.structures.authored.deferred import bulk_of, deferred
from sdmx_gateway.structures.authored.packing import packed, unpacked
from sdmx_gateway.structures.model import Artefact
from sdmx_gateway.structures.targets import known, targets

_FORM: Final = b"sdmx-gateway structures 1\n"
_DIGEST: Final = hashlib.sha256().digest_size
_READ: Final = frozenset({".toml", ".csv", ".xml", ".gz"})
_DAMAGED: Final = (OSError, ValueError, KeyError, TypeError, AttributeError, zlib.error, GatewayError, RecursionError)
"""Everything that reading bytes nobody vouches for may end in."""


@dataclass(frozen=True)
class Cached:
    """What was loaded: artefacts, and what had to be left out of foreign files."""

    artefacts: tuple[Artefact, ...]
    problems: tuple[Problem, ...]


def cached(folders: Iterable[Path], cache: Path, load: Callable[[], Cached]) -> Cached:
    """What the cache has of these folders as they are; else what ``load`` finds, which is then kept.

    A cache that cannot be written is done without.
    """
    held = [folder.resolve() for folder in folders]
    place = cache / f"structures-{hashlib.sha256(repr(held).encode()).hexdigest()[:16]}"
    key = _key(held)
    found = _read(place, key)
    if found is None:
        found = load()
        if _key(held) == key:  # nothing changed meanwhile
            with suppress(OSError):
                _write(place, key, found)
    return found


def _key(folders: Iterable[Path]) -> bytes:
    digest = hashlib.sha256(_FORM)
    for path in sorted([*Path(structures.__file__).parent.rglob("*.py"), Path(errors.__file__)]):
        about = path.stat()
        digest.update(f"{path}\0{about.st_size}\0{about.st_mtime_ns}\n".encode())
    for folder in folders:
        digest.update(f"{folder}\n".encode())
        for path in sorted(path for path in folder.rglob("*") if path.suffix in _READ or path.is_dir()):
            content = path.read_bytes() if path.is_file() else b""
            digest.update(f"{path.relative_to(folder)}\0{len(content)}\n".encode())
            digest.update(content)
    return digest.digest()


def _write(place: Path, key: bytes, loaded: Cached) -> None:
    """The cache in one step: whoever reads meanwhile sees the old file or the new one.

    What a killed writer left behind is removed. One that is still writing loses its file, which would have been the same.
    """
    body = _body(loaded)
    place.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=f"{place.name}.")
    written = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(_FORM + key + hashlib.sha256(body).digest() + body)
        written.replace(place)
    finally:
        for left in (written, *place.parent.glob(f"{place.name}.*")):
            left.unlink(missing_ok=True)


def _body(loaded: Cached) -> bytes:
    pieces: list[bytes] = []
    artefacts = []
    for artefact in loaded.artefacts:
        field = bulk_of(artefact)
        bulk = () if field is None else getattr(artefact, field)
        said = {"artefact": packed(artefact, without=field or "")}
        if bulk:
            pieces.append(zlib.compress(_json(packed(bulk)), 1))
            said |= {"bulk": field, "length": len(pieces[-1]), "targets": packed(targets(artefact))}
        artefacts.append(said)
    head = zlib.compress(_json({"artefacts": artefacts, "problems": packed(loaded.problems)}), 1)
    return b"".join([len(head).to_bytes(8, "big"), head, *pieces])


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _read(place: Path, key: bytes) -> Cached | None:
    """What is kept under that key; ``None`` when nothing is, or it is not to be believed."""
    try:
        content = memoryview(place.read_bytes())
        start = len(_FORM) + len(key)
        body = content[start + _DIGEST :]
        if content[:start] != _FORM + key or content[start : start + _DIGEST] != hashlib.sha256(body).digest():
            return None
        return _unpacked(body)
    except _DAMAGED:
        return None


def _unpacked(body: memoryview) -> Cached:
    end = 8 + int.from_bytes(body[:8], "big")
    head = json.loads(zlib.decompress(body[8:end]))
    problems: tuple[Problem, ...] = unpacked(head["problems"])
    return Cached(tuple(_artefacts(head["artefacts"], body[end:])), problems)


def _artefacts(said: list[dict[str, Any]], pieces: memoryview) -> Iterator[Artefact]:
    start = 0
    for each in said:
        artefact = unpacked(each["artefact"])
        if not isinstance(artefact, Artefact):
            raise TypeError(f"{artefact!r} is no artefact")
        if "bulk" in each:
            end = start + each["length"]
            artefact = deferred(artefact, each["bulk"], _Piece(pieces[start:end]))
            known(artefact, unpacked(each["targets"]))
            start = end
        yield artefact


@dataclass(frozen=True)
class _Piece:
    """The bulk of an artefact as it is kept."""

    content: memoryview

    def __call__(self) -> Any:
        with not_collecting():
            return unpacked(json.loads(zlib.decompress(self.content)))

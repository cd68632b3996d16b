"""Where the structures of a command come from: a message, a folder, a service, or what is held."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from sdmx_gateway.errors import StructureError, UnknownArtefact, UsageError
from sdmx_gateway.structures import Catalogue, Kind, Urn, load_catalogue, read_structures
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.model import Artefact
from sdmx_gateway.structures.packed import read_unpacked
from sdmx_gateway.structures.translation import translated
from sdmx_gateway.structures.urn import kind_named

KIND_HELP: Final = f"Only this kind: {', '.join(kind.value for kind in Kind)}."
NAME_HELP: Final = (
    "An id (CL_AREA), AGENCY:ID, AGENCY:ID(VERSION), or with its kind Codelist=AGENCY:ID(VERSION), or a URN. Without a version the "
    "latest is meant; versions may be left open: (1+.0.0)."
)
_NAME: Final = re.compile(r"(?:(?P<kind>[A-Za-z]+)=)?(?:(?P<agency>[^:=]+):)?(?P<id>[^:(]+)(?:\((?P<version>[^)]+)\))?")
_MESSAGES: Final = ("*.xml", "*.json", "*.xml.gz", "*.json.gz")


def kind_of(text: str | None) -> Kind | None:
    """The kind a word names, as URNs spell it or in lower case."""
    if text is None:
        return None
    found = (
        next((kind for kind in Kind if kind.value.lower() == text.lower()), None) or (kind_named(text) or (None,))[0]
    )
    if found is None:
        raise UsageError(f"{text!r} is no kind of artefact", remedy=KIND_HELP)
    return found


def held_under(catalogue: Catalogue, name: str) -> tuple[Artefact, ...]:
    """The artefacts of a name.

    Raises:
        UnknownArtefact: nothing is called that.
    """
    match = _NAME.fullmatch(name.strip())
    if name.startswith("urn:"):
        urn = Urn.parse(name)
        found = catalogue.find(urn.kind, urn.agency, urn.id, urn.version)
    elif match is None:
        raise UsageError(f"{name!r} is no name of an artefact", remedy=NAME_HELP)
    else:
        kind = kind_of(match["kind"])
        found = catalogue.find(kind, match["agency"] or "*", match["id"], match["version"] or "latest")
    if not found:
        raise UnknownArtefact(f"no artefact is called {name!r}", remedy="sdmx-gateway structures list")
    return found


def unpacked(path: Path) -> bytes:
    """The bytes of a message, unpacked if it is gzip.

    Raises:
        StructureError: it cannot be read.
        MessageRejected: it has, or unpacks to, more than a message may have.
    """
    try:
        return read_unpacked(path)
    except (OSError, EOFError, zlib.error) as error:
        raise StructureError(f"{path} cannot be read: {error}") from error


def structures_at(path: Path) -> tuple[Artefact, ...]:
    """The artefacts of a message, of a folder of messages, or of an authored folder (one with agencies in it).

    Raises:
        StructureError: there is nothing to read.
    """
    if not path.is_dir():
        return read_structures(unpacked(path))
    if any(path.glob("*/agency.toml")):
        return tuple(load_catalogue([path]))
    files = sorted(file for pattern in _MESSAGES for file in path.glob(pattern))
    if not files:
        raise StructureError(f"{path} holds no agency and no message", remedy="name a message, or a folder of agencies")
    return tuple(Catalogue.of(a for file in files for a in read_structures(unpacked(file))))


def as_held(before: Iterable[Artefact], held: Iterable[Artefact]) -> tuple[Artefact, ...]:
    """Artefacts that were read, as what they are held as where that is of another generation of SDMX.

    An export in SDMX-ML 2.1 has content constraints where data constraints are held: of those it only proves that they were there.
    """
    known = {artefact.urn: artefact for artefact in held}
    found: list[Artefact] = []
    for artefact in before:
        others = () if artefact.urn in known else translated([artefact], Form.ML_3_0).artefacts
        are_held = bool(others) and all(other.urn in known for other in others)
        found += [known[other.urn] for other in others] if are_held else [artefact]
    return tuple(found)


def message_at(source: str) -> tuple[bytes, str]:
    """A structure message and the name to keep it under: a file, or what a service answers.

    Raises:
        StructureError: there is no such file or service, or it cannot be read.
    """
    path = Path(source)
    if path.exists():
        return unpacked(path), path.name.removesuffix(".gz")
    from sdmx_gateway.sources.service import fetch_structures  # noqa: PLC0415 - sdmx1 takes a second to load

    return fetch_structures(source), f"{source.replace('/', '_')}.xml"

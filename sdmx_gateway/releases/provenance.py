"""Where the figures of a release came from: the sources and the module that made them, and what was left out.

Nothing here looks at a figure; it is the part of ``release.json`` that lets a person walk back from one to its file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """One thing a release was made from.

    Attributes:
        name: a file's name, or ``FR_SSMSI:CRIME_TERRITORY(1.0) release 3``.
        sha256: of the file's bytes, or the content digest of the release; hexadecimal.
        rows: how many rows (cells, observations) were read from it.
        edition: the edition of the file family it is, when it is a file.
        release: the release it is, when it is one.
    """

    name: str
    sha256: str
    rows: int
    edition: str | None = None
    release: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How a dataset came to be.

    Attributes:
        module: name of the mapping module.
        module_digest: sha256 of everything the module says, hexadecimal.
        sources: what was read, in the order it was read.
        left_out: what was read and not carried over, each with its reason; values must fit JSON.
        edition: the newest edition among the sources.
        fingerprint: sha256 of all the content follows from (sources, module, structures): equal fingerprints need no second look.
    """

    module: str
    module_digest: str
    sources: tuple[SourceRecord, ...]
    left_out: tuple[dict[str, Any], ...] = ()
    edition: str | None = None
    fingerprint: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The provenance as ``release.json`` carries it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The provenance read back from ``release.json``."""
        return cls(
            module=record["module"],
            module_digest=record["module_digest"],
            sources=tuple(SourceRecord(**source) for source in record["sources"]),
            left_out=tuple(record["left_out"]),
            edition=record["edition"],
            fingerprint=record["fingerprint"],
        )

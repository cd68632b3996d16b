"""``release.json``: everything there is to know about a release beside its figures, for people and for other tools.

UTF-8, indented by two, names sorted: two releases compare line by line. It carries the sha256 of the other files; its
own is in the catalogue, so no byte of a release can change unnoticed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from sdmx_gateway.errors import StoreError
from sdmx_gateway.releases.instant import from_text, to_text
from sdmx_gateway.releases.provenance import Provenance
from sdmx_gateway.releases.release import Release
from sdmx_gateway.structures.model import Urn

FORM: Final = 1
"""The form of the document, for who reads it long after us."""


def compose(
    release: Release,
    *,
    files: Mapping[str, str],
    attributes: Mapping[str, Any],
    provenance: Provenance,
    report: Mapping[str, Any],
) -> dict[str, Any]:
    """The document of a release.

    Args:
        release: what the catalogue will know.
        files: sha256 of each other file of the folder, by name.
        attributes: values of the dataset-level attributes, by id.
        provenance: where the figures came from.
        report: the validation report, as a dictionary.
    """
    return {
        "form": FORM,
        **_identity(release),
        "files": dict(files),
        "attributes": {name: _plain(value) for name, value in attributes.items()},
        "provenance": provenance.as_dict(),
        "report": dict(report),
    }


def to_bytes(document: Mapping[str, Any]) -> bytes:
    """The document as it is stored.

    Raises:
        StoreError: the report or what was left out has a value JSON has no word for.
    """
    try:
        return f"{json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2, sort_keys=True)}\n".encode()
    except (TypeError, ValueError) as error:
        raise StoreError(
            "the release's report or provenance cannot be written as JSON",
            why=str(error),
            remedy="give texts, numbers, lists and dictionaries only",
        ) from error


def from_bytes(data: bytes) -> dict[str, Any]:
    """The document :func:`to_bytes` was given."""
    document: dict[str, Any] = json.loads(data)
    return document


def release_of(document: Mapping[str, Any]) -> Release:
    """What the catalogue knew of the release when it was recorded."""
    embargo, periods = document["embargo_until"], document["periods"]
    return Release(
        dataflow=Urn.parse(document["dataflow"]),
        structure=Urn.parse(document["structure"]),
        number=document["number"],
        published_at=from_text(document["published_at"]),
        embargo_until=None if embargo is None else from_text(embargo),
        digest=document["digest"],
        observations=document["observations"],
        changes=document["changes"],
        periods=None if periods is None else (periods[0], periods[1]),
        path=document["path"],
        approved_by=document["approved_by"],
        edition=document["provenance"]["edition"],
    )


def _identity(release: Release) -> dict[str, Any]:
    return {
        "dataflow": str(release.dataflow),
        "structure": str(release.structure),
        "number": release.number,
        "published_at": to_text(release.published_at),
        "embargo_until": None if release.embargo_until is None else to_text(release.embargo_until),
        "digest": release.digest,
        "observations": release.observations,
        "changes": dict(release.changes),
        "periods": None if release.periods is None else list(release.periods),
        "path": release.path,
        "approved_by": release.approved_by,
    }


def _plain(value: Any) -> Any:
    return value.to_list() if isinstance(value, pl.Series) else value

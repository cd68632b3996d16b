"""Which versions a version stands for: one, the latest, or the latest that is compatible with a floor.

SDMX 3.0 Section 5 (registry specification) and Section 6 (technical notes, semantic versioning): ``2.3.1`` is that version;
``2.3+.1`` the latest stable one from 2.3.1 on that differs in nothing above the minor number; ``+`` the latest stable,
``~`` the latest of all, ``*`` every one. A floor with an extension, ``2.3+.1-draft``, admits drafts too. The exact reading of
floors is from memory (to verify); that REST writes ``latest`` for ``~`` in its version 1 is its OpenAPI's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sdmx_gateway.structures.urn import ANY, VERSION, version_key

LATEST: Final = frozenset({"latest", "~"})
LATEST_STABLE: Final = "+"


def is_draft(version: str) -> bool:
    """Whether a version has an extension: it may still change.

    >>> is_draft("1.0.0-draft"), is_draft("1.0")
    (True, False)
    """
    return "-" in version


def is_stable(version: str) -> bool:
    """Whether an artefact of that version may never change: three numbers and no extension (SDMX 3.0 Section 6, §14.2).

    >>> is_stable("1.0.0"), is_stable("1.0"), is_stable("1.0.0-draft")
    (True, False, False)
    """
    return not is_draft(version) and version.count(".") == 2


def meant(pattern: str, versions: Iterable[str]) -> tuple[str, ...]:
    """Of these versions those a pattern stands for, in their order.

    >>> meant("1.2+.0", ["1.2.0", "1.10.1", "2.0.0", "1.11.0-draft"])
    ('1.10.1',)
    >>> meant("+", ["1.0", "2.0.0-draft"]), meant("~", ["1.0", "2.0.0-draft"])
    (('1.0',), ('2.0.0-draft',))
    """
    held = tuple(versions)
    if pattern == ANY:
        return held
    if VERSION.fullmatch(pattern):
        return tuple(version for version in held if version == pattern)
    eligible = [version for version in held if _is_eligible(pattern, version)]
    best = max(eligible, key=version_key, default=None)
    return tuple(version for version in held if version == best)


def latest(pattern: str, versions: Iterable[str]) -> str | None:
    """The highest of the versions a pattern stands for; ``None`` when it stands for none of them."""
    return max(meant(pattern, versions), key=version_key, default=None)


def _is_eligible(pattern: str, version: str) -> bool:
    if pattern in LATEST:
        return True
    if pattern == LATEST_STABLE:
        return not is_draft(version)
    floor, _, extension = pattern.partition("-")
    if is_draft(version) and not extension:
        return False
    parts = floor.split(".")
    open_at = next((position for position, part in enumerate(parts) if part.endswith("+") or part == ANY), len(parts))
    numbers = version.partition("-")[0].split(".")
    lowest = ".".join(part.rstrip("+").replace(ANY, "0") for part in parts)
    return numbers[:open_at] == parts[:open_at] and version_key(version)[0] >= version_key(lowest)[0]

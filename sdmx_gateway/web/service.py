"""A gateway being served, with what is worked out once: the digest of its structures."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

from sdmx_gateway.web.served import Served


@dataclass(frozen=True)
class Service:
    """What every endpoint answers from."""

    gateway: Served

    @cached_property
    def structures_digest(self) -> str:
        """sha256 of the structures in force: answers name codes and follow structures, so their tags depend on it."""
        hasher = hashlib.sha256()
        for artefact in sorted(self.gateway.catalogue, key=lambda held: held.urn):
            hasher.update(repr(artefact).encode())
        return hasher.hexdigest()

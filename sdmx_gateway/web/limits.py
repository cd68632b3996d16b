"""Every limit of what one answer, and all answers together, may take: a name, a number, and a test one over it."""

from __future__ import annotations

from typing import Final

MAX_OBSERVATIONS: Final = 10_000_000
"""Observations in one answer; more is refused with 413 and the advice to ask for a part."""

MAX_ANSWERS_AT_ONCE: Final = 8
"""Data answers worked out at the same time; the next ones wait."""

MAX_WAIT_SECONDS: Final = 20
"""How long an answer waits for its turn before it is told to come back (503)."""

RETRY_AFTER_SECONDS: Final = 5

MEMORY_PER_ANSWER: Final = 8 * 1024 * 1024
"""Bytes of an answer kept in memory; what is beyond goes through a temporary file."""

CHUNK: Final = 256 * 1024
"""Bytes handed to the server at a time."""

LISTED_RELEASES: Final = 50
"""Releases, and transmissions, listed on the page; their number is always told."""

"""Every limit of the query grammars: a name, a number, and a test one over it.

They bound the work one request can ask for before anything is read from a release. None is set by the SDMX REST
standard, which says only that a service may answer 413 or 414; these are ours.
"""

from __future__ import annotations

from typing import Final

MAX_TARGET_LENGTH: Final = 8_000
"""Characters of a request target, path and query string, percent-encoding included (RFC 9110 §4.1 asks for 8000)."""

MAX_KEYS: Final = 200
"""Series keys in one query (REST 2.x separates them by commas)."""

MAX_POSITIONS: Final = 50
"""Positions in one key: more dimensions than any structure has."""

MAX_CODES: Final = 2_000
"""Codes in one query, over all positions, keys and component filters."""

MAX_PARAMETERS: Final = 64
"""Query parameters in one request."""

MAX_MEDIA_RANGES: Final = 50
"""Media ranges read from one ``Accept`` header; those behind are ignored."""

MAX_ACCEPT_LENGTH: Final = 4_000
"""Characters read from one ``Accept`` header."""

MAX_COUNT: Final = 1_000_000_000
"""Largest value of ``firstNObservations``, ``lastNObservations``, ``offset`` and ``limit``."""

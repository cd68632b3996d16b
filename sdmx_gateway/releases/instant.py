"""Instants as the store writes them: UTC, to the microsecond, always as wide (ISO 8601).

``2026-11-24T09:12:00.000000Z``: text of this form sorts as time does, on every database and under every collation.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sdmx_gateway.errors import StoreError

_FORM: Final = "%Y-%m-%dT%H:%M:%S.%fZ"


def utc(instant: datetime) -> datetime:
    """The same instant, said in UTC.

    Raises:
        StoreError: it has no time zone.
    """
    if instant.tzinfo is None:
        raise StoreError(f"{instant.isoformat()} has no time zone", remedy="say in which zone the instant is meant")
    return instant.astimezone(UTC)


def to_text(instant: datetime) -> str:
    """The instant as text; :func:`utc` says what is refused.

    >>> to_text(datetime(2026, 11, 24, 9, 12, tzinfo=UTC))
    '2026-11-24T09:12:00.000000Z'
    """
    return utc(instant).strftime(_FORM)


def from_text(text: str) -> datetime:
    """The instant that :func:`to_text` wrote."""
    return datetime.strptime(text, _FORM).replace(tzinfo=UTC)

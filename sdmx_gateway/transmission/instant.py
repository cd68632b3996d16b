"""Instants as they are recorded: in UTC, to the microsecond, always of one length.

Text keeps what a ledger entry was hashed over, on every database; and sorts as time does.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from sdmx_gateway.errors import UsageError


def instant_text(instant: datetime) -> str:
    """An aware instant as text.

    Raises:
        UsageError: it has no time zone.

    >>> instant_text(datetime.fromisoformat("2026-11-24T10:00:00+01:00"))
    '2026-11-24T09:00:00.000000Z'
    """
    if instant.tzinfo is None:
        raise UsageError("an instant without a time zone cannot be recorded")
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read_instant(text: str) -> datetime:
    """The instant a text of :func:`instant_text` stands for.

    Raises:
        ValueError: the text is not an instant, or has no time zone.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return instant


class Instant(sa.TypeDecorator[datetime]):
    """A column of instants, held as text."""

    impl = sa.String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        del dialect
        return None if value is None else instant_text(value)

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:
        del dialect
        return None if value is None else read_instant(value)

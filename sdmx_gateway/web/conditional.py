"""Conditional requests: an unchanged answer is not sent twice (RFC 9110 §13).

The entity tag is made of all that an answer follows from (release, query, format, structures, version of the gateway)
and is known before anything is read; it survives a restart. It is weak: compression changes bytes, not content.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request

from sdmx_gateway import __version__


def entity_tag(*parts: object) -> str:
    """A weak entity tag of everything an answer follows from."""
    text = "\x1f".join(map(str, (__version__, *parts)))
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def http_date(instant: datetime) -> str:
    """An instant as HTTP writes it, whole seconds (RFC 9110 §5.6.7)."""
    return format_datetime(instant.astimezone(UTC), usegmt=True)


def is_unchanged(request: Request, tag: str, modified: datetime | None = None) -> bool:
    """Whether the client has the answer already; ``If-None-Match`` counts before ``If-Modified-Since``."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return "*" in tags or tag.removeprefix("W/") in {one.strip().removeprefix("W/") for one in tags.split(",")}
    since = request.headers.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        known = parsedate_to_datetime(since)
    except ValueError:
        return False
    known = known if known.tzinfo else known.replace(tzinfo=UTC)
    return modified.replace(microsecond=0) <= known

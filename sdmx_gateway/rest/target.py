"""Writing a request target: path segments and parameters, percent-encoded as SDMX clients expect them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote

_SAFE: Final = "*,.:~@$-_"  # allowed in a path and in a query (RFC 3986 §3.3), and given a meaning by SDMX REST
_SAFE_IN_PATH: Final = _SAFE + "+"


def join(segments: Iterable[str], parameters: Mapping[str, object]) -> str:
    """A target out of path segments and parameters; those that are ``None`` are left out.

    The plus sign is encoded in the query string, where some servers take it for a space.

    >>> join(["data", "ECB,EXR", "A+M..EUR"], {"startPeriod": "2020", "endPeriod": None})
    'data/ECB,EXR/A+M..EUR?startPeriod=2020'
    """
    path = "/".join(quote(segment, safe=_SAFE_IN_PATH) for segment in segments)
    query = "&".join(
        f"{quote(name, safe='[]')}={quote(str(value), safe=_SAFE)}"
        for name, value in parameters.items()
        if value is not None
    )
    return f"{path}?{query}" if query else path

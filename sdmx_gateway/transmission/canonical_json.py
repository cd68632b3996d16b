"""JSON in one spelling only, so that a hash of it can be computed again anywhere, years later.

The subset of RFC 8785 (JSON Canonicalization Scheme) that needs no rule for numbers: keys sorted, no white space,
text as it is, integers; floating-point numbers are refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]
"""What may be written: no floating-point number anywhere."""

quoted: Final = json.encoder.encode_basestring
"""Text as a JSON string, characters beyond ASCII kept as they are."""


def canonical_json(value: Json) -> str:
    """The one spelling of a value.

    Raises:
        TypeError: it holds a floating-point number, or something JSON does not know.

    >>> canonical_json({"b": [1, None, True], "a": "é"})
    '{"a":"é","b":[1,null,true]}'
    """
    match value:
        case None | bool() | int():
            return json.dumps(value)
        case str():
            return quoted(value)
        case Mapping():
            return "{" + ",".join(f"{quoted(key)}:{canonical_json(value[key])}" for key in sorted(value)) + "}"
        case list() | tuple():
            return "[" + ",".join(map(canonical_json, value)) + "]"
    raise TypeError(f"{value!r} has no canonical JSON")

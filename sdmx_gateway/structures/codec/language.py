"""Language tags as each form spells them: SDMX-JSON 1.0 and 2.0 take ``hreflang`` and ``lang`` in small letters only."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.codec.lexical import is_language
from sdmx_gateway.structures.codec.scalar import LANGUAGE, Scalar

_SCRIPT: Final = 4
_REGION: Final = 2


def usual(tag: Any) -> str | None:
    """A tag in the case RFC 5646 §2.1.1 recommends, in which its parts are told apart by their length alone.

    >>> usual("PT-br"), usual("zh-HANT-tw")
    ('pt-BR', 'zh-Hant-TW')
    """
    if not isinstance(tag, str):
        return None
    first, *others = tag.strip().split("-")
    parts = [first.lower()]
    for part in others:
        after_single = len(parts[-1]) == 1
        if len(part) == _REGION and not after_single:
            parts.append(part.upper())
        elif len(part) == _SCRIPT and part.isalpha() and not after_single:
            parts.append(part.title())
        else:
            parts.append(part.lower())
    return "-".join(parts)


def is_tag(value: Any, form: Form) -> bool:
    """A language; in SDMX-JSON in the usual case, which is the one it is read in."""
    return is_language(value, form) and (form.is_xml or usual(value) == value)


TAG: Final[Scalar] = replace(
    LANGUAGE.where("a language (in SDMX-JSON in the usual case, as pt-BR)", is_tag), to_json=str.lower, from_json=usual
)
"""A language that SDMX-JSON writes in small letters and that is read in the usual case."""

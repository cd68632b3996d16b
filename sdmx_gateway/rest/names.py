"""The names in a path: agency, id and version of the artefacts that are meant, in the words of either grammar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sdmx_gateway.rest.query import ANY, LATEST, STABLE
from sdmx_gateway.rest.reading import AGENCY, IDENTIFIER, Reading
from sdmx_gateway.structures import version_words

_VERSION = re.compile(r"\d+(\.\d+){0,2}(-[0-9A-Za-z.\-]+)?")


@dataclass(frozen=True, slots=True)
class Words:
    """How a grammar says *any*, *latest* and *or*."""

    any: str
    latest: str
    separator: str


V1: Final = Words(any="all", latest="latest", separator="+")
V2: Final = Words(any="*", latest="~", separator=",")


def agency(text: str, words: Words, reading: Reading) -> str:
    """The agencies that are meant, in the words of a query."""
    return _listed(text, words, reading, ("agency", AGENCY))


def identifier(text: str, words: Words, reading: Reading) -> str:
    """The ids that are meant, in the words of a query."""
    return _listed(text, words, reading, ("id", IDENTIFIER))


def _listed(text: str, words: Words, reading: Reading, field: tuple[str, re.Pattern[str]]) -> str:
    name, pattern = field
    if text == words.any:
        return ANY
    parts = text.split(words.separator)
    reading.count_codes(len(parts))
    for part in parts:
        if not pattern.fullmatch(part):
            reading.wrong("wrong-path", f"{part[:80]!r} is not an SDMX {name}", where=name, value=part[:80])
    return ",".join(parts)


def items(text: str, words: Words, reading: Reading, *, any_text: bool = False) -> tuple[str, ...]:
    """The items that are meant: ids, nested ones with those they lie under; of a value list any text. None means all."""
    if text == words.any:
        return ()
    parts = tuple(text.split(words.separator))
    reading.count_codes(len(parts))
    for part in parts:
        if not part or not (any_text or AGENCY.fullmatch(part)):
            reading.wrong("wrong-path", f"{part[:80]!r} is not the id of an item", where="item", value=part[:80])
    return parts


def version(text: str, words: Words, reading: Reading) -> str:
    """The versions that are meant, in the words of a query."""
    parts = [text] if text == STABLE and words is V2 else text.split(words.separator)
    reading.count_codes(len(parts))
    return ",".join(_one_version(part, words, reading) for part in parts)


def _one_version(part: str, words: Words, reading: Reading) -> str:
    spoken = {words.any: ANY, words.latest: LATEST}
    if part in spoken:
        return spoken[part]
    if _VERSION.fullmatch(part) or (words is V2 and (part == STABLE or version_words.parse(part) is not None)):
        return part
    reading.wrong(
        "wrong-path",
        f"{part[:80]!r} is not a version",
        where="version",
        remedy=version_words.remedy(part) if words is V2 else f"write 1.0, {words.latest} or {words.any}",
        value=part[:80],
    )
    return part


def spell(text: str, words: Words) -> str:
    """A query's agency, id or version in the words of a grammar."""
    spoken = {ANY: words.any, LATEST: words.latest}
    return words.separator.join(spoken.get(part, part) for part in text.split(","))

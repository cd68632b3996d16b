"""Which of the formats we offer an answer is given in.

Two ways to ask: the ``Accept`` header (RFC 9110 §12.5.1; SDMX REST 2.2 "content negotiation": media types carry a
``version`` parameter), and ``format=``, for browsers and people, which wins. A refusal lists everything there is.

What is offered is a table the caller brings; this module knows how to choose, not what there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sdmx_gateway.errors import NotAcceptable, Where
from sdmx_gateway.rest import limits

_QUALITY = re.compile(r"[01](\.\d{0,3})?")
_VERSION = re.compile(r"\d+(\.\d+){0,2}")

GENERIC: Final = {
    "application/xml": "+xml",
    "text/xml": "+xml",
    "application/json": "+json",
    "text/json": "+json",
    "application/csv": "+csv",
    "text/csv": "+csv",
}
"""Plain media types, and the ending of the SDMX types that are of that kind."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One format an answer may be given in.

    Attributes:
        name: the friendly name, as ``format=`` takes it.
        media_type: the full media type, with its ``version``.
        aliases: other friendly names; of several offers with one alias, the first is meant.
    """

    name: str
    media_type: str
    aliases: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        """The media type without its parameters, in lower case."""
        return self.media_type.partition(";")[0].strip().lower()

    @property
    def version(self) -> str:
        """The version of the format its media type names; empty when it names none."""
        return _Range.parse(self.media_type).version


@dataclass(frozen=True, slots=True)
class _Range:
    """One media range of an ``Accept`` header, with its quality."""

    type: str
    version: str
    quality: float

    @classmethod
    def parse(cls, text: str) -> _Range:
        type_, *parameters = (part.strip() for part in text.split(";"))
        pairs = {name.strip().lower(): value.strip(' "') for name, _, value in (p.partition("=") for p in parameters)}
        quality = pairs.get("q", "1")
        return cls(type_.lower(), pairs.get("version", ""), float(quality) if _QUALITY.fullmatch(quality) else 1.0)

    def specificity(self, offer: Offer) -> int:
        """How precisely the range means the offer, 0 when it does not."""
        if self.type == offer.type:
            if not self.version:
                return 4
            return 5 if _means(self.version, offer.version) else 0
        if self.type in GENERIC:
            return 3 if offer.type.endswith(GENERIC[self.type]) else 0
        if self.type.endswith("/*"):
            return (1 if self.type == "*/*" else 2) if self.type in {"*/*", offer.type.split("/")[0] + "/*"} else 0
        return 0


def _means(wanted: str, offered: str) -> bool:
    """Whether a version asked for is the one offered: ``3.0`` is ``3.0.0``; ``2.0+.0`` is 2.0 or later under 2."""
    if wanted in {"*", "~", "+"}:
        return True
    exact = wanted.replace("+", "").replace("*", "0").replace("~", "0")
    if not (_VERSION.fullmatch(exact) and _VERSION.fullmatch(offered)):
        return wanted == offered
    least, held = _numbers(exact), _numbers(offered)
    if exact == wanted:
        return least == held
    fixed = next(n for n, part in enumerate(wanted.split(".")) if set(part) & set("+*~"))
    return held >= least and held[:fixed] == least[:fixed]


def _numbers(version: str) -> tuple[int, ...]:
    return (*map(int, version.split(".")), 0, 0)[:3]


def negotiate(offers: Sequence[Offer], *, accept: str | None = None, format_name: str | None = None) -> Offer:
    """The offer that suits best; the first of ``offers`` is the default.

    Among equal qualities the more precise range wins, then the one named first, then the order of ``offers``.

    Args:
        offers: what there is, in order of preference; not empty.
        accept: the ``Accept`` header; anything will do when there is none.
        format_name: ``format=`` of the query: a friendly name, an alias, or a media type.

    Raises:
        NotAcceptable: nothing suits; the error lists what is offered.

    >>> offers = [Offer("xml", "application/vnd.sdmx.data+xml;version=3.0.0"), Offer("csv", "text/csv")]
    >>> negotiate(offers, accept="text/csv;q=0.9, application/xml;q=0.5").name
    'csv'

    """
    if format_name is not None:
        return _named(offers, format_name)
    if not accept or not accept.strip():
        return offers[0]
    ranges = list(_ranges(accept))
    scored = [(score, -place, offer) for place, offer in enumerate(offers) if (score := _score(ranges, offer))]
    if not scored:
        raise _refusal(f"nothing we offer is {accept[:200]}", offers, where="Accept")
    return max(scored, key=lambda entry: entry[:2])[2]


def _ranges(accept: str) -> Iterable[_Range]:
    parts = accept[: limits.MAX_ACCEPT_LENGTH].split(",")[: limits.MAX_MEDIA_RANGES]
    return (_Range.parse(part) for part in parts if part.strip())


def _score(ranges: Sequence[_Range], offer: Offer) -> tuple[float, int, int] | None:
    matching = [
        (specificity, -place, range_.quality)
        for place, range_ in enumerate(ranges)
        if (specificity := range_.specificity(offer))
    ]
    if not matching:
        return None
    specificity, place, quality = max(matching)
    return (quality, specificity, place) if quality > 0 else None


def _named(offers: Sequence[Offer], name: str) -> Offer:
    wanted = name.strip().lower()
    for offer in offers:
        if wanted == offer.name or wanted in offer.aliases:
            return offer
    if "/" in wanted:
        return negotiate(offers, accept=wanted.replace(" ", "+"))  # a "+" that a form sent as a space
    raise _refusal(f"no format is called {name[:80]!r}", offers, where="format")


def _refusal(what: str, offers: Sequence[Offer], *, where: str) -> NotAcceptable:
    listed = "; ".join(f"{offer.media_type} (format={offer.name})" for offer in offers)
    return NotAcceptable(what, where=Where(column=where), remedy=f"we offer these {len(offers)} types: {listed}")

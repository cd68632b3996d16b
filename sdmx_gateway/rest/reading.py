"""Reading one query: what is wrong with it is collected, so that a partner mends it in one go.

Both grammars read through a :class:`Reading`. It splits the request target, decodes percent-encoding once, and
notes every problem; :meth:`Reading.finish` raises them together. Reading is linear in the length of the target, which
:data:`.limits.MAX_TARGET_LENGTH` bounds.

A plus sign stands for itself, in the query string too: SDMX REST gives it a meaning (*and*, *or*, a time zone), and
HTML forms, where it is a space, are not spoken here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Final
from urllib.parse import unquote

from sdmx_gateway.errors import OversizedQuery, Problem, QueryError, UnsupportedQuery, Where
from sdmx_gateway.rest import limits

IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_@$\-]+")  # IDType; resourceIDs and itemID of both OpenAPI definitions
AGENCY: Final = re.compile(r"[A-Za-z0-9_@$\-]+(\.[A-Za-z0-9_@$\-]+)*")
FILTER_NAME: Final = re.compile(r"c\[([^\[\]]*)\]")

OURS: Final = frozenset({"format", "lang"})
"""Parameters both grammars leave to the web application."""


def split(target: str) -> tuple[list[str], list[tuple[str, str]]]:
    """The decoded path segments and (name, value) pairs of a request target; a trailing slash is dropped.

    >>> split("data/ECB,EXR/M..EUR?startPeriod=2020&c%5BFREQ%5D=A%2BB")
    (['data', 'ECB,EXR', 'M..EUR'], [('startPeriod', '2020'), ('c[FREQ]', 'A+B')])

    Raises:
        OversizedQuery: the target, or its number of parameters, is over its limit.

    """
    if len(target) > limits.MAX_TARGET_LENGTH:
        raise OversizedQuery(
            f"the address has {len(target)} characters, at most {limits.MAX_TARGET_LENGTH} are read",
            remedy="ask for fewer keys or codes at a time",
        )
    path, _, query = target.partition("?")
    fields = [field for field in query.split("&") if field]
    if len(fields) > limits.MAX_PARAMETERS:
        raise OversizedQuery(f"{len(fields)} query parameters, at most {limits.MAX_PARAMETERS} are read")
    segments = [unquote(segment) for segment in path.strip("/").split("/")]
    pairs = [(unquote(name), unquote(value)) for name, _, value in (field.partition("=") for field in fields)]
    return segments, pairs


def nearest(word: str, words: Iterable[str]) -> str:
    """A remedy that names the nearest right word, or all of them when none is near."""
    known = sorted(words)
    near = get_close_matches(word[:80], known, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else f"one of {', '.join(known)}"


class Reading:
    """The segments and parameters of one query, and what is wrong with them so far."""

    def __init__(self, target: str) -> None:
        self.segments, self._pairs = split(target)
        self.problems: list[Problem] = []
        self.unsupported: list[Problem] = []
        self.codes = 0

    def wrong(self, code: str, what: str, *, where: str, remedy: str = "", value: str | None = None) -> None:
        """Note a mistake in the part of the query named ``where``."""
        self.problems.append(Problem(code, what, Where(column=where), remedy=remedy, value=value))

    def unoffered(self, what: str, *, where: str, remedy: str = "") -> None:
        """Note something of the standard that the gateway does not offer."""
        self.unsupported.append(Problem(UnsupportedQuery.code, what, Where(column=where), remedy=remedy))

    def parameters(self, known: Collection[str]) -> dict[str, str]:
        """The parameters by name; the unknown and the repeated are noted. Component filters are not among them."""
        values: dict[str, str] = {}
        for name, value in self._pairs:
            if FILTER_NAME.fullmatch(name) or name in OURS:
                continue
            if name not in known:
                self.wrong(
                    "unknown-parameter", f"no parameter is called {name!r}", where=name, remedy=nearest(name, known)
                )
            elif name in values:
                self.wrong("repeated-parameter", f"{name} is given twice", where=name)
            else:
                values[name] = value
        return values

    def filters(self) -> list[tuple[str, str]]:
        """The component filters: (component, text) pairs, in order; a component filtered twice is noted."""
        found: dict[str, str] = {}
        for name, value in self._pairs:
            match = FILTER_NAME.fullmatch(name)
            if match is None:
                continue
            if match[1] in found:
                self.wrong(
                    "repeated-parameter", f"{name} is given twice", where=name, remedy="join what is asked by + or ,"
                )
            found[match[1]] = value
        return list(found.items())

    def count_codes(self, number: int) -> None:
        """Add to the codes of the query.

        Raises:
            OversizedQuery: there are too many.

        """
        self.codes += number
        if self.codes > limits.MAX_CODES:
            raise OversizedQuery(f"more than {limits.MAX_CODES} codes", remedy="leave a position open, or ask in parts")

    def segment(self, position: int, default: str) -> str:
        """A path segment, or its default when the path ends before it."""
        return self.segments[position] if position < len(self.segments) else default

    def no_more_than(self, count: int, pattern: str) -> None:
        """Note a path that is longer than its pattern."""
        if len(self.segments) > count:
            extra = "/".join(self.segments[count:])
            self.wrong("wrong-path", f"the path goes on after {pattern}: {extra!r}", where="path", value=extra)

    def finish(self) -> None:
        """Raise what was noted, mistakes before what is not offered.

        Raises:
            QueryError: the query is wrong; every reason is among its problems.
            UnsupportedQuery: the query is right, and asks for what is not offered.

        """
        if self.problems:
            raise QueryError("the query does not parse", self.problems)
        if self.unsupported:
            raise UnsupportedQuery("the query asks for what is not offered", self.unsupported)

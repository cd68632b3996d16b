"""The one place where errors of the gateway meet HTTP and the error codes of SDMX.

Below this room errors know no status. :data:`STATUSES` maps their classes; the nearest class up the tree counts. SDMX
codes: SDMX 2.1 Section 7 "Web services guidelines", error table (from memory, to verify); 406 and 414, which that table
does not know, are custom codes from 1000 up, as it provides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sdmx_gateway.errors import (
    DatasetRejected,
    GatewayError,
    NotAcceptable,
    OversizedQuery,
    Problem,
    QueryError,
    StoreError,
    UnknownArtefact,
    UnknownRelease,
    UnsupportedQuery,
)


@dataclass(frozen=True, slots=True)
class Status:
    """An HTTP status, the SDMX code that goes with it, and its name."""

    http: int
    sdmx: int
    title: str


NO_RESULTS: Final = Status(404, 100, "No results found")
SYNTAX: Final = Status(400, 140, "Syntax error")
TOO_LARGE: Final = Status(413, 130, "Response too large due to client request")
NOT_ACCEPTABLE: Final = Status(406, 1006, "Not acceptable")
INTERNAL: Final = Status(500, 500, "Internal server error")
NOT_IMPLEMENTED: Final = Status(501, 501, "Not implemented")
UNAVAILABLE: Final = Status(503, 503, "Service unavailable")

STATUSES: Final[Mapping[type[GatewayError], Status]] = {
    GatewayError: INTERNAL,
    StoreError: UNAVAILABLE,
    UnknownRelease: NO_RESULTS,
    UnknownArtefact: NO_RESULTS,
    QueryError: SYNTAX,
    UnsupportedQuery: NOT_IMPLEMENTED,
    OversizedQuery: TOO_LARGE,
    NotAcceptable: NOT_ACCEPTABLE,
    DatasetRejected: NOT_ACCEPTABLE,  # this format cannot carry the data; another may
}

BY_HTTP: Final[Mapping[int, Status]] = {
    **{status.http: status for status in STATUSES.values()},
    405: Status(405, 1005, "Method not allowed"),
    414: Status(414, 1014, "Address too long"),
    503: UNAVAILABLE,
}


def status_of(error: GatewayError) -> Status:
    """The status of an error: that of its nearest class in the table. A store that will not mend itself is a 500."""
    status = next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
    return INTERNAL if status is UNAVAILABLE and not error.retriable else status


def sentence(problem: Problem) -> str:
    """A problem of a query in words: what, why, what to do. It names its parameter itself, so no place is given."""
    return "\n".join(filter(None, (problem.what, problem.why, problem.remedy and f"→ {problem.remedy}")))


def told(error: GatewayError) -> tuple[Problem, ...]:
    """What a partner is told: every problem, but of our own failures only that they happened, and to what."""
    if status_of(error).http < 500 or isinstance(error, QueryError):
        return error.problems
    return (Problem(error.code, error.what),)

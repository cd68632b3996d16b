"""SDMX REST without the network: queries as values, their two grammars, the choice of a format, and the selection.

:mod:`.v1` and :mod:`.v2` are read by :func:`parse` and written by :func:`write`.
"""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Final

from sdmx_gateway.rest import limits, v1, v2
from sdmx_gateway.rest.negotiation import Offer, negotiate
from sdmx_gateway.rest.query import (
    ALL_DIMENSIONS,
    Condition,
    Context,
    DataQuery,
    Filter,
    Key,
    Operator,
    Query,
    StructureQuery,
)
from sdmx_gateway.rest.references import Resolved, resolve
from sdmx_gateway.rest.selection import check, narrowed, select

__all__ = [
    "ALL_DIMENSIONS",
    "Condition",
    "Context",
    "DataQuery",
    "Filter",
    "Key",
    "Offer",
    "Operator",
    "Query",
    "Resolved",
    "StructureQuery",
    "check",
    "limits",
    "narrowed",
    "negotiate",
    "parse",
    "resolve",
    "select",
    "write",
]

_PARSERS: Final = {"v1": v1.parse, "v2": v2.parse}
_WRITERS: Final = {"v1": v1.write, "v2": v2.write}


def parse(version: str, target: str, *, zone: tzinfo = UTC) -> Query:
    """The query of a request target in the grammar ``v1`` (REST 1.5) or ``v2`` (REST 2.2).

    ``target`` is what follows ``/sdmx/v1/`` or ``/sdmx/v2/``, percent-encoded; ``zone`` is the time zone of instants
    given without an offset.

    Raises:
        QueryError: see :func:`.v1.parse` and :func:`.v2.parse`.

    """
    return _PARSERS[version](target, zone=zone)


def write(version: str, query: Query) -> str:
    """The request target of a query in a grammar.

    Raises:
        QueryError: the grammar has no words for it.

    """
    return _WRITERS[version](query)

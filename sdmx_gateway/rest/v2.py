"""SDMX REST 2.2 (SDMX 3.1): ``/data/…`` and ``/structure/…``, read into queries and written back.

Source: the OpenAPI definition of SDMX REST 2.2.2. Every part of a data path that is left out is ``*``, of a structure
path too but for the version, which is ``~``. Availability, schema, metadata and registration are known and not offered;
so are ``sort`` in any order but the structure's own, and a reporting year that does not start on 1 January.
"""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Final

from sdmx_gateway.errors import OversizedQuery, QueryError
from sdmx_gateway.rest import conditions, limits, names
from sdmx_gateway.rest.names import V2
from sdmx_gateway.rest.parameters import Parameters
from sdmx_gateway.rest.query import ANY, LATEST, Context, DataQuery, Key, Query, StructureQuery
from sdmx_gateway.rest.reading import IDENTIFIER, Reading, nearest
from sdmx_gateway.rest.resources import HELD_V2, OTHER_SERVICES_V2, REFERENCED_V2, resource_named
from sdmx_gateway.rest.target import join
from sdmx_gateway.structures.detail import Detail

DATA_PATTERN: Final = "/data/{context}/{agency}/{id}/{version}/{key}"
STRUCTURE_PATTERN: Final = "/structure/{type}/{agency}/{id}/{version}/{item}"
DATA_PARAMETERS: Final = (
    *("updatedAfter", "asOf", "firstNObservations", "lastNObservations", "dimensionAtObservation"),
    *("reportingYearStartDay", "attributes", "measures", "includeHistory", "offset", "limit", "sort"),
)
STRUCTURE_PARAMETERS: Final = ("detail", "references", "asOf")
DETAILS: Final = tuple(detail.value for detail in Detail)
REFERENCES: Final = frozenset(
    {"none", "parents", "parentsandsiblings", "ancestors", "children", "descendants", "all", *HELD_V2, *REFERENCED_V2}
)
_OWN_ORDER = frozenset({"*", "*:asc"})
_CALENDAR_YEAR = "--01-01"


def parse(target: str, *, zone: tzinfo = UTC) -> Query:
    """The query of a request target, its part behind ``/sdmx/v2/``: path and query string, percent-encoded.

    ``zone`` is the time zone of instants given without an offset.

    >>> parse("data/dataflow/FR_SSMSI/CRIME_TERRITORY/1.0/A.D75,A.D93?lastNObservations=3").last
    3

    Raises:
        QueryError: the target is wrong; every reason is among its problems.
        UnsupportedQuery: it asks for something of the standard that is not offered.
        OversizedQuery: it is over a limit.

    """
    reading = Reading(target)
    service = reading.segment(0, "")
    if service == "data":
        query: Query = _data(reading, zone)
    elif service == "structure":
        query = _structure(reading)
    else:
        query = StructureQuery()
        _no_service(service, reading)
    reading.finish()
    return query


def _no_service(service: str, reading: Reading) -> None:
    if service in OTHER_SERVICES_V2:
        reading.unoffered(f"/{service} is not offered yet", where="path")
        return
    remedy = nearest(service, ("data", "structure"))
    if service in HELD_V2:
        remedy = f"write /structure/{service}"
    reading.wrong("wrong-path", f"there is no /{service[:80]}", where="path", remedy=remedy, value=service[:80])


def _data(reading: Reading, zone: tzinfo) -> DataQuery:
    reading.no_more_than(6, DATA_PATTERN)
    given = Parameters(reading, DATA_PARAMETERS)
    _refuse_what_is_not_offered(given, reading)
    filters = (conditions.parse(component, text, reading) for component, text in reading.filters())
    return DataQuery(
        context=_context(reading.segment(1, ANY), reading),
        agency=names.agency(reading.segment(2, ANY), V2, reading),
        id=names.identifier(reading.segment(3, ANY), V2, reading),
        version=names.version(reading.segment(4, ANY), V2, reading),
        keys=_keys(reading.segment(5, ANY), reading),
        filters=tuple(filter(None, filters)),
        first=given.count("firstNObservations"),
        last=given.count("lastNObservations"),
        offset=given.count("offset", least=0) or 0,
        limit=given.count("limit"),
        updated_after=given.instant("updatedAfter", zone=zone),
        include_history=given.flag("includeHistory"),
        as_of=given.instant("asOf", zone=zone),
        attributes=given.identifiers("attributes", ("dsd",)),
        measures=given.identifiers("measures", ("all",)),
        dimension_at_observation=given.identifier("dimensionAtObservation"),
    )


def _refuse_what_is_not_offered(given: Parameters, reading: Reading) -> None:
    if "sort" in given and given["sort"] not in _OWN_ORDER:
        reading.unoffered("answers are in the order of the structure's dimensions only", where="sort")
    if "reportingYearStartDay" in given and given["reportingYearStartDay"] != _CALENDAR_YEAR:
        reading.unoffered("a reporting year starts on 1 January here", where="reportingYearStartDay")


def _context(text: str, reading: Reading) -> Context:
    if text == "provisionagreement":
        reading.unoffered("no provision agreement is held", where="context", remedy="write dataflow")
    elif text in set(Context):
        return Context(text)
    else:
        reading.wrong("wrong-path", f"{text[:80]!r} is no context", where="context", remedy=nearest(text, set(Context)))
    return Context.ANY


def _keys(text: str, reading: Reading) -> tuple[Key, ...]:
    if text == ANY:
        return ()
    parts = text.split(",")
    if len(parts) > limits.MAX_KEYS:
        raise OversizedQuery(f"{len(parts)} keys, at most {limits.MAX_KEYS}", remedy="ask in parts, or filter by c[…]")
    return tuple(_key(part, reading) for part in parts)


def _key(text: str, reading: Reading) -> Key:
    positions = text.split(".")
    if len(positions) > limits.MAX_POSITIONS:
        raise OversizedQuery(f"a key of {len(positions)} positions, at most {limits.MAX_POSITIONS}")
    reading.count_codes(len(positions))
    for code in positions:
        if code != ANY and not IDENTIFIER.fullmatch(code):
            reading.wrong(
                "wrong-key", f"key {text[:80]!r}: {code[:80]!r} is no code", where="key", remedy="* stands for any code"
            )
    return tuple(() if code == ANY else (code,) for code in positions)


def _structure(reading: Reading) -> StructureQuery:
    reading.no_more_than(6, STRUCTURE_PATTERN)
    given = Parameters(reading, STRUCTURE_PARAMETERS)
    resource, items = reading.segment(1, ANY), reading.segment(5, ANY)
    detail = given.word("detail", DETAILS, default="full")
    if "asOf" in given:
        reading.unoffered("structures are served as they stand only", where="asOf")
    if resource not in {ANY, *HELD_V2}:
        remedy = nearest(resource, HELD_V2)
        reading.wrong("wrong-path", f"{resource[:80]!r} is no structure", where="type", remedy=remedy)
        resource = ANY
    if items != ANY and not resource_named(resource).has_items:
        reading.wrong("wrong-path", f"a {resource[:80]} has no items", where="item", value=items[:80])
    return StructureQuery(
        resource=resource,
        agency=names.agency(reading.segment(2, ANY), V2, reading),
        id=names.identifier(reading.segment(3, ANY), V2, reading),
        version=names.version(reading.segment(4, LATEST), V2, reading),
        items=names.items(items, V2, reading, any_text=resource == "valuelist"),
        detail=Detail(detail) if detail in DETAILS else Detail.FULL,
        references=given.words("references", REFERENCES, default="none"),
    )


def write(query: Query) -> str:
    """The request target of a query, behind ``/sdmx/v2/``; the inverse of :func:`parse`.

    Raises:
        QueryError: the query says what REST 2.x has no words for: a period bound, several codes at one position.

    """
    return _write_data(query) if isinstance(query, DataQuery) else _write_structure(query)


def _write_data(query: DataQuery) -> str:
    several = any(len(codes) > 1 for key in query.keys for codes in key)
    if several or query.start_period or query.end_period or not query.open_ended:
        raise QueryError("REST 2.x has no words for this query", remedy="write component filters, c[DIMENSION]=…")
    keys = ",".join(".".join(codes[0] if codes else ANY for codes in key) for key in query.keys) or ANY
    path = ("data", query.context.value, query.agency, query.id, query.version, keys)
    optional = {
        **{f"c[{wanted.component}]": conditions.write(wanted) for wanted in query.filters},
        "firstNObservations": query.first,
        "lastNObservations": query.last,
        "offset": query.offset or None,
        "limit": query.limit,
        "updatedAfter": query.updated_after and query.updated_after.isoformat(),
        "includeHistory": "true" if query.include_history else None,
        "asOf": query.as_of and query.as_of.isoformat(),
        "attributes": None if query.attributes == ("dsd",) else ",".join(query.attributes),
        "measures": None if query.measures == ("all",) else ",".join(query.measures),
        "dimensionAtObservation": query.dimension_at_observation,
    }
    return join(path, optional)


def _write_structure(query: StructureQuery) -> str:
    if query.resource not in {ANY, *HELD_V2}:
        raise QueryError("REST 2.x has no words for this query", remedy="ask /sdmx/v1")
    path = ("structure", query.resource, query.agency, query.id, query.version, *filter(None, [",".join(query.items)]))
    return join(
        path,
        {
            "detail": None if query.detail is Detail.FULL else query.detail.value,
            "references": None if query.references == ("none",) else ",".join(query.references),
        },
    )

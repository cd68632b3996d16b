"""SDMX REST 1.5 (SDMX 2.1): ``/data/…`` and the structure resources, read into queries and written back.

Source: the OpenAPI definition of SDMX REST 1.5.0. ``all`` and ``latest`` are its words for any and the latest, the
plus sign its *or*. ``asOf`` of REST 2.2 is read here too, so that a client of the older grammar can travel in time.
Availability, schema and metadata, and any provider but ``all`` are known and not offered.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, tzinfo
from typing import Final

from sdmx_gateway.errors import OversizedQuery, QueryError
from sdmx_gateway.rest import limits, names
from sdmx_gateway.rest.names import V1
from sdmx_gateway.rest.parameters import Parameters
from sdmx_gateway.rest.query import ANY, Context, DataQuery, Key, Query, StructureQuery
from sdmx_gateway.rest.reading import IDENTIFIER, Reading, nearest
from sdmx_gateway.rest.resources import HELD_V1, NOT_HELD_V1, OTHER_SERVICES_V1, resource_named
from sdmx_gateway.rest.target import join
from sdmx_gateway.structures.detail import Detail

DATA_PATTERN: Final = "/data/{flow}/{key}/{provider}"
STRUCTURE_PATTERN: Final = "/{resource}/{agency}/{id}/{version}/{item}"
DATA_PARAMETERS: Final = (
    *("startPeriod", "endPeriod", "updatedAfter", "firstNObservations", "lastNObservations"),
    *("dimensionAtObservation", "detail", "includeHistory", "asOf"),
)
STRUCTURE_PARAMETERS: Final = ("detail", "references")
ANYTHING: Final = "structure"
"""The resource that means artefacts of any kind."""
STRUCTURE_DETAILS: Final = tuple(detail.value for detail in Detail if detail is not Detail.RAW)
REFERENCES: Final = frozenset(
    {"none", "parents", "parentsandsiblings", "children", "descendants", "all", *HELD_V1, *NOT_HELD_V1}
)
DETAILS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "full": (("dsd",), ("all",)),
    "dataonly": (("none",), ("all",)),
    "serieskeysonly": (("none",), ("none",)),
    "nodata": (("dsd",), ("none",)),
}
"""``detail`` of a data query: the attributes and measures it asks for, in the words of REST 2.x."""


def parse(target: str, *, zone: tzinfo = UTC) -> Query:
    """The query of a request target, its part behind ``/sdmx/v1/``: path and query string, percent-encoded.

    ``zone`` is the time zone of instants given without an offset.

    >>> parse("data/FR_SSMSI,CRIME_TERRITORY/A.D75+D93..?startPeriod=2020").keys
    ((('A',), ('D75', 'D93'), (), ()),)

    Raises:
        QueryError: the target is wrong; every reason is among its problems.
        UnsupportedQuery: it asks for something of the standard that is not offered.
        OversizedQuery: it is over a limit.

    """
    reading = Reading(target)
    resource = reading.segment(0, "")
    query: Query = _data(reading, zone) if resource == "data" else _structure(reading, resource)
    reading.finish()
    return query


def _data(reading: Reading, zone: tzinfo) -> DataQuery:
    reading.no_more_than(4, DATA_PATTERN)
    given = Parameters(reading, DATA_PARAMETERS)
    for component, _ in reading.filters():
        reading.wrong(
            "wrong-filter",
            "component filters came with REST 2",
            where=f"c[{component[:80]}]",
            remedy="put codes into the key, or ask /sdmx/v2/data",
        )
    if (provider := reading.segment(3, V1.any)) != V1.any:
        reading.unoffered(f"data are not kept by provider ({provider[:80]!r})", where="provider", remedy="write all")
    agency, name, version = _flow(reading.segment(1, V1.any), reading)
    attributes, measures = DETAILS.get(given.word("detail", DETAILS, default="full"), DETAILS["full"])
    return DataQuery(
        context=Context.DATAFLOW,
        agency=agency,
        id=name,
        version=version,
        keys=_keys(reading.segment(2, V1.any), reading),
        open_ended=False,
        start_period=given.period("startPeriod"),
        end_period=given.period("endPeriod"),
        first=given.count("firstNObservations"),
        last=given.count("lastNObservations"),
        updated_after=given.instant("updatedAfter", zone=zone),
        include_history=given.flag("includeHistory"),
        as_of=given.instant("asOf", zone=zone),
        attributes=attributes,
        measures=measures,
        dimension_at_observation=given.identifier("dimensionAtObservation"),
    )


def _flow(text: str, reading: Reading) -> tuple[str, str, str]:
    parts = text.split(",")
    if len(parts) > 3:
        reading.wrong(
            "wrong-path", f"{text[:80]!r} is no flow", where="flow", remedy="write ID, AGENCY,ID or AGENCY,ID,VERSION"
        )
    agency, name, version = {1: (V1.any, *parts, V1.latest), 2: (*parts, V1.latest)}.get(len(parts), tuple(parts[:3]))
    return (
        names.agency(agency, V1, reading),
        names.identifier(name, V1, reading),
        names.version(version, V1, reading),
    )


def _keys(text: str, reading: Reading) -> tuple[Key, ...]:
    if text == V1.any:
        return ()
    positions = [position.split("+") if position else [] for position in text.split(".")]
    if len(positions) > limits.MAX_POSITIONS:
        raise OversizedQuery(f"a key of {len(positions)} positions, at most {limits.MAX_POSITIONS}")
    codes = [code for position in positions for code in position]
    reading.count_codes(len(codes))
    for code in codes:
        if not IDENTIFIER.fullmatch(code):
            reading.wrong(
                "wrong-key",
                f"key {text[:80]!r}: {code[:80]!r} is no code",
                where="key",
                remedy="an empty position stands for any code, + for or",
            )
    return (tuple(map(tuple, positions)),)


def _structure(reading: Reading, resource: str) -> StructureQuery:
    if resource in OTHER_SERVICES_V1:
        reading.unoffered(f"/{resource} is not offered yet", where="path")
        return StructureQuery()
    if resource not in {ANYTHING, *HELD_V1}:
        _no_resource(resource, reading)
        return StructureQuery()
    reading.no_more_than(5, STRUCTURE_PATTERN)
    given = Parameters(reading, STRUCTURE_PARAMETERS)
    detail = given.word("detail", STRUCTURE_DETAILS, default="full")
    items = reading.segment(4, V1.any)
    if items != V1.any and (resource == ANYTHING or not resource_named(resource).has_items):
        reading.wrong("wrong-path", f"a {resource} has no items", where="item", value=items[:80])
    return StructureQuery(
        resource=ANY if resource == ANYTHING else resource,
        agency=names.agency(reading.segment(1, V1.any), V1, reading),
        id=names.identifier(reading.segment(2, V1.any), V1, reading),
        version=names.version(reading.segment(3, V1.latest), V1, reading),
        items=names.items(items, V1, reading),
        detail=Detail(detail) if detail in STRUCTURE_DETAILS else Detail.FULL,
        references=(given.word("references", REFERENCES, default="none"),),
    )


def _no_resource(resource: str, reading: Reading) -> None:
    if resource in NOT_HELD_V1:
        reading.unoffered(f"no {resource} is held", where="path", remedy=f"held: {', '.join(sorted(HELD_V1))}")
    else:
        known = ("data", ANYTHING, *HELD_V1)
        reading.wrong("wrong-path", f"there is no /{resource[:80]}", where="path", remedy=nearest(resource, known))


def write(query: Query) -> str:
    """The request target of a query, behind ``/sdmx/v1/``; the inverse of :func:`parse`.

    Raises:
        QueryError: the query says what REST 1.x has no words for.

    """
    return _write_data(query) if isinstance(query, DataQuery) else _write_structure(query)


def _write_data(query: DataQuery) -> str:
    details = {meaning: word for word, meaning in DETAILS.items()}
    detail = details.get((query.attributes, query.measures))
    beyond = query.filters or query.offset or query.limit or len(query.keys) > 1 or query.open_ended
    if beyond or detail is None or query.context is not Context.DATAFLOW or "," in query.agency + query.id:
        raise QueryError("REST 1.x has no words for this query", remedy="ask /sdmx/v2/data")
    flow = ",".join(names.spell(part, V1) for part in (query.agency, query.id, query.version))
    key = ".".join("+".join(codes) for codes in query.keys[0]) if query.keys else V1.any
    optional = {
        "startPeriod": query.start_period,
        "endPeriod": query.end_period,
        "firstNObservations": query.first,
        "lastNObservations": query.last,
        "updatedAfter": query.updated_after and query.updated_after.isoformat(),
        "includeHistory": "true" if query.include_history else None,
        "asOf": query.as_of and query.as_of.isoformat(),
        "detail": None if detail == "full" else detail,
        "dimensionAtObservation": query.dimension_at_observation,
    }
    return join(("data", flow, key), optional)


def _write_structure(query: StructureQuery) -> str:
    beyond = len(query.references) > 1 or query.detail is Detail.RAW or set(query.version) & set("+")
    if beyond or query.resource not in {ANY, *HELD_V1}:
        raise QueryError("REST 1.x has no words for this query", remedy="ask /sdmx/v2/structure")
    resource = ANYTHING if query.resource == ANY else query.resource
    named = (names.spell(part, V1) for part in (query.agency, query.id, query.version))
    path = (resource, *named, *filter(None, ["+".join(query.items)]))
    optional = {
        "detail": None if query.detail is Detail.FULL else query.detail.value,
        "references": None if query.references == ("none",) else query.references[0],
    }
    return join(path, optional)

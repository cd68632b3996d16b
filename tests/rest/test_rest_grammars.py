"""The two grammars: what they read, what they write, what they refuse and in which words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pysdmx.api import qb

from sdmx_gateway.errors import OversizedQuery, Problem, QueryError, UnsupportedQuery
from sdmx_gateway.rest import (
    Condition,
    Context,
    DataQuery,
    Filter,
    Operator,
    StructureQuery,
    limits,
    parse,
    write,
)
from sdmx_gateway.rest.resources import HELD_V1, HELD_V2, NOT_HELD_V1, RESOURCES
from sdmx_gateway.structures.detail import Detail

IDS = st.from_regex(r"[A-Za-z][A-Za-z0-9_@$\-]{0,8}", fullmatch=True).filter(lambda text: text != "all")
VERSIONS = st.sampled_from(["1.0", "2.1.0", "1", "3.0.0-draft"])
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=1)), timezone(timedelta(hours=-3))])
INSTANTS = st.datetimes(timezones=ZONES)
COUNTS = st.none() | st.integers(1, limits.MAX_COUNT)
PERIODS = st.none() | st.sampled_from(["2020", "2020-Q1", "2020-02", "2020-02-29", "2020-W53", "2020-D366", "2020-S2"])
VALUES = st.text(
    st.characters(codec="utf-8", exclude_characters=",+", exclude_categories=["Cs"]), min_size=1, max_size=12
)
CONDITIONS = st.builds(Condition, st.sampled_from(Operator), VALUES)
FILTERS = st.lists(
    st.builds(
        Filter,
        IDS,
        st.lists(st.lists(CONDITIONS, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(tuple),
    ),
    max_size=3,
    unique_by=lambda wanted: wanted.component,
).map(tuple)


def listed(ids: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.just("*") | st.lists(ids, min_size=1, max_size=3).map(",".join)


def keys(codes: st.SearchStrategy[tuple[str, ...]], most: int) -> st.SearchStrategy[tuple[object, ...]]:
    key = st.lists(codes, min_size=1, max_size=6).map(tuple).filter(lambda key: key not in {((),), (("all",),)})
    return st.lists(key, max_size=most).map(tuple)


V2_QUERIES = st.builds(
    DataQuery,
    context=st.sampled_from(Context),
    agency=listed(IDS),
    id=listed(IDS),
    version=listed(VERSIONS) | st.sampled_from(["~", "+"]),
    keys=keys(st.just(()) | st.tuples(IDS), 3),
    filters=FILTERS,
    first=COUNTS,
    last=COUNTS,
    offset=st.integers(0, limits.MAX_COUNT),
    limit=COUNTS,
    updated_after=st.none() | INSTANTS,
    include_history=st.booleans(),
    as_of=st.none() | INSTANTS,
    attributes=st.lists(IDS, min_size=1, max_size=3).map(tuple),
    measures=st.lists(IDS, min_size=1, max_size=3).map(tuple),
    dimension_at_observation=st.none() | IDS,
)
V1_QUERIES = st.builds(
    DataQuery,
    agency=st.just("*") | IDS,
    id=st.just("*") | IDS,
    version=st.sampled_from(["~", "*", "1.0", "2.1"]),
    keys=keys(st.lists(IDS, max_size=3).map(tuple), 1),
    open_ended=st.just(False),
    start_period=PERIODS,
    end_period=PERIODS,
    first=COUNTS,
    last=COUNTS,
    updated_after=st.none() | INSTANTS,
    include_history=st.booleans(),
    as_of=st.none() | INSTANTS,
    attributes=st.sampled_from([("dsd",), ("none",)]),
    measures=st.sampled_from([("all",), ("none",)]),
    dimension_at_observation=st.none() | IDS,
)
OPEN_VERSIONS = st.sampled_from(["1.2+.0", "2.~", "1.0.3*", "+.0.0"])
V1_SCHEMES = st.sampled_from(sorted(name for name in HELD_V1 if RESOURCES[name].has_items))
V2_SCHEMES = st.sampled_from(sorted(name for name in HELD_V2 if RESOURCES[name].has_items))
NESTED = st.lists(IDS, min_size=1, max_size=3).map(".".join)
ITEMS = st.lists(NESTED, min_size=1, max_size=3).map(tuple)
V2_STRUCTURES = st.builds(
    StructureQuery,
    resource=st.just("*") | st.sampled_from(sorted(HELD_V2)),
    agency=listed(IDS),
    id=listed(IDS),
    version=listed(VERSIONS | OPEN_VERSIONS) | st.sampled_from(["~", "+"]),
    detail=st.sampled_from(Detail),
    references=st.lists(st.sampled_from(["children", "ancestors", "codelist"]), min_size=1, max_size=2).map(tuple),
) | st.builds(StructureQuery, resource=V2_SCHEMES, items=ITEMS)
V1_STRUCTURES = st.builds(
    StructureQuery,
    resource=st.just("*") | st.sampled_from(sorted(HELD_V1)),
    agency=listed(IDS),
    id=listed(IDS),
    version=listed(VERSIONS) | st.just("~"),
    detail=st.sampled_from([detail for detail in Detail if detail is not Detail.RAW]),
    references=st.sampled_from([("none",), ("all",), ("parentsandsiblings",), ("codelist",)]),
) | st.builds(StructureQuery, resource=V1_SCHEMES, items=ITEMS)


@given(V2_QUERIES | V2_STRUCTURES)
def test_what_the_newer_grammar_writes_it_reads_back(query: DataQuery | StructureQuery) -> None:
    assert parse("v2", write("v2", query)) == query


@given(V1_QUERIES | V1_STRUCTURES)
def test_what_the_older_grammar_writes_it_reads_back(query: DataQuery | StructureQuery) -> None:
    assert parse("v1", write("v1", query)) == query


@given(st.sampled_from(["v1", "v2"]), st.text(max_size=200))
def test_any_text_is_a_query_or_is_refused_with_reasons(version: str, text: str) -> None:
    refused: tuple[Problem, ...] | None = None
    try:
        parse(version, text)
    except QueryError as error:
        refused = error.problems
    assert refused is None or (refused and all(problem.what for problem in refused))


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("data/CRIME", DataQuery(id="CRIME", version="~", open_ended=False)),
        ("data/CRIME/", DataQuery(id="CRIME", version="~", open_ended=False)),
        ("data/FR_SSMSI,CRIME/all/all", DataQuery(agency="FR_SSMSI", id="CRIME", version="~", open_ended=False)),
        ("data/FR_SSMSI,CRIME,1.0", DataQuery(agency="FR_SSMSI", id="CRIME", version="1.0", open_ended=False)),
        ("data/all,CRIME,latest", DataQuery(id="CRIME", version="~", open_ended=False)),
        (
            "data/CRIME/A.D75+D93..",
            DataQuery(id="CRIME", version="~", open_ended=False, keys=((("A",), ("D75", "D93"), (), ()),)),
        ),
        (
            "data/CRIME/A.D75%2BD93..?detail=serieskeysonly",
            DataQuery(
                id="CRIME",
                version="~",
                open_ended=False,
                keys=((("A",), ("D75", "D93"), (), ()),),
                attributes=("none",),
                measures=("none",),
            ),
        ),
        ("dataflow", StructureQuery(resource="dataflow")),
        ("dataflow/FR_SSMSI+ESTAT/all/latest", StructureQuery(resource="dataflow", agency="FR_SSMSI,ESTAT")),
        ("structure/SDMX/all/all", StructureQuery(agency="SDMX", version="*")),
        (
            "codelist/SDMX/CL_FREQ/2.0/A+M",
            StructureQuery(resource="codelist", agency="SDMX", id="CL_FREQ", version="2.0", items=("A", "M")),
        ),
        (
            "datastructure/ESTAT/CRIM?references=parentsandsiblings",
            StructureQuery(resource="datastructure", agency="ESTAT", id="CRIM", references=("parentsandsiblings",)),
        ),
    ],
)
def test_the_older_grammar_reads(target: str, expected: DataQuery | StructureQuery) -> None:
    assert parse("v1", target) == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("data", DataQuery(context=Context.ANY)),
        ("data/", DataQuery(context=Context.ANY)),
        ("data/dataflow/FR_SSMSI/CRIME", DataQuery(agency="FR_SSMSI", id="CRIME")),
        ("data/dataflow/FR_SSMSI/CRIME/~/*", DataQuery(agency="FR_SSMSI", id="CRIME", version="~")),
        (
            "data/dataflow/FR_SSMSI/CRIME/1.0/A.*.ROBBERY,Q.D75",
            DataQuery(
                agency="FR_SSMSI",
                id="CRIME",
                version="1.0",
                keys=((("A",), (), ("ROBBERY",)), (("Q",), ("D75",))),
            ),
        ),
        (
            "data/datastructure/FR_SSMSI,ESTAT/*/+",
            DataQuery(context=Context.DATA_STRUCTURE, agency="FR_SSMSI,ESTAT", version="+"),
        ),
        ("structure", StructureQuery()),
        ("structure/codelist/SDMX", StructureQuery(resource="codelist", agency="SDMX")),
        ("structure/*/*/*/*", StructureQuery(version="*")),
        (
            "structure/dataflow/FR_SSMSI/CRIME/1.0?references=children,codelist&detail=raw",
            StructureQuery(
                resource="dataflow",
                agency="FR_SSMSI",
                id="CRIME",
                version="1.0",
                references=("children", "codelist"),
                detail=Detail.RAW,
            ),
        ),
    ],
)
def test_the_newer_grammar_reads(target: str, expected: DataQuery | StructureQuery) -> None:
    assert parse("v2", target) == expected


@pytest.mark.parametrize(
    "text",
    ["c[TIME_PERIOD]=ge:2020+le:2022", "c%5BTIME_PERIOD%5D=ge%3A2020%2Ble%3A2022", "c[TIME_PERIOD]=ge:2020%2Ble:2022"],
)
def test_a_plus_is_and_however_it_is_encoded(text: str) -> None:
    query = parse("v2", f"data/dataflow/FR_SSMSI/CRIME?{text}")
    assert isinstance(query, DataQuery)
    both = (Condition(Operator.GE, "2020"), Condition(Operator.LE, "2022"))
    assert query.filters == (Filter("TIME_PERIOD", (both,)),)


def test_an_operator_says_nothing_about_the_next_alternative() -> None:
    query = parse("v2", "data?c[REF_AREA]=ne:FR,D75+sw:D")
    assert isinstance(query, DataQuery)
    assert query.filters[0].alternatives == (
        (Condition(Operator.NE, "FR"),),
        (Condition(Operator.EQ, "D75"), Condition(Operator.STARTS, "D")),
    )


def test_an_instant_without_an_offset_is_in_the_zone_of_the_service() -> None:
    paris_in_winter = timezone(timedelta(hours=1))
    query = parse("v1", "data/CRIME?asOf=2025-02-01T00:00:00", zone=paris_in_winter)
    assert isinstance(query, DataQuery)
    assert query.as_of == datetime(2025, 1, 31, 23, tzinfo=UTC)
    written = parse("v1", "data/CRIME?asOf=2025-02-01T00:00:00+01:00")
    assert isinstance(written, DataQuery)
    assert written.as_of == query.as_of


@pytest.mark.parametrize(
    ("version", "target", "what", "remedy"),
    [
        ("v1", "data/A,B,1.0,X", "'A,B,1.0,X' is no flow", "AGENCY,ID"),
        ("v1", "data/CRIME/all/all/more", "the path goes on", ""),
        ("v1", "data/CRIME/A.é.", "is no code", "empty position"),
        ("v1", "data/CRIME?startPeriod=2020-13", "startPeriod=2020-13 is not a period", ""),
        ("v1", "data/CRIME?startPeriod=lundi", "is not a period", ""),
        ("v1", "data/CRIME?startperiod=2020", "no parameter is called 'startperiod'", "did you mean startPeriod?"),
        ("v1", "data/CRIME?lastNObservations=0", "is not a whole number of at least 1", ""),
        ("v1", "data/CRIME?lastNObservations=١", "is not a whole number", ""),
        ("v1", "data/CRIME?detail=dataOnly", "detail=dataOnly is unknown", "did you mean dataonly?"),
        ("v1", "data/CRIME?detail=full&detail=full", "detail is given twice", ""),
        ("v1", "data/CRIME?c[FREQ]=A", "component filters came with REST 2", "/sdmx/v2/data"),
        ("v1", "data/CRIME?dimensionAtObservation=a%20b", "is not an id", ""),
        ("v1", "dataflows", "there is no /dataflows", "did you mean dataflow?"),
        ("v1", "dataflow/all/all/1.0/X", "a dataflow has no items", ""),
        ("v1", "codelist/SDMX/CL_FREQ/~", "'~' is not a version", "write 1.0, latest or all"),
        ("v1", "codelist/SDMX/CL_FREQ?references=kids", "references=kids is unknown", ""),
        ("v2", "data/CRIME", "'CRIME' is no context", "dataflow"),
        ("v2", "data/dataflow/FR SSMSI/CRIME", "'FR SSMSI' is not an SDMX agency", ""),
        ("v2", "data/dataflow/X/CRIME/latest", "'latest' is not a version", "write 1.0, ~ or *"),
        ("v2", "data/dataflow/X/CRIME/1.0/A..X", "'' is no code", "* stands for any code"),
        ("v2", "data/dataflow/X/CRIME/1.0/A/more", "the path goes on", ""),
        ("v2", "data?c[FREQ]=A&c[FREQ]=M", "c[FREQ] is given twice", "+ or ,"),
        ("v2", "data?c[FREQ]=A,", "has an empty value", "c[DIM]=A,B"),
        ("v2", "data?c[]=A", "is no component id", ""),
        ("v2", "data?asOf=hier", "is not a date and time", "2025"),
        ("v2", "data?startPeriod=2020", "no parameter is called 'startPeriod'", ""),
        ("v2", "data?includeHistory=yes", "includeHistory=yes is unknown", ""),
        ("v2", "data?attributes=a%20b", "is not a list of ids", ""),
        ("v2", "dataflow/X", "there is no /dataflow", "write /structure/dataflow"),
        ("v2", "structure/codelists", "is no structure", "did you mean codelist?"),
        ("v2", "structure/dataflow/X/Y/1.0/Z", "a dataflow has no items", ""),
        ("v2", "structure/codelist?references=children,kids", "references=kids is unknown", ""),
    ],
)
def test_a_mistake_is_told_with_what_would_have_been_right(version: str, target: str, what: str, remedy: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(version, target)
    assert not isinstance(caught.value, UnsupportedQuery | OversizedQuery)
    assert what in str(caught.value.problems[0])
    assert remedy in str(caught.value.problems[0])


def test_every_mistake_of_a_query_is_told_at_once() -> None:
    with pytest.raises(QueryError) as caught:
        parse("v1", "data/A,B,C,D/A.é?startPeriod=x&lastNObservations=0&nonsense=1")
    codes = sorted(problem.code for problem in caught.value.problems)
    assert codes == ["unknown-parameter", "wrong-key", "wrong-parameter", "wrong-parameter", "wrong-path", "wrong-path"]


@pytest.mark.parametrize(
    ("version", "target"),
    [
        *(("v1", f"{resource}/all/all/latest") for resource in sorted(NOT_HELD_V1)),
        *(("v1", path) for path in ("availableconstraint/CRIME", "schema/dataflow/X/CRIME", "metadata/X")),
        *(
            ("v2", path)
            for path in ("availability/dataflow/X/CRIME", "schema/dataflow/X", "registration/id/1", "metadata/x")
        ),
        ("v1", "data/CRIME/all/FR9"),
        ("v2", "structure/dataflow?asOf=2024-01-01T00:00:00Z"),
        ("v2", "data/provisionagreement/X/CRIME"),
        ("v2", "data?sort=REF_AREA:desc"),
        ("v2", "data?reportingYearStartDay=--07-01"),
    ],
)
def test_what_the_standard_has_and_we_have_not_is_not_a_mistake(version: str, target: str) -> None:
    with pytest.raises(UnsupportedQuery):
        parse(version, target)


def test_a_word_of_ours_is_left_to_the_application() -> None:
    assert parse("v1", "data/CRIME?format=csv&lang=fr") == parse("v1", "data/CRIME")
    assert parse("v2", "data?sort=*&reportingYearStartDay=--01-01") == parse("v2", "data")


@pytest.mark.parametrize(
    ("version", "within", "over"),
    [
        ("v2", "data" + "/" * (limits.MAX_TARGET_LENGTH - 4), "data" + "/" * (limits.MAX_TARGET_LENGTH - 3)),
        ("v2", f"data/*/*/*/*/{','.join(['A'] * 200)}", f"data/*/*/*/*/{','.join(['A'] * 201)}"),
        ("v2", f"data/*/*/*/*/{'.'.join(['A'] * 50)}", f"data/*/*/*/*/{'.'.join(['A'] * 51)}"),
        ("v1", f"data/X/{'.'.join(['A'] * 50)}", f"data/X/{'.'.join(['A'] * 51)}"),
        ("v1", f"data/X,Y/{'+'.join(['A'] * 1997)}", f"data/X,Y/{'+'.join(['A'] * 1998)}"),
        ("v2", f"data?c[X]={','.join(['A'] * 1997)}", f"data?c[X]={','.join(['A'] * 2001)}"),
        (
            "v2",
            "data?" + "&".join(f"c[X{n}]=A" for n in range(64)),
            "data?" + "&".join(f"c[X{n}]=A" for n in range(65)),
        ),
    ],
)
def test_each_limit_is_refused_one_over(version: str, within: str, over: str) -> None:
    parse(version, within)
    with pytest.raises(OversizedQuery):
        parse(version, over)


PYSDMX_QUERIES = [
    qb.DataQuery(qb.DataContext.DATAFLOW, "FR_SSMSI", "CRIME", "1.0", "A.D75"),
    qb.DataQuery(
        qb.DataContext.DATAFLOW, "FR_SSMSI", "CRIME", "1.0", "A.D75", last_n_obs=3, obs_dimension="TIME_PERIOD"
    ),
    qb.DataQuery(qb.DataContext.DATAFLOW, "FR_SSMSI", "CRIME", updated_after=datetime(2024, 1, 1, tzinfo=UTC)),
]


@pytest.mark.parametrize("query", PYSDMX_QUERIES)
@pytest.mark.parametrize("short", [True, False])
def test_another_library_writes_addresses_we_read_in_both_grammars(query: qb.DataQuery, short: bool) -> None:
    for version, theirs in (("v1", qb.ApiVersion.V1_5_0), ("v2", qb.ApiVersion.V2_2_0)):
        read = parse(version, query.get_url(theirs, short).lstrip("/"))
        assert isinstance(read, DataQuery)
        assert (read.agency, read.id) == ("FR_SSMSI", "CRIME")
        assert read.last == query.last_n_obs
        assert read.updated_after == query.updated_after


@pytest.mark.parametrize("resource", [kind.value for kind in qb.StructureType if kind.value in RESOURCES])
def test_another_librarys_structure_addresses_are_read(resource: str) -> None:
    query = qb.StructureQuery(qb.StructureType(resource), "FR_SSMSI")
    for version, theirs, held in (("v1", qb.ApiVersion.V1_5_0, HELD_V1), ("v2", qb.ApiVersion.V2_2_0, HELD_V2)):
        if resource in held and (version, resource) != ("v1", "vtlmappingscheme"):  # which REST 1.5 forgot
            for short in (True, False):
                read = parse(version, query.get_url(theirs, short).lstrip("/"))
                assert read == StructureQuery(resource=resource, agency="FR_SSMSI")


def test_words_one_grammar_lacks_are_refused_by_its_writer() -> None:
    with pytest.raises(QueryError, match="no words"):
        write("v2", DataQuery(start_period="2020", open_ended=False))
    with pytest.raises(QueryError, match="no words"):
        write("v1", DataQuery(offset=3, open_ended=False))
    with pytest.raises(QueryError, match="no words"):
        write("v1", StructureQuery(references=("children", "parents")))
    with pytest.raises(QueryError, match="no words"):
        write("v1", StructureQuery(resource="valuelist"))
    with pytest.raises(QueryError, match="no words"):
        write("v1", StructureQuery(detail=Detail.RAW))
    with pytest.raises(QueryError, match="no words"):
        write("v2", StructureQuery(resource="structureset"))


def test_percent_encoded_slashes_stay_inside_their_segment() -> None:
    with pytest.raises(QueryError, match="does not parse"):
        parse("v1", f"dataflow/{quote('FR_SSMSI/CRIME', safe='')}")

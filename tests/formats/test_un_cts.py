"""UNODC's 13-column form: what UNODC publishes of France becomes SDMX and the form again, unchanged; nothing secret goes into it."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest

from sdmx_gateway import formats
from sdmx_gateway.errors import DatasetRejected, MessageRejected
from sdmx_gateway.formats.un_cts import HEADINGS, read_cts, write_cts
from sdmx_gateway.gateway import Gateway
from sdmx_gateway.observations import Dataset
from sdmx_gateway.structures import Catalogue, Header
from sdmx_gateway.validation import validate

DATA = Path(__file__).parent / "data" / "un-cts"
FILES = {
    "data_cts_violent_and_sexual_crime_FRA.csv.gz": ("CTS_VIOLENT_CRIME", 298),
    "data_cts_corruption_and_economic_crime_FRA.csv.gz": ("CTS_ECONOMIC_CRIME", 276),
    "data_cts_prisons_and_prisoners_FRA.csv.gz": ("CTS_PRISONS", 760),
}
NOW = datetime(2026, 11, 24, 9, 12, tzinfo=UTC)
HEADER = Header(id="TEST", prepared=NOW, sender="FR9")


def opened(name: str) -> bytes:
    return gzip.decompress((DATA / name).read_bytes())


def written(dataset: Dataset, catalogue: Catalogue | None) -> bytes:
    sink = BytesIO()
    write_cts(dataset, sink, HEADER, catalogue)
    return sink.getvalue()


def rows(data: bytes) -> list[str]:
    return sorted(data.decode().splitlines())


@pytest.mark.parametrize(("name", "flow", "count"), [(name, *about) for name, about in FILES.items()], ids=FILES)
@pytest.mark.parametrize("form", formats.FORMATS)
def test_what_unodc_publishes_is_the_same_after_every_format(
    catalogue: Catalogue, name: str, flow: str, count: int, form: str
) -> None:
    dataset = read_cts(opened(name), catalogue)
    assert (dataset.dataflow.id, len(dataset)) == (flow, count)
    sink = BytesIO()
    formats.write(dataset, form, sink, header=HEADER, catalogue=catalogue)
    again = formats.read(sink.getvalue(), catalogue)
    assert rows(written(again, catalogue)) == rows(opened(name))


@pytest.mark.parametrize("name", FILES)
def test_what_unodc_publishes_keeps_within_our_constraints(catalogue: Catalogue, name: str) -> None:
    report = validate(read_cts(opened(name), catalogue), catalogue, [], now=NOW)
    assert [finding.message for finding in report.findings if not finding.is_notice] == []


def test_what_we_owe_is_written_in_the_form(national: Gateway) -> None:
    dataset = national.convert("unodc/cts_violent_crime").dataset
    table = pl.read_csv(written(dataset, national.catalogue), infer_schema=False)
    assert tuple(table.columns) == HEADINGS
    assert table.height == dataset.frame["OBS_VALUE"].count()
    assert table.filter(Category="Sexual violence", Year="2022")["VALUE"].to_list() == ["106114"]


def test_a_figure_that_is_not_free_is_refused_and_not_sent(catalogue: Catalogue) -> None:
    dataset = read_cts(opened(next(iter(FILES))), catalogue)
    secret = pl.when(pl.int_range(pl.len()) == 3).then(pl.lit("C")).otherwise("CONF_STATUS").alias("CONF_STATUS")
    frame = dataset.frame.with_columns(secret)
    with pytest.raises(DatasetRejected, match="UN-CTS form") as caught:
        written(Dataset.of(dataset.dataflow, dataset.structure, frame), catalogue)
    assert "1 figures are not free (C)" in caught.value.problems[0].what


def test_other_dataflows_are_refused(national: Gateway) -> None:
    dataset = national.convert("ssmsi/recorded_crime_territory", edition="2025-07").dataset
    with pytest.raises(DatasetRejected, match="not for the UN-CTS form"):
        written(dataset, national.catalogue)


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        (b"Serious assault", b"Serious assaults", "unknown-label", "Category"),
        (b"Western Europe", b"East", "unknown-label", "Subregion"),
        (b"Iso3_code", b"ISO", "wrong-header", None),
        (b"Violent offences", b"Offences of violence", "unknown-dataflow", None),
        (b"135003", b"135 003", "wrong-value", None),
        (b",Counts,", b",Counts\x01,", "control-character", None),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(
    catalogue: Catalogue, old: bytes, new: bytes, code: str, where: str | None
) -> None:
    with pytest.raises(MessageRejected) as caught:
        read_cts(opened(next(iter(FILES))).replace(old, new), catalogue)
    assert {problem.code for problem in caught.value.problems} == {code}
    if where is not None:
        assert {(p.where.row, p.where.column) for p in caught.value.problems} == {(2, where)}


def test_the_form_is_known_by_name_and_not_offered_by_the_service() -> None:
    assert formats.format_named("un-cts").read is not None
    assert "un-cts" not in formats.FORMATS


def test_a_structure_that_asks_for_more_is_not_carried(catalogue: Catalogue) -> None:
    from sdmx_gateway.formats.un_cts import carries

    dataset = read_cts(opened(next(iter(FILES))), catalogue)
    assert carries(dataset.structure)
    extra = replace(dataset.structure.dimensions[1], id="WEAPON")
    assert not carries(replace(dataset.structure, dimensions=(*dataset.structure.dimensions, extra)))

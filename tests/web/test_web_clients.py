"""Other people's clients, unmodified, against the server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sdmx
from pysdmx.api.dc.rest import SdmxConnector
from pysdmx.api.qb import (
    ApiVersion,
    DataContext,
    DataFormat,
    DataQuery,
    RestService,
    StructureFormat,
    StructureQuery,
    StructureType,
)
from pysdmx.io import read_sdmx
from sdmx.source import sources
from web_samples import AGENCY, FLOW, STRUCTURE


@pytest.fixture
def khaeru(address: str) -> Iterator[sdmx.Client]:
    """A client of sdmx1 for the older grammar."""
    sdmx.add_source({"id": AGENCY, "name": "Made up", "url": f"{address}/sdmx/v1"})
    yield sdmx.Client(AGENCY)
    del sources[AGENCY]


def test_sdmx1_lists_the_dataflows(khaeru: sdmx.Client) -> None:
    flows = khaeru.dataflow().dataflow
    assert set(flows) == {"CRIME", "CRIME_PLANNED"}
    assert flows["CRIME"].name.localizations == dict(FLOW.names)


def test_sdmx1_follows_a_flow_to_its_code_lists(khaeru: sdmx.Client) -> None:
    message = khaeru.dataflow("CRIME")
    structure = message.dataflow["CRIME"].structure
    assert [d.id for d in structure.dimensions] == [d.id for d in STRUCTURE.dimensions]
    assert message.codelist["CL_REF_AREA"]["D93"].name.localizations["fr"] == "Seine-Saint-Denis"


def test_sdmx1_reads_a_series(khaeru: sdmx.Client) -> None:
    message = khaeru.data("CRIME", key="A.D93.ROBBERY", params={"startPeriod": "2022"})
    values = sdmx.to_pandas(message.data[0])
    assert list(values) == [502, 503, 504]
    assert set(values.index.get_level_values("TIME_PERIOD")) == {"2022", "2023", "2024"}


def test_sdmx1_reads_several_series_at_once(khaeru: sdmx.Client) -> None:
    message = khaeru.data("CRIME", key="A.D75+D93.ROBBERY")
    assert len(sdmx.to_pandas(message.data[0])) == 8
    assert len(message.data[0].series) == 2


def test_sdmx1_travels_in_time(khaeru: sdmx.Client, address: str) -> None:
    url = f"{address}/sdmx/v1/data/CRIME/A.D75.HOMICIDE?lastNObservations=1"
    now, then = (khaeru.get(url=f"{url}{when}") for when in ("", "&asOf=2025-06-01T00:00:00"))
    assert [sdmx.to_pandas(message.data[0]).iloc[0] for message in (now, then)] == [205, 204]


def test_pysdmx_reads_data_and_structures(address: str) -> None:
    service = RestService(
        f"{address}/sdmx/v2",
        ApiVersion.V2_2_0,
        data_format=DataFormat.SDMX_CSV_2_0_0,
        structure_format=StructureFormat.SDMX_ML_3_0,
    )
    query = DataQuery(DataContext.DATAFLOW, AGENCY, "CRIME", "1.0", "A.D93.ROBBERY")
    (dataset,) = read_sdmx(service.data(query).decode(), validate=True).data
    assert list(dataset.data["OBS_VALUE"].astype(int)) == [501, 502, 503, 504]
    flows = read_sdmx(service.structure(StructureQuery(StructureType.DATAFLOW)).decode(), validate=True).structures
    assert {flow.id for flow in flows} == {"CRIME", "CRIME_PLANNED"}


def test_pysdmx_filters_by_component(address: str) -> None:
    connector = SdmxConnector(f"{address}/sdmx/v2")
    rows = list(connector.data(f"Dataflow={AGENCY}:CRIME(1.0)", "REF_AREA = 'D93' AND OBS_VALUE >= 503"))
    assert {row["OBS_VALUE"] for row in rows} == {"503", "504"}

"""sdmx1's client, unmodified, pulls a shipped dataflow with what it refers to from the gateway as it is started by its command."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sdmx
from sdmx.source import sources
from web_server import serving

from sdmx_gateway.structures import Catalogue, Urn
from sdmx_gateway.structures.model import Kind

SOURCE = "FR_SHIPPED"
FLOWS = ("FR_SSMSI:CRIME_TERRITORY(1.0)", "ESTAT:CRIM_GEN_REG(1.0)")


@pytest.fixture(scope="module")
def gateway_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of ``sdmx-gateway serve`` with nothing released."""
    home = tmp_path_factory.mktemp("shipped")
    words = ["-m", "sdmx_gateway", "serve", "--port"]
    with serving(lambda port: [*words, str(port)], home / "log", {"SDMX_GATEWAY_HOME": str(home)}) as url:
        yield url


@pytest.fixture
def client(gateway_address: str) -> Iterator[sdmx.Client]:
    sdmx.add_source({"id": SOURCE, "name": "Shipped", "url": f"{gateway_address}/sdmx/v1"})
    yield sdmx.Client(SOURCE)
    del sources[SOURCE]


def asked(client: sdmx.Client, flow: Urn, references: str) -> sdmx.message.StructureMessage:
    return client.get(
        "dataflow", flow.id, agency_id=flow.agency, version=flow.version, params={"references": references}
    )


@pytest.mark.parametrize("name", FLOWS)
def test_sdmx1_follows_a_shipped_flow_to_every_code_and_constraint(
    client: sdmx.Client, catalogue: Catalogue, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    flow = catalogue.dataflow(Urn.short_form(Kind.DATAFLOW, name))
    message = asked(client, flow.urn, "all")
    structure = catalogue.structure_of(flow)
    assert [d.id for d in message.structure[structure.id].dimensions] == [d.id for d in structure.dimensions]
    assert [a.id for a in message.structure[structure.id].attributes] == [a.id for a in structure.attributes]
    lists = {u.urn.id: u for c in structure.components.values() if (u := catalogue.codelist_of(c)) is not None}
    assert {own_id: set(message.codelist[own_id]) for own_id in lists} == {i: set(u.by_id) for i, u in lists.items()}
    assert set(message.constraint) >= {c.id for c in catalogue.constraints_on(flow.urn)}
    heard = {r.getMessage() for r in caplog.records if r.name.startswith("sdmx.")}
    assert {said for said in heard if "ProvisionAgreement" not in said and "None has no Dimension" not in said} == set()

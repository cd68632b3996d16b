"""What is shipped can be replaced by configuration: a later folder's artefact stands in for an earlier one's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from structures_samples import HEADER

from sdmx_gateway.errors import MessageRejected
from sdmx_gateway.gateway import Gateway
from sdmx_gateway.settings import Settings, shipped
from sdmx_gateway.structures import Catalogue, load_catalogue, write_structures
from sdmx_gateway.structures.model import Codelist, Dataflow, DataStructure

FLOW = "ESTAT:CRIM_GEN_REG(1.0)"
AGENCY_TOML = 'id = "ESTAT"\nname = { fr = "Eurostat", en = "Eurostat" }\n'
FLOW_TOML = """
[[dataflow]]
id = "CRIM_GEN_REG"
version = "1.0"
name = { fr = "Infractions par région", en = "Offences by region" }
structure = "ESTAT:CRIM_GEN_REG_TRANSMITTED(2.0)"
"""


def private(folder: Path, **files: str | bytes) -> Path:
    """An office's own folder, beside the one that is shipped."""
    for name, content in {"ESTAT/agency.toml": AGENCY_TOML, **files}.items():
        path = folder / "own" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder / "own"


def of_flow(gateway: Gateway) -> DataStructure:
    return gateway.catalogue.structure_of(gateway.dataflow(FLOW))


@pytest.fixture
def transmitted(catalogue: Catalogue) -> bytes:
    """A structure made up for this test, as a recipient would send it: ours under another name."""
    flow = next(a for a in catalogue if isinstance(a, Dataflow) and a.urn.short == FLOW)
    named = replace(catalogue.structure_of(flow), agency="ESTAT", id="CRIM_GEN_REG_TRANSMITTED", version="2.0")
    return write_structures([named], "sdmx-ml-3.0", HEADER)


def test_a_recipients_structure_takes_the_place_of_the_one_shipped(tmp_path: Path, transmitted: bytes) -> None:
    own = private(tmp_path, **{"ESTAT/foreign/sent.xml": transmitted, "ESTAT/dataflows-own.toml": FLOW_TOML})
    before = Gateway(Settings(home=tmp_path / "a"))
    after = Gateway(Settings(home=tmp_path / "b", dsd=(shipped("dsd"), own)))
    assert of_flow(before).id != "CRIM_GEN_REG_TRANSMITTED"
    assert of_flow(after).urn.short == "ESTAT:CRIM_GEN_REG_TRANSMITTED(2.0)"
    assert len(after.catalogue) == len(before.catalogue) + 1
    assert after.catalogue.check() == ()


LIST_TOML = """[CL_MADE_UP]
version = "1.0"
name = { fr = "Liste", en = "List" }
source = "made up"
status = "ours"
file = "codelists/NAME.csv"
"""


def test_a_list_of_a_later_folder_stands_in_for_the_same_one_of_an_earlier(tmp_path: Path) -> None:
    folders = [
        private(
            tmp_path / name,
            **{
                "ESTAT/codelists.toml": LIST_TOML.replace("NAME", name),
                f"ESTAT/codelists/{name}.csv": f"code,parent,name_fr,name_en\n{name},,x,x\n",
            },
        )
        for name in ("FIRST", "SECOND")
    ]
    (codelist,) = (a for a in load_catalogue(folders) if isinstance(a, Codelist))
    assert [code.id for code in codelist.items] == ["SECOND"]
    (codelist,) = (a for a in load_catalogue(folders[::-1]) if isinstance(a, Codelist))
    assert [code.id for code in codelist.items] == ["FIRST"]


def test_within_one_folder_a_name_is_still_taken_once(tmp_path: Path) -> None:
    twice = LIST_TOML.replace("NAME", "A")
    own = private(
        tmp_path,
        **{
            "ESTAT/codelists.toml": twice,
            "ESTAT/codelists-more.toml": twice,
            "ESTAT/codelists/A.csv": "code,parent,name_fr,name_en\nA,,x,x\n",
        },
    )
    with pytest.raises(MessageRejected) as caught:
        load_catalogue([own])
    assert [problem.code for problem in caught.value.problems] == ["duplicate-artefact"]

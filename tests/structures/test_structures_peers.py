"""Others' readers find in what we write what we put there."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import warnings
from dataclasses import replace

import pysdmx.io
import pytest
import sdmx
from structures_samples import EVERYTHING, HEADER, STRUCTURE, VERSIONS

from sdmx_gateway.structures import write_structures
from sdmx_gateway.structures.model import Attachment, DataStructure

UNDERSTOOD = (Attachment.DIMENSIONS, Attachment.OBSERVATION)
"""What sdmx1 2.28 understands in 3.0: it stops at an attribute of a group or of the whole flow. It does not know 3.1."""
PLAIN = replace(STRUCTURE, attributes=tuple(a for a in STRUCTURE.attributes if a.relationship.attachment in UNDERSTOOD))


@pytest.mark.parametrize(("version", "sent"), [("2.1", STRUCTURE), ("3.0", PLAIN)])
def test_sdmx1_reads_what_we_write(version: str, sent: DataStructure) -> None:
    """In a process of its own: sdmx1 keeps namespaces of data messages read before, and then reads no 3.0 structures."""
    others = [artefact for artefact in EVERYTHING if artefact is not STRUCTURE]
    data = write_structures([*others, sent], version, HEADER)
    answer = subprocess.run([sys.executable, "-c", SCRIPT], input=data, capture_output=True, check=True)
    assert json.loads(answer.stdout) == {
        "women": {"fr": "Femmes", "en": "Women"},
        "dimensions": ["FREQ", "SEX", "TIME_PERIOD"],
        "attributes": [a.id for a in sent.attributes],
        "measures": ["OBS_VALUE"],
        "list": "CL_SEX",
        "flows": ["CRIME"],
        "header": HEADER.id,
    }


SCRIPT = """
import io, json, sys, sdmx
message = sdmx.read_sdmx(io.BytesIO(sys.stdin.buffer.read()))
structure = message.structure["CRIME"]
print(json.dumps({
    "women": message.codelist["CL_SEX"]["F"].name.localizations,
    "dimensions": [d.id for d in structure.dimensions],
    "attributes": [a.id for a in structure.attributes],
    "measures": [m.id for m in structure.measures],
    "list": structure.dimensions.get("SEX").local_representation.enumerated.id,
    "flows": [flow for flow in message.dataflow if flow == "CRIME"],
    "header": message.header.id,
}))
"""


def test_sdmx1_finds_the_tree_of_a_list() -> None:
    message = sdmx.read_sdmx(io.BytesIO(write_structures(EVERYTHING, "2.1", HEADER)))
    assert message.codelist["CL_SEX"]["F"].parent.id == "_T"


@pytest.mark.parametrize("version", VERSIONS)
def test_pysdmx_reads_what_we_write(version: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        message = pysdmx.io.read_sdmx(io.BytesIO(write_structures(EVERYTHING, version, HEADER)), validate=True)
    (codelist,) = message.get_codelists()
    assert [code.id for code in codelist.items] == ["_T", "M", "F"]
    (structure,) = message.get_data_structure_definitions()
    assert [d.id for d in structure.components.dimensions] == ["FREQ", "SEX", "TIME_PERIOD"]
    assert {a.id for a in structure.components.attributes} == {a.id for a in STRUCTURE.attributes}
    (flow,) = message.get_dataflows()
    assert flow.id == "CRIME"
    (scheme,) = message.get_concept_schemes()
    assert len(scheme.items) == 5

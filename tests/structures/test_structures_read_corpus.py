"""What the measure on a corpus finds and counts, on small folders (``benchmarks/structures_corpus.py``)."""

from __future__ import annotations

import gzip
import io
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from structures_samples import DATA, EVERYTHING, FORMS, HEADER

from sdmx_gateway.structures import read_structures, write_structures
from sdmx_gateway.structures.codec.form import Form

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.append(str(BENCHMARKS))

from structures_corpus import obtaining  # noqa: E402
from structures_messages import Message, Other, found, of_bytes  # noqa: E402
from structures_ours import look  # noqa: E402
from structures_peers import Found, Names  # noqa: E402
from structures_report import Measured, report  # noqa: E402


def sample(form: Form) -> bytes:
    return write_structures(EVERYTHING, form, HEADER)


@pytest.mark.parametrize("form", FORMS)
def test_a_message_is_known_by_what_is_in_it_and_its_artefacts_are_counted(form: Form) -> None:
    message = of_bytes("anything.txt", sample(form))
    assert isinstance(message, Message)
    assert message.version == form.value
    assert message.names == {(artefact.KIND.value, artefact.id): 1 for artefact in EVERYTHING}


def test_archives_are_looked_into_and_the_same_content_is_measured_once(tmp_path: Path) -> None:
    data = sample(Form.ML_2_1)
    (tmp_path / "a.xml").write_bytes(data)
    (tmp_path / "b.xml.gz").write_bytes(gzip.compress(data))
    (tmp_path / "c.xml.gz").write_bytes(gzip.compress(sample(Form.ML_3_0)))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as into:
        into.writestr("inner/d.json", sample(Form.JSON_2_0))
        into.writestr("inner/e.csv", "a,b")
    (tmp_path / "d.zip").write_bytes(archive.getvalue())
    assert [each.name for each in found(tmp_path)] == ["a.xml", "c.xml.gz", "d.zip!inner/d.json"]


@pytest.mark.parametrize(
    "data",
    [
        b'<m:CodelistQuery xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"/>',
        b'<Structure xmlns="http://www.SDMX.org/resources/SDMXML/schemas/v2_0/message"/>',
        b'{"data": {"dataSets": [], "structures": []}}',
    ],
)
def test_queries_data_and_older_versions_are_told_and_not_measured(data: bytes) -> None:
    assert isinstance(of_bytes("x", data), Other)


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2", b"<html/>", b'{"dataflows": ["A/B/1.0"]}', b"[1]", b"{"])
def test_what_is_nothing_of_sdmx_is_passed_over(data: bytes) -> None:
    assert of_bytes("x", data) is None


def test_a_message_that_breaks_off_is_measured_without_a_count() -> None:
    message = of_bytes("x", sample(Form.ML_3_1)[:-30])
    assert isinstance(message, Message)
    assert message.names is None


def test_what_is_measured_of_a_published_specimen_is_what_the_reader_says() -> None:
    data = (DATA / "ESTAT_NAMA_10_GDP-ss.xml").read_bytes()
    message = of_bytes("specimen", sample(Form.ML_2_1))
    assert isinstance(message, Message)
    assert isinstance(of_bytes("data", data), Other)
    ours = look(message)
    assert ours.names == message.names
    assert [ours.forms[form].artefacts for form in FORMS] == [len(read_structures(message.data))] * len(FORMS)
    assert Measured(message, ours).faults == []
    assert "| sdmx-ml-2.1 | 1 | 1 | 1 | 1 |" in report([Measured(message, ours)], [])


def test_a_reader_that_holds_an_artefact_as_another_class_has_read_it() -> None:
    counted = Names({("ValueList", "V"): 1, ("HierarchicalCodelist", "H"): 1, ("Codelist", "C"): 2})
    read = Names({("Codelist", "V"): 1, ("Hierarchy", "H1"): 1, ("Codelist", "C"): 1})
    assert Found(read).missing(counted) == {("Codelist", "C"): 1}


def test_every_repository_of_the_corpus_is_named_with_its_commit() -> None:
    repositories = tomllib.loads((BENCHMARKS / "corpus.toml").read_text("utf-8"))["repository"]
    assert {len(each["commit"]) for each in repositories} == {40}
    commands = obtaining(Path("corpus")).splitlines()
    assert len(commands) == 1 + 2 * len(repositories)
    assert all(each["url"].startswith("https://github.com/") for each in repositories)

"""The commands about mapping modules: what a person starts, checks and explains, and what an editor or another office loads."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sdmx_gateway import cli
from sdmx_gateway.gateway import Gateway

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(national: Gateway, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """A command in the test's folder, on the shipped content and the released samples: its exit code and what it prints."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SDMX_GATEWAY_HOME", str(national.settings.home))

    def command(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["sdmx-gateway", "mappings", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return int(ended.value.code or 0), capsys.readouterr().out

    return command


def test_the_schema_is_written_for_editors(run: Run, tmp_path: Path) -> None:
    code, out = run("schema")
    assert (code, json.loads(out)["$schema"]) == (0, "https://json-schema.org/draft/2020-12/schema")
    assert run("schema", "-o", "mapping.schema.json")[0] == 0
    assert json.loads((tmp_path / "mapping.schema.json").read_text()) == json.loads(out)


def test_the_coverage_is_told_by_period(run: Run) -> None:
    code, out = run("coverage", "crim_gen_reg", "--json")
    told = json.loads(out)
    assert code == 0
    assert {(each["TIME_PERIOD"], each["relation"]) for each in told["coverage"]} >= {
        ("2020", "exact"),
        ("2020", "left_out"),
    }
    assert "2020" in run("coverage", "crim_gen_reg")[1]


def test_a_figure_is_walked_back_to_the_file_in_text_and_for_machines(run: Run) -> None:
    asked = ("explain", "crim_gen_reg", "--at", "A.NR.ICCS0101.FR", "--period", "2020")
    code, text = run(*asked, "--limit", "1")
    assert code == 0
    assert "codes/iccs.csv, line" in text
    assert "donnee-dep-" in text
    told = json.loads(run(*asked, "--json")[1])
    assert told["contributions"][0]["origin"]["contributions"][0]["where"]["row"]


def test_a_map_that_is_exported_can_be_imported_and_checked(run: Run, tmp_path: Path) -> None:
    assert run("export", "sdg_16_1_1", "-o", "map.xml")[0] == 0
    code, out = run("import", "unsd/again", "map.xml")
    assert code == 0
    assert "mapping.toml" in out
    assert (tmp_path / "mappings" / "unsd" / "again" / "codes" / "series.csv").exists()
    assert run("import", "unsd/again", "map.xml")[0] == 2

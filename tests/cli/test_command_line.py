"""The command line: every command teaches itself, answers machines, and ends with the code that says what happened."""

from __future__ import annotations

import gzip
import json
import pkgutil
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sdmx_gateway.cli import app, main
from sdmx_gateway.gateway import Gateway
from sdmx_gateway.settings import shipped

ROOT = Path(__file__).parents[2]
SAMPLE = shipped("mappings") / "ssmsi" / "recorded_crime_territory" / "sample"
EDITION = "donnee-dep-data.gouv-2024-geographie2024-produit-le2025-01-26.csv"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(national: Gateway, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line beside a released gateway: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SDMX_GATEWAY_HOME", str(national.settings.home))

    def command(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["sdmx-gateway", *words])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


def _commands(command: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    subcommands = getattr(command, "commands", {})
    return [p for name, each in subcommands.items() for p in _commands(each, (*path, name))] or [path]


def _all_commands() -> list[tuple[str, ...]]:
    import typer

    return _commands(typer.main.get_command(app))


def test_the_installed_command_refuses_in_words_and_not_in_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]["sdmx-gateway"]
    monkeypatch.setattr(sys, "argv", ["sdmx-gateway", "structures", "show", "NOTHING_OF_THIS_NAME"])
    with pytest.raises(SystemExit) as end:
        pkgutil.resolve_name(declared)()
    assert end.value.code == 2
    assert "NOTHING_OF_THIS_NAME" in capsys.readouterr().err


@pytest.mark.parametrize("command", _all_commands(), ids=" ".join)
def test_every_command_teaches_itself(run: Run, command: tuple[str, ...]) -> None:
    code, out, _ = run(*command, "--help")
    assert code == 0
    assert len(out.splitlines()) > 4


@pytest.mark.parametrize(
    "words",
    [
        ("release", "list"),
        ("release", "show", "CRIME_TERRITORY"),
        ("release", "diff", "CRIME_TERRITORY", "1", "2", "--by", "OFFENCE"),
        ("release", "verify"),
        ("transmit", "due"),
        ("transmit", "status"),
        ("transmit", "receipts"),
        ("structures", "list"),
        ("structures", "show", "CRIME_TERRITORY"),
        ("structures", "check"),
        ("mappings", "list"),
        ("mappings", "show", "crim_gen_reg"),
        ("mappings", "coverage", "crim_gen_reg"),
        ("mappings", "explain", "crim_gen_reg", "--at", "A.NR.ICCS0101.FR", "--period", "2020"),
        ("ledger", "verify"),
        ("ledger", "list"),
        ("doctor",),
        ("convert", "recorded_crime_territory"),
        ("validate", "crim_gen_reg"),
    ],
    ids=" ".join,
)
def test_what_people_read_machines_read_too(run: Run, words: tuple[str, ...]) -> None:
    code, text, _ = run(*words)
    assert (code, bool(text)) == (0, True)
    code, document, _ = run(*words, "--json")
    assert code == 0
    json.loads(document)


@pytest.mark.parametrize(
    ("mutate", "expected"),
    [
        (lambda b: b.replace(b'"Homicides"', b'"Meurtres"', 2), "Meurtres"),
        (lambda b: b.replace(b'"nombre"', b'"nombre";"nombre"', 1), "stands 2 times"),
        (lambda b: b.replace(b";", b","), "looks separated by ','"),
        (lambda b: b[: len(b) // 2], "truncated"),
        (lambda b: b.replace(b'"Victime";"5"', b'"Victime";"1 2O3"', 1), "1 2O3"),
        (lambda b: b.replace(b'"Victime";"5"', b'"Victime";"n.c"', 1), "n.c"),
        (lambda b: b.replace(b'"Victime";"5"', b'"Victime";"NA"', 1), "NA"),
        (lambda b: b.replace(b'"01";"84";"2016";"Homicides"', b'"20";"84";"2016";"Homicides"', 1), "20"),
    ],
    ids=["extra code", "duplicated header", "separator", "cut", "letter in number", "n.c", "NA", "Corsica as 20"],
)
def test_a_bad_file_is_told_with_its_place_and_nothing_is_written(
    run: Run, tmp_path: Path, mutate: Any, expected: str
) -> None:
    whole = gzip.decompress((SAMPLE / f"{EDITION}.gz").read_bytes())
    (tmp_path / EDITION).write_bytes(mutate(whole))
    code, out, _ = run("convert", "recorded_crime_territory", EDITION, "-o", "out.xml", "--json")
    assert code == 2
    assert not (tmp_path / "out.xml").exists()
    problems = json.loads(out)["problems"]
    assert problems
    assert all(p["where"]["file"] == EDITION for p in problems if p["code"] != "missing-column")
    assert expected in json.dumps(problems, ensure_ascii=False)


@pytest.mark.parametrize("spelling", [rb"\1\xc2\xa0\2", rb"\1,\2e+03", rb"\1 \2"], ids=["nbsp", "exponent", "space"])
def test_figures_are_read_as_french_offices_write_them(run: Run, tmp_path: Path, spelling: bytes) -> None:
    whole = gzip.decompress((SAMPLE / f"{EDITION}.gz").read_bytes())
    spelled = spelling.replace(rb"\xc2\xa0", b"\xc2\xa0")
    changed, times = re.subn(rb'(?<="Victime";")(\d)(\d{3})(?=")', spelled, whole)
    assert times > 100
    (tmp_path / EDITION).write_bytes(changed)
    assert run("convert", "recorded_crime_territory", EDITION)[0] == 0


def test_a_conversion_is_written_whole(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("convert", "recorded_crime_territory", "-o", "out.xml", "-f", "sdmx-ml-2.1")
    assert code == 0
    assert (tmp_path / "out.xml").read_bytes().endswith(b"</message:StructureSpecificData>\n")
    assert "18" in out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("convert", "no_such_module"), 2),
        (("convert", "recorded_crime_territory", "-f", "sdmx-ml-9"), 2),
        (("release", "show", "CRIME_TERRITORY", "99"), 2),
        (("release", "diff", "CRIME_TERRITORY", "1", "2", "--by", "NOTHING"), 2),
        (("transmit", "approve", "00000000"), 2),
        (("nonsense",), 2),
    ],
    ids=lambda w: " ".join(w) if isinstance(w, tuple) else str(w),
)
def test_wrong_use_ends_with_2(run: Run, words: tuple[str, ...], code: int) -> None:
    assert run(*words)[0] == code


def test_a_changed_byte_ends_verification_with_3(
    run: Run, national: Gateway, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import shutil

    home = tmp_path / "copy"
    shutil.copytree(national.settings.home, home)
    monkeypatch.setenv("SDMX_GATEWAY_HOME", str(home))
    data = home / "releases" / "ESTAT" / "CRIM_GEN_REG" / "1.0" / "1" / "data.parquet"
    data.chmod(0o644)
    data.write_bytes(data.read_bytes()[:-1] + b"x")
    code, _, err = run("release", "verify")
    assert code == 3
    assert "data.parquet" in err


def test_an_exported_structure_map_and_export_of_structures_are_xml(run: Run, tmp_path: Path) -> None:
    assert run("mappings", "export", "crim_gen_reg", "-o", "map.xml")[0] == 0
    assert run("structures", "export", "CRIME_TERRITORY", "--sdmx", "3.1", "-o", "s.xml")[0] == 0
    assert b"StructureMap" in (tmp_path / "map.xml").read_bytes()
    assert b"CL_AREA" in (tmp_path / "s.xml").read_bytes()


def test_a_report_is_a_page_or_the_ess_form(run: Run, tmp_path: Path) -> None:
    assert run("validate", "crim_gen_reg", "--report", "page.html")[0] == 0
    assert run("validate", "crim_gen_reg", "--report", "report.json")[0] == 0
    assert (tmp_path / "page.html").read_text().startswith("<!doctype html>")
    assert isinstance(json.loads((tmp_path / "report.json").read_text()), list | dict)

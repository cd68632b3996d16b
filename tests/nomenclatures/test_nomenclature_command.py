"""``structures import-offences``, and what the documents say of it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from offence_files import CHEQUE, DUEL, HEADINGS, NATINF, NOISE, WITH_ICCS, around, brought, delimited, xlsx

from sdmx_gateway.cli import main
from sdmx_gateway.cli.offences import EncodingName, LayoutName
from sdmx_gateway.nomenclatures import ENCODINGS, LAYOUTS
from sdmx_gateway.nomenclatures.grid import WORKBOOKS
from sdmx_gateway.nomenclatures.iccs import WORDS
from sdmx_gateway.nomenclatures.layouts import folded

Run = Callable[..., tuple[int, str, str]]
PAGE = (Path(__file__).parents[2] / "docs" / "structures.md").read_text("utf-8")
SECTION = PAGE[PAGE.index("## National nomenclatures of offences") : PAGE.index("## Loading, and its cache")]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``structures`` with these words in a folder of its own: exit code, standard output, standard error."""
    (tmp_path / "dsd").mkdir()
    (tmp_path / "mappings").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SDMX_GATEWAY_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("SDMX_GATEWAY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("SDMX_GATEWAY_DSD", json.dumps([str(around()), "dsd"]))
    monkeypatch.setenv("SDMX_GATEWAY_MAPPINGS", '["mappings"]')

    def command(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["sdmx-gateway", "structures", *words])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


def natinf(path: Path, *more: str) -> tuple[str, ...]:
    return ("import-offences", str(path), "--layout", "natinf", "--folder", "dsd", *more)


def test_a_list_is_imported_shown_checked_and_exported(run: Run, tmp_path: Path) -> None:
    code, out, err = run(*natinf(delimited(tmp_path, WITH_ICCS)))
    assert (code, err) == (0, "")
    assert out.startswith("✓ FR_SSMSI:CL_NATINF(1.0): 3 codes, 2 placed in the ICCS, kept in dsd/FR_SSMSI/codelists-")
    assert run("check")[0] == 0
    assert "CHEQUE INVENTE" in run("show", "CL_NATINF", "--limit", "0")[1]
    for form in ("sdmx-ml-2.1", "sdmx-ml-3.0", "sdmx-ml-3.1", "sdmx-json-1.0", "sdmx-json-2.0", "sdmx-json-2.1"):
        code, _, err = run("export", "CL_NATINF", "--format", form, "-o", f"out-{form}")
        assert code == 0, err
        assert b"900002" in (tmp_path / f"out-{form}").read_bytes()


def test_to_check_writes_nothing(run: Run, tmp_path: Path) -> None:
    code, out, _ = run(*natinf(delimited(tmp_path, NATINF), "--check"))
    assert code == 0
    assert "3 codes, 0 placed in the ICCS, would be kept" in out
    assert not list((tmp_path / "dsd").iterdir())


def test_what_changed_is_told_to_people_and_to_machines(run: Run, tmp_path: Path) -> None:
    run(*natinf(delimited(tmp_path, NATINF)))
    path = xlsx(tmp_path, {"Liste": [HEADINGS, CHEQUE, (*DUEL[:2], "DUEL RENOMME", *DUEL[3:])]})
    said = json.loads(run(*natinf(path, "--check", "--json"))[1])
    assert (said["outcome"], said["codelist"].rpartition(":")[2], said["level"]) == (
        "changed",
        "CL_NATINF(2.0)",
        "MAJOR",
    )
    assert [(change["action"], change["where"]) for change in said["changes"]] == [
        ("removed", NOISE[0]),
        ("renamed", DUEL[0]),
    ]
    out = run(*natinf(path))[1]
    assert "since FR_SSMSI:CL_NATINF(1.0), a MAJOR change:" in out
    assert f"code {NOISE[0]} removed" in out
    assert run(*natinf(path))[1].startswith("✓ unchanged: FR_SSMSI:CL_NATINF(2.0)")
    assert run("check")[0] == 0


def test_mistakes_end_with_2_and_leave_the_folder_as_it_was(run: Run, tmp_path: Path) -> None:
    path = delimited(tmp_path, [HEADINGS, ("x", "Délit", "y", "", ""), ("900001", "Délit", "", "a", "")])
    code, _, err = run(*natinf(path))
    assert code == 2
    assert "2 problems, nothing was written." in err
    code, out, _ = run(*natinf(path, "--json"))
    assert [problem["code"] for problem in json.loads(out)["problems"]] == ["wrong-id", "missing-name"]
    assert not list((tmp_path / "dsd").iterdir())


def test_every_heading_form_and_word_is_on_the_page() -> None:
    known = f" {folded(SECTION)} "
    for layout in LAYOUTS.values():
        assert f"`{layout.id}`" in SECTION
        for form in layout.forms[:1]:
            for column in form.columns:
                assert f" {column.headings[0]} " in known, column
    assert all(f"`{ending}`" in SECTION for ending in WORKBOOKS)
    assert {"exacte", "inclus", "plus large", "partiel", "hors champ"} <= WORDS.keys()


def test_the_example_on_the_page_is_a_list(tmp_path: Path) -> None:
    example = re.search(r"A made-up list:\n\n```csv\n(.*?)```", SECTION, re.DOTALL)
    assert example is not None
    path = tmp_path / "page.csv"
    path.write_text(example[1], "utf-8")
    assert {code.id: code.parent for code in brought(path).codelist.items} == {
        "900001": "ICCS07011",
        "900002": "ICCS0101",
        "900003": None,
    }


def test_the_command_offers_every_layout_and_encoding() -> None:
    assert [*LayoutName] == [*LAYOUTS]
    assert [*EncodingName] == [*ENCODINGS]


def test_a_version_that_is_none_is_refused_before_anything_is_written(run: Run, tmp_path: Path) -> None:
    code, _, err = run(*natinf(delimited(tmp_path, NATINF), "--version", "un"))
    assert code == 2
    assert "'un' is no version" in err
    assert not list((tmp_path / "dsd").iterdir())


def test_every_encoding_that_may_be_told_is_one_python_has() -> None:
    for name, codec in ENCODINGS.items():
        assert "Délit".encode(codec).decode(codec) == "Délit", name

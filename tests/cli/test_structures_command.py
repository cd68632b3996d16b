"""``structures``: every kind is shown, exported, imported and compared; what was published for good is guarded."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sdmx_gateway.cli import main
from sdmx_gateway.structures import Header, read_structures, write_structures
from sdmx_gateway.structures.model import (
    Artefact,
    Categorisation,
    Category,
    CategoryScheme,
    Code,
    Codelist,
    CodelistExtension,
    ConstraintAttachment,
    CubeRegion,
    DataConstraint,
    HierarchicalCode,
    Hierarchy,
    Kind,
    MappedSpace,
    MappedValue,
    MemberSelection,
    RepresentationMap,
    SelectedValue,
    Text,
    Urn,
    ValueItem,
    ValueList,
    ValueMapping,
)

Run = Callable[..., tuple[int, str, str]]
HEADER = Header(id="T", prepared=datetime(2026, 11, 24, tzinfo=UTC), sender="FR9")
AGENCY = 'id = "MADE_UP"\nname = { fr = "Inventé", en = "Made up" }\n'
AREAS = Codelist(
    agency="MADE_UP",
    id="CL_AREA",
    version="1.0.0",
    names=Text.of(fr="Territoires", en="Areas"),
    items=(
        Code(id="FR", names=Text.of(fr="France", en="France")),
        Code(id="D75", names=Text.of(fr="Paris", en="Paris"), parent="FR"),
    ),
)
NEXT = replace(AREAS, version="2.0.0", items=AREAS.items[:1])
DRAFT = Codelist(agency="MADE_UP", id="CL_DRAFT", names=Text.of(en="Draft"), items=(Code(id="A"),))
TREE = Hierarchy(
    agency="MADE_UP",
    id="H_AREA",
    names=Text.of(en="Areas"),
    codes=(
        HierarchicalCode(
            id="FR",
            code=replace(AREAS.urn, item="FR"),
            codes=(HierarchicalCode(id="D75", code=replace(AREAS.urn, item="D75")),),
        ),
    ),
)
THEMES = CategoryScheme(
    agency="MADE_UP",
    id="THEMES",
    names=Text.of(en="Themes"),
    categories=(Category(id="A", names=Text.of(en="All"), categories=(Category(id="B", names=Text.of(en="Below")),)),),
)
PLACED = Categorisation(
    agency="MADE_UP", id="PLACED", names=Text.of(en="P"), source=AREAS.urn, target=replace(THEMES.urn, item="A.B")
)
ALLOWED = DataConstraint(
    agency="MADE_UP",
    id="CC",
    names=Text.of(en="Allowed"),
    attachment=ConstraintAttachment(artefacts=(Urn(Kind.DATAFLOW, "ELSEWHERE", "F", "1.0"),)),
    regions=(
        CubeRegion(keys=(MemberSelection(component="AREA", values=(SelectedValue("FR"), SelectedValue("D75"))),)),
    ),
)
TABLE = RepresentationMap(
    agency="MADE_UP",
    id="RM",
    names=Text.of(en="Map"),
    sources=(MappedSpace(codelist=AREAS.urn),),
    targets=(MappedSpace(codelist=AREAS.urn),),
    mappings=tuple(ValueMapping(sources=(MappedValue(code),), targets=("FR",)) for code in ("FR", "D75")),
)
SIGNS = ValueList(agency="MADE_UP", id="VL", names=Text.of(en="Signs"), items=(ValueItem(id="€"),))
HELD: tuple[Artefact, ...] = (AREAS, NEXT, DRAFT, TREE, THEMES, PLACED, ALLOWED, TABLE, SIGNS)


def message(*artefacts: Artefact, form: str = "sdmx-ml-3.0") -> bytes:
    return write_structures(artefacts, form, HEADER)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dsd folder of an agency that publishes a few structures, with nothing else around it."""
    agency = tmp_path / "dsd" / "MADE_UP"
    (agency / "foreign").mkdir(parents=True)
    (agency / "agency.toml").write_text(AGENCY)
    (agency / "foreign" / "held.xml").write_bytes(message(*HELD))
    (tmp_path / "mappings").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SDMX_GATEWAY_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("SDMX_GATEWAY_DSD", json.dumps([str(tmp_path / "dsd")]))
    monkeypatch.setenv("SDMX_GATEWAY_MAPPINGS", json.dumps([str(tmp_path / "mappings")]))
    return tmp_path / "dsd"


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``structures`` with these words: exit code, standard output, standard error."""

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


def test_every_kind_is_listed(run: Run) -> None:
    code, out, _ = run("list", "--json")
    assert code == 0
    assert {entry["kind"] for entry in json.loads(out)} >= {artefact.KIND.value for artefact in HELD}
    assert [line.split()[1] for line in run("list", "--kind", "valuelist")[1].splitlines()[1:]] == ["MADE_UP:VL(1.0)"]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("H_AREA", ["FR  France", "  D75  Paris"]),
        ("THEMES", ["A  All", "  B  Below", "A.B ← Codelist MADE_UP:CL_AREA(1.0.0)"]),
        ("CC", ["  says what is allowed in ELSEWHERE:F(1.0)", "only where", "AREA is FR, D75"]),
        ("RM", ["source  target", "FR      FR", "D75     FR"]),
        ("ValueList=MADE_UP:VL(1.0)", ["€"]),
        ("CL_AREA(1+.0.0)", ["FR"]),
        ("PLACED", ["  category: MADE_UP:THEMES(1.0).A.B"]),
        (str(AREAS.urn), ["D75  FR      Paris   Paris"]),
    ],
)
def test_each_kind_is_shown_as_what_it_is(run: Run, name: str, lines: list[str]) -> None:
    code, out, _ = run("show", name)
    assert code == 0
    shown = [line.rstrip() for line in out.splitlines()]
    for line in lines:
        assert any(text.startswith(line) for text in shown), out
    assert json.loads(run("show", name, "--json")[1])


def test_a_long_list_is_cut_and_says_how_to_see_the_rest(run: Run) -> None:
    assert "… and 1 more: --limit 0 prints all" in run("show", "CL_AREA(1.0.0)", "--limit", "1")[1]
    assert "more" not in run("show", "CL_AREA(1.0.0)", "--limit", "0")[1]


@pytest.mark.parametrize("name", ["NOWHERE", "Hierarchy=CL_AREA", "nonsense=CL_AREA", "a:b:c(", "CL_AREA(3.0.0)"])
def test_what_is_not_held_ends_with_2_and_says_what_to_do(run: Run, name: str) -> None:
    code, _, err = run("show", name)
    assert code == 2
    assert "→" in err


@pytest.mark.parametrize(
    "form", ["sdmx-ml-2.1", "sdmx-ml-3.0", "sdmx-ml-3.1", "sdmx-json-1.0", "sdmx-json-2.0", "sdmx-json-2.1"]
)
def test_an_artefact_is_exported_with_what_it_refers_to_in_every_format(run: Run, tmp_path: Path, form: str) -> None:
    assert run("export", "H_AREA", "--format", form, "-o", "out")[0] == 0
    assert {a.id for a in read_structures((tmp_path / "out").read_bytes())} == {"H_AREA", "CL_AREA"}


def test_the_version_alone_is_sdmx_ml_and_both_are_refused(run: Run, tmp_path: Path) -> None:
    assert run("export", "CL_DRAFT", "--sdmx", "3.1", "-o", "out")[0] == 0
    assert b"v3_1" in (tmp_path / "out").read_bytes()
    assert run("export", "CL_DRAFT", "--sdmx", "3.1", "--format", "sdmx-ml-3.1")[0] == 2


def test_what_a_format_cannot_say_is_left_out_and_named_or_all_is_refused_by_wish(run: Run, tmp_path: Path) -> None:
    code, _, err = run("export", "--sdmx", "2.1", "-o", "out", "--strict")
    assert code == 2
    assert not (tmp_path / "out").exists()
    assert "MADE_UP:VL(1.0): sdmx-ml-2.1 has no ValueList" in err
    code, out, err = run("export", "--sdmx", "2.1", "-o", "out")
    assert (code, out) == (0, "")
    assert "ValueList MADE_UP:VL(1.0): sdmx-ml-2.1 has no ValueList" in err
    assert "VL" not in {a.id for a in read_structures((tmp_path / "out").read_bytes())}


def test_what_was_asked_for_by_name_is_never_left_out(run: Run, tmp_path: Path) -> None:
    code, _, err = run("export", "VL", "--sdmx", "2.1", "-o", "out")
    assert code == 2
    assert "sdmx-ml-2.1 cannot say MADE_UP:VL(1.0)" in err
    assert "→ name a format of the generation it is of" in err
    assert not (tmp_path / "out").exists()


def test_what_became_of_each_artefact_is_told_to_people_and_to_machines(run: Run) -> None:
    _, _, err = run("export", "--sdmx", "2.1", "-o", "out")
    assert "✓ 9 artefacts in out, sdmx-ml-2.1" in err
    assert "   1 × DataConstraint becomes ContentConstraint  [MADE_UP:CC(1.0)]" in err
    code, out, err = run("export", "--sdmx", "2.1", "-o", "out", "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert (told["format"], told["file"], told["artefacts"]) == ("sdmx-ml-2.1", "out", 9)
    assert told["not_said"] == []
    urn = "urn:sdmx:org.sdmx.infomodel.codelist.ValueList=MADE_UP:VL(1.0)"
    assert told["left_out"] == [{"artefact": urn, "why": "sdmx-ml-2.1 has no ValueList"}]
    assert {"DataConstraint", "Hierarchy", "RepresentationMap"} <= {e["what"].split()[0] for e in told["translated"]}


def test_the_message_has_standard_output_for_itself(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "argv", ["sdmx-gateway", "structures", "export", "CL_DRAFT", "--json"])
    with pytest.raises(SystemExit):
        main()
    captured = capfdbinary.readouterr()
    assert [a.id for a in read_structures(captured.out)] == ["CL_DRAFT"]
    assert json.loads(captured.err)["file"] is None


def test_a_json_file_is_sdmx_json_unless_another_format_is_named(run: Run, tmp_path: Path) -> None:
    assert run("export", "-o", "all.json")[0] == 0
    assert json.loads((tmp_path / "all.json").read_text())["data"]["valueLists"]
    assert run("export", "--sdmx", "3.1", "-o", "all.json")[0] == 0
    assert b"v3_1" in (tmp_path / "all.json").read_bytes()


def test_all_of_an_agency_is_exported_by_its_name(run: Run, tmp_path: Path) -> None:
    assert run("export", "MADE_UP:*", "-o", "out")[0] == 0
    found = {a.urn.short for a in read_structures((tmp_path / "out").read_bytes())}
    assert "MADE_UP:CL_AREA(2.0.0)" in found
    assert "MADE_UP:CL_AREA(1.0.0)" in found  # older, and referred to


EXTENDING = Codelist(
    agency="MADE_UP",
    id="CL_MORE",
    names=Text.of(en="More"),
    items=(Code(id="X"),),
    extensions=(CodelistExtension(codelist=AREAS.urn),),
)


@pytest.mark.parametrize("words", [("--sdmx", "3.0", "--whole-lists"), ("--sdmx", "2.1")])
def test_lists_that_extend_others_have_all_their_codes_where_that_is_wanted(
    run: Run, folder: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (folder / "MADE_UP" / "foreign" / "held.xml").write_bytes(message(*HELD, EXTENDING))
    code, _, err = run("export", "CL_MORE", *words, "-o", "out")
    assert code == 0
    found = {a.id: a for a in read_structures((tmp_path / "out").read_bytes())}
    assert [item.id for item in found["CL_MORE"].items] == ["FR", "D75", "X"]  # type: ignore[attr-defined]
    assert "are among its own  [MADE_UP:CL_MORE(1.0)]" in err


FOREIGN = Codelist(agency="OTHER", id="CL_X", version="1.0.0", names=Text.of(en="X"), items=(Code(id="A"),))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.xml", message(FOREIGN)),
        ("x.xml.gz", gzip.compress(message(FOREIGN))),
        ("x.json", message(FOREIGN, form="sdmx-json-2.0")),
        ("x.json.gz", gzip.compress(message(FOREIGN, form="sdmx-json-2.1"))),
        ("old.json", message(FOREIGN, form="sdmx-json-1.0")),
    ],
)
def test_a_message_of_any_format_is_kept_and_held_from_then_on(
    run: Run, folder: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    (folder / "OTHER").mkdir()
    (folder / "OTHER" / "agency.toml").write_text(AGENCY.replace("MADE_UP", "OTHER"))
    code, out, err = run("import", name, "--folder", str(folder))
    assert (code, err) == (0, "")
    assert "1 artefacts kept" in out
    assert run("show", "OTHER:CL_X(1.0.0)")[0] == 0


def test_another_content_under_a_stable_name_is_not_imported_and_the_version_it_needs_is_told(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "held.xml").write_bytes(message(replace(AREAS, items=(*AREAS.items, Code(id="X")))))
    code, _, err = run("import", "held.xml", "--folder", str(folder))
    assert code == 2
    assert "code X added" in err
    assert "give the change version 1.1.0 (MINOR: code X added)" in err
    assert AREAS in read_structures((folder / "MADE_UP" / "foreign" / "held.xml").read_bytes())


def test_a_draft_may_come_again_in_the_file_it_was_in_and_in_no_other(run: Run, folder: Path, tmp_path: Path) -> None:
    changed = replace(DRAFT, items=(Code(id="B"),))
    (tmp_path / "held.xml").write_bytes(message(*(changed if a is DRAFT else a for a in HELD)))
    (tmp_path / "other.xml").write_bytes(message(changed))
    assert run("import", "other.xml", "--folder", str(folder))[0] == 2
    assert run("import", "held.xml", "--folder", str(folder))[0] == 0


def test_two_versions_that_are_held_are_compared_in_words(run: Run) -> None:
    code, out, _ = run("diff", "CL_AREA(1.0.0)", "2.0.0")
    assert code == 0
    assert out.splitlines() == [
        "~ Codelist MADE_UP:CL_AREA(1.0.0) → 2.0.0  MAJOR: 2.0.0 after 1.0.0",
        "    MAJOR  code D75 removed",
    ]
    assert "code D75 retiré" in run("diff", "CL_AREA(1.0.0)", "CL_AREA(2.0.0)", "--lang", "fr")[1]
    (difference,) = json.loads(run("diff", "CL_AREA(1.0.0)", "2.0.0", "--json")[1])
    assert (difference["level"], difference["version_wanted"]) == ("MAJOR", "2.0.0")
    assert difference["changes"][0]["where"] == "D75"


def test_files_and_folders_are_compared_artefact_by_artefact(run: Run, tmp_path: Path) -> None:
    (tmp_path / "old.json").write_bytes(message(*(a for a in HELD if a is not SIGNS), FOREIGN, form="sdmx-json-2.0"))
    code, out, _ = run("diff", "old.json", "dsd/MADE_UP/foreign")
    assert code == 0
    assert out.splitlines() == ["+ ValueList MADE_UP:VL(1.0)", "- Codelist OTHER:CL_X(1.0.0)"]
    assert "no difference" in run("diff", "dsd/MADE_UP/foreign", "dsd/MADE_UP/foreign/held.xml")[1]
    assert "AgencyScheme" in run("diff", "dsd/MADE_UP/foreign", "dsd")[1]


def test_a_folder_with_nothing_in_it_is_not_compared(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run("diff", "empty", "dsd")[0] == 2


def test_the_check_tells_what_does_not_hold_together(run: Run) -> None:
    code, out, _ = run("check", "--json")
    assert code == 2
    assert [problem["code"] for problem in json.loads(out)] == ["unresolved-reference"]


@pytest.mark.parametrize("form", ["sdmx-ml-3.0", "sdmx-json-2.1", "sdmx-ml-2.1"])
def test_what_was_exported_is_what_later_structures_are_held_against(
    run: Run, folder: Path, tmp_path: Path, form: str
) -> None:
    assert run("export", "--format", form, "-o", "before")[0] == 0

    def breaches() -> list[str]:
        problems = json.loads(run("check", "--since", "before", "--json")[1])
        return [p["code"] for p in problems if p["code"].endswith("-stable")]

    assert breaches() == []
    held = folder / "MADE_UP" / "foreign" / "held.xml"
    fewer = replace(AREAS, items=AREAS.items[:1])
    held.write_bytes(message(*(fewer if a is AREAS else a for a in HELD)))
    assert breaches() == ["changed-stable"]
    held.write_bytes(message(*(a for a in HELD if a is not NEXT)))
    assert breaches() == ["removed-stable"]
    assert "was published for good and is gone" in run("check", "--since", "before")[1]


def test_a_folder_of_before_is_held_against_too(run: Run, folder: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(folder, tmp_path / "yesterday")
    held = folder / "MADE_UP" / "foreign" / "held.xml"
    held.write_bytes(message(*HELD, replace(AREAS, version="1.0.1", items=AREAS.items[:1])))
    problems = json.loads(run("check", "--since", "yesterday", "--json")[1])
    assert [p["code"] for p in problems][1:] == ["understated-version"]

"""Constraints as they are authored: on flows, structures and agreements, told against the structure they are about."""

from __future__ import annotations

from pathlib import Path

import pytest
from authored_folders import loaded, told, with_files

from sdmx_gateway.structures import Kind, Urn, load_catalogue, load_folder
from sdmx_gateway.structures.model import (
    Boundary,
    Cascade,
    ConstraintAttachment,
    CubeRegion,
    DataConstraint,
    Dataflow,
    MemberSelection,
    ReleaseCalendar,
    Role,
    SelectedValue,
    TimeRange,
)

HEAD = '[[data_constraint]]\nid = "CC"\nname = { en = "What there may be" }\n'
FLOW = 'dataflow = "MADE_UP:CRIME(1.0)"\n'
INCLUDE = '\n[data_constraint.include]\nSEX = ["F", "_%"]\n'


def constraint(*lines: str, head: str = HEAD) -> dict[str, str | None]:
    return {"constraints.toml": head + "".join(lines)}


def the_region(folder: Path, line: str) -> CubeRegion:
    (region,) = loaded(folder, constraint(FLOW, f"\n[data_constraint.include]\n{line}\n"), DataConstraint).regions
    return region


def test_a_constraint_names_what_is_allowed_and_what_is_not(tmp_path: Path) -> None:
    more = '[data_constraint.exclude]\nSEX = [{ code = "_T", cascade = "excluderoot" }]\nNOTE = ["X"]\n'
    found = loaded(tmp_path, constraint(FLOW, INCLUDE, more), DataConstraint)
    assert found.role is Role.ALLOWED
    assert found.attachment == ConstraintAttachment(artefacts=(Urn(Kind.DATAFLOW, "MADE_UP", "CRIME"),))
    included = MemberSelection(component="SEX", values=(SelectedValue("F"), SelectedValue("_%")))
    below = MemberSelection(component="SEX", values=(SelectedValue("_T", Cascade.EXCLUDE_ROOT),))
    note = MemberSelection(component="NOTE", values=(SelectedValue("X"),))
    assert found.regions == (
        CubeRegion(keys=(included,)),
        CubeRegion(is_included=False, keys=(below,), components=(note,)),
    )


def test_a_constraint_narrows_the_codes_of_its_flow(tmp_path: Path) -> None:
    held = load_catalogue([with_files(tmp_path, constraint(FLOW, INCLUDE.replace(', "_%"', "")))])
    (flow,) = (each for each in held if isinstance(each, Dataflow))
    assert list(held.lists_of(flow)["SEX"].by_id) == ["F"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ('from = "2008", to = "2020"', TimeRange(start=Boundary("2008"), end=Boundary("2020"))),
        ('after = "2008", to = "2020"', TimeRange(start=Boundary("2008", is_inclusive=False), end=Boundary("2020"))),
        ('from = "2008"', TimeRange(after=Boundary("2008"))),
        ('before = "2020"', TimeRange(before=Boundary("2020", is_inclusive=False))),
    ],
)
def test_time_is_a_range(tmp_path: Path, words: str, expected: TimeRange) -> None:
    region = the_region(tmp_path, f"TIME_PERIOD = {{ {words} }}")
    assert region.keys == (MemberSelection(component="TIME_PERIOD", time_range=expected),)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ('structure = "MADE_UP:CRIME(1.0)"\n', Kind.DATA_STRUCTURE),
        ('provision_agreement = ["MADE_UP:PA(1.0)"]\n', Kind.PROVISION_AGREEMENT),
    ],
)
def test_a_constraint_may_be_of_a_structure_or_of_agreements(tmp_path: Path, line: str, kind: Kind) -> None:
    files = {
        **constraint(
            line, 'role = "actual"\ncalendar = { periodicity = "P1Y", offset = "P9M", tolerance = "P1M" }\n', INCLUDE
        ),
        "organisations.toml": '[[data_provider]]\nid = "FR9"\nname = { en = "F" }\n',
        "agreements.toml": '[[provision_agreement]]\nid = "PA"\nname = { en = "P" }\n'
        'dataflow = "MADE_UP:CRIME(1.0)"\nprovider = "MADE_UP:DATA_PROVIDERS(1.0).FR9"\n',
    }
    found = loaded(tmp_path, files, DataConstraint)
    assert found.attachment is not None
    assert [urn.kind for urn in found.attachment.artefacts] == [kind]
    assert found.role is Role.ACTUAL
    assert found.calendar == ReleaseCalendar(periodicity="P1Y", offset="P9M", tolerance="P1M")


def test_what_is_defined_in_another_folder_is_not_judged(tmp_path: Path) -> None:
    folder = with_files(tmp_path, constraint('dataflow = "OTHER:FLOW(1.0)"\n', INCLUDE.replace("SEX", "GEO")))
    (found,) = (each for each in load_folder(folder) if isinstance(each, DataConstraint))
    assert found.regions[0].keys[0].component == "GEO"


@pytest.mark.parametrize(
    ("lines", "code", "row", "remedy"),
    [
        ((INCLUDE,), "missing-word", 1, "known: dataflow, structure, provision_agreement"),
        ((FLOW, 'structure = "MADE_UP:CRIME(1.0)"\n', INCLUDE), "wrong-value", 5, "keep one of them"),
        ((FLOW.replace("CRIME", "CRIMES"), INCLUDE), "unresolved-reference", 4, "did you mean 'MADE_UP:CRIME(1.0)'?"),
        ((FLOW.replace("MADE_UP:", ""), INCLUDE), "wrong-value", 4, ""),
        ((FLOW, INCLUDE.replace("SEX", "SEXE")), "unresolved-reference", 7, "did you mean 'SEX'?"),
        ((FLOW, INCLUDE.replace('"F"', '"FF"')), "unresolved-reference", 7, "did you mean 'F'?"),
        ((FLOW, INCLUDE.replace("_%", "X%")), "unresolved-reference", 7, "known: _T, F"),
        ((FLOW, INCLUDE.replace("_%", "_*")), "wrong-value", 7, "write '_%'"),
        ((FLOW, INCLUDE.replace('["F", "_%"]', '"F"')), "wrong-value", 7, ""),
        ((FLOW, INCLUDE.replace("include", "includes")), "unknown-word", 6, "did you mean 'include'?"),
        ((FLOW, INCLUDE.replace('SEX = ["F", "_%"]', "TIME_PERIOD = { form = '2008' }")), "unknown-word", 7, "did you mean 'from'?"),
        ((FLOW, INCLUDE.replace('SEX = ["F", "_%"]', "TIME_PERIOD = {}")), "wrong-value", 7, ""),
        ((FLOW, INCLUDE.replace('SEX = ["F", "_%"]', "TIME_PERIOD = { from = '1', after = '1' }")), "wrong-value", 7, "keep one of them"),
        ((FLOW, 'include = ["SEX"]\n'), "wrong-value", 5, ""),
        ((FLOW, 'role = "permitted"\n', INCLUDE), "unknown-word", 5, "known: allowed, actual"),
        ((FLOW, 'calendar = { periodicity = "P1Y" }\n', INCLUDE), "missing-word", 5, ""),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_row(tmp_path: Path, lines: tuple[str, ...], code: str, row: int, remedy: str) -> None:
    found = told(tmp_path, constraint(*lines))
    assert (code, "constraints.toml", row, remedy) in found


def test_rows_are_those_of_the_constraint_meant(tmp_path: Path) -> None:
    first = constraint(FLOW)["constraints.toml"]
    assert first is not None
    files = constraint(FLOW, INCLUDE.replace("F", "G"), head=first + HEAD.replace("CC", "CD"))
    assert told(tmp_path, files) == [("unresolved-reference", "constraints.toml", 11, "known: _T, F")]

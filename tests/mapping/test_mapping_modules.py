"""A mistake in a module is told with its place and the nearest right word, before any file is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from made_up_module import HEADER, ROWS

from sdmx_gateway.errors import GatewayError, MappingError, SourceRejected
from sdmx_gateway.mapping import Module, check_module, find_modules, load_module, module_named, propose_module
from sdmx_gateway.settings import shipped
from sdmx_gateway.structures import Catalogue

SHIPPED = find_modules([shipped("mappings")])


def test_an_unknown_word_is_refused_with_the_nearest(made: Callable[..., Module]) -> None:
    with pytest.raises(SourceRejected, match="did you mean 'constant'"):
        made(change=('{ constant = "A" }', '{ constnat = "A" }'))


def test_a_rule_that_says_two_things_is_refused(made: Callable[..., Module]) -> None:
    with pytest.raises(SourceRejected, match="exactly one of"):
        made(change=('{ constant = "A" }', '{ constant = "A", from = "year" }'))


def test_a_column_no_source_declares_is_refused_with_the_nearest(made: Callable[..., Module]) -> None:
    with pytest.raises(SourceRejected, match="did you mean 'indicator'"):
        made(change=('OFFENCE = { from = "indicator"', 'OFFENCE = { from = "indicater"'))


def test_what_is_no_toml_is_refused_with_its_line(made: Callable[..., Module]) -> None:
    with pytest.raises(MappingError, match="line"):
        made("= nothing")


def test_a_selection_without_a_reason_is_refused(made: Callable[..., Module]) -> None:
    with pytest.raises(SourceRejected, match="because"):
        made('[[source]]\ndataflow = "MADE_UP:CRIME(1.0)"\nwhere = { REF_AREA = ["D*"] }\n')


def test_a_target_code_that_does_not_exist_is_told_before_any_file_is_read(
    made: Callable[..., Module], structures: Catalogue
) -> None:
    assert check_module(made(), structures) == ()
    module = made(offences="source,target,relation,note\nHomicides,HOMICIDE,exact,\n")
    (problem,) = check_module(module, structures)
    assert (problem.code, problem.value) == ("unknown-target-code", "HOMICIDE")
    assert "HOMICIDES" in problem.remedy


def test_a_change_of_any_table_changes_the_digest(made: Callable[..., Module]) -> None:
    before = made().digest
    assert made().digest == before
    assert made(status="OFFENCE,target\n,A\n").digest != before


def test_a_module_is_called_by_its_short_name_and_a_wrong_name_gets_the_nearest() -> None:
    assert module_named("recorded_crime_territory", SHIPPED).name == "ssmsi/recorded_crime_territory"
    with pytest.raises(MappingError, match="recorded_crime_territory"):
        module_named("recorded_crime_teritory", SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_module_fits_the_shipped_structures(name: str, catalogue: Catalogue) -> None:
    module = load_module(SHIPPED[name])
    assert check_module(module, catalogue) == ()
    assert (module.folder / "README.md").exists()
    assert module.samples or module.spec.flows


def test_a_started_module_is_refused_until_a_person_has_finished_it(tmp_path: Path, structures: Catalogue) -> None:
    file = tmp_path / "unknown.csv"
    file.write_text("\n".join((HEADER, *ROWS)).replace("01;", "D01;").replace("03;", "D03;").replace("2A;", "D99;"))
    flows = [a for a in structures.find(id="CRIME") if a.KIND.value == "Dataflow"]
    written = propose_module(tmp_path / "made_up" / "started", file, flows[0], structures)
    assert {path.name for path in written} >= {"mapping.toml", "offence.csv"}
    assert "Homicides,HOMICIDES,exact," in (tmp_path / "made_up/started/codes/offence.csv").read_text()
    with pytest.raises(GatewayError):
        load_module(tmp_path / "made_up" / "started")
    with pytest.raises(MappingError, match="already"):
        propose_module(tmp_path / "made_up" / "started", file, flows[0], structures)

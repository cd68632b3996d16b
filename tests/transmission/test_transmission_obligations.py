from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from transmission_world import DECLARED, obligation

from sdmx_gateway.errors import ObligationsRejected, Problem
from sdmx_gateway.settings import shipped
from sdmx_gateway.transmission import Frequency, load_obligations
from sdmx_gateway.transmission.obligation_files import FILE_NAME

RIGHT = """\
[[obligation]]
id = "ESTAT_CRIM_GEN_REG"
name = { fr = "Infractions", en = "Offences" }
recipient = "ESTAT"
dataflow = "ESTAT:CRIM_GEN_REG(1.0)"
frequency = "A"
first_period = "2024"
deadline = { months = 10, days = 0 }
legal_basis = "none: made up for the tests"
status = "made up for the tests"
content = "period"
dataset = "CRIM_GENREG_A"
country = "FR"
format = "sdmx-ml-2.1"
channel = "outbox"
"""


def write(folder: Path, text: str, module: str = "estat/crim") -> Path:
    path = folder / module / FILE_NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def problems_of(folder: Path, text: str) -> tuple[Problem, ...]:
    write(folder, text)
    with pytest.raises(ObligationsRejected) as caught:
        load_obligations([folder])
    return caught.value.problems


def test_the_shipped_obligations_load_and_their_files_are_named() -> None:
    obligations = load_obligations([shipped("mappings")])
    names = {each.id: each.occurrence(each.first_period) for each in obligations.values()}
    assert names.items() >= {
        ("ESTAT_CRIM_GEN_REG", "CRIM_GENREG_A_FR_2024_0000.xml"),
        ("ESTAT_MIGR_ASYAPPCTZA", "MIGR_ASYACTZ_A_FR_2022_0000.xml"),
        ("UNODC_CTS_VIOLENT_CRIME", "CTS_VIOLENT_A_FR_2022_0000.csv"),
        ("UNSD_SDG_16_1_1", "SDG_160101_A_FR_2024_0000.xml"),
    }


def test_the_shipped_obligations_say_how_sure_they_are() -> None:
    for each in load_obligations([shipped("mappings")]).values():
        assert "from memory" in each.status
        assert each.dataset_status.startswith("ours")


def test_obligations_are_read_from_every_folder(tmp_path: Path) -> None:
    write(tmp_path / "one", RIGHT)
    write(tmp_path / "two", RIGHT.replace("GEN_REG", "OTHER").replace("GENREG", "OTHER"))
    assert list(load_obligations([tmp_path / "one", tmp_path / "two"])) == ["ESTAT_CRIM_GEN_REG", "ESTAT_CRIM_OTHER"]


def test_a_folder_without_obligations_owes_nothing(tmp_path: Path) -> None:
    assert load_obligations([tmp_path]) == {}


@pytest.mark.parametrize(
    ("old", "new", "code", "row", "what", "remedy"),
    [
        ("recipient =", "recipent =", "unknown-word", 4, "'recipent' is not a word", "did you mean recipient?"),
        ("months = 10", "month = 10", "unknown-word", 8, "'deadline.month' is not", "did you mean months?"),
        ('content = "period"', 'content = "periods"', "wrong-obligation", 11, "content", "did you mean period?"),
        ("sdmx-ml-2.1", "sdmxml-2.1", "wrong-obligation", 14, "not a format that is sent", "did you mean sdmx-ml-2.1?"),
        ('"A"', '"X"', "wrong-obligation", 6, "frequency", ""),
        ('"2024"', '"2024-Q1"', "wrong-obligation", 7, "is not a year", ""),
        ('"2024"', "2024", "wrong-obligation", 7, "first_period", ""),
        ("CRIM_GENREG_A", "CRIM_GEN_REG_A", "wrong-obligation", 12, "it has 4 parts", ""),
        ("CRIM_GENREG_A", "CRIM_GENREG_M", "wrong-obligation", 1, "is not of frequency A", ""),
        ('"FR"', '"France"', "wrong-obligation", 13, "two capital letters", ""),
        ("ESTAT:CRIM_GEN_REG(1.0)", "CRIM_GEN_REG", "wrong-obligation", 5, "AGENCY:ID(VERSION)", ""),
        ("months = 10", "months = -1", "wrong-obligation", 8, "greater than or equal to 0", ""),
        ("months = 10", "months = 61", "wrong-obligation", 8, "less than or equal to 60", ""),
        ("days = 0", "days = 367", "wrong-obligation", 8, "less than or equal to 366", ""),
        ('recipient = "ESTAT"', 'recipient = "../ESTAT"', "wrong-obligation", 4, "recipient", ""),
        (', en = "Offences"', "", "wrong-obligation", 3, "no name in en", ""),
        ('channel = "outbox"\n', "", "missing-word", 1, "channel is missing", "write channel = …"),
        ("[[obligation]]", "[[obligations]]", "unknown-word", None, "'obligations' is not", "did you mean obligation?"),
    ],
)
def test_a_slip_is_refused_with_its_file_its_row_and_the_nearest_right_word(
    tmp_path: Path, old: str, new: str, code: str, row: int | None, what: str, remedy: str
) -> None:
    first = problems_of(tmp_path, RIGHT.replace(old, new, 1))[0]
    assert (first.code, first.where.row) == (code, row)
    assert what in first.what
    assert first.remedy == remedy or (remedy == "" and first.remedy == "")
    assert first.where.file == str(tmp_path / "estat/crim" / FILE_NAME)


def test_every_mistake_of_every_file_is_reported_at_once(tmp_path: Path) -> None:
    write(tmp_path, RIGHT.replace("recipient =", "recipent =").replace('"FR"', '"fr"'), "a/one")
    write(tmp_path, "[[obligation]\n", "b/two")
    write(tmp_path, "title = 'nothing'\n", "c/three")
    with pytest.raises(ObligationsRejected) as caught:
        load_obligations([tmp_path, tmp_path / "gone"])
    codes = [problem.code for problem in caught.value.problems]
    assert sorted(codes) == sorted(
        [
            *("unknown-word", "missing-word", "wrong-obligation"),
            "unreadable-obligation",
            *("unknown-word", "no-obligation"),
            "no-such-folder",
        ]
    )
    assert "7 problems" in str(caught.value)


def test_a_file_in_another_encoding_is_reported_and_not_guessed(tmp_path: Path) -> None:
    path = write(tmp_path, "")
    path.write_bytes(RIGHT.replace("Infractions", "Infractions enregistrées").encode("cp1252"))
    with pytest.raises(ObligationsRejected, match="not a TOML file"):
        load_obligations([tmp_path])


def test_two_obligations_with_one_id_or_one_file_name_are_refused(tmp_path: Path) -> None:
    write(tmp_path, RIGHT, "a/one")
    write(tmp_path, RIGHT, "b/two")
    with pytest.raises(ObligationsRejected) as caught:
        load_obligations([tmp_path])
    assert [problem.code for problem in caught.value.problems] == ["same-obligation", "same-dataset"]
    assert "a/one" in caught.value.problems[0].why


def test_the_second_obligation_of_a_file_has_its_own_rows(tmp_path: Path) -> None:
    text = RIGHT + "\n" + RIGHT.replace("CRIM_GEN_REG", "OTHER").replace('"FR"', '"F"')
    (problem,) = problems_of(tmp_path, text)
    assert (problem.where.row, problem.where.key) == (13 + 16, "ESTAT_OTHER")


@pytest.mark.parametrize("wrong", [{"surplus": 1}, {"frequency": "W"}, {"name": "text"}, {"deadline": 3}])
def test_an_obligation_cannot_exist_in_a_wrong_form(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        obligation(**wrong)


def test_an_obligation_cannot_be_changed() -> None:
    made = obligation()
    with pytest.raises(ValidationError):
        made.recipient = "UNODC"  # type: ignore[misc]
    assert made.dataflow.short == DECLARED["dataflow"]
    assert made.period("2024-A1").frequency is Frequency.ANNUAL
    assert made.name.best("fr") == "Infractions enregistrées"

"""Where a source gives a figure twice, as a count and as a rate, no slip in either passes."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from sdmx_gateway.errors import Problem, SourceRejected
from sdmx_gateway.gateway import Gateway
from sdmx_gateway.mapping import Conversion, Module
from sdmx_gateway.settings import shipped

TERRITORY = "ssmsi/recorded_crime_territory"
SAMPLE = shipped("mappings") / TERRITORY / "sample" / "donnee-dep-edition-mars-juillet2025-donnees_ssmsi_france.csv.gz"
NAME = SAMPLE.name.removesuffix(".gz")
COUNT = 5
"""Where the count stands among the columns of the sample."""


def refused(gateway: Gateway, path: Path) -> list[Problem]:
    with pytest.raises(SourceRejected) as caught:
        gateway.convert(TERRITORY, [path])
    return list(caught.value.problems)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(
    "slip",
    [lambda n: n * 1000, lambda n: n + 1, lambda n: n * 10, lambda n: max(n - 1, 0)],
    ids=["×1000", "+1", "×10", "-1"],
)
def test_one_wrong_count_among_sixteen_thousand_is_found_at_its_row(
    national: Gateway, tmp_path: Path, seed: int, slip: Callable[[int], int]
) -> None:
    lines = gzip.decompress(SAMPLE.read_bytes()).decode("utf-8").split("\n")
    chance = random.Random(seed)
    row = next(
        r
        for r in iter(lambda: chance.randrange(1, len(lines) - 1), None)
        if int(lines[r].split(";")[COUNT].strip('"')) > 0
    )
    cells = lines[row].split(";")
    cells[COUNT] = f'"{slip(int(cells[COUNT].strip(chr(34))))}"'
    lines[row] = ";".join(cells)
    (tmp_path / NAME).write_text("\n".join(lines), encoding="utf-8")
    (problem,) = refused(national, tmp_path / NAME)
    assert (problem.code, problem.where.row, problem.where.file) == ("inconsistent-rate", row + 1, NAME)


def test_a_rate_of_another_base_is_found_for_every_row(national: Gateway, tmp_path: Path) -> None:
    text = (
        gzip.decompress(SAMPLE.read_bytes())
        .decode("utf-8")
        .replace('insee_pop"', 'x"')
        .replace('insee_log"', 'insee_pop"')
    )
    (tmp_path / NAME).write_text(text.replace('x"', 'insee_log"'), encoding="utf-8")
    problems = refused(national, tmp_path / NAME)
    assert {problem.code for problem in problems} == {"inconsistent-rate"}
    assert sum(problem.rows or 0 for problem in problems) > 10_000


RATES = """rates = [{ count = "count", base = "people", rate = "rate", within = 0.01, because = "per thousand" }]
"""


def test_rows_that_lack_one_of_the_three_say_nothing(
    made: Callable[..., Module], converting: Callable[..., Conversion]
) -> None:
    columns = 'count = ["nombre"] }'
    module = made(
        change=(
            columns,
            'count = ["nombre"], people = ["pop"], rate = ["taux"] }\noptional = ["people", "rate"]\n' + RATES,
        ),
    )
    assert converting(module, "01;20;Homicides;Victime;5").dataset.frame.height == 1

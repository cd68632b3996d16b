"""A thousand seeded corruptions of real files: each is refused or told; none becomes other figures without a word."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from sdmx_gateway.errors import GatewayError
from sdmx_gateway.gateway import Gateway
from sdmx_gateway.settings import shipped
from sdmx_gateway.validation import Finding, Severity

SEEDS = 25
"""Corruptions of each kind and file: with four files and ten kinds, a thousand."""


@dataclass(frozen=True)
class Sample:
    """A real file, with what a corruption needs to know of it: where its label, its unit, its place and its figure stand."""

    module: str
    file: str
    label: int
    unit: int
    area: int
    count: int
    encoding: str = "utf-8-sig"

    @property
    def path(self) -> Path:
        return shipped("mappings") / self.module / "sample" / self.file

    @property
    def name(self) -> str:
        return self.file.removesuffix(".gz")


TERRITORY, ASYLUM = "ssmsi/recorded_crime_territory", "dsed/asylum_applications"
SAMPLES = {
    "départements 2022": Sample(
        TERRITORY, "donnee-dep-data.gouv-2022-geographie2022-produit-le2023-02-09.csv.gz", 0, 4, 2, 7
    ),
    "départements 2025": Sample(
        TERRITORY, "donnee-dep-edition-mars-juillet2025-donnees_ssmsi_france.csv.gz", 3, 4, 0, 5
    ),
    "régions 2024": Sample(
        TERRITORY, "donnee-reg-data.gouv-2023-geographie2024-produit-le2024-07-05.csv.gz", 0, 3, 2, 6
    ),
    "séries 2022": Sample("ssmsi/short_term_indicators", "DataGouv-appli-2022-06-20.csv.gz", 2, 9, 6, 0),
}
Lines = list[str]
Corruption = Callable[[Lines, Sample, random.Random], "Lines | bytes"]


def _cells(line: str) -> list[str]:
    return line.split(";")


def _any_row(lines: Lines, chance: random.Random) -> int:
    return chance.randrange(1, len(lines))


def _with(lines: Lines, row: int, column: int, change: Callable[[str], str]) -> Lines:
    cells = _cells(lines[row])
    quote = '"' if cells[column].startswith('"') else ""
    cells[column] = f"{quote}{change(cells[column].strip(chr(34)))}{quote}"
    return [*lines[:row], ";".join(cells), *lines[row + 1 :]]


def dropped_column(lines: Lines, sample: Sample, chance: random.Random) -> Lines:
    column = chance.randrange(len(_cells(lines[0])))
    return [";".join(c for i, c in enumerate(_cells(line)) if i != column) for line in lines]


def swapped_columns(lines: Lines, sample: Sample, chance: random.Random) -> Lines:
    header = _cells(lines[0])
    one, other = chance.sample(range(len(header)), 2)
    header[one], header[other] = header[other], header[one]
    return [";".join(header), *lines[1:]]


def changed_label(lines: Lines, sample: Sample, chance: random.Random) -> Lines:
    row = _any_row(lines, chance)
    said = _cells(lines[row])[sample.label].strip('"')
    place = chance.randrange(len(said))
    other = said[:place] + chance.choice("xéZ") + said[place + 1 :]
    rows = [row] if chance.random() < 0.5 else [r for r in range(1, len(lines)) if said in lines[r]]
    for each in rows:
        lines = _with(lines, each, sample.label, lambda text: other if text == said else text)
    return lines


def extra_code(lines: Lines, sample: Sample, chance: random.Random) -> Lines:
    row = _any_row(lines, chance)
    return [*lines, _with(lines, row, sample.area, lambda _: chance.choice(["99", "20", "2C", "", "FR", "00"]))[row]]


def shifted_header(lines: Lines, sample: Sample, chance: random.Random) -> Lines:
    above = chance.choice(["", "Base statistique", ";" * 10, _cells(lines[0])[0]])
    return [*[above] * chance.randint(1, 3), *lines]


def cut_file(lines: Lines, sample: Sample, chance: random.Random) -> bytes:
    data = "\n".join(lines).encode(sample.encoding)
    return data[: chance.randrange(len(data) // 2, len(data) - 3)]


def doubled_row(lines: Lines, sample: Sample, chance: random.Random) -> Lines:
    row = _any_row(lines, chance)
    return [*lines, lines[row]]


def wrong_unit(lines: Lines, sample: Sample, chance: random.Random) -> Lines:
    units = sorted({_cells(line)[sample.unit].strip('"') for line in lines[1:]})
    row = _any_row(lines, chance)
    said = _cells(lines[row])[sample.unit].strip('"')
    return _with(lines, row, sample.unit, lambda _: chance.choice([unit for unit in units if unit != said]))


def thousandfold(lines: Lines, sample: Sample, chance: random.Random) -> Lines:
    rows = [r for r in range(1, len(lines)) if _cells(lines[r])[sample.count].strip('"') not in {"0", ""}]
    return _with(lines, chance.choice(rows), sample.count, lambda text: f"{text}000")


def other_encoding(lines: Lines, sample: Sample, chance: random.Random) -> bytes:
    text = "\n".join(lines) + "\n"
    encoding = chance.choice(["cp1252", "latin-1", "utf-16", "utf-8", "mac-roman", "cp850", "utf-16-le"])
    return text.encode(encoding, errors="replace")


KINDS: tuple[Corruption, ...] = (
    dropped_column, swapped_columns, changed_label, extra_code, shifted_header,
    cut_file, doubled_row, wrong_unit, thousandfold, other_encoding,
)  # fmt: skip


@cache
def _original(name: str) -> Lines:
    sample = SAMPLES[name]
    return gzip.decompress(sample.path.read_bytes()).decode(sample.encoding).rstrip("\n").split("\n")


@pytest.fixture(scope="module")
def sound(national: Gateway) -> Callable[[str], tuple[pl.DataFrame, set[str]]]:
    """The observations of a file as it is, and what its report says."""

    @cache
    def of(name: str) -> tuple[pl.DataFrame, set[str]]:
        dataset = national.convert(SAMPLES[name].module, [SAMPLES[name].path]).dataset
        return dataset.frame, _told(national.validate(dataset).findings)

    return of


def _told(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.message for finding in findings if finding.severity is not Severity.INFO}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("name", SAMPLES)
def test_no_corruption_becomes_other_figures_without_a_word(
    national: Gateway,
    sound: Callable[[str], tuple[pl.DataFrame, set[str]]],
    tmp_path: Path,
    name: str,
    kind: Corruption,
) -> None:
    sample, (frame, before) = SAMPLES[name], sound(name)
    path = tmp_path / sample.name
    silent, outcomes = [], {"refused": 0, "told": 0, "the same": 0}
    for seed in range(SEEDS):
        made = kind(_original(name), sample, random.Random(f"{name} {kind.__name__} {seed}"))
        path.write_bytes(made if isinstance(made, bytes) else ("\n".join(made) + "\n").encode(sample.encoding))
        try:
            dataset = national.convert(sample.module, [path]).dataset
        except GatewayError:
            outcomes["refused"] += 1
            continue
        if dataset.frame.equals(frame):
            outcomes["the same"] += 1
        elif _told(national.validate(dataset).findings) - before:
            outcomes["told"] += 1
        else:
            silent.append(seed)
    assert not silent, f"{kind.__name__}: seeds {silent} pass silently"
    assert sum(outcomes.values()) == SEEDS

"""A file of millions of rows is read a part at a time, and only the columns a family declares are kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

READ = """
import resource, sys
from pathlib import Path
from sdmx_gateway.sources import SourceFamily, read_source

path, kind = Path(sys.argv[1]), sys.argv[2]
unused = [{"columns": [f"unused_{i}" for i in range(8)], "because": "not ours"}]
family = SourceFamily.model_validate({
    "family": "generated", "files": ["generated-*"], "edition": r"(?P<edition>\\\\d{4})", "format": {"kind": kind},
    "columns": {"area": ["CODGEO_2025"], "indicator": ["indicateur"], "count": ["nombre"]}, "unused": unused,
})
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
frame = read_source(path, family).frame
print(frame.height, frame["count"].cast(int).sum(), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
""".replace("\\\\", "\\")


def generated(folder: Path, rows: int) -> pl.DataFrame:
    """Rows to the layout of the communal base, all of them generated."""
    number = pl.int_range(rows, eager=True)
    return pl.DataFrame(
        {
            "CODGEO_2025": (number // 150 + 10_000).cast(pl.String),
            "indicateur": pl.Series(
                ["Violences physiques hors cadre familial", "Vols sans violence contre des personnes"]
            )[number % 2],
            "nombre": (number % 1000).cast(pl.String),
            **{f"unused_{i}": (number + i).cast(pl.String) + ",1600513844" for i in range(8)},
        }
    )


def read(path: Path, kind: str) -> tuple[int, int, int]:
    """Rows, their sum, and by how many MB reading them raised the memory of a process of its own."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    run = subprocess.run(
        [sys.executable, "-c", READ, str(path), kind], capture_output=True, text=True, env=environment, check=True
    )
    rows, total, megabytes = map(int, run.stdout.split())
    return rows, total, megabytes


@pytest.mark.parametrize("kind", ["delimited", "parquet"])
def test_memory_follows_the_columns_that_are_taken_not_the_file(tmp_path: Path, kind: str) -> None:
    rows = 500_000
    frame = generated(tmp_path, rows)
    path = tmp_path / {"delimited": "generated-2025.csv", "parquet": "generated-2025.parquet"}[kind]
    if kind == "delimited":
        frame.write_csv(path, separator=";", quote_style="always")
        assert path.stat().st_size > 100 << 20
    else:
        frame.write_parquet(path)
    height, total, megabytes = read(path, kind)
    assert (height, total) == (rows, rows // 1000 * sum(range(1000)))
    assert megabytes < 500

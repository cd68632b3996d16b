"""Parquet files give the same table as the CSV they were published beside."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
from source_files import made_up_family, refusal

from sdmx_gateway.sources import ROW, SourceFamily, read_source

FRAME = pl.DataFrame(
    {
        "dep": pl.Series(["01", "2A"], dtype=pl.Categorical),
        "annee": pl.Series([2023, 2024], dtype=pl.Int16),
        "nombre": [5.0, 1e-5],
        "est_diffuse": [True, None],
        "le": [date(2024, 8, 1), None],
        "taux": [0.1, 0.2],
    }
)


def family(**words: object) -> SourceFamily:
    columns = {"area": ["dep"], "year": ["annee"], "count": ["nombre"], "shown": ["est_diffuse"], "day": ["le"]}
    unused = [{"columns": ["taux"], "because": "rates are not ours"}]
    return made_up_family(**{"format": {"kind": "parquet"}, "columns": columns, "unused": unused} | words)


def written(folder: Path, frame: pl.DataFrame = FRAME) -> Path:
    frame.write_parquet(folder / "base-2024.parquet")
    return folder / "base-2024.parquet"


def test_what_is_typed_is_given_as_text(tmp_path: Path) -> None:
    table = read_source(written(tmp_path), family())
    assert table.frame.select(ROW, "area", "year", "count", "shown", "day").rows() == [
        (1, "01", "2023", "5.0", "true", "2024-08-01"),
        (2, "2A", "2024", "0.00001", None, None),
    ]
    assert (table.problems, table.decimal) == ((), ".")


def test_columns_are_found_by_alias_and_told_as_for_a_text(tmp_path: Path) -> None:
    other = FRAME.rename({"dep": "Code_departement"}).with_columns(insee_pop=1)
    assert [p.code for p in refusal(written(tmp_path, other), family())] == ["unknown-column"] * 2 + ["missing-column"]


def test_a_file_that_is_no_parquet_or_holds_lists_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "base-2024.parquet"
    path.write_bytes(b"dep;annee")
    assert [p.code for p in refusal(path, family())] == ["not-parquet"]
    assert [p.code for p in refusal(tmp_path / "base-2023.parquet", family())] == ["no-such-file"]
    lists = FRAME.with_columns(nombre=pl.Series([[1], [2]]))
    assert [p.code for p in refusal(written(tmp_path, lists), family())] == ["nested-column"]
    assert [p.code for p in refusal(written(tmp_path, FRAME.clear()), family())] == ["no-rows"]


def test_a_row_that_stands_again_is_told(tmp_path: Path) -> None:
    table = read_source(written(tmp_path, pl.concat([FRAME, FRAME.tail(1)])), family())
    assert [(p.code, p.where.row) for p in table.notes] == [("repeated-row", 3)]

"""JSON is read from wherever its records stand, and its numbers are taken as they are written."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import polars as pl
import pytest
from pydantic import ValidationError
from source_files import made_up_family, national, refusal

from sdmx_gateway.sources import ROW, SourceFamily, read_source


def records(path: str = "[]", **words: object) -> SourceFamily:
    return made_up_family(
        **{"format": {"kind": "json", "records": path}, "columns": {"area": ["dep"], "count": ["nombre"]}} | words
    )


def written(folder: Path, text: str) -> Path:
    path = folder / "base-2024.json"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_array_of_records_is_a_table_whose_numbers_stay_as_written(tmp_path: Path) -> None:
    path = written(
        tmp_path, '[{"dep": "01", "nombre": 5e+05}, {"nombre": 0.10, "dep": "2A"}, {"dep": "03", "nombre": null}]'
    )
    frame = read_source(path, records()).frame
    assert frame.select(ROW, "area", "count").rows() == [(1, "01", "5e+05"), (2, "2A", "0.10"), (3, "03", None)]


def test_records_are_found_by_the_way_to_them(tmp_path: Path) -> None:
    text = json.dumps({"total": 1, "data": {"year": 2024, "results": [{"dep": "01", "nombre": 5}]}})
    family = records(
        "data.results[]", columns={"area": ["dep"], "count": ["nombre"], "year": ["../year"]}, unused=UNUSED
    )
    assert read_source(written(tmp_path, text), family).frame.select("area", "count", "year").rows() == [
        ("01", "5", "2024")
    ]


UNUSED = [{"columns": ["../total"], "because": "how many records there are"}]


def test_nested_objects_are_columns_by_their_path(tmp_path: Path) -> None:
    text = json.dumps([{"dep": {"code": "01", "nom": "Ain"}, "mesure": {"faits": {"nombre": 5}}}])
    family = records(
        columns={"area": ["dep.code"], "count": ["mesure.faits.nombre"]},
        unused=[{"columns": ["dep.nom"], "because": "the code says it"}],
    )
    table = read_source(written(tmp_path, text), family)
    assert table.frame.select("area", "count").rows() == [("01", "5")]
    assert table.problems == ()


def test_an_index_is_walked_and_its_keys_are_a_column(tmp_path: Path) -> None:
    text = json.dumps(
        {
            "01001": {"annee": 2025, "indicateurs": [{"indicateur": "Homicides", "nombre": 1}]},
            "2A004": {"annee": 2025, "indicateurs": []},
            "75056": {
                "annee": 2024,
                "indicateurs": [{"indicateur": "Homicides", "nombre": 2}, {"indicateur": "Vols", "nombre": 3}],
            },
        }
    )
    columns = {"indicator": ["indicateur"], "count": ["nombre"], "year": ["../annee"]}
    frame = read_source(written(tmp_path, text), records("{commune}.indicateurs[]", columns=columns)).frame
    assert frame.select("@commune", "indicator", "count", "year").rows() == [
        ("01001", "Homicides", "1", "2025"),
        ("75056", "Homicides", "2", "2024"),
        ("75056", "Vols", "3", "2024"),
    ]


@pytest.mark.parametrize(
    ("text", "way", "code"),
    [
        ('[{"dep": "01"', "[]", "not-json"),
        ("[" * 100_000, "[]", "not-json"),
        ('[{"dep": "01", "dep": "02", "nombre": 1}]', "[]", "not-json"),
        ('{"data": []}', "data[]", "no-rows"),
        ('{"data": []}', "results[]", "no-rows"),
        ('{"data": {}}', "data[]", "no-rows"),
        ('["01", "02"]', "[]", "mixed-json"),
        ('[{"dep": "01", "nombre": 1}, {"dep": {"code": "02"}, "nombre": 1}]', "[]", "mixed-json"),
        ('[{"dep": "01", "nombre": [1]}]', "[]", "nested-column"),
    ],
    ids=[
        "cut",
        "too-deep",
        "said-twice",
        "no-record",
        "not-there",
        "no-array",
        "no-objects",
        "of-two-kinds",
        "an-array",
    ],
)
def test_what_cannot_be_read_as_records_is_told(tmp_path: Path, text: str, way: str, code: str) -> None:
    assert [p.code for p in refusal(written(tmp_path, text), records(way))] == [code]


@pytest.mark.parametrize("way", ["", "a..b", "[", "a[0]"])
def test_a_way_that_leads_nowhere_is_refused(way: str) -> None:
    with pytest.raises(ValidationError):
        records(way)


def test_columns_across_are_records_in_json_too(tmp_path: Path) -> None:
    family = records(columns={"area": ["dep"]}, unpivot={"headings": r"(?P<year>\d{4})"})
    frame = read_source(written(tmp_path, '[{"dep": "01", "2023": 5, "2024": 6}]'), family).frame
    assert frame.select("area", "@year", "value").rows() == [("01", "2023", "5"), ("01", "2024", "6")]


def test_the_index_of_the_communal_base_is_read_as_its_reuser_made_it() -> None:
    path = national("ssmsi-base-com/com-2025-geographie2025-produit-le2026-02-03.reuser-index.json.gz")
    family = records(
        "{commune}.indicateurs[]",
        columns={"year": ["../annee"], "indicator": ["indicateur"], "count": ["nombre"], "shown": ["diffuse"]},
        unused=[{"columns": ["tauxPour1000", "trend"], "because": "rates are not ours"}],
        edition=r"produit-le(?P<edition>\d{4}-\d{2}-\d{2})",
        edition_from={"maximum": "year", "says": "newest"},
    )
    table = read_source(path, family)
    assert (table.frame.height, table.edition, table.says["newest"]) == (34_920 * 15, "2026-02-03", "2025")
    original = pl.read_csv(
        national("ssmsi-base-com/com-2025-extrait-6-departements.derived.csv"), separator=";", infer_schema=False
    )
    ours = table.frame.select("@commune", "indicator", pl.col("count").fill_null("NA"))
    theirs = original.select("CODGEO_2025", "indicateur", "nombre")
    assert theirs.join(ours, left_on=theirs.columns, right_on=ours.columns, how="anti").is_empty()


def test_the_gendarmerie_sheet_of_2021_is_a_crosstab_in_json() -> None:
    path = national("etat4001/services-gn-2021-as-json.json.gz")
    family = made_up_family(
        format={"kind": "json"},
        crosstab={
            "header": "Code index",
            "rows": {"index": "Code index", "label": r"Libellé index.*"},
            "columns": {"area": "Départements", "unit": r"Libellé index.*"},
        },
        unused=[{"columns": ["__id"], "because": "the number of the record"}],
        parts=[
            {"of": "area", "pattern": r"(?P<area>[^.]+)(?:\.\d+)?", "because": "keys made different by their reader"}
        ],
    )
    frame = read_source(path, family).frame
    rows = json.loads(gzip.decompress(path.read_bytes()))
    keys = list(rows[0])[3:]
    assert frame.height == len(keys) * 107
    cell = frame.filter(pl.col("unit") == rows[0][keys[-1]], pl.col("index") == "107").row(0, named=True)
    assert (cell["value"], cell["area"], cell[ROW]) == (str(rows[-1][keys[-1]]), "988", 108)

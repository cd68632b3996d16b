"""How fast, and in how much memory, a communal base becomes a dataset, beside pandas doing the same joins.

``python benchmarks/mapping.py [--rows 5000000] [--rounds 3]``. The rows are generated, and named so: they have the layout of
SSMSI's communal base, not its figures. Each way is a process of its own from file to dataset: columns found, texts mapped through
code tables and joined to a table of communes, figures read, units guarded, keys checked to be unique, all sorted by key. Both must say
the same observations. Peak memory is the largest resident set of the process; imports and loading the structures are counted too.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "donnee-com-generated-2025.csv"
HEADER = (
    "CODGEO_2025;annee;indicateur;unite_de_compte;nombre;taux_pour_mille;est_diffuse;insee_pop;insee_pop_millesime;"
    "insee_log;insee_log_millesime;complement_info_nombre;complement_info_taux"
)
INDICATORS = {
    "Cambriolages de logement": ("BURGLARY_DWELLING", "Infraction"),
    "Destructions et dégradations volontaires": ("CRIMINAL_DAMAGE", "Infraction"),
    "Escroqueries et fraudes aux moyens de paiement": ("FRAUD", "Victime"),
    "Trafic de stupéfiants": ("DRUG_TRAFFICKING", "Mis en cause"),
    "Usage de stupéfiants": ("DRUG_USE", "Mis en cause"),
    "Violences sexuelles": ("SEXUAL_VIOLENCE", "Victime"),
    "Vols avec armes": ("ROBBERY_ARMED", "Infraction"),
    "Vols d'accessoires sur véhicules": ("THEFT_VEHICLE_PARTS", "Véhicule"),
    "Vols dans les véhicules": ("THEFT_FROM_VEHICLE", "Véhicule"),
    "Vols violents sans arme": ("ROBBERY_UNARMED", "Infraction"),
}
UNITS = {"Infraction": "OFFENCE", "Victime": "VICTIM", "Mis en cause": "SUSPECT", "Véhicule": "VEHICLE"}
YEARS = range(2016, 2026)
MODULE = """
[module]
id = "GENERATED_COMMUNES"
name = { fr = "Communes (engendré)", en = "Communes (generated)" }
target = "FR_SSMSI:CRIME_TERRITORY(1.0)"

[[source]]
family = "generated-communes"
files = ["donnee-com-generated-*.csv"]
edition = 'generated-(?P<edition>\\d{4})'
format = { kind = "delimited", separator = ";", decimal = ",", encodings = ["utf-8-sig"] }

[source.columns]
area = ["CODGEO_2025"]
year = ["annee"]
indicator = ["indicateur"]
unit = ["unite_de_compte"]
count = ["nombre"]
published = ["est_diffuse"]

[[source.unused]]
because = "not compared here"
columns = [
    "taux_pour_mille", "insee_pop", "insee_pop_millesime", "insee_log", "insee_log_millesime",
    "complement_info_nombre", "complement_info_taux",
]

[[source.join]]
table = "codes/communes.csv"
on = { area = "COM" }
take = { department = "DEP" }

[components]
FREQ = { constant = "A" }
REF_AREA = { from = "area", pattern = '(.{5})', to = "C{1}" }
OFFENCE = { from = "indicator", codes = "codes/offences.csv", ignore_case = true }
COUNT_UNIT = { from = "unit", codes = "codes/units.csv", ignore_case = true }
TIME_PERIOD = { from = "year", period = "year" }
OBS_VALUE = { from = "count", type = "integer", missing = ["NA"] }
OBS_STATUS = { lookup = "codes/status.csv", default = "A" }
CONF_STATUS = { from = "published", codes = "codes/published.csv" }
COMMENT_OBS = { from = "department" }
SOURCE_EDITION = { from = "@edition" }

[[guard]]
one = "COUNT_UNIT"
per = ["OFFENCE"]
because = "figures counted in different units are never compared or summed"
"""


def generate(folder: Path, rows: int) -> None:
    """A file of the communal base's layout, with made-up figures, and the module that reads it."""
    per_commune = len(YEARS) * len(INDICATORS)
    communes = [f"{d:02}{c:03}" for d in range(1, 96) for c in range(1, 1000)][: -(-rows // per_commune)]
    module = folder / "generated" / "communes"
    (module / "codes").mkdir(parents=True)
    (module / "mapping.toml").write_text(MODULE)
    tables = {
        "offences": [(label, code, "exact", "") for label, (code, _) in INDICATORS.items()],
        "units": [(label, code, "exact", "") for label, code in UNITS.items()],
        "published": [("diff", "F", "exact", ""), ("ndiff", "C", "exact", "")],
    }
    for name, lines in tables.items():
        with (module / "codes" / f"{name}.csv").open("w", newline="") as stream:
            csv.writer(stream).writerows([("source", "target", "relation", "note"), *lines])
    (module / "codes" / "status.csv").write_text("@missing,target\ntrue,L\n")
    (module / "codes" / "communes.csv").write_text("COM,DEP\n" + "".join(f"{c},{c[:2]}\n" for c in communes))
    left = rows
    with (folder / NAME).open("w", encoding="utf-8") as stream:
        stream.write(HEADER + "\n")
        for at, commune in enumerate(communes):
            lines = []
            for year in YEARS:
                for number, (label, (_, unit)) in enumerate(INDICATORS.items()):
                    is_secret = (at + year + number) % 2
                    count = "NA" if is_secret else str((at * 7 + year * 3 + number) % 90)
                    shown = ("NA", "ndiff") if is_secret else ("1,2345", "diff")
                    cells = (commune, year, label, unit, count, *shown, 1234, 2022, 567, 2021, "2,5", "0,4")
                    lines.append(";".join(f'"{cell}"' for cell in cells) + "\n")
            stream.writelines(lines[:left])
            left -= len(lines)


# Each way imports in its own process what it needs, so that the other does not pay for it.


def by_gateway(folder: Path) -> dict[str, int]:
    """The conversion, and what it says."""
    from sdmx_gateway.intake import source_table  # noqa: PLC0415
    from sdmx_gateway.mapping import convert, load_module  # noqa: PLC0415
    from sdmx_gateway.settings import shipped  # noqa: PLC0415
    from sdmx_gateway.structures import load_catalogue  # noqa: PLC0415

    module = load_module(folder / "generated" / "communes")
    catalogue = load_catalogue([shipped("dsd")])
    frame = convert(module, [source_table(folder / NAME, module)], catalogue).dataset.frame
    return {
        "observations": frame.height,
        "sum": int(frame["OBS_VALUE"].sum()),
        "absent": frame["OBS_VALUE"].null_count(),
        "confidential": int((frame["CONF_STATUS"] == "C").sum()),
    }


def by_pandas(folder: Path) -> dict[str, int]:
    """The same joins with pandas, as a statistician would write them."""
    import pandas as pd  # noqa: PLC0415

    module = folder / "generated" / "communes" / "codes"
    columns = ["CODGEO_2025", "annee", "indicateur", "unite_de_compte", "nombre", "est_diffuse"]
    frame = pd.read_csv(folder / NAME, sep=";", dtype=str, usecols=columns, keep_default_na=False)
    frame["row"] = range(2, len(frame) + 2)
    communes = pd.read_csv(module / "communes.csv", dtype=str)
    frame = frame.merge(communes, left_on="CODGEO_2025", right_on="COM", how="left")
    for column, table, target in (
        ("indicateur", "offences", "OFFENCE"),
        ("unite_de_compte", "units", "COUNT_UNIT"),
        ("est_diffuse", "published", "CONF_STATUS"),
    ):
        codes = pd.read_csv(module / f"{table}.csv", dtype=str, keep_default_na=False)
        codes = pd.DataFrame({"key": codes["source"].str.lower(), target: codes["target"]})
        frame["key"] = frame[column].str.strip().str.lower()
        frame = frame.merge(codes, on="key", how="left").drop(columns="key")
    if frame[["DEP", "OFFENCE", "COUNT_UNIT", "CONF_STATUS"]].isna().any().any():
        raise SystemExit("something is not mapped")
    if (frame.groupby("OFFENCE")["COUNT_UNIT"].nunique() > 1).any():
        raise SystemExit("units are mixed")
    made = pd.DataFrame(
        {
            "FREQ": "A",
            "REF_AREA": "C" + frame["CODGEO_2025"],
            "OFFENCE": frame["OFFENCE"],
            "COUNT_UNIT": frame["COUNT_UNIT"],
            "TIME_PERIOD": frame["annee"],
            "OBS_VALUE": pd.to_numeric(frame["nombre"].where(frame["nombre"] != "NA")).astype("Int64"),
            "CONF_STATUS": frame["CONF_STATUS"],
            "COMMENT_OBS": frame["DEP"],
        }
    )
    made["OBS_STATUS"] = "A"
    made.loc[made["OBS_VALUE"].isna(), "OBS_STATUS"] = "L"
    key = ["FREQ", "REF_AREA", "OFFENCE", "COUNT_UNIT", "TIME_PERIOD"]
    if made.duplicated(key).any():
        raise SystemExit("a key stands twice")
    made = made.sort_values(key, ignore_index=True)
    return {
        "observations": len(made),
        "sum": int(made["OBS_VALUE"].sum()),
        "absent": int(made["OBS_VALUE"].isna().sum()),
        "confidential": int((made["CONF_STATUS"] == "C").sum()),
    }


WAYS = {"sdmx_gateway": by_gateway, "pandas": by_pandas}


def run(way: str, folder: Path) -> tuple[float, float, float, dict[str, int]]:
    """Wall seconds, processor seconds, peak memory (GiB) and what it says, of one process."""
    start = time.perf_counter()
    command = [sys.executable, __file__, "--way", way, "--folder", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert process.stdout is not None
    said = json.loads(process.stdout.read() or "{}")
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{way} failed")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 2**20, said


def main() -> None:
    """Generate, measure each way, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5_000_000, help="generated rows")
    parser.add_argument("--rounds", type=int, default=1, help="how often each way is run; the quickest counts")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.way:
        print(json.dumps(WAYS[arguments.way](arguments.folder)))
        return
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder), arguments.rows)
        rounds = [{way: run(way, Path(folder)) for way in WAYS} for _ in range(arguments.rounds)]
    best = {way: min(each[way][:3] for each in rounds) for way in WAYS}
    said = [each[way][3] for each in rounds for way in WAYS]
    if any(one != said[0] for one in said):
        raise SystemExit(f"the ways say different observations: {said}")
    print(f"{said[0]['observations']:,} generated observations, the same by both; {os.cpu_count()} cores\n")
    print(
        "| way | wall s | processor s | peak GiB | times ours, processor | times ours, memory |\n|---|---|---|---|---|---|"
    )
    ours = best["sdmx_gateway"]
    for way, (wall, processor, memory) in best.items():
        print(
            f"| {way} | {wall:.1f} | {processor:.1f} | {memory:.2f} | {processor / ours[1]:.1f} | {memory / ours[2]:.1f} |"
        )


if __name__ == "__main__":
    main()

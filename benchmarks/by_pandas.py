"""The module ``recorded_crime_territory`` as a statistician would write it by hand, for one départemental edition, in pandas.

The same code tables, refusals and sums as the module, and no more: no walk back to the cell, no list of all that does not fit, no
other edition. Status and comments hang on no territory, so they are looked up once, after the sums, which favours this side.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parent.parent
CODES = ROOT / "mappings" / "ssmsi" / "recorded_crime_territory" / "codes"
AREAS = ROOT / "dsd" / "FR_SSMSI" / "codelists" / "CL_AREA.csv"
EDITION = "2025-07"
SERIES = ["FREQ", "REF_AREA", "OFFENCE", "COUNT_UNIT"]
KEYS = [*SERIES, "TIME_PERIOD"]
DEPARTEMENT = r"0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5]|97[1-46]"
NOT_SUMMED = ["DRUG_USE", "DRUG_USE_FIXED_FINE", "DRUG_USE_NO_FIXED_FINE", "DRUG_TRAFFICKING"]


def observations(edition: Path) -> pd.DataFrame:
    """Read, map, check and roll up: every observation of the edition, a column per component, in the order of its keys."""
    wanted = ["Code_departement", "annee", "indicateur", "unite_de_compte", "nombre"]
    source = pd.read_csv(edition, sep=";", dtype=str, encoding="utf-8-sig", usecols=wanted)
    refuse(~source["Code_departement"].str.fullmatch(DEPARTEMENT).fillna(False), "no département")
    refuse(~source["annee"].str.fullmatch(r"\d{4}").fillna(False), "no year")
    table = pd.DataFrame(
        {
            "FREQ": "A",
            "REF_AREA": "D" + source["Code_departement"],
            "OFFENCE": coded(source["indicateur"], "offences.csv"),
            "COUNT_UNIT": coded(source["unite_de_compte"], "units.csv"),
            "TIME_PERIOD": source["annee"],
            "OBS_VALUE": source["nombre"].astype("int64"),
        }
    )
    refuse(table.duplicated(KEYS), "a key stands twice")
    refuse(table.groupby("OFFENCE")["COUNT_UNIT"].nunique() > 1, "an offence has two units")
    table = pd.concat([table, sums(table)]).sort_values(KEYS, ignore_index=True)
    table["SOURCE_EDITION"] = EDITION
    table["OBS_STATUS"] = looked_up(table, "status.csv", "A")
    table["CONF_STATUS"] = "F"
    table["COMMENT_OBS"] = looked_up(table, "comments.csv", None)
    return table


def refuse(wrong: pd.Series, what: str) -> None:
    """Stop at the first kind of thing that is wrong."""
    if wrong.any():
        raise ValueError(f"{what}: {list(wrong[wrong].index[:5])}")


def coded(labels: pd.Series, table: str) -> pd.Series:
    """The codes of labels, whatever their case."""
    codes = pd.read_csv(CODES / table, dtype=str)
    found = labels.str.strip().str.lower().map(dict(zip(codes["source"].str.lower(), codes["target"], strict=True)))
    refuse(found.isna(), f"not in {table}")
    return found


def sums(table: pd.DataFrame) -> pd.DataFrame:
    """The régions, metropolitan France and France, of what adds up."""
    parent = pd.read_csv(AREAS, dtype=str).set_index("code")["parent"].to_dict()
    pairs = []
    for base in table["REF_AREA"].unique():
        area = parent[base]
        while area != "FR_COM":
            pairs.append((base, area))
            area = parent[area]
    tree = pd.DataFrame(pairs, columns=["REF_AREA", "ancestor"])
    parts = table[~table["OFFENCE"].isin(NOT_SUMMED)].merge(tree, on="REF_AREA")
    parts["REF_AREA"] = parts.pop("ancestor")
    return parts.groupby(KEYS, as_index=False, sort=False)["OBS_VALUE"].sum()


def looked_up(table: pd.DataFrame, name: str, default: str | None) -> pd.Series:
    """The target of the first line of a lookup table that fits; an empty cell fits anything."""
    lines = pd.read_csv(CODES / name, dtype=str)
    found = pd.Series(default, index=table.index, dtype=object)
    for line in reversed(lines.to_dict("records")):
        fits = pd.Series(data=True, index=table.index)
        for component in lines.columns.drop(["target", "note"], errors="ignore"):
            if isinstance(line[component], str):
                fits &= table[component].isin(line[component].split("|"))
        found[fits] = line["target"]
    return found

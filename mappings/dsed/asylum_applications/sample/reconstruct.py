"""Lay Eurostat's published asylum figures for France out in the form of the ministry's open data files.

    python reconstruct.py eurostat-migr_asyappctza-FR.csv [FOLDER]

No copy of a real ``Asile_pays-origine_<year>.csv`` could be had. This script writes one look-alike for each year of the
extract, ``Asile_pays-origine_<year>-reconstructed.csv``: same columns, labels in capitals without accents, ISO alpha-3 codes.
The figures are Eurostat's, rounded to 5. The regions of the world and the codes of Kosovo, stateless and unknown are made up
after the only two names of regions that were seen. Same input, same bytes.
"""

from __future__ import annotations

import csv
import sys
import unicodedata
from pathlib import Path

LISTS = Path(__file__).resolve().parents[4] / "dsd" / "ESTAT" / "codelists" / "CITIZEN.csv"
SPECIALS = {
    "STLS": ("AUTRES", "APATRIDES", "XXA"),
    "UNK": ("AUTRES", "INCONNU", "XXX"),
    "XK": ("EUROPE", "KOSOVO", "XKX"),
}
MAGHREB = {"DZ", "MA", "TN"}
REGIONS = {"991": "EUROPE", "992": "ASIE", "993": "AFRIQUE_HORS_MAGHREB", "994": "AMERIQUE", "995": "OCEANIE"}
"""By the first three figures of the Insee code of the country."""


def capitals(label: str) -> str:
    """The label in capitals, without accents, with a plain apostrophe."""
    plain = unicodedata.normalize("NFKD", label.replace("’", "'"))
    return "".join(c for c in plain if not unicodedata.combining(c)).upper()


def countries() -> dict[str, tuple[str, str, str]]:
    """By Eurostat code: region, label and ISO alpha-3 code as the file writes them."""
    with LISTS.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["ISO3"]]
    known = {
        row["code"]: (
            "MAGHREB" if row["code"] in MAGHREB else REGIONS.get(row["INSEE_COG"][:3], "AUTRES"),
            capitals(row["name_fr"]),
            row["ISO3"],
        )
        for row in rows
    }
    return {**known, **SPECIALS}


def main(extract: Path, folder: Path) -> None:
    """Write one file for each year of the extract."""
    known = countries()
    years: dict[str, list[tuple[str, str, str, str]]] = {}
    with extract.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            total = (row["sex"], row["age"], row["asyl_app"], row["geo"]) == ("T", "TOTAL", "ASY_APP", "FR")
            if total and row["citizen"] in known:
                years.setdefault(row["TIME_PERIOD"], []).append((*known[row["citizen"]], row["OBS_VALUE"]))
    for year, lines in sorted(years.items()):
        with (folder / f"Asile_pays-origine_{year}-reconstructed.csv").open(
            "w", encoding="utf-8", newline=""
        ) as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(("region_monde_origine", "pays_nationalite", "code_iso3", "nb_demandes"))
            writer.writerows(sorted(lines))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).parent)

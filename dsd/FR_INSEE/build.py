"""Builds a vintage of the code officiel géographique from Insee's files, and what links it to other vintages and to NUTS.

``build.py --help`` tells the arguments; the files of a vintage are given as ``2025=FILE``. SOURCES.md says where they
come from. The upper levels are those of FR_SSMSI:CL_AREA, so that both lists have the same codes for the same areas.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
Row = dict[str, str]
Link = tuple[str, str, str, str]
"""Source, target, relation and note."""

ABOVE: Final = ("FR_COM", "FR", "FX")
UNINHABITED: Final = {
    "D984": ("Terres australes et antarctiques françaises", "French Southern and Antarctic Lands"),
    "D989": ("Île de Clipperton", "Clipperton Island"),
}
"""Collectivities of the COG that FR_SSMSI:CL_AREA does not need."""


def main() -> None:
    """Build the vintages given, in order."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument(
        "--communes", nargs="+", required=True, metavar="YEAR=FILE", help="Insee: v_commune_YEAR.csv[.gz]"
    )
    asked.add_argument("--overseas", nargs="+", required=True, metavar="YEAR=FILE", help="Etalab: communes.json")
    asked.add_argument("--nuts", type=Path, required=True, help="departement-nuts.csv")
    asked.add_argument("--dsd", type=Path, default=HERE.parent, help="where the folders FR_SSMSI and ESTAT are")
    asked.add_argument("--links", type=Path, default=HERE.parent, help="where AGENCY/maps and AGENCY/hierarchies go")
    given = asked.parse_args()

    areas = _read(given.dsd / "FR_SSMSI/codelists/CL_AREA.csv")
    published = {year: _read(path) for year, path in _by_year(given.communes)}
    overseas = {year: json.loads(path.read_text("utf-8")) for year, path in _by_year(given.overseas)}
    for year, communes in published.items():
        tree = list(_tree(areas, communes, overseas[year]))
        _write(HERE / f"codelists/CL_COG-{year}.csv", ["code", "parent", "name_fr", "name_en", "NUTS"], tree)
    for before, after in zip(sorted(published), sorted(published)[1:], strict=False):
        changes = _changes(published[before], published[after], overseas[after])
        _write_map(given.links, f"FR_INSEE:COG_{before}_{after}", changes)
    for name, rows in _nuts_maps(_read(given.nuts)).items():
        _write_map(given.links, name, rows)
    nuts = [row for row in _read(given.dsd / "ESTAT/codelists/GEO.csv") if row["NUTS_LEVEL"]]
    nodes = (_node(row["code"], row["parent"], "ESTAT:GEO(25.3)", f"NUTS{row['NUTS_LEVEL']}") for row in nuts)
    _write_hierarchy(given.links / "ESTAT/hierarchies/H_NUTS.csv", nodes)


def _by_year(pairs: Iterable[str]) -> Iterator[tuple[str, Path]]:
    for pair in pairs:
        year, path = pair.split("=", 1)
        yield year, Path(path)


def _read(path: Path) -> list[Row]:
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def _write(path: Path, header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _write_map(folder: Path, name: str, links: Iterable[Link]) -> None:
    agency, own = name.split(":")
    header = ["source", "target", "relation", "note"]
    _write(folder / agency / f"maps/RM_{own}.csv", header, (dict(zip(header, link, strict=True)) for link in links))


def _write_hierarchy(path: Path, nodes: Iterable[Row]) -> None:
    _write(path, ["id", "parent", "codelist", "code", "level", "valid_from", "valid_to"], nodes)


def _node(code: str, parent: str, codelist: str, level: str) -> Row:
    return {"id": code, "parent": parent, "codelist": codelist, "code": code, "level": level}


def _tree(areas: list[Row], communes: list[Row], overseas: list[Row]) -> Iterator[Row]:
    """One vintage: the upper levels, then communes, then arrondissements municipaux under their commune."""
    yield from areas
    for code, (name_fr, name_en) in UNINHABITED.items():
        yield {"code": code, "parent": "FR_COM", "name_fr": name_fr, "name_en": name_en}
    for row in communes:
        if row["TYPECOM"] == "COM":
            yield {"code": f"C{row['COM']}", "parent": f"D{row['DEP']}", "name_fr": row["LIBELLE"]}
    for row in overseas:
        if row["type"] == "commune-actuelle" and row.get("zone") == "com":
            yield {"code": f"C{row['code']}", "parent": f"D{row['departement']}", "name_fr": row["nom"]}
    for row in communes:
        if row["TYPECOM"] == "ARM":
            yield {"code": f"AM{row['COM']}", "parent": f"C{row['COMPARENT']}", "name_fr": row["LIBELLE"]}


def _changes(before: list[Row], after: list[Row], details: list[Row]) -> Iterator[Link]:
    """What became of the communes whose code or extent differs between two vintages; all others are the same."""
    old, new = _names(before), _names(after)
    heirs = {code: row["code"] for row in details if row["code"] in new for code in row.get("anciensCodes", [])}
    heirs |= _wholes(after)
    gone = {code: heirs[code] for code in sorted(set(old) - set(new))}
    moved = {code: heir for code, heir in gone.items() if heir not in old}
    parted = {code: _wholes(before)[code] for code in sorted(set(new) - set(old) - set(moved.values()))}
    rows: dict[str, tuple[str, str, str]] = {}
    for code, heir in gone.items():
        if code in moved:
            rows[code] = (heir, "exact", f"{old[code]}: the same commune under a new code")
        else:
            taken = ", ".join(c for c, h in gone.items() if h == heir)
            rows[code] = (heir, "narrower", f"{old[code]}: merged into {new[heir]}")
            rows[heir] = (heir, "narrower", f"{_renamed(old[heir], new[heir])}: took in {taken}")
    for whole in set(parted.values()):
        parts = ", ".join(c for c, w in parted.items() if w == whole)
        rows[whole] = (whole, "broader", f"{_renamed(old[whole], new[whole])}: {parts} parted from it")
    for code, (target, relation, note) in sorted(rows.items()):
        yield f"C{code}", f"C{target}", relation, note


def _names(communes: list[Row]) -> dict[str, str]:
    return {row["COM"]: row["LIBELLE"] for row in communes if row["TYPECOM"] == "COM"}


def _wholes(communes: list[Row]) -> dict[str, str]:
    """The commune each commune déléguée or associée is part of."""
    return {row["COM"]: row["COMPARENT"] for row in communes if row["TYPECOM"] in {"COMD", "COMA"}}


def _renamed(before: str, after: str) -> str:
    return before if before == after else f"{before}, now {after}"


def _nuts_maps(rows: list[Row]) -> dict[str, list[Link]]:
    """Départements and régions to NUTS as of 2021, and NUTS 3 as of 2013 to 2021."""
    inside: dict[str, list[str]] = {}
    regions: dict[str, dict[str, str]] = {}
    for row in rows:
        inside.setdefault(row["nuts2_2021_2024"], []).append(row["dep_code"])
        regions.setdefault(row["reg_code"], {})[row["nuts2_2021_2024"]] = row["nuts1_2021_2024"]
    nuts_2 = [(f"D{d}", n, "exact" if len(ds) == 1 else "narrower", "") for n, ds in inside.items() for d in ds]
    nuts_1 = [(f"R{r}", next(iter(n.values()))) for r, n in sorted(regions.items())]
    alone = [n for _, n in nuts_1]
    return {
        "FR_INSEE:DEPARTEMENT_NUTS3": [(f"D{row['dep_code']}", row["nuts3_2021_2024"], "exact", "") for row in rows],
        "FR_INSEE:DEPARTEMENT_NUTS3_2013": [(f"D{row['dep_code']}", row["nuts3_2013"], "exact", "") for row in rows],
        "FR_INSEE:DEPARTEMENT_NUTS2": sorted(nuts_2),
        "FR_INSEE:REGION_NUTS2": [_to_nuts_2(f"R{r}", list(n)) for r, n in sorted(regions.items())],
        "FR_INSEE:REGION_NUTS1": [(r, n, "exact" if alone.count(n) == 1 else "narrower", "") for r, n in nuts_1],
        "ESTAT:NUTS3_2013_2021": [(row["nuts3_2013"], row["nuts3_2021_2024"], "exact", "") for row in rows],
    }


def _to_nuts_2(region: str, nuts: list[str]) -> Link:
    if len(nuts) == 1:
        return region, nuts[0], "exact", ""
    return region, "", "left_out", f"spans {', '.join(sorted(nuts))}: sum départements instead"


if __name__ == "__main__":
    main()

"""Writes docs/crim-gen-reg.md: what the gateway makes of crim_gen_reg for France beside what Eurostat publishes. ``--check`` only compares.

Every figure and count of the page is computed here, from the module's sample and from the published table kept beside the module.
"""

from __future__ import annotations

import sys
import tempfile
from itertools import combinations
from pathlib import Path
from typing import Final

import polars as pl

from sdmx_gateway.gateway import Gateway
from sdmx_gateway.settings import Settings

HERE: Final = Path(__file__).parent
PAGE: Final = HERE / "crim-gen-reg.md"
PUBLISHED: Final = HERE.parent / "mappings/eurostat/crim_gen_reg/published/estat_crim_gen_reg_FR.tsv.gz"
SOURCE: Final = "ssmsi/recorded_crime_territory"
MODULE: Final = "eurostat/crim_gen_reg"
KEY: Final = ["ICCS", "GEO", "TIME_PERIOD"]
NUTS3: Final = 5
"""Characters of the code of a NUTS 3 region."""
OFFENCES: Final = {
    "ICCS0101": "intentional homicide",
    "ICCS0401": "robbery",
    "ICCS05012": "burglary of private residential premises",
    "ICCS050211": "theft of a motorized land vehicle",
}
HEAD: Final = """<!-- Written by docs/crim_gen_reg.py: change the code, not this page. -->

# crim_gen_reg: ours beside Eurostat's

What the module `{module}` makes of the départemental base (edition {edition}), beside the table Eurostat publishes for France
(© European Union, Eurostat, `crim_gen_reg`, numbers, table of 2025). Figures are *ours / published*; below them, how many of the NUTS 3
regions are the same, and how many lie within 1 %.

ICCS 02011, 0501 and 0502 are not made: [why](../mappings/eurostat/crim_gen_reg/README.md). Eurostat's last year for France is 2023; ours
go on to 2024.
"""
WHY: Final = {
    "ICCS0101": """The SSMSI's indicator counts victims, of assaults resulting in death and of terrorist attacks too. Eurostat's national
table (crim_off_cat: 779, 710, 696, 753, 692, 734, 821, 887 from 2016 to 2023) is lower by about the deaths of index 6 of the état 4001
(assault resulting in death), and the regional one is lower still. The open indicator cannot be split: the relation is *broader* and the
figure carries status D. **To ask the SSMSI: the series without index 6, before the first real transmission.**""",
    "ICCS0401": """The two indicators of robbery, with and without a weapon, make up ICCS 0401 exactly. What is left is of the size of
the revisions between editions; which edition Eurostat was given is not known.""",
    "ICCS05012": """No region agrees, and France is published 5 to 8 % lower. It looks as if the published figure left out second homes: of
the état 4001, index 27 (main homes) alone is within 2.4 % of it from 2017 to 2020 (234,578, 219,197, 219,289, 172,409), and index 27 with
index 28 (second homes) within 1.1 % of ours (255,760, 239,142, 238,996, 190,878). ICCS 05012 has both. **To ask the SSMSI.**""",
    "ICCS050211": """The indicator has cars and motorised two-wheelers, and counts vehicles; ICCS 050211 has lorries and buses too, and
counts offences. The relation is *narrower*, and the figure carries status D.""",
}


def published() -> pl.DataFrame:
    """France in the published table: ``ICCS``, ``GEO``, ``TIME_PERIOD`` (``String``), ``published`` (``Int64``), numbers only."""
    raw = pl.read_csv(PUBLISHED, separator="\t", infer_schema=False)
    names = raw.columns[0]
    parts = pl.col(names).str.split(",").list.to_struct(fields=["FREQ", "UNIT", "ICCS", "GEO"])
    return (
        raw.unpivot(index=names, variable_name="TIME_PERIOD", value_name="cell")
        .with_columns(parts.alias("parts"), pl.col("TIME_PERIOD").str.strip_chars())
        .unnest("parts")
        .with_columns(pl.col("cell").str.extract(r"(\d+)").cast(pl.Int64).alias("published"))
        .filter(pl.col("UNIT") == "NR", pl.col("published").is_not_null())
        .select(*KEY, "published")
    )


def ours(gateway: Gateway) -> pl.DataFrame:
    """What the module makes of the latest release of the national dataflow: ``KEY`` and ``ours`` (``Int64``)."""
    frame = gateway.convert(MODULE).dataset.frame
    return frame.select(
        *(pl.col(name).cast(pl.String) for name in KEY), pl.col("OBS_VALUE").cast(pl.Int64).alias("ours")
    )


def exchanged(both: pl.DataFrame) -> list[tuple[str, str, int]]:
    """Pairs of NUTS 3 regions each of which is published with the other's robberies, and in how many years."""
    robbery = both.filter(pl.col("ICCS") == "ICCS0401", pl.col("GEO").str.len_chars() == NUTS3)
    figures = {(g, y): (o, p) for g, y, o, p in robbery.select("GEO", "TIME_PERIOD", "ours", "published").iter_rows()}
    years = sorted({year for _, year in figures})
    found = []
    for one, other in combinations(sorted({geo for geo, _ in figures}), 2):
        swapped = [
            year
            for year in years
            if figures[one, year][0] == figures[other, year][1] != figures[one, year][1]
            and figures[other, year][0] == figures[one, year][1]
        ]
        if 2 * len(swapped) > len(years):
            found.append((one, other, len(swapped)))
    return found


def page(made: pl.DataFrame, table: pl.DataFrame, edition: str) -> str:
    """The page, from our observations and the published ones."""
    both = made.join(table, on=KEY)
    years = sorted(both["TIME_PERIOD"].unique())
    lines = [HEAD.format(module=MODULE, edition=edition)]
    for offence, name in OFFENCES.items():
        lines += _offence(both.filter(pl.col("ICCS") == offence), f"{offence}, {name}", years)
        lines += [WHY[offence] + "\n"]
    lines += ["## Two regions stand exchanged in the published table\n"]
    lines += [_exchange(both, *pair) for pair in exchanged(both)]
    return "\n".join(lines)


def _offence(rows: pl.DataFrame, title: str, years: list[str]) -> list[str]:
    france = {
        year: (o, p)
        for year, o, p in rows.filter(pl.col("GEO") == "FR").select("TIME_PERIOD", "ours", "published").iter_rows()
    }
    regions = rows.filter(pl.col("GEO").str.len_chars() == NUTS3)
    apart = (pl.col("ours") - pl.col("published")).abs()
    counts = {
        year: (same, near, of)
        for year, same, near, of in regions.group_by("TIME_PERIOD")
        .agg((apart == 0).sum().alias("same"), (apart <= 0.01 * pl.col("published")).sum().alias("near"), pl.len())
        .iter_rows()
    }
    told = [
        ("France", [f"{france[y][0]:,} / {france[y][1]:,}" for y in years]),
        ("difference", [f"{100 * (france[y][0] / france[y][1] - 1):+.2f} %" for y in years]),
        ("NUTS 3 the same", [f"{counts[y][0]} of {counts[y][2]}" for y in years]),
        ("NUTS 3 within 1 %", [f"{counts[y][1]}" for y in years]),
    ]
    return [
        f"## {title}\n",
        f"| | {' | '.join(years)} |",
        "|---" * (len(years) + 1) + "|",
        *(f"| {label} | {' | '.join(cells)} |" for label, cells in told),
        "",
    ]


def _exchange(both: pl.DataFrame, one: str, other: str, years: int) -> str:
    last = both.filter(pl.col("ICCS") == "ICCS0401", pl.col("GEO").is_in([one, other]))
    last = last.filter(pl.col("TIME_PERIOD") == last["TIME_PERIOD"].min())
    figures = {geo: (o, p) for geo, o, p in last.select("GEO", "ours", "published").iter_rows()}
    year = last["TIME_PERIOD"][0]
    return f"""`{one}` and `{other}` have each other's robberies to the unit in {years} of {both["TIME_PERIOD"].n_unique()} years, and the
other offences likewise within their usual distance ({year}: `{one}` {figures[one][0]} / {figures[one][1]}, `{other}` {figures[other][0]} /
{figures[other][1]}). In NUTS 2021 and in ESTAT:GEO 25.3 `FRC21` is Doubs and `FRC24` Territoire de Belfort; the module maps the
départements 25 and 90 so. Their sum, and with it `FRC2`, is right. **To tell Eurostat and the SSMSI.**
"""


def main() -> None:
    """Release the national dataflow into a folder of its own, convert, and write the page or compare it."""
    with tempfile.TemporaryDirectory() as home:
        gateway = Gateway(Settings(home=Path(home)))
        edition = max(gateway.editions(gateway.module(SOURCE)))
        conversion = gateway.convert(SOURCE, edition=edition)
        gateway.publish(conversion, gateway.validate(conversion.dataset))
        text = page(ours(gateway), published(), edition)
    if "--check" not in sys.argv:
        PAGE.write_text(text, encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != text:
        sys.exit(f"{PAGE.name} is not what docs/crim_gen_reg.py writes")


if __name__ == "__main__":
    main()

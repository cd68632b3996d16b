"""How long the largest départemental edition takes from the ministry's CSV to a file of SDMX-ML, beside pandas with sdmx1 and with pysdmx.

``python benchmarks/conversion.py [--rounds 3] [--write]``. Every conversion is a process of its own, as a statistician would run it
once; rounds are interleaved, and of each way the round with the quickest process counts. Every file must say the same observations,
or nothing is printed. ``--write`` keeps the result in ``docs/performance.md``. No time is ever a test.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import report
from ways import EDITION, GATEWAY, ROOT, WAYS, Run, Way, run

SAID = Path(__file__).with_name("said.py")
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- measured by benchmarks/conversion.py --write -->\n", "\n<!-- end -->"
Said = dict[str, int | str]


def measure(rounds: int, folder: Path) -> tuple[dict[Way, Run], Said]:
    """The quickest run of every way, and what all their files say."""
    structures, output = folder / "structures.xml", folder / "data.xml"
    export = [*GATEWAY, "structures", "export", "CRIME_TERRITORY", "--sdmx", "2.1"]
    structures.write_bytes(subprocess.check_output(export, cwd=ROOT))
    runs: dict[Way, list[Run]] = {way: [] for way in WAYS}
    ours: Said = {}
    for _ in range(rounds):
        for way in WAYS:
            runs[way].append(run(way.command(structures, output)))
            said = json.loads(subprocess.check_output([sys.executable, SAID, output]))
            ours = ours or said  # the gateway's, which comes first
            if said != ours:
                raise SystemExit(f"{way} says other observations than the gateway")
            output.unlink()
    return {way: min(each, key=lambda r: r.process) for way, each in runs.items()}, ours


def keep(result: str) -> None:
    """Put the result in its place on the page."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(before + BEGIN + result + END + rest.partition(END)[2], encoding="utf-8")


def main() -> None:
    """Measure, print, and keep where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help=f"keep the result in {PAGE.relative_to(ROOT)}")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        best, said = measure(arguments.rounds, Path(folder))
    what = f"`{EDITION.name}`: {said['observations']:,} observations, sum {said['sum']:,}, the same in every file."
    how = f"Seconds, the quickest of {arguments.rounds} rounds; in brackets the ratio to the gateway's Python API."
    result = f"{what} {how}\n\n{report.machine()}\n\n{report.table(best)}\n\n{report.promise(best)}"
    print(result)
    if arguments.write:
        keep(result)


if __name__ == "__main__":
    main()

"""The ways from the ministry's CSV to a file of SDMX-ML that are compared, each run in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
MODULE = "recorded_crime_territory"
(EDITION,) = (ROOT / "mappings/ssmsi" / MODULE / "sample").glob("donnee-dep-edition-mars-juillet2025-*.csv.gz")
GATEWAY = [sys.executable, "-m", "sdmx_gateway"]


@dataclass(frozen=True)
class Way:
    """A tool, the version of SDMX-ML it writes, and the layout of the file."""

    name: str
    tool: str
    version: str
    layout: str = "series"

    def command(self, structures: Path, output: Path) -> list[str]:
        """What is run."""
        if self.tool == "cli":
            form = f"sdmx-ml-{self.version}"
            return [*GATEWAY, "convert", MODULE, str(EDITION), "--output", str(output), "--format", form, "--json"]
        script = Path(__file__).with_name("one_way.py")
        paths = map(str, (EDITION, structures, output))
        return [sys.executable, str(script), self.tool, self.version, self.layout, *paths]


WAYS = (
    Way("gateway, Python API", "gateway", "2.1"),
    Way("gateway, command line", "cli", "2.1"),
    Way("pandas + sdmx1, in series", "sdmx1", "2.1"),
    Way("pandas + sdmx1, flat", "sdmx1", "2.1", "flat"),
    Way("pandas + pysdmx, in series", "pysdmx", "2.1"),
    Way("pandas + pysdmx, flat", "pysdmx", "2.1", "flat"),
    Way("gateway, Python API", "gateway", "3.0"),
    Way("gateway, command line", "cli", "3.0"),
    Way("pandas + pysdmx, in series", "pysdmx", "3.0"),
    Way("pandas + pysdmx, flat", "pysdmx", "3.0", "flat"),
)


@dataclass(frozen=True)
class Run:
    """Seconds of one process and its peak memory; of the command line only the whole process is seen."""

    process: float
    megabytes: float
    convert: float | None = None
    write: float | None = None

    @property
    def whole(self) -> float | None:
        """From the CSV to the file, in a process that has started."""
        return None if self.convert is None or self.write is None else self.convert + self.write

    @property
    def start(self) -> float | None:
        """The rest of the process: interpreter, imports, reading the structures, and its end."""
        return None if self.whole is None else self.process - self.whole


def run(command: list[str]) -> Run:
    """Run a command to its end, in the checkout; what it prints is JSON."""
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        told = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        taken = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    seconds = json.loads(told)
    return Run(taken, used.ru_maxrss / 1024, seconds.get("convert"), seconds.get("write"))

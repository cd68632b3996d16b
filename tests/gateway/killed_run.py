"""Runs ``sdmx-gateway``, and dies (SIGKILL) on the way: ``python killed_run.py PLACE ARGUMENT…``.

A place is a change about to be made to what the gateway keeps, named by the kind of it and the file::

    rename releases/FR_SSMSI/CRIME_TERRITORY/1.0/2            before a release has its name
    commit after rename releases/FR_SSMSI/CRIME_TERRITORY/1.0/2    it has its name, and is not recorded
    open outbox/ESTAT/CRIM_GENREG_A_FR_2024_0000.xml.part     that file is left behind, torn

What dies is the whole command, started as ``python -m sdmx_gateway`` starts it. Every change met is told on standard
error, one a line: a run whose place is never met says where others could die.
"""

from __future__ import annotations

import os
import re
import runpy
import signal
import sys
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

CHANGED: Final = {"open": 0, "os.mkdir": 0, "os.remove": 0, "os.rename": 1, "os.link": 1}
"""The audit events of Python (PEP 578) that change files, and which argument names what is changed."""

WRITING: Final = os.O_WRONLY | os.O_RDWR
_RANDOM = re.compile(r"(?<=\.staging-)[0-9a-f]+|(?<=sealed/)[0-9a-f]{64}")


class Watch:
    """Tells every change below a folder, and every commit, and dies at the first of one name."""

    def __init__(self, home: Path, place: str) -> None:
        self.home, self.place, self.last, self.commits = home, place, "nothing", 0

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        named = CHANGED.get(event)
        if named is None or not isinstance(arguments[named], str | Path):
            return
        path = Path(arguments[named])
        if not path.is_relative_to(self.home) or not changes(event, arguments, path):
            return
        where = _RANDOM.sub("*", path.relative_to(self.home).as_posix())
        self.last, self.commits = f"{event.removeprefix('os.')} {where}", 0
        self.met(self.last, torn=path if event == "open" else None)

    def commit(self, _: object) -> None:
        self.commits += 1
        self.met(f"commit {f'{self.commits} ' if self.commits > 1 else ''}after {self.last}")

    def met(self, change: str, torn: Path | None = None) -> None:
        os.write(2, f"{change}\n".encode())
        if change == self.place:
            self.place = "nowhere"
            if torn is not None:
                torn.write_bytes(b"torn")
            os.kill(os.getpid(), signal.SIGKILL)


def changes(event: str, arguments: tuple[Any, ...], path: Path) -> bool:
    """Whether something will change: a file opened for writing, a folder that is not there, a file that is."""
    if event == "open":
        return bool(arguments[2] & WRITING)
    return path.exists() == (event == "os.remove")


if __name__ == "__main__":
    _, place, *sys.argv[1:] = sys.argv
    watch = Watch(Path(os.environ["SDMX_GATEWAY_HOME"]), place)
    sys.addaudithook(watch.audit)
    sa.event.listen(sa.Engine, "commit", watch.commit)
    runpy.run_module("sdmx_gateway", run_name="__main__", alter_sys=True)

"""One conversion in a process of its own: ``one_way.py TOOL VERSION LAYOUT EDITION STRUCTURES OUTPUT``; prints the seconds of its steps."""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from pathlib import Path


def main(tool: str, version: str, layout: str, *paths: str) -> None:
    """Start, convert, write; start-up is for the caller to tell, who saw the process begin."""
    edition, structures, output = map(Path, paths)
    way = import_module(f"by_{tool}")
    state = way.start(structures)
    begun = time.perf_counter()
    table = way.convert(state, edition)
    converted = time.perf_counter()
    way.write(state, table, version, layout, output)
    print(json.dumps({"convert": converted - begun, "write": time.perf_counter() - converted}))


if __name__ == "__main__":
    main(*sys.argv[1:])

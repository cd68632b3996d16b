"""What a file of SDMX-ML says, whatever its layout: ``said.py FILE`` prints how many observations, their sum, and a digest of them all.

A process of its own, because the peak memory of a process counts what its parent held.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator

from lxml import etree


def observations(message: str) -> Iterator[dict[str, str]]:
    """Each observation: its key, value and attributes."""
    series: dict[str, str] = {}
    for _, element in etree.iterparse(message, events=("start",)):
        name = etree.QName(element).localname
        if name == "Series":
            series = dict(element.attrib)
        elif name == "Obs":
            yield {**series, **element.attrib}


def main(message: str) -> None:
    """Print it as JSON."""
    said = list(observations(message))
    lines = sorted(json.dumps(observation, sort_keys=True) for observation in said)
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    total = sum(int(observation["OBS_VALUE"]) for observation in said)
    print(json.dumps({"observations": len(said), "sum": total, "digest": digest}))


if __name__ == "__main__":
    main(sys.argv[1])

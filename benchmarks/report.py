"""What was measured, as Markdown: machine, table, and the promise of seconds in figures."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path

from ways import WAYS, Run, Way

HEAD = """\
| SDMX-ML | way | conversion | writing | both | start-up | whole process | peak MB |
|---|---|--:|--:|--:|--:|--:|--:|"""


def machine() -> str:
    """Where, with what and when this was measured."""
    info = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*: (.*)", info.read_text()) if info.exists() else None
    processor = model[1] if model else platform.processor()
    tools = ", ".join(f"{name} {version(name)}" for name in ("polars", "pandas", "sdmx1", "pysdmx"))
    today = date.today().isoformat()  # noqa: DTZ011 - the day at the machine is meant
    return f"{processor}, {os.cpu_count()} cores; Python {platform.python_version()}, {tools}; {today}."


def table(best: Mapping[Way, Run]) -> str:
    """A row per way: seconds, each with its ratio to the gateway's Python API writing the same version."""
    lines = [HEAD]
    for way, run in best.items():
        ours = best[_way("gateway", way.version)]
        pairs = [
            (run.convert, ours.convert),
            (run.write, ours.write),
            (run.whole, ours.whole),
            (run.start, ours.start),
            (run.process, ours.process),
        ]
        cells = " | ".join(_cell(seconds, base) for seconds, base in pairs)
        lines.append(f"| {way.version} | {way.name} | {cells} | {run.megabytes:.0f} |")
    return "\n".join(lines)


def promise(best: Mapping[Way, Run]) -> str:
    """How much of the command line's time is start-up."""
    shell, work = best[_way("cli", "3.0")].process, best[_way("gateway", "3.0")].whole
    assert work is not None
    return (
        f"`sdmx-gateway convert` to SDMX-ML 3.0 takes {shell:.2f} s as a whole process: conversion and writing {work:.2f} s, "
        f"as the Python API does them; start-up the other {shell - work:.2f} s, {1 - work / shell:.0%}."
    )


def _way(tool: str, version: str) -> Way:
    return next(way for way in WAYS if (way.tool, way.version) == (tool, version))


def _cell(seconds: float | None, base: float | None) -> str:
    return "" if seconds is None or base is None else f"{seconds:.2f} ({seconds / base:.1f} ×)"

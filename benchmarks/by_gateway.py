"""The gateway's way: its module, through the Python API."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sdmx_gateway.gateway import Gateway
from sdmx_gateway.observations import Dataset
from sdmx_gateway.settings import Settings

MODULE = "recorded_crime_territory"


def start(_structures: Path) -> Gateway:
    """A gateway with its own structures read: all of them, not the ones of this dataflow alone."""
    gateway = Gateway(Settings(home=Path(tempfile.gettempdir())))
    assert gateway.catalogue
    return gateway


def convert(gateway: Gateway, edition: Path) -> Dataset:
    """Read, map, check and roll up."""
    return gateway.convert(MODULE, [edition]).dataset


def write(gateway: Gateway, dataset: Dataset, version: str, _layout: str, output: Path) -> None:
    """One file of SDMX-ML, in series: what the gateway writes always."""
    with output.open("wb") as sink:
        gateway.write(dataset, f"sdmx-ml-{version}", sink)

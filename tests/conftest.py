"""Fixtures every room shares: the shipped structures and modules, and a gateway in a folder of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from sdmx_gateway.gateway import Gateway
from sdmx_gateway.observations import Dataset
from sdmx_gateway.settings import Settings, shipped
from sdmx_gateway.structures import Catalogue, load_catalogue

os.environ.setdefault("SDMX_GATEWAY_CACHE", str(Path(__file__).parents[1] / ".pytest_cache" / "gateway"))
"""Loaded structures are shared by every gateway of every test, by those in processes of their own too."""
NOW = datetime(2026, 11, 24, 9, 12, tzinfo=UTC)
"""The instant tests happen at."""


@pytest.fixture
def gateway(tmp_path: Path) -> Gateway:
    """A gateway with the shipped content, keeping what it writes in the test's folder."""
    return Gateway(Settings(home=tmp_path / "var"), clock=lambda: NOW)


@pytest.fixture(scope="session")
def national(tmp_path_factory: pytest.TempPathFactory) -> Gateway:
    """A gateway whose national dataflows are released from the shipped samples; not to be written to."""
    from sdmx_gateway.cycle import run_modules

    gateway = Gateway(Settings(home=tmp_path_factory.mktemp("national")), clock=lambda: NOW)
    refused = [outcome for outcome in run_modules(gateway) if outcome.outcome == "refused"]
    assert not refused, refused
    return gateway


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The shipped structures."""
    return load_catalogue([shipped("dsd")])


@pytest.fixture(scope="session")
def converted(national: Gateway) -> Callable[..., Dataset]:
    """The dataset of a module's sample: ``converted("ssmsi/recorded_crime_territory", edition="2025-01-26")``."""

    @cache
    def dataset(module: str, edition: str | None = None) -> Dataset:
        return national.convert(module, edition=edition).dataset

    return dataset

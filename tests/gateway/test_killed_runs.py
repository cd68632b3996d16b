"""``sdmx-gateway run``, the whole command, killed on the way: run again, it is as if it had never been killed.

Two editions of a national module, the reconstructed asylum sample, and the two files of Eurostat made from them.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import killed_run
import pytest

from sdmx_gateway.gateway import Gateway
from sdmx_gateway.releases import Release
from sdmx_gateway.settings import Settings, shipped
from sdmx_gateway.transmission import DELIVERED

TERRITORY = "ssmsi/recorded_crime_territory"
SAMPLES = {TERRITORY: ("-2022-geographie2022", "-2024-geographie2024"), "dsed/asylum_applications": ("",)}
DERIVED = ("eurostat/crim_gen_reg", "eurostat/migr_asyappctza")

FIRST, LAST = "outbox/ESTAT/MIGR_ASYACTZ_A_FR_2022_0000.xml", "outbox/ESTAT/CRIM_GENREG_A_FR_2024_0000.xml"
PLACES = (
    "commit after mkdir .",  # the first tables
    "open releases/FR_SSMSI/CRIME_TERRITORY/1.0/.staging-*/data.parquet",
    "commit after rename releases/FR_SSMSI/CRIME_TERRITORY/1.0/1",
    "rename releases/FR_SSMSI/CRIME_TERRITORY/1.0/2",
    "mkdir releases/ESTAT",  # all that is national is released, nothing that is made from it
    "commit after rename releases/ESTAT/MIGR_ASYAPPCTZA/1.0/1",
    "open transmissions/sealed/*.part",
    "commit after remove transmissions/sealed/*.part",
    "commit 2 after open transmissions/turns/ESTAT.lock",  # approved and sealed, not handed over
    f"open {FIRST}.part",
    f"link {FIRST}.receipt.json",  # the file is there, its receipt is not
    f"commit after remove {LAST}.receipt.json.part",  # the receipt is there, and not recorded
)
"""Where runs are killed, in the order of a run; see :mod:`killed_run`."""

ALONE = PLACES[1::3]
"""Those of them that are tried for themselves; at the others one run after the other is killed, in one home."""

PREPARED = re.compile(rb"(?<=:Prepared>)[^<]+")
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True)
class Home:
    """A folder the command works in."""

    folder: Path
    mappings: Path

    def run(self, *arguments: str, killed_at: str = "") -> subprocess.CompletedProcess[str]:
        how = [killed_run.__file__, killed_at] if killed_at else ["-m", "sdmx_gateway"]
        variables = {"SDMX_GATEWAY_HOME": str(self.folder), "SDMX_GATEWAY_MAPPINGS": json.dumps([str(self.mappings)])}
        variables["SDMX_GATEWAY_CACHE"] = os.environ[
            "SDMX_GATEWAY_CACHE"
        ]  # what can be made again is no part of the home
        return subprocess.run(
            [sys.executable, *how, "run", *arguments],
            env={**{k: v for k, v in os.environ.items() if not k.startswith("SDMX_GATEWAY_")}, **variables},
            cwd=self.mappings.parent,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def killed_at(self, place: str) -> None:
        ended = self.run(killed_at=place)
        assert ended.returncode == -signal.SIGKILL, f"{place} was never met, but\n{ended.stderr}"
        assert ended.stderr.splitlines()[-1] == place

    def run_to_the_end(self) -> Any:
        ended = self.run("--json")
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)

    def gateway(self) -> Gateway:
        return Gateway(Settings(home=self.folder, mappings=(self.mappings,)))

    def files(self) -> dict[str, str]:
        """sha256 of every file, by name; but those of the database, which :meth:`records` tells."""
        return {
            path.relative_to(self.folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in self.folder.rglob("*")
            if path.is_file() and not path.name.startswith("gateway.sqlite")
        }

    def records(self) -> list[str]:
        with closing(sqlite3.connect(self.folder / "gateway.sqlite")) as database:
            return list(database.iterdump())

    def messages(self) -> dict[str, bytes]:
        """What a recipient finds, but for the instant of its release."""
        return {
            path.relative_to(self.folder).as_posix(): PREPARED.sub(b"", path.read_bytes())
            for path in self.folder.glob("outbox/*/*")
            if not path.name.endswith((".receipt.json", ".part"))
        }


def released(gateway: Gateway) -> dict[str, Any]:
    """All there is to know of the releases, but when they were made."""
    return {str(release): _timeless(gateway, release) for release in gateway.store.history()}


def _timeless(gateway: Gateway, release: Release) -> dict[str, Any]:
    document = dict(gateway.release_document(release))
    assert document.pop("published_at")
    assert document["report"].pop("created")
    return document


def names(home: Home) -> list[str]:
    """The names of all files, but for the digests that are names."""
    return sorted(DIGEST.sub("digest", name) for name in home.files())


@pytest.fixture(scope="module")
def mappings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed") / "mappings"
    for name in (*SAMPLES, *DERIVED):
        shutil.copytree(shipped("mappings") / name, folder / name, ignore=shutil.ignore_patterns("sample"))
    for name, wanted in SAMPLES.items():
        (folder / name / "sample").mkdir()
        for file in (shipped("mappings") / name / "sample").iterdir():
            if any(part in file.name for part in wanted):
                shutil.copy(file, folder / name / "sample")
    return folder


@pytest.fixture(scope="module")
def undisturbed(mappings: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose run was not killed. Not to be written to."""
    home = Home(tmp_path_factory.mktemp("undisturbed") / "var", mappings)
    home.run_to_the_end()
    assert set(home.messages()) == {FIRST, LAST}
    assert len(home.gateway().store.history()) == 5
    return home


@pytest.fixture
def home(mappings: Path, tmp_path: Path) -> Home:
    return Home(tmp_path / "var", mappings)


def assert_nothing_half_done_is_seen(home: Home, undisturbed: Home, copy: Path) -> None:
    """Look, in a copy, at what operators, partners and collectors may see between the kill and the next run."""
    shutil.copytree(home.folder, copy)
    found, whole = Home(copy, home.mappings), released(undisturbed.gateway())
    gateway = found.gateway()
    assert released(gateway).items() <= whole.items()
    for release in gateway.releases():
        gateway.store.verify(release)
    gateway.transmissions.ledger.verify()
    assert found.messages().items() <= undisturbed.messages().items()
    for receipt in copy.glob("outbox/*/*.receipt.json"):
        file = receipt.with_name(receipt.name.removesuffix(".receipt.json"))
        assert json.loads(receipt.read_bytes())["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    shutil.rmtree(copy)


def assert_as_if_undisturbed(home: Home, undisturbed: Home) -> None:
    gateway = home.gateway()
    assert released(gateway) == released(undisturbed.gateway())
    for release in gateway.store.history():
        gateway.store.verify(release)
    assert home.messages() == undisturbed.messages()
    deliveries = gateway.transmissions.deliveries()
    assert sorted(f"outbox/{d.recipient}/{d.occurrence}" for d in deliveries) == sorted(home.messages())
    assert {(d.version, d.receipt is not None) for d in deliveries} == {("V0001", True)}
    assert {transmission.state for transmission in gateway.transmissions.status()} <= DELIVERED
    assert gateway.transmissions.ledger.verify().seq > 0
    assert names(home) == names(undisturbed)  # no part of anything is left
    before = home.files(), home.records()
    told = home.run_to_the_end()
    assert {edition["outcome"] for edition in told["editions"]} == {"unchanged"}
    assert not [due["delivery"] for due in told["deliveries"] if due["delivery"]]
    assert (home.files(), home.records()) == before


@pytest.mark.parametrize("place", ALONE)
def test_killed_and_run_again_it_is_as_if_never_killed(
    home: Home, undisturbed: Home, tmp_path: Path, place: str
) -> None:
    home.killed_at(place)
    assert_nothing_half_done_is_seen(home, undisturbed, tmp_path / "copy")
    home.run_to_the_end()
    assert_as_if_undisturbed(home, undisturbed)


def test_killed_again_and_again_on_its_way_it_is_as_if_never_killed(
    home: Home, undisturbed: Home, tmp_path: Path
) -> None:
    for place in (place for place in PLACES if place not in ALONE):
        home.killed_at(place)
        assert_nothing_half_done_is_seen(home, undisturbed, tmp_path / "copy")
    home.run_to_the_end()
    assert_as_if_undisturbed(home, undisturbed)

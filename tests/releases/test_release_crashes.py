"""Publishers that die, or run out of room, in processes of their own. The trials are in ``crashing_publishers.py``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import crashing_publishers
import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")


def trials(what: str, folder: Path, database: str, *numbers: int) -> Any:
    command = [sys.executable, crashing_publishers.__file__, what, str(folder), database, *map(str, numbers)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_publisher_killed_at_any_call_leaves_only_what_the_next_one_sweeps(tmp_path: Path, database: str) -> None:
    deaths = Counter(trials("every-call", tmp_path / "releases", database)["deaths"])
    assert deaths["rename"] == deaths["commit"] == deaths["committed"] == 1
    assert deaths["unlink"] == 3  # of the leftovers swept
    assert deaths["fsync"] >= 3 + 2  # each file, its folder, the rename


def test_two_publishers_killed_at_random_lose_nothing_they_acknowledged(tmp_path: Path, database: str) -> None:
    told = trials("random", tmp_path / "releases", database, 12, 20261124)
    assert told["kills"] == 24
    assert told["acknowledged"] > 0


def test_a_full_disk_refuses_cleanly_and_publishing_goes_on_when_there_is_room(tmp_path: Path, database: str) -> None:
    assert len(trials("no-space", tmp_path / "releases", database)["refusals"]) > 3

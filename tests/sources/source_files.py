"""What tests of sources share: made-up families and files, and the real national files kept beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sdmx_gateway.errors import Problem, SourceRejected
from sdmx_gateway.sources import SourceFamily, read_source

NATIONAL = Path(__file__).parents[3] / "shared" / "data" / "national"
TEST_ALL = "SDMX_GATEWAY_TEST_ALL"


def made_up_family(**words: object) -> SourceFamily:
    """A family of any file, whose name says the edition as four digits."""
    return SourceFamily.model_validate({"family": "made-up", "files": ["*"], "edition": r"(?P<edition>\d{4})"} | words)


def refusal(path: Path, family: SourceFamily) -> list[Problem]:
    """Every problem a file is refused for, each with the file it is in."""
    with pytest.raises(SourceRejected) as caught:
        read_source(path, family)
    assert all(problem.where.file for problem in caught.value.problems)
    return list(caught.value.problems)


def national(name: str) -> Path:
    """A real national file; the test is skipped where it is not held, unless all tests must run."""
    path = NATIONAL / name
    if not path.exists() and os.environ.get(TEST_ALL) != "1":
        pytest.skip(f"{path.name} is not held here; {TEST_ALL}=1 makes its absence a failure")
    return path

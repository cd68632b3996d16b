"""Versions that leave open which artefact is meant, and references through them."""

from __future__ import annotations

import pytest
from structures_samples import SEX

from sdmx_gateway.errors import UnknownArtefact
from sdmx_gateway.structures import Catalogue, Kind, Urn
from sdmx_gateway.structures.model import Codelist
from sdmx_gateway.structures.versions import is_stable, latest, meant

HELD = ("1.0", "1.2.0", "1.2.5", "1.10.1", "1.11.0-draft", "2.0.0", "2.1.0-rc.1")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("1.2.0", ("1.2.0",)),
        ("1.3.0", ()),
        ("*", HELD),
        ("+", ("2.0.0",)),
        ("~", ("2.1.0-rc.1",)),
        ("latest", ("2.1.0-rc.1",)),
        ("1.2+.0", ("1.10.1",)),
        ("1.2.0+", ("1.2.5",)),
        ("1+.0.0", ("2.0.0",)),
        ("1.2+.0-draft", ("1.11.0-draft",)),
        ("3+.0.0", ()),
    ],
)
def test_a_version_that_is_left_open_means_the_highest_it_admits(pattern: str, expected: tuple[str, ...]) -> None:
    assert meant(pattern, HELD) == expected


def test_the_highest_is_the_highest_number_and_not_the_last_in_the_alphabet() -> None:
    assert latest("*", ["1.9", "1.10"]) == "1.10"


def test_only_three_numbers_without_an_extension_are_for_ever() -> None:
    assert [version for version in HELD if is_stable(version)] == ["1.2.0", "1.2.5", "1.10.1", "2.0.0"]


def test_a_reference_that_leaves_the_version_open_finds_what_is_held() -> None:
    lists = [Codelist(agency="A", id="CL", version=version) for version in ("1.0.0", "1.2.0", "2.0.0")]
    held = Catalogue.of([*lists, SEX])
    assert held.codelist(Urn(Kind.CODELIST, "A", "CL", "1.0+.0")) is lists[1]
    assert Urn(Kind.CODELIST, "A", "CL", "+") in held
    with pytest.raises(UnknownArtefact):
        held.codelist(Urn(Kind.CODELIST, "A", "CL", "3+.0.0"))
    assert held.meant(Urn(Kind.CODELIST, "A", "*", "2.0.0")) == (lists[2],)
    assert [a.version for a in held.find(Kind.CODELIST, id="CL", version="1.0+.0,2.0.0")] == ["1.2.0", "2.0.0"]

"""docs/structures.md: its examples are one folder that loads, and no word of any form is missing."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from structures_samples import HEADER, schema_errors

from sdmx_gateway.structures import Catalogue, load_catalogue, write_structures_reporting
from sdmx_gateway.structures.authored import (
    agreements,
    categories,
    codelists,
    concepts,
    constraints,
    extensions,
    hierarchies,
    loading,
    maps,
    metadata,
    organisations,
    parts,
    structure_maps,
    structures,
)
from sdmx_gateway.structures.authored.forms import FIRST, THEN
from sdmx_gateway.structures.model import Codelist, Hierarchy

PAGE = Path(__file__).parents[2] / "docs" / "structures.md"
EXAMPLE = re.compile(r"^`([\w/.\-]+)`:\n\n```(?:toml|csv)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@cache
def text() -> str:
    return PAGE.read_text("utf-8")


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    home = tmp_path_factory.mktemp("docs") / "dsd" / "MINE"
    for name, content in EXAMPLE.findall(text()):
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        assert not path.exists(), name
        path.write_text(content, encoding="utf-8")
    return load_catalogue([home.parent])


def test_the_examples_are_a_folder_that_loads_and_holds_together(held: Catalogue) -> None:
    assert held.check() == ()
    kinds = {artefact.KIND.value for artefact in held}
    assert len(kinds) == 20, sorted(kinds)


def test_the_examples_do_what_the_page_says(held: Catalogue) -> None:
    offences = next(a for a in held if isinstance(a, Codelist) and a.id == "CL_OFFENCE")
    codes = ["ICCS01", "ICCS02", "ICCS0201", "ICCS05", "ICCS0502", "_U", "THEFT", "BURGLARY"]
    assert list(held.enumeration(offences.urn).by_id) == codes
    grown = next(a for a in held if isinstance(a, Hierarchy) and a.id == "H_AREA")
    assert [place.id for place in grown.codes[0].codes] == ["D75", "D93"]


@pytest.mark.parametrize("version", ["3.0", "3.1", "sdmx-json-2.0", "sdmx-json-2.1"])
def test_the_examples_can_be_sent(held: Catalogue, version: str) -> None:
    message, notes = write_structures_reporting(held, version, HEADER)
    assert schema_errors(message, version) == []
    lost = ["the release calendar"] if version in {"3.1", "sdmx-json-2.1"} else []
    assert [note.what.rpartition(": ")[2] for note in notes] == lost


WORDS = {
    *loading.AGENCY_WORDS,
    *agreements.SORTS,
    *(sort.flow for sort in agreements.SORTS.values()),
    *categories.SCHEME_WORDS,
    *categories.CATEGORIES.required,
    *categories.CATEGORISATIONS.columns,
    *codelists.LIST_WORDS,
    *codelists.VALUES.required,
    *concepts.CONCEPT_WORDS,
    *concepts.SCHEME_WORDS,
    *concepts.ISO_WORDS,
    *constraints.CONSTRAINT_WORDS,
    *constraints.CALENDAR_WORDS,
    *constraints.TIME_WORDS,
    *constraints.ROLES,
    *extensions.EXTENSION_WORDS,
    *extensions.CODE_WORDS,
    *hierarchies.HIERARCHY_WORDS,
    *hierarchies.ASSOCIATION_WORDS,
    *hierarchies.PLACES.columns,
    *maps.WORDS,
    *maps.MAPPINGS.columns,
    *maps.RELATIONS,
    *metadata.ATTRIBUTE_WORDS,
    *metadata.FLOW_WORDS,
    *organisations.KINDS,
    *organisations.CONTACT_WORDS,
    *parts.ARTEFACT_WORDS,
    *structure_maps.WORDS,
    *structure_maps.COMPONENT_WORDS,
    *(word for words in structures.WORDS.values() for word in words),
    *structures.ATTACHED_TO,
}


@pytest.mark.parametrize("word", sorted(WORDS))
def test_every_word_is_on_the_page(word: str) -> None:
    assert re.search(rf"(?<![\w]){re.escape(word)}(?![\w])", text()), word


@pytest.mark.parametrize("form", [*FIRST, *THEN], ids=lambda form: form.pattern)
def test_every_form_is_on_the_page(form: object) -> None:
    assert f"`{form.pattern}`" in text()  # type: ignore[attr-defined]
    for folder in form.sheets:  # type: ignore[attr-defined]
        assert f"`{folder}/ID.csv`" in text()

"""Metadata structures as they are authored, with the flows that say what the metadata is about."""

from __future__ import annotations

from pathlib import Path

import pytest
from authored_folders import loaded, told
from structures_samples import CONCEPTS_TOML

from sdmx_gateway.structures import Kind, Urn
from sdmx_gateway.structures.model import (
    Annotation,
    DataType,
    MetadataAttribute,
    Metadataflow,
    MetadataStructure,
    Representation,
)

QUALITY = """[structure]
id = "QUALITY"
name = { en = "Quality" }
concepts = "MADE_UP:CONCEPTS(1.0)"

[[attribute]]
id = "CONTACT"
concept = "MADE_UP:CONCEPTS(1.0).NOTE"
presentational = true

[[attribute]]
id = "SEX"
parent = "CONTACT"
multiple = true
min_occurs = 0
annotations = { NOTE = "n" }

[[attribute]]
id = "NOTE"
type = "XHTML"
multilingual = true

[[metadataflow]]
id = "QUALITY"
name = { en = "Quality" }
targets = ["Dataflow=MADE_UP:*(*)", "Dataflow=MADE_UP:CRIME(1.0)"]
"""


def test_attributes_lie_under_each_other_and_take_the_values_of_their_concepts(tmp_path: Path) -> None:
    contact, note = loaded(tmp_path, {"metadata/QUALITY.toml": QUALITY}, MetadataStructure).attributes
    scheme = Urn(Kind.CONCEPT_SCHEME, "MADE_UP", "CONCEPTS", "1.0", "NOTE")
    assert (contact.concept, contact.is_presentational) == (scheme, True)
    assert contact.attributes == (
        MetadataAttribute(
            id="SEX",
            concept=Urn(Kind.CONCEPT_SCHEME, "MADE_UP", "CONCEPTS", "1.0", "SEX"),
            representation=Representation(codelist=Urn(Kind.CODELIST, "MADE_UP", "CL_SEX")),
            min_occurs=0,
            max_occurs=None,
            annotations=(Annotation(type="NOTE", title="n"),),
        ),
    )
    assert note.representation == Representation(data_type=DataType.XHTML, is_multilingual=True)


def test_how_often_an_attribute_may_be_given_is_taken_from_its_concept_too(tmp_path: Path) -> None:
    concepts = f'{CONCEPTS_TOML}\ntype = "String"\nmultiple = true\nmin_occurs = 0\n'
    files: dict[str, str | None] = {"concepts.toml": concepts, "metadata/QUALITY.toml": QUALITY}
    (contact, _) = loaded(tmp_path, files, MetadataStructure).attributes
    assert (contact.min_occurs, contact.max_occurs, contact.representation) == (0, None, Representation())


def test_a_flow_says_what_its_metadata_is_about(tmp_path: Path) -> None:
    flow = loaded(tmp_path, {"metadata/QUALITY.toml": QUALITY}, Metadataflow)
    assert flow.structure == Urn(Kind.METADATA_STRUCTURE, "MADE_UP", "QUALITY")
    assert flow.targets == (Urn(Kind.DATAFLOW, "MADE_UP", "*", "*"), Urn(Kind.DATAFLOW, "MADE_UP", "CRIME"))


@pytest.mark.parametrize(
    ("old", "new", "code", "row", "remedy"),
    [
        ('parent = "CONTACT"', 'parent = "CONTACTS"', "orphan-item", 13, "did you mean 'CONTACT'?"),
        ('id = "NOTE"', 'id = "SEX"', "duplicate-item", 19, ""),
        ('id = "NOTE"', 'id = "NOTES"', "unresolved-reference", 19, "did you mean 'NOTE'?"),
        ("presentational", "presentation", "unknown-word", 9, "did you mean 'presentational'?"),
        ("[structure]", "[structures]", "unknown-word", 1, "did you mean 'structure'?"),
        ("concepts = ", "concept = ", "missing-word", 1, ""),
        ("Dataflow=MADE_UP:*", "Flow=MADE_UP:*", "unknown-word", 26, "did you mean 'Dataflow'?"),
        ("MADE_UP:*(*)", "MADE_UP", "wrong-value", 26, ""),
        ("CRIME(1.0)", "CRIMES(1.0)", "unresolved-reference", 26, "did you mean 'MADE_UP:CRIME(1.0)'?"),
        ("targets = ", "target = ", "unknown-word", 26, "did you mean 'targets'?"),
    ],
)
def test_a_mistake_is_told_at_its_row(tmp_path: Path, old: str, new: str, code: str, row: int, remedy: str) -> None:
    found = told(tmp_path, {"metadata/QUALITY.toml": QUALITY.replace(old, new, 1)})
    assert any(p[:3] == (code, "metadata/QUALITY.toml", row) and remedy in p[3] for p in found), found


def test_components_name_their_roles_and_the_measures_they_are_about(tmp_path: Path) -> None:
    from structures_samples import STRUCTURE_TOML

    from sdmx_gateway.structures.model import DataStructure

    concepts = f'{CONCEPTS_TOML}\n[ROLES]\nname = {{ en = "Roles" }}\n[ROLES.concept.GEO]\nname = {{ en = "Geo" }}\n'
    text = STRUCTURE_TOML.replace('id = "SEX"', 'id = "SEX"\nroles = ["MADE_UP:ROLES(1.0).GEO"]', 1)
    text = text.replace('id = "NOTE"', 'id = "NOTE"\nmeasures = ["OBS_VALUE"]', 1)
    files: dict[str, str | None] = {"concepts.toml": concepts, "structures/CRIME.toml": text}
    components = loaded(tmp_path, files, DataStructure).components
    assert components["SEX"].roles == (Urn(Kind.CONCEPT_SCHEME, "MADE_UP", "ROLES", "1.0", "GEO"),)
    wrong = {**files, "structures/CRIME.toml": text.replace("ROLES(1.0).GEO", "ROLES(1.0).GEOS")}
    assert told(tmp_path, wrong) == [("unresolved-reference", "structures/CRIME.toml", 12, "did you mean 'GEO'?")]

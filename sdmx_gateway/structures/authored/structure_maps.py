"""Structure maps as they are authored: ``[[structure_map]]`` of ``maps*.toml``, component by component."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from sdmx_gateway.structures.authored.home import Home
from sdmx_gateway.structures.authored.parts import MAP_WORDS, annotated, maintained
from sdmx_gateway.structures.authored.toml_table import Table
from sdmx_gateway.structures.checking.constraints import structure_at
from sdmx_gateway.structures.checking.holding import Holding
from sdmx_gateway.structures.model import ComponentMap, FixedValueMap, Kind, StructureMap, Urn

WORDS: Final = (*MAP_WORDS, "id", "source", "target", "components", "fixed", "fixed_source")
COMPONENT_WORDS: Final = ("source", "target", "map", "annotations")
ENDS: Final[Mapping[str, Kind]] = {"structure": Kind.DATA_STRUCTURE, "dataflow": Kind.DATAFLOW}


def read_structure_maps(root: Table, home: Home) -> Iterator[StructureMap]:
    """Every ``[[structure_map]]`` of a file."""
    for table in root.inner_tables("structure_map", WORDS):
        own_id, said = table.identifier(), maintained(table, comes_from=False)
        source, target = _end(table, "source"), _end(table, "target")
        if own_id is None or source is None or target is None:
            continue
        ends = {"source": source, "target": target}
        found = StructureMap(
            agency=home.agency,
            id=own_id,
            **said,
            source=source,
            target=target,
            components=tuple(_components(table, ends)),
            fixed=(*_fixed(table, "fixed", target), *_fixed(table, "fixed_source", source)),
        )
        table.notes.claim(found.urn, table.where())
        yield found


def _end(table: Table, key: str) -> Urn | None:
    """``{ dataflow = "AGENCY:ID(VERSION)" }`` or ``{ structure = "…" }``."""
    inside = table.inner(key, ENDS)
    if key not in table.values:
        remedy = f'write {key} = {{ dataflow = "AGENCY:ID(VERSION)" }}'
        table.notes.add("missing-word", f"{table.header} has no {key!r}", table.where(), remedy=remedy)
    word = None if inside is None else inside.one_of(ENDS)
    return None if inside is None or word is None else inside.reference(word, ENDS[word])


def _components(table: Table, ends: Mapping[str, Urn]) -> Iterator[ComponentMap]:
    for entry in table.inner_tables("components", COMPONENT_WORDS):
        sides = {key: _ids(entry, key) for key in ends}
        for key, ids in sides.items():
            entry.notes.later.append(partial(_check, entry, key, ids, ends[key]))
        values = entry.reference("map", Kind.REPRESENTATION_MAP)
        yield ComponentMap(
            sources=sides["source"],
            targets=sides["target"],
            representation_map=values,
            annotations=tuple(annotated(entry)),
        )


def _ids(entry: Table, key: str) -> tuple[str, ...]:
    """One component or several."""
    if isinstance(entry.values.get(key), list):
        return entry.ids(key)
    own_id = entry.identifier(key)
    return () if own_id is None else (own_id,)


def _fixed(table: Table, key: str, end: Urn) -> Iterator[FixedValueMap]:
    """Components that always have the same value: ``fixed = { UNIT = "NR" }``."""
    inside = table.inner(key)
    if inside is None:
        return
    for component in inside.values:
        value = inside.text(component)
        inside.notes.later.append(partial(_check, inside, component, (component,), end))
        if value is not None and key == "fixed":
            yield FixedValueMap(target=component, values=(value,))
        elif value is not None:
            yield FixedValueMap(source=component, values=(value,))


def _check(table: Table, key: str, ids: tuple[str, ...], end: Urn, held: Holding) -> None:
    """Note every component that end does not have."""
    structure = structure_at(end, held)
    for component in ids if structure is not None else ():
        if structure is not None and component not in structure.components:
            what = f"{structure.urn.short} has no component {component!r}"
            near = structure.components
            table.notes.add("unresolved-reference", what, table.where(key), near=near, wanted=component)

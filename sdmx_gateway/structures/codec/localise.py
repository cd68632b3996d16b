"""References inside an artefact as SDMX-JSON 1.0 writes them: as URNs (``urn`` in its schema where SDMX-ML 2.1 has local ids).

Reading needs no way back: a reference inside the artefact is read from a URN by its last part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, cast

from sdmx_gateway.structures.codec.artefacts.structure_set import component_urn
from sdmx_gateway.structures.model import (
    Artefact,
    Association,
    ConceptScheme,
    HierarchicalCode,
    HierarchicalCodelist,
    InnerHierarchy,
    Maintainable,
    MetadataStructure,
    OrganisationUnitScheme,
    Process,
    ProcessStep,
    SetItemMap,
    SetStructureMap,
    StructureSet,
)
from sdmx_gateway.structures.urn import Urn


def localised(artefact: Artefact) -> Artefact:
    """The artefact with URNs where SDMX-JSON 1.0 wants them instead of ids."""
    change = _CHANGES.get(type(artefact))
    return artefact if change is None else change(artefact)


def _named(artefact: Maintainable, package: str, item_class: str) -> Callable[[str], str]:
    prefix = f"urn:sdmx:org.sdmx.infomodel.{package}.{item_class}={artefact.urn.short}."
    return lambda own_id: f"{prefix}{own_id}"


def _with_parents(scheme: Any) -> Artefact:
    """Concepts and units of organisations; codes keep the ids of their parents."""
    name = _named(scheme, scheme.KIND.package, scheme.KIND.item_classes[0])
    items = tuple(item if item.parent is None else replace(item, parent=name(item.parent)) for item in scheme.items)
    return cast("Artefact", replace(scheme, items=items))


def _with_levels(codelist: Any) -> Artefact:
    name = _named(codelist, "codelist", "Level")

    def code(each: HierarchicalCode, hierarchy: InnerHierarchy) -> HierarchicalCode:
        level = None if each.level is None else name(f"{hierarchy.id}.{each.level}")
        return replace(each, level=level, codes=tuple(code(below, hierarchy) for below in each.codes))

    hierarchies = tuple(replace(h, codes=tuple(code(each, h) for each in h.codes)) for h in codelist.hierarchies)
    return cast("Artefact", replace(codelist, hierarchies=hierarchies))


def _with_targets(structure: Any) -> Artefact:
    name = _named(structure, "metadatastructure", "MetadataTarget")
    reports = tuple(replace(r, targets=tuple(name(target) for target in r.targets)) for r in structure.reports)
    return cast("Artefact", replace(structure, reports=reports))


def _with_steps(process: Any) -> Artefact:
    name = _named(process, "process", "ProcessStep")

    def step(each: ProcessStep) -> ProcessStep:
        transitions = tuple(replace(t, target=name(t.target)) for t in each.transitions)
        return replace(each, transitions=transitions, steps=tuple(step(below) for below in each.steps))

    return cast("Artefact", replace(process, steps=tuple(step(each) for each in process.steps)))


def _with_members(structure_set: Any) -> Artefact:
    map_name = _named(structure_set, "mapping", "CodelistMap")
    item_maps = tuple(map(_item_map, structure_set.item_maps))
    structure_maps = tuple(_structure_map(each, map_name) for each in structure_set.structure_maps)
    return cast("Artefact", replace(structure_set, item_maps=item_maps, structure_maps=structure_maps))


def _item_map(item_map: SetItemMap) -> SetItemMap:
    def association(each: Association) -> Association:
        return replace(each, source=_item(item_map.source, each.source), target=_item(item_map.target, each.target))

    return replace(item_map, items=tuple(map(association, item_map.items)))


def _item(scheme: Urn, item: str) -> str:
    return str(Urn(scheme.kind, scheme.agency, scheme.id, scheme.version, item))


def _structure_map(structure_map: SetStructureMap, map_name: Callable[[str], str]) -> SetStructureMap:
    def component(each: Any) -> Any:
        values = each.representation
        if values is not None and values.codelist_map is not None:
            values = replace(values, codelist_map=map_name(values.codelist_map))
        return replace(
            each,
            source=component_urn(each.source, structure_map.source),
            target=component_urn(each.target, structure_map.target),
            representation=values,
        )

    return replace(structure_map, components=tuple(map(component, structure_map.components)))


_CHANGES: Final[Mapping[type[Any], Callable[[Any], Artefact]]] = {
    ConceptScheme: _with_parents,
    OrganisationUnitScheme: _with_parents,
    HierarchicalCodelist: _with_levels,
    MetadataStructure: _with_targets,
    Process: _with_steps,
    StructureSet: _with_members,
}

"""Structure sets of SDMX 2.1, each map in them as an artefact of its own.

SDMX 3.0 Section 6, §13 (structure mapping): a structure map has component maps, whose values go through representation maps. A code list
map becomes a representation map between code lists, a value map one between texts; maps of other schemes become scheme maps.
Ids are ours (:mod:`.identity`). Maps to a text format, to the name of a code, and of hierarchical code lists have no counterpart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sdmx_gateway.errors import Problem
from sdmx_gateway.structures.model import (
    Artefact,
    Association,
    CategorySchemeMap,
    ComponentMap,
    ConceptSchemeMap,
    DataType,
    ItemMap,
    ItemSchemeMap,
    MappedSpace,
    MappedValue,
    OrganisationSchemeMap,
    ReportingTaxonomyMap,
    RepresentationMap,
    SetComponentMap,
    SetItemMap,
    SetMapKind,
    SetStructureMap,
    StructureMap,
    StructureSet,
    ValueMapping,
)
from sdmx_gateway.structures.translation.batch import Batch
from sdmx_gateway.structures.translation.identity import freed, kept, lost_of_outer, qualified
from sdmx_gateway.structures.translation.outcome import Outcome, lost, stays, told
from sdmx_gateway.structures.translation.unmapped import taken_back
from sdmx_gateway.structures.urn import Kind, Urn

SCHEME_MAPS: Final[Mapping[SetMapKind, type[ItemSchemeMap]]] = {
    SetMapKind.ORGANISATION: OrganisationSchemeMap,
    SetMapKind.CATEGORY: CategorySchemeMap,
    SetMapKind.CONCEPT: ConceptSchemeMap,
    SetMapKind.REPORTING: ReportingTaxonomyMap,
}
TEXT: Final = MappedSpace(data_type=DataType.STRING)
"""What a value map is between: texts, of whatever type the components are."""


def of_structure_set(artefact: StructureSet, batch: Batch) -> Outcome:  # noqa: ARG001
    """Each map of the set as an artefact."""
    if not (artefact.item_maps or artefact.structure_maps):
        return stays(artefact, "it holds no map, and there is nothing it could become in SDMX 3")
    taken_apart = _Apart(artefact, alone=len(artefact.item_maps) + len(artefact.structure_maps) == 1)
    return taken_apart.outcome()


@dataclass(frozen=True)
class _Apart:
    """A structure set being taken apart."""

    set: StructureSet
    alone: bool

    def outcome(self) -> Outcome:
        """The maps it held, with what cannot be said of them."""
        made: list[Artefact] = []
        notes: list[Problem] = []
        renamed: list[tuple[Urn, Urn]] = []
        for item_map in self.set.item_maps:
            new = self._items(item_map)
            if new is None:
                notes.append(
                    lost(self.set.urn, f"{item_map.id} maps hierarchical codes, which SDMX 3 does not: it is dropped")
                )
                continue
            made.append(new)
            renamed.append((self._inside(item_map.id, item_map.kind.value), new.urn))
        for structure_map in self.set.structure_maps:
            new_map = self._structures(structure_map)
            made += [new_map, *self._values(structure_map)]
            renamed.append((self._inside(structure_map.id, "StructureMap"), new_map.urn))
            notes += self._lost(structure_map)
        told_of = [
            told(self.set.urn, f"its map {old.item} becomes {new.kind.value} {new.short}") for old, new in renamed
        ]
        notes = [
            *told_of,
            *notes,
            *lost_of_outer(self.set, (*self.set.item_maps, *self.set.structure_maps)),
            *self._related(),
        ]
        if self.alone and len(renamed) == 1:
            renamed.append((self.set.urn, renamed[0][1]))
        return Outcome(artefacts=tuple(made), notes=tuple(notes), renamed=tuple(renamed))

    def _inside(self, item: str, item_class: str) -> Urn:
        return Urn(self.set.KIND, self.set.agency, self.set.id, self.set.version, item, item_class)

    def _id(self, inner: str) -> str:
        return self.set.id if self.alone else qualified(self.set.id, inner)

    def _items(self, item_map: SetItemMap) -> RepresentationMap | ItemSchemeMap | None:
        said = freed(self.set, item_map, alone=self.alone)
        if item_map.kind in SCHEME_MAPS:
            items = tuple(
                ItemMap(source=MappedValue(a.source), target=a.target, annotations=a.annotations)
                for a in item_map.items
            )
            return SCHEME_MAPS[item_map.kind](**said, source=item_map.source, target=item_map.target, items=items)
        if not _is_of_codes(item_map):
            return None
        own, unmapped = taken_back(said["annotations"])
        return RepresentationMap(
            **said | {"annotations": own},
            sources=(MappedSpace(codelist=item_map.source),),
            targets=(MappedSpace(codelist=item_map.target),),
            mappings=(*map(_row, item_map.items), *unmapped),
        )

    def _structures(self, structure_map: SetStructureMap) -> StructureMap:
        components = (self._component(structure_map, component) for component in structure_map.components)
        return StructureMap(
            **freed(self.set, structure_map, alone=self.alone),
            source=structure_map.source,
            target=structure_map.target,
            components=tuple(component for component in components if component is not None),
        )

    def _component(self, structure_map: SetStructureMap, component: SetComponentMap) -> ComponentMap | None:
        through: Urn | None = None
        said = component.representation
        if said is not None:
            known = [each.id for each in self.set.item_maps if _is_of_codes(each)]
            if said.codelist_map in known:
                own_id = self._id(said.codelist_map)
            elif said.values:
                own_id = self._values_id(structure_map, component)
            else:
                return None
            through = Urn(Kind.REPRESENTATION_MAP, self.set.agency, own_id, self.set.version)
        return ComponentMap(
            sources=(component.source.id,),
            targets=(component.target.id,),
            representation_map=through,
            annotations=component.annotations,
        )

    def _values_id(self, structure_map: SetStructureMap, component: SetComponentMap) -> str:
        return f"{self._id(structure_map.id)}_{component.source.id}_{component.target.id}"

    def _values(self, structure_map: SetStructureMap) -> Iterator[RepresentationMap]:
        names = structure_map.names or self.set.names
        for component in structure_map.components:
            values = () if component.representation is None else component.representation.values
            if values:
                own = {"id": self._values_id(structure_map, component), "names": names, "annotations": (), "links": ()}
                yield RepresentationMap(
                    **kept(self.set, **own, descriptions=type(names)(), uri=None),
                    sources=(TEXT,),
                    targets=(TEXT,),
                    mappings=tuple(ValueMapping(sources=(MappedValue(s),), targets=(t,)) for s, t in values),
                )

    def _lost(self, structure_map: SetStructureMap) -> Iterator[Problem]:
        if structure_map.is_extension:
            yield lost(self.set.urn, f"SDMX 3 does not say that the source of {structure_map.id} extends its target")
        for component in structure_map.components:
            if self._component(structure_map, component) is None:
                what = f"{structure_map.id} maps {component.source.id} to {component.target.id} in a way SDMX 3 does not have"
                yield lost(self.set.urn, f"{what}: that is dropped")

    def _related(self) -> Iterator[Problem]:
        mapped = {urn for each in self.set.structure_maps for urn in (each.source, each.target)}
        left = [urn.short for urn in self.set.related if urn not in mapped]
        if left:
            yield lost(self.set.urn, f"SDMX 3 does not say that these are related: {', '.join(left)}")


def _row(item: Association) -> ValueMapping:
    return ValueMapping(sources=(MappedValue(item.source),), targets=(item.target,), annotations=item.annotations)


def _is_of_codes(item_map: SetItemMap) -> bool:
    """Whether it maps codes of one code list to codes of another."""
    both = {item_map.source.kind, item_map.target.kind}
    return item_map.kind in {SetMapKind.CODELIST, SetMapKind.HYBRID} and both == {Kind.CODELIST}

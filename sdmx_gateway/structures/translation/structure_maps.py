"""Maps of SDMX 3 as structure sets of 2.1, as far as 2.1 has such maps.

A structure map becomes a set that holds it with the representation maps it uses, if these are translated with it; a representation map
that none uses, or a scheme map, becomes a set that holds it alone. What 2.1 cannot map stays as it is: several components at a
time, fixed values, dates, regular expressions, parts of values, validity (SDMX 3.0 Section 6, §13; 2.1 SDMXStructureStructureSet.xsd).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, TypeVar

from sdmx_gateway.errors import Problem
from sdmx_gateway.structures.model import (
    Association,
    ComponentMap,
    ItemMap,
    ItemSchemeMap,
    RepresentationMap,
    SetComponentMap,
    SetItemMap,
    SetMapKind,
    SetRepresentation,
    SetStructureMap,
    StructureMap,
    StructureSet,
    ValueMapping,
)
from sdmx_gateway.structures.translation.batch import Batch
from sdmx_gateway.structures.translation.components import component as component_of
from sdmx_gateway.structures.translation.identity import kept
from sdmx_gateway.structures.translation.outcome import Outcome, becomes, lost, stays, told
from sdmx_gateway.structures.translation.structure_sets import SCHEME_MAPS, TEXT
from sdmx_gateway.structures.translation.unmapped import NOT_MAPPED, aside, is_unmapped
from sdmx_gateway.structures.urn import Kind

V = TypeVar("V")

_KINDS: Final[Mapping[type[ItemSchemeMap], SetMapKind]] = {of: kind for kind, of in SCHEME_MAPS.items()}


def of_structure_map(artefact: StructureMap, batch: Batch) -> Outcome:
    """A structure map with its representation maps, as one set."""
    reasons = list(dict.fromkeys(_of_structure_map(artefact, batch)))
    if reasons or artefact.source is None or artefact.target is None:
        return stays(artefact, "; ".join(reasons) or "it does not say what it maps")
    used = [found for component in artefact.components if (found := _used(component, batch)) is not None]
    code_maps = {found.urn: _item_map(found, SetMapKind.CODELIST) for found in used if _is_of_codes(found)}
    code_notes = [note for urn in code_maps for note in _unmapped(_known(batch.find(urn, RepresentationMap)))]
    inner = SetStructureMap(
        id=artefact.id,
        names=artefact.names,
        descriptions=artefact.descriptions,
        source=artefact.source,
        target=artefact.target,
        components=tuple(_component(artefact, component, batch) for component in artefact.components),
    )
    new = StructureSet(**kept(artefact), item_maps=tuple(code_maps.values()), structure_maps=(inner,))
    notes = [note for found in dict.fromkeys(used) if not _is_of_codes(found) for note in _of_values(artefact, found)]
    return becomes(artefact, new, *code_notes, *notes)


def of_representation_map(artefact: RepresentationMap, batch: Batch) -> Outcome:
    """A representation map in the sets of the structure maps that use it, or else in one of its own."""
    users = [m for m in batch.of(StructureMap) if _uses(m, artefact) and not any(_of_structure_map(m, batch))]
    if users:
        what = (
            f"RepresentationMap {artefact.urn.short} lies in the structure sets {', '.join(m.urn.short for m in users)}"
        )
        return Outcome(notes=(told(artefact.urn, what),))
    reasons = list(dict.fromkeys(_of_representation_map(artefact)))
    if not _is_of_codes(artefact):
        reasons.append("beside component maps, SDMX 2.1 maps codes of code lists only")
    if reasons:
        return stays(artefact, "; ".join(reasons))
    held = replace(_item_map(artefact, SetMapKind.CODELIST), annotations=aside(artefact.mappings))
    return becomes(artefact, StructureSet(**kept(artefact), item_maps=(held,)), *_unmapped(artefact))


def of_scheme_map(artefact: ItemSchemeMap, batch: Batch) -> Outcome:  # noqa: ARG001
    """A map between schemes, in a set of its own."""
    pairs = [_pair(item) for item in artefact.items]
    if artefact.source is None or artefact.target is None or not pairs or None in pairs:
        return stays(artefact, "SDMX 2.1 maps items one to one, at any time, and by their ids only")
    held = SetItemMap(
        kind=_KINDS[type(artefact)],
        id=artefact.id,
        names=artefact.names,
        descriptions=artefact.descriptions,
        source=artefact.source,
        target=artefact.target,
        items=tuple(pair for pair in pairs if pair is not None),
    )
    return becomes(artefact, StructureSet(**kept(artefact), item_maps=(held,)))


def _uses(user: StructureMap, artefact: RepresentationMap) -> bool:
    return any(component.representation_map == artefact.urn for component in user.components)


def _pair(item: ItemMap) -> Association | None:
    source = item.source
    if (
        source.is_regex
        or (source.start, source.end, item.valid_from, item.valid_to) != (None,) * 4
        or item.target is None
    ):
        return None
    return Association(source=source.value, target=item.target, annotations=item.annotations)


def _of_structure_map(artefact: StructureMap, batch: Batch) -> Iterator[str]:
    if artefact.epochs or artefact.date_patterns or artefact.frequency_formats:
        yield "SDMX 2.1 does not map dates"
    if artefact.fixed:
        yield "SDMX 2.1 does not map to fixed values"
    if not artefact.components:
        yield "a structure map of SDMX 2.1 maps some component"
    for component in artefact.components:
        yield from _of_component(artefact, component, batch)
    used = {found.urn for component in artefact.components if (found := _used(component, batch)) is not None}
    if len({urn.id for urn in used}) < len(used):
        yield "two of the representation maps it uses have one id, which is all that names them in SDMX 2.1"


def _of_component(artefact: StructureMap, component: ComponentMap, batch: Batch) -> Iterator[str]:
    if (len(component.sources), len(component.targets)) != (1, 1):
        what = f"{', '.join(component.sources)} to {', '.join(component.targets)}"
        yield f"SDMX 2.1 maps components one to one, not {what}"
    for of, names in ((artefact.source, component.sources), (artefact.target, component.targets)):
        unknown = [name for name in names if component_of(of, name, batch) is None]
        if unknown:
            yield f"SDMX 2.1 wants to know what {', '.join(unknown)} is, and the structure is not translated with it"
    found = _used(component, batch)
    if component.representation_map is not None and found is None:
        yield f"{component.representation_map.short}, which it uses, is not among what is translated with it"
    if found is not None:
        yield from _of_representation_map(found)


def _of_representation_map(artefact: RepresentationMap) -> Iterator[str]:
    if (len(artefact.sources), len(artefact.targets)) != (1, 1):
        yield f"{artefact.id} maps several values at a time"
    if not any(mapping.targets for mapping in artefact.mappings):
        yield f"{artefact.id} maps no value"
    if any(_values(mapping) is None and not is_unmapped(mapping) for mapping in artefact.mappings):
        yield f"{artefact.id} maps more than one value to one: patterns, parts of values, or values within dates"


def _values(mapping: ValueMapping) -> tuple[str, str] | None:
    """The value and what it becomes; ``None`` when that is not all there is to it."""
    if (len(mapping.sources), len(mapping.targets), mapping.valid_from, mapping.valid_to) != (1, 1, None, None):
        return None
    source = mapping.sources[0]
    return None if source.is_regex or (source.start, source.end) != (None, None) else (source.value, mapping.targets[0])


def _used(component: ComponentMap, batch: Batch) -> RepresentationMap | None:
    return batch.find(component.representation_map, RepresentationMap)


def _is_of_codes(artefact: RepresentationMap) -> bool:
    spaces = (*artefact.sources, *artefact.targets)
    return all(space.codelist is not None and space.codelist.kind is Kind.CODELIST for space in spaces)


def _component(artefact: StructureMap, component: ComponentMap, batch: Batch) -> SetComponentMap:
    found = _used(component, batch)
    said: SetRepresentation | None = None
    if found is not None:
        pairs = tuple(pair for mapping in found.mappings if (pair := _values(mapping)) is not None)
        said = SetRepresentation(codelist_map=found.id) if _is_of_codes(found) else SetRepresentation(values=pairs)
    return SetComponentMap(
        source=_known(component_of(artefact.source, component.sources[0], batch)),
        target=_known(component_of(artefact.target, component.targets[0], batch)),
        representation=said,
        annotations=component.annotations,
    )


def _item_map(artefact: RepresentationMap, kind: SetMapKind) -> SetItemMap:
    pairs = ((mapping, _values(mapping)) for mapping in artefact.mappings)
    return SetItemMap(
        kind=kind,
        id=artefact.id,
        names=artefact.names,
        descriptions=artefact.descriptions,
        annotations=(*artefact.annotations, *aside(artefact.mappings)),
        source=_known(artefact.sources[0].codelist),
        target=_known(artefact.targets[0].codelist),
        items=tuple(
            Association(source=p[0], target=p[1], annotations=m.annotations) for m, p in pairs if p is not None
        ),
    )


def _unmapped(artefact: RepresentationMap) -> Iterator[Problem]:
    """That values mapped to nothing are said in another way."""
    number = sum(is_unmapped(mapping) for mapping in artefact.mappings)
    if number:
        what = (
            f"SDMX 2.1 has no rows without a target: values mapped to nothing are named in its annotations {NOT_MAPPED}"
        )
        yield told(artefact.urn, what, number)


def _known(value: V | None) -> V:
    """A value that is there, as was seen before."""
    assert value is not None
    return value


def _of_values(user: StructureMap, artefact: RepresentationMap) -> Iterator[Problem]:
    """What a value map does not say of a representation map."""
    said = []
    if artefact.sources[0] != TEXT or artefact.targets[0] != TEXT:
        said.append("the types or code lists of its values")
    if artefact.names != user.names:
        said.append("its names")
    if artefact.descriptions or artefact.annotations or any(mapping.annotations for mapping in artefact.mappings):
        said.append("its descriptions and annotations")
    if any(is_unmapped(mapping) for mapping in artefact.mappings):
        said.append("what is mapped to nothing")
    if said:
        yield lost(
            artefact.urn, f"it becomes a list of values in {user.urn.short}, which does not say {', '.join(said)}"
        )

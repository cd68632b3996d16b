"""Whether lists that extend others, hierarchies and maps speak of codes and components there are.

References to items are told with the other references (:mod:`.integrity`). Here is what is named without a URN: the codes an
extension selects, the levels of a hierarchy, the values of a map. One sentence tells all that is wrong of one sort.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any, Final, cast

from sdmx_gateway.errors import Problem, StructureError, Where
from sdmx_gateway.structures.checking.constraints import structure_at
from sdmx_gateway.structures.checking.holding import Holding, item_ids, level_ids, named, nearest
from sdmx_gateway.structures.extension import taken
from sdmx_gateway.structures.model import (
    Artefact,
    Code,
    Codelist,
    CodelistExtension,
    DataStructure,
    HierarchicalCode,
    HierarchicalCodelist,
    Hierarchy,
    Item,
    ItemScheme,
    ItemSchemeMap,
    MappedSpace,
    RepresentationMap,
    StructureMap,
    StructureSet,
    Urn,
)
from sdmx_gateway.structures.selection import WILDCARD, selected


def content_problems(artefact: Artefact, held: Holding) -> Iterator[Problem]:
    """Everything the artefact names in vain."""
    where = Where(key=str(artefact.urn))
    for of, problems in _CHECKS.items():
        if isinstance(artefact, of):
            yield from problems(artefact, held, where)


def _none_of(what: str, wrong: Collection[str], known: Collection[str], of: str, where: Where) -> Problem:
    first = next(iter(wrong))
    are = "is not in" if len(wrong) == 1 else "are not in"
    return Problem(
        "unresolved-reference", f"{what}{named(wrong)} {are} {of}", where, remedy=nearest(first, known), value=first
    )


def _extensions(codelist: Codelist, held: Holding, where: Where) -> Iterator[Problem]:
    """Lists in a circle, codes selected that there are not, and codes that two lists give for different things."""
    if not codelist.extensions:
        return
    try:
        held.enumeration(codelist.urn)
    except StructureError as error:
        if held_all(codelist.extensions, held):
            yield Problem("parent-cycle", error.what, where, remedy=error.remedy)
        return
    given: list[tuple[str, Mapping[str, Code]]] = []
    for extension in codelist.extensions:
        source = held.enumeration(extension.codelist)
        if not source.is_partial:
            yield from _selections(extension, source, where)
        given.append((source.urn.short, {code.id: code for code in taken(source, extension)}))
    for (first, one), (second, other) in combinations(given, 2):
        clashing = [ident for ident in one if ident in other and _differ(one[ident], other[ident], codelist)]
        if clashing:
            yield _clash(clashing, first, second, where)


def held_all(extensions: Iterable[CodelistExtension], held: Holding) -> bool:
    """Whether every list that is extended, at whatever depth, is held."""
    waiting, seen = [extension.codelist for extension in extensions], set[Urn]()
    while waiting:
        found = held.bound(waiting.pop())
        if found is None:
            return False
        if found.urn not in seen:
            seen.add(found.urn)
            waiting += [extension.codelist for extension in getattr(found, "extensions", ())]
    return True


def _differ(one: Code, other: Code, codelist: Codelist) -> bool:
    """Whether two codes of one id mean different things; one that the list defines itself is meant as it says."""
    return one.id not in codelist.by_id and one.names != other.names


def _clash(codes: Collection[str], first: str, second: str, where: Where) -> Problem:
    return Problem(
        "clashing-codes",
        f"{named(codes)} {'comes' if len(codes) == 1 else 'come'} from {first} and, for something else, from {second}",
        where,
        why="of two codes with one id the later list's is kept, and the other is lost",
        remedy="give one of the extensions a prefix, or leave the codes out of one",
        value=next(iter(codes)),
    )


def _selections(extension: CodelistExtension, source: Codelist, where: Where) -> Iterator[Problem]:
    scheme = cast("ItemScheme[Item]", source)
    wishes = (*extension.inclusive, *extension.exclusive)
    missing = [
        wish.value
        for wish in wishes
        if (not selected(scheme, [wish]) if WILDCARD in wish.value else wish.value not in source.by_id)
    ]
    if missing:
        yield _none_of("it takes codes that are not there: ", missing, source.by_id, source.urn.short, where)


def _hierarchy(hierarchy: Hierarchy, _held: Holding, where: Where) -> Iterator[Problem]:
    levels = list(level_ids(hierarchy))
    wrong = dict.fromkeys(c.level for c in _all_codes(hierarchy.codes) if c.level and c.level not in levels)
    if wrong:
        yield _none_of("levels of codes: ", wrong, levels, f"{hierarchy.urn.short}'s levels", where)


def _all_codes(codes: Iterable[HierarchicalCode]) -> Iterator[HierarchicalCode]:
    for code in codes:
        yield code
        yield from _all_codes(code.codes)


def _hierarchical_codelist(artefact: HierarchicalCodelist, held: Holding, where: Where) -> Iterator[Problem]:
    """Codes that are named by the alias of their list (SDMX 2.1)."""
    included = {each.alias: each.codelist for each in artefact.codelists if each.alias}
    wrong: dict[str, dict[str, None]] = {}
    for inner in artefact.hierarchies:
        for code in _all_codes(inner.codes):
            if code.code is None and code.alias is not None and code.code_id is not None:
                wrong.setdefault(code.alias, {})[code.code_id] = None
    for alias, codes in wrong.items():
        if alias not in included:
            yield _none_of("list aliases: ", [alias], included, f"{artefact.urn.short}'s lists", where)
            continue
        known = _known(included[alias], held)
        missing = [] if known is None else [code for code in codes if code not in known]
        if missing and known is not None:
            yield _none_of("codes of the hierarchy: ", missing, known, included[alias].short, where)


def _known(urn: Urn | None, held: Holding) -> Collection[str] | None:
    """The ids there are in what a reference means; ``None`` when that is not known."""
    found = None if urn is None else held.bound(urn)
    try:
        return None if found is None else item_ids(found, held)
    except StructureError:
        return None


def _representation_map(artefact: RepresentationMap, held: Holding, where: Where) -> Iterator[Problem]:
    for side, spaces in (("source", artefact.sources), ("target", artefact.targets)):
        for place, space in enumerate(spaces):
            known = _known(space.codelist, held)
            if known is not None:
                values = _column(artefact, side, place)
                missing = [value for value in values if value not in known]
                if missing:
                    yield _none_of(f"{side} values: ", missing, known, _name(space), where)


def _column(artefact: RepresentationMap, side: str, place: int) -> Iterable[str]:
    """The plain values of one column of a map, each once; regular expressions and parts of values are not looked at."""
    if side == "target":
        return dict.fromkeys(row.targets[place] for row in artefact.mappings if place < len(row.targets))
    cells = (row.sources[place] for row in artefact.mappings if place < len(row.sources))
    return dict.fromkeys(cell.value for cell in cells if not cell.is_regex and cell.start is None and cell.end is None)


def _name(space: MappedSpace) -> str:
    return space.codelist.short if space.codelist else "the list"


def _item_scheme_map(artefact: ItemSchemeMap, held: Holding, where: Where) -> Iterator[Problem]:
    sources = [row.source.value for row in artefact.items if not row.source.is_regex and row.source.start is None]
    targets = [row.target for row in artefact.items if row.target is not None]
    yield from _mapped(((artefact.source, sources), (artefact.target, targets)), held, where)


def _mapped(sides: Iterable[tuple[Urn | None, Iterable[str]]], held: Holding, where: Where) -> Iterator[Problem]:
    for urn, values in sides:
        known = _known(urn, held)
        missing = {} if known is None else dict.fromkeys(value for value in values if value not in known)
        if missing and known is not None and urn is not None:
            yield _none_of("mapped items: ", missing, known, urn.short, where)


def _structure_map(artefact: StructureMap, held: Holding, where: Where) -> Iterator[Problem]:
    dates = [*artefact.epochs, *artefact.date_patterns]
    sources = [name for each in artefact.components for name in each.sources]
    targets = [name for each in artefact.components for name in each.targets]
    sources += [source for each in dates for source, _ in each.components]
    targets += [target for each in dates for _, target in each.components]
    sources += [each.source for each in artefact.fixed if each.source]
    targets += [each.target for each in artefact.fixed if each.target]
    for urn, names in ((artefact.source, sources), (artefact.target, targets)):
        structure = structure_at(urn, held)
        yield from _no_components(structure, names, where)


def _no_components(structure: DataStructure | None, names: Iterable[str], where: Where) -> Iterator[Problem]:
    wrong = {} if structure is None else dict.fromkeys(name for name in names if name not in structure.components)
    if wrong and structure is not None:
        yield _none_of("mapped components: ", wrong, structure.components, structure.urn.short, where)


def _structure_set(artefact: StructureSet, held: Holding, where: Where) -> Iterator[Problem]:
    for items in artefact.item_maps:
        pairs = [(row.source, row.target) for row in items.items]
        sides = ((items.source, [s for s, _ in pairs]), (items.target, [t for _, t in pairs]))
        yield from _mapped(sides, held, where)
    for structures in artefact.structure_maps:
        rows = structures.components
        for urn, names in (
            (structures.source, [row.source.id for row in rows if row.source.container is None]),
            (structures.target, [row.target.id for row in rows if row.target.container is None]),
        ):
            yield from _no_components(structure_at(urn, held), names, where)


_CHECKS: Final[Mapping[type[Artefact], Callable[[Any, Holding, Where], Iterator[Problem]]]] = {
    Codelist: _extensions,
    Hierarchy: _hierarchy,
    HierarchicalCodelist: _hierarchical_codelist,
    RepresentationMap: _representation_map,
    ItemSchemeMap: _item_scheme_map,
    StructureMap: _structure_map,
    StructureSet: _structure_set,
}

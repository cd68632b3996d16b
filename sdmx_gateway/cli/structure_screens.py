"""What ``structures show`` prints of each kind of artefact: tables for lists, lines one under the other for trees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from sdmx_gateway.cli.screen import figure, line, table
from sdmx_gateway.errors import StructureError
from sdmx_gateway.structures import Catalogue
from sdmx_gateway.structures.comparison.values import shown
from sdmx_gateway.structures.comparison.words import part
from sdmx_gateway.structures.model import (
    Artefact,
    CategoryScheme,
    Codelist,
    Component,
    ConceptScheme,
    ContentConstraint,
    CubeRegion,
    DataConstraint,
    Dataflow,
    DataKey,
    DataStructure,
    HierarchicalCode,
    HierarchicalCodelist,
    Hierarchy,
    ItemScheme,
    ItemSchemeMap,
    Maintainable,
    MemberSelection,
    MetadataStructure,
    Process,
    ReportingTaxonomy,
    RepresentationMap,
    StructureMap,
    TransformationScheme,
    ValueList,
)
from sdmx_gateway.structures.references import references

Names = tuple[str, ...]
_OWN: Final = frozenset(field.name for field in fields(Maintainable))
_SHOWN_CODES: Final = 12


@dataclass(frozen=True)
class Screen:
    """Where things are printed: what is held, and how many rows of anything are printed at most (0: all)."""

    catalogue: Catalogue
    limit: int = 0

    def rows(self, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """A table, cut at the limit."""
        kept = rows[: self.limit] if self.limit else rows
        if rows:
            table(heads, kept)
        self.more(len(rows) - len(kept))

    def lines(self, texts: Iterable[str]) -> None:
        """Lines, cut at the limit."""
        every = list(texts)
        kept = every[: self.limit] if self.limit else every
        for text in kept:
            line(text)
        self.more(len(every) - len(kept))

    def more(self, number: int) -> None:
        """How many are not printed."""
        if number > 0:
            line(f"… and {figure(number)} more: --limit 0 prints all", "dim")

    def artefact(self, artefact: Artefact) -> None:
        """What an artefact holds."""
        name = artefact.names.best("fr", "en") or ""
        line(f"{artefact.KIND.value} {artefact.urn.short}  {name}", "bold")
        for text in _about(artefact):
            line(f"  {text}", "dim")
        if artefact.is_external_reference:
            line("  is kept elsewhere, and only named here")
            return
        show = next((show for of, show in _SCREENS.items() if isinstance(artefact, of)), _plain)
        show(self, artefact)


def _about(artefact: Artefact) -> Iterator[str]:
    if artefact.descriptions:
        yield artefact.descriptions.best("fr", "en") or ""
    if artefact.is_final:
        yield "is final"
    if artefact.valid_from or artefact.valid_to:
        yield f"valid from {shown(artefact.valid_from)[1]} to {shown(artefact.valid_to)[1]}"


def _named(names: Any) -> tuple[str, str]:
    return names.best("fr") or "", names.best("en") or ""


def _items(screen: Screen, scheme: ItemScheme[Any]) -> None:
    for extension in getattr(scheme, "extensions", ()):
        selection = extension.inclusive or extension.exclusive
        which = (
            f", {'only' if extension.inclusive else 'without'} {_codes(s.value for s in selection)}"
            if selection
            else ""
        )
        prefix = f", as {extension.prefix}…" if extension.prefix else ""
        line(f"  extends {extension.codelist.short}{prefix}{which}")
    whole = screen.catalogue.resolved(scheme)
    assert isinstance(whole, ItemScheme)
    screen.rows(("id", "parent", "fr", "en"), [(i.id, i.parent, *_named(i.names)) for i in whole.items])


def _codes(values: Iterable[str]) -> str:
    every = list(values)
    more = len(every) - _SHOWN_CODES
    return ", ".join(every[:_SHOWN_CODES]) + (f" and {more} more" if more > 0 else "")


def _concepts(screen: Screen, scheme: ConceptScheme) -> None:
    rows = [(c.id, shown(c.representation)[1], *_named(c.names)) for c in scheme.items]
    screen.rows(("id", "values", "fr", "en"), rows)


def _values(screen: Screen, values: ValueList) -> None:
    screen.rows(("value", "fr", "en"), [(item.id, *_named(item.names)) for item in values.items])


def _dataflow(screen: Screen, flow: Dataflow) -> None:
    try:
        structure = screen.catalogue.structure_of(flow)
        narrowed = screen.catalogue.lists_of(flow)
    except StructureError as error:
        line(f"  {error.what}", "yellow")
        return
    line(f"  structure {structure.urn.short}")
    _structure(screen, structure, narrowed)


def _structure(screen: Screen, structure: DataStructure, lists: Mapping[str, Codelist] | None = None) -> None:
    roles = {**{d.id: "dimension" for d in structure.dimensions}, **{m.id: "measure" for m in structure.measures}}
    attached = {a.id: shown(a.relationship)[1] for a in structure.attributes}
    rows = [
        (ident, roles.get(ident, "attribute"), attached.get(ident), _allowed(screen, c, lists), c.concept.short)
        for ident, c in structure.components.items()
    ]
    table(("component", "role", "attached to", "values", "concept"), rows)
    for group in structure.groups:
        line(f"group {group.id}: {', '.join(group.dimensions)}")


def _allowed(screen: Screen, component: Component, lists: Mapping[str, Codelist] | None) -> str:
    urn = component.representation.codelist
    if urn is None:
        return component.representation.data_type.value
    whole = screen.catalogue.codelist_of(component) if urn in screen.catalogue else None
    if whole is None:
        return f"{urn.short}, not held"
    left = lists.get(component.id) if lists else None
    codes = (
        f"{figure(len(left))} of {figure(len(whole))}" if left is not None and len(left) < len(whole) else len(whole)
    )
    return f"{whole.urn.short}, {codes if isinstance(codes, str) else figure(codes)} codes"


def _tree(values: Iterable[Any], inner: str, text: Callable[[Any], str], depth: int = 0) -> Iterator[str]:
    for value in values:
        yield f"{'  ' * depth}{text(value)}"
        yield from _tree(getattr(value, inner), inner, text, depth + 1)


def _titled(value: Any) -> str:
    return f"{value.id}  {value.names.best('fr', 'en') or ''}".rstrip()


def _categories(screen: Screen, scheme: CategoryScheme | ReportingTaxonomy) -> None:
    screen.lines(_tree(scheme.categories, "categories", _titled))
    placed = [p for p in screen.catalogue.parents(scheme) if hasattr(p, "target")]
    for categorisation in placed[: screen.limit or None]:
        source, target = getattr(categorisation, "source", None), getattr(categorisation, "target", None)
        if source is not None and target is not None:
            line(f"{target.item or ''} ← {source.class_name} {source.short}", "dim")


def _hierarchy(screen: Screen, hierarchy: Hierarchy) -> None:
    level = hierarchy.level
    while level is not None:
        line(f"  level {_titled(level)}", "dim")
        level = level.below
    screen.lines(_tree(hierarchy.codes, "codes", _code_text(screen)))


def _code_text(screen: Screen) -> Callable[[HierarchicalCode], str]:
    def text(code: HierarchicalCode) -> str:
        level = f"  [{code.level}]" if code.level else ""
        if code.code is None:
            return f"{code.id}  {code.alias or ''}.{code.code_id or ''}{level}"
        scheme = screen.catalogue.bound(code.code)
        item = scheme.by_id.get(code.code.item or "") if isinstance(scheme, ItemScheme) else None
        name = code.code.short if item is None else item.names.best("fr", "en") or code.code.short
        return f"{code.id}  {name}{level}"

    return text


def _hierarchical_codelist(screen: Screen, artefact: HierarchicalCodelist) -> None:
    for included in artefact.codelists:
        line(f"  {included.alias or ''} = {included.codelist.short}")
    for hierarchy in artefact.hierarchies:
        line(_titled(hierarchy), "bold")
        screen.lines(_tree(hierarchy.codes, "codes", _code_text(screen)))


def _constraint(screen: Screen, constraint: DataConstraint | ContentConstraint) -> None:
    attached = constraint.attachment.artefacts if constraint.attachment else ()
    line(f"  says what is {constraint.role.value.lower()} in {', '.join(urn.short for urn in attached) or 'nothing'}")
    for region in constraint.regions:
        line(f"{'only' if region.is_included else 'not'} where", "bold")
        screen.lines(_selections(region))
    for keys in constraint.key_sets:
        line(f"{'only' if keys.is_included else 'not'} the keys", "bold")
        screen.lines("  " + ", ".join(_selections(key)) for key in keys.keys)


def _selections(part_of_space: CubeRegion | DataKey) -> Iterator[str]:
    for selection in (*part_of_space.keys, *part_of_space.components):
        yield f"{selection.component} {_said(selection)}"


def _said(selection: MemberSelection) -> str:
    sign = "is" if selection.is_included else "is not"
    if selection.time_range is not None:
        return f"{sign} {shown(selection.time_range)[1]}"
    values = (f"{v.value}{' with what lies under it' if v.cascade else ''}" for v in selection.values)
    return f"{sign} {_codes(values)}" if selection.values else "is there"


def _structure_map(screen: Screen, artefact: StructureMap) -> None:
    line(f"  {shown(artefact.source)[1]} → {shown(artefact.target)[1]}")
    rows = [(_plus(m.sources), _plus(m.targets), shown(m.representation_map)[1]) for m in artefact.components]
    rows += [(each.source or "", each.target or "", f"always {_plus(each.values)}") for each in artefact.fixed]
    dates = (*artefact.epochs, *artefact.date_patterns)
    rows += [
        (source, target, getattr(each, "pattern", "epoch")) for each in dates for source, target in each.components
    ]
    screen.rows(("source", "target", "by"), rows)


def _plus(names: Names) -> str:
    return " + ".join(names)


def _representation_map(screen: Screen, artefact: RepresentationMap) -> None:
    spaces = (
        " + ".join(shown(space.codelist or space.data_type)[1] for space in s)
        for s in (artefact.sources, artefact.targets)
    )
    line(f"  {' → '.join(spaces)}")
    rows = [(_plus(tuple(s.value for s in m.sources)), _plus(m.targets)) for m in artefact.mappings]
    screen.rows(("source", "target"), rows)


def _item_scheme_map(screen: Screen, artefact: ItemSchemeMap) -> None:
    line(f"  {shown(artefact.source)[1]} → {shown(artefact.target)[1]}")
    screen.rows(("source", "target"), [(m.source.value, m.target) for m in artefact.items])


def _metadata_structure(screen: Screen, artefact: MetadataStructure) -> None:
    for attributes in (artefact.attributes, *(report.attributes for report in artefact.reports)):
        screen.lines(_tree(attributes, "attributes", lambda a: f"{a.id}  {a.concept.short}"))


def _process(screen: Screen, artefact: Process) -> None:
    screen.lines(_tree(artefact.steps, "steps", _titled))


def _transformations(screen: Screen, scheme: TransformationScheme) -> None:
    screen.lines(f"{t.result} {'<-' if t.is_persistent else ':='} {t.expression}" for t in scheme.items)


def _plain(screen: Screen, artefact: Artefact) -> None:
    """What there is no screen of its own for: its fields, and what it refers to."""
    for field in fields(artefact):
        value = getattr(artefact, field.name)
        if field.name not in _OWN and value not in (None, (), field.default) and not isinstance(value, tuple):
            line(f"  {part(type(artefact), field.name).en}: {shown(value)[1]}")
    named = dict.fromkeys(f"{target.class_name} {target.short}" for _, target in references(artefact))
    screen.lines(f"  → {name}" for name in named)


_SCREENS: Final[Mapping[type[Artefact], Callable[[Screen, Any], None]]] = {
    ConceptScheme: _concepts,
    TransformationScheme: _transformations,
    ItemScheme: _items,
    ValueList: _values,
    CategoryScheme: _categories,
    ReportingTaxonomy: _categories,
    Hierarchy: _hierarchy,
    HierarchicalCodelist: _hierarchical_codelist,
    Dataflow: _dataflow,
    DataStructure: _structure,
    MetadataStructure: _metadata_structure,
    DataConstraint: _constraint,
    ContentConstraint: _constraint,
    StructureMap: _structure_map,
    RepresentationMap: _representation_map,
    ItemSchemeMap: _item_scheme_map,
    Process: _process,
}

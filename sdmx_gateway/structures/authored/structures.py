"""Data structures and dataflows as they are authored: one ``structures/<ID>.toml`` each.

A component that says nothing of its concept means the one of its own id in the structure's scheme, and one that says
nothing of its values takes the concept's. What comes out is resolved: every component carries its representation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from sdmx_gateway.structures.authored.home import Home
from sdmx_gateway.structures.authored.notes import Held, concept_named
from sdmx_gateway.structures.authored.parts import ARTEFACT_WORDS, annotated, maintained
from sdmx_gateway.structures.authored.toml_table import Table, TomlFile
from sdmx_gateway.structures.authored.values import REPRESENTATION_WORDS, representation
from sdmx_gateway.structures.checking.integrity import structure_problems, wrong_ids
from sdmx_gateway.structures.model import (
    Annotation,
    Attachment,
    Attribute,
    ConceptScheme,
    Dataflow,
    DataStructure,
    DataType,
    Dimension,
    Group,
    Kind,
    Measure,
    Relationship,
    Representation,
    Urn,
)

FILE_WORDS: Final = ("structure", "dimension", "measure", "attribute", "group", "dataflow")
STRUCTURE_WORDS: Final = (*ARTEFACT_WORDS, "id", "concepts")
_COMPONENT_WORDS: Final = ("id", "concept", "roles", "annotations", *REPRESENTATION_WORDS)
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "dimension": (*_COMPONENT_WORDS, "time"),
    "measure": (*_COMPONENT_WORDS, "mandatory"),
    "attribute": (*_COMPONENT_WORDS, "mandatory", "attached_to", "measures"),
    "group": ("id", "dimensions", "annotations"),
    "dataflow": (*ARTEFACT_WORDS, "id"),
}
ATTACHED_TO: Final[Mapping[str, Attachment]] = {
    "observation": Attachment.OBSERVATION,
    "dataset": Attachment.DATASET,
    "series": Attachment.DIMENSIONS,
}
_TIME: Final = Representation(data_type=DataType.OBSERVATIONAL_TIME_PERIOD)

C = TypeVar("C")


@dataclass(frozen=True)
class _Scope:
    """What the components of one structure are read against."""

    scheme: Urn
    held: Held
    key: tuple[str, ...]


def read_structure(file: TomlFile, home: Home, held: Held) -> list[DataStructure | Dataflow]:
    """The structure of one file and its dataflows; empty when the file has no usable ``[structure]``.

    Args:
        file: the file.
        home: the folder of who maintains what it defines.
        held: what is read already, every concept scheme included.
    """
    file.root(FILE_WORDS)
    top = file.table("structure", file.values.get("structure"), STRUCTURE_WORDS)
    if top is None:
        return []
    structure_id, scheme = top.identifier(), top.reference("concepts", Kind.CONCEPT_SCHEME, required=True)
    if structure_id is None or scheme is None:
        return []
    tables = {what: file.tables(what, words) for what, words in WORDS.items()}
    key = tuple(i for table in tables["dimension"] if (i := table.text("id")) and not table.values.get("time"))
    scope = _Scope(scheme, held, key)
    structure = DataStructure(
        agency=home.agency,
        id=structure_id,
        **maintained(top),
        dimensions=_present(_dimension(table, scope) for table in tables["dimension"]),
        measures=_present(_measure(table, scope) for table in tables["measure"]),
        attributes=_present(_attribute(table, scope) for table in tables["attribute"]),
        groups=_present(_group(table) for table in tables["group"]),
    )
    top.notes.claim(structure.urn, top.where())
    top.notes.problems.extend(structure_problems(structure, top.where()))
    top.notes.problems.extend(wrong_ids(structure, top.where()))
    return [structure, *_present(_dataflow(table, home, structure.urn) for table in tables["dataflow"])]


@dataclass(frozen=True)
class _Parts:
    """What every component has, whatever its kind."""

    id: str
    concept: Urn
    representation: Representation
    annotations: tuple[Annotation, ...]
    roles: tuple[Urn, ...]

    @property
    def fields(self) -> dict[str, Any]:
        """Them by name."""
        return vars(self)


def _present(found: Iterable[C | None]) -> tuple[C, ...]:
    return tuple(entry for entry in found if entry is not None)


def _parts(table: Table, scope: _Scope, default: Representation | None = None) -> _Parts | None:
    component_id, own = table.identifier(), representation(table)
    if component_id is None:
        return None
    scheme = scope.scheme
    concept = table.item("concept", Kind.CONCEPT_SCHEME) or Urn(
        scheme.kind, scheme.agency, scheme.id, scheme.version, component_id
    )
    known = concept_named(scope.held, concept)
    if known is None and own is None and default is None:
        near = [urn.short for urn in _concepts(scope.held)]
        text = f"{component_id} takes its values from concept {concept.short}, which does not exist"
        table.notes.add("unresolved-reference", text, table.where("id"), near=near, wanted=concept.short)
    else:
        table.notes.refer(table.where("concept" if "concept" in table.values else "id"), concept)
    core = known.representation if known is not None else None
    values = own or core or default or Representation()
    return _Parts(component_id, concept, values, tuple(annotated(table)), _roles(table))


def _concepts(held: Held) -> Iterator[Urn]:
    """The concepts there are."""
    for urn, scheme in held.items():
        if isinstance(scheme, ConceptScheme):
            yield from (replace(urn, item=concept.id) for concept in scheme.items)


def _roles(table: Table) -> tuple[Urn, ...]:
    """The concepts that say what part a component plays: ``roles = ["SDMX:SDMX_CONCEPT_ROLES(1.0).GEO"]``."""
    if "roles" not in table.values:
        return ()
    found = _present(table.referred_item("roles", Kind.CONCEPT_SCHEME, role) for role in table.ids("roles"))
    for role in found:
        table.notes.refer(table.where("roles"), role)
    return found


def _dimension(table: Table, scope: _Scope) -> Dimension | None:
    is_time = table.flag("time")
    parts = _parts(table, scope, _TIME if is_time else None)
    if parts is None:
        return None
    if parts.representation.max_occurs != 1:
        table.notes.add("wrong-value", f"dimension {parts.id} cannot have several values", table.where("multiple"))
    return Dimension(**parts.fields, is_time=is_time)


def _measure(table: Table, scope: _Scope) -> Measure | None:
    parts = _parts(table, scope)
    if parts is None:
        return None
    return Measure(**parts.fields, mandatory=table.flag("mandatory"))


def _attribute(table: Table, scope: _Scope) -> Attribute | None:
    parts, relationship = _parts(table, scope), _relationship(table, scope.key)
    if parts is None or relationship is None:
        return None
    return Attribute(
        **parts.fields,
        relationship=relationship,
        mandatory=table.flag("mandatory"),
        measures=table.ids("measures") if "measures" in table.values else (),
    )


def _relationship(table: Table, key: tuple[str, ...]) -> Relationship | None:
    """What ``attached_to`` says: a word of ATTACHED_TO, a list of dimensions, or ``{ group = "ID" }``."""
    value = table.values.get("attached_to")
    if isinstance(value, list):
        return Relationship(Attachment.DIMENSIONS, dimensions=table.ids("attached_to"))
    if isinstance(value, dict) and set(value) == {"group"} and isinstance(value["group"], str):
        return Relationship(Attachment.GROUP, group=value["group"])
    word = table.word("attached_to", ATTACHED_TO)
    if value is None:
        table.notes.add("missing-word", "the attribute has no 'attached_to'", table.where(), near=ATTACHED_TO)
    if word is None:
        return None
    attachment = ATTACHED_TO[word]
    return Relationship(attachment, dimensions=key if attachment is Attachment.DIMENSIONS else ())


def _group(table: Table) -> Group | None:
    group_id, dimensions = table.identifier(), table.ids("dimensions")
    return None if group_id is None else Group(group_id, dimensions, tuple(annotated(table)))


def read_dataflows(file: TomlFile, home: Home) -> list[Dataflow]:
    """The dataflows of one ``dataflows*.toml``: flows of structures defined elsewhere, which each of them names."""
    file.root(("dataflow",))
    tables = file.tables("dataflow", (*WORDS["dataflow"], "structure"))
    flows = (_dataflow(t, home, t.reference("structure", Kind.DATA_STRUCTURE, required=True)) for t in tables)
    return list(_present(flows))


def _dataflow(table: Table, home: Home, structure: Urn | None) -> Dataflow | None:
    flow_id, said = table.identifier(), maintained(table)
    if flow_id is None or structure is None:
        return None
    flow = Dataflow(agency=home.agency, id=flow_id, **said, structure=structure)
    table.notes.claim(flow.urn, table.where())
    return flow

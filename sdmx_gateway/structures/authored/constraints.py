"""Data constraints as they are authored: what data a flow, a structure or an agreement may have, in ``constraints*.toml``.

``[data_constraint.include]`` names the values that are allowed, ``[data_constraint.exclude]`` those that are not, component by
component: ``FREQ = ["A"]``, ``ICCS = ["01%"]``, ``ICCS = [{ code = "02", cascade = true }]``, ``TIME_PERIOD = { from = "2008" }``.
Which of the components are dimensions, and which codes they have, is looked up once everything is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final, cast

from sdmx_gateway.errors import StructureError
from sdmx_gateway.structures.authored.extensions import check_codes_named, codes_named
from sdmx_gateway.structures.authored.home import Home
from sdmx_gateway.structures.authored.notes import Held
from sdmx_gateway.structures.authored.parts import ARTEFACT_WORDS, maintained
from sdmx_gateway.structures.authored.toml_table import Table, TomlFile
from sdmx_gateway.structures.checking.holding import Holding
from sdmx_gateway.structures.model import (
    Boundary,
    ConstraintAttachment,
    CubeRegion,
    DataConstraint,
    Dataflow,
    DataStructure,
    Item,
    ItemScheme,
    Kind,
    MemberSelection,
    ProvisionAgreement,
    ReleaseCalendar,
    Role,
    SelectedValue,
    TimeRange,
    Urn,
)

ATTACHMENTS: Final[Mapping[str, Kind]] = {
    "dataflow": Kind.DATAFLOW,
    "structure": Kind.DATA_STRUCTURE,
    "provision_agreement": Kind.PROVISION_AGREEMENT,
}
"""What a constraint may be of."""
REGIONS: Final = {"include": True, "exclude": False}
CONSTRAINT_WORDS: Final = (*ARTEFACT_WORDS, "id", *ATTACHMENTS, "role", *REGIONS, "calendar")
ROLES: Final = {"allowed": Role.ALLOWED, "actual": Role.ACTUAL}
CALENDAR_WORDS: Final = ("periodicity", "offset", "tolerance")
TIME_WORDS: Final = ("from", "to", "after", "before")


def read_constraints(file: TomlFile, home: Home, held: Held) -> Iterator[DataConstraint]:
    """The constraints of one file; ``held`` has the structures they are about."""
    for table in file.root(("data_constraint",)).inner_tables("data_constraint", CONSTRAINT_WORDS):
        own_id, said = table.identifier(), maintained(table)
        targets = tuple(_attachment(table))
        structure = _structure(held, targets[0]) if targets else None
        role = table.word("role", ROLES) or "allowed"
        regions = (_region(table, key, structure) for key in REGIONS)
        if own_id is None or not targets:
            continue
        constraint = DataConstraint(
            agency=home.agency,
            id=own_id,
            **said,
            role=ROLES[role],
            attachment=ConstraintAttachment(artefacts=targets),
            regions=tuple(region for region in regions if region is not None),
            calendar=_calendar(table),
        )
        table.notes.claim(constraint.urn, table.where())
        yield constraint


def _attachment(table: Table) -> Iterator[Urn]:
    """What the constraint is of: one or several artefacts of one kind."""
    key = table.one_of(ATTACHMENTS)
    if key is None:
        return
    names = table.ids(key) if isinstance(table.values[key], list) else (table.text(key),)
    for name in names:
        urn = None if name is None else table.referred(key, ATTACHMENTS[key], name)
        if urn is not None:
            yield urn


def _structure(held: Held, target: Urn) -> DataStructure | None:
    """The structure of what a constraint is of, where it is held."""
    found = held.get(target)
    if isinstance(found, ProvisionAgreement):
        found = None if found.flow is None else held.get(found.flow)
    if isinstance(found, Dataflow):
        found = None if found.structure is None else held.get(found.structure)
    return found if isinstance(found, DataStructure) else None


def _region(table: Table, key: str, structure: DataStructure | None) -> CubeRegion | None:
    inside = table.inner(key)
    if inside is None:
        return None
    selections = [found for name in inside.values if (found := _selection(inside, name, structure)) is not None]
    if structure is not None:
        for selection in selections:
            urn = structure.components[selection.component].representation.codelist
            if urn is not None and selection.values:
                table.notes.later.append(partial(_check_codes, inside, selection, urn))
    others = {c.id for c in (*structure.measures, *structure.attributes)} if structure is not None else set()
    return CubeRegion(
        is_included=REGIONS[key],
        keys=tuple(selection for selection in selections if selection.component not in others),
        components=tuple(selection for selection in selections if selection.component in others),
    )


def _selection(inside: Table, name: str, structure: DataStructure | None) -> MemberSelection | None:
    if structure is not None and name not in structure.components:
        what = f"{structure.urn.short} has no component {name!r}"
        inside.notes.add("unresolved-reference", what, inside.where(name), near=structure.components, wanted=name)
        return None
    if isinstance(inside.values[name], dict):
        time_range = _time_range(inside, name)
        return None if time_range is None else MemberSelection(component=name, time_range=time_range)
    values = tuple(SelectedValue(code.value, code.cascade) for code in codes_named(inside, name))
    return MemberSelection(component=name, values=values) if values else None


def _time_range(inside: Table, name: str) -> TimeRange | None:
    table = inside.inner(name, TIME_WORDS)
    if table is None:
        return None
    lower, upper = _end(table, "from", "after"), _end(table, "to", "before")
    if lower is not None and upper is not None:
        return TimeRange(start=lower, end=upper)
    if lower is None and upper is None:
        inside.misread(name, inside.values[name], 'a range of time: { from = "2008", to = "2020" }')
        return None
    return TimeRange(after=lower, before=upper)


def _end(table: Table, included: str, excluded: str) -> Boundary | None:
    """One end of a range; the two words for it cannot both be given."""
    if included in table.values and excluded in table.values:
        what = f"{included} and {excluded} cannot both be given"
        table.notes.add("wrong-value", what, table.where(excluded), remedy="keep one of them")
    for word in (included, excluded):
        period = table.text(word)
        if period is not None:
            return Boundary(period, is_inclusive=word == included)
    return None


def _calendar(table: Table) -> ReleaseCalendar | None:
    inside = table.inner("calendar", CALENDAR_WORDS)
    if inside is None:
        return None
    periodicity, offset, tolerance = (inside.text(word, required=True) or "" for word in CALENDAR_WORDS)
    return ReleaseCalendar(periodicity=periodicity, offset=offset, tolerance=tolerance)


def _check_codes(inside: Table, selection: MemberSelection, urn: Urn, held: Holding) -> None:
    """Note every code the component does not have."""
    try:
        codelist = held.enumeration(urn)
    except StructureError:
        return  # the list, or one that it extends, is not held: told where that is written
    check_codes_named(inside, selection.component, selection.values, cast("ItemScheme[Item]", codelist))

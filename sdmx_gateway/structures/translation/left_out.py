"""What a form does not say and is left out with a note, where it takes nothing from the data itself.

One table. What is not in it and cannot be said is refused by :mod:`sdmx_gateway.structures.writable`: several values of a
component, say, without which data could not be given. SDMX 3.0 Section 6, §11.2, says of measure relationships that they can
be ignored and of sentinel values that 2.1 cannot support them; the other lines compare the schemas of the versions.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sdmx_gateway.errors import Problem
from sdmx_gateway.structures.codec.form import EVERY, OF_2_1, OF_3, OF_3_1, Form
from sdmx_gateway.structures.model import (
    Annotation,
    Artefact,
    Attribute,
    ConstraintAttachment,
    ContentConstraint,
    CubeRegion,
    DataConstraint,
    DataKey,
    DataStructure,
    DataType,
    Group,
    HierarchicalCode,
    Identifiable,
    Maintainable,
    MemberSelection,
    MetadataAttributeUsage,
    MetadataConstraint,
    Metadataflow,
    MetadataTargetRegion,
    OptionallyIdentified,
    Relationship,
    Representation,
    SelectedValue,
    TimeRange,
)
from sdmx_gateway.structures.translation.batch import generation
from sdmx_gateway.structures.translation.outcome import lost
from sdmx_gateway.structures.translation.walk import Walk

_NAMED: Final = 5
"""How many of the parts concerned a note names."""


@dataclass(frozen=True)
class Omission:
    """Fields of a class that some forms do not have.

    Attributes:
        of: the class.
        fields: the fields.
        forms: the forms that do not have them.
        said: what they say, as the subject of a sentence.
        when: whether a value of the field is meant; any but the field's default, if nothing is given.
    """

    of: type[Any]
    fields: tuple[str, ...]
    forms: frozenset[Form]
    said: str
    when: Callable[[Any], bool] = lambda _: True


def _validity(of: type[Any]) -> Omission:
    return Omission(of, ("valid_from", "valid_to"), OF_2_1, "from when to when a value or key is meant")


def _links(of: type[Any]) -> Omission:
    return Omission(of, ("links",), frozenset({Form.ML_2_1}), "links to related resources")


def _notes(of: type[Any]) -> Omission:
    return Omission(of, ("annotations",), OF_2_1, "annotations of regions and keys")


_BEFORE_3_1: Final = EVERY - OF_3_1
_SOURCES: Final = ("simple_sources", "queryable_sources")
OMISSIONS: Final = (
    *(_links(of) for of in (Identifiable, OptionallyIdentified, Maintainable, Group, MetadataAttributeUsage)),
    *(_validity(of) for of in (SelectedValue, MemberSelection, TimeRange, DataKey, MetadataTargetRegion)),
    *(_notes(of) for of in (CubeRegion, DataKey, MetadataTargetRegion)),
    Omission(Maintainable, ("is_partial_language",), _BEFORE_3_1, "that not every language is given"),
    Omission(Annotation, ("more_urls",), frozenset({Form.ML_2_1}), "further addresses of annotations"),
    Omission(DataStructure, ("is_evolving",), _BEFORE_3_1, "that later versions may add dimensions"),
    Omission(Attribute, ("measures",), OF_2_1, "which measures an attribute is about"),
    Omission(Relationship, ("optional",), OF_2_1, "which dimensions may be left open for an attribute"),
    Omission(Relationship, ("attachment_groups",), OF_3, "groups an attribute may be given at instead"),
    Omission(Representation, ("sentinels",), OF_2_1, "values with a meaning of their own (sentinels)"),
    Omission(
        Representation,
        ("data_type",),
        OF_2_1,
        "that a text is geospatial information",
        lambda data_type: data_type is DataType.GEOSPATIAL_INFORMATION,
    ),
    Omission(HierarchicalCode, ("code_version",), OF_3, "versions of hierarchical codes"),
    Omission(Metadataflow, ("targets",), OF_2_1, "what the metadata may be about"),
    Omission(SelectedValue, ("language",), OF_2_1, "the language of a value"),
    Omission(MemberSelection, ("remove_prefix",), OF_2_1, "whether codes are given without the prefix of an extension"),
    Omission(ConstraintAttachment, ("data_sets", "metadata_sets"), OF_3, "the data or metadata set it is of"),
    Omission(ConstraintAttachment, _SOURCES, OF_3_1, "the source of data it is of"),
    Omission(ContentConstraint, ("period",), OF_3, "the reference period"),
    Omission(ContentConstraint, ("metadata_key_sets",), OF_3, "keys of what metadata is about"),
    *(
        Omission(of, ("calendar",), OF_3_1, "the release calendar")
        for of in (ContentConstraint, DataConstraint, MetadataConstraint)
    ),
)

A = TypeVar("A", bound=Artefact)


def left_out(artefact: A, form: Form) -> tuple[A, tuple[Problem, ...]]:
    """The artefact without what the form does not have and may be left out, and a note for each such thing."""
    found: dict[Said, list[str]] = {}
    plans = _PLANS[form]

    def visit(value: Any, owner: str) -> Any:
        plan = plans.get(type(value))
        if plan is None:
            plan = plans[type(value)] = _plan(type(value), form)
        if not plan or (isinstance(value, Representation) and value.is_inherited):  # it is its concept that says so
            return value
        changes: dict[str, Any] = {}
        for said, when, defaults in plan:
            for name, default in defaults:
                meant = getattr(value, name)
                if meant != default and when(meant):
                    found.setdefault(said, []).append(owner)
                    changes[name] = default
        return dataclasses.replace(value, **changes) if changes else value

    bare = _WALKS[form].rewritten(artefact, visit, artefact.id)
    notes = (_note(artefact, who, said, owners) for (who, said), owners in found.items())
    return bare, tuple(notes)


Said = tuple[str, str]
"""Who does not say what."""
Plan = tuple[tuple[Said, Callable[[Any], bool], tuple[tuple[str, Any], ...]], ...]
"""What values of a class say that a form does not: of each thing the words for it, when it is meant, and its fields' defaults."""

_WALKS: Final = {form: Walk({each.of for each in OMISSIONS if form in each.forms}) for form in Form}
_PLANS: Final[dict[Form, dict[type[Any], Plan]]] = {form: {} for form in Form}


def _plan(of: type[Any], form: Form) -> Plan:
    found = []
    for omission in OMISSIONS:
        if issubclass(of, omission.of) and form in omission.forms:
            who = form.value if len(omission.forms) == 1 else generation(form)
            defaults = tuple((name, _default(of, name)) for name in omission.fields)
            found.append(((who, omission.said), omission.when, defaults))
    return tuple(found)


def _default(of: type[Any], name: str) -> Any:
    return next(field.default for field in dataclasses.fields(of) if field.name == name)


def _note(artefact: Artefact, who: str, said: str, owners: list[str]) -> Problem:
    names = list(dict.fromkeys(owners))
    rest = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    of = "" if names == [artefact.id] else f", of {', '.join(names[:_NAMED])}{rest}"
    return lost(artefact.urn, f"{who} does not say this, and it is left out: {said}{of}")

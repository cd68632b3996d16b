"""Artefacts as a form can say them: what is spelt otherwise there, and back.

Four things the forms ask for, and nothing an artefact says is lost by any:

* every form wants a name for everything that can have one: what has none is called by its id;
* the value of an annotation, which SDMX 2.1 does not have, becomes its title there, or if it has one that of the annotation
  behind it, which says so (:attr:`Aside.ANNOTATION_VALUE`; without a title: the one before it has its value for a title);
* SDMX-JSON 1.0 writes URNs also for what lies in the same artefact;
* what a form has no place for is carried aside, in annotations of the types named in :class:`Aside`, and taken back from
  there when the form is read: the parent of a code that is no name (SDMX-ML 3.0), that an artefact is final (from SDMX 3
  on its version says so, but not for every version), where a stub is to be had (SDMX-JSON), when an artefact begins and
  ends to be valid when no time zone is said (SDMX-JSON wants one), that a measure is mandatory (SDMX 2.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

from sdmx_gateway.structures.codec.form import JSON, OF_2_1, OF_3, Form
from sdmx_gateway.structures.codec.localise import localised
from sdmx_gateway.structures.model import (
    Annotation,
    Artefact,
    HierarchicalCode,
    Item,
    Maintainable,
    Measure,
    Nameable,
    SentinelValue,
    Text,
)
from sdmx_gateway.structures.urn import NAME

PARENT_ANNOTATION: Final = "PARENT"
"""Type of the annotation that carries a code's parent where SDMX-ML 3.0 cannot: a ``_T`` or a ``0101`` is no name."""


class Aside(StrEnum):
    """The types of the annotations that carry what a form has no place for; the title is what they carry."""

    PARENT = PARENT_ANNOTATION
    IS_FINAL = "IS_FINAL"
    STRUCTURE_URL = "STRUCTURE_URL"
    SERVICE_URL = "SERVICE_URL"
    VALID_FROM = "VALID_FROM"
    VALID_TO = "VALID_TO"
    USAGE = "USAGE"
    ANNOTATION_VALUE = "ANNOTATION_VALUE"


_TRUE: Final = "true"
_MANDATORY: Final = "mandatory"
V = TypeVar("V")


def expressed(artefact: Artefact, form: Form) -> Artefact:
    """The artefact spelt as the form wants it; nothing it says is lost by that."""
    spelt = _changed(artefact, form, _spelling)
    return localised(spelt) if form is Form.JSON_1_0 else spelt


def meant(artefact: Artefact, form: Form) -> Artefact:
    """The artefact a form's spelling stands for: with what annotations carry put in its place."""
    return _changed(artefact, form, _meaning)


_Change = Any


def _changed(value: V, form: Form, change: _Change) -> V:
    """A value and all values inside it, changed; the same object where nothing changes."""
    if isinstance(value, tuple):
        changed = tuple(_changed(each, form, change) for each in value)
        same = all(new is old for new, old in zip(changed, value, strict=True))
        return value if same else changed  # type: ignore[return-value]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes: dict[str, Any] = {}
    for name in _walked(type(value)):
        before = getattr(value, name)
        if before is not None and before != ():
            after = _changed(before, form, change)
            if after is not before:
                changes[name] = after
    changes |= change(value, form, changes.get("annotations", getattr(value, "annotations", ())))
    return replace(value, **changes) if changes else value


_WALKED: dict[type[Any], tuple[str, ...]] = {}
_FLAT: Final = frozenset({"Urn", "Text", "str", "bool", "int", "datetime", "Decimal", "Kind", "None", "tuple", "..."})


def _walked(of: type[Any]) -> tuple[str, ...]:
    """The fields of a class that may hold values with something to change."""
    found = _WALKED.get(of)
    if found is None:
        plain = str.maketrans("[],|", "    ")
        names = (f.name for f in fields(of) if not set(str(f.type).translate(plain).split()) <= _FLAT)
        found = _WALKED[of] = tuple(names)
    return found


def _spelling(value: Any, form: Form, annotations: tuple[Annotation, ...]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if isinstance(value, Nameable | Maintainable | SentinelValue) and not value.names:
        said["names"] = Text.of(en=value.value if isinstance(value, SentinelValue) else value.id)
    if form in OF_2_1 and any(note.value is not None for note in annotations):
        said["annotations"] = tuple(part for note in annotations for part in _without_value(note))
    carried = dict(_set_aside(value, form))
    if carried:
        notes = tuple(Annotation(type=kind.value, title=title) for kind, (title, _) in carried.items())
        said["annotations"] = (*said.get("annotations", annotations), *notes)
        for _, changes in carried.values():
            said |= changes
    return said


def _set_aside(value: Any, form: Form) -> Iterator[tuple[Aside, tuple[str, dict[str, Any]]]]:
    """What a form has no place for: what carries it, as which title, and what the value says without it."""
    if (
        isinstance(value, Item)
        and form is Form.ML_3_0
        and value.parent is not None
        and not NAME.fullmatch(value.parent)
    ):
        yield Aside.PARENT, (value.parent, {"parent": None})
    if isinstance(value, Measure) and form in OF_2_1 and value.mandatory:
        yield Aside.USAGE, (_MANDATORY, {"mandatory": False})
    if isinstance(value, Maintainable):
        if value.is_final and form in OF_3:
            yield Aside.IS_FINAL, (_TRUE, {"is_final": False})
        if value.structure_url is not None and form in JSON:
            yield Aside.STRUCTURE_URL, (value.structure_url, {"structure_url": None})
        if value.service_url is not None and form in JSON:
            yield Aside.SERVICE_URL, (value.service_url, {"service_url": None})
    if isinstance(value, Maintainable | HierarchicalCode) and form in JSON:
        for kind, name in ((Aside.VALID_FROM, "valid_from"), (Aside.VALID_TO, "valid_to")):
            moment = getattr(value, name)
            if moment is not None and moment.tzinfo is None:
                yield kind, (moment.isoformat(), {name: moment.replace(tzinfo=UTC)})


def _without_value(note: Annotation) -> tuple[Annotation, ...]:
    """The annotation as SDMX 2.1 can say it: with its value for a title, or for the title of a second one."""
    if note.value is None:
        return (note,)
    if note.title is None:
        return (replace(note, title=note.value, value=None), Annotation(type=Aside.ANNOTATION_VALUE.value))
    return (replace(note, value=None), Annotation(type=Aside.ANNOTATION_VALUE.value, title=note.value))


def _with_values(annotations: tuple[Annotation, ...]) -> tuple[Annotation, ...]:
    """The annotations with the values that others carry."""
    found: list[Annotation] = []
    for note in annotations:
        before = found[-1] if found else None
        if note.type != Aside.ANNOTATION_VALUE or before is None or before.value is not None:
            found.append(note)
        elif note.title is not None:
            found[-1] = replace(before, value=note.title)
        elif before.title is not None:
            found[-1] = replace(before, title=None, value=before.title)
        else:
            found.append(note)
    return tuple(found)


def _meaning(value: Any, form: Form, annotations: tuple[Annotation, ...]) -> dict[str, Any]:
    """What the annotations of a value carry; they are then no annotations of it."""
    said: dict[str, Any] = {}
    kept = []
    if form in OF_2_1 and any(note.type == Aside.ANNOTATION_VALUE for note in annotations):
        annotations = _with_values(annotations)
        said = {"annotations": annotations}
    for note in annotations:
        taken = _taken_back(value, form, note) if note.type in _CARRIERS and note.title is not None else None
        if taken is None or taken.keys() & said.keys():
            kept.append(note)
        else:
            said |= taken
    return {**said, "annotations": tuple(kept)} if said else {}


_CARRIERS: Final = frozenset(Aside)


def _taken_back(value: Any, form: Form, note: Annotation) -> dict[str, Any] | None:
    """What an annotation carries, if this is what it is there for: only in forms that have no place for it."""
    title = note.title or ""
    match note.type:
        case Aside.PARENT if form is Form.ML_3_0 and isinstance(value, Item):
            return {"parent": title} if value.parent is None and not NAME.fullmatch(title) else None
        case Aside.USAGE if form in OF_2_1 and isinstance(value, Measure):
            return {"mandatory": True} if title == _MANDATORY else None
        case Aside.IS_FINAL if form in OF_3 and isinstance(value, Maintainable):
            return {"is_final": True} if title == _TRUE else None
        case Aside.STRUCTURE_URL if form in JSON and isinstance(value, Maintainable):
            return {"structure_url": title}
        case Aside.SERVICE_URL if form in JSON and isinstance(value, Maintainable):
            return {"service_url": title}
        case Aside.VALID_FROM if form in JSON and isinstance(value, Maintainable | HierarchicalCode):
            return _moment("valid_from", value, title)
        case Aside.VALID_TO if form in JSON and isinstance(value, Maintainable | HierarchicalCode):
            return _moment("valid_to", value, title)
    return None


def _moment(name: str, value: Any, title: str) -> dict[str, Any] | None:
    """A moment without a time zone, if it is the one the value says with one."""
    try:
        moment = datetime.fromisoformat(title)
    except ValueError:
        return None
    said = getattr(value, name)
    return {name: moment} if said is not None and moment.tzinfo is None and said == moment.replace(tzinfo=UTC) else None

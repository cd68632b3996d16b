"""How the parts of artefacts are told apart and shown, for :mod:`.changes`.

A member of a list is known by what names it: its id, or what it is about. Some members hold members of their own class: trees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final

from sdmx_gateway.structures.model import Relationship, Representation, Text
from sdmx_gateway.structures.urn import Urn

NESTED: Final[Mapping[str, str]] = {
    "Category": "categories",
    "ReportingCategory": "categories",
    "HierarchicalCode": "codes",
    "MetadataAttribute": "attributes",
    "ReportedAttribute": "attributes",
    "ProcessStep": "steps",
    "Level": "below",
}
"""The classes whose values hold values of the same class, and the field they are in."""

WHOLE: Final = frozenset(
    {
        "Annotation", "AnnotationUrl", "Link", "Contact", "Relationship", "IsoConcept", "Boundary", "TimeRange",
        "MappedValue", "SetRepresentation", "VtlSpace", "ReferencePeriod", "SentinelValue", "SelectedCode", "SelectedValue",
        "QueryableSource", "SetReference", "SetComponent",
    }
)  # fmt: skip
"""The classes whose values are shown as a whole, and not gone into."""

_LONGEST: Final = 90
_NOTHING: Final = "—"
_YES_NO: Final[Mapping[bool, tuple[str, str]]] = {True: ("oui", "yes"), False: ("non", "no")}
_ATTACHED: Final[Mapping[str, tuple[str, str]]] = {
    "dataset": ("jeu de données", "data set"),
    "group": ("groupe", "group"),
    "dimensions": ("dimensions", "dimensions"),
    "observation": ("observation", "observation"),
}


def _unversioned(urn: Urn) -> str:
    return f"{urn.agency}:{urn.id}" + (f".{urn.item}" if urn.item else "")


def _about(*names: str) -> Callable[[Any], str]:
    """What names a value: the first of these fields that says something."""
    return lambda value: next((_plain(said) for name in names if (said := getattr(value, name, None))), "")


def _plain(value: Any) -> str:
    if isinstance(value, Urn):
        return _unversioned(value)
    if isinstance(value, tuple):
        return " + ".join(map(_plain, value))
    named = next((said for name in ("value", "id") if (said := getattr(value, name, None))), None)
    return str(value) if named is None else str(named)


def _of_key(key: Any) -> str:
    selections = (*key.keys, *getattr(key, "components", ()))
    return ", ".join(f"{s.component}={'+'.join(v.value for v in s.values)}" for s in selections)


def _of_dates(dates: Any) -> str:
    return dates.id or ", ".join(f"{source} → {target}" for source, target in dates.components)


_NAMES: Final[Mapping[str, Callable[[Any], str]]] = {
    "Annotation": _about("type", "id", "title"),
    "AnnotationUrl": _about("language", "address"),
    "Link": lambda link: f"{link.rel} {link.urn or link.url or ''}".strip(),
    "Contact": lambda contact: contact.id or contact.names.best("fr", "en") or "",
    "CodelistExtension": _about("codelist"),
    "IncludedCodelist": _about("alias", "codelist"),
    "SelectedCode": _about("value"),
    "SelectedValue": _about("value"),
    "SentinelValue": _about("value"),
    "MappedValue": _about("value"),
    "MetadataAttributeUsage": _about("metadata_attribute"),
    "MemberSelection": _about("component"),
    "DataKey": _of_key,
    "MetadataKey": _of_key,
    "QueryableSource": _about("url"),
    "ComponentMap": _about("targets", "sources"),
    "FixedValueMap": _about("target", "source"),
    "EpochMap": _of_dates,
    "DatePatternMap": _of_dates,
    "ValueMapping": _about("sources"),
    "ItemMap": _about("source"),
    "Association": _about("source"),
    "SetComponentMap": _about("source"),
    "ProcessArtefact": _about("local_id", "artefact"),
    "Transition": _about("id", "target"),
}
"""What a member of a list is known by, where it is not its id; those not here and without an id are known by their place."""


def key(value: Any) -> str:
    """What a member of a list is known by; empty: by its place alone.

    >>> key(Urn.parse("urn:sdmx:org.sdmx.infomodel.codelist.Codelist=SDMX:CL_FREQ(2.0)")), key("A")
    ('SDMX:CL_FREQ', 'A')
    """
    if is_dataclass(value) and not isinstance(value, Urn):
        named = _NAMES.get(type(value).__name__)
        return named(value) if named else getattr(value, "id", None) or ""
    return _plain(value)


@dataclass(frozen=True, slots=True)
class Node:
    """A member of a list or a tree, with the names of those it lies under and its own at the end."""

    path: tuple[str, ...]
    value: Any


def nodes(values: tuple[Any, ...]) -> dict[tuple[str, ...], Node]:
    """The members of a list, or everything in a tree, by path; of several with one name the later ones are numbered."""
    return {node.path: node for node in _nodes(values, ())}


def _nodes(values: tuple[Any, ...], above: tuple[str, ...]) -> Iterator[Node]:
    seen: dict[str, int] = {}
    for place, value in enumerate(values, 1):
        name = key(value) or str(place)
        again = seen[name] = seen.get(name, 0) + 1
        path = (*above, name if again == 1 else f"{name} ({again})")
        yield Node(path, value)
        inner = NESTED.get(type(value).__name__)
        if inner is not None:
            yield from _nodes(members(getattr(value, inner)), path)


def members(value: Any) -> tuple[Any, ...]:
    """The members of a list; of a single value itself; of nothing none."""
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)


def shown(value: Any) -> tuple[str, str]:
    """A value in French and in English, cut when it is long."""
    fr, en = _shown(value)
    return _cut(fr), _cut(en)


def _shown(value: Any) -> tuple[str, str]:
    if value is None or value in ("", ()):
        return _NOTHING, _NOTHING
    if isinstance(value, bool):
        return _YES_NO[value]
    if isinstance(value, Relationship):
        return _of_relationship(value)
    if isinstance(value, Representation):
        return _of_representation(value)
    if isinstance(value, tuple):
        each = [_shown(one) for one in value]
        return ", ".join(fr for fr, _ in each), ", ".join(en for _, en in each)
    if isinstance(value, Text):
        return value.best("fr", "en") or _NOTHING, value.best("en", "fr") or _NOTHING
    if is_dataclass(value) and not isinstance(value, type | Urn):
        return _of_fields(value)
    text = _of_plain(value)
    return text, text


def _of_plain(value: Any) -> str:
    if isinstance(value, Urn):
        return value.short
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value.value if isinstance(value, Enum) else value)


def _of_fields(value: Any) -> tuple[str, str]:
    """What a value says, field by field, what it leaves at its default left out."""
    said = [shown(getattr(value, f.name)) for f in fields(value) if getattr(value, f.name) != f.default]
    return ", ".join(fr for fr, _ in said), ", ".join(en for _, en in said)


def _of_relationship(relationship: Relationship) -> tuple[str, str]:
    fr, en = _ATTACHED[relationship.attachment.value]
    names = ", ".join(filter(None, (relationship.group, *relationship.dimensions)))
    return f"{fr} {names}".strip(), f"{en} {names}".strip()


def _of_representation(representation: Representation) -> tuple[str, str]:
    if representation.codelist is not None:
        return f"liste {representation.codelist.short}", f"list {representation.codelist.short}"
    return f"type {representation.data_type.value}", f"type {representation.data_type.value}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"

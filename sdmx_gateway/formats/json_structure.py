"""The structure part of an SDMX-JSON message: which components there are at which level, and their numbered values.

A component that lists its values is referred to by their numbers, any other is written out (SDMX-JSON 2.0.0 field guide, component,
``values``). Dimensions always list theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from sdmx_gateway.formats.json_members import as_json, checked, member, texts, wrong_form

_ONE_MEASURE: Final = [{"id": "OBS_VALUE"}]  # where the structure names none, as before SDMX 3.0
_SINGLE: Final = ("id", "value")  # what one value is told by


@dataclass(frozen=True, slots=True)
class Listed:
    """A component as the structure part lists it.

    Attributes:
        id: of the component.
        values: its values by number; ``None`` where the data hold the values themselves.
    """

    id: str
    values: pl.Series | None


@dataclass(frozen=True, slots=True)
class Level:
    """What is said at one level: keys are made of the dimensions, arrays of the cells (measures, then attributes)."""

    dimensions: tuple[Listed, ...]
    cells: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """One entry of the structure part.

    Attributes:
        reference: the URN of the dataflow, else of the data structure; empty if neither is linked.
        data_set: what is said of all the observations; each dimension has one value.
        series: what is said of series.
        observation: what is said of observations.
    """

    reference: str
    data_set: Level
    series: Level
    observation: Level


def layout_of(structure: Mapping[str, Any], path: str) -> Layout:
    """The layout that an entry of ``structures`` describes.

    Raises:
        MessageRejected: it describes none.
    """
    dimensions = member(structure, "dimensions", dict, path)
    attributes = member(structure, "attributes", dict, path, {})
    measures = {"observation": _ONE_MEASURE, **member(structure, "measures", dict, path, {})}

    def level(name: str, measured: tuple[Listed, ...] = ()) -> Level:
        keyed = [
            d if d.values is not None else Listed(d.id, texts([], path))
            for d in _listed(dimensions, name, f"{path}.dimensions")
        ]
        return Level(tuple(keyed), (*measured, *_listed(attributes, name, f"{path}.attributes")))

    measured = _listed({"observation": measures["observation"]}, "observation", f"{path}.measures")
    uncoded = tuple(Listed(m.id, None) if m.values is not None and m.values.is_empty() else m for m in measured)
    return Layout(_reference(structure, path), level("dataSet"), level("series"), level("observation", uncoded))


def _reference(structure: Mapping[str, Any], path: str) -> str:
    links = member(structure, "links", list, path, [])
    named = {str(link.get("rel")): link.get("urn") for link in links if isinstance(link, dict)}
    reference = named.get("dataflow") or named.get("datastructure") or ""
    return checked(reference, str, f"the urn of a link in {path}")


def _listed(components: Mapping[str, Any], level: str, path: str) -> tuple[Listed, ...]:
    listed: dict[str, Listed] = {}
    for n, component in enumerate(member(components, level, list, path, [])):
        here = f"{path}.{level}[{n}]"
        known = checked(component, dict, here)
        name = member(known, "id", str, here)
        if name in listed:
            raise wrong_form(f"{path}.{level} lists {name} twice")
        values = None if known.get("values") is None else member(known, "values", list, here)
        listed[name] = Listed(name, None if values is None else _values(values, f"{here}.values"))
    return tuple(listed.values())


def _values(values: list[Any], path: str) -> pl.Series:
    objects = [{} if value is None else checked(value, dict, f"{path}[{n}]") for n, value in enumerate(values)]
    several = next(
        (n for n, value in enumerate(objects) if value.keys().isdisjoint(_SINGLE) and "values" in value), None
    )
    if several is not None:
        raise wrong_form(f"{path}[{several}] is several values, and one is read")
    return texts((_text(value.get("id", value.get("value"))) for value in objects), path)


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else as_json(value)

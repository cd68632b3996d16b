"""A structure message with structure maps as a mapping module: the folder a person then goes on with.

Maps written by :mod:`.structure_map` come back as they were. Of anybody else's, fixed values, copies and representation maps are taken:
every entry is ``exact`` unless its annotation says otherwise, and what the module cannot know is marked ``to finish``.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sdmx_gateway.errors import MappingError, Where
from sdmx_gateway.mapping.reading import FILE
from sdmx_gateway.mapping.spec import LEFT_OUT
from sdmx_gateway.mapping.structure_map import AFTER, BEFORE, LEFT, RELATION, RULE, SAID, SCOPE
from sdmx_gateway.mapping.toml_text import section
from sdmx_gateway.structures import Urn, read_structures
from sdmx_gateway.structures.model import Annotation, ComponentMap, MappedValue, RepresentationMap, StructureMap

TO_FINISH = "to finish"


def import_module(message: bytes, folder: Path) -> list[Path]:
    """Write the module that the structure maps of a message make, and say which files were written.

    Args:
        message: SDMX-ML 3.0 or 3.1, or SDMX-JSON 2.0 or 2.1.
        folder: the folder of the module, ``…/group/module``.

    Raises:
        MessageRejected: the message cannot be read.
        MappingError: it holds no structure map, maps to several dataflows, or the folder has a module already.
    """
    held = read_structures(message)
    maps = [artefact for artefact in held if isinstance(artefact, StructureMap)]
    where = Where(file=str(folder / FILE))
    if (folder / FILE).exists():
        raise MappingError(f"{folder} is a module already", where=where)
    if len({one.target for one in maps}) != 1:
        what = "the message holds no structure map" if not maps else "the structure maps make several dataflows"
        raise MappingError(what, where=where, remedy="a module makes one dataflow: export the maps of one")
    representations = {artefact.urn: artefact for artefact in held if isinstance(artefact, RepresentationMap)}
    maps.sort(key=lambda one: int(_one(one.annotations, SAID).get("source", 0)))
    draft = _Draft(representations)
    text = draft.module(maps)
    (folder / "codes").mkdir(parents=True, exist_ok=True)
    written = []
    for name, table in {FILE: text, **draft.tables}.items():
        path = folder / name
        path.write_text(table, encoding="utf-8")
        written.append(path)
    return written


@dataclass
class _Draft:
    """A module being written down: its code tables so far, by path."""

    representations: Mapping[Urn, RepresentationMap]
    tables: dict[str, str] = field(default_factory=dict)

    def module(self, maps: Sequence[StructureMap]) -> str:
        """``mapping.toml``."""
        first = maps[0]
        said = {k: v for k, v in _one(first.annotations, SAID).items() if k != "source"}
        assert first.target is not None
        identity = {
            "id": first.id,
            "name": {"fr": TO_FINISH, "en": TO_FINISH, **dict(first.names)},
            "target": first.target.short,
        }
        parts = [section("[module]", {**identity, **said})]
        for one in maps:
            parts += self._source(one)
        for annotation in first.annotations:
            if annotation.type == AFTER:
                parts.append(_after(annotation))
        return "\n".join(parts)

    def _source(self, one: StructureMap) -> list[str]:
        """A source with all its rules."""
        assert one.source is not None
        rules: dict[str, Any] = {each.target or "": {"constant": each.values[0]} for each in one.fixed if each.values}
        scope: dict[str, Any] = {}
        for component in one.components:
            scope_here = _one(component.annotations, SCOPE)
            if scope_here:
                scope = scope_here
                held = self.representations[self._urn(component)]
                rules[component.targets[0]] = {"constant": held.mappings[0].targets[0]}
            else:
                rules |= {target: self._rule(component, target, one.id) for target in component.targets}
        for annotation in one.annotations:
            if annotation.type == "NOT_EXPRESSED":
                said = json.loads(annotation.value or "{}")
                rules[said["component"]] = said["rule"]
        return [
            section("[[source]]", {"dataflow": one.source.short, **scope, **_one(one.annotations, BEFORE)}),
            section("[source.components]", rules),
        ]

    def _rule(self, component: ComponentMap, target: str, ident: str) -> dict[str, Any]:
        rule = _one(component.annotations, RULE)
        sources = list(component.sources)
        if component.representation_map is None:
            return rule or {"from": sources[0]}
        held = self.representations.get(self._urn(component))
        if held is None:
            raise MappingError(
                f"the message lacks the representation map {component.representation_map.short}",
                remedy="export the structure map with what it refers to",
            )
        if "note_of" in rule or "pattern" in rule:
            return rule
        only = held.mappings[0] if len(held.mappings) == 1 else None
        if only is not None and only.targets and "\\" in only.targets[0]:
            to = re.sub(r"\\(\d)", r"{\1}", only.targets[0])
            return {"from": sources[0], "pattern": only.sources[0].value.removeprefix("^").removesuffix("$"), "to": to}
        path = rule.get("codes", f"codes/{target.lower()}.csv")
        if self.tables.get(path, "") not in {"", _table(held, sources)}:
            path = f"codes/{ident.lower()}_{target.lower()}.csv"
        self.tables[path] = _table(held, sources)
        return {**(rule or {"from": sources[0] if len(sources) == 1 else sources}), "codes": path}

    def _urn(self, component: ComponentMap) -> Urn:
        assert component.representation_map is not None
        return component.representation_map


def _table(held: RepresentationMap, sources: Sequence[str]) -> str:
    """A representation map as a code table."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow((*(["source"] if len(sources) == 1 else sources), "target", "relation", "note"))
    for mapping in held.mappings:
        said = _one(mapping.annotations, RELATION)
        target = mapping.targets[0] if mapping.targets else ""
        relation = said.get("relation", "exact") if target else LEFT_OUT
        note = said.get("note") or ("the map gives it nothing" if not target else "")
        writer.writerow((*map(_cell, mapping.sources), target, relation, note))
    for annotation in held.annotations:
        if annotation.type == LEFT:
            said = json.loads(annotation.value or "{}")
            writer.writerow((*said["source"], "", LEFT_OUT, said["note"]))
    return stream.getvalue()


def _cell(value: MappedValue) -> str:
    """A value as a cell: a regular expression that is a text with ``*`` in it becomes that text again."""
    if value.start is not None or value.end is not None:
        start, end = value.start or 1, value.end
        length = None if end is None else end - start + 1
        rest = ".*" if length is None or length == len(value.value) else ""
        return f"/.{{{start - 1}}}{re.escape(value.value)}{rest}/"
    if not value.is_regex:
        return value.value.replace("*", r"\*")
    expression = value.value.removeprefix("(?i)")
    text = re.sub(r"\\(.)", r"\1", expression.removeprefix("^").removesuffix("$").replace(".*", "*"))
    return text if re.escape(text).replace(r"\*", ".*") == expression.strip("^$") else _between_slashes(expression)


def _between_slashes(expression: str) -> str:
    inner = re.fullmatch(r"\^\(\?:(.*)\)\$", expression)
    return f"/{inner.group(1) if inner else expression}/"


def _after(annotation: Annotation) -> str:
    said = json.loads(annotation.value or "{}")
    word = said.pop("word")
    said.pop("precedence", None)
    return section(f"[{word}]" if word in {"aggregate", "relations"} else f"[[{word}]]", said)


def _one(annotations: Sequence[Annotation], kind: str) -> dict[str, Any]:
    """What the annotation of a kind says, in the words of the module; nothing where there is none."""
    found = next((a for a in annotations if a.type == kind and a.value), None)
    return dict(json.loads(found.value or "{}")) if found is not None else {}

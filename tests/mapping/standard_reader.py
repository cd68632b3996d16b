"""SDMX 3.0 structure maps applied by the letter of the standard, one observation at a time, knowing nothing of the gateway's engine.

What is said in the standard's own elements follows SDMX 3.0 Section 2 (§9, structure maps and representation maps) and Section 6
(§13): values are replaced, never computed with; entries are tried in their order and the first that fits is meant; ``\\n`` in an output
is the n-th group; an entry without a target gives nothing; an observation no entry fits gives no output. Then what the
annotations of type ``AFTER`` say is done, as their words say it: that part is no standard, and is written here a second time.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

Observation = dict[str, Any]
Ancestors = Callable[[str, str], Iterable[str]]
"""The codes above a code, given the component and the code."""
RELATIONS = ("exact", "narrower", "broader", "partial")


@dataclass
class Row:
    """An observation of the target, with the one it was made of and how well it fits."""

    to: Observation
    of: Observation
    relations: dict[str, int] = field(default_factory=dict)


@dataclass
class Entry:
    """An entry of a representation map."""

    sources: list[re.Pattern[str] | str]
    targets: list[str]
    relation: int

    def outputs(self, values: tuple[str, ...]) -> list[str] | None:
        """What the entry makes of these values; ``None`` where it does not fit."""
        groups: tuple[str, ...] = ()
        for source, value in zip(self.sources, values, strict=True):
            if isinstance(source, str):
                if source != value:
                    return None
            elif (found := source.search(value)) is None:
                return None
            else:
                groups = groups or found.groups()
        return [re.sub(r"\\(\d)", lambda n: groups[int(n.group(1)) - 1], target) for target in self.targets]


def named(parent: Any, name: str) -> list[Any]:
    """The children of a local name."""
    return [child for child in parent if etree.QName(child).localname == name]


def said(element: Any, kind: str) -> list[dict[str, Any]]:
    """What the annotations of a type say."""
    found = [a for held in named(element, "Annotations") for a in named(held, "Annotation")]
    return [
        json.loads(named(a, "AnnotationValue")[0].text)
        for a in found
        if [t.text for t in named(a, "AnnotationType")] == [kind]
    ]


def entries_of(element: Any) -> list[Entry]:
    """The entries of a representation map, in their order."""
    found = []
    for mapping in named(element, "RepresentationMapping"):
        relation = [RELATIONS.index(words["relation"]) for words in said(mapping, "RELATION")]
        sources = [
            re.compile(s.text or "") if s.get("isRegEx") == "true" else (s.text or "")
            for s in named(mapping, "SourceValue")
        ]
        found.append(Entry(sources, [t.text or "" for t in named(mapping, "TargetValue")], *(relation or [0])))
    return found


class Map:
    """One structure map."""

    def __init__(self, element: Any, representations: dict[str, list[Entry]]) -> None:
        self.source = named(element, "Source")[0].text
        self.fixed = {named(f, "Target")[0].text: named(f, "Value")[0].text for f in named(element, "FixedValueMap")}
        self.components = [
            (
                [s.text for s in named(c, "Source")],
                [t.text for t in named(c, "Target")],
                representations[r[0].text] if (r := named(c, "RepresentationMap")) else None,
            )
            for c in named(element, "ComponentMap")
        ]
        # Maps of several components first: they are the ones that leave observations out.
        self.components.sort(key=lambda c: (c[2] is None, -len(c[0])))
        self._known: dict[tuple[int, tuple[str, ...]], tuple[list[str], int] | None] = {}

    def apply(self, observation: Observation) -> Row | None:
        """The observation of the target, if there is one."""
        row = Row(dict(self.fixed), observation)
        for at, (sources, targets, entries) in enumerate(self.components):
            if entries is None:
                row.to[targets[0]] = observation[sources[0]]
                continue
            outputs = self._looked_up(at, tuple(str(observation[s]) for s in sources), entries)
            if outputs is None:
                return None
            values, relation = outputs
            row.to |= dict(zip(targets, values or [None] * len(targets), strict=True))
            row.relations |= dict.fromkeys(targets, relation)
        return row

    def _looked_up(self, at: int, values: tuple[str, ...], entries: list[Entry]) -> tuple[list[str], int] | None:
        if (at, values) not in self._known:
            tried = ((entry.outputs(values), entry.relation) for entry in entries)
            self._known[at, values] = next(((o, r) for o, r in tried if o is not None), None)
        return self._known[at, values]


class Message:
    """A structure message: its maps, and what its annotations say is done after them."""

    def __init__(self, data: bytes) -> None:
        root = etree.fromstring(data)
        representations = {e.get("urn"): entries_of(e) for e in root.iter("{*}RepresentationMap") if e.get("urn")}
        elements = [e for e in root.iter("{*}StructureMap") if e.get("urn")]
        self.maps = [Map(element, representations) for element in elements]
        self.after = said(elements[0], "AFTER")

    def apply(
        self, observations: Callable[[str], Iterable[Observation]], ancestors: Ancestors, dimensions: list[str]
    ) -> list[Observation]:
        """The target's observations, given those of each source by its URN."""
        rows = [r for m in self.maps for o in observations(m.source) if (r := m.apply(o)) is not None]
        flags: dict[str, dict[str, str]] = {}
        sums = next((words for words in self.after if words["word"] == "aggregate"), {})
        rollups = []
        for words in self.after:
            if words["word"] == "complete":
                rows = list(complete(rows, words, dimensions))
            elif words["word"] == "relations":
                flags = {k: v for k, v in words.items() if k != "word"}
            elif words["word"] == "rollup":
                rollups.append(words)
            else:
                assert words["word"] == "aggregate", words
        found = summed(rows, sums.get("precedence", {}), flags, dimensions)
        for words in rollups:
            found = rolled_up(found, words, ancestors, dimensions)
        return found


def complete(rows: list[Row], words: dict[str, Any], dimensions: list[str]) -> Iterator[Row]:
    """Rows of a code only where all its parts are there; they are exact then."""
    ((column, parts),) = words["parts"].items()

    def inside(row: Row) -> bool:
        return row.to[words["component"]] == words["target"] and row.of.get(column) in parts

    present: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in rows:
        if inside(row) and row.to["OBS_VALUE"] is not None:
            present[key_of(row.to, dimensions)].add(row.of[column])
    for row in rows:
        if not inside(row):
            yield row
        elif len(present[key_of(row.to, dimensions)]) == len(parts):
            row.relations[words["component"]] = 0
            yield row


def summed(
    rows: list[Row], precedence: dict[str, list[str]], flags: dict[str, dict[str, str]], dimensions: list[str]
) -> list[Observation]:
    """One observation for each key, with the flag of its worst relation."""
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[key_of(row.to, dimensions)].append(row)
    found = []
    for group in groups.values():
        one = together([row.to for row in group], precedence)
        worst = max((r for row in group for r in row.relations.values()), default=0)
        found.append(one | flags.get(RELATIONS[worst], {}))
    return found


def rolled_up(
    observations: list[Observation], words: dict[str, Any], ancestors: Ancestors, dimensions: list[str]
) -> list[Observation]:
    """The observations with the aggregates that are not there yet."""

    def fits(code: str, patterns: list[str]) -> bool:
        return any(re.fullmatch(re.escape(p).replace(r"\*", ".*"), code) for p in patterns)

    groups: dict[tuple[str, ...], list[Observation]] = defaultdict(list)
    for observation in observations:
        code = observation[words["dimension"]]
        if not fits(code, words["base"]):
            continue
        for ancestor in ancestors(words["dimension"], code):
            if fits(ancestor, words.get("to", ["*"])):
                above = observation | {words["dimension"]: ancestor}
                groups[key_of(above, dimensions)].append(above)
    known = {key_of(observation, dimensions) for observation in observations}
    made = [together(group, words["precedence"]) for key, group in groups.items() if key not in known]
    return observations + made


def together(observations: list[Observation], precedence: dict[str, list[str]]) -> Observation:
    """Several observations of one key as one."""
    one = dict(observations[0])
    if len(observations) == 1:
        return one
    for name in one:
        values = [o[name] for o in observations]
        if name == "OBS_VALUE":
            one[name] = None if None in values else sum(values)
        elif name in precedence:
            one[name] = max((v for v in values if v is not None), key=precedence[name].index, default=None)
        elif len(set(values)) > 1:
            one[name] = "; ".join(sorted({v for v in values if v is not None})) or None
    return one


def key_of(observation: Observation, dimensions: list[str]) -> tuple[str, ...]:
    return tuple(observation[d] for d in dimensions)

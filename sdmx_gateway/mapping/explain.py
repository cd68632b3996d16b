"""The life of one figure: the source rows behind an observation, the rules each went through, and what is behind those rows in turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import polars as pl

from sdmx_gateway.errors import UsageError, Where
from sdmx_gateway.mapping.code_table import match
from sdmx_gateway.mapping.convert import Conversion
from sdmx_gateway.mapping.rollup import ancestry
from sdmx_gateway.mapping.spec import RELATIONS, FileSource, FlowSource, Rule
from sdmx_gateway.mapping.table import NOTE, RELATION, SOURCE, VALUE, place_of, source_column
from sdmx_gateway.observations import KEY_SEPARATOR, series_key
from sdmx_gateway.sources.raw_table import FILE
from sdmx_gateway.structures import Catalogue, Urn

Behind = Callable[[Urn], Conversion | None]
"""The conversion that made a dataflow another one is taken from; ``None`` where it is not at hand."""
_TIME: Final = "TIME_PERIOD"


@dataclass(frozen=True)
class Step:
    """One component of a row: what the source said, the rule it went through, and what came out."""

    component: str
    said: str
    rule: str
    gives: str


@dataclass(frozen=True)
class PastValue:
    """The figure in an earlier release."""

    release: int
    edition: str | None
    value: float | int | None


@dataclass(frozen=True)
class Contribution:
    """One source row behind a figure.

    Attributes:
        key: its mapped series key.
        value: its mapped figure.
        where: its place.
        said: what it said, by column.
        relation: how well it fits, by the worst of its code-table lines.
        note: the notes of those lines.
        steps: the rules it went through.
        origin: the life of the row itself, where it is an observation of another dataflow.

    """

    key: str
    value: float | int | None
    where: Where
    said: dict[str, str]
    relation: str
    note: str | None
    steps: tuple[Step, ...] = ()
    origin: Explanation | None = None


@dataclass(frozen=True)
class Explanation:
    """The life of one figure.

    Attributes:
        dataflow: the dataflow it is in.
        key: its series key.
        period: its reference period.
        value: the figure.
        attributes: what it carries.
        module: the module that made it.
        summed_over: the dimensions whose code is an aggregate or a computed code.
        contributions: the rows behind it, the largest first.
        because: why they may be summed or computed with, as the module says it.
        history: the figure in earlier releases, oldest first.

    """

    dataflow: str
    key: str
    period: str
    value: float | int | None
    attributes: dict[str, str]
    module: str
    summed_over: tuple[str, ...]
    contributions: tuple[Contribution, ...]
    because: tuple[str, ...] = ()
    history: tuple[PastValue, ...] = ()


def _nowhere(dataflow: Urn) -> Conversion | None:
    del dataflow
    return None


def explain(
    conversion: Conversion,
    key: str,
    period: str,
    *,
    catalogue: Catalogue,
    behind: Behind = _nowhere,
    most: int = 10,
) -> Explanation:
    """What made the observation at ``key`` and ``period``.

    Args:
        conversion: the conversion it is of.
        key: codes joined by dots, in the structure's order.
        period: the reference period.
        catalogue: the structures.
        behind: what made the dataflows the conversion takes from.
        most: for how many rows of another dataflow their own origin is told, the largest first.

    Raises:
        UsageError: the key does not have as many codes as the structure has dimensions, or there is no such observation.

    """
    dataset = conversion.dataset
    structure = dataset.structure
    codes = key.split(KEY_SEPARATOR)
    if len(codes) != len(structure.key_dimensions):
        order = KEY_SEPARATOR.join(structure.key_dimensions)
        raise UsageError(f"the key has {len(codes)} positions, {order} has {len(structure.key_dimensions)}")
    asked = dict(zip(structure.key_dimensions, codes, strict=True))
    found = dataset.frame.filter(pl.col(_TIME) == period, *(pl.col(d) == c for d, c in asked.items()))
    if found.is_empty():
        raise UsageError(f"{dataset.dataflow.urn.short} has no observation at {key} for {period}")
    rows, summed, because = _behind(conversion, asked, catalogue)
    rows = (
        rows.filter(pl.col(_TIME).cast(pl.String) == period)
        .with_columns(pl.col(pl.Enum).cast(pl.String))
        .with_columns(series_key(structure))
        .sort(VALUE, "key", descending=[True, False], nulls_last=True)
    )
    observation = found.row(0, named=True)
    origins = _Origins(conversion, catalogue, behind, most)
    return Explanation(
        dataflow=dataset.dataflow.urn.short,
        key=key,
        period=period,
        value=observation[VALUE],
        attributes={a.id: str(observation[a.id]) for a in structure.attributes if observation[a.id] is not None},
        module=conversion.module.name,
        summed_over=summed,
        contributions=tuple(origins.contribution(row) for row in rows.rows(named=True)),
        because=because,
    )


def _behind(
    conversion: Conversion, asked: dict[str, str], catalogue: Catalogue
) -> tuple[pl.DataFrame, tuple[str, ...], tuple[str, ...]]:
    """The rows behind a key, the dimensions summed or computed over, and why that may be done."""
    rows = conversion.contributions
    structure = conversion.dataset.structure
    spec = conversion.module.spec
    summed, because = [], []
    for dimension, code in asked.items():
        codes = pl.col(dimension).cast(pl.String)
        wanted, reasons = {code}, []
        for rollup in (r for r in reversed(spec.rollup) if r.dimension == dimension):
            codelist = catalogue.codelist_of(structure.components[dimension])
            present = {
                *rows[dimension].unique().drop_nulls(),
                *(d.target for d in spec.derive if d.component == dimension),
            }
            pairs = ancestry(codelist, rollup, present) if codelist is not None else None
            below = set() if pairs is None else set(pairs.filter(pl.col("ancestor").is_in(list(wanted)))["base"])
            if below and rows.filter(codes == code).is_empty():
                wanted |= below
                reasons.append(rollup.because)
        for derived in (d for d in spec.derive if d.component == dimension and d.target in wanted):
            wanted |= set(derived.parts)
            reasons.append(derived.because)
        direct = rows.filter(codes == code)
        if direct.is_empty() and len(wanted) > 1:
            rows = rows.filter(codes.is_in(list(wanted)))
            summed.append(dimension)
            because += reasons
        else:
            rows = direct
    if spec.aggregate is not None and rows.height > 1 and not summed:
        because.append(spec.aggregate.because)
    return rows, tuple(summed), tuple(because)


class _Origins:
    """Rows as contributions, with the life of those that are observations of another dataflow."""

    def __init__(self, conversion: Conversion, catalogue: Catalogue, behind: Behind, most: int) -> None:
        self._conversion = conversion
        self._catalogue = catalogue
        self._behind = behind
        self._most = most

    def contribution(self, row: dict[str, object]) -> Contribution:
        """One row."""
        ranks = [int(str(row[c])) for c in row if c.startswith(RELATION) and row[c] is not None]
        notes = [str(row[c]) for c in row if c.startswith(NOTE) and row[c]]
        said = {c.removeprefix(SOURCE): str(v) for c, v in row.items() if c.startswith(SOURCE) and v is not None}
        source = self._source_of(row)
        return Contribution(
            key=str(row["key"]),
            value=_plain(row[VALUE]),
            where=place_of(row),
            said=said,
            relation=RELATIONS[max(ranks, default=0)],
            note="; ".join(notes) or None,
            steps=tuple(self._step(component, rule, row) for component, rule in self._rules(source).items()),
            origin=self._origin(source, said) if isinstance(source, FlowSource) else None,
        )

    def _source_of(self, row: dict[str, object]) -> FileSource | FlowSource | None:
        """The source a row is of; of several that read one dataflow, the first whose rules give what the row has."""
        tables = [t for t in self._conversion.tables if t.name == row.get(FILE)]
        return next((t.declared for t in tables if self._gives(t.declared, row)), None)

    def _gives(self, source: FileSource | FlowSource, row: dict[str, object]) -> bool:
        rules = self._rules(source)
        steps = [self._step(c, rule, row) for c, rule in rules.items() if rule.codes]
        return all(step.gives == str(row[step.component]) for step in steps if step.gives)

    def _rules(self, source: FileSource | FlowSource | None) -> dict[str, Rule]:
        return {} if source is None else self._conversion.module.spec.rules_for(source)

    def _step(self, component: str, rule: Rule, row: dict[str, object]) -> Step:
        said = " / ".join(str(row.get(source_column(column)) or "") for column in rule.all_columns)
        words = rule.model_dump(by_alias=True, exclude_defaults=True, exclude={"source", "codes"})
        told = ", ".join(f"{name} = {value}" for name, value in words.items())
        gives = str(row[component]) if row.get(component) is not None else ""
        if rule.codes is None:
            return Step(component, said, told or "as it is", gives)
        texts = [str(row.get(source_column(column)) or "") for column in rule.columns]
        table = self._conversion.module.table_of(rule)
        asked = pl.DataFrame({f"text{i}": [text] for i, text in enumerate(texts)})
        found = match(table, asked, ignore_case=rule.ignore_case).lines.row(0, named=True)
        return Step(component, said, f"{rule.codes}, line {found['line']}", str(found["target"] or ""))

    def _origin(self, source: FlowSource, said: dict[str, str]) -> Explanation | None:
        if self._most < 1:
            return None
        made = self._behind(source.urn)
        if made is None:
            return None
        self._most -= 1
        key = KEY_SEPARATOR.join(said[d] for d in made.dataset.structure.key_dimensions)
        try:
            return explain(made, key, said[_TIME], catalogue=self._catalogue, behind=self._behind, most=self._most)
        except UsageError:  # the release was made of another edition than the one at hand
            return None


def _plain(value: object) -> float | int | None:
    """A figure as JSON knows it: an exact decimal as the nearest number."""
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, int | float) else None

"""Structure-specific SDMX-ML 2.1, 3.0 and 3.1, read into columns.

Components are attributes wherever they stand: on the observation, its series, a group, an attribute set or the data
set (SDMX 3.0 Section 3A Part IV). Each kind of element becomes a table; the tables meet by position and by partial key, and the
nearest element to the observation wins. Cross-sections and flat messages need no case of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, pairwise
from xml.parsers import expat

import polars as pl

from sdmx_gateway.errors import MessageRejected, Problem
from sdmx_gateway.formats.action import READABLE_WORDS
from sdmx_gateway.formats.assembly import assemble, unknown_components
from sdmx_gateway.formats.references import Meaning, resolve
from sdmx_gateway.formats.xml_parts import SPACE, Complex, DataSetPart, KeyedPart, MessagePart, parse, parts_of
from sdmx_gateway.observations import Dataset, column_type
from sdmx_gateway.structures import Catalogue, Kind
from sdmx_gateway.structures.model import DataStructure

_KINDS = {"StructureUsage": Kind.DATAFLOW, "Structure": Kind.DATA_STRUCTURE}
_NOT_COMPONENTS = frozenset({"type", "REPORTING_YEAR_START_DAY"})  # declared by the schemas for every data structure


def read_ml(data: bytes, catalogue: Catalogue) -> Dataset:
    """Read a structure-specific data message.

    Raises:
        MessageRejected: it is none, or does not fit the dataflow it names; every problem is listed with its line.
    """
    message = parts_of(data)
    problems: list[Problem] = []
    meaning = _meaning(message, catalogue, problems)
    if meaning is None:
        raise MessageRejected("this SDMX-ML message cannot be understood", problems)
    problems += _actions(message)
    problems += unknown_components(dict.fromkeys(_names(message), 0), meaning.structure)
    tables = [_table(part, meaning.structure) for part in message.data_sets]
    raw = pl.concat(tables, how="diagonal")
    lines: list[int] = []

    def line(row: int) -> int | None:
        if not lines:
            lines.extend(_lines(data))
        return lines[row] if row < len(lines) else None

    return assemble(raw, meaning, problems, line)


def _meaning(message: MessagePart, catalogue: Catalogue, problems: list[Problem]) -> Meaning | None:
    """What the one structure is that the data sets refer to; without a data set, what the header names."""
    if not message.data_sets:
        problems.append(Problem("no-observations", "there is no data set in the message"))
        return None
    wanted = {
        next((v for n, v in part.attributes.items() if n.endswith("structureRef")), "") for part in message.data_sets
    }
    named = [structure for structure in message.structures if structure.id in wanted]
    if len(named) != 1 or len(wanted) != 1:
        what = f"the data sets refer to {', '.join(sorted(map(repr, wanted)))}"
        why = f"the header has the structures {', '.join(repr(s.id) for s in message.structures) or 'none'}"
        code = "several-dataflows" if len(wanted) > 1 else "unknown-dataflow"
        problems.append(Problem(code, what, why=why, remedy="send one message for each dataflow"))
        return None
    kind = _KINDS.get(named[0].element)
    if kind is None or not named[0].reference:
        what = f"the header refers to its structure by {named[0].element or 'nothing'}"
        problems.append(Problem("unknown-dataflow", what, why=f"{' and '.join(_KINDS)} are understood"))
        return None
    meaning = resolve(named[0].reference, kind, catalogue)
    if isinstance(meaning, Problem):
        problems.append(meaning)
        return None
    return meaning


def _actions(message: MessagePart) -> Iterable[Problem]:
    for part in message.data_sets:
        own = next((value for name, value in part.attributes.items() if name.endswith(f"{SPACE}action")), None)
        action = own or message.action
        if action and action not in READABLE_WORDS:
            why = f"a table can be made of the actions {', '.join(sorted(READABLE_WORDS))}"
            yield Problem("unsupported-action", f"the action is {action!r}", why=why, value=action)


def _names(message: MessagePart) -> Iterable[str]:
    """Every attribute in no namespace and every complex component, each once, in document order by kind."""
    found: dict[str, None] = {}
    for part in message.data_sets:
        keyed = (*part.partial, *part.series)
        found.update(dict.fromkeys(chain(part.attributes, *(k.attributes for k in keyed))))
        found.update(dict.fromkeys(chain.from_iterable(k.components for k in keyed)))
        found.update(dict.fromkeys(chain.from_iterable(part.observations)))
        found.update(dict.fromkeys(chain.from_iterable(part.complex_observations.values())))
    return (name for name in found if SPACE not in name and name not in _NOT_COMPONENTS)


def _table(part: DataSetPart, structure: DataStructure) -> pl.DataFrame:
    """The observations of a data set, with everything that is said of them elsewhere in it."""
    rows = len(part.observations)
    table = _columns(part.observations, part.complex_observations, structure)
    bounds = [series.start for series in part.series] + [rows]
    counts = pl.Series([after - before for before, after in pairwise(bounds)], dtype=pl.UInt32)
    before_any = pl.Series([None], dtype=pl.UInt32).new_from_index(0, bounds[0])
    nth = pl.concat(
        [before_any, pl.int_range(counts.len(), dtype=pl.UInt32, eager=True).repeat_by(counts).explode().drop_nulls()]
    )
    of_series = _columns([s.attributes for s in part.series], _complex(part.series), structure)
    table = _over(table, of_series.select(pl.all().gather(nth)) if rows else of_series.clear())
    table = _partial(table, part.partial, structure)
    whole = {name: text for name, text in part.attributes.items() if name in structure.components}
    return _over(
        table, pl.DataFrame({name: pl.repeat(text, rows, dtype=pl.String, eager=True) for name, text in whole.items()})
    )


def _columns(
    rows: Sequence[Mapping[str, str]], several: Mapping[int, Complex], structure: DataStructure
) -> pl.DataFrame:
    """Elements as columns: one row each, one column per component any of them has; lists where one has several values."""
    names = dict.fromkeys(chain(chain.from_iterable(rows), chain.from_iterable(several.values())))
    columns = {}
    for name in (name for name in names if name in structure.components):
        many = isinstance(column_type(structure.components[name]), pl.List) or any(name in c for c in several.values())
        if many:
            values = [
                several.get(n, {}).get(name) or ([row[name]] if name in row else None) for n, row in enumerate(rows)
            ]
            columns[name] = pl.Series(name, values, dtype=pl.List(pl.String))
        else:
            columns[name] = pl.Series(name, [row.get(name) for row in rows], dtype=pl.String)
    return pl.DataFrame(columns, height=len(rows))


def _complex(parts: Sequence[KeyedPart]) -> dict[int, Complex]:
    return {n: part.components for n, part in enumerate(parts) if part.components}


def _over(table: pl.DataFrame, farther: pl.DataFrame) -> pl.DataFrame:
    """The table with what a farther element says added where the nearer one says nothing."""
    said = [
        pl.coalesce(table[name], farther[name]).alias(name) if name in table.columns else farther[name]
        for name in farther.columns
    ]
    return table.with_columns(said) if said else table


def _partial(table: pl.DataFrame, parts: Sequence[KeyedPart], structure: DataStructure) -> pl.DataFrame:
    """The table with what groups and attribute sets say of the observations their partial keys fit."""
    by_key: dict[tuple[str, ...], list[KeyedPart]] = defaultdict(list)
    dimensions = [dimension.id for dimension in structure.dimensions]
    for part in parts:
        by_key[tuple(d for d in dimensions if d in part.attributes)].append(part)
    for key, group in by_key.items():
        said = _columns([part.attributes for part in group], _complex(group), structure)
        if not key:
            table = _over(
                table, said.head(1).select(pl.all().repeat_by(table.height).explode()) if table.height else said.clear()
            )
        elif set(key) <= set(table.columns):
            spread = table.select(key).join(
                said.unique(key, keep="first"), on=list(key), how="left", maintain_order="left"
            )
            table = _over(table, spread.drop(key))
    return table


def _lines(data: bytes) -> list[int]:
    """The line each observation starts on; asked only for a message that is wrong."""
    lines: list[int] = []
    parser = expat.ParserCreate(namespace_separator=SPACE)

    def start(name: str, attributes: dict[str, str]) -> None:
        del attributes
        if name == "Obs":
            lines.append(parser.CurrentLineNumber)

    parser.StartElementHandler = start
    parse(parser, data)
    return lines

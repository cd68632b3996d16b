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

from sdmx_gateway.errors import MessageRejected, Problem, Where
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
    tables = [_table(part, meaning.structure, problems) for part in message.data_sets]
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
    wanted = {next((v for n, v in part.attributes.items() if n.endswith("structureRef")), "") for part in message.data_sets}
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


def _table(part: DataSetPart, structure: DataStructure, problems: list[Problem]) -> pl.DataFrame:
    """The observations of a data set, with everything that is said of them elsewhere in it."""
    rows = len(part.observations)
    of_observation = _columns(part.observations, part.complex_observations, structure)
    of_series = _columns([s.attributes for s in part.series], _complex(part.series), structure)
    bounds = [series.start for series in part.series] + [rows]
    first = bounds[0] if part.series else rows
    counts = [0] * 0 + [after - before for before, after in pairwise(bounds)]
    nth = pl.Series("nth", [None], dtype=pl.UInt32).new_from_index(0, first)
    repeated = pl.int_range(len(counts), dtype=pl.UInt32, eager=True).repeat_by(pl.Series(counts, dtype=pl.UInt32))
    nth = pl.concat([nth, repeated.explode().drop_nulls().cast(pl.UInt32)])
    table = of_observation.with_columns()
    spread = of_series.select(pl.all().gather(nth)) if of_series.width and rows else of_series.clear()
    table = _over(table, spread, rows)
    table = _partial(table, part, structure, problems)
    whole = {n: v for n, v in part.attributes.items() if n in structure.components}
    return _over(table, pl.DataFrame({n: pl.repeat(v, rows, eager=True) for n, v in whole.items()}), rows)

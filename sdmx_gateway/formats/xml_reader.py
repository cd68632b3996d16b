"""Structure-specific SDMX-ML 2.1, 3.0 and 3.1, read into columns.

The parser keeps what it meets, the tables put it together, and here it is said what the message means: which
dataflow, which action, and which of its names are no components. Lines are looked up only when something is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from xml.parsers import expat

import polars as pl

from sdmx_gateway.errors import MessageRejected, Problem
from sdmx_gateway.formats.action import READABLE_WORDS
from sdmx_gateway.formats.assembly import assemble, unknown_components
from sdmx_gateway.formats.references import Meaning, resolve
from sdmx_gateway.formats.xml_parts import SPACE, Attributes, MessagePart, parse, parts_of
from sdmx_gateway.formats.xml_tables import table_of
from sdmx_gateway.observations import Dataset
from sdmx_gateway.structures import Catalogue, Kind

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


def _qualified(attributes: Attributes, local: str) -> str | None:
    """An attribute of the data set's namespace, whichever version's that is."""
    return next((value for name, value in attributes.items() if name.endswith(f"{SPACE}{local}")), None)


def _actions(message: MessagePart) -> Iterator[Problem]:
    for part in message.data_sets:
        action = _qualified(part.attributes, "action") or message.action
        if action and action not in READABLE_WORDS:
            why = f"a table can be made of the actions {', '.join(sorted(READABLE_WORDS))}"
            yield Problem("unsupported-action", f"the action is {action!r}", why=why, value=action)


def _names(message: MessagePart) -> Iterator[str]:
    """Every attribute in no namespace and every complex component, each once, in document order by kind."""
    found: dict[str, None] = {}
    for part in message.data_sets:
        keyed = (*part.partial, *part.series)
        found.update(dict.fromkeys(chain(part.attributes, *(k.attributes for k in keyed))))
        found.update(dict.fromkeys(chain.from_iterable(k.components for k in keyed)))
        found.update(dict.fromkeys(chain.from_iterable(part.observations)))
        found.update(dict.fromkeys(chain.from_iterable(part.complex_observations.values())))
    return (name for name in found if SPACE not in name and name not in _NOT_COMPONENTS)

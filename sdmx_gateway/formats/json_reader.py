"""SDMX-JSON 2.0 data messages, read into columns (SDMX-JSON 2.0.0, data message): series, or flat observations.

The structure part is parsed by Python, the observations by polars from the text as it stands; no Python value is made of any of them.
Two things of the standard are passed over: attributes of dimension groups and default values of attributes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from sdmx_gateway.errors import MessageRejected, Problem
from sdmx_gateway.formats.action import READABLE_WORDS
from sdmx_gateway.formats.assembly import assemble, unknown_components
from sdmx_gateway.formats.json_data_set import table_of
from sdmx_gateway.formats.json_irregular import is_regular, regular
from sdmx_gateway.formats.json_members import checked, member, rejected, wrong_form
from sdmx_gateway.formats.json_structure import Layout, layout_of
from sdmx_gateway.formats.json_text import parse_around, parse_whole
from sdmx_gateway.formats.lexical import spelt
from sdmx_gateway.formats.references import Meaning, resolve
from sdmx_gateway.observations import Dataset, column_type
from sdmx_gateway.structures import Catalogue, Kind

MAX_DATA_SETS: Final = 1_000
"""Data sets read from one message; services send one for each action."""


def read_json(data: bytes, catalogue: Catalogue) -> Dataset:
    """Read an SDMX-JSON 2.0 data message.

    Raises:
        MessageRejected: it is none, or does not fit the dataflow it names.
    """
    data_sets, structures = _parts(_parsed(data))
    if len(data_sets) > MAX_DATA_SETS:
        raise wrong_form(f"there are {len(data_sets)} data sets in it, and {MAX_DATA_SETS} at most are read")
    if not data_sets:
        raise rejected(Problem("no-observations", "there is no data set in the message"))
    layouts = _layouts(data_sets, structures)
    problems: list[Problem] = []
    tables = [
        table_of(data_set, layout, f"data.dataSets[{n}]", problems)
        for n, (data_set, layout) in enumerate(zip(data_sets, layouts, strict=True))
    ]
    if problems:
        raise MessageRejected("this SDMX-JSON message cannot be read", problems)
    meaning = _meaning(layouts, catalogue)
    raw = pl.concat(tables, how="diagonal")
    said = [column.name for column in raw.iter_columns() if column.null_count() < len(column)]
    problems += [*_actions(data_sets), *unknown_components(dict.fromkeys(said, 0), meaning.structure)]
    known = [_positional(raw[name], meaning) for name in raw.columns if name in meaning.structure.components]
    return assemble(pl.DataFrame(known), meaning, problems, _nowhere)


def _nowhere(row: int) -> None:
    """JSON has no lines worth naming."""
    del row


def _parsed(data: bytes) -> dict[str, Any]:
    message = parse_around(data)
    return message if is_regular(message) else regular(checked(parse_whole(data), dict, "the message"))


def _parts(message: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The data sets and the structures."""
    content = member(message, "data", dict, "")
    data_sets, structures = (
        [checked(value, dict, f"data.{name}[{n}]") for n, value in enumerate(member(content, name, list, "data"))]
        for name in ("dataSets", "structures")
    )
    return data_sets, structures


def _layouts(data_sets: list[dict[str, Any]], structures: list[dict[str, Any]]) -> list[Layout]:
    """The layout of each data set."""
    known: dict[int, Layout] = {}
    numbers = [member(data_set, "structure", int, f"data.dataSets[{n}]", 0) for n, data_set in enumerate(data_sets)]
    for number in dict.fromkeys(numbers):
        path = f"data.structures[{number}]"
        if not 0 <= number < len(structures):
            raise wrong_form(f"{path} is missing")
        known[number] = layout_of(structures[number], path)
    return [known[number] for number in numbers]


def _meaning(layouts: list[Layout], catalogue: Catalogue) -> Meaning:
    """What the one structure is that the data sets are of."""
    references = [reference for reference in dict.fromkeys(layout.reference for layout in layouts) if reference]
    if len(references) > 1:
        what = f"the data sets are of {', '.join(references)}"
        why = "one message is read into one dataset"
        raise rejected(Problem("several-dataflows", what, why=why, remedy="send one message for each dataflow"))
    if not references:
        what = "the message links to no dataflow"
        raise rejected(Problem("unknown-dataflow", what, remedy="add a link with rel dataflow"))
    meaning = resolve(references[0], Kind.DATAFLOW, catalogue)
    if isinstance(meaning, Problem):
        raise rejected(meaning)
    return meaning


def _actions(data_sets: list[dict[str, Any]]) -> Iterator[Problem]:
    for n, data_set in enumerate(data_sets):
        action = member(data_set, "action", str, f"data.dataSets[{n}]", "")
        if action and action not in READABLE_WORDS:
            why = f"a table can be made of the actions {', '.join(sorted(READABLE_WORDS))}"
            yield Problem("unsupported-action", f"the action is {action!r}", why=why, value=action)


def _positional(column: pl.Series, meaning: Meaning) -> pl.Series:
    """A column whose numbers have no exponent, which JSON may spell and decimals may not (XML Schema Part 2, §3.2.3)."""
    if not column_type(meaning.structure.components[column.name]).is_float():
        return column
    text = pl.col(column.name)
    if not column.str.contains("[eE]").any():
        return column
    number = pl.when(text.str.contains("[eE]")).then(text.cast(pl.Float64, strict=False))
    shifted = pl.when(number.is_finite()).then(spelt(number, pl.Float64()))
    return column.to_frame().select(pl.coalesce(shifted, text).alias(column.name)).to_series()

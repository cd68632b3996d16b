"""From columns as they were spelt to a dataset, with everything that is wrong found on the way.

The readers of texts (SDMX-CSV, SDMX-ML) and of typed values (SDMX-JSON) end here: columns are typed, keys checked for
holes and repetitions, and the table put in the contract's form. Unknown codes and missing mandatory attributes are no
matter of format; validation finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

import polars as pl

from sdmx_gateway.errors import MessageRejected, Problem, Where
from sdmx_gateway.formats.fit import place
from sdmx_gateway.formats.lexical import understood
from sdmx_gateway.formats.references import Meaning
from sdmx_gateway.observations import Dataset, column_type
from sdmx_gateway.structures.model import Component, DataStructure

MAX_PROBLEMS_PER_COLUMN: Final = 50
"""Different wrong values listed for one column; the rest are counted."""

Locator = Callable[[int], int | None]
"""The row or line of the message that the nth observation (from 0) stands on."""


def assemble(raw: pl.DataFrame, meaning: Meaning, problems: list[Problem], located: Locator) -> Dataset:
    """A dataset of columns as they were read.

    Args:
        raw: one column per component that the message has: String (or List of String), or already typed.
        meaning: what the columns are components of.
        problems: what has been found already.
        located: where each row came from; asked only for rows that are wrong.

    Raises:
        MessageRejected: there were problems, or there are now.
    """
    structure = meaning.structure
    absent = [d.id for d in structure.dimensions if d.id not in raw.columns]
    found = list(problems)
    found += [_missing_dimension(name, structure) for name in absent]
    checked, typed = [], []
    for column in raw.iter_columns():
        values, wrong = typed_column(column, structure.components[column.name])
        typed.append(values.alias(column.name))
        checked.append((column, wrong))
    frame = pl.DataFrame(typed, height=raw.height) if typed else raw
    if not absent:
        found += _holes(frame, structure, located)
        found += _repeated(frame, structure, located)
    for column, wrong in checked:
        if wrong.any():
            found += _wrong_values(column, wrong, structure, frame, located)
    if found:
        raise MessageRejected(f"the data of {meaning.dataflow.urn.short} cannot be read", found)
    return Dataset.of(meaning.dataflow, structure, frame)


def typed_column(column: pl.Series, component: Component) -> tuple[pl.Series, pl.Series]:
    """A column in its component's type, and where a value is not of it. Empty texts are absent."""
    target = column_type(component)
    nowhere = pl.repeat(False, len(column), dtype=pl.Boolean, eager=True)
    if isinstance(target, pl.List):
        return _typed_lists(column, component, target)
    if column.dtype != pl.String:
        return column.cast(target, strict=False), nowhere
    text = pl.DataFrame({"t": column}).select(pl.when(pl.col("t") != "").then(pl.col("t")))["t"]
    if component.representation.is_coded:
        return text, nowhere
    return understood(text, component.representation.data_type, target)


def _typed_lists(column: pl.Series, component: Component, target: pl.List) -> tuple[pl.Series, pl.Series]:
    if not isinstance(column.dtype, pl.List):
        column = pl.DataFrame({"v": column}).select(pl.when(pl.col("v").is_not_null()).then(pl.concat_list("v")))["v"]
    if component.representation.is_coded or target.inner == pl.String:
        return column.cast(target, strict=False), pl.repeat(False, len(column), dtype=pl.Boolean, eager=True)
    rows = pl.int_range(len(column), eager=True)
    flat = pl.DataFrame({"row": rows, "v": column}).filter(pl.col("v").list.len() > 0).explode("v")
    values, wrong = understood(flat["v"].cast(pl.String), component.representation.data_type, target.inner)
    again = flat.select("row", v=values, w=wrong).group_by("row").agg("v", pl.col("w").any())
    back = pl.DataFrame({"row": rows}).join(again, on="row", how="left", maintain_order="left")
    return back["v"].cast(target), back["w"].fill_null(False)


def _missing_dimension(name: str, structure: DataStructure) -> Problem:
    return Problem(
        "missing-dimension",
        f"the dimension {name} is not in the message",
        Where(column=name),
        why=f"{structure.urn.short} has the dimensions {', '.join(d.id for d in structure.dimensions)}",
    )


def _holes(frame: pl.DataFrame, structure: DataStructure, located: Locator) -> Iterator[Problem]:
    for dimension in structure.dimensions:
        absent = frame[dimension.id].is_null()
        if absent.any():
            row = absent.arg_true()[0]
            where = Where(row=located(row), column=dimension.id)
            what = f"{dimension.id} has no value"
            yield Problem("missing-dimension-value", what, where, rows=int(absent.sum()))


def _repeated(frame: pl.DataFrame, structure: DataStructure, located: Locator) -> Iterator[Problem]:
    names = [dimension.id for dimension in structure.dimensions]
    if not names or not frame.height:
        return
    keys = frame.select(names).with_row_index("row")
    if not keys.select(pl.struct(names).is_duplicated().any()).item():
        return
    times = keys.group_by(names, maintain_order=True).agg(pl.col("row").get(1, null_on_oob=True), n=pl.len())
    twice = times.filter(pl.col("n") > 1)
    for key in twice.head(MAX_PROBLEMS_PER_COLUMN).iter_slices(1):
        row = key.item(0, "row")
        where = replace(place(key, structure), row=located(row))
        what = f"the observation is there {key.item(0, 'n')} times"
        yield Problem("duplicate-observation", what, where, rows=key.item(0, "n"))
    yield from _more("duplicate-observation", "keys", twice.height, int(twice["n"].sum()))


def _wrong_values(
    column: pl.Series, wrong: pl.Series, structure: DataStructure, frame: pl.DataFrame, located: Locator
) -> Iterator[Problem]:
    component = structure.components[column.name]
    offending = pl.DataFrame({"value": column, "wrong": wrong}).with_row_index("row").filter("wrong")
    kinds = offending.group_by("value", maintain_order=True).agg(pl.col("row").first(), n=pl.len())
    for value, row, n in kinds.head(MAX_PROBLEMS_PER_COLUMN).iter_rows():
        known = set(frame.columns) >= {d.id for d in structure.dimensions}
        where = place(frame.slice(row, 1), structure, column.name) if known else Where(column=column.name)
        yield Problem(
            "wrong-value",
            f"{column.name} {value!r} is not of type {component.representation.data_type}",
            replace(where, row=located(row)),
            value=str(value),
            rows=n,
        )
    yield from _more("wrong-value", f"values of {column.name}", kinds.height, offending.height)


def _more(code: str, of_what: str, kinds: int, rows: int) -> Iterator[Problem]:
    if kinds > MAX_PROBLEMS_PER_COLUMN:
        yield Problem(code, f"and {kinds - MAX_PROBLEMS_PER_COLUMN} more {of_what} like these", rows=rows)


def unknown_components(names: dict[str, int], structure: DataStructure) -> Iterator[Problem]:
    """A problem for each name (with the line it first stands on) that is no component of the structure."""
    for name, row in names.items():
        if name not in structure.components:
            yield Problem(
                "unknown-component",
                f"{name!r} is no component of {structure.urn.short}",
                Where(row=row or None, column=name),
                why=f"its components are {', '.join(structure.components)}",
                value=name,
            )

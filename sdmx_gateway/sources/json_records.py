"""JSON: the way from the top of a document to its records, and their nested members as headings.

Numbers are kept as the text they are written with (RFC 8259 §6 leaves their precision to the reader). A member said twice in one object
(§4: the names "SHOULD be unique") is refused, since all but one of its values would be lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, Final, NoReturn

import polars as pl

from sdmx_gateway.errors import Problem, SourceRejected, Where
from sdmx_gateway.sources.block import Block, Found
from sdmx_gateway.sources.form import Json
from sdmx_gateway.sources.raw_table import ROW

OUTER: Final = "../"
"""What stands before the heading of a member of an object around the record."""


def read_json(data: bytes, form: Json, name: str) -> Found:
    """The records as a table; row 1 is the first record.

    Headings are the members' names; ``a.b`` is member ``b`` of the object ``a``, and ``../a`` a member of an object around the record.

    Raises:
        SourceRejected: the bytes are no JSON, or no records stand where they are said to.

    """
    document = _document(data, name)
    found = list(_walk(document, form.records.split("."), {}, {}, name))
    records = list(chain.from_iterable(records for records, _, _ in found))
    if not records:
        raise _refused(name, "no-rows", f"no record stands at {form.records}")
    frame = _flat(_frame(records, name)).with_row_index(ROW, offset=1)
    counts = pl.Series([len(records) for records, _, _ in found])
    of = pl.int_range(len(found), eager=True).repeat_by(counts).explode().drop_nulls()
    outer = (
        _flat(_frame([around for _, around, _ in found], name))[of] if any(a for _, a, _ in found) else pl.DataFrame()
    )
    said = _frame([keys for _, _, keys in found], name)[of] if any(k for _, _, k in found) else pl.DataFrame()
    whole_frame = pl.concat([frame, outer.select(pl.all().name.prefix(OUTER)), said], how="horizontal")
    headings = [column for column in whole_frame.columns if not column.startswith("@")]
    named = {heading: str(i) for i, heading in enumerate(headings)}
    return Found((Block(whole_frame.rename(named), {i: heading for heading, i in named.items()}),))


def as_cells(block: Block) -> pl.DataFrame:
    """Records as the cells of a sheet whose first row are the headings."""
    head = pl.DataFrame(
        {column: [heading] for column, heading in block.headings.items()},
        schema_overrides=dict.fromkeys(block.headings, pl.String),
    )
    return pl.concat([head, block.frame.select(head.columns)])


def _document(data: bytes, name: str) -> Any:
    try:
        return json.loads(data, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        what = str(error) or "it is nested too deep"
        remedy = "fetch the file again"
        raise _refused(
            name, "not-json", f"the file is no JSON: {what}", getattr(error, "lineno", None), remedy
        ) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [key for key, _ in pairs]
        raise ValueError(f"{next(key for key in names if names.count(key) > 1)!r} is said twice in one object")
    return members


Step = tuple[list[Any], dict[str, Any], dict[str, str]]


def _walk(node: Any, steps: Sequence[str], around: dict[str, Any], keys: dict[str, str], name: str) -> Iterator[Step]:
    """Each array of records, with the plain members of the objects around it and the keys on the way."""
    if not steps:
        yield [node], around, keys
        return
    member, is_each = steps[0].removesuffix("[]"), steps[0].endswith("[]")
    if member.startswith("{"):
        _expect(node, dict, steps[0], name)
        for key, value in node.items():
            yield from _into(value, steps, around, keys | {f"@{member[1:-1]}": key}, name, is_each=is_each)
    elif member:
        _expect(node, dict, steps[0], name)
        if member not in node:
            raise _refused(name, "no-rows", f"no member {member!r} on the way to the records")
        plain = {key: value for key, value in node.items() if key != member and not isinstance(value, dict | list)}
        yield from _into(node[member], steps, around | plain, keys, name, is_each=is_each)
    else:
        yield from _into(node, steps, around, keys, name, is_each=is_each)


def _into(
    node: Any, steps: Sequence[str], around: dict[str, Any], keys: dict[str, str], name: str, *, is_each: bool
) -> Iterator[Step]:
    if not is_each:
        yield from _walk(node, steps[1:], around, keys, name)
        return
    _expect(node, list, steps[0], name)
    if len(steps) == 1:
        yield node, around, keys
        return
    for element in node:
        yield from _walk(element, steps[1:], around, keys, name)


def _expect(node: Any, kind: type, step: str, name: str) -> None:
    if not isinstance(node, kind):
        what = "an array" if kind is list else "an object"
        raise _refused(name, "no-rows", f"{step!r} on the way to the records needs {what}, and there is none")


def _frame(records: list[Any], name: str) -> pl.DataFrame:
    if {*map(type, records)} != {dict}:
        raise _refused(name, "mixed-json", "what stands where the records should be are no objects")
    try:
        return pl.from_dicts(records, infer_schema_length=None)
    except (pl.exceptions.PolarsError, TypeError) as error:
        _refuse_mixed(records, name, error)


def _refuse_mixed(records: list[Any], name: str, error: Exception) -> NoReturn:
    kinds: dict[str, set[str]] = {}
    for record in records:
        for key, value in record.items():
            kinds.setdefault(key, set()).update({type(value).__name__} - {"NoneType"})
    mixed = [key for key, found in kinds.items() if len(found) > 1]
    what = f"the members {', '.join(map(repr, mixed))} are of several kinds" if mixed else str(error)
    raise _refused(name, "mixed-json", what) from error


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Nested objects as columns ``a.b``; what is plain as text; arrays are left as they are."""
    while nested := [column for column, kind in frame.schema.items() if isinstance(kind, pl.Struct)]:
        frame = frame.with_columns(pl.col(c).name.prefix_fields(f"{c}.") for c in nested).unnest(nested)
    plain = [column for column, kind in frame.schema.items() if not kind.is_nested()]
    return frame.with_columns(pl.col(plain).cast(pl.String))


def _refused(name: str, code: str, what: str, row: int | None = None, remedy: str = "") -> SourceRejected:
    remedy = remedy or "see `records` in the module's source: it says where the records stand"
    return SourceRejected(
        f"{name} cannot be read as JSON", [Problem(code, what, Where(file=name, row=row), remedy=remedy)]
    )

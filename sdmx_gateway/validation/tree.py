"""The tree of a code list as a table, so that sums along it are joins.

Depth is counted from the roots, so a parent is always one above its children, however uneven the branches are.
"""

from __future__ import annotations

from collections import Counter

import polars as pl

from sdmx_gateway.structures.model import Codelist


def broken_branches(codelist: Codelist) -> tuple[str, ...]:
    """The codes from which no root is reached: their parent is not in the list, or they are among their own ancestors."""
    return tuple(code.id for code in codelist.items if _depth(codelist, code.id) is None)


def tree(codelist: Codelist) -> pl.DataFrame:
    """One row per code of a sound tree, in the list's order.

    Columns: ``@code`` (String), ``@node`` (UInt32, its position), ``@parent`` (UInt32, null for a root), ``@depth``
    (Int64, 0 for a root), ``@of`` (UInt32, how many children it has in the list). Codes of broken branches are left out.
    """
    depths = {code.id: depth for code in codelist.items if (depth := _depth(codelist, code.id)) is not None}
    position = {code: node for node, code in enumerate(depths)}
    parents = {code: codelist[code].parent for code in depths}
    children = Counter(parents.values())
    rows = [(code, position[code], position.get(parents[code] or ""), depths[code], children[code]) for code in depths]
    schema = {"@code": pl.String, "@node": pl.UInt32, "@parent": pl.UInt32, "@depth": pl.Int64, "@of": pl.UInt32}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _depth(codelist: Codelist, code: str) -> int | None:
    seen: set[str] = set()
    parent = codelist[code].parent
    while parent is not None:
        if parent in seen or parent not in codelist:
            return None
        seen.add(parent)
        parent = codelist[parent].parent
    return len(seen)

"""Of every row a module takes in, it is known what became of it: an observation is made of it, or it is left out with a reason."""

from __future__ import annotations

import polars as pl
import pytest

from sdmx_gateway.gateway import Gateway
from sdmx_gateway.mapping.module import find_modules
from sdmx_gateway.mapping.spec import FlowSource, matches
from sdmx_gateway.mapping.table import SourceTable
from sdmx_gateway.settings import shipped


def in_scope(table: SourceTable) -> int:
    """The rows the source asks for: of a file all of them, of a dataflow those that fit its patterns."""
    if not isinstance(table.declared, FlowSource):
        return table.frame.height
    wanted = [pl.col(name).str.contains(matches(patterns)) for name, patterns in table.declared.where.items()]
    return table.frame.filter(wanted).height if wanted else table.frame.height


@pytest.mark.parametrize("name", find_modules([shipped("mappings")]))
def test_every_row_in_scope_is_mapped_or_left_out_with_a_reason(national: Gateway, name: str) -> None:
    for edition in national.editions(national.module(name)) or [None]:
        conversion = national.convert(name, edition=edition)
        left_out = sum(left.rows for left in conversion.left_out)
        assert sum(map(in_scope, conversion.tables)) == conversion.contributions.height + left_out
        assert all(left.because for left in conversion.left_out)

"""The parts of an SDMX-ML element, as polars expressions over a table.

A component with one value is an XML attribute, one with several a ``Comp`` element (SDMX 3.0 Section 3A Part IV, CompType). What is null
is not written. Columns are looked at once, so that what needs no escaping is not searched again for each slice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from sdmx_gateway.formats.characters import for_xml_attribute, for_xml_text, needs_escape
from sdmx_gateway.formats.lexical import spelt
from sdmx_gateway.structures.model import Component

_NOTHING = pl.lit("")


def joined(parts: Iterable[pl.Expr | str]) -> pl.Expr:
    """Parts one after the other; empty when there are none. A null part makes the whole null."""
    pieces = [pl.lit(part) if isinstance(part, str) else part for part in parts]
    return pl.concat_str(pieces) if pieces else _NOTHING


class Fragments:
    """Expressions for the components of one table."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._schema = frame.schema
        self._some = {name for name in frame.columns if frame[name].null_count() < frame.height}
        self._holes = {name for name in frame.columns if frame[name].null_count()}
        self._escaped = {n for n, t in frame.schema.items() if t == pl.String and needs_escape(frame[n])}

    def keys(self, names: Sequence[str]) -> pl.Expr:
        """`` FREQ="A" REF_AREA="D75"`` for dimensions, which are never null."""
        return joined(self._attribute(name) for name in names)

    def attributes(self, components: Sequence[Component]) -> pl.Expr:
        """`` OBS_VALUE="788" OBS_STATUS="A"`` for components with one value."""
        single = [c.id for c in components if not isinstance(self._schema[c.id], pl.List) and c.id in self._some]
        texts = {name: self._attribute(name) for name in single}
        return joined(texts[n].fill_null(_NOTHING) if n in self._holes else texts[n] for n in single)

    def elements(self, components: Sequence[Component]) -> pl.Expr:
        """``<Comp id="X" xsi:type="ns1:X"><Value>a</Value></Comp>`` for components with several values."""
        return joined(self._element(c.id).fill_null(_NOTHING) for c in components if self._is_list(c.id))

    def has_elements(self, components: Sequence[Component]) -> bool:
        """Whether :meth:`elements` can give anything."""
        return any(self._is_list(component.id) for component in components)

    def _is_list(self, name: str) -> bool:
        return isinstance(self._schema[name], pl.List) and name in self._some

    def _attribute(self, name: str) -> pl.Expr:
        text = spelt(pl.col(name), self._schema[name])
        if name in self._escaped:
            text = for_xml_attribute(text)
        return pl.concat_str([pl.lit(f' {name}="'), text, pl.lit('"')])

    def _element(self, name: str) -> pl.Expr:
        dtype = self._schema[name]
        inner = dtype.inner if isinstance(dtype, pl.List) else dtype
        values = pl.col(name).list.eval(for_xml_text(spelt(pl.element(), inner)))
        return pl.concat_str(
            [
                pl.lit(f'<Comp id="{name}" xsi:type="ns1:{name}"><Value>'),
                values.list.join("</Value><Value>"),
                pl.lit("</Value></Comp>"),
            ]
        )

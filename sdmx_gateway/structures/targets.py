"""Which artefacts an artefact refers to, each once: what the way from artefact to artefact is found by.

A hierarchy of thirty-five thousand communes refers to one code list. It is gone through once, and the answer is kept with the
artefact, as its URN is; a loaded artefact whose bulk has not been looked at yet brings the answer with it
(:mod:`sdmx_gateway.structures.authored.cache`), so that nobody unpacks it to know what it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sdmx_gateway.structures.model import Artefact
from sdmx_gateway.structures.references import holders
from sdmx_gateway.structures.urn import Urn

_KEPT: Final = "_targets"


def targets(artefact: Artefact) -> tuple[Urn, ...]:
    """What the artefact refers to, in the order it is first named: artefacts, also where it names an item of theirs.

    >>> from sdmx_gateway.structures.model import HierarchicalCode, Hierarchy, Kind
    >>> area = Urn(Kind.CODELIST, "A", "CL_AREA", "1.0", "FR")
    >>> codes = tuple(HierarchicalCode(id=own_id, code=area) for own_id in ("X", "Y"))
    >>> [urn.short for urn in targets(Hierarchy(agency="A", id="H", codes=codes))]
    ['A:CL_AREA(1.0)']
    """
    held = vars(artefact)
    found: tuple[Urn, ...] | None = held.get(_KEPT)
    if found is None:
        collected: dict[Urn, None] = {}
        _collect(artefact, collected, [])
        found = held[_KEPT] = tuple(collected)
    return found


def known(artefact: Artefact, named: Iterable[Urn]) -> None:
    """Keep what an artefact refers to with it, so that it need not be gone through."""
    vars(artefact)[_KEPT] = tuple(named)


def _collect(value: Any, found: dict[Urn, None], last: list[Urn]) -> None:
    if isinstance(value, Urn):
        if last and _same(value, last[0]):  # as thirty-five thousand times in a row
            return
        last[:] = [value]
        found[value.maintainable] = None
    elif isinstance(value, tuple):
        for each in value:
            _collect(each, found, last)
    elif value is not None and not getattr(value, "is_inherited", False):
        for name in _fields(type(value)):
            inner = getattr(value, name)
            if inner:
                _collect(inner, found, last)


def _fields(of: type[Any]) -> tuple[str, ...]:
    return holders(of) if hasattr(of, "__dataclass_fields__") else ()


def _same(one: Urn, other: Urn) -> bool:
    """Whether two references name the same artefact."""
    return one.id == other.id and one.version == other.version and one.agency == other.agency and one.kind is other.kind

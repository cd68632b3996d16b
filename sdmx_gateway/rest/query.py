"""What a partner asks for, as values: the one meaning behind both SDMX REST grammars.

REST 1.5 (SDMX 2.1) and REST 2.2 (SDMX 3.1) spell the same wishes differently; their parsers, :mod:`.v1` and
:mod:`.v2`, make these values and nothing else does. Words are those of REST 2.x: ``*`` is any, ``~`` the latest
version, ``+`` the latest that is no draft, a comma separates alternatives.

Nothing here knows a data structure: whether a key has the right number of positions is for :mod:`.selection`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sdmx_gateway.structures.detail import Detail

ANY: Final = "*"
LATEST: Final = "~"
STABLE: Final = "+"
ALL_DIMENSIONS: Final = "AllDimensions"

Key = tuple[tuple[str, ...], ...]
"""One series key: for each position the codes that are accepted, none meaning any."""


class Context(StrEnum):
    """What the name in a data query names (REST 2.2, ``dataContext``)."""

    DATAFLOW = "dataflow"
    DATA_STRUCTURE = "datastructure"
    ANY = "*"


class Operator(StrEnum):
    """How a component is compared with a value (REST 2.2, parameter ``c``)."""

    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    CONTAINS = "co"
    LACKS = "nc"
    STARTS = "sw"
    ENDS = "ew"


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison: the component's value ``operator`` this value."""

    operator: Operator
    value: str


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked of one component: any of ``alternatives``, each a set of conditions that hold together.

    ``c[TIME_PERIOD]=ge:2020+le:2022`` has one alternative of two conditions, ``c[SEX]=F,M`` two of one.
    """

    component: str
    alternatives: tuple[tuple[Condition, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataQuery:
    """Observations that are asked for.

    Attributes:
        context: what ``agency``, ``id`` and ``version`` name.
        agency: an agency, several separated by commas, or ``*``.
        id: as for ``agency``.
        version: as for ``agency``; also ``~`` and ``+``.
        keys: the series that are wanted, any of these; none means every series.
        open_ended: whether a key may leave out its last positions (REST 2.x) or must have them all (REST 1.x).
        filters: what is asked of components, all of these together.
        start_period: earliest period (REST 1.x); a period counts when it starts on or after this one's first day.
        end_period: latest period (REST 1.x); a period counts when it ends on or before this one's last day.
        first: observations of each series from its beginning, at most.
        last: observations of each series from its end, at most. With ``first``, both ends.
        offset: observations left out at the beginning of the answer (REST 2.2).
        limit: observations in the answer, at most (REST 2.2).
        updated_after: only what changed since.
        include_history: former versions of the observations too.
        as_of: the data as they stood at that instant.
        attributes: attribute ids, or ``dsd``, ``dataset``, ``series``, ``obs``, ``msd``, ``all``, ``none``.
        measures: measure ids, or ``all``, ``none``.
        dimension_at_observation: how the answer is packaged; ``None`` leaves it to the format.

    """

    context: Context = Context.DATAFLOW
    agency: str = ANY
    id: str = ANY
    version: str = ANY
    keys: tuple[Key, ...] = ()
    open_ended: bool = True
    filters: tuple[Filter, ...] = ()
    start_period: str | None = None
    end_period: str | None = None
    first: int | None = None
    last: int | None = None
    offset: int = 0
    limit: int | None = None
    updated_after: datetime | None = None
    include_history: bool = False
    as_of: datetime | None = None
    attributes: tuple[str, ...] = ("dsd",)
    measures: tuple[str, ...] = ("all",)
    dimension_at_observation: str | None = None

    @property
    def series_only(self) -> bool:
        """Whether only the series are wanted, not their observations (REST 1.x ``serieskeysonly``, ``nodata``)."""
        return self.measures == ("none",)


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureQuery:
    """Structural artefacts that are asked for.

    Attributes:
        resource: which artefacts, a name of :data:`.resources.RESOURCES`; ``*`` is any.
        agency: an agency, several separated by commas, or ``*``.
        id: as for ``agency``.
        version: as for ``agency``; also ``~``, ``+`` and versions left open inside, ``1.2+.0``.
        items: ids of the items wanted out of item schemes, nested ones with those they lie under; none means all.
        detail: how much of each artefact is wanted.
        references: what else is wanted beside them: ``none``, ``children``, ``parents``, … or names of resources.

    """

    resource: str = ANY
    agency: str = ANY
    id: str = ANY
    version: str = LATEST
    items: tuple[str, ...] = ()
    detail: Detail = Detail.FULL
    references: tuple[str, ...] = ("none",)


Query = DataQuery | StructureQuery

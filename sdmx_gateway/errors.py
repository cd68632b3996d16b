"""Every error the gateway raises on purpose, and the shape of the problems it reports.

The tree, one screen::

    GatewayError
    ├── UsageError               the caller asked for something that cannot be (exit 2)
    │   ├── SettingsError        gateway.toml or SDMX_GATEWAY_* do not make sense
    │   ├── StructureError       a structural artefact is malformed or missing
    │   │   └── UnknownArtefact  nothing of that name is held
    │   ├── MappingError         mapping.toml or its code tables are wrong
    │   └── QueryError           an SDMX REST query does not parse, or asks what cannot be; carries every Problem
    │       ├── UnsupportedQuery the standard knows it, the gateway does not offer it
    │       ├── OversizedQuery   the query, or its answer, is over a named limit
    │       └── NotAcceptable    none of the formats asked for is offered
    ├── SourceRejected           a national file does not fit its module; carries every Problem (exit 2)
    ├── MessageRejected          an SDMX message cannot be read; carries every Problem (exit 2)
    ├── DatasetRejected          a dataset cannot be written in a format; carries every Problem (exit 2)
    ├── RulesRejected            rules.toml is wrong, or speaks of what the structure has not; every Problem (exit 2)
    ├── ObligationsRejected      obligation.toml is wrong; carries every Problem (exit 2)
    ├── FindingsBlock            validation found errors nobody waived (exit 1)
    ├── StoreError               a release cannot be written or read back as recorded (exit 3)
    │   ├── UnknownRelease       no such release
    │   └── CorruptRelease       a stored byte is not what was recorded
    └── TransmissionError        a transmission may not, or could not, move on (exit 3)
        ├── ForbiddenStep        the life of a transmission has no such step from its present state
        ├── UnknownTransmission  no transmission of that id (exit 2)
        ├── CorruptSeal          stored bytes are not those that were prepared
        ├── BrokenLedger         an entry of the ledger is not what was written, or is gone
        └── ChannelError         the channel did not take the file (may be retriable)

An error answers four questions: *what* happened, *where*, *why*, and *what to do* about it. ``code`` is
stable and listed in ``docs/errors.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Where:
    """A place a person can go to: file, sheet, row (1-based, header included), column, cell, series key, period."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    key: str | None = None
    period: str | None = None

    def __str__(self) -> str:
        parts = (
            self.file,
            f"sheet {self.sheet!r}" if self.sheet else None,
            f"row {self.row}" if self.row is not None else None,
            f"column {self.column!r}" if self.column else None,
            self.key,
            self.period,
        )
        return ", ".join(part for part in parts if part)

    def as_dict(self) -> dict[str, Any]:
        """The places that are known, by name."""
        return {
            name: value
            for name in ("file", "sheet", "row", "column", "key", "period")
            if (value := getattr(self, name)) is not None
        }


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with what came in.

    Attributes:
        code: stable identifier, e.g. ``unmapped-code``; listed in ``docs/errors.md``.
        what: one sentence, with the offending value in it.
        where: the first place it happens.
        why: the reason it cannot be accepted, when the sentence does not say it.
        remedy: what to do, as an order a statistician can follow.
        value: the offending value itself, as read.
        rows: how many source rows or cells are concerned.
        share: part of the module's total these rows carry, 0 to 1; ``None`` when it has no total.

    """

    code: str
    what: str
    where: Where = field(default_factory=Where)
    why: str = ""
    remedy: str = ""
    value: str | None = None
    rows: int | None = None
    share: float | None = None

    def __str__(self) -> str:
        place = str(self.where)
        extent = []
        if self.rows is not None:
            extent.append(f"{self.rows:,} row{'s' if self.rows != 1 else ''}".replace(",", " "))
        if self.share is not None:
            extent.append(f"{self.share:.1%} of the total")
        text = self.what + (f" [{', '.join(extent)}]" if extent else "")
        if place:
            text = f"{place}: {text}"
        if self.why:
            text += f"\n   {self.why}"
        if self.remedy:
            text += f"\n   → {self.remedy}"
        return text

    def as_dict(self) -> dict[str, Any]:
        """The problem for ``--json``: only what is known."""
        known = {
            "code": self.code,
            "what": self.what,
            "where": self.where.as_dict(),
            "why": self.why or None,
            "remedy": self.remedy or None,
            "value": self.value,
            "rows": self.rows,
            "share": self.share,
        }
        return {name: value for name, value in known.items() if value is not None}


class GatewayError(Exception):
    """Anything the gateway refuses or fails to do, with the reason."""

    code: ClassVar[str] = "gateway-error"
    exit_code: ClassVar[int] = 2
    retriable: bool = False

    def __init__(self, what: str, *, where: Where | None = None, why: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where or Where()
        self.why = why
        self.remedy = remedy

    def __str__(self) -> str:
        return str(Problem(self.code, self.what, self.where, self.why, self.remedy))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What went wrong, one entry for each thing to mend."""
        return (Problem(self.code, self.what, self.where, self.why, self.remedy),)

    def as_dict(self) -> dict[str, Any]:
        """The error for ``--json``."""
        return {
            "error": self.code,
            "what": self.what,
            "retriable": self.retriable,
            "problems": [problem.as_dict() for problem in self.problems],
        }


class UsageError(GatewayError):
    """What was asked for cannot be done as asked."""

    code = "wrong-use"


class SettingsError(UsageError):
    """The configuration does not make sense."""

    code = "wrong-settings"


class StructureError(UsageError):
    """A structural artefact is malformed, contradictory or missing."""

    code = "wrong-structure"


class UnknownArtefact(StructureError):
    """No artefact of that identification is held."""

    code = "unknown-artefact"


class MappingError(UsageError):
    """A mapping module is wrong: its ``mapping.toml`` or one of its code tables."""

    code = "wrong-mapping"


class QueryError(UsageError):
    """An SDMX REST query that does not parse, or asks for what cannot be; ``problems`` lists every reason found."""

    code = "wrong-query"

    def __init__(
        self,
        what: str,
        problems: Iterable[Problem] = (),
        *,
        where: Where | None = None,
        why: str = "",
        remedy: str = "",
    ) -> None:
        super().__init__(what, where=where, why=why, remedy=remedy)
        self._problems = tuple(problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self._problems or super().problems


class UnsupportedQuery(QueryError):
    """A query the standard knows and the gateway does not answer."""

    code = "unsupported-query"


class OversizedQuery(QueryError):
    """A query, or its answer, over a named limit."""

    code = "oversized-query"


class NotAcceptable(QueryError):
    """None of the formats asked for is offered; the message lists those that are."""

    code = "not-acceptable"


class _Collected(GatewayError):
    """An error that carries every problem found, not only the first."""

    def __init__(self, what: str, problems: Iterable[Problem], *, where: Where | None = None) -> None:
        super().__init__(what, where=where)
        self._problems = tuple(problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self._problems

    def __str__(self) -> str:
        lines = [self.what, *(f"{n:>3}  {problem}" for n, problem in enumerate(self._problems, 1))]
        lines.append(f"{len(self._problems)} problem{'s' if len(self._problems) != 1 else ''}, nothing was written.")
        return "\n".join(lines)


class SourceRejected(_Collected):
    """A national file does not fit the module that claims it; nothing was written."""

    code = "source-rejected"


class MessageRejected(_Collected):
    """An SDMX message could not be read; nothing was taken from it."""

    code = "message-rejected"


class DatasetRejected(_Collected):
    """A dataset cannot be written in the format asked for; not one byte was written."""

    code = "dataset-rejected"


class RulesRejected(_Collected):
    """Validation rules are wrong, or speak of what the structure does not have; nothing was checked."""

    code = "rules-rejected"


class ObligationsRejected(_Collected):
    """An ``obligation.toml`` is wrong: what is owed, to whom and by when cannot be known."""

    code = "obligations-rejected"


class FindingsBlock(GatewayError):
    """Validation found errors that nobody has waived."""

    code = "findings-block"
    exit_code = 1

    def __init__(self, what: str, findings: Sequence[Any] = (), *, remedy: str = "") -> None:
        super().__init__(what, remedy=remedy)
        self.findings = tuple(findings)


class StoreError(GatewayError):
    """A release cannot be written, or read back as it was recorded."""

    code = "store-error"
    exit_code = 3


class UnknownRelease(StoreError):
    """No release of that number, or none at all, for that dataflow."""

    code = "unknown-release"
    exit_code = 2


class CorruptRelease(StoreError):
    """A stored release is not what was recorded when it was published."""

    code = "corrupt-release"


class TransmissionError(GatewayError):
    """A transmission may not, or could not, move on."""

    code = "transmission-error"
    exit_code = 3


class ForbiddenStep(TransmissionError):
    """The life of a transmission has no such step from the state it is in."""

    code = "forbidden-step"


class UnknownTransmission(TransmissionError):
    """No transmission of that id is recorded."""

    code = "unknown-transmission"
    exit_code = 2


class CorruptSeal(TransmissionError):
    """The bytes kept for a transmission are not those that were prepared: they are not sent."""

    code = "corrupt-seal"


class BrokenLedger(TransmissionError):
    """An entry of the ledger is not what was written, is out of its place, or is gone.

    Attributes:
        entry: number of the first bad entry.

    """

    code = "broken-ledger"

    def __init__(self, what: str, *, entry: int, why: str = "", remedy: str = "") -> None:
        super().__init__(what, where=Where(key=f"ledger entry {entry}"), why=why, remedy=remedy)
        self.entry = entry


class ChannelError(TransmissionError):
    """The channel did not take the file."""

    code = "channel-error"

    def __init__(self, what: str, *, retriable: bool, where: Where | None = None, remedy: str = "") -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.retriable = retriable

"""Two collections of artefacts side by side: what came, what went, and what became of each that is in both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sdmx_gateway.structures.comparison.change import Change, highest
from sdmx_gateway.structures.comparison.changes import compare
from sdmx_gateway.structures.comparison.levels import Level, next_version
from sdmx_gateway.structures.model import Artefact, Kind
from sdmx_gateway.structures.urn import version_key

Name = tuple[Kind, str, str]


@dataclass(frozen=True)
class Difference:
    """What became of an artefact: ``old`` is absent when it is new, ``new`` when it is gone.

    ``changes`` are those between two versions where the version held before is not there any more.
    """

    old: Artefact | None
    new: Artefact | None
    changes: tuple[Change, ...] = ()

    @property
    def level(self) -> Level | None:
        """How much changed; ``None`` where there is nothing to compare."""
        return highest(self.changes)

    @property
    def wanted(self) -> str | None:
        """The version the changes ask for after the one there was."""
        level = self.level
        return None if level is None or self.old is None else next_version(self.old.version, level)

    def as_dict(self) -> dict[str, Any]:
        """The difference for ``--json``."""
        level = self.level
        return {
            "old": None if self.old is None else str(self.old.urn),
            "new": None if self.new is None else str(self.new.urn),
            "level": None if level is None else level.name,
            "version_wanted": self.wanted,
            "changes": [change.as_dict() for change in self.changes],
        }


def differences(old: Iterable[Artefact], new: Iterable[Artefact]) -> tuple[Difference, ...]:
    """Everything that differs, in the order of ``new``, what is gone at the end.

    Artefacts are the same when their URNs are. One that is in one collection only is compared with the highest version of
    the same name that is in the other only.

    >>> from sdmx_gateway.structures.model import Code, Codelist
    >>> before, after = Codelist(agency="A", id="CL"), Codelist(agency="A", id="CL", version="1.1", items=(Code(id="X"),))
    >>> [(d.level, d.wanted) for d in differences([before], [after])]
    [(<Level.MINOR: 2>, '1.1')]
    """
    was, now = {a.urn: a for a in old}, {a.urn: a for a in new}
    gone = _newest(artefact for urn, artefact in was.items() if urn not in now)
    found: list[Difference] = []
    for urn, artefact in now.items():
        before = was.get(urn)
        if before is None:
            before = gone.pop(_name(artefact), None)
            changes = () if before is None else compare(before, artefact)
            found.append(Difference(before, artefact, changes))
        elif before != artefact and (changes := compare(before, artefact)):
            found.append(Difference(before, artefact, changes))
    told = {difference.old.urn for difference in found if difference.old is not None}
    left = (artefact for urn, artefact in was.items() if urn not in now and urn not in told)
    return (*found, *(Difference(artefact, None) for artefact in left))


def _newest(artefacts: Iterable[Artefact]) -> dict[Name, Artefact]:
    ordered = sorted(artefacts, key=lambda artefact: version_key(artefact.version))
    return {_name(artefact): artefact for artefact in ordered}


def _name(artefact: Artefact) -> Name:
    return artefact.KIND, artefact.agency, artefact.id

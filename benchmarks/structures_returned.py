"""How much of what we write others read: ``python benchmarks/structures_returned.py --corpus CORPUS``.

What we read of a corpus is written in all six forms and given to sdmx1 and pysdmx; the artefacts are counted in what was written, by a
plain XML or JSON parser.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from structures_messages import VERSIONS, Message, found, of_bytes
from structures_ours import in_every_form
from structures_peers import READERS, Found, Reader

VARIES = re.compile(r"'[^']*'|\"[^\"]*\"|[0-9]+")


def written(folder: Path, most: int) -> Iterator[Message]:
    """Every message of a corpus in every form that can say something of it; none longer than ``most`` bytes."""
    for message in found(folder):
        if not isinstance(message, Message) or len(message.data) > most:
            continue
        for form, data in in_every_form(message):
            again = of_bytes(f"{message.name} as {form}", data)
            if isinstance(again, Message):
                yield replace(again, version=form)


def main() -> None:
    """Write, have it read, and print how much was."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, metavar="DIR", help="the folder with the messages")
    parser.add_argument("--most", type=int, default=1_000_000, metavar="BYTES", help="longest message that is taken")
    asked = parser.parse_args()
    messages = list(written(asked.corpus, asked.most))
    print(f"{len(messages)} messages are written", file=sys.stderr)
    answers = {name: [(each, answer) for each, answer in _read(name, messages)] for name in READERS}
    print(f"| written as | messages | {' | '.join(f'{name}: read | all artefacts' for name in READERS)} |")
    print(f"|---|--:|{'--:|--:|' * len(READERS)}")
    for form in VERSIONS:
        cells = [sum(each.version == form for each in messages)]
        for name in READERS:
            read = [(each, got) for each, got in answers[name] if each.version == form and got.names is not None]
            cells += [len(read), sum(not got.missing(each.names or Counter()) for each, got in read)]
        print(f"| {form} | {' | '.join(map(str, cells))} |")
    for name in READERS:
        print(f"\nNot read by {name}, by reason:")
        why = Counter((e.version, VARIES.sub("…", got.why)[:120]) for e, got in answers[name] if got.names is None)
        for (form, reason), count in why.most_common():
            print(f"- {count} × {form}: {reason}")


def _read(peer: str, messages: list[Message]) -> Iterator[tuple[Message, Found]]:
    reader = Reader(peer)
    for message in messages:
        yield message, reader.read(message)
    reader.close()


if __name__ == "__main__":
    main()

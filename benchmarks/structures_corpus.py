"""How much of the structure messages of a corpus is read and written, by us, by sdmx1 and by pysdmx.

    python benchmarks/structures_corpus.py --obtain CORPUS | sh
    python benchmarks/structures_corpus.py --corpus CORPUS --json measured.json

Every file below the folder that is a structure message of SDMX-ML 2.1, 3.0 or 3.1 or of SDMX-JSON 1.0, 2.0 or 2.1 is measured, whatever
it is called, each content once. Of every message: does a reader read it, and does it find all artefacts a plain XML or JSON parser
counts in it? What we read we also write in all six forms; of each it is asked whether the official schema takes it and whether it
is read back equal. What a form cannot say is counted as a told loss, or as refused with a reason.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
import traceback
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

from structures_messages import Message, Other, found
from structures_ours import Ours, look
from structures_peers import READERS, Found, Reader
from structures_report import Measured, details, report

CORPUS: Final = Path(__file__).with_name("corpus.toml")


def main() -> None:
    """Measure a folder, and print what was found."""
    asked = _arguments()
    if asked.obtain is not None:
        print(obtaining(asked.obtain))
        return
    everything = list(found(asked.corpus))
    messages = [each for each in everything if isinstance(each, Message)]
    others = [each for each in everything if isinstance(each, Other)]
    print(f"{len(messages)} messages, {len(others)} other files of SDMX", file=sys.stderr)
    peers = {name: _read(name, messages) for name in asked.peer}
    with ProcessPoolExecutor(asked.jobs) as pool:
        ours = list(pool.map(_look, messages, chunksize=4))
    measured = [
        Measured(message, own, {name: answers[number] for name, answers in peers.items()})
        for number, (message, own) in enumerate(zip(messages, ours, strict=True))
    ]
    print(report(measured, others))
    if asked.json is not None:
        asked.json.write_text(json.dumps(details(measured, others), ensure_ascii=False, indent=1), encoding="utf-8")


def obtaining(folder: Path) -> str:
    """The commands that bring the repositories of the corpus below a folder, each at its commit."""
    repositories = tomllib.loads(CORPUS.read_text(encoding="utf-8"))["repository"]
    lines = ["set -e"]
    for each in repositories:
        home = folder / f"{each['name'].replace('/', '+')}@{each['commit'][:8]}"
        lines += [f"git clone {each['url']} '{home}'", f"git -C '{home}' checkout --quiet {each['commit']}"]
    return "\n".join(lines)


def _look(message: Message) -> Ours:
    try:
        return look(message)
    except Exception:  # noqa: BLE001 - whatever ends us at a message is a finding
        return Ours(why=(f"broke: {traceback.format_exc(limit=-2)}",))


def _read(peer: str, messages: list[Message]) -> list[Found]:
    reader = Reader(peer)
    answers = [reader.read(each) for each in messages]
    reader.close()
    print(f"{peer} is through", file=sys.stderr)
    return answers


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--corpus", type=Path, metavar="DIR", help="measure every structure message below this folder")
    wanted.add_argument("--obtain", type=Path, metavar="DIR", help=f"print how to bring what {CORPUS.name} lists there")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything there, message by message")
    parser.add_argument("--jobs", type=int, default=2, help="messages of ours looked at together (2)")
    parser.add_argument(
        "--peer", action="append", choices=READERS, default=None, help="a reader to set beside us (all of them)"
    )
    asked = parser.parse_args()
    asked.peer = asked.peer or list(READERS)
    return asked


if __name__ == "__main__":
    main()

"""What others' readers find in a structure message, each message in a process of its own, with a limit of time.

Run as a script with the name of a reader it answers for every path on standard input with a line of JSON: the classes and ids of
what was read, or the reason it was not. It imports the reader once and forks for every message, so that none is read by what
remembers another.
"""

from __future__ import annotations

import importlib
import io
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from structures_messages import Message, Names

SECONDS: Final = 60
"""Longest a reader may take for one message."""
CALLED: Final = {
    "DataflowDefinition": "Dataflow",
    "DataStructureDefinition": "DataStructure",
    "MetadataflowDefinition": "Metadataflow",
    "MetadataStructureDefinition": "MetadataStructure",
    "MultiRepresentationMap": "RepresentationMap",
    "VTLMappingScheme": "VtlMappingScheme",
}
"""The classes of SDMX-ML that others call by another name."""
ALSO: Final = {
    "ValueList": ("Codelist",),
    "GeographicCodelist": ("Codelist",),
    "GeoGridCodelist": ("Codelist",),
    "ContentConstraint": ("DataConstraint",),
    "MetadataProvisionAgreement": ("ProvisionAgreement",),
}
"""Classes a reader may hold an artefact as and is still said to have read it."""
UNDER_ANOTHER_ID: Final = {
    "ContentConstraint": "AvailabilityConstraint",
    "DataConstraint": "AvailabilityConstraint",
    "HierarchicalCodelist": "Hierarchy",
}
"""Classes that take the place of an artefact without keeping its id; one of them, whatever its id, counts as it."""


@dataclass(frozen=True)
class Found:
    """What a reader made of a message.

    Attributes:
        names: what it found; None when it did not read it.
        why: why it did not.
    """

    names: Names | None = None
    why: str = ""

    def missing(self, counted: Names) -> Names:
        """What is in the message and was not found."""
        left: Names = Counter(self.names or {})
        lacking: Names = Counter()
        for (kind, own_id), number in counted.items():
            for each in (kind, *ALSO.get(kind, ())):
                taken = min(number, left[each, own_id])
                left[each, own_id] -= taken
                number -= taken  # noqa: PLW2901 - what is still looked for
            stand_in = UNDER_ANOTHER_ID.get(kind)
            if number and not any(other == stand_in and left[other, which] for other, which in left):
                lacking[kind, own_id] = number
        return lacking


class Reader:
    """A reader in a process of its own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._process: subprocess.Popen[str] | None = None

    def read(self, message: Message) -> Found:
        """What it finds in a message."""
        suffix = ".json" if "json" in message.version else ".xml"
        with tempfile.NamedTemporaryFile(suffix=suffix) as file:
            file.write(message.data)
            file.flush()
            answer = self._ask(file.name)
        if "why" in answer:
            return Found(why=answer["why"].replace(file.name, "…"))
        return Found(Counter({(kind, own_id): number for kind, own_id, number in answer["names"]}))

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _ask(self, path: str) -> dict[str, Any]:
        if self._process is None:
            command = [sys.executable, __file__, self.name]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(path + "\n")
        process.stdin.flush()
        answer: dict[str, Any] = json.loads(process.stdout.readline())
        return answer


def _by_sdmx1(path: str) -> Names:
    import sdmx  # noqa: PLC0415 - only in its own process
    from sdmx.message import StructureMessage  # noqa: PLC0415

    message = sdmx.read_sdmx(path)
    if not isinstance(message, StructureMessage):
        raise TypeError(f"read as {type(message).__name__}")
    artefacts = [each for name, _ in message.iter_collections() for each in getattr(message, name).values()]
    return Counter((CALLED.get(type(a).__name__, type(a).__name__), str(a.id)) for a in artefacts)


def _by_pysdmx(path: str) -> Names:
    import pysdmx.io  # noqa: PLC0415 - only in its own process

    message = pysdmx.io.read_sdmx(Path(path), validate=False)
    found: Names = Counter()
    for each in message.structures or ():
        name = type(each).__name__
        found[CALLED.get(name, name), str(getattr(each, "id", ""))] += 1
    return found


MODULES: Final = {
    "sdmx1": ("sdmx", "sdmx.reader.xml.v21", "sdmx.reader.xml.v30", "sdmx.reader.json"),
    "pysdmx": (
        "pysdmx.io",
        "pysdmx.io.xml.sdmx21.reader.structure",
        "pysdmx.io.xml.sdmx30.reader.structure",
        "pysdmx.io.xml.sdmx31.reader.structure",
        "pysdmx.io.json.sdmxjson2.reader.structure",
    ),
}
"""What is imported before the first message."""
READERS: Final = {"sdmx1": _by_sdmx1, "pysdmx": _by_pysdmx}


def _answer(reader: str, path: str) -> dict[str, Any]:
    try:
        names = READERS[reader](path)
    except Exception as error:  # noqa: BLE001 - whatever ends a reader is what is measured
        cause = error.__cause__ or error
        return {"why": f"{type(error).__name__}: {' '.join(str(error).split())[:300]} {_cause(cause, error)}".strip()}
    return {"names": [[kind, own_id, number] for (kind, own_id), number in names.items()]}


def _cause(cause: BaseException, error: BaseException) -> str:
    return "" if cause is error else f"[{type(cause).__name__}: {' '.join(str(cause).split())[:200]}]"


def _apart(reader: str, path: str) -> str:
    """The answer of a process that reads one message and ends."""
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        with os.fdopen(sending, "wb") as answers:
            answers.write(json.dumps(_answer(reader, path)).encode())
        os._exit(0)
    os.close(sending)
    with os.fdopen(receiving, "rb") as answers:
        answer = answers.read().decode()
    _, status = os.waitpid(child, 0)
    if status == 0:
        return answer
    ended = "it took too long" if os.waitstatus_to_exitcode(status) == -signal.SIGALRM else "the process ended"
    return json.dumps({"why": ended})


def main() -> None:
    """Answer for every path on standard input."""
    warnings.simplefilter("ignore")
    logging.disable()
    out, sys.stdout = sys.stdout, io.StringIO()
    for module in MODULES[sys.argv[1]]:
        importlib.import_module(module)
    for line in sys.stdin:
        print(_apart(sys.argv[1], line.rstrip("\n")), file=out, flush=True)


if __name__ == "__main__":
    main()

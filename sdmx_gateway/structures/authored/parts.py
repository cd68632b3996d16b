"""What every authored artefact may say of itself: its name, its version, when it is valid, its notes, where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sdmx_gateway.structures.authored.toml_table import Table
from sdmx_gateway.structures.model import Annotation

NAME_WORDS: Final = ("name", "description", "annotations")
"""What anything with a name may say."""
STATUSES: Final = ("read", "from memory: to verify", "ours")
PROVENANCE: Final = ("source", "status", "licence")
"""Where something comes from."""
MAP_WORDS: Final = (*NAME_WORDS, "version", "valid_from", "valid_to")
"""What a map may say, whose ``source`` is another thing."""
ARTEFACT_WORDS: Final = (*MAP_WORDS, *PROVENANCE)
"""What every other artefact may say; those called by their header have no ``id``."""
_NOTE_WORDS: Final = ("id", "title", "url", "value", "text")


def named(table: Table, *, required: bool = True, comes_from: bool = True) -> dict[str, Any]:
    """Names, descriptions and annotations, where it comes from among them."""
    return {
        "names": table.texts("name", required=required),
        "descriptions": table.texts("description"),
        "annotations": (*(_provenance(table) if comes_from else ()), *annotated(table)),
    }


def maintained(table: Table, *, comes_from: bool = True) -> dict[str, Any]:
    """What every artefact has but its agency and its id."""
    return {
        **named(table, comes_from=comes_from),
        "version": table.version(),
        "valid_from": table.moment("valid_from"),
        "valid_to": table.moment("valid_to"),
    }


def require_provenance(table: Table) -> None:
    """Where something comes from must be said: what is authored here is quoted as if its agency had said it."""
    for key in ("source", "status"):
        if key not in table.values:
            near = STATUSES if key == "status" else ()
            table.notes.add("missing-word", f"{table.header} has no {key!r}", table.where(), near=near)


def _provenance(table: Table) -> Iterator[Annotation]:
    """Where it comes from, as annotations SOURCE, STATUS and LICENCE."""
    for key in PROVENANCE:
        if key in table.values:
            said = table.word(key, STATUSES) if key == "status" else table.text(key)
            if said is not None:
                yield Annotation(type=key.upper(), title=said)


def annotated(table: Table) -> Iterator[Annotation]:
    """What ``annotations = { TYPE = … }`` says: a title, a table of id, title, url, value and text, or a list of them."""
    value = table.values.get("annotations")
    if value is None:
        return
    if not isinstance(value, dict):
        table.misread("annotations", value, 'a table of texts: { EMN_TERM = "…" }')
        return
    inside = Table(table.file, f"{table.path}.annotations".strip("."), value)
    for annotation_type, said in value.items():
        for nth, note in enumerate(said if isinstance(said, list) else [said]):
            place = f"{inside.path}.{annotation_type}" + (f"[{nth}]" if isinstance(said, list) else "")
            yield from _annotation(inside, place, annotation_type, note)


def _annotation(inside: Table, place: str, annotation_type: str, said: object) -> Iterator[Annotation]:
    if isinstance(said, str) and said:
        said = {"title": said}
    if not isinstance(said, Mapping) or not said:
        inside.misread(annotation_type, said, 'a text, or { title = "…", text = { fr = "…" } }')
        return
    note = Table.of(inside.file, place, said, _NOTE_WORDS)
    own_id, title, url, value = map(note.text, _NOTE_WORDS[:-1])
    yield Annotation(id=own_id, type=annotation_type, title=title, url=url, text=note.texts("text"), value=value)

"""What a file says of itself, its edition before all: by its name, and by what stands in it. Where both say it, they must agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from sdmx_gateway.errors import Problem, Where
from sdmx_gateway.sources.block import Block
from sdmx_gateway.sources.family import SourceFamily, unpacked_name

EDITION = "edition"


def by_content(family: SourceFamily, blocks: Iterable[Block], frame: pl.DataFrame) -> list[tuple[str, str, str]]:
    """What the content says, as (name, text, where it stands); a name may be said more than once."""
    blocks = list(blocks)
    said: list[tuple[str, str, str]] = []
    for source in family.edition_from:
        if source.heading is not None:
            texts = [heading for block in blocks for heading in block.headings.values()]
            said += _groups(source.heading, texts, "heading")
        elif source.cell is not None:
            said += _groups(source.cell, [text for block in blocks for text in block.heads], "cell")
        elif source.maximum in frame.columns and (text := _greatest(frame[source.maximum])) is not None:
            said.append((source.says, text, f"the greatest {source.maximum.removeprefix('@')}"))
    return list(dict.fromkeys(said))


def agreed(
    family: SourceFamily, name: str, content: Iterable[tuple[str, str, str]]
) -> tuple[dict[str, str], list[Problem]]:
    """What name and content say together, and where they, or two places of the content, disagree."""
    says = dict(family.edition_of(name))
    first = dict.fromkeys(says, "the file name")
    problems = []
    for key, text, place in content:
        if says.setdefault(key, text) == text:
            first.setdefault(key, place)
            continue
        problems.append(
            Problem(
                "edition-disagrees",
                f"{first[key]} says {key} {says[key]!r}, {place} says {text!r}",
                Where(file=name),
                value=text,
                why="the file was renamed, or holds another edition than it was published as",
                remedy=f"give the file the name of its edition, or correct known_editions of {family.family}",
            )
        )
    if EDITION not in says:
        problems.append(_unknown(family, name))
    return says, problems


def _unknown(family: SourceFamily, name: str) -> Problem:
    return Problem(
        "unknown-edition",
        f"{'neither the file name nor the content says' if family.edition_from else 'the file name does not say'}"
        " which edition it is",
        Where(file=name),
        remedy=f'add "{unpacked_name(name)}" = {{ edition = "…" }} to known_editions of {family.family}',
    )


def _groups(pattern: str, texts: Iterable[str], kind: str) -> Iterator[tuple[str, str, str]]:
    for text in texts:
        if match := re.fullmatch(pattern, text.strip()):
            said: Mapping[str, str | None] = match.groupdict()
            yield from ((key, value, f"the {kind} {text!r}") for key, value in said.items() if value)


def _greatest(column: pl.Series) -> str | None:
    texts = column.drop_nulls().unique().str.strip_chars()
    texts = texts.filter(texts != "")
    numbers = texts.cast(pl.Int64, strict=False)
    if texts.is_empty():
        return None
    return str(texts.max() if numbers.null_count() else texts[int(numbers.arg_max() or 0)])

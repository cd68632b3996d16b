"""What artefacts are made of: texts, annotations, links, and the ways of being identified, named and maintained.

SDMX 3.1 Section 2, §3 (the SDMX base package). Fields that one version of the standard does not have are held all the same:
what a version cannot say is known to the codecs, not here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import ClassVar, Generic, Self, TypeVar

from sdmx_gateway.structures.urn import Kind, Urn


@dataclass(frozen=True, slots=True)
class Text:
    """Multilingual text: (language, text) pairs, in the order they are written; an empty one says nothing, and is none.

    >>> Text.of(fr="Homicides", en="Intentional homicide").best("en", "fr")
    'Intentional homicide'
    """

    pairs: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not all(text for _, text in self.pairs):
            object.__setattr__(self, "pairs", tuple(pair for pair in self.pairs if pair[1]))

    @classmethod
    def of(cls, **by_language: str | None) -> Self:
        """Text from keyword arguments; empty ones are left out."""
        return cls(tuple((language, text) for language, text in by_language.items() if text))

    def best(self, *languages: str) -> str | None:
        """The text in the first of these languages it has, else in its first language, else ``None``."""
        known = dict(self.pairs)
        return next((known[language] for language in languages if language in known), next(iter(known.values()), None))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)

    def __bool__(self) -> bool:
        return bool(self.pairs)


@dataclass(frozen=True, slots=True)
class AnnotationUrl:
    """Where an annotation leads to, in a language when one is said (SDMX 3.0; one address without language before)."""

    address: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note on an artefact. ``value`` exists in SDMX 3.0 only; 2.1 carries it as ``title``.

    The first address is ``url``, unless it has a language: it can be said in this way only.
    """

    id: str | None = None
    type: str | None = None
    title: str | None = None
    url: str | None = None
    text: Text = Text()
    value: str | None = None
    more_urls: tuple[AnnotationUrl, ...] = ()

    def __post_init__(self) -> None:
        if self.url is None and self.more_urls and self.more_urls[0].language is None:
            object.__setattr__(self, "url", self.more_urls[0].address)
            object.__setattr__(self, "more_urls", self.more_urls[1:])


@dataclass(frozen=True, slots=True)
class Link:
    """A related resource (SDMX 3.0): what it is to this one, and where or which it is.

    ``uri`` is where there is more about it; SDMX-JSON alone has it, with ``titles`` and ``language``.
    """

    rel: str
    url: str | None = None
    urn: str | None = None
    type: str | None = None
    titles: Text = Text()
    language: str | None = None
    uri: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotable:
    """Anything that may carry annotations."""

    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifiable(Annotable):
    """Anything with an id. ``uri`` is where it can be looked at, ``links`` what belongs with it."""

    id: str
    links: tuple[Link, ...] = ()
    uri: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionallyIdentified(Annotable):
    """What may have an id, where the schemas do not ask for one."""

    id: str | None = None
    links: tuple[Link, ...] = ()
    uri: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Nameable(Identifiable):
    """Anything with a name and a description, in any number of languages."""

    names: Text = Text()
    descriptions: Text = Text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Nameable):
    """One entry of an item scheme. ``parent`` is the id of the entry it lies under in the same scheme."""

    parent: str | None = None


@dataclass(frozen=True, kw_only=True)
class Maintainable:
    """What every maintained artefact has.

    Attributes:
        is_final: SDMX 2.1's word that the artefact will not change; from 3.0 on its version says so.
        valid_from: when it begins to be valid; as ``valid_to``, with or without a time zone.
        is_external_reference: it only says that the artefact is elsewhere, at ``structure_url`` or ``service_url``.
        is_partial_language: not every language it has is given (SDMX 3.1).
    """

    KIND: ClassVar[Kind]

    agency: str
    id: str
    version: str = "1.0"
    names: Text = Text()
    descriptions: Text = Text()
    annotations: tuple[Annotation, ...] = ()
    links: tuple[Link, ...] = ()
    uri: str | None = None
    is_final: bool = False
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    is_external_reference: bool = False
    is_partial_language: bool = False
    structure_url: str | None = None
    service_url: str | None = None

    @cached_property
    def urn(self) -> Urn:
        """The identification of the artefact."""
        return Urn(self.KIND, self.agency, self.id, self.version)


ItemType = TypeVar("ItemType", bound=Item)


@dataclass(frozen=True, kw_only=True)
class ItemScheme(Maintainable, Generic[ItemType]):
    """A maintained list of items, in order. Parents come before their children in what we write."""

    items: tuple[ItemType, ...] = ()
    is_partial: bool = False

    @cached_property
    def by_id(self) -> Mapping[str, ItemType]:
        """The items by id."""
        return {item.id: item for item in self.items}

    def __contains__(self, item_id: object) -> bool:
        return item_id in self.by_id

    def __getitem__(self, item_id: str) -> ItemType:
        return self.by_id[item_id]

    def __len__(self) -> int:
        return len(self.items)

    def ancestors(self, item_id: str) -> Iterator[str]:
        """The ids above an item, nearest first, each once though parents lie in a circle."""
        parent = self.by_id[item_id].parent
        passed: set[str] = set()
        while parent is not None and parent not in passed:
            yield parent
            passed.add(parent)
            parent = self.by_id[parent].parent

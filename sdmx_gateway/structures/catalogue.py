"""The artefacts that are held, found by name and followed from one to the next.

The catalogue promises that every question is a dictionary look-up, that it never changes, and that a name it does
not hold is refused with the nearest ones it does. It does not know where artefacts come from, nor how they are spelt
on the wire; SDMX REST's words for versions (``*``, ``~``, ``latest``, ``+``) are understood because every caller of
:meth:`Catalogue.find` speaks them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cached_property
from typing import Final, TypeVar

from sdmx_gateway.errors import Problem, StructureError, UnknownArtefact
from sdmx_gateway.structures.check import check
from sdmx_gateway.structures.model import (
    Artefact,
    Codelist,
    Component,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructure,
    Kind,
    Urn,
)
from sdmx_gateway.structures.references import references

ANY: Final = "*"
LATEST: Final = frozenset({"latest", "~"})
LATEST_STABLE: Final = "+"
_SUGGESTIONS: Final = 3
_NEAR: Final = 0.5

A = TypeVar("A", bound=Artefact)


def version_key(version: str) -> tuple[tuple[int, ...], bool, str]:
    """What versions are ordered by: their numbers, then a pre-release below its release.

    As in semantic versioning, which SDMX 3.0 took up (from memory, to verify).

    >>> sorted(["1.10", "1.9", "2.0.0-draft", "2.0.0"], key=version_key)
    ['1.9', '1.10', '2.0.0-draft', '2.0.0']
    """
    numbers, _, extension = version.partition("-")
    padded = (*(int(part) for part in numbers.split(".") if part.isdigit()), 0, 0, 0)[:3]
    return padded, not extension, extension


class Catalogue:
    """The structural artefacts in force, by URN. Immutable: :meth:`merged` makes another one.

    >>> from sdmx_gateway.structures.model import Code
    >>> held = Catalogue.of([Codelist(agency="SDMX", id="CL_FREQ", version="2.0", items=(Code(id="A"),))])
    >>> [artefact.urn.short for artefact in held.find(Kind.CODELIST, version="latest")]
    ['SDMX:CL_FREQ(2.0)']
    """

    def __init__(self, by_urn: Mapping[Urn, Artefact]) -> None:
        self._by_urn = dict(by_urn)

    @classmethod
    def of(cls, artefacts: Iterable[Artefact]) -> Catalogue:
        """A catalogue of these artefacts; one that is given twice with equal content is held once.

        Raises:
            StructureError: two different artefacts have one URN; every such URN is named.

        """
        by_urn: dict[Urn, Artefact] = {}
        clashes = [str(a.urn) for a in artefacts if by_urn.setdefault(a.urn, a) != a]
        if clashes:
            raise StructureError(
                f"different artefacts have one name: {', '.join(dict.fromkeys(clashes))}",
                remedy="give one of them another version, or keep one only",
            )
        return cls(by_urn)

    def merged(self, artefacts: Iterable[Artefact]) -> Catalogue:
        """A catalogue of what is held here and these; raises like :meth:`of`."""
        return Catalogue.of([*self, *artefacts])

    def __iter__(self) -> Iterator[Artefact]:
        return iter(self._by_urn.values())

    def __len__(self) -> int:
        return len(self._by_urn)

    def __contains__(self, urn: object) -> bool:
        return isinstance(urn, Urn) and urn.maintainable in self._by_urn

    def get(self, urn: Urn) -> Artefact:
        """The artefact of that URN; the scheme an item lies in when the URN names an item.

        Raises:
            UnknownArtefact: it is not held; the nearest names of the same kind are given.

        """
        found = self._by_urn.get(urn.maintainable)
        if found is None:
            raise UnknownArtefact(f"no {urn.kind.value} {urn.maintainable.short} is held", remedy=self._remedy(urn))
        return found

    def codelist(self, urn: Urn) -> Codelist:
        """The code list of that URN; raises UnknownArtefact like :meth:`get`, and when it is no code list."""
        return self._typed(urn, Codelist)

    def concept_scheme(self, urn: Urn) -> ConceptScheme:
        """The concept scheme of that URN; raises UnknownArtefact like :meth:`get`, and when it is none."""
        return self._typed(urn, ConceptScheme)

    def structure(self, urn: Urn) -> DataStructure:
        """The data structure of that URN; raises UnknownArtefact like :meth:`get`, and when it is none."""
        return self._typed(urn, DataStructure)

    def dataflow(self, urn: Urn) -> Dataflow:
        """The dataflow of that URN; raises UnknownArtefact like :meth:`get`, and when it is none."""
        return self._typed(urn, Dataflow)

    def structure_of(self, dataflow: Dataflow) -> DataStructure:
        """The data structure a dataflow is of; raises UnknownArtefact when it is not held."""
        return self.structure(dataflow.structure)

    def find(
        self,
        kind: Kind | None = None,
        agency: str = ANY,
        id: str = ANY,  # noqa: A002  (the word SDMX uses)
        version: str = ANY,
    ) -> tuple[Artefact, ...]:
        """Every artefact that answers to these words, in the order they are held.

        Args:
            kind: one kind, or every kind.
            agency: an id, several separated by commas, or ``*``.
            id: as for ``agency``.
            version: as for ``agency``; ``latest`` or ``~`` is the highest held of each artefact, ``+`` the highest that
                is no draft (SDMX REST 1.5 and 2.2, structure queries).

        """
        agencies, ids, versions = _one_of(agency), _one_of(id), _one_of(version)
        candidates = [a for a in self if (kind is None or a.KIND is kind) and agencies(a.agency) and ids(a.id)]
        newest = self._newest(candidates, set(version.split(",")))
        return tuple(a for a in candidates if versions(a.version) or a.urn in newest)

    def codelist_of(self, component: Component) -> Codelist | None:
        """The code list a component takes its values from; ``None`` when it takes text.

        Raises:
            UnknownArtefact: the component is coded and its list is not held.

        """
        urn = component.representation.codelist
        return None if urn is None else self.codelist(urn)

    def name_of(self, component: Component, code: str, *languages: str) -> str:
        """The name of a component's code in the first of these languages it has; the code itself when there is none."""
        urn = component.representation.codelist
        codelist = None if urn is None else self._by_urn.get(urn)
        if not isinstance(codelist, Codelist) or code not in codelist:
            return code
        return codelist[code].names.best(*languages) or code

    def concept_of(self, component: Component) -> Concept | None:
        """The concept that gives a component its meaning; ``None`` when its scheme, or it, is not held."""
        scheme = self._by_urn.get(component.concept.maintainable)
        if not isinstance(scheme, ConceptScheme) or component.concept.item is None:
            return None
        return scheme.by_id.get(component.concept.item)

    def children(self, artefact: Artefact) -> tuple[Artefact, ...]:
        """What the artefact refers to directly and is held, each once, in the order it is first named."""
        targets = dict.fromkeys(target.maintainable for _, target in references(artefact))
        return tuple(self._by_urn[urn] for urn in targets if urn in self._by_urn)

    def descendants(self, artefact: Artefact) -> tuple[Artefact, ...]:
        """What the artefact refers to, directly or through others, and is held; nearest first, itself left out."""
        found: dict[Urn, Artefact] = {}
        waiting = [artefact]
        while waiting:
            for child in self.children(waiting.pop(0)):
                if child.urn not in found and child.urn != artefact.urn:
                    found[child.urn] = child
                    waiting.append(child)
        return tuple(found.values())

    def parents(self, artefact: Artefact) -> tuple[Artefact, ...]:
        """What refers directly to the artefact, in the order it is held."""
        return self._parents.get(artefact.urn, ())

    def check(self) -> tuple[Problem, ...]:
        """Everything that does not hold together, each ``where.key`` a URN; empty when all is well."""
        return check(self._by_urn)

    @cached_property
    def _parents(self) -> Mapping[Urn, tuple[Artefact, ...]]:
        parents: dict[Urn, dict[Urn, Artefact]] = {}
        for artefact in self:
            for _, target in references(artefact):
                parents.setdefault(target.maintainable, {})[artefact.urn] = artefact
        return {urn: tuple(found.values()) for urn, found in parents.items()}

    def _typed(self, urn: Urn, expected: type[A]) -> A:
        found = self.get(urn)
        if not isinstance(found, expected):
            raise UnknownArtefact(f"{found.urn} is a {found.KIND.value}, not a {expected.KIND.value}")
        return found

    def _remedy(self, urn: Urn) -> str:
        same_kind = [held.short for held in self._by_urn if held.kind is urn.kind]
        near = get_close_matches(urn.maintainable.short, same_kind, n=_SUGGESTIONS, cutoff=_NEAR)
        return f"nearest held: {', '.join(near)}" if near else f"{len(same_kind)} of that kind are held"

    @staticmethod
    def _newest(candidates: Iterable[Artefact], words: set[str]) -> frozenset[Urn]:
        stable_only = LATEST_STABLE in words
        if not (stable_only or words & LATEST):
            return frozenset()
        highest: dict[tuple[Kind, str, str], Artefact] = {}
        for artefact in candidates:
            if stable_only and not words & LATEST and "-" in artefact.version:
                continue
            name = (artefact.KIND, artefact.agency, artefact.id)
            best = highest.get(name)
            if best is None or version_key(best.version) < version_key(artefact.version):
                highest[name] = artefact
        return frozenset(artefact.urn for artefact in highest.values())


def _one_of(words: str) -> Callable[[str], bool]:
    """A test for a REST word: ``*``, one name, or several separated by commas."""
    wanted = frozenset(words.split(","))
    return (lambda _: True) if ANY in wanted else wanted.__contains__

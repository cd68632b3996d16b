"""The artefacts that are held, found by name and followed from one to the next.

The catalogue promises that every question is a dictionary look-up, that it never changes, and that a name it does
not hold is refused with the nearest ones it does. It does not know where artefacts come from, nor how they are spelt
on the wire; SDMX REST's words for versions (``*``, ``~``, ``latest``, ``+``) are understood because every caller of
:meth:`Catalogue.find` speaks them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from functools import cached_property
from typing import Any, Final, TypeVar, cast

from sdmx_gateway.errors import Problem, StructureError, UnknownArtefact
from sdmx_gateway.structures import versions
from sdmx_gateway.structures.checking.integrity import check
from sdmx_gateway.structures.comparison.immutability import clash
from sdmx_gateway.structures.constraint import Constraint, allowed, in_force, narrowed
from sdmx_gateway.structures.enumeration import as_codelist
from sdmx_gateway.structures.extension import extended
from sdmx_gateway.structures.model import (
    Artefact,
    Codelist,
    Component,
    Concept,
    ConceptScheme,
    ContentConstraint,
    DataConstraint,
    Dataflow,
    DataStructure,
    Kind,
    ProvisionAgreement,
    Urn,
)
from sdmx_gateway.structures.targets import targets
from sdmx_gateway.structures.urn import ANY
from sdmx_gateway.structures.version_words import asked

_SUGGESTIONS: Final = 3
_NEAR: Final = 0.5

A = TypeVar("A", bound=Artefact)
Name = tuple[Kind, str, str]


class Catalogue:
    """The structural artefacts in force, by URN. Immutable: :meth:`merged` makes another one.

    >>> from sdmx_gateway.structures.model import Code
    >>> held = Catalogue.of([Codelist(agency="SDMX", id="CL_FREQ", version="2.0", items=(Code(id="A"),))])
    >>> [artefact.urn.short for artefact in held.find(Kind.CODELIST, version="latest")]
    ['SDMX:CL_FREQ(2.0)']
    """

    def __init__(self, by_urn: Mapping[Urn, Artefact]) -> None:
        self._by_urn = dict(by_urn)
        self._enumerations: dict[Urn, Codelist] = {}

    @classmethod
    def of(cls, artefacts: Iterable[Artefact]) -> Catalogue:
        """A catalogue of these artefacts; one that is given twice with equal content is held once.

        Raises:
            StructureError: two different artefacts have one URN; every such URN is named.

        """
        by_urn: dict[Urn, Artefact] = {}
        clashes = [(by_urn[a.urn], a) for a in artefacts if by_urn.setdefault(a.urn, a) != a]
        if clashes:
            raise clash(clashes)
        return cls(by_urn)

    def merged(self, artefacts: Iterable[Artefact]) -> Catalogue:
        """A catalogue of what is held here and these; raises like :meth:`of`, of what is held for good with the version wanted."""
        return Catalogue.of([*self, *artefacts])

    def __iter__(self) -> Iterator[Artefact]:
        return iter(self._by_urn.values())

    def __len__(self) -> int:
        return len(self._by_urn)

    def __contains__(self, urn: object) -> bool:
        return isinstance(urn, Urn) and self.bound(urn) is not None

    def get(self, urn: Urn) -> Artefact:
        """The artefact of that URN; the scheme an item lies in when the URN names an item.

        A version that is left open means the highest held that it admits.

        Raises:
            UnknownArtefact: it is not held; the nearest names of the same kind are given.

        """
        found = self.bound(urn)
        if found is None:
            raise UnknownArtefact(f"no {urn.kind.value} {urn.maintainable.short} is held", remedy=self._remedy(urn))
        return found

    def bound(self, urn: Urn) -> Artefact | None:
        """The artefact a reference means today; ``None`` when it is not held, or more than one may be meant."""
        exact = self._by_urn.get(urn.maintainable)
        if exact is not None or not urn.is_open:
            return exact
        held = self._by_name.get((urn.kind, urn.agency, urn.id), {})
        version = versions.latest(urn.version, held)
        return None if version is None else held[version]

    def meant(self, urn: Urn) -> tuple[Artefact, ...]:
        """Every artefact a reference may mean: one, or where agency or id are left open all that answer to it."""
        if ANY in {urn.agency, urn.id}:
            return self.find(urn.kind, urn.agency, urn.id, urn.version)
        found = self.bound(urn)
        return () if found is None else (found,)

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
        if dataflow.structure is None:
            raise UnknownArtefact(f"{dataflow.urn.short} says not which structure it is of")
        return self.structure(dataflow.structure)

    def find(
        self,
        kind: Kind | Collection[Kind] | None = None,
        agency: str = ANY,
        id: str = ANY,  # noqa: A002  (the word SDMX uses)
        version: str = ANY,
    ) -> tuple[Artefact, ...]:
        """Every artefact that answers to these words, in the order they are held.

        Args:
            kind: one kind, several, or every kind.
            agency: an id, several separated by commas, or ``*``.
            id: as for ``agency``.
            version: as for ``agency``; ``latest`` or ``~`` is the highest held of each artefact, ``+`` the highest that
                is stable, ``1.2+.0`` the highest from there on (:mod:`sdmx_gateway.structures.version_words`).

        """
        agencies, ids = _one_of(agency), _one_of(id)
        kinds = frozenset(Kind) if kind is None else {kind} if isinstance(kind, Kind) else kind
        candidates = [a for a in self if a.KIND in kinds and agencies(a.agency) and ids(a.id)]
        groups: dict[Name, list[str]] = {}
        for artefact in candidates:
            groups.setdefault((artefact.KIND, artefact.agency, artefact.id), []).append(artefact.version)
        meant = {
            name: {one for word in version.split(",") for one in asked(word, held)} for name, held in groups.items()
        }
        return tuple(a for a in candidates if a.version in meant[(a.KIND, a.agency, a.id)])

    def codelist_of(self, component: Component) -> Codelist | None:
        """The codes a component may take, those of lists that its list extends among them; ``None`` when it takes text.

        Raises:
            UnknownArtefact: the component is coded and its list, or one that it extends, is not held.
            StructureError: lists extend each other.

        """
        urn = component.representation.codelist
        return None if urn is None else self.enumeration(urn)

    def enumeration(self, urn: Urn) -> Codelist:
        """What values may be taken from, as a code list with every code it has; raises like :meth:`codelist_of`."""
        found = self._enumerations.get(urn)
        if found is None:
            held = as_codelist(self.get(urn))
            found = self._enumerations[urn] = extended(held, lambda other: as_codelist(self.get(other)))
        return found

    def resolved(self, artefact: Artefact) -> Artefact:
        """The artefact; a list that extends others with every code it has, if what it extends is held."""
        if not getattr(artefact, "extensions", ()):
            return artefact
        try:
            return self._extended(artefact)
        except StructureError:
            return artefact

    def _extended(self, artefact: Any) -> Artefact:
        return extended(artefact, cast("Callable[[Urn], Codelist]", self.get))

    def lists_of(
        self, of: Dataflow | ProvisionAgreement | DataStructure, at: datetime | None = None
    ) -> Mapping[str, Codelist]:
        """The codes each coded component may have in a dataflow, or under an agreement, as constraints narrow them.

        Args:
            of: the dataflow or the agreement; or a structure, with what is attached to itself only.
            at: when; constraints that are not valid then do not count.

        Raises:
            UnknownArtefact: a structure, a flow or a list is not held.

        """
        flow = of if not isinstance(of, ProvisionAgreement) else self.dataflow(of.flow or of.urn)
        structure = self.structure_of(flow) if isinstance(flow, Dataflow) else flow
        lists = {c.id: found for c in structure.components.values() if (found := self.codelist_of(c)) is not None}
        codes = allowed(self.constraints_on(structure.urn, flow.urn, of.urn, at=at), lists)
        return {component: narrowed(codelist, codes.get(component)) for component, codelist in lists.items()}

    def constraints_on(self, *artefacts: Urn, at: datetime | None = None) -> tuple[Constraint, ...]:
        """The constraints that allow something for any of the artefacts, at an instant if one is given."""
        return in_force(self._constraints, artefacts, at)

    def name_of(self, component: Component, code: str, *languages: str) -> str:
        """The name of a component's code in the first of these languages it has; the code itself when there is none."""
        urn = component.representation.codelist
        if urn is None or urn not in self:
            return code
        codelist = self.enumeration(urn)
        return (codelist[code].names.best(*languages) or code) if code in codelist else code

    def concept_of(self, component: Component) -> Concept | None:
        """The concept that gives a component its meaning; ``None`` when its scheme, or it, is not held."""
        scheme = self.bound(component.concept)
        if not isinstance(scheme, ConceptScheme) or component.concept.item is None:
            return None
        return scheme.by_id.get(component.concept.item)

    def children(self, artefact: Artefact) -> tuple[Artefact, ...]:
        """What the artefact refers to directly and is held, each once, in the order it is first named."""
        return tuple({other.urn: other for urn in targets(artefact) for other in self.meant(urn)}.values())

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
        return check(self)

    @cached_property
    def _parents(self) -> Mapping[Urn, tuple[Artefact, ...]]:
        """What refers to each artefact: made when it is first asked for, of what each artefact knows of itself."""
        parents: dict[Urn, dict[Urn, Artefact]] = {}
        for artefact in self:
            for child in self.children(artefact):
                parents.setdefault(child.urn, {})[artefact.urn] = artefact
        return {urn: tuple(found.values()) for urn, found in parents.items()}

    @cached_property
    def _by_name(self) -> Mapping[Name, Mapping[str, Artefact]]:
        """The artefacts of each name, by version."""
        names: dict[Name, dict[str, Artefact]] = {}
        for artefact in self:
            names.setdefault((artefact.KIND, artefact.agency, artefact.id), {})[artefact.version] = artefact
        return names

    @cached_property
    def _constraints(self) -> tuple[Constraint, ...]:
        return tuple(a for a in self if isinstance(a, DataConstraint | ContentConstraint))

    def _typed(self, urn: Urn, expected: type[A]) -> A:
        found = self.get(urn)
        if not isinstance(found, expected):
            raise UnknownArtefact(f"{found.urn} is a {found.KIND.value}, not a {expected.KIND.value}")
        return found

    def _remedy(self, urn: Urn) -> str:
        same_kind = [held.short for held in self._by_urn if held.kind is urn.kind]
        near = get_close_matches(urn.maintainable.short, same_kind, n=_SUGGESTIONS, cutoff=_NEAR)
        return f"nearest held: {', '.join(near)}" if near else f"{len(same_kind)} of that kind are held"


def _one_of(words: str) -> Callable[[str], bool]:
    """A test for a REST word: ``*``, one name, or several separated by commas."""
    wanted = frozenset(words.split(","))
    return (lambda _: True) if ANY in wanted else wanted.__contains__

"""Hierarchical code lists of SDMX 2.1 and the hierarchies of SDMX 3, one for the other.

SDMX 3.0 made each hierarchy an artefact of its own, without the list of code lists around it (Summary of Major Changes, "Improvements
to code hierarchies"). Their ids are ours (:mod:`.identity`). A code is named by its URN then, not by the alias of its list. In 3.x the
ids of hierarchical codes are unique in the whole hierarchy (SDMXStructure.xsd, ``Hierarchiy_UniqueHierarchicalCode``); in 2.1 they
are so among those under one code. A level is named by its id there, and by those of the levels above it too in 2.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from sdmx_gateway.errors import Problem
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.model import (
    HierarchicalCode,
    HierarchicalCodelist,
    Hierarchy,
    IncludedCodelist,
    InnerHierarchy,
    Level,
)
from sdmx_gateway.structures.translation.batch import Batch
from sdmx_gateway.structures.translation.identity import freed, kept, lost_of_outer
from sdmx_gateway.structures.translation.outcome import Outcome, becomes, lost, stays, told
from sdmx_gateway.structures.urn import Kind, Urn

Aliases = Mapping[str, Urn]

_SHOWN: Final = 5
"""How many ids a note names."""


def of_hierarchical_codelist(artefact: HierarchicalCodelist, batch: Batch) -> Outcome:  # noqa: ARG001
    """Each hierarchy of the list as a hierarchy of its own."""
    if not artefact.hierarchies:
        return stays(artefact, "it holds no hierarchy, and there is nothing it could become in SDMX 3")
    lists = {included.alias or included.codelist.id: included.codelist for included in artefact.codelists}
    codes = [code for inner in artefact.hierarchies for code in _all(inner.codes)]
    unknown = [code.id for code in codes if code.code is None and not (code.code_id and code.alias in lists)]
    if unknown:
        return stays(artefact, f"no code list is known for {', '.join(unknown)}", "mend the aliases of its code lists")
    made = [_freed(artefact, inner, lists) for inner in artefact.hierarchies]
    renamed = tuple(
        pair for inner, new in zip(artefact.hierarchies, made, strict=True) for pair in _names(artefact, inner, new)
    )
    alone = ((artefact.urn, made[0].urn),) if len(made) == 1 else ()
    notes = [
        told(artefact.urn, f"its hierarchy {i.id} becomes {m.urn.short}")
        for i, m in zip(artefact.hierarchies, made, strict=True)
    ]
    notes += [*lost_of_outer(artefact, artefact.hierarchies), *_unused(artefact, lists, codes)]
    notes += [
        note
        for inner, new in zip(artefact.hierarchies, made, strict=True)
        for note in _renumbered(artefact, inner, new)
    ]
    return Outcome(artefacts=tuple(made), notes=tuple(notes), renamed=(*renamed, *alone))


def of_hierarchy(artefact: Hierarchy, batch: Batch) -> Outcome:
    """A hierarchy as a hierarchical code list that holds it alone."""
    named = [code.code for code in _all(artefact.codes) if code.code is not None]
    others = [urn.short for urn in named if urn.kind is not Kind.CODELIST]
    if others:
        return stays(artefact, f"SDMX 2.1 has hierarchies of the codes of code lists only, not of {others[0]}")
    inner = InnerHierarchy(
        id=artefact.id,
        names=artefact.names,
        descriptions=artefact.descriptions,
        codes=_leveled(artefact.codes, dict(_paths(artefact.level, ""))),
        level=artefact.level,
        is_leveled=artefact.has_formal_levels,
    )
    lists = dict.fromkeys(urn.maintainable for urn in named)
    named_so = batch.form is Form.ML_2_1  # SDMX-JSON 1.0 takes no alias that is the id
    included = tuple(IncludedCodelist(codelist=u, alias=alias if named_so else None) for u, alias in _aliases(lists))
    return becomes(artefact, HierarchicalCodelist(**kept(artefact), codelists=included, hierarchies=(inner,)))


def _aliases(lists: Iterable[Urn]) -> Iterator[tuple[Urn, str]]:
    """Each list with a name of its own in the hierarchical list, which the schema does not ask for and readers do: its id."""
    taken: set[str] = set()
    for urn in lists:
        alias = next(each for each in _candidates(urn.id, urn.agency) if each not in taken)
        taken.add(alias)
        yield urn, alias


def _freed(outer: HierarchicalCodelist, inner: InnerHierarchy, lists: Aliases) -> Hierarchy:
    return Hierarchy(
        **freed(outer, inner, alone=len(outer.hierarchies) == 1),
        codes=_numbered(_resolved(inner.codes, lists), set(), ""),
        level=inner.level,
        has_formal_levels=inner.is_leveled,
    )


def _resolved(codes: Iterable[HierarchicalCode], lists: Aliases) -> tuple[HierarchicalCode, ...]:
    return tuple(
        HierarchicalCode(
            id=code.id,
            links=code.links,
            uri=code.uri,
            annotations=code.annotations,
            code=_code(code, lists),
            codes=_resolved(code.codes, lists),
            level=None if code.level is None else code.level.rpartition(".")[2],
            valid_from=code.valid_from,
            valid_to=code.valid_to,
        )
        for code in codes
    )


def _code(code: HierarchicalCode, lists: Aliases) -> Urn | None:
    if code.code is not None:
        return code.code
    of = lists[code.alias or ""]
    return Urn(of.kind, of.agency, of.id, of.version, code.code_id)


def _paths(level: Level | None, above: str) -> Iterator[tuple[str, str]]:
    """The id of each level, and with those it lies under."""
    if level is not None:
        path = f"{above}{level.id}"
        yield level.id, path
        yield from _paths(level.below, f"{path}.")


def _leveled(codes: Iterable[HierarchicalCode], paths: Mapping[str, str]) -> tuple[HierarchicalCode, ...]:
    return tuple(
        replace(
            code,
            level=None if code.level is None else paths.get(code.level, code.level),
            codes=_leveled(code.codes, paths),
        )
        for code in codes
    )


def _numbered(codes: Iterable[HierarchicalCode], taken: set[str], above: str) -> tuple[HierarchicalCode, ...]:
    """The codes with ids that come once: a second A under B is B_A, or A_2, or A_3, and so on."""
    made = []
    for code in codes:
        candidates = _candidates(code.id, above)
        own = next(candidate for candidate in candidates if candidate not in taken)
        taken.add(own)
        made.append(replace(code, id=own, codes=_numbered(code.codes, taken, own)))
    return tuple(made)


def _candidates(own: str, above: str) -> Iterator[str]:
    yield own
    if above:
        yield f"{above}_{own}"
    number = 2
    while True:
        yield f"{own}_{number}"
        number += 1


def _all(codes: Iterable[HierarchicalCode]) -> Iterator[HierarchicalCode]:
    for code in codes:
        yield code
        yield from _all(code.codes)


def _names(outer: HierarchicalCodelist, inner: InnerHierarchy, new: Hierarchy) -> Iterator[tuple[Urn, Urn]]:
    yield Urn(outer.KIND, outer.agency, outer.id, outer.version, inner.id), new.urn


def _renumbered(outer: HierarchicalCodelist, inner: InnerHierarchy, new: Hierarchy) -> Iterator[Problem]:
    pairs = zip(_all(inner.codes), _all(new.codes), strict=True)
    changed = [f"{before.id} → {after.id}" for before, after in pairs if before.id != after.id]
    if changed:
        yield told(
            outer.urn,
            f"ids come once in a hierarchy of SDMX 3: in {inner.id}, {_some(changed)}",
        )


def _unused(outer: HierarchicalCodelist, lists: Aliases, codes: Iterable[HierarchicalCode]) -> Iterator[Problem]:
    used = {urn.maintainable for code in codes if (urn := _code(code, lists)) is not None}
    left = [included.codelist.short for included in outer.codelists if included.codelist not in used]
    if left:
        yield lost(outer.urn, f"it includes code lists no code is of, which SDMX 3 does not say: {', '.join(left)}")


def _some(changed: list[str]) -> str:
    return (
        ", ".join(changed)
        if len(changed) <= _SHOWN
        else f"{', '.join(changed[:_SHOWN])} and {len(changed) - _SHOWN} more"
    )

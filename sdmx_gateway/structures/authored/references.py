"""Whether what authored files refer to is there, told where the reference is written."""

from __future__ import annotations

from sdmx_gateway.errors import StructureError
from sdmx_gateway.structures.authored.notes import Notes
from sdmx_gateway.structures.checking.holding import Holding, item_ids


def check_references(held: Holding, notes: Notes) -> None:
    """Note every reference that nothing held answers, and judge what had to wait until everything was read."""
    for where, target in notes.references:
        found = held.bound(target)
        if found is None:
            near = [artefact.urn.short for artefact in held if artefact.KIND is target.kind]
            wanted = target.maintainable.short
            notes.add("unresolved-reference", f"{target.short} is not held", where, near=near, wanted=wanted)
        elif target.item is not None:
            try:
                known = item_ids(found, held)
            except StructureError:
                continue  # a list it extends is not held, or extends it: told where that is written
            if known is not None and target.item not in known:
                what = f"{target.short} is not held"
                notes.add("unresolved-reference", what, where, near=known, wanted=target.item)
    for check in notes.later:
        check(held)

"""Rows that lie under each other, as a sheet has them: each parent there, none under itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sdmx_gateway.structures.authored.sheet import Sheet
from sdmx_gateway.structures.checking.integrity import circles
from sdmx_gateway.structures.model import Item


def check_tree(
    sheet: Sheet, ids: Sequence[str], parents: Sequence[str], whole: str, *, elsewhere: Collection[str] | None = ()
) -> None:
    """Note every parent that is not there and every circle of parents.

    Args:
        sheet: the sheet they are of.
        ids: the id of each row.
        parents: the id of what it lies under, or nothing.
        whole: what they are part of, as messages call it.
        elsewhere: parents that are not in the sheet but in the whole; ``None``: any may be.
    """
    known = set(ids)
    missing = set(parents) - known - {""}
    if elsewhere is not None and missing.difference(elsewhere):
        for nth, parent in enumerate(parents):
            if parent in missing and parent not in elsewhere:
                what = f"{ids[nth]!r} lies under {parent!r}, which {whole} does not have"
                sheet.tell("orphan-item", what, nth, "parent", near=known, wanted=parent)
    for circle in _circles(ids, parents):
        what = f"{' → '.join(circle)} lie under each other"
        sheet.tell("parent-cycle", what, ids.index(circle[0]), "parent", wanted=circle[0])


def _circles(ids: Sequence[str], parents: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The circles; none where every parent stands above what lies under it, which is quickly seen."""
    above: set[str] = set()
    for item_id, parent in zip(ids, parents, strict=True):
        if parent and parent not in above:
            break
        above.add(item_id)
    else:
        return
    yield from circles({i: Item(id=i, parent=parent or None) for i, parent in zip(ids, parents, strict=True)})

"""What the sender of a dataset wants done with it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Action(StrEnum):
    """The dataset actions a whole table can carry, spelt as in SDMX-ML and SDMX-JSON.

    Deleting is no state of a table and is therefore not among them: a message that deletes is refused on reading.
    """

    INFORMATION = "Information"
    APPEND = "Append"
    REPLACE = "Replace"


CSV_LETTERS: Final[Mapping[Action, str]] = {Action.INFORMATION: "I", Action.APPEND: "A", Action.REPLACE: "R"}
"""The letters of the ACTION column (SDMX-CSV 2.0 field guide, Column content)."""

READABLE_LETTERS: Final = frozenset({*CSV_LETTERS.values(), "M"})
"""The letters that may be read into a table; ``M`` (merge) is SDMX-CSV 2.1's."""

READABLE_WORDS: Final = frozenset({*(action.value for action in Action), "Merge", "Informational"})
"""The action words that may be read into a table; ``Merge`` is SDMX 3.1's."""

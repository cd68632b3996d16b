"""Which characters XML can carry, and the name of one it cannot.

XML 1.0 (fifth edition, §2.2) has no way to write most control characters, not even escaped. A text that holds one is
refused where it is found, with the character's name: silently dropping it would change what the office wrote.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROL_NAMES: Final = {
    0x00: "NULL",
    0x07: "BELL",
    0x08: "BACKSPACE",
    0x0B: "LINE TABULATION",
    0x0C: "FORM FEED",
    0x1B: "ESCAPE",
}


_LINE_BREAKS: Final = frozenset("\r\n")


def is_laid_out(text: str) -> bool:
    r"""Whether the text of an element begins or ends with a line break, and so is taken for one a pretty printer set.

    Blanks around it are then no part of what it says: who wrote it meant to lay the message out.

    >>> is_laid_out("\n    Vols sans violence\n  "), is_laid_out(" Vols "), is_laid_out("")
    (True, False, False)
    """
    return text[:1] in _LINE_BREAKS or text[-1:] in _LINE_BREAKS


def forbidden_character(text: str) -> str | None:
    r"""The name of the first character XML cannot carry, ``None`` when there is none.

    >>> forbidden_character("Vols\x0b sans violence")
    'U+000B LINE TABULATION'
    >>> forbidden_character("d’« œuvre » & <co>")
    """
    match = _FORBIDDEN.search(text)
    if match is None:
        return None
    point = ord(match[0])
    name = unicodedata.name(match[0], _CONTROL_NAMES.get(point, "control character"))
    return f"U+{point:04X} {name}"

"""Which characters French administrative text is made of; from that it is seen whether bytes were read in the right encoding.

``é`` is one byte in CP1252 and another in CP850, and each read as the other is a sign no French text has: ``D‚lit``, ``DÚlit``.
So a text whose accented characters are French was read rightly, and one where they mostly are not was not. Nothing is repaired:
a text that was already broken when it was saved is refused, with where it is broken.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

LETTERS: Final = frozenset("àâäçéèêëîïôöùûüÿœÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒ")
SIGNS: Final = frozenset("«»“”‘’–—…°º²³€£§µ·•½¼¾\u00a0\u202f")
LOST: Final = "¿"
"""What databases write where their character set lacks a letter (``C¿UR``); French has no such sign."""
REPLACED: Final = "\ufffd"
"""What programs put in the place of bytes they could not read (Unicode, REPLACEMENT CHARACTER)."""
FITTING: Final = 0.05
"""At most this share of strange characters among those that are not ASCII: the text is French."""
UNFITTING: Final = 0.5
"""More than this share: it is not, whatever else it is."""
FEW: Final = 3
"""Fewer strange characters than this are told one by one, whatever their share."""
_TWICE: Final = ("cp1252", "cp850", "latin-1")


def strange(text: str) -> Counter[str]:
    """The characters outside ASCII that French text does not have, each with how often it is there.

    >>> strange("Délit, C¿UR"), strange("D‚lit")
    (Counter(), Counter({'‚': 1}))
    """
    return Counter(c for c in text if not c.isascii() and c not in LETTERS and c not in SIGNS and c != LOST)


def share_of_strange(text: str) -> float:
    """The share of strange characters among those that are not ASCII; 0 when all are.

    >>> share_of_strange("Numéro"), share_of_strange("NumÚro"), share_of_strange("Numero")
    (0.0, 1.0, 0.0)
    """
    beyond = sum(not c.isascii() and c != LOST for c in text)
    return sum(strange(text).values()) / beyond if beyond else 0.0


def is_garbled(text: str) -> bool:
    """Whether a text was read in a wrong encoding as a whole.

    >>> is_garbled("DÚlit, NumÚro, RÚprimÚe"), is_garbled("Délit, Numéro ™")
    (True, False)
    """
    return sum(strange(text).values()) >= FEW and share_of_strange(text) > UNFITTING


def is_read_twice(text: str) -> bool:
    """Whether a text is UTF-8 that somebody read in another encoding and saved again.

    >>> is_read_twice("NumÃ©ro"), is_read_twice("Numéro")
    (True, False)
    """
    return not text.isascii() and any(_is_french_utf_8(text, encoding) for encoding in _TWICE)


def _is_french_utf_8(text: str, encoding: str) -> bool:
    try:
        return not strange(text.encode(encoding).decode("utf-8"))
    except UnicodeError:
        return False

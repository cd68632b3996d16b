"""Bytes as text, in the first declared encoding that reads them all, a block at a time and cut at line ends.

Text that was read in another encoding than it was written in is still text; it is told by the letters it then shows, which no
French or English text has: ``Ã©``, ``â€™``, a low quotation mark between two letters.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from sdmx_gateway.errors import Problem, SourceRejected, Where

GARBLED: Final = (
    "Ã[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
    "|Â[\u00a0-\u00bf]|â€[\u0080-\u00bf\u02dc\u0153\u2122\u0161\u00a6]|ï»¿|\ufffd"
    "|[a-z][\u0080-\u009f‚ƒ„†‡ˆ‰‹ŠŽ][a-z]"
)
"""Letters that show that UTF-8 was read as cp1252 or latin-1, latin-1 as UTF-8 with replacement, or a DOS or Mac page as cp1252."""
_SIGNS: Final = ("Ã", "Â", "â€", "ï»¿", "\ufffd", *"‚ƒ„†‡ˆ‰‹ŠŽ", *map(chr, range(0x80, 0xA0)))
_T = TypeVar("_T")


class _NoTextError(ValueError):
    """The bytes hold zeros: they are no text, whatever the encoding makes of them."""


def in_first_encoding(
    blocks: Callable[[], Iterable[bytes]],
    encodings: tuple[str, ...],
    name: str,
    read: Callable[[Iterator[str]], _T],
) -> _T:
    """What ``read`` makes of the text; it is begun anew with the next encoding where one does not fit.

    Raises:
        SourceRejected: none fits, or there is no byte.

    """
    for encoding in encodings:
        try:
            return read(_pieces(blocks(), encoding, name))
        except (UnicodeDecodeError, _NoTextError):
            continue
    problem = Problem(
        "undecodable",
        f"the bytes are not text in any of {', '.join(encodings)}",
        Where(file=name),
        remedy="save the file as UTF-8, or add its encoding to the module's source",
    )
    raise SourceRejected(f"{name} cannot be read as text", [problem])


def may_be_garbled(text: str) -> bool:
    """Whether it is worth looking for :data:`GARBLED` line by line."""
    return any(sign in text for sign in _SIGNS)


def _pieces(blocks: Iterable[bytes], encoding: str, name: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    rest, is_empty = "", True
    for block in blocks:
        is_empty = False
        text = rest + decoder.decode(block)
        if "\x00" in text:
            raise _NoTextError
        cut = text.rfind("\n") + 1
        rest = text[cut:]
        if cut:
            yield text[:cut].replace("\r\n", "\n").lstrip("\ufeff")
    if is_empty:
        raise SourceRejected(f"{name} is empty", [Problem("empty-file", "the file has no byte", Where(file=name))])
    rest += decoder.decode(b"", final=True)
    if rest:
        yield rest.lstrip("\ufeff")

"""Which characters may travel, and how each format spells the ones that mean something to it.

One rule for every format: a text is made of XML characters (XML 1.0, §2.2, Char), because a dataset that can be
written as CSV and not as XML is a dataset that cannot be exchanged. Everything here works on polars columns.
"""

from __future__ import annotations

import unicodedata
from typing import Final

import polars as pl

FORBIDDEN: Final = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"
"""The characters XML 1.0 cannot carry, not even as references, in polars' regular expressions."""

FORBIDDEN_BYTES: Final = rb"[\x00-\x08\x0B\x0C\x0E-\x1F]|\xEF\xBF[\xBE\xBF]"
"""The same characters in UTF-8 bytes, in Python's regular expressions."""

_XML_ATTRIBUTE: Final = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\t": "&#9;",  # literal tabs and line ends become blanks in an attribute (XML 1.0, §3.3.3)
    "\n": "&#10;",
    "\r": "&#13;",
}
_XML_TEXT: Final = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    "\r": "&#13;",
}  # a literal CR is read as LF (XML 1.0, §2.11)
_JSON: Final = {"\\": "\\\\", '"': '\\"', "\t": "\\t", "\n": "\\n", "\r": "\\r"}  # RFC 8259, §7

_MEANT = r'[&<>"\t\n\r\\]'


def needs_escape(column: pl.Series) -> bool:
    """Whether any text of a String column holds a character that some format spells otherwise."""
    return bool(column.str.contains(_MEANT).any())


def for_xml_attribute(text: pl.Expr) -> pl.Expr:
    """The text between the double quotes of an XML attribute."""
    return text.str.replace_many(_XML_ATTRIBUTE)


def for_xml_text(text: pl.Expr) -> pl.Expr:
    """The text between two XML tags."""
    return text.str.replace_many(_XML_TEXT)


def for_json(text: pl.Expr) -> pl.Expr:
    """The text between the quotes of a JSON string; other control characters are refused before it comes to this."""
    return text.str.replace_many(_JSON)


def attribute(text: str) -> str:
    """One text, spelt for an XML attribute or between two tags.

    >>> attribute('Homicide, "été" & <hiver>')
    'Homicide, &quot;été&quot; &amp; &lt;hiver&gt;'
    """
    return text.translate(_TABLE)


_TABLE = str.maketrans(_XML_ATTRIBUTE)


def name_of(character: str) -> str:
    """What a character is called: its code point and its Unicode name.

    >>> name_of(chr(7))
    'U+0007 (a control character)'
    """
    return f"U+{ord(character):04X} ({unicodedata.name(character, 'a control character')})"

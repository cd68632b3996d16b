"""Text with XHTML markup, as reference metadata has it (XHTMLType, SDMXCommon.xsd): kept exactly, in one canonical spelling.

Canonical is what an element says, spelt one way: names without prefixes, the namespace where it changes, attributes in order, a
single tag for those elements only that are always empty, as browsers want it (XHTML 1.0, Appendix C). Blanks inside are kept; those
around the whole are a pretty printer's, and dropped, when a line break begins or ends them. Comments are no part of it.

Markup comes from outside and is data here: whoever shows it in a page must clean it first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from sdmx_gateway.errors import MessageRejected
from sdmx_gateway.structures.codec.node import name_of
from sdmx_gateway.structures.xml_guard import Element, parse_guarded
from sdmx_gateway.structures.xml_text import forbidden_character

XHTML: Final = "http://www.w3.org/1999/xhtml"
MAX_DEPTH: Final = 100
"""Deepest nesting of elements that is written: with all that is around it, libxml2 still reads it back (256 at most)."""
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_EMPTY: Final = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "param"})
_BLANKS: Final = " \t\n"
_CDATA: Final = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_UNKEPT: Final = re.compile(r"<!--|<\?")
_IN_TEXT: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"}
_IN_ATTRIBUTE: Final = {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"}
_TEXT: Final = str.maketrans(_IN_TEXT)
_ATTRIBUTE: Final = str.maketrans(_IN_ATTRIBUTE)


def inner(element: Element) -> str:
    """What is inside an element, in canonical spelling.

    >>> inner(etree.fromstring('<x>1<h:sup xmlns:h="http://www.w3.org/1999/xhtml">st</h:sup></x>'))
    '1<sup xmlns="http://www.w3.org/1999/xhtml">st</sup>'
    """
    text = "".join(_pieces(element))
    return text.strip(_BLANKS) if text[:1] == "\n" or text[-1:] == "\n" else text


def _pieces(outermost: Element) -> Iterator[str]:
    """What is inside, piece by piece, without going down call by call: elements may lie as deep as they are read."""
    spaces = [""]
    yield (outermost.text or "").translate(_TEXT)
    for event, element in etree.iterwalk(outermost, events=("start", "end")):
        if element is outermost:
            continue
        is_single = name_of(element) in _EMPTY and len(element) == 0 and not element.text
        if event == "start":
            spaces.append(_space_of(element))
            yield from (_start(element, spaces[-2]), "/>" if is_single else ">", (element.text or "").translate(_TEXT))
        else:
            spaces.pop()
            yield from ("" if is_single else f"</{name_of(element)}>", (element.tail or "").translate(_TEXT))


def _start(element: Element, outer: str) -> str:
    space = _space_of(element)
    declared = "" if space == outer else f' xmlns="{space.translate(_ATTRIBUTE)}"'
    return f"<{name_of(element)}{declared}{''.join(_attributes(element))}"


def _space_of(element: Element) -> str:
    return str(element.tag).rpartition("}")[0].removeprefix("{")


def _attributes(element: Element) -> Iterator[str]:
    prefixes = {_XML: "xml"}
    for name, value in sorted(element.attrib.items()):
        space, _, local = str(name).removeprefix("{").rpartition("}")
        if space and space not in prefixes:
            prefixes[space] = f"n{len(prefixes)}"
            yield f' xmlns:{prefixes[space]}="{space.translate(_ATTRIBUTE)}"'
        prefix = f"{prefixes[space]}:" if space else ""
        yield f' {prefix}{local}="{str(value).translate(_ATTRIBUTE)}"'


def canonical(markup: str) -> str | None:
    """Markup in canonical spelling; ``None`` when it is not well-formed.

    >>> canonical("<p class='b' xmlns='http://www.w3.org/1999/xhtml'><br></br></p>")
    '<p xmlns="http://www.w3.org/1999/xhtml" class="b"><br/></p>'
    """
    element = _parsed(markup)
    return element if element is None else inner(element)


def put(element: Element, markup: str) -> None:
    """Put markup, which must be well-formed, into an element."""
    parsed = _parsed(canonical(markup) or "")
    if parsed is not None:
        element.text = parsed.text
        element.extend(list(parsed))


def why_not(markup: str) -> str | None:
    """Why markup cannot be written; ``None`` when it can.

    >>> why_not("<p>no namespace</p>")
    'p is no element of XHTML (xmlns="http://www.w3.org/1999/xhtml")'
    """
    character = forbidden_character(markup)
    if character is not None:
        return f"it holds {character}, which XML cannot carry"
    element = _parsed(markup)
    if element is None:
        return "it is not well-formed XML"
    if _UNKEPT.search(_CDATA.sub("", markup)):
        return "it has a comment or a processing instruction, which is not kept"
    return _why_not_xhtml(element)


def _why_not_xhtml(markup: Element) -> str | None:
    depths = {markup: 0}
    for element in markup.iterdescendants():
        above = element.getparent()
        depths[element] = depth = 1 + (0 if above is None else depths[above])
        if depth > MAX_DEPTH:
            return f"its elements are nested deeper than {MAX_DEPTH}"
        if _space_of(element) != XHTML:
            return f'{name_of(element)} is no element of XHTML (xmlns="{XHTML}")'
        for name in element.attrib:
            if str(name).startswith("{") and not str(name).startswith(f"{{{_XML}}}"):
                return f"{name_of(element)} has an attribute of another namespace"
    return None


def is_xhtml(text: str) -> bool:
    """Whether a text of a message that does not say so is markup: it begins with an element, and all its elements are XHTML's."""
    return text.lstrip()[:1] == "<" and XHTML in text and why_not(text) is None


def _parsed(markup: str) -> Element | None:
    if forbidden_character(markup) is not None:
        return None
    try:
        return parse_guarded(f"<x>{markup}</x>".encode())
    except MessageRejected:
        return None

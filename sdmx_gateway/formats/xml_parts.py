"""What expat meets in a structure-specific SDMX-ML message, kept as it is met.

This is the exact parser: any well-formed message gives its parts, whatever its order of attributes, its entities,
comments or encoding. An observation costs one handler call and one list entry; nothing is understood here,
:mod:`sdmx_gateway.formats.xml_reader` does that by columns. A document type declaration is refused, so that no entity
can be defined: SDMX-ML needs none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeAlias
from xml.parsers import expat

from sdmx_gateway.errors import MessageRejected, Problem, Where
from sdmx_gateway.formats.sdmx_ml import DIALECTS, MESSAGES, Dialect

SPACE: Final = " "
"""What stands between a namespace and a local name in what expat gives."""

_ROOTS: Final = {f"{d.message}{SPACE}{name}": d for d in DIALECTS.values() for name in MESSAGES}
_CUT_OFF: Final = frozenset(
    expat.errors.codes[message]
    for message in (expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN)
)

Attributes: TypeAlias = dict[str, str]
Complex: TypeAlias = dict[str, list[str]]
"""Components with several values (``Comp``), by id."""


@dataclass(slots=True)
class KeyedPart:
    """A Series, Group or Atts element, and how many observations came before it."""

    attributes: Attributes
    start: int = 0
    components: Complex = field(default_factory=dict)


@dataclass(slots=True)
class DataSetPart:
    """A data set: its elements in document order, every text as it stands.

    ``complex_observations`` holds the components with several values of the observations that have any, by number.
    """

    attributes: Attributes
    series: list[KeyedPart] = field(default_factory=list)
    partial: list[KeyedPart] = field(default_factory=list)
    observations: list[Attributes] = field(default_factory=list)
    complex_observations: dict[int, Complex] = field(default_factory=dict)


@dataclass(slots=True)
class StructurePart:
    """What the header says of a structure: the element that refers to it (Structure, StructureUsage …) and the reference."""

    id: str
    element: str = ""
    reference: str = ""


@dataclass(slots=True)
class MessagePart:
    """A whole message."""

    dialect: Dialect
    action: str = ""
    structures: list[StructurePart] = field(default_factory=list)
    data_sets: list[DataSetPart] = field(default_factory=list)


def parts_of(data: bytes) -> MessagePart:
    """The parts of a message.

    Raises:
        MessageRejected: it is not well-formed, declares a document type, or is no structure-specific data message.
    """
    parser = expat.ParserCreate(namespace_separator=SPACE)
    parser.buffer_text = True
    root = _Root(parser)
    parse(parser, data)
    if root.message is None:  # cannot be: what has no element is not well-formed
        raise rejected(Problem("not-well-formed", "there is no element", Where(row=1)))
    return root.message


def parse(parser: expat.XMLParserType, data: bytes) -> None:
    """Feed a whole message to a parser; raises MessageRejected with line and column when it is not well-formed."""
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        what = f"{expat.ErrorString(error.code)}, column {error.offset + 1}"
        why = "the message is cut off" if error.code in _CUT_OFF else ""
        raise rejected(Problem("not-well-formed", what, Where(row=error.lineno), why=why)) from error


def rejected(problem: Problem) -> MessageRejected:
    """The error for a message that cannot be read at all."""
    return MessageRejected("this SDMX-ML message cannot be read", [problem])


class _Root:
    """Waits for the first element, which says which message of which version this is."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self._parser = parser
        self.message: MessagePart | None = None
        parser.StartElementHandler = self._start
        parser.StartDoctypeDeclHandler = self._doctype

    def _start(self, name: str, attributes: Attributes) -> None:
        del attributes
        dialect = _ROOTS.get(name)
        if dialect is None:
            space, _, local = name.rpartition(SPACE)
            why = f"structure-specific data messages of SDMX-ML {', '.join(DIALECTS)} are read"
            what = f"the message is a {local}" + (f" of {space}" if space else "")
            raise rejected(Problem("unsupported-message", what, self._here(), why=why))
        self.message = MessagePart(dialect)
        _Head(self._parser, self.message)

    def _doctype(self, name: str, *_: object) -> None:
        what = f"the message declares a document type, {name!r}"
        why = "SDMX-ML has none, and one can make a small message fill the memory"
        raise rejected(Problem("document-type", what, self._here(), why=why, remedy="take the DOCTYPE out"))

    def _here(self) -> Where:
        return Where(row=self._parser.CurrentLineNumber)


class _Head:
    """Reads the header: which structures there are, and what is to be done with the data."""

    def __init__(self, parser: expat.XMLParserType, message: MessagePart) -> None:
        self._parser, self._message = parser, message
        self._text: list[str] = []
        self._structure = f"{message.dialect.message}{SPACE}Structure"
        self._data_set = f"{message.dialect.message}{SPACE}DataSet"
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append

    def _start(self, name: str, attributes: Attributes) -> None:
        self._text.clear()
        structures = self._message.structures
        local = name.rpartition(SPACE)[2]
        if name == self._data_set:
            _Data(self._parser, self._message).start(name, attributes)
        elif name == self._structure:
            structures.append(StructurePart(attributes.get("structureID", "")))
        elif structures and not structures[-1].element:
            structures[-1].element = local
        elif structures and local == "Ref" and not structures[-1].reference:
            version = attributes.get("version", "1.0")  # the default of 2.1's SDMXCommonReferences.xsd, RefBaseType
            structures[-1].reference = f"{attributes.get('agencyID', '')}:{attributes.get('id', '')}({version})"

    def _end(self, name: str) -> None:
        text = "".join(self._text).strip()
        self._text.clear()
        if name == f"{self._message.dialect.message}{SPACE}DataSetAction":
            self._message.action = text
        elif text.startswith("urn:") and self._message.structures and not self._message.structures[-1].reference:
            self._message.structures[-1].reference = text


class _Data:
    """Reads data sets. Texts and ends are listened to inside ``Comp`` only, so that an observation is one call."""

    def __init__(self, parser: expat.XMLParserType, message: MessagePart) -> None:
        self._parser, self._message = parser, message
        self._element = f"{message.dialect.message}{SPACE}DataSet"
        self._text: list[str] = []
        self._values: list[str] = []
        parser.StartElementHandler = self.start
        self._listen(inside=False)

    def start(self, name: str, attributes: Attributes) -> None:
        """Take an element: observations first, being by far the most."""
        if name == "Obs":
            self._observations.append(attributes)
        elif name == "Series":
            self._keyed(attributes, self._current.series)
        elif name in {"Group", "Atts"}:
            self._keyed(attributes, self._current.partial)
        elif name == "Comp":
            self._values = self._holder().setdefault(attributes.get("id", ""), [])
            self._listen(inside=True)
        elif name == "Value":
            self._text.clear()
        elif name == self._element:
            self._begin(attributes)

    def _begin(self, attributes: Attributes) -> None:
        self._current = DataSetPart(attributes)
        self._observations = self._current.observations
        self._open: KeyedPart | None = None
        self._message.data_sets.append(self._current)

    def _keyed(self, attributes: Attributes, parts: list[KeyedPart]) -> None:
        self._open = KeyedPart(attributes, len(self._observations))
        parts.append(self._open)

    def _holder(self) -> Complex:
        """The components of the element that was opened last: an observation, or what holds it."""
        number = len(self._observations)
        if self._open is not None and self._open.start == number:
            return self._open.components
        return self._current.complex_observations.setdefault(number - 1, {})

    def _listen(self, *, inside: bool) -> None:
        self._parser.EndElementHandler = self._end if inside else None
        self._parser.CharacterDataHandler = self._text.append if inside else None

    def _end(self, name: str) -> None:
        if name == "Value":
            self._values.append("".join(self._text))
        elif name == "Comp":
            self._listen(inside=False)

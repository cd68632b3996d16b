"""Reading the pieces of a structure message, and keeping account of what was wrong, repaired or left out.

Names of elements are looked at without their namespace, and forms are told apart by looking: a reference is a ``Ref``
with or without its class, a ``URN`` element, or a URN as text, whichever version the message is of. What cannot be
read goes to ``errors`` and makes the message be refused; what was repaired, or is nothing the model holds, to ``notes``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from sdmx_gateway.errors import Problem, StructureError, Where
from sdmx_gateway.structures.catalogue import version_key
from sdmx_gateway.structures.dialects import UNCODED_ONLY, Dialect
from sdmx_gateway.structures.model import Annotation, DataType, Kind, Representation, Text, Urn
from sdmx_gateway.structures.xml_guard import Element

LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
DEFAULT_LANGUAGE: Final = "en"  # default of xml:lang (SDMXCommon.xsd, TextType, all versions)
DEFAULT_VERSION: Final = "1.0"  # default of version (2.1 SDMXStructureBase.xsd, VersionableType)
_MAX_DIGITS: Final = 9  # of a length or a position: longer ones are nonsense, and Python reads no endless ones
_LINE_BREAKS: Final = "\r\n"
_LATE_BOUND: Final = re.compile(r"[0-9.]*\+[0-9.]*")
_FORMAT_FACETS: Final = frozenset({"textType", "maxLength", "isMultiLingual"})

_NEAREST_TYPES: Final[Mapping[str, DataType]] = {
    "Short": DataType.INTEGER,
    "Count": DataType.INTEGER,
    "BigInteger": DataType.LONG,
    "Incremental": DataType.DECIMAL,
    "InclusiveValueRange": DataType.DECIMAL,
    "ExclusiveValueRange": DataType.DECIMAL,
    "StandardTimePeriod": DataType.OBSERVATIONAL_TIME_PERIOD,
    "BasicTimePeriod": DataType.OBSERVATIONAL_TIME_PERIOD,
    "GregorianTimePeriod": DataType.OBSERVATIONAL_TIME_PERIOD,
    "GregorianYear": DataType.OBSERVATIONAL_TIME_PERIOD,
    "GregorianYearMonth": DataType.OBSERVATIONAL_TIME_PERIOD,
    "GregorianDay": DataType.OBSERVATIONAL_TIME_PERIOD,
    "ReportingTimePeriod": DataType.OBSERVATIONAL_TIME_PERIOD,
    "TimeRange": DataType.OBSERVATIONAL_TIME_PERIOD,
}
"""Types the model does not hold, and the one that takes their values; any other is read as a string."""


@dataclass
class Reading:
    """The account of one message.

    Attributes:
        dialect: what the message is written in.
        held: every artefact the message has, by kind, agency and id: the versions.
        errors: why the message must be refused.
        notes: what was repaired or left out.
    """

    dialect: Dialect
    held: dict[tuple[Kind, str, str], list[str]] = field(default_factory=dict)
    errors: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    _left_out: dict[tuple[str, str], int] = field(default_factory=dict)

    def wrong(self, code: str, what: str, element: Element) -> None:
        """Note a reason to refuse the message."""
        self.errors.append(Problem(code, what, _where(element)))

    def repaired(self, what: str, element: Element) -> None:
        """Note something read otherwise than it is written."""
        self.notes.append(Problem("repaired", what, _where(element)))

    def skipped(self, what: str, element: Element) -> None:
        """Note an artefact that was not read."""
        self.notes.append(Problem("skipped-artefact", what, _where(element)))

    def left_out(self, element: Element, name: str) -> None:
        """Count a part of an artefact that the model does not hold; told once for each artefact."""
        key = (_owner(element), name)
        self._left_out[key] = self._left_out.get(key, 0) + 1

    def all_notes(self) -> tuple[Problem, ...]:
        """The notes, with one for each kind of part left out of an artefact."""
        parts = (
            Problem("left-out", f"{name} is not held", Where(key=owner or None), value=name, rows=count)
            for (owner, name), count in self._left_out.items()
        )
        return (*self.notes, *parts)


def whole(text: str | None) -> int | None:
    """A whole number above zero, in plain digits; ``None`` when it is anything else."""
    plain = text is not None and text.isascii() and text.isdigit()
    return int(text) or None if text is not None and plain and len(text) <= _MAX_DIGITS else None


def row_of(element: Element) -> int | None:
    """The line an element stands on, where the parser knows it."""
    line: object = element.sourceline
    return line if isinstance(line, int) else None


def name_of(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element, *names: str) -> Iterator[Element]:
    """The children of these names, or all."""
    for found in element:
        if not names or name_of(found) in names:
            yield found


def first(element: Element, name: str) -> Element | None:
    """The first child of that name."""
    return next(children(element, name), None)


def words(element: Element) -> str:
    """The text of an element; that of pretty-printed ones without the line breaks and blanks around it."""
    text = "".join(str(part) for part in element.itertext())
    if text[:1] and (text[0] in _LINE_BREAKS or text[-1] in _LINE_BREAKS):
        return text.strip(" \t\r\n")
    return text


def read_texts(element: Element, name: str) -> Text:
    """The text in every language it comes in; empty ones are left out."""
    pairs = ((found.get(LANGUAGE, DEFAULT_LANGUAGE), words(found)) for found in children(element, name))
    return Text(tuple((language, text) for language, text in pairs if text))


def read_annotations(element: Element, reading: Reading) -> tuple[Annotation, ...]:
    """The annotations of an artefact, item or component."""
    container = first(element, "Annotations")
    return () if container is None else tuple(_annotation(note, reading) for note in children(container, "Annotation"))


def _annotation(element: Element, reading: Reading) -> Annotation:
    parts = {name_of(part): words(part) for part in element}
    if len(list(children(element, "AnnotationURL"))) > 1:
        reading.left_out(element, "AnnotationURL")
    return Annotation(
        id=element.get("id"),
        type=parts.get("AnnotationType"),
        title=parts.get("AnnotationTitle"),
        url=parts.get("AnnotationURL"),
        text=read_texts(element, "AnnotationText"),
        value=parts.get("AnnotationValue"),
    )


def read_local(element: Element) -> str:
    """The id a local reference names."""
    ref = first(element, "Ref")
    return (ref.get("id") or "") if ref is not None else words(element).strip()


def read_reference(element: Element, kind: Kind, reading: Reading) -> Urn | None:
    """What a reference names; ``None``, with an error, when it cannot be read. ``kind`` is used when it says none."""
    try:
        ref = first(element, "Ref")
        if ref is not None:
            return _ref(ref, kind, reading)
        urn = first(element, "URN")
        return _urn((words(element) if urn is None else words(urn)).strip(), reading, element)
    except (StructureError, ValueError) as error:
        what = error.what if isinstance(error, StructureError) else str(error)
        reading.wrong("wrong-reference", f"the reference in {name_of(element)} cannot be read: {what}", element)
        return None


def _ref(ref: Element, kind: Kind, reading: Reading) -> Urn:
    of_class = ref.get("class")
    found = Kind(of_class) if of_class in set(Kind) else kind
    agency, ref_id = ref.get("agencyID", ""), ref.get("id", "")
    parent = ref.get("maintainableParentID")
    if parent is None:
        version = ref.get("version", DEFAULT_VERSION)
        return Urn(found, agency, ref_id, _bound((found, agency, ref_id), version, reading, ref))
    version = ref.get("maintainableParentVersion", DEFAULT_VERSION)
    return Urn(found, agency, parent, _bound((found, agency, parent), version, reading, ref), ref_id)


def _urn(text: str, reading: Reading, element: Element) -> Urn:
    late = re.search(r"\(([^)]*\+[^)]*)\)", text)
    if late is None or not _LATE_BOUND.fullmatch(late[1]):
        return Urn.parse(text)
    floor = Urn.parse(text.replace(late[1], late[1].replace("+", "")))
    version = _bound((floor.kind, floor.agency, floor.id), late[1], reading, element)
    return Urn(floor.kind, floor.agency, floor.id, version, floor.item)


def _bound(name: tuple[Kind, str, str], version: str, reading: Reading, element: Element) -> str:
    """A version bound now: ``1.2+`` is the highest 1.x the message holds from 1.2 on (SDMX 3.0: from memory, to verify)."""
    if "+" not in version or version == "+":
        return version
    floor = version.replace("+", "")
    fixed = version.partition("+")[0].split(".")[:-1]
    held = (v for v in reading.held.get(name, []) if v.split(".")[: len(fixed)] == fixed)
    bound = max((v for v in held if version_key(v) >= version_key(floor)), key=version_key, default=floor)
    reading.repaired(f"{name[1]}:{name[2]}({version}) is read as version {bound}", element)
    return bound


def read_representation(element: Element | None, reading: Reading) -> Representation | None:
    """What values are taken, from a ``LocalRepresentation`` or ``CoreRepresentation``; ``None`` when there is none."""
    if element is None:
        return None
    enumeration = first(element, "Enumeration")
    text = first(element, "TextFormat") if enumeration is None else first(element, "EnumerationFormat")
    occurs = element.get("maxOccurs", "1")
    codelist = None if enumeration is None else _codelist(enumeration, reading)
    data_type = _data_type(text, reading)
    if codelist is not None and data_type in UNCODED_ONLY and text is not None:
        reading.repaired(f"codes of type {data_type} are read as strings", text)
        data_type = DataType.STRING
    return Representation(
        codelist=codelist,
        data_type=data_type,
        max_length=_max_length(text, reading),
        max_occurs=None if occurs == "unbounded" else whole(occurs) or 1,
    )


def _codelist(enumeration: Element, reading: Reading) -> Urn | None:
    """The code list of an enumeration; ``None``, with a note, when it is a value list or a concept scheme."""
    other = first(enumeration, "Ref")
    written = words(enumeration)
    if (other is not None and other.get("class", "Codelist") != "Codelist") or "codelist.ValueList=" in written:
        reading.repaired("values listed elsewhere than in a code list are read as text", enumeration)
        return None
    found = read_reference(enumeration, Kind.CODELIST, reading)
    if found is not None and found.kind is not Kind.CODELIST:
        reading.repaired(f"values listed in {found.short} are read as text", enumeration)
        return None
    return found


def _data_type(text: Element | None, reading: Reading) -> DataType:
    if text is None:
        return DataType.STRING
    for facet in text.attrib:
        if facet not in _FORMAT_FACETS:
            reading.left_out(text, str(facet))
    written = text.get("textType", DataType.STRING)
    if written in set(DataType):
        return DataType(written)
    nearest = _NEAREST_TYPES.get(written, DataType.STRING)
    reading.repaired(f"type {written} is read as {nearest}", text)
    return nearest


def _max_length(text: Element | None, reading: Reading) -> int | None:
    written = None if text is None else text.get("maxLength")
    if text is None or written is None:
        return None
    length = whole(written)
    if length is None:
        reading.repaired(f"maxLength {written!r} is no length and is not read", text)
    return length


def _where(element: Element) -> Where:
    return Where(row=row_of(element), key=_owner(element) or None)


def _owner(element: Element) -> str:
    """The artefact an element lies in, as AGENCY:ID(VERSION)."""
    for here in (element, *element.iterancestors()):
        if here.get("agencyID") and name_of(here) != "Ref":
            return f"{here.get('agencyID')}:{here.get('id')}({here.get('version', DEFAULT_VERSION)})"
    return ""

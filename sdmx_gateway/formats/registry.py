"""The formats of data messages: one table from name to media type, writer and reader.

Adding a format touches this table and its own modules; the command line, the service, the channels and the documents read the table.
Media types: SDMX REST 2.x, data queries, and SDMX REST 1.5 for SDMX-ML 2.1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import BinaryIO, Final

from sdmx_gateway.errors import QueryError
from sdmx_gateway.formats import un_cts
from sdmx_gateway.formats.action import Action
from sdmx_gateway.formats.csv_reader import read_csv
from sdmx_gateway.formats.csv_writer import CSV_DIALECTS, write_csv
from sdmx_gateway.formats.json_reader import read_json
from sdmx_gateway.formats.json_writer import write_json
from sdmx_gateway.formats.sdmx_ml import DIALECTS
from sdmx_gateway.formats.xml_reader import read_ml
from sdmx_gateway.formats.xml_writer import write_ml
from sdmx_gateway.observations import Dataset
from sdmx_gateway.structures import Catalogue
from sdmx_gateway.structures.header import Header
from sdmx_gateway.structures.model import Text

Writer = Callable[[Dataset, BinaryIO, Header, Catalogue | None], None]
Reader = Callable[[bytes, Catalogue], Dataset]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name here, its version, what it is called on the wire, and how it is written and read."""

    name: str
    version: str
    media_type: str
    extension: str
    label: Text
    write: Writer
    read: Reader | None


def _ml(version: str) -> Writer:
    def write(dataset: Dataset, sink: BinaryIO, header: Header, catalogue: Catalogue | None) -> None:
        del catalogue
        write_ml(dataset, sink, header, dialect=DIALECTS[version], action=Action.REPLACE)

    return write


def _csv(name: str) -> Writer:
    def write(dataset: Dataset, sink: BinaryIO, header: Header, catalogue: Catalogue | None) -> None:
        del header, catalogue
        write_csv(dataset, sink, dialect=CSV_DIALECTS[name], action=Action.REPLACE)

    return write


def _json(dataset: Dataset, sink: BinaryIO, header: Header, catalogue: Catalogue | None) -> None:
    write_json(dataset, sink, header, catalogue)


def _both(text: str) -> Text:
    return Text.of(fr=text, en=text)


_ML_2_1: Final = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"
_CSV: Final = "application/vnd.sdmx.data+csv;version="
_TABLE: Final = (
    Format(
        "sdmx-ml-3.0",
        "3.0",
        "application/vnd.sdmx.data+xml;version=3.0.0",
        "xml",
        _both("SDMX-ML 3.0"),
        _ml("3.0"),
        read_ml,
    ),
    Format("sdmx-ml-2.1", "2.1", _ML_2_1, "xml", _both("SDMX-ML 2.1"), _ml("2.1"), read_ml),
    Format(
        "sdmx-json-2.0",
        "2.0",
        "application/vnd.sdmx.data+json;version=2.0.0",
        "json",
        _both("SDMX-JSON 2.0"),
        _json,
        read_json,
    ),
    Format(
        "sdmx-csv-2.0",
        "2.0",
        _CSV + "2.0.0",
        "csv",
        _both("SDMX-CSV 2.0"),
        _csv("sdmx-csv-2.0"),
        read_csv,
    ),
    Format(
        "sdmx-csv-1.0",
        "1.0",
        _CSV + "1.0.0",
        "csv",
        _both("SDMX-CSV 1.0"),
        _csv("sdmx-csv-1.0"),
        read_csv,
    ),
)
FORMATS: Final[Mapping[str, Format]] = MappingProxyType({form.name: form for form in _TABLE})

_FORMS: Final = (
    Format(
        un_cts.NAME,
        "2025",
        "text/csv",
        "csv",
        Text.of(fr="UN-CTS, 13 colonnes", en="UN-CTS, 13 columns"),
        un_cts.write_cts,
        un_cts.read_cts,
    ),
)
FORMS: Final[Mapping[str, Format]] = MappingProxyType({form.name: form for form in _FORMS})
"""Forms of recipients that are no SDMX: for the dataflows made for them, to convert and to send; the service does not offer them."""


_FIRST_BYTES: Final = {b"<": "sdmx-ml-3.0", b"{": "sdmx-json-2.0"}
"""What a message is that begins so; anything else is SDMX-CSV. Either reader of XML, and of CSV, reads every version."""


def format_named(name: str) -> Format:
    """The format called ``name``.

    Raises:
        QueryError: there is none; those offered are named.
    """
    known = {**FORMATS, **FORMS}
    if name not in known:
        near = get_close_matches(name, list(known), n=1)
        raise QueryError(
            f"there is no format {name!r}",
            remedy=f"did you mean {near[0]!r}?" if near else f"one of {', '.join(known)}",
        )
    return known[name]


def write(
    dataset: Dataset, format_name: str, sink: BinaryIO, *, header: Header, catalogue: Catalogue | None = None
) -> None:
    """Write a dataset as a message of a format."""
    format_named(format_name).write(dataset, sink, header, catalogue)


def read(data: bytes, catalogue: Catalogue, *, format_name: str | None = None) -> Dataset:
    """Read a message; its format is seen from its first bytes unless it is named."""
    name = format_name or _FIRST_BYTES.get(data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1], "sdmx-csv-2.0")
    reader = format_named(name).read
    assert reader is not None
    return reader(data, catalogue)

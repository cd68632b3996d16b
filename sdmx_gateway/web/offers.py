"""What answers may be had in: data formats and structure formats, in order of preference for each grammar.

The first is the default: on ``/sdmx/v2`` SDMX-JSON 2.0 for data and for structures, as SDMX REST 2.1 says (2.2 says 2.1); on
``/sdmx/v1`` SDMX-ML 2.1, for data structure-specific (REST 1.5 says generic, which is not offered).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sdmx_gateway.formats import FORMATS
from sdmx_gateway.rest import Offer

_PREFERRED: Final[Mapping[str, Sequence[str]]] = {
    "v1": ("sdmx-ml-2.1", "sdmx-json-1.0", "sdmx-csv-1.0", "sdmx-csv-2.0", "sdmx-ml-3.0", "sdmx-json-2.0"),
    "v2": ("sdmx-json-2.0", "sdmx-ml-3.0", "sdmx-csv-2.0", "sdmx-ml-2.1", "sdmx-csv-1.0"),
}
_FAMILIES: Final = {"sdmx-ml": "xml", "sdmx-json": "json", "sdmx-csv": "csv"}


def _data_offers(version: str) -> tuple[Offer, ...]:
    names = [name for name in _PREFERRED[version] if name in FORMATS]
    names += [name for name in FORMATS if name not in names]
    return tuple(Offer(name, FORMATS[name].media_type, _aliases(name)) for name in names)


def _aliases(name: str) -> tuple[str, ...]:
    return tuple(alias for family, alias in _FAMILIES.items() if name.startswith(family))


DATA: Final[Mapping[str, Sequence[Offer]]] = {version: _data_offers(version) for version in _PREFERRED}

_STRUCTURE_TYPES: Final[Mapping[str, str]] = {
    "sdmx-ml-2.1": "application/vnd.sdmx.structure+xml;version=2.1",
    "sdmx-ml-3.0": "application/vnd.sdmx.structure+xml;version=3.0.0",
    "sdmx-ml-3.1": "application/vnd.sdmx.structure+xml;version=3.1.0",
    "sdmx-json-1.0": "application/vnd.sdmx.structure+json;version=1.0.0",
    "sdmx-json-2.0": "application/vnd.sdmx.structure+json;version=2.0.0",
    "sdmx-json-2.1": "application/vnd.sdmx.structure+json;version=2.1.0",
}
"""The media types of structure messages (SDMX REST 1.5.0 and 2.2.2, responses), by the name of the format."""
_STRUCTURES_PREFERRED: Final[Mapping[str, Sequence[str]]] = {
    "v1": ("sdmx-ml-2.1", "sdmx-json-1.0", "sdmx-ml-3.0", "sdmx-ml-3.1", "sdmx-json-2.0", "sdmx-json-2.1"),
    "v2": ("sdmx-json-2.0", "sdmx-json-2.1", "sdmx-ml-3.0", "sdmx-ml-3.1", "sdmx-ml-2.1", "sdmx-json-1.0"),
}


def _structure_offers(version: str) -> tuple[Offer, ...]:
    names = _STRUCTURES_PREFERRED[version]
    return tuple(Offer(name, _STRUCTURE_TYPES[name], (*_aliases(name), "structure")) for name in names)


STRUCTURES: Final[Mapping[str, Sequence[Offer]]] = {v: _structure_offers(v) for v in _STRUCTURES_PREFERRED}

"""What answers may be had in: data formats and structure formats, in order of preference for each grammar.

The first is the default: on ``/sdmx/v2`` SDMX-JSON 2.0 for data, as SDMX REST 2 says; on ``/sdmx/v1`` SDMX-ML 2.1,
structure-specific (REST 1.5 says generic, which is not offered). Structures are given in SDMX-ML only.
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

_ML21 = Offer("sdmx-ml-2.1", "application/vnd.sdmx.structure+xml;version=2.1", ("xml", "structure"))
_ML30 = Offer("sdmx-ml-3.0", "application/vnd.sdmx.structure+xml;version=3.0.0", ("xml", "structure"))
_ML31 = Offer("sdmx-ml-3.1", "application/vnd.sdmx.structure+xml;version=3.1.0", ("xml", "structure"))

STRUCTURES: Final[Mapping[str, Sequence[Offer]]] = {"v1": (_ML21, _ML30, _ML31), "v2": (_ML30, _ML31, _ML21)}

ML_VERSION: Final[Mapping[str, str]] = {_ML21.name: "2.1", _ML30.name: "3.0", _ML31.name: "3.1"}
"""The version of SDMX-ML a structure offer is written in."""

"""The SDMX information model as frozen values: held, found, read and written.

:class:`Catalogue` holds artefacts and follows their references; :func:`load_catalogue` fills one from authored folders,
:func:`read_structures` from a structure message, and :func:`write_structures` writes one. The values themselves are in
:mod:`sdmx_gateway.structures.model`.
"""

from sdmx_gateway.structures.authored.loading import load_catalogue, load_catalogue_reporting, load_folder
from sdmx_gateway.structures.catalogue import Catalogue
from sdmx_gateway.structures.header import Header
from sdmx_gateway.structures.model import Kind, Urn
from sdmx_gateway.structures.reading import read_structures, read_structures_reporting
from sdmx_gateway.structures.writing import write_structures, write_structures_reporting

__all__ = [
    "Catalogue",
    "Header",
    "Kind",
    "Urn",
    "load_catalogue",
    "load_catalogue_reporting",
    "load_folder",
    "read_structures",
    "read_structures_reporting",
    "write_structures",
    "write_structures_reporting",
]

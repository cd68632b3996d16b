"""The mapping language and its engine: from raw tables, or another dataflow, to the observations of a dataflow."""

from sdmx_gateway.mapping.check import check_module
from sdmx_gateway.mapping.convert import Conversion, convert, fingerprint_of
from sdmx_gateway.mapping.explain import Contribution, Explanation, PastValue, Step, explain
from sdmx_gateway.mapping.map_import import import_module
from sdmx_gateway.mapping.module import Module, find_modules, load_module, module_named
from sdmx_gateway.mapping.propose import propose_module
from sdmx_gateway.mapping.schema import mapping_schema
from sdmx_gateway.mapping.spec import FileSource, FlowSource, MappingSpec
from sdmx_gateway.mapping.structure_map import structure_map
from sdmx_gateway.mapping.table import LeftOut, SourceTable

__all__ = [
    "Contribution",
    "Conversion",
    "Explanation",
    "FileSource",
    "FlowSource",
    "LeftOut",
    "MappingSpec",
    "Module",
    "PastValue",
    "SourceTable",
    "Step",
    "check_module",
    "convert",
    "explain",
    "find_modules",
    "fingerprint_of",
    "import_module",
    "load_module",
    "mapping_schema",
    "module_named",
    "propose_module",
    "structure_map",
]

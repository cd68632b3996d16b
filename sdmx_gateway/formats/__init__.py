"""SDMX data messages: bytes to observations and back, one table of formats."""

from sdmx_gateway.formats.registry import FORMATS, FORMS, Format, format_named, read, write

__all__ = ["FORMATS", "FORMS", "Format", "format_named", "read", "write"]

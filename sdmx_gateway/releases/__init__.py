"""The versioned store of releases: every publication of every dataflow, kept for ever, as it was.

:class:`ReleaseStore` publishes, finds, reads and verifies; :func:`summarise` tells what changed between two releases.
"""

from sdmx_gateway.releases.comparison import summarise
from sdmx_gateway.releases.provenance import Provenance, SourceRecord
from sdmx_gateway.releases.publication import CHANGES, DATA, DOCUMENT
from sdmx_gateway.releases.release import Release
from sdmx_gateway.releases.store import ReleaseStore

__all__ = ["CHANGES", "DATA", "DOCUMENT", "Provenance", "Release", "ReleaseStore", "SourceRecord", "summarise"]

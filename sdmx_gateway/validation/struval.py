"""Eurostat's STRUVAL codes for what the structural checks find.

``error code/message id`` as in the list of STRUVAL error codes and messages (SDMX Converter web service manual 7.3, Annex
S). A partner who has met STRUVAL's report recognises ours; what STRUVAL does not look for has no code.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sdmx_gateway.structures.model import Attachment

MISSING_CONCEPT: Final = "150/003"
"""The dataset contains a series with a missing mandatory concept."""
NOT_IN_CODELIST: Final = "150/029"
"""A value is not a valid representation in the referenced code list."""
INVALID_VALUE: Final = "150/030"
"""A component reports an invalid value."""
MISSING_TIME: Final = "150/032"
"""The observation does not have a value for its time dimension."""
DUPLICATE: Final = "150/039"
"""Duplicate observation found."""
INVALID_DATE: Final = "150/042"
"""Invalid date format: the period does not match its time format."""
INVALID_CHARACTER: Final = "150/062"
"""The value contains an invalid character."""
TOO_MANY_INSTANCES: Final = "150/067"
"""The attribute has more instances than its maximum occurrences."""

MISSING_ATTRIBUTE: Final[Mapping[Attachment, str]] = MappingProxyType(
    {
        Attachment.DATASET: "150/008",
        Attachment.DIMENSIONS: "150/008",
        Attachment.GROUP: "150/010",
        Attachment.OBSERVATION: "150/012",
    }
)
"""A mandatory attribute is missing from the dataset, the group or the observation."""

"""The six forms structures are exchanged in, and what is true of a whole form.

SDMX-ML 2.1 and SDMX-JSON 1.0 spell the information model of SDMX 2.1, the other four that of SDMX 3. Sources: the official
schemas of each version.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from sdmx_gateway.errors import StructureError


class Form(StrEnum):
    """A format with its version, named as on the command line."""

    ML_2_1 = "sdmx-ml-2.1"
    ML_3_0 = "sdmx-ml-3.0"
    ML_3_1 = "sdmx-ml-3.1"
    JSON_1_0 = "sdmx-json-1.0"
    JSON_2_0 = "sdmx-json-2.0"
    JSON_2_1 = "sdmx-json-2.1"

    @property
    def is_xml(self) -> bool:
        """Whether it is SDMX-ML."""
        return self in XML

    @property
    def is_of_2_1(self) -> bool:
        """Whether it spells the information model of SDMX 2.1."""
        return self in OF_2_1

    @property
    def space(self) -> str:
        """The part of the namespace that names the version, of SDMX-ML."""
        return _SPACES[self]


EVERY: Final = frozenset(Form)
XML: Final = frozenset({Form.ML_2_1, Form.ML_3_0, Form.ML_3_1})
JSON: Final = EVERY - XML
OF_2_1: Final = frozenset({Form.ML_2_1, Form.JSON_1_0})
OF_3: Final = EVERY - OF_2_1
OF_3_1: Final = frozenset({Form.ML_3_1, Form.JSON_2_1})
OF_3_0: Final = frozenset({Form.ML_3_0, Form.JSON_2_0})
XML_3: Final = XML & OF_3
JSON_2: Final = JSON & OF_3
_SPACES: Final = {Form.ML_2_1: "v2_1", Form.ML_3_0: "v3_0", Form.ML_3_1: "v3_1"}
NAMESPACE: Final = "http://www.sdmx.org/resources/sdmxml/schemas/{version}/{part}"
NUMBERS: Final = re.compile(r"[0-9]+(\.[0-9]+)*")
"""The versions of SDMX 2.1 (VersionType)."""
_EXTENSION: Final = r"(0|[1-9]\d*|[0-9A-Za-z\-]*[A-Za-z\-][0-9A-Za-z\-]*)"
SEMANTIC: Final = re.compile(
    rf"(0|[1-9]\d*)(\.(0|[1-9]\d*))?|(0|[1-9]\d*)(\.(0|[1-9]\d*)){{2}}(-{_EXTENSION}(\.{_EXTENSION})*)?", re.ASCII
)
"""The versions of SDMX 3 (VersionType): one or two numbers as before, or three with what semantic versions have behind."""


def form_named(name: str) -> Form:
    """The form of that name; ``2.1``, ``3.0`` and ``3.1`` alone are SDMX-ML.

    Raises:
        StructureError: there is none; those there are are named.
    """
    full = f"sdmx-ml-{name}" if re.fullmatch(r"\d\.\d", name) else name
    if full not in set(Form):
        raise StructureError(f"structures are not written as {name!r}", remedy=f"one of {', '.join(Form)}")
    return Form(full)


def can_version(form: Form, version: str) -> bool:
    """Whether an artefact may have that version in that form (VersionType of each)."""
    return (NUMBERS if form.is_of_2_1 else SEMANTIC).fullmatch(version) is not None

"""That an artefact will not change: a word in SDMX 2.1 (``isFinal``), from SDMX 3.0 on a version of three numbers.

SDMX 3.0 Section 6, §4.3 and §14.5: artefacts may keep their versions of two numbers, and those that were final are then no longer
immutable; of versions of three numbers the stable one is final in 2.1, and one with an extension cannot be converted back. Versions
are never changed here, for they are what others refer to. A version of three numbers is not taken for a word that was not said:
an artefact that is held does not show whether it is of 2.1, where ``1.0.0`` promises nothing. So both are told, and neither is
lost: :mod:`sdmx_gateway.structures.codec.express` carries the word where SDMX 3 has none, and 2.1 keeps the version.
"""

from __future__ import annotations

from collections.abc import Iterator

from sdmx_gateway.errors import Problem
from sdmx_gateway.structures.codec.form import Form
from sdmx_gateway.structures.model import Artefact
from sdmx_gateway.structures.translation.outcome import told
from sdmx_gateway.structures.versions import is_stable


def promises(artefact: Artefact, form: Form) -> Iterator[Problem]:
    """A note where the form does not promise in its own way that the artefact will not change."""
    if is_stable(artefact.version) == artefact.is_final:
        return
    if form.is_of_2_1 and not artefact.is_final:
        what = f"version {artefact.version} is one that never changes in SDMX 3; SDMX 2.1 would say that it is final, which it is not"
        yield told(artefact.urn, what)
    if not form.is_of_2_1 and artefact.is_final:
        what = f"it is final, which SDMX 3 says by versions such as 1.0.0 only: an annotation says it of version {artefact.version}"
        yield told(artefact.urn, what)

"""Code lists that extend others, for SDMX 2.1: with every code they have.

From SDMX 3.0 on a code list may take codes from others (CodelistExtension); in 2.1 a list is its own codes only (2.1
SDMXStructureCodelist.xsd). The codes it has in the end are the same, by SDMX 3.1 Section 6, §6.1
(:mod:`sdmx_gateway.structures.extension`).
"""

from __future__ import annotations

from sdmx_gateway.errors import StructureError, UnknownArtefact
from sdmx_gateway.structures.extension import extended
from sdmx_gateway.structures.model import Codelist
from sdmx_gateway.structures.translation.batch import Batch
from sdmx_gateway.structures.translation.left_out import left_out
from sdmx_gateway.structures.translation.outcome import Outcome, stays, told
from sdmx_gateway.structures.urn import Urn

_REMEDY = "translate the lists it extends with it"


def of_codelist(codelist: Codelist, batch: Batch) -> Outcome:
    """A list with all its codes among its own, if what it extends is translated with it."""
    if not codelist.extensions:
        return Outcome(artefacts=(codelist,))

    def lists(urn: Urn) -> Codelist:
        found = batch.meant(urn, Codelist)
        if found is None:
            raise UnknownArtefact(f"it takes codes from {urn.short}, which is not translated with it")
        return left_out(found, batch.form)[0]

    try:
        whole = extended(codelist, lists)
    except StructureError as error:
        return stays(codelist, error.what, error.remedy or _REMEDY)
    taken = len(whole.items) - len(codelist.items)
    named = ", ".join(dict.fromkeys(extension.codelist.short for extension in codelist.extensions))
    what = f"SDMX 2.1 has no lists that extend others: the codes taken from {named} are among its own"
    return Outcome(artefacts=(whole,), notes=(told(codelist.urn, what, taken),))
